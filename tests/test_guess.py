"""Guesses of lists in the languages of the member states: headings as their authorities print them, invented rows."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from loaders.tables import open_table
from loaders.tables.entry import Entry, UnreadRow
from loaders.tables.guess import Proposal, guess
from loaders.tables.mapping import load
from loaders.tables.plan import Plan
from loaders.tables.rows import Reader, logical

DAYS = [date(2016, 3, 1) + timedelta(days=97 * n) for n in range(40)]
TOTAL = "money.planned.total-eligible"

# file: encoding, separator, how dates and amounts are written, names of projects, headings by role ("-": of no role)
LISTS = {
    "fr-normandie-feder.csv": (
        "cp1252", ";", "%d/%m/%Y", "{:\u00a0} €", "Rénovation de l'école n° {}",
        {"code": "N° de dossier Synergie", "name": "Intitulé du projet", "beneficiary": "Nom du bénéficiaire",
         "summary": "Résumé de l'opération", "start": "Date de début de l'opération", "end": "Date de fin de l'opération",
         TOTAL: "Total des dépenses éligibles", "rate": "Taux de cofinancement UE (par axe prioritaire)", "country": "Pays"},
        ("FR", "fr", "EUR"),
    ),
    "es-andalucia-2014-2020.csv": (
        "iso-8859-1", "\t", "%d/%m/%Y", "{:.}", "Ayudas a la contratación {}",
        {"beneficiary": "Nombre del beneficiario", "name": "Nombre de la operación", "summary": "Resumen de la operación",
         "start": "Fecha de inicio de la operación", "end": "Fecha de conclusión de la operación",
         TOTAL: "Gasto total subvencionable asignado a la operación", "rate": "Porcentaje de cofinanciación de la Unión",
         "postcode": "Código postal de la operación", "country": "País"},
        ("ES", "es", "EUR"),
    ),
    "hu-ginop-2014-2020.csv": (
        "cp1250", ";", "%Y.%m.%d.", "{: } Ft", "Óvoda fejlesztése {}",
        {"code": "Projekt azonosító", "beneficiary": "Kedvezményezett neve", "name": "Művelet megnevezése",
         "summary": "Művelet összefoglalása", "start": "Művelet kezdő dátuma", "end": "Művelet befejezésének dátuma",
         TOTAL: "Összes elszámolható költség (Ft)", "rate": "Uniós társfinanszírozás aránya",
         "postcode": "Művelet irányítószáma", "country": "Ország"},
        ("HU", "hu", "HUF"),
    ),
    "sk-oplz.csv": (
        "cp1250", ";", "%d.%m.%Y", "{: }", "Zlepšenie kľúčových kompetencií {}",
        {"code": "Kód projektu", "name": "Názov projektu", "beneficiary": "Názov prijímateľa",
         "beneficiary_id": "IČO prijímateľa",
         "start": "Dátum začatia operácie", "end": "Dátum ukončenia operácie",
         TOTAL: "Celkové oprávnené výdavky pridelené na operáciu", "rate": "Miera spolufinancovania Únie", "country": "Krajina",
         "category": "Názov kategórie intervencie"},
        ("SK", "sk", "EUR"),
    ),
    "bg-rhr.csv": (
        "cp1251", ";", "%d.%m.%Y", "{:}", "Обновяване на училище {}",
        {"code": "Номер на договор", "beneficiary": "Наименование на бенефициента", "name": "Наименование на операцията",
         "summary": "Обобщение на операцията", "start": "Дата на започване", "end": "Дата на приключване",
         TOTAL: "Общ размер на допустимите разходи", "rate": "Ставка на съфинансиране от Съюза", "country": "Държава",
         "category": "Наименование на категорията на интервенция"},
        ("BG", "bg", "BGN"),
    ),
    "el-espa-2014-2020.csv": (
        "iso-8859-7", ";", "%d/%m/%Y", "{:.}", "Αναβάθμιση δικτύου ύδρευσης {}",
        {"code": "Κωδικός MIS", "beneficiary": "Όνομα δικαιούχου", "name": "Ονομασία πράξης", "summary": "Σύνοψη πράξης",
         "start": "Ημερομηνία έναρξης πράξης", "end": "Ημερομηνία λήξης πράξης", TOTAL: "Συνολική επιλέξιμη δαπάνη",
         "rate": "Ποσοστό συγχρηματοδότησης της Ένωσης", "postcode": "Ταχυδρομικός κωδικός", "country": "Χώρα"},
        ("GR", "el", "EUR"),
    ),
    "lv-cfla.csv": (
        "utf-8", ";", "%d.%m.%Y.", "€ {: }", "Skolas pārbūve {}",
        {"code": "Projekta numurs", "name": "Projekta nosaukums", "beneficiary": "Finansējuma saņēmējs",
         "summary": "Projekta kopsavilkums", "start": "Projekta sākuma datums", "end": "Projekta beigu datums",
         TOTAL: "Kopējās attiecināmās izmaksas", "rate": "ES līdzfinansējuma likme", "country": "Valsts"},
        ("LV", "lv", "EUR"),
    ),
    "lt-esfa-2014-2020.csv": (
        "cp1257", ";", "%Y-%m-%d", "{:}", "Įgūdžių ugdymas {}",
        {"code": "Projekto kodas", "name": "Projekto pavadinimas", "beneficiary": "Projekto vykdytojas",
         "summary": "Projekto santrauka", "start": "Projekto veiklų pradžia", "end": "Projekto veiklų pabaiga",
         TOTAL: "Tinkamos finansuoti išlaidos, Eur", "place": "Savivaldybė"},
        ("LT", "lt", "EUR"),
    ),
    "si-ekp-2014-2020.csv": (
        "utf-8", "|", "%d. %m. %Y", "{:.}", "Energetska sanacija šole {}",
        {"beneficiary": "Naziv upravičenca", "name": "Naziv operacije", "summary": "Povzetek operacije",
         "start": "Datum začetka operacije", "end": "Datum zaključka operacije", TOTAL: "Skupni upravičeni izdatki (EUR)",
         "rate": "Stopnja sofinanciranja Unije", "postcode": "Poštna številka", "country": "Država",
         "category": "Naziv kategorije ukrepa"},
        ("SI", "sl", "EUR"),
    ),
    "se-tillvaxtverket-2014-2020.csv": (
        "utf-16", "\t", "%Y-%m-%d", "{: }", "Grön omställning {}",
        {"code": "Ärende-ID", "name": "Projektnamn", "beneficiary": "Stödmottagare", "summary": "Projektbeskrivning",
         "start": "Startdatum", "end": "Slutdatum", TOTAL: "Totala stödberättigande utgifter (SEK)",
         "rate": "EU:s medfinansieringsgrad", "postcode": "Postnummer", "country": "Land"},
        ("SE", "sv", "SEK"),
    ),
    "dk-regionalfond.csv": (
        "utf-8", ",", "%d-%m-%Y", "kr. {:.}", "Iværksætteri på Fyn {}",
        {"code": "Journalnummer", "name": "Projektnavn", "beneficiary": "Støttemodtager", "summary": "Resumé",
         "start": "Projektets startdato", "end": "Projektets slutdato", TOTAL: "Samlede støtteberettigede udgifter",
         "rate": "EU-medfinansieringssats", "country": "Land"},
        ("DK", "da", "DKK"),
    ),
    "pt-alentejo.csv": (
        "utf-8-sig", ";", "%d-%m-%Y", "{:.}", "Formação de adultos {}",
        {"code": "Código da Operação", "beneficiary_id": "NIF", "beneficiary": "Nome do Beneficiário",
         "name": "Designação da Operação", "start": "Data de Início", "end": "Data de Fim",
         TOTAL: "Despesa Elegível Total Atribuída à Operação", "place": "Concelho", "country": "País"},
        ("PT", "pt", "EUR"),
    ),
    "be-feder-brussels.csv": (
        "utf-8", ";", "%d/%m/%Y", "{:}", "Rénovation du quartier {}",
        {"beneficiary": "Bénéficiaire / Begunstigde", "name": "Projet / Project", "summary": "Description / Beschrijving",
         "start": "Date de début / Startdatum", "end": "Date de fin / Einddatum",
         TOTAL: "Dépenses éligibles totales / Totale subsidiabele uitgaven (k€)", "country": "Pays / Land"},
        ("BE", "fr", "EUR"),
    ),
}  # fmt: skip
NAMES = {
    "FR": "France",
    "ES": "España",
    "HU": "Magyarország",
    "SK": "Slovensko",
    "BG": "България",
    "GR": "Ελλάδα",
    "LV": "Latvija",
}


def money(form: str, cents: int) -> str:
    """An amount as a list writes it: the sign behind the colon sets thousands apart, decimals stand behind a comma."""
    before, group, after = form.partition("{:")[0], form.partition("{:")[2].partition("}")[0], form.partition("}")[2]
    whole = f"{cents // 100:,}".replace(",", group)
    return f"{before}{whole},{cents % 100:02d}{after}"


def cells(name: str, number: int) -> dict[str, str]:
    _, _, day, form, title, headings, (country, _, _) = LISTS[name]
    values = {
        "code": f"2014/{number * 7:05d}-A", "name": title.format(number), "beneficiary": f"Acme {number % 5}",
        "beneficiary_id": f"{20_000_000 + number % 5}", "summary": "1;2 \"x\"\n3", "start": DAYS[number].strftime(day),
        "end": DAYS[number + 3].strftime(day), TOTAL: money(form, 123_456_789 + 1_003 * number), "rate": "85,0 %",
        "postcode": f"{10_000 + number}", "country": NAMES.get(country, country), "place": "X", "category": "001",
    }  # fmt: skip
    return {heading: values[role] for role, heading in headings.items()}


def written(folder: Path, name: str) -> Path:
    encoding, separator = LISTS[name][:2]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    rows = [cells(name, number) for number in range(30)]
    writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    path = folder / name
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def proposed(path: Path) -> tuple[Proposal, Plan, list[Entry], list[UnreadRow]]:
    """The guess, written out and read back as a user does, and the rows read by it."""
    proposal, table = guess(path), open_table(path)
    own = path.with_suffix(".toml")
    own.write_text(proposal.text, encoding="utf-8")
    plan = Plan.of(table, load(own))
    reader = Reader(plan)
    found = [reader.read(record) for record in logical(plan, table.records())]
    return proposal, plan, [e for e in found if isinstance(e, Entry)], [e for e in found if isinstance(e, UnreadRow)]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_any_state_is_read_by_its_guess(tmp_path: Path, name: str) -> None:
    headings, (country, language, currency) = LISTS[name][5:]
    proposal, plan, entries, left = proposed(written(tmp_path, name))
    assert {role: plan.headings[at] for at, role in plan.places.items()} == headings
    assert (len(entries), left) == (30, [])
    assert (plan.country, plan.language) == (country, language)
    assert not [doubt for doubt in proposal.doubts if "not understood" in doubt]
    entry, factor = entries[7], 1000 if "(k€)" in headings[TOTAL] else 1
    assert entry.values["name"] == cells(name, 7)[headings["name"]]
    assert entry.values["beneficiary"] == "Acme 2"
    assert (entry.values["start"], entry.values["end"]) == (DAYS[7].isoformat(), DAYS[10].isoformat())
    assert entry.code == ("2014/00049-A" if "code" in headings else None)
    assert entry.values.get("rate") == ("85" if "rate" in headings else None)
    (amount,) = entry.money
    assert (float(amount.value), amount.currency) == (1_234_638.10 * factor, currency)


def test_days_counted_by_a_spreadsheet_and_rows_counted_by_its_author(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(
        [
            "Jrk nr",
            "Projekti nimi",
            "Toetuse saaja",
            "Projekti alguskuupäev",
            "Projekti lõppkuupäev",
            "Abikõlblikud kulud",
        ]
    )
    for number in range(1, 12):
        sheet.append([number, f"Koolihoone {number}", "OÜ Põhi", 42430 + number, 42830, 1000.5])
    sheet.append(["Kokku", None, None, None, None, 11005.5])
    path = tmp_path / "ee-rtk-2014-2020.xlsx"
    book.save(path)
    _, plan, entries, left = proposed(path)
    assert "code" not in plan.places.values()
    assert (entries[0].values["start"], entries[0].values["end"]) == ("2016-03-02", "2017-04-05")
    assert [(row.reason, row.rejected) for row in left] == [("a total", False)]


def test_headings_on_two_levels_name_what_is_below_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["LISTA PROIECTELOR 2014-2020"])
    sheet.append(
        [
            "Nr. crt.",
            "Titlu proiect",
            "Cod SMIS",
            "Nume beneficiar",
            "Valoarea totală eligibilă (LEI)",
            "Finanțare",
            None,
        ]
    )
    sheet.append([None, None, None, None, None, "Fonduri UE", "Contribuția națională"])
    sheet.merge_cells("F2:G2")
    for number in range(1, 12):
        sheet.append([number, f"Reabilitare {number}", str(101000 + number), "Municipiul X", 100 + number, 85, 15])
    path = tmp_path / "ro-pocu.xlsx"
    book.save(path)
    proposal, _, entries, _ = proposed(path)
    assert [(a.scope, a.value, a.currency) for a in entries[0].money] == [
        ("total-eligible", "101", "RON"),
        ("eu", "85", "RON"),
        ("state", "15", "RON"),
    ]
    assert entries[0].code == "101001"
    # the headings beside them say it
    assert not any("currency" in doubt for doubt in proposal.doubts)


def test_a_column_that_tells_all_rows_apart_is_offered_as_the_code(tmp_path: Path) -> None:
    lines = ["Viite;Hankkeen nimi;Tuensaaja", *(f"EU-{n * 3:04d}/X;Hanke {n};Oy {n % 2}" for n in range(9))]
    path = tmp_path / "list.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    proposal, _, entries, _ = proposed(path)
    assert entries[1].code == "EU-0003/X"
    assert "column 'Viite' is taken for the code, as it tells all rows apart" in proposal.doubts


def test_a_code_of_many_operations_is_none_of_theirs(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    rows = [f"S{n // 20};Hanke {n};Yhdistys {n} ry;{n}000" for n in range(40)]
    path.write_text("\n".join(["Hankekoodi;Hankkeen nimi;Toteuttaja;Kokonaiskustannukset", *rows]), encoding="utf-8")
    proposal, _, entries, _ = proposed(path)
    assert len({entry.key for entry in entries}) == 40
    assert any("'Hankekoodi' is not read: it reads like code" in doubt for doubt in proposal.doubts)


def test_control_characters_of_a_list_do_not_break_the_proposal(tmp_path: Path) -> None:
    path = tmp_path / "list\x1b.csv"
    path.write_text(
        "Hankekoodi;Hankkeen nimi;Toteuttaja;Mu\x1buta\nS1;Han\x1b[31mke\x07;Oy;a\nS2;Toinen;Oy;b\n", encoding="utf-8"
    )
    assert [entry.code for entry in proposed(path)[2]] == ["S1", "S2"]


def test_a_guess_says_that_a_shipped_mapping_suits(tmp_path: Path) -> None:
    from bench import generate

    path = tmp_path / "FI-pp14-20-latest.csv"
    generate.write(path, "kohesio", 20)
    assert "the shipped mapping 'kohesio' suits this list: it loads without --mapping" in guess(path).doubts


@pytest.mark.parametrize(
    ("heading", "factor"),
    [
        ("Gesamtkosten in TEUR", 1000),
        ("Coste total (miles de euros)", 1000),
        ("Celkové způsobilé výdaje (mil. Kč)", 1_000_000),
        ("Total cost, EUR", 1),
    ],
)
def test_the_unit_of_a_heading(tmp_path: Path, heading: str, factor: int) -> None:
    path = tmp_path / "list.csv"
    rows = "\n".join(f"Hanke {n};Oy;{n},5" for n in range(1, 9))
    path.write_text(f"Operation name;Beneficiary name;{heading}\n{rows}", encoding="utf-8")
    _, _, entries, _ = proposed(path)
    assert float(entries[0].money[0].value) == 1.5 * factor
