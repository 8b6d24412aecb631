"""Stated numbers of things: which numbers are counts, of what, and which are none."""

from __future__ import annotations

import pytest

from loaders.records import Count, Record
from tests.reading.conftest import Reader

THEME = "Saaristolaisten sujuva talvi – valtakunnallinen teema\n\n"


def _counts(records: list[Record]) -> set[tuple[str, int]]:
    return {(one.measure, int(one.value)) for one in records if isinstance(one, Count)}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Hakemuksia saapui 19 kappaletta, ja niissä haetaan tukea 4,6 miljoonaa euroa.", {("applications", 19)}),
        ("Hakemuksia on käsittelyssä 23.", {("applications", 23)}),
        ("Teemasta on rahoitettu kuusi hanketta.", {("projects", 6)}),
        ("Haussa jätettiin 31 hakemusta, joista kahdeksan on valittu.", {("applications", 31), ("applications", 8)}),
        ("Neuvotteluihin etenee 12 hankekokonaisuutta.", {("projectEntities", 12)}),
        ("Hankkeessa tavoitellaan 1 500 asukasta, joista puolet on yli 65-vuotiaita.", {("participants", 1500)}),
        ("Hankkeessa koulutettiin 48 vertaisohjaajaa.", {("participants", 48)}),
        ("Hankkeeseen osallistuu 25 yritystä.", {("companies", 25)}),
        ("Ensimmäisenä vuonna järjestetään 12 aluetyöpajaa.", {("events", 12)}),
        (
            "Sammanlagt lämnades 62 ansökningar in. Av dessa utgör 19 grupprojekt, med 2–5 delgenomförare.",
            {("applications", 62), ("projectEntities", 19)},
        ),
        ("Projektet utbildar fyra lärare.", {("participants", 4)}),
        ("Under the theme seven projects are running.", {("projects", 7)}),
        ("The project trains about 300 mentors.", {("participants", 300)}),
    ],
)
def test_a_sentence_counts(records: Reader, sentence: str, expected: set[tuple[str, int]]) -> None:
    assert _counts(records(f"{THEME}{sentence}\n")) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Ohjelma kestää vuoteen 2027, ja 40 prosenttia yrityksistä on pieniä.",
        "Kohderyhmänä ovat yli 65-vuotiaat asukkaat.",
        "Vuonna 2024 saarilla asui 4 200 henkilöä.",
        "Tukea voidaan myöntää enintään 5 hankkeelle.",
        "Hakemuksia voi jättää vuonna 2025.",
        "Hankkeen kesto on kolme vuotta.",
        "3 Projects",
        "Tutkimus, 84 s., julkaistaan 2027.",
        "Hankkeen tuki on 80 % ja 200 000 euroa.",
    ],
)
def test_these_numbers_are_no_counts(records: Reader, sentence: str) -> None:
    assert _counts(records(f"{THEME}{sentence}\n")) == set()


def test_planned_and_reached_participants_are_told_apart(records: Reader) -> None:
    found = records("""
        Hankkeen nimi: Talven tie

        Hankekoodi: S30977

        5 Osallistujat

        Suunniteltu: 180

        Toteutunut: 74
    """)
    counts = {one.basis: (one.measure, int(one.value)) for one in found if isinstance(one, Count)}
    assert counts == {"planned": ("participants", 180), "realised": ("participants", 74)}


def test_a_second_value_of_a_measure_keeps_its_words_as_basis(records: Reader) -> None:
    found = [one for one in records(f"{THEME}Hakemuksia tuli 31, joista 8 valittiin.\n") if isinstance(one, Count)]
    assert [(int(one.value), one.basis) for one in found] == [(31, None), (8, "joista 8")]


def test_a_count_without_any_subject_is_not_asserted(records: Reader) -> None:
    assert _counts(records("Uutisia\n\nHakemuksia saapui 19 kappaletta.\n")) == set()


def test_an_approximate_count_says_so(records: Reader) -> None:
    found = [one for one in records(f"{THEME}Hankkeeseen osallistuu noin 300 opiskelijaa.\n") if isinstance(one, Count)]
    assert [(int(one.value), one.approximate) for one in found] == [(300, True)]
