"""Calls in the making: what sentences say of one, when two statements are of one, and the records of a call."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from loaders import mentions, phrases
from loaders.blocks import Bounds
from loaders.mentions import Mention, Time
from loaders.reading.money import alike
from loaders.reading.page import Page
from loaders.reading.sums import Sum, sums
from loaders.reading.theme_drafts import Themes
from loaders.records import About, Call, Record, Stated, Text
from loaders.tables.funds import PERIODS
from loaders.text import trimmed
from loaders.values.marks import codes


@dataclass(slots=True)
class Draft:
    """A call while its parts are read."""

    label: Bounds
    """The words that announce it."""
    said: set[str] = field(default_factory=set)
    """The beginnings of the words that its sentence has, without those for calls."""
    name: Bounds | None = None
    """Its name, where one is printed."""
    opens: Stated[str] | None = None
    closes: Stated[str] | None = None
    authority: Stated[str] | None = None
    places: list[Mention] = field(default_factory=list)
    objectives: list[Mention] = field(default_factory=list)
    theme: Mention | None = None
    fund: Mention | None = None
    budget: Sum | None = None
    coordination: bool = False
    standing: bool = False
    """It is said to be open continuously, or to open some time."""
    block: int = 0
    section: int | None = None
    upcoming: bool = False
    """It is called the next one."""
    headed: bool = False
    """Fields under a heading of its own describe it."""
    lead: int | None = None
    """The block that announces the list of calls of which it is an entry."""
    part: str | None = None
    """The theme whose call it is: the one it names, else the one whose part of the page it stands in."""

    @property
    def dated(self) -> bool:
        """Whether an opening or closing day is known."""
        return bool(self.opens or self.closes)

    @property
    def regions(self) -> list[Mention]:
        """Its places without the major areas (``Länsi-Suomi``), which only frame the regions beside them."""
        return [one for one in self.places if not mentions.is_area(one.value)]

    @property
    def precise(self) -> bool:
        """Whether an opening or closing day is known to the day."""
        return any(one is not None and len(one.value) == 10 for one in (self.opens, self.closes))


def fits(one: Draft, other: Draft) -> bool:
    """Tell whether two statements can be of one call: no day, objective, place or theme of theirs contradicts."""
    if one.part and other.part and one.part != other.part:
        return False
    for a, b in ((one.opens, other.opens), (one.closes, other.closes)):
        if a and b and not (a.value.startswith(b.value) or b.value.startswith(a.value)):
            return False
    if (
        one.objectives
        and other.objectives
        and {o.value for o in one.objectives}.isdisjoint(o.value for o in other.objectives)
    ):
        return False
    mine, others = ({m.value for m in d.regions} for d in (one, other))
    if mine and others and mine.isdisjoint(others):
        return False
    return not (one.theme and other.theme and one.theme.value.casefold() != other.theme.value.casefold())


def join(one: Draft, other: Draft) -> None:
    """Add to a call what another statement of it says; the more precise day is kept, of the next call the later one."""
    one_dated, other_dated = one.dated, other.dated
    if other_dated and not one_dated:
        one.label = other.label
    for name in ("opens", "closes"):
        mine, theirs = getattr(one, name), getattr(other, name)
        later = one.upcoming and other.upcoming and mine and theirs and mine.value < theirs.value
        if theirs and (mine is None or later or len(theirs.value) > len(mine.value)):
            setattr(one, name, theirs)
            one.label = other.label if mine and name == "opens" else one.label
    one.name, one.authority = one.name or other.name, one.authority or other.authority
    one.theme, one.fund, one.budget = one.theme or other.theme, one.fund or other.fund, one.budget or other.budget
    one.coordination |= other.coordination
    one.lead = other.lead if one.lead is None else one.lead
    one.places += [p for p in other.places if p.value not in {m.value for m in one.places}]
    if other_dated != one_dated and one.objectives and other.objectives:  # what is said of calls in general widens none
        one.objectives = other.objectives if other_dated else one.objectives
    else:
        one.objectives += [o for o in other.objectives if o.value not in {m.value for m in one.objectives}]


def combined(drafts: list[Draft]) -> list[Draft]:
    """Give one draft a call: statements of one call joined, and those left out that only repeat another's days vaguely."""
    drafts = _completed(_merged(drafts))
    return [one for one in drafts if not any(_is_vaguer(one, other) for other in drafts if other is not one)]


def meant(calls: Sequence[Draft], draft: Draft) -> Draft | None:
    """The call of several that a statement names by its words (``sitä koskevaan hakuun``), else the first of them."""
    named = alike(draft.said, [one.said for one in calls])
    return calls[named or 0] if calls else None


def _merged(drafts: list[Draft]) -> list[Draft]:
    """One draft a call: later statements of the same days, or without days in the same section, are joined."""
    kept: list[Draft] = []
    for draft in drafts:
        same = meant([one for one in kept if _same(one, draft)], draft)
        if same is None:
            kept.append(draft)
        else:
            join(same, draft)
    return kept


def _is_vaguer(one: Draft, other: Draft) -> bool:
    """Tell whether a draft only repeats the days of another, less precisely or in part (``tammi–maaliskuussa 2024``)."""
    pairs = [(one.opens, other.opens), (one.closes, other.closes)]
    same = all(not a or (b is not None and b.value.startswith(a.value)) for a, b in pairs)
    less = [a and a.value for a, _ in pairs] != [b and b.value for _, b in pairs]
    return (
        one.dated
        and same
        and less
        and not one.headed
        and (one.section, one.upcoming, one.coordination) == (other.section, other.upcoming, other.coordination)
        and fits(one, other)
    )


def _same(one: Draft, other: Draft) -> bool:
    if one.upcoming and other.upcoming and one.section == other.section and not (one.headed or other.headed):
        return True
    if not fits(one, other) or (one.headed and other.headed and one.section != other.section):
        return False
    if one.lead is not None and one.lead == other.lead:
        return False
    shared = any(
        a and b and len(a.value) > 4 and len(b.value) > 4
        for a, b in ((one.opens, other.opens), (one.closes, other.closes))
    )
    if shared and not (
        one.objectives
        and other.objectives
        and {o.value for o in one.objectives} != {o.value for o in other.objectives}
        and one.budget
        and other.budget
    ):
        return True
    near = one.section == other.section and one.dated != other.dated and not (one.standing or other.standing)
    return near and abs(one.block - other.block) <= 2


def _completed(drafts: list[Draft]) -> list[Draft]:
    """Join what gives only the closing day of a call with what gives only its opening day beside it, or alone on the page."""
    kept: list[Draft] = []
    alone = sum(one.dated for one in drafts) == 2  # no other call on the page
    for draft in sorted(drafts, key=lambda one: one.block):
        beside = next((one for one in reversed(kept) if one.dated), None)
        if beside and any(_complement(*pair, alone=alone) for pair in ((beside, draft), (draft, beside))):
            join(beside, draft)
        else:
            kept.append(draft)
    return kept


def _complement(opened: Draft, closed: Draft, *, alone: bool) -> bool:
    """Tell whether one draft only opens a call and the other only closes it, later, and nothing sets them apart."""
    if opened.opens is None or closed.closes is None or opened.closes or closed.opens or opened.headed or closed.headed:
        return False
    if opened.upcoming != closed.upcoming:
        return False
    return (
        (alone or opened.section == closed.section)
        and opened.opens.value < closed.closes.value
        and fits(opened, closed)
    )


def heads(page: Page, draft: Draft, drafts: list[Draft]) -> bool:
    """Tell whether a draft is only the title of a page of calls: it gives a year where others give days, or a day of theirs."""
    title = page.blocks[draft.block]
    inside = draft.block == page.title_block and title.start <= draft.label[0] < title.end
    if not inside or draft.authority or draft.budget:
        return False
    others = [{one.value for one in (other.opens, other.closes) if one} for other in drafts if other is not draft]
    own = {one.value for one in (draft.opens, draft.closes) if one}
    precise = [{day for day in days if len(day) > 4} for days in others]
    sharing = sum(not days.isdisjoint(own) for days in precise)  # two: it is the whole of which they are rounds
    return any(precise) and (max(map(len, own), default=0) == 4 or sharing == 1)


def is_round(page: Page, draft: Draft, drafts: list[Draft]) -> bool:
    """Tell whether a draft is only a round (``Hakujakso 1``) of a continuous call, whose days hold its own."""
    block = page.blocks[draft.block]
    if not draft.opens or not draft.closes or not phrases.says("call.round", page.text, block.start, block.end):
        return False
    whole = [(one.opens.value, one.closes.value) for one in drafts if one.opens and one.closes]
    low, high = draft.opens.value, draft.closes.value
    return any(opens <= low <= high <= closes and (opens, closes) != (low, high) for opens, closes in whole)


def lead_of(page: Page, number: int) -> int | None:
    """The block that announces the list of calls of which a block is an item: a heading, or words that end with a colon."""
    block = page.blocks[number]
    listed = block.kind == "item" or block.label == "call.name"
    at = next((n for n in range(number - 1, -1, -1) if page.blocks[n].kind not in ("item", "field")), None)
    if not listed or at is None:
        return None
    lead = page.blocks[at]
    announces = lead.kind == "heading" or page.words(lead).endswith(":") or phrases.says("call.each", page.words(lead))
    return (
        at if announces and any(phrases.says(one, page.words(lead)) for one in ("call.plural", "noun.calls")) else None
    )


def entries(page: Page, drafts: list[Draft]) -> list[Draft]:
    """The calls of a list have the days, places and body that the words above it give all of them: these are no further call."""
    leads = {one.block: one for one in drafts if one.dated}
    for draft in drafts:
        at = lead_of(page, draft.block)
        lead = leads.get(at) if at is not None else None
        if lead:
            draft.lead, draft.opens, draft.closes = at, draft.opens or lead.opens, draft.closes or lead.closes
            draft.places, draft.authority = draft.places or list(lead.places), draft.authority or lead.authority
    return [one for one in drafts if all(one.block != other.lead for other in drafts)]


def parted(page: Page, draft: Draft) -> Iterator[Draft]:
    """Regional calls told of together (``regionala utlysningar för Birkaland och Österbotten``) are one a region."""
    low, high = draft.label
    together = phrases.says("call.plural", page.text, low, high) and draft.budget is None
    if together and len(draft.regions) > 1 and all(low <= place.start < high for place in draft.regions):
        yield from (replace(draft, places=[place]) for place in draft.regions)
    else:
        yield draft


_NOUNS = {
    "fi": ("Hankehaku", "Koordinaatiohankkeen haku"),
    "sv": ("Utlysning", "Utlysning av samordningsprojekt"),
    "en": ("Call for proposals", "Call for a coordination project"),
}


def records(page: Page, draft: Draft, themes: Themes, taken: set[str]) -> Iterator[Record]:
    """Make the record of a call, and that of its budget; in a part about one theme it is that theme's.

    Its key is its label, with a number where that is ``taken``.
    """
    theme = themes.of(draft.theme, page.origin(*draft.label).first)
    label = " ".join(page.text[slice(*draft.name)].split()) if draft.name else _label(page, draft, theme or "")
    label = label[:1].upper() + label[1:]
    key = next(key for n in count(1) if (key := label if n == 1 else f"{label} ({n})") not in taken)
    taken.add(key)
    fund = draft.fund or page.fund(draft.block, divided=len(themes.scopes) > 1)
    yield Call(
        key=key,
        label=Stated(Text(label, page.language), page.origin(*(draft.name or draft.label))),
        theme=theme,
        opens=draft.opens,
        closes=draft.closes,
        places=tuple(page.from_mention(place) for place in draft.regions or draft.places),
        coordination=draft.coordination,
        objectives=page.objectives(draft.objectives),
        authority=draft.authority,
        fund=page.from_mention(fund) if fund else None,
    )
    if draft.budget:
        yield page.money(About("call", key), "callBudget", draft.budget)


def _label(page: Page, draft: Draft, about: str) -> str:
    """A name a person would give: what is sought, when, and for what."""
    noun = _NOUNS.get(page.language, _NOUNS["en"])[draft.coordination]
    ordinal = next(iter(phrases.find("call.ordinal", page.text, *draft.label)), None)
    if ordinal and not draft.coordination:
        noun = f"{ordinal.words.capitalize()} {noun.lower()}"
    when = _when(draft)
    if not about and draft.objectives:
        about = ", ".join(one.value for one in [*draft.objectives, *(draft.places if len(draft.places) == 1 else [])])
    if not about and draft.places:
        about = ", ".join(dict.fromkeys(one.value for one in draft.places))
    if not about:
        words = " ".join(page.text[slice(*draft.label)].split())
        about = words if len(words) < 90 and not mentions.times(words) else ""
    return f"{noun} {when}".strip() + (f", {about}" if about else "")


def _when(draft: Draft) -> str:
    def shown(value: str) -> str:
        parts = value.split("-")
        return ("." if len(parts) == 3 else "/").join(str(int(part)) for part in reversed(parts))

    opens, closes = (shown(one.value) if one else "" for one in (draft.opens, draft.closes))
    return f"{opens}–{closes}" if opens or closes else ""


NARROW = 60
_ADJACENT = 5
_CLAUSE = re.compile(r"[,:;(]\s")
_FAR = 80
"""A date is opened or closed by a cue at most so many characters away."""


def dated(page: Page, start: int, end: int, *, listed: bool = False) -> Iterator[tuple[str, Time]]:
    """The dates of a sentence about a call that open or close it, by the nearest cue; those of events are others'.

    A period of an item that is ``listed`` among calls is when it is open.
    """
    cues = _cues(page.text, start, end)
    seasons = any(c[2].startswith("call.") for c in cues)
    for time in mentions.times(page.text, start, end, near=page.near):
        if (not time.single and f"{time.opens}-{time.closes}" in PERIODS) or _is_number(page.text, time):
            continue
        concept = _concept(page.text, start, end, cues, time)
        if concept in ("event", "decision"):
            continue
        if not time.single:
            low, high = max(0, time.start - 2 * _FAR), min(end, time.end + _FAR)
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
    calls = {one.start for one in phrases.find("noun.call", text, start, end)} - others
    if others:  # ``hakuja on ollut kolme, joista viimeisin sulkeutui``
        calls |= {one.start for one in phrases.find("call.ordinal", text, start, cue[0])}
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
    opens, closes = (phrases.find(one, text, start, cue[0]) for one in ("call.opens", "call.closes"))
    last = bool(opens) and not (closes and closes[-1].start > opens[-1].start)  # ``avoinna olevat haut päättyvät …``
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
        between = text[min(high, time.end) : max(low, time.start)]
        distance += 40.0 * len(re.findall(rf",\s|\s{phrases.AND}\s", between))
        if distance <= _FAR and (best is None or distance < best[0]):
            best = (distance, concept, (low, high))
    return best[1:] if best else None


def beside_noun(text: str, start: int, end: int) -> list[Time]:
    """Find the year of a call right before its noun, or behind it: ``Vuoden 2024 hakuun``, ``rahoitettu hausta 2023``."""
    years = (one for one in mentions.times(text, start, end, years=True) if one.single and len(one.opens or "") == 4)
    nouns = {one.start - 1 for one in phrases.find("noun.call", text, start, end)}
    return [one for one in years if one.end in nouns or text.endswith("hausta ", 0, one.start)][:1]


def seeks_coordination(text: str, low: int, high: int) -> bool:
    """Tell whether the nouns for a call and a coordination project stand side by side: ``koordinaatiohankkeen haku``."""
    calls = phrases.find("noun.call", text, low, high)
    projects = phrases.find("noun.coordination", text, low, high)
    return any(
        one.start - _ADJACENT <= two.end and two.start <= one.end + _ADJACENT for one in calls for two in projects
    )


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


def call_sum(page: Page, start: int, end: int) -> Sum | None:
    """The sum that a sentence says a call has to give; what was applied for or granted is none."""
    if phrases.says("noun.theme", page.text, start, end) and not phrases.says("noun.call", page.text, start, end):
        return None
    if any(one.kind == "project" for one in codes(page.text[start:end])):
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


_SEASONS = {"season.spring": range(1, 7), "season.autumn": range(8, 13), "season.summer": range(5, 10)}


def in_season(call: Draft, words: str, time: Time) -> bool:
    """Tell whether a call whose days are known opened in a season of a year; one for coordination is told of apart."""
    opens = call.opens.value if call.opens else ""
    if call.coordination or opens[:4] != (time.opens or "")[:4]:
        return False
    months = next((months for cue, months in _SEASONS.items() if phrases.says(cue, words)), range(1, 13))
    return len(opens) < 7 or int(opens[5:7]) in months
