"""Contact persons in cards, lines, fields and sentences. All persons and addresses are invented."""

from __future__ import annotations

import pytest

from loaders.reading.persons import understand
from loaders.records import Contact, Record
from tests.cases import each
from tests.reading.conftest import Reader

PROJECT = (
    "Talven tie\n\nTalven tie -hanke auttaa saaria.\n\nPäätoteuttaja: Kotkan kaupunki\nKesto: 1.1.2024–31.12.2025\n\n"
)


def _contacts(records: list[Record]) -> dict[str, Contact]:
    return {one.name: one for one in records if isinstance(one, Contact)}


@pytest.mark.parametrize(
    "card",
    [
        "Yhteyshenkilö\n\nAino Keksitty\n\nhankepäällikkö\n\n040 555 0101\n\naino.keksitty@kotka.example\n",
        "Ota yhteyttä\n\nHankepäällikkö\nAino Keksitty\n040 555 0101\naino.keksitty@kotka.example\n",
        "Lisätietoja: hankepäällikkö Aino Keksitty, puh. 040 555 0101, aino.keksitty(at)kotka.example\n",
        "Lisätietoja antaa hankepäällikkö Aino Keksitty, p. 040 555 0101, aino.keksitty@kotka.example\n",
        "Aino Keksitty, hankepäällikkö\naino.keksitty@kotka.example\n040 555 0101\n",
        "Yhteyshenkilön nimi: Aino Keksitty\n\nTehtävänimike: hankepäällikkö\n\nSähköposti: aino.keksitty(at)kotka.example\n\n"
        "Puhelin: 040 555 0101\n",
        "Hankepäällikkö: Aino Keksitty\nPuhelin: 040 555 0101\nSähköposti: aino.keksitty@kotka.example\n",
    ],
)
def test_every_form_of_a_card_gives_the_same_contact(records: Reader, card: str) -> None:
    found = _contacts(records(PROJECT + card))
    assert list(found) == ["Aino Keksitty"]
    contact = found["Aino Keksitty"]
    assert (contact.job_title or "").casefold() == "hankepäällikkö"
    assert contact.emails == ("aino.keksitty@kotka.example",)
    assert contact.telephones == ("040 555 0101",)
    assert contact.about.kind == "project"
    assert contact.origin.private


def test_the_organisations_own_number_is_not_the_persons(records: Reader) -> None:
    found = _contacts(
        records("""
            1 Hanke

            Hankekoodi: S30977

            Hankkeen nimi: Talven tie

            2 Hakijan perustiedot

            Hakijan virallinen nimi: Kotkan kaupunki

            Jakeluosoite: Rantakatu 1

            Puhelinnumero: 05 234 1000

            Hankkeen yhteyshenkilön nimi: KEKSITTY AINO MARIA

            Yhteyshenkilön asema hakijaorganisaatiossa: projektipäällikkö

            Yhteyshenkilön puhelinnumero: 0405550101
        """)
    )
    contact = found["KEKSITTY AINO MARIA"]
    assert contact.telephones == ("0405550101",)
    assert contact.organisation == "Kotkan kaupunki"


def test_a_unit_line_between_name_and_address_loses_nothing(records: Reader) -> None:
    found = _contacts(
        records("""
            Saaristolaisten sujuva talvi – valtakunnallinen teema

            Lisätietoja:

            Hämeen ELY-keskus
            Oili Keksitty
            Rahoitusasiantuntija
            Rahoitusyksikkö
            oili.keksitty(at)ely-keskus.fi
            p. 0295 555 106

            Opetus- ja kulttuuriministeriö
            Kirsi Kuviteltu
            Kulttuuriasiainneuvos
            etunimi.sukunimi@gov.fi
            p. 0295 555 144
        """)
    )
    assert found["Oili Keksitty"].emails == ("oili.keksitty@ely-keskus.fi",)
    assert found["Oili Keksitty"].side == "funder"
    assert (found["Kirsi Kuviteltu"].emails, found["Kirsi Kuviteltu"].telephones) == ((), ("0295 555 144",))
    assert found["Kirsi Kuviteltu"].side == "ministry"


@pytest.mark.parametrize(
    ("sentence", "name", "job", "body"),
    [
        (
            "Setlementtiliitossa hankepäällikön työn on aloittanut Inkeri Keksitty.",
            "Inkeri Keksitty",
            "hankepäällikön",
            "Setlementtiliitto",
        ),
        (
            "Hanketta esittelee Hämeen ELY-keskuksen rahoitusasiantuntija Minna Keksitty.",
            "Minna Keksitty",
            "rahoitusasiantuntija",
            "Hämeen ELY-keskus",
        ),
        (
            "Enligt projektledare Anna Exempel vid Yrkeshögskolan Novia går arbetet bra.",
            "Anna Exempel",
            "projektledare",
            "Yrkeshögskolan Novia",
        ),
        (
            "The work is led by project manager Anna Sample of Tampere University.",
            "Anna Sample",
            "project manager",
            "Tampere University",
        ),
    ],
)
def test_a_sentence_names_a_person_with_job_and_body(
    records: Reader, sentence: str, name: str, job: str, body: str
) -> None:
    found = _contacts(records(PROJECT + sentence + "\n"))
    assert list(found) == [name]
    assert (found[name].job_title, found[name].organisation) == (job, body)
    assert found[name].emails == found[name].telephones == ()


@pytest.mark.parametrize(
    "text",
    [
        "Kotkan kaupunki, PL 100, 48101 Kotka\nVaihde 05 234 1000\n",
        "Ohjausryhmässä ovat johtaja Matti Keksitty Kotkan kaupungista ja rehtori Maija Keksitty Kymen opistosta.\n",
        "Yhteyshenkilö\n\nKotkan kaupunki\n05 234 1000\n",
        "Kirjoittaja on tutkija Matti Keksitty Helsingin yliopistosta.\n",
        "Suomen Setlementtiliitto ja johtaja Helsingin Kaupunki tekevät työtä.\n",
    ],
)
def test_these_are_no_contacts(records: Reader, text: str) -> None:
    assert _contacts(records(PROJECT + text)) == {}


def test_two_persons_in_one_run_of_words_stay_apart(records: Reader) -> None:
    found = _contacts(
        records(
            PROJECT
            + "Yhteyshenkilöt\n\nAino Keksitty, suunnittelija, a@k.example, 040 555 0101 Eino Keksitty, johtaja, 040 555 0102\n"
        )
    )
    assert {name: one.telephones for name, one in found.items()} == {
        "Aino Keksitty": ("040 555 0101",),
        "Eino Keksitty": ("040 555 0102",),
    }


@each(
    ("words", "kind"),
    [
        ("neuvotteleva virkamies", "job"),
        ("Project Manager Anna Sample", "person"),
        ("Maja von Exempel", "person"),
        ("sosiaali- ja terveysministeriö", "body"),
        ("Yhteyshenkilöt", "other"),
        ("Mer information", "other"),
        ("Hankkeen verkkosivut", "other"),
    ],
)
def test_understanding_words(words: str, kind: str) -> None:
    assert understand(words).kind == kind


@pytest.mark.parametrize(
    "names",
    [
        "Aino Mallinen, Liisa Esimerkki, Ville Keksitty",
        "Lisätietoja: Aino Mallinen, Liisa Esimerkki, Ville Keksitty",
        "Aino Mallinen, hankepäällikkö\nLiisa Esimerkki, asiantuntija\nVille Keksitty, rehtori",
    ],
)
def test_names_above_addresses_each_get_their_own(records: Reader, names: str) -> None:
    people = ["aino.mallinen", "ville.keksitty", "liisa.esimerkki"]
    card = f"Yhteyshenkilöt\n\n{names}\n" + "".join(f"{one}@kotka.example, 040 555 01{len(one)}\n" for one in people)
    found = _contacts(records(PROJECT + card))
    assert {one.emails: one.telephones for one in found.values()} == {
        (f"{one}@kotka.example",): (f"040 555 01{len(one)}",) for one in people
    }
    jobs = ["hankepäällikkö", "rehtori", "asiantuntija"] if "rehtori" in names else [None] * 3
    assert [found[name].job_title for name in ("Aino Mallinen", "Ville Keksitty", "Liisa Esimerkki")] == jobs


def test_the_body_behind_a_name_is_no_part_of_it(records: Reader) -> None:
    told = "Projektipäällikkö Aino Keksitty Kallio-säätiöstä kävi läpi koko hankkeen alusta loppuun.\n"
    assert list(_contacts(records(PROJECT + told))) == ["Aino Keksitty"]
