"""Which amounts the current view shows, what contradicts them, and whose shares hold."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.fusion.conflict import Alternative, Conflict
from engine.fusion.money import Observation, Share, StatedMoney, compare, read, realign
from engine.fusion.values import Citation
from loaders.rdf.terms import HISTORY_GRAPH, PROV, TRUE, A, Quad, code, date, decimal, tg, thing
from tests.cases import each
from tests.fusion.statements import EU, STATE, THEME, amount, collected, said, source

PROJECT = thing("project", "S1")
TEM, STM = thing("organisation", "tem"), thing("organisation", "stm")
DERIVED = f"<{PROV}wasDerivedFrom>"
WHOLE, OLD, OTHER = (thing("observation", "theme", "kaislikko", key) for key in ("new", "old", "other"))


def seen(
    number: int,
    key: str = "a",
    *,
    phase: str = "framework",
    dated: str = "2024",
    scope: str = "",
    about: str = THEME,
    precision: int = 1,
    document: str = "",
    rough: bool = False,
) -> Observation:
    iri = thing("observation", "theme", "kaislikko", key)
    term = decimal(Decimal(number))
    stated = (source(document or key, 1, dated),)
    money = Decimal(number), term, Decimal(precision)
    return Observation(iri, about, code("phase", phase), *money, dated, scope, rough, stated)


def share(whole: str, holder: str, number: int, precision: int = 1) -> Share:
    iri = thing("share", whole[-4:-1], holder.rsplit("/", 1)[1][:-1])
    stated: tuple[Citation, ...] = (source("s", number % 100, "2024"),)
    return Share(iri, whole, (tg("ministry"), holder), Decimal(number), Decimal(precision), stated)


def told(*found: Observation, shares: dict[str, list[Share]] | None = None) -> StatedMoney:
    return StatedMoney(list(found), shares or {}, [found[-1]])


def stated(*observations: tuple[str, Observation]) -> StatedMoney:
    """What is read of the observations as documents state them."""
    lines = []
    for number, (document, o) in enumerate(observations, 1):
        phase = o.phase.rsplit("/", 1)[1][:-1]
        triples = amount(o.iri, str(o.amount), phase, about=o.about, precision=str(o.precision), scope=o.scope)
        triples += [(o.iri, tg("referenceDate"), date(o.date))] if o.date else []
        triples += [(o.iri, tg("approximate"), TRUE)] if o.rough else []
        lines.append(said(document, number, *triples, dated=o.date or "2020"))
    return read(collected(*lines))


def keys(found: list[Observation]) -> list[str]:
    return [o.iri.rsplit("/", 1)[1][:-1] for o in found]


def test_amounts_differ_by_more_than_half_the_coarser_unit() -> None:
    assert not seen(100, precision=10).differs(seen(105))
    assert seen(100, precision=10).differs(seen(106))
    assert not seen(105).differs(seen(100, precision=10))
    assert seen(100, about=PROJECT).of_project
    assert not seen(100).of_project


@each(
    ("one", "other", "current"),
    [
        (seen(5, "a", dated="2023"), seen(6, "b", dated="2024"), ["b"]),
        (seen(5, "a", dated="2024-05"), seen(6, "b", dated="2024"), ["a"]),
        (seen(5, "a", precision=100), seen(6, "b", precision=10), ["b"]),
        (seen(5, "a", rough=True), seen(6, "b"), ["b"]),
        (seen(5, "a"), seen(6, "b", scope=EU), ["b"]),
        (seen(5, "a"), seen(6, "b"), ["a"]),
        (seen(5, "a", scope=EU), seen(9, "b", scope=STATE), ["a"]),
        (seen(5, "a", scope=EU, about=PROJECT), seen(9, "b", scope=STATE, about=PROJECT), ["a", "b"]),
        (seen(5, "a", scope=EU, about=PROJECT), seen(5, "b", scope=STATE, about=PROJECT), ["a"]),
        (seen(5, "a", scope=EU, about=PROJECT), seen(9, "b", scope=EU, about=PROJECT), ["a"]),
        (seen(9, "a", dated="2025", about=PROJECT), seen(5, "b", scope=EU, about=PROJECT), ["b"]),
        (seen(5, "a"), seen(6, "b", phase="callBudget"), ["b", "a"]),
    ],
)
def test_one_amount_of_a_thing_and_phase_is_current(one: Observation, other: Observation, current: list[str]) -> None:
    assert keys(stated(("one", one), ("other", other)).current) == current


def test_scopes_that_one_document_states_are_two_amounts() -> None:
    one, other, none = seen(5, "a", scope=EU), seen(9, "b", scope=STATE), seen(7, "c")
    assert keys(stated(("one", one), ("one", other)).current) == ["a", "b"]
    assert keys(stated(("one", one), ("one", none)).current) == ["a"]


def test_only_amounts_of_which_there_may_be_several_are_told_apart_by_scope() -> None:
    def cubes(*lines: tuple[str, Observation]) -> list[str]:
        return [quad.o.rsplit("/", 1)[-1].strip(">") for quad in stated(*lines).cubes()]

    one, other = seen(5, "a", scope=EU), seen(9, "b", scope=STATE)
    assert cubes(("one", one), ("one", other)) == ["amounts-by-scope", "amounts-by-scope"]
    assert cubes(("one", one)) == ["amounts"]
    assert cubes(("one", seen(5, "a", scope=EU, about=PROJECT))) == ["amounts-by-scope"]


def test_what_is_read_of_an_amount() -> None:
    (found,) = stated(("one", seen(5, "a", scope=EU, rough=True, precision=10))).observations
    assert found == replace(seen(5, "a", scope=EU, rough=True, precision=10), sources=(source("one", 1, "2024"),))
    bare = said("one", 1, *[t for t in amount(WHOLE, "5") if t[1] != tg("precision")])
    (found,) = read(collected(bare)).observations
    assert (found.precision, found.date, found.scope, found.rough, found.shares) == (Decimal(0), "", "", False, ())
    for missing in ("about", "phase"):
        assert not read(collected(said("a", 1, *[t for t in amount(WHOLE, "5") if t[1] != tg(missing)]))).observations


def part(node: str, holder: str, number: str, precision: str | None = None) -> list[tuple[str, str, str]]:
    triples = [
        (node, A, tg("Share")),
        (node, tg("shareOf"), WHOLE),
        (node, tg("ministry"), holder),
        (node, tg("shareAmount"), decimal(Decimal(number))),
    ]
    return [*triples, (node, tg("precision"), decimal(Decimal(precision)))] if precision else triples


def test_a_whole_that_no_document_states_is_added_up() -> None:
    first, second = thing("share", "a"), thing("share", "b")
    whole = [t for t in amount(WHOLE, "1") if t[1] not in (tg("amount"), tg("precision"))]
    lines = said("a", 1, *whole), said("a", 2, *part(first, TEM, "5", "10")), said("a", 3, *part(second, STM, "7"))
    money = read(collected(*lines))
    five, seven = Decimal(5), Decimal(7)
    shares = [
        Share(first, WHOLE, (tg("ministry"), TEM), five, Decimal(10), (source("a", 2),)),
        Share(second, WHOLE, (tg("ministry"), STM), seven, Decimal(0), (source("a", 3),)),
    ]
    assert money.shares == {WHOLE: shares}
    number = Decimal(12), decimal(Decimal(12)), Decimal(10)
    sources = (source("a", 2), source("a", 3))
    phase = code("phase", "framework")
    assert money.observations == [Observation(WHOLE, THEME, phase, *number, "", "", False, sources, (first, second))]
    gone, new = money.triples(set())
    assert gone == set()
    assert new == {
        Quad(WHOLE, tg("amount"), decimal(Decimal(12))),
        Quad(WHOLE, tg("precision"), decimal(Decimal(10))),
        Quad(WHOLE, DERIVED, first),
        Quad(WHOLE, DERIVED, second),
    }
    assert not list(compare(money))


def test_what_is_not_current_is_history_with_its_shares() -> None:
    new, old = seen(9, "new"), seen(5, "old")
    shares = {old.iri: [share(old.iri, TEM, 2), share(old.iri, STM, 3)]}
    view = {Quad(new.iri, tg("amount"), new.term), Quad(old.iri, tg("amount"), old.term)}
    view |= {Quad(s.iri, tg("shareAmount"), decimal(s.amount)) for s in shares[old.iri]}
    gone, made = StatedMoney([old, new], shares, [new]).triples(view)
    assert gone == {q for q in view if q.s != new.iri}
    assert made == {q._replace(g=HISTORY_GRAPH) for q in gone}


def test_a_sum_that_is_not_current_is_history() -> None:
    new, old = seen(9, "new"), replace(seen(5, "old"), shares=(thing("share", "x"),))
    made = StatedMoney([old, new], {}, [new]).triples(set())[1]
    assert {q.g for q in made} == {HISTORY_GRAPH}
    assert {q.p for q in made} == {tg("amount"), tg("precision"), DERIVED}


def test_shares_of_an_older_statement_of_the_same_amount_hold_for_the_newer() -> None:
    new, old = seen(5, "new"), seen(5, "old")
    shares = {old.iri: [share(old.iri, TEM, 2), share(old.iri, STM, 3)]}
    view = {Quad(s.iri, tg("shareOf"), old.iri) for s in shares[old.iri]}
    kept = {Quad(s.iri, tg("shareAmount"), decimal(s.amount)) for s in shares[old.iri]}
    gone, made = StatedMoney([old, new], shares, [new]).triples(view | kept)
    assert gone == view
    assert made == {Quad(s.iri, tg("shareOf"), new.iri) for s in shares[old.iri]}
    for other in (seen(6, "new"), seen(5, "new", phase="callBudget"), seen(5, "new", about=PROJECT)):
        assert not [q for q in StatedMoney([old, other], shares, [other]).triples(view)[1] if not q.g]


def test_an_undivided_amount_is_the_only_holders() -> None:
    new = seen(5, "new")
    view = {Quad(THEME, tg("ministry"), TEM), Quad(thing("theme", "x"), tg("ministry"), STM), Quad(THEME, A, STM)}
    node = thing("share", "theme", "kaislikko", "new", "tem")
    assert StatedMoney([new], {}, [new]).triples(view) == (
        set(),
        {
            Quad(node, A, tg("Share")),
            Quad(node, tg("shareOf"), new.iri),
            Quad(node, tg("ministry"), TEM),
            Quad(node, tg("shareAmount"), decimal(Decimal(5))),
            Quad(node, DERIVED, new.iri),
        },
    )
    assert StatedMoney([new], {}, [new]).triples(view | {Quad(THEME, tg("ministry"), STM)}) == (set(), set())
    divided = StatedMoney([new], {new.iri: [share(new.iri, TEM, 2)]}, [new])
    assert divided.triples(view) == (set(), set())
    taking = Quad(PROJECT, tg("participation"), thing("participation", "S1", "a"))
    own = replace(new, about=PROJECT)
    assert {q.s for q in StatedMoney([own], {}, [own]).triples({taking})[1]} == {f"{node[:-4]}S1/a>"}


def test_a_framework_that_is_the_coordination_budget_has_its_shares() -> None:
    framework, budget = seen(5, "new"), seen(5, "old", phase="coordinationBudget")
    shares = {budget.iri: [share(budget.iri, TEM, 2), share(budget.iri, STM, 3)]}
    made = StatedMoney([framework, budget], shares, [framework, budget]).triples(set())[1]
    assert {(q.s.rsplit("/", 1)[1], q.o) for q in made if q.p == tg("shareAmount")} == {
        ("tem>", decimal(Decimal(2))),
        ("stm>", decimal(Decimal(3))),
    }
    assert {q.o for q in made if q.p == DERIVED} == {s.iri for s in shares[budget.iri]}
    for other in (seen(6, "new"), seen(5, "new", phase="callBudget"), seen(5, "new", about=PROJECT)):
        assert not StatedMoney([other, budget], shares, [other, budget]).triples(set())[1]


def test_a_share_names_the_whole_that_its_document_states() -> None:
    nodes = [thing("observation", key) for key in ("a", "b")]

    def aligned(of_share: str, of_whole: str, more: str = "framework") -> str:
        whole = amount(nodes[0], "9", more, scope=of_whole)
        named = [t for t in amount(nodes[1], "9", scope=of_share) if t[1] != tg("amount")]
        quads = said("a", 1, *whole, *named, (thing("share", "x"), tg("shareOf"), nodes[1]))
        return next(q.o for q in realign(quads) if q.p == tg("shareOf"))

    assert aligned("", EU) == nodes[0]
    assert aligned(EU, "") == nodes[0]
    assert aligned("", "") == nodes[0]
    assert aligned(EU, STATE) == nodes[1]
    assert aligned("", EU, "callBudget") == nodes[1]


PHASE = (tg("phase"), code("phase", "framework"))


@pytest.mark.parametrize(
    ("dates", "kind"),
    [(("2023", "2024"), "changed-over-time"), (("2024", "2024"), "different-value"), (("", "2024"), "different-value")],
)
def test_amounts_that_differ_are_a_conflict(dates: tuple[str, str], kind: str) -> None:
    old, new = seen(5, "old", dated=dates[0]), seen(9, "new", dated=dates[1])
    alternatives = Alternative(new.term, new.sources), Alternative(old.term, old.sources)
    assert list(compare(told(old, new))) == [Conflict(THEME, tg("amount"), kind, alternatives, new.term, PHASE)]


@each(
    ("old", "new"),
    [
        (seen(5, "old"), seen(5, "new")),
        (seen(5, "old", scope=EU), seen(9, "new", scope=STATE)),
        (seen(5, "old", scope=EU), seen(9, "new")),
        (seen(5, "old", phase="paid"), seen(9, "new", phase="paid")),
    ],
)
def test_amounts_that_may_both_be_right_are_none(old: Observation, new: Observation) -> None:
    assert not list(compare(told(old, new)))


def test_an_amount_without_a_scope_may_contradict_one_with_a_scope() -> None:
    assert [c.kind for c in compare(told(seen(5, "old"), seen(9, "new", scope=EU)))] == ["different-value"]


@each("phase", ["framework", "coordinationBudget", "callBudget", "costEstimate"])
def test_one_amount_under_two_scopes_is_listed(phase: str) -> None:
    old, new = seen(5, "old", scope=EU, phase=phase), seen(5, "new", scope=STATE, phase=phase)
    alternatives = Alternative(STATE, new.sources), Alternative(EU, old.sources)
    dimension = (tg("phase"), code("phase", phase))
    assert list(compare(told(old, new))) == [
        Conflict(THEME, tg("fundingScope"), "other-scope", alternatives, STATE, dimension)
    ]


def test_a_framework_that_is_another_documents_coordination_budget_is_listed() -> None:
    framework, budget = seen(5, "a"), seen(5, "b", phase="coordinationBudget")
    alternatives = Alternative(framework.phase, framework.sources), Alternative(budget.phase, budget.sources)
    both = StatedMoney([framework, budget], {}, [framework, budget])
    assert list(compare(both)) == [Conflict(THEME, tg("phase"), "other-scope", alternatives)]
    for other in (replace(budget, sources=framework.sources), replace(budget, about=PROJECT), seen(5, "b")):
        assert not [
            c for c in compare(StatedMoney([framework, other], {}, [framework, other])) if c.on_property == PHASE[0]
        ]


def test_parts_that_miss_their_total_by_more_than_their_rounding() -> None:
    total = seen(100, "new", precision=10)
    parts = [share(total.iri, TEM, 40, 4), share(total.iri, STM, 52, 2)]
    assert not list(compare(told(total, shares={total.iri: parts})))
    parts[1] = share(total.iri, STM, 51, 2)
    added = Alternative(decimal(Decimal(91)), (source("s", 40, "2024"), source("s", 51, "2024")))
    alternatives = Alternative(total.term, total.sources), added
    assert list(compare(told(total, shares={total.iri: parts}))) == [
        Conflict(THEME, tg("amount"), "parts-do-not-add-up", alternatives, total.term, PHASE)
    ]
    assert not list(compare(told(total, shares={total.iri: parts[:1]})))


def test_money_with_regions_is_the_sum_of_its_parts() -> None:
    whole = seen(100, "w", phase="withRegions")
    budget, regions = seen(40, "b", phase="coordinationBudget"), seen(50, "r", phase="regionalBudget")
    found = list(compare(StatedMoney([whole, budget, regions], {}, [whole, budget, regions])))
    assert [(c.kind, c.alternatives[1].value) for c in found] == [("parts-do-not-add-up", decimal(Decimal(90)))]
    assert not list(compare(StatedMoney([whole, budget], {}, [whole, budget])))
