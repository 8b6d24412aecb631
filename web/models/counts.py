"""How much of what the graph holds."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox

from loaders.rdf.terms import TG

_CLASSES = "SELECT ?of (COUNT(*) AS ?n) WHERE { ?s a ?of } GROUP BY ?of"
_PROPERTIES = "SELECT ?of (COUNT(*) AS ?n) WHERE { ?s ?of ?o } GROUP BY ?of"
_DOCUMENTS = f"SELECT (MAX(STR(?date)) AS ?newest) WHERE {{ ?d a <{TG}SourceDocument> ; <{TG}referenceDate> ?date }}"


def summary(store: ox.Store) -> dict[str, Any]:
    """Triples of the current view by class and property, the number of graphs, and the date of the newest document."""
    classes, properties = _counted(store, _CLASSES), _counted(store, _PROPERTIES)
    newest = next((row["newest"] for row in select(store, _DOCUMENTS)), None)
    return {
        "triples": sum(n for _, n in properties),
        "graphs": sum(1 for _ in store.named_graphs()),
        "classes": classes,
        "properties": properties,
        "newest": newest.value if newest is not None else None,
    }


def _counted(store: ox.Store, query: str) -> list[tuple[str, int]]:
    return sorted((row["of"].value, int(row["n"].value)) for row in select(store, query))


def select(store: ox.Store, query: str) -> list[ox.QuerySolution]:
    """Rows of a SELECT query."""
    found = store.query(query)
    assert isinstance(found, ox.QuerySolutions), "a SELECT query answers with rows"
    return list(found)
