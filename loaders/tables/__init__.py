"""Tables: delimited text and workbooks as rows under headings, whatever their encoding, separator and title rows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from pathlib import Path

from loaders.errors import SourceError
from loaders.tables import workbook
from loaders.tables.delimited import COLUMN_LIMIT, Dialect, Record, dialect, records
from loaders.tables.forms import is_unit
from loaders.tables.headings import like_headings, recognised
from loaders.tables.source import TextFile, scan
from loaders.tables.workbook import Page, Spanned, Workbook, is_page

SUFFIXES = frozenset({".csv", ".tsv", ".tab"}) | workbook.SUFFIXES
_TITLE_ROWS = 60
_SAMPLE = 3000
_UNIT = re.compile(r"\([^()]{1,40}\)|\[[^\[\]]{1,40}\]|%|T?EUR|T?€|[DMYTJ]{1,4}([./-])[DMYTJ]{1,4}\1[DMYTJ]{1,4}")


@dataclass(slots=True)
class Table:
    """An opened table: its headings and where they stand; ``records()`` streams the rows below them.

    A workbook of several sheets is the table of the sheet whose headings are understood best; ``others`` are the tables of the
    further sheets, ``unread`` says which sheets hold rows but no headings.
    """

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
    sheet: str | None = None
    others: tuple[Table, ...] = ()
    unread: tuple[str, ...] = ()
    currencies: dict[int, str] = field(default_factory=dict)
    """Column → the currency that the formats of its cells show."""
    _text: TextFile | None = None
    _book: Workbook | Page | None = None

    @property
    def key(self) -> str:
        """The key that keeps the tables of one list apart: the list's id, with the sheet where the list has several."""
        return self.identifier if self.sheet is None else f"{self.identifier}#{self.sheet}"

    def records(self) -> Iterator[Record]:
        """Every row below the headings, in order."""
        if self._text is not None and self.dialect is not None:
            rows = records(self.dialect, enumerate(self._text.lines(), 1))
            yield from (record for record in rows if record.first > self.heading_row)
        elif self._book is not None:
            for record in self._book.records(self.sheet or self._book.sheets[0]):
                if record.first > self.heading_row:
                    # the name of the only sheet says nothing
                    yield _own(record) if self.sheet is not None else _own(record)._replace(sheet=None)

    def spread(self, count: int) -> list[Record]:
        """About ``count`` rows from all over the table; those of the sample where the table is no longer than that."""
        if not self.sampled:
            return list(self.sample)
        average = sum(len(record.words) + 1 for record in self.sample) / len(self.sample)
        step = max(1, int(self.size / average / count))
        return list(islice(self.records(), 0, None, step))

    @property
    def sampled(self) -> bool:
        """Whether the sample is only the beginning of the table."""
        return len(self.sample) >= _SAMPLE - _TITLE_ROWS


def is_table(path: Path) -> bool:
    """Whether a file is named like a table."""
    return path.suffix.lower() in SUFFIXES


def open_table(path: Path, identifier: str | None = None, sheet: str | None = None) -> Table:
    """Open a table and find its headings; SourceError if the file is none or has no headings.

    ``sheet``: read this sheet of a workbook and no other.
    """
    name = identifier or path.stem
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except OSError as error:
        raise SourceError(name, f"cannot be read ({error.strerror})") from None
    if head[:4] in workbook.MAGIC:
        return _open_workbook(Workbook(path, name), path, name, sheet)
    return _open_workbook(Page(path, name), path, name, sheet) if is_page(path, head) else _open_text(path, name)


def _open_text(path: Path, name: str) -> Table:
    text = scan(path, name)
    form = dialect(text)
    rows = list(islice(records(form, enumerate(text.lines(), 1)), _SAMPLE))
    table = _table(path, name, text.sha256, text.size, "csv", rows)
    table.encoding, table.dialect, table._text = text.encoding.name, form, text
    return table


def _open_workbook(book: Workbook | Page, path: Path, name: str, only: str | None) -> Table:
    digest = _sha256(path)
    if only is not None and only not in book.sheets:
        raise SourceError(name, f"has no sheet {only!r}; its sheets: {', '.join(book.sheets)}")
    tables: list[Table] = []
    unread: list[str] = []
    refused: list[SourceError] = []
    for sheet in book.sheets if only is None else [only]:
        rows = list(islice(book.records(sheet), _SAMPLE))
        try:
            table = _table(path, name, digest, path.stat().st_size, path.suffix.lower().lstrip(".") or "xlsx", rows)
        except SourceError as error:
            refused.append(error)
            if rows:
                unread.append(
                    f"sheet {sheet!r} ({len(rows)}{'+' if len(rows) == _SAMPLE else ''} rows) has no headings"
                )
            continue
        table._book, table.sheet, table.currencies = book, sheet, book.currencies(sheet)
        tables.append(table)
    if not tables:
        raise refused[0] if len(refused) == 1 else SourceError(name, "no sheet has a row of headings")
    best = max(tables, key=lambda table: (recognised(table.headings), len(table.sample)))
    best.others = tuple(table for table in tables if table is not best)
    best.unread = (*unread, *(f"hidden sheet {sheet!r}" for sheet in book.hidden))
    if len(book.sheets) == 1 or (not best.others and only is None):
        best.sheet = None if best.sheet == book.sheets[0] else best.sheet
    return best


def _table(path: Path, name: str, sha256: str, size: int, form: str, rows: list[Record]) -> Table:
    at = _heading_row(rows, name)
    last = at + _more_heading_rows(rows, at)
    first = at - _other_language_above(rows, at)
    headings = _joined([row.cells for row in rows[first : last + 1]])
    if groups := _groups_above(rows, first):
        headings = tuple(
            f"{h} / {g}" if h and g and g != h else h or g for h, g in zip_longest(headings, groups, fillvalue="")
        )
        first -= 1
    filled = [n for n, heading in enumerate(headings) if heading]
    if len(filled) > COLUMN_LIMIT:
        raise SourceError(name, f"{len(filled):,} columns: more than {COLUMN_LIMIT:,}", rows[at].first)
    table = Table(
        path,
        name,
        sha256,
        size,
        form,
        headings[:COLUMN_LIMIT],
        rows[last].last,
        tuple(" ".join(" ".join(_filled(row)).split()) for row in rows[:first]),
    )
    table.sample = tuple(map(_own, rows[last + 1 :]))
    return table


def _own(record: Record) -> Record:
    """A row without what only spans its columns."""
    if Spanned in map(type, record.cells):
        record.cells[:] = ["" if type(cell) is Spanned else cell for cell in record.cells]
    return record


def _groups_above(rows: list[Record], at: int) -> list[str]:
    """What a row above the headings says of several columns at once ("Dates" over "Start" and "End"); none if it is a title."""
    if at == 0 or rows[at - 1].last + 1 != rows[at].first:
        return []
    above, below = rows[at - 1].cells, rows[at].cells
    filled = list(dict.fromkeys(_filled(rows[at - 1])))
    spans = len(filled) < len(_filled(rows[at])) or Spanned in map(type, above)
    if len(filled) < 2 or not spans or not like_headings(filled):
        return []
    groups, group = [], ""
    for n in range(len(below)):
        own = above[n].strip() if n < len(above) else ""
        group = own or group
        # a heading without parts stands above an empty cell
        groups.append(group if below[n].strip() else own)
    return groups


def _heading_row(rows: list[Record], name: str) -> int:
    """Index of the row of headings: the one most of whose cells are words of headings, else the first that looks like it."""
    first = list(enumerate(rows[:_TITLE_ROWS]))
    worded = [(i, row) for i, row in first if like_headings(row.cells)]
    scores = [(recognised(row.cells), -i) for i, row in worded or first]
    if scores and max(scores)[0] >= 2:
        return -max(scores)[1]
    wide = max((len(_filled(row)) for row in rows), default=0)
    for index, row in enumerate(rows[:_TITLE_ROWS]):
        if like_headings(row.cells) and len(_filled(row)) * 2 > wide and index + 1 < len(rows):
            return index
    raise SourceError(name, "no row of headings among the first rows")


def _filled(row: Record) -> list[str]:
    return [cell for cell in row.cells if cell.strip()]


def _more_heading_rows(rows: list[Record], at: int) -> int:
    """Rows right below the headings that belong to them: another language, the columns' numbers or units."""
    more = int(at + 1 < len(rows) and _parts_below(rows[at].cells, rows[at + 1].cells))
    for row in rows[at + 1 + more : at + 4]:
        cells = _filled(row)
        numbered = len(cells) > 2 and [c.strip("()[]. ") for c in cells] == [str(i + 1) for i in range(len(cells))]
        named = like_headings(row.cells) and recognised(row.cells) * 2 > len(cells) > 1
        units = all(_UNIT.fullmatch(cell.strip()) or is_unit(cell.strip()) for cell in cells)
        if not (numbered or named or units):
            break
        more += 1
    return more


def _parts_below(above: list[str], below: list[str]) -> bool:
    """Whether a row names the parts of headings that span several columns: words under them and nowhere else."""
    filled = [n for n, cell in enumerate(below) if cell.strip()]
    spanned = [n for n in range(1, len(below)) if n >= len(above) or not above[n].strip()]
    below_spans = all(n in spanned or n + 1 in spanned for n in filled)
    return bool(spanned) and set(spanned) <= set(filled) and below_spans and like_headings(below)


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


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(2**20):
            digest.update(block)
    return digest.hexdigest()


__all__ = ["Record", "Table", "is_table", "open_table"]
