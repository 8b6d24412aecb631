"""Runs compiled checks on a store: each row becomes a result, the same that SHACL's report would hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolution, QuerySolutions, Store

from shacl.classes import Graphs
from shacl.compiler import Check, Compiler, merged
from shacl.data import Data
from shacl.errors import NotCovered
from shacl.shapes import Shape, Shapes
from shacl.terms import Term


@dataclass(frozen=True, slots=True)
class Result:
    """One validation result. ``path`` is written as a SPARQL path, ``rows`` are a SPARQL constraint's further bindings."""

    focus: Term
    path: str | None
    component: NamedNode
    shape: Shape
    value: Term | None
    severity: NamedNode
    messages: tuple[Literal, ...] = ()
    rows: Mapping[str, Term] = field(default_factory=dict)
    stated_in: str | None = None
    """The passage whose extraction this is about, None for the current view."""

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two engines' results the same."""
        value = "" if self.value is None else str(self.value)
        return (
            str(self.focus),
            self.path or "",
            self.component.value,
            str(self.shape.node),
            value,
            self.severity.value,
        )


def run(data: Data, shapes: Shapes) -> Iterator[Result]:
    """Every result of every shape; all shapes are compiled first, so nothing is half checked when one is refused."""
    compiler = Compiler(shapes, data.classes())
    for checks, graphs in grouped([check for shape in shapes for check in compiler.checks(shape)], data):
        yield from run_checks(data.store, checks, graphs)


def grouped(checks: list[Check], data: Data) -> Iterator[tuple[list[Check], Graphs]]:
    """The checks that can be one query, and the graphs they are run over, in the order of the first of each."""
    found: dict[object, tuple[list[Check], Graphs]] = {}
    looking = [check for check in checks if not data.idle(check)]
    for number, check in enumerate(map(data.planned, looking)):
        graphs = data.graphs(check)
        key = number if check.key is None else (check.key, graphs is None)
        found.setdefault(key, ([], graphs))[0].append(check)
    yield from found.values()


def run_checks(store: Store, checks: list[Check], graphs: Graphs = None) -> Iterator[Result]:
    """The results of checks of one key."""
    if checks[0].select is not None:
        yield from _run_select(store, checks[0], graphs)
        return
    for row in _rows(store, merged(checks), graphs):
        for number, check in enumerate(checks):
            if len(checks) == 1 or row[f"_is{number}"].value == "true":
                yield _result(check, row)


def _run_select(store: Store, check: Check, graphs: Graphs) -> Iterator[Result]:
    seen: set[tuple[tuple[str, Term], ...]] = set()
    for bindings in _select_rows(store, check, graphs):
        if (key := tuple(bindings.items())) not in seen:
            seen.add(key)
            yield _select_result(check, bindings)


def _select_rows(store: Store, check: Check, graphs: Graphs) -> Iterator[dict[str, Term]]:
    select = check.select
    assert select is not None
    queries: Iterable[str] = [check.query]
    if check.each:
        queries = (select.for_one(focus) for focus in [row["this"] for row in _rows(store, check.query, graphs)])
    for query in queries:
        rows = _rows(store, query, graphs)
        names = [variable.value for variable in rows.variables]
        for row in rows:
            yield {name: row[name] for name in names if row[name] is not None}


def _rows(store: Store, query: str, graphs: Graphs) -> QuerySolutions:
    try:
        answer = store.query(query, default_graph=graphs)
    except SyntaxError as error:
        raise NotCovered(f"a query the store does not take: {error}") from error
    assert isinstance(answer, QuerySolutions)
    return answer


def _result(check: Check, row: QuerySolution) -> Result:
    shape, fault = check.shape, check.fault
    assert fault is not None
    value = row[fault.value[1:]] if fault.value else None
    path = str(row[fault.path[1:]]) if fault.path else _path(shape)
    return Result(row[check.chain[-1][1:]], path, check.component, shape, value, shape.severity, shape.messages)


def _select_result(check: Check, bindings: Mapping[str, Term]) -> Result:
    """The value of a node shape's constraint is the focus node where the query gives none, as SHACL says."""
    shape, focus = check.shape, bindings["this"]
    value = bindings.get("value", focus if shape.path is None else None)
    path = str(bindings["path"]) if isinstance(bindings.get("path"), (NamedNode, BlankNode)) else _path(shape)
    assert check.select is not None
    messages = check.select.messages or shape.messages
    return Result(focus, path, check.component, shape, value, shape.severity, messages, bindings)


def _path(shape: Shape) -> str | None:
    return str(shape.path) if shape.path is not None else None
