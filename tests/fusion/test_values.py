"""How values rank, how coarse they are, and what becomes a conflict."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.fusion.conflict import Alternative, Conflict, kind_of_difference, notations
from engine.fusion.values import collect, precision_of, ranked
from engine.fusion.view import compatible, resolve
from loaders.rdf.terms import (
    ALT_LABEL,
    CONTACT_PASSAGE,
    DCT,
    LABEL,
    A,
    Quad,
    code,
    date,
    decimal,
    integer,
    literal,
    tg,
    thing,
)
from tests.cases import each
from tests.fusion.statements import THEME, collected, named, passage, said, source

END = tg("endDate")
MILLION, ROUND = decimal(Decimal(4317000)), decimal(Decimal(4300000))


def test_a_passage_has_its_documents_date_and_its_line() -> None:
    dated, issued, other = (thing("document", name) for name in ("dated", "issued", "other"))
    quads = [
        Quad(dated, tg("referenceDate"), date("2024-05")),
        Quad(dated, f"<{DCT}issued>", date("2025-01-01")),
        Quad(issued, f"<{DCT}issued>", date("2023")),
        Quad(other, tg("referenceDate"), date("2020"), "<urn:x:graph>"),
        Quad("<urn:x:1>", tg("inDocument"), dated),
        Quad("<urn:x:1>", tg("lineStart"), integer(7)),
        Quad("<urn:x:2>", tg("inDocument"), issued),
        Quad("<urn:x:2>", tg("row"), integer(9)),
        Quad("<urn:x:3>", tg("inDocument"), other),
        Quad(passage("dated", 1), tg("lineStart"), integer(8), passage("dated", 1)),
    ]
    found = collect([q for q in quads if not q.g.startswith("<https")]).sources
    assert [(s.document, s.date, s.line) for s in found.values()] == [
        (dated, "2024-05", 7),
        (issued, "2023", 9),
        (other, "", 0),
    ]
    assert [s.passage for s in found.values()] == ["<urn:x:1>", "<urn:x:2>", "<urn:x:3>"]


def test_statements_are_sorted_by_document_and_line_and_private_ones_are_apart() -> None:
    triple = (THEME, END, date("2027"))
    private = Quad(THEME, END, date("2026"), f"<{CONTACT_PASSAGE}a/1>")
    given = Quad(THEME, END, date("2025"))
    lines = [said("b", 1, triple), said("a", 9, triple), said("a", 2, triple), [private, given]]
    values = collected(*lines)
    assert values.of(THEME, END) == {date("2027"): [source("a", 2), source("a", 9), source("b", 1)]}
    assert values.private == [private]
    assert given in values.outside
    assert values.of(THEME, A) == {}
    assert values.one(THEME, A) is None


def test_the_subjects_of_a_class_are_sorted() -> None:
    one, other = thing("theme", "b"), thing("theme", "a")
    values = collected(said("a", 1, (one, A, tg("Theme")), (other, A, tg("Theme")), (THEME, A, tg("Call"))))
    assert values.subjects("Theme") == [other, one]


def test_how_coarse_a_value_is() -> None:
    node = thing("observation", "x")
    values = collected(
        said("a", 1, (node, tg("amount"), MILLION), (node, tg("precision"), decimal(Decimal(10)))),
        said("a", 2, (node, tg("amount"), ROUND), (node, tg("precision"), decimal(Decimal(100000)))),
        said("a", 3, (node, tg("shareAmount"), ROUND), (node, tg("precision"), decimal(Decimal(1000)))),
    )
    assert precision_of(values, node, MILLION) == 10
    assert precision_of(values, node, ROUND) == 1000
    assert precision_of(values, node, decimal(Decimal(5))) == 0
    assert [precision_of(values, node, date(d)) for d in ("2024", "2024-05", "2024-05-06")] == [6, 3, 0]
    assert precision_of(values, node, literal("2024")) == 0


def test_values_rank_by_date_then_precision_then_place_then_text() -> None:
    def order(*lines: list[Quad]) -> list[str]:
        values = collected(*lines)
        return ranked(values, THEME, values.of(THEME, END))

    day, month, year = date("2026-01-01"), date("2026-01"), date("2026")
    assert order(said("a", 1, (THEME, END, day), dated="2023"), said("b", 1, (THEME, END, year), dated="2024")) == [
        year,
        day,
    ]
    assert order(said("a", 1, (THEME, END, day), dated="2023"), said("b", 1, (THEME, END, year), dated="2023-05")) == [
        year,
        day,
    ]
    assert order(said("a", 1, (THEME, END, month), (THEME, END, year), (THEME, END, day))) == [day, month, year]
    other = date("2025-01-01")
    assert order(said("a", 5, (THEME, END, other)), said("a", 1, (THEME, END, day))) == [day, other]
    assert order(said("b", 1, (THEME, END, other)), said("a", 5, (THEME, END, day))) == [day, other]
    assert order(said("a", 1, (THEME, END, day), (THEME, END, other))) == [other, day]
    twice = said("a", 1, (THEME, END, day), dated="2020") + said("c", 1, (THEME, END, day), dated="2025")
    assert order(twice, said("b", 1, (THEME, END, other), dated="2024")) == [day, other]


@each(
    ("one", "other", "same"),
    [
        (date("2024"), date("2024-05"), True),
        (date("2024-05-01"), date("2024"), True),
        (date("2024-05-01"), date("2024-06"), False),
        (date("2024-05-01"), date("2024-05-02"), False),
        (MILLION, ROUND, True),
        (ROUND, MILLION, True),
        (MILLION, decimal(Decimal(4317001)), False),
        (MILLION, literal("4317000"), False),
        (literal("2024"), literal("2024-05"), False),
        (THEME, literal("a"), False),
    ],
)
def test_a_coarser_value_says_the_same(one: str, other: str, same: bool) -> None:
    node = thing("observation", "x")
    precise = (node, tg("precision"), decimal(Decimal(100000)))
    values = collected(said("a", 1, (node, tg("amount"), ROUND), precise), said("a", 2, (node, tg("amount"), MILLION)))
    assert compatible(values, node, one, other) is same


def test_half_a_unit_is_still_the_same() -> None:
    node = thing("observation", "x")
    first, half, more = (decimal(Decimal(n)) for n in ("100", "105", "106"))
    values = collected(said("a", 1, (node, tg("amount"), first), (node, tg("precision"), decimal(Decimal(10)))))
    assert compatible(values, node, first, half)
    assert not compatible(values, node, first, more)


def test_several_values_of_a_single_valued_property_are_one_and_a_conflict() -> None:
    node, basis = thing("observation", "x"), tg("basis")
    one, two, three = literal("one"), literal("two"), literal("three")
    lines = (
        said("a", 1, (node, tg("about"), THEME), (node, tg("measure"), code("measure", "projects"))),
        said("a", 2, (node, basis, one), dated="2024"),
        said("b", 2, (node, basis, two), dated="2023"),
        said("c", 2, (node, basis, three), dated="2022"),
    )
    view, conflicts = resolve(collected(*lines), frozenset({basis}))
    about = Quad(node, tg("about"), THEME), Quad(node, tg("measure"), code("measure", "projects"))
    alternatives = (
        Alternative(one, (source("a", 2, "2024"),)),
        Alternative(two, (source("b", 2, "2023"),)),
        Alternative(three, (source("c", 2, "2022"),)),
    )
    dimension = (tg("measure"), code("measure", "projects"))
    changed = Conflict(THEME, basis, "changed-over-time", alternatives, one, dimension)
    assert view == {*about, Quad(node, basis, one)}
    assert conflicts == [changed]
    several = {q for q in resolve(collected(*lines), frozenset())[0] if q.p == basis}
    assert several == {Quad(node, basis, value) for value in (one, three, two)}


def test_a_conflict_within_a_share_is_one_about_the_thing() -> None:
    share, whole, name = thing("share", "x"), thing("observation", "x"), tg("shareAmount")
    first, second = decimal(Decimal(100)), decimal(Decimal(900))
    values = collected(
        said("a", 1, (share, tg("shareOf"), whole), (whole, tg("about"), THEME), (share, name, first)),
        said("a", 2, (share, name, second)),
    )
    (found,) = resolve(values, frozenset({name}))[1]
    assert (found.about, found.on_property, found.kind) == (THEME, name, "different-value")
    assert (found.chosen, found.dimension) == (first, None)


@pytest.mark.parametrize("name", ["amount", "shareAmount"])
def test_the_print_of_the_amount_that_was_chosen_is_shown(name: str) -> None:
    node, printed = thing("observation", "x"), tg("amountAsStated")
    first, second = decimal(Decimal(100)), decimal(Decimal(900))
    values = collected(
        said("a", 1, (node, printed, literal("900 e")), (node, tg(name), second), dated="2020"),
        said("b", 1, (node, printed, literal("nothing")), dated="2025"),
        said("c", 1, (node, printed, literal("100 e")), (node, tg(name), first), dated="2024"),
    )
    shown = resolve(values, frozenset({printed, tg(name)}))[0]
    assert Quad(node, printed, literal("100 e")) in shown
    assert len(shown) == 2
    bare = collected(said("a", 1, (node, printed, literal("b"))), said("a", 2, (node, printed, literal("a"))))
    assert resolve(bare, frozenset({printed})) == ({Quad(node, printed, literal("b"))}, [])


def test_one_label_a_language_and_the_others_are_alternatives() -> None:
    group = thing("target-group", "x")
    lines = (
        said("a", 1, *named(group, "TargetGroup", "nuoret")),
        said("a", 2, *named(group, "TargetGroup", "NUORET")),
        said("a", 3, *named(group, "TargetGroup", "Nuoret")),
        said("a", 4, *named(group, "TargetGroup", "unga", "sv")),
    )
    view, conflicts = resolve(collected(*lines), frozenset())
    assert {q for q in view if q.p != A} == {
        Quad(group, LABEL, literal("NUORET", "fi")),
        Quad(group, ALT_LABEL, literal("nuoret", "fi")),
        Quad(group, ALT_LABEL, literal("Nuoret", "fi")),
        Quad(group, LABEL, literal("unga", "sv")),
    }
    assert not conflicts


@pytest.mark.parametrize("kind", ["Theme", "Project"])
def test_several_names_of_a_theme_or_project_are_a_finding(kind: str) -> None:
    first, second = literal("Kaisla", "fi"), literal("Kaislat", "fi")
    values = collected(said("a", 1, *named(THEME, kind, "Kaisla")), said("a", 2, *named(THEME, kind, "Kaislat")))
    (found,) = resolve(values, frozenset())[1]
    alternatives = Alternative(first, (source("a", 1),)), Alternative(second, (source("a", 2),))
    assert found == Conflict(THEME, LABEL, "other-spelling", alternatives, first)


@each(
    ("dates", "kind"),
    [
        (("2023", "2024"), "changed-over-time"),
        (("2024", "2024"), "different-value"),
        (("2023", ""), "different-value"),
        (("2022", "2023", "2022"), "different-value"),
        (("2022", "2023", "2024"), "changed-over-time"),
    ],
)
def test_values_of_one_date_contradict_and_of_several_dates_changed(dates: tuple[str, ...], kind: str) -> None:
    assert kind_of_difference(tuple(Alternative(d, (source("a", 1, d),)) for d in dates)) == kind


def test_a_conflict_as_quads() -> None:
    alternatives = Alternative('"a"', (source("a", 1), source("b", 2))), Alternative('"b"', ())
    dimension = (tg("phase"), code("phase", "framework"))
    quads = list(Conflict(THEME, END, "different-value", alternatives, '"a"', dimension).quads())
    (node,) = {q.s for q in quads if q.p == A}
    first, second = f"{node[:-1]}/1>", f"{node[:-1]}/2>"
    assert node.startswith(thing("conflict", "")[:-1])
    assert len(node.rsplit("/", 1)[1]) == 16 + 1
    assert quads == [
        Quad(node, A, tg("Conflict")),
        Quad(node, tg("about"), THEME),
        Quad(node, tg("onProperty"), END),
        Quad(node, tg("kind"), code("conflict-kind", "different-value")),
        Quad(node, *dimension),
        Quad(node, tg("chosen"), '"a"'),
        Quad(node, tg("alternative"), first),
        Quad(first, tg("alternativeValue"), '"a"'),
        Quad(first, tg("statedIn"), passage("a", 1)),
        Quad(first, tg("statedIn"), passage("b", 2)),
        Quad(node, tg("alternative"), second),
        Quad(second, tg("alternativeValue"), '"b"'),
    ]
    bare = list(Conflict(THEME, END, "different-value", alternatives).quads())
    assert {q.p for q in bare} == {A} | {
        tg(p) for p in ("about", "onProperty", "kind", "alternative", "alternativeValue", "statedIn")
    }
    assert not {q.s for q in bare} & {q.s for q in quads}


def test_one_objective_under_two_notations() -> None:
    objective, other = code("objective", "4.h"), code("objective", "4.a")
    concept, stated = tg("specificObjective"), tg("objectiveAsStated")
    values = collected(
        said("a", 1, (THEME, concept, objective), (THEME, stated, '"4.3"')),
        said("b", 1, (THEME, concept, objective), (THEME, stated, '"4.h"')),
        said("c", 1, (THEME, concept, other), (THEME, stated, '"4.a"')),
    )
    alternatives = Alternative('"4.3"', (source("a", 1),)), Alternative('"4.h"', (source("b", 1),))
    assert list(notations(values)) == [Conflict(THEME, concept, "other-notation", alternatives, '"4.h"')]
