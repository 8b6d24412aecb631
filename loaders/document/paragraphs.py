"""The rows of a PDF as the lines of a document: tables laid out, headings and wrapped lines recognised."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from loaders.document.glyphs import UNREADABLE, Row
from loaders.document.hyphens import Hyphens
from loaders.document.lines import Cell, Line
from loaders.document.rules import Grid, Table

_BULLET = re.compile(r"(?:[•▪●○◦‣·➢✓]|[-–*])\s")
_APART = 1.3
"""A blank line, or the space that parts paragraphs, is so many times the distance of two lines."""
_LABEL = re.compile(r"[A-ZÅÄÖ][^.,;:!?]{1,50}:\s\S|\d{1,2}[.)]\s+[A-ZÅÄÖ]")
"""A line that begins with a label or the number of a section does not go on the line before, however full that is."""
_THOUSANDS = re.compile(r"\d{3}(?:\s\d{3})*\b(?![.\d-])")
"""The rest of a number that a line end broke."""
_URL = re.compile(r"(?:https?://|www\.)")
_URL_CUT = re.compile(r"(?<!\S)[^\s/%=]*[/%=]\S*[\-/?&=_]$")
_URL_REST = re.compile(r"[a-z0-9]\S*[\-/_%=+.]")


@dataclass(frozen=True, slots=True)
class PdfPage:
    """What one page holds: rows outside tables, tables, notes on its state, and its size."""

    number: int
    notes: list[str]
    width: float
    height: float
    items: list[Row | Table]
    """Rows of text and tables, in reading order."""
    pictures: int
    unread: bool = False
    """Whether the page could not be read; its note says why."""

    @property
    def rows(self) -> list[Row]:
        """The rows outside tables."""
        return [item for item in self.items if isinstance(item, Row)]

    @property
    def tables(self) -> list[Table]:
        """The tables, ruled or not."""
        return [item for item in self.items if isinstance(item, Table)]

    @property
    def all_rows(self) -> list[Row]:
        """The rows outside tables, then those of tables."""
        return [*self.rows, *(row for table in self.tables for rows in table.texts.values() for row in rows)]

    @property
    def empty(self) -> bool:
        """Whether the page has no text at all."""
        return not self.unread and not self.rows and not any(table.texts for table in self.tables)


@dataclass(slots=True)
class _Above:
    """The table that ended the page before: a table that opens the next page may be the rest of it."""

    number: int
    grid: Grid
    row: int
    head: tuple[str, ...]


@dataclass(slots=True)
class Flow:
    """Lines in reading order, growing page by page."""

    body_size: float
    lines: list[Line] = field(default_factory=list)
    furniture: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _sizes: list[float] = field(default_factory=list)
    _leading: tuple[float, float] = (1.4, 1.4)
    _apart: float = 2.0
    """Lines so many type sizes from those above begin another paragraph."""
    _right: dict[int, float] = field(default_factory=dict)
    _tables: int = 0
    _above: _Above | None = None
    _before: Row | None = None
    _cells: dict[Cell, Row] = field(default_factory=dict)
    _hyphens: Hyphens = field(default_factory=Hyphens)

    def measure(self, pages: Sequence[PdfPage], marks: Sequence[Sequence[bool]]) -> None:
        """Learn the document's heading sizes, leading and right margin before its lines are made."""
        bodies = [
            [row for row, marked in zip(page.rows, marked_rows, strict=True) if not marked]
            for page, marked_rows in zip(pages, marks, strict=True)
        ]
        cells = [rows for page in pages for table in page.tables for rows in table.texts.values()]
        for rows in [*bodies, *cells]:
            self._hyphens.learn(row.text for row in rows)
        larger = {row.size for rows in [*bodies, *cells] for row in rows if row.size > 1.08 * self.body_size}
        self._sizes = sorted(larger, reverse=True)
        self._leading = (_leading(bodies), _leading(cells))
        gaps = [ratio for body in bodies for ratio in (_ratio(*pair) for pair in pairwise(body)) if 0.9 < ratio < 3]
        self._apart = _APART * max(self._leading[0], median(gaps) if gaps else 0.0)
        by_width: dict[int, list[Row]] = {}
        for page, body in zip(pages, bodies, strict=True):
            by_width.setdefault(round(page.width), []).extend(body)
        self._right = {width: _right_edge(width, edges) for width, edges in by_width.items() if edges}

    def add(self, page: PdfPage, marked: Sequence[bool]) -> None:
        """Append the lines of one page."""
        self.notes.extend(page.notes)
        if page.empty:
            self.notes.append(f"page {page.number} holds no text" + (", only pictures" if page.pictures else ""))
        unreadable = [row.text for row in page.all_rows if UNREADABLE in row.text]
        if unreadable:
            letters = sum(text.count(UNREADABLE) for text in unreadable)
            self.notes.append(
                f"page {page.number}: the font does not say which letters {letters} of its glyphs are; "
                f"{len(unreadable)} lines were left out"
            )
        for row, is_furniture in zip(page.rows, marked, strict=True):
            if is_furniture:
                self.furniture.append(Line(len(self.lines), row.text, page.number))
        marks = iter(marked)
        fresh = True
        for item in page.items:
            if isinstance(item, Table):
                self._add_table(item, page, fresh)
            elif next(marks):
                continue
            else:
                self._add_body(item, page, fresh)
            fresh = False

    def _add_body(self, row: Row, page: PdfPage, fresh: bool) -> None:
        self._above = None
        right = self._right[round(page.width)] if row.right is None else row.right
        turned = self._before is not None and row.column > self._before.column > 0
        if (fresh or turned) and self._before is not None:
            goes_on = row.text[:1].islower() and not _URL.match(row.text) and not _ends(self._before.text)
            continues = goes_on and _full(self._before, row, self._before.right or right)
        else:
            continues = self._before is not None and self._wraps(self._before, row, right, self._leading[0])
        apart = self._before is not None and not fresh and not continues and _ratio(self._before, row) > self._apart
        self._append(row, page.number, None, continues, heading=self._heading(row), apart=apart)
        self._before = row

    def _add_table(self, table: Table, page: PdfPage, fresh: bool) -> None:
        grid, head = table.grid, _head(table)
        offset, number, skip = 0, self._tables, -1
        above = self._above if fresh else None
        if above is not None and _same_columns(above.grid, grid):
            number, offset = above.number, above.row + 1
            if head == above.head and grid.height > 1:
                skip = 0
                offset -= 1
            elif above.grid.open_bottom or grid.open_top or _rest_of_row(table):
                offset -= 1
        else:
            self._tables += 1
        for (row_number, column), rows in table.texts.items():
            cell = Cell(number, row_number + offset, column)
            right = _cell_right(table, row_number, column)
            for row in rows:
                if row_number == skip:
                    self.furniture.append(Line(len(self.lines), row.text, page.number, 0, cell))
                    continue
                before = self._cells.get(cell)
                wrapped = before is not None and self._wraps(before, row, right, self._leading[1])
                wrapped = wrapped or not (table.ruled or before is None or _BULLET.match(row.text))
                self._append(row, page.number, cell, wrapped, heading=self._heading(row) if table.ruled else 0)
                self._cells[cell] = row
        kept_head = head if above is None or number != above.number else above.head
        self._above = _Above(number, grid, grid.height - 1 + offset, kept_head)
        self._before = None

    def _append(
        self, row: Row, page: int, cell: Cell | None, continues: bool, *, heading: int, apart: bool = False
    ) -> None:
        text, before = row.text, self.lines[-1] if self.lines else None
        if UNREADABLE in text:
            self.furniture.append(Line(len(self.lines), text, page, 0, cell))
            return
        if before is not None and before.cell == cell and (continues or text[0].islower()):
            whole, text = self._hyphens.whole(before.text, text, narrow=cell is not None)
            continues = continues or text != row.text
            self.lines[-1] = replace(before, text=whole)
        if text:
            self.lines.append(Line(len(self.lines) + 1, text, page, heading, cell, continues, row.column, apart))

    def _heading(self, row: Row) -> int:
        if row.size in self._sizes:
            return min(self._sizes.index(row.size) + 1, 3)
        return min(len(self._sizes) + 1, 3) if row.bold and row.size >= 0.95 * self.body_size else 0

    @staticmethod
    def _wraps(before: Row, row: Row, right: float, leading: float) -> bool:
        """Whether a row is the rest of the row before: set close below it, because its first word had no room there."""
        if _BULLET.match(row.text) or abs(before.size - row.size) > 0.5 or before.bold != row.bold:
            return False
        if _LABEL.match(row.text) and not before.text.endswith((",", "-")):
            return False
        gap = row.bottom - before.bottom
        over_break = gap <= 0
        close = over_break or gap <= 1.12 * leading * row.gap_unit
        if close and _THOUSANDS.fullmatch(row.text) and before.text[-1].isdigit() and " " in before.text:
            return True
        unbroken = not _ends(before.text) and _no_room(before, row.word, row.size, right)
        return close and (_full(before, row, right) or unbroken)


def _full(before: Row, row: Row, right: float) -> bool:
    """Whether the row before had no room for the first word; addresses are cut at rules of their own."""
    if _URL_CUT.search(before.text) and _URL_REST.match(row.text):
        return not _URL.match(row.text)
    width = row.word if _URL.match(row.text) and before.text.endswith(":") else row.first
    return _no_room(before, width, row.size, right)


def _no_room(before: Row, width: float, size: float, right: float) -> bool:
    blank = 0.0 if before.text.endswith(("-", "/", "\u00ad")) else 0.28 * size
    return before.x1 + blank + width > right + 0.5


def _ratio(before: Row, row: Row) -> float:
    """How far a row stands below another, in type sizes."""
    return (row.bottom - before.bottom) / row.gap_unit


def _ends(text: str) -> bool:
    return text.rstrip().endswith((".", ":", "!", "?"))


def _leading(groups: Iterable[Sequence[Row]]) -> float:
    """The document's tight line distance in units of the type size: that of the lines within its paragraphs."""
    gaps: Counter[float] = Counter()
    for group in groups:
        for before, row in pairwise(group):
            ratio = _ratio(before, row)
            if before.size == row.size and 0.9 < ratio < 3:
                gaps[round(ratio * 25) / 25] += 1
    if not gaps:
        return 1.4
    enough = max(2, 0.02 * sum(gaps.values()))
    return min((ratio for ratio, count in gaps.items() if count >= enough), default=min(gaps))


def _right_edge(width: float, body: list[Row]) -> float:
    ends = sorted(row.x1 for row in body if row.x1 <= width) or [width]
    reached = ends[min(len(ends) - 1, int(0.995 * len(ends)))]
    mirrored = width - min(row.x0 for row in body)
    return reached if len(body) >= 15 else max(reached, mirrored)


def _cell_right(table: Table, row: int, column: int) -> float:
    """Where text must wrap in a cell: its right rule less the padding seen on the left of its column."""
    x0, _, x1, _ = table.grid.cells[row, column]
    lefts = [line.x0 for (_, other), rows in table.texts.items() if other == column for line in rows]
    padding = min(lefts) - x0 if lefts else 0.0
    return x1 - min(max(padding, 0.0), 12.0)


def _head(table: Table) -> tuple[str, ...]:
    return tuple(" ".join(row.text for row in rows) for (row_number, _), rows in table.texts.items() if row_number == 0)


def _rest_of_row(table: Table) -> bool:
    """A first row with an empty first cell goes on the last row of the page before."""
    return not table.texts.get((0, 0)) and any(row == 0 for row, _ in table.texts)


def _same_columns(above: Grid, grid: Grid) -> bool:
    if abs(above.box[0] - grid.box[0]) > 3 or abs(above.box[2] - grid.box[2]) > 3:
        return False
    return all(any(abs(x - other) <= 3 for other in above.columns) for x in grid.columns)
