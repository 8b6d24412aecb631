"""The link sets of a graph in figures, and the organisations that no register identifies."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields

import pyoxigraph as ox

from engine.store import Queried, select
from loaders.rdf.terms import ID

_NUMBERS = ("accepted", "by_person", "rejected", "candidates", "unlinked")
IDENTIFYING = ("business-ids", "ror", "fairdata", "areas", "seats")
"""Sets that give an organisation a place in another register."""
_SETS = """
SELECT ?name ?title ?source ?version ?licence ?source_licence ?accepted ?by_person ?rejected ?candidates ?unlinked ?wanted
WHERE {
  ?name a void:Linkset ; dct:title ?title ; tg:linkGraph ?graph ; void:triples ?accepted ; tg:rejectedLinks ?rejected ;
    tg:candidateLinks ?candidates ; tg:unlinkedThings ?unlinked .
  OPTIONAL { ?name dct:source ?source }
  OPTIONAL { ?name sssom:object_source_version ?version }
  OPTIONAL { ?name dct:license ?licence }
  OPTIONAL { ?name dct:rights ?source_licence }
  OPTIONAL { ?name tg:wantedReference ?wanted }
  OPTIONAL {
    SELECT ?graph (COUNT(DISTINCT ?link) AS ?by_person) WHERE {
      GRAPH ?graph { ?link sssom:reviewer_label ?who . FILTER NOT EXISTS { ?link sssom:predicate_modifier ?not } }
    } GROUP BY ?graph
  }
} ORDER BY ?name
"""
_ORGANISATIONS = """
SELECT ?organisation (SAMPLE(?name) AS ?label) WHERE {
  ?organisation a tg:Organisation ; rdfs:label ?name .
  FILTER(LANG(?name) = "fi" || NOT EXISTS { ?organisation rdfs:label ?finnish FILTER(LANG(?finnish) = "fi") })
  FILTER NOT EXISTS { ?former tg:succeededBy ?organisation }
} GROUP BY ?organisation ORDER BY ?label
"""
_LINKED = "SELECT DISTINCT ?organisation WHERE { VALUES ?p { %s } ?organisation ?p ?entry }"
_PREDICATES = "tg:sameOrganisation <http://www.w3.org/ns/adms#identifier> tg:area tg:municipality tg:businessId"


@dataclass(frozen=True, slots=True)
class SetLine:
    """One link set: where its links lead, under what licence, and how far it got."""

    name: str
    title: str
    source: str
    version: str
    source_licence: str
    licence: str
    accepted: int
    by_person: int
    rejected: int
    candidates: int
    unlinked: int
    wanted: str
    """What would link the rest; empty where nothing is left."""


@dataclass(frozen=True, slots=True)
class Open:
    """An organisation that no register identifies, and what would link it."""

    organisation: str
    label: str
    wanted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkReport:
    """All link sets of a graph, how many of its organisations are linked, and which are not."""

    sets: tuple[SetLine, ...]
    organisations: int
    linked: int
    open: tuple[Open, ...]


def report(store: Queried) -> LinkReport:
    """The report of a graph."""
    sets = tuple(map(_line, select(store, _SETS)))
    wanted = tuple(dict.fromkeys(line.wanted for line in sets if line.name in IDENTIFYING and line.wanted))
    linked = {row["organisation"].value for row in select(store, _LINKED % _PREDICATES)}
    known: dict[str, str] = defaultdict(str)
    for row in select(store, _ORGANISATIONS):
        if row["organisation"].value.startswith(f"{ID}organisation/"):
            known[row["organisation"].value] = row["label"].value
    left = tuple(Open(iri, label, wanted) for iri, label in known.items() if iri not in linked)
    return LinkReport(sets, len(known), len(known) - len(left), left)


def _line(row: ox.QuerySolution) -> SetLine:
    """A row of the query, whose variables are named as the fields."""
    cells = {field.name: row[field.name].value if row[field.name] is not None else "" for field in fields(SetLine)}
    numbers = {name: int(cells[name] or 0) for name in _NUMBERS}
    return SetLine(**cells | numbers | {"name": cells["name"].rpartition("/")[2]})  # type: ignore[arg-type]
