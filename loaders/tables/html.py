"""Tables of HTML pages, and of Excel's XML of 2003, which portals hand out as .xls, as the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree
from lxml import html as parser

from loaders.errors import SourceError
from loaders.tables.delimited import Record, record
from loaders.tables.workbook import Spanned

_LARGEST = 64 * 2**20
_ROWS, _CELLS = ("tr", "row"), ("td", "th", "cell")


def is_page(path: Path, head: bytes) -> bool:
    """Whether a file that begins with ``head`` is a page with a table in it."""
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") and b"<table" in path.read_bytes()[:_LARGEST].lower()


class Page:
    """The tables of a page that hold rows and no other table; each is a sheet."""

    def __init__(self, path: Path, identifier: str) -> None:
        """Parse a page; SourceError if it is too large."""
        if path.stat().st_size > _LARGEST:
            raise SourceError(identifier, f"a page of more than {_LARGEST:,} bytes: save its table as .csv")
        data = path.read_bytes()
        encoding = None if b"charset" in data[:4096] or b"encoding=" in data[:200] else "utf-8"
        root = parser.document_fromstring(data, parser=parser.HTMLParser(encoding=encoding, huge_tree=True))
        found = [one for one in root.iter("table") if not one.xpath(".//table") and len(_rows(one)) > 1]
        self._tables = {f"table {number}": one for number, one in enumerate(found, 1)}
        self.sheets = list(self._tables)

    def records(self, name: str) -> Iterator[Record]:
        """The rows of a table that hold anything, numbered from 1."""
        for number, row in enumerate(_rows(self._tables[name]), 1):
            cells: list[str] = []
            for cell in row.iterchildren(*_CELLS):
                skipped = int(cell.get("ss:index", 0)) - 1 - len(cells)
                cells += [""] * min(max(skipped, 0), 1000)
                text = " ".join("".join(str(part) for part in cell.itertext()).split())
                span = cell.get("colspan", "1")
                repeated = min(int(span), 1000) - 1 if span.isdecimal() else 0
                cells += [text, *[Spanned(text)] * repeated]
            if any(cells):
                yield record(number, number, cells, " | ".join(cell for cell in cells if cell), name)

    def currencies(self, name: str) -> dict[int, str]:
        """Cells of a page have no formats."""
        return {}


def _rows(table: etree._Element) -> list[etree._Element]:
    return list(table.iter(*_ROWS))
