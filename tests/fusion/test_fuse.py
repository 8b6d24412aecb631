"""The whole dataset of a few statements."""

from __future__ import annotations

from decimal import Decimal

from engine.fusion import fuse
from engine.fusion.identity import aliases
from engine.fusion.reference import single_valued, theme_names, vocabulary
from engine.fusion.view import resolve
from loaders.rdf.terms import (
    ALT_LABEL,
    CONTACT_PASSAGE,
    CONTACTS_GRAPH,
    ID,
    LABEL,
    TRUE,
    A,
    Quad,
    code,
    decimal,
    integer,
    lexical,
    literal,
    tg,
    thing,
)
from tests.cases import each
from tests.fusion.statements import THEME, collected, named, passage, said

BODY, PROJECT = thing("organisation", "niityn-virasto"), thing("project", "S39001")


def part(document: str, name: str, key: str = "x") -> list[Quad]:
    node = thing("participation", "S39001", key)
    return said(
        document,
        3,
        (PROJECT, tg("participation"), node),
        (node, tg("organisation"), BODY),
        (node, tg("nameAsStated"), literal(name)),
    )


def joined(*lines: list[Quad]) -> list[Quad]:
    return [quad for line in lines for quad in line]


def spellings(quads: list[Quad]) -> set[str]:
    nodes = {q.s for q in quads if (q.p, q.o) == (tg("onProperty"), tg("nameAsStated"))}
    return {
        lexical(q.o)
        for q in quads
        if q.p == tg("alternativeValue") and any(q.s.startswith(node[:-1]) for node in nodes)
    }


def test_the_printed_names_of_an_organisation_are_listed() -> None:
    quads = fuse(joined(part("a", "Virasto"), part("b", "VIRASTO", "y"), part("c", "Virasto", "z")))
    assert spellings(quads) == {"Virasto", "VIRASTO"}
    (node,) = {q.s for q in quads if (q.p, q.o) == (tg("onProperty"), tg("nameAsStated"))}
    assert Quad(node, tg("about"), BODY) in quads
    assert Quad(node, tg("kind"), code("conflict-kind", "other-spelling")) in quads
    cited = {q.o for q in quads if q.p == tg("statedIn") and q.s.startswith(node[:-1])}
    assert cited == {passage(document, 3) for document in "abc"}
    assert not spellings(fuse(joined(part("a", "Virasto"), part("b", "Virasto", "y"))))
    assert {lexical(q.o) for q in quads if q.s == BODY and q.p == ALT_LABEL} == {"Virasto", "VIRASTO"}


def test_an_alternative_label_that_is_the_label_is_left_out_of_the_view_alone() -> None:
    own = said("a", 1, *named(BODY, "Organisation", "Virasto"), (BODY, ALT_LABEL, literal("Virasto", "fi")))
    quads = fuse([*own, *said("a", 2, (BODY, ALT_LABEL, literal("Talo", "fi")))])
    shown = {(q.o, q.g) for q in quads if q.s == BODY and q.p == ALT_LABEL}
    assert shown == {
        (literal("Virasto", "fi"), passage("a", 1)),
        (literal("Talo", "fi"), passage("a", 2)),
        (literal("Talo", "fi"), ""),
    }


def test_the_dataset_is_sorted_and_holds_what_was_given_and_the_vocabulary() -> None:
    lines = said("a", 1, *named(THEME, "Theme", "Kaislikko"))
    quads = fuse([*lines, *reversed(lines)])
    assert quads == sorted(set(quads))
    assert {*lines, *(q for q in vocabulary() if q.p != ALT_LABEL)} <= set(quads)
    assert Quad(THEME, A, tg("Theme")) in quads


def test_what_is_corrected_is_corrected_before_the_view_is_made() -> None:
    lines = said("a", 1, *named(THEME, "Theme", "Kaislikko"))
    quads = fuse(lines, lambda found: [q._replace(o=literal("Suo", "fi")) if q.p == LABEL else q for q in found])
    assert {q.o for q in quads if q.s == THEME and q.p == LABEL and not q.g} == {literal("Suo", "fi")}


def test_persons_stay_apart_and_bodies_that_only_they_name_have_their_registered_names() -> None:
    ministry = thing("organisation", "tem")
    graph = f"<{CONTACT_PASSAGE}a/1>"
    person = Quad(thing("contact", "x"), tg("organisation"), ministry, graph)
    quads = fuse([person])
    assert [q.g for q in quads if q.s == person.s] == sorted([CONTACTS_GRAPH, graph])
    labels = {q for q in quads if q.s == ministry and q.p == LABEL}
    assert {q.g for q in labels} == {"", CONTACTS_GRAPH}
    named_too = fuse([person, *said("a", 2, (THEME, tg("ministry"), ministry))])
    assert {q.g for q in named_too if q.s == ministry and q.p == LABEL} == {""}


@each("name", ["amountAsStated", "precision", "approximate", "maximum", "currency"])
def test_how_an_amount_is_printed_contradicts_nothing(name: str) -> None:
    node = thing("observation", "x")
    values = collected(said("a", 1, (node, tg(name), '"1"')), said("b", 1, (node, tg(name), '"2"')))
    assert resolve(values, frozenset({tg(name)})) == ({Quad(node, tg(name), '"1"')}, [])


def test_a_count_that_nothing_lists_and_parts_that_miss_are_in_the_dataset() -> None:
    node, whole = thing("observation", "count"), thing("observation", "theme", "kaislikko", "a")
    count = [
        (node, A, tg("StatisticalObservation")),
        (node, tg("about"), THEME),
        (node, tg("measure"), code("measure", "projects")),
        (node, tg("value"), integer(5)),
    ]
    listed = said("a", 1, *named(PROJECT, "Project", "Kokeilu"), (PROJECT, tg("inTheme"), THEME))
    share = [
        (thing("share", key), predicate, value)
        for key, number in (("a", 2), ("b", 3))
        for predicate, value in (
            (A, tg("Share")),
            (tg("shareOf"), whole),
            (tg("ministry"), thing("organisation", key)),
            (tg("shareAmount"), decimal(Decimal(number))),
        )
    ]
    total = [
        (whole, A, tg("FinancialObservation")),
        (whole, tg("about"), THEME),
        (whole, tg("phase"), code("phase", "framework")),
        (whole, tg("amount"), decimal(Decimal(9))),
    ]
    quads = fuse(joined(listed, said("a", 2, *count), said("a", 3, *total, *share)))
    kinds = {q.o.rsplit("/", 1)[1] for q in quads if q.p == tg("kind") and not q.g}
    assert {"count-not-listed>", "parts-do-not-add-up>"} <= kinds


def test_single_valued_is_what_is_marked_and_names_of_themes_are_all_of_theirs() -> None:
    marked = {q.s for q in vocabulary() if (q.p, q.o) == (tg("singleValued"), TRUE)}
    assert single_valued() == marked
    assert tg("singleValued") not in single_valued()
    assert len(set(theme_names())) > len({theme for theme, _ in theme_names()})
    assert all(theme.startswith(f"<{ID}theme/") for theme, _ in theme_names())


def test_the_highest_ranking_of_joined_projects_is_canonical() -> None:
    def member(owner: str, line: int) -> list[Quad]:
        return said("a", line, (owner, tg("participation"), thing("participation", "S39011")))

    group, coded, slug = thing("project", "R-9"), thing("project", "A10001"), thing("project", "a-slug")
    names = [said("a", 1, *named(node, "Project", name)) for node, name in ((slug, "a"), (coded, "b"), (group, "c"))]
    quads = joined(*names, member(slug, 2), member(coded, 3), member(group, 4))
    for order in (quads, quads[::-1]):
        found = aliases(order)
        assert found.keys() == {slug, coded}
        assert set(found.values()) == {group}
    assert aliases(joined(*names[:2], member(slug, 2), member(coded, 3))) == {slug: coded}
