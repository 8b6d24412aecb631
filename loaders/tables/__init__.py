"""Tables: delimited text and workbooks as rows under headings, whatever their encoding, separator and title rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from loaders.errors import SourceError
from loaders.tables.delimited import COLUMN_LIMIT, Dialect, Record, dialect, records
from loaders.tables.headings import fold, like_headings, recognised
from loaders.tables.source import TextFile, scan
from loaders.tables.workbook import Sheet, Workbook

SUFFIXES = frozenset({".csv", ".tsv", ".tab", ".xlsx", ".xlsm"})
_TITLE_ROWS = 60
_SAMPLE = 3000


@dataclass(slots=True)
class Table:
    """An opened table: its headings and where they stand; ``records()`` streams the rows below them."""

    path: Path
    identifier: str
    sha256: str
    size: int
    form: str
    headings: tuple[str, ...]
    heading_row: int
    titles: tuple[str, ...]
    """Words above the headings: a title, a date, the name of a programme."""
    sample: tuple[Record, ...] = ()
    encoding: str = "utf-8"
    dialect: Dialect | None = None
    _text: TextFile | None = None
    _book: Workbook | None = None
    _sheets: tuple[Sheet, ...] = field(default=())

    def records(self) -> Iterator[Record]:
        """Every row below the headings, in order; of a workbook, of every sheet with the same headings."""
        if self._text is not None and self.dialect is not None:
            found = records(self.dialect, enumerate(self._text.lines(), 1))
            yield from (record for record in found if record.first > self.heading_row)
        elif self._book is not None:
            for sheet in self._sheets:
                for record in self._book.records(sheet):
                    if record.first > self.heading_row:
                        # the name of the only sheet says nothing
                        yield record if len(self._sheets) > 1 else record._replace(sheet=None)

    def spread(self, count: int) -> list[Record]:
        """About ``count`` rows from all over the table; those of the sample where the table is no longer than that."""
        if len(self.sample) < _SAMPLE:
            return list(self.sample)
        average = sum(len(record.words) + 1 for record in self.sample) / len(self.sample)
        step = max(1, int(self.size / average / count))
        return list(islice(self.records(), 0, None, step))


def is_table(path: Path) -> bool:
    """Whether a file is named like a table."""
    return path.suffix.lower() in SUFFIXES


def open_table(path: Path, identifier: str | None = None) -> Table:
    """Open a table and find its headings; SourceError if the file is none or has no headings."""
    name = identifier or path.stem
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise SourceError(name, f"cannot be read ({error.strerror})") from None
    return _open_workbook(path, name) if magic == b"PK\x03\x04" else _open_text(path, name)


def _open_text(path: Path, name: str) -> Table:
    text = scan(path, name)
    found = dialect(text)
    rows = list(islice(records(found, enumerate(text.lines(), 1)), _SAMPLE))
    at = _heading_row(rows, name)
    table = _table(path, name, text.sha256, text.size, "csv", rows, at)
    table.encoding, table.dialect, table._text = text.encoding.name, found, text
    return table


def _open_workbook(path: Path, name: str) -> Table:
    book = Workbook(path, name)
    heads = [(sheet, list(islice(book.records(sheet), _SAMPLE))) for sheet in book.sheets]
    best: tuple[int, Sheet, list[Record], int] | None = None
    refused: list[SourceError] = []
    for sheet, rows in heads:
        try:
            at = _heading_row(rows, name)
        except SourceError as error:
            refused.append(error)
            continue
        score = recognised(rows[at].cells) * 1000 + len(rows[at].cells)
        if best is None or score > best[0]:
            best = (score, sheet, rows, at)
    if best is None:
        raise refused[0] if len(refused) == 1 else SourceError(name, "no sheet has a row of headings")
    _, chosen, rows, at = best
    table = _table(path, name, _sha256(path), path.stat().st_size, "xlsx", rows, at)
    same = [s for s, r in heads if s == chosen or (len(r) > at and _folded(r[at].cells) == _folded(rows[at].cells))]
    table._book, table._sheets = book, tuple(same)
    return table


def _table(path: Path, name: str, sha256: str, size: int, form: str, rows: list[Record], at: int) -> Table:
    last = at + _more_heading_rows(rows, at)
    at -= _other_language_above(rows, at)
    headings = _joined([row.cells for row in rows[at : last + 1]])
    if len(headings) > COLUMN_LIMIT:
        raise SourceError(name, f"{len(headings):,} columns: more than {COLUMN_LIMIT:,}", rows[at].first)
    titles = tuple(row.words for row in rows[:at])
    table = Table(path, name, sha256, size, form, headings, rows[last].last, titles)
    table.sample = tuple(rows[last + 1 :])
    return table


def _heading_row(rows: list[Record], name: str) -> int:
    """Index of the row of headings: the one most of whose cells are words of headings, else the first that looks like it."""
    narrow = [(i, row) for i, row in enumerate(rows[:_TITLE_ROWS]) if len(row.cells) <= COLUMN_LIMIT]
    worded = [(i, row) for i, row in narrow if like_headings(row.cells)]
    scores = [(recognised(row.cells), -i) for i, row in worded or narrow]
    if scores and max(scores)[0] >= 2:
        return -max(scores)[1]
    if any(len(row.cells) > COLUMN_LIMIT for row in rows[:_TITLE_ROWS]):
        width = max(len(row.cells) for row in rows[:_TITLE_ROWS])
        raise SourceError(name, f"{width:,} columns: more than {COLUMN_LIMIT:,}", rows[0].first)
    wide = max((len(_filled(row)) for row in rows), default=0)
    for index, row in enumerate(rows[:_TITLE_ROWS]):
        if like_headings(row.cells) and len(_filled(row)) * 2 > wide and index + 1 < len(rows):
            return index
    raise SourceError(name, "no row of headings among the first rows")


def _filled(row: Record) -> list[str]:
    return [cell for cell in row.cells if cell.strip()]


def _more_heading_rows(rows: list[Record], at: int) -> int:
    """Rows right below the headings that belong to them: another language, or the columns' numbers."""
    more = 0
    for row in rows[at + 1 : at + 4]:
        cells = _filled(row)
        numbered = len(cells) > 2 and [c.strip("()[]. ") for c in cells] == [str(i + 1) for i in range(len(cells))]
        named = like_headings(row.cells) and recognised(row.cells) * 2 > len(cells) > 1
        if not (numbered or named):
            break
        more += 1
    return more


def _other_language_above(rows: list[Record], at: int) -> int:
    """1 if the row right above the headings says them in another language: a heading for each of them."""
    if at == 0:
        return 0
    above = rows[at - 1]
    same = len(_filled(above)) == len(_filled(rows[at])) > 1 and above.last + 1 == rows[at].first
    return int(same and like_headings(above.cells))


def _joined(rows: list[list[str]]) -> tuple[str, ...]:
    width = max(len(row) for row in rows)
    columns = [[row[i].strip() for row in rows if i < len(row) and row[i].strip()] for i in range(width)]
    headings = [" / ".join(dict.fromkeys(c for c in column if not c.strip("()[]. ").isdigit())) for column in columns]
    while headings and not headings[-1]:
        headings.pop()
    return tuple(headings)


def _folded(cells: list[str]) -> list[str]:
    return [fold(cell).text for cell in cells if cell.strip()]


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(2**20):
            digest.update(block)
    return digest.hexdigest()


__all__ = ["Record", "Table", "is_table", "open_table"]
