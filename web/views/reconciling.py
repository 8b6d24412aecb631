"""Names from elsewhere matched to the things of the graph: the Reconciliation Service API 0.2, for OpenRefine and others."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import pyoxigraph as ox

from links.reconcile import KINDS, ReconcileError, Service, Thing
from loaders.names import Registry
from loaders.rdf.terms import ID, RDF, RDFS, SKOS, TG
from web.formats import HttpError
from web.views import Made, View, as_json, html
from web.views.graph import Graph
from web.views.lists import items_of, kinds, said

_MORE = {"project": "Project", "call": "Call", "document": "SourceDocument"}
"""Kinds of thing that names are matched to, beside those that the link sets reconcile."""
_THINGS = f"""
SELECT ?thing ?name ?code WHERE {{
  ?thing <{RDF}type> ?class . FILTER(STRSTARTS(STR(?thing), "{ID}"))
  {{ ?thing <{RDFS}label> ?name }} UNION {{ ?thing <{SKOS}altLabel> ?name }} UNION {{
    ?thing <http://purl.org/dc/terms/title>|<{TG}groupCode>|<{TG}projectCode>|<{TG}acronym> ?name }}
  OPTIONAL {{ ?thing <{TG}organisationType> ?code }}
}} ORDER BY ?thing (LANG(?name) != "fi") ?name
"""


@lru_cache(maxsize=2)
def _service(graph: Graph) -> Service:
    """The registries' names for what the graph has, and the graph's own names for the rest; made once a process."""
    known = Service.of_registry().things
    found: dict[str, Thing] = {}
    for cls in (*KINDS.values(), *_MORE.values()):
        for row in graph.select(_THINGS.replace("?class", f"<{TG}{cls}>")):
            key = str(row["thing"])[1:-1].removeprefix(ID)
            kind = str(row["code"])[1:-1].rpartition("/")[2] if row["code"] else ""
            name = row["name"].value
            before = found.get(key) or known.get(key) or Thing(key, name, (), (cls, kind) if kind else (cls,), kind)
            names = tuple(dict.fromkeys((*before.names, name)))
            found[key] = Thing(before.id, before.name, names, before.types, before.description)
    return Service(found.values(), Registry.load())


def reconcile(view: View, fields: list[tuple[str, str]]) -> Made:
    """The manifest, the answers to a batch of names, or the values of properties of things (data extension)."""
    asked = dict(fields)
    service = _service(view.graph)
    if "extend" in asked:
        return as_json(_extended(view, _json(asked["extend"], "extend")))
    if "queries" not in asked:
        return as_json(_manifest(service, f"{view.address}/reconcile"))
    try:
        return as_json(service.query(_json(asked["queries"], "queries")))
    except ReconcileError as error:
        raise HttpError(400, error.message) from None


def _json(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise HttpError(400, f"{name}: expected a JSON object ({error})") from None


def _manifest(service: Service, base: str) -> dict[str, Any]:
    extend = {
        "propose_properties": {"service_url": base, "service_path": "/properties"},
        "property_settings": [],
    }
    return {**service.manifest(base), "extend": extend}


def properties(view: View) -> Made:
    """Properties that a thing of a type can be extended by."""
    kind, names = _columns(view, view.param("type"))
    limit = view.number("limit", 50)
    return as_json(
        {"type": kind, "limit": limit, "properties": [{"id": k, "name": n} for k, n in names.items()][:limit]}
    )


def _columns(view: View, type_: str) -> tuple[str, dict[str, str]]:
    from web import words

    known = {kind.cls: kind.columns for kind in kinds().values()}
    cls = type_.removeprefix(TG).removeprefix("tg:") or "Organisation"
    columns = known.get(cls, known["Organisation"])
    return type_, {c.name: words.column(c.name, "en")[0] for c in columns if c.kind != "made"}


def _extended(view: View, asked: Any) -> dict[str, Any]:
    """The values of properties for things by their ids."""
    if (
        not isinstance(asked, dict)
        or not isinstance(asked.get("ids"), list)
        or not isinstance(asked.get("properties"), list)
    ):
        raise HttpError(400, 'extend: expected {"ids": [...], "properties": [{"id": ...}]}')
    names = [str(p.get("id")) for p in asked["properties"] if isinstance(p, dict)]
    columns = {c.name for kind in kinds().values() for c in kind.columns}
    if unknown := [n for n in names if n not in columns]:
        raise HttpError(400, f"extend: no property {unknown[0]!r}; there are {', '.join(sorted(columns))}")
    rows = {str(key): {name: _values(view, str(key), name) for name in names} for key in asked["ids"][:1000]}
    return {"meta": [{"id": name, "name": name} for name in names], "rows": rows}


def _values(view: View, key: str, name: str) -> list[dict[str, Any]]:
    kind = key.partition("/")[0]
    if kind not in kinds():
        return []
    item = next((i for i in items_of(view.graph, kind) if i.iri == ID + key), None)
    found = item.cells.get(name, []) if item else []
    values: list[dict[str, Any]] = []
    for term in found:
        if isinstance(term, ox.NamedNode):
            values.append({"id": term.value.removeprefix(ID), "name": said(view, name, term)})
        elif isinstance(term, ox.Literal) and term.datatype.value.endswith(("#integer", "#decimal")):
            values.append({"float": float(term.value)})
        elif isinstance(term, ox.Literal) and term.datatype.value.endswith("#date"):
            values.append({"date": f"{term.value}T00:00:00Z"})
        else:
            values.append({"str": str(getattr(term, "value", term))})
    return values


def suggest(view: View, what: str) -> Made:
    """Things, types or properties whose names begin so."""
    cursor = view.param("cursor", "0")
    if not (cursor.isdecimal() and len(cursor) < 7):
        raise HttpError(400, "cursor: expected a whole number")
    try:
        return as_json(_service(view.graph).suggest(what, view.param("prefix")[:200], int(cursor)))
    except ReconcileError as error:
        raise HttpError(400, error.message) from None


def preview(view: View) -> Made:
    """A small page about a thing, to be shown within the client's own; HttpError 404 if there is none."""
    try:
        found = _service(view.graph).preview(view.param("id"))
    except ReconcileError as error:
        raise HttpError(404, error.message) from None
    return html(view, "preview.html", m=found)
