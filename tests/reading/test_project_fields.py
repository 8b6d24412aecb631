"""Projects by labelled fields: what each label gives, which of two values stays, and what is left out."""

from __future__ import annotations

import pytest

from loaders.reading.project_drafts import Draft, take_period
from loaders.reading.project_fields import from_fields, name_above
from loaders.reading.project_rows import add_partners
from tests.cases import each
from tests.reading.conftest import Pager


def draft(page: Pager, *fields: str) -> Draft:
    one = page("Silta yli veden\n\nHankkeen nimi: Silta yli veden\n" + "\n".join(fields) + "\n")
    (found,) = from_fields(one)
    return found


@each(
    ("fields", "code", "group"),
    [
        (["Hankekoodi: S31234"], "S31234", None),
        (["Hankekoodi: S31234*"], "S31234", None),
        (["Hankekoodi: S31234", "Hankenumero: S31299"], "S31234", None),
        (["Ryhmähankkeen koodi: R-00123"], None, "R-00123"),
        (["Hankekoodi: 22/KU-4"], "22/KU-4", None),
        (["Hankekoodi: ei vielä annettu mitään"], None, None),
        (["Hankekoodi: 22"], None, None),
    ],
)
def test_codes(page: Pager, fields: list[str], code: str | None, group: str | None) -> None:
    found = draft(page, *fields)
    assert (found.code and found.code.value, found.group_code and found.group_code.value) == (code, group)


@each(
    ("words", "start", "end"),
    [
        ("1.2.2024–31.12.2026", "2024-02-01", "2026-12-31"),
        ("noin ajalla 1.2.2024–31.12.2026", "2024-02-01", "2026-12-31"),
        ("1.2.2024 alkaen", "2024-02-01", None),
        ("– 31.12.2026", None, "2026-12-31"),
        ("päättyy 31.12.2026", None, "2026-12-31"),
        ("1.2.2024, 31.12.2025, 30.6.2026", "2024-02-01", "2025-12-31"),
        ("1.2.2024, 31.12.2025, jatkettu 30.6.2026 asti", "2024-02-01", "2026-06-30"),
        ("36 kuukautta", None, None),
    ],
)
def test_a_period(page: Pager, words: str, start: str | None, end: str | None) -> None:
    one = page(f"Silta yli veden\n\nAika {words}\n")
    low = one.text.index(words)
    found = Draft((0, 15), 0)
    take_period(one, found, low, low + len(words))
    assert (found.start and found.start.value, found.end and found.end.value) == (start, end)
    for day in filter(None, (found.start, found.end)):
        assert day.origin.words.strip("–. ") in words
        assert day.value[:4] in day.origin.words
    take_period(one, found, 0, len(one.text))
    if start or end:
        assert (found.start and found.start.value, found.end and found.end.value) == (start, end)


@pytest.mark.parametrize(
    ("below", "start"),
    [
        ("1.2.2024–31.12.2026", "2024-02-01"),
        ("Aika 1.2.2024–31.12.2026", "2024-02-01"),
        ("Vuosittain kokoonnutaan 1.2.2024–31.12.2026", None),
    ],
)
def test_days_below_a_duration_are_its_period(page: Pager, below: str, start: str | None) -> None:
    found = draft(page, "Hankkeen kesto: 36 kk", below)
    assert (found.start and found.start.value) == start


@each(
    ("fields", "sums"),
    [
        (["Kokonaiskustannukset: 120 000 €"], [("costEstimate", 120_000)]),
        (
            ["Kokonaiskustannukset: 120 000 €", "Myönnetty tuki: 90 000 €"],
            [("costEstimate", 120_000), ("granted", 90_000)],
        ),
        (["Kokonaiskustannukset: 120 000 €, josta tuki 90 000 €"], [("costEstimate", 120_000), ("granted", 90_000)]),
        (["Kokonaiskustannukset: 120 000 €", "Kokonaiskustannukset: 130 000 €"], [("costEstimate", 120_000)]),
        (["Rahoitus: 9 000 € (kokonaiskustannukset 12 000 €)"], [("granted", 9_000), ("costEstimate", 12_000)]),
        (["Haettu tuki: 70 000 €"], [("applied", 70_000)]),
    ],
)
def test_sums(page: Pager, fields: list[str], sums: list[tuple[str, int]]) -> None:
    assert [(phase, int(one.amount.value)) for phase, one in draft(page, *fields).sums] == sums


@each(
    ("fields", "bodies"),
    [
        (["Päätoteuttaja: Kemin kaupunki"], [("Kemin kaupunki", "lead")]),
        (["Osatoteuttajat: Kemin kaupunki, Lapin yliopisto"], [("Kemin kaupunki", "partner"), ("Lapin yliopisto", "partner")]),
        (["Toteuttajat: Kemin kaupunki, Lapin yliopisto"], [("Kemin kaupunki", None), ("Lapin yliopisto", None)]),
        # a role that is stated later is kept, and the longer of two names
        (["Toteuttajat: Kemin kaupunki", "Päätoteuttaja: Kemin kaupunki"], [("Kemin kaupunki", "lead")]),
        (["Toteuttajat: Kuvitelma Oy", "Päätoteuttaja: Kuvitelma"], [("Kuvitelma Oy", "lead")]),
        (["Päätoteuttaja: Kemin kaupunki", "Osatoteuttajat: Kemin kaupunki"], [("Kemin kaupunki", "lead")]),
    ],
)  # fmt: skip
def test_implementers(page: Pager, fields: list[str], bodies: list[tuple[str, str | None]]) -> None:
    assert [(one.name, one.role) for one in draft(page, *fields).bodies] == bodies


def test_a_business_id_is_of_the_organisation_above_it(page: Pager) -> None:
    found = draft(page, "Päätoteuttaja: Kemin kaupunki", "Y-tunnus: 0210427-6", "Osatoteuttajat: Lapin yliopisto")
    assert [(one.name, one.business_id) for one in found.bodies] == [
        ("Kemin kaupunki", "0210427-6"),
        ("Lapin yliopisto", None),
    ]


@each(
    ("words", "status"),
    [("päättynyt", "ended"), ("rahoitettu", "funded"), ("valittu rahoitettavaksi", "selected"), ("tuntematon", None)],
)
def test_the_status(page: Pager, words: str, status: str | None) -> None:
    found = draft(page, "Hankekoodi: S31234", f"Hankkeen tila: {words}")
    assert (found.status and found.status.value) == status


def test_further_fields(page: Pager) -> None:
    found = draft(
        page,
        "Hankkeen lyhenne: SILTA",
        "Rahasto: ESR+",
        "Toimintalinja: 4 Työllistävä Suomi",
        "Erityistavoite: 4.2 Uutta osaamista",
        "Alkamispäivä: 1.2.2024",
        "Päättymispäivä: 31.12.2026",
    )
    assert found.acronym
    assert found.acronym.value == "SILTA"
    assert found.fund
    assert found.fund.value == "ESR+"
    assert [one.value for one in found.objectives] == ["4.2"]
    assert (found.start and found.start.value, found.end and found.end.value) == ("2024-02-01", "2026-12-31")


@each(
    ("above", "name"),
    [
        ("Polku töihin", "Polku töihin"),
        ("Polku töihin\nHanke auttaa nuoria töihin.", "Polku töihin"),
        ("Mitä hanke tekee?", None),
        ("Hanke auttaa nuoria:", None),
        ("Yhteystiedot", None),
        ("P" * 161, None),
    ],
)
def test_the_line_above_the_fields_is_a_name(page: Pager, above: str, name: str | None) -> None:
    one = page(
        f"Kunnan hankkeita\n\nKunnassa on monta hanketta.\n\n{above}\nHankekoodi: S31234\nKesto: 1.2.2024–31.12.2026\n"
    )
    number = next(n for n, block in enumerate(one.blocks) if block.label == "project.code")
    span = name_above(one, number)
    assert (one.words(span) if span else None) == name


def test_a_name_above_each_group_of_fields_begins_a_project(page: Pager) -> None:
    groups = [f"{name}\nHankekoodi: {code}\nKesto: 1.2.2024–31.12.2026\n" for name, code in
              (("Polku töihin", "S31234"), ("Silta yli veden", "S31235"), ("Valo saarille", "S31236"))]  # fmt: skip
    one = page("Kunnan hankkeita\n\nKunnassa on monta hanketta.\n\n" + "\n".join(groups))
    found = from_fields(one)
    assert [(one.words(d.name or (0, 0)), d.code and d.code.value) for d in found] == [
        ("Polku töihin", "S31234"),
        ("Silta yli veden", "S31235"),
        ("Valo saarille", "S31236"),
    ]


def test_a_line_above_is_no_name_where_labels_name_each_project(page: Pager) -> None:
    one = page(
        "5 § Esitettävät hankkeet\n\n"
        + "\n".join(
            f"Hakija: {who}\nHankkeen nimi: {name}\nHaettu tuki: 298 400 €\nPäätösesitys: puolletaan\n"
            for who, name in (("Kuvitelman kunta", "Silta yli veden"), ("Turun yliopisto", "Valo pimeään"))
        )
    )
    assert [one.words(found.name) for found in from_fields(one) if found.name] == ["Silta yli veden", "Valo pimeään"]


def test_a_role_on_a_page_without_a_publisher_is_left_out(page: Pager) -> None:
    one = page("Hankkeita\n\nHankkeen nimi: Silta yli veden\nRoolimme: osatoteuttaja\nToteutusaika: 2024–2026\n")
    (found,) = from_fields(one)
    assert found.bodies == []
    assert [(left.words, left.reason) for left in one.left_out] == [("Roolimme: osatoteuttaja", "role-of-nobody")]


@each(
    ("head", "roles"),
    [
        ("Toteuttaja\tRooli\tBudjetti", ["lead", "partner", None]),
        ("Osapuoli\tRooli\tBudjetti", ["lead", "partner", None]),
        ("Osatoteuttaja\tRooli\tBudjetti", ["partner", "partner", "partner"]),
        ("Päätoteuttaja\tRooli\tBudjetti", ["lead", "lead", "lead"]),
    ],
)
def test_a_table_of_partners_gives_each_its_role(page: Pager, head: str, roles: list[str | None]) -> None:
    rows = "Kemin kaupunki\tpäätoteuttaja\t9 000 €\nLapin yliopisto\tosatoteuttaja\t8 000 €\nLapin liitto\t\t7 000 €\n"
    one, found = page(f"Silta yli veden\n\n{head}\n{rows}Yhteensä\t\t24 000 €\n"), Draft((0, 15))
    add_partners(one, found)
    assert [body.name for body in found.bodies] == ["Kemin kaupunki", "Lapin yliopisto", "Lapin liitto"]
    assert [body.role for body in found.bodies] == roles
