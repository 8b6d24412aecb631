"""Calls for proposals: from fields, rows of a plan, and sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from loaders import mentions, phrases
from loaders.blocks import Block, Bounds
from loaders.mentions import Mention, Time
from loaders.names.bodies import Body
from loaders.reading import call_drafts
from loaders.reading.call_drafts import Draft, call_sum, clauses, combined, fits, join, records
from loaders.reading.contact_sentences import CAPITAL
from loaders.reading.page import Page
from loaders.reading.project_fields import CALLS
from loaders.reading.sums import Sum, sums
from loaders.reading.theme_drafts import Themes
from loaders.reading.theme_names import whole_name
from loaders.records import Record, Stated
from loaders.text import trimmed

_LONGEST_NAME = 160
_SHORT = 60
_REACH = 3
"""A sentence without the noun for a call goes on one that stands at most so many sentences above."""


def read(page: Page, themes: Themes, *, of_theme: bool = False) -> list[Record]:
    """Read every call of a page and its budget; ``of_theme``, on a page that describes a theme, from its own sentences only."""
    drafts = [*_from_rows(page), *_from_fields(page), *_from_sentences(page)]
    for draft in drafts:
        draft.theme = draft.theme or themes.before_call(page, page.blocks[draft.block].start, draft.label[1])
        draft.part = themes.of(draft.theme, page.origin(*draft.label).first)
    drafts = combined(drafts)
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
    days = [one for one in drafts if one.precise]
    loose = [one for one in drafts if not (one.dated or one.standing) and page.of_call and len(days) == 1]
    for one in loose:
        if fits(days[0], one):
            join(days[0], one)
            drafts = [other for other in drafts if other is not one]
    return drafts


def _told_together(page: Page, known: list[Draft]) -> Iterator[Draft]:
    """Calls told of by their number and seasons (``kaksi hakua keväällä 2024 ja keväällä 2025``), if not known by a day."""
    waiting = list(known)
    for start, end in page.outline.text.sentences():
        noun = next(iter(phrases.find("noun.calls", page.text, start, end)), None)
        dated = [one for one in mentions.times(page.text, noun.end, end) if one.single] if noun else []
        for one in dated:
            low = max(start, one.start - 12)
            same = next(
                (call for call in waiting if noun and call_drafts.in_season(call, page.text[low : one.end], one)), None
            )
            if same:
                waiting.remove(same)
            elif noun and len(dated) > 1 and len(one.opens or "") < 10:
                number = next((n for n, b in enumerate(page.blocks) if b.start <= noun.start < b.end), 0)
                draft = Draft((noun.start, one.end), block=number, section=page.outline.sections[number])
                _date(page, draft, "call.opens", one)
                yield draft


def _worth(page: Page, draft: Draft) -> bool:
    """Tell whether an undated call is said to exist: it has a body and says for what, or a sum, and is no heading."""
    told = bool(draft.authority and (draft.places or draft.objectives or draft.theme)) or draft.budget is not None
    return told and page.blocks[draft.block].kind != "heading"


# rows and fields


def _from_rows(page: Page) -> Iterator[Draft]:
    for number, block in enumerate(page.blocks):
        if (
            block.kind != "row"
            or block.label == "header"
            or not set(block.columns) & {"call.period", "call.opens", "call.closes"}
        ):
            continue
        draft = Draft((block.start, block.end), block=number, section=page.outline.sections[number])
        if block.loose:
            _loose_row(page, draft, block)
        else:
            for concept, (low, high) in zip(block.columns, block.values, strict=False):
                if concept and low < high:
                    _take(page, draft, concept, low, high)
        if draft.dated:
            _above(page, draft, number)
            yield draft


def _loose_row(page: Page, draft: Draft, block: Block) -> None:
    low, high = block.start, block.end
    first = next(iter(mentions.times(page.text, low, high)), None)
    if first is None:
        return
    concept = next(c for c in block.columns if c in ("call.period", "call.opens", "call.closes"))
    _date(page, draft, concept, first)
    low = first.end
    draft.label = _trim(page.text, low, high)
    if "body.authority" in block.columns and (named := mentions.authorities(page.text, low, high)):
        draft.authority = page.stated(named[0].name, named[0].start, named[0].end)
        draft.label = _trim(page.text, max(low, named[0].end), high)
    _facts(page, draft, low, high)
    money = [one for one in sums(page.text, low, high) if one.cue != "share"]
    if "call.budget" in block.columns and money:
        draft.budget = money[0]
        draft.label = _trim(page.text, draft.label[0], money[0].start)


def _trim(text: str, low: int, high: int) -> Bounds:
    start, end = trimmed(text, low, high, " ,;:–-|(~\n", " ,;:–-|~\n")
    return (start, end) if start < end else (low, high)


def _take(page: Page, draft: Draft, concept: str, low: int, high: int) -> None:
    if concept in ("call.period", "call.opens", "call.closes"):
        for one in mentions.times(page.text, low, high, years=True)[:1]:
            until = concept == "call.period" and phrases.says("call.closes", page.text, low, high)
            _date(page, draft, "call.closes" if until else concept, one)
    elif concept in ("call.name", "code.objective", "project.name", "theme.name", "body.other"):
        _announce(page, draft, concept, low, high)
    elif concept == "call.budget" or concept.startswith("money."):
        found = [one for one in sums(page.text, low, high, bare=True) if one.cue not in ("share", "minimum")]
        if found and draft.budget is None:
            draft.budget = found[0]
    elif concept in ("body.authority", "theme.body"):
        plain = page.stated(" ".join(page.text[low:high].split()), low, high) if high - low < 80 else draft.authority
        draft.authority = page.authority(low, high) or plain
    elif concept == "call.places":
        _add(draft.places, mentions.places(page.text, low, high))


def _announce(page: Page, draft: Draft, concept: str, low: int, high: int) -> None:
    """Take the words that announce a call, with what they say of it."""
    draft.label = (low, high)
    if concept == "call.name":
        _name(page, draft, low, high)
    if concept == "theme.name":
        draft.theme = draft.theme or whole_name(page, low, high)
    _facts(page, draft, low, high, first_objective=concept == "code.objective")


def _name(page: Page, draft: Draft, low: int, high: int) -> None:
    """Take the printed name of a call: words that hold no time and are no sentence."""
    words = page.text[low:high]
    named = len(words) < _LONGEST_NAME and words.count(" ") and not words.endswith(".")
    if named and draft.name is None and not mentions.times(words, years=True):
        draft.name = (low, high)


def _date(page: Page, draft: Draft, concept: str, time: Time) -> None:
    closes = concept == "call.closes"
    if time.opens and not (time.single and closes):
        draft.opens = draft.opens or page.day_of(time, time.opens)
    if time.closes and (closes or not time.single):
        draft.closes = draft.closes or page.day_of(time, time.closes)


def _facts(page: Page, draft: Draft, low: int, high: int, *, first_objective: bool = False) -> None:
    """Add the objectives, theme and coordination that some words name."""
    found = mentions.objectives(page.text, low, high)
    if not found and first_objective and (one := re.match(r"\s*(\d\.\d{1,2})(?!\d)", page.text[low:high])):
        found = [Mention(one[1], low + one.start(1), low + one.end(1))]
    _add(draft.objectives, found)
    named = page.themes_in(low, high)
    before = re.match(r"[\s:]*(?P<name>[A-ZÅÄÖ][^.;\n]{4,120}?)\s+-?teeman\b", page.text[low:high])
    if named:
        draft.theme = draft.theme or named[0]
    elif before and mentions.is_theme_name(before["name"]) and not re.search(r"(?:haku|haun|^Saman)\b", before["name"]):
        draft.theme = draft.theme or Mention(before["name"], low + before.start("name"), low + before.end("name"))
    draft.coordination = draft.coordination or call_drafts.seeks_coordination(page.text, low, high)


def _above(page: Page, draft: Draft, number: int) -> None:
    """What the heading, the lines below it and the page's title say of every call of a table."""
    heading = page.heading(number)
    if heading and draft.authority is None:
        draft.authority = page.authority(heading.start, heading.end)
    if draft.authority is None and page.title_block is not None:
        title = page.blocks[page.title_block]
        draft.authority = _only_authority(page, title.start, title.end)
    if not draft.places and not draft.theme and "valtakunnalli" not in page.before(number).casefold():
        lines = (b for b in page.blocks if b.kind in ("heading", "line") and phrases.says("noun.call", page.words(b)))
        for first in islice(lines, 1):
            draft.places += mentions.places(page.text, first.start, first.end)


def _from_fields(page: Page) -> Iterator[Draft]:
    current: Draft | None = None
    seen: set[str] = set()
    for number, block in enumerate(page.blocks):
        if block.kind != "field" or block.label not in CALLS or not block.values:
            continue
        label = "call.period" if block.label == "call.name" and _is_time(page, block) else block.label
        section = page.outline.sections[number]
        if current is None or label in seen or section != current.section:
            if current is not None and current.dated:
                yield current
            above = _label_above(page, number) if label == block.label else (block.start, block.values[0][0])
            current = Draft(above, block=number, section=section, headed=section is not None)
            seen = set()
            _facts(page, current, *current.label)
        seen.add(label)
        for low, high in block.values[:1] if label != "call.places" else block.values:
            _take(page, current, label, low, high)
        _beside(page, current, number)
    if current is not None and current.dated:
        yield current


def _is_time(page: Page, block: Block) -> bool:
    """``1. haku: 5.6.–15.9.2023``: a field named after a call that says only when it is open."""
    low, high = block.values[0]
    found = mentions.times(page.text, low, high)
    return bool(found) and found[0].start == low and high - found[-1].end < 12


def _beside(page: Page, draft: Draft, number: int) -> None:
    """The body and the places that stand in fields and items beside a call's dates: ``Hämeen ELY-keskus, (Etelä-Karjala)``."""
    own = page.outline.sections[number]
    for at in range(max(0, number - 4), min(len(page.blocks), number + 5)):
        other = page.blocks[at]
        if page.outline.sections[at] != own or other.end <= draft.label[0]:
            continue
        if at > number and other.kind == "field" and other.label == page.blocks[number].label:
            return  # the days of the next call
        if other.kind == "field" and other.label in _BESIDE and other.values:
            _take_beside(page, draft, other.label, *page.outline.value(other))
        elif other.kind in ("item", "line") and other.end - other.start < 120 and at != number:
            named = mentions.authorities(page.text, other.start, other.end)
            if named and draft.authority is None and named[0].start - other.start < 4:
                draft.authority = page.stated(named[0].name, named[0].start, named[0].end)
                _add(draft.places, mentions.places(page.text, other.start, other.end))


_BESIDE = ("body.authority", "call.places", "code.objective", "theme.name")


def _take_beside(page: Page, draft: Draft, concept: str, low: int, high: int) -> None:
    if concept == "theme.name":
        draft.theme = draft.theme or whole_name(page, low, high)
    elif concept == "code.objective":
        _facts(page, draft, low, high, first_objective=True)
    elif concept != "body.authority" or draft.authority is None:
        _take(page, draft, concept, low, high)


def _says_which(page: Page, block: Block) -> bool:
    """Tell whether a line says which call the fields below it are of: by an objective, a theme or the word for call."""
    named = mentions.objectives(page.text, block.start, block.end) or page.themes_in(block.start, block.end)
    return bool(named) or phrases.says("noun.call", page.text, block.start, block.end)


def _label_above(page: Page, number: int) -> Bounds:
    right = page.blocks[number - 1] if number else page.blocks[number]
    if right.kind == "line" and right.end - right.start < 80 and _says_which(page, right):
        return right.start, right.end
    for above in reversed(page.blocks[max(0, number - 6) : number]):
        words = page.words(above)
        if (
            above.kind in ("heading", "line")
            and len(words) < 160
            and not words.isdigit()
            and (above.kind == "heading" or above.gap)
        ):
            return above.start, above.end
    block = page.blocks[number]
    return block.start, block.end


# sentences


def _from_sentences(page: Page) -> Iterator[Draft]:
    for number, block in enumerate(page.blocks):
        if block.kind in ("line", "item", "heading") and number not in page.menu and not page.related(number):
            yield from _from_block(page, number, block)


def _from_block(page: Page, number: int, block: Block) -> Iterator[Draft]:
    """The calls of one paragraph: a sentence goes on the call before it unless something it says contradicts."""
    current: Draft | None = None
    budget: Sum | None = None
    since = 0
    for start, end in clauses(page, number, block):
        since += 1
        draft = _of_sentence(page, number, start, end, current if since <= _REACH else None)
        if draft is None:
            budget = budget or call_sum(page, start, end)  # of the call that the next sentence tells of
            continue
        since = 0
        if current is None:
            draft.budget = draft.budget or budget
        if current is not None and fits(current, draft) and not call_drafts.is_other(page, current, draft):
            join(current, draft)
            continue
        if current is not None:
            yield current
        current = draft
    if current is not None:
        yield current


def _of_sentence(page: Page, number: int, start: int, end: int, current: Draft | None) -> Draft | None:
    """What a sentence says of a call; None where it is about none."""
    about_call = phrases.says("noun.call", page.text, start, end)
    if about_call and phrases.says("call.undecided", page.text, start, end):
        page.leave_out(start, end, "undecided-call", understood=True)
        return None
    found = list(call_drafts.dated(page, start, end, about_call or current is not None))
    draft = Draft((start, end), block=number, section=page.outline.sections[number])
    if not about_call:
        nouns = ("noun.project", "noun.coordination", "noun.no_call")
        of_project = any(phrases.says(noun, page.text, start, end) for noun in nouns)
        if current is None or (found and of_project):
            return None
        draft.authority = _funder(page, start, end) if not found else None
        if draft.authority:
            return draft
        if not found and not call_sum(page, start, end):
            targets = not current.places and phrases.says("call.target", page.text, start, end)
            draft.places += mentions.places(page.text, start, end) if targets else []
            return draft if draft.places else None
    several = phrases.says("noun.calls", page.text, start, end)
    if several and len(found) > 1 and all(len(one.opens or one.closes or "") < 5 for _, one in found):
        return None
    draft.upcoming = phrases.says("call.next", page.text, start, end)
    if not found and about_call:
        found += [("call.opens", one) for one in call_drafts.beside_noun(page.text, start, end)]
    found = [one for one in found if len(one[1].opens or one[1].closes or "") > 4] or found
    for concept, time in found:
        _date(page, draft, concept, time)
    if about_call and not found and not several and call_drafts.speaks_of_one(page.text, start, end):
        _undated(page, draft, start, end)
    draft.label = call_drafts.announcement(page.text, start, end, [time for _, time in found])
    _sentence_facts(page, draft, start, end)
    draft.coordination = draft.coordination and (draft.dated or current is None or not current.dated)
    return draft


_QUOTED = re.compile(r"\s*:?\s*[\"”“](?P<name>[A-ZÅÄÖ][^\"”“]{2,140})[\"”“]")
"""A call's name in quotes behind its noun."""


def _funder(page: Page, start: int, end: int) -> Stated[str] | None:
    """The body that a sentence says funds a call: it has the words for it and does not speak of the theme."""
    said = phrases.says("call.authority", page.text, start, end) and not phrases.says(
        "noun.theme", page.text, start, end
    )
    return page.authority(start, end) if said else None


def _undated(page: Page, draft: Draft, start: int, end: int) -> None:
    """A call of a short sentence, or of news, that gives only a year, or says to be open continuously or to open some time."""
    news = call_drafts.in_news(page, draft.block) and not phrases.says("event", page.text, start, end)
    held = all(phrases.says(cue, page.text, start, end) for cue in ("call.held", "call.ordinal"))
    if news or held or end - start < _SHORT:
        for one in mentions.times(page.text, start, end, years=True):
            system = phrases.says("system.name", page.text, max(start, one.start - 6), one.end)
            if one.single and len(one.opens or "") == 4 and not system:
                _date(page, draft, "call.opens", one)
    opens = news and phrases.says("call.opens", page.text, start, end)
    draft.standing = not draft.dated and (opens or phrases.says("call.continuous", page.text, start, end))
    if draft.standing:
        draft.name = call_drafts.noun_phrase(page, start, end)


def _sentence_facts(page: Page, draft: Draft, start: int, end: int) -> None:
    _facts(page, draft, start, end)
    for noun in phrases.find("noun.call", page.text, start, end):
        quoted = _QUOTED.match(page.text, noun.end, end)
        if quoted and not phrases.says("noun.theme", page.text, quoted.end(), min(end, quoted.end() + 8)):
            draft.name = draft.name or quoted.span("name")
    named = _acting(page, start, end)
    opener = [
        one
        for one in named
        if phrases.says("call.opens", page.text, max(start, one.start - 30), min(end, one.end + 40))
    ]
    if opener or (named and phrases.says("noun.call", page.text, start, end)):
        one = (opener or named)[0]
        draft.authority = page.stated(one.name, one.start, one.end)
    draft.places += mentions.places(page.text, start, end)
    budget = call_sum(page, start, end)
    if budget:
        draft.budget = budget


def _from_page(page: Page, drafts: list[Draft], themes: Themes) -> None:
    """What the page says once is said of its only call, or of all its calls where they lack it."""
    for draft in drafts:
        if len(drafts) == 1 or [one.section for one in drafts].count(draft.section) == 1:
            _complete_by_fields(page, draft, alone=len(drafts) == 1)
    current = drafts if len(drafts) == 1 else [one for one in drafts if one.precise and page.of_call]
    if len(current) == 1:
        _complete(page, current[0], alone=len(drafts) == 1)
    if page.of_call or not page.themes:  # on a page about themes a body in its head is the publisher
        by = _common_authority(page, drafts)
        for draft in drafts:
            draft.authority = draft.authority or by


def _common_authority(page: Page, drafts: list[Draft]) -> Stated[str] | None:
    """The body of the calls of a page that name none: that of all the others, else of the title, else the page's only one."""
    known = {one.authority.value: one.authority for one in drafts if one.authority}
    if known:
        return next(iter(known.values())) if len(known) == 1 else None
    title = page.blocks[page.title_block] if page.title_block is not None else None
    titled = _only_authority(page, title.start, title.end) if title else None
    alone = len(drafts) == 1 or not phrases.says("noun.theme", page.text)
    return titled or (_only_authority(page) if alone else None)


_EMPLOYS = re.compile(rf"(?<![\w-]){CAPITAL}\s+{CAPITAL}\s+$")
"""What stands before a body that is only a person's: ``kertoo Aino Malli Hämeen ELY-keskuksesta``."""


def _acting(page: Page, start: int, end: int | None) -> list[Body]:
    """The authorities of a span that are not only where a person works."""
    found = mentions.authorities(page.text, start, end)
    return [body for body in found if not _EMPLOYS.search(page.text, max(0, body.start - _SHORT), body.start)]


def _only_authority(page: Page, start: int = 0, end: int | None = None) -> Stated[str] | None:
    """Give the authority that a span names, if it names no other."""
    named = _acting(page, start, end)
    only = len({body.name for body in named}) == 1
    return page.stated(named[0].name, named[0].start, named[0].end) if only else None


def _complete_by_fields(page: Page, draft: Draft, *, alone: bool) -> None:
    """Add to the only call of a section, or ``alone`` of the page, what fields beside its sentence say."""
    for number, block in enumerate(page.blocks):
        if block.kind != "field" or not block.values or not (alone or page.outline.sections[number] == draft.section):
            continue
        if block.label in (*_BESIDE, "call.budget") and not (block.label == "call.places" and draft.places):
            _take_beside(page, draft, block.label, *page.outline.value(block))


def _complete(page: Page, only: Draft, *, alone: bool) -> None:
    """Add to the only call of a page its name, budget, objectives, places, theme and body from anywhere on the page."""
    placed = bool(only.places)
    for number, block in enumerate(page.blocks):
        if number in page.menu:
            continue
        for start, end in page.sentences(block):
            only.authority = _funder(page, start, end) or only.authority
        if only.budget is None and block.kind in ("line", "item"):
            sentences = page.sentences(block)
            only.budget = next(
                filter(None, (call_sum(page, *one) or call_drafts.limit(page, *one) for one in sentences)), None
            )
        _add(only.objectives, mentions.objectives(page.text, block.start, block.end))
        for start, end in page.sentences(block) if not placed else ():
            if phrases.says("noun.region", page.text, start, end):
                _add(only.places, mentions.places(page.text, start, end))
    if not placed:
        _add(only.places, page.towns)
    if alone:  # else the head of the page may speak of the others
        _complete_by_head(page, only)


def _complete_by_head(page: Page, only: Draft) -> None:
    """Add the name that a page's one field or title gives its call, and the only theme and body that the page names."""
    if field := page.call_name:
        _name(page, only, *page.outline.value(field))
    if page.of_call and page.title_block is not None:
        title = page.blocks[page.title_block]
        _name(page, only, title.start, title.end)
    if only.theme is None and len({theme.value.casefold() for theme in page.themes}) == 1:
        only.theme = page.themes[0]


def _add(known: list[Mention], found: list[Mention]) -> None:
    values = {mention.value for mention in known}
    known += [one for one in {one.value: one for one in reversed(found)}.values() if one.value not in values][::-1]
