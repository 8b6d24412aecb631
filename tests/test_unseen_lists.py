"""Lists in layouts that no shipped mapping knows, read by the guess alone; and tables that a portal describes beside them.

The lists are invented in the manner of the German, Irish, Latvian and Scottish authorities. What they should give is the sum of
the numbers they were written from, not of anything that was read.
"""

from __future__ import annotations

import csv
import datetime
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from loaders.errors import SourceError
from loaders.tables import metadata, open_table
from loaders.tables.dates import DateForm, date
from loaders.tables.entry import Entry, Placed, UnreadRow
from loaders.tables.guess import guess
from loaders.tables.mapping import Mapping
from loaders.tables.placing import place
from loaders.tables.plan import Plan
from loaders.tables.rows import Reader, logical

COSTS = [Decimal(n * n * 7919 + 100_003) / 100 for n in range(1, 26)]
"""Total costs with cents, one an operation."""
Outcome = tuple[list[Entry], list[UnreadRow]]


def read(path: Path, mapping: Mapping | None = None) -> Outcome:
    """Every sheet of a list, by a mapping or by the guess."""
    table = open_table(path)
    chosen = mapping or guess(path).mapping
    found: list[Entry | UnreadRow] = []
    for one in (table, *table.others):
        plan = Plan.of(one, chosen)
        found += [Reader(plan).read(record) for record in logical(plan, one.records())]
    return [e for e in found if isinstance(e, Entry)], [e for e in found if isinstance(e, UnreadRow)]


def sums(entries: list[Entry]) -> dict[tuple[str, str, str], Decimal]:
    found: Counter[tuple[str, str, str]] = Counter()
    for amount in (amount for entry in entries for amount in entry.money):
        found[amount.phase, amount.scope, amount.currency] += Decimal(amount.value)  # type: ignore[assignment]
    return dict(found)  # type: ignore[arg-type]


def write(path: Path, rows: list[list[str]], delimiter: str = ";", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def german(value: Decimal) -> str:
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


def test_a_german_list_of_esf_plus_with_titles_two_languages_and_a_total(tmp_path: Path) -> None:
    rows = [
        ["Liste der Vorhaben gemäß Artikel 49 Absatz 3 VO (EU) 2021/1060", *[""] * 7],
        ["Freistaat Beispiel, ESF Plus 2021-2027; Stand: 30.06.2024", *[""] * 7],
        [
            "Name des Begünstigten (bei juristischen Personen) / Name of beneficiary",
            "Bezeichnung des Vorhabens / Name of operation",
            "Datum des Beginns des Vorhabens",
            "Voraussichtliches oder tatsächliches Datum des Abschlusses des Vorhabens",
            "Gesamtkosten des Vorhabens (in EUR)",
            "Betroffener Fonds",
            "Unionskofinanzierungssatz",
            "Standortindikator oder Geolokalisierung",
        ],
    ]
    for n, cost in enumerate(COSTS):
        who = f"Bildungswerk {n} gGmbH" if n % 5 else "Natürliche Person"
        rows.append(
            [who, f"Beratung {n}", "03.04.2023", "30.11.2025", f"{german(cost)} €", "ESF+", "40,00 %", "Musterstadt"]
        )
    rows.append(["Gesamtsumme", "", "", "", f"{german(sum(COSTS, Decimal(0)))} €", "", "", ""])
    entries, left = read(write(tmp_path / "de-beispiel-esf-plus.csv", rows, encoding="cp1252"))
    assert (len(entries), [(row.reason, row.rejected) for row in left]) == (25, [("a total", False)])
    assert sums(entries) == {("planned", "total", "EUR"): sum(COSTS)}
    assert {e.values["period"] for e in entries} == {"2021-2027"}
    assert {e.values["end"] for e in entries} == {"2025-11-30"}
    # a natural person is nobody: not one organisation over all lists
    assert sum("beneficiary" not in e.values for e in entries) == 5


def test_a_german_workbook_of_erdf_with_a_total_and_a_sheet_of_notes(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["EFRE-Programm Musterland 2021–2027"])
    sheet.append([])
    sheet.append(
        [
            "lfd. Nr.",
            "Vorhaben-Nr.",
            "Zuwendungsempfänger",
            "Vorhabenbezeichnung",
            "Vorhabenbeginn",
            "Vorhabenende",
            "Förderfähige Gesamtausgaben",
            "Bewilligte EFRE-Mittel",
            "Kofinanzierungssatz",
            "Ort",
        ]
    )
    start, end = datetime.date(2022, 5, 1), datetime.date(2024, 4, 30)
    for n, cost in enumerate(COSTS, 1):
        who, grant = f"Stadtwerke Ort {n % 7} AöR", float(round(cost * Decimal("0.4"), 2))
        sheet.append([n, f"EFRE-20{n:05d}", who, f"Sanierung {n}", start, end, float(cost), grant, 0.4, "Musterort"])
    sheet.append([None, None, None, "Summe", None, None, float(sum(COSTS))])
    notes = book.create_sheet("Hinweise")
    notes.append(["Quelle: die Verwaltungsbehörde"])
    book.save(tmp_path / "musterland-transparenzliste.xlsx")
    entries, left = read(tmp_path / "musterland-transparenzliste.xlsx")
    assert (len(entries), [row.reason for row in left]) == (25, ["a total"])
    assert sums(entries)["planned", "total-eligible", "EUR"] == sum(COSTS)
    assert sums(entries)["granted", "eu", "EUR"] == sum(round(cost * Decimal("0.4"), 2) for cost in COSTS)
    assert entries[0].code == "EFRE-2000001"
    assert any("'Hinweise'" in doubt for doubt in guess(tmp_path / "musterland-transparenzliste.xlsx").doubts)


def test_an_irish_list_with_month_names_and_quoted_commas(tmp_path: Path) -> None:
    rows = [
        [
            "Beneficiary Name",
            "Operation Name",
            "Purpose of the operation and its expected or actual achievements",
            "Start Date",
            "Expected or Actual Date of Completion",
            "Total Cost of the Operation",
            "Fund",
            "Location",
            "Union Co-Financing Rate",
            "Project Ref",
        ]
    ]
    for n, cost in enumerate(COSTS):
        purpose = f'To support SMEs, start-ups and "spin-outs" {n}'
        row = [f"Example University {n % 4}", f"Innovation Hub, Phase {n}", purpose, "7-Mar-23", "30-Sept-2026"]
        rows.append([*row, f"€{cost:,.2f}", "ERDF", "Co. Beispiel", "40%", f"NW-{n:04d}"])
    path = write(tmp_path / "ie-erdf-2021-2027.csv", rows, ",", "utf-8-sig")
    entries, left = read(path)
    assert (len(entries), left) == (25, [])
    assert sums(entries) == {("planned", "total", "EUR"): sum(COSTS)}
    assert {(e.values["start"], e.values["end"]) for e in entries} == {("2023-03-07", "2026-09-30")}
    assert len({e.key for e in entries}) == 25


def test_a_latvian_list_with_three_kinds_of_money(tmp_path: Path) -> None:
    rows = [
        [
            "Projekta numurs",
            "Finansējuma saņēmējs",
            "Projekta nosaukums",
            "Projekta sākuma datums",
            "Projekta beigu datums",
            "Kopējās projekta izmaksas, EUR",
            "Kopējās attiecināmās izmaksas, EUR",
            "ES fonda finansējums, EUR",
            "Fonds",
        ]
    ]
    for n, cost in enumerate(COSTS):
        money = [f"{value:,.2f}".translate(str.maketrans(",.", " ,")) for value in (cost, cost - 100, cost - 200)]
        rows.append(
            [
                f"1.1.1.1/16/A/{n:03d}",
                f'SIA "Paraugs {n % 9}"',
                f"Ēka {n}",
                "01.02.2017.",
                "31.12.2019.",
                *money,
                "ERAF",
            ]
        )
    entries, left = read(write(tmp_path / "lv-projekti-2014-2020.csv", rows))
    assert (len(entries), left) == (25, [])
    assert sums(entries) == {
        ("planned", "total", "EUR"): sum(COSTS),
        ("planned", "total-eligible", "EUR"): sum(COSTS) - 2500,
        ("granted", "eu", "EUR"): sum(COSTS) - 5000,
    }
    assert {e.values["fund"] for e in entries} == {"EAKR"}


def test_a_scottish_workbook_of_two_funds_in_pounds(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for fund in ("ERDF", "ESF"):
        sheet = book.create_sheet(fund)
        sheet.append([f"Scotland {fund} Operational Programme 2014-2020: List of Operations"])
        sheet.append([])
        sheet.append(
            [
                "Lead Partner",
                "Operation",
                "Operation Reference",
                "Operation Start Date",
                "Operation End Date",
                "Total Eligible Expenditure (£)",
                "ESIF Grant Awarded (£)",
                "Operation Postcode",
                "Country",
            ]
        )
        for n, cost in enumerate(COSTS):
            when = datetime.date(2016, 1, 4), datetime.date(2018, 3, 31)
            # the reference starts anew on each sheet
            row = [f"Sample Council {n}", f"Smart Town {n}", f"LUPS/0{n}", *when, float(cost), float(cost / 2)]
            sheet.append([*row, "ZZ1 1ZZ", "UK"])
        sheet.append(["TOTAL", None, None, None, None, "=SUM(F4:F28)"])
    book.remove(book.worksheets[0])
    book.save(tmp_path / "scotland-esif.xlsx")
    entries, left = read(tmp_path / "scotland-esif.xlsx")
    assert (len(entries), {row.reason for row in left}) == (50, {"a total"})
    assert sums(entries) == {
        ("planned", "total-eligible", "GBP"): 2 * sum(COSTS),
        ("granted", "eu", "GBP"): sum(COSTS),
    }
    assert Counter(e.values["fund"] for e in entries) == {"EAKR": 25, "ESR": 25}


def test_a_list_of_2007_2013_says_what_was_granted_and_paid(tmp_path: Path) -> None:
    rows = [
        ["Name der Begünstigten", "Bezeichnung der Vorhaben", "Jahr der Bewilligung / Restzahlung", "Gewährte Beträge"]
    ]
    rows[0].append("Bei Abschluss des Vorhabens gezahlte Gesamtbeträge")
    rows += [[f"Träger {n} e. V.", "Werkstatt", "2009", german(c), german(c - 50)] for n, c in enumerate(COSTS)]
    entries, _ = read(write(tmp_path / "verzeichnis-esf-2007-2013.csv", rows))
    assert sums(entries) == {
        ("granted", "total-public", "EUR"): sum(COSTS),
        ("paid", "total-public", "EUR"): sum(COSTS) - 1250,
    }


# tables that a portal describes

TABLE = [["nr", "wer", "was", "beginn", "summe"]]
TABLE += [[f"P-{n}", f"Verein {n}", f"Hof {n}", f"0{n}/02/2024", f"{n}.000,50"] for n in range(1, 7)]
TITLES = ["Operation code", "Beneficiary name", "Operation name", "Start date", "Total cost of the operation"]


def test_a_data_package_is_the_mapping_of_its_table(tmp_path: Path) -> None:
    path = write(tmp_path / "liste.csv", TABLE)
    fields: list[dict[str, object]] = [{"name": n, "title": t} for n, t in zip(TABLE[0], TITLES, strict=True)]
    fields[3] |= {"type": "date", "format": "%d/%m/%Y"}
    fields[4] |= {"type": "number", "decimalChar": ","}
    package = {"title": "Vorhaben", "resources": [{"path": "liste.csv", "schema": {"fields": fields}}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert metadata.is_metadata(tmp_path / "datapackage.json")
    assert metadata.tables_of(tmp_path / "datapackage.json") == [path]
    mapping = metadata.mapping_beside(path)
    assert mapping is not None
    entries, left = read(path, mapping)
    assert (len(entries), left) == (6, [])
    assert sums(entries) == {("planned", "total", "EUR"): Decimal("21003.00")}
    # day first because the package says so: the values alone do not tell
    assert (entries[0].code, entries[0].values["start"]) == ("P-1", "2024-02-01")


def test_csv_on_the_web_metadata_is_the_mapping_of_its_table(tmp_path: Path) -> None:
    path = write(tmp_path / "liste.csv", TABLE)
    columns: list[dict[str, object]] = [
        {"name": n, "titles": {"de": [n], "en": [t]}, "dc:description": t}
        for n, t in zip(TABLE[0], TITLES, strict=True)
    ]
    columns[3]["datatype"] = {"base": "date", "format": "MM/dd/yyyy"}
    columns[4]["datatype"] = {"base": "decimal", "format": {"decimalChar": ","}}
    said = {"@context": "http://www.w3.org/ns/csvw", "url": "liste.csv", "tableSchema": {"columns": columns}}
    (tmp_path / "liste.csv-metadata.json").write_text(json.dumps(said), encoding="utf-8")
    mapping = metadata.mapping_beside(path)
    assert mapping is not None
    entries, _ = read(path, mapping)
    assert sums(entries) == {("planned", "total", "EUR"): Decimal("21003.00")}
    assert entries[1].values["start"] == "2024-02-02"
    assert entries[2].values["start"] == "2024-03-02"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"resources": [{"path": "../liste.csv"}]}', "lies outside its folder"),
        ('{"resources": [{"path": "fehlt.csv"}]}', "does not lie beside it"),
        ("[]", "describes no table"),
        ("{", "is no JSON"),
    ],
)
def test_a_description_that_cannot_be_used_is_refused_by_name(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "datapackage.json").write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        metadata.tables_of(tmp_path / "datapackage.json")


def test_a_description_without_operations_makes_no_mapping(tmp_path: Path) -> None:
    path = write(tmp_path / "liste.csv", TABLE)
    package = {"resources": [{"path": "liste.csv", "schema": {"fields": [{"name": "temperature"}]}}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert metadata.mapping_beside(path) is None


def test_signs_of_money_are_no_letters_of_another_encoding(tmp_path: Path) -> None:
    """In a list of plain words the pound, the euro and the dash are all that is not ASCII."""
    rows = [
        ["Lead Partner Name", "Project Title", "Start Date", "Total Project Cost", "ERDF Grant", "Project Reference"]
    ]
    rows += [
        [f"Council {n}", f"Harbour – phase {n}", "1 April 2016", f"£{c:,.2f}", "", f"3/{n}"]
        for n, c in enumerate(COSTS)
    ]
    entries, _ = read(write(tmp_path / "pounds.csv", rows, ",", "cp1252"))
    assert sums(entries) == {("planned", "total", "GBP"): sum(COSTS)}
    assert entries[1].values["name"] == "Harbour – phase 1"
    rows = [["Zuwendungsempfänger", "Vorhaben", "Gesamtkosten"]]
    rows += [[f"Verein {n}", f"Hof {n}", f"{german(c)}€"] for n, c in enumerate(COSTS)]
    assert sums(read(write(tmp_path / "euros.csv", rows, encoding="cp1252"))[0]) == {
        ("planned", "total", "EUR"): sum(COSTS)
    }


# kinds of layouts that public lists have, each small


def test_headings_of_parts_stand_below_headings_that_span_them(tmp_path: Path) -> None:
    rows = [
        ["N° de dossier", "Nom du bénéficiaire", "Nom de l'opération", "Montants", "", "Taux de cofinancement UE"],
        ["", "", "", "Total des dépenses éligibles", "dont UE", ""],
    ]
    rows += [[f"X{n}", f"Commune {n}", f"École {n}", german(c), german(c - 1), "50,00%"] for n, c in enumerate(COSTS)]
    entries, left = read(write(tmp_path / "liste.csv", rows))
    assert (len(entries), left) == (25, [])
    assert sums(entries) == {
        ("planned", "total-eligible", "EUR"): sum(COSTS),
        ("granted", "eu", "EUR"): sum(COSTS) - 25,
    }


def test_subtotals_with_a_name_are_known_by_their_sums(tmp_path: Path) -> None:
    rows = [["Activity Ref.", "Activity", "Public Beneficiary Body", "Start", "Total Eligible Expenditure 2014-2020"]]
    for n, cost in enumerate(COSTS):
        rows.append([f"1.{n}", f"Total recall {n}", "Department of Samples", "01/02/2014", f"{cost:,.2f}"])
        if n % 5 == 4:
            rows.append(["", f"Sub-total of priority {n}", "", "", f"{sum(COSTS[n - 4 : n + 1]):,.2f}"])
    rows.append(["", "Grand total", "", "", f"{sum(COSTS):,.2f}"])
    entries, left = read(write(tmp_path / "ireland-2014-2020.csv", rows, ","))
    assert (len(entries), [row.reason for row in left]) == (25, ["a total"] * 6)
    assert sums(entries) == {("planned", "total-eligible", "EUR"): sum(COSTS)}


@pytest.mark.parametrize(
    ("heading", "cell", "role"),
    [
        ("Unionsbeteiligung in %", "40", "rate"),
        ("Unions-Kofinanzierungssatz / Union co-financing", "0,5", "rate"),
        ("Gesamtausgaben (förderfähig)", "1.234,50", "money.planned.total-eligible"),
        ("Gewährte Beträge (EFRE und nationale Mittel)", "1.234,50", "money.granted.total-public"),
        ("Percent of project funded by EU", "50%", "rate"),
        ("Eligible Project Cost (£)", "1,234.50", "money.planned.total-eligible"),
        # one word makes a grant the state's, paid, applied for, or one part of the public money
        ("Nationale Förderung", "1.234,50", "money.granted.state"),
        ("Förderung Bund", "1.234,50", "money.granted.state"),
        ("Nationale Förderung EFRE", "1.234,50", None),
        ("Public funding (national and Community)", "1,234.50", "money.granted.total-public"),
        ("Ausgezahlte Fördermittel", "1.234,50", "money.paid.total-public"),
        ("Udbetalt EU-tilskud", "1.234,50", "money.paid.eu"),
        ("ESF/ ERDF Grant requested", "1,234.50", "money.applied.eu"),
        ("Beantragte Zuwendung", "1.234,50", "money.applied.total-public"),
        ("Cyllid Cyfatebol / Match Funding", "1,234.50", None),
        ("Sonstige öffentliche Mittel", "1.234,50", None),
        ("Zurückgeforderte Zuwendung", "1.234,50", None),
        ("Number of grants", "1,234", None),
        ("Tatsächliche Gesamtkosten", "1.234,50", "money.realised.total"),
        ("Tatsächliche oder voraussichtliche Gesamtkosten", "1.234,50", "money.planned.total"),
    ],
)
def test_what_a_heading_of_money_or_rates_means(tmp_path: Path, heading: str, cell: str, role: str | None) -> None:
    rows = [["Begünstigter", "Vorhaben", heading], *([f"Verein {n}", f"Hof {n}", cell] for n in range(5))]
    read = list(guess(write(tmp_path / "liste.csv", rows)).mapping.columns)
    assert read == ["beneficiary", "name", *filter(None, [role])]


def test_the_state_of_a_list_is_told_by_its_language_and_so_is_its_money(tmp_path: Path) -> None:
    rows = [["Tytuł projektu", "Nazwa beneficjenta", "Wartość projektu"]]
    rows += [[f"Przebudowa drogi w gminie {n}", f"Gmina {n}", german(c)] for n, c in enumerate(COSTS)]
    path = write(tmp_path / "lista.csv", rows)
    assert sums(read(path)[0]) == {("planned", "total", "PLN"): sum(COSTS)}
    assert "country PL is taken by the words of the list" in guess(path).doubts


def test_a_column_that_names_no_currency_has_that_of_the_column_beside_it(tmp_path: Path) -> None:
    rows = [["Beneficiary", "Project name", "Total cost (NOK)", "EU grant"], ["Town", "Bridge", "1000", "500"]]
    assert {amount.currency for amount in read(write(tmp_path / "x.csv", rows))[0][0].money} == {"NOK"}


def test_a_page_with_a_table_is_read_as_portals_name_it_xls(tmp_path: Path) -> None:
    cells = "".join(f"<tr><td>P{n}<td>Ēka {n}<td>SIA {n}<td>{n}000,50</tr>" for n in range(1, 8))
    head = "<th>Projekta numurs<th>Projekta nosaukums<th>Finansējuma saņēmējs<th>Kopējais finansējums"
    page = f"<!DOCTYPE html><html><body><table><tr><td>menu</table><table><tr>{head}</tr>"
    (tmp_path / "lv.xls").write_text(
        f"{page}<tr><th colspan=4>Rīga</tr>{cells}</table></body></html>", encoding="utf-8"
    )
    entries, left = read(tmp_path / "lv.xls")
    assert (len(entries), [row.rejected for row in left]) == (7, [False])
    assert sums(entries) == {("planned", "total", "EUR"): Decimal("28003.50")}


def test_banners_footers_and_headings_in_another_language_are_no_operations(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Beneficiary Name", "Operation Name", "Start Date", "Total Eligible Expenditure", "Rate"])
    sheet.append(["Nom du bénéficiaire", "Nom de l'opération", "Date de début", "Dépenses éligibles", "Taux"])
    for n, cost in enumerate(COSTS):
        if n % 10 == 0:
            sheet.append([f"Priority {n}: skills"])
            sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=5)
        sheet.append([f"Board {n}", f"Course {n}", datetime.date(2015, 1, 1), float(cost), 0.5])
    sheet.append(["Made by: the office, on 14/07/2016"])
    book.save(tmp_path / "ireland.xlsx")
    entries, left = read(tmp_path / "ireland.xlsx")
    assert (len(entries), any(row.rejected for row in left)) == (25, False)
    assert sums(entries) == {("planned", "total-eligible", "EUR"): sum(COSTS)}


def test_an_operation_without_a_name_keeps_its_money(tmp_path: Path) -> None:
    rows = [["Name of beneficiary", "Name of operation", "Total cost"]]
    rows += [[f"Council {n}", f"Harbour {n}" if n else "", f"{c:,.2f}"] for n, c in enumerate(COSTS)]
    entries, left = read(write(tmp_path / "england.csv", rows, ","))
    assert (sums(entries), left) == ({("planned", "total", "GBP"): sum(COSTS)}, [])
    assert entries[0].values["name"] == "Council 0"


@pytest.mark.parametrize(
    ("text", "language"),
    [("2023. gada 1. martā", "lv"), ("2023 m. kovo 1 d.", "lt"), ("2023. március 1.", "hu"), ("1 mars 2023", "fr")],
)
def test_dates_with_their_year_first_or_their_month_inflected(text: str, language: str) -> None:
    assert date(text, DateForm("dmy", language)) == "2023-03-01"


@pytest.mark.parametrize(("cost", "value"), [("1.25", "1250000.00"), ("2345678.90", "2345678.90")])
def test_a_unit_of_millions_counts_unless_the_amounts_are_too_large_for_it(
    tmp_path: Path, cost: str, value: str
) -> None:
    rows = [["Ref", "Project name", "Recipient name", "Total cost £m"]]
    rows += [[f"A{n}", f"Hub {n}", f"Council {n}", cost] for n in range(3)]
    entries, _ = read(write(tmp_path / "england.csv", rows, ","))
    assert {(amount.value, amount.currency) for entry in entries for amount in entry.money} == {(value, "GBP")}


def test_a_name_that_is_the_word_for_a_total_is_an_operation_where_the_row_is_full(tmp_path: Path) -> None:
    names = ["Total Quality", "Suma", "Gesamtschule Nord"]
    rows = [["Projektname", "Gesamtkosten", "Beginn"], *([name, "100,00", "01.02.2020"] for name in names)]
    entries, left = read(write(tmp_path / "de.csv", [*rows, ["Gesamt", "300,00", ""]]))
    assert ([e.values["name"] for e in entries], [row.reason for row in left]) == (names, ["a total"])


def test_a_word_among_codes_is_no_code_that_two_operations_share(tmp_path: Path) -> None:
    rows = [["Antragsnummer", "Projektname", "Begünstigter", "Gesamtkosten"]]
    rows += [[f"ESF-{n}", f"Kurs {n}", f"Verein {n}", "100,00"] for n in range(20)]
    rows += [["diverse", "Beratung", "Kammer", "100,00"], ["diverse", "Technische Hilfe", "Amt", "200,00"]]
    entries, _ = read(write(tmp_path / "de.csv", rows))
    assert (len(entries), len({entry.key for entry in entries})) == (22, 22)


def test_a_row_that_shares_all_but_its_amount_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Begünstigter", "Vorhaben", "Beginn", "Gesamtkosten"])
    for n, cost in enumerate(COSTS[:6]):
        shared = [f"Verein {n}", f"Hof {n}", datetime.date(2020, 1, 1)]
        sheet.append([*(shared if n % 2 == 0 else [None] * 3), float(cost)])
        for column in range(1, 4) if n % 2 else ():
            sheet.merge_cells(
                start_row=sheet.max_row - 1, end_row=sheet.max_row, start_column=column, end_column=column
            )
    book.save(tmp_path / "de.xlsx")
    entries, left = read(tmp_path / "de.xlsx")
    assert (len(entries), left) == (6, [])
    assert sums(entries) == {("planned", "total", "EUR"): sum(COSTS[:6])}


def test_years_are_no_money_whatever_their_heading_says(tmp_path: Path) -> None:
    rows = [["Τίτλος έργου", "Δικαιούχος", "Δημόσια Δαπάνη / Έτος Έγκρισης", "Επιλέξιμη Δαπάνη"]]
    rows += [[f"Έργο {n}", f"Δήμος {n}", str(2009 + n % 4), german(c)] for n, c in enumerate(COSTS)]
    entries, _ = read(write(tmp_path / "erga.csv", rows))
    assert sums(entries) == {("planned", "total-eligible", "EUR"): sum(COSTS)}


def test_headings_said_again_in_another_order_lay_out_the_rows_below(tmp_path: Path) -> None:
    heads = ["Begünstigter", "Vorhaben", "Gesamtkosten", "EU-Mittel"]
    above = [[f"Verein {n}", f"Hof {n}", german(c), german(c / 2)] for n, c in enumerate(COSTS[:4])]
    below = [[f"Amt {n}", f"Weg {n}", german(c / 2), german(c)] for n, c in enumerate(COSTS[4:8])]
    again = [*heads[:2], heads[3], heads[2]]
    entries, left = read(write(tmp_path / "de.csv", [heads, *above, again, *below]))
    assert ([row.reason for row in left], len(entries)) == (["the headings again"], 8)
    assert sums(entries)["planned", "total", "EUR"] == sum(COSTS[:8])


def test_a_second_table_below_with_other_headings_is_refused(tmp_path: Path) -> None:
    rows = [["Begünstigter", "Vorhaben", "Gesamtkosten", "EU-Mittel"], *([["Verein", "Hof", "200,00", "100,00"]] * 5)]
    rows += [["Träger", "Projekt", "Bewilligte EU-Mittel", "Gesamtausgaben"], ["Amt", "Weg", "100,00", "200,00"]]
    with pytest.raises(SourceError, match=r":7: other headings .* put the two tables into files of their own"):
        read(write(tmp_path / "de.csv", rows))


def test_units_stand_below_the_headings(tmp_path: Path) -> None:
    rows = [["Begünstigter", "Vorhaben", "Beginn", "Gesamtkosten"], ["(Text)", "(Text)", "(TT.MM.JJJJ)", "(TEUR)"]]
    rows += [[f"Verein {n}", f"Hof {n}", "01.02.2020", german(c)] for n, c in enumerate(COSTS)]
    entries, _ = read(write(tmp_path / "de.csv", rows))
    assert sums(entries) == {("planned", "total", "EUR"): sum(COSTS) * 1000}
    bare = [["Projektnavn", "Tilskudsmodtager", "Samlet budget"], ["", "", "1.000 kr."]]
    bare += [[f"Havn {n}", f"Kommune {n}", f"{n}.500"] for n in range(1, 9)]
    entries, left = read(write(tmp_path / "dk.csv", bare))
    assert (sums(entries), left) == ({("planned", "total", "DKK"): Decimal(40_000_000)}, [])


def test_columns_of_single_years_are_no_totals(tmp_path: Path) -> None:
    rows = [["Vorhaben", "Bewilligte Mittel 2016", "Bewilligte Mittel 2017", "Bewilligte Mittel gesamt"]]
    rows += [[f"Hof {n}", german(c / 4), german(c / 4 * 3), german(c)] for n, c in enumerate(COSTS)]
    proposal = guess(write(tmp_path / "de.csv", rows))
    assert proposal.mapping.columns["money.granted.total-public"] == ("Bewilligte Mittel gesamt",)
    assert "2017' is not read: it reads like money.granted.total-public, but of one year" in "\n".join(proposal.doubts)
    with pytest.raises(SourceError, match="two columns are headed like 'Bewilligte Mittel gesamt' and differ"):
        _ = guess(write(tmp_path / "de.csv", [[*rows[0][:2], rows[0][3], rows[0][3]], *rows[1:]])).mapping


def test_a_column_of_currencies_counts_wherever_it_stands(tmp_path: Path) -> None:
    rows = [
        ["Project ID", "Lead partner", "Total budget", "Currency"],
        ["P1", "A", "1.50", "EUR"],
        ["P2", "B", "2.50", "PLN"],
    ]
    entries, _ = read(write(tmp_path / "interreg.csv", rows, "|"))
    assert sums(entries) == {("planned", "total", "EUR"): Decimal("1.50"), ("planned", "total", "PLN"): Decimal("2.50")}


def test_programmes_that_count_their_projects_alike_stay_apart(tmp_path: Path) -> None:
    rows = [["Programm", "Vorgangsnummer", "Vorhaben", "Gesamtkosten"]]
    rows += [[f"{fund} 2014-2020", f"{n:04d}", f"{fund}-Kurs {n}", "1,00"] for n in (7, 9) for fund in ("EFRE", "ESF")]
    entries, _ = read(write(tmp_path / "de.csv", rows))
    assert len({entry.key for entry in entries}) == 4
    assert {(entry.values["fund"], entry.values["period"]) for entry in entries} == {
        ("EAKR", "2014-2020"),
        ("ESR", "2014-2020"),
    }


def test_dates_with_their_year_first_stand_beside_others(tmp_path: Path) -> None:
    days = ["01/02/2016", "2016-03-04", "5 de mayo de 2016", "02.05.2016 г.", "31/12/2019"]
    rows = [
        ["Operación", "Fecha de inicio", "Coste total"],
        *([f"Obra {n}", day, "1,00"] for n, day in enumerate(days)),
    ]
    entries, _ = read(write(tmp_path / "es.csv", rows))
    assert [e.values["start"] for e in entries] == [
        "2016-02-01",
        "2016-03-04",
        "2016-05-05",
        "2016-05-02",
        "2019-12-31",
    ]


def test_headings_said_again_of_which_one_stands_twice_move_no_column(tmp_path: Path) -> None:
    headings = ["Project code", "Project name", "Beneficiary", "EU grant", "%", "Total eligible cost", "%"]
    rows = [
        [f"A{n:03}", f"Birds {n}", f"Firm {n} Ltd", f"{n * 500}.00", "50", f"{n * 1000}.00", "100"] for n in range(1, 9)
    ]
    entries, left = read(write(tmp_path / "twice.csv", [headings, *rows[:4], headings, *rows[4:]]))
    assert [row.reason for row in left] == ["the headings again"]
    assert {entry.values["rate"] for entry in entries} == {"50"}


def test_a_heading_comes_before_the_same_with_an_addition(tmp_path: Path) -> None:
    rows = [["Hankekoodi", "Hankkeen nimi", "Kokonaiskustannukset (vanha)", "Kokonaiskustannukset", "Alkupvm"]]
    rows += [[f"J{n:04}", f"Hanke {n}", "1,00", f"{n},50", f"{n}.2.2022"] for n in range(1, 6)]
    entries, _ = read(write(tmp_path / "fi.csv", rows))
    assert sums(entries) == {("planned", "total", "EUR"): Decimal("17.50")}
    assert [entry.values["start"] for entry in entries] == [f"2022-02-0{n}" for n in range(1, 6)]


def test_a_number_that_nobody_can_read_is_neither_money_nor_code(tmp_path: Path) -> None:
    rows = [["Operación", "Beneficiario", "Importe", "Ayuda UE"]]
    rows += [[f"Obra {n}", "Cabildo", f"1.2{n}4'56", f"6{n}7'89"] for n in range(1, 6)]
    proposal = guess(write(tmp_path / "es.csv", rows))
    assert set(proposal.mapping.columns) == {"name", "beneficiary"}
    assert (
        "column 'Ayuda UE' is not read: it reads like money.granted.eu, but its values are no amounts"
        in proposal.doubts
    )


def test_blocks_below_headings_of_their_own_may_count_their_projects_alike(tmp_path: Path) -> None:
    rows = [["Ref", "Project", "Recipient", "Total Costs (£)", "Start Date"]]
    for block in ("East Wales", "West Wales and the Valleys"):
        rows += [[f"{block} ERDF Programme", "", "", "", ""]]
        rows += [[f"8000{n}", f"{block} Growth {n}", "Cardiff Council", f"{n}.00", "01/02/2017"] for n in range(1, 4)]
    entries, left = read(write(tmp_path / "wales.csv", rows, ","))
    projects = {placed.entry.key for code in ("80001", "80002", "80003") for placed in _placed(entries, code)}
    assert (len(projects), [row.reason for row in left]) == (6, ["a note", "a note"])


def _placed(entries: list[Entry], code: str) -> list[Placed]:
    found, left = place(
        [e for e in entries if e.code == code], lambda _: "parts", lambda e: e.values.get("beneficiary")
    )
    assert not left
    return [placed for operation in found for placed in operation]


def test_the_union_s_part_of_a_grant_is_not_the_whole(tmp_path: Path) -> None:
    rows = [["Наименование на проекта", "Бенефициент", "Обща стойност (лв.)", "БФП от ЕС (лв.)"]]
    rows += [[f"Училище {n}", "Община Варна", "200,00", "170,00"] for n in range(4)]
    entries, _ = read(write(tmp_path / "bg.csv", rows))
    assert sums(entries) == {("planned", "total", "BGN"): Decimal(800), ("granted", "eu", "BGN"): Decimal(680)}


def test_a_capital_by_itself_is_no_word_of_a_language(tmp_path: Path) -> None:
    rows = [["Projekt-Nr.", "Projekttitel", "Gesamtkosten EUR", "Bundesmittel CHF", "Projektbeginn"]]
    rows += [[f"ABH{n}", f"Projekt {n} A", "1'234'567.50", "200'000.00", "01.02.22"] for n in range(4)]
    proposal = guess(write(tmp_path / "interreg.csv", rows))
    assert (proposal.mapping.country, proposal.mapping.language) == (None, "de")


def test_the_total_of_all_stands_above_subtotals(tmp_path: Path) -> None:
    rows = [["Operation", "Beneficiary", "County", "Total Cost (€)"]]
    rows += [["Total of all operations", "", "", f"{sum(COSTS[:9]):,.2f}"]]
    for n in (0, 3, 6):
        rows += [[f"Scheme {m}", f"Council {n}", "Kerry", f"{COSTS[m]:,.2f}"] for m in range(n, n + 3)]
        rows += [[f"Sub-total Council {n}", "", "", f"{sum(COSTS[n : n + 3]):,.2f}"]]
    entries, left = read(write(tmp_path / "ie.csv", rows, ","))
    assert sums(entries) == {("planned", "total", "EUR"): sum(COSTS[:9])}
    assert [row.reason for row in left] == ["a total"] * 4


def test_sheets_of_two_years_with_the_same_operations_are_asked_about(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for year, number in ((2022, 6), (2023, 9)):
        sheet = book.create_sheet(str(year))
        sheet.append(["Project code", "Project title", "Beneficiary", "Total eligible cost (EUR)", "Start date"])
        for n in range(number):
            sheet.append([f"P{n:03}", f"Hub {n}", f"Trust {n}", n * 1000 + year, datetime.date(2021, 5, n + 1)])
    book.save(tmp_path / "years.xlsx")
    proposal = guess(tmp_path / "years.xlsx")
    assert "sheets '2023' and '2022' hold the same operations with other values" in proposal.questions[0]


def test_sheets_whose_names_give_one_slug_count_apart() -> None:
    rows = [
        Entry("de-x-1", "x", 2, 2, f"1 {name}", sheet, "1", None, {"name": name}, ())
        for sheet, name in (("ESF+", "Kurs"), ("ESF +", "Hof"), ("ESF-", "Weg"))
    ]
    assert [placed.entry.key for placed in _placed(rows, "1")] == ["de-x-1", "de-x-1-esf", "de-x-1-esf-2"]


@pytest.mark.parametrize("said", ["All figures in £000s", "(Amounts in thousands of pounds)", "Amounts: £'000"])
@pytest.mark.parametrize("above", [True, False])
def test_the_unit_of_all_amounts_may_stand_by_itself(said: str, above: bool, tmp_path: Path) -> None:
    rows = [["Applicant", "Project Name", "Total Eligible Project Cost", "Date of Award"]]
    rows += [[f"Trust {n}", f"Pier {n}", f"{n},250", f"0{n}/05/2011"] for n in range(1, 6)]
    path = write(tmp_path / "gb.csv", [[said], *rows] if above else [*rows, [said]], ",")
    entries, _ = read(path)
    assert sums(entries) == {("planned", "total-eligible", "GBP"): Decimal(16_250_000)}
    assert any("times 1,000" in doubt for doubt in guess(path).doubts)


def test_of_parts_and_their_total_the_total_is_read(tmp_path: Path) -> None:
    rows = [["Lead Partner", "Operation Name", "ERDF Grant (North) £", "ERDF Grant (South) £", "Total ERDF Grant £"]]
    rows += [[f"Council {n}", f"Data {n}", f"{n}0.00", f"{n * n}.50", f"{n * n + 10 * n}.50"] for n in range(6)]
    entries, _ = read(write(tmp_path / "gb.csv", rows, ","))
    assert sums(entries) == {("granted", "eu", "GBP"): Decimal(208)}


def test_what_the_union_paid_is_not_all_public_money(tmp_path: Path) -> None:
    rows = [["Projektnummer", "Vorhaben", "Zuwendung EFRE (EUR)", "Auszahlung EFRE (EUR)", "Auszahlung Land und EFRE"]]
    rows += [[f"F-{n}", f"Halle {n}", f"1.00{n},00", f"50{n},00", f"70{n},00"] for n in range(4)]
    entries, _ = read(write(tmp_path / "de.csv", rows))
    assert sums(entries) == {
        ("granted", "eu", "EUR"): Decimal(4006),
        ("paid", "eu", "EUR"): Decimal(2006),
        ("paid", "total-public", "EUR"): Decimal(2806),
    }


def test_rows_of_one_code_with_other_names_and_beneficiaries_are_no_one_project(tmp_path: Path) -> None:
    """A column that is not read may count anew: here that of the phase."""
    rows = [["Phase", "Ref", "Beneficiary", "Operation", "Total Cost €"]]
    rows += [[phase, f"100{n}", f"{phase} Port", f"{phase} Quay {n}", f"{n}.00"] for phase in "IV" for n in range(1, 4)]
    entries, _ = read(write(tmp_path / "ie.csv", rows, ","))
    codes = ("1001", "1002", "1003")
    assert len({placed.entry.key for code in codes for placed in _placed(entries, code)}) == 6
    partners = [entry._replace(values={**entry.values, "name": "Quay"}) for entry in entries]
    assert len({placed.entry.key for code in codes for placed in _placed(partners, code)}) == 3


def test_a_unit_may_end_a_sentence_below_the_rows(tmp_path: Path) -> None:
    rows = [["Saņēmējs", "Projekts", "Kopējās izmaksas"], *[[f"SIA {n}", f"Osta {n}", f"1{n}0"] for n in range(6)]]
    entries, _ = read(write(tmp_path / "a.csv", [*rows, ["Summas norādītas tūkst. EUR"]]))
    assert sums(entries) == {("planned", "total", "EUR"): Decimal(750_000)}
    entries, _ = read(write(tmp_path / "b.csv", [["Programma: 20 milj. EUR"], *rows]))
    assert sums(entries) == {("planned", "total", "EUR"): Decimal(750)}


def test_parts_of_a_grant_without_their_total_are_asked_about(tmp_path: Path) -> None:
    rows = [["Lead Partner", "Operation Name", "ESF Grant (North)", "ESF Grant (South)"]]
    rows += [[f"Council {n}", f"Skills {n}", f"£{n},000.00", f"£{n * n},500.00"] for n in range(1, 6)]
    assert "like 'ESF Grant (North)' and differ" in guess(write(tmp_path / "gb.csv", rows, ",")).questions[0]


def test_costs_that_are_not_eligible_are_no_money_of_a_known_kind(tmp_path: Path) -> None:
    rows = [["Projekt", "Träger", "zuwendungsfähige Ausgaben", "nicht zuwendungsfähige Ausgaben", "Ausgaben gesamt"]]
    rows += [[f"Kurs {n}", f"Verein {n}", "1.000,50", "200,00", "1.200,50"] for n in range(4)]
    entries, _ = read(write(tmp_path / "de.csv", rows))
    assert sums(entries) == {
        ("planned", "total-eligible", "EUR"): Decimal(4002),
        ("planned", "total", "EUR"): Decimal(4802),
    }


@pytest.mark.parametrize("last", ["Overall Total", "Gesamtergebnis", "Axis 1 and 2 Total"])
def test_totals_by_other_words_are_no_operations_and_a_title_with_a_comma_no_headings(
    tmp_path: Path, last: str
) -> None:
    rows = [
        ["Border, Midland and Western Programme 2014-2020"],
        ["Operation", "Beneficiary", "Total Cost", "ERDF Co-financing"],
    ]
    rows += [[f"Works {n}", f"Body {n}", f"€{c:,.2f}", f"€{c - 100:,.2f}"] for n, c in enumerate(COSTS[1::2])]
    rows.append([last, "", f"€{sum(COSTS[1::2]):,.2f}", f"€{sum(COSTS[1::2]) - 1200:,.2f}"])
    entries, left = read(write(tmp_path / "list.csv", rows, ","))
    assert len(entries) == len(COSTS[1::2])
    assert sums(entries)["planned", "total", "EUR"] == sum(COSTS[1::2])
    assert [row.reason for row in left] == ["a total"]


def test_a_dash_behind_a_currency_is_no_amount_and_costs_no_row(tmp_path: Path) -> None:
    rows = [["Organisation", "Project", "Spent to date (£)", "Total cost (£)"]]
    rows += [[f"Body {n}", f"Works {n}", " £ - " if n % 3 else "£12.50", f"£{c:,.2f}"] for n, c in enumerate(COSTS)]
    entries, left = read(write(tmp_path / "list.csv", rows, ","))
    assert (len(entries), left) == (len(COSTS), [])
    assert sums(entries)["planned", "total", "GBP"] == sum(COSTS)


def test_match_funding_is_not_said_to_be_the_states(tmp_path: Path) -> None:
    rows = [["Lead Partner", "Operation", "ESF Committed", "Match Funding", "Total Value"]]
    rows += [
        [f"Body {n}", f"Works {n}", f"£{c / 2:.2f}", f"£{c / 2:.2f}", f"£{c:.2f}"] for n, c in enumerate(COSTS[1::2])
    ]
    entries, _ = read(write(tmp_path / "list.csv", rows, ","))
    assert {key[:2] for key in sums(entries)} == {("granted", "eu"), ("planned", "total")}
