"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods) as records, row by row, by python-calamine.

Formulas are never evaluated: the value stored with one counts, or the cell is none. What unpacks beyond measure, or would fill
the memory with empty cells, is refused before it is opened.
"""

import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from lxml import etree
from lxml import html as parser
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from loaders.errors import SourceError
from loaders.tables.delimited import Record, record
from loaders.tables.forms import Number
from loaders.tables.states import currency_of

SUFFIXES = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_RATIO, _SMALL, _PART_LIMIT = 200, 16 * 2**20, 6 * 2**30
"""A sheet of a real list packs 5 to 50 times; a bomb a thousand times."""
_CELLS = 80_000_000
"""Cells of a sheet, empty ones included: about 2.5 GB in memory."""
_MERGE_LIMIT = 200_000
_BLOCK = 2**20
_DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, UnicodeDecodeError)
_COLUMN = re.compile(rb'<(?:\w+:)?c\b[^>]{0,80}?\br="([A-Z]{2,3})\d')
_LAST_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]{0,80}?\br="(\d+)"')
_NO_VALUE = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>([^<]*)</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_STYLED = re.compile(rb'<(?:\w+:)?c\b[^>]{0,80}?\br="([A-Z]+)\d+"[^>]{0,80}?\bs="(\d+)"')
_FORMATTED = re.compile(r"\[\$([^\[\]-]*)(?:-[^\[\]]*)?\]|\"([^\"]*)\"|([€£])")
_REFERENCE = re.compile(rb'\br="([A-Z]+)(\d+)"')


class Formula(str):
    """A cell whose formula has no stored value; the text is the formula."""

    __slots__ = ()


class Merged(str):
    """A cell that shows the value of the merged area it belongs to, which stands in another cell."""

    __slots__ = ()


class Spanned(Merged):
    """A cell of a merged area whose value stands in the same row: below the headings only a banner goes over columns."""

    __slots__ = ()


@dataclass(slots=True)
class _Scan:
    """The parts of a sheet's XML that calamine does not give: formulas without values, currencies of columns."""

    formulas: dict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    currencies: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


class Workbook:
    """An opened workbook: the names of its visible sheets, and the rows of each."""

    def __init__(self, path: Path, identifier: str) -> None:
        """Open a workbook; SourceError if it is none, is locked, or would not fit in memory."""
        self.identifier = identifier
        self._zip = _zip(path, identifier)
        parts = self._parts() if self._zip is not None else {}
        self._scans = {name: self._scan(part) for name, part in parts.items()}
        try:
            self._book = CalamineWorkbook.from_path(str(path))
            sheets = {m.name: m.visible == SheetVisibleEnum.Visible for m in self._book.sheets_metadata}
        except (CalamineError, OSError, ValueError) as error:
            locked = "password" in str(error).lower() or "encrypt" in str(error).lower()
            why = "is locked by a password: save it without" if locked else f"is no workbook that can be read ({error})"
            raise SourceError(identifier, f"{why}; or save the table as .csv") from None
        self.sheets = [name for name, visible in sheets.items() if visible]
        self.hidden = [name for name, visible in sheets.items() if not visible]
        if not self.sheets:
            raise SourceError(identifier, "the workbook has no visible sheet")

    def records(self, name: str) -> Iterator[Record]:
        """The rows of a sheet that hold anything; a merged cell's value stands in every row and column it covers."""
        try:
            sheet = self._book.get_sheet_by_name(name)
            rows = sheet.iter_rows() if sheet.height else iter(())
            merged, scan = _merged(sheet), self._scans.get(name, _Scan())
            first, left = sheet.start or (0, 0)
            filled: dict[tuple[int, int], str] = {}
            for number, row in enumerate(rows, first + 1):
                cells = [""] * left + [_cell(value) for value in row]
                for column, formula in scan.formulas.get(number, {}).items():
                    cells.extend([""] * (column + 1 - len(cells)))
                    cells[column] = cells[column] or Formula(formula)
                if number in merged:
                    _fill(cells, number, merged[number], filled)
                while cells and not cells[-1]:
                    cells.pop()
                if cells:
                    words = " | ".join(" ".join(cell.split()) for cell in cells if cell)
                    yield record(number, number, cells, words, name)
        except CalamineError as error:
            raise SourceError(self.identifier, f"sheet {name!r} cannot be read ({error}): save it as .csv") from None

    def currencies(self, name: str) -> dict[int, str]:
        """Column → the currency that the formats of its cells show, where they show one."""
        column_codes = self._scans[name].currencies if name in self._scans else {}
        return {column: next(iter(codes)) for column, codes in column_codes.items() if len(codes) == 1}

    def _parts(self) -> dict[str, str]:
        """Sheet → its part of the package, of an .xlsx file."""
        assert self._zip is not None
        names = set(self._zip.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return {}
        for name in (part for part in names if part.endswith((".xml", ".rels"))):
            if b"<!DOCTYPE" in self._read(name, 4096) or b"<!ENTITY" in self._read(name, 4096):
                raise SourceError(self.identifier, "the workbook declares XML entities: refused")
        book = self._read("xl/workbook.xml", _SMALL).decode("utf-8", "replace")
        relations = self._read("xl/_rels/workbook.xml.rels", _SMALL).decode("utf-8", "replace")
        targets = {}
        for element in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", relations):
            said = dict(re.findall(r'\b(\w+)="([^"]*)"', element))
            target = said.get("Target", "").lstrip("/")
            targets[said.get("Id", "")] = target if target.startswith("xl/") else f"xl/{target}"
        parts = {}
        for element in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book):
            called, key = re.search(r'\bname="([^"]*)"', element), re.search(r':id="([^"]*)"', element)
            if called and key and targets.get(key[1]) in names:
                parts[_plain(called[1])] = targets[key[1]]
        return parts

    def _read(self, name: str, limit: int) -> bytes:
        assert self._zip is not None
        try:
            with self._zip.open(name) as part:
                return part.read(limit)
        except _DAMAGED as error:
            raise SourceError(self.identifier, f"{name} is damaged ({error})") from None

    def _scan(self, part: str) -> _Scan:
        """Measure a sheet before it is opened, and note what calamine leaves out."""
        assert self._zip is not None
        scan, formats = _Scan(), self._currency_formats()
        widest, last, rest = 26, 0, b""
        try:
            with self._zip.open(part) as file:
                while block := file.read(_BLOCK):
                    data = rest + block
                    end = data.rfind(b"</") if len(block) == _BLOCK else len(data)
                    data, rest = (data[:end], data[end:]) if end > len(rest) else (data, b"")
                    widest = max([widest, *(_number(letters) for letters in set(_COLUMN.findall(data)))])
                    rows = _LAST_ROW.findall(data)
                    last = max([last, *(int(row[:9]) for row in rows[-1:])], default=0)
                    self._note(data, scan, formats)
        except _DAMAGED as error:
            raise SourceError(self.identifier, f"{part} is damaged ({error})") from None
        if widest * last > _CELLS:
            raise SourceError(
                self.identifier,
                f"a sheet reaches to row {last:,} and column {widest:,}, nearly all of it empty: delete the stray cells, "
                "or save the table as .csv",
            )
        return scan

    def _note(self, data: bytes, scan: _Scan, formats: dict[bytes, str]) -> None:
        if b"<f" in data or b":f>" in data:
            for attributes, formula in _NO_VALUE.findall(data):
                if (at := _REFERENCE.search(attributes)) and b't="str"' not in attributes:
                    scan.formulas[int(at[2])][_number(at[1]) - 1] = "=" + formula.decode("utf-8", "replace")
        if formats and len(scan.currencies) < 50:
            for letters, style in set(_STYLED.findall(data[: 2**18])):
                if style in formats:
                    scan.currencies[_number(letters) - 1].add(formats[style])

    def _currency_formats(self) -> dict[bytes, str]:
        """Index of a cell format → the currency it shows."""
        assert self._zip is not None
        if "xl/styles.xml" not in self._zip.namelist():
            return {}
        text = self._read("xl/styles.xml", _SMALL).decode("utf-8", "replace")
        shown: dict[str, str] = {}
        for element in re.findall(r"<(?:\w+:)?numFmt\b[^>]*>", text):
            said = dict(re.findall(r'\b(\w+)="([^"]*)"', element))
            code = _plain(said.get("formatCode", ""))
            named = " ".join("".join(one) for one in _FORMATTED.findall(code))
            if currency := currency_of(named):
                shown[said.get("numFmtId", "")] = currency
        body = re.search(r"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", text, re.DOTALL)
        styles = re.findall(r"<(?:\w+:)?xf\b[^>]*>", body[0]) if body and shown else []
        numbers = [match[1] if (match := re.search(r'numFmtId="(\d+)"', xf)) else "" for xf in styles]
        return {str(index).encode(): shown[number] for index, number in enumerate(numbers) if number in shown}


def _zip(path: Path, identifier: str) -> zipfile.ZipFile | None:
    """The package of a workbook, its parts measured; None for the old binary form."""
    with path.open("rb") as file:
        if file.read(4) != MAGIC[0]:
            return None
    try:
        package = zipfile.ZipFile(path)
    except (*_DAMAGED, ValueError) as error:
        raise SourceError(identifier, f"is no workbook ({error}): save it again as .xlsx or .csv") from None
    for part in package.infolist():
        packed = max(part.compress_size, 1)
        if part.file_size > _PART_LIMIT or (part.file_size > _SMALL and part.file_size > _RATIO * packed):
            raise SourceError(
                identifier, f"{part.filename} unpacks {part.file_size // packed} times: refused as a zip bomb"
            )
        if part.flag_bits & 1:
            raise SourceError(identifier, "the workbook is encrypted: save it without a password")
    names = set(package.namelist())
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        raise SourceError(identifier, "the zip file holds no workbook: save the table as .xlsx or .csv")
    return package


def _plain(text: str) -> str:
    """XML text with its entities undone."""
    for entity, sign in (("&quot;", '"'), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return re.sub(r"&#(x?)([0-9A-Fa-f]+);", lambda m: chr(int(m[2], 16 if m[1] else 10)), text)


def _number(letters: bytes) -> int:
    """Column letters as a number from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return Number(int(value))
        # as many digits as a spreadsheet keeps: the rest is what its sums leave behind
        exact = f"{value:.15g}"
        return Number(exact) if "e" not in exact and "n" not in exact else exact
    if isinstance(value, int):
        return Number(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else ""


def _merged(sheet: CalamineSheet) -> dict[int, list[tuple[int, int, int]]]:
    """Row → (first row, column, column whose value it takes) of every merged cell."""
    merged: dict[int, list[tuple[int, int, int]]] = {}
    ranges = sheet.merged_cell_ranges or []
    if sum((bottom - top + 1) * (right - left + 1) for (top, left), (bottom, right) in ranges) > _MERGE_LIMIT:
        # areas merged down to the last row are a matter of looks, not of content
        return {}
    for (top, left), (bottom, right) in ranges:
        for row in range(top, bottom + 1):
            merged.setdefault(row + 1, []).extend((top + 1, column, left) for column in range(left, right + 1))
    return merged


def _fill(
    cells: list[str], number: int, merged: list[tuple[int, int, int]], filled: dict[tuple[int, int], str]
) -> None:
    for top, column, left in merged:
        if number == top and column == left:
            filled[top, left] = cells[left] if left < len(cells) else ""
        value = filled.get((top, left), "")
        if value:
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = cells[column] or (Spanned(value) if column != left else Merged(value))


# tables of HTML pages, and of Excel's XML of 2003, which portals hand out as .xls

_PAGE = 64 * 2**20
_ROW, _CELL = ("tr", "row"), ("td", "th", "cell")


def is_page(path: Path, head: bytes) -> bool:
    """Whether a file that begins with ``head`` is a page with a table in it."""
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") and b"<table" in path.read_bytes()[:_PAGE].lower()


class Page:
    """The tables of a page that hold rows and no other table; each is a sheet."""

    def __init__(self, path: Path, identifier: str) -> None:
        """Parse a page; SourceError if it is too large."""
        if path.stat().st_size > _PAGE:
            raise SourceError(identifier, f"a page of more than {_PAGE:,} bytes: save its table as .csv")
        data = path.read_bytes()
        encoding = None if b"charset" in data[:4096] or b"encoding=" in data[:200] else "utf-8"
        root = parser.document_fromstring(data, parser=parser.HTMLParser(encoding=encoding, huge_tree=True))
        tables = [one for one in root.iter("table") if not one.xpath(".//table") and len(_table_rows(one)) > 1]
        self._tables = {f"table {number}": one for number, one in enumerate(tables, 1)}
        self.sheets, self.hidden = list(self._tables), list[str]()

    def records(self, name: str) -> Iterator[Record]:
        """The rows of a table that hold anything, numbered from 1."""
        for number, row in enumerate(_table_rows(self._tables[name]), 1):
            cells: list[str] = []
            for cell in row.iterchildren(*_CELL):
                skipped = int(cell.get("ss:index", 0)) - 1 - len(cells)
                cells += [""] * min(max(skipped, 0), 1000)
                text = " ".join("".join(str(part) for part in cell.itertext()).split())
                span = cell.get("colspan", "1")
                repeated = min(int(span), 1000) - 1 if span.isdecimal() else 0
                cells += [text, *[Spanned(text)] * repeated]
            if any(cells):
                yield record(number, number, cells, " | ".join(cell for cell in cells if cell), name)

    def currencies(self, name: str) -> dict[int, str]:
        """Cells of a page have no formats."""
        return {}


def _table_rows(table: etree._Element) -> list[etree._Element]:
    return list(table.iter(*_ROW))
