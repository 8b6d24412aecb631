"""What of a document was read, what was recognised and left out, and what was not understood.

Counted are the figures of a document: its amounts, project codes, dates of a month or finer and periods, mail addresses
and telephone numbers, web addresses. Each is *read* where it stands in the words of a record's origin, *left out* where a
layout says why it did not read it or where it belongs to the page, and else *not understood*, as is an amount too small to be
meant, of which only the words are kept.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from loaders.coverage_report import LEFT_OUT, NOT_UNDERSTOOD, READ, STATES, WORDS, Coverage, Item
from loaders.document.lines import Document
from loaders.records import LeftOut, Money, Reading, origins
from loaders.sightings import sightings
from loaders.text import Prose

__all__ = ["Coverage", "Item", "coverage"]


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
    too_small = {one.origin for one in reading.records if isinstance(one, Money) and not one.is_plausible}
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
