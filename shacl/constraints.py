"""Constraints on all values of a focus node together: counts, languages, pairs of properties, closedness, and the
shape-based ones, which lead to other shapes."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from shacl.classes import Classes
from shacl.counts import enough, enough_of_all, same_language
from shacl.errors import NotCovered, ShapesError
from shacl.faults import Fault, Fresh, Sets, every, some
from shacl.graph import ShapesGraph
from shacl.path import Path
from shacl.shapes import ADVANCED, SHAPE_LISTS, Shape, Shapes
from shacl.terms import RDFS, TYPE, Term, component, name_of, sh
from shacl.values import TESTS, constant


class Constraints:
    """Translates the constraints of shapes, for the class hierarchy of one data graph."""

    def __init__(self, shapes: Shapes, classes: Classes) -> None:
        """Keep what every translation needs."""
        self.shapes, self.classes = shapes, classes
        self.fresh = Fresh()
        self._open: list[Shape] = []

    @property
    def graph(self) -> ShapesGraph:
        """The shapes graph."""
        return self.shapes.graph

    def refuse_advanced(self, shape: Shape) -> None:
        """Leave a shape with advanced features to pySHACL, also one whose only target is such a feature."""
        for name in ADVANCED:
            if shape.values(name):
                raise NotCovered(f"{shape}: sh:{name} (SHACL Advanced Features)")

    def faults(self, shape: Shape, focus: str, reached: tuple[str, str] | None = None) -> Iterator[Fault]:
        """What breaks the shape's own constraints (those of its property shapes are the compiler's matter).

        ``reached`` is what :meth:`reach` gave before, where several shapes look at the same values.
        """
        self.refuse_advanced(shape)
        var, pattern = reached or self.reach(shape, focus)
        for name, test in TESTS.items():
            for argument in shape.values(name):
                sets = self._without_class(shape, argument, focus, var) if name == "class" else None
                yield Fault(_component(name), pattern, f"!({test(self, shape, argument, var)})", var, sets=sets)
        yield from self._shape_based(shape, var, pattern)
        yield from self._pairs(shape, focus, var, pattern)
        for value in shape.values("hasValue"):
            found, sets = self._leads(shape.path, focus, constant(value)), None
            if shape.path is not None and shape.path.scannable:
                sets = Sets(after=f"MINUS {{ {focus} {shape.path} {constant(value)} }}")
            yield Fault(_component("hasValue"), "", f"!({found})", sets=sets)
        if shape.flag("closed"):
            yield self._closed(shape, var, pattern)
        if shape.path is not None:
            yield from self._counts(shape, shape.path, focus)

    def reach(self, shape: Shape, focus: str) -> tuple[str, str]:
        """The variable of the value nodes, and the pattern that leads there from the focus node."""
        if shape.path is None:
            return focus, ""
        var = self.fresh()
        return var, f"{focus} {shape.path.walked} {var} ."

    def conforms(self, shape: Shape, var: str) -> str:
        """An expression that is true where the node conforms to the shape."""
        if shape.deactivated:
            return "true"
        if shape in self._open:
            raise NotCovered(f"{shape}: a shape that refers to itself")
        if shape.values("sparql"):
            raise NotCovered(f"{shape}: sh:sparql inside another shape's condition")
        self._open.append(shape)
        conditions = [fault.absent for fault in self.faults(shape, var)]
        for child in self.property_shapes(shape):
            reached, pattern = self.reach(shape, var)
            inner = self.conforms(child, reached)
            conditions.append(f"NOT EXISTS {{ {pattern} FILTER(!({inner})) }}" if pattern else inner)
        self._open.pop()
        return every(conditions)

    def property_shapes(self, shape: Shape) -> Iterator[Shape]:
        """The property shapes of a shape."""
        for node in shape.values("property"):
            child = self.shapes.get(node)
            if child.path is None:
                raise ShapesError(f"{shape}: sh:property leads to {child}, which has no sh:path")
            yield child

    def _shape_based(self, shape: Shape, var: str, pattern: str) -> Iterator[Fault]:
        for name in ("node", "not"):
            for node in shape.values(name):
                other = self.shapes.get(node)
                if name == "node" and other.path is not None:
                    raise ShapesError(f"{shape}: sh:node leads to {other}, which is a property shape")
                inner = self.conforms(other, var)
                yield Fault(_component(name), pattern, inner if name == "not" else f"!({inner})", var)
        for name in SHAPE_LISTS:
            for head in shape.values(name):
                members = [self.shapes.get(item) for item in self.graph.items(head)]
                if not members:
                    raise ShapesError(f"{shape}: sh:{name} is an empty list")
                inner = _combined(name, [self.conforms(member, var) for member in members])
                yield Fault(_component(name), pattern, f"!({inner})", var)

    def _pairs(self, shape: Shape, focus: str, var: str, pattern: str) -> Iterator[Fault]:
        for other in shape.values("equals"):
            back = self.fresh()
            among = self._leads(shape.path, focus, back)
            there, here = f"{focus} {shape.path} ", f"{focus} {other} "
            yield Fault(
                _component("equals"),
                pattern,
                f"NOT EXISTS {{ {here}{var} }}",
                var,
                sets=_without(shape, focus, var, there, here),
            )
            yield Fault(
                _component("equals"),
                f"{here}{back} .",
                f"!({among})",
                back,
                sets=_without(shape, focus, back, here, there),
            )
        for other in shape.values("disjoint"):
            yield Fault(_component("disjoint"), pattern, f"EXISTS {{ {focus} {other} {var} }}", var)
        for name, operator in (("lessThan", "<"), ("lessThanOrEquals", "<=")):
            for other in shape.values(name):
                more = self.fresh()
                wrong = f"!COALESCE({var} {operator} {more}, false)"
                yield Fault(_component(name), f"{pattern} {focus} {other} {more} .", wrong, var, also=(more,))

    def _leads(self, path: Path | None, start: str, end: str) -> str:
        """An expression that is true where a path leads from a bound node to another.

        A sequence is followed step by step from its start: left to the store, it may start from the end, and a well-known
        organisation or code has thousands of steps behind it.
        """
        if path is None:
            return f"sameTerm({start}, {end})"
        if path.operator != "/":
            return f"EXISTS {{ {start} {path} {end} }}"
        middle, rest = self.fresh(), path.parts[1:]
        onward = self._leads(rest[0] if len(rest) == 1 else Path("/", rest), middle, end)
        return f"EXISTS {{ {start} {path.parts[0]} {middle} FILTER({onward}) }}"

    def _closed(self, shape: Shape, var: str, pattern: str) -> Fault:
        allowed: list[Term] = [
            path.predicate for child in self.property_shapes(shape) if (path := child.path) and path.predicate
        ]
        for head in shape.values("ignoredProperties"):
            allowed += self.graph.items(head)
        predicate, value = self.fresh(), self.fresh()
        listed = f"{predicate} IN ({', '.join(map(constant, dict.fromkeys(allowed)))})"
        # Every node is a resource; pySHACL never reports that, nor do we.
        resource = f"{predicate} = {TYPE} && sameTerm({value}, <{RDFS}Resource>)"
        return Fault(
            _component("closed"),
            f"{pattern} {var} {predicate} {value} .",
            f"!({listed} || ({resource}))",
            value,
            predicate,
        )

    def _counts(self, shape: Shape, path: Path, focus: str) -> Iterator[Fault]:
        for name, operator in (("minCount", ">="), ("maxCount", "<=")):
            for value in shape.values(name):
                limit = int(name_of(value))
                right = enough(path.walked, focus, operator, limit, self.fresh)
                sets = enough_of_all(path, focus, operator, limit, self.fresh)
                yield Fault(_component(name), "", f"!({right})", sets=sets)
        if shape.flag("uniqueLang"):
            yield same_language(path, focus, self.fresh)
        for node in shape.values("qualifiedValueShape"):
            yield from self._qualified(shape, path.walked, focus, node)

    def _without_class(self, shape: Shape, kind: Term, focus: str, var: str) -> Sets | None:
        """Values that are no instance of a class, for a whole target class."""
        assert isinstance(kind, NamedNode)
        classes = self.classes.of(kind)
        if classes is None or shape.path is None or not shape.path.scannable:
            return None
        others = " ".join(f"MINUS {{ {var} {TYPE} {one} }}" for one in classes)
        return Sets(f"{{ SELECT {focus} {var} WHERE {{ {focus} {shape.path} {var} {others} }} }}")

    def _qualified(self, shape: Shape, path: str, focus: str, node: Term) -> Iterator[Fault]:
        for name, operator in (("qualifiedMinCount", ">="), ("qualifiedMaxCount", "<=")):
            for limit in shape.values(name):
                var = self.fresh()
                wanted = [self.conforms(self.shapes.get(node), var)]
                if shape.flag("qualifiedValueShapesDisjoint"):
                    wanted += [f"!({self.conforms(s, var)})" for s in self._siblings(shape, node)]
                right = enough(path, focus, operator, int(name_of(limit)), self.fresh, var, f"FILTER({every(wanted)})")
                yield Fault(_component(name), "", f"!({right})")

    def _siblings(self, shape: Shape, node: Term) -> list[Shape]:
        found: dict[Term, None] = {}
        parents = [parent for parent, child in self.graph.pairs(sh("property")) if child == shape.node]
        for parent in parents:
            for child in self.graph.objects(parent, sh("property")):
                found.update(dict.fromkeys(self.graph.objects(child, sh("qualifiedValueShape"))))
        return [self.shapes.get(other) for other in found if other != node]


def _without(shape: Shape, focus: str, var: str, one: str, other: str) -> Sets | None:
    """What one property gives and another does not, for a whole target class."""
    if shape.path is None or not shape.path.scannable:
        return None
    return Sets(f"{{ SELECT {focus} {var} WHERE {{ {one}{var} MINUS {{ {other}{var} }} }} }}")


def _component(parameter: str) -> NamedNode:
    return component(parameter[0].upper() + parameter[1:])


def _combined(name: str, members: list[str]) -> str:
    if name == "and":
        return every(members)
    if name == "or":
        return some(members)
    return " + ".join(f"IF({member}, 1, 0)" for member in members) + " = 1"
