"""Who is linked by the rule alone, and who is left to a person."""

from __future__ import annotations

import pytest

from links.rule import Proposal, Subject, Target, alike, match_register, proposal
from links.targets.areas import genitives
from tests.link_reference import ROR, subject


def target(number: str, *names: str, **more: object) -> Target:
    return Target(ROR + number, names[0], names, **more)  # type: ignore[arg-type]


def accepted(ours: list[Subject], theirs: list[Target]) -> set[tuple[str, str]]:
    return {(link.subject_label, link.object.removeprefix(ROR)) for link in judge(ours, theirs).links}


def judge(ours: list[Subject], theirs: list[Target]) -> Proposal:
    return proposal("ror", match_register(ours, theirs, "a record"))


def test_the_rule_accepts_an_equal_name_of_the_same_kind() -> None:
    ours = [subject("a", "university", "Niityn yliopisto")]
    assert accepted(ours, [target("1", "NIITYN YLIOPISTO")]) == {("Niityn yliopisto", "1")}
    assert accepted(ours, [target("1", "Niityn yliopisto", kinds=frozenset({"university"}))]) == {
        ("Niityn yliopisto", "1")
    }


@pytest.mark.parametrize(
    ("theirs", "reason"),
    [
        ([target("1", "Niityn yliopisto", kinds=frozenset({"company"}))], "kinds differ"),
        ([target("1", "Niityn yliopisto", active=False)], "no longer active"),
        ([target("1", "Niityn yliopisto"), target("2", "Niityn Yliopisto Oy")], "2 entries bear this name"),
    ],
)
def test_the_rule_leaves_doubt_to_a_person_and_says_why(theirs: list[Target], reason: str) -> None:
    verdicts = judge([subject("a", "university", "Niityn yliopisto")], theirs)
    assert not verdicts.links
    assert reason in verdicts.candidates[0].reasons
    assert len(verdicts.candidates) == len(theirs)


def test_an_entry_that_two_of_ours_match_is_nobodys() -> None:
    ours = [subject("a", "university", "Niityn yliopisto"), subject("b", "university", "University of the Meadow")]
    assert accepted(ours, [target("1", "Niityn yliopisto", "University of the Meadow")]) == set()


def test_likeness_never_decides_and_shows_three_at_most() -> None:
    ours = [subject("a", "foundation", "Puro-säätiö sr")]
    theirs = [target(str(n), f"Puron{'n' * n}säätiö") for n in range(6)]
    verdicts = judge(ours, theirs)
    assert not verdicts.links
    assert [c.rank for c in verdicts.candidates] == [1, 2, 3]
    assert [u.subject for u in judge(ours, [target("1", "Harjun liitto")]).unlinked] == [ours[0].iri]
    assert alike("Jatkuva oppiminen", [("x", "jatkuva oppiminen"), ("y", "kalastus")]) == [
        (1.0, ("x", "jatkuva oppiminen"))
    ]


def test_genitives_of_places() -> None:
    names = "Turku Turun;Helsinki Helsingin;Seinäjoki Seinäjoen;Lahti Lahden;Tampere Tampereen;Salo Salon;Pori Porin"
    names += ";Uusimaa Uudenmaan;Alavus Alavuden;Muhos Muhoksen;Kauniainen Kauniaisten;Pihtipudas Pihtiputaan"
    names += ";Haapavesi Haapaveden"
    names += ";Lappeenranta Lappeenrannan;Raahe Raahen;Mäntsälä Mäntsälän;Kangasniemi Kangasniemen;Keuruu Keuruun;Vaasa Vaasan"
    for pair in names.split(";"):
        place, genitive = pair.split()
        assert genitive.casefold() in genitives(place), place
