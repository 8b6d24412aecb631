"""The data that shapes are run on: the store's default graph, and a graph beside it that is looked at only where needed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, QuerySolutions, Store

from shacl.classes import Classes, Graphs
from shacl.compiler import Check
from shacl.shapes import Shape, Shapes
from shacl.targets import target_pattern
from shacl.terms import TYPE, Term
from shacl.tokens import any_predicate, iris

SCANNED_PER_FOCUS = 20
"""How many matches of a property may be scanned for each focus node before looking up each is quicker."""
MOST_SETS = 2_000_000
"""How many matches a hash table may hold: some 200 MB."""


class Data:
    """A store's default graph merged with one named graph (contact persons, or an ontology that a file relies on).

    A query over two merged graphs costs up to twice one over the default graph alone, so a check is run over both only
    if the second graph has a property or class that the check names. The results are the same.
    """

    def __init__(self, store: Store, beside: NamedNode | None = None, given: Iterable[Quad] | None = None) -> None:
        """``given`` are the quads as a file has them, where the store may keep them in another form."""
        self.store, self.beside, self._given = store, beside, given
        self.both: Graphs = None if beside is None else [DefaultGraph(), beside]
        self._names = self._named(beside) if beside else set()
        self._sizes: dict[str, int] = {}
        self._classes: Classes | None = None

    def classes(self) -> Classes:
        """The class hierarchy, read once."""
        if self._classes is None:
            self._classes = Classes(self.store, self.both)
        return self._classes

    def graphs(self, check: Check) -> Graphs:
        """The graphs a check must be run over."""
        if not self._names:
            return None
        named = iris(check.query)
        return self.both if named & self._names or any_predicate(check.query) else None

    def planned(self, check: Check) -> Check:
        """The check, worked out by sets where its property is not much larger than the class it is looked up for.

        Nor larger than MOST_SETS: the hash tables stay small, whatever the size of the data.
        """
        if not check.has_sets or check.shape.path is None:
            return check
        kinds = sum(self._size(f"?s {TYPE} {target.value}") for target in check.targets)
        most = min(kinds * SCANNED_PER_FOCUS, MOST_SETS)
        small = all(self._size(f"?s {predicate} ?o") <= most for predicate in check.shape.path.predicates)
        return dataclasses.replace(check, by_sets=True) if small else check

    def idle(self, check: Check) -> bool:
        """Whether there is nothing for a check to look at: its targets are classes without instances."""
        if any(target.kind != "targetClass" for target in check.targets):
            return False
        kinds = [self.classes().of(target.value) for target in check.targets if isinstance(target.value, NamedNode)]
        return all(kind and not any(self._size(f"?s {TYPE} {one}") for one in kind) for kind in kinds)

    def _size(self, pattern: str) -> int:
        """How many matches a pattern has, counted no further than needed."""
        if pattern not in self._sizes:
            counted = f"SELECT (COUNT(*) AS ?n) WHERE {{ {{ SELECT ?s WHERE {{ {pattern} }} LIMIT {MOST_SETS + 1} }} }}"
            answer = self.store.query(counted, default_graph=self.both)
            assert isinstance(answer, QuerySolutions)
            self._sizes[pattern] = int(next(answer)["n"].value)
        return self._sizes[pattern]

    def quads(self) -> Iterator[Quad]:
        """Every statement of the data."""
        yield from self._given or self.store.quads_for_pattern(None, None, None, DefaultGraph())
        if self.beside is not None:
            yield from self.store.quads_for_pattern(None, None, None, self.beside)

    def holds(self, node: Term) -> bool:
        """Whether the default graph says anything of a node."""
        if not isinstance(node, (NamedNode, BlankNode)):
            return True
        return next(self.store.quads_for_pattern(node, None, None, DefaultGraph()), None) is not None

    def targeted(self, shapes: Shapes) -> bool:
        """Whether some shape has something in the default graph to look at, or a target that only pySHACL can follow."""
        active = [shape for shape in shapes if not shape.deactivated]
        return any(shape.values("target") for shape in active) or any(self._found(s) for s in active if s.targets)

    def _found(self, shape: Shape) -> bool:
        query = f"SELECT ?this WHERE {{ {target_pattern(shape, self.classes(), '?this')} }}"
        answer = self.store.query(query)
        assert isinstance(answer, QuerySolutions)
        return any(self.holds(row["this"]) for row in answer)

    def _named(self, graph: NamedNode) -> set[str]:
        found: set[str] = set()
        for query in (
            f"SELECT DISTINCT ?name {{ ?s ?name ?o FILTER(?name != {TYPE}) }}",
            f"SELECT DISTINCT ?name {{ ?s {TYPE} ?name }}",
        ):
            answer = self.store.query(query, default_graph=graph)
            assert isinstance(answer, QuerySolutions)
            found |= {row["name"].value for row in answer}
        return found
