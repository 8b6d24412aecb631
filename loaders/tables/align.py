"""Rows with more cells than columns: a separator stands inside a value that no quotes hold together.

Columns whose values have a form (codes, dates, amounts) or come from a short list (funds, authorities) are anchors; what lies
between two anchors belongs to the free text there. A row is only read when there is exactly one way to lay it out.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

_MOST_EXTRA = 40
_LIST_LIMIT = 200
_AMOUNT = r"\s*[€£$]?\s*[-+]?(?:\d[\d .\u00a0]*)?(?:%|€)?\s*"
_DATE = r"\s*(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{4})?\s*"
_NUMBER = re.compile(r"\s*[-+]?\d[\d .]*+\s*")


@dataclass(slots=True)
class Aligner:
    """Lays out rows over columns of these kinds: ``text``, ``code``, ``amount``, ``percent``, ``integer``, ``date``."""

    kinds: tuple[str, ...]
    separator: str
    lists: dict[int, frozenset[str]] = field(default_factory=dict)
    """Column → its values, for columns that repeat a few."""
    grouped: bool = False
    """Whether the separator also groups the thousands of amounts ("1,234,567.50"): only where that explains every row."""
    _patterns: dict[tuple[str, int | None, bool], re.Pattern[str]] = field(default_factory=dict)
    _ways: dict[str, list[str] | None] = field(default_factory=dict)
    """The lines of the rows learned from: their one way, or None for no way at all."""
    _learning: bool = False

    @classmethod
    def learn(
        cls,
        kinds: Sequence[str],
        separator: str,
        rows: Iterable[Sequence[str]],
        known: Mapping[int, frozenset[str]] | None = None,
    ) -> tuple[Aligner, list[list[str] | None]]:
        """An aligner that knows the short lists of values in the rows, those of rows it can lay out included; and the rows.

        ``known``: values that columns are known to hold, so that a list of a few rows can be laid out too.
        """
        sample = [tuple(row) for row in rows]
        aligner = cls(tuple(kinds), separator, dict(known or {}))
        laid = aligner._learn(sample, known or {})
        if separator == "," and laid.count(None) * 5 > len(sample):
            grouped = cls(tuple(kinds), separator, dict(known or {}), grouped=True)
            if None not in (whole := grouped._learn(sample, known or {})):
                return grouped, whole
        return aligner, laid

    def _learn(self, rows: list[tuple[str, ...]], known: Mapping[int, frozenset[str]]) -> list[list[str] | None]:
        self._learning = True
        for _ in range(3):
            laid = [self.layout(row) for row in rows]
            learned = _short_lists([cells for cells in laid if cells is not None], self.kinds)
            lists = {n: known.get(n, frozenset()) | learned.get(n, frozenset()) for n in {*known, *learned}}
            if lists == self.lists:
                break
            narrower = all(n in lists and lists[n] <= values for n, values in self.lists.items())
            kept = self._ways.items() if narrower else ()
            self._ways = {line: way for line, way in kept if way is None or _within(way, lists)}
            self.lists, self._patterns = lists, {}
        else:
            laid = [self.layout(row) for row in rows]
        self._learning = False
        return laid

    def layout(self, cells: Sequence[str]) -> list[str] | None:
        """The cells by column; None where there is no way or more than one."""
        extra = len(cells) - len(self.kinds)
        if extra <= 0:
            return [*cells, *[""] * -extra]
        # separators that only pad a row to the width of the widest are no cells of it
        padded = next((n for n, cell in enumerate(reversed(cells)) if cell.strip()), len(cells))
        if padded >= extra:
            return list(cells[: len(self.kinds)])
        ways = [way for more in range(padded + 1) if (way := self._laid(cells[: len(cells) - more])) is not None]
        return ways[0] if ways and all(way == ways[0] for way in ways) else None

    def _laid(self, cells: Sequence[str]) -> list[str] | None:
        """The one way to lay out cells of which none is padding."""
        if len(cells) - len(self.kinds) > _MOST_EXTRA:
            return None
        line = self.separator.join(cells)
        if placed := self._only_way(line):
            return placed
        # a value that its column's list does not hold yet: one such column, no more
        open_ways = (self._only_way(line, column) for column in self.lists)
        ways = {tuple(way) for way in open_ways if way and not self._spilled(way)}
        if len(ways) == 1:
            return list(ways.pop())
        # a date or amount that is none does not hide where the columns are: its cell will say what is wrong
        return None if ways else self._only_way(line, damaged=True)

    def _only_way(self, line: str, open_column: int | None = None, damaged: bool = False) -> list[str] | None:
        """The cells of a line, if texts that take the fewest cells and texts that take the most give the same.

        ``open_column``: one column whose list may not hold its value; ``damaged``: dates and amounts may be any words.
        """
        plain = open_column is None and not damaged
        if plain and line in self._ways:
            return list(way) if (way := self._ways[line]) else None
        fewest = self._pattern("*?", open_column, damaged).fullmatch(line)
        most = self._pattern("*", open_column, damaged).fullmatch(line) if fewest else None
        way = list(most.groups()) if fewest and most and fewest.groups() == most.groups() else None
        if plain and self._learning and (way or not fewest):
            # what is the only way stays it, where lists that are learned later hold its values: they rule other ways out
            self._ways[line] = way
        return list(way) if way else None

    def _pattern(self, repeat: str, open_column: int | None, damaged: bool) -> re.Pattern[str]:
        key = repeat, open_column, damaged
        if key not in self._patterns:
            columns = (self._column(n, repeat, n != open_column, damaged) for n in range(len(self.kinds)))
            self._patterns[key] = re.compile(re.escape(self.separator).join(columns))
        return self._patterns[key]

    def _column(self, number: int, repeat: str, closed: bool, damaged: bool) -> str:
        separator, kind = re.escape(self.separator), self.kinds[number]
        kind = "code" if damaged and kind in ("date", "amount", "percent") else kind
        cell = f"[^{separator}]*"
        if kind == "text":
            # a date by itself is no part of a name: the row is shifted
            cell = rf"(?!\s*\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}\s*(?:{separator}|$)){cell}"
            if self.kinds[number + 1 : number + 2] in (("amount",), ("percent",)):
                # nor is a number right before the amounts: it is the first of them
                return rf"((?:{cell}{separator}){repeat}(?!{_AMOUNT}(?:{separator}|$))[^{separator}]+|)"
        if closed and number in self.lists:
            values = sorted(self.lists[number], key=lambda value: (-len(value), value))
            return rf"(\s*(?:{'|'.join(map(re.escape, values)) or '(?!)'})\s*)"
        if kind == "text":
            if self.kinds[number - 1 : number] in (("amount",), ("percent",)):
                # a text behind amounts that holds separators does not begin with a number: that is an amount torn apart
                several = rf"(?!{_AMOUNT}(?:{separator}|$)){cell}(?:{separator}{cell}){repeat}"
                return f"({cell}|{several})" if repeat == "*?" else f"({several}|{cell})"
            return f"({cell}(?:{separator}{cell}){repeat})"
        if kind == "amount" and self.grouped:
            torn = rf"\s*[€£$]?\s*[-+]?\d{{1,3}}(?:{separator}\d{{3}}){repeat}(?:\.\d+)?\s*"
            return f"({_AMOUNT}|{torn})" if repeat == "*?" else f"({torn}|{_AMOUNT})"
        if kind in ("amount", "percent", "integer"):
            return f"({_AMOUNT})"
        return f"({_DATE})" if kind == "date" else f"({cell})"

    def _spilled(self, cells: Sequence[str]) -> bool:
        """Whether a list's column took in the end of the column before it: its last part alone is a value of the list."""
        for number, values in self.lists.items():
            _, separator, last = cells[number].rpartition(self.separator)
            if separator and last.strip() in values and cells[number].strip() not in values:
                return True
        return False

    def strays(self, cells: Sequence[str]) -> int | None:
        """The column that holds one of its known values with other words before it: the row was split in the wrong places."""
        for number, values in self.lists.items():
            value = cells[number].strip()
            if value not in values and any(value.endswith(f" {known}") for known in values):
                return number
        return None


def _within(cells: Sequence[str], lists: Mapping[int, frozenset[str]]) -> bool:
    """Whether the cells of columns with lists are values of them."""
    return all(cells[number].strip() in values for number, values in lists.items())


def _short_lists(rows: list[list[str]], kinds: Sequence[str]) -> dict[int, frozenset[str]]:
    """Text columns that repeat a few values; values met once may be damaged and do not count."""
    if len(rows) < 20:
        return {}
    seen: dict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for number, kind in enumerate(kinds):
            if kind == "text":
                seen[number][row[number].strip()] += 1
    repeated: dict[int, frozenset[str]] = {}
    for number, counts in seen.items():
        often = {
            value: count for value, count in counts.items() if count > 1 and value and not _NUMBER.fullmatch(value)
        }
        if often and len(often) <= _LIST_LIMIT and sum(often.values()) * 20 >= 19 * sum(counts.values()):
            repeated[number] = frozenset(often)
    return repeated
