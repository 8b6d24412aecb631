"""The SPARQL endpoint and the graph store: formats, HTTP, what is refused."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
import rdflib
from starlette.testclient import TestClient

from loaders.rdf.terms import lexical, literal, tg
from tests.cases import each
from tests.webstore import PASSAGES, THEME, make_store, serving
from web import formats
from web.process import Limits

pytestmark = pytest.mark.slow  # a server with processes of its own

LABELS = f"SELECT ?s ?label WHERE {{ ?s a {tg('Theme')} ; <http://www.w3.org/2000/01/rdf-schema#label> ?label }} ORDER BY ?label"
DATA = f"CONSTRUCT WHERE {{ {THEME} ?p ?o }}"
SPARQL = {"content-type": "application/sparql-query"}
THEMES = ["Byarnas livskraft", "Kylien elinvoima", "Saaristo ja meri"]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serving(make_store(tmp_path_factory.mktemp("sparql") / "store")) as opened:
        yield opened


def ask(client: TestClient, query: str, **headers: str):  # type: ignore[no-untyped-def]
    return client.get("/sparql", params={"query": query}, headers=headers)


# formats


@pytest.mark.parametrize("media", formats.ROWS)
def test_rows_in_every_format(client: TestClient, media: str) -> None:
    answer = ask(client, LABELS, accept=media)
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == media
    format_ = ox.QueryResultsFormat.from_media_type(media)
    if format_ is not None and media != formats.CSV:
        rows = ox.parse_query_results(answer.content, format=format_)
        assert [row["label"].value for row in rows] == THEMES  # type: ignore[union-attr]
    assert all(theme in answer.text for theme in THEMES)


@each("media", formats.TRIPLES)
def test_triples_in_every_format(client: TestClient, media: str) -> None:
    answer = ask(client, DATA, accept=media)
    assert answer.headers["content-type"].split(";")[0] == media
    format_ = ox.RdfFormat.from_media_type(media)
    assert format_ is not None
    found = {str(quad.triple) for quad in ox.parse(answer.content, format=format_)}
    plain = ask(client, DATA, accept=formats.NTRIPLES).content
    assert found == {str(quad.triple) for quad in ox.parse(plain, format=ox.RdfFormat.N_TRIPLES)}
    assert len(found) > 5


@pytest.mark.parametrize(("name", "media"), [("csv", formats.CSV), ("json", formats.JSON), ("text/csv", formats.CSV)])
def test_the_format_parameter_comes_before_accept(client: TestClient, name: str, media: str) -> None:
    answer = client.get("/sparql", params={"query": LABELS, "format": name}, headers={"accept": formats.XML})
    assert answer.headers["content-type"].split(";")[0] == media


@each(
    ("accept", "media"),
    [
        ("", formats.JSON),
        ("*/*", formats.JSON),
        ("text/*", formats.CSV),
        ("text/csv;q=0.2, application/sparql-results+xml;q=0.9", formats.XML),
        ("application/json", formats.JSON),
        ("image/png, */*;q=0.1", formats.JSON),
        ("application/sparql-results+json;q=0, */*", formats.XML),
        ("text/csv;q=nonsense", formats.CSV),
    ],
)
def test_negotiation(accept: str, media: str) -> None:
    assert formats.accepted(accept)[0] == media


def test_what_is_not_offered_is_406(client: TestClient) -> None:
    answer = ask(client, LABELS, accept="image/png")
    assert answer.status_code == 406
    assert formats.CSV in answer.text
    assert ask(client, LABELS, accept="text/turtle").status_code == 406
    assert ask(client, DATA, accept="text/csv").status_code == 406


# HTTP


def test_head_says_what_get_says_without_the_body(client: TestClient) -> None:
    got, told = ask(client, LABELS), client.head("/sparql", params={"query": LABELS})
    assert told.status_code == 200
    assert told.content == b""
    assert told.headers["content-type"] == got.headers["content-type"]
    assert told.headers["etag"] == got.headers["etag"]


def test_options_and_cors(client: TestClient) -> None:
    told = client.options("/sparql", headers={"origin": "https://example.org", "access-control-request-method": "POST"})
    assert told.status_code == 204
    assert "POST" in told.headers["access-control-allow-methods"]
    assert told.headers["access-control-allow-origin"] == "*"
    assert ask(client, "ASK {}").headers["access-control-allow-origin"] == "*"


def test_an_unchanged_answer_is_304(client: TestClient) -> None:
    tag = ask(client, LABELS).headers["etag"]
    for known in (tag, f'"other", {tag}', "*"):
        again = ask(client, LABELS, **{"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert ask(client, LABELS, **{"if-none-match": '"other"'}).status_code == 200
    assert ask(client, LABELS, accept=formats.CSV, **{"if-none-match": tag}).status_code == 200


def test_an_answer_that_changes_has_no_tag(client: TestClient) -> None:
    for query in ("SELECT (NOW() AS ?now) {}", "SELECT (strUuid() AS ?u) {}"):
        assert "etag" not in ask(client, query).headers
    assert "etag" in ask(client, 'SELECT ("NOW()" AS ?now) { <http://e/RAND> ?p ?o } # UUID()').headers


def test_gzip_where_it_is_accepted(client: TestClient) -> None:
    request = client.build_request("GET", "/graph-store?default", headers={"accept-encoding": "gzip"})
    packed = client.send(request, stream=True)
    raw = b"".join(packed.iter_raw())
    packed.close()
    plain = client.get("/graph-store?default", headers={"accept-encoding": "gzip;q=0"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert len(gzip.decompress(raw)) == len(plain.content) > 3 * len(raw)


def test_what_depends_on_headers_says_so(client: TestClient) -> None:
    assert "Accept" in ask(client, LABELS).headers["vary"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_405(client: TestClient, method: str) -> None:
    for path in ("/sparql", "/graph-store?default"):
        answer = client.request(method, path)
        assert answer.status_code == 405
        assert "GET" in answer.headers["allow"]


def test_security_headers(client: TestClient) -> None:
    headers = ask(client, "ASK {}").headers
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


# refused


@each(
    ("status", "said", "parameters"),
    [
        (400, "line 1", {"query": "SELECT * { ?s ?p"}),
        (400, "empty", {"query": " "}),
        (403, "read-only", {"query": "INSERT DATA { <a:s> <a:p> 1 }"}),
        (403, "read-only", {"query": "PREFIX a: <http://a/> # x\nDELETE WHERE { ?s a:p ?o }"}),
        (403, "read-only", {"update": "CLEAR ALL"}),
        (400, "absolute IRI", {"query": "ASK {}", "default-graph-uri": "no iri"}),
    ],
)
def test_refused_with_a_reason(client: TestClient, status: int, said: str, parameters: dict[str, str]) -> None:
    answer = client.get("/sparql", params=parameters)
    assert answer.status_code == status
    assert said in answer.text


@each(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?e SERVICE ?e { ?s ?p ?o } }",
        "PREFIX e: <http://127.0.0.1:9/> SELECT * { SERVICE#\ne:x { ?s ?p ?o } }",
        "SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p '''a'b''' SERVICE <http://127.0.0.1:9/> { } }",
        "SELECT * { FILTER(1 <2) SERVICE <http://127.0.0.1:9/> { } FILTER(2> 1) }",
    ],
)
def test_service_is_refused(client: TestClient, query: str) -> None:
    answer = ask(client, query)
    assert answer.status_code == 403
    assert "SERVICE" in answer.text


def test_the_word_service_may_stand_in_text_names_and_comments(client: TestClient) -> None:
    query = 'SELECT ?service { BIND("SERVICE <http://a/>" AS ?service) } # SERVICE <http://a/>'
    assert ask(client, query).json()["results"]["bindings"]


def test_too_large_a_body_is_413(client: TestClient) -> None:
    query = f"ASK {{}} # {'x' * 2_000_000}"
    assert client.post("/sparql", content=query, headers=SPARQL).status_code == 413
    blocks = (query[i : i + 65536].encode() for i in range(0, len(query), 65536))
    streamed = client.post("/sparql", content=blocks, headers=SPARQL)
    assert streamed.status_code == 413


def test_too_long_an_address_is_414(tmp_path: Path) -> None:
    with serving(make_store(tmp_path / "store"), Limits(body=1000)) as client:
        assert client.get(f"/sparql?query=ASK%7B%7D%23{'x' * 4000}").status_code == 414
        assert client.get(f"/sparql?query=ASK%7B%7D%23{'x' * 2000}").status_code == 413


def test_what_is_not_utf8_is_refused(client: TestClient) -> None:
    assert client.post("/sparql", content="ASK {} #ä".encode("latin-1"), headers=SPARQL).status_code == 400
    assert client.get("/sparql?query=ASK%20%7B%7D%20%23%E4").status_code == 400


# service description


def test_an_empty_get_describes_the_service(client: TestClient) -> None:
    answer = client.get("/sparql", headers={"accept": "text/turtle"})
    graph = rdflib.Graph().parse(data=answer.text, format="turtle")
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    service = next(graph.subjects(rdflib.RDF.type, sd.Service))
    assert str(graph.value(service, sd.endpoint)).endswith("/sparql")
    assert len(set(graph.objects(service, sd.resultFormat))) == len(formats.ROWS) + len(formats.TRIPLES)
    counted = client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}).json()
    triples = graph.value(next(graph.subjects(rdflib.RDF.type, sd.Graph)), void.triples)
    assert str(triples) == counted["results"]["bindings"][0]["n"]["value"]
    assert (None, void["class"], rdflib.URIRef(lexical(tg("Theme")))) in graph


def test_an_empty_post_is_400(client: TestClient) -> None:
    assert client.post("/sparql", data={"other": "1"}).status_code == 400


# graph store protocol


def test_a_passage_is_a_graph(client: TestClient) -> None:
    passage = lexical(PASSAGES[1])
    answer = client.get("/graph-store", params={"graph": passage}, headers={"accept": formats.NTRIPLES})
    assert f"{THEME} <http://www.w3.org/2000/01/rdf-schema#label> {literal('Kylien elinvoima', 'fi')} ." in answer.text
    assert answer.text.count("\n") == 4
    told = client.head("/graph-store", params={"graph": passage}, headers={"accept": formats.NTRIPLES})
    assert (told.status_code, told.content, told.headers["etag"]) == (200, b"", answer.headers["etag"])


@each(
    ("status", "address"),
    [(404, "graph=http://e/none"), (400, "graph=none"), (400, ""), (400, "default&graph=http://e/a"), (200, "default")],
)
def test_graphs_by_name(client: TestClient, status: int, address: str) -> None:
    assert client.get(f"/graph-store?{address}").status_code == status


def test_a_large_answer_comes_whole(client: TestClient) -> None:
    query = "SELECT ?a ?b { ?a ?p ?x . ?b ?p ?x } LIMIT 20000"
    answer = ask(client, query, **{"accept-encoding": "identity"})
    assert len(answer.content) > 1_000_000
    assert answer.headers["content-length"] == str(len(answer.content))
    assert len(json.loads(answer.content)["results"]["bindings"]) == 20000
    assert ask(client, query).content == answer.content
    told = client.head(f"/sparql?query={quote(query)}")
    assert told.content == b""


def test_a_query_that_changes_is_not_stored(client: TestClient) -> None:
    assert ask(client, "SELECT (NOW() AS ?now) {}").headers["cache-control"] == "no-store"
    first, again = ask(client, "SELECT (1 AS ?one) {}"), ask(client, "SELECT (1 AS ?one) {}")
    assert first.headers["etag"] == again.headers["etag"]


def test_a_body_too_large_is_read_to_its_end_so_that_413_is_heard(tmp_path: Path) -> None:
    with serving(make_store(tmp_path / "store"), Limits(body=1000)) as client:
        sent = 0

        def blocks() -> Iterator[bytes]:
            nonlocal sent
            for _ in range(100):
                sent += 65536
                yield b"#" * 65536

        assert client.post("/sparql", content=blocks(), headers=SPARQL).status_code == 413
        assert sent == 100 * 65536


def test_a_long_query_is_refused_and_answered_like_a_short_one(client: TestClient) -> None:
    long = "#" + "x" * 20_000 + "\n"
    assert client.post("/sparql", content=long + "ASK {}", headers=SPARQL).json()["boolean"] is True
    assert client.post("/sparql", content=long + "DELETE WHERE { ?s ?p ?o }", headers=SPARQL).status_code == 403
