"""Constraints on all values of a focus node together: counts, languages, pairs of properties, closedness, and the
shape-based ones, which lead to other shapes."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from engine.shacl.classes import Classes
from engine.shacl.errors import NotCovered, ShapesError
from engine.shacl.faults import Fault, Fresh, every, some
from engine.shacl.graph import ShapesGraph
from engine.shacl.shapes import ADVANCED, SHAPE_LISTS, Shape, Shapes
from engine.shacl.terms import RDFS, TYPE, Term, component, name_of, sh
from engine.shacl.values import TESTS, constant


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

    def faults(self, shape: Shape, focus: str) -> Iterator[Fault]:
        """What breaks the shape's own constraints (those of its property shapes are the compiler's matter)."""
        for name in ADVANCED:
            if shape.values(name):
                raise NotCovered(f"{shape}: sh:{name} (SHACL Advanced Features)")
        for name, test in TESTS.items():
            for argument in shape.values(name):
                var, pattern = self.reach(shape, focus)
                yield Fault(_component(name), pattern, f"!({test(self, shape, argument, var)})", var)
        yield from self._shape_based(shape, focus)
        yield from self._pairs(shape, focus)
        yield from self._has_value(shape, focus)
        if shape.flag("closed"):
            yield self._closed(shape, focus)
        if shape.path is not None:
            yield from self._counts(shape, focus)

    def reach(self, shape: Shape, focus: str) -> tuple[str, str]:
        """The variable of the value nodes, and the pattern that leads there from the focus node."""
        if shape.path is None:
            return focus, ""
        var = self.fresh()
        return var, f"{focus} {shape.path} {var} ."

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

    def _shape_based(self, shape: Shape, focus: str) -> Iterator[Fault]:
        for name in ("node", "not"):
            for node in shape.values(name):
                other = self.shapes.get(node)
                if name == "node" and other.path is not None:
                    raise ShapesError(f"{shape}: sh:node leads to {other}, which is a property shape")
                var, pattern = self.reach(shape, focus)
                inner = self.conforms(other, var)
                yield Fault(_component(name), pattern, inner if name == "not" else f"!({inner})", var)
        for name in SHAPE_LISTS:
            for head in shape.values(name):
                members = [self.shapes.get(item) for item in self.graph.items(head)]
                if not members:
                    raise ShapesError(f"{shape}: sh:{name} is an empty list")
                var, pattern = self.reach(shape, focus)
                inner = _combined(name, [self.conforms(member, var) for member in members])
                yield Fault(_component(name), pattern, f"!({inner})", var)

    def _pairs(self, shape: Shape, focus: str) -> Iterator[Fault]:
        for other in shape.values("equals"):
            var, pattern = self.reach(shape, focus)
            yield Fault(_component("equals"), pattern, f"NOT EXISTS {{ {focus} {other} {var} }}", var)
            back = self.fresh()
            among = f"EXISTS {{ {focus} {shape.path} {back} }}" if shape.path else f"sameTerm({focus}, {back})"
            yield Fault(_component("equals"), f"{focus} {other} {back} .", f"!({among})", back)
        for other in shape.values("disjoint"):
            var, pattern = self.reach(shape, focus)
            yield Fault(_component("disjoint"), pattern, f"EXISTS {{ {focus} {other} {var} }}", var)
        for name, operator in (("lessThan", "<"), ("lessThanOrEquals", "<=")):
            for other in shape.values(name):
                var, pattern = self.reach(shape, focus)
                more = self.fresh()
                wrong = f"!COALESCE({var} {operator} {more}, false)"
                yield Fault(_component(name), f"{pattern} {focus} {other} {more} .", wrong, var, also=(more,))

    def _has_value(self, shape: Shape, focus: str) -> Iterator[Fault]:
        for value in shape.values("hasValue"):
            wanted = constant(value)
            found = f"EXISTS {{ {focus} {shape.path} {wanted} }}" if shape.path else f"sameTerm({focus}, {wanted})"
            yield Fault(_component("hasValue"), "", f"!({found})")

    def _closed(self, shape: Shape, focus: str) -> Fault:
        allowed: list[Term] = [
            path.predicate for child in self.property_shapes(shape) if (path := child.path) and path.predicate
        ]
        for head in shape.values("ignoredProperties"):
            allowed += self.graph.items(head)
        var, pattern = self.reach(shape, focus)
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

    def _counts(self, shape: Shape, focus: str) -> Iterator[Fault]:
        for name, operator in (("minCount", ">="), ("maxCount", "<=")):
            for limit in shape.values(name):
                right = self._count(shape, focus, operator, int(name_of(limit)))
                yield Fault(_component(name), "", f"!({right})")
        if shape.flag("uniqueLang"):
            one, other, lang = self.fresh(), self.fresh(), self.fresh()
            pattern = f"{focus} {shape.path} {one} . {focus} {shape.path} {other} . BIND(LCASE(LANG({one})) AS {lang})"
            twice = f'COALESCE({lang} != "" && LCASE(LANG({other})) = {lang}, false) && !sameTerm({one}, {other})'
            yield Fault(_component("uniqueLang"), pattern, twice, also=(lang,))
        for node in shape.values("qualifiedValueShape"):
            yield from self._qualified(shape, focus, node)

    def _qualified(self, shape: Shape, focus: str, node: Term) -> Iterator[Fault]:
        for name, operator in (("qualifiedMinCount", ">="), ("qualifiedMaxCount", "<=")):
            for limit in shape.values(name):
                var = self.fresh()
                wanted = [self.conforms(self.shapes.get(node), var)]
                if shape.flag("qualifiedValueShapesDisjoint"):
                    wanted += [f"!({self.conforms(s, var)})" for s in self._siblings(shape, node)]
                right = self._count(shape, focus, operator, int(name_of(limit)), var, f"FILTER({every(wanted)})")
                yield Fault(_component(name), "", f"!({right})")

    def _siblings(self, shape: Shape, node: Term) -> list[Shape]:
        found: dict[Term, None] = {}
        parents = [parent for parent, child in self.graph.pairs(sh("property")) if child == shape.node]
        for parent in parents:
            for child in self.graph.objects(parent, sh("property")):
                found.update(dict.fromkeys(self.graph.objects(child, sh("qualifiedValueShape"))))
        return [self.shapes.get(other) for other in found if other != node]

    def _count(self, shape: Shape, focus: str, operator: str, limit: int, var: str = "", only: str = "") -> str:
        """An expression: the focus node has at least (at most) so many distinct values that pass the filter."""
        var = var or self.fresh()
        pattern = f"{focus} {shape.path} {var} . {only}"
        if limit == 0:
            return "true" if operator == ">=" else f"NOT EXISTS {{ {pattern} }}"
        if limit == 1 and operator == ">=":
            return f"EXISTS {{ {pattern} }}"
        if limit == 1 and not only:
            other = self.fresh()
            return f"NOT EXISTS {{ {pattern} {focus} {shape.path} {other} FILTER(!sameTerm({var}, {other})) }}"
        least = limit if operator == ">=" else limit + 1
        counted = f"SELECT {focus} WHERE {{ {pattern} }} GROUP BY {focus} HAVING (COUNT(DISTINCT {var}) >= {least})"
        return f"{'EXISTS' if operator == '>=' else 'NOT EXISTS'} {{ {counted} }}"


def _component(parameter: str) -> NamedNode:
    return component(parameter[0].upper() + parameter[1:])


def _combined(name: str, members: list[str]) -> str:
    if name == "and":
        return every(members)
    if name == "or":
        return some(members)
    return " + ".join(f"IF({member}, 1, 0)" for member in members) + " = 1"
