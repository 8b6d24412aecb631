"""Lists of things of one kind, a page at a time, with the few facts that tell them apart."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox

from loaders.rdf.terms import DCT, RDFS, TG
from web import words
from web.errors import MissingError
from web.models import terms
from web.models.counts import select
from web.models.terms import DEFAULT, Data, tg

SIZE = 100
"""Things on one page of a list."""

KINDS = {
    "theme": ("Theme", ("themeGroup", "intermediateBody", "ministry", "fund")),
    "project": ("Project", ("groupCode", "projectCode", "inTheme", "leadImplementer", "startDate", "endDate")),
    "organisation": ("Organisation", ("organisationType", "businessId")),
    "call": ("Call", ("inTheme", "opens", "closes")),
    "document": ("SourceDocument", ("referenceDate", "layout")),
    "conflict": ("Conflict", ("about", "onProperty", "kind")),
}
"""Kind → its class, and the properties its list shows."""

_COUNTED = {"theme": "inTheme", "organisation": "implementer", "document": "inDocument"}
"""Kind → the property by which other things refer to it; its list shows how many do."""

_SORTED = {"document": f"<{DCT}title>", "conflict": f"<{TG}about>/<{RDFS}label>"}
"""Kind → the path to the name its list is sorted by, where that is not its label."""
_NAMES = """
SELECT ?thing ?name WHERE {{ ?thing a <{cls}> OPTIONAL {{ ?thing {label} ?name }} }}
"""


def page(store: ox.Store, kind: str, number: int = 1, lang: str = "fi") -> Data:
    """One page of a list, by the names in a language; MissingError for a kind or a page that is not there."""
    if kind not in KINDS:
        raise MissingError(f"there is no list of {kind}; there are: {', '.join(KINDS)}")
    name, properties = KINDS[kind]
    things = _ordered(store, kind, lang)
    total = len(things)
    pages = max(1, -(-total // SIZE))
    if not 1 <= number <= pages:
        raise MissingError(f"the list has {pages} pages")
    rows = [_row(store, thing, kind, properties) for thing in things[SIZE * (number - 1) : SIZE * number]]
    model: Data = {"kind": kind, "class": TG + name, "number": number, "pages": pages, "total": total, "rows": rows}
    model["columns"] = [p for p in properties if any(row["cells"][p] for row in rows)]
    named = {*terms.iris(rows), TG + name, *(TG + p for p in properties)}
    return {**model, "labels": terms.labels(store, named)}


def _ordered(store: ox.Store, kind: str, lang: str) -> list[ox.NamedNode]:
    """Things of a kind by the names that a reader of a language sees."""
    query = _NAMES.format(cls=TG + KINDS[kind][0], label=_SORTED.get(kind, f"<{RDFS}label>"))
    named: dict[ox.NamedNode, tuple[int, str]] = {}
    for thing, name in ((row["thing"], row["name"]) for row in select(store, query)):
        rank = words.rank(name.language or "", lang) if name is not None else 0
        seen = rank, words.order(name.value if name is not None else thing.value)
        named[thing] = min(seen, named.get(thing, seen))
    return sorted(named, key=lambda thing: (named[thing][1], thing.value))


def _row(store: ox.Store, thing: Any, kind: str, properties: tuple[str, ...]) -> Data:
    cells = {
        name: sorted(map(terms.term, terms.objects(store, thing, tg(name))), key=lambda t: t.get("iri") or t["text"])
        for name in properties
    }
    refers = _COUNTED.get(kind)
    count = sum(1 for _ in store.quads_for_pattern(None, tg(refers), thing, DEFAULT)) if refers else None
    return {"thing": {"iri": thing.value}, "cells": cells, "count": count}
