"""Realistic lists of projects of any length, invented throughout: ``python -m bench.generate eura-2021 1000000 list.csv``.

The same seed gives the same bytes. What is kept of the real lists, as counted in the Finnish lists of 2007-2013 and 2014-2020:

- a name has 2 to 14 words; every third one holds a comma; one in fifty is shared by many projects ("Koneinvestointi");
- implementers recur by a power law: of n rows about n ** 0.93 name different ones, a tenth of them public bodies that
  recur often;
- amounts are log-normal with a median of 20 000 euros; what was realised is 0 to 100 % of what was granted; one row in
  ten thousand is negative;
- ``eura-2021``: one row in five belongs to a group of 2 to 12 members with one group code, name and period;
- ``damage``: that share of the rows has an amount that is none, a date that is none, or a column too many.

Forms: ``eura-2007`` (unquoted, Windows-1252), ``eura-2014`` (unquoted, lines end ";"), ``eura-2021`` (the 35 columns of the
export, quoted CSV), ``kohesio`` (UTF-8 with BOM, CRLF, 34 columns, summaries), ``operations`` (Article 49(3), headings in
German and English, "1.234,56").
"""

from __future__ import annotations

import argparse
import csv
import io
import itertools
import random
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from bench.world import NOUNS, PLACES, Row, World

_REGIONS = ("FI1D9", "FI193", "FI1D1", "FI1C2", "FI1D7", "FI1B1", "FI197", "FI1D8", "FI1D2", "FI1D3", "FI196", "FI195")
_HEADINGS_2021 = (
    "Hankekoodi ", "Ryhmähanketunnus", "Rahasto", "EAKR-/JTF-alatyyppi", "Tl", "Et", "Hankkeen nimi",
    "Toteuttajan nimi", "Toteuttajan Y-tunnus", "Rahoittava viranomainen", "Toiminnan tila", "Aloituspvm",
    "Päättymispvm", "Suunniteltu EU- ja valtion rahoitus", "Suunniteltu julkinen rahoitus",
    "Suunniteltu rahoitus yhteensä", "Toteutunut EU- ja valtion rahoitus", "Toteutunut julkinen rahoitus",
    "Toteutunut rahoitus yhteensä", "Toteutunut EU-rahoituksen määrä", "Tukitoimen ala", "Sijainti",
    "Toteutuspaikan postinumero", "Toteutuspaikan postitoimipaikka", "Tuensaajan postinumero",
    "Tuensaajan postitoimipaikka", "Tukimuoto", "Alueellinen täytäntöönpanomekanismi ja alueellinen painopiste",
    "Taloudellinen toiminta", "Toissijainen teema, vain ESR+", "Sukupuolten tasa-arvo", "Itämeren alueen strategia",
    "Suunnitelman mukainen tiivistelmä hankkeen toteutuksesta", "Hankekuvauksen osoite", "Hankkeen kotisivun osoite",
)  # fmt: skip
_HEADINGS_KOHESIO = (
    "Operation_Unique_Identifier", "Operation_Local_Identifier", "Operation_Name_English",
    "Operation_Name_Programme_Language", "Country", "Postal_Code", "Operation_Start_Date", "Operation_End_Date",
    "Cofinancing_Rate", "Total_Eligible_Expenditure_amount", "Total_Eligible_Expenditure_Currency",
    "Project_EU_Budget", "Beneficiary_Unique_Identifier", "Location_Indicator_latitude_longitude",
    "Category_Of_Intervention", "Category_Label", "Thematic_Objective_ID", "Thematic_Objective_Label",
    "Policy_Objective_ID", "Policy_Objective_Label", "Fund_Code", "Fund_Name", "Programme_Code", "Programme_Name",
    "Region", "NUTS3_Code", "Programming_Period", "Operation_Summary_English", "Operation_Summary_Programme_Language",
    "ManagingAuthority", "Image_URL", "InfoRegio_ID", "InfoRegio_URL", "Beneficiary_Name",
)  # fmt: skip
_HEADINGS_OPERATIONS = (
    "Projektnummer / operation code", "Name des Begünstigten / name of beneficiary",
    "Bezeichnung des Vorhabens / operation name", "Zusammenfassung des Vorhabens / operation summary",
    "Datum des Beginns des Vorhabens / operation start date", "Datum des Endes des Vorhabens / operation end date",
    "Gesamtbetrag der förderfähigen Ausgaben / total eligible expenditure",
    "Unions-Kofinanzierungssatz / Union co-financing rate", "Regionalcode / location indicator", "Land / country",
    "Bezeichnung der Interventionskategorie / name of category of intervention",
)  # fmt: skip


def _day(value: date) -> str:
    return f"{value.day}.{value.month}.{value.year}"


def _eura_2007(row: Row) -> list[str]:
    fund = "ESR" if row.social else "EAKR"
    part = ("Itä-Suomi", "Länsi-Suomi", "Etelä-Suomi", "Pohjois-Suomi")[row.kind % 4]
    part = f"{part.removesuffix('-Suomi')}-Suomen suuralueosio" if row.social else part
    code = f"{'S' if row.social else 'A'}{100000 + row.number}"
    public = int(row.granted * 1.2), int(row.realised * 1.2)
    state = "Toiminta päättynyt" if row.number % 15 else "Keskeytynyt"
    money = [row.granted, row.realised, *public]
    return [
        code, fund, row.name, part, str(1 + row.kind % 4), row.authority, state, _day(row.start), _day(row.end),
        row.organisation, *map(str, money),
    ]  # fmt: skip


def _eura_2014(row: Row) -> list[str]:
    cells = _eura_2007(row)
    return [*cells[:3], *cells[4:]]


def _eura_2021(row: Row) -> list[str]:
    fund = "ESR+" if row.social else "EAKR"
    code = f"{'S3' if row.social else 'A8'}{row.number:06d}"
    planned = [row.granted, int(row.granted * 1.2), int(row.granted * 1.3)]
    realised = [row.realised, int(row.realised * 1.2), int(row.realised * 1.3), int(row.realised * 0.7)]
    objective = ("4.1", "4.2", "4.3", "5.1")[row.kind % 4] if row.social else ("1.1", "1.2", "2.1", "2.3")[row.kind % 4]
    place = PLACES[row.place]
    post = f"{row.place * 7919 % 90000 + 10000:05d}"
    return [
        code, row.group, fund, "", objective[0], objective, row.name, row.organisation, row.business_id, row.authority,
        "Käynnissä", _day(row.start), _day(row.end), *map(str, planned), *map(str, realised),
        "134 - Työllisyyden parantaminen", _REGIONS[row.place], post, place, post, place, "Avustus", "Ei sovelleta",
        "26", "", "02", "Ei", f"Hankkeessa kehitetään: {row.name.lower()}.", "", "",
    ]  # fmt: skip


def _kohesio(row: Row) -> list[str]:
    start, end = row.start.strftime("%d/%m/%Y"), row.end.strftime("%d/%m/%Y")
    summary = f"{row.name}. " + " ".join(NOUNS[(row.number + i) % len(NOUNS)] for i in range(25)) + "."
    return [
        f"https://linkedopendata.eu/entity/Q{3000000 + row.number}", f"S{200000 + row.number}", f"Project {row.name}",
        row.name, "FI", "00100", start, end, "50.0", f"{row.granted * 2}.50", "EUR", f"{row.granted}.25",
        f"Q{900000 + row.number}", f"{60 + row.place / 10:.4f},{24 + row.place / 10:.4f}", "117.0",
        "Enhancing equal access to lifelong learning", "TO10", "", "PO4", "", "ESF" if row.social else "ERDF", "",
        "2014FI16M2OP001", "Kestävää kasvua ja työtä", "Suomi", _REGIONS[row.place], "2014-2020", summary, summary,
        row.authority, "", "", "", row.organisation,
    ]  # fmt: skip


def _operations(row: Row) -> list[str]:
    euros = f"{row.granted:,}".replace(",", ".") + f",{row.number % 100:02d}"
    start, end = row.start.strftime("%d.%m.%Y"), row.end.strftime("%d.%m.%Y")
    summary = f"Vorhaben: {row.name}; Zeile zwei.\nMit Umbruch."
    return [
        f"VH{row.number:08d}", row.organisation, row.name, summary, start, end, euros, "50,00 %",
        f"{130 + row.place} - Region", "AUSTRIA", "109 - Aktive Inklusion",
    ]  # fmt: skip


class Form(NamedTuple):
    """How a list is written."""

    headings: tuple[str, ...]
    cells: Callable[[Row], list[str]]
    encoding: str
    quoted: bool
    end: str
    money: int
    groups: float = 0.0
    bom: bool = False


_2007 = (
    "Koodi", "Rahasto", "Projektin nimi", "Ohjelma / osio", "Tl", "Viranomainen", "Toiminnan tila", "Aloituspvm",
    "Päättymispvm", "Toteuttajan nimi", "Myönnetty EU- ja valtion rahoitus", "Toteutunut EU- ja valtion rahoitus",
    "Suunniteltu julkinen rahoitus yhteensä", "Toteutunut julkinen rahoitus yhteensä",
)  # fmt: skip
_2014 = tuple(
    {"Projektin nimi": "Hankkeen nimi", "Toiminnan tila": "Tila"}.get(h, h) for h in _2007 if h != "Ohjelma / osio"
)
FORMS = {
    "eura-2007": Form(_2007, _eura_2007, "cp1252", False, "\n", 10),
    "eura-2014": Form(_2014, _eura_2014, "utf-8", False, ";\n", 9),
    "eura-2021": Form(_HEADINGS_2021, _eura_2021, "utf-8", True, "\n", 13, groups=0.2),
    "kohesio": Form(_HEADINGS_KOHESIO, _kohesio, "utf-8", True, "\r\n", 9, bom=True),
    "operations": Form(_HEADINGS_OPERATIONS, _operations, "utf-8", True, "\n", 6),
}


def lines(form: str, rows: int, seed: int = 1, damage: float = 0.0) -> Iterator[str]:
    """The lines of a list, its headings first."""
    written, chance = FORMS[form], random.Random(seed + 1)
    invented = World(seed)
    yield _line(written, list(written.headings))
    for row in invented.rows(rows, written.groups):
        cells = written.cells(row)
        if damage and chance.random() < damage:
            _damage(cells, written.money, chance)
        yield _line(written, cells)


def _damage(cells: list[str], money: int, chance: random.Random) -> None:
    kind = chance.randrange(3)
    if kind == 0:
        cells[money] = chance.choice(("NaN", "n. 10 k€ tai enemmän", "12;3x"))
    elif kind == 1:
        dated = next(i for i, cell in enumerate(cells) if cell.count(".") == 2 or cell.count("/") == 2)
        cells[dated] = "0.0.0000"
    else:
        cells.insert(money, "9.9.2019")


def _line(form: Form, cells: list[str]) -> str:
    if not form.quoted:
        return ",".join(cells) + form.end
    out = io.StringIO()
    csv.writer(out, lineterminator=form.end).writerow(cells)
    return out.getvalue()


def write(path: Path, form: str, rows: int, seed: int = 1, damage: float = 0.0) -> int:
    """Write a list and return its size in bytes."""
    written = FORMS[form]
    with path.open("w", encoding=written.encoding, newline="") as file:
        if written.bom:
            file.write("\ufeff")
        found = lines(form, rows, seed, damage)
        while block := "".join(itertools.islice(found, 2000)):
            file.write(block)
    return path.stat().st_size


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("form", choices=sorted(FORMS))
    parser.add_argument("rows", type=int)
    parser.add_argument("output", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--damage", type=float, default=0.0, help="share of damaged rows")
    given = parser.parse_args()
    print(f"{write(given.output, given.form, given.rows, given.seed, given.damage):,} bytes")


if __name__ == "__main__":
    main()
