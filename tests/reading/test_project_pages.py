"""Pages of single projects as universities, municipalities, associations and information services write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.errors import SourceError
from loaders.records import Contact, Participation, Project
from loaders.values.marks import phones
from tests.reading.test_unseen import parts, projects, read, sums

LONG = "The coast is changing, and its firms, schools and towns look for ways to work together on all that it asks of them."


def dates(project: Project) -> tuple[str | None, str | None]:
    return project.start.value if project.start else None, project.end.value if project.end else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "LUOTO-project\nThe LUOTO-project supports small firms. The project period’s total budget is 1.2 million euros.",
            "LUOTO",
        ),
        ("Saaristo\n\nProjekt Rönnskär riktar sig till unga. Projektet leds av Vasa stad.", "Rönnskär"),
        ("Kunnan VALO-pilottihankkeelle myönnettiin 40 000 euroa.", "VALO"),
        ("Tuore kehittämishanke Ruska on käynnistynyt, ja sitä johtaa Kemin kaupunki.", "Ruska"),
        (
            "Puron varrella -hanke (ESR) auttaa nuoria.\n\nLisätietoja: Outi Malli, outi.malli@x.example",
            "Puron varrella",
        ),
        (
            "Partners work in project Bright Shores 2022–2027 (SHORE). The project is led by the City of Oulu.",
            "Bright Shores",
        ),
    ],
)
def test_names_before_and_behind_their_noun(text: str, name: str, tmp_path: Path) -> None:
    assert [one.removesuffix(" 2022–2027") for one in projects(read(tmp_path, text))] == [name]


def test_a_project_that_another_one_works_with_is_not_read(tmp_path: Path) -> None:
    text = "Aalto 9 -hankkeessa on mukana Kemin kaupunki. Hanke toimii yhdessä Lapin liiton ”Verkko pohjoiseen” hankkeen kanssa."
    assert list(projects(read(tmp_path, text))) == ["Aalto 9"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hankkeen hallinnoijana on Kehitysyhtiö Kuvitelma Oy.", {"Kehitysyhtiö Kuvitelma Oy": "lead"}),
        ("Hanketta toteuttivat Kemin kaupunki ja Lapin yliopisto.", {"Kemin kaupunki": None, "Lapin yliopisto": None}),
        ("Hanke koordinoi Sujuvat polut -verkostoa. Hanketta johtaa Lapin yliopisto.", {"Lapin yliopisto": "lead"}),
        (
            "Se on Kuvan Kasvu ry:n ja Leader Harha ry:n yhteinen alueiden välinen hanke, jota Kuvan Kasvu hallinnoi.",
            {"Kuvan Kasvu ry": "lead", "Leader Harha ry": None},
        ),
        (
            "\n\nHakija on Lapin yliopisto ja osatoteuttajina Kemin kaupunki ja Harha ry.",
            {"Lapin yliopisto": "lead", "Kemin kaupunki": "partner", "Harha ry": "partner"},
        ),
        ("Projektet ägs av Samkommunen Kusten och har en liten budget.", {"Samkommunen Kusten": "lead"}),
        ("The project is administered by the Regional Council of Lapland.", {"Regional Council of Lapland": "lead"}),
    ],
)
def test_sentences_give_organisations_their_part(text: str, found: dict[str, str | None], tmp_path: Path) -> None:
    reading = read(tmp_path, f"Kivi -hanke sai myönteisen rahoituspäätöksen. {text}")
    assert parts(reading, "Kivi") == found


def test_the_sort_of_an_organisation_is_no_organisation(tmp_path: Path) -> None:
    text = "Hankkeen nimi: Kivi\nHakija: Kemin kaupunki\nOsatoteuttajat: Harha Oy, Ammattikorkeakoulu, 0244767-4\n"
    reading = read(tmp_path, text)
    assert parts(reading, "Kivi") == {"Kemin kaupunki": "lead", "Harha Oy": "partner"}
    found = {one.organisation.value: one.business_id for one in reading.records if isinstance(one, Participation)}
    assert found["Harha Oy"] is not None


@pytest.mark.parametrize(
    "fact",
    [
        "Period: 1.2.2021 - 31.12.2022\n\nProjektinsatserna ska stärka undervisningen.",
        "Kommunen genomför ett projekt i syfte att utreda frågan. Projekttiden är 1.2.2021 - 31.12.2022.",
    ],
)
def test_a_page_of_one_project_has_its_name_for_title(fact: str, tmp_path: Path) -> None:
    (project,) = projects(read(tmp_path, f"Kultur på kobben\n\n{fact}\n")).values()
    assert (project.name.value.text, project.name.origin.certainty) == ("Kultur på kobben", "likely")
    assert dates(project) == ("2021-02-01", "2022-12-31")


def test_a_title_above_an_aim_is_a_name_where_a_fund_is_named(tmp_path: Path) -> None:
    text = "Stages for the Coast\n\nThe aim of the project is to create jobs in small firms of the coast.\n\n"
    assert list(projects(read(tmp_path, text + "Funding source\n\nEuropean Social Fund\n"))) == ["Stages for the Coast"]
    with pytest.raises(SourceError):
        read(tmp_path, text)


def test_a_title_with_an_acronym_is_the_name_that_the_text_turns_round(tmp_path: Path) -> None:
    text = "Taide kuuluu kaikille (TAKU)\n\nKesto:\n\n1.8.2020–30.6.2023\n\n"
    text += "TAKU - Taide kuuluu kaikille -hankkeessa tuettiin nuoria.\n"
    (project,) = projects(read(tmp_path, text)).values()
    assert project.name.value.text == "Taide kuuluu kaikille"
    assert dates(project) == ("2020-08-01", "2023-06-30")


def test_what_sort_a_project_is_of_is_no_name(tmp_path: Path) -> None:
    text = "Hanke: Muut rahastot\n\nSuon sydän\n\nAloituspäivä: 1.11.2023\nLoppumispäivämäärä: 30.6.2026\n"
    assert list(projects(read(tmp_path, text + "Projektin toteuttaja: Harha ry\n"))) == ["Suon sydän"]


def test_a_sum_given_to_a_named_project_is_granted_unless_it_is_only_selected(tmp_path: Path) -> None:
    text = "seuraavat hankkeet:\n\n • Polku -hankkeelle 444 990 euroa\n  Hankkeen tavoitteena on osaaminen.\n"
    assert sums(read(tmp_path, f"Liitto on myöntänyt tukea, ja mukana ovat {text}")) == {"granted 444990"}
    assert sums(read(tmp_path, f"Yhteistyöryhmä puoltaa rahoitettavaksi {text}")) == set()


def test_years_of_a_strategy_are_no_period_of_the_project(tmp_path: Path) -> None:
    text = "The project Bright Shores is led by the City of Oulu. The project follows the Smart Strategy 2019–2023 of the coast."
    (project,) = projects(read(tmp_path, text)).values()
    assert dates(project) == (None, None)


def test_a_label_without_a_value_takes_no_title(tmp_path: Path) -> None:
    text = "Start date: 8 May 2019\nTotal budget: 499 620,00 €\nProgramming period: 2014-2021\nbeneficiary\n\n"
    text += "The Coast in Change — From Plan to Practice\n\n"
    reading = read(tmp_path, text + LONG)
    assert parts(reading, "The Coast in Change — From Plan to Practice") == {}


def test_numbers_of_a_card(tmp_path: Path) -> None:
    assert [one.value for one in phones("050 - 548 3400, 0101263-6")] == ["050 - 548 3400"]
    text = "Kivi -hanke alkaa. Hanketta johtaa Lapin yliopisto.\n\n"
    text += "Yhteyshenkilö Outi Malli, Projektledare Näringsliv\nTel. 0647-164 48 Mail outi.malli@x.example\n"
    contacts = [one for one in read(tmp_path, text).records if isinstance(one, Contact)]
    assert [one.name for one in contacts] == ["Outi Malli"]


def test_a_person_behind_a_label_is_no_project_of_a_list(tmp_path: Path) -> None:
    text = "In the projects list you will find all of our ongoing projects.\n\n"
    text += "Life Lab\nImplementation period: 1 Jan 2014 – 30 Jun 2016\nProject partners: Harha Oy, Kuvan Kasvu ry\n"
    text += "Contact person in Harha Oy: Outi Malli\n"
    assert list(projects(read(tmp_path, text))) == ["Life Lab"]


def test_a_sum_that_is_only_called_funding_is_no_cost(tmp_path: Path) -> None:
    text = "Coast Lab\n\nDuration: 1.4.2021 – 31.3.2022\nProject partners: Harha Oy\nFunding: the council, at most EUR 67 955.\n"
    assert sums(read(tmp_path, text)) == set()
