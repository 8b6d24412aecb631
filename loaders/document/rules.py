"""The ruled tables of a PDF page, also those whose last row goes on over the page break."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pdfplumber.page import Page

from loaders.document.glyphs import Box, Char, Row, rows

_TOLERANCE = 3.0


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table: its cells' boxes by row and column, and whether its first or last row is cut by the page."""

    box: Box
    columns: tuple[float, ...]
    cells: dict[tuple[int, int], Box]
    open_top: bool
    open_bottom: bool

    @property
    def height(self) -> int:
        """Number of rows."""
        return 1 + max(row for row, _ in self.cells)

    def place(self, char: Char) -> tuple[int, int] | None:
        """Row and column of the cell that holds a character's middle."""
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        if not (self.box[0] <= x <= self.box[2] and self.box[1] <= y <= self.box[3]):
            return None
        for place, (x0, top, x1, bottom) in self.cells.items():
            if x0 <= x <= x1 and top <= y <= bottom:
                return place
        return None


@dataclass(frozen=True, slots=True)
class Table:
    """A grid with the rows of text in its cells, row by row and column by column."""

    grid: Grid
    texts: dict[tuple[int, int], list[Row]]
    ruled: bool = True
    """False for a table known by its columns alone, in which each cell is one wrapped text."""

    @property
    def top(self) -> float:
        """Upper edge on the page."""
        return self.grid.box[1]


def tables(page: Page, chars: Iterable[Char]) -> tuple[list[Table], list[Char]]:
    """The tables of a page with their text, and the characters outside them."""
    grids = _grids(page)
    if not grids:
        return [], list(chars)
    inside: list[dict[tuple[int, int], list[Char]]] = [{} for _ in grids]
    outside: list[Char] = []
    for char in chars:
        for number, grid in enumerate(grids):
            place = grid.place(char)
            if place is not None:
                inside[number].setdefault(place, []).append(char)
                break
        else:
            outside.append(char)
    ruled = [
        Table(grid, {place: rows(cells[place]) for place in sorted(cells)})
        for grid, cells in zip(grids, inside, strict=True)
    ]
    return ruled, outside


def _grids(page: Page) -> list[Grid]:
    upright = [edge for edge in page.edges if edge["orientation"] == "v"]
    level = [edge for edge in page.edges if edge["orientation"] == "h"]
    if len(upright) < 2 or not level:
        return []
    open_ends = _open_ends(upright, level)
    settings: dict[str, Any] = {"explicit_horizontal_lines": open_ends} if open_ends else {}
    grids = []
    for table in page.find_tables(settings):
        grid = _grid(table.cells, open_ends)
        if len(grid.cells) > 1:
            grids.append(grid)
    return grids


def _grid(boxes: list[Box], open_ends: list[float]) -> Grid:
    tops, columns = _distinct(box[1] for box in boxes), _distinct(box[0] for box in boxes)
    cells = {(_index(tops, box[1]), _index(columns, box[0])): box for box in boxes}
    top, bottom = min(box[1] for box in boxes), max(box[3] for box in boxes)
    return Grid(
        box=(min(box[0] for box in boxes), top, max(box[2] for box in boxes), bottom),
        columns=tuple(columns),
        cells=cells,
        open_top=any(abs(end - top) < 1 for end in open_ends),
        open_bottom=any(abs(end - bottom) < 1 for end in open_ends),
    )


def _distinct(values: Iterable[float]) -> list[float]:
    apart: list[float] = []
    for value in sorted(values):
        if not apart or value - apart[-1] > _TOLERANCE:
            apart.append(value)
    return apart


def _index(edges: list[float], value: float) -> int:
    return max(bisect_right(edges, value + 0.01) - 1, 0)


def _open_ends(upright: list[dict[str, Any]], level: list[dict[str, Any]]) -> list[float]:
    """Heights at which two or more upright rules end with no level rule: the cut of a row by a page break."""
    spans = [span for span in _spans(upright) if any(_touches(edge, span) for edge in level)]
    ends: list[list[float]] = []
    for x, top, bottom in spans:
        for y in (top, bottom):
            if any(abs(edge["top"] - y) <= _TOLERANCE and _covers(edge, x) for edge in level):
                continue
            near = next((group for group in ends if abs(group[0] - y) <= _TOLERANCE), None)
            if near is None:
                ends.append([y])
            else:
                near.append(y)
    return [sum(group) / len(group) for group in ends if len(group) > 1]


def _covers(edge: dict[str, Any], x: float) -> bool:
    return bool(edge["x0"] - _TOLERANCE <= x <= edge["x1"] + _TOLERANCE)


def _touches(edge: dict[str, Any], span: tuple[float, float, float]) -> bool:
    x, top, bottom = span
    return _covers(edge, x) and top - _TOLERANCE <= edge["top"] <= bottom + _TOLERANCE


def _spans(upright: list[dict[str, Any]]) -> list[tuple[float, float, float]]:
    """Upright rules in one piece: x, top, bottom."""
    spans: list[tuple[float, float, float]] = []
    for edge in sorted(upright, key=lambda edge: (round(edge["x0"]), edge["top"])):
        x, top, bottom = edge["x0"], edge["top"], edge["bottom"]
        if spans and abs(spans[-1][0] - x) <= 1.5 and top <= spans[-1][2] + _TOLERANCE:
            spans[-1] = (spans[-1][0], spans[-1][1], max(spans[-1][2], bottom))
        else:
            spans.append((x, top, bottom))
    return spans
