"""The W3C tests of the SPARQL 1.1 Protocol, as far as they ask for queries; updates are refused."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS
from starlette.testclient import TestClient

from engine.store import replacing, write_quads
from tests.webstore import serving

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "w3c" / "sparql" / "sparql11" / "protocol"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
UPDATES = {  # these change the graph and look at it afterwards
    f"update_{name}"
    for name in (
        "dataset_default_graph",
        "dataset_default_graphs",
        "dataset_named_graphs",
        "dataset_full",
        "post_form",
        "post_direct",
        "base_uri",
    )
}
MEDIA = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    },
    "RDF": {"text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"},
}


@cache
def manifest() -> rdflib.Graph:
    return rdflib.Graph().parse(FOLDER / "manifest.ttl", publicID=FOLDER.as_uri() + "/")


def entries() -> list[rdflib.term.Node]:
    if not FOLDER.is_dir():
        return []
    graph = manifest()
    return list(Collection(graph, next(graph.objects(None, MF.entries))))


def name(test: rdflib.term.Node) -> str:
    return str(test).rsplit("#", 1)[-1]


def graph_data(test: rdflib.term.Node) -> Iterator[tuple[str, Path]]:
    graph = manifest()
    for node in graph.objects(test, UT.graphData):
        source = graph.value(node, UT.graph)
        yield str(graph.value(node, RDFS.label)), FOLDER / str(source).rsplit("/", 1)[-1]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    store = tmp_path_factory.mktemp("w3c") / "store"
    lines = set()
    for test in entries():
        for iri, path in graph_data(test):
            for quad in ox.parse(path=path, format=ox.RdfFormat.N_TRIPLES):
                lines.add(f"{quad.triple} <{iri}> .\n")
    with replacing(store) as version:
        write_quads(version, sorted(lines))
    with serving(store) as opened:
        yield opened


def send(client: TestClient, request: rdflib.term.Node) -> Any:
    graph = manifest()
    headers = {}
    for header in Collection(graph, graph.value(request, HT.headers)) if graph.value(request, HT.headers) else ():
        headers[str(graph.value(header, HT.fieldName))] = str(graph.value(header, HT.fieldValue))
    body = graph.value(request, HT.body)
    content = None
    if body is not None:
        encoding = str(graph.value(body, CNT.characterEncoding) or "UTF-8")
        content = str(graph.value(body, CNT.chars)).encode(encoding)
    path = str(graph.value(request, HT.absolutePath))
    return client.request(str(graph.value(request, HT.methodName)), path, headers=headers, content=content)


def check(answer: Any, expected: rdflib.term.Node) -> None:
    graph = manifest()
    allowed = {str(s).rsplit("StatusCode", 1)[-1][0] for s in graph.objects(expected, MF.expectedStatus)}
    assert str(answer.status_code)[0] in allowed, answer.text
    form = graph.value(expected, MF.expectedFormat)
    if form is not None and answer.status_code == 200:
        assert answer.headers["content-type"].split(";")[0] in MEDIA[str(form)]
    boolean = graph.value(expected, MF.expectedBoolean)
    if boolean is not None:
        assert answer.json()["boolean"] == boolean.toPython()


@pytest.mark.parametrize("test", entries(), ids=name)
def test_w3c(client: TestClient, test: rdflib.term.Node) -> None:
    graph = manifest()
    for action in graph.objects(test, MF.action):
        for request in Collection(graph, graph.value(action, HT.requests)):
            answer = send(client, request)
            if name(test) in UPDATES:
                if "update" in str(graph.value(request, HT.absolutePath)) or answer.status_code == 403:
                    assert answer.status_code == 403
                    return
                continue
            check(answer, graph.value(request, HT.resp))


def test_the_w3c_tests_are_there() -> None:
    if not FOLDER.is_dir():
        pytest.skip("the W3C protocol tests are not beside the repository (../shared/data/w3c)")
    assert len(entries()) == 34
    assert {name(test) for test in entries()} > UPDATES
    assert all((test, RDF.type, MF.ProtocolTest) in manifest() for test in entries())
