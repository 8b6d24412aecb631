"""The call of a focus area: days, places, objective, and contacts below their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.document import pages
from loaders.reading import parse
from loaders.records import Call, Contact, Money, Reading, Theme
from tests import layoutpages as made


def edited(folder: Path, *pairs: tuple[str, str], form: str = "txt") -> Reading:
    return made.edited("call", folder, *pairs, form=form)


def call(reading: Reading) -> Call:
    (found,) = made.of(reading, Call)
    return found


def theme(reading: Reading) -> Theme:
    (found,) = made.of(reading, Theme)
    return found


@pytest.mark.parametrize(
    ("pairs", "days"),
    [
        ([], ("2019-02-11", "2019-03-29")),
        ([("avautui 11.2.2019", "avautui 4.3.2019"), ("29.3.2019", "30.4.2019")], ("2019-03-04", "2019-04-30")),
        (
            [("avautui 11.2.2019", "on auki 11.2.–30.4.2019"), ("viimeistään 29.3.2019", "ajoissa")],
            ("2019-02-11", "2019-04-30"),
        ),
        ([("viimeistään 29.3.2019", "29.3.2019 klo 16.15 mennessä")], ("2019-02-11", "2019-03-29")),
        ([("avautui 11.2.2019", "avautuu pian")], (None, "2019-03-29")),
    ],
)
def test_days(pairs: list[tuple[str, str]], days: tuple[str | None, str | None], tmp_path: Path) -> None:
    found = call(edited(tmp_path, *pairs))
    assert (found.opens and found.opens.value, found.closes and found.closes.value) == days


def test_the_day_of_publication_opens_nothing(tmp_path: Path) -> None:
    found = edited(tmp_path, ("7.2.2019 klo 9.30", "12.2.2019 klo 9.30"))
    assert found.reference_date == "2019-02-12"
    assert call(found).opens == call(edited(tmp_path)).opens
    assert made.reasons(found)["12.2.2019"] == "day-of-publication"


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("(Hanko, Raahe ja Kemi)", ["Hanko", "Raahe", "Kemi"]),
        ("(Tornio, Kotka, Uusikaupunki, Pori ja Vaasa)", ["Tornio", "Kotka", "Uusikaupunki", "Pori", "Vaasa"]),
        ("(Salo)", ["Salo"]),
    ],
)
def test_places(words: str, places: list[str], tmp_path: Path) -> None:
    found = call(edited(tmp_path, ("(Hanko, Raahe ja Kemi)", words)))
    assert [place.value for place in found.places] == places


def test_the_focus_area_is_the_theme(tmp_path: Path) -> None:
    found = theme(edited(tmp_path, ("painopistettä Puhdas vesi ja kaupunki", "painopistettä Avoin meri ja satama")))
    assert found.name.value.text == "Avoin meri ja satama"


def test_programme_fund_priority_and_objective(tmp_path: Path) -> None:
    words = "toimintalinjan 4 erityistavoitetta 9.1: Osaamisen uudet polut."
    old = "toimintalinjan 2 erityistavoitetta 3.2: Uusiutuvan energian ja energiatehokkaiden ratkaisujen kehittäminen."
    found = theme(edited(tmp_path, (old, words), ("EAKR", "ESR")))
    assert (found.programme and found.programme.value, found.fund and found.fund.value) == ("2014-2020", "ESR")
    assert found.priority
    assert found.priority.value == "4"
    assert [(o.value.notation, o.value.name) for o in found.objectives] == [("9.1", "Osaamisen uudet polut")]


def test_the_funder(tmp_path: Path) -> None:
    found = theme(edited(tmp_path, ("Kainuun ELY-keskuksen avaama", "Etelä-Savon ELY-keskuksen avaama")))
    assert [body.value for body in found.intermediate_bodies][:1] == ["Etelä-Savon ELY-keskus"]


def test_the_sum_of_the_call(tmp_path: Path) -> None:
    (money,) = made.of(edited(tmp_path, ("1,2 miljoonaa", "2,75 miljoonaa")), Money)
    assert (money.phase, f"{money.amount:f}", money.about.kind) == ("callBudget", "2750000", "call")
    assert made.of(edited(tmp_path, (" Haussa on jaossa 1,2 miljoonaa euroa.", "")), Money) == []


@pytest.mark.parametrize("form", ["txt", "html", "pdf"])
def test_contacts_stand_below_their_place(form: str, tmp_path: Path) -> None:
    card = "Eetu Poiju\nKehittäjä / Satama\neetu.poiju@raahe.example.fi\nPuh. 08 000 4132"
    found = edited(tmp_path, ("\nLue lisää", f"\n{card}\n\nLue lisää"), form=form)
    people = [(c.name, c.organisation, c.job_title, c.emails[:1], c.telephones) for c in made.of(found, Contact)]
    assert people[-1] == (
        "Eetu Poiju",
        "Raahe",
        "Kehittäjä / Satama",
        ("eetu.poiju@raahe.example.fi",),
        ("08 000 4132",),
    )
    assert len(people) == 4


def test_target_groups(tmp_path: Path) -> None:
    found = theme(edited(tmp_path, ("kalastajat, veneilijät sekä rantojen asukkaat", "nuoret uimarit ja luotsit")))
    assert [group.value for group in found.target_groups] == ["nuoret uimarit", "luotsit"]


def read(folder: Path, words: str) -> list[Call]:
    """The calls of a text of its own."""
    path = folder / "haut.txt"
    path.write_text(words, encoding="utf-8")
    return made.of(parse(pages.read(path)), Call)


def test_regional_calls_told_of_together_are_one_a_region(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "Alueelliset haut avautuvat\n\nKeski-Suomen ELY-keskuksen alueelliset ESR+-haut Pirkanmaalla ja Pohjanmaalla ovat "
        "auki 2.2.–31.3.2026. Haut toteuttavat erityistavoitetta 4.2.\n",
    )
    assert [[place.value for place in call.places] for call in found] == [["Pirkanmaa"], ["Pohjanmaa"]]
    assert {(call.opens and call.opens.value, call.closes and call.closes.value) for call in found} == {
        ("2026-02-02", "2026-03-31")
    }
    assert len({call.key for call in found}) == 2


def test_calls_of_other_objectives_stay_apart_below_a_general_sentence(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "ESR+-haku kohdistuu erityistavoitteisiin 4.1 Polkuja töihin ja 4.3 Yhdenvertaiseen osallisuuteen.\n\n"
        "Hämeen ELY-keskus avaa erityistavoitteen 4.1 haun Uudellamaalla. Haku on avoinna 4.5.–28.8.2026.\n\n"
        "Erityistavoitteen 4.3 haku avautuu Kymenlaaksossa. Myös tämä haku on avoinna 4.5.–28.8.2026.\n",
    )
    assert [
        ([o.value.notation for o in call.objectives], [place.value for place in call.places]) for call in found
    ] == [(["4.1"], ["Uusimaa"]), (["4.3"], ["Kymenlaakso"])]


def test_the_publisher_of_a_page_about_themes_opens_none_of_its_calls(tmp_path: Path) -> None:
    (found,) = read(
        tmp_path,
        "Teemojen tilanne, Lapin ELY-keskus\n\nValtakunnallinen teema: Rantojen uudet työt\n\n"
        "Teeman ensimmäinen haku on auki 2.2.–31.3.2026.\n",
    )
    assert not found.authorities


def test_the_end_of_a_year_closes_nothing(tmp_path: Path) -> None:
    (found,) = read(tmp_path, "Hankkeet on valittu\n\nTeeman ensimmäinen hankehaku oli auki loppuvuodesta 2024.\n")
    assert (found.opens and found.opens.value, found.closes) == ("2024", None)
