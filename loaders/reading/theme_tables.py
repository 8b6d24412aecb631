"""Tables of national themes: the theme of each row, and in what unit its columns give money."""

import re
from collections.abc import Iterator
from decimal import Decimal

from loaders import phrases
from loaders.blocks import Block
from loaders.mentions import Mention
from loaders.names import Registry
from loaders.reading.loose_rows import trailing_sums
from loaders.reading.page import Page
from loaders.reading.theme_drafts import Draft, only, take
from loaders.reading.theme_lists import is_national
from loaders.reading.theme_names import whole_name

_SCALE = re.compile(
    rf"(?P<million>{phrases.source('scale.million', 'amounts')})|"
    rf"(?P<thousand>1[ \u00a0.]?000|{phrases.source('scale.thousand', 'amounts')})",
    re.IGNORECASE,
)


def from_rows(page: Page) -> Iterator[tuple[int, Draft]]:
    """Read the theme of each row of a table of themes, with the number of its block."""
    for number, block in enumerate(page.blocks):
        if block.kind != "row" or block.label == "header" or "theme.name" not in block.columns:
            continue
        draft = _row(page, number, block)
        if draft and not phrases.says("theme.undecided", page.words(block)):
            draft.fund = draft.fund or only(_caption_funds(page, number))
            yield number, draft


def _caption(page: Page, number: int) -> Block | None:
    """The line right above a table: ``Taulukko 1. ESR+-teemat (M€)``."""
    table = page.blocks[number].table
    above = next((b for b in reversed(page.blocks[:number]) if b.kind != "row" or b.table != table), None)
    return above if above and above.kind != "row" else None


def _caption_funds(page: Page, number: int) -> list[Mention]:
    """The funds that the line right above a table names."""
    above = _caption(page, number)
    return page.funds_in(above.start, above.end) if above else []


def _row(page: Page, number: int, block: Block) -> Draft | None:
    at = block.columns.index("theme.name")
    name = whole_name(page, *block.values[at]) if len(block.values) > at else None
    if name is None or phrases.means("heading.general", phrases.fold(name.value)):
        return None
    draft = Draft(name)
    for column, (concept, (low, high)) in enumerate(zip(block.columns, block.values, strict=False)):
        take(page, draft, concept, low, high, scale_of(page, number, column))
        if concept == "count.projects":
            draft.counts += [("projects", one) for one in trailing_sums(page.text, low, high, 1)]
    known = Registry.load().theme(name.value) is not None
    told = draft.ministries or draft.bodies or draft.fund or draft.money or draft.objectives
    caption = _caption(page, number)
    return draft if known or told or (caption and is_national(page.words(caption))) else None


def scale_of(page: Page, number: int, column: int | None) -> Decimal:
    """Give in what a column's bare figures are given: its heading's unit, the table's heading row or the caption above it."""
    block = page.blocks[number]
    top = next(
        (n for n in range(number, -1, -1) if page.blocks[n].label == "header" and page.blocks[n].table == block.table),
        None,
    )
    if top is None:
        return Decimal(1)
    header = page.blocks[top]
    cell = page.text[slice(*header.values[column])] if column is not None and column < len(header.values) else ""
    captions = [page.words(b) for b in page.blocks[max(0, top - 2) : top] if len(page.words(b)) < 160]
    after = [page.words(b) for b in page.blocks[number + 1 : number + 12] if b.kind == "line" and b.table == 0][:1]
    for words in (cell, page.words(header), *reversed(captions), *after):
        found = _SCALE.search(words)
        if found:
            return Decimal(10**6) if found["million"] else Decimal(1000)
        if "€" in words or re.search(r"(?<!\w)eur", words, re.IGNORECASE):
            return Decimal(1)
    return Decimal(1)
