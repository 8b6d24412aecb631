"""Names of projects: in running text, in the title of a page, and above a paragraph that goes on about them."""

from __future__ import annotations

import pytest

from loaders import mentions
from loaders.reading.project_drafts import Draft
from loaders.reading.project_names import _may_be_name, heads_prose, in_name, in_title, is_heading, names_in, window
from tests.cases import each
from tests.reading.conftest import Pager


@each(
    ("sentence", "names"),
    [
        ("Valtakunnallinen Saariston valot -hanke alkoi.", {"Saariston valot"}),
        ("Uusi VALO-hanke alkoi.", {"VALO"}),
        ("Oulun kaupungin Puun aika -hanke alkoi.", {"Puun aika"}),
        ("Hanke ”Silta yli veden” alkoi.", {"Silta yli veden"}),
        ("”Silta yli veden” -hanke alkoi.", {"Silta yli veden"}),
        ("Mukana on Kuvitelman polku (S31234), joka alkoi.", {"Kuvitelman polku"}),
        ("Yhteinen Luova ja osallistava Suomi -hanke alkoi.", {"Luova ja osallistava Suomi"}),
        ("ESR-hanke alkoi.", set()),
        ("Valtakunnallinen teema -hanke alkoi.", set()),
        ("Hanke alkoi.", set()),
        ("”Ai” -hanke alkoi.", set()),
    ],
)
def test_names_in_a_sentence(sentence: str, names: set[str]) -> None:
    assert {sentence[low:high] for low, high in names_in(sentence, 0, len(sentence))} == names


@each(
    ("title", "key", "name"),
    [
        ("Silta yli veden", "siltayliveden", "Silta yli veden"),
        ("SILTA – hanke nuorten poluille", "silta", "SILTA"),
        ("SILTA – nuorten poluille", "silta", "SILTA – nuorten poluille"),
        ("Nuorten polut töihin (SILTA)", "silta", "Nuorten polut töihin (SILTA)"),
        ("SILTA – nuorten poluille", "polku", None),
        ("Nuorten polut töihin", "silta", None),
    ],
)
def test_the_title_of_a_page_as_a_name(page: Pager, title: str, key: str, name: str | None) -> None:
    one = page(f"{title}\n\nHanke auttaa nuoria löytämään työtä saaristosta, ja sitä johtaa Kemin kaupunki.\n")
    assert one.title_block == 0
    span = in_title(one, key)
    assert (one.words(span) if span else None) == name


@each(
    ("sentence", "inside"),
    [
        ("Hanke noudattaa strategiaa Smart Saaristo 2019–2023 kaikessa.", True),
        ("Hanke kestää vuodet 2019–2023 kaikkiaan.", False),
        ("Hanke kestää ajan 1.2.2019–30.6.2023 kaikkiaan.", False),
        ("Polku 2019–2023 auttaa nuoria.", True),
    ],
)
def test_years_that_are_part_of_a_name(page: Pager, sentence: str, inside: bool) -> None:
    one = page(f"Nuorten polut\n\n{sentence}\n")
    period = mentions.times(one.text, years=True)[0]
    at = one.text.find("Polku 2019–2023")
    draft = Draft((at, at + len("Polku 2019–2023")) if at >= 0 else (0, 13), 0)
    assert in_name(one, draft, period) is inside


@each(
    ("head", "below", "name"),
    [
        ("Polku", "Polku auttaa nuoria. Hanke alkoi vuonna 2024.", "Polku"),
        ("Polku (ESR+)", "Hanke auttaa nuoria löytämään työtä.", "Polku"),
        ("Polku (2019–2021)", "Polku-hanke auttaa nuoria.", "Polku (2019–2021)"),
        ("Polku", "Hanketta rahoittaa ESR+. Se auttaa nuoria.", None),
        ("Polku", "Nuoret löytävät työtä. Hanke alkoi vuonna 2024.", None),
        ("Kemin kaupunki", "Kemin kaupunki johtaa hanketta.", None),
        ("Lisätietoja", "Lisätietoja hankkeesta antaa virasto.", None),
    ],
)  # fmt: skip
def test_a_line_heads_the_paragraph_about_a_project(page: Pager, head: str, below: str, name: str | None) -> None:
    one = page(f"Kunnan uutisia\n\nTeksti, joka ei kerro mistään erityisestä.\n\n{head}\n{below}\n")
    number = next(n for n, block in enumerate(one.blocks) if one.words(block) == head)
    found = heads_prose(one, number, one.blocks[number].start)
    assert [one.words(span) for span in found] == ([name] if name else [])
    assert heads_prose(one, number, one.blocks[number].start + 1) == []


@pytest.mark.parametrize(
    ("words", "name", "heading"),
    [
        ("Polku (2019–2021)", "Polku", True),
        ("Polku (nuoret)", "Polku", False),
        ("Uusi Polku (2019–2021)", "Polku", False),
    ],
)
def test_a_name_with_its_years_is_a_heading(page: Pager, words: str, name: str, heading: bool) -> None:
    one = page(f"Kunnan uutisia\n\nTeksti, joka ei kerro mistään.\n\n{words}\n\nHanke auttaa nuoria.\n")
    number = next(n for n, block in enumerate(one.blocks) if one.words(block) == words)
    at = one.text.index(name, one.blocks[number].start)
    assert is_heading(one, Draft((at, at + len(name)), number)) is heading


def test_a_sentence_is_cut_between_two_names_with_numbers() -> None:
    text = "Polku sai 90 000 euroa, Silta sai 70 000 euroa ja Valo odottaa."
    spans = [(text.index(one), text.index(one) + len(one)) for one in ("Polku", "Silta", "Valo")]
    parts = [text[slice(*window(text, one, [other for other in spans if other != one], 0, len(text)))] for one in spans]
    assert parts == ["Polku sai 90 000 euroa", "Silta sai 70 000 euroa", "Valo odottaa."]


def test_a_sentence_without_numbers_between_names_is_not_cut() -> None:
    text = "Polku, Silta ja Valo saavat 90 000 euroa."
    spans = [(text.index(one), text.index(one) + len(one)) for one in ("Polku", "Silta", "Valo")]
    assert window(text, spans[0], spans[1:], 0, len(text)) == (0, len(text))


@each(
    ("words", "name"),
    [
        ("Pol", True), ("Po", False), ("Lapin polku", True), ("Lapissa polku", False), ("Osaajien teema", False),
        ("Polku, uusi hanke", False), ("EU polku", True), ("EU2021", False), ("Polku 9 000 euroa", False),
        ("Polku EAKR", False), ("Uuden polun pitkä EAKR", True), ("Valtakunnallinen", False), ("Interreg Baltic", False),
        ("Lapin yliopisto Oy", False), (" ".join(["Polku"] * 14), True), (" ".join(["Polku"] * 15), False),
    ],
)  # fmt: skip
def test_words_that_can_be_a_name(words: str, name: bool) -> None:
    assert _may_be_name(words) is name
