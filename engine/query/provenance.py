"""The passages that each row of a result rests on.

A stored query declares its evidence: triples with the result's columns as variables. Each is looked up in the passages'
named graphs with the row's own values, so a row that counts or sums cites every passage that contributed. For a user's own
query the evidence is every statement between two cells of a row.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations

import pyoxigraph as ox

from engine.query.backends import Backend
from engine.query.result import Iri, Result, TermRow
from loaders.errors import QueryError
from loaders.rdf.terms import BASE, HISTORY_GRAPH, ID, PREFIXES

COLUMNS = ("passages", "passagesLabel")
_ROWS_AT_ONCE = 200
_MOST_COLUMNS = 8
"""Columns paired with one another in a user's own query."""

Triple = tuple[str, str, str]


def with_provenance(backend: Backend, result: Result) -> Result:
    """The result with two more columns: the passages' IRIs, and their documents, pages, lines and words."""
    if result.form != "rows":
        raise QueryError("--provenance needs rows; a CONSTRUCT's triples are cited by their passages' graphs")
    items = [_triples(item) for item in result.query.evidence] or _guessed(result)
    prefixes = {**PREFIXES, **dict(re.findall(r"(?im)^[^\S\n]*PREFIX\s+([\w-]+):\s*<([^>]+)>", result.query.text))}
    declared = "".join(f"PREFIX {p}: <{n}>\n" for p, n in prefixes.items())
    found: dict[int, set[str]] = defaultdict(set)
    for triples in items:
        for row, passage in _passages(backend, result, declared, triples):
            found[row].add(passage)
    places = _places(backend, sorted(set().union(*found.values())))
    cells = [_cells(sorted(found[n], key=lambda p: (places[p][0], p)), places) for n in range(len(result))]
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
    """(row, passage) for every passage that states one of the triples, the others holding in the current view."""
    names = {part[1:] for triple in triples for part in triple if part.startswith("?")}
    at = [n for n, column in enumerate(result.columns) if column in names]
    rows = [(n, [row[i] for i in at]) for n, row in enumerate(result.terms)]
    full = [(n, cells) for n, cells in rows if all(isinstance(c, (ox.NamedNode, ox.Literal)) for c in cells)]
    heads = " ".join(f"?{result.columns[i]}" for i in at)
    for start in range(0, len(full), _ROWS_AT_ONCE):
        values = " ".join(f"({n} {' '.join(map(str, cells))})" for n, cells in full[start : start + _ROWS_AT_ONCE])
        given = f"VALUES (?resultRow {heads}) {{ {values} }}"
        for pattern in _one_cited(triples):
            where = f"{given} {pattern} FILTER(STRSTARTS(STR(?passage), '{ID}'))"
            text = f"{declared}SELECT DISTINCT ?resultRow ?passage WHERE {{ {where} }}"
            yield from ((int(s["resultRow"].value), s["passage"].value) for s in _select(backend, text))


def _one_cited(triples: Sequence[Triple]) -> Iterator[str]:
    """For each of the triples, the pattern in which that one stands in a passage and the others in the view or its history."""
    for cited in range(len(triples)):
        parts = (
            f"GRAPH ?passage {{ {s} {p} {o} }}"
            if n == cited
            else f"{{ {s} {p} {o} }} UNION {{ GRAPH {HISTORY_GRAPH} {{ {s} {p} {o} }} }}"
            for n, (s, p, o) in enumerate(triples)
        )
        yield " ".join(parts)


def _select(backend: Backend, text: str) -> Iterable[ox.QuerySolution]:
    found = backend.query(text)
    assert isinstance(found, ox.QuerySolutions), "a SELECT gives rows"
    return found


def _places(backend: Backend, passages: list[str]) -> dict[str, tuple[tuple[str, int, int], str]]:
    """Sort key and wording of each passage's place; a contact's passages are described in the contacts' graph."""
    found = {p: ((p, 0, 0), p.removeprefix(ID)) for p in passages}
    for start in range(0, len(passages), _ROWS_AT_ONCE):
        values = " ".join(f"<{p}>" for p in passages[start : start + _ROWS_AT_ONCE])
        facts = (
            "?passage tg:inDocument ?document ; tg:lineStart ?first ; tg:lineEnd ?last ; tg:verbatim ?words . "
            "OPTIONAL { ?passage tg:page ?page }"
        )
        text = f"""SELECT ?passage ?document ?page ?first ?last ?words WHERE {{ VALUES ?passage {{ {values} }}
            {{ {facts} }} UNION {{ GRAPH <{BASE}graph/contacts> {{ {facts} }} }} }}"""
        for s in _select(backend, text):
            document, first, last = s["document"].value.rsplit("/", 1)[-1], int(s["first"].value), int(s["last"].value)
            page = f" p. {s['page'].value}" if s["page"] else ""
            lines = f"{first}" if first == last else f"{first}-{last}"
            key = (document, first, last)
            found[s["passage"].value] = (key, f"{document}{page} l. {lines}: “{s['words'].value}”")
    return found


def _cells(passages: list[str], places: dict[str, tuple[tuple[str, int, int], str]]) -> TermRow:
    return ox.Literal(" ".join(passages)), ox.Literal("; ".join(places[p][1] for p in passages))
