"""Excel workbooks as records, row by row. Formulas are never evaluated: the value stored with one counts, or the cell is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from loaders.errors import SourceError
from loaders.tables.delimited import COLUMN_LIMIT, Record
from loaders.tables.forms import Number
from loaders.tables.package import Package, elements, shared_strings, unescape

_EPOCHS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_BUILT_IN_DATES = {*range(14, 18), 22, *range(27, 32), *range(50, 59)}
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_MERGE_LIMIT = 200_000


class Formula(str):
    """A cell whose formula has no stored value; the text is the formula."""

    __slots__ = ()


class Merged(str):
    """A cell that shows the value of the merged area it belongs to, which stands in another cell."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet: its name and part."""

    name: str
    part: str


class Workbook:
    """An .xlsx file: its sheets, and the rows of each."""

    def __init__(self, path: Path, identifier: str) -> None:
        """Read what all sheets share: names, strings, number formats."""
        self.identifier = identifier
        self._package = Package(path, identifier)
        book = elements(self._package, "xl/workbook.xml")
        self._epoch = _EPOCHS[any(a.get("date1904") in ("1", "true") for n, a in book if n == "workbookPr")]
        self.sheets = self._visible(book)
        self._strings = shared_strings(self._package)
        self._dates = _date_styles(self._package)

    def _visible(self, book: list[tuple[str, dict[str, str]]]) -> list[Sheet]:
        targets = {a.get("Id"): a.get("Target", "") for n, a in elements(self._package, "xl/_rels/workbook.xml.rels")}
        found = []
        for name, attributes in book:
            if name == "sheet" and attributes.get("state", "visible") == "visible":
                identifier = next((v for k, v in attributes.items() if k.endswith(":id")), None)
                target = targets.get(identifier, "").lstrip("/")
                part = target if target.startswith("xl/") else f"xl/{target}"
                if part in self._package.names:
                    found.append(Sheet(attributes.get("name", ""), part))
        if not found:
            raise SourceError(self.identifier, "the workbook has no visible sheet")
        return found

    def records(self, sheet: Sheet) -> Iterator[Record]:
        """The rows of a sheet that hold anything; a merged cell's value stands in every row and column it covers."""
        merged = self._merges(sheet)
        filled: dict[tuple[int, int], str] = {}
        handler = _Rows(self, sheet)
        for _ in self._package.parse(sheet.part, handler):
            for number, cells in handler.take():
                if number in merged:
                    _fill(cells, number, merged[number], filled)
                if any(cells):
                    words = " | ".join(" ".join(cell.split()) for cell in cells if cell)
                    yield Record(number, number, cells, words, sheet.name)

    def _merges(self, sheet: Sheet) -> dict[int, list[tuple[int, int, int]]]:
        """Row → (first row, column, column whose value it takes) of every merged cell; they are listed behind the rows."""
        found: dict[int, list[tuple[int, int, int]]] = {}
        count, rest = 0, b""
        for block in self._package.blocks(sheet.part):
            data = rest + block
            end = 0
            for match in _MERGE.finditer(data):
                end = match.end()
                left, top, right, bottom = (
                    _column(match[1].decode()),
                    int(match[2]),
                    _column(match[3].decode()),
                    int(match[4]),
                )
                count += (bottom - top + 1) * (min(right, COLUMN_LIMIT) - left + 1)
                if count > _MERGE_LIMIT or bottom < top:
                    break
                for row in range(top, bottom + 1):
                    found.setdefault(row, []).extend((top, column, left) for column in range(left, right + 1))
            if count > _MERGE_LIMIT:
                # areas merged down to the last row are a matter of looks, not of content
                return {}
            rest = data[max(end, len(data) - 80) :]
        return found

    def string(self, index: str) -> str:
        """A shared string by its index."""
        try:
            return self._strings[int(index)]
        except (ValueError, IndexError):
            raise SourceError(self.identifier, f"the workbook has no string {index}") from None

    def number(self, text: str, style: str) -> str:
        """A number as a cell: a date where its format says so."""
        try:
            value = float(text)
        except ValueError:
            return text
        if style in self._dates and 0 < value < 110_000:
            return (self._epoch + timedelta(days=int(value))).isoformat()
        if value.is_integer() and abs(value) < 1e15:
            return Number(int(value))
        exact = repr(value)
        return Number(exact) if "e" not in exact and "n" not in exact else exact


def _fill(
    cells: list[str], number: int, merged: list[tuple[int, int, int]], filled: dict[tuple[int, int], str]
) -> None:
    for top, column, left in merged:
        if number == top and column == left:
            filled[top, left] = cells[left] if left < len(cells) else ""
        value = filled.get((top, left), "")
        if value:
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = cells[column] or Merged(value)


def _date_styles(package: Package) -> set[str]:
    """Indexes of the cell formats that show a date."""
    custom, formats, inside = set(_BUILT_IN_DATES), [], False
    for name, attributes in elements(package, "xl/styles.xml"):
        if name == "numFmt":
            shown = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", attributes.get("formatCode", "")).lower()
            if re.search(r"[dy]", shown) and "0" not in shown and "#" not in shown:
                custom.add(int(attributes["numFmtId"]))
        elif name in ("cellXfs", "cellStyleXfs", "dxfs"):
            inside = name == "cellXfs"
        elif name == "xf" and inside:
            formats.append(int(attributes.get("numFmtId", "0")))
    return {str(index) for index, number in enumerate(formats) if number in custom}


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


class _Rows:
    """Builds the rows of a sheet from its elements."""

    def __init__(self, book: Workbook, sheet: Sheet) -> None:
        self._book, self._sheet = book, sheet
        self._done: list[tuple[int, list[str]]] = []
        self._row = 0
        self._cells: list[str] = []
        self._columns: dict[str, int] = {}
        self._kind = self._style = ""
        self._at = -1
        self._value: list[str] = []
        self._formula: list[str] | None = None
        self._into: list[str] | None = None

    def take(self) -> list[tuple[int, list[str]]]:
        """The rows completed since the last call."""
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._at = self._place(attributes.get("r"))
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._value, self._formula = [], None
        elif name in ("v", "t"):
            self._into = self._value
        elif name == "f":
            self._into = self._formula = []
        elif name == "row":
            self._row = int(attributes.get("r") or self._row + 1)
            self._cells, self._at = [], -1

    def end(self, name: str) -> None:
        self._into = None
        if name == "c":
            cell = self._cell()
            if cell:
                self._cells.extend([""] * (self._at + 1 - len(self._cells)))
                self._cells[self._at] = cell
        elif name == "row":
            self._done.append((self._row, self._cells))

    def text(self, data: str) -> None:
        if self._into is not None:
            self._into.append(data)

    def _place(self, reference: str | None) -> int:
        if not reference:
            return self._at + 1
        letters = reference.rstrip("0123456789")
        if letters not in self._columns:
            column = _column(letters)
            if column >= COLUMN_LIMIT:
                raise SourceError(
                    self._book.identifier,
                    f"row {self._row} has a cell in column {letters}: more than {COLUMN_LIMIT} columns",
                )
            self._columns[letters] = column
        return self._columns[letters]

    def _cell(self) -> str:
        value = "".join(self._value)
        if not value:
            return Formula("=" + "".join(self._formula)) if self._formula is not None and self._kind != "str" else ""
        if self._kind == "s":
            return self._book.string(value)
        if self._kind == "n":
            return self._book.number(value, self._style)
        return unescape(value)
