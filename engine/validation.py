"""Validation: a graph, files or an endpoint against shapes, as findings with their places."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from pyoxigraph import DefaultGraph, Literal, NamedNode, RdfFormat, Store, parse

from engine.attest import attest, check_passages
from engine.query.backends import Endpoint
from engine.report.findings import DOCUMENT, NOTES, Finding, Findings, Names, Places, in_language
from loaders.data import folder
from loaders.errors import QueryError, QueryTimeoutError
from loaders.rdf.terms import BASE, TG
from shacl import Data, Report, Result, Shapes, load_shapes
from shacl import DataError as DataError
from shacl import ShapesError as ShapesError
from shacl import validate as run_shapes
from shacl.compiler import Check, Compiler, grouped
from shacl.run import Engine as Engine
from shacl.run import compile_shapes, looks_at, run_checks
from shacl.terms import SH, NotCovered, component, name_of, read_data, sh

Files = Sequence[str | Path]
_NAME, _SHOWN = re.compile(r"\b\w+:\S+( \(within it\))?"), 3
CONTACTS = NamedNode(f"{BASE}graph/contacts")
SOURCE_DOCUMENT = NamedNode(f"{TG}SourceDocument")
_DATATYPE, _IN = component("datatype"), component("in")
_TRUE, _FALSE = Literal(True), Literal(False)


@dataclass(frozen=True, slots=True)
class Checked:
    """What was checked and what is wrong: the findings, and what a report needs besides.

    ``notes`` say what a reader must know of the run: who checked, what was passed over.
    """

    findings: list[Finding]
    shapes: Shapes
    store: Store
    notes: tuple[str, ...] = ()

    def rules(self, language: str) -> dict[str, str]:
        """The name of every rule that was checked, by its IRI: shapes that say more than which properties they have."""
        rules = [shape for shape in self.shapes if shape.path is not None or set(shape.parameters) - {"property"}]
        named = [shape for shape in rules if not shape.deactivated and isinstance(shape.node, NamedNode)]
        return {name_of(s.node): in_language(s.about.get("name", ()), language) or name_of(s.node) for s in named}

    def titles(self, language: str) -> dict[str, str]:
        """The title of every document that the findings (but for the notes) stand in."""
        names = Names(self.store)
        documents = {finding.document for finding in self.findings if not finding.is_note and finding.document}
        return {document: names.of(NamedNode(DOCUMENT + document))[language] for document in documents}


def validate(store: Store, **options: object) -> list[Finding]:
    """The findings of :func:`check`, which takes the same options."""
    return check(store, **options).findings  # type: ignore[arg-type]


def faults(store: Store) -> Counter[str]:
    """How many faults of each severity (``Violation``) the findings of :func:`check` hold: no notes, names or places."""
    passed_over = tuple(sh(name) for name in NOTES)
    results, _ = _results(store, _read(None), extractions=True, own=True, passed_over=passed_over)
    return Counter(name_of(result.severity).removeprefix(SH) for result in results)


def check(
    store: Store,
    *,
    shapes: Files | None = None,
    engine: Engine = "sparql",
    extractions: bool = True,
    documents: Files = (),
    with_contacts: bool = False,
) -> Checked:
    """Check the current view of a store (and the contacts beside it) against shapes, by default those of this program.

    ``extractions`` checks also what single passages state and the current view does not show, and, with our own shapes,
    that every fact stands in a passage; ``documents`` are originals to look its words up in. Raises ShapesError for shapes
    that cannot be used, DataError where there is nothing to check.
    """
    read, own = _read(shapes), shapes is None
    results, notes = _results(store, read, engine=engine, extractions=extractions, own=own, documents=documents)
    return _checked(store, read, results, with_contacts, notes)


def _results(
    store: Store,
    shapes: Shapes,
    *,
    own: bool,
    extractions: bool,
    engine: Engine = "sparql",
    documents: Files = (),
    passed_over: Collection[NamedNode] = (),
) -> tuple[list[Result], list[str]]:
    """The results of a store, and notes on the run; ``own``: the shapes are those of this program."""
    kind = SOURCE_DOCUMENT if own else None
    if next(store.quads_for_pattern(None, None, kind, DefaultGraph()), None) is None:
        what = "document" if own else "data"
        raise DataError(f"the store has no {what}: nothing can be checked; make a graph with: teemagraafi build")
    beside = CONTACTS if next(store.quads_for_pattern(None, None, None, CONTACTS), None) is not None else None
    data = Data(store, beside)
    report = run_shapes(data, shapes, engine=engine, passed_over=passed_over)
    notes = _notes(data, report)
    further: list[Result] = []
    if extractions:
        try:
            further += check_passages(data, shapes)
        except NotCovered as reason:
            text = f"only the current view is checked, because the queries over passages do not cover {reason}"
            notes.append(shapes.graph.spoken(text))
        further += attest(data, shapes, map(Path, documents)) if own else ()
    further = [result for result in further if result.severity not in passed_over]
    return [*report.results, *sorted(further, key=lambda result: result.key)], notes


def check_endpoint(url: str, *, shapes: Files | None = None, timeout: float | None = None) -> Checked:
    """Check the graph that an endpoint shows as its default graph, by the same compiled queries.

    What single passages state besides it, and contact persons, are not looked at. The notes name every rule that the
    endpoint's engine cannot check.
    """
    remote = Endpoint(url, timeout)
    store = cast("Store", remote)
    if next(store.quads_for_pattern(None, None, None, DefaultGraph()), None) is None:
        raise DataError(f"{url}: its default graph is empty: nothing can be checked; name the graph in the address")
    read = _read(shapes)
    results, unanswered = _ask(Data(remote.query), read)
    notes = [f"not checked, as the endpoint does not answer its query: {name}" for name in unanswered]
    return _checked(store, read, results, False, [*read.notes, *notes])


def check_files(
    files: Files, *, shapes: Files | None = None, engine: Engine = "sparql", with_contacts: bool = False
) -> Checked:
    """Check RDF files. For our own shapes, the ontology, code lists and registries are taken as known beside them, but
    for what the files themselves describe.

    A dataset without a default graph is checked as the union of its graphs.
    """
    quads = read_data(files)
    if not quads:
        raise DataError(f"{', '.join(map(str, files))}: no statements: nothing can be checked")
    read, known, results = _read(shapes), [], None
    if shapes is None:
        described = {quad.subject for quad in quads}
        files_of_ours = sorted(folder("ontology").glob("*.ttl"))
        every = (parse(path=str(path), format=RdfFormat.TURTLE, rename_blank_nodes=True) for path in files_of_ours)
        known = [quad for quads_of_one in every for quad in quads_of_one if quad.subject not in described]
    data = Data.of(quads, known)
    report = run_shapes(data, read, engine=engine)
    if known:
        ours = {quad.subject for quad in known} - {quad.object for quad in quads}
        results = [result for result in report.results if result.focus not in ours]
    assert data.store is not None
    shown = report.results if results is None else results
    return _checked(data.store, read, shown, with_contacts, _notes(data, report))


def _checked(store: Store, shapes: Shapes, results: Iterable[Result], with_contacts: bool, notes: list[str]) -> Checked:
    findings = Findings(shapes, Names(store, with_contacts), Places(store))
    return Checked(findings.of(results), shapes, store, tuple(_few_of_a_kind(notes)))


def _few_of_a_kind(notes: list[str]) -> Iterator[str]:
    """The notes, of those that differ in the names they hold the first three and the number of the others."""
    kinds: dict[str, list[str]] = {}
    for note in notes:
        kinds.setdefault(_NAME.sub("", note), []).append(note)
    for kind in kinds.values():
        yield from kind[:_SHOWN]
        if len(kind) > _SHOWN:
            yield f"… and {len(kind) - _SHOWN} more like this"


def _notes(data: Data, report: Report) -> list[str]:
    notes = [f"checked by pySHACL: {reason}" for reason in dict.fromkeys(report.by_pyshacl.values())]
    if not report.results and not looks_at(data, report.shapes):
        notes.append("none of the shapes has anything to look at in the data: nothing was checked")
    return [*report.notes, *notes]


def _read(shapes: Files | None) -> Shapes:
    return _own_shapes() if shapes is None else load_shapes([Path(path) for path in shapes])


@cache
def _own_shapes() -> Shapes:
    return load_shapes([folder("shapes")])


def _ask(data: Data, shapes: Shapes) -> tuple[list[Result], list[str]]:
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
    if not isinstance(value, Literal):
        return False
    if result.component == _DATATYPE:
        return value.datatype in shape.values("datatype")
    if result.component == _IN and value.datatype == _TRUE.datatype:
        spelt = _TRUE if value.value in ("1", "true") else _FALSE
        return any(spelt in shapes.graph.items(head) for head in shape.values("in"))
    return False
