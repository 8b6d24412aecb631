"""Page furniture of a PDF: what stands at the same place of page after page, and page numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from loaders.document.glyphs import Row

_MARGIN = 0.12
_PAGE_NUMBER = re.compile(r"(?:(?:sivu|sida|page|s\.)\s*)?\d{1,4}(?:\s*(?:/|\(|of|av)\s*\d{1,4}\)?)?", re.IGNORECASE)


def furniture(pages: Sequence[tuple[float, Sequence[Row]]], body_size: float) -> list[list[bool]]:
    """For each page (its height and its rows) and each row, whether the row is page furniture.

    In the margins: rows in smaller type or page numbers that come at the same height on two pages or more, anything
    that stands so on half of three pages or more, and on a single page whatever is set clearly smaller than the text.
    """
    seen = Counter(key for height, rows in pages for key in {_key(row) for row in rows if _in_margin(row, height)})
    return [[_is_furniture(row, height, seen, len(pages), body_size) for row in rows] for height, rows in pages]


def _is_furniture(row: Row, height: float, seen: Counter[tuple[int, str]], pages: int, body_size: float) -> bool:
    if not _in_margin(row, height):
        return False
    small = row.size < 0.9 * body_size
    times = seen[_key(row)]
    if pages == 1:
        return small
    if times >= 2 and (small or _PAGE_NUMBER.fullmatch(row.text)):
        return True
    return times >= max(3, pages / 2)


def _in_margin(row: Row, height: float) -> bool:
    return row.bottom < _MARGIN * height or row.top > (1 - _MARGIN) * height


def _key(row: Row) -> tuple[int, str]:
    return round(row.bottom / 4), re.sub(r"\d+", "#", row.text)
