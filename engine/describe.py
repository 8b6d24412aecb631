"""One thing with all that is said of it: each fact with its document, page and line, and what is contradicted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox

from engine.lookup import PREFIXES, Found
from loaders.rdf.terms import BASE, CONTACT_PASSAGE, CONTACTS_GRAPH, PASSAGE, RDF, TG

_FACTS = """
SELECT ?subject ?property ?value ?passage ?document ?page ?first ?last ?row ?words WHERE {
  { BIND(?thing AS ?subject) } UNION { ?subject tg:about ?thing . FILTER NOT EXISTS { ?subject a tg:Conflict } }
  UNION { ?subject tg:inTheme ?thing . ?subject a tg:Call } UNION { ?thing tg:participation ?subject }
  GRAPH ?passage { ?subject ?property ?value }
  ?passage tg:inDocument ?document ; tg:lineStart ?first ; tg:lineEnd ?last ; tg:verbatim ?words .
  OPTIONAL { ?passage tg:page ?page }
  OPTIONAL { ?passage tg:row ?row }
}
"""
_CONTACTS = """
SELECT ?subject ?property ?value ?passage ?document ?page ?first ?last ?row ?words WHERE {
  GRAPH ?passage { ?subject tg:contactFor ?thing ; ?property ?value }
  GRAPH <https://w3id.org/teemagraafi/graph/contacts> {
    ?passage tg:inDocument ?document ; tg:lineStart ?first ; tg:lineEnd ?last ; tg:verbatim ?words .
    OPTIONAL { ?passage tg:page ?page }
  }
}
"""
_REFERRERS = """
SELECT DISTINCT ?property ?subject WHERE {
  ?subject ?property ?thing .
  FILTER(?property NOT IN (tg:about, tg:statedIn, tg:alternativeValue, tg:chosen, tg:inDocument))
  FILTER(!REGEX(STR(?subject), "/id/(observation|participation|conflict|link)/"))
}
"""
_LABELS = """
SELECT ?name ?lang WHERE {
  { ?thing rdfs:label ?name } UNION { ?thing skos:prefLabel ?name } UNION { ?thing dct:title ?name }
  BIND(LANG(?name) AS ?lang)
}
"""
_NAMED_IN_PASSAGE = "SELECT ?name ?lang WHERE { GRAPH ?passage { ?thing rdfs:label ?name } BIND(LANG(?name) AS ?lang) }"
"""A thing that a passage names and the current view does not hold."""
_STATES = """
SELECT ?type (COUNT(DISTINCT ?subject) AS ?number) WHERE {
  ?passage tg:inDocument ?thing . GRAPH ?passage { ?subject a ?type } FILTER(STRSTARTS(STR(?type), STR(tg:)))
} GROUP BY ?type
"""
_TYPES = "SELECT ?type WHERE { ?thing a ?type FILTER(STRSTARTS(STR(?type), STR(tg:))) }"
_LINKS = f"{BASE}graph/links/"
_LANGUAGES = ("fi", "sv", "en", "")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact stands."""

    document: str
    first: int
    last: int
    page: int | None
    words: str
    row: int | None = None

    def __str__(self) -> str:
        """``toteutuskatsaus-2024-10, p. 3, lines 38-40``."""
        lines = f"line {self.first}" if self.first == self.last else f"lines {self.first}-{self.last}"
        where = f"row {self.row}" if self.row is not None else lines
        return ", ".join(filter(None, [self.document, f"p. {self.page}" if self.page is not None else "", where]))


@dataclass(slots=True)
class Fact:
    """One statement with every place that makes it; ``subject`` is the thing or an observation, call or part of it."""

    subject: str
    property: str
    value: str
    places: list[Place] = field(default_factory=list)
    current: bool = True
    """Whether it stands in the current view: what a newer or more precise statement has replaced does not."""


@dataclass(frozen=True, slots=True)
class Known:
    """One statement that no document makes: of a registry or code list, derived, or of the link sets named."""

    property: str
    value: str
    links: list[str]


@dataclass(slots=True)
class Description:
    """A thing: its names, types, facts by subject, and what refers to it."""

    iri: str
    label: str
    types: list[str]
    facts: list[Fact]
    referrers: dict[str, list[str]]
    known: list[Known] = field(default_factory=list)
    """What no document states of it."""
    states: dict[str, int] = field(default_factory=dict)
    """Of a document: class → how many things it speaks of."""


class _Namer:
    """Labels of IRIs, looked up once each."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store
        self.known: dict[str, str] = {}

    def __call__(self, term: Any) -> str:
        if not isinstance(term, ox.NamedNode):
            return str(term.value)
        if term.value not in self.known:
            self.known[term.value] = self._label(term) or _short(term.value)
        return self.known[term.value]

    def _label(self, node: ox.NamedNode) -> str | None:
        rows = solutions(self.store, _LABELS, node) or solutions(self.store, _NAMED_IN_PASSAGE, node)
        names = {row["lang"].value: row["name"].value for row in rows}
        return next((names[lang] for lang in _LANGUAGES if lang in names), None)


def solutions(store: ox.Store, query: str, thing: ox.NamedNode) -> list[ox.QuerySolution]:
    """Rows of one of this module's queries with a node put in the place of ``?thing``."""
    rows = store.query(PREFIXES + query.replace("?thing", str(thing)))
    assert isinstance(rows, ox.QuerySolutions)
    return list(rows)


def _short(iri: str) -> str:
    return iri.removeprefix(TG) if iri.startswith(TG) else iri.rsplit("/id/", 1)[-1]


def _name(predicate: ox.NamedNode) -> str:
    return _short(predicate.value.rsplit("#", 1)[-1].rsplit("/", 1)[-1])


def _place(row: ox.QuerySolution) -> Place:
    def number(name: str) -> int | None:
        term = row[name]
        return int(term.value) if term is not None else None

    document = row["document"].value.rsplit("/", 1)[-1]
    return Place(document, number("first") or 0, number("last") or 0, number("page"), row["words"].value, number("row"))


def _distinct(places: list[Place]) -> list[Place]:
    """Places in order; of passages at the same lines, one within the other, the one with more words."""
    kept: list[Place] = []
    for place in sorted(places, key=lambda p: -len(p.words)):
        if not any(str(place) == str(other) and place.words in other.words for other in kept):
            kept.append(place)
    return sorted(kept, key=lambda p: (p.document, p.first, p.last, p.words))


def describe(store: ox.Store, found: Found, with_contacts: bool = False) -> Description:
    """Everything documents say of a thing and its observations, calls and parts, with the places; and what is known besides."""
    node, namer = ox.NamedNode(found.iri), _Namer(store)
    facts = list(_facts(store, node, namer, with_contacts))
    types = sorted(_short(row["type"].value) for row in solutions(store, _TYPES, node))
    states = {_short(row["type"].value): int(row["number"].value) for row in solutions(store, _STATES, node)}
    return Description(
        found.iri,
        namer(node),
        types,
        sorted(facts, key=lambda f: (f.subject != found.iri, f.subject, f.property, f.value)),
        _referrers(store, node, namer),
        sorted(_known(store, node, namer), key=lambda k: (k.property, k.value)),
        dict(sorted(states.items())),
    )


def _facts(store: ox.Store, node: ox.NamedNode, namer: _Namer, with_contacts: bool) -> Iterator[Fact]:
    rows = [r for r in solutions(store, _FACTS, node) if r["passage"].value.startswith(PASSAGE)]
    if with_contacts:
        rows += [r for r in solutions(store, _CONTACTS, node) if r["passage"].value.startswith(CONTACT_PASSAGE)]
    places: dict[tuple[Any, Any, Any], dict[str, Place]] = {}
    for row in rows:
        key = (row["subject"], row["property"], row["value"])
        places.setdefault(key, {})[row["passage"].value] = _place(row)
    graphs = (ox.DefaultGraph(), ox.NamedNode(CONTACTS_GRAPH[1:-1]))
    for (subject, predicate, value), found in places.items():
        current = any(ox.Quad(subject, predicate, value, graph) in store for graph in graphs)
        yield Fact(subject.value, _name(predicate), namer(value), _distinct(list(found.values())), current)


def _known(store: ox.Store, node: ox.NamedNode, namer: _Namer) -> Iterator[Known]:
    for quad in store.quads_for_pattern(node, None, None, ox.DefaultGraph()):
        graphs = {g.value for g in _graphs(store, quad) if isinstance(g, ox.NamedNode)}
        if quad.predicate.value != f"{RDF}type" and not any(g.startswith((PASSAGE, CONTACT_PASSAGE)) for g in graphs):
            links = sorted(g.removeprefix(_LINKS) for g in graphs if g.startswith(_LINKS))
            yield Known(_name(quad.predicate), namer(quad.object), links)


def _graphs(store: ox.Store, quad: ox.Quad) -> list[Any]:
    return [q.graph_name for q in store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)]


def _referrers(store: ox.Store, node: ox.NamedNode, namer: _Namer) -> dict[str, list[str]]:
    referrers: dict[str, list[str]] = {}
    for row in solutions(store, _REFERRERS, node):
        referrers.setdefault(_name(row["property"]), []).append(namer(row["subject"]))
    return {k: sorted(v) for k, v in sorted(referrers.items())}
