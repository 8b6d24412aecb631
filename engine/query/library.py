"""Stored queries: a SPARQL file under a header, its parameters, and the catalogue of all of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple, cast, get_args

import pyoxigraph as ox

from engine.query import lexer
from loaders.data import folder
from loaders.errors import QueryError, QueryUsageError, did_you_mean

Value = str | list[str] | list[dict[str, str | list[str]]]

_KEY = re.compile(r"([a-z][a-z_]*):(?: +(.*))?")
_PLAIN_START = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`]|-(?=\S)|\?(?=\S)")


class HeaderError(QueryError):
    """A header line that cannot be read, named by file and line."""

    def __init__(self, place: str, line: int, message: str) -> None:
        """Name the file, the line (1-based) and what was expected."""
        self.line = line
        super().__init__(f"{place}:{line}: {message}")


class _Line(NamedTuple):
    number: int
    indent: int
    text: str


class _Header:
    """A reader over the header's lines; ``place`` is the file named in errors."""

    def __init__(self, lines: list[_Line], place: str) -> None:
        self.lines, self.place, self.at = lines, place, 0

    def error(self, line: _Line, message: str) -> HeaderError:
        return HeaderError(self.place, line.number, message)

    def peek(self, indent: int) -> _Line | None:
        """The next line if it stands at least as deep as ``indent``."""
        if self.at < len(self.lines) and self.lines[self.at].indent >= indent:
            return self.lines[self.at]
        return None

    def take(self) -> _Line:
        self.at += 1
        return self.lines[self.at - 1]

    def mapping(self) -> dict[str, Value]:
        found: dict[str, Value] = {}
        while line := self.peek(0):
            key, rest = self.key(self.take(), 0, found)
            found[key] = self.value(line, rest)
        return found

    def key(self, line: _Line, indent: int, found: dict[str, Value]) -> tuple[str, str]:
        match = _KEY.fullmatch(line.text)
        if match is None or line.indent != indent:
            raise self.error(line, f"expected 'key: value' after '#+{' ' * (indent + 1)}', found {line.text!r}")
        if match[1] in found:
            raise self.error(line, f"{match[1]!r} is given twice")
        return match[1], match[2] or ""

    def value(self, line: _Line, rest: str) -> Value:
        if rest == ">-":
            return self.folded(line)
        if rest:
            return self.inline(line, rest)
        following = self.peek(2)
        if following is None or not following.text.startswith("- "):
            raise self.error(line, "a value is missing: text on the same line, or a list of '- ' items below")
        return self.items()

    def folded(self, line: _Line) -> str:
        parts = []
        while self.peek(2):
            parts.append(self.take().text)
        if not parts:
            raise self.error(line, "'>-' needs text on the lines below, indented by two blanks")
        return " ".join(parts)

    def items(self) -> list[str] | list[dict[str, str | list[str]]]:
        texts: list[str] = []
        blocks: list[dict[str, str | list[str]]] = []
        while line := self.peek(2):
            self.take()
            if line.indent != 2 or not line.text.startswith("- "):
                raise self.error(line, "expected '  - ' before an item of the list")
            item = line.text[2:]
            if _KEY.fullmatch(item):
                blocks.append(self.block(_Line(line.number, 4, item)))
            else:
                texts.append(self.scalar(line, item))
            if texts and blocks:
                raise self.error(line, "a list holds either texts or 'key: value' blocks, not both")
        return texts or blocks

    def block(self, first: _Line) -> dict[str, str | list[str]]:
        found: dict[str, Value] = {}
        line: _Line | None = first
        while line:
            key, rest = self.key(line, 4, found)
            if not rest:
                raise self.error(line, f"{key!r} has no value")
            found[key] = self.inline(line, rest)
            line = self.take() if self.peek(4) else None
        return found  # type: ignore[return-value]  # inline() gives texts and lists of texts only

    def inline(self, line: _Line, text: str) -> str | list[str]:
        if not text.startswith("["):
            return self.scalar(line, text)
        if not text.endswith("]"):
            raise self.error(line, "a list that begins with '[' must end with ']' on the same line")
        return [self.scalar(line, part) for part in _split(text[1:-1])]

    def scalar(self, line: _Line, text: str) -> str:
        if text.startswith('"'):
            try:
                quoted = json.loads(text)
            except ValueError:
                raise self.error(line, f"not a quoted text: {text}") from None
            return str(quoted)
        if not _PLAIN_START.match(text) or ": " in text or " #" in text or text.endswith(":"):
            raise self.error(line, f"put this text in double quotes: {text}")
        return text


def _split(text: str) -> Iterator[str]:
    """Parts of an inline list: commas split, except within double quotes."""
    parts = re.findall(r'(?:"(?:[^"\\]|\\.)*"|[^,"])+', text)
    return (p for p in (part.strip() for part in parts) if p)


def _lines(text: str, place: str) -> list[_Line]:
    found: list[_Line] = []
    ended = False
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#+"):
            ended = ended or bool(found) or bool(line.strip())
            continue
        if ended:
            raise HeaderError(place, number, "the header's lines must stand together at the top of the file")
        content = line[2:].rstrip()
        if not content.strip():
            raise HeaderError(place, number, "empty header line")
        if not content.startswith(" ") or "\t" in content:
            raise HeaderError(place, number, "expected '#+ ' and a key, without tabs")
        inner = content[1:]
        found.append(_Line(number, len(inner) - len(inner.lstrip(" ")), inner.lstrip(" ")))
    return found


def parse(text: str, place: str) -> dict[str, Value]:
    """The header of a query's text as a dictionary; raises :class:`HeaderError` with ``place`` and the line number."""
    return _Header(_lines(text, place), place).mapping()


def key_lines(text: str) -> dict[str, int]:
    """Line number of each top-level key, for errors about a value that reads well but does not fit."""
    return {m[1]: n for n, line in enumerate(text.splitlines(), 1) if (m := re.match(r"#\+ ([a-z][a-z_]*):", line))}


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
