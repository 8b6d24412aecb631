"""Inhabitants of regions that a population table gives by municipality: their sum, where no municipality is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from links.sssom import Link
from loaders.rdf.terms import CODE, SKOS, TRUE, Quad, code, date, decimal, iri, lexical, literal, tg, thing

MEASURE = "inhabitants"
BASIS = "sum of its municipalities"
_BROADER = f"{SKOS}broadMatch"


def sums(told: Iterable[Quad], links: Iterable[Link]) -> Iterator[Quad]:
    """Observations of regions, derived for every year in which each of a region's municipalities has a number."""
    stated = _stated(told)
    if not stated:
        return
    members: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for link in links:
        if link.predicate == _BROADER and link.object.startswith(f"{CODE}region/"):
            members[link.object].append((link.subject, link.facts.get("until", "")))
    for region, municipalities in sorted(members.items()):
        for year in sorted({year for _, year in stated}):
            there = [area for area, until in municipalities if not until or until >= f"{year}-12-31"]
            numbers = [stated[area, year] for area in there if (area, year) in stated]
            if numbers and len(numbers) == len(there) and (region, year) not in stated:
                yield from _observation(region, year, sum(numbers))


def _stated(told: Iterable[Quad]) -> dict[tuple[str, str], Decimal]:
    """(area, year) → number of inhabitants."""
    measured: set[str] = set()
    values: dict[str, dict[str, str]] = defaultdict(dict)
    wanted = {tg("about"), tg("value"), tg("referenceDate")}
    for quad in told:
        if quad.p == tg("measure") and quad.o == code("measure", MEASURE):
            measured.add(quad.s)
        elif quad.p in wanted:
            values[quad.s][quad.p] = lexical(quad.o)
    found = [values[node] for node in measured if len(values[node]) == len(wanted)]
    return {(of[tg("about")], of[tg("referenceDate")]): Decimal(of[tg("value")]) for of in found}


def _observation(region: str, year: str, value: Decimal | int) -> Iterator[Quad]:
    # no observation: no source states it
    node = thing("sum", "area", region.removeprefix(CODE), MEASURE, year)
    yield Quad(node, tg("derived"), TRUE)
    yield Quad(node, tg("about"), iri(region))
    yield Quad(node, tg("measure"), code("measure", MEASURE))
    yield Quad(node, tg("value"), decimal(Decimal(value)))
    yield Quad(node, tg("referenceDate"), date(year))
    yield Quad(node, tg("basis"), literal(BASIS))
