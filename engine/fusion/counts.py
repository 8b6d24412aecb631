"""Stated counts of projects and implementers against what the documents list, on every basis that documents count on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from engine.fusion.conflict import COUNT, Alternative, Conflict
from engine.fusion.values import Values
from loaders.rdf.terms import A, code, integer, lexical, tg

_ENTITIES, _PARTS, _IMPLEMENTERS = (
    code("measure", "projectEntities"),
    code("measure", "projects"),
    code("measure", "implementers"),
)


@dataclass(slots=True)
class Listed:
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


def _listed(values: Values) -> dict[tuple[str, str], Listed]:
    """What is listed, by (theme, document) and, under the document ``""``, by theme over all documents."""
    found: dict[tuple[str, str], Listed] = defaultdict(Listed)
    projects, coordination = set(values.subjects("Project")), set(values.subjects("CoordinationProject"))
    for (project, predicate), themes in sorted(values.statements.items()):
        if predicate != tg("inTheme") or project not in projects:
            continue
        for theme, sources in themes.items():
            for document in {s.document for s in sources} | {""}:
                listed = found[theme, document]
                listed.projects.add(project)
                if project in coordination:
                    listed.coordination.add(project)
                for part, stated in values.of(project, tg("participation")).items():
                    if not document or any(s.document == document for s in stated):
                        listed.parts[project].add(part)
    return found


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


def _conflict(values: Values, about: str, measure: str, stated: Alternative, listed: Listed, number: int) -> Conflict:
    passages = [s for p in sorted(listed.projects) for s in values.of(p, A).get(tg("Project"), [])]
    alternatives = (stated, Alternative(integer(number), tuple(passages)))
    return Conflict(about, tg("value"), COUNT, alternatives, stated.value, (tg("measure"), measure))
