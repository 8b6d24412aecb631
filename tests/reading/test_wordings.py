"""The wordings that people choose for one fact: each sentence, and each form of a list, gives what it says (wordings.toml)."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bench import strangers
from loaders import choose
from loaders.document import pages
from loaders.errors import SourceError

WORDINGS = tomllib.loads(Path(__file__).with_name("wordings.toml").read_text(encoding="utf-8"))
CALLS = {
    "fi": "Lapin liitto\n\nEAKR-haku: uudet ratkaisut\n\nLapin liitto avaa Euroopan aluekehitysrahaston (EAKR) haun. {}\n",
    "sv": "Lapplands förbund\n\nERUF-utlysning: nya lösningar\n\nLapplands förbund utlyser stöd ur ERUF för företag. {}\n",
    "en": "Regional Council of Lapland\n\nERDF call for proposals: new solutions\n\nThe council has a call of the ERDF. {}\n",
}
CLOSES = {
    "fi": "Haku päättyy 16.6.2025.",
    "sv": "Utlysningen stänger 16.6.2025.",
    "en": "The call closes on 16 June 2025.",
}
PROJECTS = {
    "fi": "Uusi polku\n\nUusi polku -hanke tuo nuorille työtä. {} Hanketta rahoittaa Euroopan sosiaalirahasto (ESR+).\n",
    "sv": "Ny stig\n\nProjektet Ny stig ger unga arbete. {} Projektet finansieras av Europeiska socialfonden (ESF+).\n",
    "en": "New Path\n\nThe New Path project brings work. {} The project is funded by the European Social Fund (ESF+).\n",
}
LIST = """Lapin liitto

Lapin liitto myönsi EAKR-rahoitusta kolmelle hankkeelle

Lapin liitto on myöntänyt Euroopan aluekehitysrahaston (EAKR) rahoitusta seuraaville hankkeille:

{}

Lisätietoja
Lapin liitto
"""
LISTED = (
    ("Uudet polut työhön", "Oulun kaupunki", "Oulun kaupungin", "240 000"),
    ("Kestävä matkailu 2030", "Lapin yliopisto", "Lapin yliopiston", "118 500"),
    ("Digiloikka maaseudulla", "Kemin Digipolis Oy", "Kemin Digipolis Oy:n", "95 300"),
)
UNREAD = {
    "Hakemuksen voi jättää 1.4. alkaen ja viimeistään 16.6.2025.",  # a day without a year before its word
    "Finansieringen uppgår till 2 000 000 euro.",
    "- {n}. Toteuttaja: {b}. Rahoitus: {m} €.",
    "{n}\n{b}\n{m} €\n",  # short lines alone are taken for a menu
    "{n}\t{b}\t{m} €",
    "{n}: {g} hankkeessa tuetaan alueen yrityksiä. Rahoitus on {m} euroa.\n",
    "{n}\n\n{b} kehittää hankkeessa uusia palveluja. Hankkeelle myönnettiin {m} euroa.\n",
    "Haussa jätettiin kolme EAKR-hakemusta:",
}
"""Wordings that are not read yet; one that is read belongs here no more."""


def facts(folder: Path, text: str) -> set[strangers.Fact]:
    path = folder / "page.txt"
    path.write_text(text, encoding="utf-8")
    document = pages.read(path)
    try:
        return set(strangers.found(list(choose(document).parse(document).records)))
    except SourceError:
        return set()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_days_of_a_call(language: str, tmp_path: Path) -> None:
    read = {
        words: [time for kind, time, _ in facts(tmp_path, CALLS[language].format(words)) if kind == "call"]
        for words in WORDINGS["call"][language]
    }
    wrong = {words: times for words, times in read.items() if times != [WORDINGS["call"][language][words]]}
    assert wrong.keys() == UNREAD & read.keys(), wrong


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_money_of_a_call(language: str, tmp_path: Path) -> None:
    read = {
        words: [
            sum_
            for kind, _, sum_ in facts(tmp_path, CALLS[language].format(f"{CLOSES[language]} {words}"))
            if kind == "money"
        ]
        for words in WORDINGS["budget"][language]
    }
    wrong = {words: sums for words, sums in read.items() if sums != [WORDINGS["budget"][language][words]]}
    assert wrong.keys() == UNREAD & read.keys(), wrong


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_what_a_sentence_says_of_a_project(language: str, tmp_path: Path) -> None:
    wrong: dict[str, list[str]] = {}
    for words, said in WORDINGS["project"][language].items():
        read = sorted(
            f"{kind.removeprefix('project ')} {value}"
            for kind, _, value in facts(tmp_path, PROJECTS[language].format(words))
            if kind in ("implementer", "role", "money", "project start", "project end")
        )
        if read != sorted(said if isinstance(said, list) else [said]):
            wrong[words] = read
    assert wrong.keys() == UNREAD & WORDINGS["project"][language].keys(), wrong


def test_forms_of_a_list_of_projects(tmp_path: Path) -> None:
    wrong: dict[str, set[strangers.Fact]] = {}
    for form in WORDINGS["list"]["forms"]:
        items = [form.format(n=n, b=b, g=g, m=m, i=i) for i, (n, b, g, m) in enumerate(LISTED, 1)]
        read = facts(tmp_path, LIST.format("\n".join(items)))
        read = {one for one in read if one[0] in ("project", "implementer", "money") and "cost" not in one[2]}
        said = set[strangers.Fact]()
        for name, body, _, money in LISTED:
            key = strangers.folded(name)
            said |= {("project", key, ""), ("implementer", key, strangers.key_of_body(body))}
            said.add(("money", key, f"granted {money.replace(' ', '')}"))
        if read != said:
            wrong[form] = read - said
    assert wrong.keys() == UNREAD & set(WORDINGS["list"]["forms"]), wrong


@pytest.mark.parametrize("form", ["• {b}: {n}, {m} €", "{n}\nToteuttaja: {b}\nRahoitus: {m} €\n"])
def test_what_stands_above_a_list_says_what_its_sums_are(form: str, tmp_path: Path) -> None:
    items = "\n".join(form.format(n=n, b=b, m=m) for n, b, _, m in LISTED)
    said = {"applied": [f"applied {m}" for m in ("118500", "240000", "95300")]}
    said["granted"] = [one.replace("applied", "granted") for one in said["applied"]]
    wrong: dict[str, list[str]] = {}
    for lead, phase in WORDINGS["lead"].items():
        read = facts(tmp_path, f"Kokouksen satoa\n\nMaakuntahallitus kokoontui.\n\n{lead}\n\n{items}\n")
        sums = sorted(value for kind, _, value in read if kind == "money")
        if sums != said[phase]:
            wrong[lead] = sums
    assert wrong.keys() == UNREAD & WORDINGS["lead"].keys(), wrong
