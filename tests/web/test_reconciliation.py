"""The reconciliation service over HTTP: the protocol's forms, the graph's own things, and faults told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from loaders.rdf.terms import CODE, ID, RDFS, SKOS, TG
from tests.cases import each
from tests.webstore import make_store, serving
from web.graph import GraphReader
from web.page import Page
from web.site import Site
from web.views.reconciling import preview

pytestmark = pytest.mark.slow  # a server with processes of its own


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    store: Path = make_store(tmp_path_factory.mktemp("reconcile") / "store")
    with serving(store) as opened:
        yield opened


def ask(client: TestClient, **queries: Any) -> Any:
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200
    return answer.json()


def test_the_manifest_names_addresses_that_answer(client: TestClient) -> None:
    answer = client.get("/reconcile")
    assert answer.headers["access-control-allow-origin"] == "*"
    manifest = answer.json()
    assert "0.2" in manifest["versions"]
    shown = client.get(manifest["view"]["url"].replace("{{id}}", "organisation/ely-mallila"))
    assert "Mallilan ELY-keskus" in shown.text
    preview = client.get(manifest["preview"]["url"].replace("{{id}}", "organisation/ely-mallila"))
    assert "Mallilan ELY-keskus" in preview.text
    assert "frame-ancestors *" in preview.headers["content-security-policy"]
    assert "x-frame-options" not in preview.headers
    for what, told in manifest["suggest"].items():
        found = client.get(told["service_url"] + told["service_path"], params={"prefix": "organ"})
        assert isinstance(found.json()["result"], list), what


def test_names_lead_to_things_of_the_graph(client: TestClient) -> None:
    answer = ask(
        client,
        q0={"query": "Mallilan ELY"},
        q1={"query": "MALLILAN AMMATTIKORKEAKOULU", "limit": 1},
        q2={"query": "Kylien elinvoima", "type": "Theme"},
        q3={"query": "Kymmenen sateenvarjoa"},
    )
    assert answer["q0"]["result"][0]["id"] == "organisation/ely-mallila"
    assert [c["id"] for c in answer["q1"]["result"]] == ["organisation/mallilan-ammattikorkeakoulu"]
    assert answer["q2"]["result"][0]["id"] == "theme/kylien-elinvoima"
    assert answer["q3"]["result"] == []


def test_only_what_the_graph_has_is_offered(client: TestClient) -> None:
    answer = ask(client, q={"query": "Hämeen ELY-keskus", "limit": 50})
    for candidate in answer["q"]["result"]:
        assert client.get(f"/id/{candidate['id']}").status_code == 200


def test_a_get_answers_too(client: TestClient) -> None:
    answer = client.get("/reconcile", params={"queries": json.dumps({"q0": {"query": "Saaristo ja meri"}})})
    assert answer.json()["q0"]["result"][0]["id"] == "theme/saaristo-ja-meri"


@each(
    ("path", "status"),
    [
        ("/reconcile?queries=%7B", 400),
        ("/reconcile?queries=[]", 400),
        ("/reconcile?queries=" + "[" * 3000, 400),
        ('/reconcile?queries={"q":{"query":""}}', 400),
        ('/reconcile?queries={"q":{"query":"a","limit":0}}', 400),
        ("/reconcile/suggest/person", 400),
        ("/reconcile/suggest/entity?cursor=x", 400),
        ("/reconcile/suggest/entity?cursor=%C2%B2", 400),
        ("/reconcile/preview", 404),
        ("/reconcile/preview?id=organisation/none", 404),
    ],
)
def test_faults_are_told(client: TestClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_a_large_batch_is_refused_and_a_fair_one_answered(client: TestClient) -> None:
    many = {f"q{n}": {"query": f"Mallilan kunta {n}"} for n in range(1001)}
    assert client.post("/reconcile", data={"queries": json.dumps(many)}).status_code == 400
    assert len(ask(client, **dict(list(many.items())[:200]))) == 200
    assert client.post("/reconcile", data={"queries": "x" * 2_000_000}).status_code == 413
    assert client.options("/reconcile").headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_a_preview_names_the_kind_of_an_organisation_in_the_language_of_the_page() -> None:
    store = ox.Store()
    store.load(
        f"""
        <{ID}organisation/malli> a <{TG}Organisation> ; <{RDFS}label> "Mallilan opisto"@fi ;
          <{TG}organisationType> <{CODE}organisation-type/school> .
        <{CODE}organisation-type/school> <{SKOS}prefLabel> "oppilaitos"@fi, "läroanstalt"@sv .
        """.encode(),
        format=ox.RdfFormat.TURTLE,
    )
    for lang, kind in (("fi", "oppilaitos"), ("sv", "läroanstalt")):
        site = Site(lang, "/reconcile/preview", parameters=(("id", "organisation/malli"),))
        assert f'<p class="tags">{kind}</p>' in preview(Page(GraphReader(store), site)).body.decode()


def test_a_preview_of_a_theme_of_the_register_names_its_class() -> None:
    store = ox.Store()
    store.load(
        f"""
        <{ID}theme/jatkuva-oppiminen> a <{TG}Theme> ; <{RDFS}label> "Jatkuva oppiminen"@fi .
        <{TG}Theme> <{RDFS}label> "tema"@sv .
        """.encode(),
        format=ox.RdfFormat.TURTLE,
    )
    site = Site("sv", "/reconcile/preview", parameters=(("id", "theme/jatkuva-oppiminen"),))
    shown = preview(Page(GraphReader(store), site)).body.decode()
    assert '<p class="tags">tema</p>' in shown
    assert "Jatkuva oppiminen" in shown
