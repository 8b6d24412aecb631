"""All statements of an export as rows: what the tables of things cannot hold, graphs above all, is in these."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from engine.output.export.privacy import is_private

NAME = "statements"
COLUMNS = ("subject", "property", "object", "kind", "datatype", "language", "graph")
"""``kind`` is iri, literal or blank; ``graph`` is empty for the current view, else the passage's (or another graph's) IRI."""


def statements(store: ox.Store, with_contacts: bool, current: bool) -> Iterator[tuple[str, ...]]:
    """One row a statement, in the store's own order."""
    found = store.quads_for_pattern(None, None, None, ox.DefaultGraph()) if current else store
    for quad in found:
        graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
        if with_contacts or not is_private(graph):
            yield _text(quad.subject), quad.predicate.value, *_object(quad.object), graph


def _text(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def _object(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> tuple[str, str, str, str]:
    if isinstance(term, ox.Literal):
        return term.value, "literal", term.datatype.value, term.language or ""
    return _text(term), "iri" if isinstance(term, ox.NamedNode) else "blank", "", ""
