"""The reconciliation service without HTTP: what the protocol (version 0.2) asks of every answer, and what is matched."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from jsonschema import Draft7Validator

from links.reconcile import MOST, MOST_QUERIES, ReconcileError, Service, Thing
from loaders.names import Registry
from tests import reconciliation_schemas as schemas
from tests.cases import each

KNOWN = {"organisation": Registry.load().organisations, "theme": Registry.load().themes}
SERVICE = Service(
    [
        Thing("organisation/niityn-opisto", "Niityn opisto Oy", ("Niityn opisto Oy",), ("Organisation", "company")),
        *(
            Thing(
                f"{kind}/{one.key}",
                next(iter(one.labels.values())),
                (*one.names, *one.notations),
                types,
                one.type or "",
            )
            for kind, entries in KNOWN.items()
            for one in entries.values()
            for types in [(kind.capitalize(), *([one.type] if one.type else []))]
        ),
    ]
)


def one(text: str, **more: Any) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = SERVICE.query({"q0": {"query": text, **more}})["q0"]["result"]
    return result


def test_the_manifest_has_what_the_protocol_requires() -> None:
    manifest = SERVICE.manifest("http://127.0.0.1:8000/reconcile")
    assert "0.2" in manifest["versions"]
    for key in ("name", "identifierSpace", "schemaSpace"):
        assert isinstance(manifest[key], str)
        assert manifest[key]
    assert manifest["view"]["url"] == "http://127.0.0.1:8000/id/{{id}}"
    assert re.fullmatch(r".*\{\{id\}\}.*", manifest["preview"]["url"])
    assert all(isinstance(manifest["preview"][side], int) for side in ("width", "height"))
    assert all({"id", "name"} <= set(kind) for kind in manifest["defaultTypes"])
    assert set(manifest["suggest"]) == {"entity", "property", "type"}
    assert json.loads(json.dumps(manifest)) == manifest


@each("text", ["Hämeen ELY", "THL", "Niityn opisto", "Jatkuva oppiminen", "yliopisto", "q", "Åbo"])
def test_an_answer_has_the_form_of_the_protocol(text: str) -> None:
    for candidate in one(text, limit=20):
        assert {"id", "name", "score"} <= set(candidate)
        assert isinstance(candidate["id"], str)
        assert isinstance(candidate["name"], str)
        assert isinstance(candidate["score"], int | float)
        assert isinstance(candidate["match"], bool)
        assert all({"id", "name"} <= set(kind) for kind in candidate["type"])
        assert all(isinstance(feature["value"], int | float) for feature in candidate["features"])
    scores = [candidate["score"] for candidate in one(text, limit=20)]
    assert scores == sorted(scores, reverse=True)


@each(
    ("text", "identifier"),
    [
        ("Hämeen ELY", "organisation/ely-hame"),
        ("Terveyden ja hyvinvoinnin laitoksen", "organisation/thl"),
        ("NIITYN OPISTO OY", "organisation/niityn-opisto"),
        ("Jatkuva oppiminen -teema", "theme/jatkuva-oppiminen"),
        ("https://w3id.org/teemagraafi/id/organisation/thl", "organisation/thl"),
    ],
)
def test_a_name_the_rules_know_is_a_match(text: str, identifier: str) -> None:
    best = one(text)[0]
    assert (best["id"], best["match"], best["score"]) == (identifier, True, 100.0)


def test_likeness_alone_is_never_a_match() -> None:
    candidates = one("Hämmeen ammattikorkeakoulu")
    assert candidates[0]["id"] == "organisation/hameen-ammattikorkeakoulu"
    assert not any(candidate["match"] for candidate in candidates)
    assert len(candidates) <= 3
    assert one("xyzzy") == []


def test_types_and_properties_narrow_the_answer() -> None:
    assert {c["type"][0]["id"] for c in one("oppiminen", type="Theme", limit=10)} <= {"Theme"}
    universities = one("Turun", type=["university"], limit=10)
    assert {c["id"] for c in universities} == {"organisation/turun-yliopisto"}
    asked = one(
        "Turun",
        properties=[{"pid": "organisationType", "v": [{"id": "municipality"}]}, {"pid": "other", "v": 1}],
        limit=10,
    )
    assert {kind["id"] for c in asked for kind in c["type"]} <= {"Organisation", "municipality"}
    assert one("THL", type=["Organisation", "university"], type_strict="all") == []
    assert one("THL", type="https://w3id.org/teemagraafi/def#Organisation")[0]["id"] == "organisation/thl"
    assert one("THL", type="Theme", type_strict="should")[0]["id"] == "organisation/thl"


@each(
    ("queries", "message"),
    [
        ([], "queries: expected a JSON object"),
        ({"q0": "THL"}, "q0: expected `object`"),
        ({"q0": {}}, "q0: query is missing or empty"),
        ({"q0": {"query": " "}}, "q0: query is missing or empty"),
        ({"q0": {"query": "a", "limit": 0}}, "q0: limit: expected `float`"),
        ({"q0": {"query": "a", "limit": True}}, "q0: limit: expected `float`"),
        ({"q0": {"query": "a", "type_strict": "none"}}, "q0: type_strict: invalid enum value"),
        ({"q0": {"query": "a", "nonsense": 1}}, "q0: object contains unknown field `nonsense`"),
        ({"q0": {"query": "a", "properties": "x"}}, "q0: properties: expected `array`"),
        ({"q0": {"query": "a", "properties": [{}]}}, "q0: properties[0]: object missing required field `pid`"),
        ({str(n): {"query": "a"} for n in range(MOST_QUERIES + 1)}, "queries: 1001 at once"),
    ],
)
def test_what_is_no_query_is_refused_by_name(queries: object, message: str) -> None:
    with pytest.raises(ReconcileError) as error:
        SERVICE.query(queries)
    assert error.value.format_message().startswith(message)


def test_names_are_completed() -> None:
    found = SERVICE.suggest("entity", "turun yl")["result"]
    assert found[0] == {
        "id": "organisation/turun-yliopisto",
        "name": "Turun yliopisto",
        "description": "university",
        "notable": [{"id": "Organisation", "name": "Organisation"}, {"id": "university", "name": "university"}],
    }
    assert len(SERVICE.suggest("entity", "")["result"]) == MOST
    first, second = (SERVICE.suggest("entity", "", cursor)["result"] for cursor in (0, MOST))
    assert not {entry["id"] for entry in first} & {entry["id"] for entry in second}
    assert SERVICE.suggest("type", "univ")["result"][0]["id"] == "university"
    assert SERVICE.suggest("property", "org")["result"] == [{"id": "organisationType", "name": "organisation type"}]
    with pytest.raises(ReconcileError, match="nothing of the kind"):
        SERVICE.suggest("colour", "re")


def test_a_preview_tells_the_other_names() -> None:
    shown = SERVICE.preview("organisation/thl")
    assert shown["name"] == "Terveyden ja hyvinvoinnin laitos"
    assert "THL" in shown["names"]
    assert SERVICE.preview(shown["iri"]) == shown
    with pytest.raises(ReconcileError, match="there is no organisation/nobody"):
        SERVICE.preview("organisation/nobody")


# against the specification's schemas


def fits(answer: object, schema: dict[str, Any]) -> None:
    Draft7Validator(schema).validate(json.loads(json.dumps(answer)))


def test_every_answer_fits_the_protocols_schemas() -> None:
    fits(SERVICE.manifest("https://example.org/data/reconcile"), schemas.MANIFEST)
    queries = {
        "q0": {"query": "Hämeen ELY"},
        "q1": {"query": "Turun yliopisto", "type": ["university", "Organisation"], "type_strict": "all", "limit": 50},
        "q2": {"properties": [{"pid": "organisationType", "v": [{"id": "municipality", "name": "kunta"}, "company"]}]},
        "q3": {"query": "xyzzy", "properties": [{"pid": "other", "v": True}]},
    }
    fits(queries, schemas.QUERIES)
    answer = SERVICE.query(queries)
    assert answer.keys() == queries.keys()
    fits(answer, schemas.RESULTS)
    assert answer["q0"]["result"]
    assert answer["q1"]["result"]
    assert answer["q3"]["result"] == []
    for prefix in ("", "turun", "xyzzy", "org"):
        fits(SERVICE.suggest("entity", prefix), schemas.ENTITIES)
        for what in ("type", "property"):
            fits(SERVICE.suggest(what, prefix), schemas.NAMES)


@each(
    "queries",
    [
        {"q0": {}},
        {"q0": {"query": "a", "nonsense": 1}},
        {"q0": {"query": "a", "type_strict": "none"}},
        {"q0": {"query": "a", "properties": [{}]}},
        {"q0": {"properties": []}},
        {"q0": {"query": 7}},
        {"q0": {"query": "a", "type": 7}},
        {"q0": {"query": "a", "properties": [{"pid": "p", "v": {"name": "no id"}}]}},
        {"q0": {"query": "a", "limit": "3"}},
    ],
)
def test_what_the_schema_refuses_is_refused(queries: dict[str, Any]) -> None:
    assert list(Draft7Validator(schemas.QUERIES).iter_errors(queries))
    with pytest.raises(ReconcileError):
        SERVICE.query(queries)
