"""The form a review is filled into: which part of it is what.

Each theme has a form: a table (name, contacts, ministries, period, four amounts), five parts of running text, links, and a
list of its projects.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import pairwise

from loaders import phrases
from loaders.blocks import Bounds
from loaders.document.lines import Document, Line
from loaders.outline import outline
from loaders.reading.page import Page
from loaders.text import Span
from loaders.values.marks import Mark, urls

_CELLS = ("contacts", "ministry", "period", "money")
_LABEL_REACH = 900
_HEADING_REACH = 320
_LAST = 7


class Lines:
    """The lines of a document as one text, white space collapsed, line breaks kept."""

    def __init__(self, document: Document) -> None:
        """Join the lines; the furniture of pages is left out."""
        aside = {line.number for line in document.furniture} if document.form == "text" else set()
        self.document = document
        self.lines = [line for line in document.lines if line.number not in aside]
        self._texts = [" ".join(line.text.split()) for line in self.lines]
        self.text = "\n".join(self._texts)
        self.starts = [0]
        for text in self._texts:
            self.starts.append(self.starts[-1] + len(text) + 1)

    @cached_property
    def addresses(self) -> list[Mark]:
        """The web addresses printed in the text, also over lines."""
        return urls(self.text)

    @cached_property
    def _address_lines(self) -> frozenset[int]:
        """The indexes of the lines that hold nothing but a web address, or a part of one."""
        found: set[int] = set()
        for mark in self.addresses:
            first, last = bisect_right(self.starts, mark.start) - 1, bisect_right(self.starts, mark.end - 1) - 1
            found.update(
                index
                for index in range(first, last + 1)
                if mark.start <= self.starts[index] < self.starts[index + 1] - 1 <= mark.end
            )
        return frozenset(found)

    def cut(self, low: int, high: int, *, addresses: bool = True) -> list[Line]:
        """Give the lines of a span, its first and last one cut; without lines that are addresses where so asked."""
        while low < high and self.text[low].isspace():
            low += 1
        while high > low and self.text[high - 1].isspace():
            high -= 1
        found: list[Line] = []
        for index in range(bisect_right(self.starts, low) - 1, len(self.lines)):
            start, end = self.starts[index], self.starts[index + 1] - 1
            if start >= high:
                break
            if not addresses and index in self._address_lines:
                continue
            whole = low <= start and end <= high
            words = self.text[max(low, start) : min(high, end)].strip()
            found.append(self.lines[index] if whole else replace(self.lines[index], text=words))
        return found

    def span(self, low: int, high: int) -> Span:
        """Give a span with its place."""
        return Span.of_lines(self.cut(low, high))

    def page(self, *spans: Bounds, running: bool) -> Page | None:
        """Give spans as a page of its own: as running text without addresses between its lines, or with all its lines.

        Each span of running text is one block.
        """
        lines: list[Line] = []
        for span in spans:
            part = self.cut(*span, addresses=not running)
            if running:
                first = next((n for n, line in enumerate(part) if line.text.strip()), 0)
                part = [replace(line, continues=n > first, cell=None, heading=0) for n, line in enumerate(part)]
            lines += part
        if not lines:
            return None
        document = replace(self.document, lines=tuple(lines), furniture=())
        return Page(outline(document, spaced=not running))


@dataclass(frozen=True)
class Form:
    """One theme's form: the bounds of its cells and of its seven parts (at their indexes) in the text of the lines."""

    lines: Lines
    whole: Bounds
    cells: dict[str, Bounds]
    parts: tuple[Bounds, ...]

    def bounds(self, cell: str) -> Bounds:
        """Give the bounds of a cell, empty where it is missing."""
        return self.cells.get(cell, (0, 0))

    def cell(self, name: str) -> Span:
        """Give a cell of the table; an empty span where it is missing."""
        lines = self.lines.cut(*self.bounds(name), addresses=False)
        return Span.of_lines(replace(line, continues=False) for line in lines)

    @cached_property
    def name(self) -> Span:
        """The cell of the theme's name."""
        return self.cell("name")

    @cached_property
    def texts(self) -> tuple[Span, ...]:
        """The parts as spans without web addresses between their lines; those of the table and of links are empty."""
        texts = [
            Span.of_lines(self.lines.cut(*part, addresses=False)) for part in [*self.parts[1:6], self.parts[_LAST]]
        ]
        empty = Span.of_lines(())
        return (empty, *texts[:5], empty, texts[5])

    @property
    def prose(self) -> tuple[Span, ...]:
        """The five parts of running text."""
        return self.texts[1:6]

    @cached_property
    def pages(self) -> list[Page]:
        """The five parts of running text as one page, a block each; none where all are empty."""
        page = self.lines.page(*self.parts[1:6], running=True)
        return [page] if page else []

    @cached_property
    def contacts(self) -> Page | None:
        """The cell of contacts as running text."""
        return self.lines.page(self.bounds("contacts"), running=True)

    @cached_property
    def listing(self) -> Page | None:
        """The list of projects, line by line."""
        return self.lines.page(self.parts[_LAST], running=False)

    def number(self, offset: int) -> int:
        """Give the number of the document's line that holds an offset."""
        return self.lines.lines[bisect_right(self.lines.starts, offset) - 1].number

    def part_of(self, line: int) -> str | int | None:
        """Tell which cell or part a line of the document stands in."""
        spans: list[tuple[str | int, Bounds]] = [*self.cells.items(), *list(enumerate(self.parts))[1:]]
        for where, bounds in spans:
            if bounds[0] < bounds[1] and self.number(bounds[0]) <= line < self.number(bounds[1]):
                return where
        return None


@cache
def _pattern(concept: str, before: str = "", after: str = "") -> re.Pattern[str]:
    words = phrases.pattern("forms", f"review.{concept}").pattern
    return re.compile(before + words + after, re.IGNORECASE | re.MULTILINE)


def forms(lines: Lines) -> list[Form]:
    """Find the forms of all themes, in the order of the document."""
    text = lines.text
    labels = [
        match
        for match in _pattern("theme", "^", r"\s*:?").finditer(text)
        if _pattern("contacts", "^", r"\s*:?").search(text, match.end(), match.end() + _LABEL_REACH)
    ]
    bounds = [match.start() for match in labels] + [len(text)]
    return [_form(lines, span, label.end()) for span, label in zip(pairwise(bounds), labels, strict=True)]


def _form(lines: Lines, whole: Bounds, at: int) -> Form:
    parts = _parts(lines.text, whole)
    table = parts[0]
    found = [
        (match.start(), match.end(), name)
        for name in _CELLS
        if (match := _pattern(name, "" if name == "ministry" else "^", r"\s*:?").search(lines.text, *table))
    ]
    found = sorted([*found, (at, at, "name")])
    ends = [start for start, _, _ in found[1:]] + [table[1]]
    cells = {name: (end, until) for (_, end, name), until in zip(found, ends, strict=True)}
    return Form(lines, whole, cells, parts)


def _parts(text: str, whole: Bounds) -> tuple[Bounds, ...]:
    """The table and the seven parts; a heading counts once, and only behind the heading before it."""
    found: list[tuple[int, int, int]] = []
    at = whole[0]
    for number in range(1, _LAST + 1):
        match = _pattern(f"part.{number}", r"^(?:7\)\s*)?" if number == _LAST else "^").search(text, at, whole[1])
        if match:
            end = _pattern("end", after=r"\s*\.?:?").search(text, match.start(), match.end() + _HEADING_REACH)
            found.append((number, match.start(), max(match.end(), end.end()) if end else match.end()))
            at = match.end()
    spans = [(whole[0], whole[0])] * (_LAST + 1)
    spans[0] = (whole[0], found[0][1] if found else whole[1])
    ends = [start for _, start, _ in found[1:]] + [whole[1]]
    for (number, _, opened), until in zip(found, ends, strict=False):
        spans[number] = (opened, until)
    return tuple(spans)


def headings(lines: Lines) -> int:
    """Count the different headings of parts that a document holds."""
    return sum(
        _pattern(f"part.{n}", r"^(?:7\)\s*)?" if n == _LAST else "^").search(lines.text) is not None
        for n in range(1, 8)
    )


def has_table(lines: Lines) -> bool:
    """Tell whether the labels of a form's table stand in a document."""
    return all(_pattern(name, "").search(lines.text) for name in ("contacts", "ministry"))


__all__ = ["Form", "Lines", "forms", "has_table", "headings"]
