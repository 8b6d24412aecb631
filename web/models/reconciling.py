"""Names from elsewhere matched to the things of the graph: what the reconciliation service answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pyoxigraph as ox

from links.reconcile import KINDS, ReconcileError, Service, Thing
from loaders.errors import QueryUsageError
from loaders.names import Registry
from loaders.rdf.terms import ID, RDF, RDFS, SKOS, TG
from web.errors import MissingError
from web.models.counts import select
from web.models.terms import Data

_THINGS = f"""
SELECT ?thing ?name ?code WHERE {{
  ?thing <{RDF}type> ?class . FILTER(STRSTARTS(STR(?thing), "{ID}"))
  {{ ?thing <{RDFS}label> ?name }} UNION {{ ?thing <{SKOS}altLabel> ?name }}
  OPTIONAL {{ ?thing <{TG}organisationType> ?code }}
}} ORDER BY ?thing (LANG(?name) != "fi") ?name
"""


@lru_cache(maxsize=1)
def _service(store: ox.Store) -> Service:
    """The registries' names for what the graph has, and the graph's own names for the rest; made once a process."""
    known = Service.of_registry().things
    found: dict[str, Thing] = {}
    for cls in KINDS.values():
        for row in select(store, _THINGS.replace("?class", f"<{TG}{cls}>")):
            key = row["thing"].value.removeprefix(ID)
            kind = row["code"].value.rpartition("/")[2] if row["code"] else ""
            name = row["name"].value
            before = found.get(key) or known.get(key) or Thing(key, name, (), (cls, kind) if kind else (cls,), kind)
            names = tuple(dict.fromkeys((*before.names, name)))
            found[key] = Thing(before.id, before.name, names, before.types, before.description)
    return Service(found.values(), Registry.load())


def _asked(answer: Callable[[], Data]) -> Data:
    try:
        return answer()
    except ReconcileError as error:
        raise QueryUsageError(error.message) from None


def manifest(store: ox.Store, base: str) -> Data:
    """What the service is and where it answers."""
    return _service(store).manifest(base)


def query(store: ox.Store, queries: Any) -> Data:
    """Candidates for each of a batch of names."""
    return _asked(lambda: _service(store).query(queries))


def suggest(store: ox.Store, what: str, prefix: str, cursor: int) -> Data:
    """Things, types or properties whose names begin so."""
    return _asked(lambda: _service(store).suggest(what, prefix, cursor))


def preview(store: ox.Store, identifier: str) -> Data:
    """What a small page about a thing shows; MissingError if there is none."""
    try:
        return _service(store).preview(identifier)
    except ReconcileError as error:
        raise MissingError(error.message) from None
