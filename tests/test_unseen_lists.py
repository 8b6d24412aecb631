"""Lists in layouts that no shipped mapping knows, read by the guess alone: whole ones, and kinds of headings, rows and sheets.

The lists are invented in the manner of the German, Irish, Latvian and Scottish authorities. What they should give is the sum of
the numbers they were written from, not of anything that was read.
"""

from __future__ import annotations

import datetime
from collections import Counter
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from loaders.errors import SourceError
from loaders.tables.dates import DateForm, date
from loaders.tables.entry import Entry, Placed
from loaders.tables.guess import guess
from loaders.tables.placing import place
from tests.cases import each
from tests.guessed_lists import COSTS, german, read, sums, write


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


def test_merged_headings_span_parts_and_the_others_have_none(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Nr.", "Projekta nosaukums", "Finansējuma saņēmējs", "Finansējums, EUR", None, None, "Datumi", None])
    sheet.append([None, None, None, "Kopējās izmaksas", "ERAF", "Valsts budžets", "Sākums", "Beigas"])
    sheet.merge_cells("D1:F1")
    sheet.merge_cells("G1:H1")
    days = datetime.date(2017, 1, 1), datetime.date(2019, 12, 31)
    for n, cost in enumerate(COSTS):
        sheet.append([n + 1, f"Projekts {n}", f"SIA {n}", float(cost), float(cost * 2), float(cost * 3), *days])
    book.save(tmp_path / "latvija.xlsx")
    entries, _ = read(tmp_path / "latvija.xlsx")
    kinds = ("planned", "total", 1), ("granted", "eu", 2), ("granted", "state", 3)
    assert sums(entries) == {(phase, scope, "EUR"): sum(COSTS) * times for phase, scope, times in kinds}
    assert {(e.values["start"], e.values["end"]) for e in entries} == {("2017-01-01", "2019-12-31")}
    assert entries[3].values["name"] == "Projekts 3"


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


@each(
    ("text", "language"),
    [("2023. gada 1. martā", "lv"), ("2023 m. kovo 1 d.", "lt"), ("2023. március 1.", "hu"), ("1 mars 2023", "fr")],
)
def test_dates_with_their_year_first_or_their_month_inflected(text: str, language: str) -> None:
    assert date(text, DateForm("dmy", language)) == "2023-03-01"


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


def test_rows_of_one_code_with_other_names_and_beneficiaries_are_no_one_project(tmp_path: Path) -> None:
    """A column that is not read may count anew: here that of the phase."""
    rows = [["Phase", "Ref", "Beneficiary", "Operation", "Total Cost €"]]
    rows += [[phase, f"100{n}", f"{phase} Port", f"{phase} Quay {n}", f"{n}.00"] for phase in "IV" for n in range(1, 4)]
    entries, _ = read(write(tmp_path / "ie.csv", rows, ","))
    codes = ("1001", "1002", "1003")
    assert len({placed.entry.key for code in codes for placed in _placed(entries, code)}) == 6
    partners = [entry._replace(values={**entry.values, "name": "Quay"}) for entry in entries]
    assert len({placed.entry.key for code in codes for placed in _placed(partners, code)}) == 3


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
