"""The API of the stored queries, and that it keeps to its own description."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate
from starlette.testclient import TestClient

from tests.cases import each
from tests.query_files import readable_queries
from tests.webstore import make_store, serving
from web.views import questions as catalogue
from web.words import text

QUERIES = sorted(query.name for query in readable_queries() if not query.services)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serving(make_store(tmp_path_factory.mktemp("api") / "store"), workers=2) as opened:
        yield opened


@pytest.fixture(scope="module")
def description(client: TestClient) -> dict[str, Any]:
    described: dict[str, Any] = client.get("/openapi.json").json()
    return described


@each("name", QUERIES)
def test_every_stored_query_answers_as_api_and_as_page(client: TestClient, name: str) -> None:
    query = catalogue.queries()[name]
    answer = client.get(f"/api/{name}")
    assert answer.status_code == 200
    if query.form == "SELECT":
        assert answer.json()["head"]["vars"]
    else:
        assert rdflib.Graph().parse(data=answer.text, format="turtle") is not None
    page = client.get(f"/queries/{name}?lang=sv", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert query.summary_sv.split("&")[0][:20] in page.text


@each(
    ("suffix", "media"),
    [
        ("json", "application/sparql-results+json"),
        ("csv", "text/csv"),
        ("tsv", "text/tab-separated-values"),
        ("svg", "image/svg+xml"),
    ],
)
def test_forms_by_suffix(client: TestClient, suffix: str, media: str) -> None:
    answer = client.get(f"/api/money-by-theme.{suffix}")
    assert answer.headers["content-type"].split(";")[0] == media
    assert "Kylien elinvoima" in answer.text


def test_the_note_under_a_picture_is_in_its_language(client: TestClient) -> None:
    finnish, english = (client.get(f"/api/coverage-of-documents.svg?lang={lang}").text for lang in ("fi", "en"))
    assert "This counts what was read" in english
    assert "Tämä laskee, mitä luettiin" in finnish
    assert "This counts" not in finnish


def test_a_list_is_found_with_a_slash_at_its_end(client: TestClient) -> None:
    assert client.get("/doc/theme/", headers={"accept": "text/html"}).status_code == 200


def test_a_workbook(client: TestClient) -> None:
    answer = client.get("/api/money-by-theme.xlsx")
    assert "attachment" in answer.headers["content-disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == ["Kylien elinvoima"]


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("text/csv", "text/csv"),
        ("application/json", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
    ],
)
def test_forms_by_accept(client: TestClient, accept: str, media: str) -> None:
    answer = client.get("/api/money-by-theme", headers={"accept": accept})
    assert answer.headers["content-type"].split(";")[0] == media


def test_a_parameter_narrows(client: TestClient) -> None:
    def rows(**parameters: str) -> int:
        return len(client.get("/api/money-by-theme", params=parameters).json()["results"]["bindings"])

    assert rows(theme="kylien-elinvoima") == rows(theme="Kylien elinvoima") == 1
    assert rows(theme="Saaristo ja meri") == 0
    assert rows(at="2031-12-31") == 1
    assert rows(at="2030") == 0


@each(
    ("status", "address", "said"),
    [
        (404, "/api/nothing", "no stored query"),
        (404, "/api/money-by-them", "did you mean"),
        (404, "/api/money-by-theme.docx", "not as docx"),
        (404, "/api/money-by-theme?theme=olematon", "theme"),
        (400, "/api/money-by-theme?colour=red", "no parameter"),
        (400, "/api/money-by-theme?at=soon", "not a date"),
        (400, "/api/money-by-theme?theme=", "not a name"),
        (400, "/api/money-by-theme?theme=a%0Ab", "not a name"),
        (400, "/api/money-by-theme?at=2024&at=2025", "one value"),
        (404, "/api/..%2f..%2fetc%2fpasswd", ""),
    ],
)
def test_refused_with_a_reason(client: TestClient, status: int, address: str, said: str) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert said in answer.text


def test_a_value_is_never_part_of_the_query(client: TestClient) -> None:
    hostile = '"} } #'
    answer = client.get("/api/money-by-theme", params={"theme": hostile})
    assert answer.status_code == 404
    page = client.get(
        "/queries/money-by-theme", params={"theme": f"<script>{hostile}", "lang": "fi"}, headers={"accept": "text/html"}
    )
    assert page.status_code == 400
    assert "<script>" not in page.text.replace("<script src", "")


def test_what_is_not_offered_is_406(client: TestClient) -> None:
    assert client.get("/api/money-by-theme", headers={"accept": "image/png"}).status_code == 406


def test_an_unchanged_answer_is_304(client: TestClient) -> None:
    tag = client.get("/api/money-by-theme.csv").headers["etag"]
    assert client.get("/api/money-by-theme.csv", headers={"if-none-match": tag}).status_code == 304
    assert client.get("/api/money-by-theme.tsv", headers={"if-none-match": tag}).status_code == 200
    assert client.get("/api/money-by-theme.csv?at=2031", headers={"if-none-match": tag}).status_code == 200


def test_the_form_offers_what_the_graph_has_and_keeps_what_was_given(client: TestClient) -> None:
    address = "/queries/money-by-theme?theme=https://w3id.org/teemagraafi/id/theme/kylien-elinvoima&at=2031&lang=fi"
    page = client.get(address, headers={"accept": "text/html"}).text
    assert re.search(r'<option value="[^"]*/kylien-elinvoima" selected>', page)
    assert 'value="2031"' in page
    assert 'href="/api/money-by-theme.csv?theme=https%3A%2F%2F' in page
    assert text("run", "fi") in page


def test_the_index_names_every_query(client: TestClient) -> None:
    listed = client.get("/api").json()
    assert sorted(entry["name"] for entry in listed) == QUERIES
    assert all(set(entry["summary"]) == {"fi", "sv", "en"} for entry in listed)


# the description


def test_the_description_is_openapi(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1")
    validate(description)
    assert {f"/api/{name}" for name in QUERIES} < set(description["paths"])


def values(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that keep to a schema of the description, and some that do not."""
    anything = st.text(max_size=30) | st.sampled_from(
        ["", "ä", "\u202e", "' OR 1=1", "}", "<http://a/>", "\\u0022", "0", "9" * 40]
    )
    if schema.get("type") == "array":
        return st.lists(values(schema["items"]), max_size=3)
    if "enum" in schema:
        return st.sampled_from(schema["enum"]) | anything
    if "pattern" in schema:
        return st.from_regex(schema["pattern"], fullmatch=True).map(lambda found: found[:60]) | anything
    return anything


def keeps_to(schema: dict[str, Any], value: Any) -> bool:
    if schema.get("type") == "array":
        return all(keeps_to(schema["items"], item) for item in value)
    if "enum" in schema and value not in schema["enum"]:
        return False
    return re.fullmatch(schema.get("pattern", ".*").strip("^$"), value, re.DOTALL) is not None


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_the_api_keeps_to_its_description(client: TestClient, description: dict[str, Any], data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(p for p in description["paths"] if p.startswith("/api/"))))
    operation = description["paths"][path]["get"]
    parameters = {
        p["name"]: data.draw(values(p["schema"]), label=p["name"])
        for p in operation["parameters"]
        if data.draw(st.booleans())
    }
    encodable = json.loads(json.dumps(parameters).encode("utf-8", "replace").decode())
    try:
        answer = client.get(path, params=encodable)
    except UnicodeEncodeError:
        return
    assert str(answer.status_code) in operation["responses"], answer.text
    if answer.status_code == 200:
        assert answer.headers["content-type"].split(";")[0] in operation["responses"]["200"]["content"]
    if answer.status_code == 400:
        schemas = {p["name"]: p["schema"] for p in operation["parameters"]}
        assert not all(keeps_to(schemas[name], value) for name, value in encodable.items()), answer.text
