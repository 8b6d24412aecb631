"""Things by words: in any inflected form, with or without accents, by code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from engine.finnish import roots
from loaders.terms import BASE, CODE, DCT, ID, RDF, RDFS, SKOS, TG
from web.models import terms
from web.models.counts import select
from web.models.terms import Data

MOST = 100
"""Things a search gives."""
_NAMES = f"""
SELECT ?thing ?name WHERE {{
  VALUES ?property {{ <{RDFS}label> <{SKOS}altLabel> <{SKOS}prefLabel> <{SKOS}notation> <{DCT}title>
                      <{TG}projectCode> <{TG}groupCode> <{TG}acronym> }}
  ?thing ?property ?name . FILTER(STRSTARTS(STR(?thing), "{BASE}"))
}}
"""
_RANKS = ("theme", "project", "organisation", "call", "document")


@dataclass(frozen=True, slots=True)
class _Entry:
    iri: str
    name: str
    roots: frozenset[str]


@lru_cache(maxsize=1)
def _index(store: ox.Store) -> tuple[_Entry, ...]:
    """Every name of the graph with the roots of its words, read once a process."""
    found = {(row["thing"].value, row["name"].value) for row in select(store, _NAMES)}
    return tuple(_Entry(iri, name, frozenset(roots(name))) for iri, name in sorted(found) if iri.startswith((ID, CODE)))


def search(store: ox.Store, words: str, most: int = MOST) -> Data:
    """Things one of whose names has all the words, the best names first."""
    wanted = roots(words)
    best: dict[str, tuple[tuple[int, int, int, str], str]] = {}
    for entry in _index(store) if wanted else ():
        missing = [root for root in wanted if root not in entry.roots]
        if any(not any(own.startswith(root) for own in entry.roots) for root in missing):
            continue
        rank = (len(missing), _rank(entry.iri), len(entry.roots), entry.name)
        if entry.iri not in best or rank < best[entry.iri][0]:
            best[entry.iri] = (rank, entry.name)
    hits = [
        {"iri": iri, "matched": name} for iri, (_, name) in sorted(best.items(), key=lambda item: item[1][0])[:most]
    ]
    for hit in hits:
        types = sorted(o.value for o in terms.objects(store, ox.NamedNode(hit["iri"]), ox.NamedNode(f"{RDF}type")))
        hit["type"] = next((t for t in types if t.startswith(TG)), "")
    model: Data = {"hits": hits, "total": len(best)}
    return {**model, "labels": terms.labels(store, {*terms.iris(hits), *(hit["type"] for hit in hits if hit["type"])})}


def _rank(iri: str) -> int:
    kind = iri.removeprefix(ID).split("/")[0]
    return _RANKS.index(kind) if kind in _RANKS else len(_RANKS)


def names(store: ox.Store) -> list[tuple[str, str]]:
    """Every (thing, name), for a search that a browser does by itself."""
    return [(entry.iri, entry.name) for entry in _index(store)]
