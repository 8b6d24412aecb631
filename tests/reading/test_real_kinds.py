"""Kinds of real pages that were misread at first: lists with semicolons, cards under headings, news, lists of themes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from loaders.records import Call, Money, Reading, Record, Theme
from tests.reading.conftest import Reader
from tests.reading.test_unseen import parts, projects, read


def _sums(reading: Reading, project: str) -> dict[str, int]:
    key = projects(reading)[project].key
    return {one.phase: int(one.amount) for one in reading.records if isinstance(one, Money) and one.about.key == key}


SEMICOLONS = """
Maakuntahallitus myönsi rahoitusta seuraaville hankkeille:

 • Majakat; Porin kaupunki, muut toteuttajat Turun yliopisto ja Valonkehä Oy (Satakunta) 161 030 €
 • KAIKU-testialusta; Turun yliopisto, muut toteuttajat Porin kaupunki, 33 932 €
 • KAIKU-Investointihanke; Turun yliopisto 26 390 €
"""


def test_in_a_list_the_body_behind_the_semicolon_leads_the_other_implementers(tmp_path: Path) -> None:
    reading = read(tmp_path, SEMICOLONS)
    assert set(projects(reading)) == {"Majakat", "KAIKU-testialusta", "KAIKU-Investointihanke"}
    assert parts(reading, "Majakat") == {
        "Porin kaupunki": "lead",
        "Turun yliopisto": "partner",
        "Valonkehä Oy": "partner",
    }
    assert _sums(reading, "Majakat") == {"granted": 161030}
    assert parts(reading, "KAIKU-Investointihanke") == {"Turun yliopisto": None}


CARDS = """
Käynnissä olevat hankkeet

Lintujen reitti

Lintujen reitti -hanke tuo retkeilijät rannikolle. Hanke on käynnissä 1.9.2023–31.8.2026.
Rahoittaja: ESR+, Hämeen ELY-keskus
Budjetti: 380 000 €

Hiljainen kampus

Hiljainen kampus -hankkeessa vähennetään melua. Toteutusaika 2024–2026.
Rahoittaja: EAKR, Hämeen liitto
Budjetti: 220 000 €
"""


def test_the_fields_below_the_sentences_of_a_heading_are_of_its_project(tmp_path: Path) -> None:
    reading = read(tmp_path, CARDS)
    found = projects(reading)
    funds = {name: one.fund.value if one.fund else None for name, one in found.items()}
    assert funds == {"Lintujen reitti": "ESR+", "Hiljainen kampus": "EAKR"}
    assert [_sums(reading, name) for name in found] == [{"costEstimate": 380000}, {"costEstimate": 220000}]


NEWS = """
Kemi saa 300 000 euroa satamaan

Kemin kaupunki aloittaa Laiturit-hankkeen.

Hankkeen kesto: 1.8.2024–31.7.2026
Kokonaisbudjetti: 430 000 €
"""


def test_a_form_beside_news_is_of_the_project_that_the_news_names(tmp_path: Path) -> None:
    (project,) = projects(read(tmp_path, NEWS)).values()
    assert (project.name.value.text, project.start and project.start.value) == ("Laiturit", "2024-08-01")


def test_a_headline_names_a_project_only_where_nothing_else_does_and_is_but_likely(tmp_path: Path) -> None:
    (project,) = projects(read(tmp_path, NEWS.replace(" Laiturit-hankkeen", " hankkeen"))).values()
    assert project.name.origin.certainty == "likely"


def test_groups_of_people_are_no_partners_and_a_line_with_a_business_id_is_one_body(tmp_path: Path) -> None:
    page = """Valokeila

    Kesto: 1.1.2020–31.12.2021
    Budjetti: 45 000 €
    Projektikumppanit:
    Asiakas tai asukas
    Oppilaitokset
    Yksityinen sektori
    Porin kaupunki
    """
    assert set(parts(read(tmp_path, page), "Valokeila")) == {"Porin kaupunki"}
    form = "Hankkeen nimi: Valokeila\nHankekoodi: A70999\n\nOsatoteuttajat\n\nTurun yliopisto, Valon ja Ajan keskus, 0245896-3\n"
    assert list(parts(read(tmp_path, form), "Valokeila")) == ["Turun yliopisto, Valon ja Ajan keskus"]


@pytest.mark.parametrize(
    "sentence",
    [
        "The Quiet Harbour project, coordinated by the University of Oulu, started in January 2024.",
        "The Quiet Harbour project started in January 2024 and is coordinated by the University of Oulu.",
    ],
)
def test_an_english_name_in_capitals_stands_before_its_noun(tmp_path: Path, sentence: str) -> None:
    reading = read(tmp_path, f"A harbour is quiet\n\n{sentence}\n")
    (project,) = projects(reading).values()
    assert (project.name.value.text, project.start and project.start.value) == ("Quiet Harbour", "2024-01")
    assert parts(reading, "Quiet Harbour") == {"University of Oulu": "lead"}


def test_an_english_programme_before_the_noun_is_no_project(tmp_path: Path) -> None:
    page = "The Interreg Baltic project was led by the University of Oulu in 2020–2021.\n\nContact: Aino Malli, a@koe.example\n"
    assert projects(read(tmp_path, page)) == {}


def test_the_years_of_a_programme_are_no_projects_time(tmp_path: Path) -> None:
    page = "Suon ääni -hanke noudattaa maakuntaohjelmaa 2022–2025. Hankkeen hakija on Lapin yliopisto.\n"
    (project,) = projects(read(tmp_path, page)).values()
    assert (project.start, project.end) == (None, None)


def _themes(records: Iterable[Record]) -> dict[str, list[str]]:
    return {
        one.name.value.text: [b.value for b in one.intermediate_bodies] for one in records if isinstance(one, Theme)
    }


def test_themes_below_the_name_of_a_body_are_funded_by_it(records: Reader) -> None:
    found = _themes(
        records(
            """
            Valtakunnalliset teemat

            Valtakunnallisten teemojen rahoituksesta vastaavat ELY-keskukset.

            Hämeen ELY-keskus

            - Tulevaisuuden taidot (OKM)
            - Yhdessä töihin (TEM ja STM)

            Pohjois-Pohjanmaan ELY-keskus

            - Vesien aika (YM)
            """
        )
    )
    hame, north = ["Hämeen ELY-keskus"], ["Pohjois-Pohjanmaan ELY-keskus"]
    assert found == {"Tulevaisuuden taidot": hame, "Yhdessä töihin": hame, "Vesien aika": north}


def test_what_is_said_of_several_themes_is_said_of_none_alone(records: Reader) -> None:
    found = _themes(
        records(
            """
            Valtakunnalliset teemat

            Hämeen ELY-keskus toimii välittävänä toimielimenä muiden valtakunnallisten teemojen osalta.

            Ympäristöministeriö vastaa Vesien aika -teemasta, jonka välittävä toimielin on Kainuun ELY-keskus.
            """
        )
    )
    assert found == {"Vesien aika": ["Kainuun ELY-keskus"]}


def test_a_theme_has_the_fund_of_the_title_that_announces_it_and_none_of_its_own_name(records: Reader) -> None:
    title = "ESR+ -rahoitteiset valtakunnalliset teemat\n\nTulevaisuuden taidot (OKM)\nHämeen ELY-keskus\n"
    (theme,) = (one for one in records(title) if isinstance(one, Theme))
    assert theme.fund is not None
    assert theme.fund.value == "ESR+"
    own = "Valtakunnallinen teema Taidot Euroopan sosiaalirahastotyössä\n\nTeemaa ohjaa OKM.\n"
    (theme,) = (one for one in records(own) if isinstance(one, Theme))
    assert theme.fund is None


def test_a_headline_and_the_words_of_a_picture_are_no_themes(records: Reader) -> None:
    page = """
        Lapin kuntia kannustetaan osallistumaan valtakunnallisiin hakuihin (EAKR/YM)

        Suurennuslasi lomakkeen päällä

        Ohjelmassa toteutetaan uutta kokonaisuutta, josta vastaa ympäristöministeriö. Rahoittajana toimii Hämeen ELY-keskus.

        Lisätietoja: Aino Malli, aino.malli@koe.example
        """
    assert not _themes(records(page))


def test_since_when_a_body_has_a_theme_is_no_calls_day(records: Reader) -> None:
    page = (
        "Vesien aika -teeman ensimmäinen haku avataan 3.3.2025 ja suljetaan 30.4.2025. "
        "Sen välittävä toimielin on 1.1.2026 alkaen Lapin elinvoimakeskus.\n"
    )
    (call,) = (one for one in records(page) if isinstance(one, Call))
    assert (call.opens and call.opens.value, call.closes and call.closes.value) == ("2025-03-03", "2025-04-30")


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        (
            "Hanke toteutetaan Oulun yliopiston ja Kemin kaupungin yhteistyönä.",
            {"Oulun yliopisto": None, "Kemin kaupunki": None},
        ),
        (
            "Mukana hankkeessa ovat lisäksi Oulun kaupunki ja Kempeleen kunta.",
            dict.fromkeys(("Oulun kaupunki", "Kempeleen kunta"), "partner"),
        ),
        (
            "Hakijana on Oulun kaupunki ja muina hakijoina Kemin kaupunki.",
            {"Oulun kaupunki": "lead", "Kemin kaupunki": "partner"},
        ),
        ("Projektet är ett samarbete mellan Vasa stad och Åbo Akademi.", {"Vasa stad": None, "Åbo Akademi": None}),
        (
            "The project is a collaboration between the City of Kemi and Salt Oy.",
            {"City of Kemi": None, "Salt Oy": None},
        ),
    ],
)
def test_sentences_that_name_those_who_carry_a_project_out(
    tmp_path: Path, sentence: str, wanted: dict[str, str | None]
) -> None:
    page = f"Valokeila kokoaa osaajat\n\nValokeila-hanke (S30777) alkoi 1.1.2024. {sentence}\n"
    assert parts(read(tmp_path, page), "Valokeila") == wanted
