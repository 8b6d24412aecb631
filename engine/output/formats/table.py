"""Rows as an aligned table: numbers to the right, long texts wrapped, identifiers left out where a label stands."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from decimal import Decimal

from engine.query.backends import PREFIXES
from engine.query.columns import NUMBERS, Kind, for_people, heading, kinds, text
from engine.query.results import Iri, Result, Value
from loaders.rdf.terms import ID

_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_GAP = "  "
_NARROWEST = 10


def short(iri: str) -> str:
    """An IRI as ``prefix:name`` or ``kind/key`` where it is one of ours or well known."""
    if iri.startswith(ID):
        return iri[len(ID) :]
    found = [(p, n) for p, n in PREFIXES.items() if iri.startswith(n) and len(iri) > len(n)]
    prefix, namespace = max(found, key=lambda pn: len(pn[1]), default=("", ""))
    return f"{prefix}:{iri[len(namespace) :]}" if prefix else iri


def shown(value: Value, decimals: int | None = None) -> str:
    """A value as a person reads it: thousands apart, IRIs short, control characters out."""
    if isinstance(value, Iri):
        return short(value)
    if isinstance(value, (Decimal, int)) and not isinstance(value, bool):
        places = fraction(value) if decimals is None else decimals
        return f"{value:,.{places}f}".replace(",", " ")
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
    cells = [[shown(row[i], places[i]) for i in chosen] for row in result.rows]
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
    soft = [i for i, kind in enumerate(column_kinds) if kind not in NUMBERS and widths[i] > _NARROWEST]
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
