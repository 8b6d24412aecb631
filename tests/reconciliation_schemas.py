"""What the Reconciliation Service API 0.2 asks of requests and answers, as JSON Schema: written from the specification."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}


def record(required: dict[str, Schema], optional: dict[str, Schema] | None = None, closed: bool = False) -> Schema:
    made: Schema = {"type": "object", "properties": {**required, **(optional or {})}, "required": sorted(required)}
    return {**made, "additionalProperties": False} if closed else made


def many(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def template(mark: str) -> Schema:
    return {"type": "string", "pattern": mark}


NAMED = record({"id": TEXT, "name": TEXT})
TYPE: Schema = {"oneOf": [record({"id": TEXT}, {"name": TEXT}), TEXT]}
VIEW = record({"url": template(r"\{\{id\}\}")})
SERVICE = record({}, {"service_url": TEXT, "service_path": TEXT, "flyout_service_path": template(r"\$\{id\}")})

MANIFEST = record(
    {
        "versions": {"type": "array", "items": TEXT, "contains": {"enum": ["0.2"]}},
        "name": TEXT,
        "identifierSpace": TEXT,
        "schemaSpace": TEXT,
    },
    {
        "documentation": TEXT,
        "serviceVersion": TEXT,
        "logo": TEXT,
        "view": VIEW,
        "feature_view": VIEW,
        "defaultTypes": {**many(NAMED), "uniqueItems": True},
        "suggest": record({}, {"entity": SERVICE, "property": SERVICE, "type": SERVICE}),
        "preview": record({**VIEW["properties"], "width": {"type": "integer"}, "height": {"type": "integer"}}),
        "extend": record({}, {"propose_properties": SERVICE, "property_settings": many({"type": "object"})}),
    },
)

_VALUE: Schema = {"oneOf": [TEXT, {"type": "number"}, {"type": "boolean"}, record({"id": TEXT}, {"name": TEXT})]}
_QUERY = {
    **record(
        {},
        {
            "query": TEXT,
            "type": {"oneOf": [TEXT, many(TEXT)]},
            "limit": {"type": "number"},
            "properties": many(record({"pid": TEXT, "v": {"oneOf": [_VALUE, many(_VALUE)]}})),
            "type_strict": {"enum": ["any", "should", "all"]},
        },
        closed=True,
    ),
    "anyOf": [{"required": ["query"]}, {"required": ["properties"], "properties": {"properties": {"minItems": 1}}}],
}
QUERIES: Schema = {"type": "object", "additionalProperties": _QUERY}

_CANDIDATE = record(
    {"id": TEXT, "name": TEXT, "score": {"type": "number"}},
    {
        "description": TEXT,
        "features": many(record({"id": TEXT, "value": {"type": ["boolean", "number"]}})),
        "match": {"type": "boolean"},
        "type": many(TYPE),
    },
)
RESULTS: Schema = {"type": "object", "additionalProperties": record({"result": many(_CANDIDATE)})}

ENTITIES = record({"result": many(record({"id": TEXT, "name": TEXT}, {"description": TEXT, "notable": many(TYPE)}))})
NAMES = record({"result": many(record({"id": TEXT, "name": TEXT}, {"description": TEXT}))})
"""Suggested properties and types."""
