"""A tile map of Finland's regions: one square a region, about where it lies, shaded and numbered by its value."""

from __future__ import annotations

from collections import defaultdict

from engine.output.charts.picture import MARGIN, WIDTH, Picture, amount, begin, data, finish, said, word
from engine.output.charts.svg import GREY, INK, PAPER, Drawing, fit, short, wrap
from engine.query.errors import QueryUsageError
from engine.query.results import Result
from engine.search.finnish import roots

PLACES = {
    "Lappi": (2, 0),
    "Pohjois-Pohjanmaa": (2, 1),
    "Kainuu": (3, 1),
    "Keski-Pohjanmaa": (1, 2),
    "Pohjois-Savo": (3, 2),
    "Pohjois-Karjala": (4, 2),
    "Pohjanmaa": (0, 3),
    "Etelä-Pohjanmaa": (1, 3),
    "Keski-Suomi": (2, 3),
    "Etelä-Savo": (3, 3),
    "Satakunta": (0, 4),
    "Pirkanmaa": (1, 4),
    "Päijät-Häme": (2, 4),
    "Kymenlaakso": (3, 4),
    "Etelä-Karjala": (4, 4),
    "Varsinais-Suomi": (0, 5),
    "Kanta-Häme": (1, 5),
    "Uusimaa": (2, 5),
    "Ahvenanmaa": (-1, 6),
}
"""Column and row of each region, north at the top."""

_SHADES = ("#f2f6fa", "#cfe1f0", "#9cc4e2", "#5b9bc9", "#2a6ea3", "#0b2f4e")
_TILE = 104.0


def tiles(result: Result) -> Picture:
    """The picture of a result whose axes are a region's name and a number; other places are listed beside the map."""
    table = data(result)
    if len(table.names) < 2:
        raise QueryUsageError("a map needs a column of regions and one of numbers")
    known = {tuple(roots(name)): name for name in PLACES}
    values: dict[str, float] = defaultdict(float)
    elsewhere: dict[str, float] = defaultdict(float)
    for row in table.rows:
        value = amount(row[1])
        if value is not None:
            region = known.get(tuple(roots(said(row[0]))))
            (values if region else elsewhere)[region or said(row[0])] += value
    if not values and not elsewhere:
        raise QueryUsageError("no row has a number: there is nothing to draw")
    drawing, top = begin(result, _TILE * 7 + 60)
    drawing.text(MARGIN, top - 6, word("measure", result.lang, table.headings[1]), 12, fill=GREY)
    top += 16
    most = max(values.values(), default=1.0)
    left = MARGIN + _TILE + 20
    for name, (column, row_) in PLACES.items():
        value = values.get(name)
        shade = 0 if value is None or most <= 0 else min(int(value / most * (len(_SHADES) - 1) + 0.5), len(_SHADES) - 1)
        x, y = left + _TILE * column, top + _TILE * row_
        drawing.rect(
            x + 3, y + 3, _TILE - 6, _TILE - 6, _SHADES[shade] if value is not None else PAPER, GREY, f"{name}: {value}"
        )
        ink = PAPER if shade >= 4 and value is not None else INK
        for n, line in enumerate(wrap(name.replace("-", "- "), 11, _TILE - 14)):
            drawing.text(x + _TILE / 2, y + 30 + 14 * n, line.replace("- ", "-"), 11, anchor="middle", fill=ink)
        figure = "–" if value is None else short(value, result.lang)
        drawing.text(x + _TILE / 2, y + _TILE - 22, figure, 15, anchor="middle", fill=ink, bold=True)
    ranked = sorted(elsewhere.items(), key=lambda e: (-e[1], e[0]))
    _list(drawing, ranked[:24], top, word("elsewhere", result.lang, table.headings[1]), result.lang)
    where = max(values.items(), key=lambda v: v[1], default=("no region", 0.0))
    words = f"Tile map of Finland's regions by {table.headings[1]}: most in {where[0]} ({short(where[1])})."
    words += f" {len(elsewhere)} other places are listed beside it." if elsewhere else ""
    return finish(drawing, result, words, max(len(ranked) - 24, 0))


def _list(drawing: Drawing, places: list[tuple[str, float]], top: float, title: str, lang: str) -> None:
    x = WIDTH - MARGIN - 250
    if places:
        drawing.text(x, top + 16, title, 12, bold=True)
    for n, (name, value) in enumerate(places):
        drawing.text(x, top + 38 + 18 * n, fit(f"{name} {short(value, lang)}", 12, 250), 12)
