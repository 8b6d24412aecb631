"""The page of one project: labels and values of any of the three programmes."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders import reading
from loaders.document import pages
from loaders.records import Contact, Money, Participation, Project, Reading, Stated
from tests import layoutpages as made

REAL = made.SHARED / "more" / "19-eura2014-S21119-kotona-suomessa-2.txt"
PARTNERS = "Sepitteen kaupunki, 9000015-0\nOy Merenneito-Sjöjungfrun Ab / Rantapaja, 9000023-0\n"


def edited(folder: Path, *pairs: tuple[str, str]) -> Reading:
    return made.edited("eura_page", folder, *pairs)


def value(stated: Stated[str] | None) -> str | None:
    return stated.value if stated else None


def project(reading: Reading) -> Project:
    (found,) = made.of(reading, Project)
    return found


def test_a_damaged_code_is_reported(tmp_path: Path) -> None:
    found = edited(tmp_path, ("S29991", "S2999"))
    assert project(found).project_code is None
    assert any("S2999" in words for words in made.reasons(found))


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("Alkaa 1.3.2017 ja päättyy 30.9.2019", ("2017-03-01", "2019-09-30")),
        ("1.3.2017 - 30.9.2019", ("2017-03-01", "2019-09-30")),
        ("2017–2019", ("2017", "2019")),
        ("Alkaa 1.3.2017", ("2017-03-01", None)),
    ],
)
def test_days(words: str, days: tuple[str, str | None], tmp_path: Path) -> None:
    found = project(edited(tmp_path, ("Alkaa 1.3.2017 ja päättyy 30.9.2019", words)))
    assert (found.start and found.start.value, found.end and found.end.value) == days


def test_partners_have_their_business_ids(tmp_path: Path) -> None:
    found = made.of(edited(tmp_path), Participation)
    assert [(p.role.value if p.role else None, value(p.business_id)) for p in found] == [
        ("lead", "9000007-0"),
        ("partner", "9000015-0"),
        ("partner", "9000023-0"),
    ]
    alone = made.of(edited(tmp_path, (PARTNERS, "")), Participation)
    assert len(alone) == 1


def test_a_business_id_that_cannot_be_is_reported(tmp_path: Path) -> None:
    found = edited(tmp_path, ("9000015-0", "9000015-7"))
    assert [value(p.business_id) for p in made.of(found, Participation)] == ["9000007-0", None, "9000023-0"]
    assert any("9000015-7" in words for words in made.reasons(found))


@pytest.mark.parametrize(
    ("label", "phase", "scope"),
    [
        ("Myönnetty EU- ja valtion rahoitus", "granted", "eu-state"),
        ("Maksettu EU- ja valtion rahoitus", "paid", "eu-state"),
        ("Myönnetty julkinen rahoitus", "granted", "total-public"),
        ("Toteutunut rahoitus", "realised", None),
    ],
)
def test_the_label_says_what_money_it_is(label: str, phase: str, scope: str | None, tmp_path: Path) -> None:
    money = made.of(edited(tmp_path, ("Myönnetty EU- ja valtion rahoitus: 345 678 €", f"{label}: 45 000 €")), Money)[0]
    assert (money.phase, f"{money.amount:f}", money.scope) == (phase, "45000", scope)


def test_numbers_of_the_summary_are_no_money(tmp_path: Path) -> None:
    found = edited(tmp_path, ("12 345 henkeä", "34 905 henkeä ja 27 274 venettä"))
    assert len(made.of(found, Money)) == 3


def test_the_contact_person_is_one_record(tmp_path: Path) -> None:
    (person,) = made.of(edited(tmp_path, ("Sampo Laituri", "Iiris Kaisla")), Contact)
    assert (person.name, person.job_title, person.telephones) == ("Iiris Kaisla", "Lehtori", ("020 000 6111",))
    nobody = edited(tmp_path, ("Hankkeen yhteyshenkilön nimi: Sampo Laituri\n", ""))
    assert made.of(nobody, Contact) == []
    assert all(left.private for left in nobody.left_out if "6111" in left.words or "sampo" in left.words)


@pytest.mark.documents
@pytest.mark.skipif(not REAL.is_file(), reason="the full documents are not beside the repository")
def test_migrants_are_no_money_and_the_acting_unit_is_not_the_applicant() -> None:
    found = reading.parse(pages.read(REAL))
    assert not {"34905", "27274"} & {f"{money.amount:f}" for money in made.of(found, Money)}
    (party,) = made.of(found, Participation)
    assert value(party.business_id) == "2296962-1"
    assert "Uudenmaan" not in party.organisation.value
