"""Real clients against a running server: what each sends and expects, behind a proxy, and beside queries that do not end."""

from __future__ import annotations

import itertools
import json
import logging
import re
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, N3, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

from loaders.rdf.terms import Quad, integer, literal
from tests.cases import each
from tests.webstore import make_store, running, serving
from web.process import Limits

pytestmark = [  # the clients leave sockets open and use what rdflib calls old
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
P = "<http://e/p>"
MANY = [Quad(f"<http://e/{i}>", P, literal(f"v{i}")) for i in range(5000)]
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ ?a {P} ?b . ?c {P} ?d . ?e {P} ?f }}"
THEME = "https://w3id.org/teemagraafi/id/theme/kylien-elinvoima"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("clients") / "store", MANY)


@pytest.fixture(scope="module")
def at(store: Path) -> Iterator[str]:
    with running(store, workers=2, limits=Limits(seconds=20)) as address:
        yield address


# SPARQLWrapper and rdflib


@pytest.mark.parametrize("form", [JSON, XML, CSV, TSV])
@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper_reads_rows_in_every_format(at: str, form: str, method: str) -> None:
    client = SPARQLWrapper(f"{at}/sparql", returnFormat=form)
    client.setMethod(method)
    client.setQuery(f"SELECT ?o {{ <{THEME}> a ?o }}")
    found = client.query().convert()
    text = found.toxml() if form == XML else json.dumps(found) if form == JSON else found.decode()
    assert "def#Theme" in text


@each("form", [JSONLD, RDFXML, N3, TURTLE])
def test_sparqlwrapper_reads_triples_in_every_format(at: str, form: str) -> None:
    client = SPARQLWrapper(f"{at}/sparql", returnFormat=form)
    client.setQuery(f"DESCRIBE <{THEME}>")
    found = client.query().convert()
    graph = found if isinstance(found, rdflib.Graph) else rdflib.Graph().parse(data=found, format="turtle")
    assert (rdflib.URIRef(THEME), rdflib.RDFS.label, rdflib.Literal("Kylien elinvoima", lang="fi")) in graph


def test_rdflib_asks_the_endpoint_as_a_graph(at: str) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{at}/sparql"))
    assert rdflib.Literal("Byarnas livskraft", lang="sv") in set(graph.objects(rdflib.URIRef(THEME), rdflib.RDFS.label))


@pytest.mark.parametrize(
    "more",
    [{"format": "application/json"}, {"format": "docx"}, {"default-graph-uri": ""}, {"output": "json"}],
    ids=["media-type", "unknown", "empty-graph", "output"],
)
def test_what_clients_add_is_understood_or_gives_way_to_accept(at: str, more: dict[str, str]) -> None:
    asked = {"query": f"SELECT ?o {{ <{THEME}> a ?o }}", **more}
    answer = httpx.get(f"{at}/sparql", params=asked, headers={"accept": "application/sparql-results+json"})
    assert answer.status_code == 200
    assert answer.json()["results"]["bindings"]


def test_service_silent_on_a_forbidden_endpoint_gives_nothing(at: str) -> None:
    query = "SELECT * { VALUES ?x { 1 2 } SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }"
    rows = httpx.get(f"{at}/sparql", params={"query": query}).json()["results"]["bindings"]
    assert [sorted(row) for row in rows] == [["x"], ["x"]]
    assert httpx.get(f"{at}/sparql", params={"query": query.replace("SILENT", "")}).status_code == 403


def test_an_unknown_function_is_the_clients_fault(at: str) -> None:
    answer = httpx.get(f"{at}/sparql", params={"query": "SELECT (<http://e/f>(1) AS ?x) {}"})
    assert answer.status_code == 400
    assert "http://e/f" in answer.text


def test_a_fault_of_the_engine_is_called_that(tmp_path: Path) -> None:
    values = [literal(f"v{n}") if n % 3 else integer(n) for n in range(300)]
    mixed = make_store(tmp_path / "store", [Quad(f"<http://e/m{n}>", P, value) for n, value in enumerate(values)])
    sort = f"SELECT ?o {{ ?s {P} ?o }} ORDER BY "
    with running(mixed, workers=1) as address:
        answer = httpx.get(f"{address}/sparql", params={"query": f"{sort}?o"}, timeout=60)
        if answer.status_code != 200:  # an engine that can sort them needs no excuse
            assert (answer.status_code, "engine failed" in answer.text) == (400, True), answer.text
        advised = httpx.get(f"{address}/sparql", params={"query": f"{sort}DATATYPE(?o) ?o"}, timeout=60)
        assert len(advised.json()["results"]["bindings"]) == 300


# the descriptions


def test_the_api_is_described_as_openapi_has_it_and_answers_so(at: str) -> None:
    document = httpx.get(f"{at}/openapi.json").json()
    assert document["servers"] == [{"url": at}]
    for path in ("/search", "/suggest", "/reconcile", "/doc/{kind}.json", "/api/{query}.records"):
        assert path in document["paths"], path
    assert {p["name"] for p in document["paths"]["/search"]["get"]["parameters"]} >= {"q", "kind", "lang"}
    answer = httpx.get(f"{at}/search", params={"q": "elinvoima"}, headers={"accept": "application/json"})
    assert answer.json()[0]["iri"] == THEME


@pytest.mark.parametrize("path", ["/data.ttl", "/sparql"])
def test_the_dataset_and_the_service_describe_themselves(at: str, path: str) -> None:
    text = httpx.get(f"{at}{path}", headers={"accept": "text/turtle"}).text
    graph = rdflib.Graph().parse(data=text, format="turtle")
    licences = set(graph.objects(None, rdflib.DCTERMS.license))
    assert licences
    assert all("CC_BY_4_0" in str(licence) or "by/4.0" in str(licence) for licence in licences)


def test_dumps_have_a_length_and_ranges(store: Path) -> None:
    with serving(store) as client:
        whole = client.get("/data/everything.nq", headers={"accept-encoding": "identity"})
        head = client.head("/data/everything.nq", headers={"accept-encoding": "identity"})
        assert int(head.headers["content-length"]) == len(whole.content) > 256 * 1024
        part = client.get("/data/everything.nq", headers={"range": "bytes=100-199"})
        assert (part.status_code, part.content) == (206, whole.content[100:200])
        assert part.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
        assert client.get("/data/everything.nq", headers={"range": "bytes=999999999-"}).status_code == 416


def test_other_sites_scripts_may_send_what_they_send(at: str) -> None:
    asked = {"origin": "https://e", "access-control-request-method": "POST"}
    allowed = httpx.options(f"{at}/sparql", headers=asked).headers["access-control-allow-headers"].lower()
    assert all(name in allowed for name in ("authorization", "x-requested-with", "cache-control", "range"))


# behind a proxy


def test_everything_works_below_a_prefix_that_the_proxy_keeps_or_takes_away(store: Path) -> None:
    with running(store, workers=1, public="https://data.example/teemat") as address:
        for before in ("/teemat", ""):
            html = httpx.get(f"{address}{before}/doc/theme", headers={"accept": "text/html"}).text
            links = re.findall(r'(?:href|src|action)="(/[^"]*)"', html)
            assert links
            assert all(link.startswith("/teemat/") for link in links)
            moved = httpx.get(f"{address}{before}/id/theme/kylien-elinvoima")
            assert moved.headers["location"] == "/teemat/doc/theme/kylien-elinvoima"
            assert "https://data.example/teemat/sparql" in httpx.get(f"{address}{before}/data.ttl").text
        ways = itertools.cycle((str, lambda link: link.removeprefix("/teemat")))
        for way, link in zip(ways, sorted({link for link in links if "#" not in link}), strict=False):
            reached = f"{address}{way(link)}".replace("&amp;", "&")
            assert httpx.get(reached, headers={"accept": "text/html,*/*"}).status_code == 200, link


def test_a_host_header_is_not_echoed_unless_a_trusted_proxy_wrote_it(store: Path) -> None:
    forwarded = {"x-forwarded-host": "data.example", "x-forwarded-proto": "https", "x-forwarded-prefix": "/t"}
    with running(store, workers=1) as address:
        answer = httpx.get(f"{address}/data.ttl", headers={"host": "evil.example", **forwarded}).text
        assert "evil.example" not in answer
        assert "data.example" not in answer
    with running(store, workers=1, trust_proxy=True) as address:
        answer = httpx.get(f"{address}/data.ttl", headers={"host": "evil.example", **forwarded}).text
        assert "https://data.example/t/sparql" in answer


# fairness


def test_pages_and_others_queries_go_on_beside_queries_that_do_not_end(store: Path) -> None:
    with running(store, workers=3, trust_proxy=True, limits=Limits(seconds=8, wait=30)) as address:
        from_one = {"x-forwarded-for": "192.0.2.1"}

        def endless() -> None:
            httpx.post(f"{address}/sparql", data={"query": ENDLESS}, headers=from_one, timeout=40)

        httpx.get(f"{address}/", headers={"accept": "text/html"})
        slow = [threading.Thread(target=endless) for _ in range(4)]
        for thread in slow:
            thread.start()
        time.sleep(0.5)
        began = time.monotonic()
        assert httpx.get(f"{address}/doc/theme/kylien-elinvoima", headers={"accept": "text/html"}).status_code == 200
        assert httpx.get(f"{address}/api/money-by-theme.json").status_code == 200
        query = {"query": "ASK {}"}
        assert httpx.get(f"{address}/sparql", params=query, headers={"x-forwarded-for": "192.0.2.2"}).status_code == 200
        assert time.monotonic() - began < 5  # they would have waited for eight seconds
        for thread in slow:
            thread.join()


def test_a_connection_that_says_nothing_is_closed(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.server._HEADERS_WITHIN", 0.3)
    with running(store, workers=1) as address:
        half = socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1])), timeout=10)
        half.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        assert half.recv(1) == b""
        half.close()


def connected(address: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1])), timeout=10)


@pytest.mark.parametrize(
    "sent",
    [b"\r\n", b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n" + b"GET / HTTP/1.1\r\nHo", b"POST /sparql HTTP/1.1\r\n"
     b"Host: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 100\r\n\r\nSELECT"],
    ids=["blank line", "second request", "body"],
)  # fmt: skip
def test_half_a_request_is_not_waited_for(
    store: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], sent: bytes
) -> None:
    monkeypatch.setattr("web.server._HEADERS_WITHIN", 0.5)
    monkeypatch.setattr("web.server._BODY_WITHIN", 0.5)
    with running(store, workers=1) as address, connected(address) as half:
        half.sendall(sent)
        while half.recv(65536):
            pass
        assert httpx.get(f"{address}/robots.txt", timeout=30).status_code == 200
    assert "Traceback" not in capfd.readouterr().err


def test_the_head_of_a_request_has_an_end(at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.server._HEAD_MOST", 1000)
    for sent in (b"GET /sparql?query=" + b"x" * 2000, b"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + b"x" * 2000):
        with connected(at) as endless:
            endless.sendall(sent)
            endless.settimeout(5)
            assert endless.recv(65536).startswith(b"HTTP/1.1 400 ")
    body = {"query": f"ASK {{}} #{'x' * 2000}"}
    assert httpx.post(f"{at}/sparql", data=body).json()["boolean"]


def test_who_takes_no_answer_is_not_kept_by_another_request(at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    records: list[logging.LogRecord] = []
    monkeypatch.setattr(logging.getLogger(), "handlers", [noting := logging.Handler()])
    monkeypatch.setattr(noting, "emit", records.append)
    monkeypatch.setattr("web.server._TAKEN_WITHIN", 1.0)
    wanted = f"/sparql?query=SELECT%20*%20%7B%20%3Fs%20%3C{P[1:-1]}%3E%20%3Fo%20%7D%20LIMIT%201500"
    one = f"GET {wanted} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with socket.socket() as taker:
        taker.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        taker.connect(("127.0.0.1", int(at.rsplit(":", 1)[1])))
        for _ in range(60):  # more than the buffers of both sides hold
            taker.sendall(one)
            time.sleep(0.02)
        ended = select.poll()
        ended.register(taker, 0)  # whether it was closed, whatever there is to read
        assert ended.poll(30_000)
    assert not [record for record in records if record.exc_info]


def test_connections_without_end_do_not_shut_others_out(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.server._OWN_DESCRIPTORS", 1 << 40)
    monkeypatch.setattr("web.server._HEADERS_WITHIN", 300.0)
    with running(store, workers=1) as address, ExitStack() as opened:
        held = [opened.enter_context(connected(address)) for _ in range(40)]
        ended = select.poll()
        for one in held:
            ended.register(one, select.POLLIN)
        deadline = time.monotonic() + 60
        while (closed := len(ended.poll(100))) < 40 - 16:
            assert time.monotonic() < deadline, closed
        kept = next(one for one in held if one.fileno() not in {number for number, _ in ended.poll(0)})
        kept.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n")
        assert kept.recv(65536).startswith(b"HTTP/1.1 200 ")
        assert len(ended.poll(0)) <= 40 - 16 + 1  # the rest of the answer
        opened.close()
        while True:
            try:
                assert httpx.get(f"{address}/robots.txt").status_code == 200
                return
            except httpx.TransportError:  # the server has not seen yet that they are gone
                assert time.monotonic() < deadline


# the short way of a plain query

PLAIN = {
    "rows": f"SELECT ?o {{ <{THEME}> a ?o }}",
    "triples": f"DESCRIBE <{THEME}>",
    "changing": "ASK { FILTER(NOW() > 0) }",
    "large": f"SELECT * {{ ?s {P} ?o . ?x {P} ?y }} LIMIT 20000",
    "malformed": "SELECT * { ?s ?p }",
    "update": "CLEAR ALL",
    "service": "ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "empty": "",
}


@pytest.mark.parametrize("query", PLAIN.values(), ids=PLAIN)
def test_a_plain_query_has_the_answer_that_the_application_gives(at: str, query: str) -> None:
    plain, zipped = (
        httpx.get(f"{at}/sparql", params={"query": query}, headers={"accept-encoding": encoding, "accept": "*/*"})
        for encoding in ("identity", "gzip")
    )
    assert (plain.status_code, plain.content) == (zipped.status_code, zipped.content)
    said = [{**answer.headers, "vary": {*answer.headers.get("vary", "").split(", ")}} for answer in (plain, zipped)]
    for headers in said:
        for name in ("date", "last-modified"):
            headers.pop(name, "")
        if "content-encoding" in zipped.headers:
            for name in ("content-encoding", "content-length", "transfer-encoding"):
                headers.pop(name, "")
    assert said[0] == said[1]


def test_plain_queries_sent_at_once_are_answered_in_their_order(at: str) -> None:
    asked = [f"GET /sparql?query=SELECT%20({n}%20AS%20%3Fn)%20%7B%7D HTTP/1.1\r\nHost: x\r\n" for n in (11, 22, 33)]
    with connected(at) as pipe:
        pipe.sendall("\r\n".join((asked[0], asked[1], f"{asked[2]}Connection: close\r\n", "")).encode())
        received = b""
        while block := pipe.recv(65536):
            received += block
    assert re.findall(rb'"value":"(\d+)"', received) == [b"11", b"22", b"33"]
    assert received.count(b"HTTP/1.1 200 OK") == 3
    assert received.lower().count(b"connection: close") == 1


# OpenRefine


def test_openrefine_extends_its_rows(at: str) -> None:
    manifest = httpx.get(f"{at}/reconcile").json()
    offered = manifest["extend"]["propose_properties"]
    listed = httpx.get(f"{offered['service_url']}{offered['service_path']}", params={"type": "Theme"}).json()
    assert "fund" in {p["id"] for p in listed["properties"]}
    asked = {"ids": ["theme/kylien-elinvoima"], "properties": [{"id": "framework"}, {"id": "intermediateBody"}]}
    rows = httpx.post(f"{at}/reconcile", data={"extend": json.dumps(asked)}).json()["rows"]["theme/kylien-elinvoima"]
    assert rows["framework"] == [{"float": 14000000.0}]
    assert rows["intermediateBody"] == [{"id": "organisation/ely-mallila", "name": "Mallilan ELY-keskus"}]


def test_the_engine_answers_what_the_server_answers(at: str, store: Path) -> None:
    from engine.store import current

    direct = ox.Store.read_only(str(current(store).data)).query(f"SELECT ?o {{ <{THEME}> ?p ?o }} ORDER BY STR(?o)")
    assert isinstance(direct, ox.QuerySolutions)
    served = httpx.get(f"{at}/sparql", params={"query": f"SELECT ?o {{ <{THEME}> ?p ?o }} ORDER BY STR(?o)"}).json()
    assert [row["o"].value for row in direct] == [b["o"]["value"] for b in served["results"]["bindings"]]
