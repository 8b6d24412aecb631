"""Queries against a SPARQL endpoint on loopback: every form of answer, every way to fail, each in one line and in time."""

from __future__ import annotations

import io
import time
import urllib.request
from collections.abc import Callable, Iterator

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from commands.query import query
from engine.query import backends
from engine.query.backends import Endpoint
from engine.query.run import run
from loaders.errors import QueryError, QueryTimeoutError, QueryUsageError
from loaders.rdf.terms import CONTACTS_GRAPH, VIEW
from tests.example_graph import FOREST, example_store
from tests.loopback import Handler, Reply, answering, serving

CUT = b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"literal","value":"1"}},{"a"'


def store(handler: Handler, text: str) -> None:
    """A well-behaved endpoint over the example."""
    answering(example_store())(handler, text)


@pytest.fixture
def serve() -> Iterator[Callable[[Reply], str]]:
    with serving() as start:
        yield start


def test_a_stored_query_gives_the_same_rows_from_an_endpoint(serve: Callable[[Reply], str]) -> None:
    url = serve(store)
    for name in ("money-by-theme", "themes-by-ely-centre", "different-values"):
        assert run(None, name, endpoint=url).rows == run(example_store(), name).rows
    bound = run(None, "money-by-theme", endpoint=url, theme=FOREST)
    assert [r["themeLabel"] for r in bound.dicts()] == [FOREST]


def test_triples_and_truth(serve: Callable[[Reply], str]) -> None:
    url = serve(store)
    assert set(run(None, "as-w3c-org", endpoint=url).triples) == set(run(example_store(), "as-w3c-org").triples)
    assert run(None, "ASK { ?t a tg:Theme }", endpoint=url).answer is True


@pytest.mark.parametrize(
    ("media", "form"),
    [
        ("application/sparql-results+xml", ox.QueryResultsFormat.XML),
        ("text/tab-separated-values", ox.QueryResultsFormat.TSV),
    ],
)
def test_other_forms_of_rows(serve: Callable[[Reply], str], media: str, form: ox.QueryResultsFormat) -> None:
    def reply(handler: Handler, text: str) -> None:
        handler.give(200, media, example_store().query(text).serialize(format=form) or b"")

    assert run(None, "money-by-theme", endpoint=serve(reply)).rows == run(example_store(), "money-by-theme").rows


def test_prefixes_are_declared_and_lines_stay(serve: Callable[[Reply], str]) -> None:
    with pytest.raises(QueryError, match="line 3, column"):
        run(None, "SELECT * WHERE {\n ?t a tg:Theme .\n ?s ?p", endpoint=serve(store))


@pytest.mark.parametrize(
    ("status", "media", "body", "says"),
    [
        (500, "text/html", b"<html><h1>Oh no</h1></html>", "500 .*: Oh no"),
        (404, "text/plain", b"", "404"),
        (503, "text/plain", b"busy", "503 .*: busy"),
        (200, "text/html", b"<html></html>", "text/html, not SPARQL results"),
        (
            200,
            "application/sparql-results+json",
            b'{"head":{"vars":["a"]},"resu',
            r"/\S*: the answer is cut or malformed: \S",
        ),
        (200, "application/sparql-results+json", CUT, "cut or malformed"),
        (200, "text/turtle", b"<a> <b", "cut or malformed"),
    ],
)
def test_failures_are_one_line(serve: Callable[[Reply], str], status: int, media: str, body: bytes, says: str) -> None:
    url = serve(lambda handler, text: handler.give(status, media, body))
    query = "SELECT * { ?a ?b ?c }" if media != "text/turtle" else "CONSTRUCT WHERE { ?a ?b ?c }"
    with pytest.raises(QueryError, match=says) as caught:
        _ = run(None, query, endpoint=url).terms
    assert caught.value.exit_code == 4
    # rows that break off are noticed only when they are read, where the endpoint is not known
    assert caught.value.message.startswith(f"{url}: ") or body == CUT
    assert "\n" not in caught.value.message


def test_an_answer_that_breaks_off(serve: Callable[[Reply], str]) -> None:
    url = serve(lambda handler, text: handler.give(200, "application/sparql-results+json", b'{"head', length=1000))
    with pytest.raises(QueryError, match=r"broke off|cut or malformed"):
        run(None, "SELECT * { ?a ?b ?c }", endpoint=url)


def test_nobody_there() -> None:
    with pytest.raises(QueryError, match="no answer"):
        run(None, "ASK {}", endpoint="http://127.0.0.1:9/sparql")
    for url in ("ftp://example.org", "file:///etc/passwd", "sparql"):
        with pytest.raises(QueryUsageError, match="http or https"):
            Endpoint(url)


def test_the_time_limit_is_for_the_whole_answer(serve: Callable[[Reply], str]) -> None:
    def silent(handler: Handler, text: str) -> None:
        time.sleep(3)

    def dripping(handler: Handler, text: str) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/sparql-results+json")
        handler.end_headers()
        for _ in range(30):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.1)

    for reply in (silent, dripping):
        started = time.monotonic()
        with pytest.raises(QueryTimeoutError) as caught:
            run(None, "ASK {}", endpoint=serve(reply), timeout=0.4)
        assert time.monotonic() - started < 2
        assert caught.value.exit_code == 4


def test_the_command_asks_an_endpoint_without_a_store(serve: Callable[[Reply], str]) -> None:
    asked = ["money-by-theme", "-p", "theme=kylataitajat", "--format", "csv"]
    result = CliRunner().invoke(query, [*asked, "--endpoint", serve(store), "--store", "/nowhere"])
    assert result.exit_code == 0, result.output
    assert "Kylätaitajat" in result.stdout


def test_an_answer_without_end_is_cut_off(serve: Callable[[Reply], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "_MOST", 1 << 20)
    sent = []

    def endless(handler: Handler, text: str) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/sparql-results+json")
        handler.end_headers()
        while len(sent) < 4000:
            handler.wfile.write(b" " * (1 << 16))
            sent.append(1)

    with pytest.raises(QueryError, match="the answer has more than 1 MB: ask for less with LIMIT"):
        run(None, "ASK {}", endpoint=serve(endless))
    assert len(sent) < 1000


def test_redirects_stay_on_the_endpoints_host_and_end(serve: Callable[[Reply], str]) -> None:
    asked = []

    def away(handler: Handler, text: str) -> None:
        asked.append(1)
        handler.send_response(307)
        handler.send_header("Location", "http://other.example/sparql")
        handler.end_headers()

    def around(handler: Handler, text: str) -> None:
        asked.append(1)
        handler.send_response(307)
        handler.send_header("Location", "/sparql")
        handler.end_headers()

    def on(handler: Handler, text: str) -> None:
        if handler.path == "/here":
            answering(example_store())(handler, text)
        else:
            handler.send_response(308)
            handler.send_header("Location", "/here")
            handler.end_headers()

    assert run(None, "ASK { ?t a tg:Theme }", endpoint=serve(on)).answer is True, "the query goes along"
    with pytest.raises(QueryError, match=r"to another host, other\.example: not followed"):
        run(None, "ASK {}", endpoint=serve(away))
    assert len(asked) == 1
    with pytest.raises(QueryError) as caught:
        run(None, "ASK {}", endpoint=serve(around))
    assert "\n" not in caught.value.message
    assert len(asked) < 20


def test_an_endpoint_is_asked_as_the_protocol_has_it(serve: Callable[[Reply], str]) -> None:
    asked: list[tuple[str, ...]] = []

    def reply(handler: Handler, text: str) -> None:
        asked.append(tuple(handler.headers[name] for name in ("Accept", "User-Agent", "Content-Type")))
        asked.append((*handler.form["default-graph-uri"], *handler.form["named-graph-uri"]))
        store(handler, text)

    graphs = {"default_graph": [ox.NamedNode("http://e/d")], "named_graphs": [ox.NamedNode("http://e/n")]}
    Endpoint(serve(reply)).query("ASK {}", **graphs)
    assert asked == [
        (backends._ACCEPT, "teemagraafi", "application/x-www-form-urlencoded"), ("http://e/d", "http://e/n"),
    ]  # fmt: skip


def test_a_redirect_may_lead_to_the_same_host_under_https_and_never_away_from_it() -> None:
    def sent_on(before: str, after: str) -> str | None:
        asked = urllib.request.Request(before, b"query=ASK", {"Accept": "a/b"})
        request = backends._SameHost().redirect_request(asked, io.BytesIO(), 307, "", {}, after)
        assert request is None or (request.data, request.headers) == (b"query=ASK", {"Accept": "a/b"})
        return request and request.full_url

    assert sent_on("http://a.example/x", "https://a.example/y") == "https://a.example/y"
    for before, after in (("https://a.example/", "http://a.example/"), ("http://a.example/", "https://b.example/")):
        with pytest.raises(QueryError, match="not followed"):
            sent_on(before, after)


def test_forms_of_answers_are_asked_for_in_the_order_in_which_they_are_read_best() -> None:
    asked = [part.split(";q=") for part in backends._ACCEPT.split(", ")]
    assert [(media.rsplit("/")[-1], q) for media, q in asked] == [
        ("sparql-results+json", "1.0"), ("sparql-results+xml", "0.9"), ("tab-separated-values", "0.8"),
        ("n-triples", "1.0"), ("turtle", "0.9"), ("rdf+xml", "0.8"), ("ld+json", "0.7"),
    ]  # fmt: skip


def _store_of(quads: list[ox.Quad]) -> ox.Store:
    made = ox.Store()
    made.extend(quads)
    return made


def _of_many_graphs() -> ox.Store:
    name, subject = ox.NamedNode("http://e/name"), ox.NamedNode("http://e/s")
    graphs = ("http://e/g", CONTACTS_GRAPH.strip("<>"), VIEW)
    quads = [ox.Quad(subject, name, ox.Literal(graph), ox.NamedNode(graph)) for graph in graphs]
    return _store_of([*quads, ox.Quad(subject, name, ox.Literal("seen"))])


def test_an_endpoint_read_as_a_store_gives_what_anybody_may_see(serve: Callable[[Reply], str]) -> None:
    there = Endpoint(serve(answering(_of_many_graphs())))
    subject, shown = ox.NamedNode("http://e/s"), ox.NamedNode("http://e/g")
    assert list(there.named_graphs()) == [shown]
    for asked in ((None, None, None), (subject, None, None), (subject, ox.NamedNode("http://e/name"), None)):
        assert {quad.object.value for quad in there.quads_for_pattern(*asked)} == {"http://e/g", "seen"}
        assert [quad.object.value for quad in there.quads_for_pattern(*asked, shown)] == ["http://e/g"]
        assert [quad.object.value for quad in there.quads_for_pattern(*asked, ox.DefaultGraph())] == ["seen"]
    assert list(there.quads_for_pattern(ox.BlankNode(), None, None)) == []
    assert list(there.quads_for_pattern(subject, ox.NamedNode("http://e/other"), None)) == []
    assert there.contains_named_graph(shown)
    assert not there.contains_named_graph(ox.NamedNode(VIEW))
    assert ox.Quad(subject, ox.NamedNode("http://e/name"), ox.Literal("seen")) in there
    out = io.BytesIO()
    there.dump(out, format=ox.RdfFormat.N_TRIPLES, from_graph=shown, prefixes={})
    assert out.getvalue() == b'<http://e/s> <http://e/name> "http://e/g" .\n'


def test_statements_of_an_endpoint_are_asked_for_once_and_page_by_page(
    serve: Callable[[Reply], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def counted(handler: Handler, text: str) -> None:
        asked.append(text)
        answering(rows)(handler, text)

    name, value = ox.NamedNode("http://e/p"), ox.Literal("x")
    rows = _store_of([ox.Quad(ox.NamedNode(f"http://e/{n}"), name, value) for n in range(7)])
    there = Endpoint(serve(counted))
    assert len({*there.quads_for_pattern(None, None, None)}) == 7
    assert len(asked) == 1
    monkeypatch.setattr(backends, "_PAGE", 3)
    monkeypatch.setattr(backends, "_REMEMBERED", 2)
    assert next(there.quads_for_pattern(None, None, value)).object.value == "x"
    assert len(asked) == 2
    assert len({*there.quads_for_pattern(None, None, value)}) == 7
    assert len({*there.quads_for_pattern(None, None, value)}) == 7
    assert len(asked) == 4
    for n in range(7):
        assert len([*there.quads_for_pattern(ox.NamedNode(f"http://e/{n}"), None, None)]) == 1
        assert len(there._statements) <= 2
