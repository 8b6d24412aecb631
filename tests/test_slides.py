"""Slides: a theme whose name may not be printed, points, calls of a slide, two rows of contacts."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders import choose, reading
from loaders.document import pages
from loaders.records import Call, Contact, Count, Money, Participation, Project, Reading, Theme
from tests import layoutpages as made

REAL = made.SHARED / "text" / "vaikeasti-tyollistyvien-esitys-2025.txt"


def edited(folder: Path, *pairs: tuple[str, str]) -> Reading:
    return made.edited("slides", folder, *pairs)


def named(folder: Path, name: str, words: str) -> Reading:
    path = folder / f"{name}.txt"
    path.write_text(words, encoding="utf-8")
    return reading.parse(pages.read(path))


def test_a_printed_name_comes_first(tmp_path: Path) -> None:
    found = edited(tmp_path, ("EAKR teema \n", "EAKR teema: Sammalten suoja\n"))
    (theme,) = made.of(found, Theme)
    assert theme.name.value.text == "Sammalten suoja"
    assert theme.name.origin.certainty == "certain"


def test_else_the_file_says_whose_slides_they_are_and_that_is_unsure(tmp_path: Path) -> None:
    (theme,) = made.of(edited(tmp_path), Theme)
    assert (theme.name.value.text, theme.name.origin.certainty) == ("Kosteikkojen aika", "likely")


@pytest.mark.parametrize(
    "name", ["jatkuva-oppiminen-esitys-2025", "Jatkuva oppiminen 2025", "jatkuva_oppiminen_kalvot"]
)
def test_a_known_theme_is_called_by_its_known_name(name: str, tmp_path: Path) -> None:
    words = made.text("slides").replace("keksittyjen \n", "jatkuvan oppimisen \n")
    found = named(tmp_path, name, words)
    (theme,) = made.of(found, Theme)
    assert theme.name.value.text == "Jatkuva oppiminen"


@pytest.mark.parametrize(
    ("words", "amount", "scope"),
    [
        ("4,5 M€ (EU ja valtio)", "4500000", "eu-state"),
        ("13 milj. € (EU+valtio+kunta)", "13000000", "eu-state-municipal"),
        ("800 000 euroa", "800000", None),
    ],
)
def test_the_framework_and_whose_money_it_is(words: str, amount: str, scope: str | None, tmp_path: Path) -> None:
    (money,) = made.of(edited(tmp_path, ("4,5 M€ (EU ja valtio)", words)), Money)
    assert (money.phase, f"{money.amount:f}", money.scope) == ("framework", amount, scope)


def test_who_is_responsible(tmp_path: Path) -> None:
    found = edited(tmp_path, ("YM, \n", "OKM, \n"), ("Lapin ELY\n", "Hämeen ELY\n"))
    (theme,) = made.of(found, Theme)
    assert [(r.value.name, r.value.lead) for r in theme.ministries] == [("OKM", True)]
    assert [body.value for body in theme.intermediate_bodies] == ["Hämeen ELY"]


def test_the_second_call_has_only_an_ordinal(tmp_path: Path) -> None:
    found = edited(tmp_path, ("30.10.2023", "2.11.2023"), ("31.3.2023", "1.4.2023"))
    dates = [(c.label.value.text, c.opens and c.opens.value, c.closes and c.closes.value) for c in made.of(found, Call)]
    assert dates == [
        ("Ensimmäinen hankehaku 1.2.2023–1.4.2023, Kosteikkojen aika", "2023-02-01", "2023-04-01"),
        ("Toinen hankehaku 4.9.2023–2.11.2023, Kosteikkojen aika", "2023-09-04", "2023-11-02"),
        ("Hankehaku 2024–, Kosteikkojen aika", "2024", None),
    ]


def test_no_call_of_a_slide_is_told_of_twice(tmp_path: Path) -> None:
    found = edited(tmp_path, ("kolme hankehakua \nkeväällä 2023, syksyllä 2023 ja keväällä 2024", "kaksi hankehakua \n"
                              "keväällä 2023 ja syksyllä 2023"))  # fmt: skip
    assert [call.opens.value for call in made.of(found, Call) if call.opens] == ["2023-02-01", "2023-09-04"]


def test_the_joint_coordination_project_is_of_no_single_theme(tmp_path: Path) -> None:
    found = edited(tmp_path, ("(SYKE)", "(LUKE)"), ("syksyllä 2022", "keväällä 2021"))
    (project,) = made.of(found, Project)
    assert (project.theme, project.start and project.start.value) == (None, "2021")
    assert [p.organisation.value for p in made.of(found, Participation)] == ["LUKE"]


def test_sub_themes_are_sentences_that_do_not_point_back(tmp_path: Path) -> None:
    found = edited(
        tmp_path, ("Kaikkiin alateemoihin", "Näihin"), ("Lintulahtien hoito.", "Lintulahtien hoito ja suoja.")
    )
    (theme,) = made.of(found, Theme)
    assert [sub.value for sub in theme.sub_themes][2:] == ["Lintulahtien hoito ja suoja"]


def test_counts(tmp_path: Path) -> None:
    found = edited(tmp_path, ("yhteensä 9 eri", "yhteensä 14 eri"))
    assert {(c.measure, int(c.value), c.date) for c in made.of(found, Count)} == {
        ("calls", 3, "2024"),
        ("projects", 14, "2024"),
    }


def test_contacts_name_their_side(tmp_path: Path) -> None:
    assert [(c.side, c.organisation) for c in made.of(edited(tmp_path), Contact)] == [
        ("funder", "Lapin ELY-keskus"),
        ("ministry", "ympäristöministeriö"),
    ]


@pytest.mark.documents
@pytest.mark.skipif(not REAL.is_file(), reason="the full documents are not beside the repository")
@pytest.mark.parametrize("form", ["text", "pdf"])
def test_the_real_slides_land_on_their_theme(form: str) -> None:
    ending = {"text": "txt", "pdf": "pdf"}[form]
    document = pages.read(made.SHARED / form / f"{REAL.stem}.{ending}")
    assert choose(document) is reading
    (theme,) = made.of(reading.parse(document), Theme)
    assert theme.name.value.text == "Vaikeasti työllistyvien tukeminen"


@pytest.mark.documents
@pytest.mark.skipif(not REAL.is_file(), reason="the full documents are not beside the repository")
def test_the_real_slides_under_another_name_still_land_on_their_theme(tmp_path: Path) -> None:
    (theme,) = made.of(named(tmp_path, "kalvot", REAL.read_text(encoding="utf-8")), Theme)
    assert theme.name.value.text == "Vaikeasti työllistyvien tukeminen"
