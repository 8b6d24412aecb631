"""The list of a theme's projects: names, and implementers behind their labels in any of three languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders import reading
from loaders.document import pages
from loaders.records import Call, Participation, Project, Reading, Theme
from tests import layoutpages as made

REAL = made.SHARED / "more" / "14-taike-creative-net-projects-en.txt"
PARTNERS = "Tarinan säätiö sr, Kalojen ja lintujen ystävät ry, Sepitteen kaupunki"


def edited(folder: Path, *pairs: tuple[str, str]) -> Reading:
    return made.edited("project_list", folder, *pairs)


def parties(reading: Reading, project: str) -> list[tuple[str, str | None]]:
    found = [p for p in made.of(reading, Participation) if p.project == project]
    return [(p.organisation.value, p.role.value if p.role else None) for p in found]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Tarinan säätiö sr", ["Tarinan säätiö sr"]),
        ("Tarinan säätiö sr ja Sepitteen kaupunki", ["Tarinan säätiö sr", "Sepitteen kaupunki"]),
        (
            "Humanistinen ammattikorkeakoulu Oy, Merenneito Oy Ab",
            ["Humanistinen ammattikorkeakoulu Oy", "Merenneito Oy Ab"],
        ),
        ("Kalojen, lintujen ja lasten ystävät ry", ["Kalojen, lintujen ja lasten ystävät ry"]),
    ],
)
def test_implementers_are_taken_apart(words: str, names: list[str], tmp_path: Path) -> None:
    found = edited(tmp_path, (PARTNERS, words))
    key = "Majakat, sillat ja saaret -innovaatioalusta"
    assert parties(found, key) == [("Kuvitelman yliopisto", "lead"), *((name, "partner") for name in names)]


def test_both_labels_in_one_line(tmp_path: Path) -> None:
    assert parties(edited(tmp_path), "Aallot ja algoritmit!") == [
        ("Tarinan säätiö sr", "lead"),
        ("Kuvitelman yliopisto", "partner"),
        ("Merenneito Oy", "partner"),
    ]


def test_implementers_without_a_project_are_reported(tmp_path: Path) -> None:
    found = edited(tmp_path)
    left = next(left for left in found.left_out if "Sepitteen kaupunki" in left.words)
    assert not left.understood
    named = edited(tmp_path, ("\nHakija: Sepitteen kaupunki", "\nRannan ääni\nHakija: Sepitteen kaupunki"))
    assert parties(named, "Rannan ääni") == [("Sepitteen kaupunki", None)]


def test_a_cut_name_at_the_end_is_no_organisation(tmp_path: Path) -> None:
    found = edited(tmp_path, ("Kuvitelman yliopisto, Merenneito Oy", "Kuvitelman yliopisto, Mer"))
    assert ("Mer", "partner") not in parties(found, "Aallot ja algoritmit!")


def test_the_theme_its_fund_and_its_call(tmp_path: Path) -> None:
    found = edited(
        tmp_path, ("Rantojen kulttuuri -teeman (ESR+)", "Soiden kulttuuri -teeman (EAKR)"), ("31.5.2023", "2.6.2023")
    )
    (theme,) = made.of(found, Theme)
    assert (theme.name.value.text, theme.fund and theme.fund.value) == ("Soiden kulttuuri", "EAKR")
    assert [(c.opens and c.opens.value, c.closes and c.closes.value) for c in made.of(found, Call)] == [
        ("2023-04-03", "2023-06-02")
    ]


SWEDISH = """Temat ”Strändernas kultur” finansierar påhittade projekt.

Projekt

Musslorna spelar
Sökande: Hittepå Yrkeshögskola Ab

Fyrar och broar
Huvudgenomförare: Hittepå Yrkeshögskola Ab
Delgenomförare: Sagans stiftelse sr, Fiskarnas vänner rf
"""
ENGLISH = """The projects of the national Shore Culture theme are invented.

Projects

Shells Shall Sound
Applicant: Imagined University of Applied Sciences

Lighthouses and Bridges
Main implementer: Imagined University of Applied Sciences
Sub-implementers: Omnia, the Joint Authority of Education in Espoo Region, Fictive Foundation
"""


@pytest.mark.parametrize(("words", "lang"), [(SWEDISH, "sv"), (ENGLISH, "en")])
def test_the_list_in_other_languages(words: str, lang: str, tmp_path: Path) -> None:
    document = made.document("project_list", "txt", tmp_path, words)
    found = reading.parse(document)
    assert found.language == lang
    names = [project.name.value for project in made.of(found, Project)]
    assert [len(parties(found, name.text)) for name in names] == [1, 3]
    assert {role for name in names for _, role in parties(found, name.text)} == {None, "lead", "partner"}


@pytest.mark.documents
@pytest.mark.skipif(not REAL.is_file(), reason="the full documents are not beside the repository")
def test_what_the_real_list_makes_hard() -> None:
    found = reading.parse(pages.read(REAL))
    organisations = [p.organisation.value for p in made.of(found, Participation)]
    assert any(name.startswith("Omnia, the Joint Authority") for name in organisations)
    assert "Sei" not in organisations
    left = [left.words for left in found.left_out if not left.understood]
    assert any("Tampere University of Applied Sciences" in words for words in left)
    assert "Sei" in left
