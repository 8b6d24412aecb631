"""The figures that stand in a text, whether anybody reads them or not: what a coverage report counts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from loaders.fields import amounts, codes, damaged_codes, dates, emails, impossible_dates, periods, phones, urls


@dataclass(frozen=True, slots=True)
class Sighting:
    """One figure: its kind, the words as printed, their span, its value where one compares it, and what is wrong."""

    kind: str
    words: str
    start: int
    end: int
    value: str | None = None
    trouble: str | None = None
    private: bool = False


_COUNTED = re.compile(r"\s*[a-zåäö]{3}")
_ODD_AMOUNT = re.compile(
    r"(?<![\w.,/])(?=\S{0,80}\d)[^\s()]{1,80}(?:[^\S\n]\d\S{0,80}){0,8}[^\S\n]*"
    r"(?:€|euro[a-z]{0,3}\b|milj\b\.?|M€)"
)


def sightings(text: str) -> list[Sighting]:
    """All figures of a text in order; of two that overlap the surer kind is kept."""
    kept: list[Sighting] = []
    for found in (_marks(text), _times(text), _money(text), _damaged(text)):
        spans = sorted((sighting.start, sighting.end) for sighting in kept)
        kept += [sighting for sighting in found if not _overlaps(sighting, spans)]
    return sorted(kept, key=lambda sighting: sighting.start)


def _overlaps(sighting: Sighting, spans: list[tuple[int, int]]) -> bool:
    index = bisect_right(spans, (sighting.start, sighting.end))
    before = index > 0 and spans[index - 1][1] > sighting.start
    return before or (index < len(spans) and spans[index][0] < sighting.end)


def _marks(text: str) -> Iterator[Sighting]:
    for url in urls(text):
        yield Sighting("url", url.words, *url.span)
    for mail in emails(text):
        trouble = {"pattern": "address-pattern", "lost": "hidden-address"}.get(mail.kind)
        yield Sighting("address", mail.words, *mail.span, None, trouble, private=True)
    for phone in phones(text):
        yield Sighting("address", phone.words, *phone.span, private=True)
    for code in codes(text, applications=True):
        yield Sighting("code", code.words, *code.span)


def _times(text: str) -> Iterator[Sighting]:
    for period in periods(text):
        value = f"{period.start}-{period.end}"
        trouble = f"no-such-day: {', '.join(period.invalid)}" if period.invalid else None
        yield Sighting("date", period.words, *period.span, value, trouble)
    for date in dates(text):
        if len(date.value) > 4:
            yield Sighting("date", date.words, *date.span, date.value)
    for date in impossible_dates(text):
        yield Sighting("date", date.words, *date.span, None, "no-such-day")


def _money(text: str) -> Iterator[Sighting]:
    """Amounts; also large numbers in groups without a currency, unless they count what the next word says."""
    for amount in amounts(text, bare=True):
        if amount.unit or (" " in amount.words and not _COUNTED.match(text, amount.end)):
            yield Sighting("amount", amount.words, *amount.span)


def _damaged(text: str) -> Iterator[Sighting]:
    for mark in damaged_codes(text):
        yield Sighting("code", mark.words, *mark.span, None, "damaged-code")
    for match in _ODD_AMOUNT.finditer(text):
        yield Sighting("amount", " ".join(match.group().split()), *match.span(), None, "no readable amount")
