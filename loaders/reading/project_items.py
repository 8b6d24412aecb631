"""Projects in items that begin with a name and a colon or bracket, and in cards of a few lines."""

import re
from collections.abc import Iterator

from loaders import mentions, phrases
from loaders.blocks import Block
from loaders.reading import bodies
from loaders.reading.page import Page
from loaders.reading.project_drafts import PHASE_OF_CUE, Draft, add_bodies, phase_above, take_period
from loaders.reading.project_fields import name_above
from loaders.reading.project_rows import is_body
from loaders.reading.project_statements import enrich, is_fund
from loaders.reading.sums import holds_sum, sums
from loaders.values.dates import dates, periods
from loaders.values.marks import codes

_DEFINED = re.compile(r"(?P<name>[A-ZÅÄÖ][^:.()\n]{2,80}?)(?:\s\((?P<beside>[^()]{2,80})\))?:\s+\S")
"""``Kylien äänet (EAKR, koodi A80999): hanke päättyi …``: a name, what stands in brackets behind it, and what is said of it."""
_PLACED = re.compile(r"(?P<name>[A-ZÅÄÖ][^:.()\n]{2,80}?)\s\((?P<beside>[^()]{8,160})\)\s+(?=[a-zåäö])")
"""``Uusi lehti (Gradia, 1.9.2024–31.12.2026) tuo …``."""
_NOUN = phrases.pattern("cues", "trace.project")
"""``Kolmivuotista (2023–2026) tutkimushanketta``: the word for project behind the bracket shows that no name stands before."""


def _defined(page: Page, block: Block) -> re.Match[str] | None:
    """A block that begins with a name and a colon, or with a name and a bracket that holds a period."""
    match = _PLACED.match(page.text, block.start, block.end)
    if match is None or _NOUN.match(page.text, match.end()) or phrases.says("noun.project", match["name"]):
        return _DEFINED.match(page.text, block.start, block.end)  # a sentence about a project
    first = next(iter(sums(page.text, *match.span("beside"))), None)
    given = first and _all_known(page.text, match.start("beside"), first.start) and not _NOUN.search(match["name"])
    placed = periods(match["beside"]) or given
    return match if placed else _DEFINED.match(page.text, block.start, block.end)


def _all_known(text: str, low: int, high: int) -> bool:
    """Tell whether a span lists organisations and nothing else."""
    named = list(bodies.organisations(text, low, high))
    return bool(named) and all(bodies.is_organisation(one.name) for one in named)


def _stands_in_list(page: Page, number: int) -> bool:
    """Tell whether an item stands beside another that begins with a name and a colon."""
    near = [*page.blocks[max(0, number - 1) : number], *page.blocks[number + 1 : number + 2]]
    return page.blocks[number].kind == "item" and any(
        one.kind == "item" and _DEFINED.match(page.text, one.start, one.end) for one in near
    )


def _take_beside(page: Page, draft: Draft, low: int, high: int) -> None:
    """The organisations before the period or sum in a bracket behind a name, and the sum."""
    period = next(iter(periods(page.text[low:high])), None)
    ends = [one.start for one in sums(page.text, low, high)] + ([low + period.span[0]] if period else [])
    if not ends:
        return
    named = list(bodies.organisations(page.text, low, min(ends)))
    draft.bodies += [one for one in named if not mentions.funds(one.name)]
    draft.sums += [(PHASE_OF_CUE.get(one.cue or "granted", "granted"), one) for one in sums(page.text, low, high)[:1]]


def from_definitions(page: Page) -> Iterator[Draft]:
    """Items of a part on projects that begin with a project's name and a colon, with sentences behind it."""
    for number, block in enumerate(page.blocks):
        match = _defined(page, block) if block.kind in ("item", "line") else None
        if match and not match["beside"] and not _stands_in_list(page, number):
            continue
        if match is None or number in page.menu or page.related(number) or page.text[block.end - 1] not in ".!":
            continue
        beside = match.span("beside") if match["beside"] else (match.end("name"), match.end("name"))
        coded = codes(page.text[slice(*beside)])
        within = page.text[slice(*beside)]
        known = bool(coded or periods(within) or holds_sum(page.text, *beside))
        said = phrases.says("noun.project", page.text, match.end(), block.end)
        listed = phrases.says("noun.project", page.before(number)) or mentions.funds(page.text, *beside)
        if not (known or (said and listed)) or phrases.label(match["name"]) or page.themes_in(*match.span("name")):
            continue
        if is_body(match["name"]) or phrases.says("noun.call", match["name"]) or mentions.regions(match["name"]):
            continue
        draft = Draft(match.span("name"), number)
        if coded:
            draft.code = page.stated(coded[0].value, beside[0] + coded[0].start, beside[0] + coded[0].end)
        take_period(page, draft, *beside)
        _take_beside(page, draft, *beside)
        for start, end in page.sentences(block):
            enrich(page, draft, max(start, match.end() - 1), end)
        yield draft


_SHORT = 60


def _is_fund_and_time(page: Page, block: Block) -> bool:
    """Tell whether a line is a fund, perhaps who grants it, and a period: ``EAKR, Lapin liitto | 8/2031–6/2033``."""
    words = page.words(block)
    period = next(iter(periods(words)), None)
    if period is None or period.span[1] < len(words) or not page.funds_in(block.start, block.end):
        return False
    parts = re.split(r"\s*[,|]\s*", words[: period.span[0]].strip(" ,|"))
    return all(bodies.is_organisation(one) or is_fund(one) for one in parts)


def from_cards(page: Page) -> Iterator[Draft]:
    """A project a few lines: its name, its organisations, then money or dates, a line each."""
    blocks = page.blocks
    for number, block in enumerate(blocks[1:], 1):
        if block.kind not in ("line", "item", "heading") or page.related(number) or number in page.menu:
            continue
        above, below = blocks[number - 1], blocks[min(number + 1, len(blocks) - 1)]
        sentence = page.text[block.end - 1] == "."
        named = [] if sentence else list(bodies.organisations(page.text, block.start, block.end))
        name = name_above(page, number)
        if name and _is_fund_and_time(page, block) and not phrases.says("heading.projects", page.words(name)):
            yield (draft := Draft(name, number, fund=page.funds_in(block.start, block.end)[0]))
            take_period(page, draft, block.start, block.end)
            continue
        if not named or not all(bodies.is_organisation(one.name) for one in named) or above.kind in ("field", "row"):
            continue
        dated = [
            b
            for b in (below, *blocks[number + 2 : number + 3])
            if b.kind == "line" and b.end - b.start < _SHORT and periods(page.words(b))
        ]
        money = (
            below.kind == "line"
            and below.end - below.start < 40
            and bool(re.match(r"[\d ,.]{1,40}\S{0,20}\s?(?:milj|€|euro|kronor|kr|EUR)", page.words(below)))
        )
        if name is None or not (dated or money) or bodies.is_organisation(page.words(name)) or dates(page.words(name)):
            continue
        draft = Draft(name, number)
        add_bodies(draft, named)
        if dated:
            take_period(page, draft, dated[0].start, dated[0].end)
        if money:
            phase = phase_above(page, number) or "granted"
            draft.sums += [(phase, one) for one in sums(page.text, below.start, below.end)[:1]]
        yield draft
