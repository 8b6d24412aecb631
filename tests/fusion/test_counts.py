"""Stated counts against what documents list."""

from __future__ import annotations

from engine.fusion.conflict import Alternative, Conflict, ListedProjects, not_listed
from loaders.rdf.terms import TRUE, A, Quad, code, integer, literal, tg, thing
from tests.cases import each
from tests.fusion.statements import THEME, collected, said, source

GROUP, SINGLE, COORDINATION = (thing("project", key) for key in ("R-1", "S1", "C1"))


def listed() -> ListedProjects:
    """A group of three parts, a project whose parts nobody lists, a coordination project of two."""
    parts = {GROUP: {"a", "b", "c"}, COORDINATION: {"d", "e"}}
    return ListedProjects({GROUP, SINGLE, COORDINATION}, {COORDINATION}, parts)


@each(
    ("measure", "basis", "numbers"),
    [
        ("projectEntities", "without-coordination", {2}),
        ("projectEntities", "with-coordination", {3}),
        ("projectEntities", "", {2, 3}),
        ("implementers", "without-coordination", {4}),
        ("implementers", "with-coordination", {6}),
        ("projects", "without-coordination", {2, 4}),
        ("projects", "", {2, 3, 4, 6}),
    ],
)
def test_the_numbers_that_a_count_may_give(measure: str, basis: str, numbers: set[int]) -> None:
    assert listed().admissible(code("measure", measure), basis) == numbers


def projects(document: str, line: int, *found: str, coordination: str = "") -> list[Quad]:
    triples = [(p, A, tg("Project")) for p in found] + [(p, tg("inTheme"), THEME) for p in found]
    triples += [(coordination, A, tg("CoordinationProject"))] if coordination else []
    return said(document, line, *triples)


def count(
    document: str, value: int, measure: str = "projectEntities", *more: tuple[str, str], line: int = 50
) -> list[Quad]:
    node = thing("observation", "count", document)
    facts = [
        (A, tg("StatisticalObservation")),
        (tg("measure"), code("measure", measure)),
        (tg("about"), THEME),
        (tg("value"), integer(value)),
        *more,
    ]
    return said(document, line, *((node, p, o) for p, o in facts))


def test_a_count_is_compared_with_its_own_document() -> None:
    lines = projects("a", 1, GROUP, SINGLE), projects("b", 1, GROUP, SINGLE, COORDINATION), count("a", 3)
    measure = code("measure", "projectEntities")
    alternatives = (
        Alternative(integer(3), (source("a", 50),)),
        Alternative(integer(2), (source("a", 1), source("b", 1), source("a", 1), source("b", 1))),
    )
    assert list(not_listed(collected(*lines))) == [
        Conflict(THEME, tg("value"), "count-not-listed", alternatives, integer(3), (tg("measure"), measure))
    ]
    assert not list(not_listed(collected(projects("b", 1, GROUP, SINGLE), count("b", 2))))


def test_a_count_of_a_document_that_lists_nothing_is_compared_with_all_of_them() -> None:
    lines = [projects("a", 1, GROUP), projects("b", 1, SINGLE)]
    assert not list(not_listed(collected(*lines, count("c", 2))))
    assert len(list(not_listed(collected(*lines, count("c", 1))))) == 1
    assert not list(not_listed(collected(count("c", 1))))


def test_a_document_that_lists_only_the_coordination_project_lists_nothing() -> None:
    only = projects("a", 1, COORDINATION, coordination=COORDINATION)
    assert not list(not_listed(collected(only, count("a", 9))))
    lines = only, projects("b", 1, GROUP, SINGLE), count("a", 2)
    assert not list(not_listed(collected(*lines)))


def test_parts_are_those_that_the_document_itself_names() -> None:
    def part(document: str, name: str) -> list[Quad]:
        return said(document, 3, (GROUP, tg("participation"), thing("participation", name)))

    lines = [projects("a", 1, GROUP), part("a", "x"), part("a", "y"), part("b", "z")]
    assert not list(not_listed(collected(*lines, count("a", 2, "implementers"))))
    assert len(list(not_listed(collected(*lines, count("a", 3, "implementers"))))) == 1
    assert not list(not_listed(collected(*lines, count("c", 3, "implementers"))))


def test_what_is_no_exact_count_of_projects_is_not_compared() -> None:
    lines = [projects("a", 1, GROUP)]
    assert not list(not_listed(collected(*lines, count("a", 9, "applications"))))
    assert not list(not_listed(collected(*lines, count("a", 9, "projects", (tg("approximate"), TRUE)))))
    assert not list(not_listed(collected(*lines, count("a", 9, "projects", (tg("basis"), literal("per-region"))))))
    for basis in ("with-coordination", "without-coordination"):
        assert list(not_listed(collected(*lines, count("a", 9, "projects", (tg("basis"), literal(basis))))))
