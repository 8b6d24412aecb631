"""What of a document was read, what was recognised and left out, and what was not understood.

Counted are the figures of a document: its amounts, project codes, dates of a month or finer and periods, mail addresses
and telephone numbers, web addresses. Each is *read* where it stands in the words of a record's origin, *left out* where a
layout says why it did not read it or where it belongs to the page, and else *not understood*, as is an amount too small to be
meant, of which only the words are kept.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from loaders import phrases
from loaders.coverage_report import LEFT_OUT, NOT_UNDERSTOOD, READ, STATES, WORDS, Coverage, Item
from loaders.document.lines import Document
from loaders.records import LeftOut, Money, Origin, Reading, Record
from loaders.tables.funds import PERIODS
from loaders.text import Prose
from loaders.values.amounts import amounts, is_plausible
from loaders.values.dates import Taken, dates, impossible_dates, periods
from loaders.values.marks import codes, damaged_codes, emails, phones, urls

__all__ = ["Coverage", "Item", "coverage", "origins", "sightings", "unread"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """One figure: its kind, the words as printed, their span, its values where one compares them, and what is wrong."""

    kind: str
    words: str
    start: int
    end: int
    values: tuple[str, ...] = ()
    trouble: str | None = None
    private: bool = False


_COUNTED = re.compile(r"\s*[a-zåäö]{3}")
_ODD_AMOUNT = re.compile(
    r"(?<![\w.,/])(?=\S{0,80}\d)[^\s()]{1,80}(?:[^\S\n]\d\S{0,80}){0,8}[^\S\n]*"
    r"(?:€|euro[a-z]{0,3}\b|milj\b\.?|M€)"
)


def sightings(text: str) -> list[Sighting]:
    """All figures of a text in order; of two that overlap the surer kind is kept."""
    sure: list[Sighting] = []
    for sighted in (_marks(text), _times(text), _money(text), _damaged(text)):
        taken = Taken((sighting.start, sighting.end) for sighting in sure)
        sure += [sighting for sighting in sighted if not taken.overlaps((sighting.start, sighting.end))]
    return sorted(sure, key=lambda sighting: sighting.start)


def _marks(text: str) -> Iterator[Sighting]:
    for url in urls(text):
        yield Sighting("url", url.words, *url.span)
    for mail in emails(text):
        trouble = {"pattern": "address-pattern", "lost": "hidden-address"}.get(mail.kind)
        yield Sighting("address", mail.words, *mail.span, (), trouble, private=True)
    for phone in phones(text):
        yield Sighting("address", phone.words, *phone.span, private=True)
    for code in codes(text, applications=True):
        yield Sighting("code", code.words, *code.span, (code.value,))


def _times(text: str) -> Iterator[Sighting]:
    for period in periods(text):
        values = tuple(value for value in (period.start, period.end) if value)
        trouble = f"no-such-day: {', '.join(period.invalid)}" if period.invalid else None
        yield Sighting("date", period.words, *period.span, values, trouble)
    for date in dates(text):
        if len(date.value) > 4:
            yield Sighting("date", date.words, *date.span, (date.value,))
    for date in impossible_dates(text):
        yield Sighting("date", date.words, *date.span, (), "no-such-day")


def _money(text: str) -> Iterator[Sighting]:
    """Amounts; also large numbers in groups without a currency, unless they count what the next word says."""
    for amount in amounts(text, bare=True):
        if amount.unit or (" " in amount.words and not _COUNTED.match(text, amount.end)):
            yield Sighting("amount", amount.words, *amount.span, (str(amount.value),) * amount.unit)


def _damaged(text: str) -> Iterator[Sighting]:
    for mark in damaged_codes(text):
        yield Sighting("code", mark.words, *mark.span, (), "damaged-code")
    for match in _ODD_AMOUNT.finditer(text):
        words = " ".join(match.group().split())
        yield Sighting("amount", words, *match.span(), (), f"no-readable-amount: {words}")


# what no record covers

_YEARS = re.compile(r"(?:19|20)\d\d\s?[-–—−]\s?(?:19|20)\d\d")
_REASONS = {
    "document.letter": "own-date",
    "reason.event": "day-of-event",
    "reason.aim": "date-of-nothing",
    "reason.period": "programme-period",
    "system.name": "system-name",
}
"""What words around a date say of it, and the reason why it is none of a fact."""


def unread(document: Document, records: Iterable[Record], left_out: Iterable[LeftOut]) -> list[LeftOut]:
    """Every figure that neither a record nor an entry of ``left_out`` covers, with the reason."""
    furniture = {line.number for line in document.furniture} if document.form == "text" else set()
    prose = Prose.of(line for line in document.lines if line.number not in furniture)
    records = list(records)
    covered: dict[int, set[str]] = {}
    for origin in [*origins(records), *(Origin(one.first, one.last, one.words) for one in left_out)]:
        for number in range(origin.first, origin.last + 1):
            covered.setdefault(number, set()).add(origin.words)
    known = _known(records)
    uncovered: list[LeftOut] = []
    for one in sightings(prose.text):
        place = prose.origin(one.start, one.end)
        near = (words for line in range(place.first, place.last + 1) for words in covered.get(line, ()))
        plain = one.kind == "amount" and not (one.values or one.trouble)  # a number without a unit
        if not plain and not any(place.words in words for words in near):
            reason = _reason(prose, one, known)
            why = reason or one.trouble or "of-nothing-understood"
            private = one.private and reason is None
            uncovered.append(prose.left_out(one.start, one.end, why, understood=reason is not None, private=private))
    return uncovered


def _known(records: Iterable[Record]) -> dict[str, int]:
    """The days, amounts and codes that were read, with the line of each: what says one of them again adds nothing."""
    known: dict[str, int] = {}
    for record in records:
        if isinstance(record, Money):
            known.setdefault(str(record.amount), record.origin.first)
        for name in ("opens", "closes", "start", "end", "project_code", "group_code"):
            stated = getattr(record, name, None)
            if stated and len(stated.value) > 4:
                known.setdefault(stated.value, stated.origin.first)
    return known


def _reason(prose: Prose, one: Sighting, known: dict[str, int]) -> str | None:
    """Why a figure says nothing new; None where nobody understood it."""
    if one.values and all(value in known for value in one.values):
        return f"again-at-line: {known[one.values[0]]}"
    words = prose.text[one.start : one.end]
    if one.kind == "url" and not f"{prose.text[: one.start][-1:]}{prose.text[one.end :][:1]}".strip("\n"):
        return "link-annotation"
    if one.kind != "date" or not one.values:
        return None
    if _YEARS.fullmatch(words):
        return "programme-period" if "-".join(one.values) in PERIODS else "years-of-nothing"
    around = prose.text[max(0, one.start - 60) : one.end + 40]
    dated = len(words) < 25 and re.search(r"[a-zåäö]", words)
    return next(
        (reason for concept, reason in _REASONS.items() if phrases.says(concept, around)),
        "time-of-nothing" if dated else None,
    )


def origins(value: object) -> Iterator[Origin]:
    """Every origin within a record, or within a collection of them, however deep it stands."""
    if isinstance(value, Origin):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from origins(one)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from origins(getattr(value, name))


# what of a document was read


def coverage(document: Document, reading: Reading) -> Coverage:
    """Compare what stands in a document with what was read from it.

    Where several claims hold a figure, the one of the fewest words decides: a layout may leave out a part of the words that a
    record was read from.
    """
    prose = Prose.of(document.lines)
    claims = [*_claims(prose, reading)]
    furniture = {line.number for line in document.furniture} if document.form == "text" else set()
    known = {value for value in (reading.reference_date, reading.issued) if value}
    items: list[Item] = []
    for sighting in sightings(prose.text):
        start, end = prose.place(sighting.start, sighting.end)
        where = prose.origin(sighting.start, sighting.end)
        around = [claim for claim in claims if claim.start <= start and end <= claim.end]
        around.sort(key=lambda claim: (claim.end - claim.start, STATES.index(claim.state)))
        private = sighting.private or any(claim.private for claim in around)
        state, reason = NOT_UNDERSTOOD, sighting.trouble
        said = "-".join(sighting.values) if sighting.kind == "date" else None
        if around:
            state, reason = around[0].state, around[0].reason
        elif where.first in furniture:
            state, reason = LEFT_OUT, "page-furniture"
        elif said in known:
            state, reason = READ, "date-of-document"
        elif said and said == reading.programme:
            state, reason = READ, "programme-period"
        items.append(Item(sighting.kind, where.first, where.page, sighting.words, state, reason, private))
    for line in document.furniture if document.form != "text" else ():
        items += (
            Item(one.kind, line.number, line.page, one.words, LEFT_OUT, "page-furniture", one.private)
            for one in sightings(line.text)
        )
    items += _words(document, reading.left_out, items)
    items.sort(key=lambda item: item.line)
    return Coverage(document.id, reading.layout, tuple(items), document.notes)


@dataclass(frozen=True, slots=True)
class _Claim:
    """Words that a record or a layout's report stands on."""

    start: int
    end: int
    state: str
    reason: str | None
    private: bool


def _claims(prose: Prose, reading: Reading) -> Iterator[_Claim]:
    too_small = {
        one.origin
        for one in reading.records
        if isinstance(one, Money) and not is_plausible(one.amount, one.phase, one.about.kind)
    }
    for origin in dict.fromkeys(origins(reading.records)):
        state, reason = (NOT_UNDERSTOOD, "amount-too-small") if origin in too_small else (READ, None)
        for start, end in prose.find(origin.first, origin.last, origin.words):
            yield _Claim(start, end, state, reason, origin.private)
    for left in reading.left_out:
        state = LEFT_OUT if left.understood else NOT_UNDERSTOOD
        for start, end in prose.find(left.first, left.last, left.words):
            yield _Claim(start, end, state, left.reason, left.private)


def _words(document: Document, left_out: Iterable[LeftOut], items: Iterable[Item]) -> list[Item]:
    """Reports of a layout that concern no figure, so that no figure's item tells of them."""
    reported = {(item.reason, item.line) for item in items}
    pages = {line.number: line.page for line in document.lines}
    further = []
    for left in left_out:
        if any((left.reason, line) in reported for line in range(left.first, left.last + 1)):
            continue
        state = LEFT_OUT if left.understood else NOT_UNDERSTOOD
        further.append(Item(WORDS, left.first, pages.get(left.first), left.words, state, left.reason, left.private))
    return further
