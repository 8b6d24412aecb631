"""The text of a list of projects: its lines, what opens its parts, and rows that are one project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import groupby

from loaders import mentions, phrases
from loaders.blocks import Bounds
from loaders.names.parts import organisations_at_end, split
from loaders.reading.page import Page
from loaders.reading.project_drafts import Draft
from loaders.text import trimmed
from loaders.values.marks import Code, Mark, codes, damaged_codes

_NUMBER = re.compile(r"(?:^|\n)[ ]*(?:\d{1,3}[.)]\s+)?$")
_EDGES = " \n,.:€"


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens a stretch of a list: the codes of a project, a damaged code, or a heading."""

    start: int
    end: int
    kind: str
    codes: tuple[Code, ...] = ()


@cache
def pattern(concept: str, before: str = "", after: str = "", flags: int = 0) -> re.Pattern[str]:
    """Compile the words of a concept with what has to stand around them."""
    return re.compile(before + phrases.pattern("lists", concept).pattern + after, re.IGNORECASE | re.MULTILINE | flags)


class ListText:
    """A part of a page that lists things in lines."""

    def __init__(self, page: Page, low: int, high: int) -> None:
        """Take the span of the list; web addresses are taken out of its text, for they part names and amounts."""
        self.page, self.low, self.high = page, low, high
        prose = page.outline.text
        self.addresses = [mark for mark in prose.addresses if low <= mark.start < high]
        self.text, self.flat = prose.plain, prose.flat
        self.damaged: list[Mark] = []

    @cached_property
    def lines(self) -> list[Bounds]:
        """The spans of the lines that hold words, a line that ends a name and begins a list of bodies as two."""
        starts = self.page.outline.text.starts
        ends = [*starts[1:], len(self.text)]
        found: list[Bounds] = []
        for start, end in zip(starts, ends, strict=True):
            low, high = self.strip(max(start, self.low), min(end, self.high), " \n")
            if low >= high:
                continue
            cut = next(
                (
                    c
                    for c in re.finditer(r":\s+(?=[A-ZÅÄÖ])", self.text[low:high])
                    if begins_list(self.text[low + c.end() : high])
                ),
                None,
            )
            found += [(low, low + cut.start() + 1), (low + cut.end(), high)] if cut else [(low, high)]
        return found

    def paragraph(self, at: int) -> tuple[bool, bool]:
        """Whether a paragraph may begin at a line, and whether one can be told from a wrapped line hereabouts."""
        return self.page.outline.text.paragraph(at, spaced=self.page.outline.document.form == "text")

    def goes_on(self, at: int) -> bool:
        """Tell whether the line at an offset is known to go on the paragraph of the line above."""
        begins, told = self.paragraph(at)
        return told and not begins

    def strip(self, low: int, high: int, edges: str = _EDGES) -> Bounds:
        """Give a span without blanks and marks at its ends."""
        return trimmed(self.text, low, high, edges)

    def within(self, low: int, high: int) -> list[Bounds]:
        """Give the lines of a span, the first and last one cut."""
        found = [(max(start, low), min(end, high)) for start, end in self.lines if start < high and low < end]
        return [span for a, b in found if (span := self.strip(a, b, " \n"))[0] < span[1]]

    def words(self, low: int, high: int) -> str:
        """Give the words of a span, white space collapsed."""
        return " ".join(self.text[low:high].split())

    def openings(self) -> list[Opening]:
        """Find what opens the entries and parts of the list, in order; damaged codes are kept aside as well."""
        text, low, high = self.text, self.low, self.high
        start, alone = r"^[ ]*", r"\s*:[ ]*$"
        found = [
            Opening(*match.span(), kind)
            for kind, pattern in (
                ("part", pattern("part", start, r"\s*:?\s*(?-i:(?=[A-ZÅÄÖ]))")),
                ("coordination", pattern("coordination", start, alone)),
                ("columns", pattern("columns", start)),
                ("heading", pattern("heading", start, alone)),
            )
            for match in pattern.finditer(text, low, high)
        ]
        marks = [replace(c, start=c.start + low, end=c.end + low) for c in codes(text[low:high], applications=True)]
        taken = low
        for index, code in enumerate(marks):
            before = _NUMBER.search(text[max(low, code.start - 8) : code.start])
            if code.start < taken or before is None:
                continue
            after = marks[index + 1 : index + 2]
            run = [code, *(c for c in after if not text[code.end : c.start].strip() and c.kind != code.kind)]
            taken = run[-1].end
            found.append(Opening(max(low, code.start - 8) + before.start(), taken, "code", tuple(run)))
        for mark in damaged_codes(text[low:high]):
            if _NUMBER.search(text[max(low, low + mark.start - 8) : low + mark.start]):
                self.damaged.append(replace(mark, start=low + mark.start, end=low + mark.end))
                found.append(Opening(low + mark.start, low + mark.end, "damaged"))
        return sorted(found, key=lambda one: one.start)


@cache
def told_label() -> re.Pattern[str]:
    """The label of implementers that begins a line or a sentence."""
    return re.compile(
        rf"(?:^|(?<=[.!:?)] )|(?<=[.!:?)]\n))(?-i:(?=[A-ZÅÄÖ])){phrases.pattern('lists', 'implementers').pattern}\s*:?",
        re.MULTILINE | re.IGNORECASE,
    )


def begins_list(text: str) -> bool:
    """Tell whether words begin with an organisation."""
    first = next(iter(split(text)), None)
    return first is not None and bool(organisations_at_end(first.name))


_TOKEN = r"[A-ZÅÄÖ]\w*!?"
_ACRONYMS = (
    re.compile(rf"\(({_TOKEN})(?:\s?-[a-z]+)?\)"),
    re.compile(rf"^({_TOKEN}(?:\s[A-ZÅÄÖ]{{2,}})?)\s?[-–—]\s"),
    re.compile(r"^([A-ZÅÄÖ]{3,})\s+[A-ZÅÄÖ][a-zåäö]+\s+\S+"),
    re.compile(rf"[,–—-]\s+(?=\S*[a-zåäö])({_TOKEN})$"),
)


def acronym(name: str) -> Bounds | None:
    """Find the short name printed with a name: in brackets, before or behind a dash, or in capitals at its head.

    >>> acronym("OHITE - Jatkuvan oppimisen palvelumalli")
    (0, 5)
    """
    for pattern in _ACRONYMS:
        match = pattern.search(name)
        if (
            match
            and not mentions.funds(match[1])
            and (pattern is _ACRONYMS[0] or sum(c.isupper() for c in match[1]) > 1)
        ):
            return match.span(1)
    return None


def merged(drafts: list[Draft], of: ListText) -> Iterator[Draft]:
    """Rows of one group code are one project; so are rows with codes of their own under one and the same name."""

    def key(draft: Draft) -> str:
        name = of.words(*draft.name).casefold() if draft.name else ""
        return draft.group_code.value if draft.group_code else f"name {name}"

    for _, group in groupby(drafts, key=key):
        rows = list(group)
        first = rows[0]
        if first.code is None or (len(rows) == 1 and first.group_code is None):
            yield from rows
            continue
        name = min((row.name for row in rows if row.name), key=lambda span: len(of.words(*span)))
        for row in rows:
            row.bodies = [replace(one, code=row.code) for one in row.bodies]
        first.name, first.group = name, True
        first.bodies = [one for row in rows for one in row.bodies]
        first.code = None
        first.coordination = next((row.coordination for row in rows if row.coordination), None)
        yield first
