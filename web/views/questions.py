"""Stored questions: the list of them, each with a form, its answer, its sources and its picture; and answers as files."""

import contextlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, BinaryIO
from urllib.parse import urlencode

import pyoxigraph as ox
import yaml

from engine.output import formats as files
from engine.output.charts import picture
from engine.query import library as stored
from engine.query import result as columns
from engine.query.backends import Term
from engine.query.library import Parameter, StoredQuery
from engine.query.parameters import CLASSES
from engine.query.result import Result
from engine.query.run import answer as answer_query
from engine.query.run import with_provenance
from engine.search import KINDS
from engine.store import Place
from loaders.errors import QueryError, QueryUsageError, did_you_mean
from loaders.rdf.terms import CODE, TG
from web import formats, words
from web.formats import HttpError
from web.graph import GraphReader, is_literal_of, text_of
from web.page import Made, Page, as_json, plain
from web.site import line_path
from web.source import backend
from web.views.columns import kinds

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
XLSX = formats.XLSX
SVG = "image/svg+xml"
RECORDS = "records"
FIRST = "money-by-theme"
"""The question that the start page answers, and that the editor begins with."""
ROWS = {"json": formats.JSON, "csv": formats.CSV, "tsv": formats.TSV, "xlsx": XLSX}
"""Suffix → media type of an answer with rows."""
TRIPLES = {"ttl": formats.TURTLE, "nt": formats.NTRIPLES, "jsonld": formats.JSONLD}
"""Suffix → media type of an answer with triples."""
_TOPICS = (
    *("money", "networks", "administration", "regions", "time", "content", "quality", "provenance", "periods", "view"),
)
"""Topics in the order of the page; a query stands under the first it has."""


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
        place = columns.identifier(self.columns, at)
        term = None if place is None else row[place]
        return term.value if isinstance(term, ox.NamedNode) else None


def index(page: Page) -> Made:
    """The stored queries by topic."""
    topics: dict[str, list[StoredQuery]] = {topic: [] for topic in (*_TOPICS, "other")}
    for query in queries().values():
        topics[next((topic for topic in _TOPICS if topic in query.tags), "other")].append(query)
    return page.html("queries.html", topics={topic: listed for topic, listed in topics.items() if listed})


def question(page: Page, name: str) -> Made:
    """One stored query with its form and its answer; a value that does not fit is told beside the form."""
    query, suffix = named(name)
    if suffix:
        raise HttpError(404, f"files are below /api/: /api/{query.name}.{suffix}")
    parameters = given(query, page.site.parameters)
    answered, wrong = None, ""
    try:
        answered = answer(page.graph, query.in_language(page.lang), parameters)
    except (QueryUsageError, QueryError) as error:
        wrong = error.message
    unwritten = ("svg",) if page.site.live else ("svg", "xlsx")
    return page.html(
        "query.html",
        400 if wrong else 200,
        query=query,
        answer=answered,
        given=parameters,
        asked=f"?{urlencode(parameters, doseq=True)}" if parameters else "",
        files=[form for form in forms(query) if form not in unwritten] if answered or page.site.live else [],
        wrong=wrong,
        options={one.name: _options(page, one) for one in query.params} if page.site.live else {},
    )


def records(page: Page, name: str) -> Made:
    """The rows of an answer as flat JSON, a page at a time: numbers as numbers, IRIs and dates as text."""
    query, _ = named(name)
    parameters = given(query, [(n, v) for n, v in page.site.parameters if n not in ("page", "size")])
    result = run(page.graph, query.in_language(page.lang if page.site.chosen else "fi"), parameters)
    if result.form != "rows":
        raise HttpError(406, f"{name} answers with triples: take {', '.join(TRIPLES)}")
    size, number = min(page.whole("size", 100), MOST), page.whole()
    pages = max(1, -(-len(result) // size))
    if number > pages:
        raise HttpError(404, f"the answer has {pages} pages")
    rows = result.terms[size * (number - 1) : size * number]
    items = [{c: plain(cell) for c, cell in zip(result.columns, row, strict=True)} for row in rows]
    return page.records(f"/api/{name}.{RECORDS}", items, len(result), pages)


def named(name: str) -> tuple[StoredQuery, str | None]:
    """A stored query and the form by the suffix of its name; HttpError 404 for one that is not there."""
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
    by_name: dict[str, list[str]] = {}
    for name, value in params:
        if name in ("lang", "sources", "version"):
            continue
        if name not in known:
            has = f"it has {', '.join(sorted(known))}" if known else "it has none"
            raise HttpError(400, f"query {query.name!r} has no parameter {name!r}: {has}")
        if empty or value.strip():
            by_name.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in by_name.items()}


def run(graph: GraphReader, query: StoredQuery, parameters: Mapping[str, Any]) -> Result:
    """The answer to a stored query; QueryUsageError for a value that does not fit."""
    return answer_query(backend(graph.store), query, **parameters)


def answer(graph: GraphReader, query: StoredQuery, parameters: Mapping[str, Any]) -> Answered:
    """The first rows of an answer with the columns a person reads, what each holds, and the passages of each row."""

    def ask() -> Answered:
        result = run(graph, query, parameters)
        shown = columns.for_people(result.columns) if result.form == "rows" else range(len(result.columns))
        rows = result.terms[:SHOWN]
        return Answered(
            tuple(result.columns),
            tuple(shown),
            tuple(columns.kinds(result)),
            rows,
            _sources(graph, query, result, len(rows)),
            len(result),
            tuple(note for note in result.notes if note != query.limits),
            query.view != "table" and _drawable(result),
        )

    # the graph does not change: what everybody asks is worked out once in each language
    return ask() if parameters else graph.once(("answer", query.name, query.text), ask)


def drawn(graph: GraphReader, query: StoredQuery) -> bool:
    """Whether a picture can be drawn of an answer."""

    def draw() -> bool:
        with contextlib.suppress(QueryError, QueryUsageError):
            return _drawable(run(graph, query, {}))
        return False

    return query.view != "table" and graph.once(("drawn", query.name), draw)


def _drawable(result: Result) -> bool:
    try:
        picture(result)
    except QueryUsageError:
        return False
    return bool(result.terms)


def _sources(graph: GraphReader, query: StoredQuery, result: Result, rows: int) -> list[tuple[Place, ...]]:
    if result.form == "rows" and 0 < len(result) <= (_CITED if query.evidence else _SLOW):
        with contextlib.suppress(QueryError):
            cited = with_provenance(backend(graph.store), result)
            places = [_places(graph, row[-2]) for row in cited.terms[:rows]]
            return places if any(places) else []
    return []


def write(graph: GraphReader, request: Mapping[str, Any], out: BinaryIO) -> None:
    """An answer as a file: a form of ``engine.output.formats`` or its picture in a language.

    With ``sources`` a column gives the address of each passage that a row rests on.
    """
    parameters, form, lang = request["parameters"], request["form"], request["lang"]
    query = queries()[request["name"]].in_language(lang or "fi")
    result = run(graph, query, parameters)
    if request["sources"] and result.form == "rows":
        rows = with_provenance(backend(graph.store), result).terms
        paths = [" ".join(request["address"] + line_path(p) for p in _places(graph, row[-2])) for row in rows]
        cells = [(ox.Literal(path), row[-1]) for path, row in zip(paths, rows, strict=True)]
        result = result.with_columns(("source", "sourceLabel"), cells)
    if form == "svg":
        result.lang = lang or "en"
        named = zip(result.columns, columns.kinds(result), strict=True)
        money = {column for column, kind in named if column in words.MONEY and kind == "decimal"}
        headings = {column: words.column(column, result.lang)[0] for column in result.columns}
        # a note is translated where it is what the query says of its limits
        result.notes = tuple(words.explanation(query.name, "limits", n, result.lang)[0] for n in result.notes)
        result.headings = {c: f"{heading} (€)" if c in money else heading for c, heading in headings.items()}
        result.terms = [tuple(_translated(term, result.lang) for term in row) for row in result.terms]
        out.write(picture(result).svg.encode())
    else:
        files.write(result, form, out)


def _translated(term: Term | None, lang: str) -> Term | None:
    """A term, or, of a word that queries answer with, that word in a language."""
    known = words.value(text_of(term), lang) if is_literal_of(term, "string") else None
    return ox.Literal(known) if known else term


def _places(graph: GraphReader, cell: Term | None) -> tuple[Place, ...]:
    """The passages that a cell names."""
    return graph.places(text_of(cell).split())


def _options(page: Page, parameter: Parameter) -> list[tuple[str, str]]:
    """The values that a form can offer for a parameter: (value, name)."""
    graph, of, allowed = page.graph, parameter.type, parameter.allowed
    prefix = f"{CODE}{parameter.scheme}/" if of == "code" else ""
    if of == "code":
        rows = graph.asked("codes", scheme=ox.NamedNode(prefix.rstrip("/")), most=_OFFERED)
    elif of in CLASSES:
        rows = graph.asked("named", of=ox.NamedNode(TG + CLASSES[of][0]), most=_OFFERED)
    else:
        return [(value, page.maybe(f"value_{value}", value)) for value in allowed]
    named = [(iri.removeprefix(prefix), graph.name(iri, page.lang)) for iri in (row["thing"].value for row in rows)]
    if of == "code":
        return [(code, name) for code, name in named if not allowed or code in allowed]
    return sorted(named, key=lambda option: words.order(option[1]))


# the description of the API by OpenAPI 3.1

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

    def make() -> Schema:
        listed = queries().values()
        text = page.plain(
            "openapi.yaml",
            queries=listed,
            forms=forms,
            values=_values,
            one_value=_ONE_VALUE,
            schemas={
                formats.JSON: {"$ref": "#/components/schemas/Results"},
                formats.JSONLD: {},
                XLSX: {"type": "string", "contentMediaType": XLSX},
            },
            kinds=list(kinds()),
            with_rows=[query.name for query in listed if forms(query) is not TRIPLES],
            searched=["", *KINDS],
        )
        made: Schema = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return made

    return as_json(page.graph.once(("openapi", page.address), make))


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
