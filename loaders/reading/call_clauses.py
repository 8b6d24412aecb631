"""Where a text tells of one call and where of another, and what it says that a call has to give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from loaders import mentions, phrases
from loaders.blocks import Block, Bounds
from loaders.reading.call_days import NARROW
from loaders.reading.call_drafts import Draft
from loaders.reading.page import Page
from loaders.reading.sums import Sum, sums


def is_other(page: Page, known: Draft, draft: Draft) -> bool:
    """Tell whether words name another call than the one before: by its number, as the next, or beside one that stands open."""
    if draft.upcoming and known.dated:
        return True
    if known.standing or draft.standing:
        return phrases.says("noun.call", page.text, *draft.label)
    return known.coordination and not draft.coordination and phrases.says("call.ordinal", page.text, *draft.label)


def in_news(page: Page, number: int) -> bool:
    """Tell whether a block stands below the word for news: each of its lines tells of a call of its own."""
    own = page.outline.sections[number]
    above = range(max(0, number - 8), number)
    return any(
        phrases.label(page.words(page.blocks[n])) == "document.news" for n in above if page.outline.sections[n] == own
    )


def clauses(page: Page, number: int, block: Block) -> Iterator[Bounds]:
    """The sentences of a block, cut where each of several periods is a call's (``… 1.2.–3.4. ja toinen 1.9.–3.10.``).

    News tell of two calls in one sentence (``avataan ideahaku ja keväällä hankehaku``).
    """
    for start, end in page.sentences(block):
        nouns = phrases.find("noun.call", page.text, start, end)
        whole = _over_blocks(page, number, end) if nouns and end - start < NARROW else end
        periods = [one for one in mentions.times(page.text, start, whole) if not one.single] if nouns else []
        if len(periods) < 2:
            joints = (
                phrases.find("cue.and", page.text, start, whole) if len(nouns) > 1 and in_news(page, number) else []
            )
            cuts = [
                one for one in joints if any(a.end < one.start for a in nouns) and any(b.start > one.end for b in nouns)
            ]
            yield from pairwise([start, *(one.end for one in cuts[:1]), whole])
            continue
        listed = page.text[start : periods[0].start].rstrip().endswith(":")  # the names stand behind the days
        days = [one.start for one in periods[1:]] if listed else [one.end for one in periods[:-1]]
        yield from pairwise([start, *days, whole])


def _over_blocks(page: Page, number: int, end: int) -> int:
    """Where a sentence ends that a narrow column divides: the lines below it begin with the call's days."""
    if number + 1 < len(page.blocks):
        low = page.blocks[number + 1].start
        days = mentions.times(page.text, low, min(len(page.text), low + 2 * NARROW))
        end = days[-1].end if days and days[0].start == low else end
    return end


def call_sum(page: Page, start: int, end: int) -> Sum | None:
    """The sum that a sentence says a call has to give; what was applied for or granted is none."""
    if phrases.says("noun.theme", page.text, start, end) and not phrases.says("noun.call", page.text, start, end):
        return None
    if phrases.says("sum.coordination", page.text, start, end) and not phrases.says("noun.call", page.text, start, end):
        return None
    for one in sums(page.text, start, end):
        if one.cue == "call" or (
            one.cue in ("granted", None)
            and phrases.says("money.call", page.text, start, end)
            and not phrases.says("money.past", page.text, start, end)
        ):
            return one
    return None


def limit(page: Page, start: int, end: int) -> Sum | None:
    """``… hankkeille enintään noin 1,9 miljoonaa euroa``: a cap in a sentence of projects, not of one project."""
    if not phrases.says("noun.project", page.text, start, end):
        return None
    return next((one for one in sums(page.text, start, end) if one.amount.maximum or one.amount.approximate), None)


def noun_phrase(page: Page, start: int, end: int) -> Bounds:
    """The word for a call with what stands right before it, unless that is a verb: ``hankkeiden ideahaku``."""
    noun = phrases.find("noun.call", page.text, start, end)[-1]
    before = re.search(r"(?<!\S)[\w-]+\s+$", page.text[start : noun.start])
    verb = before and any(phrases.says(cue, before.group()) for cue in ("call.opens", "call.held", "theme.verb"))
    return (start + before.start() if before and not verb else noun.start, noun.end)


__all__ = ["call_sum", "clauses", "in_news", "is_other", "limit", "noun_phrase"]
