"""The page of one theme: sub-themes, money, and cards of contacts that may stand close."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders import reading
from loaders.document import pages
from loaders.records import Contact, Money, Project, Reading, Theme
from tests import layoutpages as made

REAL = made.SHARED / "more" / "09-teemasivu-lapset-nuoret-perheet.txt"


def edited(folder: Path, *pairs: tuple[str, str]) -> Reading:
    return made.edited("theme_page", folder, *pairs)


@pytest.mark.parametrize(
    ("words", "amount"),
    [("6 M€", "6000000"), ("23,5 M€", "23500000"), ("7 milj. euroa", "7000000"), ("850 000 €", "850000")],
)
def test_the_framework(words: str, amount: str, tmp_path: Path) -> None:
    (money,) = made.of(edited(tmp_path, ("6 M€", words)), Money)
    assert (money.phase, f"{money.amount:f}") == ("framework", amount)


def test_the_name_is_the_title(tmp_path: Path) -> None:
    found = edited(tmp_path, ("Porojen, lampaiden ja lehmien yhteislaidun", "Poron, lampaan ja lehmän uusi laidun"))
    (theme,) = made.of(found, Theme)
    assert theme.name.value.text == found.title == "Poron, lampaan ja lehmän uusi laidun"


def test_sub_themes_follow_the_sentence_that_announces_them(tmp_path: Path) -> None:
    (theme,) = made.of(edited(tmp_path, ("  • Paimenten", "  • Aidat\n  • Paimenten")), Theme)
    assert [sub.value for sub in theme.sub_themes][1:] == ["Aidat", "Paimenten osaamisen vahvistaminen"]


def test_cards_without_a_blank_line_between_them(tmp_path: Path) -> None:
    found = made.of(edited(tmp_path, ("\n\nLumi Kettunen-Aapa", "\nLumi Kettunen-Aapa")), Contact)
    assert [(c.side, c.name, c.organisation) for c in found] == [
        ("ministry", "Tuomas Jäkälä", "Maa- ja metsätalousministeriö"),
        ("ministry", "Lumi Kettunen-Aapa", "Ympäristöministeriö"),
        ("funder", "Reino Palsa", "Lapin ELY-keskus"),
        ("coordination", "Sisko Tunturi", None),
    ]


def test_a_pattern_for_addresses_is_no_address(tmp_path: Path) -> None:
    found = edited(tmp_path)
    assert made.of(found, Contact)[0].emails == ()
    assert made.reasons(found)["etunimi.sukunimi(at)gov.fi"] == "address-pattern"
    other = edited(tmp_path, ("etunimi.sukunimi(at)gov.fi", "tuomas.jakala(at)gov.example.fi"))
    assert made.of(other, Contact)[0].emails == ("tuomas.jakala@gov.example.fi",)


def test_the_coordination_project_heads_its_contacts(tmp_path: Path) -> None:
    (project,) = made.of(edited(tmp_path, ("Laidunten yhteinen koordinaatio", "Poron oma koordinaatiohanke")), Project)
    assert project.name.value.text == "Poron oma koordinaatiohanke"
    assert project.coordination


@pytest.mark.documents
@pytest.mark.skipif(not REAL.is_file(), reason="the full documents are not beside the repository")
def test_the_real_page_hides_one_address() -> None:
    found = reading.parse(pages.read(REAL))
    assert sum(not person.emails for person in made.of(found, Contact)) >= 1
    assert "etunimi.sukunimi(at)gov.fi" in made.reasons(found)
