"""What a sentence says of a call: the days that open and close it, by the cues and nouns beside them; what announces it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from loaders import mentions, phrases
from loaders.blocks import Bounds
from loaders.mentions import Time
from loaders.reading.page import Page

NARROW = 60
_ADJACENT = 5
_CLAUSE = re.compile(r"[,:;(]\s")
_FAR = 80
"""A date is opened or closed by a cue at most so many characters away."""


def dated(page: Page, start: int, end: int, about_call: bool) -> Iterator[tuple[str, Time]]:
    """The dates of a sentence that open or close a call, by the nearest cue; days of events and decisions are others'."""
    cues = _cues(page.text, start, end, held=about_call)
    if not about_call and not any(concept in ("call.opens", "call.closes") for _, _, concept in cues):
        return
    seasons = about_call and any(c[2].startswith("call.") for c in cues)
    for time in mentions.times(page.text, start, end, years=False):
        if (not time.single and f"{time.opens}-{time.closes}" == page.period) or _is_number(page.text, time):
            continue
        concept = _concept(page.text, start, end, cues, time)
        if concept in ("event", "decision"):
            continue
        if not time.single:
            low, high = max(0, time.start - 2 * _FAR), min(end, time.end + _FAR)
            if about_call and (concept or phrases.says("noun.call", page.text, low, high)):
                yield "call.period", time
        elif concept and (len(time.opens or "") > 4 or seasons):
            yield concept, time


def _cues(text: str, start: int, end: int, *, held: bool) -> list[tuple[int, int, str]]:
    """The cues of a sentence; what was ``held`` opened then, unless the sentence speaks of an event."""
    concepts = ("call.opens", "call.closes", "event", "decision")
    cues = [(cue.start, cue.end, concept) for concept in concepts for cue in phrases.find(concept, text, start, end)]
    if held and not any(concept == "event" for _, _, concept in cues):
        cues += [(cue.start, cue.end, "call.opens") for cue in phrases.find("call.held", text, start, end)]
    return cues


def _concept(text: str, start: int, end: int, cues: list[tuple[int, int, str]], time: Time) -> str | None:
    """What a date of a sentence is: by the nearest cue, if that is a call's and no project's."""
    concept, cue = _nearest(cues, time, text) or (None, (start, start))
    if concept is None:
        return "call.opens" if _is_behind(text, start, time) else None
    if time.single and concept.startswith("call.") and not _of_call(text, start, cue, end):
        return None
    return "call.opens" if concept == "call.closes" and _opens_by(text, start, cue, time) else concept


def announcement(text: str, start: int, end: int, found: Sequence[Time]) -> Bounds:
    """Give the part of a sentence that announces a call: its noun with what stands before it in the clause, and its days."""
    nouns = [(cue.start, cue.end) for cue in phrases.find("noun.call", text, start, end)]
    if not nouns or not found:
        return start, end
    noun = min(nouns, key=lambda one: min(abs(one[0] - time.start) for time in found))
    low, high = min(noun[0], found[0].start), max(noun[1], found[-1].end)
    high += text[high : high + 1] == ")" and "(" in text[low:high]
    begins = max([start, *(match.end() for match in _CLAUSE.finditer(text, start, low))])
    if low - begins > _FAR:
        ordinals = (
            cue.start for concept in ("call.next", "call.ordinal") for cue in phrases.find(concept, text, begins, low)
        )
        begins = max(ordinals, default=low)
    return begins, high


def speaks_of_one(text: str, start: int, end: int) -> bool:
    """Tell whether a span has a noun for one call; ``hakuja`` are several."""
    others = {one.start for one in phrases.find("noun.no_call", text, start, end)}
    return any(one.start not in others for one in phrases.find("noun.call", text, start, end))


def _of_call(text: str, start: int, cue: Bounds, end: int) -> bool:
    """Tell whether the noun right before or behind a cue is one call's: ``rahoitetut hankkeet käynnistyvät`` is of projects."""
    others = {one.start for one in phrases.find("noun.no_call", text, start, end)}
    calls = {one.start for one in phrases.find("noun.call", text, start, end)} - others
    nouns = sorted(others | calls)
    before = [at for at in nouns if at < cue[0]]
    behind = [at for at in nouns if cue[1] <= at < cue[1] + NARROW]
    return not nouns or any(at in calls for at in (*before[-1:], *behind[:1])) or not (before or behind)


def _is_behind(text: str, start: int, time: Time) -> bool:
    """``avata vielä teeman viimeinen haku vuoden 2025 loppupuolella``: the noun right before, the verb far away."""
    near = phrases.find("noun.call", text, max(start, time.start - NARROW), time.start)
    return (
        bool(near)
        and time.start - near[-1].end < len(" vuoden ") + 1
        and phrases.says("call.opens", text, start, time.start)
    )


def _opens_by(text: str, start: int, cue: Bounds, time: Time) -> bool:
    """``Haku avataan vuoden 2025 alkuun mennessä``: the day is the latest on which a call opens."""
    by = phrases.pattern("cues", "call.by").fullmatch(text, *cue) is not None
    return by and phrases.says("call.opens", text, start, time.start)


def _is_number(text: str, time: Time) -> bool:
    """``Utlysning 2/2024``, ``haku 1/2025``: the number of a call, not a month."""
    printed = text[time.start : time.end]
    return (
        bool(re.fullmatch(r"\d{1,2}/\d{4}", printed))
        and phrases.says("noun.call", text, max(0, time.start - 20), time.start)
        and text[time.start - 1 : time.start] == " "
        and not re.search(r"[:–-]\s$", text[max(0, time.start - 3) : time.start])
    )


def _nearest(cues: list[tuple[int, int, str]], time: Time, text: str) -> tuple[str, Bounds] | None:
    """The concept of the cue nearest to a date, and the span of the cue."""
    best: tuple[float, str, Bounds] | None = None
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
            best = (distance, concept, (low, high))
    return best[1:] if best else None


def beside_noun(text: str, start: int, end: int) -> list[Time]:
    """Find the year right before the noun for a call: ``Vuoden 2024 rahoitushakuun jätettyjen``."""
    years = (one for one in mentions.times(text, start, end, years=True) if one.single and len(one.opens or "") == 4)
    noun = phrases.cues()["noun.call"]
    return [one for one in years if text[one.end].isspace() and noun.match(text, one.end + 1, end)][:1]


def seeks_coordination(text: str, low: int, high: int) -> bool:
    """Tell whether the nouns for a call and a coordination project stand side by side: ``koordinaatiohankkeen haku``."""
    calls = phrases.find("noun.call", text, low, high)
    projects = phrases.find("noun.coordination", text, low, high)
    return any(
        one.start - _ADJACENT <= two.end and two.start <= one.end + _ADJACENT for one in calls for two in projects
    )
