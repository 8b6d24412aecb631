"""Tables: encodings, separators, quotes, headings, forms of numbers and dates, workbooks, and files that are no tables."""

from __future__ import annotations

import io
import zipfile
from datetime import date as Date
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from loaders.errors import SourceError
from loaders.tables import is_table, open_table
from loaders.tables.align import Aligner
from loaders.tables.dates import DateForm, date, date_form
from loaders.tables.encoding import likeliest, mend
from loaders.tables.forms import (
    CellError,
    Number,
    NumberForm,
    amount,
    blank,
    count_signs,
    currency_of,
    number_form,
    rate,
)
from loaders.tables.headings import recognised, roles
from loaders.tables.workbook import Formula, Merged

HEAD = "Koodi,Hankkeen nimi,Toteuttajan nimi,Aloituspvm,Myönnetty EU- ja valtion rahoitus"


def table(folder: Path, text: str | bytes, name: str = "list.csv"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return open_table(path)


def cells(found) -> list[list[str]]:
    return [record.cells for record in found.records()]


# encodings

TEXTS = {
    "cp1252": (
        "Päijät-Hämeen koulutuskonserni – Ålands",
        "créées à l'été, forêt, ça où naïve",
        "Größe der Ämter, Straße",
        "Øresund, Færøerne, æble",
        "España, acción, niños, ¿qué?",
        "ação não são construção",
    ),
    "cp1250": (
        "Częstochowa – Łódź, Śląsk, wartość",
        "Výška prostriedkov, žiadateľ, ďalší, ôsmy",
        "Příjemce, číslo výzvy, růst",
        "Županija, šifra, đak",
        "támogatás összege, fejlesztő, működési, tűz",
        "Bucureşti, învăţământ, şi în",
    ),
    "iso8859-2": ("Częstochowa, Łódź, Śląsk, świętokrzyskie", "Ľudovít, žiadateľ, šťastie, tŕň"),
    "cp1257": (
        "Projekto išlaidų suma, įmonė, žemės ūkio",
        "Finansējuma saņēmējs, Rīgas, ķīmija",
        "Õpetajate täiendõpe, Võru, žanr",
    ),
    "cp1253": ("Δικαιούχος, Συνολική δαπάνη έργου, Περιφέρεια",),
    "cp1251": ("Наименование на договора, Бенефициент, Община",),
    "cp852": ("Częstochowa - Łódź, Śląsk, wartość ogółem",),
    "cp850": ("Päijät-Hämeen koulutuskonserni Ålands landskapsregering",),
}


@pytest.mark.parametrize(("encoding", "text"), [(e, t) for e, texts in TEXTS.items() for t in texts])
def test_a_single_byte_encoding_is_told_by_its_letters(encoding: str, text: str) -> None:
    data = f"{text}\n".encode(encoding) * 3
    assert data.decode(likeliest(data)) == f"{text}\n" * 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_table_reads_the_same_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    found = table(tmp_path, f"{HEAD}\nS1,Työ ja äly,Örebro Oy,1.1.2020,5\n".encode(encoding))
    assert found.headings[4] == "Myönnetty EU- ja valtion rahoitus"
    assert cells(found) == [["S1", "Työ ja äly", "Örebro Oy", "1.1.2020", "5"]]


def test_lines_of_two_encodings_are_each_read_in_their_own(tmp_path: Path) -> None:
    lines = [HEAD.encode()] + [
        f"S{i},Työ,Ämtti Oy,1.1.2020,5".encode("utf-8" if i % 2 else "cp1252") for i in range(40)
    ]
    found = table(tmp_path, b"\n".join(lines))
    assert {row[2] for row in cells(found)} == {"Ämtti Oy"}


@pytest.mark.parametrize(
    ("damaged", "text"),
    [
        ("creÃ«ren", "creëren"),
        ("Ã¤iti", "äiti"),
        ("â‚¬ 5", "€ 5"),
        ("2014â€“2020", "2014–2020"),
        ("Ã\u0096ljy", "Öljy"),
        ("\x93Ja\x94", "“Ja”"),
    ],
)
def test_text_encoded_twice_is_mended(damaged: str, text: str) -> None:
    assert mend(damaged) == text


@pytest.mark.parametrize("text", ["Mäkelä", "São João", "Łódź", "Ålands", "naïve café", "50 €", "Δήμος", "Ã", "10 Â"])
def test_text_that_is_right_is_left_alone(text: str) -> None:
    assert mend(text) == text


# separators and quotes


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_found(tmp_path: Path, separator: str) -> None:
    text = (
        HEAD.replace(",", separator)
        + "\n"
        + separator.join(["S1", "Eka, toka; kolmas" if separator not in ",;" else "Eka", "X Oy", "1.1.2020", "5"])
        + "\n"
    )
    found = table(tmp_path, text * 1)
    assert len(found.headings) == 5
    assert cells(found)[0][0] == "S1"


def test_quoted_cells_hold_separators_and_lines(tmp_path: Path) -> None:
    found = table(tmp_path, f'{HEAD}\nS1,"Eka, ""toka""\nja kolmas",X Oy,1.1.2020,5\nS2,Muu,Y Oy,1.1.2020,6\n')
    (first, second) = found.records()
    assert first.cells[1] == 'Eka, "toka"\nja kolmas'
    assert (first.first, first.last, second.first) == (2, 3, 4)


def test_quotes_that_hold_nothing_together_are_signs_of_the_text(tmp_path: Path) -> None:
    rows = "".join(f'S{i},"Kukko" - pajan hanke,X Oy,1.1.2020,5\n' for i in range(30))
    assert cells(table(tmp_path, f"{HEAD}\n{rows}"))[0][1] == '"Kukko" - pajan hanke'


def test_a_quote_that_never_closes_does_not_swallow_the_rest(tmp_path: Path) -> None:
    rows = "".join(f'S{i},"Hanke, {i}",X Oy,1.1.2020,5\n' for i in range(30))
    found = table(tmp_path, f'{HEAD}\n{rows}S99,"Avoin,X Oy,1.1.2020,5\nS100,Viimeinen,X Oy,1.1.2020,5\n')
    assert [row[0] for row in cells(found)][-2:] == ["S99", "S100"]


def test_a_row_quoted_as_a_whole_is_unpacked(tmp_path: Path) -> None:
    rows = "".join(f"S{i},Hanke,X Oy,1.1.2020,5;\n" for i in range(30))
    packed = '"S99,""Pik""""a"" hanke,X Oy,1.1.2020,5";\n'
    found = cells(table(tmp_path, f"{HEAD};\n{rows}{packed}"))
    assert found[0] == ["S0", "Hanke", "X Oy", "1.1.2020", "5"]
    assert found[-1] == ["S99", '"Pik"a" hanke', "X Oy", "1.1.2020", "5"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path: Path, end: str) -> None:
    found = table(tmp_path, end.join([HEAD, "S1,A,X Oy,1.1.2020,5", "S2,B,X Oy,1.1.2020,5", ""]))
    assert [record.first for record in found.records()] == [2, 3]


def test_text_without_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no separator"):
        table(tmp_path, "Tämä on vain kirje\nilman taulukkoa\n" * 9)


# headings


def test_headings_are_found_below_titles_and_a_row_of_numbers(tmp_path: Path) -> None:
    text = "Hankeluettelo,,,,\nTilanne 31.8.2016,,,,\n,,,,\n" + HEAD + "\n(1),(2),(3),(4),(5)\nS1,A,X Oy,1.1.2020,5\n"
    found = table(tmp_path, text)
    assert found.heading_row == 5
    assert [t.strip(",") for t in found.titles] == ["Hankeluettelo", "Tilanne 31.8.2016", ""]
    assert cells(found) == [["S1", "A", "X Oy", "1.1.2020", "5"]]


def test_headings_of_two_rows_speak_together(tmp_path: Path) -> None:
    text = "Nimi;Saaja;Loppusumma\nOperation name;Beneficiary name;Total eligible expenditure\nEka;X;5\n"
    found = table(tmp_path, text)
    assert found.headings == (
        "Nimi / Operation name",
        "Saaja / Beneficiary name",
        "Loppusumma / Total eligible expenditure",
    )
    assert cells(found) == [["Eka", "X", "5"]]


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Bezeichnung des Vorhabens/\noperation name", "name"),
        ("Naam Aanvrager                       Beneficiary name", "beneficiary"),
        ("Unions-Kofinanzierungssatz pro Prioritätsachse / Union co-financing rate, as per priority axis**", "rate"),
        ("ΟΝΟΜΑΣΙΑ ΔΙΚΑΙΟΥΧΟΥ", "beneficiary"),
        ("Ukupno prihvatljivi troškovi", "money.planned.total-eligible"),
        ("Förderfähige Ausgaben des Vorhabens1)\n(in EUR)", "money.planned.total-eligible"),
        ("Reg. číslo projektu", "code"),
        ("Kontaktperson / Contacts", "private"),
        ("e-post", "private"),
        ("Inverventie- categorie  Name of category of intervention", "category"),
        ("BENEFICIAIRE", "beneficiary"),
        ("Operation_Name_Programme_Language", "name"),
        ("Suunniteltu julkinen rahoitus yhteensä", "money.planned.total-public"),
    ],
)
def test_what_a_heading_names(heading: str, role: str) -> None:
    assert roles(heading)[0][1].role == role


@pytest.mark.parametrize("heading", ["Multimedia", "Duration", "Image_URL", "Kuva", "Language"])
def test_other_headings_name_nothing(heading: str) -> None:
    assert recognised([heading]) == 0


# rows with too many cells

KINDS = ("code", "text", "text", "integer", "text", "date", "text", "amount")
REGULAR = [
    row
    for i in range(15)
    for row in (
        [f"S{i}", f"Hanke {i}", "Itä", "1", "Lapin liitto", "1.1.2020", f"X{i} Oy", "5"],
        [f"S9{i}", f"Toinen {i}", "Länsi", "2", "Hämeen keskus-, muu- ja virasto", "1.1.2020", f"Y{i} Oy", "5"],
    )
]


def aligner() -> Aligner:
    return Aligner.learn(KINDS, ",", [",".join(row).split(",") for row in REGULAR])[0]


def test_what_is_remembered_of_learning_changes_no_row() -> None:
    shifted = [
        "S9,A, 1,Länsi,1,Uusi liitto,1.1.2020,Z Oy,7",
        "S8,Yksi, kaksi,Itä,1,Lapin liitto,1.1.2020,Z, Q Oy,7",
        "a,b",
    ]
    rows = [line.split(",") for line in [*(",".join(row) for row in REGULAR), *shifted]]
    learned, laid = Aligner.learn(KINDS, ",", rows)
    fresh = Aligner(learned.kinds, ",", learned.lists)
    assert len(learned._ways) > len(REGULAR) / 2
    assert laid == [fresh.layout(row) for row in rows] == [learned.layout(row) for row in rows]
    learned.layout(rows[0])[0] = "changed by who asked"
    assert learned.layout(rows[0]) == fresh.layout(rows[0])


def test_short_lists_are_learned_from_rows_that_need_no_help() -> None:
    assert aligner().lists[4] == {"Lapin liitto", "Hämeen keskus-, muu- ja virasto"}


@pytest.mark.parametrize(
    "row",
    [
        ["S3", "Yksi, kaksi, 3, neljä", "Itä", "1", "Lapin liitto", "1.1.2020", "Z, Q & Pojat Oy", "7"],
        ["S3", "Nimi, Itä", "Itä", "2", "Hämeen keskus-, muu- ja virasto", "1.1.2020", "Z Oy", "7"],
        ["S3", "A, 1", "Länsi", "1", "Hämeen keskus-, muu- ja virasto", "1.1.2020", "Z Oy", "7"],
    ],
)
@pytest.mark.parametrize("padding", ["", ",", ",,"])
def test_anchored_columns_tell_where_unquoted_commas_belong(row: list[str], padding: str) -> None:
    assert aligner().layout((",".join(row) + padding).split(",")) == row


@pytest.mark.parametrize(
    "line",
    [
        "S3,Nimi,uusi osa,toinen osa,1,Lapin liitto,1.1.2020,X Oy,7",  # which comma is the name's?
        "S3,Nimi,Itä,1,Lapin liitto,1.1.2020,X Oy,9.9.2019,7",  # a date in the name of a company
        "S3,Nimi,Itä,yksi,Lapin liitto,1.1.2020,X Oy,7,8",
    ],
)
def test_a_row_with_several_ways_or_none_is_not_laid_out(line: str) -> None:
    assert aligner().layout(line.split(",")) is None


def test_a_damaged_anchor_is_found_in_its_column() -> None:
    line = "S3,Yksi, kaksi,Itä,1,Lapin liitto,0.0.0x,Z, Q Oy,NaN"
    assert aligner().layout(line.split(",")) == [
        "S3",
        "Yksi, kaksi",
        "Itä",
        "1",
        "Lapin liitto",
        "0.0.0x",
        "Z, Q Oy",
        "NaN",
    ]


def test_a_listed_value_with_words_before_it_shows_a_shifted_row() -> None:
    assert aligner().strays(["S3", "Vienti | Norja", "Itä", "1", "Ruotsi Lapin liitto", "1.1.2020", "X Oy", "5"]) == 4
    assert aligner().strays(["S3", "Vienti", "Itä", "1", "Uusi virasto", "1.1.2020", "X Oy", "5"]) is None


# numbers


@pytest.mark.parametrize(
    ("values", "decimal"),
    [
        (["1.234.567,89", "12,5"], ","),
        (["1,234,567.89", "5"], "."),
        (["403514,06", "1050000"], ","),
        (["€ 2.034.550", "€ 8.239.560"], ","),
        (["4,156.00", "160,900.00"], "."),
        (["1 234,50", "12 000"], ","),
        (["5,819,053", "29,275"], "."),
        (["12", "300"], "."),
    ],
)
def test_the_form_of_a_columns_numbers(values: list[str], decimal: str) -> None:
    assert number_form(count_signs(values)) == NumberForm(decimal)


def test_a_column_that_contradicts_itself_has_no_form() -> None:
    assert number_form(count_signs(["1.234,50", "1,234.50"] * 5)) is None


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("€ 2.034.550", ",", "2034550"),
        ("1 055 410,40 €", ",", "1055410.40"),
        ("308999", ".", "308999"),
        ("12.345,-", ",", "12345"),
        ("-876", ".", "-876"),
        ("(1.200,50)", ",", "-1200.50"),
        ("1’234.50 EUR", ".", None),
        ("0", ".", "0"),
        (Number("980268.92"), ",", "980268.92"),
    ],
)
def test_amounts_are_exact(text: str, decimal: str, value: str | None) -> None:
    if value is None:
        with pytest.raises(CellError):
            amount(text, NumberForm(decimal))
    else:
        assert amount(text, NumberForm(decimal)) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "1e9", "158,87", "12;3", "1.2.3", "15.10.2014", "noin 5", "1" * 40, "0x10"]
)
def test_what_is_no_amount_of_its_column_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        amount(text, NumberForm("."))


def test_rates_are_per_cent() -> None:
    assert rate("18,13 %", NumberForm(",")) == Decimal("18.13")
    assert rate(Number("0.5"), NumberForm(".")) == 50
    for text in ("120 %", "-5 %", "x"):
        with pytest.raises(CellError):
            rate(text, NumberForm(","))


def test_currencies_stand_with_amounts() -> None:
    assert [currency_of(t) for t in ("€ 5", "5 Kč", "5,00 zł", "5", "PLN 7")] == ["EUR", "CZK", "PLN", None, "PLN"]


def test_no_value() -> None:
    assert all(blank(t) for t in ("", " ", "-", "n.v.t.", "N/A"))
    assert not any(blank(t) for t in ("0", "ei", "-5"))


# dates


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["1.4.2008", "31.12.2010"], "dmy"),
        (["12/17/2015", "6/16/2017"], "mdy"),
        (["2016-09-05"], "ymd"),
        (["01/02/2015", "13/02/2015"], "dmy"),
        ([], "dmy"),
    ],
)
def test_the_order_of_a_columns_dates(values: list[str], order: str) -> None:
    assert date_form(values) == DateForm(order)


def test_days_without_signs_are_dates_only_where_the_whole_column_is_so() -> None:
    assert date_form(["42460", "42461", "42999.25"]) == DateForm("serial")
    assert date_form(["20160331", "20151231"]) == DateForm("digits")
    assert date_form(["31.3.2016"] * 8 + ["42460"]) == DateForm("dmy")


def test_a_date_that_is_none_in_any_order_does_not_hide_the_order() -> None:
    assert date_form(["31.2.2015", "1.1.0000", "0.0.0000", "17.12.2015"]) == DateForm("dmy")


def test_dates_of_two_orders_have_no_form() -> None:
    assert date_form(["12/17/2015", "17/12/2015"] * 5) is None


@pytest.mark.parametrize(
    ("text", "order", "value"),
    [
        ("1.4.2008", "dmy", "2008-04-01"),
        ("6/16/2017", "mdy", "2017-06-16"),
        ("2016-09-05 00:00:00", "ymd", "2016-09-05"),
        ("2014", "dmy", "2014"),
        ("9/2015", "dmy", "2015-09"),
        ("2015-09", "dmy", "2015-09"),
        ("01.02.15", "dmy", "2015-02-01"),
        ("1 March 2016", "dmy", "2016-03-01"),
        ("1er août 2016", "dmy", "2016-08-01"),
        ("01-Jan-16", "mdy", "2016-01-01"),
        ("März 2016", "dmy", "2016-03"),
        ("20160331", "digits", "2016-03-31"),
        ("42460", "serial", "2016-03-31"),
        ("42460.5", "serial", "2016-03-31"),
        ("31.3.2016", "serial", "2016-03-31"),
    ],
)
def test_dates_are_as_precise_as_they_are_given(text: str, order: str, value: str) -> None:
    assert date(text, DateForm(order)) == value


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0000",
        "1.1.0000",
        "31.2.2015",
        "425180",
        "32.1.2015",
        "1.13.2015",
        "1.1.9999",
        "kevät 2015",
        "0000",
        "42460",
        "20160331",
        "jui 2016",
        "31 june 2016",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        date(text, DateForm("dmy"))


# workbooks


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


# files that are no tables, or change


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "no workbook that can be read"),
        (b"%PDF-1.7\n%x", "PDF"),
        (b"abc\0def\n" * 40, "binary"),
        (b"a,b,c\n", "no row of headings|no separator"),
        (b"x" * (5 * 2**20), "longer than"),
        (",".join(f"c{i}" for i in range(1_500)).encode() + b"\n1,2\n", "more than 1,000"),
    ],
)
def test_what_is_no_table_is_refused_by_name(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        table(tmp_path, data)


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path) -> None:
    found = table(tmp_path, f"{HEAD}\n" + "S1,A,X Oy,1.1.2020,5\n" * 50)
    rows = found.records()
    next(rows)
    with found.path.open("a") as file:
        file.write("S2,B,X Oy,1.1.2020,5\n")
    with pytest.raises(SourceError, match="changed while it was read"):
        list(rows)


def test_tables_are_told_by_their_names() -> None:
    assert is_table(Path("x.CSV"))
    assert is_table(Path("x.xlsx"))
    assert not is_table(Path("x.pdf"))
