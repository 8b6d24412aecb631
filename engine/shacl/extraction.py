"""The values that passages state and the current view does not show: checked one by one, like those it shows.

A passage holds a fragment, so nothing that counts values applies to it; what a single value must be like does. Only
property shapes whose path is one property and whose targets are classes take part; the class of the thing is that of the
current view.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, QuerySolutions

from engine.shacl.constraints import Constraints
from engine.shacl.data import Data
from engine.shacl.results import Result
from engine.shacl.shapes import Shape, Shapes
from engine.shacl.targets import target_pattern
from engine.shacl.terms import component
from engine.shacl.values import TESTS


def run_extractions(data: Data, shapes: Shapes, in_document: NamedNode) -> Iterator[Result]:
    """Results for values that stand in a passage's graph alone; ``in_document`` leads from a passage to its document."""
    classes = data.classes()
    constraints = Constraints(shapes, classes)
    for shape in shapes:
        if shape.deactivated or not any(target.kind == "targetClass" for target in shape.targets):
            continue
        target = target_pattern(shape, classes, "?this")
        for child in constraints.property_shapes(shape):
            if child.path is not None and child.path.predicate is not None and not child.deactivated:
                yield from _property(data, constraints, target, child, child.path.predicate, in_document)


def _property(
    data: Data, constraints: Constraints, target: str, shape: Shape, predicate: NamedNode, in_document: NamedNode
) -> Iterator[Result]:
    tests = [
        (component(name[0].upper() + name[1:]), test(constraints, shape, argument, "?value"))
        for name, test in TESTS.items()
        for argument in shape.values(name)
    ]
    if not tests:
        return
    flags = " ".join(f"({expression} AS ?ok{number})" for number, (_, expression) in enumerate(tests))
    wrong = " || ".join(f"!({expression})" for _, expression in tests)
    query = (
        f"SELECT DISTINCT ?this ?value ?passage {flags} WHERE {{ GRAPH ?passage {{ ?this {predicate} ?value }} "
        f"FILTER NOT EXISTS {{ ?this {predicate} ?value }} ?passage {in_document} ?_document . {target} FILTER({wrong}) }}"
    )
    answer = data.store.query(query, default_graph=data.both)
    assert isinstance(answer, QuerySolutions)
    for row in answer:
        for number, (which, _) in enumerate(tests):
            if row[f"ok{number}"].value == "false":
                yield Result(
                    row["this"],
                    str(shape.path),
                    which,
                    shape,
                    row["value"],
                    shape.severity,
                    shape.messages,
                    stated_in=row["passage"].value,
                )
