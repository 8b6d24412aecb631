"""The review layout on an invented review that has every form of amounts, contacts and project lists."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest

from bench.accuracy import facts_of
from loaders import review
from loaders.coverage import coverage, origins
from loaders.document import pages
from loaders.document.lines import Cell, Document, Line
from loaders.errors import SourceError
from loaders.records import Contact, LeftOut, Money, Origin, Participation, Project, Reading, Theme
from tests.cases import each

HERE = Path(__file__).resolve().parent
PAGE, GOLDEN = HERE / "pages" / "review.txt", HERE / "golden" / "review.json"

FORM = """ESR+ Valtakunnallisten teemojen toteutuskatsaus
Katsaus 30.4.2025 mennessä
Valtakunnallinen teema
Metsien hoito
Yhteyshenkilöt (koordinaatio tms.
hankkeen yhteyshenkilö ja rahoittajan
vastuuhenkilö)
{contacts}
Vastuullinen hallinnonala ja ministeriön
vastuuhenkilön yhteystiedot
{ministry}
Teeman toteutusaika {period}
Teeman (EU+ valtio):
{money}
1) Tiivis kuvaus valtakunnallisen teeman sisällöstä ja teemassa rahoitettujen hankkeiden
lukumäärä (max. 2000 merkkiä).
{prose}
6) Linkkejä valtakunnallisesta teemasta kertoville verkkosivuille
{links}
7) Valtakunnallisesta teemasta rahoitettujen hankkeiden lista
{projects}
"""
FOUR = "a) julkinen rahoituskehys 4 M€\nb) varaukset 3 M€\nc) sidotut valtuudet 2 M€\nd) maksetut kustannukset 1 M€"
LABELS = "a) julkinen rahoituskehys\nb) varaukset\nc) sidotut valtuudet\nd) maksetut kustannukset\n"


def document(text: str) -> Document:
    lines = tuple(Line(number, line) for number, line in enumerate(text.split("\n"), 1))
    return Document("katsaus", "text", lines, "0" * 64)


def form(**parts: str) -> Reading:
    plain = {
        "contacts": "",
        "ministry": "",
        "period": "2021-2027",
        "money": FOUR,
        "prose": "",
        "links": "",
        "projects": "",
    }
    return review.parse(document(FORM.format(**(plain | parts))))


def of(kind: type, reading: Reading) -> list:
    return [record for record in reading.records if isinstance(record, kind)]


def members(reading: Reading) -> list[tuple[str, str, str | None, str | None]]:
    return [
        (p.project, p.organisation.value, p.role and p.role.value, p.project_code and p.project_code.value)
        for p in of(Participation, reading)
    ]


def unread(reading: Reading) -> list[LeftOut]:
    return [item for item in reading.left_out if not item.understood]


@pytest.fixture(scope="module")
def invented() -> tuple[Document, Reading]:
    page = pages.read(PAGE)
    return page, review.parse(page)


def test_every_fact_of_the_invented_review(invented: tuple[Document, Reading], bless: bool) -> None:
    found = {category: sorted(map(list, facts)) for category, facts in sorted(facts_of(invented[1]).items())}
    if bless:
        GOLDEN.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert found == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_words_stand_at_their_lines(invented: tuple[Document, Reading]) -> None:
    page, reading = invented
    text = {line.number: line.text for line in page.lines}
    found = [o for record in reading.records for o in origins(record)]
    found += [Origin(i.first, i.last, i.words) for i in reading.left_out]
    assert len(found) > 200
    for origin in found:
        lines = " ".join(" ".join(text[n] for n in range(origin.first, origin.last + 1)).split())
        assert origin.words
        assert origin.words in lines


def test_persons_stay_private(invented: tuple[Document, Reading]) -> None:
    reading = invented[1]
    contacts = of(Contact, reading)
    names = {c.name for c in contacts} | {mail for c in contacts for mail in c.emails}
    assert len(contacts) == 15
    assert all(o.private for c in contacts for o in origins(c))
    for record in reading.records:
        for origin in origins(record):
            assert origin.private or not any(name in origin.words for name in names), origin
    assert not [i for i in reading.left_out if not i.private and any(name in i.words for name in names)]


def test_every_figure_is_read_or_left_out_for_a_reason(invented: tuple[Document, Reading]) -> None:
    items = coverage(*invented).items
    doubtful = {(item.line, item.words) for item in items if item.state == "not understood"}
    assert doubtful == {
        (46, "765 43x e"), (80, "S3O013"), (111, "1.1.2023-31.12.2027"), (238, "n. 10 €"), (251, "n. 4 €"), (394, "3 M€"),
        (396, "2 M€"),
    }  # fmt: skip


def test_recognises_its_form_and_no_other() -> None:
    assert review.recognises(pages.read(PAGE))
    assert review.recognises(document(FORM))
    assert not review.recognises(document("Valtakunnallinen teema\nMetsien hoito\nToteutuskatsaus tulossa."))
    assert not review.recognises(pages.read(HERE / "pages" / "newsletter.txt"))


def test_a_document_without_forms_is_refused() -> None:
    with pytest.raises(SourceError, match="katsaus: no form of a theme"):
        review.parse(document("ESR+ Valtakunnallisten teemojen toteutuskatsaus\n"))


@each(
    "money",
    [
        FOUR,
        LABELS + "a) 4 M€\nb) 3 M€\nC) 2 M€\nd) 1 M€",
        LABELS + "4 M€\n3 M€\n2 M€\n1 M€",
        LABELS + "4\nM€\n3 000\n000 €\n2 M€\n1 M€",
    ],
)
def test_three_ways_to_print_the_four_amounts(money: str) -> None:
    found = {m.phase: m.amount for m in of(Money, form(money=money))}
    assert found == {"framework": 4_000_000, "reserved": 3_000_000, "committed": 2_000_000, "paid": 1_000_000}


@each("broken", ["5 5x0 378 €", "1 055 41O,40 €", "9 734 35 €", "3?8 €", "epäselvä"])
def test_one_unreadable_amount_is_reported_and_the_rest_loads(broken: str) -> None:
    reading = form(money=FOUR.replace("3 M€", broken))
    assert {m.phase for m in of(Money, reading)} == {"framework", "committed", "paid"}
    assert [(item.words, item.reason) for item in unread(reading)] == [(broken, "no-readable-amount: reserved")]


@pytest.mark.parametrize("unknown", ["ei vielä", "ei vielä tiedossa", "ei saatavilla"])
def test_unknown_is_not_zero(unknown: str) -> None:
    reading = form(money=FOUR.replace("2 M€", "0 € (31.3.25 mennessä)").replace("1 M€", unknown))
    found = {m.phase: (m.amount, m.date) for m in of(Money, reading)}
    assert found["committed"] == (0, "2025-03-31")
    assert "paid" not in found
    assert [i.reason for i in reading.left_out if i.words == unknown] == ["no-amount-yet"]
    assert not unread(reading)


@pytest.mark.parametrize("nought", ["0", "0,00"])
def test_a_bare_nought_behind_a_label_is_zero(nought: str) -> None:
    reading = form(money=LABELS + f"4 M€\n3 M€\n2 M€\n{nought}")
    assert {m.phase: (m.amount, m.as_stated) for m in of(Money, reading)}["paid"] == (0, nought)
    assert not unread(reading)


@pytest.mark.parametrize(
    ("printed", "whole", "shares"),
    [
        ("9 M €, josta TEM 6 milj. € ja STM 3 milj. €", 9_000_000, {"TEM": 6_000_000, "STM": 3_000_000}),
        ("5 milj. € (STM) + 3,6 milj. € (OKM)", 8_600_000, {"STM": 5_000_000, "OKM": 3_600_000}),
        ("13 M€+10 M€", 23_000_000, {}),
    ],
)  # fmt: skip
def test_sums_and_shares(printed: str, whole: int, shares: dict[str, int]) -> None:
    money = [m for m in of(Money, form(money=FOUR.replace("4 M€", printed))) if m.phase == "framework"]
    assert {m.ministry: m.amount for m in money} == {None: Decimal(whole)} | shares


def test_rows_of_a_pdf_table_are_read_by_their_cells() -> None:
    cells = [
        ("S39102", 1, 0), ("R-09100", 1, 1), ("Kohti vettä", 1, 2), ("Kuvitelman", 1, 3), ("Lampi / päätoteuttaja", 1, 3),
        ("S39103", 2, 0), ("R-09100", 2, 1), ("Kohti vettä", 2, 2), ("Kuvitelman seutu", 2, 3), ("/ osatoteuttaja", 2, 3),
    ]  # fmt: skip
    head = ["Hakemus-", "numero", "Ryhmä-", "hanke-", "tunnus", "Hankkeen nimi", "Hakija"]
    lines = [Line(n, t, 1) for n, t in enumerate([*FORM.format_map(_Empty()).rstrip("\n").split("\n"), *head], 1)]
    for text, row, column in cells:
        lines.append(Line(len(lines) + 1, text, 1, cell=Cell(0, row, column)))
    reading = review.parse(Document("katsaus", "pdf", tuple(lines), "0" * 64))
    assert members(reading) == [
        ("R-09100", "Kuvitelman Lampi", "lead", "S39102"),
        ("R-09100", "Kuvitelman seutu", "partner", "S39103"),
    ]


class _Empty(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return FOUR if key == "money" else ""


@pytest.mark.parametrize(
    ("row", "name", "organisation"),
    [
        ("S39001  Verkolla töihin Satulan kaupunki", "Verkolla töihin", "Satulan kaupunki"),
        (
            "S39001  Ohut lanka Satulan seudun koulutuskuntayhtymä Toive",
            "Ohut lanka",
            "Satulan seudun koulutuskuntayhtymä Toive",
        ),
        ("S39001  Ohut lanka Koulutuskuntayhtymä TOIVE", "Ohut lanka", "Koulutuskuntayhtymä TOIVE"),
        ("S39001  Lanka  Suomen Keksitty Ammattikorkeakoulu Oy", "Lanka", "Suomen Keksitty Ammattikorkeakoulu Oy"),
        ("S39001  Lanka Suomen Keksitty Ammattikorkeakoulu Oy", "Lanka", "Suomen Keksitty Ammattikorkeakoulu Oy"),
        (
            "S39001  Hieno hanke Keksi-ammattikorkeakoulu Oy / päätoteuttaja",
            "Hieno hanke",
            "Keksi-ammattikorkeakoulu Oy",
        ),
        ("S39001  Ohut lanka Satulan Etu Oy", "Ohut lanka", "Satulan Etu Oy"),
        ("S39001  Lankatalo Satulan Etu Oy", "Lankatalo", "Satulan Etu Oy"),
        ("S39001  Lanka Satamassa Koti, perhe ja huoli ry", "Lanka Satamassa", "Koti, perhe ja huoli ry"),
        ("S39001  Ohut lanka Satulan keskus/Kuvitelman kaupunki", "Ohut lanka", "Satulan keskus/Kuvitelman kaupunki"),
        ("S39001  JOKO Työelämään Kipinätek Oy", "JOKO Työelämään", "Kipinätek Oy"),
        ("S39001  Ohut lanka Business Satula Oy", "Ohut lanka", "Business Satula Oy"),
        ("S39001  Ohut lanka Oy Satula Parks Ab", "Ohut lanka", "Oy Satula Parks Ab"),
        ("S39001  Ohut lanka Mieli ja Toive ry", "Ohut lanka", "Mieli ja Toive ry"),
        ("S39001  Ohut lanka Lasten Kaverit -säätiö sr", "Ohut lanka", "Lasten Kaverit -säätiö sr"),
        ("S39001  Tasainen kunta Kipinätek Oy", "Tasainen kunta", "Kipinätek Oy"),
        ("S39001  Ohut lanka Satulans svenska Toiveförbund rf", "Ohut lanka", "Satulans svenska Toiveförbund rf"),
        (
            "S39001  Ohut lanka Pohjoisen Satulan ammattiopisto POSA",
            "Ohut lanka",
            "Pohjoisen Satulan ammattiopisto POSA",
        ),
    ],
)
def test_rows_whose_columns_ran_together(row: str, name: str, organisation: str) -> None:
    head = "Hakemus-\nnumero\nRyhmä-\nhanke-\ntunnus\nHankkeen nimi Hakija\n"
    reading = form(projects=head + row)
    assert [p.name.value.text for p in of(Project, reading)] == [name]
    assert [m[1] for m in members(reading)] == [organisation]


def test_rows_under_one_name_are_one_project_of_several_codes() -> None:
    rows = "S39001 Metsän tuki: Puro-säätiö sr\nS39002 Metsän tuki: Harha ry\nS39003 Metsän tuki: Keksi-\nammattikorkeakoulu Oy"
    reading = form(projects=rows)
    (project,) = of(Project, reading)
    assert (project.key, project.group, project.project_code) == ("Metsän tuki", True, None)
    assert [(m[1], m[3]) for m in members(reading)] == [
        ("Puro-säätiö sr", "S39001"),
        ("Harha ry", "S39002"),
        ("Keksi-ammattikorkeakoulu Oy", "S39003"),
    ]


MIXED = {
    "coded": "S39001 Metsän tuki / Puro-säätiö sr\nR-09001 Metsän turva 1.1.2025 – 31.12.2026\nS39002 Harha ry",
    "numbered": "1. S39001 Metsän tuki\n\nHakija Puro-säätiö sr\n\n2. R-09001 Metsän turva\n\nPäähankkeen toteuttaja Harha ry",
    "costed": "Ohut lanka. Toteuttajat: Nauha Oy,\nSatulan kaupunki. Kustannusarvio 90 000 €.",
    "headed": "Paksu\nlanka\nToteuttajat: Nauha Oy ja Satulan\nkaupunki",
    "colons": "Pitkä lanka -hanke:\nNauha Oy, Satulan kaupunki ja\nHarha ry",
}
LISTED = {
    "coded": {"Metsän tuki": ["Puro-säätiö sr"], "Metsän turva": ["Harha ry"]},
    "numbered": {"Metsän tuki": ["Puro-säätiö sr"], "Metsän turva": ["Harha ry"]},
    "costed": {"Ohut lanka": ["Nauha Oy", "Satulan kaupunki"]},
    "headed": {"Paksu lanka": ["Nauha Oy", "Satulan kaupunki"]},
    "colons": {"Pitkä lanka -hanke": ["Nauha Oy", "Satulan kaupunki", "Harha ry"]},
}


@pytest.mark.parametrize("kinds", [k for k in permutations(MIXED, 2) if set(k) != {"coded", "numbered"}], ids="-".join)
def test_one_kind_of_list_beside_another(kinds: tuple[str, str]) -> None:
    reading = form(projects="\n\n".join(MIXED[kind] for kind in kinds))
    names = {p.key: p.name.value.text for p in of(Project, reading)}
    found: dict[str, list[str]] = {name: [] for name in names.values()}
    for key, organisation, _, _ in members(reading):
        found[names[key]].append(organisation)
    assert found == LISTED[kinds[0]] | LISTED[kinds[1]]
    assert len(of(Money, reading)) == 4 + kinds.count("costed")


def test_a_name_that_a_page_break_cuts_goes_on_where_a_legal_form_ends_it() -> None:
    listed = "Ohut lanka\n\nToteuttajat: Satulan kaupunki, Oy Nauha\n\nParks Ab\n\nPaksu lanka\n\nToteuttajat: Harha ry"
    assert [m[:2] for m in members(form(projects=listed))] == [
        ("Ohut lanka", "Satulan kaupunki"),
        ("Ohut lanka", "Oy Nauha Parks Ab"),
        ("Paksu lanka", "Harha ry"),
    ]


def test_the_last_list_below_a_colon_goes_on_where_a_legal_form_ends_a_line() -> None:
    for cut, whole in (
        ("Keksinnän Sivistysliitto\n\nTSL ry", "Keksinnän Sivistysliitto TSL ry"),
        ("Toive\n\nsr", "Toive sr"),
    ):
        found = members(form(projects=f"Ohut lanka:\n\nSatulan kaupunki ja {cut}"))
        assert [m[1] for m in found] == ["Satulan kaupunki", whole]


def test_what_a_row_has_behind_the_name_of_its_group_begins_its_implementer() -> None:
    head = "Hakemus-\nnumero\nRyhmä-\nhanke-\ntunnus\nHankkeen nimi Hakija\n"
    rows = "S39001 R-09001 Kohti VETTÄ Toive Oy / päätoteuttaja\nS39002 R-09001 Kohti Satulan kaupunki / osatoteuttaja"
    reading = form(projects=head + rows)
    assert [p.name.value.text for p in of(Project, reading)] == ["Kohti"]
    assert members(reading) == [
        ("R-09001", "VETTÄ Toive Oy", "lead", "S39001"),
        ("R-09001", "Satulan kaupunki", "partner", "S39002"),
    ]


def test_acronyms_that_differ_from_row_to_row_are_the_implementers() -> None:
    head = "Hakemus-\nnumero\nRyhmä-\nhanke-\ntunnus\nHankkeen nimi Hakija\n"
    rows = (
        "S39001 R-09001 Ohut lanka AAA Toive Oy / päätoteuttaja\nS39002 R-09001 Ohut lanka BBB Malli Oy / osatoteuttaja"
    )
    reading = form(projects=head + rows)
    assert [p.name.value.text for p in of(Project, reading)] == ["Ohut lanka"]
    assert [m[1] for m in members(reading)] == ["AAA Toive Oy", "BBB Malli Oy"]


def test_behind_a_slash_stands_a_body_whatever_its_name() -> None:
    reading = form(projects="S39001 Ohut lanka / Keksityt kaverit KAKA")
    assert [p.name.value.text for p in of(Project, reading)] == ["Ohut lanka"]
    assert [m[1] for m in members(reading)] == ["Keksityt kaverit KAKA"]


@pytest.mark.parametrize(
    ("printed", "start", "end"),
    [("1.1.2025 alkaen", "2025-01-01", None), ("1.1.2025–", "2025-01-01", None), ("2023 -2027", "2023", "2027")],
)
def test_a_period_may_be_open(printed: str, start: str | None, end: str | None) -> None:
    (theme,) = of(Theme, form(period=printed))
    assert (theme.start and theme.start.value, theme.end and theme.end.value) == (start, end)


def test_a_damaged_code_is_reported_and_never_repaired() -> None:
    reading = form(projects="S3900I Metsän tuki, Toteuttaja Puro-säätiö sr\nS39002 Metsän turva, Toteuttaja Harha ry")
    assert [(p.name.value.text, p.project_code and p.project_code.value) for p in of(Project, reading)] == [
        ("Metsän tuki", None),
        ("Metsän turva", "S39002"),
    ]
    assert [(i.words, i.reason) for i in unread(reading)] == [("S3900I", "damaged-code")]


def test_lead_ministry_only_where_told_or_alone() -> None:
    two = "Maa- ja metsätalousministeriö: Veera Keksitty\nYmpäristöministeriö: Lumi Olematon"
    told = f"Teeman vastuuministeriö\n{two.replace(chr(10), chr(10) + 'Toteutuksessa kumppaneina' + chr(10))}"

    def leads(ministry: str) -> list[bool]:
        (theme,) = of(Theme, form(ministry=ministry))
        return [m.value.lead for m in theme.ministries]

    assert leads(two) == [False, False]
    assert leads(told) == [True, False]
    assert leads(two.split("\n")[0]) == [True]


def test_the_body_of_the_funders_contact_is_the_intermediate_body() -> None:
    reading = form(
        contacts="Sisu Epätosi, Puro-säätiö sr\nTuuli Harhala; Saimaan ELY-\nkeskus\nLisätietoa www.metsat.invalid"
    )
    (theme,) = of(Theme, reading)
    assert [b.value for b in theme.intermediate_bodies] == ["Saimaan ELY-keskus"]
    assert [(c.name, c.side) for c in of(Contact, reading)] == [
        ("Sisu Epätosi", "coordination"),
        ("Tuuli Harhala", "funder"),
    ]
    assert [w.value for w in theme.web_pages] == ["www.metsat.invalid"]


def test_a_project_whose_kind_is_on_the_next_line_is_no_person() -> None:
    cell = "Aino Esimerkki, projektipäällikkö, Ohut Lanka\n-koordinaatiohanke aino.esimerkki@esimerkki.fi"
    (contact,) = of(Contact, form(contacts=cell))
    assert (contact.name, contact.side) == ("Aino Esimerkki", "coordination")
    assert contact.emails == ("aino.esimerkki@esimerkki.fi",)


def test_a_heading_over_two_lines_with_an_acronym_is_not_said_of_the_person_before_it() -> None:
    cell = (
        "Aino Esimerkki, Satulan ELY-keskus\nKoordinoiva hanke Ohut lanka (OHLA),\nKeksitty säätiö sr:\nOnni Mallinen"
    )
    found = of(Contact, form(contacts=cell))
    assert [(c.name, c.side, c.organisation) for c in found] == [
        ("Aino Esimerkki", "funder", "Satulan ELY-keskus"),
        ("Onni Mallinen", "coordination", "Keksitty säätiö sr"),
    ]


@pytest.mark.parametrize(
    ("cell", "people", "ministries"),
    [
        (
            "MMM (vastuuministeriö): Aino Esimerkki\nLVM: Onni Mallinen",
            [("Aino Esimerkki", "MMM"), ("Onni Mallinen", "LVM")],
            {"MMM": True, "LVM": False},
        ),
        (
            "Vastuuministeriö: MMM, Aino Esimerkki (a@gov.fi)\nKumppanit: LVM, Onni Mallinen (o@gov.fi) ja VM, Impi Koetin",
            [("Aino Esimerkki", "MMM"), ("Onni Mallinen", "LVM"), ("Impi Koetin", "VM")],
            {"MMM": True, "LVM": False, "VM": False},
        ),
        (
            "Sisäministeriö: Aino Esimerkki ja Onni Mallinen",
            [("Aino Esimerkki", "Sisäministeriö"), ("Onni Mallinen", "Sisäministeriö")],
            {"Sisäministeriö": True},
        ),
    ],
)
def test_ministries_and_their_persons(cell: str, people: list[tuple[str, str]], ministries: dict[str, bool]) -> None:
    reading = form(ministry=cell)
    assert [(c.name, c.organisation) for c in of(Contact, reading)] == people
    (theme,) = of(Theme, reading)
    assert {m.value.name: m.value.lead for m in theme.ministries} == ministries


def test_a_form_without_a_name_is_reported() -> None:
    reading = form(projects="S39001 Metsän tuki, Toteuttaja Puro-säätiö sr")
    nameless = review.parse(document(FORM.format_map(_Empty()).replace("Metsien hoito\n", "")))
    assert len(of(Theme, reading)) == 1
    assert not of(Theme, nameless)
    assert unread(nameless)[0].reason == "form-without-theme"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(24))
def test_damaged_copies_are_read_as_far_as_they_go(seed: int) -> None:
    """Lines lost, swapped or garbled: what is read still stands at its lines, and nothing breaks."""
    lots = random.Random(seed)
    lines = PAGE.read_text(encoding="utf-8").split("\n")
    if seed % 3 == 0:
        lines = [line for line in lines if lots.random() > 0.15]
    elif seed % 3 == 1:
        start = lots.randrange(len(lines) - 120)
        lines[start : start + 120] = lots.sample(lines[start : start + 120], 120)
    else:
        for index in lots.sample(range(len(lines)), 150):
            at = lots.randrange(len(lines[index]) + 1)
            lines[index] = lines[index][:at] + lots.choice("x?:,()/€ 9-") + lines[index][at + 1 :]
    try:
        reading = review.parse(document("\n".join(lines)))
    except SourceError:
        return
    for origin in (o for record in reading.records for o in origins(record)):
        assert origin.words
        assert origin.words in " ".join(" ".join(lines[origin.first - 1 : origin.last]).split())
