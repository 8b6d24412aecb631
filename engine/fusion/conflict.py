"""A contradiction as data: what it is about, which property, what kind, every alternative with its passages, what was chosen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from engine.fusion.values import Source, Values
from loaders.rdf.terms import A, Quad, code, digest, lexical, literal, tg, thing

DIFFERENT_VALUE = "different-value"
CHANGED = "changed-over-time"
OTHER_SCOPE = "other-scope"
OTHER_NOTATION = "other-notation"
OTHER_SPELLING = "other-spelling"
PARTS = "parts-do-not-add-up"
COUNT = "count-not-listed"


@dataclass(frozen=True, slots=True)
class Alternative:
    """One value (an RDF term) and the passages that state it."""

    value: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two or more passages that say different things of one thing; ``chosen`` is the value the current view shows."""

    about: str
    on_property: str
    kind: str
    alternatives: tuple[Alternative, ...]
    chosen: str | None = None
    dimension: tuple[str, str] | None = None
    """Which of several observations: (tg:phase or tg:measure, its code)."""

    def quads(self) -> Iterator[Quad]:
        """The conflict in the default graph, its alternatives numbered in the order given."""
        dimension = self.dimension or ("", "")
        key = digest(self.about, self.on_property, *dimension, self.kind, *(a.value for a in self.alternatives))[:16]
        node = thing("conflict", key)
        yield Quad(node, A, tg("Conflict"))
        yield Quad(node, tg("about"), self.about)
        yield Quad(node, tg("onProperty"), self.on_property)
        yield Quad(node, tg("kind"), code("conflict-kind", self.kind))
        if self.dimension:
            yield Quad(node, *self.dimension)
        if self.chosen is not None:
            yield Quad(node, tg("chosen"), self.chosen)
        for number, alternative in enumerate(self.alternatives, 1):
            item = thing("conflict", key, str(number))
            yield Quad(node, tg("alternative"), item)
            yield Quad(item, tg("alternativeValue"), alternative.value)
            for source in alternative.sources:
                yield Quad(item, tg("statedIn"), source.passage)


def kind_of_difference(alternatives: tuple[Alternative, ...]) -> str:
    """Different values at the same date contradict each other; at different dates the thing may have changed."""
    dates = [frozenset(s.date for s in a.sources) for a in alternatives]
    disjoint = all(not (one & other) for i, one in enumerate(dates) for other in dates[i + 1 :])
    return CHANGED if disjoint and all("" not in d for d in dates) else DIFFERENT_VALUE


def notations(values: Values) -> Iterator[Conflict]:
    """One objective under several notations."""
    printed: dict[tuple[str, str], dict[str, list[Source]]] = defaultdict(lambda: defaultdict(list))
    for (subject, predicate), objects in values.statements.items():
        if predicate != tg("specificObjective"):
            continue
        for concept, sources in objects.items():
            passages = {s.passage for s in sources}
            for notation, stated in values.of(subject, tg("objectiveAsStated")).items():
                printed[subject, concept][notation].extend(s for s in stated if s.passage in passages)
    for (subject, concept), by_notation in sorted(printed.items()):
        used = {n: s for n, s in sorted(by_notation.items()) if s}
        if len(used) > 1:
            alternatives = tuple(Alternative(n, tuple(s)) for n, s in used.items())
            chosen = literal(lexical(concept).rsplit("/", 1)[1])
            yield Conflict(subject, tg("specificObjective"), OTHER_NOTATION, alternatives, chosen)
