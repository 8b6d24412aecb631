"""Lists of operations of any member state: mappings, guesses, totals, notes, private columns."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from bench import generate
from loaders.errors import SourceError
from loaders.tables import open_table
from loaders.tables.entry import Entry, UnreadRow
from loaders.tables.guess import guess
from loaders.tables.headings import LEXICON
from loaders.tables.mapping import Mapping, choose, files, from_dict, kind_of, load
from loaders.tables.plan import Plan
from loaders.tables.rows import Reader, logical
from loaders.tables.states import language_of
from tests.cases import each

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "operations"
AT = (
    "Bezeichnung des Vorhabens/\noperation name",
    "Name des Begünstigten/\nname of beneficiary",
    "Zusammenfassung des Vorhabens/\noperation summary",
    "Datum des Beginns des Vorhabens/\noperation start date",
    "Datum des Endes des Vorhabens/\noperation end date",
    "Gesamtbetrag der förderfähigen Ausgaben des Vorhabens/\ntotal eligible expenditure allocated to the operation*",
    "Unions-Kofinanzierungssatz pro Prioritätsachse/\nUnion co-financing rate, as per priority axis**",
    "Regionalcode des Vorhabens/\nlocation indicator",
    "Land/\ncountry",
    "Bezeichnung der Interventionskategorie für das Vorhaben/\nname of category of intervention for the operation",
)
NL = (
    "Project_Nummer     Project_Number",
    "Actie",
    "Tijdvak",
    "Naam Aanvrager            Beneficiary name",
    "Locatie project      operation postcode",
    "Land       Country",
    "Inverventie- categorie  Name of category of intervention",
    "Naam Project         Project Name",
    "Project samenvatting       Project Summary",
    "Startdatum project           Project start date",
    "Einddatum project          Project end date",
    "EUSF subsidie toegekend verlening   ESF approved on request",
    "Totale subsidiabele kosten bij verlening            Total eligible expenditure on request",
)


def written(
    folder: Path, name: str, rows: list[tuple[str, ...] | list[str]], separator: str = ",", encoding: str = "utf-8"
) -> Path:
    def quoted(cell: str) -> str:
        return f'"{cell}"' if separator in cell or "\n" in cell else cell

    path = folder / name
    path.write_text("\n".join(separator.join(quoted(c) for c in row) for row in rows) + "\n", encoding=encoding)
    return path


def read(path: Path, mapping: Mapping | None = None) -> tuple[Plan, list[Entry], list[UnreadRow]]:
    table = open_table(path)
    plan = Plan.of(table, mapping or choose(table))
    reader = Reader(plan)
    found = [reader.read(record) for record in logical(plan, table.records())]
    return plan, [e for e in found if isinstance(e, Entry)], [e for e in found if isinstance(e, UnreadRow)]


# mappings as data


@each("path", files(), ids=lambda p: p.stem)
def test_a_shipped_mapping_is_complete(path: Path) -> None:
    mapping = load(path)
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    assert mapping.identifier == path.stem
    assert mapping.title
    assert set(mapping.required) <= set(mapping.columns)
    assert {"name", "name_en"} & set(mapping.columns)
    assert all(kind_of(role) for role in mapping.columns)
    assert set(data.get("lists", {})) | set(data.get("evidence", {})) <= set(mapping.columns)


def test_every_role_of_the_lexicon_is_read_or_left_by_name() -> None:
    kinds = {table["kind"] for table in tomllib.loads(LEXICON.read_text(encoding="utf-8")).values()}
    assert kinds == {"code", "text", "date", "amount", "percent", "private", "ignore"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"columns": {}}, "needs .columns."),
        ({"colums": {"name": "x"}}, "unknown field `colums`"),
        ({"columns": {"nmae": "x"}}, "no such role: 'nmae'"),
    ],
)
def test_a_mapping_that_is_wrong_says_what(data: dict[str, object], message: str) -> None:
    with pytest.raises(SourceError, match=message):
        from_dict(data, "own")


def test_a_list_without_a_mapping_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = written(
        tmp_path, "xx.csv", [("Operation name", "Beneficiary", "Total eligible expenditure"), ("A", "B", "5")]
    )
    with pytest.raises(SourceError, match=r"load xx\.csv --guess"):
        choose(open_table(path))


# the layouts shipped


def test_austria_erdf(tmp_path: Path) -> None:
    rows = [
        AT,
        [
            "Halle",
            "Muster GmbH",
            "Bau, Halle",
            "27.06.2016",
            "30.06.2017",
            "403514,06",
            "18,13 %",
            "60660 - Dobl",
            "AUSTRIA",
            "1 - Investitionen",
        ],
    ]
    plan, (entry,), _ = read(written(tmp_path, "at.csv", rows))
    assert plan.mapping.identifier == "at-efre-2014-2020"
    assert entry.money == (("planned", "total-eligible", "403514.06", "EUR", "0.01", "403514,06", False),)
    assert entry.values["rate"] == "18.13"
    assert (entry.values["fund"], entry.values["country"], entry.values["start"]) == ("EAKR", "AT", "2016-06-27")
    assert entry.key.startswith("at-2014at16rfop001-halle-")


def test_the_same_headings_of_another_state_are_not_taken_for_austrias(tmp_path: Path) -> None:
    rows = [
        AT,
        ["Halle", "Muster GmbH", "Bau", "27.06.2016", "30.06.2017", "403514,06", "18,13 %", "x", "Deutschland", "1"],
    ]
    with pytest.raises(SourceError, match="no mapping"):
        choose(open_table(written(tmp_path, "de.csv", rows)))


def test_netherlands_esf(tmp_path: Path) -> None:
    row = [
        "2014EUSF1",
        "AMR",
        "2014",
        "Gemeente X",
        "X",
        "NL",
        "n.v.t.",
        "KANSEN I",
        "Het creÃ«ren\nvan werk",
        "01.05.2014",
        "30.04.2016",
        "€ 2.034.550",
        "€ 8.239.560",
    ]
    plan, (entry,), _ = read(written(tmp_path, "nl.csv", [NL, row]))
    assert plan.mapping.identifier == "nl-esf-2014-2020"
    assert [a.value for a in entry.money] == ["2034550", "8239560"]
    assert "category" not in entry.values
    assert entry.values["summary"] == "Het creëren van werk"
    assert (entry.key, entry.first, entry.last) == ("nl-2014nl05sfop001-2014EUSF1", 2, 3)


@pytest.mark.parametrize(
    ("name", "fund"), [("pl-cf-2014-2020.csv", "CF"), ("pl-efrr-2014-2020.csv", "EAKR"), ("lista.csv", None)]
)
def test_poland_in_its_own_money_and_the_fund_of_its_file(tmp_path: Path, name: str, fund: str | None) -> None:
    head = (
        "Tytuł projektu",
        "Nazwa beneficjenta",
        "Wartość projektu",
        "Dofinansowanie z EU",
        "Multimedia",
        "Dziedzina",
        "Czy projekt",
    )
    rows = [head, ["Łącznik węzła", "URZĄD", "2607614076.74", "1355184582.35", "Nie", "brak", "Tak"]]
    _, (entry,), _ = read(written(tmp_path, name, rows, ";", "cp1250"))
    assert entry.values["name"] == "Łącznik węzła"
    assert [(a.scope, a.value, a.currency) for a in entry.money] == [
        ("total", "2607614076.74", "PLN"),
        ("eu", "1355184582.35", "PLN"),
    ]
    assert entry.values.get("fund") == fund
    assert "category" not in entry.values


def test_kohesio(tmp_path: Path) -> None:
    path = tmp_path / "FI-pp14-20-latest.csv"
    generate.write(path, "kohesio", 50)
    plan, entries, left = read(path)
    assert (plan.mapping.identifier, plan.country, len(entries), left) == ("kohesio", "FI", 50, [])
    first = entries[0]
    assert first.key == first.code == "S200000"
    assert (first.values["fund"], first.values["rate"], first.values["category"]) in {
        ("ESR", "50", "117.0"),
        ("EAKR", "50", "117.0"),
    }
    assert {a.scope for a in first.money} == {"total-eligible", "eu"}


# guesses


def test_a_guess_reads_a_list_it_has_never_seen(tmp_path: Path) -> None:
    path = tmp_path / "se-erdf-2014-2020.csv"
    head = [
        "Ärende-ID",
        "Stödmottagare",
        "Projektnamn",
        "Projektbeskrivning",
        "Starttid",
        "Sluttid",
        "Beviljat belopp",
        "Projektledare",
        "E-post",
        "Län",
    ]
    rows = [
        [
            f"2020{i}",
            f"Bolag {i} AB",
            f"Utveckling av {i}",
            "För och med",
            "2015-01-02",
            "2016-03-04",
            f"{i} 250,50",
            "N N",
            f"n{i}@example.org",
            "Dalarna",
        ]
        for i in range(1, 9)
    ]
    written(path.parent, path.name, [head, *rows], ";")
    proposal = guess(path)
    mapping = from_dict(tomllib.loads(proposal.text), "proposed")
    plan, entries, left = read(path, mapping)
    assert (len(entries), left) == (8, [])
    assert (mapping.country, mapping.language, mapping.period, mapping.fund) == ("SE", "sv", "2014-2020", "EAKR")
    assert entries[0].money[0][:4] == ("granted", "total-public", "1250.50", "SEK")
    assert (entries[0].values["start"], entries[0].key) == ("2015-01-02", f"se-2014-2020-{plan.list_id}-20201")
    assert plan.private == {7, 8}
    assert not any("@" in e.words or "N N" in e.words for e in entries)


def test_a_guess_looks_at_the_values_and_not_at_the_headings_alone(tmp_path: Path) -> None:
    head = [
        "Intitulé du projet",
        "Nom du bénéficiaire",
        "Date de début",
        "Montant UE programmé - Union co-financing rate",
        "Total dépenses éligibles",
    ]
    rows = [[f"Projet {i}", f"Ville {i}", "03/02/2015", f"{i}0 500,00", f"{i}1 000,00"] for i in range(1, 9)]
    mapping = guess(written(tmp_path, "fr.csv", [head, *rows], ";")).mapping
    assert "rate" not in mapping.columns
    assert mapping.columns["money.granted.eu"] == ("Montant UE programmé - Union co-financing rate",)


def test_american_dates_and_numbers_are_told_by_their_values(tmp_path: Path) -> None:
    head = [
        "Name des Begünstigten",
        "Bezeichnung des Vorhabens",
        "Datum des Beginns des Vorhabens",
        "Datum des Endes des Vorhabens",
        "Förderfähige Ausgaben",
    ]
    rows = [
        ["X GmbH", "A", "12/17/2015", "6/16/2017", "4,156.00"],
        ["Y GmbH", "B", "1/2/2016", "2/3/2017", "160,900.00"],
    ]
    path = written(tmp_path, "de-esf-2014-2020.csv", [head, *rows], ";")
    _, entries, _ = read(path, guess(path).mapping)
    assert [(e.values["start"], e.money[0].value) for e in entries] == [
        ("2015-12-17", "4156.00"),
        ("2016-01-02", "160900.00"),
    ]


def test_what_is_no_list_of_projects_has_no_guess(tmp_path: Path) -> None:
    path = written(tmp_path, "x.csv", [("Vuosi", "Sademäärä", "Lämpötila"), ("2020", "5", "6"), ("2021", "7", "8")])
    proposal = guess(path)
    assert proposal.questions == ('which column names the operations? Write it under [columns]: name = "…"',)
    assert "# OPEN QUESTION: which column" in proposal.text
    assert 'not read: "Sademäärä"' in proposal.text
    with pytest.raises(SourceError, match="open question"):
        _ = proposal.mapping


@each(
    ("text", "language"),
    [
        ("Palvelujen kehittäminen ja uudet mallit sekä verkosto", "fi"),
        ("Förderung der Wirtschaft und des Handwerks", "de"),
        ("12 34", "und"),
        ("Aménagement de la gare et des quais pour les voyageurs", "fr"),
        ("Wsparcie na rzecz firm i dla regionu w ramach", "pl"),
    ],
)
def test_the_language_of_names(text: str, language: str) -> None:
    assert language_of([text]) == language


# rows that are not projects, and rows of one project


SIMPLE = from_dict(
    {
        "id": "simple",
        "country": "EE",
        "columns": {"code": "Code", "name": "Name", "beneficiary": "Who", "region": "Where", "money.granted.eu": "EU"},
    },
    "x",
)
HEAD = ("Code", "Name", "Who", "Where", "EU")


def test_totals_notes_and_headings_said_again_are_left_out_and_not_rejected(tmp_path: Path) -> None:
    rows = [
        HEAD,
        ("1", "A", "X", "N", "5"),
        HEAD,
        ("2", "B", "Y", "N", "6"),
        ("", "", "", "", "11"),
        ("Total", "", "", "", "11"),
        ("* rounded", "", "", "", ""),
        ("Source: register", "", "", "", ""),
    ]
    _, entries, left = read(written(tmp_path, "x.csv", rows, ";"), SIMPLE)
    assert [e.code for e in entries] == ["1", "2"]
    assert [(row.reason, row.rejected) for row in left] == [
        ("the headings again", False),
        ("a total", False),
        ("a total", False),
        ("a note", False),
        ("a note", False),
    ]


def test_a_row_without_a_name_or_code_is_rejected(tmp_path: Path) -> None:
    rows = [HEAD, ("1", "", "X", "N", "5"), ("", "B", "Y", "N", "6"), ("3", "C", "4711", "N", "7")]
    _, entries, left = read(written(tmp_path, "x.csv", rows, ";"), SIMPLE)
    # a row that has its name and money is not lost for its code
    assert [(e.first, e.code) for e in entries] == [(3, None)]
    assert [(row.line, row.reason) for row in left] == [
        (2, "no name of a project"),
        (4, "the name of the implementer is a number, '4711': the row is shifted"),
    ]


def test_text_that_goes_on_in_the_next_row_is_joined(tmp_path: Path) -> None:
    rows = [HEAD, ("1", "A", "X", "North", "5"), ("", "", "", "and South", ""), ("2", "B", "Y", "N", "6")]
    _, entries, _ = read(written(tmp_path, "x.csv", rows, ";"), SIMPLE)
    assert [(e.values["region"], e.first, e.last) for e in entries] == [("North and South", 2, 3), ("N", 4, 4)]


def test_a_row_that_names_only_its_implementer_belongs_to_the_project_above(tmp_path: Path) -> None:
    rows = [HEAD, ("1", "A", "X", "N", "5"), ("", "", "Y", "S", "6")]
    _, entries, _ = read(written(tmp_path, "x.csv", rows, ";"), SIMPLE)
    assert [(e.code, e.values["name"], e.values["beneficiary"]) for e in entries] == [("1", "A", "X"), ("1", "A", "Y")]


def test_the_amount_of_a_merged_cell_counts_once(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (HEAD, ("1", "A", "X", "N", 5), (None, None, "Y", "S", None)):
        book.active.append(row)
    for area in ("A2:A3", "B2:B3", "E2:E3"):
        book.active.merge_cells(area)
    path = tmp_path / "x.xlsx"
    book.save(path)
    _, entries, _ = read(path, SIMPLE)
    assert [(e.code, len(e.money)) for e in entries] == [("1", 1), ("1", 0)]


def test_a_formula_without_a_value_rejects_its_row(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (HEAD, ("1", "A", "X", "N", "=2+3"), ("2", "B", "Y", "S", 5)):
        book.active.append(row)
    path = tmp_path / "x.xlsx"
    book.save(path)
    _, entries, left = read(path, SIMPLE)
    assert [e.code for e in entries] == ["2"]
    assert "formula" in left[0].reason


def test_amounts_in_thousands_are_in_euros(tmp_path: Path) -> None:
    mapping = from_dict(
        {
            "columns": {"name": "Name", "money.granted.eu": "EU (in TEUR)", "money.planned.total": "Gesamt"},
            "scale": {"money.planned.total": 1000000},
        },
        "x",
    )
    _, (entry,), _ = read(
        written(tmp_path, "x.csv", [("Name", "EU (in TEUR)", "Gesamt"), ("A", "1,5", "2")], ";"), mapping
    )
    assert [(a.value, a.precision, a.stated) for a in entry.money] == [
        ("1500.0", "100.0", "1,5"),
        ("2000000", "1000000", "2"),
    ]


def test_columns_that_address_persons_are_found_by_their_values(tmp_path: Path) -> None:
    mapping = from_dict({"columns": {"name": "Name", "place": "Info"}}, "x")
    rows = [("Name", "Info", "Muu"), *[(f"H{i}", f"N N, n{i}@example.org", "x") for i in range(6)]]
    plan, entries, _ = read(written(tmp_path, "x.csv", rows, ";"), mapping)
    assert plan.private == {1}
    assert all("place" not in e.values and "example.org" not in e.words for e in entries)


# the full lists


@pytest.fixture
def lists() -> Iterator[Path]:
    if not SHARED.exists():
        pytest.skip("the lists of other states do not lie beside the repository")
    return SHARED


@pytest.mark.documents
@pytest.mark.parametrize(
    ("name", "mapping", "rows"),
    [
        ("at-efre-2014-2020-vorhabensliste.csv", "at-efre-2014-2020", 49),
        ("at-esf-2014-2020-liste-der-vorhaben.xlsx", "at-esf-2014-2020", 245),
        ("nl-esf-2014-2020-publicatielijst.csv", "nl-esf-2014-2020", 70),
        ("pl-cf-2014-2020.csv", "pl-2014-2020", 125),
    ],
)
def test_the_full_lists_by_their_mapping_and_by_a_guess(lists: Path, name: str, mapping: str, rows: int) -> None:
    plan, entries, left = read(lists / name)
    assert (plan.mapping.identifier, len(entries), left) == (mapping, rows, [])
    _, guessed, left = read(lists / name, guess(lists / name).mapping)
    assert (len(guessed), left) == (rows, [])
    for one, other in zip(entries, guessed, strict=True):
        assert one.money == other.money
        assert {k: one.values.get(k) for k in ("name", "beneficiary", "start", "end", "fund")} == {
            k: other.values.get(k) for k in ("name", "beneficiary", "start", "end", "fund")
        }
