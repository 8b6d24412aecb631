"""The dataset as a data portal harvests it: DCAT-AP 3, with VoID counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

from loaders.rdf.terms import BASE, DCT, RDF, XSD
from web import formats, turtle

_DCAT = "http://www.w3.org/ns/dcat#"
_FOAF = "http://xmlns.com/foaf/0.1/"
_VCARD = "http://www.w3.org/2006/vcard/ns#"
_VOID = "http://rdfs.org/ns/void#"
_AP = "http://data.europa.eu/r5r/"
_EU = "http://publications.europa.eu/resource/authority/"
_LICENCE = "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0"
PREFIXES = {"dcat": _DCAT, "dct": DCT, "foaf": _FOAF, "vcard": _VCARD, "void": _VOID, "dcatap": _AP, "xsd": XSD}

TITLES = {
    "fi": "Teemagraafi: rakennerahasto-ohjelmien valtakunnalliset teemat",
    "sv": "Teemagraafi: strukturfondsprogrammens riksomfattande teman",
    "en": "Teemagraafi: the national themes of Finland’s structural-fund programmes",
}
DESCRIPTIONS = {
    "fi": "Valtakunnalliset teemat, hankkeet, toteuttajat, haut ja rahoitus; jokaisella tiedolla on asiakirja, sivu ja rivi.",
    "sv": "Riksomfattande teman, projekt, genomförare, utlysningar och finansiering; varje uppgift har dokument, sida och rad.",
    "en": "National themes, projects, implementers, calls and money; every fact has its document, page and line.",
}
_WORDS = {
    "fi": ("rakennerahastot", "ESR+", "EAKR", "valtakunnalliset teemat", "hankkeet"),
    "sv": ("strukturfonder", "ESF+", "ERUF", "riksomfattande teman", "projekt"),
    "en": ("structural funds", "ESF+", "ERDF", "national themes", "projects"),
}
DISTRIBUTIONS = {
    "current.ttl": (formats.TURTLE, "RDF_TURTLE"),
    "current.nt": (formats.NTRIPLES, "RDF_N_TRIPLES"),
    "current.jsonld": (formats.JSONLD, "JSON_LD"),
    "everything.nq": (formats.NQUADS, "RDF_N_QUADS"),
    "everything.trig": (formats.TRIG, "RDF_TRIG"),
}
"""File → its media type and its entry in the EU's list of file types."""
TABLES = {
    "csvw/csv-metadata.json": ("application/csvm+json", "CSV"),
    "parquet/statements.parquet": ("application/vnd.apache.parquet", "PARQUET"),
}
"""The same of the tables, which only a published site has."""

Node = ox.NamedNode | ox.BlankNode | ox.Literal
Statement = tuple[ox.NamedNode, str, Node]


def catalogue(
    address: str, summary: dict[str, Any], media: str, *, live: bool = True, tables: Iterable[str] = ()
) -> bytes:
    """The catalogue of a site at an address, over a graph of these counts, with those ``tables`` that it has."""
    files = {**DISTRIBUTIONS, **{name: TABLES[name] for name in tables}}
    triples = [ox.Triple(s, ox.NamedNode(p), o) for s, p, o in _statements(address.rstrip("/"), summary, live, files)]
    return turtle.write(triples, media, PREFIXES)


def _named(*parts: str) -> ox.NamedNode:
    return ox.NamedNode("".join(parts))


def _texts(subject: ox.NamedNode, predicate: str, texts: dict[str, str]) -> Iterator[Statement]:
    for lang, text in texts.items():
        yield subject, predicate, ox.Literal(text, language=lang)


def _statements(
    address: str, summary: dict[str, Any], live: bool, files: dict[str, tuple[str, str]]
) -> Iterator[Statement]:
    catalog, dataset, publisher = (
        _named(address, "/data#catalog"),
        _named(address, "/data#dataset"),
        _named(BASE, "about"),
    )
    yield catalog, f"{RDF}type", _named(_DCAT, "Catalog")
    yield from _texts(catalog, f"{DCT}title", TITLES)
    yield from _texts(catalog, f"{DCT}description", DESCRIPTIONS)
    yield catalog, f"{DCT}publisher", publisher
    yield catalog, f"{_DCAT}dataset", dataset
    yield catalog, f"{_FOAF}homepage", _named(address, "/")
    yield publisher, f"{RDF}type", _named(_FOAF, "Agent")
    yield publisher, f"{_FOAF}name", ox.Literal("Teemagraafi", language="fi")
    yield from _dataset(dataset, publisher, summary, address)
    for name, (media, kind) in files.items():
        yield from _distribution(dataset, address, name, media, kind)
    if live:
        yield from _endpoint(catalog, dataset, address)


def _dataset(
    dataset: ox.NamedNode, publisher: ox.NamedNode, summary: dict[str, Any], address: str
) -> Iterator[Statement]:
    for kind in (f"{_DCAT}Dataset", f"{_VOID}Dataset"):
        yield dataset, f"{RDF}type", _named(kind)
    yield from _texts(dataset, f"{DCT}title", TITLES)
    yield from _texts(dataset, f"{DCT}description", DESCRIPTIONS)
    for lang, words in _WORDS.items():
        for word in words:
            yield dataset, f"{_DCAT}keyword", ox.Literal(word, language=lang)
    yield dataset, f"{DCT}publisher", publisher
    yield dataset, f"{DCT}identifier", ox.Literal(BASE)
    yield dataset, f"{DCT}accessRights", _named(_EU, "access-right/PUBLIC")
    yield dataset, f"{_DCAT}theme", _named(_EU, "data-theme/GOVE")
    yield dataset, f"{_DCAT}theme", _named(_EU, "data-theme/ECON")
    yield dataset, f"{DCT}spatial", _named(_EU, "country/FIN")
    yield dataset, f"{DCT}language", _named(_EU, "language/FIN")
    yield dataset, f"{_DCAT}landingPage", _named(address, "/")
    yield dataset, f"{_VOID}triples", _count(summary["triples"])
    yield dataset, f"{_VOID}uriSpace", ox.Literal(f"{BASE}id/")
    if summary["newest"] and len(summary["newest"]) == 10:
        yield dataset, f"{DCT}modified", ox.Literal(summary["newest"], datatype=_named(XSD, "date"))


def _distribution(dataset: ox.NamedNode, address: str, name: str, media: str, kind: str) -> Iterator[Statement]:
    file = _named(address, "/data/", name)
    node = _named(address, "/data#", name)
    yield dataset, f"{_DCAT}distribution", node
    yield node, f"{RDF}type", _named(_DCAT, "Distribution")
    yield node, f"{DCT}title", ox.Literal(name)
    yield node, f"{_DCAT}accessURL", file
    yield node, f"{_DCAT}downloadURL", file
    yield node, f"{_DCAT}mediaType", _named("https://www.iana.org/assignments/media-types/", media)
    yield node, f"{DCT}format", _named(_EU, "file-type/", kind)
    yield node, f"{DCT}license", _named(_LICENCE)
    yield node, f"{_AP}availability", _named(_EU, "planned-availability/STABLE")


def _endpoint(catalog: ox.NamedNode, dataset: ox.NamedNode, address: str) -> Iterator[Statement]:
    node = _named(address, "/data#sparql")
    yield catalog, f"{_DCAT}service", node
    yield node, f"{RDF}type", _named(_DCAT, "DataService")
    yield node, f"{DCT}title", ox.Literal("SPARQL", language="en")
    yield node, f"{_DCAT}endpointURL", _named(address, "/sparql")
    yield node, f"{_DCAT}endpointDescription", _named(address, "/sparql")
    yield node, f"{_DCAT}servesDataset", dataset
    yield node, f"{DCT}license", _named(_LICENCE)
    yield dataset, f"{_VOID}sparqlEndpoint", _named(address, "/sparql")


def _count(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=_named(XSD, "integer"))
