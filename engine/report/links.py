"""The link sets of a graph in figures, and the organisations that no register identifies."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from engine.store import Queried, records, select
from loaders.rdf.terms import ID

IDENTIFYING = ("business-ids", "ror", "fairdata", "areas", "seats")
"""Sets that give an organisation a place in another register."""
_SETS = """
SELECT (STRAFTER(STR(?set), "/links/") AS ?name) ?title ?source ?version ?licence ?source_licence ?accepted ?by_person ?rejected
  ?candidates ?unlinked ?wanted
WHERE {
  ?set a void:Linkset ; dct:title ?title ; tg:linkGraph ?graph ; void:triples ?accepted ; tg:rejectedLinks ?rejected ;
    tg:candidateLinks ?candidates ; tg:unlinkedThings ?unlinked .
  OPTIONAL { ?set dct:source ?source }
  OPTIONAL { ?set sssom:object_source_version ?version }
  OPTIONAL { ?set dct:license ?licence }
  OPTIONAL { ?set dct:rights ?source_licence }
  OPTIONAL { ?set tg:wantedReference ?wanted }
  OPTIONAL {
    SELECT ?graph (COUNT(DISTINCT ?link) AS ?by_person) WHERE {
      GRAPH ?graph { ?link sssom:reviewer_label ?who . FILTER NOT EXISTS { ?link sssom:predicate_modifier ?not } }
    } GROUP BY ?graph
  }
} ORDER BY ?set
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
    source: str = ""
    version: str = ""
    source_licence: str = ""
    licence: str = ""
    accepted: int = 0
    by_person: int = 0
    rejected: int = 0
    candidates: int = 0
    unlinked: int = 0
    wanted: str = ""
    """What would link the rest; empty where nothing is left."""


@dataclass(frozen=True, slots=True)
class UnlinkedOrganisation:
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
    open: tuple[UnlinkedOrganisation, ...]


def report(store: Queried) -> LinkReport:
    """The report of a graph."""
    sets = tuple(records(store, _SETS, SetLine))
    wanted = tuple(dict.fromkeys(line.wanted for line in sets if line.name in IDENTIFYING and line.wanted))
    linked = {row["organisation"].value for row in select(store, _LINKED % _PREDICATES)}
    known: dict[str, str] = defaultdict(str)
    for row in select(store, _ORGANISATIONS):
        if row["organisation"].value.startswith(f"{ID}organisation/"):
            known[row["organisation"].value] = row["label"].value
    left = tuple(UnlinkedOrganisation(iri, label, wanted) for iri, label in known.items() if iri not in linked)
    return LinkReport(sets, len(known), len(known) - len(left), left)
