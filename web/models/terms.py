"""RDF terms, labels and passages as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

from loaders.rdf.terms import PASSAGE, TG
from web.models import naming

Data = dict[str, Any]

DEFAULT = ox.DefaultGraph()


def tg(name: str) -> ox.NamedNode:
    """A term of the ontology."""
    return ox.NamedNode(f"{TG}{name}")


def term(node: Any) -> Data:
    """A term: an IRI, or a literal with its language and datatype."""
    if isinstance(node, ox.NamedNode):
        return {"iri": node.value}
    if isinstance(node, ox.Literal):
        if node.language:
            return {"text": node.value, "lang": node.language}
        return {"text": node.value, "type": node.datatype.value.rsplit("#", 1)[-1]}
    return {"text": str(node), "type": "blank"}


def objects(store: ox.Store, subject: Any, predicate: ox.NamedNode) -> Iterator[Any]:
    """Objects of a statement in the current view."""
    return (quad.object for quad in store.quads_for_pattern(subject, predicate, None, DEFAULT))


def value(store: ox.Store, subject: Any, predicate: ox.NamedNode) -> str | None:
    """The text or IRI of the least object of a property, None if there is none."""
    found = sorted(getattr(node, "value", str(node)) for node in objects(store, subject, predicate))
    return found[0] if found else None


def labels(store: ox.Store, iris: Iterable[str]) -> dict[str, dict[str, str]]:
    """Names of things by language; a thing that nothing names is left out."""
    found = {iri: naming.names(store, ox.NamedNode(iri)) for iri in sorted(set(iris))}
    return {iri: names for iri, names in found.items() if names}


def passage(store: ox.Store, iri: str) -> Data:
    """Where a passage stands and what its words are."""
    node = ox.NamedNode(iri)
    told: Data = {"iri": iri}
    for name in ("inDocument", "page", "lineStart", "lineEnd", "row", "verbatim"):
        told[name] = value(store, node, tg(name))
    for name in ("page", "lineStart", "lineEnd", "row"):
        told[name] = int(told[name]) if told[name] is not None else None
    return told


def passages(store: ox.Store, iris: Iterable[str]) -> dict[str, Data]:
    """Several passages by IRI."""
    return {iri: passage(store, iri) for iri in sorted(set(iris))}


def order(place: Data) -> tuple[str, int, int]:
    """The order of passages: by document, then by line."""
    return (place["inDocument"] or "", place["lineStart"] or 0, place["row"] or 0)


def is_passage(graph: Any) -> bool:
    """Whether a graph is that of a passage."""
    return isinstance(graph, ox.NamedNode) and graph.value.startswith(PASSAGE)


def iris(data: Any) -> Iterator[str]:
    """Every IRI in plain data."""
    if isinstance(data, dict):
        if "iri" in data:
            yield data["iri"]
        for item in data.values():
            yield from iris(item)
    elif isinstance(data, list):
        for item in data:
            yield from iris(item)
