"""Search by words, as a page or as JSON, with groups and counts; suggestions while typing."""

from pathlib import Path

import pyoxigraph as ox

from engine import search as index
from engine.search import Hit
from engine.search import words as words_of
from loaders.names import Registry
from loaders.rdf.terms import CODE, ID, SKOS, TG
from web import words
from web.formats import HTML, HttpError
from web.graph import TYPE, GraphReader, document_of
from web.page import Made, Page, as_json
from web.site import line_path, path_of

_MOST = 200
"""Things a search gives."""
_LONGEST = 200
_SUGGESTED = 8


def search(page: Page) -> Made:
    """Things whose names have the words, and passages that say them; in groups on a page, best first as JSON."""
    asked, kind = page.param("q").strip(), page.param("kind")
    if len(asked) > _LONGEST:
        raise HttpError(400, f"q: at most {_LONGEST} letters")
    if kind and kind not in index.CLASSES:
        raise HttpError(400, f"kind={kind!r}: there are {', '.join(index.CLASSES)}")
    matches = _found(page, asked)
    if page.media != HTML:
        return as_json([_record(page, one) for one in matches if kind in ("", one.kind)])
    by_kind: dict[str, list[Hit]] = {}
    for hit in matches:
        by_kind.setdefault(hit.kind, []).append(hit)
    most = _MOST if kind else 10
    groups = [(one, len(hits), hits[:most] if kind in ("", one) else []) for one, hits in by_kind.items()]
    return page.html(
        "search.html",
        q=asked,
        kind=kind,
        groups=groups,
        total=len(matches),
        place_of=page.graph.place,
        class_of=lambda hit: _class_of(page.graph, hit),
    )


def _found(page: Page, asked: str) -> list[Hit]:
    """Projects of this code and what the registries call so, then things by how well their names fit, then passages."""
    if not words_of(asked):
        return []
    graph, code = page.graph, asked.upper()
    parts = graph.subjects("projectCode", ox.Literal(code))
    coded = sorted({project.value for part in parts for project in graph.subjects("participation", part)})
    registry = Registry.load()
    keys = ("theme", registry.theme_key(asked)), ("organisation", registry.organisation_key(asked))
    called = {iri: kind for kind, key in keys if graph.is_a(iri := f"{ID}{kind}/{key}", index.CLASSES[kind])}
    hits = [hit for hit in index.search(Path(page.index), asked, _MOST) if hit.iri not in (*coded, *called)]
    first = [Hit("project", iri, code, "", 1.0) for iri in coded]
    first += [Hit(kind, iri, graph.name(iri, page.lang), "", 1.0) for iri, kind in called.items()]
    return [*first, *sorted(hits, key=lambda hit: -_exactness(graph, hit, asked))]


def _exactness(graph: GraphReader, hit: Hit, asked: str) -> int:
    """How well a thing's names fit what was asked, before how often its words stand in them."""
    if hit.kind == "passage":
        return 0
    asked_words = words.order(asked)
    names = graph.names(hit.iri).values(), graph.texts(hit.iri, f"{SKOS}altLabel").values()
    ordered = [words.order(name) for some in names for name in some]
    if asked_words in ordered:
        return 3
    return 2 if all(any(p.startswith(w) for n in ordered for p in n.split()) for w in asked_words.split()) else 1


def _class_of(graph: GraphReader, hit: Hit) -> str:
    return next((of for of in graph.things(hit.iri, TYPE) if of.startswith(TG)), index.CLASSES[hit.kind])


def _record(page: Page, hit: Hit) -> dict[str, object]:
    place = page.graph.place(hit.iri)
    path = line_path(place) if place else path_of(hit.iri) or ""
    record: dict[str, object] = {"iri": hit.iri, "kind": hit.kind, "type": _class_of(page.graph, hit)}
    record |= {"score": hit.score, "name": hit.label, "labels": page.graph.names(hit.iri), "page": page.address + path}
    if place:
        lines = {"lineStart": place.lineStart, "lineEnd": place.lineEnd, "verbatim": place.words}
        record["passage"] = {"document": document_of(place), "page": place.page, **lines}
    return record


def suggest(page: Page) -> Made:
    """Names that begin as what was typed so far: [{"name", "kind", "href"}]."""
    graph, lang = page.graph, page.lang
    hits = [one for one in _found(page, page.param("q").strip()[:_LONGEST]) if one.kind != "passage"][:_SUGGESTED]
    named = ((graph.name(one.iri, lang) or one.label, graph.name(_class_of(graph, one), lang), one) for one in hits)
    return as_json([{"name": n, "kind": kind or one.kind, "href": page.site.thing(one.iri)} for n, kind, one in named])


def names(page: Page) -> Made:
    """Every (name, page), for a search that a browser does by itself."""
    rows = [(row["name"].value, row["thing"]) for row in page.graph.asked("names")]
    things = [(name, thing.value) for name, thing in rows if isinstance(thing, ox.NamedNode)]
    return as_json([(name, f"..{path_of(iri)}/") for name, iri in things if iri.startswith((ID, CODE))])
