"""Stored queries: a SPARQL file under a header in YAML, its parameters, and the library of all of them.

The header's lines begin with ``#+``, so the file runs unchanged on any endpoint. A parameter's default stands in the query as a
line ``VALUES ?name { … }`` (``UNDEF``: any value). Binding replaces what stands in those braces by RDF terms, so no text of the
user ever becomes part of the query.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, cast

import msgspec
import pyoxigraph as ox
import yaml

from engine.query import lexer
from engine.words import render
from loaders.data import folder
from loaders.errors import QueryError, QueryUsageError, did_you_mean
from loaders.isolation import Limits, Pool

ParameterType = Literal[
    "theme", "organisation", "ministry", "ely", "project", "document", "targetGroup", "code", "date", "number", "text"
]
View = Literal["table", "chart", "map", "network"]
Chart = Literal["bars", "sankey", "timeline"]
Form = Literal["SELECT", "CONSTRUCT", "ASK", "DESCRIBE"]
Term = ox.NamedNode | ox.Literal

_LIMITS = Limits(seconds=10)
_REQUIRED = ("summary", "summary_fi", "summary_sv", "tags", "view")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_DEFAULT = r"(?m)^([ \t]*VALUES[ \t]+\?{name}[ \t]*\{{)([^{{}}\n]*)(\}})"
_NAMES = re.compile(r"(\?(\w+)Fi), (\?\2Sv), (\?\2En)")
"""How every stored query chooses a name among those in three languages."""
_CODES = re.compile(r'(skos:prefLabel (\?\w+)(?<!Fi) FILTER\(LANG\(\2\) = )"fi"')
"""How it takes the name of a code, which has one in each language."""
_QUOTED = re.compile(r'#\+\s+(- )?(\w+: +)?"')
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Reads every scalar as text: a date, a number or "no" stays as it is written."""


class HeaderError(QueryError):
    """A line of a query's header that cannot be read or does not fit."""

    def __init__(self, place: str, line: int, message: str) -> None:
        """Name the file, the line (the first is 1) and what was expected."""
        self.line = line
        super().__init__(f"{place}:{line}: {message}")


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One parameter of a stored query. ``default`` is None where the query takes any value unless one is given."""

    name: str
    type: ParameterType
    default: str | None = None
    allowed: tuple[str, ...] = ()
    scheme: str | None = None
    """The code list that a value of type ``code`` is taken from: ``phase``, ``fund`` …"""
    description: str | None = None


class StoredQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A query with its header. A user's own SPARQL is one too, with an empty header and no parameters."""

    name: str
    text: str
    summary: str = ""
    summary_fi: str = ""
    summary_sv: str = ""
    description: str = ""
    limits: str = ""
    question: str = ""
    """The question of the catalogue that it answers: ``CQ-23``. A new query may answer one that others answer too."""
    tags: tuple[str, ...] = ()
    params: tuple[Parameter, ...] = ()
    view: View = "table"
    chart: Chart | None = None
    axes: tuple[str, ...] = ()
    """Columns the picture is drawn of: label and values; from, to and weight; label, start and end; region and value."""
    sources: tuple[str, ...] = ()
    """Sources beyond the shipped documents that the answer needs."""
    evidence: tuple[str, ...] = ()
    """Triples, with the result's columns as variables, that a row rests on."""
    path: Path | None = None

    @cached_property
    def form(self) -> Form:
        """The query's form."""
        body = re.sub(r"<[^<>\s]*>|#[^\n]*", " ", self.text)
        match = re.search(r"\b(SELECT|CONSTRUCT|ASK|DESCRIBE)\b", body, re.IGNORECASE)
        return cast(Form, match[1].upper() if match else "SELECT")

    @cached_property
    def body(self) -> str:
        """The query without its header."""
        return "\n".join(line for line in self.text.splitlines() if not line.startswith("#+")).strip()

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that the query declares."""
        return dict(re.findall(r"(?im)^[^\S\n]*PREFIX\s+([\w-]+):\s*<([^>]+)>", self.text))

    @cached_property
    def services(self) -> tuple[str, ...]:
        """The endpoints that the query asks with SERVICE."""
        return tuple(dict.fromkeys(address or "" for address in lexer.services(self.text)))

    def title(self, lang: str = "en") -> str:
        """The summary in fi, sv or en."""
        return {"fi": self.summary_fi, "sv": self.summary_sv}.get(lang, "") or self.summary

    def in_language(self, lang: str) -> StoredQuery:
        """The query with the names of things in ``lang`` ("sv"), where they have one there, else in Finnish, Swedish, English."""
        suffix = lang.capitalize()
        text = _NAMES.sub(
            lambda m: ", ".join(sorted(m.group(1, 3, 4), key=lambda name: not name.endswith(suffix))), self.text
        )
        return msgspec.structs.replace(self, text=_CODES.sub(rf'\1"{lang}"', text))

    def parameter(self, name: str) -> Parameter:
        """The parameter of this name; raises QueryUsageError, with the known names, if there is none."""
        for parameter in self.params:
            if parameter.name == name:
                return parameter
        known = [p.name for p in self.params]
        has = f"it has {', '.join(known)}" if known else "it has none"
        raise QueryUsageError(f"query {self.name!r} has no parameter {name!r}: {has}{did_you_mean(name, known)}")


_KEYS = frozenset(StoredQuery.__struct_fields__) - {"name", "text", "path"}


def read(text: str, name: str, path: Path | None = None) -> StoredQuery:
    """Read a query; errors name it by the file's name or ``name``. Text without a header is a user's own query.

    Raises HeaderError, with the line, for a header that is not YAML, lacks a key, or does not fit the query below it.
    """
    place = path.name if path else name
    node = _header(text, place)
    if node is None:
        return StoredQuery(name, text, path=path)
    header = cast("dict[str, Any]", _plain(node, place))
    if unknown := [key for key in header if key not in _KEYS]:
        message = f"unknown key {unknown[0]!r}{did_you_mean(unknown[0], sorted(_KEYS))}"
        raise HeaderError(place, _line_of(node, [unknown[0]]), message)
    if missing := [key for key in _REQUIRED if key not in header]:
        raise HeaderError(place, 1, f"the header lacks {', '.join(missing)}")
    try:
        query = msgspec.convert({**header, "name": name, "text": text}, StoredQuery)
    except msgspec.ValidationError as error:
        expected, _, where = str(error).partition(" - at ")
        steps = re.findall(r"\w+", where.strip("`$"))
        raise HeaderError(place, _line_of(node, steps), f"{'.'.join(steps)}: {expected}") from None
    for number, parameter in enumerate(query.params):
        if misfit := _misfit(parameter, text):
            line = _line_of(node, ["params", str(number)])
            raise HeaderError(place, line, f"parameter {parameter.name!r}: {misfit}")
    return msgspec.structs.replace(query, path=path)


def read_own(text: str, name: str, path: Path | None = None) -> StoredQuery:
    """Read a user's query as :func:`read` does, in a process of limits: its header may be nested as deeply as any."""
    with Pool(_LIMITS) as pool:
        query: StoredQuery = pool.call(path.name if path else name, read, text, name, path)
        return query


def _header(text: str, place: str) -> yaml.MappingNode | None:
    """The YAML of the lines that begin with ``#+``; None where there is none."""
    numbers = [n for n, line in enumerate(text.splitlines(), 1) if line.startswith("#+")]
    if not numbers:
        return None
    lines = text.splitlines()[: numbers[-1]]
    apart = [number for place_of_line, number in enumerate(numbers, numbers[0]) if number != place_of_line]
    if apart or any(line.strip() for line in lines[: numbers[0] - 1]):
        raise HeaderError(place, min(apart or numbers), "the header's lines must stand together at the top of the file")
    for number in numbers:
        line = lines[number - 1]
        if line[2:3] not in ("", " "):
            raise HeaderError(place, number, "expected '#+ ' and a key")
        if _QUOTED.match(line) and line.replace('\\"', "").count('"') % 2:
            raise HeaderError(place, number, "a quoted text must end on its own line")
        if " #" in line and '"' not in line:
            raise HeaderError(place, number, "put a text with ' #' in double quotes: YAML would leave out the rest")
    try:
        node = yaml.compose("\n".join(line[3:] for line in lines), Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        opened = error.context_mark if re.search("quoted|flow", error.context or "") else None
        mark = opened or error.problem_mark
        hint = ": put a text that holds ': ' in double quotes" if "mapping values" in str(error.problem) else ""
        raise HeaderError(place, mark.line + 1 if mark else numbers[0], f"{error.problem}{hint}") from None
    except yaml.YAMLError as error:
        raise HeaderError(place, numbers[0], f"the header is no text: {' '.join(str(error).split())}") from None
    if not isinstance(node, yaml.MappingNode):
        raise HeaderError(place, numbers[0], "expected lines 'key: value' after '#+ '")
    return node


def _plain(node: yaml.Node, place: str) -> object:
    """A node of YAML as text, lists and dictionaries; a key without a value and a key given twice are errors."""
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, place) for item in node.value]
    if not isinstance(node, yaml.MappingNode):
        if not node.value:
            raise HeaderError(place, node.start_mark.line + 1, "a value is missing")
        return node.value
    mapping: dict[str, object] = {}
    for key, value in node.value:
        if key.value in mapping:
            raise HeaderError(place, key.start_mark.line + 1, f"{key.value!r} is given twice")
        mapping[key.value] = _plain(value, place)
    return mapping


def _line_of(node: yaml.Node, steps: Sequence[str]) -> int:
    """The line of the node that the steps (keys and positions) lead to, or of the last one that is there."""
    line = node.start_mark.line + 1
    for step in steps:
        if isinstance(node, yaml.MappingNode):
            key, node = next(((k, v) for k, v in node.value if k.value == step), (node, node))
            line = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and step.isdigit():
            node = node.value[int(step)]
            line = node.start_mark.line + 1
    return line


def _misfit(parameter: Parameter, text: str) -> str | None:
    """The fault of a parameter in view of the query: its line VALUES is missing or has another default."""
    if (parameter.type == "code") != (parameter.scheme is not None):
        return "'scheme' goes with the type 'code', and only with it"
    match = re.search(_DEFAULT.format(name=re.escape(parameter.name)), text)
    if match is None:
        return f"no line 'VALUES ?{parameter.name} {{ … }}' in the query"
    stated = match[2].strip()
    default, value = parameter.default, re.sub(r'^"(.*)"$', r"\1", stated)
    same = stated == "UNDEF" if default is None else value == default or value.rstrip(">").endswith(f"/{default}")
    return None if same else f"the query has {stated!r}, the header {default!r}"


def catalogue(directory: Path | None = None) -> list[StoredQuery]:
    """Read every stored query, in the order of their names."""
    return [read(p.read_text("utf-8"), p.stem, p) for p in sorted((directory or folder("queries")).glob("*.rq"))]


def find(name: str, directory: Path | None = None) -> StoredQuery:
    """Read the stored query of this name; raises QueryUsageError, with the nearest names, if there is none."""
    directory = directory or folder("queries")
    path = directory / f"{name}.rq"
    if _NAME.fullmatch(name) and path.is_file():
        return read(path.read_text("utf-8"), name, path)
    known = sorted(p.stem for p in directory.glob("*.rq"))
    raise QueryUsageError(f"no stored query {name!r}{did_you_mean(name, known)} (see: teemagraafi queries)")


def is_name(text: str) -> bool:
    """Whether a text is the name of a stored query rather than SPARQL."""
    return _NAME.fullmatch(text) is not None


def bind(query: StoredQuery, values: Mapping[str, Term | Sequence[Term]]) -> str:
    """The query's text with RDF terms in place of the defaults, in every VALUES line of each parameter."""
    text = query.text
    for name, given in values.items():
        query.parameter(name)
        terms = [given] if isinstance(given, (ox.NamedNode, ox.Literal)) else given
        parts = re.split(_DEFAULT.format(name=re.escape(name)), text)
        parts[2::4] = [f" {' '.join(map(str, terms))} "] * len(parts[2::4])
        text = "".join(parts)
    return text


def markdown(queries: Iterable[StoredQuery], lang: str = "en") -> str:
    """A table of queries, then one section each with its parameters and SPARQL."""
    return render("queries.md", lang, queries=list(queries))


def turtle(queries: Iterable[StoredQuery], endpoint: str | None = None) -> str:
    """The queries in RDF: each executable by SHACL's terms, with comments, keywords and prefixes."""
    made = render("queries.ttl", "en", queries=list(queries), endpoint=endpoint)
    parsed = ox.parse(made, format=ox.RdfFormat.TURTLE)
    triples = sorted({quad.triple for quad in parsed}, key=str)
    return (ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=parsed.prefixes) or b"").decode()


def query_help(query: StoredQuery) -> str:
    """The help of one query."""
    return render("query.txt", "en", query=query).removesuffix("\n")
