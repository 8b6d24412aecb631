"""Validation: a graph or files against shapes, by compiled queries or by pySHACL, as findings with their places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from engine.attest import attest
from engine.endpoint_validation import RemoteStore, asked
from engine.report.finding import Finding, Findings, in_language
from engine.report.names import Names
from engine.report.place import DOCUMENT, Places
from loaders.data import folder
from loaders.rdf.terms import BASE, TG
from shacl.data import Data
from shacl.errors import DataError, NotCovered, ShapesError
from shacl.extraction import run_extractions
from shacl.graph import SUFFIXES, ShapesGraph
from shacl.results import Result, run
from shacl.shapes import Shapes, read_shapes
from shacl.terms import name_of

Engine = Literal["sparql", "pyshacl"]
Files = Sequence[str | Path]
Notify = Callable[[str], None]
CONTACTS = NamedNode(f"{BASE}graph/contacts")
VOCABULARY = NamedNode(f"{BASE}graph/vocabulary")
"""Where the ontology, code lists and registries stand while a user's file is checked that may point to them."""
IN_DOCUMENT = NamedNode(f"{TG}inDocument")
SOURCE_DOCUMENT = NamedNode(f"{TG}SourceDocument")


@dataclass(frozen=True, slots=True)
class Checked:
    """What was checked and what was found: the findings, and the names that a report needs besides."""

    findings: list[Finding]
    shapes: Shapes
    store: Store

    def rules(self, language: str) -> dict[str, str]:
        """The name of every rule that was checked, by its IRI: shapes that say more than which properties they hold."""
        said = [shape for shape in self.shapes if shape.path is not None or set(shape.parameters) - {"property"}]
        named = [shape for shape in said if not shape.deactivated and isinstance(shape.node, NamedNode)]
        return {s.node.value: in_language(s.about.get("name", ()), language) or s.node.value for s in named}

    def titles(self, language: str) -> dict[str, str]:
        """The title of every document that the findings stand in."""
        names = Names(self.store)
        documents = {finding.document for finding in self.findings if finding.document}
        return {document: names.of(NamedNode(DOCUMENT + document))[language] for document in documents}


def _silent(note: str) -> None:
    pass


def validate(
    store: Store,
    *,
    shapes: Files | None = None,
    engine: Engine = "sparql",
    extractions: bool = True,
    documents: Files = (),
    with_contacts: bool = False,
    notify: Notify = _silent,
) -> list[Finding]:
    """The findings of :func:`check`."""
    return check(
        store,
        shapes=shapes,
        engine=engine,
        extractions=extractions,
        documents=documents,
        with_contacts=with_contacts,
        notify=notify,
    ).findings


def check(
    store: Store,
    *,
    shapes: Files | None = None,
    engine: Engine = "sparql",
    extractions: bool = True,
    documents: Files = (),
    with_contacts: bool = False,
    notify: Notify = _silent,
) -> Checked:
    """Check the current view of a store (and the contacts beside it) against shapes, the shipped ones if none are given.

    ``extractions`` checks also what single passages state and the current view does not show, and, with the shipped
    shapes, that every fact stands in a passage; ``documents`` are originals to look its words up in. ``notify`` is told when
    pySHACL has to judge shapes that the compiled queries do not cover. Raises ShapesError for shapes that cannot be
    used, DataError where there is nothing to check; never passes on either.
    """
    what = "document" if shapes is None else "data"
    wanted = SOURCE_DOCUMENT if shapes is None else None
    if next(store.quads_for_pattern(None, None, wanted, DefaultGraph()), None) is None:
        raise DataError(f"the store holds no {what}: nothing can be checked; make a graph with: teemagraafi build")
    beside = CONTACTS if next(store.quads_for_pattern(None, None, None, CONTACTS), None) is not None else None
    data, read = Data(store, beside), _read(shapes)
    results = _results(data, read, engine, notify)
    if extractions:
        results += _extracted(data, read, notify)
        results += attest(store, read, map(Path, documents)) if shapes is None else ()
    return _checked(data, read, results, with_contacts)


def check_endpoint(
    url: str, *, shapes: Files | None = None, timeout: float | None = None, notify: Notify = _silent
) -> Checked:
    """Check the graph that an endpoint shows as its default graph, by the same compiled queries.

    What single passages state besides it, and contact persons, are not looked at. ``notify`` is told of every rule that the
    endpoint's engine cannot check.
    """
    store = cast("Store", RemoteStore(url, timeout))
    if next(store.quads_for_pattern(None, None, None, DefaultGraph()), None) is None:
        raise DataError(f"{url}: its default graph is empty: nothing can be checked; name the graph in the address")
    data, read = Data(store), _read(shapes)
    results: list[Result] = []
    try:
        for found, unanswered in asked(data, read):
            results += found
            for check in unanswered:
                notify(
                    f"not checked, as the endpoint does not answer its query: {name_of(read.owner(check.shape).node)}"
                )
    except NotCovered as reason:
        raise DataError(f"an endpoint is checked by compiled queries alone, which do not cover {reason}") from None
    return _checked(data, read, results, with_contacts=False)


def check_files(
    files: Files,
    *,
    shapes: Files | None = None,
    engine: Engine = "sparql",
    with_contacts: bool = False,
    notify: Notify = _silent,
) -> Checked:
    """Check RDF files. For the shipped shapes, the ontology, code lists and registries are taken as known beside them,
    but for what the files themselves describe.

    A dataset without a default graph is checked as the union of its graphs.
    """
    quads = [quad for file in files for quad in _parsed(Path(file))]
    if not quads:
        raise DataError(f"{', '.join(map(str, files))}: no statements: nothing can be checked")
    own = [quad for quad in quads if isinstance(quad.graph_name, DefaultGraph)]
    merged = own or [_moved(quad, DefaultGraph()) for quad in quads]
    store = Store()
    store.extend([*merged, *(quad for quad in quads if not isinstance(quad.graph_name, DefaultGraph))])
    beside = VOCABULARY if shapes is None else None
    if beside is not None:
        told = {quad.subject for quad in merged}
        store.extend(_moved(quad, VOCABULARY) for quad in _vocabulary() if quad.subject not in told)
    data, read = Data(store, beside, given=merged), _read(shapes)
    results = [result for result in _results(data, read, engine, notify) if data.holds(result.focus)]
    return _checked(data, read, results, with_contacts)


def _checked(data: Data, shapes: Shapes, results: Iterable[Result], with_contacts: bool) -> Checked:
    findings = Findings(shapes, Names(data.store, with_contacts), Places(data.store))
    return Checked(findings.of(results), shapes, data.store)


def _results(data: Data, shapes: Shapes, engine: Engine, notify: Notify) -> list[Result]:
    if not data.targeted(shapes):
        raise DataError("none of the shapes has anything to look at in the data: nothing was checked")
    if engine == "sparql":
        try:
            return list(run(data, shapes))
        except NotCovered as reason:
            notify(shapes.spoken(f"checked by pySHACL, because the compiled queries do not cover {reason}"))
        except ShapesError as error:
            raise ShapesError(shapes.spoken(error.message)) from error
    from shacl.judge import judge

    return list(judge(data.quads(), shapes))


def _extracted(data: Data, shapes: Shapes, notify: Notify) -> list[Result]:
    try:
        return list(run_extractions(data, shapes, IN_DOCUMENT))
    except NotCovered as reason:
        reason_given = f"only the current view is checked, because the queries over passages do not cover {reason}"
        notify(shapes.spoken(reason_given))
        return []


def _read(shapes: Files | None) -> Shapes:
    return read_shapes(ShapesGraph.load([folder("shapes")] if shapes is None else [Path(path) for path in shapes]))


def _parsed(path: Path) -> Iterator[Quad]:
    if path.suffix not in SUFFIXES:
        raise DataError(f"{path}: not an RDF file; expected one of {', '.join(SUFFIXES)}")
    try:
        yield from parse(path=str(path), format=SUFFIXES[path.suffix], base_iri=BASE, rename_blank_nodes=True)
    except SyntaxError as error:
        raise DataError(f"{path}:{error.lineno}: {error.msg}") from error
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read: {error}") from error


def _moved(quad: Quad, graph: NamedNode | DefaultGraph) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object, graph)


def _vocabulary() -> Iterator[Quad]:
    for path in sorted(folder("ontology").glob("*.ttl")):
        yield from parse(path=str(path), format=RdfFormat.TURTLE, rename_blank_nodes=True)
