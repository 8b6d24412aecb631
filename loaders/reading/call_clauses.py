"""Where a text tells of one call and where of another, and which of its days and sums are the call's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from loaders import mentions, phrases
from loaders.blocks import Block, Bounds
from loaders.mentions import Time
from loaders.reading.call_drafts import Draft
from loaders.reading.page import Page
from loaders.reading.sums import Sum, sums

_NARROW = 60
_FAR = 80
"""A date is opened or closed by a cue at most so many characters away."""


def is_other(page: Page, known: Draft, draft: Draft) -> bool:
    """Tell whether words name another call than the one before: by its number, or beside one that only stands open."""
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
        whole = _over_blocks(page, number, end) if nouns and end - start < _NARROW else end
        periods = [one.end for one in mentions.times(page.text, start, whole) if not one.single] if nouns else []
        if len(periods) < 2:
            joints = (
                phrases.find("cue.and", page.text, start, whole) if len(nouns) > 1 and in_news(page, number) else []
            )
            cuts = [
                one for one in joints if any(a.end < one.start for a in nouns) and any(b.start > one.end for b in nouns)
            ]
            yield from pairwise([start, *(one.end for one in cuts[:1]), whole])
            continue
        yield from pairwise([start, *periods[:-1], whole])


def _over_blocks(page: Page, number: int, end: int) -> int:
    """Where a sentence ends that a narrow column divides: the lines below it begin with the call's days."""
    if number + 1 < len(page.blocks):
        low = page.blocks[number + 1].start
        days = mentions.times(page.text, low, min(len(page.text), low + 2 * _NARROW))
        end = days[-1].end if days and days[0].start == low else end
    return end


def dated_in(page: Page, start: int, end: int, about_call: bool) -> Iterator[tuple[str, Time]]:
    """The dates of a sentence that open or close a call, by the nearest cue; days of events and decisions are others'."""
    cues = [
        (cue.start, cue.end, concept)
        for concept in ("call.opens", "call.closes", "event", "decision")
        for cue in phrases.find(concept, page.text, start, end)
    ]
    if about_call and not any(concept == "event" for _, _, concept in cues):
        cues += [(cue.start, cue.end, "call.opens") for cue in phrases.find("call.held", page.text, start, end)]
    if not about_call and not any(concept in ("call.opens", "call.closes") for _, _, concept in cues):
        return
    seasons = about_call and any(c[2].startswith("call.") for c in cues)
    for time in mentions.times(page.text, start, end, years=False):
        if (not time.single and f"{time.opens}-{time.closes}" == page.period) or _is_number(page.text, time):
            continue
        nearest = _nearest(cues, time, page.text)
        if nearest in ("event", "decision"):
            continue
        if not time.single:
            if about_call and (
                nearest or phrases.says("noun.call", page.text, max(0, time.start - _FAR), min(end, time.end + _FAR))
            ):
                yield "call.period", time
        elif nearest and (len(time.opens or "") > 4 or seasons):
            yield nearest, time


def _is_number(text: str, time: Time) -> bool:
    """``Utlysning 2/2024``, ``haku 1/2025``: the number of a call, not a month."""
    printed = text[time.start : time.end]
    return (
        bool(re.fullmatch(r"\d{1,2}/\d{4}", printed))
        and phrases.says("noun.call", text, max(0, time.start - 20), time.start)
        and text[time.start - 1 : time.start] == " "
        and not re.search(r"[:–-]\s$", text[max(0, time.start - 3) : time.start])
    )


def _nearest(cues: list[tuple[int, int, str]], time: Time, text: str) -> str | None:
    best: tuple[float, str] | None = None
    for low, high, concept in cues:
        if high <= time.start:
            distance = time.start - high + 0.0
        elif low >= time.end:
            distance = low - time.end + (-2.0 if low - time.end < 3 else 4.0)
        else:
            distance = 0.0
        between = text[min(high, time.end) : max(low, time.start)]
        distance += 40.0 * len(re.findall(r",\s|\s(?:ja|och|and)\s", between))
        if distance <= _FAR and (best is None or distance < best[0]):
            best = (distance, concept)
    return best[1] if best else None


def noun_phrase(page: Page, start: int, end: int) -> Bounds:
    """The word for a call with what stands right before it, unless that is a verb: ``hankkeiden ideahaku``."""
    noun = phrases.find("noun.call", page.text, start, end)[-1]
    before = re.search(r"(?<!\S)[\w-]+\s+$", page.text[start : noun.start])
    verb = before and any(phrases.says(cue, before.group()) for cue in ("call.opens", "call.held", "theme.verb"))
    return (start + before.start() if before and not verb else noun.start, noun.end)


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


__all__ = ["call_sum", "clauses", "dated_in", "in_news", "is_other", "limit", "noun_phrase"]
