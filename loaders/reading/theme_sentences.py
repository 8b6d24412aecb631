"""What sentences say of the national themes they name: ministries, body, fund, objective and money, clause by clause."""

import re
from itertools import pairwise

from loaders import mentions, phrases
from loaders.blocks import Block, Bounds
from loaders.mentions import Mention
from loaders.reading import money
from loaders.reading.page import Page
from loaders.reading.sums import sums
from loaders.reading.theme_drafts import (
    PHASE_OF_CUE,
    Draft,
    add_authorities,
    add_ministries,
    add_objectives,
    add_shares,
    only,
    statement,
)
from loaders.reading.theme_names import begins_with_it, key_of, of_other


def read_paragraph(page: Page, draft: Draft, block: Block) -> None:
    """The sentence that names a theme, and those behind it that speak of the theme and name no other."""
    on = _is_alone(page, draft, block)  # ``Teeman valmistelusta vastaa OKM. Osaaminen-teeman kuvaus on tässä.``
    for start, end in page.sentences(block):
        there = page.themes_in(start, end)
        named = {key_of(m.value) for m in there}
        own = draft.key in named or start <= draft.name.start < end
        if own:
            on = True
            held, low, high = _clause(page, draft, there, start, end)
            brackets = [(one, bracket) for one in held if (bracket := _BEHIND.match(page.text, one.end, high))]
            steered = any(mentions.ministries(bracket.group()) for _, bracket in brackets)
            joined = all(_BETWEEN.fullmatch(page.text, a.end, b.start) for a, b in pairwise(held))
            body = steered and phrases.says("theme.body", page.text, low, held[0].start)
            for one, bracket in brackets:  # ``X on välittävä toimielin teemoille: A (TEM), B (OKM)``
                if key_of(one.value) == draft.key:
                    add_ministries(page, draft, *bracket.span())
                    add_authorities(page, draft, low, held[0].start if body else low)
            if len({key_of(one.value) for one in held}) <= 1 or (joined and not steered):
                read_sentence(page, draft, low, high)
        elif named or of_other(page, start, end):
            on = False
        elif on and (phrases.says("noun.theme", page.text, start, end) or begins_with_it(page, start)):
            read_sentence(page, draft, start, end)


def _clause(page: Page, draft: Draft, there: list[Mention], start: int, end: int) -> tuple[list[Mention], int, int]:
    """The clause of a sentence that names a theme, and the themes it names: commas and conjunctions part clauses."""
    low, held = start, list[Mention]()
    for one, following in zip(there, [*there, None][1:], strict=True):
        held.append(one)
        cuts = [m.start() for m in _CUT.finditer(page.text, one.end, following.start)] if following else []
        if following and (not cuts or _IN_LIST.fullmatch(page.text, one.end, following.start)):
            continue
        high = cuts[-1] if following else end
        if any(key_of(other.value) == draft.key for other in held):
            return held, low, high
        low, held = high, []
    return there, start, end


_CUT = re.compile(rf"[,;]\s|\s{phrases.AND}\s")
_NOUN = rf"(?:{phrases.source('noun.theme')})(?!\w)"
_IN_LIST = re.compile(rf"(?:[\"”“\s,;-]|\([^()]*\)|{phrases.AND}|{_NOUN})*", re.IGNORECASE)
_BEHIND = re.compile(rf"[\"”]?(?:\s+-?{_NOUN}|-{_NOUN})?\s+\([^()]*\)", re.IGNORECASE)
"""A bracket behind a theme's name, or behind the word for a theme that follows it."""


def _is_alone(page: Page, draft: Draft, block: Block) -> bool:
    """Tell whether a paragraph speaks of one theme from its first sentence: the page's title and its heading name none."""
    number = page.blocks.index(block)
    heads = [page.heading(number), page.blocks[page.title_block] if page.title_block is not None else None]
    above = [one for head in heads if head for one in page.themes_in(head.start, head.end)]
    return not above and {key_of(one.value) for one in page.themes_in(block.start, block.end)} == {draft.key}


_BETWEEN = re.compile(rf"[\"”“\s,]*(?:{phrases.AND})?[\"”“\s]*")


def read_sentence(page: Page, draft: Draft, start: int, end: int) -> None:
    """Ministries, fund, objective and framework that a sentence of a theme says."""
    text = page.text
    calls = phrases.says("noun.call", text, start, end)
    chooses = next(iter(phrases.find("theme.chooses", text, start, end)), None)
    if phrases.says("theme.steers", text, start, end) or phrases.says("theme.lead", text, start, end):
        add_ministries(page, draft, _last_steered(page, draft, start, end), end)
    elif chooses and phrases.says("theme.body", text, chooses.end, end):
        add_ministries(page, draft, start, chooses.start)
    elif phrases.says("theme.measures", text, start, end) and calls:  # ``STM avasi haun toimenpidekokonaisuudessa …``
        add_ministries(page, draft, start, end)
    elif own := owner(text, start, end):  # ``OKM:n valtakunnallinen teema``
        add_ministries(page, draft, *own)
    if draft.fund is None:
        draft.fund = _fund_of(page, draft, start, end)
    if not calls or phrases.says("noun.theme", text, start, end):
        add_objectives(draft, mentions.objectives(text, start, end))
    if phrases.says("theme.body", text, start, end):
        _take_bodies(page, draft, start, end)
    _take_sums(page, draft, start, end)


def _take_bodies(page: Page, draft: Draft, start: int, end: int) -> None:
    """The intermediate bodies of a sentence; of several with the names of themes in brackets behind them, the theme's own."""
    behind = [(one, _BRACKET.match(page.text, one.end, end)) for one in mentions.authorities(page.text, start, end)]
    if sum(bracket is not None for _, bracket in behind) < 2:
        add_authorities(page, draft, start, end)
    for one, bracket in behind:
        if bracket and draft.name.value.casefold() in bracket.group().casefold():
            add_authorities(page, draft, one.start, one.end)


_BRACKET = re.compile(r"\s*\([^()]*\)")


def _last_steered(page: Page, draft: Draft, start: int, end: int) -> int:
    """Where the ministries of a theme begin: behind those of which the sentence names other themes before it."""
    low = next((m.start for m in page.themes_in(start, end) if key_of(m.value) == draft.key), start)
    named = mentions.ministries(page.text, start, low)
    parted = [b.start for a, b in pairwise(named) if phrases.says("noun.theme", page.text, a.end, b.start)]
    return parted[-1] if parted else start


def _take_sums(page: Page, draft: Draft, start: int, end: int) -> None:
    """The framework of a theme with the shares of ministries, and what of it is committed, paid or for coordination."""
    text = page.text
    reserved, at = (
        not phrases.says("noun.call", text, start, end) and phrases.says("noun.theme", text, start, end),
        start,
    )
    shares = [
        one for one in money.statements(page, [(start, end)]) if one.ministry and one.phase in (None, "framework")
    ]
    for one in sums(text, start, end):
        phase = "framework" if one.cue == "call" and reserved else PHASE_OF_CUE.get(one.cue or "")
        if phrases.says("sum.coordination", text, at, one.start):
            phase = "coordinationBudget"
        elif phase is None and reserved and phrases.says("money.framework", text, one.end, min(end, one.end + _FEW)):
            phase = "framework"
        at = one.end
        if phase and phase not in draft.phases and not any(share.start <= one.start < share.end for share in shares):
            draft.money.append(statement(phase, one, text))
            add_shares(page, draft, shares if phase == "framework" else [])


def owner(text: str, start: int, end: int) -> Bounds | None:
    """A ministry in the genitive with at most two small words between it and the word for theme."""
    for one in mentions.ministries(text, start, end):
        for theme in phrases.find("noun.theme", text, one.end, min(end, one.end + _FEW)):
            between = text[one.end : theme.start].split()
            if text[one.end - 1] in "ns" and len(between) < 3 and all(word.islower() for word in between):
                return one.start, one.end
    return None


_FEW = 60


def _fund_of(page: Page, draft: Draft, start: int, end: int) -> Mention | None:
    """The fund a sentence gives a theme: before its name or in a bracket right behind it, not a project's."""
    named = next((m for m in page.themes_in(start, end) if key_of(m.value) == draft.key), None)
    programmes = phrases.find("fund.programme", page.text, start, end)
    funds = page.funds_in(start, end)
    found = only([one for one in funds if all(one.start != other.start for other in programmes)])
    if found is None or named is None or found.start < named.start:
        return found
    own = page.text[named.end : found.start]
    return found if len(own) < 25 or not phrases.says("noun.project", page.text, start, end) else None
