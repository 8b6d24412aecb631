"""Stored queries: a SPARQL file under a ``#+`` header, its parameters, and the catalogue of all of them.

A parameter's default stands in the query as a line ``VALUES ?name { … }`` (``UNDEF``: any), so the file runs unchanged on any
endpoint. Binding replaces the contents of those braces by RDF terms; no text of the user's ever becomes part of the query.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, cast, get_args

import pyoxigraph as ox

from engine.query import lexer
from engine.query.errors import QueryUsageError, did_you_mean
from engine.query.header import HeaderError, Value, key_lines, parse
from loaders.data import folder

ParameterType = Literal[
    "theme", "organisation", "ministry", "ely", "project", "document", "code", "date", "number", "text"
]
View = Literal["table", "chart", "map", "network"]
Chart = Literal["bars", "sankey", "timeline"]

_TEXTS = ("summary", "summary_fi", "summary_sv", "description", "limits", "question", "view", "chart")
_LISTS = ("tags", "sources", "axes", "evidence")
_KEYS = (*_TEXTS, *_LISTS, "params")
_CHOICES: dict[str, tuple[str, ...]] = {"view": get_args(View), "chart": get_args(Chart)}
_REQUIRED = ("summary", "summary_fi", "summary_sv", "tags", "view")
_PARAMETER_KEYS = ("name", "type", "default", "allowed", "scheme", "description")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_DEFAULT = r"(?m)^([ \t]*VALUES[ \t]+\?{name}[ \t]*\{{)([^{{}}\n]*)(\}})"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a stored query. ``default`` is None where the query takes any value unless told otherwise."""

    name: str
    type: ParameterType
    default: str | None = None
    allowed: tuple[str, ...] = ()
    scheme: str | None = None
    """The code list a value of type ``code`` is taken from: ``phase``, ``fund`` …"""
    description: str | None = None


@dataclass(frozen=True)
class StoredQuery:
    """A query with its header. A user's own SPARQL is one too, with an empty header and no parameters."""

    name: str
    text: str
    summary: str = ""
    summary_fi: str = ""
    summary_sv: str = ""
    description: str = ""
    limits: str = ""
    question: str = ""
    tags: tuple[str, ...] = ()
    params: tuple[Parameter, ...] = ()
    view: View = "table"
    chart: Chart | None = None
    axes: tuple[str, ...] = ()
    """Columns the picture is drawn of: label and values; from, to and weight; label, start and end; region and value."""
    sources: tuple[str, ...] = ()
    """Sources beyond the seed documents that the answer needs."""
    evidence: tuple[str, ...] = ()
    """Triples, with the result's columns as variables, that a row rests on."""
    path: Path | None = None

    @cached_property
    def form(self) -> Literal["SELECT", "CONSTRUCT", "ASK", "DESCRIBE"]:
        """The query's form."""
        body = re.sub(r"<[^<>\s]*>|#[^\n]*", " ", self.text)
        match = re.search(r"\b(SELECT|CONSTRUCT|ASK|DESCRIBE)\b", body, re.IGNORECASE)
        return cast(Literal["SELECT", "CONSTRUCT", "ASK", "DESCRIBE"], match[1].upper() if match else "SELECT")

    @cached_property
    def services(self) -> tuple[str, ...]:
        """The endpoints that the query asks with SERVICE."""
        return tuple(dict.fromkeys(address or "" for address in lexer.services(self.text)))

    def title(self, lang: str = "en") -> str:
        """The summary in fi, sv or en."""
        return {"fi": self.summary_fi, "sv": self.summary_sv}.get(lang, "") or self.summary

    def parameter(self, name: str) -> Parameter:
        """The parameter of a name; an unknown one is refused with the known ones."""
        for parameter in self.params:
            if parameter.name == name:
                return parameter
        known = [p.name for p in self.params]
        has = f"it has {', '.join(known)}" if known else "it has none"
        raise QueryUsageError(f"query {self.name!r} has no parameter {name!r}: {has}{did_you_mean(name, known)}")


def read(text: str, name: str, path: Path | None = None) -> StoredQuery:
    """A query from its text; ``name`` stands in errors. Text without a header is a user's own query."""
    place = str(path.name if path else name)
    header = parse(text, place)
    if not header:
        return StoredQuery(name, text, path=path)
    lines = key_lines(text)
    for key, value in header.items():
        if message := _misfit(key, value):
            raise HeaderError(place, lines[key], message)
    missing = [k for k in _REQUIRED if k not in header]
    if missing:
        raise HeaderError(place, 1, f"the header lacks {', '.join(missing)}")
    fields = {k: tuple(v) if isinstance(v, list) else v for k, v in header.items() if k != "params"}
    params = _parameters(header.get("params", []), text, place, lines.get("params", 1))
    return StoredQuery(name, text, params=params, path=path, **fields)  # type: ignore[arg-type]


def _misfit(key: str, value: Value) -> str | None:
    """What is wrong with a key of the header or its value."""
    if key not in _KEYS:
        return f"unknown key {key!r}{did_you_mean(key, list(_KEYS))}"
    if key in _TEXTS and not isinstance(value, str):
        return f"{key!r} must be one text"
    if key in _LISTS and not _is_texts(value):
        return f"{key!r} must be a list of texts"
    choices = _CHOICES.get(key)
    return f"{key!r} must be one of {', '.join(choices)}" if choices and value not in choices else None


def _is_texts(value: Value) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) for v in value)


def _parameters(blocks: Value, text: str, place: str, line: int) -> tuple[Parameter, ...]:
    if not isinstance(blocks, list) or any(isinstance(b, str) for b in blocks):
        raise HeaderError(place, line, "'params' must be a list of blocks that begin with '- name: …'")
    return tuple(_parameter(cast("dict[str, str | list[str]]", b), text, place, line) for b in blocks)


def _parameter(block: Mapping[str, str | list[str]], text: str, place: str, line: int) -> Parameter:
    name = block.get("name", "")
    for key, value in block.items():
        if key not in _PARAMETER_KEYS or isinstance(value, list) != (key == "allowed"):
            known = ", ".join(_PARAMETER_KEYS)
            raise HeaderError(place, line, f"parameter {name!r}: {key!r} is not one of {known}, or ill-formed")
    if not name or block.get("type") not in get_args(ParameterType):
        types = ", ".join(get_args(ParameterType))
        raise HeaderError(place, line, f"parameter {name!r} needs a name and a type of {types}")
    if (block["type"] == "code") != ("scheme" in block):
        raise HeaderError(place, line, f"parameter {name!r}: 'scheme' goes with the type 'code', and only with it")
    found = re.search(_DEFAULT.format(name=name), text)
    if found is None:
        raise HeaderError(place, line, f"parameter {name!r} has no line 'VALUES ?{name} {{ … }}' in the query")
    _check_default(block, found[2].strip(), place, line)
    allowed = tuple(block.get("allowed", ()))
    return Parameter(**{**block, "allowed": allowed})  # type: ignore[arg-type]


def _check_default(block: Mapping[str, str | list[str]], stands: str, place: str, line: int) -> None:
    """The header's default and the one in the query are the same; neither may drift from the other."""
    default = block.get("default")
    value = re.sub(r'^"(.*)"$', r"\1", stands)
    same = stands == "UNDEF" if default is None else value == default or value.rstrip(">").endswith(f"/{default}")
    if not same:
        raise HeaderError(place, line, f"parameter {block['name']!r}: the query has {stands!r}, the header {default!r}")


def catalogue(directory: Path | None = None) -> list[StoredQuery]:
    """Every stored query, by name."""
    return [read(p.read_text("utf-8"), p.stem, p) for p in sorted((directory or folder("queries")).glob("*.rq"))]


def find(name: str, directory: Path | None = None) -> StoredQuery:
    """The stored query of a name; an unknown one is refused with the nearest names."""
    directory = directory or folder("queries")
    path = directory / f"{name}.rq"
    if _NAME.fullmatch(name) and path.is_file():
        return read(path.read_text("utf-8"), name, path)
    known = sorted(p.stem for p in directory.glob("*.rq"))
    raise QueryUsageError(f"no stored query {name!r}{did_you_mean(name, known)} (see: teemagraafi queries)")


def is_name(text: str) -> bool:
    """Whether a text is the name of a stored query rather than SPARQL."""
    return _NAME.fullmatch(text) is not None


Term = ox.NamedNode | ox.Literal


def bind(query: StoredQuery, values: Mapping[str, Term | Sequence[Term]]) -> str:
    """The query's text with RDF terms in place of its defaults, at every place where the parameter's VALUES line stands."""
    text = query.text
    for name, given in values.items():
        query.parameter(name)
        terms = [given] if isinstance(given, (ox.NamedNode, ox.Literal)) else given
        parts = re.split(_DEFAULT.format(name=re.escape(name)), text)
        parts[2::4] = [f" {' '.join(map(str, terms))} "] * len(parts[2::4])
        text = "".join(parts)
    return text
