"""Money in lists that no shipped mapping knows: what a heading says, units, currencies, totals and parts."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from loaders.errors import SourceError
from loaders.tables.guess import guess
from tests.guessed_lists import COSTS, german, read, sums, write


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
        ("Bewilligte Mittel (EU+Land)", "1.234,50", "money.granted.total-public"),
        ("Συνολική Δημόσια Δαπάνη", "1.234,50", "money.planned.total-public"),
        ("Gesamtausgaben (IST)", "1.234,50", "money.realised.total"),
        ("Ausgezahlte Fördermittel", "1.234,50", "money.paid.total-public"),
        ("Udbetalt EU-tilskud", "1.234,50", "money.paid.eu"),
        ("ESF/ ERDF Grant requested", "1,234.50", "money.applied.eu"),
        ("Beantragte Zuwendung", "1.234,50", "money.applied.total-public"),
        ("Cyllid Cyfatebol / Match Funding", "1,234.50", None),
        ("Sonstige öffentliche Mittel", "1.234,50", None),
        ("Zurückgeforderte Zuwendung", "1.234,50", None),
        ("Number of grants", "1,234", None),
        ("Tatsächliche Gesamtkosten", "1.234,50", "money.realised.total"),
        ("Final total cost", "1,234.50", "money.realised.total"),
        ("Actual eligible expenditure", "1,234.50", "money.realised.total-eligible"),
        ("Montant certifié", "1 234,50", "money.realised.total"),
        ("Certified ERDF", "1,234.50", "money.realised.eu"),
        ("Fördermittel ESF (€)", "1.234,50", "money.granted.eu"),
        ("ESF-Bewilligungsbetrag", "1.234,50", "money.granted.eu"),
        ("ESF payments to date", "1,234.50", "money.paid.eu"),
        ("Total financing, EUR", "1,234.50", "money.planned.total"),
        ("Government funding", "1,234.50", "money.granted.state"),
        ("EFRE-Beteiligung", "1.234,50", "money.granted.eu"),
        ("Region des Begünstigten", "Kreis Muster", None),
        ("Legal status", "Company limited", None),
        ("Ημερομηνία ένταξης", "03/04/2019", "decided"),
        ("Tatsächliche oder voraussichtliche Gesamtkosten", "1.234,50", "money.planned.total"),
    ],
)
def test_what_a_heading_of_money_or_rates_means(tmp_path: Path, heading: str, cell: str, role: str | None) -> None:
    rows = [["Begünstigter", "Vorhaben", heading], *([f"Verein {n}", f"Hof {n}", cell] for n in range(5))]
    columns = list(guess(write(tmp_path / "liste.csv", rows)).mapping.columns)
    assert columns == ["beneficiary", "name", *filter(None, [role])]


def test_the_state_of_a_list_is_told_by_its_language_and_so_is_its_money(tmp_path: Path) -> None:
    rows = [["Tytuł projektu", "Nazwa beneficjenta", "Wartość projektu"]]
    rows += [[f"Przebudowa drogi w gminie {n}", f"Gmina {n}", german(c)] for n, c in enumerate(COSTS)]
    path = write(tmp_path / "lista.csv", rows)
    assert sums(read(path)[0]) == {("planned", "total", "PLN"): sum(COSTS)}
    assert "country PL is taken by the words of the list" in guess(path).doubts


def test_a_column_that_names_no_currency_has_that_of_the_column_beside_it(tmp_path: Path) -> None:
    rows = [["Beneficiary", "Project name", "Total cost (NOK)", "EU grant"], ["Town", "Bridge", "1000", "500"]]
    assert {amount.currency for amount in read(write(tmp_path / "x.csv", rows))[0][0].money} == {"NOK"}


@pytest.mark.parametrize(("cost", "value"), [("1.25", "1250000.00"), ("2345678.90", "2345678.90")])
def test_a_unit_of_millions_counts_unless_the_amounts_are_too_large_for_it(
    tmp_path: Path, cost: str, value: str
) -> None:
    rows = [["Ref", "Project name", "Recipient name", "Total cost £m"]]
    rows += [[f"A{n}", f"Hub {n}", f"Council {n}", cost] for n in range(3)]
    entries, _ = read(write(tmp_path / "england.csv", rows, ","))
    assert {(amount.value, amount.currency) for entry in entries for amount in entry.money} == {(value, "GBP")}


def test_years_are_no_money_whatever_their_heading_says(tmp_path: Path) -> None:
    rows = [["Τίτλος έργου", "Δικαιούχος", "Δημόσια Δαπάνη / Έτος Έγκρισης", "Επιλέξιμη Δαπάνη"]]
    rows += [[f"Έργο {n}", f"Δήμος {n}", str(2009 + n % 4), german(c)] for n, c in enumerate(COSTS)]
    entries, _ = read(write(tmp_path / "erga.csv", rows))
    assert sums(entries) == {("planned", "total-eligible", "EUR"): sum(COSTS)}


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


def test_the_union_s_part_of_a_grant_is_not_the_whole(tmp_path: Path) -> None:
    rows = [["Наименование на проекта", "Бенефициент", "Обща стойност (лв.)", "БФП от ЕС (лв.)"]]
    rows += [[f"Училище {n}", "Община Варна", "200,00", "170,00"] for n in range(4)]
    entries, _ = read(write(tmp_path / "bg.csv", rows))
    assert sums(entries) == {("planned", "total", "BGN"): Decimal(800), ("granted", "eu", "BGN"): Decimal(680)}


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
