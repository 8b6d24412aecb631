"""Pictures as SVG without scripts or styles of their own: bars, and a thing among its neighbours."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from markupsafe import Markup, escape

_BAR, _GAP, _WIDTH, _NAMES = 22, 10, 720, 210
_BROAD, _NODE, _CENTRE, _LINE, _ROOM = 1040, 336, 200, 17, 30
"""The network: its width, how far its nodes are from its edges, its middle box, a line of text, room about a name."""


def _svg(width: float, height: float, title: str, body: str, kind: str, role: str = "img", top: float = 0) -> Markup:
    return Markup(  # every text in the body is escaped where it is put in
        f'<svg class="{kind}" viewBox="0 {top:.0f} {width:.0f} {height:.0f}" role="{role}" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{body}</svg>"
    )


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal(0)


def bars(rows: Sequence[tuple[str, str, str, str]], title: str) -> Markup:
    """Horizontal bars of (phase, name, number, number as shown)."""
    most = max((_decimal(n) for _, _, n, _ in rows), default=Decimal(0)) or Decimal(1)
    room, parts = _WIDTH - _NAMES - 130, []
    for place, (phase, name, amount, shown) in enumerate(rows):
        y = place * (_BAR + _GAP) + 4
        width = max(1.0, float(max(_decimal(amount), Decimal(0)) / most) * room)
        parts.append(
            f'<text class="name" x="{_NAMES - 10}" y="{y + 15}" text-anchor="end">{escape(_short(name, 30))}</text>'
            f'<rect class="{phase}" x="{_NAMES}" y="{y}" width="{width:.1f}" height="{_BAR}"></rect>'
            f'<text class="amount" x="{_NAMES + width + 8:.1f}" y="{y + 15}">{escape(shown)}</text>'
        )
    return _svg(_WIDTH, len(rows) * (_BAR + _GAP) + 4, title, "".join(parts), "bars")


def layers(
    rows: Sequence[tuple[str, str, Sequence[str]]],
    legend: Sequence[tuple[str, str]],
    shown: Callable[[str], str],
    title: str,
) -> Markup:
    """Bars of (name, address, numbers), a row's numbers drawn over each other: each is a part of the one before.

    ``legend`` gives the phase and the name of each number; ``shown`` writes a number.
    """
    most = max((_decimal(n) for _, _, numbers in rows for n in numbers), default=Decimal(0)) or Decimal(1)
    left, room, parts, x, y = 440, _BROAD - 440 - 110, [], 0.0, 34.0
    for phase, name in legend:
        parts.append(
            f'<rect class="{phase}" x="{x:.0f}" y="2" width="14" height="14"></rect>'
            f'<text class="tie" x="{x + 20:.0f}" y="14">{escape(name)}</text>'
        )
        x += 50 + 8 * len(name)
    for name, address, numbers in rows:
        lines = _lines(name, 52, 2)
        tall = max(26, _LINE * len(lines) + 8)
        parts.append(f'<a href="{escape(address)}">{_text(lines, left - 12, y + tall / 2 - 3, "end")}</a>')
        for place, number in enumerate(numbers):
            if number:  # what no document states is not zero
                wide = max(1.0, float(max(_decimal(number), Decimal(0)) / most) * room)
                inset = 3 * place
                phase, what = legend[place]
                parts.append(
                    f'<rect class="{phase}" x="{left}" y="{y + inset + (tall - 24) / 2:.0f}" width="{wide:.1f}" '
                    f'height="{20 - 2 * inset}"><title>{escape(f"{what}: {shown(number)}")}</title></rect>'
                )
        end = left + float(_decimal(numbers[0]) / most) * room
        parts.append(
            f'<text class="amount" x="{end + 8:.0f}" y="{y + tall / 2 + 3:.0f}">{escape(shown(numbers[0]))}</text>'
        )
        y += tall
    return _svg(_BROAD, y + 4, title, "".join(parts), "network layered", "group")


MOST_SPANS = 40
"""Times that one picture shows."""


@dataclass(frozen=True, slots=True)
class Span:
    """The time of a thing, by its first and last day as precise as they are known; "" where one is not known."""

    name: str
    address: str
    first: str
    last: str
    kind: str


def timeline(spans: Sequence[Span], title: str, shown: Callable[[str], str]) -> Markup:
    """Times one under the other on a scale of years."""
    ends = [(_year(s.first or s.last, 0.0), _year(s.last or s.first, 1.0)) for s in spans]
    low, high = int(min(a for a, _ in ends)), int(max(b for _, b in ends) + 0.999)
    left, tall, room = 380, 24, _BROAD - 380 - 20
    at = [left + room * (year - low) / max(1, high - low) for year in range(low, high + 1)]
    height = 30 + tall * len(spans)
    parts = []
    for year, x in zip(range(low, high + 1), at, strict=True):
        parts.append(f'<line class="grid" x1="{x:.0f}" y1="24" x2="{x:.0f}" y2="{height}"></line>')
        parts.append(f'<text class="tie" x="{x:.0f}" y="16" text-anchor="middle">{year}</text>')
    for place, (span, (first, last)) in enumerate(zip(spans, ends, strict=True)):
        y = 30 + tall * place
        x1, x2 = (left + room * (v - low) / max(1, high - low) for v in (first, last))
        when = "–".join(shown(t) for t in (span.first, span.last) if t)
        parts.append(
            f'<a href="{escape(span.address)}"><text class="name" x="{left - 12}" y="{y + 15}" text-anchor="end">'
            f'{escape(_short(span.name, 46))}</text><rect class="{span.kind}" x="{x1:.1f}" y="{y + 3}" '
            f'width="{max(4.0, x2 - x1):.1f}" height="{tall - 8}" rx="3">'
            f"<title>{escape(f'{span.name}: {when}')}</title></rect></a>"
        )
    return _svg(_BROAD, height + 6, title, "".join(parts), "network times", "group")


def _year(text: str, end: float) -> float:
    """A partial date as a year with its fraction; the end of what it covers where ``end`` is 1."""
    parts = [int(p) for p in text.split("-")]
    year, month, day = parts[0], parts[1] if len(parts) > 1 else None, parts[2] if len(parts) > 2 else None
    if month is None:
        return year + end
    return year + (month - 1) / 12 + ((day / 31) / 12 if day else end / 12)


MOST = 20
"""Neighbours that one picture shows."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A thing drawn beside another: its name and address, what ties the two, and its kind as addresses name it."""

    name: str
    address: str
    tie: str
    kind: str


def neighbours(middle: str, around: Sequence[Neighbour], title: str, more: str = "") -> Markup:
    """A thing in the middle of its neighbours: two columns, each name in full, the tie under it."""
    half = (len(around) + 1) // 2
    columns = (around[:half], around[half:])
    heights = [[_ROOM + _LINE * len(_lines(n.name)) for n in column] for column in columns]
    height = max(*(sum(column) for column in heights), 120)
    box = _lines(middle, 22, 5)
    lines, names = [], []
    for side, column in enumerate(columns):
        x, anchor, way = (_NODE, "end", -1) if side == 0 else (_BROAD - _NODE, "start", 1)
        edge = _BROAD / 2 + way * _CENTRE / 2
        y = (height - sum(heights[side])) / 2
        for one, tall in zip(column, heights[side], strict=True):
            at = y + tall / 2
            bend = (edge + x) / 2
            curve = f"M{edge:.0f} {height / 2:.0f}C{bend:.0f} {height / 2:.0f} {bend:.0f} {at:.0f} {x} {at:.0f}"
            lines.append(f'<path class="edge" d="{curve}"></path>')
            names.append(_neighbour(one, x, at, anchor, way))
            y += tall
    tall = _LINE * len(box) + 24
    names.append(
        f'<rect class="centre" x="{(_BROAD - _CENTRE) / 2:.0f}" y="{(height - tall) / 2:.0f}" width="{_CENTRE}" '
        f'height="{tall}" rx="4"></rect>{_text(box, _BROAD / 2, height / 2, "middle", "middle")}'
    )
    if more:
        names.append(
            f'<text class="tie" x="{_BROAD / 2:.0f}" y="{height + 16:.0f}" text-anchor="middle">{escape(more)}</text>'
        )
    return _svg(_BROAD, height + 24 * bool(more), title, "".join([*lines, *names]), "network", "group")


def _neighbour(one: Neighbour, x: float, y: float, anchor: str, way: int) -> str:
    rows = _lines(one.name)
    first = y - _LINE * len(rows) / 2 + 4
    tie = (
        f'<text class="tie" x="{x + 14 * way:.0f}" y="{first + _LINE * len(rows) + 2:.0f}" '
        f'text-anchor="{anchor}">{escape(one.tie)}</text>'
    )
    return (
        f'<a href="{escape(one.address)}"><circle class="node {one.kind}" cx="{x}" cy="{y:.0f}" r="6"></circle>'
        f"{_text(rows, x + 14 * way, y - 8, anchor)}</a>{tie}"
    )


def _text(rows: Sequence[str], x: float, y: float, anchor: str, kind: str = "name") -> str:
    """Lines of text whose middle is at a height."""
    first = y - _LINE * (len(rows) - 1) / 2 + 5
    spans = "".join(
        f'<tspan x="{x:.0f}" y="{first + _LINE * n:.0f}">{escape(row)}</tspan>' for n, row in enumerate(rows)
    )
    return f'<text class="{kind}" text-anchor="{anchor}">{spans}</text>'


def _lines(text: str, wide: int = 40, most: int = 3) -> list[str]:
    """A text in lines of so many letters; what does not fit into the last is cut."""
    rows = textwrap.wrap(text, wide, break_on_hyphens=True) or [""]
    return rows if len(rows) <= most else [*rows[: most - 1], _short(" ".join(rows[most - 1 :]), wide)]


_PLACES = {
    "Programme": (0, 0),
    "Theme": (1, 0),
    "FinancialObservation": (2, 0),
    "Organisation": (0, 1),
    "Project": (1, 1),
    "Call": (2, 1),
    "Participation": (0, 2),
    "Conflict": (1, 2),
    "Passage": (2, 2),
    "SourceDocument": (2, 3),
}
"""Where the main classes stand in the diagram: column and row."""
_EDGES = (
    ("Theme", "inProgramme", "Programme"),
    ("Theme", "intermediateBody", "Organisation"),
    ("FinancialObservation", "about", "Theme"),
    ("Project", "inTheme", "Theme"),
    ("Call", "callFor", "Theme"),
    ("Project", "fundedFrom", "Call"),
    ("Project", "participation", "Participation"),
    ("Participation", "organisation", "Organisation"),
    ("Conflict", "about", "Project"),
    ("Conflict", "statedIn", "Passage"),
    ("Passage", "inDocument", "SourceDocument"),
)
"""The properties that hold the main classes together."""
_BOX, _TALL, _ACROSS, _DOWN = 200, 44, 360, 120


def diagram(named: Mapping[str, str], title: str) -> Markup:
    """The main classes and the properties that lead from one to another, by the names of the terms."""
    parts = []
    for source, name, target in _EDGES:
        (x1, y1), (x2, y2) = _middle(_PLACES[source]), _middle(_PLACES[target])
        x, y = (x1 + x2) / 2, (y1 + y2) / 2 - 4
        parts.append(f'<line class="edge" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"></line>')
        parts.append(
            f'<text class="edge-name" x="{x:.0f}" y="{y:.0f}" text-anchor="middle">{escape(_short(named[name], 24))}</text>'
        )
    for name, place in _PLACES.items():
        left, top = _middle(place)
        parts.append(
            f'<a href="#{name}"><rect class="box" x="{left - _BOX / 2}" y="{top - _TALL / 2}" '
            f'width="{_BOX}" height="{_TALL}" rx="4"></rect>'
            f'<text class="box-name" x="{left}" y="{top + 5}" text-anchor="middle">{escape(_short(named[name], 24))}</text></a>'
        )
    return _svg(2 * _ACROSS + _BOX + 20, 3 * _DOWN + _TALL + 20, title, "".join(parts), "diagram", "group")


def _middle(place: tuple[int, int]) -> tuple[int, int]:
    return place[0] * _ACROSS + _BOX // 2 + 10, place[1] * _DOWN + _TALL // 2 + 10


def _short(name: str, most: int) -> str:
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"
