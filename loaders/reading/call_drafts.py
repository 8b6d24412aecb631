"""Calls in the making: when two statements are of one, the calls of a list, and the records of a call."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from loaders import mentions, phrases
from loaders.blocks import Block, Bounds
from loaders.mentions import Mention, Time
from loaders.reading.call_sentences import NARROW
from loaders.reading.money import alike
from loaders.reading.page import Page
from loaders.reading.sums import Sum
from loaders.reading.theme_drafts import Themes
from loaders.records import About, Call, Record, Stated, Text


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
    closings: tuple[Time, ...] = ()
    """Its closing days where it has several, each of a fund: ``päättyy 27.2.2031 (EAKR) ja 1.3.2031 (ESR)``."""
    authorities: tuple[Stated[str], ...] = ()
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
    extended: bool = False
    """Its closing day was put off to this one."""
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
    opens, closes = one.opens or other.opens, one.closes or other.closes
    if opens and closes and closes.value < opens.value[: len(closes.value)]:
        return False
    if one.part and other.part and one.part != other.part:
        return False
    extended = one.extended or other.extended
    for a, b in ((one.opens, other.opens), *([] if extended else [(one.closes, other.closes)])):
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
        later = later or (name == "closes" and other.extended)
        if theirs and (mine is None or later or (len(theirs.value) > len(mine.value) and not one.extended)):
            setattr(one, name, theirs)
            one.label = other.label if mine and name == "opens" else one.label
    one.name, one.authorities = one.name or other.name, one.authorities or other.authorities
    one.theme, one.fund, one.budget = one.theme or other.theme, one.fund or other.fund, one.budget or other.budget
    one.coordination |= other.coordination
    one.closings = one.closings or other.closings
    one.extended |= other.extended
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
    if shared:
        return True
    near = one.section == other.section and one.dated != other.dated
    if one.standing or other.standing:  # ``jatkuva haku`` over fields that give only its opening day
        return near and (one.headed or other.headed) and not (one.closes or other.closes)
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
    """Tell whether a draft only heads or sums up others: it gives a year where they give days, or, as a title, one of these."""
    title = page.blocks[draft.block]
    inside = draft.block == page.title_block and title.start <= draft.label[0] < title.end
    plural = phrases.says("call.plural", page.text, *draft.label)  # ``vuoden 2031 hankehaut ovat päättyneet``
    if not (inside or plural) or draft.authorities or draft.budget:
        return False
    others = [{one.value for one in (other.opens, other.closes) if one} for other in drafts if other is not draft]
    own = {one.value for one in (draft.opens, draft.closes) if one}
    precise = [{day for day in days if len(day) > 4} for days in others]
    sharing = sum(not days.isdisjoint(own) for days in precise)  # two: it is the whole of which they are rounds
    yearly = max(map(len, own), default=0) == 4 and (inside or any(day[:4] in own for days in precise for day in days))
    return any(precise) and (yearly or (inside and sharing == 1))


def is_round(page: Page, draft: Draft, drafts: list[Draft]) -> bool:
    """Tell whether a draft is only a round (``Hakujakso 1``) of a continuous call, whose days hold its own."""
    block = page.blocks[draft.block]
    where = (block.start, block.end) if draft.opens else draft.label
    if not draft.closes or not phrases.says("call.round", page.text, *where):
        return False
    low, high = (draft.opens or draft.closes).value, draft.closes.value
    whole = [(one.opens.value, one.closes.value) for one in drafts if one.opens and one.closes]
    return any(opens <= low <= high <= closes and (opens, closes) != (low, high) for opens, closes in whole)


_SEVERAL = ("call.plural", "noun.calls")


def lead_of(page: Page, number: int) -> int | None:
    """The block that announces the list of calls of which a block is an item: a heading, or words that end with a colon.

    A line that begins with a period (``16.1.–31.3.2031 250 000 euroa``) is an item too.
    """
    block = page.blocks[number]
    bare = _begins_with_period(page, block)
    if block.kind != "item" and block.label != "call.name" and not bare:
        return None
    others = (n for n in range(number - 1, -1, -1) if page.blocks[n].kind not in ("item", "field"))
    for at in (n for n in others if not _begins_with_period(page, page.blocks[n])):
        words = page.words(page.blocks[at])
        ends = words.endswith(":")
        announces = ends or page.blocks[at].kind == "heading" or phrases.says("call.each", words)
        of_one = ["noun.call"] * (bare and page.blocks[at].kind == "heading")
        announces |= bare and not words.endswith(".")
        if announces and any(phrases.says(one, words) for one in (*_SEVERAL, *of_one)):
            return None if bare and (phrases.says("event", words) or mentions.times(words)) else at
        if not ends or len(words) > NARROW:  # else the name of a part of the list: ``Kehittämishankkeet:``
            return None
    return None


def _begins_with_period(page: Page, block: Block) -> bool:
    days = mentions.times(page.text, block.start, block.end) if block.kind in ("line", "heading") else []
    if [one.single for one in days[:2]] not in ([False], [False, True]) or len(days[0].closes or "") < 10:
        return False
    before = page.text[block.start : days[0].start].split()  # ``Från den``
    return len(before) <= 2 * page.text[block.start].isupper()


def entries(page: Page, drafts: list[Draft]) -> list[Draft]:
    """The calls of a list have the days, places and body that the words above it give all of them: these are no further call."""
    leads = {one.block: one for one in drafts if one.dated}
    for draft in drafts:
        at = lead_of(page, draft.block)
        lead = leads.get(at) if at is not None else None
        if lead:
            draft.lead, draft.opens, draft.closes = at, draft.opens or lead.opens, draft.closes or lead.closes
            draft.places, draft.authorities = draft.places or list(lead.places), draft.authorities or lead.authorities
        elif not draft.dated and (days := _days_over(page, draft.block)):
            draft.opens, draft.closes = page.day_of(days, days.opens), page.day_of(days, days.closes)
    for draft, lead in _headed(page, drafts):
        draft.lead, draft.opens, draft.closes = lead.block, lead.opens, lead.closes
        if heading := page.heading(draft.block):
            draft.name = draft.name or (heading.start, heading.end)
    return [one for one in drafts if all(one.block != other.lead for other in drafts)]


def _days_over(page: Page, number: int) -> Time | None:
    """The period that stands alone over the list of which a block is an item: ``9.–30. April 2024 (first step):``."""
    at = next((n for n in range(number, -1, -1) if page.blocks[n].kind != "item"), number)
    days = mentions.times(page.text, page.blocks[at].start, page.blocks[at].end) if at < number else []
    alone = days and not days[0].single and days[0].start == page.blocks[at].start
    return days[0] if alone and BEHIND_DAYS.fullmatch(page.text, days[-1].end, page.blocks[at].end) else None


BEHIND_DAYS = re.compile(r"\s*(?:\([^()]*\))?:\s*")
"""What stands behind days that are said of the list below them."""


def _headed(page: Page, drafts: list[Draft]) -> list[tuple[Draft, Draft]]:
    """The calls of which each heading gives one a sum, each with the one statement above that gives the days of all of them."""
    days = [one for one in drafts if one.dated]
    if len(days) != 1 or not any(phrases.says(one, page.words(page.blocks[days[0].block])) for one in _SEVERAL):
        return []
    lead = days[0]
    below = [one for one in drafts if one.budget and one.block > lead.block]
    sections = {one.section for one in below} - {None, lead.section}
    return [(one, lead) for one in below] if len(sections) == len(below) > 1 else []


def parted(page: Page, draft: Draft) -> Iterator[Draft]:
    """Regional calls told of together (``regionala utlysningar för Birkaland och Österbotten``) are one a region, or a day."""
    low, high = draft.label
    together = phrases.says("call.plural", page.text, low, high) and draft.budget is None
    if together and len(draft.regions) > 1 and all(low <= place.start < high for place in draft.regions):
        yield from (replace(draft, places=[place]) for place in draft.regions)
    elif draft.closings:
        for one in draft.closings:
            behind = mentions.funds(page.text, one.end, one.end + len(" (ESR+"))
            yield replace(draft, closes=page.day_of(one, one.closes), fund=next(iter(behind), draft.fund))
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
    places = draft.regions or draft.places
    finnish = page.language == "fi"
    known = sorted(places, key=lambda one: (one.value == mentions.own_name(one.value)) == finnish)
    named = {mentions.own_name(one.value): one for one in known}  # by their names in the language of the page
    fund = draft.fund or page.fund(draft.block, divided=len(themes.scopes) > 1)
    yield Call(
        key=key,
        label=Stated(Text(label, page.language), page.origin(*(draft.name or draft.label))),
        theme=theme,
        opens=draft.opens,
        closes=draft.closes,
        places=tuple(
            page.from_mention(named[name]) for name in dict.fromkeys(mentions.own_name(one.value) for one in places)
        ),
        coordination=draft.coordination,
        objectives=page.objectives(draft.objectives),
        authorities=draft.authorities,
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


def is_other(page: Page, known: Draft, draft: Draft) -> bool:
    """Tell whether words name another call than the one before: by its number, as the next, or beside one that stands open."""
    if draft.upcoming and known.dated:
        return True
    if not (known.dated or draft.dated) and known.authorities and draft.authorities:
        return {one.value for one in known.authorities}.isdisjoint(one.value for one in draft.authorities)
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


_SEASONS = {"season.spring": range(1, 7), "season.autumn": range(8, 13), "season.summer": range(5, 10)}


def in_season(call: Draft, words: str, time: Time) -> bool:
    """Tell whether a call whose days are known opened in a season of a year; one for coordination is told of apart."""
    opens = call.opens.value if call.opens else ""
    if call.coordination or opens[:4] != (time.opens or "")[:4]:
        return False
    months = next((months for cue, months in _SEASONS.items() if phrases.says(cue, words)), range(1, 13))
    return len(opens) < 7 or int(opens[5:7]) in months
