"""Runs compiled shapes on data: each row becomes a result, the same that SHACL's report has."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Literal as Choice

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolution, RdfFormat, Store, Triple, serialize

from shacl.compiler import EACH, OURS, Check, Compiler, grouped, merged
from shacl.data import Data
from shacl.literals import decode
from shacl.shapes import Result, Shape, Shapes, read_shapes
from shacl.terms import SH, TYPE, XSD, NotCovered, ShapesError, ShapesGraph, Term, sh
from shacl.tokens import variables

Engine = Choice["sparql", "pyshacl"]
Files = str | FilePath | Iterable[str | FilePath]


@dataclass(frozen=True, slots=True)
class Report:
    """What a run gives: the results in a fixed order, and what must be known to trust them."""

    results: tuple[Result, ...]
    shapes: Shapes
    notes: tuple[str, ...] = ()
    """Terms that were passed over, prefixes that were guessed."""
    by_pyshacl: Mapping[str, str] = field(default_factory=dict)
    """The shapes that pySHACL checked, by name, each with the reason."""

    @property
    def conforms(self) -> bool:
        """Whether there is no result of any severity (section 3.6.1.1)."""
        return not self.results

    def turtle(self) -> str:
        """The validation report in Turtle; the same results give the same bytes."""
        report = BlankNode("report")
        truth = Literal("true" if self.conforms else "false", datatype=NamedNode(XSD + "boolean"))
        triples = [Triple(report, TYPE, sh("ValidationReport")), Triple(report, sh("conforms"), truth)]
        for number, result in enumerate(self.results, 1):
            node = BlankNode(f"result{number}")
            triples += [Triple(report, sh("result"), node), *result.triples(node, f"path{number}")]
            triples += [Triple(node, sh("resultMessage"), message) for message in result.messages]
        written = serialize(triples, format=RdfFormat.TURTLE, prefixes={"sh": SH})
        assert written is not None
        return written.decode()


def load_shapes(source: Shapes | Store | Files | Iterable[Quad | Triple]) -> Shapes:
    """Shapes of files, folders, a store or triples. Raises ShapesError."""
    if isinstance(source, Shapes):
        return source
    items = [source] if isinstance(source, (str, FilePath)) else list(source)
    of_files = all(isinstance(item, (str, FilePath)) for item in items)
    return read_shapes(ShapesGraph.load(items) if of_files else ShapesGraph(items))  # type: ignore[arg-type]


def load_data(source: Data | Store | Files | Iterable[Quad | Triple]) -> Data:
    """Data of files, a store or triples. Raises DataError."""
    if isinstance(source, (Data, Store)) or callable(source):
        return source if isinstance(source, Data) else Data(source)
    items = [source] if isinstance(source, (str, FilePath)) else list(source)
    if all(isinstance(item, (str, FilePath)) for item in items):
        return Data.load(items)
    return Data.of(items)  # type: ignore[arg-type]


def validate(
    data: Data | Store | Files | Iterable[Quad | Triple],
    shapes: Shapes | Store | Files | Iterable[Quad | Triple],
    *,
    engine: Engine = "sparql",
    passed_over: Collection[NamedNode] = (),
) -> Report:
    """Validate data against shapes (section 3).

    ``data``: a pyoxigraph store (its default graph), RDF files, statements, or a function that answers a SPARQL query's
    text as ``Store.query`` does. ``engine="pyshacl"`` gives all shapes to pySHACL instead of those alone that no query
    can express. Results of the severities ``passed_over`` are not looked for. Raises ShapesError where the shapes are
    ill-formed, DataError where files cannot be read.
    """
    graph, read = load_data(data), load_shapes(shapes)
    try:
        return _validate(graph, read, engine, passed_over)
    except ShapesError as error:
        raise ShapesError(read.graph.spoken(str(error))) from error


def _validate(data: Data, shapes: Shapes, engine: Engine, passed_over: Collection[NamedNode]) -> Report:
    compiler = Compiler(shapes, data)
    results: list[Result] = []
    if engine == "pyshacl":
        active = [shape for shape in shapes if (shape.targets or shape.values("target")) and not shape.deactivated]
        reasons = dict.fromkeys(active, "asked for")
    else:
        checks, reasons = compile_shapes(compiler, shapes, data)
        checks = [check for check in checks if check.shape.severity not in passed_over]
        if any("shapesGraph" in variables(check.select.stated) for check in checks if check.select is not None):
            data.add_shapes(shapes.graph.triples)
        pairs: list[tuple[Shape, Result]] = []
        for group in grouped(checks):
            try:
                pairs += run_checks(data, group)
            except NotCovered as reason:
                reasons.update(dict.fromkeys((check.root for check in group), str(reason)))
        # The results of one shape come from one engine, all of them.
        results = [result for root, result in pairs if root not in reasons]
    if reasons:
        from shacl.judge import judge

        judged = judge(data.quads(), shapes, set(reasons))
        results += (result for result in judged if result.severity not in passed_over)
    named = {shapes.name(shape): shapes.graph.spoken(reason) for shape, reason in reasons.items()}
    ordered = tuple(sorted(results, key=lambda result: result.key))
    return Report(ordered, shapes, (*shapes.notes, *compiler.notes), named if engine == "sparql" else {})


def compile_shapes(compiler: Compiler, shapes: Shapes, data: Data) -> tuple[list[Check], dict[Shape, str]]:
    """The checks of all shapes that the data can break, and the shapes that no query can express, with reasons."""
    checks: list[Check] = []
    reasons: dict[Shape, str] = {}
    for shape in shapes:
        try:
            made = compiler.checks(shape)
        except NotCovered as reason:
            reasons[shape] = str(reason)
            continue
        if not compiler.idle(shape):
            checks += [check for check in made if not compiler.settled(check)]
    return checks, reasons


def looks_at(data: Data, shapes: Shapes) -> bool:
    """Whether some shape has a focus node in the data, or a target that only pySHACL can follow."""
    compiler = Compiler(shapes, data)
    active = [shape for shape in shapes if not shape.deactivated]
    return any(shape.values("target") or (shape.targets and not compiler.idle(shape)) for shape in active)


def run_checks(data: Data, checks: list[Check]) -> Iterator[tuple[Shape, Result]]:
    """The results of checks of one key, each with the shape whose target led to it."""
    first = checks[0]
    if first.select is not None:
        for bindings in {tuple(row.items()): row for row in _select_rows(data, first)}.values():
            yield first.root, _select_result(first, bindings)
        return
    query = merged(checks)
    for row in data.query(query, data.graphs(query)):
        for number, check in enumerate(checks):
            if len(checks) == 1 or row[f"_is{number}"].value == "true":
                yield check.root, _result(check, row)


def _select_rows(data: Data, check: Check) -> Iterator[dict[str, Term]]:
    select, query = check.select, merged([check])
    assert select is not None
    graphs = data.graphs(f"{query} {select.text}")
    pairs: Iterable[tuple[str, Term | None]] = [(query, None)]
    if check.way == EACH:
        nodes = [row["this"] for row in data.query(query, graphs, folded=True)]
        pairs = [(select.for_one(node), node) for node in dict.fromkeys(nodes)]
    for text, node in pairs:
        rows = data.query(text, graphs, folded=True)
        names = [variable.value for variable in rows.variables if variable.value not in OURS]
        for row in rows:
            bindings = {name: row[name] for name in names if row[name] is not None}
            yield {"this": node, **bindings} if node is not None else bindings


def _result(check: Check, row: QuerySolution) -> Result:
    shape, fault = check.shape, check.fault
    assert fault is not None
    value = decode(row[fault.value[1:]]) if fault.value else None
    path = str(row[fault.path[1:]]) if fault.path else _path(shape)
    focus = decode(row[check.chain[-1][1:]])
    return Result(focus, path, check.component, shape, value)


def _select_result(check: Check, bindings: Mapping[str, Term]) -> Result:
    """The value of a node shape's constraint is the focus node where the query gives none (section 5.3.2)."""
    shape, focus = check.shape, bindings["this"]
    value = bindings.get("value", focus if shape.path is None else None)
    path = str(bindings["path"]) if isinstance(bindings.get("path"), (NamedNode, BlankNode)) else _path(shape)
    assert check.select is not None
    return Result(focus, path, check.component, shape, value, check.select.messages, bindings)


def _path(shape: Shape) -> str | None:
    return str(shape.path) if shape.path is not None else None
