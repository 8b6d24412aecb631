"""One page of a project in many forms and three languages gives the same facts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import wrap
from typing import NamedTuple

import pytest

from loaders.document import pages
from loaders.names import Registry
from loaders.reading import parse
from loaders.records import Money, Participation, Project, Reading
from tests.reading.test_call_forms import FORMS, Fields

NAMED_TWICE = """Hankkeita

Hankkeen nimi: Polku töihin
{}Toteuttaja: Kemin kaupunki

Hankkeen nimi: {}
{}Kokonaisbudjetti: 120 000 €
Toteutusaika: 1.2.2024–31.12.2026
"""


@pytest.mark.parametrize(
    ("above", "name", "below", "found"),
    [
        ("", "Polku töihin", "", [("Polku töihin", "2024-02-01")]),
        ("Hankekoodi: S31977\n", "Polku töihin", "", [("S31977", "2024-02-01")]),
        ("Hankekoodi: S31977\n", "Polku töihin", "Hankekoodi: S31978\n", [("S31977", None), ("S31978", "2024-02-01")]),
        ("Alkaa: 1.3.2024\n", "Polku töihin", "", [("Polku töihin", "2024-03-01")]),
        ("", "Polku kotiin", "", [("Polku töihin", None), ("Polku kotiin", "2024-02-01")]),
    ],
)
def test_two_parts_about_one_name_are_one_project_unless_their_codes_or_days_differ(
    tmp_path: Path, above: str, name: str, below: str, found: list[tuple[str, str | None]]
) -> None:
    path = tmp_path / "page.txt"
    path.write_text(NAMED_TWICE.format(above, name, below), encoding="utf-8")
    records = parse(pages.read(path)).records
    projects = [one for one in records if isinstance(one, Project)]
    assert [(one.key, one.start and one.start.value) for one in projects] == found
    sums = [one.about.key for one in records if isinstance(one, Money)]
    assert sums == ([found[-1][0]] if found[-1][1] == "2024-02-01" else [])


class Facts(NamedTuple):
    """What every form must give, names of bodies as the registry knows them."""

    name: str
    code: str
    start: str
    end: str
    money: tuple[str, ...]
    lead: str
    partners: tuple[str, ...]


PAGES: dict[str, tuple[Fields, str]] = {
    "fi": (
        {
            "Hankkeen nimi": "Rantaruovikko talteen",
            "Hankekoodi": "S31977",
            "Toteutusaika": "1.9.2024–31.8.2027",
            "Kustannusarvio": "641 500 €",
            "Myönnetty tuki": "513 200 €",
            "Päätoteuttaja": "Hämeen ammattikorkeakoulu Oy",
            "Osatoteuttajat": "Forssan kaupunki, Luonnonvarakeskus",
        },
        "Rantaruovikko talteen -hanke (S31977) toteutetaan 1.9.2024–31.8.2027. Hankkeen kustannusarvio on 641 500 euroa, ja "
        "sille on myönnetty tukea 513 200 euroa. Hankkeen päätoteuttaja on Hämeen ammattikorkeakoulu Oy. Osatoteuttajina ovat "
        "Forssan kaupunki ja Luonnonvarakeskus.",
    ),
    "sv": (
        {
            "Projektets namn": "Vassen tas till vara",
            "Projektkod": "S31977",
            "Projekttid": "1.9.2024–31.8.2027",
            "Totalbudget": "641 500 €",
            "Beviljat stöd": "513 200 €",
            "Projektägare": "Yrkeshögskolan Novia",
            "Delgenomförare": "Vasa stad, Åbo Akademi",
        },
        "Projektet ”Vassen tas till vara” (S31977) genomförs 1.9.2024–31.8.2027. Projektets totalbudget är 641 500 euro, och "
        "projektet har beviljats 513 200 euro i stöd. Projektägare är Yrkeshögskolan Novia. Delgenomförare är Vasa stad och "
        "Åbo Akademi.",
    ),
    "en": (
        {
            "Project name": "Reed for reuse",
            "Project code": "S31977",
            "Project period": "1 September 2024 – 31 August 2027",
            "Total budget": "EUR 641,500",
            "Support granted": "EUR 513,200",
            "Lead partner": "University of Vaasa",
            "Partners": "City of Kuopio, University of Turku",
        },
        "The project ”Reed for reuse” (S31977) runs from 1 September 2024 – 31 August 2027. The total budget of the project is "
        "EUR 641,500, and it was granted EUR 513,200. The project is led by the University of Vaasa. The partners of the project "
        "are the City of Kuopio and the University of Turku.",
    ),
}


def _lines(mark: str) -> Callable[[Fields, str], bytes]:
    return lambda fields, _: "\n\n".join(f"{label}{mark}{value}" for label, value in fields.items()).encode()


def _wrapped(fields: Fields, _: str) -> bytes:
    return "\n\n".join("\n".join(wrap(f"{label}: {value}", 40)) for label, value in fields.items()).encode()


def _changed(old: str, new: str) -> Callable[[Fields, str], bytes]:
    return lambda fields, _: "\n\n".join(f"{k}: {v}" for k, v in fields.items()).replace(old, new).encode()


ALL = {
    **{name: form for name, form in FORMS.items() if name not in ("bars", "tabs", "table of a web page")},
    "paragraphs": ("txt", _lines(": ")),
    "tabs between": ("txt", _lines("\t")),
    "space before the colon": ("txt", _lines(" : ")),
    "narrow lines": ("txt", _wrapped),
    "hard blanks": ("txt", _changed(" ", "\u00a0")),
    "narrow blanks": ("txt", _changed(" 500", "\u202f500")),
    "soft hyphens": ("txt", _changed("an", "a\u00adn")),
}


def facts(reading: Reading) -> Facts:
    """What a reading says of its only project."""
    (project,) = [one for one in reading.records if isinstance(one, Project)]
    parts = [one for one in reading.records if isinstance(one, Participation)]
    key = Registry.load().organisation_key
    return Facts(
        project.name.value.text,
        project.project_code.value if project.project_code else "",
        project.start.value if project.start else "",
        project.end.value if project.end else "",
        tuple(sorted(f"{one.phase} {one.amount:f}" for one in reading.records if isinstance(one, Money))),
        ", ".join(key(one.organisation.value) for one in parts if one.role and one.role.value == "lead"),
        tuple(sorted(key(one.organisation.value) for one in parts if one.role and one.role.value == "partner")),
    )


@pytest.mark.parametrize("form", ALL)
@pytest.mark.parametrize("language", PAGES)
def test_each_form_gives_the_same_facts(tmp_path: Path, language: str, form: str) -> None:
    fields, sentences = PAGES[language]
    ending, make = ALL[form]
    path = tmp_path / f"project.{ending}"
    path.write_bytes(make(fields, sentences))
    name, code, _, _, _, lead, partners = fields.values()
    key = Registry.load().organisation_key
    assert facts(parse(pages.read(path))) == Facts(
        name,
        code,
        "2024-09-01",
        "2027-08-31",
        ("costEstimate 641500", "granted 513200"),
        key(lead),
        tuple(sorted(key(one) for one in partners.split(", "))),
    )


@pytest.mark.parametrize("behind", ["", " (", " ”", ","])
def test_a_code_in_the_place_of_a_name_is_the_name(tmp_path: Path, behind: str) -> None:
    path = tmp_path / "page.txt"
    path.write_text(f"Hankkeen nimi: S31977{behind}\nToteuttaja: Forssan kaupunki\nKesto: 1.1.2024–31.12.2025\n")
    assert [one.name.value.text for one in parse(pages.read(path)).records if isinstance(one, Project)] == ["S31977"]


def test_what_heads_a_paragraph_about_a_project_is_its_name(tmp_path: Path) -> None:
    text = (
        "Hankkeet\n\nTupaketju\nTupaketju tarjoaa työpajoja. Hankkeen toteuttaa Malmin Pajat ry 1.2.2024–31.1.2027.\n\n"
        "Kulkuri (2019–2021)\nKulkuri-hanke auttoi opiskelemaan.\n\nForssan kaupunki\nForssan kaupunki hakee hanketta vetämään.\n"
    )
    path = tmp_path / "page.txt"
    path.write_text(text, encoding="utf-8")
    found = [one for one in parse(pages.read(path)).records if isinstance(one, Project)]
    assert [(one.name.value.text, one.start and one.start.value) for one in found] == [
        ("Tupaketju", "2024-02-01"),
        ("Kulkuri", "2019"),
    ]


def test_a_form_in_numbered_parts_with_labels_above_their_values(tmp_path: Path) -> None:
    path = tmp_path / "form.txt"
    path.write_text(
        "1 Hakija\nHakijan virallinen nimi\nForssan kaupunki\n\n2 Hanke\nHankkeen julkinen nimi\nRannat kuntoon\n"
        "Alkamispäivämäärä          Päättymispäivämäärä\n1.10.2025                  30.9.2027\nRahasto\nEAKR\n",
        encoding="utf-8",
    )
    (project,) = [one for one in parse(pages.read(path)).records if isinstance(one, Project)]
    assert (project.name.value.text, project.start and project.start.value) == ("Rannat kuntoon", "2025-10-01")
    assert (project.end and project.end.value, project.fund and project.fund.value) == ("2027-09-30", "EAKR")
