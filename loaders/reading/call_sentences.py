"""What a sentence says of a call: the days that open and close it, the words that announce it, and its sum."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from loaders import mentions, phrases
from loaders.blocks import Bounds
from loaders.mentions import Time
from loaders.reading.page import Page
from loaders.reading.sums import Sum, sums
from loaders.tables.funds import PERIODS
from loaders.text import trimmed
from loaders.values.marks import codes

NARROW = 60
_ADJACENT = 5
_CLAUSE = re.compile(r"[,:;(]\s")
_JOINT = re.compile(rf",\s|\s{phrases.AND}\s")
_FAR = 80
"""A date is opened or closed by a cue at most so many characters away."""


def dated(page: Page, start: int, end: int, *, listed: bool = False) -> Iterator[tuple[str, Time]]:
    """The dates of a sentence about a call that open or close it, by the nearest cue; those of events are others'.

    A period of an item that is ``listed`` among calls is when it is open.
    """
    found = list(_dated(page, start, end, listed=listed))
    if is_extended(page, start, end):  # only the day to which it was put off
        closes = [(concept, time) for concept, time in found if concept != "call.opens"]
        last = max(closes, key=lambda one: one[1].closes or "", default=None)
        found = [one for one in found if one not in closes]
        found += [("call.closes", replace(last[1], opens=last[1].closes, single=True))] if last else []
    yield from found


def is_extended(page: Page, start: int, end: int) -> bool:
    """Tell whether a sentence says that a call closes later than was said before."""
    return phrases.says("call.extended", page.text, start, end)


def _dated(page: Page, start: int, end: int, *, listed: bool) -> Iterator[tuple[str, Time]]:
    cues = _cues(page.text, start, end)
    seasons = any(c[2].startswith("call.") for c in cues)
    for time in mentions.times(page.text, start, end, near=page.near):
        if (not time.single and f"{time.opens}-{time.closes}" in PERIODS) or _is_number(page.text, time):
            continue
        clause = max((match.end() for match in _CLAUSE.finditer(page.text, start, time.start)), default=start)
        concept = _concept(page.text, start, end, cues, time)
        if listed and not time.single and time.start - start < NARROW // 4:  # ``1.2.–3.3.2031, päätökset 5.5.2031``
            yield "call.period", time
            continue
        if concept in ("event", "decision") or phrases.says("call.was_to", page.text, clause, time.start):
            continue
        if not time.single:
            years = len(time.closes or "") == 4  # ``maakuntaohjelma 2022–2025``
            low, high = max(0, time.start - (_ADJACENT if years else 2 * _FAR)), min(end, time.end + _FAR)
            if concept or listed or phrases.says("noun.call", page.text, low, high):
                yield "call.period", time
        elif concept and (len(time.opens or "") > 4 or seasons):
            yield concept, time


def _cues(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """The cues of a sentence; what was held opened then, unless the sentence speaks of an event."""
    concepts = ("call.opens", "call.closes", "event", "decision")
    cues = [(cue.start, cue.end, concept) for concept in concepts for cue in phrases.find(concept, text, start, end)]
    if not any(concept == "event" for _, _, concept in cues):
        cues += [(cue.start, cue.end, "call.opens") for cue in phrases.find("call.held", text, start, end)]
    return cues


def _concept(text: str, start: int, end: int, cues: list[tuple[int, int, str]], time: Time) -> str | None:
    """What a date of a sentence is: by the nearest cue, if that is a call's and no project's."""
    concept, cue = _nearest(cues, time, text) or (None, (start, start))
    if concept is None:
        return "call.opens" if _is_behind(text, start, time) else None
    if _is_by(text, cue):  # ``Päätökset tehdään 30.6. mennessä``: the day is of what stands before
        before = [other for _, high, other in sorted(cues) if high <= time.start and other != "call.closes"]
        concept = before[-1] if before and not before[-1].startswith("call.") else concept
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
    if text[noun[1] : found[0].start].endswith((":", ": ", ":\n")):  # of a list: its name stands behind its days
        high = max(high, trimmed(text, low, end, right=" \n.,;")[1])
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
    others |= {
        one.start for one in phrases.find("system.name", text, start, end) if not text[start : one.start].strip()
    }
    said = phrases.find("noun.call", text, start, end)
    others = {
        at for at in others if not any(one.start < at < one.end for one in said)
    }  # ``welcomes project applications``
    calls = {
        one.start for one in said if one.start not in others or one.end + 1 == cue[0]
    }  # ``hakujen päättymispäivät``
    if others:  # ``hakuja on ollut kolme, joista viimeisin sulkeutui``
        calls |= {one.start for one in phrases.find("call.ordinal", text, start, cue[0])}
    nouns = sorted(others | calls)
    before = [at for at in nouns if at < cue[0]]
    behind = [at for at in nouns if cue[1] <= at < cue[1] + NARROW]
    behind = [at for at in behind if not (before and _JOINT.search(text, cue[1], at))]
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
    opens, closes = (phrases.find(one, text, start, cue[0]) for one in ("call.opens", "call.closes"))
    last = bool(opens) and not (closes and closes[-1].start > opens[-1].start)  # ``avoinna olevat haut päättyvät …``
    last = last and not re.search(r"\d\.\d{1,2}\.", text[opens[-1].end : cue[0]])  # that verb has its own day
    behind = phrases.says("call.opens", text, cue[1], time.start)
    return _is_by(text, cue) and (last or behind)


def _is_by(text: str, cue: Bounds) -> bool:
    """Tell whether a cue is but a word for the latest day (``mennessä``), which goes with any verb."""
    return phrases.pattern("cues", "call.by").fullmatch(text, *cue) is not None


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
        if concept == "call.closes" and 0 <= time.start - high <= _ADJACENT:  # ``Fram till den 24 augusti pågår …``
            distance -= 2 * _ADJACENT
        between = text[min(high, time.end) : max(low, time.start)]
        distance += 40.0 * len(_JOINT.findall(between))
        if distance <= _FAR and (best is None or distance < best[0]):
            best = (distance, concept, (low, high))
    return best[1:] if best else None


def beside_noun(text: str, start: int, end: int) -> list[Time]:
    """Find the year of a call right before its noun, or behind it: ``Vuoden 2024 hakuun``, ``rahoitettu hausta 2023``."""
    years = (one for one in mentions.times(text, start, end, years=True) if one.single and len(one.opens or "") == 4)
    nouns = {one.start - 1 for one in phrases.find("noun.call", text, start, end)}
    beside = [one for one in years if one.end in nouns or text.endswith("hausta ", 0, one.start)]
    return [one for one in beside if not of_system(text, start, one)][:1]


def of_system(text: str, start: int, year: Time) -> bool:
    """Tell whether a year is part of the name of a system: ``EURA 2021 -hakuilmoitus``."""
    return phrases.says("system.name", text, max(start, year.start - 6), year.end)


def seeks_coordination(text: str, low: int, high: int) -> bool:
    """Tell whether the nouns for a call and a coordination project stand side by side: ``koordinaatiohankkeen haku``."""
    calls = phrases.find("noun.call", text, low, high)
    projects = phrases.find("noun.coordination", text, low, high)
    return any(
        one.start - _ADJACENT <= two.end and two.start <= one.end + _ADJACENT for one in calls for two in projects
    )


def call_sum(
    page: Page, start: int, end: int, *, of_call: bool = False, listed: bool = False, capped: bool = False
) -> Sum | None:
    """The sum that a sentence says a call has to give, where it names the call or is ``of_call``.

    What one project may get at most is none, nor what was applied for or granted. Of an item ``listed`` among calls it is the
    only sum; what projects may get together (``hankkeille enintään noin 1,9 miljoonaa euroa``) is one where ``capped``.
    """
    of_call |= (named := phrases.says("noun.call", page.text, start, end))
    other = any(phrases.says(one, page.text, start, end) for one in ("noun.theme", "sum.coordination"))
    of_programme = not named and phrases.says("money.programme", page.text, start, end)
    if of_programme or any(one.kind == "project" for one in codes(page.text[start:end])):
        return None
    said = {one for one in _MONEY if phrases.says(one, page.text, start, end)}
    found = [one for one in sums(page.text, start, end) if not _is_limit(page.text, start, one, end)]
    stated = (
        one for one in found if (named or not other) and _is_whole(page.text, start, one, end, said, of_call=of_call)
    )
    rough = (one for one in found if one.amount.maximum or one.amount.approximate)
    together = rough if capped and "noun.project" in said and "money.past" not in said else iter(())
    only = [one for one in found if listed and len(found) == 1 and one.cue in (None, "share")]
    return next(chain(stated, together, only), None)


def _is_whole(text: str, start: int, one: Sum, end: int, said: set[str], *, of_call: bool) -> bool:
    """Tell whether words say that a call has a sum to give: by its cue, or by what its sentence has ``said``."""
    if one.cue == "call":
        clause = max((match.end() for match in _CLAUSE.finditer(text, start, one.start)), default=start)
        return not phrases.says("money.grants_past", text, clause, one.start)
    if one.cue == "cost":
        return of_call and "noun.project" not in said
    given = "money.call" in said or (of_call and "money.total" in said and one.cue == "granted")
    return one.cue in ("granted", None) and (
        (given and "money.past" not in said) or _beside_noun(text, start, one, end)
    )


_MONEY = ("money.call", "money.past", "money.total", "noun.project")


def _beside_noun(text: str, start: int, one: Sum, end: int) -> bool:
    """Tell whether a sum stands right beside the noun: ``2 miljoonan euron haku``, ``en utlysning på 2 miljoner euro``."""
    calls = phrases.find("noun.call", text, start, end)
    return one.cue is None and any(
        0 < call.start - one.end < 3 or 0 < one.start - call.end < _ADJACENT for call in calls
    )


def _is_limit(text: str, start: int, one: Sum, end: int) -> bool:
    """Tell whether a sum is what each project may get: ``hankkeelle voidaan myöntää``, ``hanketta kohden``."""
    low = max((match.end() for match in _CLAUSE.finditer(text, start, one.start)), default=start)
    behind = min(end, one.end + _ADJACENT * 8)
    return any(phrases.says("money.each", text, *span) for span in ((low, one.start), (one.end, behind)))
