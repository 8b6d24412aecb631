"""What holds for a page as a whole: its title, day, publisher and menu, and what stands around a block."""

from __future__ import annotations

import pytest

from loaders.mentions import times
from loaders.reading import left_out
from loaders.reading.page import Page
from tests.cases import each
from tests.reading.conftest import Pager

PROSE = (
    "Saariston valot tuo valoa pimeään vuodenaikaan, ja se kokoaa yhteen kuntia, yrityksiä ja yhdistyksiä kaikilta saarilta "
    "ja rannikolta, joissa palvelut ovat harvassa ja matkat pitkiä."
)


def block(page: Page, words: str) -> int:
    return next(n for n, one in enumerate(page.blocks) if page.words(one).startswith(words))


@each(
    ("text", "title"),
    [
        (f"Etusivu\n\nSaariston valot\n\n{PROSE}\n", "Saariston valot"),
        (f"Kuvitelman kunta\n\nSaariston valot\n\n{PROSE}\n", "Saariston valot"),
        (f"15.1.2024\n\nSaariston valot\n\n{PROSE}\n", "Saariston valot"),
        (f"Etusivu > Hankkeet > Saariston valot\n\nSaariston valot\n\n{PROSE}\n", "Saariston valot"),
        (f"lue lisää\n\nSaariston valot\n\n{PROSE}\n", "Saariston valot"),
        (f"Yhteyshenkilö: Outi Malli\n\nSaariston valot\n\n{PROSE}\n", "Saariston valot"),
        (f"Valoisa talvi\n\n(SAARI)\n\nSaariston valot – tietoa ja taitoa\n\n{PROSE}\n", "Saariston valot – tietoa ja taitoa"),
        (f"Saariston valot | Hankkeet | Kuvitelman kunta\n\n{PROSE}\n", "Saariston valot"),
        (f"Säätiö | Saariston valot\n\n{PROSE} Mukana on Valo-säätiö.\n", "Saariston valot"),
        ("Teemojen uutiskirje 3/2024\n\nTervehdys\n\nHaku avautuu.\n", "Teemojen uutiskirje 3/2024"),
    ],
)  # fmt: skip
def test_the_title_of_a_page(page: Pager, text: str, title: str) -> None:
    assert page(text).title == title


@pytest.mark.parametrize("title", ["Saariston valot - Kunta", "Saariston  valot", "Saariston valot | Hankkeet – Kunta"])
def test_what_a_file_calls_itself_is_its_title(page: Pager, title: str) -> None:
    lines = "".join(
        f"<p>{one}</p>" for one in ("Valoisampi talvi", "Saariston valot", PROSE.replace("Saariston valot", "Hanke"))
    )
    assert page(f"<html><head><title>{title}</title></head><body>{lines}</body></html>").title == "Saariston valot"


@each(
    ("text", "day"),
    [
        ("Saariston valot\n\nJulkaistu 15.1.2024\n\nHanke alkaa 1.2.2024.\n", "2024-01-15"),
        ("Saariston valot\n\n15.1.2024\n\nHanke alkaa 1.2.2024.\n", "2024-01-15"),
        ("Saariston valot\n\nPäivitetty: 15.1.2024\n\nHanke alkaa 1.2.2024.\n", "2024-01-15"),
        ("Saariston valot\n\nHanke alkaa 1.2.2024.\n", None),
        ("Saariston valot\n\nKokous 1.2.2024\n", None),
        ("Teemojen uutiskirje, maaliskuu 2024\n\nHaku avautuu.\n", "2024-03"),
        ("Teemojen uutiskirje 2024-03\n\nHaku avautuu.\n", "2024-03"),
    ],
)
def test_the_day_of_a_page(page: Pager, text: str, day: str | None) -> None:
    assert page(text).reference_date == day


@each(
    ("head", "publisher"),
    [
        ("Kemin kaupunki", "Kemin kaupunki"),
        ("Kemin kaupunki – Saariston valot", "Kemin kaupunki"),
        ("Saariston valot | Kuvitelma", None),
        ("Kemin kaupunki ja Lapin yliopisto", None),
        ("Saariston valot Kemin kaupunki johtaa", None),
    ],
)
def test_the_publisher_heads_the_page(page: Pager, head: str, publisher: str | None) -> None:
    own = page(f"{head}\n\n{PROSE}\n").publisher
    assert (own.name if own else None) == publisher


def test_a_run_of_short_lines_above_the_first_paragraph_is_a_menu(page: Pager) -> None:
    menu = "Etusivu\nHankkeet\nOsallistu\nAjankohtaista\nYhteystiedot\nPå svenska\n"
    one = page(f"{menu}\nSaariston valot\n\n{PROSE}\n")
    assert {one.words(one.blocks[n]) for n in one.menu} == set(menu.split("\n")) - {""}
    assert one.title == "Saariston valot"


def test_short_lines_below_the_first_paragraph_are_no_menu(page: Pager) -> None:
    lines = "Kemin saaret\nRanuan rannat\nPosion polut\nSallan suot\nKittilän kodat\nInarin illat\n"
    one = page(f"Saariston valot\n\n{PROSE}\n\n{lines}")
    assert not {one.words(one.blocks[n]) for n in one.menu} & set(lines.split("\n"))


@each(
    ("title", "announces"),
    [
        ("Hankehaku: saariston valot", True),
        ("Saariston valot", False),
        ("Haussa valitut hankkeet", False),
        ("Haun infotilaisuus", False),
    ],
)
def test_a_page_announces_a_call_by_its_title(page: Pager, title: str, announces: bool) -> None:
    assert page(f"{title}\n\n{PROSE}\n").of_call is announces


@each(
    ("above", "linked"),
    [
        ("Lue myös", True),
        ("Lue myös\nTulvat ja tuulet", True),
        ("Hankkeen tulokset", False),
        (f"Lue myös\n{PROSE}", False),
    ],
)
def test_a_line_below_a_heading_of_links_is_of_another_page(page: Pager, above: str, linked: bool) -> None:
    one = page(f"Saariston valot\n\n{PROSE}\n\n{above}\nPolku-hanke alkoi\n")
    assert one.related(block(one, "Polku-hanke")) is linked
    assert not one.related(block(one, "Saariston valot tuo"))


def test_the_only_fund_of_a_page_holds_for_every_block(page: Pager) -> None:
    one = page("Saariston valot\n\nHanke auttaa nuoria.\n\nRahoittaja on ESR+.\n")
    assert (fund := one.fund(block(one, "Hanke")))
    assert fund.value == "ESR+"


def test_the_own_fund_of_a_block_comes_first(page: Pager) -> None:
    one = page("Saariston valot\n\nPolkua rahoittaa ESR+.\n\nSiltaa rahoittaa JTF.\n\nValo odottaa.\n")
    funds = [one.fund(block(one, words)) for words in ("Polkua", "Siltaa", "Valo odottaa")]
    assert [fund and fund.value for fund in funds] == ["ESR+", "JTF", None]


def test_sentences_of_a_part(page: Pager) -> None:
    one = page("Saariston valot\n\nHanke alkoi. Se auttaa nuoria. Se päättyi.\n")
    part = one.blocks[block(one, "Hanke alkoi")]
    assert [one.words(span).strip() for span in one.sentences(part)] == [
        "Hanke alkoi.",
        "Se auttaa nuoria.",
        "Se päättyi.",
    ]
    middle = one.text.index("auttaa")
    assert one.words(one.sentence_at(middle)).strip() == "Se auttaa nuoria."
    assert [one.words(span) for span in one.sentences((middle, middle + 6))] == ["auttaa"]


def test_a_date_whose_year_was_assumed_is_but_likely(page: Pager) -> None:
    text = "Saariston valot – valtakunnallinen teema\n\n15.1.2024\n\nHankehaku avautuu 1.2. ja päättyy 31.3.\n"
    one = page(text)
    found = times(one.text, one.text.index("Hankehaku"), near="2024-01-15")
    assert {one.day_of(time, time.opens).origin.certainty for time in found} == {"likely"}
    known = times(one.text, 0, one.text.index("Hankehaku"))
    assert {one.day_of(time, time.opens).origin.certainty for time in known} == {"certain"}


def test_what_is_seen_and_not_read_is_listed_with_its_reason(page: Pager) -> None:
    text = "Julkaistu 2.3.2025\n\nToteuttaja on Kuvitelma Oy (2296962-2, 2296962-1). Tavataan tiistaina 3.3.2025.\n"
    found = {(one.words, one.reason, one.first) for one in left_out(page(f"Hankkeen aloitus\n\n{text}"), [])}
    assert found >= {("2296962-2", "wrong-business-id", 5), ("tiistaina 3.3.2025", "another-weekday", 5)}
    assert not any(words == "2296962-1" for words, _, _ in found)


def test_what_introduces_a_list_introduces_each_of_its_items(page: Pager) -> None:
    items = "- Polku töihin, Kemin kaupunki\n\n- Valot saarille, Lapin liitto\n- Uusi lehti, Lapin yliopisto\n"
    one = page(f"Rahoitetut hankkeet\n\n{PROSE}\n\n{items}\nHankkeet alkoivat.\n\nNe jatkuvat.\nMonta on vielä.\n")
    for words in ("Polku", "Valot", "Uusi"):
        assert one.before(block(one, words)) == f"Rahoitetut hankkeet\n{PROSE}\n- "
    assert one.before(block(one, "Hankkeet")).endswith("- Uusi lehti, Lapin yliopisto\n")
    for words in ("Ne", "Monta"):  # lines without a gap are one list, others stand alone
        assert one.before(block(one, words)).endswith("Uusi lehti, Lapin yliopisto\nHankkeet alkoivat.\n")


def test_a_page_speaks_of_themes_where_a_sentence_begins_with_the_word(page: Pager) -> None:
    assert page(f"Saariston valot\n\n{PROSE}\n\nTeema kuuluu ohjelmaan.\n").outline.of_themes
    assert not page(f"Saariston valot\n\n{PROSE}\n\nKeskustelun teema vaihtui.\n").outline.of_themes
