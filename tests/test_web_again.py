"""Repeated queries: the same answer, without asking anybody, and never another request's."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from loaders.rdf.terms import tg
from tests.webstore import make_store, serving
from web import formats

QUERY = f"SELECT ?s ?p ?o WHERE {{ ?s a {tg('Theme')} ; ?p ?o }} ORDER BY ?s ?p ?o"
SPARQL = {"content-type": "application/sparql-query"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serving(make_store(tmp_path_factory.mktemp("again") / "store")) as opened:
        yield opened


@pytest.fixture
def asked(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The queries that went to a worker."""
    pool = client.app.state.pool  # type: ignore[attr-defined]
    heard: list[object] = []
    ask_a_worker = pool.ask
    monkeypatch.setattr(pool, "ask", lambda job: heard.append(job) or ask_a_worker(job))
    return heard


def get(client: TestClient, query: str = QUERY, **headers: str) -> Any:
    told = {
        "accept": formats.JSON,
        "accept-encoding": "identity",
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    return client.get("/sparql", params={"query": query}, headers=told)


def test_the_same_answer_with_the_same_headers(client: TestClient, asked: list[object]) -> None:
    first, again = get(client), get(client)
    assert len(asked) == 1
    assert (again.status_code, again.content, again.headers) == (200, first.content, first.headers)
    assert "content-security-policy" in again.headers


def test_what_the_answer_depends_on_makes_another(client: TestClient) -> None:
    plain = get(client)
    assert get(client, accept=formats.CSV).headers["content-type"].startswith(formats.CSV)
    packed = client.send(
        client.build_request("GET", "/sparql", params={"query": QUERY}, headers={"accept-encoding": "gzip"}),
        stream=True,
    )
    assert gzip.decompress(b"".join(packed.iter_raw())) == plain.content
    relative = "SELECT (IRI('x') AS ?x) {}"
    here = get(client, relative).json()["results"]["bindings"][0]["x"]["value"]
    there = get(client, relative, host="other.example").json()["results"]["bindings"][0]["x"]["value"]
    assert (here, there) == ("http://testserver/x", "http://other.example/x")


def test_a_known_tag_and_head_are_answered_as_ever(client: TestClient) -> None:
    tag = get(client).headers["etag"]
    assert get(client, if_none_match=tag).status_code == 304
    assert get(client, if_none_match='"other"').status_code == 200
    told = client.head("/sparql", params={"query": QUERY}, headers={"accept": formats.JSON})
    assert (told.status_code, told.content, told.headers["etag"]) == (200, b"", tag)


def test_a_post_is_known_by_its_body(client: TestClient, asked: list[object]) -> None:
    one, two = "SELECT (1 AS ?posted) {}", "SELECT (2 AS ?posted) {}"
    answers = [client.post("/sparql", content=query, headers=SPARQL).json() for query in (one, two, one)]
    assert answers[0] == answers[2] != answers[1]
    form = [client.post("/sparql", data={"query": one}).json() for _ in range(2)]
    assert form == [answers[0]] * 2
    assert len(asked) == 3
    assert client.post("/sparql", content=one, headers={"content-type": "text/plain"}).status_code == 415


def test_what_went_wrong_is_not_kept(client: TestClient, asked: list[object]) -> None:
    for _ in range(2):
        assert get(client, "SELECT nonsense").status_code == 400
    assert len(asked) == 2


def test_every_answer_is_in_the_log(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "teemagraafi.access"):
        for _ in range(2):
            get(client, "ASK { ?logged ?p ?o }")
    told = [record.getMessage() for record in caplog.records if record.name == "teemagraafi.access"]
    assert [line.rsplit(" ", 2)[0] for line in told] == ["GET /sparql 200"] * 2
