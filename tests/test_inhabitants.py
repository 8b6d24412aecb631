"""Sums of inhabitants by region: only where no municipality that was there is missing."""

from __future__ import annotations

from decimal import Decimal

from links.facts import sums
from links.sssom import Link
from loaders.rdf.terms import CODE, SKOS, Quad, code, date, decimal, lexical, tg, thing


def lies(municipality: str, region: str, until: str = "") -> Link:
    other = (("until", until),) if until else ()
    ends = f"{CODE}municipality/{municipality}", "", f"{SKOS}broadMatch", f"{CODE}region/{region}", ""
    return Link(*ends, "semapv:BackgroundKnowledgeBasedMatching", other=other)


def counted(area: str, year: str, value: int, measure: str = "inhabitants") -> list[Quad]:
    node = thing("observation", "area", area, measure, year)
    return [
        Quad(node, tg("about"), code(*area.split("/"))),
        Quad(node, tg("measure"), code("measure", measure)),
        Quad(node, tg("value"), decimal(Decimal(value))),
        Quad(node, tg("referenceDate"), date(year)),
    ]


LINKS = [lies("001", "01"), lies("002", "01", "2025-12-31"), lies("003", "02"), lies("004", "02")]


def totals(*told: list[Quad]) -> dict[tuple[str, str], Decimal]:
    found = [quad for quads in told for quad in quads]
    rows: dict[str, dict[str, str]] = {}
    for quad in sums(found, LINKS):
        rows.setdefault(quad.s, {})[quad.p] = lexical(quad.o)
    return {(r[tg("about")][-2:], r[tg("referenceDate")]): Decimal(r[tg("value")]) for r in rows.values()}


def test_a_region_with_all_its_municipalities_has_their_sum() -> None:
    both = [*counted("municipality/001", "2025", 5), *counted("municipality/002", "2025", 7)]
    assert totals(both) == {("01", "2025"): Decimal(12)}


def test_one_that_is_missing_leaves_no_sum() -> None:
    assert totals(counted("municipality/001", "2025", 5), counted("municipality/003", "2025", 9)) == {}


def test_one_that_was_gone_is_not_missed() -> None:
    assert totals(counted("municipality/001", "2026", 5)) == {("01", "2026"): Decimal(5)}


def test_a_number_stated_for_the_region_stands_alone() -> None:
    both = [*counted("municipality/001", "2026", 5), *counted("region/01", "2026", 6)]
    assert totals(both) == {}


def test_other_counts_are_no_inhabitants() -> None:
    assert totals(counted("municipality/001", "2026", 5, "participants")) == {}
