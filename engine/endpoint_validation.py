"""A graph that another engine holds, behind a SPARQL endpoint, with the few ways of asking that checking needs of a store."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import cast

import pyoxigraph as ox

from engine.query.backends import Answer, Endpoint
from loaders.errors import QueryError, QueryTimeoutError
from shacl import Data, Result, Shapes
from shacl.compiler import Check, Compiler, grouped
from shacl.run import compile_shapes, run_checks
from shacl.terms import component

_DATATYPE, _IN = component("datatype"), component("in")
_TRUE, _FALSE = ox.Literal(True), ox.Literal(False)
Node = ox.NamedNode | ox.BlankNode | ox.Literal
_PAGE = 1000
"""Statements asked for at a time: who wants only the first does not fetch them all."""


class RemoteStore:
    """What ``engine.validation`` asks of a store, answered by an endpoint."""

    def __init__(self, url: str, timeout: float | None = None) -> None:
        """Ask the endpoint at ``url``; which graph is its default graph is for the address to say."""
        self._endpoint = Endpoint(url, timeout)
        self._first = lru_cache(maxsize=65536)(self._page)

    def query(self, text: str, default_graph: object = None) -> Answer:
        """The answer to a query over the endpoint's default graph."""
        if default_graph is not None:
            raise QueryError(f"{self._endpoint.url}: which graphs an endpoint's view is of is for its address to say")
        return self._endpoint.query(text)

    def quads_for_pattern(
        self, subject: Node | None, predicate: Node | None, value: Node | None, graph: object = None
    ) -> Iterator[ox.Quad]:
        """Statements that match: of one graph, or of all where none is given; none of blank nodes, which have no name here."""
        if any(isinstance(term, ox.BlankNode) for term in (subject, predicate, value)):
            return
        pattern = " ".join(
            str(term or f"?{name}") for term, name in zip((subject, predicate, value), "spo", strict=True)
        )
        where = _where(pattern, graph)
        page, at = self._first(where, 0), 0
        while page:
            for s, p, o, g in page:
                yield ox.Quad(
                    cast("ox.NamedNode", subject or s),
                    cast("ox.NamedNode", predicate or p),
                    cast("Node", value or o),
                    g or ox.DefaultGraph(),
                )
            at += len(page)
            page = self._page(where, at) if len(page) == _PAGE else ()

    def _page(self, where: str, at: int) -> tuple[tuple[object, object, object, ox.NamedNode | None], ...]:
        rows = self.query(f"SELECT * WHERE {{ {where} }} LIMIT {_PAGE} OFFSET {at}")
        assert isinstance(rows, ox.QuerySolutions), "a SELECT gives rows"
        names = {variable.value for variable in rows.variables}

        def of(row: ox.QuerySolution, name: str) -> object:
            return row[name] if name in names else None

        return tuple(
            (of(row, "s"), of(row, "p"), of(row, "o"), cast("ox.NamedNode | None", of(row, "g"))) for row in rows
        )


def _where(pattern: str, graph: object) -> str:
    if isinstance(graph, ox.DefaultGraph):
        return pattern
    if isinstance(graph, ox.NamedNode):
        return f"GRAPH {graph} {{ {pattern} }}"
    return f"{{ {pattern} }} UNION {{ GRAPH ?g {{ {pattern} }} }}"


def ask(data: Data, shapes: Shapes) -> tuple[list[Result], list[str]]:
    """What an endpoint finds, and the names of the rules that it cannot check.

    An engine that cannot take a query for many checks at once may still take one for each.
    """
    checks, reasons = compile_shapes(Compiler(shapes, data), shapes, data)
    unchecked = dict.fromkeys(shapes.name(shape) for shape in reasons)
    results: list[Result] = []
    for group in grouped(checks):
        answer = _answer(data, shapes, group)
        for check in group if answer is None else ():
            alone = _answer(data, shapes, [check]) if len(group) > 1 else None
            if alone is None:
                unchecked.setdefault(shapes.name(check.shape))
            results += alone or ()
        results += answer or ()
    return sorted(results, key=lambda result: result.key), list(unchecked)


def _answer(data: Data, shapes: Shapes, checks: list[Check]) -> list[Result] | None:
    """The results of checks of one query, None where the endpoint does not answer it."""
    try:
        return [result for _, result in run_checks(data, checks) if not _is_as_expected(result, shapes)]
    except QueryTimeoutError:
        raise
    except QueryError:
        return None


def _is_as_expected(result: Result, shapes: Shapes) -> bool:
    """Whether the value that an engine finds fault with is as the shape wants it all the same.

    Virtuoso 7 knows no datatype of texts with a language, and writes ``true`` as ``1``.
    """
    value, shape = result.value, result.shape
    if not isinstance(value, ox.Literal):
        return False
    if result.component == _DATATYPE:
        return value.datatype in shape.values("datatype")
    if result.component == _IN and value.datatype == _TRUE.datatype:
        spelt = _TRUE if value.value in ("1", "true") else _FALSE
        return any(spelt in shapes.graph.items(head) for head in shape.values("in"))
    return False
