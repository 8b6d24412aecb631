"""What the endpoint says of itself: SPARQL 1.1 Service Description and VoID."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pyoxigraph as ox
from starlette.datastructures import URL
from starlette.requests import Request

from loaders.rdf.terms import BASE, DCT, RDF, XSD
from web import formats
from web.settings import Settings
from web.worker import WRITERS

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_NAMED_FORMATS = {
    formats.JSON: "SPARQL_Results_JSON",
    formats.XML: "SPARQL_Results_XML",
    formats.CSV: "SPARQL_Results_CSV",
    formats.TSV: "SPARQL_Results_TSV",
    formats.TURTLE: "Turtle",
    formats.NTRIPLES: "N-Triples",
    formats.JSONLD: "JSON-LD",
    formats.RDFXML: "RDF_XML",
    formats.TRIG: "TriG",
    formats.NQUADS: "N-Quads",
}
_PREFIXES = {"sd": _SD, "void": _VOID, "dct": DCT, "formats": _FORMATS, "xsd": XSD}
_VOCABULARIES = (f"{BASE}def#", DCT, "http://www.w3.org/2004/02/skos/core#", "https://schema.org/")


def address(request: Request, path: str = "/sparql") -> str:
    """The address clients reach a path of this server at."""
    public: str = request.app.state.settings.public
    scope = request.scope
    root = scope.get("app_root_path", scope.get("root_path", ""))
    base = public or _base(scope["scheme"], request.headers.get("host"), tuple(scope.get("server") or ()), root)
    return f"{base.rstrip('/')}{path}"


@lru_cache(256)
def _base(scheme: str, host: str | None, server: tuple[str, int | None] | tuple[()], root: str) -> str:
    """The address a request came to; clients come to few."""
    headers = [(b"host", host.encode("latin-1"))] if host is not None else []
    asked = {"scheme": scheme, "server": server or None, "path": f"{root.rstrip('/')}/", "headers": headers}
    return str(URL(scope=asked))


def description(endpoint: str, summary: dict[str, Any], settings: Settings, media: str) -> bytes:
    """The description of the service at ``endpoint`` over a graph of these counts."""
    triples = [ox.Triple(s, ox.NamedNode(p), o) for s, p, o in _statements(endpoint, summary, settings)]
    prefixes = _PREFIXES if media in (formats.TURTLE, formats.TRIG) else None
    return ox.serialize(triples, format=WRITERS[media], prefixes=prefixes) or b""


_Statement = tuple[ox.NamedNode | ox.BlankNode, str, ox.NamedNode | ox.BlankNode | ox.Literal]


def _statements(endpoint: str, summary: dict[str, Any], settings: Settings) -> Iterator[_Statement]:
    service, dataset = ox.NamedNode(f"{endpoint}#service"), ox.NamedNode(f"{endpoint}#dataset")
    graph = ox.NamedNode(f"{endpoint}#default-graph")
    yield service, f"{RDF}type", ox.NamedNode(f"{_SD}Service")
    yield service, f"{_SD}endpoint", ox.NamedNode(endpoint)
    yield service, f"{_SD}supportedLanguage", ox.NamedNode(f"{_SD}SPARQL11Query")
    yield service, f"{_SD}defaultDataset", dataset
    if settings.services:
        yield service, f"{_SD}feature", ox.NamedNode(f"{_SD}BasicFederatedQuery")
    for media in (*formats.ROWS, *formats.TRIPLES):
        yield service, f"{_SD}resultFormat", ox.NamedNode(f"{_FORMATS}{_NAMED_FORMATS[media]}")
    yield dataset, f"{RDF}type", ox.NamedNode(f"{_SD}Dataset")
    yield dataset, f"{RDF}type", ox.NamedNode(f"{_VOID}Dataset")
    yield dataset, f"{DCT}title", ox.Literal("Teemagraafi", language="fi")
    yield dataset, f"{_VOID}sparqlEndpoint", ox.NamedNode(endpoint)
    yield dataset, f"{_VOID}uriSpace", ox.Literal(f"{BASE}id/")
    yield dataset, f"{_SD}defaultGraph", graph
    if summary["newest"]:
        yield dataset, f"{DCT}modified", ox.Literal(summary["newest"])
    for vocabulary in _VOCABULARIES:
        yield dataset, f"{_VOID}vocabulary", ox.NamedNode(vocabulary)
    yield graph, f"{RDF}type", ox.NamedNode(f"{_SD}Graph")
    yield graph, f"{RDF}type", ox.NamedNode(f"{_VOID}Dataset")
    yield graph, f"{_VOID}triples", _number(summary["triples"])
    yield graph, f"{_VOID}properties", _number(len(summary["properties"]))
    yield graph, f"{_VOID}classes", _number(len(summary["classes"]))
    yield from _partitions(graph, summary)


def _partitions(graph: ox.NamedNode, summary: dict[str, Any]) -> Iterator[_Statement]:
    for kind, plural, count in (("class", "classes", "entities"), ("property", "properties", "triples")):
        for iri, number in summary[plural]:
            part = ox.BlankNode()
            yield graph, f"{_VOID}{kind}Partition", part
            yield part, f"{_VOID}{kind}", ox.NamedNode(iri)
            yield part, f"{_VOID}{count}", _number(number)


def _number(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=ox.NamedNode(f"{XSD}integer"))
