"""Calls told of in running text: which days are a call's, and what announces it."""

from __future__ import annotations

import pytest

from loaders.reading import read
from loaders.records import Call, Count, Money, Participation, Project, Record, Theme
from tests.cases import each
from tests.reading.conftest import Pager, Reader

THEME = "Saaristolaisten sujuva talvi – valtakunnallinen teema\n\n"


def _calls(records: Reader, text: str) -> list[Call]:
    return [one for one in records(f"{THEME}{text}\n") if isinstance(one, Call)]


def _days(calls: list[Call]) -> set[tuple[str | None, str | None]]:
    return {(one.opens and one.opens.value, one.closes and one.closes.value) for one in calls}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Kesäkuussa 2024 avatussa rahoitushaussa oli neljä aihetta.", {("2024-06", None)}),
        ("Vuoden 2024 rahoitushakuun jätettyjen hakemusten arviointi on käynnissä.", {("2024", None)}),
        (
            "Teeman toinen hankehaku järjestettiin kevätkesällä 2024 samoilla aiheilla kuin ennen.",
            {("2024", None)},
        ),
        ("Kolmas hankehaku käynnistyy viimeistään vuoden 2025 alussa.", {("2025", None)}),
        (
            "Teemassa on rahoitettu kahdeksan hanketta, joissa on 33 osaa, ensimmäisestä hankehausta 2023.",
            {("2023", None)},
        ),
        ("Tavoitteena on avata seuraava haku joulukuun 2024 puoliväliin mennessä.", {("2024-12", None)}),
        (
            "Kolmas haku on käynnissä ja päättyy 10.2.2025. Seuraava haku avataan vuoden 2025 lopulla.",
            {(None, "2025-02-10"), ("2025", None)},
        ),
        (
            "Haku oli auki 15.1.–15.3.2024. Ensimmäinen haku toteutettiin tammi–maaliskuussa 2024.",
            {("2024-01-15", "2024-03-15")},
        ),
        (
            "Kesällä järjestettiin kaksi hakua: 27.5.2024–30.8.2024 Metsät ja 1.7.2024–4.10.2024 Vedet.",
            {("2024-05-27", "2024-08-30"), ("2024-07-01", "2024-10-04")},
        ),
    ],
)
def test_the_days_of_a_call(records: Reader, text: str, days: set[tuple[str | None, str | None]]) -> None:
    assert _days(_calls(records, text)) == days


@pytest.mark.parametrize(
    "text",
    [
        "Muut ensimmäisestä hausta rahoitettavat hankkeet käynnistyvät vuoden 2025 alussa.",
        "Hankehakuja on vuoden 2023 alusta lähtien ollut kolme.",
        "Hakua valmisteltiin. Aluehankkeissa tehtävä työ on käynnistynyt vuonna 2024.",
        "Hakuja alettiin valmistella, kun teeman koordinaatiohanke käynnistyi keväällä 2023.",
    ],
)
def test_the_days_of_projects_are_no_calls(records: Reader, text: str) -> None:
    assert _days(_calls(records, text)) <= {(None, None)}


def test_the_words_that_announce_a_call_end_with_its_days(records: Reader) -> None:
    (call,) = _calls(
        records, "Valmistelun jälkeen, haku avattiin 17.5.2023 ja suljettiin 31.8.2023, ja se oli suosittu."
    )
    assert call.label.origin.words == "haku avattiin 17.5.2023 ja suljettiin 31.8.2023"


def test_coordination_is_sought_only_where_the_nouns_stand_together(records: Reader) -> None:
    sought = _calls(records, "Koordinaatiohankkeen haku on auki 3.2.–30.4.2025.")
    beside = _calls(records, "Koordinaatiohanke on auttanut hakijoita. Hankehaku on auki 3.2.–30.4.2025.")
    assert ([one.coordination for one in sought], [one.coordination for one in beside]) == ([True], [False])


def test_a_call_named_by_another_theme_is_of_that_theme(records: Reader) -> None:
    named = "Seuraavaa metsien ja soiden teemahakua suunnitellaan. Tavoitteena on avata seuraava teemahaku joulukuussa 2024."
    other = "Metsien ja soiden palveluiden kehittäminen"
    found = records(f"{other} – valtakunnallinen teema\n\n{named}\n\n{THEME}{named}\n")
    calls = [one for one in found if isinstance(one, Call)]
    assert [(one.theme, one.opens and one.opens.value) for one in calls] == [(other, "2024-12")]


def test_a_call_of_words_that_begin_no_theme_is_of_no_other(records: Reader) -> None:
    named = "Seuraavaa vesien ja järvien teemahakua suunnitellaan. Tavoitteena on avata seuraava teemahaku joulukuussa 2024."
    other = "Metsien ja soiden palveluiden kehittäminen"
    found = records(f"{other} – valtakunnallinen teema\n\n{THEME}{named}\n")
    assert [one.theme != other for one in found if isinstance(one, Call)] == [True]


def test_sub_themes_within_a_sentence(records: Reader) -> None:
    listed = "Kehittämistyö kohdennetaan kolmeen alateemaan: 1) metsien hoito, 2) vesien suojelu ja 3) soiden ennallistaminen."
    (theme,) = [one for one in records(f"{THEME}{listed}\n") if isinstance(one, Theme)]
    assert [part.value for part in theme.sub_themes] == ["metsien hoito", "vesien suojelu", "soiden ennallistaminen"]


def _page(records: Reader, text: str) -> tuple[list[Call], list[Record]]:
    found = records(text)
    return [one for one in found if isinstance(one, Call)], found


def test_a_page_announces_one_call_whatever_its_title_repeats(records: Reader) -> None:
    calls, found = _page(
        records,
        """
        Julkaistu

        EAKR-haku on auki 3.2.–31.3.2031

        Kainuun liitto on avannut toisen EAKR-haun ajalle 2.2.–31.3.2031.

        Haun painopisteet

        Kainuun liiton valtuudesta hankkeita rahoitetaan tässä haussa enintään 2,5 miljoonalla eurolla.
        """,
    )
    assert _days(calls) == {("2031-02-02", "2031-03-31")}
    assert [one.amount for one in found if isinstance(one, Money)] == [2_500_000]


@pytest.mark.parametrize(
    "text",
    [
        "Hankkeiden tulee edistää Lapin maakuntaohjelman tavoitteita.",
        "Rahoituksesta päätti Lapin maakuntahallitus.",
        "Edellisessä haussa yhdeksän hanketta sai noin 4,8 miljoonan euron rahoituksen.",
    ],
)
def test_what_is_no_place_and_no_budget_of_a_call(records: Reader, text: str) -> None:
    (call, *_), found = _page(records, f"Kosteikkohaku on auki\n\nKosteikkohaku on auki 3.2.–31.3.2031. {text}\n")
    assert (call.places, [one for one in found if isinstance(one, Money) and one.phase == "callBudget"]) == ((), [])


def test_the_body_of_a_person_is_no_authority(records: Reader) -> None:
    text = "Kevään EAKR-haku päättyi\n\nEAKR-haku päättyi 9.4.2031. – {} kiittää hakijoita.\n"
    person = _page(records, text.format("Hyviä hankkeita tuli, rahoituspäällikkö Aino Malli Hämeen ELY-keskuksesta"))[0]
    body = _page(records, text.format("Hämeen ELY-keskus"))[0]
    assert not person[0].authorities
    assert [one.value for one in body[0].authorities] == ["Hämeen ELY-keskus"]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("EAKR-hakuja on ollut Kainuun liitossa kolme, joista viimeisin sulkeutui 15.1.2031.", (None, "2031-01-15")),
        ("Hakuaika: 16.6.2031 saakka", (None, "2031-06-16")),
    ],
)
def test_the_last_of_several_calls_and_the_end_of_a_period(
    records: Reader, text: str, days: tuple[str | None, str | None]
) -> None:
    assert _days(_page(records, f"Liiton EAKR-rahoitus\n\n{text}\n")[0]) == {days}


def test_what_an_event_counts_is_not_the_calls(records: Reader) -> None:
    text = "Kosteikkohaku on auki 3.2.–31.3.2031. Hakuinfossa esiteltiin kaksi JTF-hakua, ja siihen osallistui 50 henkilöä."
    assert not [one for one in _page(records, f"Kosteikkohaku on auki\n\n{text}\n")[1] if isinstance(one, Count)]


def test_the_fields_beside_the_only_call_of_a_section(records: Reader) -> None:
    (call, *_), _ = _page(
        records,
        """
        Uutiskirje

        Teema: Saaristolaisten sujuva talvi

        Hämeen ELY-keskus avaa haun 15.1.2031.
        """,
    )
    assert call.theme == "Saaristolaisten sujuva talvi"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        (  # the days of a call, not of a project
            "Kosteikkorahoitusta haettavana Lapin liitosta\n\nAlkaa: 18.12.2030\nPäättyy: 19.2.2031\n",
            {("2030-12-18", "2031-02-19")},
        ),
        (
            "Uudistus\n\nKaikki EURA2021-järjestelmässä avoinna olevat haut päättyvät viimeistään 30.11.2031. "
            "EURA2021 -järjestelmä avautuu tammikuussa 2032.\n",
            set(),
        ),
        (
            "Lapplands förbund\n\nUnder 2031 öppnades en Eruf-ansökningsomgång med en stödsumma på 1,5 miljoner euro.\n",
            {("2031", None)},
        ),
    ],
)
def test_days_by_labels_and_verbs(records: Reader, text: str, days: set[tuple[str | None, str | None]]) -> None:
    found = records(text)
    assert _days([one for one in found if isinstance(one, Call)]) == days
    assert not [one for one in found if isinstance(one, Project)]


def test_a_call_that_stands_open_is_one_however_often_it_is_told_of(records: Reader) -> None:
    calls, _ = _page(
        records,
        """
        Västra Finlands fortlöpande utlysning är öppen

        NTM-centralen i Lappland öppnar en fortlöpande utlysning till projekt. Syftet med utlysningen är att bevilja medel.

        Finansiering att söka

        I den fortlöpande utlysningen kan medel sökas i landskapen Lappland och Satakunta.
        """,
    )
    assert [([p.value for p in one.places], [a.value for a in one.authorities]) for one in calls] == [
        (["Lappland", "Satakunta"], ["NTM-centralen i Lappland"])
    ]


def test_the_number_of_a_priority_is_no_count(records: Reader) -> None:
    text = "Kosteikkohaku on auki 3.2.–31.3.2031. ESR-hakemuksia otetaan vastaan toimintalinjoille 3 ja 5."
    assert not [one for one in _page(records, f"Kosteikkohaku on auki\n\n{text}\n")[1] if isinstance(one, Count)]


@each(
    ("text", "places"),
    [
        ("Avaamme haun Etelä-Suomen ja Länsi-Suomen alueilla. Itä-Suomen osalta hakua ei avata.", ["Etelä-Suomi", "Länsi-Suomi"]),
        ("Haku avataan Länsi-Suomen maakuntiin Pirkanmaalle ja Satakuntaan.", ["Pirkanmaa", "Satakunta"]),
        ("Haku avataan Lapin, Kainuun ja Uudenmaan liittojen rahoituskehyksistä.", ["Lappi", "Kainuu", "Uusimaa"]),
        ("Lisätietoja alueen liitoista: Uudenmaanliitto", []),
        ("Liitto hakee Kainuuseen kohdistuvia hankkeita.", ["Kainuu"]),
        (
            "Haku avataan Länsi-Suomen alueella. Länsi-Suomen alueeseen kuuluvat Pirkanmaan ja Satakunnan maakunnat. "
            "Alueeseen luetaan tässä haussa myös Keski-Suomen maakunta.",
            ["Keski-Suomi", "Pirkanmaa", "Satakunta"],
        ),
    ],
)  # fmt: skip
def test_the_places_of_a_call(records: Reader, text: str, places: list[str]) -> None:
    ((call, *others), _) = _page(records, f"Kosteikkohaku on auki 3.2.–31.3.2031.\n\n{text}\n")
    assert (sorted(one.value for one in call.places), others) == (sorted(places), [])


@pytest.mark.parametrize(
    "text",
    [
        "Kaikki EURA-palvelussa avoinna olevat haut päättyvät viimeistään 30.11.2031.",
        "Alla öppna utlysningar stängs den 30 november 2031.",
    ],
)
def test_what_is_said_of_all_calls_is_no_call(records: Reader, text: str) -> None:
    assert _page(records, f"Aluehallinto uudistuu\n\n{text}\n")[0] == []


def test_a_second_call_behind_the_days_of_the_first(records: Reader) -> None:
    text = "Kosteikkohaku: ideahaku 25.10.–30.11.2031, varsinainen haku päättyy 5.3.2032\n"
    assert _days(_page(records, text)[0]) == {("2031-10-25", "2031-11-30"), (None, "2032-03-05")}


def test_an_open_call_of_a_theme_without_days(records: Reader) -> None:
    (call,) = _calls(records, "Saaristolaisten sujuva talvi -teemassa on avoinna Muuttuvien saarten hankehaku.")
    assert (call.label.value.text, call.theme) == ("Muuttuvien saarten hankehaku", "Saaristolaisten sujuva talvi")


def test_money_that_is_opened_for_applications_is_a_call(records: Reader) -> None:
    text = "Uutta rahaa Lappiin\n\nLapin liitto avasi kymmenen miljoonaa euroa haettavaksi hankkeisiin.\n"
    calls, found = _page(records, text)
    assert [[a.value for a in one.authorities] for one in calls] == [["Lapin liitto"]]
    assert [one.amount for one in found if isinstance(one, Money)] == [10_000_000]


def test_who_administers_the_funding_implements_nothing(records: Reader) -> None:
    text = "Kosteikot kuntoon -hanke\n\nHanke rahoitetaan kansallisella rahoituksella (AKKE), jota Lapin liitto hallinnoi.\n"
    assert not [one for one in _page(records, text)[1] if isinstance(one, Participation)]


@pytest.mark.parametrize(
    "text",
    [
        "Kyseessä on jatkuva haku. Seuraaviin päiviin: 7.5.2031 ja 18.8.2031 mennessä jätetyt hakemukset otetaan käsittelyyn.",
        "Lapin liitto järjesti avoinna olevaa rahoitushakua koskevan JTF-rahoitusinfon 16.3.2031 klo 13.",
        "Sen sijaan maaseudun kehittämisessä uuden kauden hankerahoitushaku käynnistyi kesäkuussa 2031.",
        "Määräaika hakemuksille:\nHakujakso 1: 3.2.–28.2.2031\nHakujakso 2: 1.3.–31.3.2031",
    ],
)
def test_days_that_are_no_calls(records: Reader, text: str) -> None:
    page = f"Kosteikkohaku on avoinna 3.2.–31.3.2031\n\nHankehaku on avoinna 3.2.–31.3.2031.\n\n{text}\n"
    assert _days(_page(records, page)[0]) == {("2031-02-03", "2031-03-31")}


@each(
    ("text", "days"),
    [
        ("Medfinansiering kan sökas hos Lapplands förbund 14.12.2030–21.1.2031.", {("2030-12-14", "2031-01-21")}),
        ("Rahoitushakemukset pyydetään toimittamaan Lapin liitolle viimeistään 16.5.2031.", {(None, "2031-05-16")}),
        ("This call will be open until the end of 2031.", {(None, "2031")}),
        (
            "Perioden 2021–2027 är här. Lappland öppnar en ESF-finansieringsutlysning från programmet 2014–2020.",
            set(),
        ),
    ],
)
def test_more_ways_to_announce_a_call(records: Reader, text: str, days: set[tuple[str | None, str | None]]) -> None:
    assert _days(_page(records, f"Uutiset liitosta\n\n{text}\n")[0]) == days


def test_a_call_without_days_is_named_by_the_heading_of_its_funding(records: Reader) -> None:
    said = "Satakuntaliitossa on haettavana AKKE-rahoitusta. Rahoitusta on käytettävissä 115 000 euroa."
    text = f"Omaehtoinen AKKE-rahoitus\n\n{said}"
    (call,), found = _page(records, f"Kehittämisrahoitus\n\nTietoa rahoituksesta.\n\n{text}\n")
    assert (call.label.value.text, [one.value for one in call.authorities]) == (
        "Omaehtoinen AKKE-rahoitus",
        ["Satakuntaliitto"],
    )
    assert [one.amount for one in found if isinstance(one, Money)] == [115_000]


def test_a_call_of_several_themes_is_of_none_of_them_alone(records: Reader) -> None:
    text = "Taidot talteen ja Kestävä työura -teemojen haku on auki 3.2.–30.4.2025."
    assert {one.theme for one in records(text) if isinstance(one, Call)} == {None}


@each(
    ("sentence", "reason"),
    [
        ("Lisäksi uusi haku 1.8.2025, jota ei avata Lapissa.", "call-not-opened"),
        ("Kaikki avoinna olevat haut päättyvät 30.11.2031.", "calls-in-general"),
        ("Maaseuturahaston haku on auki 1.2.–31.3.2025.", "other-programme"),
        ("Seuraavasta hausta 1.9.2025 ei ole vielä päätetty.", "undecided-call"),
        (
            "Toukokuun loppuun mennessä jätetyt hakemukset otetaan käsittelyyn haun päätyttyä 1.6.2025.",
            "processing-days",
        ),
    ],
)
def test_a_sentence_with_days_that_is_about_no_call_says_why(page: Pager, sentence: str, reason: str) -> None:
    one = page(f"{THEME}Teeman hankehaku on avoinna 1.3.2025–30.4.2025. {sentence}\n")
    found = [record for record in read(one) if isinstance(record, Call)]
    assert _days(found) == {("2025-03-01", "2025-04-30")}
    assert [(left.words, left.reason) for left in one.left_out] == [(sentence, reason)]
