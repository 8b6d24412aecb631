"""Queries that ask other endpoints: only allowed ones, only what is needed, and what was not answered is said."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from commands.query import query as command
from engine.query import federation
from engine.query.backends import Answer, Backend
from engine.query.federation import Federated, addresses, first_clause
from engine.query.run import run
from loaders.errors import QueryError, QueryUsageError
from tests.cases import each
from tests.loopback import Handler, Reply, answering, serving

FAR = "https://far.example/sparql"
EX = "http://example.org/"


def graph(turtle: str) -> ox.Store:
    store = ox.Store()
    store.load(f"@prefix : <{EX}> . {turtle}".encode(), ox.RdfFormat.TURTLE)
    return store


LOCAL = graph(":a :number 1 ; :name 'A' . :b :number 2 ; :name 'B' . :c :number 3 ; :name 'C' .")
REMOTE = graph(":a :says 'one' , 'uno' . :b :says 'two' . :z :says 'zed' . [] :says 'nobody' .")


@pytest.fixture
def serve() -> Iterator[Callable[[Reply], str]]:
    with serving() as start:
        yield start


def ask(text: str, url: str, **more: object) -> tuple[list[tuple[object, ...]], tuple[str, ...]]:
    found = run(LOCAL, f"PREFIX : <{EX}> {text}", services={FAR: url}, **more)  # type: ignore[arg-type]
    return found.rows, found.notes


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ("?x :name ?n SERVICE <FAR> { ?x :says ?w }", {("A", "one"), ("A", "uno"), ("B", "two")}),
        ("{ SELECT ?x ?n { ?x :name ?n } } SERVICE SILENT <FAR> { ?x :says ?w }", {("A", "one"), ("A", "uno"), ("B", "two")}),
        ("?x :name ?n OPTIONAL { SERVICE <FAR> { ?x :says ?w } }", {("A", "one"), ("A", "uno"), ("B", "two"), ("C", None)}),
        ("?x :name ?n SERVICE <FAR> { ?x :says ?w } FILTER(?w > 'ta')", {("A", "uno"), ("B", "two")}),
        ("?x :name ?n FILTER(?w > 'ta') SERVICE <FAR> { ?x :says ?w }", {("A", "uno"), ("B", "two")}),
        ("?x :number ?i ; :name ?n FILTER(?i < 1.5) SERVICE <FAR> { ?x :says ?w }", {("A", "one"), ("A", "uno")}),
        ("SERVICE <FAR> { ?x :says ?w } ?x :name ?n", {("A", "one"), ("A", "uno"), ("B", "two")}),
        ("SERVICE <FAR> { ?x :says ?w FILTER(ISIRI(?x)) }", {(None, "one"), (None, "uno"), (None, "two"), (None, "zed")}),
        ("VALUES ?x { :b :z } SERVICE <FAR> { ?x :says ?w }", {(None, "two"), (None, "zed")}),
        ("{ ?x :name ?n SERVICE <FAR> { ?x :says ?w } } UNION { ?x :number 3 ; :name ?n }",
         {("A", "one"), ("A", "uno"), ("B", "two"), ("C", None)}),
        ("?x :name ?n MINUS { SERVICE <FAR> { ?x :says 'two' } }", {("A", None), ("C", None)}),
        ("?x :name ?n SERVICE <FAR> { ?x :says ?w } SERVICE <FAR> { ?y :says ?w FILTER(?w = 'two') }", {("B", "two")}),
        ("?y :number ?i OPTIONAL { ?x :number 9 } SERVICE <FAR> { ?x :says 'zed' BIND('w' AS ?w) }", {(None, "w")}),
        ("?x :name ?n SERVICE <FAR> { SELECT ?x (MAX(?s) AS ?w) { ?x :says ?s } GROUP BY ?x }", {("A", "uno"), ("B", "two")}),
        ("?x :number 9 ; :name ?n SERVICE <FAR> { ?x :says ?w }", set()),
    ],
)  # fmt: skip
def test_the_answer_is_that_of_federated_sparql(
    serve: Callable[[Reply], str], where: str, rows: set[tuple[object, ...]]
) -> None:
    found, notes = ask(f"SELECT ?n ?w WHERE {{ {where.replace('FAR', FAR)} }}", serve(answering(REMOTE)))
    assert set(found) == rows
    assert notes
    assert not any(note.startswith("partial") for note in notes)


def test_only_what_is_needed_is_asked_for(serve: Callable[[Reply], str]) -> None:
    asked: list[str] = []

    def reply(handler: Handler, text: str) -> None:
        asked.append(text)
        answering(REMOTE)(handler, text)

    where = f"?x :name ?n FILTER(?n != 'B' && ?w != '') # SERVICE\n OPTIONAL {{ SERVICE <{FAR}> {{ ?x :says ?w }} }}"
    ask(f"SELECT * WHERE {{ {where} }}", serve(reply))
    assert len(asked) == 1
    values = re.search(r"VALUES \(\?x\) \{ (.*?) \}", asked[0])
    assert values
    assert sorted(values[1].split()) == [f"(<{EX}{name}>)" for name in "abc"]
    assert "?n" not in asked[0]


def test_a_pattern_in_a_named_graph_goes_alone(serve: Callable[[Reply], str]) -> None:
    clause = first_clause("SELECT * { GRAPH ?g { ?x ?p ?n SERVICE <u:a> { ?x ?q ?w } } }")
    assert clause is not None
    assert (clause.before, clause.shared) == ("", ())


@each(
    ("text", "says"),
    [
        (f"SELECT * {{ SERVICE <{FAR}> {{ ?s ?p ?o }} }}", "--allow-service https://far.example/sparql"),
        (f"SELECT * {{ sErViCe silent <{FAR}> {{ ?s ?p ?o }} }}", "--allow-service"),
        (f"SELECT * {{ \\u0053ERVICE <{FAR}> {{ ?s ?p ?o }} }}", "--allow-service"),
        ("SELECT * { VALUES ?e { <http://a.b/> } SERVICE ?e { ?s ?p ?o } }", "a full address"),
        ("PREFIX f: <https://far.example/> SELECT * { SERVICE f:sparql { ?s ?p ?o } }", "a full address"),
    ],
)
def test_an_address_that_is_not_allowed_is_refused(text: str, says: str) -> None:
    with pytest.raises(QueryUsageError, match=re.escape(says)):
        run(LOCAL, text)
    other = "https://other.example/sparql"
    with pytest.raises(QueryUsageError):
        run(LOCAL, text, services={other: other})


def test_a_service_inside_a_service_needs_leave_too() -> None:
    text = f"SELECT * {{ SERVICE <{FAR}> {{ SERVICE <https://b.example/> {{ ?s ?p ?o }} }} }}"
    with pytest.raises(QueryUsageError, match=r"b\.example"):
        run(LOCAL, text, services={FAR: FAR})


def test_a_query_without_service_asks_nobody() -> None:
    found = run(LOCAL, "SELECT ?x { ?x ?p 'SERVICE <https://far.example/> {}' } # SERVICE <a:b> {}")
    assert (found.rows, found.notes) == ([], ())


@pytest.mark.parametrize("text", [f"SELECT * {{ SERVICE <{FAR}> }}", f"SELECT * {{ SERVICE <{FAR}> {{ ?s ?p ?o }}"])
def test_a_clause_that_does_not_end_is_malformed(text: str, serve: Callable[[Reply], str]) -> None:
    with pytest.raises(QueryError, match="not valid SPARQL"):
        run(LOCAL, text, services={FAR: serve(answering(REMOTE))})


def test_silent_keeps_what_is_ours_and_says_what_is_missing(serve: Callable[[Reply], str]) -> None:
    url = serve(lambda handler, text: handler.give(503, "text/plain", b"busy"))
    rows, notes = ask(f"SELECT ?n ?w WHERE {{ ?x :name ?n SERVICE SILENT <{FAR}> {{ ?x :says ?w }} }}", url)
    assert set(rows) == {("A", None), ("B", None), ("C", None)}
    assert [note for note in notes if note.startswith(f"partial: <{FAR}> answered none of 1 requests")]
    with pytest.raises(QueryError, match="busy"):
        ask(f"SELECT ?n ?w WHERE {{ ?x :name ?n SERVICE <{FAR}> {{ ?x :says ?w }} }}", url)


def test_a_part_that_fails_leaves_the_others(serve: Callable[[Reply], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(federation, "BATCH", 1)

    def reply(handler: Handler, text: str) -> None:
        if f"<{EX}b>" in text:
            handler.give(500, "text/plain", b"no")
        else:
            answering(REMOTE)(handler, text)

    rows, notes = ask(f"SELECT ?n ?w WHERE {{ ?x :name ?n SERVICE SILENT <{FAR}> {{ ?x :says ?w }} }}", serve(reply))
    assert {row for row in rows if row[0] != "B"} == {("A", "one"), ("A", "uno")}
    assert ("B", None) in rows
    assert any("answered only 2 of 3 requests" in note for note in notes)


def test_an_endpoint_that_keeps_failing_is_left_alone(
    serve: Callable[[Reply], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(federation, "BATCH", 1)
    asked: list[str] = []

    def reply(handler: Handler, text: str) -> None:
        asked.append(text)
        handler.give(500, "text/plain", b"no")

    _, notes = ask(f"SELECT ?n ?w WHERE {{ ?x :name ?n SERVICE SILENT <{FAR}> {{ ?x :says ?w }} }}", serve(reply))
    assert len(asked) == federation.GIVEN_UP_AFTER
    assert any("answered none of 3 requests" in note for note in notes)


def test_a_slow_endpoint_ends_in_time(serve: Callable[[Reply], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(federation, "PATIENCE", 0.3)

    def slow(handler: Handler, text: str) -> None:
        time.sleep(2)

    started = time.monotonic()
    rows, notes = ask(f"SELECT ?n ?w WHERE {{ ?x :name ?n SERVICE SILENT <{FAR}> {{ ?x :says ?w }} }}", serve(slow))
    assert time.monotonic() - started < 1.5
    assert len(rows) == 3
    assert any("ran longer than 0.3 s" in note for note in notes)


@pytest.mark.slow
@pytest.mark.parametrize(("count", "round_"), [(999, False), (1000, True), (2000, True), (5000, True), (10_000, True)])
def test_a_round_number_of_rows_is_told(serve: Callable[[Reply], str], count: int, round_: bool) -> None:
    many = ox.Store()
    node, says = ox.NamedNode(f"{EX}a"), ox.NamedNode(f"{EX}says")
    many.extend(ox.Quad(node, says, ox.Literal(str(n))) for n in range(count))
    _, notes = ask(f"SELECT ?w WHERE {{ ?x :name ?n SERVICE <{FAR}> {{ ?x :says ?w }} }}", serve(answering(many)))
    assert any("round number of rows" in note for note in notes) is round_
    assert any(note.endswith(f"> gave {count} rows") for note in notes)


def test_the_requests_of_one_clause_are_counted(serve: Callable[[Reply], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(federation, "BATCH", 2)
    _, notes = ask(f"SELECT ?n ?w WHERE {{ ?x :name ?n SERVICE <{FAR}> {{ ?x :says ?w }} }}", serve(answering(REMOTE)))
    assert any(note.endswith("rows in 2 requests") for note in notes)


def test_too_many_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(federation, "BATCH", 1)
    monkeypatch.setattr(federation, "MOST_BATCHES", 2)
    with pytest.raises(QueryError, match="3 values are too many"):
        ask(f"SELECT * WHERE {{ ?x :name ?n SERVICE <{FAR}> {{ ?x :says ?w }} }}", "http://127.0.0.1:9/")


def test_something_else_than_rows_is_told(serve: Callable[[Reply], str]) -> None:
    url = serve(lambda handler, text: handler.give(200, "text/turtle", b"<a:b> <a:c> <a:d> ."))
    with pytest.raises(QueryError, match="something else than rows"):
        ask(f"SELECT * WHERE {{ ?x :name ?n SERVICE <{FAR}> {{ ?x :says ?w }} }}", url)


def test_a_store_in_a_process_of_its_own_is_joined_too(serve: Callable[[Reply], str]) -> None:
    with Federated(_Once(LOCAL), {FAR: serve(answering(REMOTE))}, 5) as engine:
        found = engine.query(f"PREFIX : <{EX}> ASK {{ ?x :name 'A' SERVICE <{FAR}> {{ ?x :says 'uno' }} }}")
        assert bool(found)


class _Once(Backend):
    """A backend of the least there can be."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store

    def query(self, text: str) -> Answer:
        return self.store.query(text)


@pytest.mark.parametrize("given", ["far.example", "ftp://b", "file:///etc/passwd"])
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(QueryUsageError, match="http or https"):
        addresses((given,))


def test_an_address_may_be_asked_in_the_place_of_another(serve: Callable[[Reply], str], tmp_path: object) -> None:
    url = serve(answering(REMOTE))
    assert addresses((f"{FAR}={url}", "https://q.example/?a=b")) == {
        FAR: url,
        "https://q.example/?a=b": "https://q.example/?a=b",
    }
    text = f"SELECT ?w WHERE {{ SERVICE <{FAR}> {{ <{EX}b> <{EX}says> ?w }} }}"
    asked = ["-", "--endpoint", serve(answering(LOCAL)), "--format", "csv"]
    result = CliRunner().invoke(command, [*asked, "--allow-service", f"{FAR}={url}"], input=text)
    assert result.exit_code == 0, result.output
    assert "two" in result.stdout
    assert f"note: <{FAR}> gave 1 rows" in result.stderr
    refused = CliRunner().invoke(command, asked, input=text)
    assert refused.exit_code == 2
    assert "--allow-service" in refused.stderr
