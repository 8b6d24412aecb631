"""The API's description by OpenAPI 3.1, made of the stored queries' headers."""

from __future__ import annotations

import re
from typing import Any

from engine.query.library import Parameter, StoredQuery
from engine.search import KINDS
from loaders.data import LANGUAGES
from web import csvw, formats
from web.views import lists, questions

Schema = dict[str, Any]

_DATE = (
    r"^([0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?|(0?[1-9]|[12][0-9]|3[01])\.(0?[1-9]|1[0-2])\.[0-9]{4})$"
)
_NUMBER = r"^-?[0-9]{1,20}(\.[0-9]{1,10})?$"
_NAME = r"^[^\\\x00-\x1f\x7f]+$"
_LONGEST = 500
_RESULTS: Schema = {
    "type": "object",
    "description": "SPARQL 1.1 Query Results JSON",
    "properties": {
        "head": {"type": "object", "properties": {"vars": {"type": "array", "items": {"type": "string"}}}},
        "results": {
            "type": "object",
            "properties": {"bindings": {"type": "array", "items": {"$ref": "#/components/schemas/Row"}}},
            "required": ["bindings"],
        },
        "boolean": {"type": "boolean"},
    },
    "required": ["head"],
}
_TERM: Schema = {
    "type": "object",
    "properties": {
        "type": {"enum": ["uri", "literal", "bnode", "triple"]},
        "value": {},
        "datatype": {"type": "string"},
        "xml:lang": {"type": "string"},
    },
    "required": ["type", "value"],
}
_RECORDS: Schema = {
    "type": "object",
    "properties": {
        "total": {"type": "integer"},
        "page": {"type": "integer"},
        "pages": {"type": "integer"},
        "next": {"type": "string", "format": "uri"},
        "items": {"type": "array", "items": {"type": "object"}},
    },
    "required": ["total", "page", "pages", "items"],
}
_TEXT = {media: {"schema": {"type": "string"}} for media in ("text/plain", "text/html")}
_ERRORS = {
    "400": "The request cannot be understood; the text says why.",
    "404": "There is nothing at this address.",
    "406": "The answer cannot be written in any format asked for.",
    "503": "The answer would take more time, memory or rows than one request may.",
}
_LANG: Schema = {"name": "lang", "in": "query", "schema": {"type": "string", "enum": list(LANGUAGES)}}


def document(address: str) -> Schema:
    """The whole description of the API at an address."""
    paths: Schema = {"/sparql": _sparql(), "/graph-store": _graph_store(), "/search": _search(), **_lists()}
    for query in questions.queries().values():
        paths[f"/api/{query.name}"] = {"get": _operation(query)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Teemagraafi",
            "version": "1",
            "summary": "Finland's national structural-fund themes: stored questions, SPARQL and search",
            "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
        },
        "servers": [{"url": address or "/"}],
        "paths": paths,
        "components": {
            "schemas": {
                "Results": _RESULTS,
                "Row": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Term"}},
                "Term": _TERM,
                "Records": _RECORDS,
            },
            "responses": {
                f"Error{status}": {"description": text, "content": _TEXT} for status, text in _ERRORS.items()
            },
        },
    }


def _operation(query: StoredQuery) -> Schema:
    operation: Schema = {
        "operationId": query.name,
        "summary": query.summary,
        "tags": list(query.tags),
        "parameters": [_parameter(parameter) for parameter in query.params],
        "responses": _responses(
            {media: _schema(media) for media in questions.forms(query).values() if media != questions.SVG}
        ),
    }
    told = " ".join(filter(None, [query.description, query.limits]))
    return {**operation, "description": told} if told else operation


def _schema(media: str) -> Schema:
    if media == formats.JSON:
        return {"$ref": "#/components/schemas/Results"}
    if media in (formats.JSONLD, csvw.MEDIA):
        return {}
    return {"type": "string", **({"contentMediaType": media} if media == questions.XLSX else {})}


def _responses(content: Schema, *errors: str) -> Schema:
    answers: Schema = {
        "200": {"description": "The answer", "content": {media: {"schema": s} for media, s in content.items()}}
    }
    answers["304"] = {"description": "The client has the answer already"}
    for status in errors or _ERRORS:
        answers[status] = {"$ref": f"#/components/responses/Error{status}"}
    return answers


def _parameter(parameter: Parameter) -> Schema:
    many = parameter.type not in ("date", "number", "text")
    schema = _values(parameter)
    told: Schema = {"name": parameter.name, "in": "query", "required": False}
    told["schema"] = {"type": "array", "items": schema} if many else schema
    if parameter.description:
        told["description"] = parameter.description
    return told


def _values(parameter: Parameter) -> Schema:
    schema: Schema = {"type": "string", "maxLength": _LONGEST, "pattern": _NAME}
    if parameter.allowed:
        schema = {"type": "string", "enum": list(parameter.allowed)}
    elif parameter.type == "date":
        schema = {"type": "string", "pattern": _DATE, "examples": ["2024-10-31", "2024"]}
    elif parameter.type == "number":
        schema = {"type": "string", "pattern": _NUMBER, "examples": ["2"]}
    if parameter.default is not None:
        schema["default"] = parameter.default
    return schema


def violation(parameter: Parameter, value: str) -> str | None:
    """What of the description a parameter's value does not keep to, None if it does."""
    schema = _values(parameter)
    if "enum" in schema and value not in schema["enum"]:
        return f"{parameter.name}: {value!r} is not one of {', '.join(schema['enum'])}"
    if "pattern" in schema and not re.search(schema["pattern"].replace("$", r"\Z"), value):
        known = {"date": "a date: write 2024-10-31, 31.10.2024, 2024-10 or 2024", "number": "a number"}
        return f"{parameter.name}: {value!r} is not {known.get(parameter.type, 'a name')}"
    return f"{parameter.name}: longer than {_LONGEST} letters" if len(value) > _LONGEST else None


def _sparql() -> Schema:
    rows = {media: _schema(media) for media in formats.ROWS}
    content = rows | {media: _schema(media) for media in formats.TRIPLES}
    query = {
        "name": "query",
        "in": "query",
        "required": True,
        "schema": {"type": "string", "minLength": 1, "pattern": r"\S"},
    }
    dataset = [
        {"name": name, "in": "query", "schema": {"type": "array", "items": {"type": "string", "format": "iri"}}}
        for name in ("default-graph-uri", "named-graph-uri")
    ]
    form = {"type": "object", "properties": {"query": query["schema"]}, "required": ["query"]}
    bodies = {"application/sparql-query": query["schema"], "application/x-www-form-urlencoded": form}
    body = {"content": {media: {"schema": schema} for media, schema in bodies.items()}, "required": True}
    errors = {"403", "413", "415"}
    answers = _responses(content) | {
        status: {"description": "The request is refused; the text says why"} for status in errors
    }
    return {
        "get": {
            "operationId": "sparql",
            "summary": "SPARQL 1.1 query",
            "parameters": [query, *dataset],
            "responses": answers,
        },
        "post": {
            "operationId": "sparql-post",
            "summary": "SPARQL 1.1 query",
            "requestBody": body,
            "responses": answers,
        },
    }


def _graph_store() -> Schema:
    content = {media: _schema(media) for media in formats.TRIPLES}
    graph = {"name": "graph", "in": "query", "required": True, "schema": {"type": "string", "format": "iri"}}
    told = "What one passage of a document states"
    return {"get": {"operationId": "graph", "summary": told, "parameters": [graph], "responses": _responses(content)}}


def _search() -> Schema:
    words = {"name": "q", "in": "query", "schema": {"type": "string", "maxLength": 200}}
    kind = {"name": "kind", "in": "query", "schema": {"type": "string", "enum": ["", *KINDS]}}
    content: Schema = {"application/json": {"type": "array", "items": {"type": "object"}}}
    told = "Things and passages by words, in any inflected form"
    return {
        "get": {
            "operationId": "search",
            "summary": told,
            "parameters": [words, kind, _LANG],
            "responses": _responses(content),
        }
    }


def _lists() -> Schema:
    """Lists as flat records, suggestions, records of stored queries, reconciliation."""
    number: Schema = {"type": "integer", "minimum": 1}
    paging = [{"name": name, "in": "query", "schema": number} for name in ("page", "size")]
    kind = {"name": "kind", "in": "path", "required": True, "schema": {"type": "string", "enum": list(lists.KINDS)}}
    query = {"name": "query", "in": "path", "required": True, "schema": {"type": "string", "enum": _with_rows()}}
    records = {"application/json": {"$ref": "#/components/schemas/Records"}}
    text = {"name": "q", "in": "query", "schema": {"type": "string", "maxLength": 200}}
    names = {"application/json": {"type": "array", "items": {"type": "object"}}}
    form = {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}}

    def get(operation: str, summary: str, parameters: list[Schema], content: Schema) -> Schema:
        said = {"operationId": operation, "summary": summary, "parameters": parameters}
        return {"get": {**said, "responses": _responses(content)}}

    reconcile = get(
        "reconcile", "Reconciliation Service API 0.2: manifest", [], {"application/json": {"type": "object"}}
    )
    reconcile["post"] = {
        "operationId": "reconcile-post",
        "summary": "Reconciliation Service API 0.2: queries, or extend",
        "requestBody": {"content": form, "required": True},
        "responses": _responses({"application/json": {"type": "object"}}),
    }
    return {
        "/doc/{kind}.json": get(
            "list", "Things of a kind as flat records; facets as parameters", [kind, *paging], records
        ),
        "/api/{query}.records": get("records", "The rows of a stored query as flat records", [query, *paging], records),
        "/suggest": get("suggest", "Names that begin so", [text, _LANG], names),
        "/reconcile": reconcile,
    }


def _with_rows() -> list[str]:
    return [q.name for q in questions.queries().values() if q.form not in ("CONSTRUCT", "DESCRIBE")]
