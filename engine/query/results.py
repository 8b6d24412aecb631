"""What a query answers: columns and rows, triples, or yes and no; as RDF terms and as Python values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Literal, cast

import pyoxigraph as ox

from engine.query.backends import Answer
from engine.query.errors import QueryError
from engine.query.library import StoredQuery
from loaders.rdf.terms import XSD


class Iri(str):
    """An IRI, so that a cell tells a thing from a text."""

    __slots__ = ()


class PartialDate(str):
    """A month (``2024-10``) or a year (``2024``): a date as precise as its source, which sorts and compares as text."""

    __slots__ = ()


Value = str | int | float | Decimal | bool | date | datetime | None
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None
Row = tuple[Value, ...]
TermRow = tuple[Term, ...]

_INTEGERS = frozenset(
    XSD + name
    for name in ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "unsignedInt")
)
_PARTIAL = frozenset((XSD + "gYearMonth", XSD + "gYear"))
_FLOATS = frozenset((XSD + "double", XSD + "float"))


def python(term: Term) -> Value:
    """A term as a Python value: decimals stay exact, partial dates stay partial, an ill-formed literal stays text."""
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return Iri(term.value)
    if not isinstance(term, ox.Literal):
        return str(term)
    datatype = term.datatype.value
    if datatype in _PARTIAL:
        return PartialDate(term.value)
    try:
        return _typed(term.value, datatype)
    except (ValueError, ArithmeticError):
        return term.value


def _typed(text: str, datatype: str) -> Value:
    if datatype in _INTEGERS:
        return int(text)
    if datatype == XSD + "decimal":
        return Decimal(text)
    if datatype in _FLOATS:
        return float(text)
    if datatype == XSD + "boolean":
        return text in ("true", "1")
    if datatype == XSD + "date":
        return date.fromisoformat(text)
    return datetime.fromisoformat(text) if datatype == XSD + "dateTime" else text


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
    """The answer to a query. ``form`` tells which of ``rows``, ``triples`` and ``answer`` it has.

    The engine's own answer is kept until somebody asks for rows or writes it out, so that running a query costs no more than
    the engine takes.
    """

    query: StoredQuery
    given: Answer
    notes: tuple[str, ...] = ()
    """What a reader must know of the answer: its limits, and what the parameters were understood as."""
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
        from engine.output.formats.table import table

        return table(self)

    def _repr_html_(self) -> str:
        """The rows as a table, for notebooks."""
        from engine.output.formats.markup import html_table

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
