"""The W3C's SPARQL 1.0 and 1.1 query tests through the server's own worker: ``python -m bench.w3c FOLDER``.

FOLDER is ``sparql`` of the W3C's ``rdf-tests`` (with ``sparql10`` and ``sparql11``). Each test's data are put into a store, its
query is answered by the worker as ``/sparql`` answers it, and what is written (JSON or N-Triples) is read back and compared
with the expected answer: rows as a multiset in which all blank nodes are alike, graphs up to isomorphism. Syntax tests must be
taken or refused as malformed. Left out: entailment (the engine does not reason) and SERVICE (the server refuses it).
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyoxigraph as ox
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF

from web import formats
from web.worker import Worker

MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
RS = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
RESULTS = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}
SYNTAX = {MF[f"{kind}SyntaxTest{number}"]: kind for kind in ("Positive", "Negative") for number in ("", "11")}
ROWS = ox.QueryResultsFormat.JSON
LEFT_OUT = ("entailment", "service", "syntax-fed")
Rows = Counter[tuple[tuple[str, str], ...]]


def tests(folder: Path) -> Iterator[tuple[rdflib.Graph, rdflib.term.Node]]:
    """Every test of a query with its manifest."""
    for path in sorted(folder.glob("sparql1[01]/*/manifest.ttl")):
        if path.parent.name in LEFT_OUT:
            continue
        graph = rdflib.Graph().parse(path, publicID=path.as_uri())
        for entries in graph.objects(None, MF.entries):
            for test in Collection(graph, entries):
                if graph.value(test, RDF.type) in (MF.QueryEvaluationTest, *SYNTAX):
                    yield graph, test


def path_of(iri: object) -> Path:
    return Path(unquote(str(iri).removeprefix("file://")))


def triples(path: Path) -> Iterator[ox.Triple]:
    form = {".ttl": ox.RdfFormat.TURTLE, ".rdf": ox.RdfFormat.RDF_XML, ".nt": ox.RdfFormat.N_TRIPLES}[path.suffix]
    return (quad.triple for quad in ox.parse(path=str(path), format=form, base_iri=path.as_uri()))


def shown(term: Any) -> str:
    """A term in a form that equal terms share: numbers by value, blank nodes alike."""
    if isinstance(term, ox.BlankNode):
        return "_:"
    if isinstance(term, ox.Literal) and term.datatype.value.endswith(("#decimal", "#double", "#integer", "#float")):
        try:
            return f"{float(term.value):.6g}^^{term.datatype.value}"
        except ValueError:
            return str(term)
    return str(term)


def rows_of(found: ox.QuerySolutions) -> Rows:
    names = [variable.value for variable in found.variables]
    return Counter(tuple(sorted((name, shown(row[name])) for name in names if row[name] is not None)) for row in found)


def expected(path: Path) -> Rows | bool | set[str]:
    """Rows, yes or no, or the canonical triples of a graph."""
    if path.suffix in RESULTS:
        found = ox.parse_query_results(path=str(path), format=RESULTS[path.suffix])
        return bool(found) if isinstance(found, ox.QueryBoolean) else rows_of(found)
    graph = rdflib.Graph().parse(path, publicID=path.as_uri())
    sets = list(graph.subjects(RDF.type, RS.ResultSet))
    if not sets:
        return canonical(triples(path))
    if (answer := graph.value(sets[0], RS.boolean)) is not None:
        return str(answer) == "true"
    listed: Rows = Counter()
    for solution in graph.objects(sets[0], RS.solution):
        cells = []
        for binding in graph.objects(solution, RS.binding):
            term = graph.value(binding, RS.value)
            assert term is not None
            cells.append((str(graph.value(binding, RS.variable)), shown(_term(term))))
        listed[tuple(sorted(cells))] += 1
    return listed


def _term(term: rdflib.term.Node) -> Any:
    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode()
    assert isinstance(term, rdflib.Literal)
    datatype = ox.NamedNode(str(term.datatype)) if term.datatype else None
    return ox.Literal(str(term), language=term.language) if term.language else ox.Literal(str(term), datatype=datatype)


def canonical(found: Iterator[ox.Triple]) -> set[str]:
    data = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in found)
    data.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad) for quad in data}


def outcome(worker: Worker, graph: rdflib.Graph, test: rdflib.term.Node) -> str:
    """``equal``, ``different``, ``refused`` (with the server's status), or why the test is not run."""
    action, kind = graph.value(test, MF.action), SYNTAX.get(graph.value(test, RDF.type))  # type: ignore[call-overload]
    query = action if kind else graph.value(action, QT.query)
    worker.store = store = ox.Store()
    for source in graph.objects(action, QT.data):
        store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples(path_of(source)))
    for source in graph.objects(action, QT.graphData):
        iri = ox.NamedNode(str(source))
        store.extend(ox.Quad(t.subject, t.predicate, t.object, iri) for t in triples(path_of(source)))
    request = {"do": "query", "text": path_of(query).read_text(encoding="utf-8"), "base": str(query)}
    head, body = worker.answer({**request, "rows": formats.JSON, "triples": formats.NTRIPLES})
    if kind:
        malformed = "not valid SPARQL" in head.get("message", "")
        return "equal" if malformed == (kind == "Negative") else "different"
    path = path_of(graph.value(test, MF.result))
    if path.suffix == ".csv":
        return "left out: a CSV result has no types"
    if head["status"] != 200:
        return f"refused: {head['status']} {head['message']}"
    want = expected(path)
    if head["media"] == formats.NTRIPLES:
        have: Rows | bool | set[str] = canonical(q.triple for q in ox.parse(body, format=ox.RdfFormat.N_TRIPLES))
    else:
        found = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        have = bool(found) if isinstance(found, ox.QueryBoolean) else rows_of(found)
    if have == want:
        return "equal"
    own = store.query(request["text"], base_iri=str(query))
    same = isinstance(own, ox.QuerySolutions | ox.QueryBoolean) and own.serialize(format=ROWS) == body
    return "different as the engine's own answer is" if same else "different"


def main() -> None:
    """Count the outcomes; name the tests that are not equal."""
    counted: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        ox.Store(f"{folder}/data").flush()
        worker = Worker(f"{folder}/data", folder, 1 << 28)
        for graph, test in tests(Path(sys.argv[1]).resolve()):
            try:
                told = outcome(worker, graph, test)
            except Exception as error:  # noqa: BLE001 - a test that cannot be read is counted
                told = f"not run: {type(error).__name__}: {error}"[:120]
            counted[told.partition(":")[0]] += 1
            if told != "equal":
                print(f"{'/'.join(str(test).split('/')[-2:])}: {told}", file=sys.stderr)
    print(", ".join(f"{number} {what}" for what, number in counted.most_common()))


if __name__ == "__main__":
    main()
