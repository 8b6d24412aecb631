"""Dates and periods as the documents print them."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from babel.dates import get_month_names
from hypothesis import given
from hypothesis import strategies as st

from loaders.values.dates import Oddity, Taken, dates, impossible_dates, iso, oddities, oddity, periods, yearless
from tests.cases import each


@each(
    ("text", "expected"),
    [
        ("1.1.2023 – 31.12.2027", [("2023-01-01", "2027-12-31")]),
        ("2022 – 2027", [("2022", "2027")]),
        ("Jan 2025 – Dec 2027", [("2025-01", "2027-12")]),
        ("Sept–Dec 2024", [("2024-09", "2024-12")]),
        ("5 sept – 7 mar 2025, 5–7 augusti 2025", [("2024-09-05", "2025-03-07"), ("2025-08-05", "2025-08-07")]),
        *((f"March 1{to}April 7, 2025", [("2025-03-01", "2025-04-07")]) for to in ("–", " to ", "st until ")),
        ("1.3.2025 ja 7.4.2025 välisenä aikana", [("2025-03-01", "2025-04-07")]),
        ("between 1 March 2025 and 7 April 2025", [("2025-03-01", "2025-04-07")]),
        ("maalis–maaliskuussa 2024", [("2024-03", "2024-03")]),
        ("01/03/2025 – 28/02/2028", [("2025-03-01", "2028-02-28")]),
        ("1.4.2024 till 31.3.2027", [("2024-04-01", "2027-03-31")]),
        ("May–August 2025", [("2025-05", "2025-08")]),
        ("2.–30. syyskuuta 2025", [("2025-09-02", "2025-09-30")]),
        ("2023 -2027", [("2023", "2027")]),
        ("10/2021-10/2024", [("2021-10", "2024-10")]),
        ("2021-2027 (hankkeet 1.1.2023-31.12.2027)", [("2021", "2027"), ("2023-01-01", "2027-12-31")]),
        ("9.6-31.8.22", [("2022-06-09", "2022-08-31")]),
        ("16.5.-19.8.2022", [("2022-05-16", "2022-08-19")]),
        ("12.5.–18.8.2022", [("2022-05-12", "2022-08-18")]),
        ("1.6. - 31.8.2022", [("2022-06-01", "2022-08-31")]),
        ("5.10.-4.12.2023", [("2023-10-05", "2023-12-04")]),
        ("15.12.-15.1.2024", [("2023-12-15", "2024-01-15")]),
        (
            "15.1.-\n15.3.2024 ja \ntoinen 10.1.-\n12.3.2025,",
            [("2024-01-15", "2024-03-15"), ("2025-01-10", "2025-03-12")],
        ),
        ("ajalle 13.1. – 31.3.2025.", [("2025-01-13", "2025-03-31")]),
        ("27.5.2024-30.8.2024 sekä 1.7.2024-4.10.2024", [("2024-05-27", "2024-08-30"), ("2024-07-01", "2024-10-04")]),
        ("2.-6.2.2025", [("2025-02-02", "2025-02-06")]),
        ("1.1.-2.2.99", [("2099-01-01", "2099-02-02")]),
        *((f"5 March {to} 7 April 2024", [("2024-03-05", "2024-04-07")]) for to in ("to", "till", "until", "and", "–")),
        ("5 November to 7 January 2024", [("2023-11-05", "2024-01-07")]),
        ("joulu-tammikuussa 2024", [("2023-12", "2024-01")]),
        ("maalis-joulukuussa 2024", [("2024-03", "2024-12")]),
        ("tammi-maaliskuussa 2024", [("2024-01", "2024-03")]),
        ("Marraskuusta 2023 toukokuuhun 2024", [("2023-11", "2024-05")]),
        ("vuosina 2022–\n2027", [("2022", "2027")]),
        ("https://a.example/tuki?kausi=2021-2027", []),
        ("TE2024-valmistelu", []),
        ("från och med den 1 mars 2025 till och med den 28 februari 2027", [("2025-03-01", "2027-02-28")]),
        ("1.3.2025 alkaen ja päättyy 28.2.2027", [("2025-03-01", "2027-02-28")]),
        ("den 1 mars 2025 och den 1 september 2025", []),
    ],
)
def test_periods(text: str, expected: list[tuple[str, str]]) -> None:
    found = periods(text)
    assert [(p.start, p.end) for p in found] == expected
    assert all(" ".join(text[slice(*p.span)].split()) == p.words and not p.invalid for p in found)


def test_open_ended_periods_only_when_asked() -> None:
    text = "31.3.2025 saakka Oili Esimerkki, 1.4.2025 lähtien Ukko Malli"
    assert periods(text) == []
    assert [(p.start, p.end) for p in periods(text, open_ended=True)] == [(None, "2025-03-31"), ("2025-04-01", None)]


@each(
    ("text", "expected"),
    [
        ("31.10.2024 mennessä", "2024-10-31"),
        ("(31.10.24 mennessä)", "2024-10-31"),
        ("11.3.2016 klo 14.15", "2016-03-11"),
        ("saakka 1/2026", "2026-01"),
        ("kesäkuu 2022", "2022-06"),
        ("marraskuussa 2024", "2024-11"),
        ("Marraskuun 2024 tilanteen", "2024-11"),
        ("elokuuhun 2017 mennessä", "2017-08"),
        ("5. marraskuuta 2024", "2024-11-05"),
        ("October 2024", "2024-10"),
        ("March 1, 2025", "2025-03-01"),
        ("1st March 2025", "2025-03-01"),
        ("01/03/2025", "2025-03-01"),
        ("Sept. 2024", "2024-09"),
        ("keväällä 2024", "2024"),
        ("alkuvuodesta 2023", "2023"),
        ("vuoden 2025 alussa", "2025"),
        ("31.\n10.2024", "2024-10-31"),
        ("2024-10-31", "2024-10-31"),
    ],
)
def test_dates(text: str, expected: str) -> None:
    (found,) = dates(text)
    assert found.value == expected
    assert " ".join(text[found.start : found.end].split()) == found.words


@each(
    "text",
    [
        "erityistavoite 4.2. 2023",
        "4.3. rahoitettujen",
        "TYÖ2030",
        "klo 10.12",
        "1.1.2023 – 31.12.2027",
        "31.10. jälkeen",
    ],
)
def test_no_single_dates(text: str) -> None:
    assert dates(text) == []


def test_dates_come_in_the_order_of_the_text() -> None:
    assert [d.value for d in dates("31.12.2024 ja 1.1.2020 sekä 2022-05-05")] == [
        "2024-12-31",
        "2020-01-01",
        "2022-05-05",
    ]


def test_bare_years_only_when_asked() -> None:
    assert [d.value for d in dates("Suunnitelma 2025", years=True)] == ["2025"]
    assert dates("Suunnitelma 2025") == []


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_months_by_name(lang: str) -> None:
    for number, name in get_month_names("wide", locale=lang).items():
        assert [d.value for d in dates(f"5. {name} 2024")] == [f"2024-{number:02}-05"]
        assert [d.value for d in dates(f"{name} 2024")] == [f"2024-{number:02}"]


def test_the_cases_of_a_month() -> None:
    for ending in ("", "n", "ta", "ssa", "sta", "hun", "lla", "lta", "lle", "ksi", "na"):
        assert [d.value for d in dates(f"helmikuu{ending} 2024")] == ["2024-02"]


@each("text", ["31.2.2024", "1.13.2024", "30.2.2025 mennessä", "14.15.2024", "0.1.2024"])
def test_impossible_days_are_reported_and_never_repaired(text: str) -> None:
    assert dates(text) == []
    assert [d.words for d in impossible_dates(text)] == [text.split()[0]]


def test_impossible_ends_of_periods() -> None:
    (period,) = periods("31.2.2024-1.3.2024")
    assert (period.start, period.end, period.invalid) == (None, "2024-03-01", ("31.2.2024",))
    (period,) = periods("haku 31.4.-15.6.2024")
    assert (period.start, period.end, period.invalid) == (None, "2024-06-15", ("31.4.",))
    assert [d.words for d in impossible_dates("haku 31.4.-15.6.2024, 30.2.2024")] == ["31.4.", "30.2.2024"]
    assert [(d.words, d.start) for d in impossible_dates("haku 31.\n2.2024-1.3.2024")] == [("31. 2.2024", 5)]


@given(year=st.integers(2000, 2049), month=st.integers(1, 12), day=st.integers(1, 31), pad=st.booleans())
def test_every_day_printed_is_read_back_or_reported(year: int, month: int, day: int, pad: bool) -> None:
    printed = f"{day:02}.{month:02}.{year}" if pad else f"{day}.{month}.{year}"
    if day <= calendar.monthrange(year, month)[1]:
        assert [d.value for d in dates(f"Haku päättyy {printed}.")] == [f"{year}-{month:02}-{day:02}"]
        assert iso(printed) == f"{year}-{month:02}-{day:02}"
    else:
        assert dates(printed) == []
        assert [d.words for d in impossible_dates(printed)] == [printed]


@given(
    first=st.dates(min_value=date(2000, 1, 1), max_value=date(2040, 1, 1)),
    days=st.integers(1, 300),
    dash=st.sampled_from(["-", " - ", "–", " – ", "-\n"]),
    short=st.booleans(),
)
def test_every_period_printed_is_read_back(first: date, days: int, dash: str, short: bool) -> None:
    last = first + timedelta(days=days)
    start = f"{first.day}.{first.month}." + ("" if short else str(first.year))
    (period,) = periods(f"hakuaika {start}{dash}{last.day}.{last.month}.{last.year} palvelu")
    assert (period.start, period.end) == (first.isoformat(), last.isoformat())


@each(
    ("text", "words"),
    [
        ("Verkostoviikko järjestetään 2.-6.2.2025 Oulussa.", "Verkostoviikko järjestetään 2.-6.2.2025"),
        ("Seuraavalla viikolla 7.–11.6.2025", "viikolla 7.–11.6.2025"),
        ("Haku sulkeutuu maanantaina 2.2.2025 klo 16", "maanantaina 2.2.2025"),
        ("Verkostoviikko järjestetään 3.-7.2.2025 Oulussa.", None),
        ("Haku sulkeutuu sunnuntaina 2.2.2025", None),
        ("Kaksi viikkoa kestävä haku 1.2.-28.2.2025", None),
        ("Haku on auki 1.-5.2.2025", None),
        ("Viikolla 2.2.2025", None),
        ("Haku sulkeutuu maanantaina 31.2.2025", None),
    ],
)
def test_a_day_that_its_own_words_contradict(text: str, words: str | None) -> None:
    spans = [p.span for p in periods(text)] or [(d.start, d.end) for d in dates(text)]
    found = [(oddity(text, *span), span) for span in spans]
    said = [text[odd.start : span[1]] for odd, span in found if odd]
    assert said == ([words] if words else [])
    assert {odd.reason for odd, _ in found if odd} <= {"week-on-weekend" if "viik" in text else "another-weekday"}


def test_every_weekday_by_name() -> None:
    """The third of March 2025 was a Monday."""
    names = ("maanantaina", "tiistaina", "keskiviikkona", "torstaina", "perjantaina", "lauantaina", "sunnuntaina")
    for number, name in enumerate(names):
        right, wrong = (f"{name} {day}.3.2025" for day in (3 + number, 4 + number))
        assert oddity(right, len(name) + 1, len(right)) is None
        assert oddity(wrong, len(name) + 1, len(wrong)) == Oddity(0, "another-weekday")


@each("lang", ["fi", "sv", "en"])
@each("width", ["wide", "abbreviated"])
def test_every_month_by_its_name(lang: str, width: str) -> None:
    names = get_month_names(width, locale=lang)  # type: ignore[arg-type]
    assert [iso(f"5 {name} 2024") for name in names.values()] == [f"2024-{month:02}-05" for month in names]
    assert [iso(name) for name in names.values()] == [None] * 12


@each("words", ["5 vinokuu 2024", "32 mars 2024", "31.6.2024", "1.13.2024", "29.2.2023", "1.2"])
def test_words_that_are_no_date_give_none(words: str) -> None:
    assert iso(words) is None


@each(
    ("text", "near", "past", "value", "words"),
    [
        # a day of the last month has just been, any other is to come
        ("Haku aukeaa 31.5. ja", "2024-07-01", False, "2024-05-31", "31.5."),
        ("Haku aukeaa 30.5. ja", "2024-07-01", False, "2025-05-30", "30.5."),
        ("Haku aukeaa 30.6. ja", "2024-07-01", False, "2024-06-30", "30.6."),
        ("Haku aukeaa 2. kesäkuuta", "2024-07-01", False, "2024-06-02", "2. kesäkuuta"),
        ("Haku aukeaa 2. tammikuuta", "2024-12-01", False, "2025-01-02", "2. tammikuuta"),
        ("Haku on auki 5.8. saakka", "2024-07-01", False, "2024-08-05", "5.8."),
        ("Haku aukeaa kesäkuussa", "2024-07-01", False, "2025-06", "kesäkuussa"),
        ("Haku aukeaa heinäkuussa", "2024-07", False, "2024-07", "heinäkuussa"),
        ("Haku aukesi kesäkuussa", "2024-07-01", True, "2024-06", "kesäkuussa"),
        ("Haku aukesi elokuussa", "2024-07-01", True, "2023-08", "elokuussa"),
        ("Haku päättyi 3.10", "2024-11-01", True, "2024-10-03", "3.10"),
        ("Haku sulkeutuu 3.10", "2024-09-01", False, "2024-10-03", "3.10"),
        ("Haku aukeaa 3.10", "2024-09-01", False, "2024-10-03", "3.10"),
        ("Haku päättyi 1.7. ja", "2024-07-01", True, "2024-07-01", "1.7."),
        ("Utlysningen öppnar den 5 mars", "2024-11-01", False, "2025-03-05", "5 mars"),
        ("The call opens in March", "2024-11-01", False, "2025-03", "in March"),
        ("Haku aukeaa 28.6.", "2024-07", False, "2025-06-28", "28.6."),
    ],
)
def test_a_day_or_month_without_a_year_is_the_one_nearest_to_its_text(
    text: str, near: str, past: bool, value: str, words: str
) -> None:
    (found,) = yearless(text, near, past=lambda at: past)
    assert (found.value, found.words, text[found.start : found.end]) == (value, words, words)


def test_no_year_is_given_where_there_is_no_such_day_or_the_text_has_only_a_year() -> None:
    assert yearless("Haku aukeaa 31.2. ja", "2024-01-01", past=lambda at: False) == []
    assert yearless("Haku sulkeutui 29.2. ja", "2023-03-01", past=lambda at: True) == []
    assert yearless("lokakuussa", "2024", past=lambda at: False) == []


def test_what_is_used_up_is_known_by_any_character_of_it() -> None:
    taken = Taken([(20, 25), (5, 10)])
    assert [taken.overlaps((start, start + 2)) for start in (3, 4, 6, 9, 10, 18, 19, 24, 25)] == [
        False, True, True, True, False, False, True, True, False,
    ]  # fmt: skip
    assert taken.overlaps((0, 40))
    assert taken.overlaps((5, 10))
    taken.add((12, 14))
    assert taken.overlaps((11, 13))
    assert not taken.overlaps((10, 12))


def test_every_odd_day_of_a_text_is_found_with_the_words_that_contradict_it() -> None:
    text = "Haku alkaa tiistaina 3.3.2025 ja päättyy maanantaina 10.3.2025. Viikolla 8.–9.3.2025 lomaa, sunnuntaina 7.3.2025."
    found = [(text[odd.start : end], odd.reason) for odd, end in oddities(text)]
    assert found == [
        ("tiistaina 3.3.2025", "another-weekday"),
        ("Viikolla 8.–9.3.2025", "week-on-weekend"),
        ("sunnuntaina 7.3.2025", "another-weekday"),
    ]
