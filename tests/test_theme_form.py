"""The theme form: a table of labels and cells, then numbered parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders import reading
from loaders.document import pages
from loaders.records import Contact, Money, Project, Reading, Theme
from tests import layoutpages as made

REAL = made.SHARED / "text" / "vaikeasti-tyollistyvien-teemakuvaus.txt"
NAMES = ("Saariston palvelujen uudistaminen ja \n\nyhteisten toimintatapojen kehittäminen \n\n"
         "Utveckling av skärgårdens tjänster \n\nDeveloping the services of the archipelago ")  # fmt: skip
SPLIT = "8,4 milj. €, josta STM 5 milj. € ja OKM 3,4 milj. €"


def edited(folder: Path, *pairs: tuple[str, str]) -> Reading:
    return made.edited("theme_form", folder, *pairs)


def theme(reading: Reading) -> Theme:
    (found,) = made.of(reading, Theme)
    return found


@pytest.mark.parametrize(
    "names",
    [
        ["Rantojen uusi kulttuuri", "Strändernas nya kultur", "New culture of the shores"],
        ["Rantojen uusi kulttuuri", "New culture of the shores", "Strändernas nya kultur"],
        ["Rantojen uusi kulttuuri"],
    ],
)
def test_names_are_told_apart_by_their_language(names: list[str], tmp_path: Path) -> None:
    found = theme(edited(tmp_path, (NAMES, " \n\n".join(names) + " ")))
    languages = {text.value.lang: text.value.text for text in (found.name, *found.names)}
    assert found.name.value.text == names[0]
    assert languages == {("fi", "sv", "en")[("Ra", "St", "Ne").index(name[:2])]: name for name in names}


def test_a_form_without_a_name_names_no_theme(tmp_path: Path) -> None:
    assert made.of(edited(tmp_path, (NAMES, "")), Theme) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ET 4.2. Uutta osaamista työelämään", ("4.2", "Uutta osaamista työelämään")),
        ("ET 4.1.7 Yhdenvertainen osallisuus", ("4.1.7", "Yhdenvertainen osallisuus")),
        ("ET 2.8", ("2.8", None)),
    ],
)
def test_the_objective_of_the_table(words: str, found: tuple[str, str | None], tmp_path: Path) -> None:
    objective = theme(edited(tmp_path, ("ET 4.2. Uutta osaamista työelämään", words))).objectives[0].value
    assert (objective.notation, objective.name) == found


def test_an_objective_of_the_parts(tmp_path: Path) -> None:
    found = theme(edited(tmp_path, ("ET:n 4.g mukaisesti", "ET:n 4.h mukaisesti")))
    assert [objective.value.notation for objective in found.objectives] == ["4.2", "4.h"]


@pytest.mark.parametrize(
    ("words", "money"),
    [
        (SPLIT, [("8400000", None), ("5000000", "STM"), ("3400000", "OKM")]),
        ("27 milj. €", [("27000000", None)]),
        ("1 250 000 €", [("1250000", None)]),
        ("6 milj. €, YM 2 milj. € ja LVM 4 milj. €", [("6000000", None), ("2000000", "YM"), ("4000000", "LVM")]),
    ],
)
def test_framework_and_shares(words: str, money: list[tuple[str, str | None]], tmp_path: Path) -> None:
    found = edited(tmp_path, (SPLIT, words))
    assert [(f"{m.amount:f}", m.ministry) for m in made.of(found, Money)] == money
    assert {m.scope for m in made.of(found, Money)} == {"eu-state-municipal"}
    named = [role.value.name for role in theme(found).ministries]
    assert named == ["Sosiaali- ja terveysministeriö", *(m for _, m in money if m)]


def test_whose_money_it_is_says_the_label(tmp_path: Path) -> None:
    label = "Rahoituskehysarvio, julkinen rahoitus \n(EU+valtio+kunta ja muu julkinen rahoitus)"
    for words, scope in (
        ("Rahoituskehys (EU ja valtio)", "eu-state"),
        ("Rahoituskehysarvio, julkinen rahoitus", "total-public"),
    ):
        found = edited(tmp_path, (label, words))
        assert {m.scope for m in made.of(found, Money)} == {scope}


@pytest.mark.parametrize(
    ("words", "years"),
    [
        ("2022-2026", ("2022", "2026")),
        ("1.1.2023–30.6.2027", ("2023-01-01", "2027-06-30")),
        ("vuosina 2021 - 2027", ("2021", "2027")),
    ],
)
def test_the_time(words: str, years: tuple[str, str], tmp_path: Path) -> None:
    found = theme(edited(tmp_path, ("Toteutusaika 2022-2026", f"Toteutusaika {words}")))
    assert (found.start and found.start.value, found.end and found.end.value) == years


def test_sub_themes_are_the_points_without_their_remarks(tmp_path: Path) -> None:
    more = "• Etäyhteyksien hyödyntäminen. \n\n• Uimaopetus (lapset, nuoret) ja \n\nsen laitteet"
    found = theme(edited(tmp_path, ("• Etäyhteyksien hyödyntäminen. ", more)))
    assert [sub.value for sub in found.sub_themes] == [
        "Liikkuvien palvelujen kehittäminen saarille ja niiden yhteensovittaminen",
        "Etäyhteyksien hyödyntäminen",
        "Uimaopetus (lapset, nuoret) ja sen laitteet",
    ]


def test_target_groups_are_taken_apart(tmp_path: Path) -> None:
    found = theme(
        edited(
            tmp_path, ("palvelujen tuottajat ja kuntien työntekijät", "saariston koulut, kalastajat sekä veneilijät")
        )
    )
    assert [group.value for group in found.target_groups][3:] == ["saariston koulut", "kalastajat", "veneilijät"]


def test_persons_and_their_sides(tmp_path: Path) -> None:
    found = edited(
        tmp_path, ("Otso Meriläinen", "Veli-Matti Vuono"), ("Varsinais-Suomen ELY-keskus", "Lapin ELY-keskus")
    )
    assert [(c.side, c.organisation, c.name) for c in made.of(found, Contact)] == [
        ("funder", "Lapin ELY-keskus", "Veli-Matti Vuono"),
        ("coordination", "THL", "Maisa Luoto-Hovi"),
        ("ministry", "Sosiaali- ja terveysministeriö", "Niilo Ulappa"),
    ]
    assert [body.value for body in theme(found).intermediate_bodies] == ["Lapin ELY-keskus"]


def test_coordination_projects_of_the_table_and_of_the_parts(tmp_path: Path) -> None:
    found = edited(tmp_path)
    assert [p.key for p in made.of(found, Project)] == ["Saariston yhteinen koordinaatio", "Saaret yhdessä ja erikseen"]
    assert all(project.coordination and project.coordination.value for project in made.of(found, Project))


@pytest.mark.documents
@pytest.mark.skipif(not REAL.is_file(), reason="the full documents are not beside the repository")
def test_a_form_in_one_block_reads_the_same(tmp_path: Path) -> None:
    """Blank lines between a cell's lines are how one copy was made, not the form."""
    document = pages.read(REAL)
    path = tmp_path / REAL.name
    path.write_text("\n".join(line.text for line in document.lines if line.text.strip()) + "\n", encoding="utf-8")
    one, other = (made.told(reading.parse(d)) for d in (document, pages.read(path)))
    assert isinstance(one, dict)
    assert isinstance(other, dict)
    assert other["records"] == one["records"]
