"""The API's description by OpenAPI 3.1: ``openapi.yaml``, and an operation for each stored query by its header."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from engine.query.library import Parameter, StoredQuery
from engine.search import KINDS
from web import formats
from web.formats import HttpError
from web.page import Made, Page, as_json
from web.views import lists, questions

Schema = dict[str, Any]

_DATE = (
    r"^([0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?|(0?[1-9]|[12][0-9]|3[01])\.(0?[1-9]|1[0-2])\.[0-9]{4})$"
)
_NUMBER = r"^-?[0-9]{1,20}(\.[0-9]{1,10})?$"
_NAME = r"^[^\\\x00-\x1f\x7f]+$"
_LONGEST = 500
_ONE_VALUE = ("date", "number", "text")
"""Types of parameters that take one value."""


def described(page: Page) -> Made:
    """The whole description of the API."""
    whole = copy.deepcopy(_fixed())
    paths = whole["paths"]
    queries = questions.queries().values()
    with_rows = [query.name for query in queries if questions.forms(query) is not questions.TRIPLES]
    enums = {"/doc/{kind}.json": list(lists.kinds()), "/api/{query}.records": with_rows, "/search": ["", *KINDS]}
    for path, names in enums.items():
        for parameter in paths[path]["get"]["parameters"]:
            if parameter["name"] in ("kind", "query"):
                parameter["schema"]["enum"] = names
    paths |= {f"/api/{query.name}": {"get": _operation(query)} for query in queries}
    return as_json({**whole, "servers": [{"url": page.address or "/"}]})


@cache
def _fixed() -> Schema:
    read: Schema = yaml.safe_load(Path(__file__).parents[1].joinpath("openapi.yaml").read_text(encoding="utf-8"))
    return read


def _operation(query: StoredQuery) -> Schema:
    schemas: dict[str, Schema] = {
        formats.JSON: {"$ref": "#/components/schemas/Results"},
        formats.JSONLD: {},
        questions.XLSX: {"type": "string", "contentMediaType": questions.XLSX},
    }
    offered = [media for media in questions.forms(query).values() if media != questions.SVG]
    content = {media: {"schema": schemas.get(media, {"type": "string"})} for media in offered}
    told = " ".join(filter(None, [query.description, query.limits]))
    return {
        "operationId": query.name,
        "summary": query.summary,
        "tags": list(query.tags),
        "parameters": [_parameter(parameter) for parameter in query.params],
        "responses": {
            "200": {"description": "The answer", "content": content},
            "304": {"description": "The client has the answer already"},
            **{status: {"$ref": f"#/components/responses/Error{status}"} for status in ("400", "404", "406", "503")},
        },
        **({"description": told} if told else {}),
    }


def _parameter(parameter: Parameter) -> Schema:
    schema = _values(parameter)
    told: Schema = {"name": parameter.name, "in": "query", "required": False}
    told["schema"] = schema if parameter.type in _ONE_VALUE else {"type": "array", "items": schema}
    return told | ({"description": parameter.description} if parameter.description else {})


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


def check(parameter: Parameter, values: Sequence[str]) -> None:
    """HttpError 400 for values of a parameter that do not keep to its description."""
    name, schema = parameter.name, _values(parameter)
    if len(values) > 1 and parameter.type in _ONE_VALUE:
        raise HttpError(400, f"{name} takes one value")
    for value in values:
        if "enum" in schema and value not in schema["enum"]:
            raise HttpError(400, f"{name}: {value!r} is not one of {', '.join(schema['enum'])}")
        if "pattern" in schema and not re.search(schema["pattern"].replace("$", r"\Z"), value):
            known = {"date": "a date: write 2024-10-31, 31.10.2024, 2024-10 or 2024", "number": "a number"}
            raise HttpError(400, f"{name}: {value!r} is not {known.get(parameter.type, 'a name')}")
        if len(value) > _LONGEST:
            raise HttpError(400, f"{name}: longer than {_LONGEST} letters")
