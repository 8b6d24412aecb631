"""Search by words, as a page or as JSON, with groups and counts; suggestions while typing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from engine import search as index
from engine.search import words as words_of
from loaders.rdf.terms import BASE, CODE, DCT, ID, RDFS, SKOS, TG
from web import words
from web.formats import HTML, HttpError
from web.views import Made, View, as_json, html
from web.views.graph import TYPE, Graph, Place, tg

_MOST = 200
"""Things a search gives."""
_LONGEST = 200
_SUGGESTED = 8
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


@dataclass(frozen=True, slots=True)
class Found:
    """Something found: a thing, or a passage."""

    iri: str
    kind: str
    type: str
    score: float
    label: str
    place: Place | None = None


def search(view: View) -> Made:
    """Things whose names have the words, and passages that say them; in groups on a page, best first as JSON."""
    asked, kind = view.param("q").strip(), view.param("kind")
    if len(asked) > _LONGEST:
        raise HttpError(400, f"q: at most {_LONGEST} letters")
    if kind and kind not in _CLASSES:
        raise HttpError(400, f"kind={kind!r}: there are {', '.join(_CLASSES)}")
    found = _found(view, asked) if words_of(asked) else []
    counts = Counter(one.kind for one in found)
    hits = [one for one in found if kind in ("", one.kind)]
    if view.media != HTML:
        return as_json([_record(view, hit) for hit in hits])
    kinds = sorted(counts, key=lambda k: min(n for n, one in enumerate(found) if one.kind == k))
    groups = [(k, _CLASSES[k], counts[k], [h for h in hits if h.kind == k][: _MOST if kind else 10]) for k in kinds]
    shown = [group for group in groups if group[3]]
    return html(view, "search.html", q=asked, kind=kind, groups=shown, all_groups=groups, total=len(found))


def _found(view: View, asked: str) -> list[Found]:
    graph = view.graph
    hits = index.search(Path(view.index), asked, _MOST)
    coded = _coded(graph, asked)
    known = {iri for iri, _ in coded}
    first = [Found(iri, "project", f"{TG}Project", 1.0, code) for iri, code in coded]
    named = [_hit(graph, hit) for hit in hits if hit.iri not in known]
    return [*first, *sorted(named, key=lambda f: -_exactness(view, f, asked))]


def _exactness(view: View, found: Found, asked: str) -> int:
    """How well a thing's names fit what was asked, before how often its words stand in them."""
    if found.place:
        return 0
    wanted = words.order(asked)
    names = [words.order(n) for n in _all_names(view.graph, found.iri)]
    if wanted in names:
        return 3
    return 2 if all(any(p.startswith(w) for n in names for p in n.split()) for w in wanted.split()) else 1


def _all_names(graph: Graph, iri: str) -> list[str]:
    others = graph.objects(ox.NamedNode(iri), ox.NamedNode(f"{SKOS}altLabel"))
    return [*graph.names(iri).values(), *(o.value for o in others if isinstance(o, ox.Literal))]


def _hit(graph: Graph, hit: index.Hit) -> Found:
    if hit.kind == "passage":
        return Found(hit.iri, hit.kind, _CLASSES["passage"], hit.score, hit.label, graph.place(hit.iri))
    types = [str(t)[1:-1] for t in graph.objects(ox.NamedNode(hit.iri), TYPE)]
    return Found(
        hit.iri, hit.kind, next((t for t in types if t.startswith(TG)), _CLASSES[hit.kind]), hit.score, hit.label
    )


def _coded(graph: Graph, asked: str) -> list[tuple[str, str]]:
    """Projects one of whose parts has what was asked as its code."""
    code = ox.Literal(asked.upper())
    parts = graph.subjects(tg("projectCode"), code)
    projects = {project.value for part in parts for project in graph.subjects(tg("participation"), part)}
    return [(iri, code.value) for iri in sorted(projects)]


def _record(view: View, found: Found) -> dict[str, object]:
    record: dict[str, object] = {"iri": found.iri, "kind": found.kind, "type": found.type, "score": found.score}
    record |= {
        "name": found.label,
        "labels": view.graph.names(found.iri),
        "page": f"{view.address}{_path(view, found)}",
    }
    if found.place:
        record["passage"] = {
            "document": found.place.document,
            "page": found.place.page,
            "lineStart": found.place.first,
            "lineEnd": found.place.last,
            "verbatim": found.place.words,
        }
    return record


def _path(view: View, found: Found) -> str:
    from web.site import line_path, path_of

    return (
        line_path(found.place.document, found.place.first, found.place.last)
        if found.place
        else path_of(found.iri) or ""
    )


def suggest(view: View) -> Made:
    """Names that begin as what was typed so far: [{"name", "kind", "href"}]."""
    asked = view.param("q").strip()[:_LONGEST]
    if not words_of(asked):
        return as_json([])
    found = [one for one in _found(view, asked) if not one.place][:_SUGGESTED]
    return as_json(
        [
            {
                "name": view.graph.name(one.iri, view.lang) or one.label,
                "kind": view.graph.name(one.type, view.lang) or one.kind,
                "href": view.site.thing(one.iri),
            }
            for one in found
        ]
    )


def names(view: View) -> Made:
    """Every (name, page), for a search that a browser does by itself."""
    from web.site import path_of

    found = [(row["name"].value, str(row["thing"])[1:-1]) for row in view.graph.select(_NAMES)]
    listed = [(name, f"..{path_of(iri)}/") for name, iri in found if iri.startswith((ID, CODE))]
    return as_json(listed)
