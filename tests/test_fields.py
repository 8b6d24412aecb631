"""Amounts, dates, addresses, codes and numerals as the documents print them."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.fields import (
    amounts,
    business_ids,
    codes,
    damaged_codes,
    dates,
    emails,
    impossible_dates,
    iso,
    number_word,
    periods,
    phones,
    urls,
)

NBSP, NARROW = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14 000 000 e", [("14000000", "1", "14 000 000 e")]),
        ("1,4 milj. €", [("1400000", "100000", "1,4 milj. €")]),
        ("9,9 M€", [("9900000", "100000", "9,9 M€")]),
        ("14 M €, josta TEM 6 milj. €", [("14000000", "1000000", "14 M €"), ("6000000", "1000000", "6 milj. €")]),
        ("1 055 410,40 €", [("1055410.4", "0.01", "1 055 410,40 €")]),
        ("13 M€+10 M€  ", [("13000000", "1000000", "13 M€"), ("10000000", "1000000", "10 M€")]),
        ("5 milj. € + 3,6 milj. €", [("5000000", "1000000", "5 milj. €"), ("3600000", "100000", "3,6 milj. €")]),
        ("a) 16 milj. \n\nb) 4 247 539 €", [("16000000", "1000000", "16 milj."), ("4247539", "1", "4 247 539 €")]),
        ("16 milj. Euroa (STM)", [("16000000", "1000000", "16 milj. Euroa")]),
        ("vastaa 5 milj. eurosta", [("5000000", "1000000", "5 milj. eurosta")]),
        ("27,7 milj.€", [("27700000", "100000", "27,7 milj.€")]),
        ("448 038,74 euroa", [("448038.74", "0.01", "448 038,74 euroa")]),
        (f"1{NBSP}289{NARROW}380{NBSP}€", [("1289380", "1", "1 289 380 €")]),
        ("Kustannusarvio 899 \n874 €.", [("899874", "1", "899 874 €")]),
        ("Kustannusarvio 1\n\n432 723 €", [("1432723", "1", "1 432 723 €")]),
        ("Kustannusarvio: 588 098 \n€.", [("588098", "1", "588 098 €")]),
        ("5 560 378 € \n2 746 501 €", [("5560378", "1", "5 560 378 €"), ("2746501", "1", "2 746 501 €")]),
        ("0 € (31.10.24 mennessä)", [("0", "1", "0 €")]),
        ("1.055.410,40 €", [("1055410.4", "0.01", "1.055.410,40 €")]),
        ("5–10 milj. €", [("5000000", "1000000", "5"), ("10000000", "1000000", "10 milj. €")]),
        ("vuosina 2021–2027 5 M€", [("5000000", "1000000", "5 M€")]),
        ("kaksi miljoonaa euroa", [("2000000", "1000000", "kaksi miljoonaa euroa")]),
        ("EUR 13 million", [("13000000", "1000000", "EUR 13 million")]),
        ("€1.5 million", [("1500000", "100000", "€1.5 million")]),
        ("13 miljoner euro", [("13000000", "1000000", "13 miljoner euro")]),
        ("S30068 500 000 €", [("500000", "1", "500 000 €")]),
    ],
)
def test_amounts(text: str, expected: list[tuple[str, str, str]]) -> None:
    found = amounts(text)
    assert [(str(a.value), str(a.precision), a.words) for a in found] == expected
    assert all(" ".join(text[a.start : a.end].split()) == a.words and a.unit for a in found)


@pytest.mark.parametrize(
    "text",
    [
        "lähes 1300 seuraajaa", "73 %", "1500 osallistujaa", "050 575 4956", "p. 0295 021 320", "S30068", "R-01402",
        "31.12.2024", "vuosina 2021-2027", "(max. 2000 merkkiä)", "5 miljoonaa suomalaista", "50 e-kirjaa",
        "5 Euroopan maata", "vuoteen 2027 \ne) muut", "12 Maahanmuuttajan", "00230 Valtio", "klo 14.15", "4.2. alla",
    ],
)  # fmt: skip
def test_no_amounts(text: str) -> None:
    assert amounts(text) == []


@pytest.mark.parametrize(
    ("text", "approximate", "maximum"),
    [
        ("varattu n. 10 €.", True, False),
        ("noin 3,5 milj.€", True, False),
        ("enintään 5 miljoonaa euroa", False, True),
        ("maks. 200 \n000 euroa", False, True),
        ("budjetista maksimissaan 5 miljoonaa, josta", False, True),
        ("yhteensä 5 miljoonaa euroa", False, False),
    ],
)
def test_qualifiers(text: str, approximate: bool, maximum: bool) -> None:
    (amount,) = amounts(text)
    assert (amount.approximate, amount.maximum) == (approximate, maximum)
    assert amount.words.startswith(("n.", "noin", "enintään", "maks")) == (approximate or maximum)


def test_bare_amounts_only_when_asked() -> None:
    assert amounts("1 289 380.") == []
    (amount,) = amounts("Kustannusarvio 1 \n397 817. ", bare=True)
    assert (amount.value, amount.words, amount.unit) == (Decimal(1397817), "1 397 817", False)
    column = amounts("5 560 378 \n2 746 501 \n1 000", bare=True)
    assert [int(a.value) for a in column] == [5560378, 2746501, 1000]
    assert [a.words for a in amounts(" 50 000 \n100 000 \n 250 000 €", bare=True)] == ["50 000", "100 000", "250 000 €"]
    assert [a.words for a in amounts("50 000\n100 000 €")] == ["100 000 €"]
    for text in ("31.12.2024", "2021-2027", "0295 021 320", "00230", "10 500 %", "S30068", "1300"):
        assert amounts(text, bare=True) == []


def _grouped(number: int, blank: str) -> str:
    return f"{number:,}".replace(",", blank)


@given(
    number=st.integers(min_value=0, max_value=10**10),
    cents=st.none() | st.integers(min_value=0, max_value=99),
    blank=st.sampled_from([" ", NBSP, NARROW, ""]),
    unit=st.sampled_from(["€", " €", " e", " euroa", NBSP + "EUR"]),
    around=st.sampled_from([("", ""), ("a) ", " "), ("Kustannusarvio ", "."), ("(", ")"), ("yhteensä ", ", josta")]),
)
def test_every_amount_printed_is_read_back(
    number: int, cents: int | None, blank: str, unit: str, around: tuple[str, str]
) -> None:
    printed = _grouped(number, blank) + ("" if cents is None else f",{cents:02}") + unit
    (amount,) = amounts(around[0] + printed + around[1])
    assert amount.value == Decimal(number) + Decimal(cents or 0) / 100
    assert amount.precision == (Decimal(1) if cents is None else Decimal("0.01"))
    assert amount.words == " ".join(printed.split())


@given(tenths=st.integers(min_value=1, max_value=9999), unit=st.sampled_from(["M€", "milj. €", "milj. euroa", "M €"]))
def test_every_amount_of_millions_is_read_back(tenths: int, unit: str) -> None:
    (amount,) = amounts(f"kehys {tenths // 10},{tenths % 10} {unit} (ministeriö)")
    assert (amount.value, amount.precision) == (Decimal(tenths) * 100000, Decimal(100000))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.1.2023 – 31.12.2027", [("2023-01-01", "2027-12-31")]),
        ("2022 – 2027", [("2022", "2027")]),
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
        ("tammi-maaliskuussa 2024", [("2024-01", "2024-03")]),
        ("Marraskuusta 2023 toukokuuhun 2024", [("2023-11", "2024-05")]),
        ("vuosina 2022–\n2027", [("2022", "2027")]),
        ("https://a.example/tuki?kausi=2021-2027", []),
        ("TE2024-valmistelu", []),
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


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
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


def test_bare_years_only_when_asked() -> None:
    assert [d.value for d in dates("Suunnitelma 2025", years=True)] == ["2025"]
    assert dates("Suunnitelma 2025") == []


@pytest.mark.parametrize("text", ["31.2.2024", "30.2.2025 mennessä", "14.15.2024", "0.1.2024"])
def test_impossible_days_are_reported_and_never_repaired(text: str) -> None:
    assert dates(text) == []
    assert [d.words for d in impossible_dates(text)] == [text.split()[0]]


def test_impossible_ends_of_periods() -> None:
    (period,) = periods("31.2.2024-1.3.2024")
    assert (period.start, period.end, period.invalid) == (None, "2024-03-01", ("31.2.2024",))
    (period,) = periods("haku 31.4.-15.6.2024")
    assert (period.start, period.end, period.invalid) == (None, "2024-06-15", ("31.4.",))
    assert [d.words for d in impossible_dates("haku 31.4.-15.6.2024")] == ["31.4."]


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


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("oili.esimerkki@virasto.example", "oili.esimerkki@virasto.example"),
        ("oili.esimerkki(at)virasto.example,", "oili.esimerkki@virasto.example"),
        ("ukko.malli (at) kunta.example", "ukko.malli@kunta.example"),
        ("ukko.malli[at]kunta.example", "ukko.malli@kunta.example"),
        ("p. 0295 000 001, anne- \nliisa.malli@virasto.example", "anne-liisa.malli@virasto.example"),
        ("oili.esimerkki@ely- \nkeskus.example", "oili.esimerkki@ely-keskus.example"),
        ("(oili.esimerkki(at)ely-keskus.example, 0295 000 001)", "oili.esimerkki@ely-keskus.example"),
        ("mailto:kirjaamo@virasto.example", "kirjaamo@virasto.example"),
        ("oili.esi-merkki@virasto.example.", "oili.esi-merkki@virasto.example"),
    ],
)
def test_emails(text: str, address: str) -> None:
    (mail,) = emails(text)
    assert (mail.address, mail.kind) == (address, "address")
    assert " ".join(text[mail.start : mail.end].split()) == mail.words


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("etunimi.sukunimi@virasto.example", "pattern"),
        ("Etunimi.Sukunimi(at)virasto.example", "pattern"),
        ("sähköposti@osoite.fi", "pattern"),
        (f"[email{NBSP}protected]", "lost"),
        ("[email protected]", "lost"),
    ],
)
def test_addresses_that_are_none(text: str, kind: str) -> None:
    (mail,) = emails(text)
    assert (mail.address, mail.kind) == (None, kind)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+358 295 000 246", "+358 295 000 246"),
        ("p. 0295 000 320", "0295 000 320"),
        ("p 040 000 \n5868", "040 000 5868"),
        ("050 000 \n4956 \n", "050 000 4956"),
        ("Puh. 09 0000 2600", "09 0000 2600"),
        ("0295000954", "0295000954"),
        ("029 500 3482, nimi", "029 500 3482"),
        ("040 000  1112", "040 000 1112"),
        ("040 0000 962", "040 0000 962"),
        ("040 0000829", "040 0000829"),
        (f"0295{NARROW}000{NBSP}106", "0295 000 106"),
        ("+358 (0)295 000 246", "+358 (0)295 000 246"),
        ("0295 000 320\n1500 osallistujaa", "0295 000 320"),
    ],
)
def test_phones(text: str, number: str) -> None:
    (phone,) = phones(text)
    assert phone.value == number
    assert " ".join(text[phone.start : phone.end].split()) == phone.words


@pytest.mark.parametrize(
    "text", ["00230 Valtio", "R-00493", "02.02.2024", "0 000 000 €", "050 000 €", "S30068", "2024"]
)
def test_no_phones(text: str) -> None:
    assert phones(text) == []


def test_codes() -> None:
    text = "S10001 S20002 S30003 A70301 R-01402 ja R-\n01403, 205677"
    assert [(c.value, c.kind) for c in codes(text)] == [
        ("S10001", "project"), ("S20002", "project"), ("S30003", "project"), ("A70301", "project"),
        ("R-01402", "group"), ("R-01403", "group"),
    ]  # fmt: skip
    assert [c.value for c in codes(text, applications=True) if c.kind == "application"] == ["205677"]
    assert codes("puh. 205677 123, 205677 €, 1 205677, 205677,50", applications=True) == []


@pytest.mark.parametrize("damaged", ["S3006", "S300688", "S3O068", "S40068", "R-1402", "R-014022", "R01402", "A7030"])
def test_damaged_codes_are_reported_and_never_repaired(damaged: str) -> None:
    assert codes(f"hanke {damaged} on") == []
    assert [mark.words for mark in damaged_codes(f"hanke {damaged} on S30068")] == [damaged]


def test_business_ids_need_their_check_digit() -> None:
    assert [mark.value for mark in business_ids("Y-tunnus: 2296962-1, 2296962-2")] == ["2296962-1"]


def test_urls() -> None:
    text = "https://a.example/pitka-\nosoite-jatkuu \n\nHanke (www.b.example/x). virasto.fi/c oili(at)virasto.fi"
    assert [u.value for u in urls(text)] == ["https://a.example/pitka-osoite-jatkuu", "www.b.example/x"]
    assert [u.value for u in urls(text, bare=True)][2:] == ["virasto.fi/c"]
    assert [u.value for u in urls("https://a.example/x/\ny-z/w?\nt=17 \nHanke")] == ["https://a.example/x/y-z/w?t=17"]
    assert [u.value for u in urls("https://a.example/\nhttps://b.example/\nHanke-nimi toinen")] == [
        "https://a.example/",
        "https://b.example/",
    ]


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("yksi", 1), ("kahdessa", 2), ("viidessä", 5), ("neljästä", 4), ("kymmenen", 10), ("Kymmenestä", 10),
        ("kahdestatoista", 12), ("kolmetoista", 13), ("kaksikymmentä", 20), ("kahdellakymmenellä", 20),
        ("kaksikymmentäviisi", 25), ("kahdeksi", 2), ("kahdeksaksi", 8), ("yhteen", 1), ("kuusi", 6), ("sata", 100),
        ("hanke", None), ("kolmasti", None), ("toista", None), ("", None),
    ],
)  # fmt: skip
def test_number_words(word: str, number: int | None) -> None:
    assert number_word(word) == number
