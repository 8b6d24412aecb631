"""Calls for proposals: from sentences, and what a page says once of its calls."""

import re
from collections.abc import Iterator
from itertools import pairwise, takewhile

from loaders import mentions, phrases
from loaders.blocks import Block, Bounds
from loaders.mentions import Mention
from loaders.reading import call_bodies, call_drafts, call_sentences
from loaders.reading.call_drafts import Draft, combined, fits, join, records
from loaders.reading.call_fields import (
    BESIDE,
    add,
    from_fields,
    from_rows,
    listed,
    take_beside,
    take_date,
    take_days,
    take_facts,
    take_name,
)
from loaders.reading.call_sentences import call_sum
from loaders.reading.money import stems
from loaders.reading.page import Page
from loaders.reading.sums import Sum, holds_sum, sums
from loaders.reading.theme_drafts import Themes
from loaders.records import Record

_SHORT = 60
_REACH = 3
"""A sentence without the noun for a call goes on one that stands at most so many sentences above."""


def read(page: Page, themes: Themes, *, of_theme: bool = False) -> list[Record]:
    """Read every call of a page and its budget; ``of_theme``, on a page that describes a theme, from its own sentences only."""
    drafts = [*from_rows(page), *from_fields(page), *_from_sentences(page)]
    drafts = call_drafts.entries(page, drafts)
    for draft in drafts:
        draft.theme = draft.theme or themes.before_call(page, page.blocks[draft.block].start, draft.label[1])
        draft.part = themes.of(draft.theme, page.origin(*draft.label).first)
    drafts = combined([draft for draft in drafts if not call_drafts.is_round(page, draft, drafts)])
    drafts = _of_only(page, [draft for draft in drafts if not call_drafts.heads(page, draft, drafts)])
    dated = {draft.section for draft in drafts if draft.dated}
    drafts = [one for one in drafts if one.dated or one.standing or (one.section not in dated and _worth(page, one))]
    if len(themes.scopes) < 2 and not of_theme:  # what a page of several themes says once is of one theme's call
        _from_page(page, drafts, themes)
    drafts = [one for draft in drafts for one in call_drafts.parted(page, draft)]
    drafts += _told_together(page, drafts)
    taken: set[str] = set()
    return [record for draft in drafts for record in records(page, draft, themes, taken)]


def _of_only(page: Page, drafts: list[Draft]) -> list[Draft]:
    """On a page that announces one call, what is said of a call without days (``Haussa on jaossa …``) is said of that one."""
    days = [one for one in drafts if one.precise] or [one for one in drafts if one.dated]
    days = days or [one for one in drafts if one.standing][:1]
    loose = [one for one in drafts if one not in days and not one.dated] if len(days) == 1 and _announces(page) else []
    for one in loose:
        if fits(days[0], one):
            join(days[0], one)
            drafts = [other for other in drafts if other is not one]
    return drafts


def _announces(page: Page) -> bool:
    """Tell whether the title, or a block up to the end of the first paragraph, says that a call opens or is open."""
    long = next((n for n, b in enumerate(page.blocks) if b.kind == "line" and b.end - b.start > _SHORT), 10**9)
    head = (page.words(b) for n, b in enumerate(page.blocks[: long + 1]) if n not in page.menu)
    return page.of_call or any(all(phrases.says(one, b) for one in ("noun.call", "call.opens")) for b in head)


def _told_together(page: Page, known: list[Draft]) -> Iterator[Draft]:
    """Calls told of by their number and seasons (``kaksi hakua keväällä 2024 ja keväällä 2025``), if not known by a day."""
    waiting = list(known)
    for start, end in page.outline.text.sentences():
        noun = next(iter(phrases.find("noun.calls", page.text, start, end)), None)
        number = next((n for n, b in enumerate(page.blocks) if noun and b.start <= noun.start < b.end), 0)
        end = min(end, page.blocks[number].end)
        dated = [one for one in mentions.times(page.text, noun.end, end) if one.single] if noun else []
        for one in dated:
            low = max(start, one.start - 12)
            same = next(
                (call for call in waiting if noun and call_drafts.in_season(call, page.text[low : one.end], one)), None
            )
            if same:
                waiting.remove(same)
            elif noun and len(dated) > 1 and len(one.opens or "") < 10:
                draft = Draft((noun.start, one.end), block=number, section=page.outline.sections[number])
                take_date(page, draft, "call.opens", one)
                yield draft


def _worth(page: Page, draft: Draft) -> bool:
    """Tell whether an undated call is said to exist: it has a body and says for what, or a sum, and is no heading."""
    told = bool(draft.authorities and (draft.places or draft.objectives or draft.theme)) or draft.budget is not None
    told |= bool(draft.theme or draft.regions) and phrases.says("call.is_open", page.text, *draft.label)
    heading = page.heading(draft.block)
    if told and heading and draft.name is None and phrases.says("noun.funding", page.words(heading)):
        draft.name = (heading.start, heading.end)  # ``Omaehtoinen AKKE-rahoitus``
    return told and page.blocks[draft.block].kind != "heading"


# sentences


def _from_sentences(page: Page) -> Iterator[Draft]:
    for number, block in enumerate(page.blocks):
        of_calls = block.kind in ("line", "item", "heading") or call_drafts.lead_of(page, number) is not None
        named = block.values[0][0] if block.label == "call.name" and block.values else block.start
        of_calls |= bool(mentions.times(page.text, block.start, named))  # ``Hankehaku (1.2.–3.3.2031): Verkostot``
        if of_calls and number not in page.menu and not page.related(number):
            yield from _from_block(page, number, block)


def _from_block(page: Page, number: int, block: Block) -> Iterator[Draft]:
    """The calls of one paragraph: a sentence goes on the call before it unless something it says contradicts."""
    calls: list[Draft] = []
    budget: Sum | None = None
    since = 0
    listed = _is_listed(page, number)
    if not (listed or phrases.says("noun.call", page.text, block.start, block.end)):
        return
    for start, end in _clauses(page, number, block):
        since += 1
        known = calls[-1] if calls and since <= _REACH else None
        of_call = known or listed or phrases.says("noun.call", page.text, start, end)
        draft = _of_sentence(page, number, start, end, known) if of_call else None
        if draft is None or (listed and not draft.dated and not draft.budget):
            budget = budget or call_sum(page, start, end)  # of the call that the next sentence tells of
            continue
        since = 0
        draft.said = stems(page.text[start:end]).difference(
            *(stems(one.words) for one in phrases.find("noun.call", page.text, start, end))
        )
        if not calls:
            draft.budget = draft.budget or budget
        near = calls[-1:] if draft.dated else calls[::-1]
        fitting = [one for one in near if fits(one, draft) and not call_drafts.is_other(page, one, draft)]
        if (same := call_drafts.meant(fitting, draft)) is not None:
            join(same, draft)
        else:
            calls.append(draft)
    yield from calls


def _is_listed(page: Page, number: int) -> bool:
    """Tell whether a block is an item of a list of calls that does not say so itself: ``Satakuntaliitto, 1.2.–3.3.2031``."""
    block = page.blocks[number]
    says = phrases.says("noun.call", page.text, block.start, block.end)
    return not says and call_drafts.lead_of(page, number) is not None


def _clauses(page: Page, number: int, block: Block) -> Iterator[Bounds]:
    """The sentences of a block, cut where each of several periods is a call's (``… 1.2.–3.4. ja toinen 1.9.–3.10.``).

    News tell of two calls in one sentence (``avataan ideahaku ja keväällä hankehaku``).
    """
    for start, end in page.sentences(block):
        nouns = phrases.find("noun.call", page.text, start, end)
        whole = _over_blocks(page, number, end) if nouns and end - start < call_sentences.NARROW else end
        periods = [one for one in mentions.times(page.text, start, whole) if not one.single] if nouns else []
        if len(periods) == 1 and (cut := _closes_later(page, periods[0].end, whole)):
            yield from pairwise([start, cut, whole])
            continue
        if len(periods) < 2:
            joints = phrases.find("cue.and", page.text, start, whole) if len(nouns) > 1 else []
            said = [(one.start, one.end) for one in nouns]
            dated = [(one.start, one.end) for one in mentions.times(page.text, start, whole)] if joints else []
            both = [said] if call_drafts.in_news(page, number) else [said, dated]  # each call has its own noun and day
            cuts = [
                cut.end
                for cut in joints
                if all(
                    any(high < cut.start for _, high in one) and any(low > cut.end for low, _ in one) for one in both
                )
            ]
            yield from pairwise([start, *cuts[:1], whole])
            continue
        listed = page.text[start : periods[0].start].rstrip().endswith(":")  # the names stand behind the days
        days = [one.start for one in periods[1:]] if listed else [one.end for one in periods[:-1]]
        yield from pairwise([start, *days, whole])


def _closes_later(page: Page, low: int, end: int) -> int | None:
    """Where a second call begins behind the days of the first: ``ideahaku 1.2.–3.3., varsinainen haku päättyy 5.6.``."""
    noun = next((one for one in phrases.find("noun.call", page.text, low, end) if page.text[low] in ",;"), None)
    days = [one for one in mentions.times(page.text, noun.end, end) if one.single] if noun else []
    closes = noun and days and phrases.says("call.closes", page.text, noun.end, days[0].end)
    return low if closes else None


def _over_blocks(page: Page, number: int, end: int) -> int:
    """Where a sentence ends that a narrow column divides: the lines below it begin with the call's days."""
    if number + 1 < len(page.blocks):
        low = page.blocks[number + 1].start
        days = mentions.times(page.text, low, min(len(page.text), low + 2 * call_sentences.NARROW))
        own = page.day is not None and page.day.start == low  # the day on which the page came out
        below = days and call_drafts.BEHIND_DAYS.fullmatch(page.text, days[-1].end, page.blocks[number + 1].end)
        end = (
            days[-1].end
            if days and days[0].start == low and not own and not below and len(days[0].opens or "") > 4
            else end
        )  # of the list below
    return end


def _of_sentence(page: Page, number: int, start: int, end: int, current: Draft | None) -> Draft | None:
    """What a sentence says of a call; None where it is about none."""
    listed = _is_listed(page, number)
    about_call = listed or phrases.says("noun.call", page.text, start, end)
    below = number + 1 < len(page.blocks) and page.blocks[number].kind == "heading"
    last = page.blocks[number + below].end if below else end  # a heading says no more than the words below it
    no_call = (
        reason
        for cue, reason in _NO_CALL.items()
        if phrases.says(cue, page.text, start, last if cue == "call.undecided" else end)
    )
    if reason := next(no_call, None):
        page.leave_out(start, end, reason, understood=True)
        return None
    found = list(call_sentences.dated(page, start, end, listed=listed))
    draft = Draft((start, end), block=number, section=page.outline.sections[number])
    if not about_call:
        found = [] if phrases.says("theme.body", page.text, start, end) else found  # since when a body has the theme
        nouns = ("noun.project", "noun.coordination", "noun.no_call")
        of_project = any(phrases.says(noun, page.text, start, end) for noun in nouns)
        if current is None or (found and of_project):
            return None
        draft.authorities = call_bodies.funders(page, start, end) if not found else ()
        if draft.authorities:
            return draft
        if not found and not call_sum(page, start, end, of_call=True):
            targets = not current.regions and phrases.says("call.target", page.text, start, end)
            draft.places += mentions.places(page.text, start, end) if targets else []
            return draft if draft.places else None
    several = phrases.says("noun.calls", page.text, start, end)
    if several and len(found) > 1 and all(len(one.opens or one.closes or "") < 5 for _, one in found):
        return None
    draft.upcoming = phrases.says("call.next", page.text, start, end)
    draft.extended = call_sentences.is_extended(page, start, end)
    if not found and about_call:
        found += [("call.opens", one) for one in call_sentences.beside_noun(page.text, start, end)]
    precise = {concept for concept, time in found if len(time.opens or time.closes or "") > 4}
    found = [
        one for one in found if len(one[1].opens or one[1].closes or "") > 4 or not precise & {one[0], "call.period"}
    ]
    take_days(page, draft, found)
    if about_call and not found and not several and call_sentences.speaks_of_one(page.text, start, end):
        _undated(page, draft, start, end)
    draft.label = call_sentences.announcement(page.text, start, end, [time for _, time in found])
    _sentence_facts(page, draft, start, end, about_call=about_call)
    draft.coordination = draft.coordination and (draft.dated or current is None or not current.dated)
    return draft


_NO_CALL = {
    "call.undecided": "undecided-call",
    "call.not_opened": "call-not-opened",
    "call.general": "calls-in-general",
    "call.processing": "processing-days",
    "programme.rural": "other-programme",
}
"""What says that a sentence with the noun for calls tells of none, and the reason why it is left out."""
_QUOTED = re.compile(r"\s*:?\s*[\"”“](?P<name>[A-ZÅÄÖ][^\"”“]{2,140})[\"”“]")
"""A call's name in quotes behind its noun."""


def _undated(page: Page, draft: Draft, start: int, end: int) -> None:
    """A call of a short sentence, or of news, that gives only a year, or says to be open continuously or to open some time."""
    news = call_drafts.in_news(page, draft.block) and not phrases.says("event", page.text, start, end)
    held = all(phrases.says(cue, page.text, start, end) for cue in ("call.held", "call.ordinal"))
    told = news or held or end - start < _SHORT
    for one in mentions.times(page.text, start, end, years=True):
        opened = phrases.pattern("cues", "call.opens").match(page.text, one.end + 1, end)  # ``Vuonna 2023 avattiin``
        if (
            one.single
            and len(one.opens or "") == 4
            and (told or opened)
            and not call_sentences.of_system(page.text, start, one)
        ):
            until = phrases.says("call.closes", page.text, max(start, one.start - _SHORT // 3), one.start)
            take_date(page, draft, "call.closes" if until else "call.opens", one)
    opens = news and phrases.says("call.opens", page.text, start, end)
    draft.standing = not draft.dated and (opens or phrases.says("call.continuous", page.text, start, end))
    for cue in phrases.find("call.is_open", page.text, start, end)[:1]:  # ``on avoinna Muuttuvien alojen hankehaku``
        nouns = phrases.find("noun.call", page.text, cue.end, end)
        draft.name = (cue.end + 1, nouns[0].end) if nouns and page.text[cue.end + 1].isupper() else None
    if draft.standing:
        draft.name = _noun_phrase(page, start, end)


def _sentence_facts(page: Page, draft: Draft, start: int, end: int, *, about_call: bool) -> None:
    take_facts(page, draft, start, end)
    for noun in phrases.find("noun.call", page.text, start, end):
        quoted = _QUOTED.match(page.text, noun.end, end)
        if quoted and not phrases.says("noun.theme", page.text, quoted.end(), min(end, quoted.end() + 8)):
            draft.name = draft.name or quoted.span("name")
    draft.authorities = call_bodies.of_sentence(page, start, end, about_call=about_call)
    draft.places += mentions.places(page.text, start, end)
    named = call_bodies.acting(page, start, end)
    if len(named) > 2:  # ``avataan A:n, B:n ja C:n liittojen rahoituskehyksistä``
        bodies = ((one, call_bodies.area(one.name)) for one in named)
        add(draft.places, [Mention(place, one.start, one.end) for one, place in bodies if place])
    lead = call_drafts.lead_of(page, draft.block)
    above = [page.blocks[lead], page.heading(draft.block)] if lead is not None and not draft.places else []
    for one in above:  # ``Kymenlaakson hakujaksot``
        if one and any(phrases.says(noun, page.words(one)) for noun in ("noun.call", "call.plural")):
            add(draft.places, mentions.places(page.text, one.start, one.end))
    listed = (draft.opens and draft.closes) or lead is not None
    listed = listed and page.text[end - 1] not in ".!?"  # no sentence: ``ESR+ 4.1, haku 20.1.–7.3.2025, Uusimaa, 4 M€``
    draft.budget = call_sum(page, start, end, of_call=True, listed=bool(listed)) or draft.budget


def _from_page(page: Page, drafts: list[Draft], themes: Themes) -> None:
    """What the page says once is said of its only call, or of all its calls where they lack it."""
    for draft in drafts:
        _complete_by_fields(page, draft, _blocks_about(page, draft, drafts))
    current = drafts if len(drafts) == 1 else [one for one in drafts if one.precise and page.of_call]
    if len(current) == 1:
        _complete(page, current[0], alone=len(drafts) == 1)
    if page.of_call or not page.themes:  # on a page about themes a body in its head is the publisher
        call_bodies.complete(page, drafts)
    for draft in drafts:
        if draft.section is not None and not draft.places and not draft.theme:
            add(draft.places, listed(page, draft.section, page.blocks[draft.section]))
    if page.title_block is not None:
        _complete_by_title(page, drafts, page.blocks[page.title_block])


def _complete_by_title(page: Page, drafts: list[Draft], title: Block) -> None:
    """Give the calls that name no place those of the title, if it is of calls, and the page names none of another call."""
    of_calls = any(phrases.says(noun, page.words(title)) for noun in ("noun.call", "money.call"))
    found = mentions.places(page.text, title.start, title.end) if of_calls else []
    placed = any(title.end <= place.start for one in drafts for place in one.places)
    for draft in drafts if found else ():
        whole = phrases.says("place.whole_country", page.before(draft.block))
        if not (draft.places or draft.theme or whole) and (page.blocks[draft.block].kind == "row" or not placed):
            add(draft.places, found)


def _blocks_about(page: Page, draft: Draft, drafts: list[Draft]) -> Iterator[Block]:
    """The blocks that are about one call: all of the page, its section, or the lines right below that which announces it."""
    own, below = page.outline.sections, page.blocks[draft.block + 1 :]
    if len(drafts) == 1:
        return iter(page.blocks)
    if [one.section for one in drafts].count(draft.section) == 1:
        return (block for number, block in enumerate(page.blocks) if own[number] == draft.section)
    return takewhile(lambda block: not block.gap and block.kind in ("line", "field"), below)


def _complete_by_fields(page: Page, draft: Draft, blocks: Iterator[Block]) -> None:
    """Add to a call what fields beside its sentence say, and its places."""
    placed = bool(draft.regions)
    for block in blocks:
        for start, end in page.sentences(block) if block.kind == "line" and draft.headed and not placed else ():
            if phrases.says("call.target", page.text, start, end):
                add(draft.places, mentions.places(page.text, start, end))
        if block.kind != "field" or not block.values:
            continue
        label = block.label or ""
        funding = label == "money.funding" and draft.budget is None and holds_sum(page.text, block.start, block.end)
        if label == "money.cost" and not page.of_call:
            continue
        if funding or (label in (*BESIDE, "call.budget") and not (label == "call.places" and draft.places)):
            take_beside(page, draft, label, *page.outline.value(block))


def _complete(page: Page, only: Draft, *, alone: bool) -> None:
    """Add to the only call of a page its name, budget, objectives, places, theme and body from anywhere on the page."""
    for number, block in enumerate(page.blocks):
        if number in page.menu:
            continue
        for start, end in page.sentences(block):
            only.authorities = call_bodies.funders(page, start, end) or only.authorities
        if only.budget is None and block.kind in ("line", "item") and not _of_other(page, only, number):
            sentences = page.sentences(block)
            only.budget = next(filter(None, (call_sum(page, *one, capped=True) for one in sentences)), None)
        add(only.objectives, mentions.objectives(page.text, block.start, block.end))
    totals = (_total(page, block) for block in page.blocks) if page.of_call else ()
    only.budget = only.budget or next(filter(None, totals), None)
    _complete_places(page, only)
    if alone:  # else the head of the page may speak of the others
        _complete_by_head(page, only)


def _total(page: Page, block: Block) -> Sum | None:
    """The one sum of the last row of a table that says for what a call has how much: ``Yhteensä | 2 500 000 €``."""
    row = page.words(block).strip("| ")
    first = next(iter(phrases.find("money.total", row)), None)
    found = list(sums(page.text, block.start, block.end)) if first and first.start == 0 else []
    return found[0] if len(found) == 1 and block.end - found[0].end < 3 else None


def _of_other(page: Page, only: Draft, number: int) -> bool:
    """Tell whether a block gives the only call no place or sum: in a menu, or under another heading of news of more things."""
    return number in page.menu or (not page.of_call and page.outline.sections[number] not in (None, only.section))


def _complete_places(page: Page, only: Draft) -> None:
    """Add the regions and towns that the page lists or names, if none is known; of a major area those that it is said to hold."""
    if not only.regions:
        add(only.places, page.towns)
        add(only.places, [place for number, block in enumerate(page.blocks) for place in listed(page, number, block)])
    cues = ["noun.region"] * (not only.regions) + ["area.holds"] * (len(only.regions) < len(only.places))
    for number, block in enumerate(page.blocks):
        for start, end in page.sentences(block) if cues and not _of_other(page, only, number) else ():
            if any(phrases.says(cue, page.text, start, end) for cue in cues):
                add(only.places, mentions.places(page.text, start, end))


def _complete_by_head(page: Page, only: Draft) -> None:
    """Add the name that a page's one field or title gives its call, and the only theme and body that the page names."""
    if field := page.call_name:
        take_name(page, only, *page.outline.value(field))
    if page.of_call and page.title_block is not None:
        title = page.blocks[page.title_block]
        take_name(page, only, title.start, title.end)
    if only.theme is None and len({theme.value.casefold() for theme in page.themes}) == 1:
        only.theme = page.themes[0]


def _noun_phrase(page: Page, start: int, end: int) -> Bounds:
    """The word for a call with what stands right before it, unless that is a verb: ``hankkeiden ideahaku``."""
    noun = phrases.find("noun.call", page.text, start, end)[-1]
    before = re.search(r"(?<!\S)[\w-]+\s+$", page.text[start : noun.start])
    verb = before and any(phrases.says(cue, before.group()) for cue in ("call.opens", "call.held", "theme.verb"))
    return (start + before.start() if before and not verb else noun.start, noun.end)
