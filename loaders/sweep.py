"""What no record covers: the amounts, codes, dates, addresses and numbers of a document that were not read, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from loaders import fields
from loaders.document.lines import Document
from loaders.records import LeftOut, Money, Origin, Record
from loaders.tables.funds import PERIODS
from loaders.text import Prose

_YEARS = re.compile(r"(?:19|20)\d\d\s?[-–—−]\s?(?:19|20)\d\d")
_REASONS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"uutiskirje|nyhetsbrev|newsletter", re.IGNORECASE), "own-date"),
    (re.compile(r"hakuinfo|tilaisuu|seminaar|webinaar|keskustele|tervetulo", re.IGNORECASE), "day-of-event"),
    (re.compile(r"vuoteen\s|mennessä|vuonna\s+20[3-9]\d"), "date-of-nothing"),
    (re.compile(r"ohjelma|kausi|kaude|program"), "programme-period"),
    (re.compile(r"EURA\s?20"), "system-name"),
)
_UNREADABLE = {"damaged code": "damaged-code", "impossible date": "no-such-day"}


@dataclass(frozen=True, slots=True)
class Item:
    """Something that stands for itself in a text and should not be lost."""

    start: int
    end: int
    kind: str
    private: bool = False
    values: tuple[str, ...] = ()


def sweep(document: Document, records: Iterable[Record], left_out: Sequence[LeftOut]) -> list[LeftOut]:
    """Everything worth reading that neither a record nor an entry of ``left_out`` covers."""
    furniture = {line.number for line in document.furniture} if document.form == "text" else set()
    prose = Prose.of(line for line in document.lines if line.number not in furniture)
    records = list(records)
    covered = _by_line([*origins(records), *(Origin(one.first, one.last, one.words) for one in left_out)])
    known = _known(records)
    return [_entry(prose, item, known) for item in _items(prose.text) if not _is_covered(prose, item, covered)]


def _known(records: Iterable[Record]) -> dict[str, int]:
    """The days and amounts that were read, with the line of each: what says one of them again adds nothing."""
    known: dict[str, int] = {}
    for record in records:
        if isinstance(record, Money):
            known.setdefault(str(record.amount), record.origin.first)
        for name in ("opens", "closes", "start", "end"):
            stated = getattr(record, name, None)
            if stated and len(stated.value) > 4:
                known.setdefault(stated.value, stated.origin.first)
    return known


def origins(value: object) -> Iterator[Origin]:
    """Every origin within a record, or within a collection of them."""
    if isinstance(value, Origin):
        yield value
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from origins(one)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from origins(getattr(value, name))


def _items(text: str) -> Iterator[Item]:
    for amount in fields.amounts(text):
        yield Item(*amount.span, "amount", values=(str(amount.value),))
    for code in fields.codes(text):
        yield Item(*code.span, "code")
    for damaged in fields.damaged_codes(text):
        yield Item(*damaged.span, "damaged code")
    for email in fields.emails(text):
        yield Item(*email.span, "address", private=email.kind == "address")
    for phone in fields.phones(text):
        yield Item(*phone.span, "telephone number", private=True)
    for url in fields.urls(text):
        yield Item(*url.span, "web address")
    for period in fields.periods(text):
        yield Item(*period.span, "period", values=tuple(v for v in (period.start, period.end) if v))
    for date in [*fields.dates(text), *fields.impossible_dates(text)]:
        yield Item(*date.span, "date" if date.value else "impossible date", values=(date.value,))


def _by_line(covered: Iterable[Origin]) -> dict[int, set[str]]:
    """The words of all origins, under each line that they stand on."""
    found: dict[int, set[str]] = {}
    for origin in covered:
        for line in range(origin.first, origin.last + 1):
            found.setdefault(line, set()).add(origin.words)
    return found


def _is_covered(prose: Prose, item: Item, covered: dict[int, set[str]]) -> bool:
    """Whether an origin of the item's lines holds its words."""
    place = prose.origin(item.start, item.end)
    return any(place.words in words for line in range(place.first, place.last + 1) for words in covered.get(line, ()))


def _entry(prose: Prose, item: Item, known: dict[str, int]) -> LeftOut:
    if item.values and all(value in known for value in item.values):
        return prose.left_out(item.start, item.end, f"again-at-line: {known[item.values[0]]}")
    around = prose.text[max(0, item.start - 60) : item.end + 40]
    words = prose.text[item.start : item.end]
    if item.kind == "period" and _YEARS.fullmatch(words):
        known_period = "-".join(item.values) in PERIODS
        reason = "programme-period" if known_period else "years-of-nothing"
        return prose.left_out(item.start, item.end, reason)
    if item.kind in ("date", "period"):
        told = next((reason for pattern, reason in _REASONS if pattern.search(around)), None)
        if told:
            return prose.left_out(item.start, item.end, told)
        if len(words) < 25 and re.search(r"[a-zåäö]", words):
            return prose.left_out(item.start, item.end, "time-of-nothing")
    reason = _UNREADABLE.get(item.kind, "of-nothing-understood")
    return prose.left_out(item.start, item.end, reason, understood=False, private=item.private)
