"""Amounts and numerals as the documents print them."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from loaders.values.amounts import amounts, number_word
from tests.cases import each

NBSP, NARROW = "\u00a0", "\u202f"


@each(
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
        ("27,6 Meur + 3 MEUR", [("27600000", "100000", "27,6 Meur"), ("3000000", "1000000", "3 MEUR")]),
        (
            "450 keur, 20 teur, 7 t€",
            [("450000", "1000", "450 keur"), ("20000", "1000", "20 teur"), ("7000", "1000", "7 t€")],
        ),
        ("2 miljardia, josta", [("2000000000", "1000000000", "2 miljardia")]),
        ("3 mrd. €", [("3000000000", "1000000000", "3 mrd. €")]),
        ("1 billion euro", [("1000000000", "1000000000", "1 billion euro")]),
        ("7 mn €", [("7000000", "1000000", "7 mn €")]),
        ("4 tuhatta euroa", [("4000", "1000", "4 tuhatta euroa")]),
        ("kaksi tuhatta euroa", [("2000", "1000", "kaksi tuhatta euroa")]),
        ("5 thousand euros, 6 tusen euro", [("5000", "1000", "5 thousand euros"), ("6000", "1000", "6 tusen euro")]),
        ("puoli miljoonaa euroa", [("500000", "1000000", "puoli miljoonaa euroa")]),
        ("123456789012345 €", [("123456789012345", "1", "123456789012345 €")]),
        ("1999–2500 €", [("2500", "1", "2500 €")]),
        ("1 999–2 500 €", [("1999", "1", "1 999"), ("2500", "1", "2 500 €")]),
        ("n. 5–10 milj. €", [("5000000", "1000000", "5"), ("10000000", "1000000", "10 milj. €")]),
        ("á 10\n000 €", [("10000", "1", "10 000 €")]),
        ("5 milj. joista 2 milj. ja 3 milj. eli", [(f"{n}000000", "1000000", f"{n} milj.") for n in (5, 2, 3)]),
        ("EUR 1,850,000", [("1850000", "1", "EUR 1,850,000")]),
        ("640,000 euros", [("640000", "1", "640,000 euros")]),
        ("€1,284,500.50", [("1284500.5", "0.01", "€1,284,500.50")]),
        ("2,345 milj. euroa", [("2345000", "1000", "2,345 milj. euroa")]),
        ("1.284 M€", [("1284000", "1000", "1.284 M€")]),
        ("0,740 milj. €", [("740000", "1000", "0,740 milj. €")]),
        ("5,000–10,000 euros", [("5000", "1", "5,000"), ("10000", "1", "10,000 euros")]),
        ("1'250'000 €", [("1250000", "1", "1'250'000 €")]),
        ("150 000,- €", [("150000", "1", "150 000,- €")]),
        ("500 000:- euro", [("500000", "1", "500 000:- euro")]),
        ("EUR 150k", [("150000", "1000", "EUR 150k")]),
        ("€2.1m", [("2100000", "100000", "€2.1m")]),
    ],
)
def test_amounts(text: str, expected: list[tuple[str, str, str]]) -> None:
    found = amounts(text)
    assert [(str(a.value), str(a.precision), a.words) for a in found] == expected
    assert all(" ".join(text[slice(*a.span)].split()) == a.words and a.unit for a in found)


@each(
    "text",
    [
        "lähes 1300 seuraajaa", "73 %", "1500 osallistujaa", "050 555 4956", "p. 0295 099 320", "S30068", "R-01402",
        "31.12.2024", "vuosina 2021-2027", "(max. 2000 merkkiä)", "5 miljoonaa suomalaista", "50 e-kirjaa",
        "5 Euroopan maata", "vuoteen 2027 \ne) muut", "12 Maahanmuuttajan", "00230 Valtio", "2457 000 €",
        "5 Meurmania", "klo 14.15", "4.2. alla", "1234567890123456 €", "monta miljoonaa euroa",
    ],
)  # fmt: skip
def test_no_amounts(text: str) -> None:
    assert amounts(text) == []


@each(
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


def test_a_qualifier_stands_near_its_number_and_is_of_the_upper_end_of_a_range() -> None:
    assert [amounts(f"n.{' ' * blanks}10 €")[0].approximate for blanks in (0, 22, 23)] == [True, True, False]
    lower, upper = amounts("noin 5–10 milj. €")
    assert (lower.approximate, lower.maximum, lower.unit, upper.unit) == (False, False, True, True)


def test_bare_amounts_only_when_asked() -> None:
    assert amounts("1 289 380.") == []
    (amount,) = amounts("Kustannusarvio 1 \n397 817. ", bare=True)
    assert (amount.value, amount.words, amount.unit) == (Decimal(1397817), "1 397 817", False)
    column = amounts("5 560 378 \n2 746 501 \n1 000", bare=True)
    assert [int(a.value) for a in column] == [5560378, 2746501, 1000]
    assert [a.words for a in amounts(" 50 000 \n100 000 \n 250 000 €", bare=True)] == ["50 000", "100 000", "250 000 €"]
    assert [a.words for a in amounts("50 000\n100 000 €")] == ["100 000 €"]
    for text in ("31.12.2024", "2021-2027", "0295 099 320", "00230", "10 500 %", "S30068", "1300"):
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


@each(
    ("word", "number"),
    [
        ("yksi", 1), ("kahdessa", 2), ("viidessä", 5), ("neljästä", 4), ("kymmenen", 10), ("Kymmenestä", 10),
        ("kahdestatoista", 12), ("kolmetoista", 13), ("kaksikymmentä", 20), ("kahdellakymmenellä", 20),
        ("kaksikymmentäviisi", 25), ("kahdeksi", 2), ("kahdeksaksi", 8), ("yhteen", 1), ("kuusi", 6), ("sata", 100),
        ("hanke", None), ("kolmasti", None), ("toista", None), ("", None),
        ("kymmenentoista", None), ("kaksikymmentäkymmenen", None), ("kymmenenkymmentä", None),
    ],
)  # fmt: skip
def test_number_words(word: str, number: int | None) -> None:
    assert number_word(word) == number


@each(
    ("words", "number"),
    [
        ("yksi yhtä yhden yhdessä yhdestä yhteen yhdellä yhdeltä yhdelle yhdeksi yhtenä", 1),
        ("kaksi kahta kahden kahdessa kahdesta kahteen kahdella kahdelta kahdelle kahdeksi kahtena", 2),
        ("kolme kolmea kolmen kolmessa kolmesta kolmeen kolmella kolmelta kolmelle kolmeksi kolmena", 3),
        ("neljä neljää neljän neljässä neljästä neljään neljällä neljältä neljälle neljäksi neljänä", 4),
        ("viisi viittä viiden viidessä viidestä viiteen viidellä viideltä viidelle viideksi viitenä", 5),
        ("kuusi kuutta kuuden kuudessa kuudesta kuuteen kuudella kuudelta kuudelle kuudeksi kuutena", 6),
        ("seitsemän seitsemää seitsemässä seitsemästä seitsemään seitsemällä seitsemälle seitsemänä", 7),
        ("kahdeksan kahdeksaa kahdeksassa kahdeksasta kahdeksaan kahdeksalla kahdeksalle kahdeksana", 8),
        ("yhdeksän yhdeksää yhdeksässä yhdeksästä yhdeksään yhdeksällä yhdeksälle yhdeksänä", 9),
        ("kymmenen kymmentä kymmenessä kymmenestä kymmeneen kymmenellä kymmenelle kymmenenä", 10),
        ("sata sadan sataa sadassa sadasta sataan sadalla sadalle", 100),
        ("yksitoista yhdessätoista", 11),
        ("yhdeksänkymmentäyhdeksän", 99),
    ],
)
def test_number_words_in_every_case(words: str, number: int) -> None:
    assert {number_word(word) for word in words.split()} == {number}
