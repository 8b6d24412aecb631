"""Drawing: SVG shapes and text, and the frame of every chart."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from itertools import accumulate, takewhile
from math import isfinite

from engine import words
from engine.query.result import LABEL, NUMBERS, Result, Value, heading, kinds, text
from loaders.errors import QueryUsageError

FONT = "DejaVu Sans, Liberation Sans, Arial, Helvetica, sans-serif"
INK, GREY, RULE, PAPER = "#1a1a1a", "#555555", "#c8c8c8", "#ffffff"

SERIES = ("#0b2f4e", "#2f7ab0", "#8fc0e0", "#dcebf5")
"""Up to four ordered series: one hue in four lightnesses, which stay apart in grey print."""
PHASE_COLOURS = {"framework": "#c5daf2", "reserved": "#81aada", "committed": "#2a6ebb", "paid": "#00357a"}
"""Phases of money: the same colours on every page and in every picture, the paler the earlier."""
CLASSES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#666666")
"""Unordered classes: the Okabe-Ito palette."""

_HALO = {"stroke": PAPER, "stroke_width": "3", "paint_order": "stroke", "stroke_linejoin": "round"}
_NARROW, _WIDE = "iljtfrI.,:;'|!()[] ", "mwMWÅÄÖABCDEGHKNOPQRSTUVXYZ%@€—"
_WIDTHS = defaultdict[str, float](lambda: 0.6, dict.fromkeys(_NARROW, 0.34) | dict.fromkeys(_WIDE, 0.76))
"""The width of each letter, in sizes of the type."""


def number(value: str | float) -> str:
    """A coordinate with at most two decimals; a command or another text as it is."""
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def escaped(text: str) -> str:
    """Text as XML holds it; a control character, which it cannot hold, is shown as a replacement character."""
    return escape(words.for_xml(text), quote=False)


def width_of(text: str, size: float) -> float:
    """About how wide a text is; errs on the wide side so that nothing runs out of its place."""
    return sum(map(_WIDTHS.__getitem__, text)) * size


def fit(text: str, size: float, width: float) -> str:
    """The text, cut with an ellipsis where it would be wider than ``width``."""
    if width_of(text, size) <= width:
        return text
    widths = accumulate(map(_WIDTHS.__getitem__, text))
    fitting = sum(1 for _ in takewhile(lambda units: (units + _WIDTHS["…"]) * size <= width, widths))
    return text[:fitting].rstrip() + "…"


def wrap(text: str, size: float, width: float, lines: int = 2) -> list[str]:
    """The text in at most ``lines`` lines, the last one cut where it must be."""
    rows: list[str] = [""]
    for word in text.split():
        longer = f"{rows[-1]} {word}".strip()
        if width_of(longer, size) <= width or not rows[-1]:
            rows[-1] = longer
        elif len(rows) < lines:
            rows.append(word)
        else:
            rows[-1] = longer
    return [fit(row, size, width) for row in rows]


class Drawing:
    """Shapes in the order drawn; ``svg()`` gives the picture."""

    def __init__(self, width: float, height: float) -> None:
        """Begin a picture of a size in pixels."""
        self.width, self.height = width, height
        self._parts: list[str] = []

    def rect(self, x: float, y: float, w: float, h: float, fill: str, stroke: str = "none",
             hint: str = "", opacity: float = 1) -> None:  # fmt: skip
        """A rectangle; ``hint`` shows when the pointer rests on it."""
        seen = opacity if opacity != 1 else ""
        self._draw("rect", hint, x=x, y=y, width=max(w, 0), height=max(h, 0), fill=fill, stroke=stroke, opacity=seen)

    def circle(self, x: float, y: float, radius: float, fill: str, stroke: str = "none", hint: str = "") -> None:
        """A circle."""
        self._draw("circle", hint, cx=x, cy=y, r=radius, fill=fill, stroke=stroke)

    def path(self, steps: Sequence[str | float], fill: str = "none", stroke: str = "none", width: float = 1,
             hint: str = "", opacity: float = 1) -> None:  # fmt: skip
        """A path of commands and coordinates."""
        drawn, seen = " ".join(map(number, steps)), opacity if opacity != 1 else ""
        self._draw("path", hint, d=drawn, stroke_width=width, fill=fill, stroke=stroke, opacity=seen)

    def line(self, x1: float, y1: float, x2: float, y2: float, stroke: str = RULE, dash: str = "") -> None:
        """A straight line."""
        self._draw("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=1, stroke_dasharray=dash)

    def text(self, x: float, y: float, text: str, size: float = 12, anchor: str = "start", fill: str = INK,
             bold: bool = False, turn: float = 0, halo: bool = False) -> None:  # fmt: skip
        """A line of text; a halo keeps it readable over other shapes."""
        turned = f"rotate({number(turn)} {number(x)} {number(y)})" if turn else ""
        more = {"font_weight": "bold" if bold else "", "transform": turned, **(_HALO if halo else {})}
        self._draw("text", "", escaped(text), x=x, y=y, font_size=size, text_anchor=anchor, fill=fill, **more)

    def _draw(self, name: str, hint: str = "", inside: str | None = None, /, **attributes: str | float) -> None:
        """An element with its attributes, but for those that are empty."""
        given = "".join(f' {key.replace("_", "-")}="{number(v)}"' for key, v in attributes.items() if v != "")
        inside = f"<title>{escaped(hint)}</title>" if hint else inside
        self._parts.append(f"<{name}{given}/>" if inside is None else f"<{name}{given}>{inside}</{name}>")

    def svg(self, title: str, description: str) -> str:
        """The picture as SVG with a title and an alternative text."""
        width, height = number(self.width), number(self.height)
        size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        role = 'role="img" aria-labelledby="title description"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {role} font-family="{FONT}">'
        named = f'<title id="title">{escaped(title)}</title>'
        described = f'<desc id="description">{escaped(description)}</desc>'
        paper = f'<rect width="100%" height="100%" fill="{PAPER}"/>'
        return "\n".join([head, named, described, paper, *self._parts, "</svg>", ""])


def colours_of(names: Sequence[str]) -> tuple[str, ...]:
    """A colour for each column of numbers: a phase of money has its own, others are ordered or, where many, apart."""
    others = iter(SERIES if len(names) <= len(SERIES) else CLASSES * (1 + len(names) // len(CLASSES)))
    return tuple(PHASE_COLOURS[name] if name in PHASE_COLOURS else next(others) for name in names)


def ticks(most: float, about: int = 5) -> list[float]:
    """Round values from 0 up to at least ``most``."""
    if most <= 0:
        return [0.0, 1.0]
    rough = most / about
    unit = 10.0 ** (len(str(int(rough))) - 1) if rough >= 1 else 0.1
    step = next((m * unit for m in (1, 2, 2.5, 5, 10) if m * unit >= rough), 10 * unit)
    count = int(-(-most // step))
    return [step * n for n in range(count + 1)]


def legend_width(names: Iterable[str]) -> float:
    """How wide the names stand beside each other in a legend."""
    return sum(35 + width_of(name, 12) for name in names)


def legend(drawing: Drawing, x: float, y: float, names: Iterable[str], colours: Sequence[str]) -> None:
    """Coloured squares with names, in one row."""
    for name, colour in zip(names, colours, strict=False):
        drawing.rect(x, y - 10, 12, 12, colour, INK)
        drawing.text(x + 17, y, name, 12)
        x += 17 + width_of(name, 12) + 18


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


def word(key: str, lang: str, **values: object) -> str:
    """A text of the charts in a language."""
    return words.text(f"chart.{key}", lang, **values)


def amount(value: Value) -> float | None:
    """A cell as a number to draw; None where it is empty, no number, infinite or beyond what a float holds."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if isfinite(number) else None


def data(result: Result) -> Data:
    """The columns the picture is drawn of: the query's axes, or else its first text and its numbers."""
    if result.form != "rows":
        raise QueryUsageError("a chart needs rows: this query gives triples or an answer")
    if not result.rows:
        raise QueryUsageError("the query gave no rows: there is nothing to draw")
    axes = result.query.axes or _guessed(result)
    if missing := [a for a in axes if a not in result.columns]:
        raise QueryUsageError(f"the query's axes name no column: {', '.join(missing)}")
    at = [result.columns.index(a) for a in axes]
    headings = tuple(result.headings.get(a, heading(a)) for a in axes)
    return Data(tuple(axes), headings, [tuple(row[i] for i in at) for row in result.rows])


def _guessed(result: Result) -> tuple[str, ...]:
    typed = list(zip(result.columns, kinds(result), strict=True))
    labels = [c for c, _ in typed if c.endswith(LABEL)]
    labels += [c for c, kind in typed if kind in ("text", "iri", "date", "partial")]
    numbers = [c for c, kind in typed if kind in NUMBERS]
    if not labels or not numbers:
        raise QueryUsageError("there is nothing to draw: a chart needs a column of names and one of numbers")
    return (labels[0], *numbers[:4])


def cell_label(value: Value) -> str:
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
    """Write the notes under the chart and give the picture; ``left_out`` rows are mentioned, not dropped silently."""
    notes = _notes(result)
    for n, line in enumerate(notes):
        drawing.text(MARGIN, drawing.height - 16 * (len(notes) - n) - 2, line, 11, fill=GREY)
    left_out_text = word("left_out" if left_out > 1 else "left_out_one", result.lang, n=left_out) if left_out else ""
    more = f" {left_out_text}." if left_out_text else ""
    drawing.text(drawing.width - MARGIN, 34, left_out_text, 11, anchor="end", fill=INK)
    title = result.query.title(result.lang) or result.query.name
    return Picture(drawing.svg(title, description + more), title, description + more)
