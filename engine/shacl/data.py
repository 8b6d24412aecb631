"""The data that shapes are run on: the store's default graph, and a graph beside it that is looked at only where needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, QuerySolutions, Store

from engine.shacl.classes import Classes, Graphs
from engine.shacl.compiler import Check
from engine.shacl.shapes import Shape, Shapes
from engine.shacl.targets import target_pattern
from engine.shacl.terms import TYPE, Node, Term
from engine.shacl.tokens import any_predicate, iris


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

    def classes(self, beside: Iterable[tuple[Node, Node]] = ()) -> Classes:
        """The class hierarchy."""
        return Classes(self.store, self.both, beside)

    def graphs(self, check: Check) -> Graphs:
        """The graphs a check must be run over."""
        if not self._names:
            return None
        named = iris(check.query)
        return self.both if named & self._names or any_predicate(check.query) else None

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

    def targeted(self, shapes: Shapes, classes: Classes) -> bool:
        """Whether some shape has something in the default graph to look at."""
        return any(self._found(shape, classes) for shape in shapes if shape.targets and not shape.deactivated)

    def _found(self, shape: Shape, classes: Classes) -> bool:
        query = f"SELECT ?this WHERE {{ {target_pattern(shape, classes, '?this')} }}"
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
