"""A document as words that are kept or left out, and a reading as facts without their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from loaders.document.lines import Document
from loaders.records import Contact, Origin, Reading, Stated

GAP = " … "


@dataclass
class Words:
    """The words of a document by line, and which of them an excerpt keeps."""

    lines: list[str]
    spans: list[tuple[int, int, int]]
    """Line index, start and end of each word."""
    kept: list[bool]

    @classmethod
    def of(cls, document: Document) -> Words:
        lines = [line.text for line in document.lines]
        spans = [(i, *match.span()) for i, line in enumerate(lines) for match in re.finditer(r"\S+", line)]
        return cls(lines, spans, [True] * len(spans))

    def text(self, shown: range | None = None, head: int = 0) -> str:
        """The excerpt: as many lines as the original, of each the kept words; or a window of it below its head."""
        parts: list[str] = [""] * len(self.lines)
        last: dict[int, int] = {}
        for number, (line, start, end) in enumerate(self.spans):
            if not self.kept[number] or (shown is not None and line not in shown and line >= head):
                continue
            raw, before = self.lines[line], last.get(line)
            if before is None:
                blank = " " if number == 0 or self.spans[number - 1][0] != line else ""
                parts[line] = (blank if raw[:start].strip() == "" and start else "") + raw[start:end]
            elif self.kept[number - 1]:
                parts[line] += raw[self.spans[number - 1][2] : end]
            else:
                parts[line] += GAP + raw[start:end]
            last[line] = number
        return "\n".join(parts) + "\n"

    def printed(self, excerpt: list[str]) -> set[int]:
        """The words that an excerpt made before keeps."""
        found: set[int] = set()
        for number, (line, printed) in enumerate(zip(self.lines, excerpt, strict=False)):
            at, spans = 0, []
            for piece in printed.split(GAP):
                low = line.find(piece.strip(), at)
                spans.append((low, low + len(piece.strip())))
                at = max(at, spans[-1][1])
            found.update(
                word
                for word in self.at(number + 1, number + 1)
                if any(low <= self.spans[word][1] and self.spans[word][2] <= high for low, high in spans)
            )
        return found

    def at(self, first: int, last: int) -> list[int]:
        """The words of the lines ``first`` to ``last`` (1-based)."""
        return [number for number, (line, _, _) in enumerate(self.spans) if first <= line + 1 <= last]

    def find(self, first: int, last: int, words: str) -> Iterator[list[int]]:
        """Where some words stand in a range of lines; the first and last may be parts of printed words."""
        numbers = self.at(first, last)
        printed = [self.lines[line][start:end] for line, start, end in (self.spans[number] for number in numbers)]
        joined, wanted = " ".join(printed), " ".join(words.split())
        starts = [0]
        for word in printed:
            starts.append(starts[-1] + len(word) + 1)
        where = joined.find(wanted) if wanted else -1
        while where >= 0:
            end = where + len(wanted)
            yield [number for i, number in enumerate(numbers) if starts[i] < end and starts[i + 1] - 1 > where]
            where = joined.find(wanted, where + 1)


def origins(value: object) -> Iterator[Origin]:
    if isinstance(value, Origin):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from origins(part)
    elif is_dataclass(value) and not isinstance(value, type):
        for held in fields(value):
            yield from origins(getattr(value, held.name))


def bare(value: object) -> object:
    """A record without its places."""
    if isinstance(value, Stated):
        return bare(value.value)
    if isinstance(value, Origin):
        return None
    if isinstance(value, tuple):
        return tuple(bare(part) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return (type(value).__name__, *(bare(getattr(value, held.name)) for held in fields(value)))
    return value


def facts(reading: Reading) -> list[object]:
    """What a reading says, persons and places apart."""
    told = [getattr(reading, name) for name in ("layout", "title", "programme", "reference_date", "issued", "language")]
    return [*told, *(bare(record) for record in reading.records if not isinstance(record, Contact))]
