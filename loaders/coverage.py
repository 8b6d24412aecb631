"""What of a document was read, what was recognised and left out, and what was not understood.

Counted are the figures of a document: its amounts, project codes, dates of a month or finer and periods, mail addresses
and telephone numbers, web addresses. Each is *read* where it stands in the words of a record's origin, *left out* where a
layout says why it did not read it or where it belongs to the page, and else *not understood*.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from loaders.coverage_report import LEFT_OUT, NOT_UNDERSTOOD, READ, STATES, WORDS, Coverage, Item
from loaders.document.lines import Document, Line
from loaders.records import LeftOut, Reading, origins
from loaders.sightings import Sighting, sightings

__all__ = ["Coverage", "Item", "coverage"]


def coverage(document: Document, reading: Reading) -> Coverage:
    """Compare what stands in a document with what was read from it.

    Of several claims on a figure the one on the fewest words tells of it: a layout may leave out a part of what a record
    stands on.
    """
    page = _Page(document.lines)
    claims = [*_claims(page, reading)]
    furniture = {line.number for line in document.furniture} if document.form == "text" else set()
    known = {value for value in (reading.reference_date, reading.issued) if value}
    items = [_item(page, sighting, claims, furniture, known, reading) for sighting in sightings(page.text)]
    if document.form != "text":
        items += _furniture(document.furniture)
    items += _words(page, reading.left_out, items)
    items.sort(key=lambda item: item.line)
    return Coverage(document.id, reading.layout, tuple(items), document.notes)


@dataclass(slots=True)
class _Page:
    """The lines as one text, and the same with its white space collapsed, in which origins' words are found."""

    lines: tuple[Line, ...]
    text: str = ""
    collapsed: str = ""
    _starts: list[int] = field(default_factory=list)
    _words: list[tuple[int, int]] = field(default_factory=list)
    _numbers: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.text = "\n".join(line.text for line in self.lines)
        position, words = 0, []
        for line in self.lines:
            self._starts.append(position)
            self._numbers.append(line.number)
            position += len(line.text) + 1
        raw = collapsed = 0
        for word in self.text.split():
            raw = self.text.index(word, raw)
            self._words.append((raw, collapsed))
            words.append(word)
            raw, collapsed = raw + len(word), collapsed + len(word) + 1
        self.collapsed = " ".join(words)

    def line(self, position: int) -> Line:
        """The line of a position in the text."""
        return self.lines[bisect_right(self._starts, position) - 1]

    def page(self, number: int) -> int | None:
        """The page of a line number, where there are pages."""
        index = bisect_left(self._numbers, number)
        return self.lines[index].page if index < len(self.lines) else None

    def place(self, position: int) -> int:
        """A position in the text as one in the collapsed text."""
        index = bisect_right(self._words, position, key=lambda word: word[0]) - 1
        return self._words[index][1] + position - self._words[index][0] if index >= 0 else 0

    def find(self, first: int, last: int, words: str) -> list[tuple[int, int]]:
        """Where words stand in the lines ``first`` to ``last``: spans of the collapsed text."""
        begin, end = bisect_left(self._numbers, first), bisect_right(self._numbers, last)
        wanted = " ".join(words.split())
        if begin >= end or not wanted:
            return []
        low = bisect_left(self._words, self._starts[begin], key=lambda word: word[0])
        stop = self._starts[end] if end < len(self._starts) else len(self.text) + 1
        high = bisect_left(self._words, stop, key=lambda word: word[0])
        if low >= high:
            return []
        where = self._words[low][1]
        until = self._words[high][1] if high < len(self._words) else len(self.collapsed)
        spans = []
        while (where := self.collapsed.find(wanted, where, until)) >= 0:
            spans.append((where, where + len(wanted)))
            where += 1
        return spans


@dataclass(frozen=True, slots=True)
class _Claim:
    """Words that a record or a layout's report stands on."""

    start: int
    end: int
    state: str
    reason: str | None
    private: bool


def _claims(page: _Page, reading: Reading) -> Iterator[_Claim]:
    for origin in dict.fromkeys(origins(reading.records)):
        for start, end in page.find(origin.first, origin.last, origin.words):
            yield _Claim(start, end, READ, None, origin.private)
    for left in reading.left_out:
        state = LEFT_OUT if left.understood else NOT_UNDERSTOOD
        for start, end in page.find(left.first, left.last, left.words):
            yield _Claim(start, end, state, left.reason, left.private)


def _item(
    page: _Page,
    sighting: Sighting,
    claims: list[_Claim],
    furniture: set[int],
    known: set[str],
    reading: Reading,
) -> Item:
    start, end = page.place(sighting.start), page.place(sighting.end - 1) + 1
    line = page.line(sighting.start)
    held = [claim for claim in claims if claim.start <= start and end <= claim.end]
    held.sort(key=lambda claim: (claim.end - claim.start, STATES.index(claim.state)))
    private = sighting.private or any(claim.private for claim in held)
    state, reason = NOT_UNDERSTOOD, sighting.trouble
    said = "-".join(sighting.values) if sighting.kind == "date" else None
    if held:
        state, reason = held[0].state, held[0].reason
    elif line.number in furniture:
        state, reason = LEFT_OUT, "page-furniture"
    elif said in known:
        state, reason = READ, "date-of-document"
    elif said and said == reading.programme:
        state, reason = READ, "programme-period"
    return Item(sighting.kind, line.number, line.page, sighting.words, state, reason, private)


def _furniture(lines: Iterable[Line]) -> Iterator[Item]:
    for line in lines:
        for sighting in sightings(line.text):
            yield Item(
                sighting.kind, line.number, line.page, sighting.words, LEFT_OUT, "page-furniture", sighting.private
            )


def _words(page: _Page, left_out: Iterable[LeftOut], items: Iterable[Item]) -> list[Item]:
    """Reports of a layout that concern no figure, so that no figure's item tells of them."""
    told = {(item.reason, item.line) for item in items}
    found = []
    for left in left_out:
        if any((left.reason, line) in told for line in range(left.first, left.last + 1)):
            continue
        where = page.page(left.first)
        state = LEFT_OUT if left.understood else NOT_UNDERSTOOD
        found.append(Item(WORDS, left.first, where, left.words, state, left.reason, left.private))
    return found
