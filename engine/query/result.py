"""The answer to a query: columns and rows, triples, or yes and no; as RDF terms, Python values and tables."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, cast

import pyoxigraph as ox

from engine.query.backends import Answer
from engine.query.library import StoredQuery
from engine.words import render
from loaders.errors import QueryError
from loaders.rdf.terms import ID, PREFIXES, XSD


class Iri(str):
    """An IRI in a cell, as opposed to text."""

    __slots__ = ()


class PartialDate(str):
    """A month (``2024-10``) or a year (``2024``): a date as precise as its source, which sorts and compares as text."""

    __slots__ = ()


Value = str | int | float | Decimal | bool | date | datetime | None
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None
Row = tuple[Value, ...]
TermRow = tuple[Term, ...]

_INTEGERS = ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "unsignedInt")
_READERS: dict[str, Callable[[str], Value]] = {
    **dict.fromkeys(_INTEGERS, int),
    **dict.fromkeys(("double", "float"), float),
    **dict.fromkeys(("gYearMonth", "gYear"), PartialDate),
    "decimal": Decimal,
    "boolean": lambda text: text in ("true", "1"),
    "date": date.fromisoformat,
    "dateTime": datetime.fromisoformat,
}
"""Datatype of XML Schema → what reads its literals; those of all others are text."""


def python(term: Term) -> Value:
    """A term as a Python value: decimals stay exact, partial dates stay partial, an ill-formed literal stays text."""
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return Iri(term.value)
    if not isinstance(term, ox.Literal):
        return str(term)
    space, name = term.datatype.value[: len(XSD)], term.datatype.value[len(XSD) :]
    try:
        return _READERS.get(name, str)(term.value) if space == XSD else term.value
    except (ValueError, ArithmeticError):
        return term.value


@contextmanager
def reading() -> Iterator[None]:
    """Read an answer that the engine is still producing: what breaks then is a failed query, in one line."""
    try:
        yield
    except (SyntaxError, ValueError) as error:
        raise QueryError(f"the answer is cut or malformed: {error}") from None
    except BrokenPipeError:
        raise
    except OSError as error:
        raise QueryError(f"the query failed: {error}") from None


@dataclass(repr=False)
class Result:
    """The answer to a query. ``form`` is one of ``rows``, ``triples`` and ``answer``.

    The engine's own answer is kept until somebody asks for rows or writes it out, so that running a query costs no more than
    the engine takes.
    """

    query: StoredQuery
    given: Answer
    notes: tuple[str, ...] = ()
    """The limits of the answer, and how the values of its parameters were understood."""
    lang: str = "en"
    """The language its pictures speak."""
    headings: Mapping[str, str] = field(default_factory=dict)
    """Headings of its pictures' columns in that language; the others are headed by their names."""

    @property
    def form(self) -> Literal["rows", "triples", "answer"]:
        """Rows of a SELECT, triples of a CONSTRUCT or DESCRIBE, the answer of an ASK."""
        if isinstance(self.given, ox.QuerySolutions):
            return "rows"
        return "answer" if isinstance(self.given, ox.QueryBoolean) else "triples"

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns; an ASK has one, triples have three."""
        if isinstance(self.given, ox.QuerySolutions):
            return tuple(v.value for v in self.given.variables)
        return ("answer",) if self.form == "answer" else ("subject", "predicate", "object")

    @cached_property
    def terms(self) -> list[TermRow]:
        """Rows of RDF terms."""
        if isinstance(self.given, ox.QuerySolutions):
            with reading():
                return [cast(TermRow, tuple(solution)) for solution in self.given]
        if isinstance(self.given, ox.QueryBoolean):
            truth = "true" if self.given else "false"
            return [(ox.Literal(truth, datatype=ox.NamedNode(f"{XSD}boolean")),)]
        return [cast(TermRow, tuple(triple)) for triple in self.triples]

    @cached_property
    def triples(self) -> list[ox.Triple]:
        """Triples of a CONSTRUCT or DESCRIBE, each once; none for other forms."""
        if isinstance(self.given, (ox.QuerySolutions, ox.QueryBoolean)):
            return []
        with reading():
            return list(dict.fromkeys(self.given))

    @cached_property
    def rows(self) -> list[Row]:
        """Rows of Python values."""
        return [tuple(map(python, row)) for row in self.terms]

    @property
    def answer(self) -> bool:
        """The answer of an ASK; of other forms, whether there is anything."""
        return bool(self.given) if isinstance(self.given, ox.QueryBoolean) else bool(self.terms)

    def __iter__(self) -> Iterator[Row]:
        """Rows of Python values."""
        return iter(self.rows)

    def __len__(self) -> int:
        """Number of rows (or triples)."""
        return len(self.terms)

    def dicts(self) -> list[dict[str, Value]]:
        """Rows as dictionaries by column."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def __repr__(self) -> str:
        """The query and its columns in one line; ``print`` shows the rows."""
        return f"<answer to {self.query.name!r}: {', '.join(self.columns)}>"

    def __str__(self) -> str:
        """The rows as an aligned table."""

        return table(self)

    def _repr_html_(self) -> str:
        """The rows as a table, for notebooks."""

        return html_table(self)

    def with_columns(self, names: Sequence[str], cells: Sequence[TermRow]) -> Result:
        """The same rows with more columns at their end."""
        rows = [row + more for row, more in zip(self.terms, cells, strict=True)]
        wider = Result(self.query, self.given, self.notes)
        wider.__dict__.update(columns=(*self.columns, *names), terms=rows)
        return wider

    @property
    def untouched(self) -> bool:
        """Whether the engine's answer has not been read yet, so that it can be written out as it comes."""
        return not {"terms", "triples"} & self.__dict__.keys()


Kind = Literal["empty", "iri", "boolean", "integer", "decimal", "float", "date", "datetime", "partial", "text"]

LABEL = "Label"
"""A column ``themeLabel`` is the name of what the column ``theme`` identifies."""

_KINDS: tuple[tuple[type, Kind], ...] = (  # the first that fits: bool is an int, datetime a date
    (Iri, "iri"),
    (PartialDate, "partial"),
    (str, "text"),
    (bool, "boolean"),
    (int, "integer"),
    (Decimal, "decimal"),
    (float, "float"),
    (datetime, "datetime"),
    (date, "date"),
)
_WIDER: dict[frozenset[Kind], Kind] = {
    frozenset(("integer", "decimal")): "decimal",
    frozenset(("integer", "float")): "float",
    frozenset(("decimal", "float")): "float",
    frozenset(("integer", "decimal", "float")): "float",
    frozenset(("date", "partial")): "partial",
}
NUMBERS: frozenset[Kind] = frozenset(("integer", "decimal", "float"))


def kind_of(value: Value) -> Kind:
    """The kind of one value."""
    return next((kind for python_type, kind in _KINDS if isinstance(value, python_type)), "empty")


def kind(values: Iterable[Value]) -> Kind:
    """The kind that all values of a column share: numbers widen, full and partial dates meet as partial, the rest is text."""
    return widest(kind_of(v) for v in values)


def widest(kinds: Iterable[Kind]) -> Kind:
    """The kind that holds values of all these kinds."""
    present = frozenset(kinds) - {"empty"}
    if len(present) > 1:
        return _WIDER.get(present, "text")
    return next(iter(present), "empty")


def kinds(result: Result) -> list[Kind]:
    """The kind of each column."""
    return [kind(row[i] for row in result.rows) for i in range(len(result.columns))]


def for_people(columns: Sequence[str]) -> list[int]:
    """Positions of the columns shown to people: an identifier is left out if its label is another column."""
    named = {c.removesuffix(LABEL) for c in columns if c.endswith(LABEL)}
    return [i for i, c in enumerate(columns) if c not in named]


def heading(column: str) -> str:
    """A column's heading: ``themeLabel`` is headed theme."""
    return column.removesuffix(LABEL) or column


def identifier(columns: Sequence[str], at: int) -> int | None:
    """Position of the column that identifies what the label column at ``at`` names."""
    base = columns[at].removesuffix(LABEL)
    return columns.index(base) if base != columns[at] and base in columns else None


def text(value: Value) -> str:
    """A value as plain text without loss: ISO dates, decimals with a point and no exponent."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value)


_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_GAP = "  "
_NARROWEST = 10


def short(iri: str) -> str:
    """An IRI as ``prefix:name`` or ``kind/key`` where it is one of ours or well known."""
    if iri.startswith(ID):
        return iri[len(ID) :]
    prefixes = [(p, n) for p, n in PREFIXES.items() if iri.startswith(n) and len(iri) > len(n)]
    prefix, namespace = max(prefixes, key=lambda pn: len(pn[1]), default=("", ""))
    return f"{prefix}:{iri[len(namespace) :]}" if prefix else iri


def format_cell(value: Value, decimals: int | None = None) -> str:
    """A value as a person reads it: thousands apart, IRIs short, control characters out."""
    if isinstance(value, Iri):
        return short(value)
    if isinstance(value, (Decimal, int)) and not isinstance(value, bool):
        places = fraction(value) if decimals is None else decimals
        return f"{Decimal(value):,.{places}f}".replace(",", " ")  # a whole number would be rounded to a float
    return " ".join("".join(c if c.isprintable() or c.isspace() else "\ufffd" for c in text(value)).split())


def fraction(value: Value) -> int:
    """How many decimals a number has."""
    return (
        max(-int(value.normalize().as_tuple().exponent), 0) if isinstance(value, Decimal) and value.is_finite() else 0
    )


def decimals(result: Result) -> list[int]:
    """Decimals of each column: as many as its most exact number has, so that points stand under one another."""
    return [max((fraction(row[i]) for row in result.rows), default=0) for i in range(len(result.columns))]


def table(result: Result, width: int | None = None, colour: bool = False) -> str:
    """The table as text, each line ended; ``width`` wraps it to a terminal's columns."""
    chosen = for_people(result.columns)
    all_kinds = kinds(result)
    column_kinds = [all_kinds[i] for i in chosen]
    heads = [heading(result.columns[i]) for i in chosen]
    places = decimals(result)
    cells = [[format_cell(row[i], places[i]) for i in chosen] for row in result.rows]
    widths = [max([len(h), *(len(row[n]) for row in cells)]) for n, h in enumerate(heads)]
    if width is not None:
        widths = _fit(widths, column_kinds, width)
    lines = [_ruled(heads, widths, column_kinds, _BOLD if colour else "")]
    lines.append(_ruled(["─" * w for w in widths], widths, column_kinds, _DIM if colour else ""))
    for row in cells:
        lines.extend(_ruled(part, widths, column_kinds) for part in _wrapped(row, widths))
    return "".join(line.rstrip() + "\n" for line in lines)


def _ruled(row: Sequence[str], widths: list[int], column_kinds: list[Kind], style: str = "") -> str:
    padded = (
        cell.rjust(w) if kind in NUMBERS else cell.ljust(w)
        for cell, w, kind in zip(row, widths, column_kinds, strict=True)
    )
    line = _GAP.join(padded)
    return f"{style}{line.rstrip()}{_PLAIN}" if style else line


def _fit(widths: list[int], column_kinds: list[Kind], width: int) -> list[int]:
    """Take from the widest columns of text until the table fits, never below the narrowest sensible width."""
    widths = list(widths)
    soft = [i for i, kind in enumerate(column_kinds) if kind not in NUMBERS]
    over = sum(widths) + len(_GAP) * (len(widths) - 1) - width
    while over > 0 and soft:
        widest = max(soft, key=lambda i: widths[i])
        if widths[widest] <= _NARROWEST:
            break
        widths[widest] -= 1
        over -= 1
    return widths


def _wrapped(row: list[str], widths: list[int]) -> Iterator[list[str]]:
    if all(len(cell) <= w for cell, w in zip(row, widths, strict=True)):
        yield row
        return
    columns = [textwrap.wrap(cell, w) or [""] for cell, w in zip(row, widths, strict=True)]
    for n in range(max(map(len, columns))):
        yield [column[n] if n < len(column) else "" for column in columns]


def for_template(result: Result) -> dict[str, Any]:
    """What the templates of answers take: title, headings (each with whether its column is of numbers), and cells.

    A cell is its text and the web address that it leads to: its own IRI, or that of the thing it names.
    """
    chosen, column_kinds, places = for_people(result.columns), kinds(result), decimals(result)
    return {
        "title": result.query.title() or "Query result",
        "columns": [(heading(result.columns[i]), column_kinds[i] in NUMBERS) for i in chosen],
        "rows": [[(format_cell(row[i], places[i]), _link(result, row, i)) for i in chosen] for row in result.rows],
    }


def _link(result: Result, row: Row, at: int) -> str | None:
    beside = identifier(result.columns, at)
    value = row[at] if beside is None else row[beside]
    return str(value) if isinstance(value, Iri) and re.match(r"https?://", value) else None


def html_table(result: Result) -> str:
    """The rows as an HTML table."""
    return render("answer_table.html", "en", **for_template(result))
