"""One thing with all that is said of it: each fact with its document, page and line, and what is contradicted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox

from engine.lookup import PREFIXES, Found
from loaders.terms import CONTACT_PASSAGE, PASSAGE, TG

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
SELECT ?property ?subject (SAMPLE(?name) AS ?label) WHERE {
  ?subject ?property ?thing .
  FILTER(?property NOT IN (tg:about, tg:statedIn, tg:alternativeValue, tg:chosen, tg:inDocument))
  OPTIONAL { ?subject rdfs:label ?name }
} GROUP BY ?property ?subject
"""
_LABELS = """
SELECT ?name ?lang WHERE {
  { ?thing rdfs:label ?name } UNION { ?thing skos:prefLabel ?name } UNION { ?thing dct:title ?name }
  BIND(LANG(?name) AS ?lang)
}
"""
_NAMED_IN_PASSAGE = "SELECT ?name ?lang WHERE { GRAPH ?passage { ?thing rdfs:label ?name } BIND(LANG(?name) AS ?lang) }"
"""A thing that a passage names and the current view does not hold."""
_TYPES = "SELECT ?type WHERE { ?thing a ?type FILTER(STRSTARTS(STR(?type), STR(tg:))) }"
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


@dataclass(slots=True)
class Description:
    """A thing: its names, types, facts by subject, and what refers to it."""

    iri: str
    label: str
    types: list[str]
    facts: list[Fact]
    referrers: dict[str, list[str]]


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
    """Everything documents say of a thing and its observations, calls and parts, with the places."""
    node, namer = ox.NamedNode(found.iri), _Namer(store)
    rows = [r for r in solutions(store, _FACTS, node) if r["passage"].value.startswith(PASSAGE)]
    if with_contacts:
        rows += [r for r in solutions(store, _CONTACTS, node) if r["passage"].value.startswith(CONTACT_PASSAGE)]
    facts: dict[tuple[str, str, str], Fact] = {}
    for row in rows:
        key = (
            row["subject"].value,
            _short(row["property"].value.rsplit("#", 1)[-1].rsplit("/", 1)[-1]),
            namer(row["value"]),
        )
        facts.setdefault(key, Fact(*key)).places.append(_place(row))
    for fact in facts.values():
        fact.places = _distinct(fact.places)
    referrers: dict[str, list[str]] = {}
    for row in solutions(store, _REFERRERS, node):
        name = row["label"].value if row["label"] is not None else _short(row["subject"].value)
        referrers.setdefault(_short(row["property"].value), []).append(name)
    types = sorted(_short(row["type"].value) for row in solutions(store, _TYPES, node))
    ordered = [facts[k] for k in sorted(facts, key=lambda k: (k[0] != found.iri, k))]
    return Description(found.iri, namer(node), types, ordered, {k: sorted(v) for k, v in sorted(referrers.items())})
