"""Organisations in running text: the lists they stand in, the case they are in, and the part that the words around give them."""

from pathlib import Path

import pytest

from loaders.reading.named_bodies import bodies_of, groups
from loaders.records import Participation
from tests.cases import each
from tests.reading.test_unseen import read

HEADS = {
    "fi": "Polku – uusia reittejä\n\nPolku-hanke auttaa nuoria. Hankkeen toteutusaika on 1.1.2031–31.12.2032.\n\n",
    "sv": "Stigen – nya vägar\n\nProjektet Stigen hjälper unga. Projekttiden är 1.1.2031–31.12.2032.\n\n",
    "en": "The Path – new routes\n\nThe Path project helps people. The project period is 1.1.2031–31.12.2032.\n\n",
}


@each(
    ("words", "names", "genitive"),
    [
        ("Polku on Oulun kaupungin ja Väylä Oy:n hanke", ["Oulun kaupunki", "Väylä Oy"], True),
        ("Hanketta vetää Ammattiopisto Lappia", ["Ammattiopisto Lappia"], False),
        ("Ammattiopisto Haaveen Polku-hanke", ["Ammattiopisto Haavee"], True),
        ("Karleby stads projekt", ["Karleby stad"], True),
        ("with the City of Kemi and Haaga University", ["City of Kemi", "Haaga University"], False),
        ("Mukana Oulun kaupunki, Haave ja Kemin kunta", ["Oulun kaupunki", "Haave", "Kemin kunta"], False),
    ],
)
def test_a_list_is_one_group_in_one_case(words: str, names: list[str], genitive: bool) -> None:
    (group,) = groups(words, 0, len(words))
    assert ([one.name for one in bodies_of(words, group)], group.genitive) == (names, genitive)


@each("words", ["Oulun kaupungin nuoret", "Hankkeessa haastatellaan nuoria", "Oulussa", "EAKR-rahoituksen hanke"])
def test_words_that_only_look_like_a_name_are_none(words: str) -> None:
    assert [g for g in groups(words, 0, len(words)) if not g.genitive] == []


@pytest.mark.parametrize(
    ("language", "sentence", "roles"),
    [
        ("fi", "Kemin kaupungin ja Väylä Oy:n kaksivuotinen hanke.", {"Kemin kaupunki": None, "Väylä Oy": None}),
        ("fi", "Polku on Väylä Oy:n hallinnoima ja EU:n rahoittama hanke.", {"Väylä Oy": "lead"}),
        ("fi", "Väylä Oy ja Kemin kaupunki kehittävät hankkeessa palveluja.", {"Väylä Oy": None, "Kemin kaupunki": None}),
        ("fi", "Hanketta koordinoi Väylä Oy yhteistyössä Kemin kaupungin kanssa.",
         {"Väylä Oy": "lead", "Kemin kaupunki": "partner"}),
        ("fi", "Väylä Oy:n lisäksi hanketta toteuttaa Kemin kaupunki.", {"Väylä Oy": None, "Kemin kaupunki": None}),
        ("fi", "Hanke toteutetaan kolmen kunnan (Haave, Toive, Kumpu) yhteistyönä.",
         {"Haave": None, "Toive": None, "Kumpu": None}),
        ("fi", "Hankkeessa on viisi partneria, joista Väylä Oy on yksi.", {"Väylä Oy": "partner"}),
        ("sv", "Karleby stads projekt Stigen riktar sig till unga.", {"Karleby stad": None}),
        ("en", "In this project Haave University and the City of Kemi develop tools.",
         {"Haave University": None, "City of Kemi": None}),
        ("fi", "Lapin liiton rahoittama hanke auttaa nuoria.", {}),
        ("fi", "Kemin kaupunki ja Väylä Oy osallistuvat hankkeen rahoitukseen.", {}),
        ("fi", "Osatoteuttajat ovat Haave ja Kumpu.", {"Haave": "partner", "Kumpu": "partner"}),
        ("fi", "Työnjaosta sovitaan Kemin kaupungin alkaneen hankkeen kanssa.", {}),
        ("fi", "Kemin kaupunki tukee toimintaa hankkeessa 20 000 eurolla.", {}),
    ],
)  # fmt: skip
def test_the_words_around_a_name_give_its_part(
    tmp_path: Path, language: str, sentence: str, roles: dict[str, str | None]
) -> None:
    found = [one for one in read(tmp_path, HEADS[language] + sentence + "\n").records if isinstance(one, Participation)]
    assert {one.organisation.value: one.role.value if one.role else None for one in found} == roles
