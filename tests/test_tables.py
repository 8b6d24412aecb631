"""Tables: encodings, separators, quotes, headings, and files that are no tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.errors import SourceError
from loaders.tables import is_table, open_table
from loaders.tables.encoding import likeliest, mend
from loaders.tables.headings import recognised, roles
from tests.cases import each

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


@each(("encoding", "text"), [(e, t) for e, texts in TEXTS.items() for t in texts])
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


@each(
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


@each("text", ["Mäkelä", "São João", "Łódź", "Ålands", "naïve café", "50 €", "Δήμος", "Ã", "10 Â"])
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


@each(
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


@each("heading", ["Multimedia", "Duration", "Image_URL", "Kuva", "Language"])
def test_other_headings_name_nothing(heading: str) -> None:
    assert recognised([heading]) == 0


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
