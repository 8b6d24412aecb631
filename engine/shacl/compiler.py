"""Shapes to queries: one SELECT for each constraint of each shape that a target leads to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from engine.shacl.classes import Classes
from engine.shacl.constraints import Constraints
from engine.shacl.errors import NotCovered
from engine.shacl.faults import Fault
from engine.shacl.select import Select, read_selects
from engine.shacl.shapes import Shape, Shapes
from engine.shacl.targets import target_pattern
from engine.shacl.terms import SUBCLASS_OF, component, sh
from engine.shacl.tokens import replace, words

SPARQL = component("SPARQL")
FOCUS = "?this"


@dataclass(frozen=True, slots=True)
class Check:
    """One constraint as a query over the data: a row is a violation.

    ``focus``, ``value`` and ``path`` name the query's variables (without ``?``). A check of a ``sh:sparql`` constraint
    has ``select``; when it cannot be run for all focus nodes at once, ``query`` finds the focus nodes and ``each`` is true.
    """

    shape: Shape
    component: NamedNode
    query: str
    focus: str = "this"
    value: str | None = None
    path: str | None = None
    select: Select | None = None
    each: bool = False


class Compiler:
    """Translates shapes for the class hierarchy of one data graph."""

    def __init__(self, shapes: Shapes, classes: Classes) -> None:
        """Refuse what no query can say before anything is run."""
        for kind in [sh("ConstraintComponent"), *_subclasses(shapes, sh("ConstraintComponent"))]:
            for node in shapes.graph.instances(kind):
                raise NotCovered(f"{node}: a constraint component of its own")
        self._shapes, self._classes = shapes, classes
        self._constraints = Constraints(shapes, classes)
        self._walked: list[Shape] = []

    def checks(self, shape: Shape) -> list[Check]:
        """The queries of one shape that has targets, and of the property shapes in it."""
        if shape.deactivated or not shape.targets:
            return []
        return list(self._walk(shape, target_pattern(shape, self._classes, FOCUS), (FOCUS,)))

    def _walk(self, shape: Shape, scope: str, chain: tuple[str, ...]) -> Iterator[Check]:
        """``chain`` holds the variables from the target's focus node to the one this shape looks at."""
        focus = chain[-1]
        if shape.deactivated:
            return
        if shape in self._walked:
            raise NotCovered(f"{shape}: a property shape that holds itself")
        self._walked.append(shape)
        for fault in self._constraints.faults(shape, focus):
            yield _check(shape, fault, scope, chain)
        for select in read_selects(self._shapes.graph, shape):
            yield _select_check(shape, select, scope, focus)
        for child in self._constraints.property_shapes(shape):
            var, pattern = self._constraints.reach(shape, focus)
            yield from self._walk(child, f"{scope} {pattern}", (*chain, var) if pattern else chain)
        self._walked.pop()


def _subclasses(shapes: Shapes, kind: NamedNode) -> list[NamedNode]:
    below = [sub for sub, above in shapes.graph.pairs(SUBCLASS_OF) if above == kind and isinstance(sub, NamedNode)]
    return below + [deeper for sub in below if sub != kind for deeper in _subclasses(shapes, sub)]


def _check(shape: Shape, fault: Fault, scope: str, chain: tuple[str, ...]) -> Check:
    shown = dict.fromkeys(var for var in (*chain, fault.value, fault.path, *fault.also) if var)
    query = f"SELECT DISTINCT {' '.join(shown)} WHERE {{ {scope} {fault.body} }}"
    return Check(shape, fault.component, query, chain[-1][1:], _bare(fault.value), _bare(fault.path))


def _select_check(shape: Shape, select: Select, scope: str, focus: str) -> Check:
    found = f"SELECT DISTINCT {FOCUS} WHERE {{ {scope} }}"
    if focus != FOCUS:
        found = f"SELECT DISTINCT ({focus} AS {FOCUS}) WHERE {{ {replace(scope, FOCUS[1:], '?_this')} }}"
    # A focus node that is found twice would be counted twice.
    once = focus != FOCUS or "GROUP" in words(select.text)
    query = select.for_all(f"{{ {found} }}" if once else scope)
    return Check(shape, SPARQL, query or found, value="value", path="path", select=select, each=query is None)


def _bare(variable: str | None) -> str | None:
    return variable[1:] if variable else None
