"""EURA: the project lists of three periods, in invented copies of their shapes and, where they are at hand, in full."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from bench import generate
from bench.world import World
from loaders.tables import open_table
from loaders.tables.entry import Entry, UnreadRow
from loaders.tables.mapping import choose
from loaders.tables.plan import Plan
from loaders.tables.rows import Reader, logical
from loaders.tables.states import authority_key, business_id, priority_notation
from tests.cases import each

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "eura"


def read(path: Path) -> tuple[Plan, list[Entry], list[UnreadRow], Reader]:
    table = open_table(path)
    plan = Plan.of(table, choose(table))
    reader = Reader(plan)
    found = [reader.read(record) for record in logical(plan, table.records())]
    entries = [one for one in found if isinstance(one, Entry)]
    return plan, entries, [one for one in found if isinstance(one, UnreadRow)], reader


def generated(folder: Path, form: str, rows: int = 300, **options: float) -> Path:
    path = folder / f"{form}.csv"
    generate.write(path, form, rows, **options)
    return path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "mapping"),
    [("eura-2007", "fi-eura-2007-2013"), ("eura-2014", "fi-eura-2014-2020"), ("eura-2021", "fi-eura-2021-2027")],
)
def test_every_row_of_each_period_is_read(tmp_path: Path, form: str, mapping: str) -> None:
    plan, entries, left, _ = read(generated(tmp_path, form))
    assert plan.mapping.identifier == mapping
    assert (len(entries), left) == (300, [])
    told = list(World(1).rows(300, generate.FORMS[form].groups))
    for entry, row in zip(entries, told, strict=True):
        assert entry.values["name"] == row.name
        assert entry.values["beneficiary"] == row.organisation
        assert entry.values["authority"] == row.authority
        assert (entry.values["start"], entry.values["end"]) == (row.start.isoformat(), row.end.isoformat())
        assert entry.group == (row.group or None)
        money = {(a.phase, a.scope): a.value for a in entry.money}
        assert money["planned" if form == "eura-2021" else "granted", "eu-state"] == str(row.granted)
        assert money["realised", "eu-state"] == str(row.realised)


def test_the_amounts_of_a_row_keep_their_kinds(tmp_path: Path) -> None:
    _, entries, _, _ = read(generated(tmp_path, "eura-2021", 1))
    assert [(a.phase, a.scope) for a in entries[0].money] == [
        ("planned", "eu-state"), ("planned", "total-public"), ("planned", "total"),
        ("realised", "eu-state"), ("realised", "total-public"), ("realised", "total"), ("realised", "eu"),
    ]  # fmt: skip


@pytest.mark.slow
def test_damaged_rows_are_rejected_with_line_and_reason_and_all_others_read(tmp_path: Path) -> None:
    path = generated(tmp_path, "eura-2014", 2000, damage=0.02)
    _, entries, left, reader = read(path)
    remarks = reader.remarks
    whole = list(generate.lines("eura-2014", 2000))
    lines = list(generate.lines("eura-2014", 2000, damage=0.02))
    damaged = {number for number, (one, other) in enumerate(zip(whole, lines, strict=True), 1) if one != other}
    # a damaged date costs the date, a damaged amount the row
    undated = {remark.line for remark in remarks if "date not taken" in remark.reason}
    assert {row.line for row in left} | undated == damaged
    assert len(entries) == 2000 - len(left)
    assert "no amount in " in {row.reason.split("'")[0] for row in left}
    assert "no date in " in {remark.reason.split("'")[0] for remark in remarks}
    assert all(row.rejected for row in left)


def test_a_sum_where_a_date_should_stand_shows_a_shifted_row(tmp_path: Path) -> None:
    headings = generate.FORMS["eura-2014"].headings
    start, granted = headings.index("Aloituspvm"), headings.index("Myönnetty EU- ja valtion rahoitus")
    path = generated(tmp_path, "eura-2014", 50)
    lines = path.read_text(encoding="cp1252").splitlines()
    number = next(n for n, line in enumerate(lines) if n and line.count(",") == len(headings) - 1)
    cells = lines[number].split(",")
    # as the authority's list has it: the grant stands where the start should, and nothing where the grant should
    cells[start], cells[granted] = cells[granted], " "
    lines[number] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", encoding="cp1252")
    _, entries, left, reader = read(path)
    assert len(entries) == 49
    assert [(row.line, row.rejected) for row in left] == [(number + 1, True)]
    assert left[0].reason.endswith("in column 'Aloituspvm': the row is shifted")
    assert reader.remarks == []


def test_columns_in_another_order_are_read_by_their_headings(tmp_path: Path) -> None:
    source = generated(tmp_path, "eura-2021", 40)
    import csv

    with source.open(encoding="utf-8", newline="") as file:
        rows = [row[::-1] for row in csv.reader(file)]
    turned = tmp_path / "turned.csv"
    with turned.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    assert [e.values for e in read(turned)[1]] == [e.values for e in read(source)[1]]


def test_the_excel_export_with_its_footers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    form = generate.FORMS["eura-2021"]
    sheet.append(list(form.headings))
    told = list(World(3).rows(60, 0.5))
    for row in told:
        cells: list[object] = list(form.cells(row))
        cells[11], cells[12] = (
            datetime.combine(row.start, datetime.min.time()),
            datetime.combine(row.end, datetime.min.time()),
        )
        cells[13:20] = [int(str(cell)) for cell in cells[13:20]]
        sheet.append(cells)
    sheet.append(["Hakuehdot: kaikki hankkeet"])
    sheet.append(["Raportti ajettu 10.5.2024 klo 12.00"])
    path = tmp_path / "hankkeet.xlsx"
    book.save(path)
    plan, entries, left, _ = read(path)
    assert plan.mapping.identifier == "fi-eura-2021-2027"
    assert len(entries) == 60
    assert [(row.reason, row.rejected, row.line) for row in left] == [("a note", False, 62), ("a note", False, 63)]
    assert entries[0].values["start"] == told[0].start.isoformat()
    assert {e.key for e in entries if e.group} == {row.group for row in told if row.group}
    assert entries[0].values["business_id"] == told[0].business_id


@pytest.mark.parametrize("form", ["eura-2007", "eura-2014"])
@pytest.mark.parametrize("rows", [1, 2, 5, 12])
def test_a_list_of_a_few_rows_is_laid_out_by_what_is_known(tmp_path: Path, form: str, rows: int) -> None:
    _, entries, left, _ = read(generated(tmp_path, form, rows))
    assert ([e.values["authority"] for e in entries], left) == (
        [r.authority for r in World(1).rows(rows, 0)],
        [],
    )


@each("text", ["2296962-1", "22969621", "FI22969621", " 2296962-1 "])
def test_a_business_id_with_a_right_check_digit(text: str) -> None:
    assert business_id(text) == "2296962-1"


@each("text", ["2296962-2", "1234567-8", "229696-", "abc", "12345678901", "0000001-8"])
def test_a_business_id_with_a_wrong_one_is_not_taken(text: str) -> None:
    assert business_id(text) is None


def test_a_wrong_business_id_is_remarked_and_its_row_read(tmp_path: Path) -> None:
    path = generated(tmp_path, "eura-2021", 1)
    text = path.read_text(encoding="utf-8")
    good = next(World(1).rows(1, 0.2)).business_id
    path.write_text(text.replace(good, f"{good[:-1]}{(int(good[-1]) + 1) % 10}"), encoding="utf-8")
    _, entries, _, reader = read(path)
    assert "business_id" not in entries[0].values
    assert [(r.line, "business id" in r.reason) for r in reader.remarks] == [(2, True)]


def test_a_negative_amount_is_read_and_remarked(tmp_path: Path) -> None:
    path = generated(tmp_path, "eura-2014", 20)
    lines = path.read_text(encoding="utf-8").splitlines()
    *rest, granted, _, planned, last = lines[5].removesuffix(";").split(",")
    lines[5] = ",".join([*rest, granted, "-876", planned, last]) + ";"
    path.write_text("\n".join(lines), encoding="utf-8")
    _, entries, left, reader = read(path)
    assert not left
    assert entries[4].money[1].value == "-876"
    assert [(r.line, "negative" in r.reason) for r in reader.remarks] == [(6, True)]


@each(
    ("printed", "key"),
    [
        ("Keski-Suomen elinkeino-  liikenne- ja ympäristökeskus", "ely-keski-suomi"),
        ("Keski-Suomen elinkeino-, liikenne- ja ympäristökeskus, yritystuet", "ely-keski-suomi"),
        (" Pirkanmaan liitto", "pirkanmaan-liitto"),
        ("Etelä-Savon maakuntaliitto", "etela-savon-liitto"),
        ("Uusi virasto, tuet", "uusi-virasto-tuet"),
    ],
)
def test_an_authority_by_any_spelling(printed: str, key: str) -> None:
    assert authority_key(printed) == key


def test_a_priority_is_of_its_period_and_programme() -> None:
    assert priority_notation("2014-2020", "ESR", None, "5") == "5"
    assert priority_notation("2007-2013", "ESR", "ita-suomen-suuralueosio", "2") == "ESR-2"
    assert priority_notation("2007-2013", "EAKR", "ita-suomi", "1") == "EAKR-ita-suomi-1"


# the full lists


def full(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip("the full list does not lie beside the repository")
    return path


@pytest.mark.documents
def test_each_eighth_row_of_the_full_list_of_2007_2013(tmp_path: Path) -> None:
    head, *rows = full("eura-2007-2013.csv").read_bytes().splitlines(keepends=True)
    assert len(rows) == 19_940
    path = tmp_path / "eura-2007-2013.csv"
    path.write_bytes(b"".join([head, *rows[::8]]))
    _, entries, left, _ = read(path)
    assert (len(entries), left) == (2493, [])
    assert len({e.key for e in entries}) == 2493
    assert len({e.values["programme_part"] for e in entries}) == 9
    assert (
        len({authority_key(e.values["authority"]) for e in entries})
        < len({e.values["authority"] for e in entries})
        == 36
    )
    assert all(len(e.money) == 4 for e in entries)


@pytest.mark.documents
def test_the_full_list_of_2014_2020() -> None:
    _, entries, left, _ = read(full("eura-2014-2020.csv"))
    assert (len(entries), len(left)) == (2864, 17)
    assert all(row.rejected and row.reason for row in left)
    assert len({authority_key(e.values["authority"]) for e in entries}) == 16
