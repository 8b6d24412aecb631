"""Why a thing is one: what each spelling of an organisation was taken by, and what links say of it, with their evidence."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from engine.describe import solutions
from links.resolution import explain
from links.sets import GRAPHS
from loaders.names.registry import Registry
from loaders.rdf.terms import ID

_ORGANISATION = f"{ID}organisation/"
_NAMES = """
SELECT DISTINCT ?name WHERE {
  { ?thing rdfs:label ?name } UNION { ?thing skos:altLabel ?name }
  UNION { ?part tg:organisation ?thing ; tg:nameAsStated ?name }
} ORDER BY ?name
"""
_REPLACED = "SELECT ?old WHERE { ?old <http://purl.org/dc/terms/isReplacedBy> ?thing } ORDER BY ?old"
_LINKS = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX sssom: <https://w3id.org/sssom/>
SELECT ?set ?property ?value ?why ?negated ?reviewer ?day ?match ?comment WHERE {
  GRAPH ?set {
    ?link owl:annotatedSource ?thing ; owl:annotatedProperty ?property ; owl:annotatedTarget ?value ;
      sssom:mapping_justification ?why .
    OPTIONAL { ?link sssom:predicate_modifier ?negated }
    OPTIONAL { ?link sssom:reviewer_label ?reviewer }
    OPTIONAL { ?link sssom:mapping_date ?day }
    OPTIONAL { ?link sssom:match_string ?match }
    OPTIONAL { ?link rdfs:comment ?comment }
  }
} ORDER BY ?set ?value
"""


@dataclass(frozen=True, slots=True)
class Spelling:
    """One name an organisation goes by, and why it stands for it."""

    name: str
    kind: str
    """``registry``, ``key``, ``business-id`` or ``decision``."""
    evidence: str


@dataclass(frozen=True, slots=True)
class Linked:
    """One decided pair: accepted or rejected, by what, by whom and when."""

    set: str
    property: str
    value: str
    accepted: bool
    justification: str
    reviewer: str = ""
    date: str = ""
    evidence: str = ""
    """The name both sides share, or a remark."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes a thing one, and what it is elsewhere."""

    spellings: tuple[Spelling, ...] = ()
    links: tuple[Linked, ...] = ()


def identity(store: ox.Store, iri: str) -> Identity:
    """The spellings (of an organisation) and the links of a thing."""
    node = ox.NamedNode(iri)
    return Identity(_spellings(store, node), tuple(map(_linked, solutions(store, _LINKS, node))))


def _spellings(store: ox.Store, node: ox.NamedNode) -> tuple[Spelling, ...]:
    if not node.value.startswith(_ORGANISATION):
        return ()
    registry, key = Registry.load(), node.value.removeprefix(_ORGANISATION)
    names = dict.fromkeys(row["name"].value for row in solutions(store, _NAMES, node))
    joined = [row["old"].value.removeprefix(_ORGANISATION) for row in solutions(store, _REPLACED, node)]
    found = []
    for name in names:
        reason = explain(name, registry)
        read_as = registry.organisation_key(name)
        if read_as == key or not joined:
            found.append(Spelling(name, reason.kind, reason.evidence))
        else:
            found.append(
                Spelling(name, "business-id", f"read as {read_as}; one business id or a decision joins the two")
            )
    return tuple(found)


def _linked(row: ox.QuerySolution) -> Linked:
    def text(name: str) -> str:
        return row[name].value if row[name] is not None else ""

    return Linked(
        text("set").removeprefix(GRAPHS),
        text("property").replace("#", "/").rpartition("/")[2],
        text("value"),
        not text("negated"),
        text("why").rpartition("/")[2],
        text("reviewer"),
        text("day"),
        text("match") or text("comment"),
    )
