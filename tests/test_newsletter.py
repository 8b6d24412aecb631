"""The newsletter: themes below their groups' headings, money and shares, calls with and without days, cards of contacts."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from loaders import reading as readers
from loaders.document import pages
from loaders.document.lines import Document, Line
from loaders.records import Call, Contact, Money, Participation, Project, Reading, Theme
from tests import layoutpages as made

REAL = made.SHARED / "text" / "uutiskirje-2022-06.txt"
DECEMBER = made.SHARED / "more" / "01-uutiskirje-joulukuu-2022.txt"


def edited(folder: Path, *pairs: tuple[str, str]) -> Reading:
    return made.edited("newsletter", folder, *pairs)


def plain(*lines: str) -> Document:
    return Document("kirje", "text", tuple(Line(n, line) for n, line in enumerate(lines, 1)), "0")


def money(reading: Reading, theme: str) -> list[tuple[str, str, str | None]]:
    return [(m.phase, f"{m.amount:f}", m.ministry) for m in made.of(reading, Money) if m.about.key == theme]


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("11 miljoonaa euroa", "11000000"),
        ("11,25 milj. euroa", "11250000"),
        ("1,2 M€", "1200000"),
        ("900 000 euroa", "900000"),
        ("yhteensä 8 milj. €", "8000000"),
    ],
)
def test_an_amount_is_read_as_printed(words: str, amount: str, tmp_path: Path) -> None:
    found = edited(tmp_path, ("7,25 miljoonaa euroa", words))
    assert money(found, "Metsäalan osaajat")[0] == ("framework", amount, None)


def test_shares_of_ministries_follow_the_whole(tmp_path: Path) -> None:
    found = edited(tmp_path, ("josta TEM 8 M€ ja OKM 4 M€", "josta OKM vastaa 9 milj. eurosta ja SM 3 milj. eurosta"))
    assert money(found, "Kohtaamisia pienyrityksissä") == [
        ("framework", "12000000", None),
        ("framework", "9000000", "OKM"),
        ("framework", "3000000", "SM"),
    ]


def test_a_cap_is_a_maximum(tmp_path: Path) -> None:
    of = {m.phase: m.maximum for m in made.of(edited(tmp_path), Money)}
    assert of == {"framework": False, "coordinationBudget": True}
    other = edited(tmp_path, ("korkeintaan 750 000 euroa", "600 000 euroa"))
    assert not any(m.maximum for m in made.of(other, Money))


@pytest.mark.parametrize(
    ("words", "opens", "closes"),
    [
        ("hakuaika 2.9.-31.10.2024", "2024-09-02", "2024-10-31"),
        ("hakuaika 20.12.2024 - 31.1.2025", "2024-12-20", "2025-01-31"),
        ("hakuaika 2.9-31.10.24", "2024-09-02", "2024-10-31"),
        ("haku avataan syksyllä 2025", "2025", None),
        ("haku päättyy 31.10.2024", None, "2024-10-31"),
    ],
)
def test_days_and_seasons_of_a_call(words: str, opens: str | None, closes: str | None, tmp_path: Path) -> None:
    found = edited(tmp_path, ("hakuaika 2.9.-31.10.2024 EURA2021 -palvelu", words))
    call = made.of(found, Call)[0]
    assert call.coordination
    assert (call.opens and call.opens.value, call.closes and call.closes.value) == (opens, closes)


def test_a_call_told_twice_is_one(tmp_path: Path) -> None:
    again = "Koordinaatiohankkeen haku on auki 2.9.-31.10.2024. Yhteyshenkilöt:\nylitarkastaja"
    found = edited(tmp_path, ("\nYhteyshenkilöt:\nylitarkastaja", f"\n{again.replace('. Y', '.' + chr(10) + 'Y')}"))
    assert len([call for call in made.of(found, Call) if call.theme == "Metsäalan osaajat"]) == 2


def test_earlier_calls_told_of_together(tmp_path: Path) -> None:
    held = "Teemassa on järjestetty kaksi hankehakua syksyllä 2023 ja keväällä 2024. Välittävä"
    found = edited(tmp_path, ("\nVälittävä", f"\n{held}"))
    told = {call.opens.value for call in made.of(found, Call) if call.opens and call.theme == "Metsäalan osaajat"}
    assert told == {"2024-09-02", "2025", "2023", "2024"}


def test_a_hidden_address_is_left_out_and_its_person_kept(tmp_path: Path) -> None:
    found = edited(tmp_path)
    person = next(c for c in made.of(found, Contact) if "Harjunpää" in c.name)
    assert (person.emails, person.telephones) == ((), ("0295 000 112",))
    assert made.reasons(found)["[email protected]"] == "hidden-address"


def test_contact_details_without_a_name_are_reported_and_private(tmp_path: Path) -> None:
    found = edited(tmp_path, ("vs. yksikön päällikkö Eerika von Lahdelma\n", ""))
    lost = next(left for left in found.left_out if "0295 000 113" in left.words)
    assert lost.private
    assert not lost.understood


def test_the_fund_of_the_period_is_the_one_it_had(tmp_path: Path) -> None:
    found = edited(tmp_path, ("Kosteikkojen aika (EAKR)", "Kosteikkojen aika (ESR)"))
    theme = made.of(found, Theme)[-1]
    assert theme.fund
    assert theme.fund.value == "ESR+"
    assert "(ESR)" not in theme.name.value.text


def test_lead_is_the_named_or_the_only_ministry(tmp_path: Path) -> None:
    both = edited(tmp_path, ("(MMM)", "(MMM ja YM)"))
    roles = {r.value.name: r.value.lead for r in made.of(both, Theme)[0].ministries}
    assert roles["maa- ja metsätalousministeriö"]
    shared = made.of(edited(tmp_path), Theme)[1]
    assert not any(role.value.lead for role in shared.ministries)


def test_the_coordination_project_and_its_implementer(tmp_path: Path) -> None:
    found = edited(
        tmp_path, ("hankehakemuksella Pienet sillat", "hankehakemuksella Suuret sillat"), ("1.8.2024", "1.9.2024")
    )
    (project,) = made.of(found, Project)
    assert project.coordination
    assert (project.name.value.text, project.start and project.start.value) == ("Suuret sillat", "2024-09-01")
    assert [(p.project, p.organisation.value) for p in made.of(found, Participation)] == [
        (project.key, "Kuvitelman ammattikorkeakoulu Oy")
    ]


def test_a_letter_without_a_title_is_known_by_its_marked_themes() -> None:
    found = plain(
        "Työllisyys",
        "",
        "Rantojen kulttuuri (ESR)",
        "",
        "Teeman haku on auki 16.5.-30.9.2030 ja sen välittävä toimielin on Lapin ELY-keskus, joka kertoo siitä lisää.",
        "",
        "Järvien hiljaisuus (EAKR)",
        "",
        "Teeman haku avataan keväällä 2031. Tämä on keksitty kappale, jossa ei ole muuta luettavaa.",
    )
    reading = readers.parse(found)
    assert [t.name.value.text for t in made.of(reading, Theme)] == ["Rantojen kulttuuri", "Järvien hiljaisuus"]
    assert [c.opens.value for c in made.of(reading, Call) if c.opens] == ["2030-05-16", "2031"]


@pytest.mark.documents
@pytest.mark.skipif(not REAL.is_file(), reason="the full documents are not beside the repository")
@pytest.mark.parametrize("seed", range(2))
def test_themes_of_a_group_in_another_order_say_the_same(seed: int, tmp_path: Path) -> None:
    document = pages.read(REAL)
    reading = readers.parse(document)
    lines = [line.text for line in document.lines]
    starts = [theme.name.origin.first - 1 for theme in made.of(reading, Theme)]
    groups = {theme.name.value.text: theme.group and theme.group.value for theme in made.of(reading, Theme)}
    ends = [*starts[1:], len(lines)]
    names, parts = list(groups), [lines[a:b] for a, b in zip(starts, ends, strict=True)]
    for group in dict.fromkeys(groups.values()):
        at = [n for n, name in enumerate(names) if groups[name] == group][:-1]
        mixed = random.Random(seed).sample(at, len(at))
        for place, part in zip(at, [parts[n] for n in mixed], strict=True):
            parts[place] = part
    path = tmp_path / REAL.name
    path.write_text(
        "\n".join([*lines[: starts[0]], *(line for part in parts for line in part)]) + "\n", encoding="utf-8"
    )
    other = readers.parse(pages.read(path))
    assert sorted(map(repr, _told(other))) == sorted(map(repr, _told(reading)))


def _told(reading: Reading) -> list[object]:
    found = made.told(reading)
    assert isinstance(found, dict)
    return list(found["records"])


@pytest.mark.documents
@pytest.mark.skipif(not DECEMBER.is_file(), reason="the full documents are not beside the repository")
def test_what_a_call_is_about_is_no_project_and_nothing_is_made_up() -> None:
    reading = readers.parse(pages.read(DECEMBER))
    (theme,) = made.of(reading, Theme)
    assert [project.coordination.value for project in made.of(reading, Project) if project.coordination] == [True]
    assert (theme.ministries, theme.intermediate_bodies, made.of(reading, Money)) == ((), (), [])
