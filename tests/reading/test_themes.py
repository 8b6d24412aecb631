"""National themes: where they are named, what is said of them, and what is none."""

from __future__ import annotations

import pytest

from loaders import mentions
from loaders.reading.money import statements
from loaders.reading.theme_names import heads_fields, unnamed
from loaders.records import Money, Project, Record, Theme
from tests.cases import each
from tests.reading.conftest import Pager, Reader


def _themes(records: list[Record]) -> dict[str, Theme]:
    return {one.name.value.text: one for one in records if isinstance(one, Theme)}


def _sums(records: list[Record]) -> dict[tuple[str, str], int]:
    return {(one.about.key, one.phase): int(one.amount) for one in records if isinstance(one, Money)}


PAGE = """
    Siirry sisältöön
    Etusivu
    Valtakunnalliset teemat
    Osallisuus

    Saaristolaisten sujuva talvi

    Teeman rahoituskehys on 9,4 M€. Teemaa ohjaavat STM ja TEM, ja vastuuministeriö on TEM.

    Välittävä toimielin on Hämeen ELY-keskus. Teema saa rahoituksen Euroopan sosiaalirahasto plussasta (ESR+),
    erityistavoitteesta 4.3.

    Koordinaatio

    Teeman kohderyhmät ovat:
    • saarten asukkaat
    • yrittäjät.
"""


def test_a_page_that_speaks_of_its_theme_is_about_the_theme_of_its_title(records: Reader) -> None:
    found = records(PAGE)
    theme = _themes(found)["Saaristolaisten sujuva talvi"]
    assert {(m.value.name, m.value.lead) for m in theme.ministries} == {("STM", False), ("TEM", True)}
    assert [b.value for b in theme.intermediate_bodies] == ["Hämeen ELY-keskus"]
    assert theme.fund is not None
    assert theme.fund.value == "ESR+"
    assert [o.value.notation for o in theme.objectives] == ["4.3"]
    assert [g.value for g in theme.target_groups] == ["saarten asukkaat", "yrittäjät"]
    assert _sums(found) == {("Saaristolaisten sujuva talvi", "framework"): 9_400_000}


@each(
    "title",
    [
        "Saaristolaisten sujuva talvi – valtakunnallinen teema",
        "Saaristolaisten sujuva talvi\nValtakunnallinen ESR+-teema",
        "Valtakunnallinen teema: Saaristolaisten sujuva talvi",
        "Saaristolaisten sujuva talvi -teeman hankkeet on valittu",
    ],
)
def test_a_title_may_say_that_its_name_is_a_theme(records: Reader, title: str) -> None:
    found = records(f"{title}\n\nTeeman välittävänä toimielimenä on Hämeen ELY-keskus.\n")
    theme = _themes(found)["Saaristolaisten sujuva talvi"]
    assert [b.value for b in theme.intermediate_bodies] == ["Hämeen ELY-keskus"]


def test_items_below_an_announcement_are_themes_with_their_bodies_and_ministries(records: Reader) -> None:
    found = _themes(
        records("""
            Programmets nationella teman är:
            • Skärgårdens smidiga vinter (ANM), förmedlande organ NTM-centralen i Tavastland
            • Utveckling i arbetslivet (ANM och SHM)

            Programmets övriga delar:
            • Strandens båtar
        """)
    )
    assert list(found) == ["Skärgårdens smidiga vinter", "Utveckling i arbetslivet"]
    assert [b.value for b in found["Skärgårdens smidiga vinter"].intermediate_bodies] == ["NTM-centralen i Tavastland"]
    assert [m.value.name for m in found["Utveckling i arbetslivet"].ministries] == ["ANM", "SHM"]


def test_an_english_theme_ends_before_its_verb_and_programme(records: Reader) -> None:
    found = records("""
        The national theme Smooth Winter of the Islands is steered by the Ministry of Economic Affairs and Employment.
        The funding frame of the theme is EUR 9.4 million.
    """)
    assert list(_themes(found)) == ["Smooth Winter of the Islands"]
    assert _sums(found) == {("Smooth Winter of the Islands", "framework"): 9_400_000}


def test_sections_of_a_newsletter_keep_their_facts_apart(records: Reader) -> None:
    found = _themes(
        records("""
            Valtakunnallisten teemojen uutiskirje 2/2024

            Työelämän kehittäminen (ESR+)

            Teemaa ohjaa TEM. Teemaan on varattu 14 milj. euroa.

            Vaikeasti työllistyvien tukeminen

            STM vastaa teemasta.
        """)
    )
    assert {name: [m.value.name for m in one.ministries] for name, one in found.items()} == {
        "Työelämän kehittäminen": ["TEM"],
        "Vaikeasti työllistyvien tukeminen": ["STM"],
    }
    assert found["Vaikeasti työllistyvien tukeminen"].fund is None


@pytest.mark.parametrize("gap", ["\t", "    ", " "])
def test_a_table_gives_ministries_bodies_and_money_in_the_captions_unit(records: Reader, gap: str) -> None:
    rows = [
        ["Teema", "Ministeriö", "Välittävä toimielin", "Rahasto", "Rahoituskehys", "Sidottu"],
        ["Työelämän kehittäminen", "TEM, STM", "Pohjois-Pohjanmaan ELY-keskus", "ESR+", "14,5", "3,2"],
        ["Saaristolaisten sujuva talvi", "TEM", "Hämeen ELY-keskus", "ESR+", "9,4", "0,0"],
        ["Yhteensä", "23,9", "3,2"],
    ]
    found = records("Taulukko 1. Teemojen rahoitus (M€)\n\n" + "\n".join(gap.join(row) for row in rows) + "\n")
    themes = _themes(found)
    assert list(themes) == ["Työelämän kehittäminen", "Saaristolaisten sujuva talvi"]
    assert [m.value.name for m in themes["Työelämän kehittäminen"].ministries] == ["TEM", "STM"]
    assert _sums(found) == {
        ("Työelämän kehittäminen", "framework"): 14_500_000,
        ("Työelämän kehittäminen", "committed"): 3_200_000,
        ("Saaristolaisten sujuva talvi", "framework"): 9_400_000,
        ("Saaristolaisten sujuva talvi", "committed"): 0,
    }


def test_fields_keep_what_is_reserved_apart_from_what_is_committed(records: Reader) -> None:
    found = records("""
        Valtakunnallinen teema: Saaristolaisten sujuva talvi

        Teeman rahoituskehys: 7 milj. €
        Varattu: 5 milj. €
        Sidottu: 3 milj. €
    """)
    sums = {phase: amount for (_, phase), amount in _sums(found).items()}
    assert sums == {"framework": 7_000_000, "reserved": 5_000_000, "committed": 3_000_000}


@each(
    "text",
    [
        # a project's page with general headings
        "Talven tie -hanke\n\nFacts\n\nMain implementer: Kotkan kaupunki\nSteering ministries of the theme: TEM\n",
        # a list of calls
        "Käynnissä olevat haut\n\nKuntien laituri-investoinnit\n\n• Keski-Suomen liitto\n• hakuaika: 17.4.2023 – 30.11.2023\n",
        # priorities of a regional council
        "Hakuteemat:\n1. Kiertotalous\n2. Liikunta ja elämykset\n",
        # a whole that a project coordinates
        "Kumppanina laiturilla -hanke (ESR+)\n\nHanke koordinoi Saaristolaisten sujuva talvi -kokonaisuutta.\n",
    ],
)
def test_these_are_no_themes(records: Reader, text: str) -> None:
    assert _themes(records(text)) == {}


def test_the_fund_of_a_project_is_not_the_themes(records: Reader) -> None:
    found = _themes(
        records("""
            Talven tie

            Hanke on osa valtakunnallista Arjen saaristotaidot -teemaa, ja sitä rahoittaa Hämeen ELY-keskus (ESR+).

            Päätoteuttaja: Kotkan kaupunki
            Kesto: 1.1.2024–31.12.2025
        """)
    )
    assert found["Arjen saaristotaidot"].fund is None


def test_a_fund_before_a_comma_is_named_and_one_with_a_plus_is_the_new_one() -> None:
    assert [fund.value for fund in mentions.funds("ESR, EAKR, ESR+ ja JTF")] == ["ESR", "EAKR", "ESR+", "JTF"]


def test_a_bracket_behind_a_project_names_its_theme(records: Reader) -> None:
    found = records(
        """
        Työllisyys

        Saaristolaisten sujuva talvi (ESR+)

        Teeman koordinaatiohanke Jäätie alkoi. Tilaisuus pidettiin yhdessä Kosteikko-hankkeen (valtakunnallisen Työelämän
        kehittämisen teeman koordinaatiohanke) kanssa.
        """
    )
    themes = {one.name.value.text for one in found if isinstance(one, Theme)}
    projects = {one.name.value.text: one.theme for one in found if isinstance(one, Project)}
    assert themes == {"Saaristolaisten sujuva talvi", "Työelämän kehittäminen"}
    assert projects == {"Jäätie": "Saaristolaisten sujuva talvi", "Kosteikko": "Työelämän kehittäminen"}


def test_ministries_that_prepared_a_list_of_themes_in_swedish(records: Reader) -> None:
    found = records(
        "Riksomfattande teman\n\nERUF-finansieringen används för följande teman som beretts av miljöministeriet: "
        "”Våtmarkernas återkomst” och ”Snöns framtid”.\n"
    )
    themes = {
        one.name.value.text: [role.value.name for role in one.ministries] for one in found if isinstance(one, Theme)
    }
    assert themes == {"Våtmarkernas återkomst": ["miljöministeriet"], "Snöns framtid": ["miljöministeriet"]}


def test_a_theme_of_one_word_with_its_noun_glued_to_it(records: Reader) -> None:
    text = "Osaaminen-teemaan sisältyy koulutus. Teeman valmistelusta vastaa opetus- ja kulttuuriministeriö.\n"
    national, other = (records(f"{title}\n\n{text}") for title in ("Valtakunnalliset teemat", "Yhdistyksen toiminta"))
    assert [one.name.value.text for one in national if isinstance(one, Theme)] == ["Osaaminen"]
    assert "Osaaminen" not in [one.name.value.text for one in other if isinstance(one, Theme)]


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        # a theme of the registry that the text names, else what the file is called
        ("Valtakunnallinen ESR+-teema\n\nJatkuva oppiminen alkaa.\n\nJatkuva oppiminen auttaa.\n", "Jatkuva oppiminen"),
        ("Valtakunnallinen ESR+-teema\n\nSaariston valot valaisee.\n\nSaariston valot auttaa.\n", "Page"),
        ("Hankehaku 3.2.–31.3.2025\n\nJatkuva oppiminen alkaa.\n", None),
    ],
)
def test_the_theme_of_slides_without_a_label(page: Pager, text: str, theme: str | None) -> None:
    found = unnamed(page(text))
    assert (found.value if found else None) == theme


def test_the_ministry_of_a_theme_that_the_next_sentence_names(records: Reader) -> None:
    paragraphs = [
        "Teeman valmistelusta vastaa työ- ja elinkeinoministeriö. Saariston yhteydet -teeman kuvaus on tässä.",
        "Teeman valmistelusta vastaa ympäristöministeriö. Puhdas rannikko -teeman kuvaus on tässä.",
    ]
    found = [one for one in records("Valtakunnalliset teemat\n\n" + "\n\n".join(paragraphs)) if isinstance(one, Theme)]
    assert {one.name.value.text: [m.value.name for m in one.ministries] for one in found} == {
        "Saariston yhteydet": ["työ- ja elinkeinoministeriö"],
        "Puhdas rannikko": ["ympäristöministeriö"],
    }


@each(
    ("line", "heads"),
    [
        ("Saariston valot", True),
        ("Saariston valot:", False),
        ("Saariston valot.", False),
        ("Teeman kuvaus", False),
        ("Lisätietoja", False),
    ],
)
def test_the_name_above_a_themes_own_fields(page: Pager, line: str, heads: bool) -> None:
    for field, first in (("Vastuuministeriö: ympäristöministeriö", True), ("Koko: 3 hehtaaria", False)):
        found = page(f"Rannikon luettelo 2025\n\nAlueella on monta tavoitetta.\n\n{line}\n{field}\nPaikka: Hanko\n")
        number = next(n for n, block in enumerate(found.blocks) if found.words(block) == line)
        assert heads_fields(found, number) == (heads and first)


@each(
    ("sums", "shares"),
    [
        ("TEM 6 milj. €", [(6, None)]),
        ("yhteensä 9 milj. € (TEM)", [(9, None)]),
        ("9 milj. €, josta TEM 6 milj. €", [(9, None), (6, "TEM")]),
        ("TEM 6 milj. € ja yhteensä 9 milj. €", [(6, "TEM"), (9, None)]),
        ("TEM 6 milj. € ja OKM 3 milj. €", [(6, "TEM"), (3, "OKM")]),
        ("6 milj. € (TEM) ja 3 milj. € (OKM)", [(6, "TEM"), (3, "OKM")]),
    ],
)
def test_an_amount_with_its_ministry_is_a_share_unless_it_is_the_only_one(
    page: Pager, sums: str, shares: list[tuple[int, str | None]]
) -> None:
    found = page(f"Teema\n\nTeemaan on varattu {sums}.\n")
    read = statements(found, [(found.text.index("Teemaan"), len(found.text))])
    assert [(one.amount.value / 10**6, one.ministry, one.phase) for one in read] == [(*s, "framework") for s in shares]
