"""Names from elsewhere matched to the things of the graph: the Reconciliation Service API 0.2, for OpenRefine and others."""

import json
from collections.abc import Sequence
from typing import Any

import pyoxigraph as ox

from engine.query.backends import Term
from links.reconcile import ReconcileError, Service, Thing
from loaders.rdf.terms import ID, TG
from web import words
from web.formats import HttpError
from web.graph import TYPE, GraphReader, is_literal_of, text_of
from web.page import Made, Page, as_json
from web.views.columns import cells_of, kinds

_CLASSES = {"Organisation": "", "Theme": "national theme", "Project": "", "Call": "", "SourceDocument": ""}
"""What names are matched to, and what is said of a thing that has no kind of its own."""


def _service(graph: GraphReader) -> Service:
    """The things of the graph by all their names; made once a process."""

    def make() -> Service:
        things: dict[str, Thing] = {}
        for cls, description in _CLASSES.items():
            for row in graph.asked("matched", of=ox.NamedNode(TG + cls)):
                key, name = row["thing"].value.removeprefix(ID), row["name"].value
                kind = text_of(row["code"]).rpartition("/")[2]
                before = things.get(key) or Thing(key, name, (), (cls, kind) if kind else (cls,), kind or description)
                names = tuple(dict.fromkeys((*before.names, name)))
                things[key] = Thing(before.id, before.name, names, before.types, before.description)
        return Service(things.values())

    return graph.once("reconciling", make)


def reconcile(page: Page, fields: list[tuple[str, str]]) -> Made:
    """The manifest, the answers to a batch of names, or the values of properties of things (data extension)."""
    asked = dict(fields)
    service = _service(page.graph)
    if "extend" in asked:
        return as_json(_extended(page, _json(asked["extend"], "extend")))
    if "queries" not in asked:
        base = f"{page.address}/reconcile"
        propose = {"service_url": base, "service_path": "/properties"}
        return as_json({**service.manifest(base), "extend": {"propose_properties": propose, "property_settings": []}})
    return as_json(service.query(_json(asked["queries"], "queries")))


def _json(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise HttpError(400, f"{name}: expected a JSON object ({error})") from None


def properties(page: Page) -> Made:
    """Properties that a thing of a type can be extended by; those of organisations for any other type."""
    of_class, kind, limit = {k.cls: k.columns for k in kinds().values()}, page.param("type"), page.whole("limit", 50)
    columns = of_class.get(kind.removeprefix(TG).removeprefix("tg:"), of_class["Organisation"])
    named = [{"id": c.name, "name": words.column(c.name, "en")[0]} for c in columns.values() if c.kind != "made"]
    return as_json({"type": kind, "limit": limit, "properties": named[:limit]})


def _extended(page: Page, asked: Any) -> dict[str, Any]:
    """The values of properties for things by their ids."""
    if not (isinstance(asked, dict) and all(isinstance(asked.get(name), list) for name in ("ids", "properties"))):
        raise HttpError(400, 'extend: expected {"ids": [...], "properties": [{"id": ...}]}')
    names = [str(p.get("id")) for p in asked["properties"] if isinstance(p, dict)]
    columns = {name for kind in kinds().values() for name, c in kind.columns.items() if c.kind != "made"}
    if unknown := [n for n in names if n not in columns]:
        raise HttpError(400, f"extend: no property {unknown[0]!r}; there are {', '.join(sorted(columns))}")
    keys = [str(key) for key in asked["ids"][:1000]]
    by_property = {name: _values(page, keys, name) for name in names}
    rows = {key: {name: values.get(key, []) for name, values in by_property.items()} for key in keys}
    return {"meta": [{"id": name, "name": name} for name in names], "rows": rows}


def _values(page: Page, keys: Sequence[str], name: str) -> dict[str, list[dict[str, Any]]]:
    """The values of one property of things."""
    values = {}
    for kind in {key.partition("/")[0] for key in keys} & kinds().keys():
        of_kind = [ID + key for key in keys if key.startswith(f"{kind}/")]
        things = [iri for iri in of_kind if page.graph.is_a(iri, kinds()[kind].cls)]
        if name in kinds()[kind].columns and things:
            for iri, terms in cells_of(page.graph, kind, name, things).items():
                values[iri.removeprefix(ID)] = [_value(page, term) for term in terms]
    return values


def _value(page: Page, term: Term) -> dict[str, Any]:
    if isinstance(term, ox.NamedNode):
        return {"id": term.value.removeprefix(ID), "name": page.name(term.value)}
    if is_literal_of(term, "integer", "decimal"):
        return {"float": float(text_of(term))}
    if is_literal_of(term, "date"):
        return {"date": f"{text_of(term)}T00:00:00Z"}
    return {"str": text_of(term)}


def suggest(page: Page, what: str) -> Made:
    """Things, types or properties whose names begin so."""
    cursor = page.param("cursor", "0")
    if not (cursor.isdecimal() and len(cursor) < 7):
        raise HttpError(400, "cursor: expected a whole number")
    return as_json(_service(page.graph).suggest(what, page.param("prefix")[:200], int(cursor)))


def preview(page: Page) -> Made:
    """A small page about a thing, to be shown within the client's own; HttpError 404 if there is none."""
    try:
        thing = _service(page.graph).preview(page.param("id"))
    except ReconcileError as error:
        raise HttpError(404, error.message) from None
    known = page.graph.objects(thing["iri"], "organisationType") or page.graph.objects(thing["iri"], TYPE)
    return page.html("preview.html", m=thing, described=page.said(known[0]) if known else thing["description"])
