"""Contact persons are in no answer of the web side, whatever is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from loaders.rdf.terms import CONTACTS_GRAPH, lexical
from tests.webstore import CONTACT_PASSAGE, PERSON, make_store, serving

NAME = "<https://schema.org/name>"
QUERIES = [
    f"SELECT * {{ ?s {NAME} ?o }}",
    f"SELECT * {{ GRAPH ?g {{ ?s {NAME} ?o }} }}",
    f"SELECT * FROM NAMED {CONTACTS_GRAPH} FROM NAMED {CONTACT_PASSAGE} {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    f"SELECT * FROM {CONTACTS_GRAPH} FROM {CONTACT_PASSAGE} {{ ?s ?p ?o }}",
    f"SELECT * {{ GRAPH {CONTACTS_GRAPH} {{ ?s ?p ?o }} }}",
    "SELECT * { GRAPH ?g { ?s ?p ?o } FILTER(CONTAINS(STR(?g), 'contact')) }",
    "SELECT * { GRAPH ?g { ?s ?p ?o } FILTER(CONTAINS(STR(?o), 'Mallinen')) }",
    f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH {CONTACT_PASSAGE} {{ ?s ?p ?o }} }}",
    "DESCRIBE <https://w3id.org/teemagraafi/id/contact/abc>",
    f"DESCRIBE {CONTACT_PASSAGE}",
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("privacy") / "store")


@pytest.fixture(scope="module")
def client(store: Path) -> Iterator[TestClient]:
    with serving(store) as opened:
        yield opened


def seen(text: str) -> bool:
    return any(word in text for word in (PERSON, "Mallinen", "maija.mallinen", "id/contact"))


@pytest.mark.parametrize("query", QUERIES)
def test_no_query_reaches_a_person(client: TestClient, query: str) -> None:
    answer = client.get("/sparql", params={"query": query})
    assert answer.status_code == 200
    assert not seen(answer.text)


@pytest.mark.parametrize("graph", [CONTACTS_GRAPH, CONTACT_PASSAGE])
def test_no_dataset_of_the_protocol_reaches_a_person(client: TestClient, graph: str) -> None:
    iri = lexical(graph)
    for name in ("default-graph-uri", "named-graph-uri"):
        query = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
        answer = client.get("/sparql", params={"query": query, name: iri})
        assert answer.json()["results"]["bindings"] == []
    assert client.get("/graph-store", params={"graph": iri}).status_code == 404


def test_with_contacts_they_are_there(store: Path) -> None:
    with serving(store, with_contacts=True) as client:
        answer = client.get("/sparql", params={"query": QUERIES[1]})
        assert PERSON in answer.text


def test_the_copy_without_persons_goes_with_the_server(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store")
    with serving(store):
        assert list(store.rglob("serve-*"))
    assert not list(store.rglob("serve-*"))


def test_search_does_not_find_persons(client: TestClient, store: Path) -> None:
    for words in ("Mallinen", "Maija", "maija.mallinen"):
        answer = client.get("/search", params={"q": words}, headers={"accept": "application/json"})
        assert not seen(answer.text)
    index = next(store.glob("*/search.sqlite"))
    assert b"mallinen" not in index.read_bytes().lower()
