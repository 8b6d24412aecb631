"""Smaller readers of running text: web pages, money of calls, listed projects, coordination projects, days."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders import fields
from loaders.document import pages
from loaders.document.lines import Line
from loaders.prose import Prose
from loaders.prose.announcements import announcements
from loaders.prose.callmoney import of_calls
from loaders.prose.coordination import coordination
from loaders.prose.funding import funding
from loaders.prose.listed_projects import listed_projects
from loaders.prose.webpages import web_pages
from loaders.records import Participation, Project


def lines(text: str) -> list[Line]:
    return [Line(number, line) for number, line in enumerate(text.split("\n"), 1)]


def prose(text: str) -> Prose:
    return Prose.of(lines(text), paragraphs=True)


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("1 September – 31 October 2025", ("2025-09-01", "2025-10-31")),
        ("16 maj – 19 augusti 2024", ("2024-05-16", "2024-08-19")),
        ("1. joulukuuta – 31. tammikuuta 2024", ("2023-12-01", "2024-01-31")),
        ("from 16 May to 19 August 2024", ("2024-05-16", "2024-08-19")),
        ("31 June – 1 July 2024", (None, "2024-07-01")),
    ],
)
def test_days_of_named_months_share_their_year(words: str, period: tuple[str | None, str]) -> None:
    assert [(p.start, p.end) for p in fields.periods(words)] == [period]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Teeman verkkosivut: https://kosteikot.example/teema", ["https://kosteikot.example/teema"]),
        ("Lisätietoja: www.kosteikot.example", ["www.kosteikot.example"]),
        ("Hankkeen verkkosivut: https://kosteikot.example", []),
        ("Hakuinfon lisätietoja: https://kosteikot.example", []),
        ("Lisätietoa (www.kosteik", []),
        ("Tilaa kirje: https://kosteikot.example", []),
    ],
)
def test_a_web_page_is_the_themes_only_where_its_label_says_so(words: str, found: list[str]) -> None:
    assert [one.value for one in web_pages(prose(words))] == found


@pytest.mark.parametrize(
    ("words", "name", "who"),
    [
        ("Teeman koordinaatiohankkeena toimii Suon ääni, jonka toteuttaa Lapin yliopisto.", "Suon ääni", "Lapin yliopisto"),
        ("Koordinaatiohanke on Suon ääni, jota toteuttaa Lapin yliopisto.", "Suon ääni", "Lapin yliopisto"),
        ("Koordinaatiohanke Suon ääni käynnistyi 1.2.2023. Sitä toteuttaa Lapin yliopisto.", "Suon ääni", "Lapin yliopisto"),
        ("Koordinaatiohanke Suon ääni (Lapin yliopisto) on käynnissä.", "Suon ääni", "Lapin yliopisto"),
        ("Koordinaatiohankkeen toteuttajaksi valittiin Lapin yliopisto hankkeella Suon ääni.", "Suon ääni", "Lapin yliopisto"),
        ("Koordinaatiohanketta Suon ääni toteuttaa Lapin yliopisto.", "Suon ääni", "Lapin yliopisto"),
        ("The coordination project Voice of the Mire is implemented by the University of Lapland.", "Voice of the Mire",
         "University of Lapland"),
        ("Kokonaisuutta koordinoi Suon ääni -hanke.", "Suon ääni", None),
    ],
)  # fmt: skip
def test_a_coordination_project_is_named_in_many_ways(words: str, name: str, who: str | None) -> None:
    found = coordination(prose(words), "Kosteikot")
    assert [project.key for project in found.projects] == [name]
    assert [one.organisation.value for one in found.participations] == ([who] if who else [])


@pytest.mark.parametrize(
    "words",
    [
        "Koordinaatiohanke on käynnistynyt.",
        "Teemalle haetaan koordinaatiohanketta.",
        "Koordinaatiohankkeen haku avataan.",
    ],
)
def test_words_about_a_coordination_project_name_none(words: str) -> None:
    assert coordination(prose(words), "Kosteikot").projects == []


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("Hankehaku avataan 1.10.2024 ja se päättyy 15.11.2024.", ("2024-10-01", "2024-11-15")),
        ("The next call opens on 3 March 2025.", ("2025-03-03", None)),
        ("Ansökan öppnas hösten 2024.", ("2024", None)),
        ("Teemassa on jatkuva haku.", (None, None)),
        ("Hankehaku päättyi 31.5.2024.", (None, "2024-05-31")),
    ],
)
def test_the_days_of_a_call_are_told_apart_by_their_verbs(words: str, days: tuple[str | None, str | None]) -> None:
    (call,) = announcements(prose(words), "Kosteikot", []).calls
    assert (call.opens and call.opens.value, call.closes and call.closes.value) == days


def test_a_calls_money_is_the_calls_and_the_frame_is_the_themes() -> None:
    text = prose(
        "Hankehaku on auki 1.2.–31.3.2024. Haussa on jaossa 2 milj. euroa. Teeman rahoituskehys on 9 milj. euroa."
    )
    calls = announcements(text, "Kosteikot", []).calls
    money = of_calls(funding(text, "Kosteikot", None).money, calls)
    assert [(one.about.kind, one.phase, int(one.amount)) for one in money] == [
        ("call", "callBudget", 2_000_000),
        ("theme", "framework", 9_000_000),
    ]


LISTED = """Toisesta hausta rahoitetut hankkeet:

 • Suon ääni (S30901), Lapin yliopisto
 • Valmennus, ohjaus ja tuki: Ammattiopisto Spesia Oy
 • R-01999 Työn imu – Oulun yliopisto (päätoteuttaja), Lapin yliopisto (osatoteuttaja)
 • Nimetön hanke

Hankkeissa keskitytään seuraaviin asioihin:

 • Ohjauksen kehittäminen"""


def test_projects_listed_below_words_for_funded_projects_are_read() -> None:
    found = listed_projects(lines(LISTED), "Kosteikot")
    projects = [one for one in found if isinstance(one, Project)]
    assert [one.key for one in projects] == ["Suon ääni", "Valmennus, ohjaus ja tuki", "Työn imu", "Nimetön hanke"]
    assert [one.project_code and one.project_code.value for one in projects] == ["S30901", None, None, None]
    assert [one.group_code and one.group_code.value for one in projects] == [None, None, "R-01999", None]
    parts = [(p.project, p.organisation.value, p.role and p.role.value) for p in found if isinstance(p, Participation)]
    assert parts == [
        ("Suon ääni", "Lapin yliopisto", None),
        ("Valmennus, ohjaus ja tuki", "Ammattiopisto Spesia Oy", None),
        ("Työn imu", "Oulun yliopisto", "lead"),
        ("Työn imu", "Lapin yliopisto", "partner"),
    ]


@pytest.mark.parametrize(
    "lead", ["Rahoitettavat hankkeet voivat kohdistua:", "Teeman hankkeet edistävät:", "Haettavat hankkeet:"]
)
def test_a_list_of_aims_is_no_list_of_projects(lead: str) -> None:
    assert listed_projects(lines(f"{lead}\n\n • Kuntoutukseen\n • Palveluihin"), "Kosteikot") == []


def test_around_a_pages_text_stands_furniture_and_cards_in_an_aside_are_text(tmp_path: Path) -> None:
    path = tmp_path / "sivu.html"
    path.write_text(
        "<html><head><meta charset='utf-8'></head><body class='cookie-ok'><header><h2>Virasto</h2></header>"
        "<div id='cookie-banner'>Evästeet</div><main><article><header><h1>Suon ääni</h1></header><p>Teksti.</p></article></main>"
        "<aside>Aino Suopelto, aino(at)suo.example</aside><aside>Katso myös</aside><footer>Puh. 0295 000 000</footer>"
        "</body></html>",
        encoding="utf-8",
    )
    document = pages.read(path)
    assert [line.text for line in document.lines] == ["Suon ääni", "Teksti.", "Aino Suopelto, aino(at)suo.example"]
    assert [line.text for line in document.furniture] == ["Virasto", "Evästeet", "Katso myös", "Puh. 0295 000 000"]
