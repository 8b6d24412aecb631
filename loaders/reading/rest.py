"""What no record covers: each amount, code, date, address of a page that was not read, with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable

from loaders.reading.page import Page
from loaders.records import LeftOut, Record
from loaders.sweep import sweep
from loaders.values.marks import business_ids


def left_out(page: Page, records: Iterable[Record]) -> list[LeftOut]:
    """List what was seen and not read, in the order of the document."""
    for match in re.finditer(r"(?<![\d-])\d{7}-\d(?![\d-])", page.text):
        if not business_ids(match.group()):
            page.leave_out(*match.span(), "wrong-business-id")
    if page.day:
        page.leave_out(page.day.start, page.day.end, "day-of-publication", understood=True)
    swept = sweep(page.outline.document, records, page.left_out)
    return sorted([*page.left_out, *swept], key=lambda one: (one.first, one.last))
