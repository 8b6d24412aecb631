"""What every chart shares: the result's columns it is drawn of, the frame with title and notes, its alternative text."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from engine.output.charts.svg import GREY, INK, Drawing, wrap
from engine.query.columns import LABEL, NUMBERS, heading, kinds, text
from engine.query.errors import QueryUsageError
from engine.query.results import Result, Value

WIDTH = 960.0
MARGIN = 24.0
MOST = 80
"""Rows that one picture shows; more cannot be read."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished chart: its SVG, its title, and what it shows in words."""

    svg: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Data:
    """The cells of the axes' columns, row by row."""

    names: tuple[str, ...]
    headings: tuple[str, ...]
    rows: list[tuple[Value, ...]]


_WORDS = {
    "not_stated": {"en": "not stated", "fi": "ei ilmoitettu", "sv": "ej angivet"},
    "left_out": {
        "en": "{n} rows are not drawn",
        "fi": "{n} riviä ei ole kuvassa",
        "sv": "{n} rader visas inte i bilden",
    },
    "measure": {"en": "Figure and shade: {n}", "fi": "Luku ja sävy: {n}", "sv": "Siffra och nyans: {n}"},
    "elsewhere": {"en": "Other places, {n}", "fi": "Muut paikat, {n}", "sv": "Övriga platser, {n}"},
}
"""What charts write beside the data."""


def word(key: str, lang: str, n: object = "") -> str:
    """A text of the charts in a language."""
    if key == "left_out" and n == 1 and lang == "en":
        return "1 row is not drawn"
    return _WORDS[key][lang].format(n=n)


def amount(value: Value) -> float | None:
    """A cell as a number to draw; None where it is empty or no number."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    return float(value)


def data(result: Result) -> Data:
    """The columns the picture is drawn of: the query's axes, or else its first text and its numbers."""
    if result.form != "rows":
        raise QueryUsageError("a chart needs rows: this query gives triples or an answer")
    if not result.rows:
        raise QueryUsageError("the query gave no rows: there is nothing to draw")
    axes = result.query.axes or _guessed(result)
    missing = [a for a in axes if a not in result.columns]
    if missing:
        raise QueryUsageError(f"the query's axes name no column: {', '.join(missing)}")
    at = [result.columns.index(a) for a in axes]
    headings = tuple(result.headings.get(a, heading(a)) for a in axes)
    return Data(tuple(axes), headings, [tuple(row[i] for i in at) for row in result.rows])


def _guessed(result: Result) -> tuple[str, ...]:
    found = list(zip(result.columns, kinds(result), strict=True))
    labels = [c for c, _ in found if c.endswith(LABEL)] + [
        c for c, kind in found if kind in ("text", "iri", "date", "partial")
    ]
    numbers = [c for c, kind in found if kind in NUMBERS]
    if not labels or not numbers:
        raise QueryUsageError("there is nothing to draw: a chart needs a column of names and one of numbers")
    return (labels[0], *numbers[:4])


def said(value: Value) -> str:
    """A cell as a label."""
    return text(value) if value is not None else "–"


def begin(result: Result, height: float) -> tuple[Drawing, float]:
    """A drawing with the query's title; returns it and the height at which the chart may begin."""
    title = wrap(result.query.title(result.lang) or result.query.name, 18, WIDTH - 2 * MARGIN)
    drawing = Drawing(WIDTH, height + 26 * len(title) + 40 + 16 * len(_notes(result)))
    for n, line in enumerate(title):
        drawing.text(MARGIN, 34 + 26 * n, line, 18, bold=True)
    return drawing, 34.0 + 26 * len(title)


def _notes(result: Result) -> list[str]:
    return [line for note in result.notes for line in wrap(note, 11, WIDTH - 2 * MARGIN, 3)]


def finish(drawing: Drawing, result: Result, description: str, left_out: int = 0) -> Picture:
    """Write the notes under the chart and give the picture; ``left_out`` rows are said, never dropped in silence."""
    notes = _notes(result)
    for n, line in enumerate(notes):
        drawing.text(MARGIN, drawing.height - 16 * (len(notes) - n) - 2, line, 11, fill=GREY)
    said_out = word("left_out", result.lang, left_out) if left_out else ""
    more = f" {said_out}." if said_out else ""
    drawing.text(drawing.width - MARGIN, 34, said_out, 11, anchor="end", fill=INK)
    title = result.query.title(result.lang) or result.query.name
    return Picture(drawing.svg(title, description + more), title, description + more)
