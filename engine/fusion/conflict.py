"""Contradictions: what they are about, each alternative with its passages, what was chosen; stated counts that fit no list."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from engine.fusion.values import Citation, Values
from loaders.rdf.terms import A, Quad, code, digest, integer, lexical, literal, tg, thing

DIFFERENT_VALUE = "different-value"
CHANGED = "changed-over-time"
OTHER_SCOPE = "other-scope"
OTHER_NOTATION = "other-notation"
OTHER_SPELLING = "other-spelling"
PARTS = "parts-do-not-add-up"
COUNT = "count-not-listed"
KINDS = (DIFFERENT_VALUE, CHANGED, OTHER_SCOPE, OTHER_NOTATION, OTHER_SPELLING, PARTS, COUNT)


@dataclass(frozen=True, slots=True)
class Alternative:
    """One value (an RDF term) and the passages that state it."""

    value: str
    sources: tuple[Citation, ...]


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
    printed: dict[tuple[str, str], dict[str, list[Citation]]] = defaultdict(lambda: defaultdict(list))
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


_ENTITIES, _PARTS, _IMPLEMENTERS = (
    code("measure", "projectEntities"),
    code("measure", "projects"),
    code("measure", "implementers"),
)


@dataclass(slots=True)
class ListedProjects:
    """Projects of a theme that one document (or all of them) lists, and their parts."""

    projects: set[str] = field(default_factory=set)
    coordination: set[str] = field(default_factory=set)
    parts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def _numbers(self, projects: set[str], measure: str) -> set[int]:
        entities = len(projects)
        parts = sum(max(1, len(self.parts.get(p, ()))) for p in projects)
        if measure == _ENTITIES:
            return {entities}
        return {parts} if measure == _IMPLEMENTERS else {entities, parts}

    def admissible(self, measure: str, basis: str) -> set[int]:
        """The numbers that a count may give: with or without the coordination project, entities or parts."""
        without = self._numbers(self.projects - self.coordination, measure)
        whole = self._numbers(self.projects, measure)
        if basis == "without-coordination":
            return without
        return whole if basis == "with-coordination" else without | whole


def _listed(values: Values) -> dict[tuple[str, str], ListedProjects]:
    """The listed things, by (theme, document) and, under the document ``""``, by theme over all documents."""
    by_document: dict[tuple[str, str], ListedProjects] = defaultdict(ListedProjects)
    projects, coordination = set(values.subjects("Project")), set(values.subjects("CoordinationProject"))
    for (project, predicate), themes in sorted(values.statements.items()):
        if predicate != tg("inTheme") or project not in projects:
            continue
        for theme, sources in themes.items():
            for document in {s.document for s in sources} | {""}:
                listed = by_document[theme, document]
                listed.projects.add(project)
                if project in coordination:
                    listed.coordination.add(project)
                for part, stated in values.of(project, tg("participation")).items():
                    if not document or any(s.document == document for s in stated):
                        listed.parts[project].add(part)
    return by_document


def not_listed(values: Values) -> Iterator[Conflict]:
    """Counts that fit no basis of what their own document lists, or where it lists nothing, of what all of them list."""
    listed = _listed(values)
    for observation in values.subjects("StatisticalObservation"):
        measure, about = values.one(observation, tg("measure")), values.one(observation, tg("about"))
        if measure not in (_ENTITIES, _PARTS, _IMPLEMENTERS) or about is None:
            continue
        if values.one(observation, tg("approximate")):
            continue
        basis = lexical(values.one(observation, tg("basis")) or '""')
        for value, sources in values.of(observation, tg("value")).items():
            own = listed.get((about, sources[0].document))
            against = own if own and own.projects - own.coordination else listed.get((about, ""))
            if against is None or not against.projects - against.coordination:
                continue
            numbers = against.admissible(measure, basis)
            if basis not in ("", "with-coordination", "without-coordination"):
                continue
            if Decimal(lexical(value)) not in {Decimal(n) for n in numbers}:
                yield _conflict(values, about, measure, Alternative(value, tuple(sources)), against, min(numbers))


def _conflict(
    values: Values, about: str, measure: str, stated: Alternative, listed: ListedProjects, number: int
) -> Conflict:
    passages = [s for p in sorted(listed.projects) for s in values.of(p, A).get(tg("Project"), [])]
    alternatives = (stated, Alternative(integer(number), tuple(passages)))
    return Conflict(about, tg("value"), COUNT, alternatives, stated.value, (tg("measure"), measure))
