"""The values that passages state and the current view does not show: checked one by one, like those it shows.

A passage holds a fragment, so nothing that counts or compares values applies to it; what a single value must be like does.
Only property shapes whose path is one property and whose targets are classes take part; the class of the thing, and
whatever a value points to, is that of the current view. A thing that only the passage describes was set aside, with a
conflict that says so: it is not judged here.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, QuerySolutions

from shacl.constraints import Constraints
from shacl.data import Data
from shacl.faults import Fault, some
from shacl.results import Result
from shacl.shapes import Shape, Shapes
from shacl.targets import target_pattern
from shacl.terms import TYPE, Term, component

COMPARED = (component("Equals"), component("Disjoint"))
VALUE, STATED = "?value", "?this ?stated ?value ."


def run_extractions(data: Data, shapes: Shapes, in_document: NamedNode) -> Iterator[Result]:
    """Results for values that stand in a passage's graph alone; ``in_document`` leads from a passage to its document."""
    constraints = Constraints(shapes, data.classes())
    for shape in shapes:
        if shape.deactivated or not any(target.kind == "targetClass" for target in shape.targets):
            continue
        target = target_pattern(shape, data.classes(), "?this")
        for child in constraints.property_shapes(shape):
            if child.path is not None and child.path.predicate is not None and not child.deactivated:
                faults = [fault for fault in constraints.faults(child, "?this", (VALUE, STATED)) if _of_value(fault)]
                yield from _property(data, child, child.path.predicate, faults, target, in_document) if faults else ()


def _of_value(fault: Fault) -> bool:
    return fault.pattern == STATED and fault.value == VALUE and not fault.also and fault.component not in COMPARED


def _set_aside(data: Data, value: Term, passage: NamedNode) -> bool:
    """Whether a value is a thing that its passage describes and the current view does not hold."""
    if not isinstance(value, NamedNode) or data.holds(value):
        return False
    return next(data.store.quads_for_pattern(value, TYPE, None, passage), None) is not None


def _property(
    data: Data, shape: Shape, predicate: NamedNode, faults: list[Fault], target: str, in_document: NamedNode
) -> Iterator[Result]:
    flags = " ".join(f"({fault.condition} AS ?wrong{number})" for number, fault in enumerate(faults))
    query = (
        f"SELECT DISTINCT ?this ?value ?passage {flags} WHERE {{ GRAPH ?passage {{ ?this {predicate} ?value }} "
        f"FILTER NOT EXISTS {{ ?this {predicate} ?value }} ?passage {in_document} ?_document . {{ {target} }} "
        f"FILTER({some([fault.condition for fault in faults])}) }}"
    )
    answer = data.store.query(query, default_graph=data.both)
    assert isinstance(answer, QuerySolutions)
    for row in answer:
        if _set_aside(data, row["value"], row["passage"]):
            continue
        for number, fault in enumerate(faults):
            if row[f"wrong{number}"].value == "true":
                yield Result(
                    row["this"],
                    str(shape.path),
                    fault.component,
                    shape,
                    row["value"],
                    shape.severity,
                    shape.messages,
                    stated_in=row["passage"].value,
                )
