"""Answer a stored query, or a user's own SPARQL, on a store or on an endpoint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pyoxigraph as ox

from engine.query.backends import Backend, Endpoint, LocalStore, WorkerStore
from engine.query.federation import Federated
from engine.query.library import StoredQuery, bind, find, is_name, read
from engine.query.parameters import resolve
from engine.query.result import Result, python
from loaders.errors import QueryError, QueryUsageError


def run(
    source: ox.Store | Path | str | None,
    name_or_text: str | StoredQuery,
    *,
    timeout: float | None = None,
    endpoint: str | None = None,
    services: Mapping[str, str] | None = None,
    **parameters: object,
) -> Result:
    """Answer a stored query by name, or SPARQL text.

    ``source`` is an open store or a store's directory; ``endpoint`` asks a SPARQL endpoint instead. With ``timeout`` (seconds) a
    directory is queried in a process of its own that is killed in time; an open store cannot be stopped and is refused.
    ``services`` allows SERVICE: address in the query → address to ask, usually the same. Parameters are given by label,
    notation, code, key or IRI, or as Python values; a list means any of them.
    """
    query = stored(name_or_text)
    with backend(source, timeout, endpoint, services) as engine:
        return answer(engine, query, **parameters)


def stored(name_or_text: str | StoredQuery) -> StoredQuery:
    """The stored query of this name, or the SPARQL text as a query without a header."""
    if isinstance(name_or_text, StoredQuery):
        return name_or_text
    return find(name_or_text) if is_name(name_or_text.strip()) else read(name_or_text, "query")


def backend(
    source: ox.Store | Path | str | None,
    timeout: float | None = None,
    endpoint: str | None = None,
    services: Mapping[str, str] | None = None,
) -> Backend:
    """A backend for an open store, a store's directory or an endpoint; SERVICE may ask only the endpoints in ``services``."""
    return Federated(_backend(source, timeout, endpoint), services, timeout)


def _backend(source: ox.Store | Path | str | None, timeout: float | None, endpoint: str | None) -> Backend:
    if timeout is not None and not timeout > 0:
        raise QueryUsageError(f"the time limit must be above zero, not {timeout:g}")
    if endpoint is not None:
        return Endpoint(endpoint, timeout)
    if source is None:
        raise QueryUsageError("name a store or an endpoint to query")
    if isinstance(source, ox.Store):
        if timeout is not None:
            raise QueryUsageError(
                "a time limit needs the store's directory: a query on an open store cannot be stopped"
            )
        return LocalStore(source)
    from engine.store import current, open_store

    directory = Path(source)
    return LocalStore(open_store(directory)) if timeout is None else WorkerStore(current(directory).data, timeout)


def bound(engine: Backend, query: StoredQuery, parameters: dict[str, object]) -> tuple[str, tuple[str, ...]]:
    """The query's text with its parameters filled in, and how each was understood; a parameter of None keeps its default."""
    for name in parameters:
        query.parameter(name)  # an unknown name is refused even without a value
    parameters = {name: value for name, value in parameters.items() if value is not None}
    if not parameters:
        return query.text, ()

    def select(text: str) -> Iterable[ox.QuerySolution]:
        found = engine.query(text)
        if not isinstance(found, ox.QuerySolutions):
            raise QueryError("the names of parameters could not be looked up: no rows came back")
        return found

    terms = resolve(query, parameters, select)
    return bind(query, terms), tuple(f"{name} = {', '.join(str(python(t)) for t in ts)}" for name, ts in terms.items())


def answer(engine: Backend, query: StoredQuery, **parameters: object) -> Result:
    """Answer a query on a backend that is already open; use this to ask several queries of one backend."""
    text, understood = bound(engine, query, parameters)
    limits = (query.limits,) if query.limits else ()
    found = engine.query(text)
    asked = engine.notes if isinstance(engine, Federated) else ()
    return Result(query, found, (*understood, *limits, *asked))
