"""Sentences of a part about one theme: its sums, pages, calls, coordination project; lists of projects; newsletters."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.document import pages
from loaders.records import Call, Contact, Money, Participation, Project, Record, Theme
from loaders.values.dates import periods
from tests.cases import each
from tests.reading.conftest import Reader

LETTER = """
    Valtakunnallisten teemojen uutiskirje - lokakuu 2031

    Meri

    Aaltojen osaajat (ESR+)

    {}

    Metsä

    Hirvien hoito (ESR+)

    Teeman välittävänä toimielimenä toimii Lapin ELY-keskus.
"""


def of_part(records: Reader, words: str) -> list[Record]:
    """The records of the first theme of a newsletter whose part holds some words."""
    return records(LETTER.replace("{}", words.replace("\n", "\n    ")))


def the_theme(found: list[Record]) -> Theme:
    return next(one for one in found if isinstance(one, Theme) and one.name.value.text == "Aaltojen osaajat")


LONG = "Teeman rahoitus on 2 milj. euroa, ja siitä kerrotaan tässä kirjeessä niin kuin tapana on kertoa, pitkästi."


@pytest.mark.parametrize("contents", ["Meri\n\nMetsä\n\n\n", ""])
def test_themes_are_headings_below_their_groups(records: Reader, contents: str) -> None:
    parts = ["Meri", "Laivat", LONG, "Aallot", LONG, "Metsä", "Hirvien hoito", LONG]
    found = records("Teemojen uutiskirje\n\n" + contents + "\n\n".join(parts) + "\n")
    groups = [(one.group and one.group.value, one.name.value.text) for one in found if isinstance(one, Theme)]
    assert groups == [("Meri", "Laivat"), ("Meri", "Aallot"), ("Metsä", "Hirvien hoito")]
    assert [one.about.key for one in found if isinstance(one, Money)] == ["Laivat", "Aallot", "Hirvien hoito"]


@pytest.mark.parametrize("label", ["Ajankohtaista:", "Aktuellt:", "Current:"])
def test_news_of_a_theme_tell_of_its_calls_line_by_line(records: Reader, label: str) -> None:
    found = of_part(records, f"{label}\nHankehaku syksyllä 2032\nKeväällä avataan ideahaku ja syksyllä 2033 hankehaku.")
    calls = [one for one in found if isinstance(one, Call)]
    assert {one.theme for one in calls} == {"Aaltojen osaajat"}
    assert [one.opens and one.opens.value for one in calls] == ["2032", None, "2033"]


def test_a_person_of_two_themes_is_a_contact_of_both(records: Reader) -> None:
    card = "Yhteyshenkilö:\nrahoitusasiantuntija Aino Malli\nLapin ELY-keskus\np. 0295 000 111"
    found = records(LETTER.replace("{}", card.replace("\n", "\n    ")) + "\n    " + card.replace("\n", "\n    ") + "\n")
    contacts = [one.about.key for one in found if isinstance(one, Contact)]
    assert contacts == ["Aaltojen osaajat", "Hirvien hoito"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Teeman rahoituskehys on 9 M€.", [("framework", "9000000", None)]),
        ("Rahoitus on 9 M€ (YM).", [("framework", "9000000", None)]),
        (
            "Rahoitus on 9 M€, josta YM 5 M€ ja LVM 4 M€.",
            [("framework", "9000000", None), ("framework", "5000000", "YM"), ("framework", "4000000", "LVM")],
        ),
        ("Koordinaatiohankkeen osuus on enintään 2 M€.", [("coordinationBudget", "2000000", None)]),
        ("Hankkeille maksettiin 200 000 euroa.", []),
        ("Tukea haettiin 14 M€.", []),
        ("Laivat maksavat 3 M€.", []),
    ],
)  # fmt: skip
def test_sums_of_a_theme(records: Reader, words: str, found: list[tuple[str, str, str | None]]) -> None:
    money = [one for one in of_part(records, words) if isinstance(one, Money) and one.about.kind == "theme"]
    assert [(m.phase, f"{m.amount:f}", m.ministry) for m in money if m.phase not in ("paid", "granted")] == found


@pytest.mark.parametrize(
    ("words", "years"),
    [
        ("Teemassa on toteutettu kaksi hankehakua keväällä 2031 ja syksyllä 2031.", ["2031", "2031"]),
        (
            "Hankehaku on auki 1.2.-1.4.2031. Teemassa oli kaksi hankehakua keväällä 2031 ja syksyllä 2031.",
            ["2031-02-01", "2031"],
        ),
        (
            "Hankehaku on auki 1.9.-1.10.2031. Teemassa oli kaksi hankehakua keväällä 2031 ja syksyllä 2031.",
            ["2031-09-01", "2031"],
        ),
    ],
)
def test_calls_told_of_together(records: Reader, words: str, years: list[str]) -> None:
    found = [one for one in of_part(records, words) if isinstance(one, Call)]
    assert [call.opens.value for call in found if call.opens] == years
    assert len({call.key for call in found}) == len(found)


@each(
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
    assert [(p.start, p.end) for p in periods(words)] == [period]


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
def test_a_web_page_is_the_themes_only_where_its_label_says_so(records: Reader, words: str, found: list[str]) -> None:
    assert [one.value for one in the_theme(of_part(records, words)).web_pages] == found


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
def test_a_coordination_project_is_named_in_many_ways(records: Reader, words: str, name: str, who: str | None) -> None:
    found = of_part(records, words)
    assert [(one.key, one.theme) for one in found if isinstance(one, Project)] == [(name, "Aaltojen osaajat")]
    assert [one.organisation.value for one in found if isinstance(one, Participation)] == ([who] if who else [])
    assert [one.value for one in the_theme(found).coordinated_by] == [name]


@pytest.mark.parametrize(
    "words",
    [
        "Koordinaatiohanke on käynnistynyt.",
        "Teemalle haetaan koordinaatiohanketta.",
        "Koordinaatiohankkeen haku avataan.",
    ],
)
def test_words_about_a_coordination_project_name_none(records: Reader, words: str) -> None:
    assert [one for one in of_part(records, words) if isinstance(one, Project)] == []


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
def test_the_days_of_a_call_are_told_apart_by_their_verbs(
    records: Reader, words: str, days: tuple[str | None, str | None]
) -> None:
    (call,) = (one for one in of_part(records, words) if isinstance(one, Call))
    assert call.theme == "Aaltojen osaajat"
    assert (call.opens and call.opens.value, call.closes and call.closes.value) == days


def test_a_calls_money_is_the_calls_and_the_frame_is_the_themes(records: Reader) -> None:
    words = "Hankehaku on auki 1.2.–31.3.2024. Haussa on jaossa 2 milj. euroa. Teeman rahoituskehys on 9 milj. euroa."
    money = [one for one in of_part(records, words) if isinstance(one, Money)]
    assert {(one.about.kind, one.phase, int(one.amount)) for one in money} == {
        ("call", "callBudget", 2_000_000),
        ("theme", "framework", 9_000_000),
    }


LISTED = """Toisesta hausta rahoitetut hankkeet:

 • Suon ääni (S30901), Lapin yliopisto
 • Valmennus, ohjaus ja tuki: Ammattiopisto Spesia Oy
 • R-01999 Työn imu – Oulun yliopisto (päätoteuttaja), Lapin yliopisto (osatoteuttaja)
 • Nimetön hanke

Hankkeissa keskitytään seuraaviin asioihin:

 • Ohjauksen kehittäminen"""


def test_projects_listed_below_words_for_funded_projects_are_read(records: Reader) -> None:
    found = of_part(records, LISTED)
    projects = {one.name.value.text: one for one in found if isinstance(one, Project)}
    assert list(projects) == ["Suon ääni", "Valmennus, ohjaus ja tuki", "Työn imu"]
    assert [one.project_code and one.project_code.value for one in projects.values()] == ["S30901", None, None]
    assert [one.group_code and one.group_code.value for one in projects.values()] == [None, None, "R-01999"]
    parts = [(p.project, p.organisation.value, p.role and p.role.value) for p in found if isinstance(p, Participation)]
    assert parts == [
        ("S30901", "Lapin yliopisto", None),
        ("Valmennus, ohjaus ja tuki", "Ammattiopisto Spesia Oy", None),
        ("R-01999", "Oulun yliopisto", "lead"),
        ("R-01999", "Lapin yliopisto", "partner"),
    ]


@pytest.mark.parametrize(
    "lead", ["Rahoitettavat hankkeet voivat kohdistua:", "Teeman hankkeet edistävät:", "Haettavat hankkeet:"]
)
def test_a_list_of_aims_is_no_list_of_projects(records: Reader, lead: str) -> None:
    found = of_part(records, f"{lead}\n\n • Kuntoutukseen\n • Palveluihin")
    assert [one for one in found if isinstance(one, Project)] == []


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
