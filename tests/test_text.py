"""Lines as one text that knows their places: wrapped words, origins, sentences; the bodies and languages of words."""

from __future__ import annotations

import pytest

from loaders.document.lines import Line
from loaders.names.bodies import authorities, ministries
from loaders.names.tongues import guess, tongues
from loaders.reading.sums import scope_of
from loaders.text import Prose
from tests.cases import each


def lines(*words: str, first: int = 1) -> list[Line]:
    return [Line(number, text) for number, text in enumerate(words, first)]


def test_a_word_cut_at_a_line_end_is_mended_and_its_origin_is_as_printed() -> None:
    prose = Prose.of(lines("  Teeman kehittä-", "", "misen  rahoitus on 7 M€"))
    assert prose.text == "Teeman kehittämisen rahoitus on 7 M€"
    origin = prose.origin(7, 20)
    assert (origin.first, origin.last, origin.words) == (1, 3, "kehittä- misen")


def test_hyphens_that_are_printed_stay() -> None:
    assert Prose.of(lines("Keski-", "Suomen ELY-", "keskus")).text == "Keski-Suomen ELY-keskus"
    assert Prose.of(lines("työ-", "ja koulutus")).text == "työ-\nja koulutus"


def test_an_origin_never_reaches_over_lines_that_were_left_out() -> None:
    given = [*lines("Haku on auki", "syksyllä ja siitä"), *lines("kerrotaan", first=5)]
    prose = Prose.of(given)
    origin = prose.origin(0, len(prose.text))
    assert (origin.first, origin.last, origin.words) == (1, 2, "Haku on auki syksyllä ja siitä")


def test_an_origin_needs_words() -> None:
    with pytest.raises(ValueError, match="needs words"):
        Prose.of(lines("sana toinen")).origin(4, 5)


@each(
    ("words", "count"),
    [
        ("Rahoitus on 7 milj. Euroa on siis paljon.", 1),
        ("Haku alkaa 1.3.2030. Sen jälkeen odotetaan.", 2),
        ("Lisätietoja antaa esim. Lapin ELY-keskus. Se on kaukana! Niin on.", 3),
        ("Kausi päättyy 15. Maaliskuuta.", 1),
    ],
)
def test_sentences(words: str, count: int) -> None:
    assert len(Prose.of(lines(words)).sentences()) == count


@each(
    ("words", "names"),
    [
        ("Etelä-Savon ELY-keskuksella ja Hämeen ELY:llä", ["Etelä-Savon ELY-keskus", "Hämeen ELY"]),
        ("Lapin elinkeino-, liikenne- ja ympäristökeskus", ["Lapin elinkeino-, liikenne- ja ympäristökeskus"]),
        ("The ELY Centre for Lapland acts", ["ELY Centre for Lapland"]),
        ("NTM-centralen i Södra Österbotten är", ["NTM-centralen i Södra Österbotten"]),
        ("Mellersta Finlands NTM-central öppnar", ["Mellersta Finlands NTM-central"]),
        ("Lapin ELYssä ja Kainuun ELYn alueella", ["Lapin ELY", "Kainuun ELY"]),
        ("Lapin elinvoimakeskuksen", ["Lapin elinvoimakeskus"]),
        ("ELY-keskukset yleensä", []),
    ],
)
def test_authorities(words: str, names: list[str]) -> None:
    assert [body.name for body in authorities(words)] == names


@each(
    ("words", "names"),
    [
        ("STM:n ja OKM:n hallinnonalat", ["STM", "OKM"]),
        (
            "työ- ja elinkeinoministeriön sekä ympäristöministeriön",
            ["työ- ja elinkeinoministeriö", "ympäristöministeriö"],
        ),
        ("Ministry of the Environment and Ministry of Justice", ["Ministry of the Environment", "Ministry of Justice"]),
        ("social- och hälsovårdsministeriet", ["social- och hälsovårdsministeriet"]),
        ("(ANM och UKM)", ["ANM", "UKM"]),
        ("ESR JTF EU ABC ministeriö", []),
    ],
)
def test_ministries(words: str, names: list[str]) -> None:
    assert [body.name for body in ministries(words)] == names


@each(
    ("words", "scope"),
    [
        ("(EU+valtio+kunta ja muu julkinen rahoitus)", "eu-state-municipal"),
        ("EU:n ja valtion rahoitus", "eu-state"),
        ("julkisen rahoituksen määrä", "total-public"),
        ("rahoitus", None),
    ],
)
def test_whose_money(words: str, scope: str | None) -> None:
    assert scope_of(words, alone=True) == scope


@each(
    ("words", "lang"),
    [
        ("Rantojen uusi kulttuuri", "fi"),
        ("Strändernas nya kultur", "sv"),
        ("New culture of the shores", "en"),
        ("", "fi"),
    ],
)
def test_the_language_of_a_name(words: str, lang: str) -> None:
    assert guess(words) == lang


def test_names_in_three_languages_over_several_lines() -> None:
    text = "Lasten ja nuorten\nuudet palvelut\nNya tjänster för\nbarn och unga\nNew services for\nchildren"
    found = [(lang, " ".join(text[low:high].split())) for lang, low, high in tongues(text, 0, len(text))]
    assert found == [
        ("fi", "Lasten ja nuorten uudet palvelut"),
        ("sv", "Nya tjänster för barn och unga"),
        ("en", "New services for children"),
    ]


def test_a_year_that_a_narrow_cell_broke_is_whole() -> None:
    lines = [Line(1, "1.1.20"), Line(2, "24", continues=True), Line(3, "31.5.202"), Line(4, "6", continues=True)]
    assert Prose.of(lines).text == "1.1.2024\n31.5.2026"
