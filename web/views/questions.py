"""Stored questions: the list of them, each with a form, its answer, its sources and its picture; and answers as files."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, BinaryIO
from urllib.parse import urlencode

import pyoxigraph as ox

from engine.output import formats as files
from engine.query import library as stored
from engine.query import result as columns
from engine.query.library import Parameter, StoredQuery, is_name
from engine.query.provenance import with_provenance
from engine.query.result import Result
from engine.query.run import answer as answer_query
from loaders.errors import QueryError, QueryUsageError
from loaders.rdf.terms import CODE, DCT, RDFS, SKOS, TG
from web import csvw, formats, words
from web.formats import HttpError
from web.site import line_path
from web.source import Term, backend
from web.views import Made, View, html, plain
from web.views import records as page_of
from web.views.graph import Graph, Place

SHOWN = 500
"""Rows of an answer on its page; all are in its files."""
_CITED = 120
"""Rows beyond which a page does not look up the sources of each; its files have them."""
_SLOW = 25
"""Rows of a question without declared evidence whose sources are looked up."""
_OFFERED = 400
"""Most values offered for one parameter."""
MOST = 1000
"""Rows on one page of records."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SVG = "image/svg+xml"
RECORDS = "records"
ROWS = {"json": formats.JSON, "csv": formats.CSV, "tsv": formats.TSV, "xlsx": XLSX, csvw.FORM: csvw.MEDIA}
"""Suffix → media type of an answer with rows."""
TRIPLES = {"ttl": formats.TURTLE, "nt": formats.NTRIPLES, "jsonld": formats.JSONLD}
"""Suffix → media type of an answer with triples."""
_TOPICS = [
    "money",
    "networks",
    "administration",
    "regions",
    "time",
    "content",
    "quality",
    "provenance",
    "periods",
    "view",
]
"""Topics in the order of the page; a query stands under the first it has."""
_CLASSES = {
    "theme": "Theme",
    "organisation": "Organisation",
    "ministry": "Ministry",
    "ely": "ELYCentre",
    "project": "Project",
    "document": "SourceDocument",
}
_NAMED = f"""
SELECT ?thing (MIN(?name) AS ?label) WHERE {{{{ ?thing a <{TG}{{cls}}> . ?thing <{RDFS}label>|<{DCT}title> ?name }}}}
GROUP BY ?thing ORDER BY LCASE(STR(?label)) LIMIT {_OFFERED}
"""
_CODES = f"""
SELECT ?thing ?label WHERE {{{{ ?thing <{SKOS}inScheme> <{CODE}{{scheme}}> ; <{SKOS}prefLabel> ?label
  FILTER(LANG(?label) = "{{lang}}") }}}} ORDER BY ?thing LIMIT {_OFFERED}
"""


@cache
def queries() -> dict[str, StoredQuery]:
    """Every stored query by its name, but those that ask other endpoints: a server makes no calls on a reader's behalf."""
    return {query.name: query for query in stored.catalogue() if not query.services}


def forms(query: StoredQuery) -> dict[str, str]:
    """Suffix → media type of what a query's answer can be written as, the default first."""
    if query.form in ("CONSTRUCT", "DESCRIBE"):
        return TRIPLES
    return {**ROWS, "svg": SVG} if query.view != "table" else ROWS


@dataclass(frozen=True, slots=True)
class Answered:
    """The rows of an answer as a page shows them."""

    columns: tuple[str, ...]
    shown: tuple[int, ...]
    kinds: tuple[str, ...]
    rows: list[tuple[Term | None, ...]]
    places: list[tuple[Place, ...]]
    """The passages of each row; empty where they were not looked up."""
    total: int
    notes: tuple[str, ...]
    drawn: bool
    """Whether a picture can be drawn of it."""

    def thing_of(self, row: tuple[Term | None, ...], at: int) -> str | None:
        """What a cell names: a column ``themeLabel`` is the name of what the column ``theme`` identifies."""
        column = self.columns[at].removesuffix("Label")
        if column == self.columns[at] or column not in self.columns:
            return None
        found = row[self.columns.index(column)]
        return found.value if isinstance(found, ox.NamedNode) else None


def index(view: View) -> Made:
    """The stored queries by topic."""
    topics: dict[str, list[StoredQuery]] = {topic: [] for topic in (*_TOPICS, "other")}
    for query in queries().values():
        topics[next((topic for topic in _TOPICS if topic in query.tags), "other")].append(query)
    return html(view, "queries.html", topics={topic: listed for topic, listed in topics.items() if listed})


def question(view: View, name: str) -> Made:
    """One stored query with its form and its answer; a value that does not fit is told beside the form."""
    query, suffix = named(name)
    if suffix:
        raise HttpError(404, f"files are below /api/: /api/{query.name}.{suffix}")
    parameters = given(query, view.params)
    answered, wrong = None, ""
    try:
        answered = answer(view.graph, query.in_language(view.lang), parameters)
    except (QueryUsageError, QueryError) as error:
        wrong = error.message
    asked = f"?{urlencode(parameters, doseq=True)}" if parameters else ""
    written = [form for form in forms(query) if form != "svg"]
    if not view.site.live:
        written = [form for form in written if form != "xlsx"] if answered else []
    return html(
        view,
        "query.html",
        400 if wrong else 200,
        query=query,
        answer=answered,
        given=parameters,
        asked=asked,
        files=written,
        drawn=answered is not None and answered.drawn,
        wrong=wrong,
        options=options(view, query) if view.site.live else {},
    )


def records(view: View, name: str) -> Made:
    """The rows of an answer as flat JSON, a page at a time: numbers as numbers, IRIs and dates as text."""
    query, _ = named(name)
    parameters = given(query, [(n, v) for n, v in view.params if n not in ("page", "size")])
    result = run(view.graph, query.in_language(view.lang if view.site.chosen else "fi"), parameters)
    if result.form != "rows":
        raise HttpError(406, f"{name} answers with triples: take {', '.join(TRIPLES)}")
    size, number = min(view.number("size", 100), MOST), view.number()
    pages = max(1, -(-len(result) // size))
    if number > pages:
        raise HttpError(404, f"the answer has {pages} pages")
    rows = result.terms[size * (number - 1) : size * number]
    items = [{c: plain(cell) for c, cell in zip(result.columns, row, strict=True)} for row in rows]
    return page_of(view, f"/api/{name}.{RECORDS}", items, len(result), pages)


def named(name: str) -> tuple[StoredQuery, str | None]:
    """A stored query and the form by the suffix of its name; HttpError 404 for one that is not there."""
    from loaders.errors import did_you_mean

    stem, _, suffix = name.partition(".")
    if stem not in queries():
        raise HttpError(404, f"no stored query {stem!r}{did_you_mean(stem, list(queries()))}")
    query = queries()[stem]
    if suffix and suffix not in (*forms(query), RECORDS):
        raise HttpError(404, f"{stem} is answered as {', '.join(forms(query))}, not as {suffix}")
    return query, suffix or None


def given(query: StoredQuery, params: Any, *, empty: bool = False) -> dict[str, Any]:
    """The parameters of a request; HttpError 400 for one the query does not have. A form leaves ``empty`` ones."""
    known = {parameter.name for parameter in query.params}
    found: dict[str, list[str]] = {}
    for name, value in params:
        if name in ("lang", "sources", "version"):
            continue
        if name not in known:
            has = f"it has {', '.join(sorted(known))}" if known else "it has none"
            raise HttpError(400, f"query {query.name!r} has no parameter {name!r}: {has}")
        if empty or value.strip():
            found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def run(graph: Graph, query: StoredQuery, parameters: Mapping[str, Any]) -> Result:
    """The answer to a stored query; QueryUsageError for a value that does not fit."""
    return answer_query(backend(graph.store), query, **parameters)


def answer(
    graph: Graph, query: StoredQuery, parameters: Mapping[str, Any], most: int = SHOWN, *, cite: bool = True
) -> Answered:
    """The first rows of an answer with the columns a person reads, what each holds, and the passages of each row."""
    key = f"{query.name} {most} {cite}"
    if not parameters and key in graph.answers:
        return graph.answers[key]
    result = run(graph, query, parameters)
    shown = columns.for_people(result.columns) if result.form == "rows" else list(range(len(result.columns)))
    rows = [tuple(row) for row in result.terms[:most]]
    answered = Answered(
        tuple(result.columns),
        tuple(shown),
        tuple(columns.kinds(result)),
        rows,
        _sources(graph, query, result, len(rows)) if cite else [],
        len(result),
        tuple(note for note in result.notes if note != query.limits),
        query.view != "table" and _drawable(result),
    )
    if not parameters:  # the graph does not change; what everybody asks is worked out once
        graph.answers[key] = answered
    return answered


def _drawable(result: Result) -> bool:
    from engine.output.charts import picture

    try:
        picture(result)
    except QueryUsageError:
        return False
    return bool(result.terms)


def _sources(graph: Graph, query: StoredQuery, result: Result, rows: int) -> list[tuple[Place, ...]]:
    most = _CITED if query.evidence else _SLOW
    if result.form != "rows" or not 0 < len(result) <= most:
        return []
    with contextlib.suppress(QueryError):
        cited = with_provenance(backend(graph.store), result)
        cells = [row[-2] for row in cited.terms[:rows]]
        return [graph.places(cell.value.split()) if isinstance(cell, ox.Literal) else () for cell in cells]
    return []


def write(graph: Graph, request: Mapping[str, Any], out: BinaryIO) -> None:
    """An answer as a file: a form of ``engine.output.formats``, its picture in a language, or its CSV's columns.

    With ``sources`` a column gives the address of each passage that a row rests on.
    """
    name, parameters, form = request["name"], request["parameters"], request["form"]
    if not is_name(name):
        raise QueryUsageError(f"no stored query {name!r}")
    query = queries()[name].in_language(request["lang"] or "fi")
    result = run(graph, query, parameters)
    if request.get("sources") and result.form == "rows":
        cited = with_provenance(backend(graph.store), result)
        at = request["address"]
        cells = [(ox.Literal(" ".join(_addresses(graph, at, row[-2]))), row[-1]) for row in cited.terms]
        result = result.with_columns(("source", "sourceLabel"), cells)
    if form == "svg":
        from engine.output.charts import draw

        lang = request["lang"] or "en"
        headings = {column: words.column(column, lang)[0] for column in result.columns}
        out.write(draw(replace(result, lang=lang, headings=headings), "svg"))
    elif form == csvw.FORM:
        out.write(csvw.metadata(query, parameters, result))
    else:
        files.write(result, form, out)


def _addresses(graph: Graph, address: str, cell: Term | None) -> list[str]:
    iris = cell.value.split() if isinstance(cell, ox.Literal) else []
    return [f"{address}{line_path(p.document, p.first, p.last)}" for p in graph.places(iris)]


def options(view: View, query: StoredQuery) -> dict[str, list[tuple[str, str]]]:
    """For each parameter of a query, the values a form can offer: (value, name)."""
    return {parameter.name: _options(view, parameter) for parameter in query.params}


def _options(view: View, parameter: Parameter) -> list[tuple[str, str]]:
    if parameter.type == "code":
        found = view.graph.select(_CODES.format(scheme=parameter.scheme, lang=view.lang))
        prefix = f"{CODE}{parameter.scheme}/"
        codes = [(str(row["thing"])[1:-1].removeprefix(prefix), row["label"].value) for row in found]
        return [(code, label) for code, label in codes if not parameter.allowed or code in parameter.allowed]
    if parameter.type in _CLASSES:
        rows = view.graph.select(_NAMED.format(cls=_CLASSES[parameter.type]))
        iris = [str(row["thing"])[1:-1] for row in rows]
        return sorted(((iri, view.graph.name(iri, view.lang)) for iri in iris), key=lambda o: words.order(o[1]))
    return [(value, words.text_or(f"value_{value}", view.lang, value)) for value in parameter.allowed]
