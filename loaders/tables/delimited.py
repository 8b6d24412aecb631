"""Delimited text as records of cells: the separator and the use of quotes are found from the text itself."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from loaders.errors import SourceError
from loaders.tables.source import LINE_LIMIT, TextFile

COLUMN_LIMIT = 1000
_CELL_LINES = 2000
"""A quoted cell over more lines than this is a stray quote."""
_SAMPLE = 3000
_SEPARATORS = ",;\t|"

csv.field_size_limit(LINE_LIMIT)


_CELL_LIMIT, _WORD_LIMIT = 32_767, 2_000
"""Characters of the longest cell (that of Excel) and of the longest word in one."""
_LONG_WORD = re.compile(rf"\S{{{_WORD_LIMIT + 1}}}|\s{{{_WORD_LIMIT + 1}}}")


class Overlong(str):
    """The beginning of a cell that is longer than any cell of a list, or holds a longer word: its row is not read."""

    __slots__ = ()


class Record(NamedTuple):
    """One row as it stands in the file: its first and last line (or its row in a sheet), cells, and words."""

    first: int
    last: int
    cells: list[str]
    words: str
    sheet: str | None = None
    head: list[str] | None = None
    """The cells of the row that names this one's project, where it leaves the name out."""
    block: str = ""
    """The words of the last row above that has no more than a heading: a programme, a priority."""


def record(first: int, last: int, cells: list[str], words: str, sheet: str | None = None) -> Record:
    """A row, of whose overlong cells only the beginning is kept."""
    if max(map(len, cells), default=0) > _WORD_LIMIT:
        cells = [Overlong(cell[:100]) if len(cell) > _CELL_LIMIT or _LONG_WORD.search(cell) else cell for cell in cells]
        if Overlong in map(type, cells):
            words = " | ".join(" ".join(cell.split()) for cell in cells if cell)
    return Record(first, last, cells, words, sheet)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file separates cells. ``quoted``: quotes hold cells together; ``tail``: a sign that only ends every line."""

    separator: str
    quoted: bool
    tail: str = ""

    def split(self, line: str) -> list[str]:
        """The cells of one complete record."""
        text = line.removesuffix(self.tail) if self.tail else line
        if self.quoted and '"' in text:
            with suppress(csv.Error):
                return next(csv.reader([text.replace("\n", "\0")], delimiter=self.separator))
        return text.split(self.separator)

    def cells(self, line: str) -> list[str]:
        """The cells of one record; a row that was quoted as a whole is unpacked."""
        if "\n" in line or not (line.startswith('"') and line.removesuffix(self.tail).endswith('"')):
            parts = self.split(line)
        else:
            packed = line.removesuffix(self.tail)
            whole = next(csv.reader([packed], delimiter=self.separator))
            parts = self._unpacked(whole[0]) if len(whole) == 1 else self.split(line)
            if len(whole) == 1 and len(parts) == 2:  # a title with a comma
                parts = whole
        return [cell.replace("\0", "\n") for cell in parts] if self.quoted and "\n" in line else parts

    def _unpacked(self, line: str) -> list[str]:
        parts = Dialect(self.separator, False).split(line)
        return [cell.replace('""', '"') for cell in parts]


def dialect(file: TextFile) -> Dialect:
    """The dialect under which the beginning of a file looks most like a table."""
    sample = [line for line in islice(file.lines(), _SAMPLE) if line.strip()]
    tail = _tail(sample)
    candidates = [Dialect(separator, True, tail if tail != separator else "") for separator in _SEPARATORS]
    regular = {candidate: _regularity(candidate, sample) for candidate in candidates}
    best = max(candidates, key=lambda candidate: regular[candidate])
    if regular[best] < 2:
        signs = ", ".join(repr(s) for s in _SEPARATORS)
        raise SourceError(file.identifier, f"no separator ({signs}) makes columns of these lines")
    return best if file.quotes and _quoted(best, regular[best], sample) else Dialect(best.separator, False, best.tail)


def _quoted(candidate: Dialect, regularity: float, sample: list[str]) -> bool:
    """Whether quotes hold cells together, or are signs of the text like any other."""
    plain = Dialect(candidate.separator, False, candidate.tail)
    if regularity > _regularity(plain, sample) + 0.05:
        return True
    sign = re.escape(candidate.separator)
    text = "\n".join(sample)
    opened = len(re.findall(rf'(?:^|{sign})"', text, re.MULTILINE))
    closed = len(re.findall(rf'(?:^|{sign})"(?:[^"]|"")*"(?=$|{sign})', text, re.MULTILINE))
    return opened > 0 and closed * 10 > 9 * opened


def _tail(sample: list[str]) -> str:
    """A sign that closes nearly every line but the heading and stands nowhere else in most of them."""
    ends = Counter(line[-1] for line in sample[1:] if line[-1] in ";|")
    if not ends:
        return ""
    sign, count = ends.most_common(1)[0]
    alone = sum(line.count(sign) == 1 for line in sample[1:] if line.endswith(sign))
    return sign if count * 10 >= 9 * len(sample[1:]) and alone * 10 >= 9 * count else ""


def _regularity(candidate: Dialect, sample: list[str]) -> float:
    """Columns of the commonest width, weighed by the share of rows that have it; 1 and less is no table."""
    widths = Counter(len(record.cells) for record in records(candidate, enumerate(sample, 1)))
    weights = {width: count for width, count in widths.items() if width > 1}
    if not weights:
        return 1.0
    width = max(weights, key=lambda w: (weights[w], w))
    share = weights[width] / sum(widths.values())
    return float(min(width, 40) * share**0.5)


def records(dialect: Dialect, lines: Iterable[tuple[int, str]]) -> Iterator[Record]:
    """Records of numbered lines; a quoted cell may go on over several lines."""
    numbered = iter(lines)
    for first, line in numbered:
        if not dialect.quoted or line.count('"') % 2 == 0:
            if line.strip():
                yield record(first, first, dialect.cells(line), " ".join(line.split()))
            continue
        cell_lines = [line]
        for _, more in numbered:
            cell_lines.append(more)
            if more.count('"') % 2 or len(cell_lines) >= _CELL_LINES:
                break
        if sum(part.count('"') for part in cell_lines) % 2:
            # the quote that opened here never closes: each line stands for itself
            plain = Dialect(dialect.separator, False, dialect.tail)
            for number, alone in enumerate(cell_lines, first):
                if alone.strip():
                    yield record(number, number, plain.split(alone), " ".join(alone.split()))
            continue
        yield record(
            first,
            first + len(cell_lines) - 1,
            dialect.cells("\n".join(cell_lines)),
            " ".join(" ".join(cell_lines).split()),
        )
