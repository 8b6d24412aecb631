"""Queries of one triple pattern, which the server's own process answers, and everything else, which it must not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from loaders.rdf.terms import SCHEMA, Quad, literal
from tests.webstore import CONTACT_PASSAGE, THEME, make_store, serving
from web import formats
from web.direct import bounded
from web.settings import Limits

P = "<http://e/p>"
HUB = "<http://e/hub>"
MANY = [Quad(HUB, P, literal(f"v{i:05}")) for i in range(5000)]
PREFIX = "PREFIX tg: <https://w3id.org/teemagraafi/def#>\n"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    store = make_store(tmp_path_factory.mktemp("direct") / "store", MANY)
    with serving(store, Limits(rows=4000)) as opened:
        yield opened


@pytest.fixture
def asked(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The queries that went to a worker."""
    pool = client.app.state.pool  # type: ignore[attr-defined]
    heard: list[object] = []
    ask_a_worker = pool.ask
    monkeypatch.setattr(pool, "ask", lambda job: heard.append(job["text"]) or ask_a_worker(job))
    return heard


def get(client: TestClient, query: str, accept: str = formats.JSON) -> Any:
    return client.get("/sparql", params={"query": query}, headers={"accept": accept})


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT ?p ?o WHERE {{ {THEME} ?p ?o }} LIMIT 40000000",
        f"{PREFIX}select * {{ ?s a tg:Theme . }}",
        f"{PREFIX}PREFIX : <http://e/>SELECT $s{{?s tg:fund :x}}limit 5",
        "SELECT ?s { ?s ?p ?o } LIMIT 1000",
    ],
)
def test_one_pattern_is_bounded(query: str) -> None:
    assert bounded(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s { ?s ?p ?o }",
        "SELECT ?s { ?s ?p ?o } LIMIT 1001",
        f"SELECT ?s {{ ?s {P} $s }}",
        f"SELECT ?s {{ ?s {P} ?o }} OFFSET 5",
        f"SELECT ?s {{ ?s {P} ?o }} ORDER BY ?o",
        f"SELECT DISTINCT ?s {{ ?s {P} ?o }}",
        f"SELECT (COUNT(*) AS ?n) {{ ?s {P} ?o }}",
        f"SELECT ?none {{ ?s {P} ?o }}",
        f"SELECT ?s {{ ?s {P}+ ?o }}",
        f"SELECT ?s {{ ?s {P} ?o . ?o {P} ?x }}",
        f"SELECT ?s {{ ?s {P} ?o ; {P} ?x }}",
        f"SELECT ?s {{ ?s {P} ?o FILTER(?o > 1) }}",
        f"SELECT ?s {{ GRAPH ?g {{ ?s {P} ?o }} }}",
        f"SELECT ?s FROM <http://e/g> {{ ?s {P} ?o }}",
        f"ASK {{ {HUB} {P} ?o }}",
        f"SELECT ?s {{ ?s {P} ?o }}" + " " * 2000,
    ],
)
def test_anything_else_is_not(query: str) -> None:
    assert not bounded(query)


@pytest.mark.parametrize("text", ["SELECT" + " " * 1990, "SELECT * {" + " " * 1980, "SELECT " + "?a " * 660])
def test_looking_takes_no_time(text: str) -> None:
    began = time.perf_counter()
    assert not bounded(text)
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize("media", formats.ROWS)
def test_the_answer_is_a_workers_answer(client: TestClient, asked: list[object], media: str) -> None:
    query = f"SELECT ?p ?o {{ {THEME} ?p ?o }}"
    here = get(client, query, media)
    assert asked == []
    there = get(client, f"{query} # by a worker", media)
    assert len(asked) == 1
    assert (here.status_code, here.content) == (200, there.content)
    assert here.headers["content-type"] == there.headers["content-type"]


def test_a_larger_answer_comes_from_a_worker_and_keeps_its_limit(client: TestClient, asked: list[object]) -> None:
    answer = get(client, f"SELECT ?o {{ {HUB} {P} ?o }} LIMIT 3000")
    assert len(answer.json()["results"]["bindings"]) == 3000
    over = get(client, f"SELECT ?o {{ {HUB} {P} ?o }}")
    assert (over.status_code, "more than 4000 rows" in over.text) == (503, True)
    assert len(asked) == 2


def test_a_fault_is_told_by_a_worker(client: TestClient, asked: list[object]) -> None:
    answer = get(client, "SELECT ?s { ?s nowhere:p ?o }")
    assert answer.status_code == 400
    assert "nowhere" in answer.text
    assert len(asked) == 1
    assert get(client, f"SELECT * {{ {THEME} ?p ?o }}", formats.TURTLE).status_code == 406


def test_a_named_dataset_goes_to_a_worker(client: TestClient, asked: list[object]) -> None:
    parameters = {"query": f"SELECT ?p {{ {THEME} ?p ?o }}", "default-graph-uri": "http://e/none"}
    assert client.get("/sparql", params=parameters).json()["results"]["bindings"] == []
    assert len(asked) == 1


def test_contact_persons_are_not_in_the_store_opened_here(client: TestClient, asked: list[object]) -> None:
    for query in (f"SELECT * {{ ?s <{SCHEMA}email> ?o }}", f"SELECT * {{ {CONTACT_PASSAGE} ?p ?o }}"):
        assert get(client, query).json()["results"]["bindings"] == []
    assert asked == []


def test_the_store_built_anew_is_opened_here_too(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store")
    query = f"SELECT ?o {{ <http://e/new> {P} ?o }}"
    with serving(store, recheck=0.0) as client:
        assert get(client, query).json()["results"]["bindings"] == []
        make_store(store, [Quad("<http://e/new>", P, literal("seen"))])
        deadline = time.monotonic() + 20
        while not (rows := get(client, query).json()["results"]["bindings"]) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert rows[0]["o"]["value"] == "seen"
        assert get(client, query).json()["results"]["bindings"] == rows
