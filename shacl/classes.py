"""Which classes count as a class in the data: the class, and its subclasses that say something of their own."""

from __future__ import annotations

from collections import defaultdict

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, QuerySolutions, Store

from shacl.terms import SUBCLASS_OF, TYPE, Node

Graphs = list[NamedNode | BlankNode | DefaultGraph] | None
"""The graphs that are the data, merged; None is the default graph alone."""


class Classes:
    """The subclass hierarchy of the data."""

    def __init__(self, store: Store, graphs: Graphs = None) -> None:
        """Read the hierarchy once; it is small beside the data."""
        self._store, self._graphs = store, graphs
        self._below: dict[Node, list[Node]] = defaultdict(list)
        found = store.query(f"SELECT DISTINCT ?sub ?super {{ ?sub {SUBCLASS_OF} ?super }}", default_graph=graphs)
        assert isinstance(found, QuerySolutions)
        for sub, above in [(row["sub"], row["super"]) for row in found]:
            if isinstance(sub, (NamedNode, BlankNode)) and isinstance(above, (NamedNode, BlankNode)):
                self._below[above].append(sub)
        self._kept: dict[NamedNode, tuple[NamedNode, ...] | None] = {}

    def of(self, kind: NamedNode) -> tuple[NamedNode, ...] | None:
        """The classes whose stated instances are the class's instances; None where a blank node is among them.

        A subclass is left out when each of its instances is stated to be of the class itself too.
        """
        if kind not in self._kept:
            below = self._closure(kind)
            named = [sub for sub in below if isinstance(sub, NamedNode)]
            self._kept[kind] = None if len(named) < len(below) else (kind, *(s for s in named if self._adds(s, kind)))
        return self._kept[kind]

    def _closure(self, kind: NamedNode) -> list[Node]:
        found: dict[Node, None] = {}
        ahead: list[Node] = [kind]
        while ahead:
            for sub in self._below.get(ahead.pop(), ()):
                if sub not in found and sub != kind:
                    found[sub] = None
                    ahead.append(sub)
        return sorted(found, key=str)

    def _adds(self, sub: NamedNode, kind: NamedNode) -> bool:
        query = f"ASK {{ ?x {TYPE} {sub} FILTER NOT EXISTS {{ ?x {TYPE} {kind} }} }}"
        return bool(self._store.query(query, default_graph=self._graphs))
