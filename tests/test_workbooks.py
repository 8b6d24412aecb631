"""Workbooks as tables: formulas, merged cells, sheets, and packages that are damaged or meant to harm."""

from __future__ import annotations

import io
import zipfile
from datetime import date as Date
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from loaders.errors import SourceError
from loaders.tables import open_table
from loaders.tables.forms import (
    Number,
)
from loaders.tables.workbook import Formula, Merged
from tests.test_tables import table


def workbook(folder: Path, rows: list[list[object]], edit=None, name: str = "list.xlsx"):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    if edit:
        edit(book, sheet)
    path = folder / name
    book.save(path)
    return path


WIDE = ["Koodi ", "Hankkeen nimi", "Toteuttajan nimi", "Aloituspvm", "Myönnetty EU- ja valtion rahoitus"]


def test_a_workbook_gives_what_it_shows(tmp_path: Path) -> None:
    rows = [
        WIDE,
        ["S1", "Työ <&> äly\nja muu", "X Oy", datetime(2020, 1, 31), 1234.5],
        ["S2", None, "Y Oy", Date(2021, 2, 1), 7],
    ]
    found = list(open_table(workbook(tmp_path, rows)).records())
    assert found[0].cells == ["S1", "Työ <&> äly\nja muu", "X Oy", "2020-01-31", "1234.5"]
    assert found[1].cells == ["S2", "", "Y Oy", "2021-02-01", "7"]
    assert isinstance(found[0].cells[4], Number)
    assert (found[0].first, found[0].words) == (2, "S1 | Työ <&> äly ja muu | X Oy | 2020-01-31 | 1234.5")


def test_a_formula_counts_with_its_stored_value_only(tmp_path: Path) -> None:
    path = workbook(tmp_path, [WIDE, ["S1", "Hanke", "X Oy", "1.1.2020", "=1+1"]])
    (row,) = open_table(path).records()
    assert isinstance(row.cells[4], Formula)
    stored = tmp_path / "stored.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(stored, "w") as new:
        for item in old.infolist():
            new.writestr(
                item,
                old.read(item)
                .replace(b"<v></v>", b"<v>2</v>")
                .replace(b"<v />", b"<v>2</v>")
                .replace(b"<v/>", b"<v>2</v>"),
            )
    (row,) = open_table(stored).records()
    assert row.cells[4] == "2"


def test_merged_cells_show_their_value_everywhere_and_say_so(tmp_path: Path) -> None:
    rows = [WIDE, ["S1", "Hanke", "X Oy", "1.1.2020", 5], [None, None, "Y Oy", "1.1.2020", None]]
    path = workbook(tmp_path, rows, lambda _, sheet: [sheet.merge_cells(area) for area in ("A2:A3", "B2:B3", "E2:E3")])
    first, second = open_table(path).records()
    assert second.cells == ["S1", "Hanke", "Y Oy", "1.1.2020", "5"]
    assert [isinstance(cell, Merged) for cell in second.cells] == [True, True, False, False, True]
    assert not any(isinstance(cell, Merged) for cell in first.cells)


def test_hidden_sheets_are_not_read_and_sheets_of_the_same_headings_are(tmp_path: Path) -> None:
    def edit(book, sheet) -> None:
        for name, state in (("Toinen", "visible"), ("Piilo", "hidden")):
            other = book.create_sheet(name)
            other.append(WIDE)
            other.append([name, "Hanke", "X Oy", "1.1.2020", 5])
            other.sheet_state = state
        book.create_sheet("Ohje").append(["Lue tämä"])

    table = open_table(workbook(tmp_path, [WIDE, ["S1", "Hanke", "X Oy", "1.1.2020", 5]], edit))
    rows = [row for one in (table, *table.others) for row in one.records()]
    assert [(r.cells[0], r.sheet) for r in rows] == [("S1", "Sheet"), ("Toinen", "Toinen")]
    assert table.unread == ("sheet 'Ohje' (1 rows) has no headings", "hidden sheet 'Piilo'")


def repack(folder: Path, part: str, data: bytes, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    path, changed = workbook(folder, [WIDE, ["S1", "Hanke", "X Oy", "1.1.2020", 5]]), folder / "changed.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w", compression) as new:
        for item in old.infolist():
            new.writestr(item.filename, data if item.filename == part else old.read(item))
        if part not in old.namelist():
            new.writestr(part, data)
    return changed


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="zip bomb"):
        open_table(repack(tmp_path, "xl/sharedStrings.xml", b" " * (40 * 2**20)))


@pytest.mark.parametrize(("offset", "value"), [(6, b"\xff\x00"), (46, b"\xc3\x28")], ids=["version", "name"])
def test_a_package_that_the_library_cannot_open_is_one_error(tmp_path: Path, offset: int, value: bytes) -> None:
    path = workbook(tmp_path, [["Hankekoodi", "Hankkeen nimi"], ["S1", "Polku"]])
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + offset : at + offset + len(value)] = value
    data[at + 9] |= 8  # names are UTF-8
    path.write_bytes(data)
    with pytest.raises(SourceError, match=r"workbook|sheet|damaged"):
        open_table(path)


def test_entities_are_refused(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    text = f'<!DOCTYPE sst [<!ENTITY l0 "ha">{laughs}]><sst><si><t>&l9;</t></si></sst>'
    with pytest.raises(SourceError, match="entities"):
        open_table(repack(tmp_path, "xl/sharedStrings.xml", text.encode()))


def test_a_cell_in_a_far_column_is_refused(tmp_path: Path) -> None:
    cell = b'<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>'
    sheet = b'<worksheet><sheetData><row r="1048576">' + cell + b"</row></sheetData></worksheet>"
    with pytest.raises(SourceError, match="delete the stray cells"):
        open_table(repack(tmp_path, "xl/worksheets/sheet1.xml", sheet))


@pytest.mark.parametrize("data", [b"PK\x03\x04 not a zip", b"PK\x03\x04" + bytes(300)])
def test_a_broken_workbook_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(SourceError, match="workbook"):
        table(tmp_path, data, "x.xlsx")


def test_a_cut_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        open_table(repack(tmp_path, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>"))


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("a.txt", "x")
    with pytest.raises(SourceError, match="holds no workbook"):
        table(tmp_path, buffer.getvalue(), "x.xlsx")
