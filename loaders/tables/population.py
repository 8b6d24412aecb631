"""Väkilukutaulukko: numbers of inhabitants by area and year, a small table that a user gives.

A line of headings, then a row an area and year; columns in any order, separated by comma, semicolon or tab::

    region,year,population
    01,2024,1234567

The first column is ``municipality`` (three digits), ``region`` (two digits, both by Statistics Finland's codes) or ``area`` for
a mixture of both; headings may be Finnish or Swedish (``kunta``, ``maakunta``, ``alue``, ``vuosi``, ``väkiluku`` …). Other
columns are not read. One row an area and year.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from loaders.document.lines import Document, Line
from loaders.errors import SourceError
from loaders.records import About, Count, LeftOut, Origin, Reading

NAME = "population"

_HEADINGS = {
    "municipality": ("municipality", "kunta", "kommun"),
    "region": ("region", "maakunta", "landskap"),
    "area": ("area", "alue", "område"),
    "year": ("year", "vuosi", "år"),
    "population": ("population", "inhabitants", "väkiluku", "asukkaat", "asukasluku", "folkmängd", "invånare"),
}
_WORDS = {word: column for column, words in _HEADINGS.items() for word in words}
_KINDS = {3: "municipality", 2: "region"}
_DIGITS = {kind: digits for digits, kind in _KINDS.items()}
_CODE = re.compile(r"(?:KU(?=\d{3}$)|MK(?=\d{2}$))?(?P<digits>\d{1,3})")
_NUMBER = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+")
_HEAD = 4096


def is_population(path: Path) -> bool:
    """Whether a file begins with the headings of a population table."""
    try:
        with path.open("rb") as file:
            first = file.read(_HEAD).decode("utf-8-sig", "replace").partition("\n")[0]
    except OSError:
        return False
    return _columns(first) is not None


def recognises(document: Document) -> bool:
    """Whether a document begins with the headings of a population table."""
    return bool(document.lines) and _columns(document.lines[0].text) is not None


def parse(document: Document) -> Reading:
    """Read the rows; raises SourceError, naming the line, for one that does not fit."""
    separator, columns = _columns(document.lines[0].text) or (",", {})
    records: list[Count] = []
    seen: dict[tuple[str, str], int] = {}
    for line, cells in _rows(document.lines[1:], separator):
        record = _record(document.id, line, columns, cells)
        before = seen.setdefault((record.about.key, str(record.date)), line.number)
        if before != line.number:
            raise SourceError(document.id, f"gives the area and year of line {before} again", line.number)
        records.append(record)
    if not records:
        raise SourceError(document.id, "holds no row below its headings", 1)
    heading = LeftOut(1, 1, document.lines[0].text.strip(), "headings")
    years = {str(record.date) for record in records}
    return Reading(
        NAME, tuple(records), title=document.id, reference_date=max(years), language="fi", left_out=(heading,)
    )


def _columns(heading: str) -> tuple[str, dict[str, int]] | None:
    """The separator and the place of each column; None where a column that is needed is missing or doubled."""
    for separator in ("\t", ";", ","):
        words = [cell.strip().strip('"').casefold() for cell in heading.lstrip("\ufeff").split(separator)]
        placed = [(_WORDS[word], n) for n, word in enumerate(words) if word in _WORDS]
        columns = dict(placed)
        areas = [column for column in ("municipality", "region", "area") if column in columns]
        if len(columns) == len(placed) and len(areas) == 1 and {"year", "population"} <= columns.keys():
            return separator, columns
    return None


def _rows(lines: Sequence[Line], separator: str) -> Iterator[tuple[Line, list[str]]]:
    for line in lines:
        if line.text.strip():
            yield line, [cell.strip() for cell in next(csv.reader([line.text.strip("\r\n")], delimiter=separator))]


def _record(name: str, line: Line, columns: dict[str, int], cells: list[str]) -> Count:
    if len(cells) <= max(columns.values()):
        raise SourceError(
            name, f"has {len(cells)} cells, fewer than the {max(columns.values()) + 1} needed", line.number
        )
    values = {column: cells[n] for column, n in columns.items()}
    column = next(c for c in ("municipality", "region", "area") if c in values)
    area = _area(name, line.number, column, values[column])
    if not re.fullmatch(r"(19|20)\d\d", values["year"]):
        raise SourceError(name, f'year is "{values["year"]}", expected four digits', line.number)
    if not _NUMBER.fullmatch(values["population"]):
        raise SourceError(name, f'population is "{values["population"]}", expected a whole number', line.number)
    value = Decimal(re.sub(r"\D", "", values["population"]))
    words = " ".join(line.text.split())
    return Count(About("area", area), "inhabitants", value, Origin(line.number, line.number, words), values["year"])


def _area(name: str, line: int, column: str, text: str) -> str:
    """The code list and code of an area. A spreadsheet takes leading zeros away; they come back where the column tells."""
    match = _CODE.fullmatch(text)
    digits = match["digits"] if match else ""
    if column == "area" and len(digits) in _KINDS:
        return f"{_KINDS[len(digits)]}/{digits}"
    if column != "area" and digits and len(digits) <= _DIGITS[column]:
        return f"{column}/{digits.zfill(_DIGITS[column])}"
    expected = "three digits for a municipality or two for a region" if column == "area" else f"the code of a {column}"
    raise SourceError(name, f'{column} is "{text}", expected {expected}', line)
