"""Themes in the rows of tables, ruled or with cells joined by blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from loaders import mentions, phrases
from loaders.blocks import Block
from loaders.mentions import Mention
from loaders.names import Registry
from loaders.reading.page import Page
from loaders.reading.sums import trailing_sums
from loaders.reading.theme_drafts import Draft
from loaders.reading.theme_facts import PHASES, add_bodies, only, scaled, statement, take
from loaders.reading.theme_names import whole_name

_SCALE = re.compile(
    r"(?P<million>milj|M\s?€|M€|MEUR|miljon|million)|(?P<thousand>1[ \u00a0.]?000|t€|T€|k€|tuhat|tusen|thousand)",
    re.IGNORECASE,
)


def from_rows(page: Page) -> Iterator[tuple[int, Draft]]:
    """Read the theme of each row of a table of themes, with the number of its block."""
    for number, block in enumerate(page.blocks):
        if block.kind != "row" or block.label == "header" or "theme.name" not in block.columns:
            continue
        draft = _loose_row(page, number, block) if block.loose else _row(page, number, block)
        if draft and not phrases.says("theme.undecided", page.words(block)):
            draft.fund = draft.fund or only(_caption_funds(page, number))
            yield number, draft


def _caption_funds(page: Page, number: int) -> list[Mention]:
    """The funds that the line right above a table names: ``Taulukko 1. ESR+-teemat (M€)``."""
    table = page.blocks[number].table
    above = next((b for b in reversed(page.blocks[:number]) if b.kind != "row" or b.table != table), None)
    return mentions.funds(page.text, above.start, above.end, page.period) if above and above.kind != "row" else []


def _row(page: Page, number: int, block: Block) -> Draft | None:
    at = block.columns.index("theme.name")
    name = whole_name(page, *block.values[at]) if len(block.values) > at else None
    if name is None or phrases.pattern("cues", "heading.general").fullmatch(phrases.fold(name.value)):
        return None
    draft = Draft(name)
    for column, (concept, (low, high)) in enumerate(zip(block.columns, block.values, strict=False)):
        take(page, draft, concept, low, high, _scale(page, number, column))
    known = Registry.load().theme(name.value) is not None
    told = draft.ministries or draft.bodies or draft.fund or draft.money or draft.objectives
    return draft if known or told else None


def _loose_row(page: Page, number: int, block: Block) -> Draft | None:
    """A row whose cells are joined by blanks: the name goes up to the first body, fund, objective or number."""
    named = page.themes_in(block.start, block.end)
    bodies = [
        *mentions.ministries(page.text, block.start, block.end),
        *mentions.authorities(page.text, block.start, block.end),
    ]
    funds = mentions.funds(page.text, block.start, block.end, page.period)
    figures = [block.start + m.start() for m in re.finditer(r"(?<=\s)\d|(?<=\s)–(?=\s|$)", page.words(block))]
    first = min([b.start for b in bodies] + [f.start for f in funds] + figures, default=block.end)
    name = named[0] if named else whole_name(page, block.start, first) if bodies or funds or figures else None
    if name is None or (not named and phrases.pattern("cues", "heading.general").fullmatch(phrases.fold(name.value))):
        return None
    draft = Draft(name)
    at = name.end
    add_bodies(page, draft, at, block.end)
    draft.fund = next((f for f in funds if f.start >= at), None)
    plain = (
        re.search(r"(?<![\w.,])\d\.\d{1,2}(?![\d.,])", page.text[at : block.end])
        if "code.objective" in block.columns
        else None
    )
    if plain:
        draft.objectives.append(Mention(plain.group(), at + plain.start(), at + plain.end()))
        at += plain.end()
    _loose_money(page, number, block, draft, max([at, *(b.end for b in bodies), *(f.end for f in funds)]))
    return draft


def _loose_money(page: Page, number: int, block: Block, draft: Draft, low: int) -> None:
    """The figures at the end of a loose row, in the order of its columns of money; not where a column is unknown."""
    funded = draft.fund is not None
    columns = tuple("money.framework" if c == "money.funding" and not funded else c for c in block.columns)
    columns = columns[next((n for n, c in enumerate(columns) if c in PHASES), len(columns)) :]
    if any(concept is None or not concept.startswith(("money.", "count.")) for concept in columns):
        return
    found = trailing_sums(
        page.text, low, block.end, len(columns), mixed=any((c or "").startswith("count.") for c in columns)
    )
    for concept, one in zip(columns, found, strict=False):
        if concept in PHASES:
            draft.money.append(statement(PHASES[concept], scaled(one, _scale(page, number, None))))
        elif concept == "count.projects":
            draft.counts.append(("projects", one))


def _scale(page: Page, number: int, column: int | None) -> Decimal:
    """In what a column's bare figures are given: its heading's unit, the table's heading row or the caption above it."""
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
