"""What the search index finds, with the names and classes a page needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyoxigraph as ox

from engine import search as index
from loaders.rdf.terms import BASE, CODE, DCT, ID, RDF, RDFS, SKOS, TG
from web.models import terms
from web.models.counts import select
from web.models.terms import Data

MOST = 100
"""Things a search gives."""
_CLASSES = {
    "theme": f"{TG}Theme",
    "organisation": f"{TG}Organisation",
    "project": f"{TG}Project",
    "call": f"{TG}Call",
    "sub-theme": f"{TG}SubTheme",
    "target-group": f"{TG}TargetGroup",
    "document": f"{TG}SourceDocument",
    "code": f"{SKOS}Concept",
    "passage": f"{TG}Passage",
}
"""Classes by the index's kinds."""
_NAMES = f"""
SELECT DISTINCT ?thing ?name WHERE {{
  VALUES ?property {{ <{RDFS}label> <{SKOS}altLabel> <{SKOS}prefLabel> <{SKOS}notation> <{DCT}title>
                      <{TG}projectCode> <{TG}groupCode> <{TG}acronym> }}
  ?thing ?property ?name . FILTER(STRSTARTS(STR(?thing), "{BASE}"))
}} ORDER BY ?name ?thing
"""


def search(store: ox.Store, place: str, words: str, kind: str = "") -> Data:
    """Things whose names, and passages whose words, have the words asked for; the best first."""
    found = index.search(Path(place), words, MOST, [kind] if kind else []) if words else []
    coded = _coded(store, words) if kind in ("", "project") else []
    hits = [_hit(store, hit) for hit in (*coded, *(h for h in found if h.iri not in {c.iri for c in coded}))]
    kinds = [{"kind": name, "class": _CLASSES[name]} for name in index.KINDS]
    cited = {hit["passage"]["inDocument"] for hit in hits if "passage" in hit}
    shown = {*terms.iris(hits), *(hit["type"] for hit in hits), *cited, *_CLASSES.values()}
    return {"hits": hits, "kinds": kinds, "labels": terms.labels(store, shown)}


def _hit(store: ox.Store, hit: index.Hit) -> Data:
    told: dict[str, Any] = {"iri": hit.iri, "kind": hit.kind, "name": hit.label, "score": hit.score}
    if hit.kind == "passage":
        return {**told, "type": _CLASSES["passage"], "passage": terms.passage(store, hit.iri)}
    types = sorted(o.value for o in terms.objects(store, ox.NamedNode(hit.iri), ox.NamedNode(f"{RDF}type")))
    return {**told, "type": next((t for t in types if t.startswith(TG)), _CLASSES[hit.kind])}


def _coded(store: ox.Store, words: str) -> list[index.Hit]:
    """Projects one of whose parts has the words as its code."""
    code = ox.Literal(words.upper())
    parts = [quad.subject for quad in store.quads_for_pattern(None, terms.tg("projectCode"), code, terms.DEFAULT)]
    projects = {
        str(quad.subject.value)
        for part in parts
        for quad in store.quads_for_pattern(None, terms.tg("participation"), part, terms.DEFAULT)
        if isinstance(quad.subject, ox.NamedNode)
    }
    return [index.Hit("project", iri, code.value, "", 1.0) for iri in sorted(projects)]


def names(store: ox.Store) -> list[tuple[str, str]]:
    """Every (thing, name), for a search that a browser does by itself."""
    found = ((row["thing"].value, row["name"].value) for row in select(store, _NAMES))
    return [(iri, name) for iri, name in found if iri.startswith((ID, CODE))]
