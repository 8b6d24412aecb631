"""Rows as an Excel workbook: numbers, dates and truth values as such, text never as a formula."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from engine.query.columns import Kind, kinds, text
from engine.query.errors import QueryUsageError
from engine.query.results import Result, Value

Sheet = Any
"""openpyxl's write-only sheet, whose stubs know only half of it."""

MOST_ROWS = 1_048_576
MOST_LETTERS = 32_767
"""Excel's own limits: rows of a sheet, letters of a cell."""

_NUMBER_FORMATS: dict[Kind, str] = {"decimal": "#,##0.00", "integer": "#,##0", "date": "yyyy-mm-dd"}
_EXCEL_DIGITS = 15
"""Excel keeps fifteen digits of a number; a longer one goes in as text rather than changed."""


def write_xlsx(result: Result, out: BinaryIO) -> None:
    """A workbook of two sheets: the rows, and what they answer."""
    from openpyxl import Workbook

    if len(result) + 1 > MOST_ROWS:
        raise QueryUsageError(f"{len(result)} rows do not fit an Excel sheet ({MOST_ROWS - 1}): use csv or parquet")
    longest = max((len(v) for row in result.rows for v in row if isinstance(v, str)), default=0)
    if longest > MOST_LETTERS:
        raise QueryUsageError(f"a text of {longest} letters does not fit an Excel cell: use csv or parquet")
    book = Workbook(write_only=True)
    _rows(book.create_sheet("Result"), result)
    _about(book.create_sheet("About"), result)
    book.save(out)


def _rows(sheet: Sheet, result: Result) -> None:
    column_kinds = kinds(result)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{_letters(len(result.columns))}{len(result) + 1}"
    for n, width in enumerate(_widths(result), 1):
        sheet.column_dimensions[_letters(n)].width = width
    sheet.append([_cell(sheet, column, "text", bold=True) for column in result.columns])
    for row in result.rows:
        sheet.append([_cell(sheet, v, k) for v, k in zip(row, column_kinds, strict=True)])


def _widths(result: Result) -> Iterator[float]:
    for n, column in enumerate(result.columns):
        longest = max([len(column), *(len(text(row[n])) for row in result.rows[:200])])
        yield min(max(longest + 2, 8), 60)


def _letters(number: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(number))


def _cell(sheet: Sheet, value: Value, kind: Kind, bold: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell: Any = WriteOnlyCell(sheet, _excel(value))  # type: ignore[arg-type]  # the stubs lack date
    if isinstance(cell.value, str):
        cell.data_type = "s"  # else "=…" becomes a formula
        cell.quotePrefix = cell.value[:1] in "=+-@"
    elif kind in _NUMBER_FORMATS:
        whole = kind == "decimal" and isinstance(value, Decimal) and value == value.to_integral_value()
        cell.number_format = "#,##0" if whole else _NUMBER_FORMATS[kind]
    if bold:
        cell.font = Font(bold=True)
    return cell


def _excel(value: Value) -> float | int | bool | date | str | None:
    if isinstance(value, Decimal):
        return float(value) if len(value.as_tuple().digits) <= _EXCEL_DIGITS else text(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) < 10**_EXCEL_DIGITS else str(value)
    if isinstance(value, datetime) and value.tzinfo:
        return value.isoformat()  # Excel has no time zones
    if isinstance(value, date) and value.year < 1900:
        return value.isoformat()  # nor years before 1900
    return _letters_of(str(value)) if isinstance(value, str) else value


def _letters_of(value: str) -> str:
    return "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in value)


def _about(sheet: Sheet, result: Result) -> None:
    sheet.column_dimensions["B"].width = 100
    query = result.query
    for name, value in (("query", query.name), ("question", query.title()), *(("note", n) for n in result.notes)):
        sheet.append([_cell(sheet, name, "text", bold=True), _cell(sheet, value, "text")])
    for number, line in enumerate(query.text.splitlines()):
        sheet.append([_cell(sheet, "" if number else "SPARQL", "text", bold=True), _cell(sheet, line, "text")])
