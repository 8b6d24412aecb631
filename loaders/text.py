"""Lines read as one running text that still knows on which line, page and column each of its characters stands."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from loaders import phrases
from loaders.document.lines import Line
from loaders.names import repair
from loaders.records import LeftOut, Origin
from loaders.values.marks import Mark, urls

_NEAR = 400
"""How far back the end of a line's last word is looked for: what stands before cannot change how two lines join."""

_BLANKS = " \n\t\u00a0\u2009\u202f"
_NEIGHBOURS = 12
"""So many lines before and behind a line show whether its document parts paragraphs."""

_ADDRESS = re.compile(r"@|\(at\)|https?:|www\.")
_BROKEN = re.compile(r"[^\W\d_]-$")
_ABBREVIATION = re.compile(rf"(?:^|[\s(])(?:{phrases.source('text.abbreviation')}|[A-ZÅÄÖ])\.$")
_TORN_DAY = re.compile(r"\d\.\d{1,2}\.(?:2 0\d\d|20 \d\d|20\d \d)$")
"""A day whose year a narrow cell broke."""
_ORDINAL = re.compile(r"(?:^|[\s(])\d{1,2}(?:\.\d{1,2})*\.$")
_AT = phrases.whole_words("cues", "time.clock")
_CLOCK = re.compile(rf"{_AT}\s\d{{1,2}}(?:\.\d\d)?\.$", re.IGNORECASE)
_STOP = re.compile(r"\n\n|[.!?](?=[)”\"’]?\s+[\"”“(]?[A-ZÅÄÖ•])")


def trimmed(text: str, low: int, high: int, left: str = " \n", right: str = "") -> tuple[int, int]:
    """Give a span without the characters ``left`` at its start, and ``right``, or else the same, at its end.

    >>> trimmed("– Polku,", 0, 8, " –,")
    (2, 7)
    """
    while low < high and text[low] in left:
        low += 1
    while high > low and text[high - 1] in (right or left):
        high -= 1
    return low, high


@dataclass(frozen=True)
class Prose:
    """A run of lines as text. Line breaks are line feeds, those within a wrapped word are gone.

    ``_raw`` is the lines joined by blanks (what an origin's words are cut from); ``_places`` holds the offset in it of
    each character of ``text``, ``_starts`` the offset at which each of ``_lines`` begins, ``_runs`` which of these stand
    together in the document: another run begins where lines were left out.
    """

    text: str
    _raw: str
    _places: tuple[int, ...]
    _starts: tuple[int, ...]
    _lines: tuple[Line, ...]
    _runs: tuple[int, ...]

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Prose:
        """Join lines; empty ones count for nothing."""
        given = list(lines)
        printed = tuple(line for line in given if line.text.strip())
        raw: list[str] = []
        text: list[str] = []
        size, near = 0, ""  # characters of raw, and the last ones of text
        places: list[int] = []
        starts: list[int] = []
        for line in printed:
            words = " ".join(line.text.split())
            if raw:
                joint = _joint(near, words, line.continues)
                if joint is None:
                    text[-1], near = text[-1][:-1], near[:-1]
                    places.pop()
                else:
                    text.append(joint)
                    near += joint
                    places.extend([size] * len(joint))
                raw.append(" ")
                size += 1
            starts.append(size)
            places.extend(range(size, size + len(words)))
            text.append(words)
            raw.append(words)
            size, near = size + len(words), (near + words)[-_NEAR:]
        return cls("".join(text), "".join(raw), tuple(places), tuple(starts), printed, _runs(given))

    @classmethod
    def joined(cls, parts: Sequence[Prose]) -> Prose:
        """Join texts, one below the other: no sentence and no origin reaches from one into the next."""
        raw, places, starts, runs = "", list[int](), list[int](), list[int]()
        for part in parts:
            if places:
                places += [len(raw)] * 2
                raw += " "
            before = len(raw)
            places += [before + place for place in part._places]
            starts += [before + start for start in part._starts]
            next_run = runs[-1] + 1 if runs else 0
            runs += (next_run + run for run in part._runs)
            raw += part._raw
        text, lines = "\n\n".join(part.text for part in parts), tuple(line for part in parts for line in part.lines)
        return cls(text, raw, tuple(places), tuple(starts), lines, tuple(runs))

    def origin(self, start: int, end: int, *, private: bool = False) -> Origin:
        """The origin of a span of ``text``; blanks at its ends are left out."""
        start, end = trimmed(self.text, start, end, _BLANKS)
        if start >= end:
            raise ValueError("an origin needs words")
        first, last = self._places[start], self._places[end - 1] + 1
        head, tail = bisect_right(self._starts, first) - 1, bisect_right(self._starts, last - 1) - 1
        if self._runs[head] != self._runs[tail]:
            first, last, head, tail = self._longest(first, last, head, tail)
        line = self._lines[head]
        return Origin(line.number, self._lines[tail].number, self._raw[first:last], page=line.page, private=private)

    def _longest(self, first: int, last: int, head: int, tail: int) -> tuple[int, int, int, int]:
        """The longest part of a span that reaches over lines left out: its offsets and its first and last line."""
        ends = [*self._starts[1:], len(self._raw) + 1]
        parts = []
        for run in range(self._runs[head], self._runs[tail] + 1):
            among = [index for index in range(head, tail + 1) if self._runs[index] == run]
            low, high = max(first, self._starts[among[0]]), min(last, ends[among[-1]] - 1)
            parts.append((high - low, -low, high, among))
        _, low, high, among = max(parts)
        return -low, high, among[0], among[-1]

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines that are not empty."""
        return self._lines

    @cached_property
    def starts(self) -> list[int]:
        """For each line that is not empty, where it begins in ``text``."""
        return [bisect_left(self._places, start) for start in self._starts]

    def printed(self, low: int = 0, high: int | None = None) -> list[tuple[int, int]]:
        """The printed lines of a span, without the blanks at their ends."""
        limit = len(self.text) if high is None else high
        cuts = [low, *(at for at in self.starts if low < at < limit), limit]
        spans = [trimmed(self.text, *span) for span in pairwise(cuts)]
        return [(start, end) for start, end in spans if start < end]

    def line(self, at: int) -> Line:
        """The printed line that holds an offset."""
        return self._lines[bisect_right(self.starts, at) - 1]

    @cached_property
    def addresses(self) -> list[Mark]:
        """The web addresses printed in the lines, also over several."""
        printed = list(self.text)
        for start in self.starts[1:]:
            printed[start - 1] = "\n" if printed[start - 1] == " " else printed[start - 1]
        return urls("".join(printed))

    @cached_property
    def flat(self) -> str:
        """The plain text on one line."""
        return self.plain.replace("\n", " ")

    @cached_property
    def plain(self) -> str:
        """The text with blanks in place of its web addresses, which part names and amounts."""
        printed = list(self.text)
        for mark in self.addresses:
            printed[mark.start : mark.end] = re.sub(r"[^\n]", " ", self.text[mark.start : mark.end])
        return "".join(printed)

    def paragraph(self, at: int, *, spaced: bool) -> tuple[bool, bool]:
        """Whether a paragraph may begin at the line that holds an offset, and whether wrapped lines can be told from
        paragraphs hereabouts. ``spaced`` where blank lines part them, else lines that do not go on begin one.
        """
        starts = self.starts
        index = bisect_right(starts, at) - 1
        if starts[index] < at and self.text[starts[index] : at].strip():
            return True, False  # the second half of a line
        pairs = list(pairwise(self._lines))[max(0, index - 1 - _NEIGHBOURS) : index - 1 + _NEIGHBOURS]
        near = {line.number: line.number > above.number + 1 if spaced else not line.continues for above, line in pairs}
        begins = near.get(self._lines[index].number, True)
        return begins, any(near.values()) and not all(near.values())

    def left_out(self, start: int, end: int, reason: str, *, understood: bool = True, private: bool = False) -> LeftOut:
        """Words that become no record, with the reason."""
        place = self.origin(start, end)
        return LeftOut(place.first, place.last, place.words, reason, understood, private)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Give a span of ``text`` as one of the lines joined by blanks, in which the words of origins stand."""
        return self._places[start], self._places[end - 1] + 1

    def find(self, first: int, last: int, words: str) -> Iterator[tuple[int, int]]:
        """Find words between two line numbers: spans of the lines joined by blanks."""
        numbers = [line.number for line in self._lines]
        begin, end = bisect_left(numbers, first), bisect_right(numbers, last)
        if words and begin < end:
            high = self._starts[end] - 1 if end < len(self._starts) else len(self._raw)
            at = self._raw.find(words, self._starts[begin], high)
            while at >= 0:
                yield at, at + len(words)
                at = self._raw.find(words, at + 1, high)

    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Spans of the sentences: a full stop ends one where a capital follows and no abbreviation or ordinal stands."""
        return _sentences(self.text)


def _runs(lines: list[Line]) -> tuple[int, ...]:
    """For each line that is not empty, the run of neighbouring lines it belongs to."""
    runs: list[int] = []
    run, gap = 0, False
    for before, line in pairwise([None, *lines]):
        gap = gap or (before is not None and line is not None and line.number != before.number + 1)
        if line is not None and line.text.strip():
            run += gap and bool(runs)
            runs.append(run)
            gap = False
    return tuple(runs)


@lru_cache(maxsize=64)
def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    spans: list[tuple[int, int]] = []
    start = 0
    for stop in _STOP.finditer(text):
        end = stop.end()
        near = text[max(start, end - 14) : end]
        if stop.group() != "\n\n" and not _CLOCK.search(near) and (_ABBREVIATION.search(near) or _ORDINAL.search(near)):
            continue
        if text[start:end].strip():
            spans.append((start, end))
        start = end
    if text[start:].strip():
        spans.append((start, len(text)))
    return tuple(spans)


def _joint(text: str, words: str, continues: bool) -> str | None:
    """What stands between a line and the next: a line feed, a blank, nothing after a hyphen that stays, None if it goes."""
    first = words.split()[0]
    last = text.split()[-1]
    if continues and _TORN_DAY.search(f"{last} {first}"):
        return ""
    if (
        text[-1] != "-"
        or not _BROKEN.search(text)
        or not first[0].isalpha()
        or _ADDRESS.search(first)
        or _ADDRESS.search(last)
    ):
        return " " if continues else "\n"
    mended = _mended(last, first)
    return (" " if continues else "\n") if mended == " " else mended


@lru_cache(maxsize=4096)
def _mended(last: str, first: str) -> str | None:
    """What joins two words at a hyphen that ends a line: a blank, nothing, or nothing in place of the hyphen (None)."""
    joined = repair(f"{last}\n{first}")
    if " " in joined or "\u00a0" in joined:
        return " "
    return "" if "-" in joined[len(last) - 1 : len(last)] else None
