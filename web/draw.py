"""Pictures as SVG without scripts or styles of their own: bars, and a thing among its neighbours."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from markupsafe import Markup, escape

_BAR, _GAP, _WIDTH, _NAMES = 22, 10, 720, 210
_RADIUS, _HEIGHT, _BROAD = 150, 420, 980


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


def bars(rows: Sequence[tuple[str, str, str]], title: str) -> Markup:
    """Horizontal bars of (name, number, number as shown)."""
    most = max((_decimal(n) for _, n, _ in rows), default=Decimal(0)) or Decimal(1)
    room, parts = _WIDTH - _NAMES - 130, []
    for place, (name, amount, shown) in enumerate(rows):
        y = place * (_BAR + _GAP) + 4
        width = max(1.0, float(max(_decimal(amount), Decimal(0)) / most) * room)
        parts.append(
            f'<text class="name" x="{_NAMES - 10}" y="{y + 15}" text-anchor="end">{escape(_short(name, 30))}</text>'
            f'<rect class="bar" x="{_NAMES}" y="{y}" width="{width:.1f}" height="{_BAR}"></rect>'
            f'<text class="amount" x="{_NAMES + width + 8:.1f}" y="{y + 15}">{escape(shown)}</text>'
        )
    return _svg(_WIDTH, len(rows) * (_BAR + _GAP) + 4, title, "".join(parts), "bars")


def neighbours(middle: str, around: Sequence[tuple[str, str]], title: str) -> Markup:
    """A thing in the middle of (name, address) neighbours."""
    x, y = _BROAD / 2, _HEIGHT / 2
    highest = lowest = y
    lines, names = [], []
    for place, (name, address) in enumerate(around):
        angle = 2 * math.pi * place / max(len(around), 1) - math.pi / 2
        at_x, at_y = x + 1.6 * _RADIUS * math.cos(angle), y + _RADIUS * math.sin(angle)
        highest, lowest = min(highest, at_y), max(lowest, at_y)
        lines.append(f'<line class="edge" x1="{x:.0f}" y1="{y:.0f}" x2="{at_x:.0f}" y2="{at_y:.0f}"></line>')
        side = "middle" if abs(math.cos(angle)) < 0.2 else "start" if math.cos(angle) > 0 else "end"
        shift = 0 if side == "middle" else 9 if side == "start" else -9
        drop = 5 if abs(math.sin(angle)) < 0.9 else (22 if math.sin(angle) > 0 else -12)
        names.append(
            f'<a href="{escape(address)}"><circle class="node" cx="{at_x:.0f}" cy="{at_y:.0f}" r="6"></circle>'
            f'<text x="{at_x + shift:.0f}" y="{at_y + drop:.0f}" text-anchor="{side}">{escape(_short(name, 32))}</text></a>'
        )
    centre = f'<circle class="centre" cx="{x:.0f}" cy="{y:.0f}" r="10"></circle>'
    text = f'<text class="middle" x="{x:.0f}" y="{y - 16:.0f}" text-anchor="middle">{escape(_short(middle, 40))}</text>'
    height = lowest - highest + 60
    return _svg(_BROAD, height, title, "".join([*lines, centre, *names, text]), "network", "group", highest - 30)


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
    ("Call", "inTheme", "Theme"),
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
