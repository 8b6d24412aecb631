"""Kinds of pages that public sites have: cards without labels, forms copied into a line, lists of projects, announcements."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.records import Call, Contact, Count, Theme
from tests.reading.test_unseen import parts, projects, read, sums

FACTS = """
MITÄ TEEMME

Hankkeessa luodaan uusia palveluja rannikon matkailuun ja selvitetään niiden kysyntää yhdessä alueen yrittäjien kanssa.

HANKKEEN TAUSTA

Rannikon matkailu on ollut kausiluonteista, ja yrittäjät ovat toivoneet ympärivuotista toimintaa.

HANKKEEN TAVOITTEET

Tavoitteena on ympärivuotinen matkailu.

Faktat

Majakoiden vuosi – rannikon matkailun kehittäminen

1.2.2023 – 31.5.2024

Toteuttajat

Hallinnoija: Kaakkois-Suomen ammattikorkeakoulu

Budjetti

Kokonaisbudjetti: 28 938 €
"""


def test_a_heading_above_a_period_names_the_project_of_a_card(tmp_path: Path) -> None:
    (project,) = projects(read(tmp_path, FACTS)).values()
    assert project.name.value.text == "Majakoiden vuosi – rannikon matkailun kehittäminen"
    assert [one.value if one else None for one in (project.start, project.end)] == ["2023-02-01", "2024-05-31"]


SITE = """
Fundbase: discover EU projects in your region

project info
Start date: 1 May 2015
End date: 31 July 2018
Total budget: 1 584 000,00 €

Lighthouse year

The project implements training for young people.
"""


def test_the_title_of_a_site_names_no_project(tmp_path: Path) -> None:
    assert list(projects(read(tmp_path, SITE))) == ["Lighthouse year"]


FORM = (
    "1 EAKR-PROJEKTISUUNNITELMA Diaarinumero 193/10 Käsittelijä Eero Malli Projektikoodi A31999 Hakemustyyppi Uusi hakemus "
    "Tila Käynnissä VIRANOMAINEN, JOLLE HAKEMUS OSOITETAAN Uudenmaan liitto Projektin nimi Majakan valo "
    "Toimintalinja 4 : Kaupunkiseudut Hakijan nimi Metropolia Ammattikorkeakoulu Oy Hakijatyyppi Ammattikorkeakoulu "
    "Y-tunnus Lähiosoite Majakkatie 3 Projektin vastuuhenkilön nimi Aino Malli Asema organisaatiossa johtaja "
    "Sähköpostiosoite Puhelinnumero Projektipäällikön nimi Oiva Esimerkki Sähköpostiosoite Puhelinnumero"
)


def test_a_form_copied_into_one_line_has_fields(tmp_path: Path) -> None:
    reading = read(tmp_path, f"PROJEKTISUUNNITELMA\n\n{FORM}\n")
    (project,) = projects(reading).values()
    assert (project.name.value.text, project.project_code and project.project_code.value) == ("Majakan valo", "A31999")
    assert parts(reading, "Majakan valo") == {"Metropolia Ammattikorkeakoulu Oy": None}
    assert [one.name for one in reading.records if isinstance(one, Contact)] == ["Aino Malli", "Oiva Esimerkki"]


LISTED = """
Research projects

LIGHT – Digital lighthouses of small ports

Granted funding from Erasmus+. Project duration: 36 months (1 Sept 2016 – 31 Aug 2019)

Partners: Turku University of Applied Sciences, University of Tartu

MOMU – Moving towards the sea

The main objective of the project is to define new skills. The consortium consists of University of Turku and City of Pori.
"""


def test_each_heading_of_a_page_of_projects_is_one(tmp_path: Path) -> None:
    reading = read(tmp_path, LISTED)
    names = ["LIGHT – Digital lighthouses of small ports", "MOMU – Moving towards the sea"]
    assert sorted(projects(reading)) == names
    light = projects(reading)[names[0]]
    assert [one.value if one else None for one in (light.start, light.end)] == ["2016-09-01", "2019-08-31"]
    assert list(parts(reading, names[0]).values()) == ["partner", "partner"]
    assert list(parts(reading, names[1])) == ["University of Turku", "City of Pori"]


PORTAL = """
Lighthouse skills - a path to a degree

Project Details

The aim of the project is to raise the level of education in the archipelago through open courses at the universities.
Effective start/end date
01.01.2015
31.12.2017

Funding: EU+valtio 60.771,00
"""


def test_a_label_of_a_portal_stands_above_its_days(tmp_path: Path) -> None:
    reading = read(tmp_path, PORTAL)
    (project,) = projects(reading).values()
    assert [one.value if one else None for one in (project.start, project.end)] == ["2015-01-01", "2017-12-31"]
    assert sums(reading) == {"granted 60771"}


@pytest.mark.parametrize(
    ("sentence", "bodies"),
    [
        (
            "Valo-hanketta toteuttavat ja verkostoja koordinoivat niissä aktiivisesti toimivat keskeiset toimijat: Lapin liitto, "
            "Lapin yliopisto ja Rovaniemen Kehitys Oy.",
            {"Lapin liitto", "Lapin yliopisto", "Rovaniemen Kehitys Oy"},
        ),
        ("Valo-hankkeen toteuttaa Porin kaupunki ja sen kumppaneita ovat alueen yritykset.", {"Porin kaupunki"}),
        ("Rahoitusta sai Kaakkois-Suomen ammattikorkeakoulun Valo -hankepari.", {"Kaakkois-Suomen ammattikorkeakoulu"}),
    ],
)
def test_bodies_of_a_sentence(tmp_path: Path, sentence: str, bodies: set[str]) -> None:
    reading = read(tmp_path, f"Valoa rannikolle\n\nValo-hanke kehittää majakoita 1.2.2024–31.3.2026.\n\n{sentence}\n")
    (name,) = projects(reading)
    assert set(parts(reading, name)) == bodies


def test_bodies_that_combine_what_they_know_carry_out_the_project(tmp_path: Path) -> None:
    page = (
        "Lighthouses for Growth\n\nThe aim of the project is to test new lights.\n\nIn this project University of Turku, "
        "University of Oulu and Tampere University combine their knowledge.\n\nFunding source\n\nESR 2014-2020\n"
    )
    assert set(parts(read(tmp_path, page), "Lighthouses for Growth")) == {
        "University of Turku",
        "University of Oulu",
        "Tampere University",
    }


def test_a_long_name_in_brackets_is_the_name(tmp_path: Path) -> None:
    page = (
        "SatLights (Satellite applications for every lighthouse keeper)\n\nImplementation period: 1 Jul 2017 - 30 Sep 2020\n"
        "Project partners: University of Turku, Tampere University\nContact person in Harbour Ltd: Aino Malli\n"
    )
    reading = read(tmp_path, page)
    (project,) = projects(reading).values()
    assert project.name.value.text == "Satellite applications for every lighthouse keeper"
    assert project.acronym is not None
    assert project.acronym.value == "SatLights"
    assert [one.name for one in reading.records if isinstance(one, Contact)] == ["Aino Malli"]


def test_a_sum_for_one_year_is_not_the_projects(tmp_path: Path) -> None:
    page = "Valoa rannikolle -hanke\n\nHanke toteutetaan vuosina 2020–2022. Hankkeelle myönnettiin 316 000 euroa vuodelle 2021.\n"
    assert sums(read(tmp_path, page)) == set()


CALL = """
ESR-hankehaku käynnistyi

24.4.2030 16.42

Sosiaali- ja terveysministeriö käynnisti keskiviikkona 22.4. hankehaun, joka jatkuu 15.6.2030 asti.

Hankkeita tai hankekokonaisuuksia etsitään kolmeen toimenpidekokonaisuuteen, joita ovat:
"""


def test_the_day_of_the_page_opens_no_call(tmp_path: Path) -> None:
    reading = read(tmp_path, CALL)
    (call,) = (one for one in reading.records if isinstance(one, Call))
    assert [one.value if one else None for one in (call.opens, call.closes)] == ["2030-04-22", "2030-06-15"]
    assert not any(isinstance(one, Theme) for one in reading.records)


def test_regions_are_counted_where_they_are_said_to_be_different_ones(tmp_path: Path) -> None:
    text = "Hanke toimii {} maakunnan alueella.\n\nHankkeen kesto: 1.2.2020-31.12.2021\n"
    for words, counted in (("kolmen", 0), ("14 eri", 1)):
        reading = read(tmp_path, f"Valoa rannikolle -hanke\n\n{text.format(words)}")
        assert sum(isinstance(one, Count) for one in reading.records) == counted


def test_headlines_and_sentences_name_no_project(tmp_path: Path) -> None:
    headline = (
        "Oulun yliopisto menestyi rahoitushaussa\n\nOulun yliopisto sai rahoitusta. Hanketta johtaa Turun yliopisto.\n"
    )
    sentence = "Lighthouses\n\nThe duration of the project with a budget is three years (2023–2025) and it is funded by a fund.\n"
    contact = "Yhteystiedot\n\nAino Malli, p. 040 123 4567\n"
    for page in (headline, sentence):
        assert projects(read(tmp_path, f"{page}\n{contact}")) == {}


def test_an_acronym_or_the_area_of_a_job_is_no_persons_name(tmp_path: Path) -> None:
    page = "For more information\n\nRegional Development Manager\nAino Malli\n+358 44 371 9442\n\nHäme ELY, +358 44 371 9443\n"
    assert {one.name for one in read(tmp_path, page).records if isinstance(one, Contact)} == {"Aino Malli"}
