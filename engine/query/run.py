"""Answer a stored query, or a user's own SPARQL, on a store or on an endpoint; and find the passages that each row rests on.

A stored query declares its evidence: triples with the result's columns as variables. Each is looked up in the passages'
named graphs with the row's own values, so a row that counts or sums cites every passage that contributed. For a user's own
query the evidence is every statement between two cells of a row.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from pathlib import Path

import pyoxigraph as ox

from engine.query.backends import Backend, Endpoint, LocalStore, WorkerStore
from engine.query.federation import Federated
from engine.query.library import StoredQuery, bind, find, is_name, read
from engine.query.parameters import resolve
from engine.query.result import Iri, Result, TermRow, python
from engine.store import current, filled, open_store, sparql
from loaders.errors import QueryError, QueryUsageError
from loaders.rdf.terms import HISTORY_GRAPH, ID, PREFIXES


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
    query = find_or_read(name_or_text)
    with backend(source, timeout, endpoint, services) as engine:
        return answer(engine, query, **parameters)


def find_or_read(name_or_text: str | StoredQuery) -> StoredQuery:
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
    directory = Path(source)
    return LocalStore(open_store(directory)) if timeout is None else WorkerStore(current(directory).data, timeout)


def bind_parameters(engine: Backend, query: StoredQuery, parameters: dict[str, object]) -> tuple[str, tuple[str, ...]]:
    """The query's text with its parameters filled in, and how each was understood; a parameter of None keeps its default."""
    for name in parameters:
        query.parameter(name)  # an unknown name is refused even without a value
    parameters = {name: value for name, value in parameters.items() if value is not None}
    if not parameters:
        return query.text, ()

    terms = resolve(query, parameters, engine.select)
    return bind(query, terms), tuple(f"{name} = {', '.join(str(python(t)) for t in ts)}" for name, ts in terms.items())


def answer(engine: Backend, query: StoredQuery, **parameters: object) -> Result:
    """Answer a query on a backend that is already open; use this to ask several queries of one backend."""
    text, understood = bind_parameters(engine, query, parameters)
    limits = (query.limits,) if query.limits else ()
    answers = engine.query(text)
    services = engine.notes if isinstance(engine, Federated) else ()
    return Result(query, answers, (*understood, *limits, *services))


COLUMNS = ("passages", "passagesLabel")
_ROWS_AT_ONCE = 200
_MOST_COLUMNS = 8
"""Columns paired with one another in a user's own query."""

Triple = tuple[str, str, str]
_VALUE = ("tg:amount", "tg:shareAmount", "tg:value")


def with_provenance(backend: Backend, result: Result) -> Result:
    """The result with two more columns: the passages' IRIs, and their documents, pages, lines and words."""
    if result.form != "rows":
        raise QueryError("--provenance needs rows; a CONSTRUCT's triples are cited by their passages' graphs")
    items = [_triples(item) for item in result.query.evidence] or _guessed(result)
    prefixes = {**PREFIXES, **result.query.prefixes}
    declared = "".join(f"PREFIX {p}: <{n}>\n" for p, n in prefixes.items())
    passages: dict[int, set[str]] = defaultdict(set)
    for triples in items:
        for row, passage in _passages(backend, result, declared, triples):
            passages[row].add(passage)
    places = _places(backend, sorted(set().union(*passages.values())))
    cells = [_cells(sorted(passages[n], key=lambda p: (places[p][0], p)), places) for n in range(len(result))]
    return result.with_columns(COLUMNS, cells)


def _triples(text: str) -> list[Triple]:
    """The triples of one line of evidence, ``S P O . S P O``."""
    tokens = [part.split() for part in re.split(r"(?<!\s)\s+\.(?:\s+|$)", text.strip()) if part]
    if any(len(t) != 3 for t in tokens):
        raise QueryError(f"evidence must be triples 'S P O . S P O', not {text!r}")
    return [(s, p, o) for s, p, o in tokens]


def _guessed(result: Result) -> list[list[Triple]]:
    """Any statement between two cells: the subject's column holds IRIs."""
    columns = result.columns[:_MOST_COLUMNS]
    things = {c for n, c in enumerate(columns) if any(isinstance(row[n], Iri) for row in result.rows)}
    return [[(f"?{s}", "?statedProperty", f"?{o}")] for s, o in permutations(columns, 2) if s in things]


def _passages(backend: Backend, result: Result, declared: str, triples: list[Triple]) -> Iterator[tuple[int, str]]:
    """(row, passage) for every passage that states one of the triples, the others holding in the current view.

    Of an amount or a count only the passages of its value, where there are any: another that only speaks of a part of it
    states its theme and date too.
    """
    valued = {s for s, p, _ in triples if p in _VALUE}
    of_value = [n for n, (s, p, _) in enumerate(triples) if p in _VALUE or s not in valued]
    others = [n for n in range(len(triples)) if n not in of_value]
    cited = set()
    for row, passage, stated in _cited(backend, result, declared, triples, of_value):
        cited |= {row} if triples[stated][1] in _VALUE else set()
        yield row, passage
    for row, passage, _ in _cited(backend, result, declared, triples, others):
        if row not in cited:
            yield row, passage


def _cited(
    backend: Backend, result: Result, declared: str, triples: list[Triple], which: Sequence[int]
) -> Iterator[tuple[int, str, int]]:
    """(row, passage, number of the triple that stands in it) for ``which`` of the triples."""
    names = {part[1:] for triple in triples for part in triple if part.startswith("?")}
    at = [n for n, column in enumerate(result.columns) if column in names]
    rows = [(n, [row[i] for i in at]) for n, row in enumerate(result.terms)]
    full = [(n, cells) for n, cells in rows if all(isinstance(c, (ox.NamedNode, ox.Literal)) for c in cells)]
    heads = " ".join(f"?{result.columns[i]}" for i in at)
    for start in range(0, len(full), _ROWS_AT_ONCE):
        values = " ".join(f"({n} {' '.join(map(str, cells))})" for n, cells in full[start : start + _ROWS_AT_ONCE])
        given = f"VALUES (?resultRow {heads}) {{ {values} }}"
        for cited in which:
            pattern = _one_cited(triples, cited)
            where = f"{given} {pattern} FILTER(STRSTARTS(STR(?passage), '{ID}'))"
            text = f"{declared}SELECT DISTINCT ?resultRow ?passage WHERE {{ {where} }}"
            yield from ((int(s["resultRow"].value), s["passage"].value, cited) for s in backend.select(text))


def _one_cited(triples: Sequence[Triple], cited: int) -> str:
    """The pattern in which one of the triples stands in a passage and the others in the view or its history."""
    return " ".join(
        f"GRAPH ?passage {{ {s} {p} {o} }}"
        if n == cited
        else f"{{ {s} {p} {o} }} UNION {{ GRAPH {HISTORY_GRAPH} {{ {s} {p} {o} }} }}"
        for n, (s, p, o) in enumerate(triples)
    )


def _places(backend: Backend, passages: list[str]) -> dict[str, tuple[tuple[str, int, int], str]]:
    """Sort key and wording of each passage's place; a contact's passages are described in the contacts' graph."""
    places = {p: ((p, 0, 0), p.removeprefix(ID)) for p in passages}
    for start in range(0, len(passages), _ROWS_AT_ONCE):
        values = " ".join(f"<{p}>" for p in passages[start : start + _ROWS_AT_ONCE])
        text = filled(sparql("passages")["places"], passages=values)
        for s in backend.select(text):
            document, first, last = s["document"].value.rsplit("/", 1)[-1], int(s["first"].value), int(s["last"].value)
            page = f" p. {s['page'].value}" if s["page"] else ""
            lines = f"{first}" if first == last else f"{first}-{last}"
            key = (document, first, last)
            places[s["passage"].value] = (key, f"{document}{page} l. {lines}: “{s['words'].value}”")
    return places


def _cells(passages: list[str], places: dict[str, tuple[tuple[str, int, int], str]]) -> TermRow:
    return ox.Literal(" ".join(passages)), ox.Literal("; ".join(places[p][1] for p in passages))
