"""Stated parts of a number of projects against the number itself: parts that nearly add up to it and do not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from engine.fusion.conflict import PARTS, Alternative, Conflict
from engine.fusion.values import Source, Values
from loaders.rdf.terms import code, integer, lexical, tg

_PART, _PROJECTS = code("measure", "projectsInPart"), code("measure", "projects")
_NEAR = Decimal("0.1")
"""Parts may overlap or leave projects out, so that their sum says nothing; one that misses by so little is a slip."""


def nearly_whole(values: Values) -> Iterator[Conflict]:
    """Breakdowns whose sum misses the one number of projects that their document states by one, or by a tenth."""
    wholes = _wholes(values)
    for (about, passage), parts in sorted(_breakdowns(values).items()):
        source = values.sources[passage]
        stated = wholes.get((about, source.document), {})
        summed = sum(parts, Decimal(0))
        if len(stated) == 1:
            ((whole, sources),) = stated.items()
            total = Decimal(lexical(whole))
            if 0 < abs(total - summed) <= max(Decimal(1), total * _NEAR):
                alternatives = (Alternative(whole, tuple(sources)), Alternative(integer(int(summed)), (source,)))
                yield Conflict(about, tg("value"), PARTS, alternatives, whole, (tg("measure"), _PROJECTS))


def _breakdowns(values: Values) -> dict[tuple[str, str], list[Decimal]]:
    """The numbers of each breakdown, which stands in one passage."""
    found: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for observation, about in _observations(values, _PART):
        for value, sources in values.of(observation, tg("value")).items():
            for source in sources:
                found[about, source.passage].append(Decimal(lexical(value)))
    return found


def _wholes(values: Values) -> dict[tuple[str, str], dict[str, list[Source]]]:
    """The numbers of projects that a document states of a thing, each with the passages that state it."""
    found: dict[tuple[str, str], dict[str, list[Source]]] = defaultdict(lambda: defaultdict(list))
    for observation, about in _observations(values, _PROJECTS):
        for value, sources in values.of(observation, tg("value")).items():
            for source in sources:
                found[about, source.document][value].append(source)
    return found


def _observations(values: Values, measure: str) -> Iterator[tuple[str, str]]:
    for observation in values.subjects("StatisticalObservation"):
        about = values.one(observation, tg("about"))
        if about is not None and values.one(observation, tg("measure")) == measure:
            yield observation, about
