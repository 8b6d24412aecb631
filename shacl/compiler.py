"""Shapes to queries: one SELECT for each constraint of each shape that a target leads to."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from shacl.classes import Classes
from shacl.constraints import Constraints
from shacl.errors import NotCovered
from shacl.faults import Fault, some
from shacl.select import Select, read_selects
from shacl.shapes import Shape, Shapes, Target
from shacl.targets import target_pattern
from shacl.terms import SUBCLASS_OF, component, sh
from shacl.tokens import replace, words

SPARQL = component("SPARQL")
FOCUS = "?this"


@dataclass(frozen=True, slots=True)
class Check:
    """One constraint as a query over the data: a row is a violation.

    ``scope`` binds the variables of ``chain``, from a target's focus node to the one the shape looks at. A SPARQL
    constraint has ``select`` and ``text``; when it cannot be run for all focus nodes at once, ``text`` finds the focus
    nodes and ``each`` is true. Any other constraint has ``fault``.
    """

    shape: Shape
    component: NamedNode
    scope: str
    chain: tuple[str, ...]
    targets: tuple[Target, ...]
    fault: Fault | None = None
    select: Select | None = None
    text: str = ""
    each: bool = False
    by_sets: bool = False
    """To be worked out for the whole target class at once."""

    @property
    def query(self) -> str:
        """The query of this check alone."""
        return self.text or merged([self])

    @property
    def key(self) -> tuple[str, ...] | None:
        """Checks of one key look at the same nodes or values and can be one query; None where that cannot be."""
        fault = self.fault
        if fault is None or fault.path or fault.also or not fault.condition or (self.by_sets and fault.sets):
            return None
        return (self.scope, *self.chain, fault.pattern, fault.value or "", "sets" if self.by_sets else "")

    @property
    def has_sets(self) -> bool:
        """Whether it can be worked out for a whole class: its fault says how, or it tests single values."""
        fault, path = self.fault, self.shape.path
        if fault is None or len(self.chain) > 1 or path is None or not path.scannable:
            return False
        if any(target.kind != "targetClass" for target in self.targets):
            return False
        tests_values = path.walked in fault.pattern and fault.value and not fault.path and not fault.also
        return fault.sets is not None or bool(tests_values)


def merged(checks: Sequence[Check]) -> str:
    """One query for checks of one key; of several, ``?_is0`` … tell which of them a row violates."""
    first, faults = checks[0], [check.fault for check in checks if check.fault is not None]
    shown = dict.fromkeys(var for var in (*first.chain, faults[0].value, faults[0].path, *faults[0].also) if var)
    if first.by_sets and faults[0].sets is not None:
        sets = faults[0].sets
        return f"SELECT DISTINCT {' '.join(shown)} WHERE {{ {sets.before} {{ {first.scope} }} {sets.after} }}"
    if first.by_sets:
        return _scanned(first, faults, shown)
    if len(faults) == 1:
        return f"SELECT DISTINCT {' '.join(shown)} WHERE {{ {first.scope} {faults[0].body} }}"
    flags = [f"({fault.condition} AS ?_is{number})" for number, fault in enumerate(faults)]
    wrong = some([fault.condition for fault in faults])
    return f"SELECT DISTINCT {' '.join((*shown, *flags))} WHERE {{ {first.scope} {faults[0].pattern} FILTER({wrong}) }}"


def _scanned(first: Check, faults: list[Fault], shown: Iterable[str]) -> str:
    """Values that are wrong, found by one scan of their property; only then whether the target has them."""
    listed = " ".join(shown)
    wrong = some([fault.condition for fault in faults])
    flags = [f"({fault.condition} AS ?_is{number})" for number, fault in enumerate(faults)] if len(faults) > 1 else []
    path = first.shape.path
    pattern = faults[0].pattern.replace(path.walked, str(path)) if path is not None else faults[0].pattern
    scan = f"{{ SELECT {listed} WHERE {{ {pattern} FILTER({wrong}) }} }}"
    return f"SELECT DISTINCT {' '.join((listed, *flags))} WHERE {{ {scan} {{ {first.scope} }} }}"


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
        self._targets: tuple[Target, ...] = ()
        self._reached: dict[tuple[str, str], tuple[str, str]] = {}

    def checks(self, shape: Shape) -> list[Check]:
        """The queries of one shape that has targets, and of the property shapes in it."""
        if not shape.deactivated and not shape.targets:
            self._constraints.refuse_advanced(shape)
        if shape.deactivated or not shape.targets:
            return []
        self._targets = shape.targets
        return list(self._walk(shape, target_pattern(shape, self._classes, FOCUS), (FOCUS,)))

    def _walk(self, shape: Shape, scope: str, chain: tuple[str, ...]) -> Iterator[Check]:
        """``chain`` holds the variables from the target's focus node to the one this shape looks at."""
        focus = chain[-1]
        if shape.deactivated:
            return
        if shape in self._walked:
            raise NotCovered(f"{shape}: a property shape that holds itself")
        self._walked.append(shape)
        var, pattern = reached = self._reach(shape, focus)
        for fault in self._constraints.faults(shape, focus, reached):
            yield Check(shape, fault.component, scope, chain, self._targets, fault)
        for select in read_selects(self._shapes.graph, shape):
            yield _select_check(Check(shape, SPARQL, scope, chain, self._targets, select=select), select)
        for child in self._constraints.property_shapes(shape):
            yield from self._walk(child, f"{scope} {pattern}", (*chain, var) if pattern else chain)
        self._walked.pop()

    def _reach(self, shape: Shape, focus: str) -> tuple[str, str]:
        """One variable for the values of one path, so that what several shapes say of them can be one query."""
        key = (focus, str(shape.path))
        if key not in self._reached:
            self._reached[key] = self._constraints.reach(shape, focus)
        return self._reached[key]


def _subclasses(shapes: Shapes, kind: NamedNode) -> list[NamedNode]:
    below = [sub for sub, above in shapes.graph.pairs(SUBCLASS_OF) if above == kind and isinstance(sub, NamedNode)]
    return below + [deeper for sub in below if sub != kind for deeper in _subclasses(shapes, sub)]


def _select_check(check: Check, select: Select) -> Check:
    found, focus = f"SELECT DISTINCT {FOCUS} WHERE {{ {check.scope} }}", check.chain[-1]
    if focus != FOCUS:
        found = f"SELECT DISTINCT ({focus} AS {FOCUS}) WHERE {{ {replace(check.scope, FOCUS[1:], '?_this')} }}"
    # A focus node that is found twice would be counted twice.
    once = focus != FOCUS or "GROUP" in words(select.text)
    query = select.for_all(f"{{ {found} }}" if once else check.scope)
    return dataclasses.replace(check, text=query or found, each=query is None)
