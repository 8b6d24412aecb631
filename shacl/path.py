"""SHACL property paths: read from a shapes graph, written as SPARQL 1.1 paths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, NamedNode

from shacl.errors import ShapesError
from shacl.graph import ShapesGraph
from shacl.terms import FIRST, Term, name_of, sh

NOTHING = NamedNode("https://w3id.org/teemagraafi/shapes#nothing")
"""A property that no data has."""
REPEATS = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}


@dataclass(frozen=True, slots=True)
class Path:
    """One path; ``operator`` is ``""`` (a predicate), ``^``, ``/``, ``|``, ``*``, ``+`` or ``?``."""

    operator: str
    parts: tuple[Path, ...] = ()
    predicate: NamedNode | None = None

    def __str__(self) -> str:
        """The path in SPARQL's syntax, IRIs in full."""
        if self.predicate is not None:
            return str(self.predicate)
        if self.operator == "^":
            return f"^{_bracketed(self.parts[0])}"
        if self.operator in "/|":
            return self.operator.join(_bracketed(part) for part in self.parts)
        return f"{_bracketed(self.parts[0])}{self.operator}"

    @property
    def walked(self) -> str:
        """The path as SPARQL that the store walks from a bound start.

        The store turns a plain sequence into a join, and inside EXISTS it scans all of the second step for each focus
        node (400 times slower, measured). An alternative that nothing matches keeps it a path.
        """
        return f"({self})|{NOTHING}" if self._joins else str(self)

    @property
    def scannable(self) -> bool:
        """Whether all its pairs can be listed by scanning its predicates: no repetition, which would list every node."""
        return self.operator not in REPEATS.values() and all(part.scannable for part in self.parts)

    @property
    def _joins(self) -> bool:
        return self.operator == "/" or (self.operator == "^" and self.parts[0]._joins)

    @property
    def predicates(self) -> Iterator[NamedNode]:
        """Every predicate the path mentions."""
        if self.predicate is not None:
            yield self.predicate
        for part in self.parts:
            yield from part.predicates


def _bracketed(path: Path) -> str:
    return str(path) if path.predicate is not None else f"({path})"


def read_path(graph: ShapesGraph, node: Term, depth: int = 0) -> Path:
    """Read the path that a ``sh:path`` value stands for."""
    if isinstance(node, NamedNode):
        return Path("", predicate=node)
    if not isinstance(node, BlankNode) or depth > 20:
        raise ShapesError(f"{name_of(node)} is not a SHACL property path")
    if graph.objects(node, FIRST):
        return Path("/", _members(graph, node, depth))
    for name, operator in REPEATS.items():
        for inner in graph.objects(node, sh(name)):
            return Path(operator, (read_path(graph, inner, depth + 1),))
    for inner in graph.objects(node, sh("inversePath")):
        return Path("^", (read_path(graph, inner, depth + 1),))
    for head in graph.objects(node, sh("alternativePath")):
        return Path("|", _members(graph, head, depth))
    raise ShapesError(f"{name_of(node)} is not a SHACL property path")


def _members(graph: ShapesGraph, head: Term, depth: int) -> tuple[Path, ...]:
    parts = tuple(read_path(graph, member, depth + 1) for member in graph.items(head))
    if len(parts) < 2:
        raise ShapesError(f"the path {name_of(head)} needs at least two members")
    return parts
