"""A document's lines as one text whose every span knows its lines.

Labels, names and amounts of a review break over lines anywhere, so they are looked for in the joined text. What is no
content is left out (page furniture) or masked (addresses: blanks of equal length stand in their place, so that offsets
stay).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from loaders import fields
from loaders.document.lines import Document, Line
from loaders.fields import Amount
from loaders.names import repair
from loaders.records import Origin

_BROKEN = re.compile(r"(\S*\w-)\s*\n\s*(\S+)")
_NEAR = 12
_MONEY = re.compile(r"\d|miljoon|miljard|tuhat")
"""Words without any of these hold no amount."""
_SLASH = re.compile(r"(?<=\w-)\s+/\s*(?=\w)")


def _whole(match: re.Match[str]) -> str:
    return match[1] + match[2] if match[2].startswith("/") else repair(f"{match[1]}\n{match[2]}")


class Flow:
    """The lines of a document that are not blank, white space collapsed, joined by line feeds."""

    def __init__(self, document: Document) -> None:
        """Join the lines; ``text`` is what is read, ``raw`` what is printed. The furniture of pages is left out."""
        furniture = {line.number for line in document.furniture} if document.form == "text" else set()
        kept = [(line, " ".join(line.text.split())) for line in document.lines if line.number not in furniture]
        kept = [(line, text) for line, text in kept if text]
        self.lines: tuple[Line, ...] = tuple(line for line, _ in kept)
        self.raw = "\n".join(text for _, text in kept)
        self.text = self.raw
        self.starts: list[int] = []
        offset = 0
        for _, text in kept:
            self.starts.append(offset)
            offset += len(text) + 1
        self.breaks = tuple(self._breaks(document))
        numbers = [line.number for line in self.lines]
        self._gaps = {i for i, (a, b) in enumerate(pairwise(numbers), 1) if furniture.intersection(range(a + 1, b))}
        self.page_starts = frozenset(self._page_starts())

    def _breaks(self, document: Document) -> Iterator[bool]:
        """Whether a paragraph may begin at each line: after a blank line, or where a PDF says so."""
        for index, line in enumerate(self.lines):
            if document.form == "text":
                yield index == 0 or line.number > self.lines[index - 1].number + 1
            else:
                yield not line.continues

    def _page_starts(self) -> Iterator[int]:
        for index, line in enumerate(self.lines):
            before = self.lines[index - 1] if index else None
            turned = before is not None and line.page is not None and line.page != before.page
            if turned or (line.page is None and line.text[:1].isspace()):
                yield index

    def mask(self, spans: Iterable[tuple[int, int]]) -> None:
        """Blank out spans of the text; line feeds stay."""
        pieces, at = [], 0
        for start, end in sorted(spans):
            if end > at:
                start = max(start, at)
                pieces += [self.text[at:start], re.sub(r"[^\n]", " ", self.text[start:end])]
                at = end
        self.text = "".join([*pieces, self.text[at:]])

    def index(self, offset: int) -> int:
        """Index of the line that holds an offset."""
        return bisect_right(self.starts, offset) - 1

    def line_end(self, index: int) -> int:
        """Offset of the line's end, its line feed left out."""
        return self.starts[index + 1] - 1 if index + 1 < len(self.starts) else len(self.raw)

    def whole(self) -> Span:
        """All of the text."""
        return Span(self, 0, len(self.text))

    def origin(self, start: int, end: int, *, private: bool = False) -> Origin:
        """Where a span stands. Of a span that a page break or link annotations cut in two, the longer part."""
        start, end = self._longest(start, end)
        first, last = self.index(start), self.index(max(start, end - 1))
        words = " ".join(self.raw[start:end].split())
        line = self.lines[first]
        return Origin(line.number, self.lines[last].number, words, line.page, private=private)

    def _longest(self, start: int, end: int) -> tuple[int, int]:
        masked, runs, at = self.text, [], start
        for index in range(self.index(start), self.index(max(start, end - 1)) + 1):
            low, high = max(start, self.starts[index]), min(end, self.line_end(index))
            if index in self._gaps and low > at:
                runs.append((at, low))
                at = low
            if not masked[low:high].strip():
                runs.append((at, low))
                at = high
        runs.append((at, end))
        low, high = max(runs, key=lambda run: len(masked[run[0] : run[1]].strip()))
        text = masked[low:high]
        return low + len(text) - len(text.lstrip()), high - len(text) + len(text.rstrip())


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the flow."""

    flow: Flow
    start: int
    end: int

    @property
    def text(self) -> str:
        """The text as read, line feeds kept."""
        return self.flow.text[self.start : self.end]

    @property
    def words(self) -> str:
        """The text with its white space collapsed."""
        return " ".join(self.text.split())

    @property
    def name(self) -> str:
        """The text as a name: white space collapsed, words that a line end broke at a hyphen made whole."""
        return _SLASH.sub("/", " ".join(_BROKEN.sub(_whole, self.text).split()))

    def __bool__(self) -> bool:
        return bool(self.text.strip())

    def sub(self, start: int, end: int | None = None) -> Span:
        """A part, by offsets into ``text``."""
        return Span(self.flow, self.start + start, self.end if end is None else self.start + end)

    def of(self, match: re.Match[str], group: int | str = 0) -> Span:
        """What a match over ``text`` found."""
        return self.sub(*match.span(group))

    def strip(self, characters: str | None = None) -> Span:
        """Without leading and trailing white space (and the characters given)."""
        text = self.text
        drop = None if characters is None else characters + " \n"
        left = len(text) - len(text.lstrip(drop))
        right = len(text.rstrip(drop))
        return self.sub(left, max(left, right))

    def origin(self, *, private: bool = False) -> Origin:
        """Where it stands."""
        return self.flow.origin(self.start, self.end, private=private)

    def lines(self) -> Iterator[Span]:
        """Its lines that hold anything to read."""
        offset = 0
        for text in self.text.split("\n"):
            if text.strip():
                yield self.sub(offset, offset + len(text)).strip()
            offset += len(text) + 1

    def head(self, length: int) -> Span:
        """Its first lines, as many as that number of characters holds."""
        if self.end - self.start <= length:
            return self
        cut = self.text.rfind("\n", 0, length)
        return self.sub(0, cut if cut > 0 else length)

    def split(self, pattern: re.Pattern[str]) -> Iterator[Span]:
        """The parts between the matches of a pattern, stripped, empty ones left out."""
        at = 0
        for match in pattern.finditer(self.text):
            part = self.sub(at, match.start()).strip()
            if part:
                yield part
            at = match.end()
        part = self.sub(at).strip()
        if part:
            yield part

    def amounts(self, *, bare: bool = False) -> list[Amount]:
        """The amounts of its words, with offsets into ``text``: neither line ends nor masked lines part a number."""
        if not _MONEY.search(self.text):
            return []
        collapsed, places = list[str](), list[int]()
        for match in re.finditer(r"\S+", self.text):
            if places:
                collapsed.append(" ")
                places.append(match.start())
            collapsed.append(match[0])
            places.extend(range(*match.span()))
        found = fields.amounts("".join(collapsed), bare=bare)
        return [replace(a, start=places[a.start], end=places[a.end - 1] + 1) for a in found]

    def to(self, other: Span) -> Span:
        """From the start of this to the end of another."""
        return Span(self.flow, self.start, other.end)

    @property
    def begins_paragraph(self) -> bool:
        """Whether a paragraph may begin at its line."""
        return self.flow.breaks[self.flow.index(self.start)]

    @property
    def paragraphs_told(self) -> bool:
        """Whether wrapped lines can be told from new paragraphs hereabouts: some lines begin one, some do not."""
        index = self.flow.index(self.start)
        near = self.flow.breaks[max(0, index - _NEAR) : index + _NEAR]
        return any(near) and not all(near)

    @property
    def goes_on(self) -> bool:
        """Whether its line is told to go on the paragraph of the line before."""
        return self.paragraphs_told and not self.begins_paragraph

    @property
    def indented(self) -> bool:
        """Whether a blank stands before its line in the file: a bullet lost in extraction, or a page's first line."""
        return self.flow.lines[self.flow.index(self.start)].text[:1].isspace()
