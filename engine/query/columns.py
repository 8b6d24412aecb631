"""Columns of a result: which are for people, and what type their values share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from engine.query.results import Iri, PartialDate, Result, Value

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
    met = frozenset(kinds) - {"empty"}
    if len(met) > 1:
        return _WIDER.get(met, "text")
    return next(iter(met), "empty")


def kinds(result: Result) -> list[Kind]:
    """The kind of each column."""
    return [kind(row[i] for row in result.rows) for i in range(len(result.columns))]


def for_people(columns: Sequence[str]) -> list[int]:
    """Positions of the columns a person reads: an identifier whose label stands beside it is left to the machine."""
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
