"""What the columns of an answer's CSV are, as CSV on the Web (W3C) has it: their names, datatypes and titles."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from engine.query import result as columns
from engine.query.library import StoredQuery
from engine.query.result import Result
from web import words

FORM, MEDIA = "csv-metadata.json", "application/csvm+json"
_DATATYPES = {
    "iri": "anyURI",
    "boolean": "boolean",
    "integer": "integer",
    "decimal": "decimal",
    "float": "double",
    "date": "date",
    "datetime": "dateTime",
}
"""Datatype by a column's kind; dates some of which are a month or a year are strings."""


def metadata(query: StoredQuery, parameters: Mapping[str, Any], result: Result) -> bytes:
    """The description of ``{query}.csv`` that stands beside it."""
    asked = f"?{urlencode(parameters, doseq=True)}" if parameters else ""
    described = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": f"{query.name}.csv{asked}",
        "dc:title": _in_languages({lang: query.title(lang) for lang in words.LANGUAGES}),
        "dc:license": {"@id": "https://creativecommons.org/licenses/by/4.0/"},
        "tableSchema": {
            "columns": [_column(*one) for one in zip(result.columns, columns.kinds(result), strict=True)],
        },
    }
    return json.dumps(described, ensure_ascii=False, indent=1).encode()


def _column(name: str, kind: str) -> dict[str, Any]:
    titles = {lang: words.column(name, lang) for lang in words.LANGUAGES}
    found = {
        "name": name,
        "titles": name,
        "dc:title": _in_languages({lang: title for lang, (title, given) in titles.items() if lang == given}),
        "datatype": _DATATYPES.get(kind, "string"),
    }
    return {**found, "valueUrl": f"{{+{name}}}"} if kind == "iri" else found


def _in_languages(texts: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"@value": text, "@language": lang} for lang, text in texts.items()]
