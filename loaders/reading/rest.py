"""What no record covers: each amount, code, date, address of a page that was not read, with the reason."""

from __future__ import annotations

from collections.abc import Iterable

from loaders.prose.sweep import sweep
from loaders.reading.page import Page
from loaders.records import LeftOut, Record


def left_out(page: Page, records: Iterable[Record]) -> list[LeftOut]:
    """List what was seen and not read, in the order of the document."""
    return sorted(sweep(page.outline.document, records, ()), key=lambda one: (one.first, one.last))
