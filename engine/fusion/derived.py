"""Triples that follow from the current view: super-classes, derived classes, shortcut properties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from loaders.rdf.terms import CONCEPT, ID, LABEL, PREF_LABEL, A, Quad, code, tg

_SUPER = {
    tg("GroupProject"): tg("Project"),
    tg("CoordinationProject"): tg("Project"),
    tg("Ministry"): tg("Organisation"),
    tg("ELYCentre"): tg("Organisation"),
    tg("IntermediateBody"): tg("Organisation"),
    tg("Implementer"): tg("Organisation"),
    tg("SubTheme"): CONCEPT,
    tg("TargetGroup"): CONCEPT,
}
_LEAD = code("role", "lead")
_SHARE = f"<{ID}share/"


def derive(view: set[Quad]) -> Iterator[Quad]:
    """What follows from the triples of the view, which it does not hold yet."""
    by_predicate: dict[str, list[Quad]] = defaultdict(list)
    for quad in sorted(view):
        by_predicate[quad.p].append(quad)
    new: dict[Quad, None] = dict.fromkeys(_classes(by_predicate))
    new.update(dict.fromkeys(_implementers(by_predicate)))
    new.update(dict.fromkeys(_of_the_theme_served(by_predicate)))
    new.update(dict.fromkeys(labels(by_predicate[PREF_LABEL])))
    for quad in [*by_predicate[A], *[q for q in new if q.p == A]]:
        if quad.o in _SUPER:
            new[Quad(quad.s, A, _SUPER[quad.o])] = None
    yield from (quad for quad in new if quad not in view)


def _of_the_theme_served(by_predicate: dict[str, list[Quad]]) -> Iterator[Quad]:
    """A coordination project that no document lists is in the theme that it serves, if that is one."""
    placed = {q.s for q in by_predicate[tg("inTheme")]}
    themes: dict[str, list[str]] = defaultdict(list)
    for quad in by_predicate[tg("coordinationProject")]:
        themes[quad.o].append(quad.s)
    yield from (Quad(p, tg("inTheme"), t[0]) for p, t in themes.items() if p not in placed and len(t) == 1)


def labels(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The preferred labels of concepts as labels, which SKOS says they are: whoever asks for labels finds all of them."""
    return (Quad(q.s, LABEL, q.o) for q in quads if q.p == PREF_LABEL)


def _classes(by_predicate: dict[str, list[Quad]]) -> Iterator[Quad]:
    for quad in by_predicate[tg("intermediateBody")]:
        yield Quad(quad.o, A, tg("IntermediateBody"))
    for quad in by_predicate[tg("leadMinistry")]:
        yield Quad(quad.s, tg("ministry"), quad.o)


def _implementers(by_predicate: dict[str, list[Quad]]) -> Iterator[Quad]:
    roles = {q.s: q.o for q in by_predicate[tg("role")]}
    organisations: dict[str, list[str]] = defaultdict(list)
    for quad in by_predicate[tg("organisation")]:
        organisations[quad.s].append(quad.o)
    for quad in by_predicate[tg("participation")]:
        if quad.s.startswith(_SHARE):
            continue
        for organisation in organisations[quad.o]:
            yield Quad(organisation, A, tg("Implementer"))
            yield Quad(quad.s, tg("implementer"), organisation)
            if roles.get(quad.o) == _LEAD:
                yield Quad(quad.s, tg("leadImplementer"), organisation)
