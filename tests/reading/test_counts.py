"""Stated numbers of things: which numbers are counts, of what, and which are none."""

from __future__ import annotations

import pytest

from loaders.records import Count, Record
from tests.cases import each
from tests.reading.conftest import Reader

THEME = "Saaristolaisten sujuva talvi – valtakunnallinen teema\n\n"


def _counts(records: list[Record]) -> set[tuple[str, int]]:
    return {(one.measure, int(one.value)) for one in records if isinstance(one, Count)}


@each(
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


@each(
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
    assert [(int(one.value), one.basis) for one in found] == [(31, None), (8, "joista 8 valittiin")]


def test_a_count_without_any_subject_is_not_asserted(records: Reader) -> None:
    assert _counts(records("Uutisia\n\nHakemuksia saapui 19 kappaletta.\n")) == set()


def test_an_approximate_count_says_so(records: Reader) -> None:
    found = [one for one in records(f"{THEME}Hankkeeseen osallistuu noin 300 opiskelijaa.\n") if isinstance(one, Count)]
    assert [(int(one.value), one.approximate) for one in found] == [(300, True)]


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        ("Hakujen perusteella on rahoitettu kymmenen alueellista hanketta.", {("projects", 10, "regional")}),
        ("Alueellisia hankkeita on käynnissä 196 kappaletta.", {("projects", 196, "regional")}),
        ("Koordinaatiohankkeen lisäksi on rahoitettu 4 hanketta.", {("projects", 4, "without-coordination")}),
        (
            "Rahoitettu on 33 hanketta. Lisäksi toiminnassa on teeman koordinoiva hanke.",
            {("projects", 33, "without-coordination")},
        ),
        ("Toisesta hankehausta valitut viisi hanketta alkavat pian.", {("projects", 5, "Toisesta hankehausta")}),
        ("Kesällä 2023 järjestettiin 1 hakukierros.", {("calls", 1, "Kesällä 2023")}),
        ("Hankehakuja on vuoden 2023 alusta lähtien ollut kolme ja yksi on avoinna.", {("calls", 3, None)}),
        ("Teemassa on tarkoitus toteuttaa kolme hankehakua.", {("calls", 3, "planned")}),
        ("Rahoitetut hankkeet (N=12)", {("projects", 12, None)}),
        ("Teemassa on rahoitettu tähän mennessä 1 kpl selvityshankkeita.", {("projects", 1, None)}),
        ("Vuonna 2023 rahoitettiin13 aluehanketta.", {("projects", 13, "regional")}),
        (
            "Hakuun saapui 147 hakemusta (57 hankekokonaisuutta).",
            {("applications", 147, None), ("applicationEntities", 57, None)},
        ),
        ("Hakukriteerit täyttäviä hankekokonaisuuksia oli yhteensä 38.", {("applicationEntities", 38, "eligible")}),
        ("Hankkeessa on tarkoitus järjestää 12 aluetyöpajaa.", {("events", 12, "aluetyöpajaa")}),
        ("Hankkeisiin tavoitellaan 30 osallistuvaa yritystä.", {("companies", 30, "planned: osallistuvaa yritystä")}),
    ],
)
def test_a_count_says_on_what_basis(
    records: Reader, sentences: str, expected: set[tuple[str, int, str | None]]
) -> None:
    found = [one for one in records(f"{THEME}{sentences}\n") if isinstance(one, Count)]
    assert {(one.measure, int(one.value), one.basis) for one in found} == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Ne liittyvät saaristoteemaan (6 hankekokonaisuutta).",
        "Vuoden aikana on sparrattu kolmea hanketta.",
        "Kolmessa hankkeessa luodaan verkostoja.",
    ],
    ids=["of what stands before the brackets", "some of them", "parts of a whole"],
)
def test_numbers_of_some_projects_are_no_count_of_all(records: Reader, sentence: str) -> None:
    assert _counts(records(f"{THEME}{sentence}\n")) == set()


def test_applications_are_to_the_call_told_of_last(records: Reader) -> None:
    told = "Hankehaku oli avoinna 3.2.2025–30.4.2025. Siihen jätettiin 31 hakemusta."
    (found,) = [one for one in records(f"{THEME}{told}\n") if isinstance(one, Count)]
    assert (found.about.kind, int(found.value)) == ("call", 31)


def test_a_month_between_the_things_and_their_number_dates_the_count(records: Reader) -> None:
    (found,) = [
        one
        for one in records(f"{THEME}Rahoitettuja hankkeita on marraskuussa 2024 kymmenen.\n")
        if isinstance(one, Count)
    ]
    assert (int(found.value), found.date) == (10, "2024-11")
