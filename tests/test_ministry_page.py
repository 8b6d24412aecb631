"""The page of a ministry: priority, objective and then themes with their authority, in any of three languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders import reading
from loaders.document import pages
from loaders.records import Reading, Theme
from tests import layoutpages as made

REAL = made.SHARED / "more" / "11-stm-rakennerahastot-teemat-fi.txt"
FIRST = "  • Skogens kunniga, NTM-centralen i Lappland (jord- och skogsbruksministeriet)\n"
FINNISH = """EU:n rakennerahastot (ohjelmakausi 2021–2027)

Uudistuva ja osaava Suomi 2021–2027 -ohjelmassa on toimintalinjoja, joista maa- ja metsätalousministeriö on mukana kahdessa:

Toimintalinja 4 Keksitty ja osallistava Suomi (Euroopan sosiaalirahasto+): tuetaan keksittyjä asioita.

 • Erityistavoite Uutta osaamista työelämään, valtakunnallinen teema:
  • Metsien taitajat, Lapin ELY-keskus (maa- ja metsätalousministeriö)
 • Erityistavoite Keksitty osallisuus, valtakunnalliset teemat:
  • Porot, lampaat ja lehmät, Pohjois-Savon ELY-keskus (maa- ja metsätalousministeriö ja ympäristöministeriö)
"""
ENGLISH = """European Union Structural Funds (programme period 2021–2027)

The programme period 2021–2027 is carried out by the programme Innovation and Skills in Finland.

The programme has several priorities, and the Ministry of Agriculture and Forestry takes part in two of them:

Priority 4 An invented and inclusive Finland (European Social Fund Plus): The aim is to support invented things.

 • Specific objective New skills for working life, national theme:
  • Skills of the forests, ELY Centre for Lapland (Ministry of Agriculture and Forestry)
 • Specific objective Invented inclusion, national themes:
  • Reindeer, sheep and cows, ELY Centre for Lapland (Ministry of Agriculture and Forestry and Ministry of the Environment)
"""


def edited(folder: Path, *pairs: tuple[str, str]) -> Reading:
    return made.edited("ministry_page", folder, *pairs)


def told(reading: Reading) -> list[tuple[str, str | None, list[str | None], int, list[str]]]:
    return [
        (
            t.name.value.text,
            t.priority.value if t.priority else None,
            [aim.value.name for aim in t.objectives],
            len(t.ministries),
            [body.value for body in t.intermediate_bodies],
        )
        for t in made.of(reading, Theme)
    ]


def test_names_hold_commas_and_the_authority_follows_the_last(tmp_path: Path) -> None:
    found = told(edited(tmp_path, ("Skogens kunniga, NTM-centralen", "Skog, hav och berg, tema 2, NTM-centralen")))
    assert found[0] == (
        "Skog, hav och berg, tema 2",
        "4",
        ["Ny kompetens i arbetslivet"],
        1,
        ["NTM-centralen i Lappland"],
    )


def test_the_objective_above_and_the_priority_above_that(tmp_path: Path) -> None:
    found = told(
        edited(tmp_path, ("Verksamhetslinje 4", "Verksamhetslinje 5"), ("Påhittad delaktighet", "Lika villkor"))
    )
    assert [(priority, aims) for _, priority, aims, *_ in found] == [
        ("5", ["Ny kompetens i arbetslivet"]),
        ("5", ["Lika villkor"]),
    ]


def test_a_cut_entry_is_reported(tmp_path: Path) -> None:
    found = edited(tmp_path, (FIRST, FIRST[:22] + "\n"))
    assert len(told(found)) == 1
    assert {left.understood for left in found.left_out if left.words in ("Skogens kunniga", "Havets")} == {False}


@pytest.mark.parametrize(
    ("words", "themes"), [(FINNISH, "Porot, lampaat ja lehmät"), (ENGLISH, "Reindeer, sheep and cows")]
)
def test_the_page_in_other_languages(words: str, themes: str, tmp_path: Path) -> None:
    document = made.document("ministry_page", "txt", tmp_path, words)
    found = reading.parse(document)
    assert found.programme == "2021-2027"
    assert found.language == {"P": "fi", "R": "en"}[themes[0]]
    entries = told(found)
    assert [name for name, *_ in entries][1] == themes
    assert [(priority, ministries) for _, priority, _, ministries, _ in entries] == [("4", 1), ("4", 2)]
    assert all(len(bodies) == 1 and len(aims) == 1 for *_, aims, _, bodies in entries)
    assert {theme.fund.value for theme in made.of(found, Theme) if theme.fund} == {"ESR+"}


@pytest.mark.documents
@pytest.mark.skipif(not REAL.is_file(), reason="the full documents are not beside the repository")
def test_the_cut_bullet_of_the_real_page_is_no_theme() -> None:
    found = reading.parse(pages.read(REAL))
    assert not any(name.startswith("Yhdenvertaisuude") for name, *_ in told(found))
    assert any(left.words == "Yhdenvertaisuude" and not left.understood for left in found.left_out)
