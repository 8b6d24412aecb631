"""The focus nodes of a shape, as a graph pattern."""

from __future__ import annotations

from pyoxigraph import NamedNode

from shacl.classes import Classes
from shacl.shapes import Shape, Target
from shacl.terms import SUBCLASS_OF, TYPE
from shacl.values import constant


def target_pattern(shape: Shape, classes: Classes, focus: str) -> str:
    """A pattern that binds the focus variable to each focus node, some of them perhaps more than once."""
    nodes = [constant(target.value) for target in shape.targets if target.kind == "targetNode"]
    branches = [f"VALUES {focus} {{ {' '.join(nodes)} }}"] if nodes else []
    for target in shape.targets:
        if target.kind != "targetNode":
            branches += _branches(target, classes, focus)
    if len(branches) == 1:
        return branches[0]
    return " UNION ".join(f"{{ {branch} }}" for branch in branches)


def _branches(target: Target, classes: Classes, focus: str) -> list[str]:
    value = target.value
    assert isinstance(value, NamedNode)
    if target.kind == "targetSubjectsOf":
        return [f"{focus} {value} ?_any ."]
    if target.kind == "targetObjectsOf":
        return [f"?_any {value} {focus} ."]
    kinds = classes.of(value)
    if kinds is None:
        return [f"{focus} {TYPE}/{SUBCLASS_OF}* {value} ."]
    return [f"{focus} {TYPE} {kind} ." for kind in kinds]
