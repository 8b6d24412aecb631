"""Mail addresses, telephone numbers, codes and web addresses as the documents print them."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from loaders.values.amounts import amounts
from loaders.values.dates import Oddity, dates, periods
from loaders.values.marks import business_ids, codes, damaged_codes, emails, phones, urls
from tests.cases import each

NBSP, NARROW = "\u00a0", "\u202f"


@each(
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


@each(
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


@each(
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


@each("text", ["00230 Valtio", "R-00493", "02.02.2024", "0 000 000 €", "050 000 €", "S30068", "2024"])
def test_no_phones(text: str) -> None:
    assert phones(text) == []


def test_a_telephone_number_goes_on_to_the_next_line_while_it_is_too_short() -> None:
    assert [mark.value for mark in phones("p. 050 123\n4567")] == ["050 123 4567"]
    assert [mark.value for mark in phones("p. 050 123 4567\n12 osallistujaa")] == ["050 123 4567"]
    assert [mark.value for mark in phones("p. 050 123 456\n7 kpl")] == ["050 123 456"]
    assert [mark.value for mark in phones("p. +358 50 123 4567\n12 osallistujaa")] == ["+358 50 123 4567"]


def test_codes() -> None:
    text = "S10001 S20002 S30003 A70301 R-01402 ja R-\n01403, 205677"
    assert [(c.value, c.kind) for c in codes(text)] == [
        ("S10001", "project"), ("S20002", "project"), ("S30003", "project"), ("A70301", "project"),
        ("R-01402", "group"), ("R-01403", "group"),
    ]  # fmt: skip
    assert [c.value for c in codes(text, applications=True) if c.kind == "application"] == ["205677"]
    assert codes("puh. 205677 123, 205677 €, 1 205677, 205677,50", applications=True) == []


@each("damaged", ["S3006", "S300688", "S3O068", "S40068", "R-1402", "R-014022", "R01402", "A7030"])
def test_damaged_codes_are_reported_and_never_repaired(damaged: str) -> None:
    assert codes(f"hanke {damaged} on") == []
    assert [mark.words for mark in damaged_codes(f"hanke {damaged} on S30068")] == [damaged]


def test_business_ids_need_their_check_digit() -> None:
    assert [mark.value for mark in business_ids("Y-tunnus: 2296962-1, 2296962-2")] == ["2296962-1"]
    assert [mark.value for mark in business_ids("1000000-4, 1000002-0, 1000001-3, 1000008-1")] == [
        "1000000-4",
        "1000002-0",
    ]


def test_urls() -> None:
    text = "https://a.example/pitka-\nosoite-jatkuu \n\nHanke (www.b.example/x). virasto.fi/c oili(at)virasto.fi"
    assert [u.value for u in urls(text)] == ["https://a.example/pitka-osoite-jatkuu", "www.b.example/x"]
    assert [u.value for u in urls(text, bare=True)][2:] == ["virasto.fi/c"]
    assert [u.value for u in urls("https://a.example/x/\ny-z/w?\nt=17 \nHanke")] == ["https://a.example/x/y-z/w?t=17"]
    assert [u.value for u in urls("https://a.example/\nhttps://b.example/\nHanke-nimi toinen")] == [
        "https://a.example/",
        "https://b.example/",
    ]


def test_what_was_read_is_shared_between_readers_and_cannot_be_changed() -> None:
    text = "a@b.example, 0295 000 246, S30068, 5 €, 1.3.2025, 1.3.–2.4.2025"
    found = [*emails(text), *phones(text), *codes(text), *amounts(text), *dates(text), *periods(text)]
    found.append(Oddity(0, "another-weekday"))
    assert len({type(one) for one in found}) == len(found) == 7
    for one in found:
        with pytest.raises(FrozenInstanceError):
            one.start = 0  # type: ignore[misc]
