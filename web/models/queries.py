"""Answers of stored queries, as data for a page and as files; and what their parameters may be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, BinaryIO

import pyoxigraph as ox

from engine.output import formats
from engine.query import library as stored
from engine.query import result as columns
from engine.query.library import Parameter, is_name
from engine.query.result import Result
from engine.query.run import run as answer_query
from loaders.errors import QueryUsageError
from loaders.rdf.terms import CODE, RDFS, SKOS, TG
from web import csvw, words
from web.models import terms
from web.models.counts import select
from web.models.terms import Data

_OFFERED = 400
"""Most values offered for one parameter."""
_CLASSES = {
    "theme": "Theme",
    "organisation": "Organisation",
    "ministry": "Ministry",
    "ely": "ELYCentre",
    "project": "Project",
    "document": "SourceDocument",
}
_NAMED = f"""
SELECT ?thing (MIN(?name) AS ?label) WHERE {{{{ ?thing a <{TG}{{cls}}> .
  ?thing <{RDFS}label>|<http://purl.org/dc/terms/title> ?name }}}}
GROUP BY ?thing ORDER BY LCASE(STR(?label)) LIMIT {_OFFERED}
"""
_CODES = f"""
SELECT ?thing (MIN(?name) AS ?label) WHERE {{{{ ?thing <{SKOS}inScheme> <{CODE}{{scheme}}> ; <{SKOS}prefLabel> ?name
  FILTER(LANG(?name) = "fi") }}}} GROUP BY ?thing ORDER BY ?thing LIMIT {_OFFERED}
"""


def run(store: ox.Store, name: str, parameters: dict[str, Any]) -> Result:
    """The answer to a stored query; QueryUsageError for a name or value that does not fit."""
    if not is_name(name):
        raise QueryUsageError(f"no stored query {name!r}")
    return answer_query(store, stored.find(name), **parameters)


def answer(store: ox.Store, name: str, parameters: dict[str, Any], most: int = 1000) -> Data:
    """The first rows of a stored query's answer, with the columns a person reads and what each holds."""
    result = run(store, name, parameters)
    shown = columns.for_people(result.columns) if result.form == "rows" else list(range(len(result.columns)))
    return {
        "columns": list(result.columns),
        "shown": shown,
        "kinds": columns.kinds(result),
        "rows": [[terms.term(cell) if cell is not None else None for cell in row] for row in result.terms[:most]],
        "total": len(result),
        "notes": list(result.notes),
    }


def write(store: ox.Store, name: str, parameters: dict[str, Any], form: str, out: BinaryIO, lang: str = "en") -> None:
    """A stored query's answer as a file: a form of ``engine.output.formats``, its picture in a language, or its CSV's columns."""
    result = run(store, name, parameters)
    if form == "svg":
        from engine.output.charts import draw

        headings = {column: words.column(column, lang)[0] for column in result.columns}
        out.write(draw(replace(result, lang=lang, headings=headings), "svg"))
    elif form == csvw.FORM:
        out.write(csvw.metadata(stored.find(name), parameters, result))
    else:
        formats.write(result, form, out)


def options(store: ox.Store, name: str) -> Data:
    """For each parameter of a query, the values a form can offer: (value, name)."""
    return {parameter.name: _options(store, parameter) for parameter in stored.find(name).params}


def _options(store: ox.Store, parameter: Parameter) -> list[tuple[str, str]]:
    if parameter.type == "code":
        found = select(store, _CODES.format(scheme=parameter.scheme))
        prefix = f"{CODE}{parameter.scheme}/"
        codes = [(row["thing"].value.removeprefix(prefix), row["label"].value) for row in found]
        return [(code, label) for code, label in codes if not parameter.allowed or code in parameter.allowed]
    if parameter.type in _CLASSES:
        found = select(store, _NAMED.format(cls=_CLASSES[parameter.type]))
        return [(row["thing"].value, row["label"].value) for row in found if row["label"] is not None]
    return [(value, value) for value in parameter.allowed]
