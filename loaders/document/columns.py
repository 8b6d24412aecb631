"""Columns of text and tables without rules on a PDF page, found by the gaps that they leave between words.

A gap between two words of a line is the start of a gutter where it is at least one letter wide. The gutter goes on down
the page as long as no line crosses it. Lines that have gutters in common are a band. A band is a page set in columns,
read column by column, or a table, read row by row; :func:`_is_columns` tells which.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from loaders.document.glyphs import Char, Row, baselines, row
from loaders.document.rules import Grid, Table

WIDE = 1.0
"""A gap of so many type sizes may part two columns."""
NARROW = 0.15
"""A gutter is at least so many type sizes wide all the way down."""
LETTERS = 0.1
"""Letters of one word are at most so many type sizes apart."""
APART = 4.0
"""Lines more than so many type sizes apart do not belong to one band."""
_MARGIN = 0.12
_VALUE_BEHIND_LABEL = re.compile(r"[^\W\d_]:\s+\S|@|\(at\)|^\W*[\d+][\d\s-]{5,}$")
"""What a label of a table never holds: a value of its own, an address, a phone number."""


@dataclass(slots=True)
class _Text:
    """One printed line: its characters from left to right, cut into pieces at wide gaps."""

    chars: list[Char]
    pieces: list[tuple[float, float]]
    starts: list[tuple[float, float]]
    """The narrower gaps between words: where the word before ends, where the next one begins."""
    top: float
    bottom: float
    size: float


@dataclass(slots=True)
class _Gutter:
    """An empty strip between two columns: its edges, and the lines that have words on both sides of it."""

    left: float
    right: float
    pairs: list[int] = field(default_factory=list)
    first: int = 0
    crossed: set[int] = field(default_factory=set)

    @property
    def edge(self) -> float:
        """Characters that begin to the right of it belong to the column on the right."""
        return self.right - 1


def arrange(chars: Iterable[Char], width: float, height: float) -> list[Row | Table]:
    """The rows of text of a page and its tables without rules in reading order; ``width`` and ``height`` are the page's."""
    texts = [_text(line) for line in baselines(chars)]
    texts = [text for text in texts if text.pieces]
    items: list[Row | Table] = []
    at = 0
    for first, last, gutters in _bands(texts):
        band = texts[first : last + 1]
        if band[-1].bottom < _MARGIN * height or band[0].top > (1 - _MARGIN) * height:
            continue
        items.extend(made for text in texts[at:first] for made in row(text.chars))
        above = [{*g.crossed, *range(first, g.first)} for g in gutters]  # lines above a gutter were not measured by it
        items.extend(
            _arranged(
                band,
                [replace(g, crossed={i - first for i in own}) for g, own in zip(gutters, above, strict=True)],
                width,
            )
        )
        at = last + 1
    items.extend(made for text in texts[at:] for made in row(text.chars))
    return items


def _text(chars: list[Char]) -> _Text:
    printed = [char for char in sorted(chars, key=lambda char: char["x0"]) if not char["text"].isspace()]
    size = max((char["size"] for char in printed), default=1.0)
    pieces: list[tuple[float, float]] = []
    starts: list[tuple[float, float]] = []
    before = ""
    for char in printed:
        if pieces and char["x0"] - pieces[-1][1] < WIDE * size:
            if char["x0"] - pieces[-1][1] > LETTERS * size or _touch(before, char["text"]):
                starts.append((pieces[-1][1], char["x0"]))
            pieces[-1] = (pieces[-1][0], max(pieces[-1][1], char["x1"]))
        else:
            pieces.append((char["x0"], char["x1"]))
        before = char["text"]
    top = min((char["top"] for char in printed), default=0.0)
    return _Text(chars, pieces, starts, top, max((char["bottom"] for char in printed), default=0.0), size)


def _touch(before: str, after: str) -> bool:
    """Whether two characters cannot belong to one word: the words of two columns touch."""
    return (before.isalpha() and after.isdigit()) or (before.islower() and after.isupper())


def _bands(texts: Sequence[_Text]) -> Iterator[tuple[int, int, list[_Gutter]]]:
    """First line, last line and gutters of each band, from the top of the page down."""
    gutters: list[_Gutter] = []
    done = 0
    for index, text in enumerate(texts):
        far = index > 0 and text.top - texts[index - 1].bottom > APART * text.size
        crossed = {id(gutter) for gutter in gutters if not _narrow(gutter, text, index)}
        if far or (crossed and len(text.pieces) == 1):
            band = _band(texts, gutters, done, index)
            if band:
                yield band
            gutters, done = [], index
        gutters = [gutter for gutter in gutters if len(gutter.crossed) <= 1 + len(gutter.pairs) // 4]
        _add_gaps(gutters, texts, index, done)
    band = _band(texts, gutters, done, len(texts))
    if band:
        yield band


def _narrow(gutter: _Gutter, text: _Text, index: int) -> bool:
    """Make a gutter as narrow as a line leaves it; False, and the gutter as it was, where the line crosses it.

    A line whose left part is so long that only a narrow gap is left does not cross it where a word begins at the very
    place at which the column on the right begins.
    """
    left, right = gutter.left, gutter.right
    pieces = text.pieces
    begun = next((gap for gap in text.starts if abs(gap[1] - right) < 0.6), None)
    if begun:
        cut = [[x0, *(begun if x0 < begun[0] < x1 else ()), x1] for x0, x1 in pieces]
        pieces = [(ends[at], ends[at + 1]) for ends in cut for at in range(0, len(ends), 2)]
    for x0, x1 in pieces:
        if x1 <= left or x0 >= right:
            continue
        if x0 <= left or (x1 < right and x0 - left < right - x1):
            left = max(left, x1)
        else:
            right = min(right, x0)
    if begun and begun[0] <= left and abs(right - begun[1]) < 1:
        return True
    if right - left < NARROW * text.size:
        gutter.crossed.add(index)
        return False
    gutter.left, gutter.right = left, right
    return True


def _add_gaps(gutters: list[_Gutter], texts: Sequence[_Text], index: int, done: int) -> None:
    """Count the wide gaps of a line, and of lines beside it at another height, for their gutters or new ones."""
    text = texts[index]
    pieces = [(x0, x1, index) for x0, x1 in text.pieces]
    for other in range(index - 1, max(done, index - 4) - 1, -1):
        if texts[other].bottom - text.top > 0.2 * min(text.size, texts[other].size):
            pieces.extend((x0, x1, other) for x0, x1 in texts[other].pieces)
    pieces.sort()
    for (_, left, one), (right, _, other) in pairwise(pieces):
        if right - left < WIDE * text.size or index not in (one, other):
            continue
        shared = [g for g in gutters if min(g.right, right) - max(g.left, left) >= NARROW * text.size]
        for gutter in shared:
            gutter.pairs.append(index)
        if not shared:
            gutters.append(_Gutter(left, right, [index], min(one, other)))


def _band(
    texts: Sequence[_Text], gutters: Sequence[_Gutter], start: int, end: int
) -> tuple[int, int, list[_Gutter]] | None:
    """The band of the gutters that enough lines share; None where none do."""
    most = max((len(gutter.pairs) for gutter in gutters), default=0)
    shared = sorted((g for g in gutters if len(g.pairs) >= max(2, 0.3 * most)), key=lambda g: g.left)
    if not shared or (len(shared) == 1 and most < 3):
        return None
    first, last = max(start, min(g.first for g in shared)), max(g.pairs[-1] for g in shared)
    heights = [b.bottom - a.bottom for a, b in pairwise(texts[first : last + 1]) if b.bottom - a.bottom > 1]
    close = 1.3 * median(heights) if heights else 0.0
    sizes = {round(text.size) for text in texts[first : last + 1]}
    while last + 1 < end and texts[last + 1].bottom - texts[last].bottom <= close:
        if round(texts[last + 1].size) not in sizes:
            break
        last += 1
    rights = [gutter.right for gutter in shared]
    while first > start and texts[first].top - texts[first - 1].bottom < texts[first].size:
        if not all(any(abs(x0 - right) < 1 for right in rights) for x0, _ in texts[first - 1].pieces):
            break  # only the column on the right may begin higher
        first -= 1
    return first, last, shared


def _arranged(band: Sequence[_Text], gutters: Sequence[_Gutter], width: float) -> list[Row | Table]:
    """The rows of a band column by column, or the one table that it is."""
    cut = [_cut(text, gutters, number) for number, text in enumerate(band)]
    columns = [[made for cells in cut for made in cells.get(column, ())] for column in range(len(gutters) + 1)]
    if not all(columns):
        return [made for text in band for made in row(text.chars)]
    if _is_columns(columns, width):
        reach = max(one.x1 - min(r.x0 for r in rows) for rows in columns for one in rows)
        return [
            replace(made, column=number, right=min(r.x0 for r in rows) + reach)
            for number, rows in enumerate(columns, 1)
            for made in rows
        ]
    return [_table(cut, columns, gutters, width)]


def _cut(text: _Text, gutters: Sequence[_Gutter], number: int) -> dict[int, list[Row]]:
    """The words of a line by column; words that reach over a gutter belong to the column they begin in."""
    parts: dict[int, list[Char]] = {}
    for char in text.chars:
        begin = next((x0 for x0, x1 in reversed(text.pieces) if x0 <= char["x0"]), char["x0"])
        column = sum(g.edge <= (begin if number in g.crossed else char["x0"]) for g in gutters)
        parts.setdefault(column, []).append(char)
    cut = {column: row(chars) for column, chars in sorted(parts.items())}
    return {column: rows for column, rows in cut.items() if rows}


def _is_columns(columns: Sequence[Sequence[Row]], width: float) -> bool:
    """Whether a band is text set in columns, not a table.

    Columns of text are of one width, or hold running text each. They are not a table where their lines stand at
    different heights, or where the first holds more than labels: list items, addresses, values of its own.
    """
    if len(columns) == 2 and sum(made.text.startswith("•") for made in columns[0]) >= 0.5 * len(columns[0]):
        return True
    if len(columns) == 2 and all(made.bold for made in columns[0]) and not any(made.bold for made in columns[1]):
        return False  # labels and their values
    starts = [min(made.x0 for made in rows) for rows in columns]
    pitches = [b - a for a, b in pairwise([*starts, width - starts[0]])]
    even = max(pitches) <= 1.2 * min(pitches)
    if len(columns) > 3 or not (even or all(_is_dense(rows) for rows in columns)):
        return False
    heights = [sorted(made.bottom for made in rows) for rows in columns]
    fewest = min(heights, key=len)
    level = [sum(any(abs(height - one) < 2 for one in other) for other in heights) == len(heights) for height in fewest]
    if sum(level) < 0.6 * len(level):
        return True
    if not even:
        return False
    own = [bool(_VALUE_BEHIND_LABEL.search(made.text)) for made in columns[0]]
    beside = [bool(_VALUE_BEHIND_LABEL.search(made.text)) for made in columns[1]]
    return sum(own) >= 0.25 * len(own) and sum(beside) >= 0.2 * len(beside)


def _is_dense(rows: Sequence[Row]) -> bool:
    """Whether the lines of a column follow each other as those of running text do."""
    steps = [(b.bottom - a.bottom) / b.gap_unit for a, b in pairwise(rows)]
    return len(steps) > 2 and sum(step < 1.7 for step in steps) >= 0.6 * len(steps)


def _table(
    cut: Sequence[dict[int, list[Row]]], columns: Sequence[Sequence[Row]], gutters: Sequence[_Gutter], width: float
) -> Table:
    """A table of the lines of a band; a line that only goes on the cells above it belongs to their row.

    Where hardly two lines with words in every column stand close together, the wider gaps part the rows: cells may be set at
    the middle or bottom of their row.
    """
    bottoms = [max(made.bottom for rows in cells.values() for made in rows) for cells in cut]
    sizes = [max(made.size for rows in cells.values() for made in rows) for cells in cut]
    steps = [(b - a) / size for a, b, size in zip(bottoms, bottoms[1:], sizes[1:], strict=False)]
    within = [(b.bottom - a.bottom) / b.size for rows in columns for a, b in pairwise(rows)]
    tight = min((step for step in within if step > 0.9), default=0.0)
    loose = [step > 1.15 * tight for step in steps]
    whole = [2 * len(cells) > len(columns) and 0 in cells for cells in cut]
    wrapped = [cells[0][0].text[:1].islower() if 0 in cells else True for cells in cut]  # a label that goes on
    close = sum(whole[n] and whole[n + 1] and not wide and not wrapped[n + 1] for n, wide in enumerate(loose))
    spaced = sum(loose) > 1 and 3 * close < sum(loose)
    texts: dict[tuple[int, int], list[Row]] = {}
    number = -1
    for index, cells in enumerate(cut):
        near = index > 0 and steps[index - 1] <= 1.15 * tight
        if not (near and (spaced or _goes_on(cells, texts, number, any(loose), len(columns)))):
            number += 1
        for column, rows in cells.items():
            texts.setdefault((number, column), []).extend(rows)
    left = min(made.x0 for rows in columns for made in rows)
    edges = [left, *(gutter.right for gutter in gutters), max(width - left, gutters[-1].right + 1)]
    tops = [min(r.top for (n, _), rows in texts.items() if n == at for r in rows) for at in range(number + 1)]
    tops.append(bottoms[-1])
    boxes = {
        (n, column): (edges[column], tops[n], edges[column + 1], tops[n + 1])
        for n in range(number + 1)
        for column in range(len(columns))
    }
    box = (left, tops[0], edges[-1], bottoms[-1])
    return Table(
        Grid(box, tuple(edges[:-1]), boxes, False, False), {key: texts[key] for key in sorted(texts)}, ruled=False
    )


def _goes_on(
    cells: dict[int, list[Row]], texts: dict[tuple[int, int], list[Row]], number: int, padded: bool, columns: int
) -> bool:
    """Whether a line close below another belongs to its row: it has words in some of the cells that the row has, not all."""
    above = {column for row_number, column in texts if row_number == number}
    if not above.issuperset(cells) and not (padded and len(cells) < columns):
        return False
    if padded:
        return True
    if 0 not in cells:
        return len(cells) <= columns / 2
    return columns > 2 and len(cells) < columns / 2
