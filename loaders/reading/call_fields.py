"""Calls from the rows of a plan and from fields, and what each of these says of a call."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from loaders import mentions, phrases
from loaders.blocks import Block, Bounds
from loaders.mentions import Mention, Time
from loaders.reading import call_bodies
from loaders.reading.call_drafts import Draft
from loaders.reading.call_sentences import seeks_coordination
from loaders.reading.page import Page
from loaders.reading.project_fields import CALLS
from loaders.reading.sums import column_sums
from loaders.reading.theme_names import centre_of, whole_name
from loaders.reading.theme_tables import scale_of

_LONGEST_NAME = 160


def from_rows(page: Page) -> Iterator[Draft]:
    """Read the calls of the rows of a plan that gives their days."""
    for number, block in enumerate(page.blocks):
        named = "call.name" in block.columns
        columns = ["call.period" if named and one == "project.period" else one for one in block.columns]
        if (
            block.kind != "row"
            or block.label == "header"
            or not set(columns) & {"call.period", "call.opens", "call.closes"}
        ):
            continue
        draft = Draft((block.start, block.end), block=number, section=page.outline.sections[number])
        for column, (concept, (low, high)) in enumerate(zip(columns, block.values, strict=False)):
            if concept and low < high:
                _take(page, draft, concept, low, high, scale_of(page, number, column))
        if draft.dated:
            yield draft


def _take(page: Page, draft: Draft, concept: str, low: int, high: int, scale: Decimal = Decimal(1)) -> None:
    if concept in ("call.period", "call.opens", "call.closes"):
        until = concept == "call.period" and phrases.says("call.closes", page.text, low, high)
        days = [("call.closes" if until else concept, one) for one in mentions.times(page.text, low, high, years=True)]
        take_days(page, draft, days[:1] + [one for one in days[1:] if one[1].single and one[0] == "call.closes"])
    elif concept in ("call.name", "code.objective", "project.name", "theme.name", "body.other"):
        # take the words that announce a call, with what they say of it
        draft.label = (low, high)
        if concept == "call.name":
            take_name(page, draft, low, high)
        if concept == "theme.name":
            draft.theme = draft.theme or whole_name(page, low, high)
        take_facts(page, draft, low, high, first_objective=concept == "code.objective")
    elif concept == "call.budget" or concept.startswith("money."):
        stated = column_sums(page.text, low, high, scale)
        found = [one for one in stated if one.cue not in ("share", "minimum")]
        total = next((one.end for one in phrases.find("money.total", page.text, low, high)), high)
        whole = [one for one in stated if total <= one.start and not page.text[total : one.start].strip(" :|\n")]
        draft.budget = draft.budget or next(iter(whole or found), None)
    elif concept in ("body.authority", "theme.body"):
        plain = page.stated(" ".join(page.text[low:high].split()), low, high) if high - low < 80 else None
        centre = centre_of(page, low, high) if concept == "theme.body" else None
        said = call_bodies.first_listed(page, low, high) or tuple(filter(None, [centre or plain]))
        draft.authorities = said or draft.authorities
    elif concept == "call.places":
        add(draft.places, mentions.places(page.text, low, high))


def take_name(page: Page, draft: Draft, low: int, high: int) -> None:
    """Take the printed name of a call: words that hold no time and are no sentence."""
    words = page.text[low:high]
    named = len(words) < _LONGEST_NAME and words.count(" ") and not words.endswith(".")
    if named and draft.name is None and not mentions.times(words, years=True):
        draft.name = (low, high)


_BESIDE_DAY = re.compile(rf"\s*(?:\([^()]*\))?(?:,|,?\s*{phrases.AND})\s+")


def take_days(page: Page, draft: Draft, found: list[tuple[str, Time]]) -> None:
    """Take the days that words give a call, each with its concept; closing days listed beside one another are all its own."""
    for (_, one), (concept, other) in pairwise(found):
        listed = concept == "call.closes" and one.single and _BESIDE_DAY.fullmatch(page.text, one.end, other.start)
        draft.closings += (*([] if draft.closings else [one]), other) if listed and one.opens != other.opens else ()
    for concept, time in found:
        take_date(page, draft, concept, time)


def take_date(page: Page, draft: Draft, concept: str, time: Time) -> None:
    """Take a period, or a day that opens or closes a call by its ``concept``; days already known stay."""
    closes = concept == "call.closes"
    if time.opens and not (time.single and closes):
        draft.opens = draft.opens or page.day_of(time, time.opens)
    if time.closes and (closes or not time.single):
        draft.closes = draft.closes or page.day_of(time, time.closes)


def take_facts(page: Page, draft: Draft, low: int, high: int, *, first_objective: bool = False) -> None:
    """Add the objectives, theme and coordination that some words name."""
    found = mentions.objectives(page.text, low, high)
    if not found and first_objective and (one := re.match(r"\s*(\d\.\d{1,2})(?!\d)", page.text[low:high])):
        found = [Mention(one[1], low + one.start(1), low + one.end(1))]
    add(draft.objectives, found)
    named = page.themes_in(low, high)
    before = re.match(r"[\s:]*(?P<name>[A-ZÅÄÖ][^.;\n]{4,120}?)\s+-?teeman\b", page.text[low:high])
    if named:  # a call of several themes is that of none of them alone
        draft.theme = draft.theme or (named[0] if len({one.value.casefold() for one in named}) == 1 else None)
    elif before and mentions.is_theme_name(before["name"]) and not re.search(r"(?:haku|haun|^Saman)\b", before["name"]):
        draft.theme = draft.theme or Mention(before["name"], low + before.start("name"), low + before.end("name"))
    draft.coordination = draft.coordination or seeks_coordination(page.text, low, high)


def from_fields(page: Page) -> Iterator[Draft]:
    """Read the calls whose days fields give; a label that comes again is of the next call."""
    current: Draft | None = None
    seen: set[str] = set()
    for number, block in enumerate(page.blocks):
        label = _label(page, number, block)
        if block.kind != "field" or label not in CALLS or not block.values:
            continue
        section = page.outline.sections[number]
        if current is None or label in seen or section != current.section:
            if current is not None and current.dated:
                yield current
            above = _label_above(page, number) if label == block.label else (block.start, block.values[0][0])
            current = Draft(above, block=number, section=section, headed=section is not None)
            seen = set()
            take_facts(page, current, *current.label)
        seen.add(label)
        for low, high in block.values[:1] if label != "call.places" else block.values:
            _take(page, current, label, low, high)
        _beside(page, current, number)
    if current is not None and current.dated:
        yield current


def _label(page: Page, number: int, block: Block) -> str | None:
    """What a field says of a call: below a heading that announces one ``Alkaa`` and ``Päättyy`` are its days."""
    heading = page.heading(number)
    if block.label in _DAYS and heading is not None:
        said = (phrases.says(noun, page.words(heading)) for noun in ("noun.call", "money.call"))
        return _DAYS[block.label] if any(said) else block.label
    return "call.period" if block.label == "call.name" and block.values and _is_time(page, block) else block.label


_DAYS = {"project.start": "call.opens", "project.end": "call.closes"}


def _is_time(page: Page, block: Block) -> bool:
    """``1. haku: 5.6.–15.9.2023``: a field named after a call that says only when it is open."""
    low, high = block.values[0]
    found = mentions.times(page.text, low, high)
    return bool(found) and found[0].start == low and high - found[-1].end < 12


def _beside(page: Page, draft: Draft, number: int) -> None:
    """The body and the places that stand in fields and items beside a call's dates: ``Hämeen ELY-keskus, (Etelä-Karjala)``."""
    own = page.outline.sections[number]
    last = next((n for n in range(number + 1, len(page.blocks)) if page.blocks[n].kind != "item"), len(page.blocks))
    for at in range(max(0, number - 4), max(last, min(len(page.blocks), number + 5))):
        other = page.blocks[at]
        if page.outline.sections[at] != own or other.end <= draft.label[0]:
            continue
        if at > number and other.kind == "field" and other.label == page.blocks[number].label:
            return  # the days of the next call
        if other.kind == "field" and other.label in BESIDE and other.values:
            take_beside(page, draft, other.label, *page.outline.value(other))
        elif other.kind in ("item", "line") and other.end - other.start < 120 and at != number:
            add(draft.places, listed(page, at, other))
            named = mentions.authorities(page.text, other.start, other.end)
            beside = (page.blocks[n] for n in (at - 1, at + 1) if 0 <= n < len(page.blocks) and n != number)
            listed_bodies = any(
                b.kind == other.kind and mentions.authorities(page.text, b.start, b.end) for b in beside
            )
            if named and not draft.authorities and not listed_bodies and named[0].start - other.start < 4:
                draft.authorities = (page.stated(named[0].name, named[0].start, named[0].end),)
                add(draft.places, mentions.places(page.text, other.start, other.end))


def listed(page: Page, number: int, block: Block) -> list[Mention]:
    """The places of a block that names nothing else (``• Norrbotten``, ``Kainuu ja Lappi``)."""
    found = mentions.places(page.text, block.start, block.end) if number not in page.menu else []
    county = f"{page.words(block)} län"  # ``• Uppsala`` is the county there, not the town
    if block.kind == "item" and not found and county in [one.value for one in mentions.places(county)]:
        return [Mention(county, block.start, block.end)]
    edges = [block.start, *(edge for one in found for edge in (one.start, one.end)), block.end]
    between = (page.text[low:high].strip(" ,;.•") for low, high in zip(edges[::2], edges[1::2], strict=True))
    return found if all(not words or re.fullmatch(phrases.AND, words) for words in between) else []


BESIDE = ("body.authority", "call.places", "code.objective", "theme.name", "money.cost")


def take_beside(page: Page, draft: Draft, concept: str, low: int, high: int) -> None:
    """Take what a field beside a call's days says of it: theme, objectives, places, budget, or its body where none is known."""
    if concept == "theme.name":
        draft.theme = draft.theme or whole_name(page, low, high)
    elif concept == "code.objective":
        take_facts(page, draft, low, high, first_objective=True)
    elif concept != "body.authority" or not draft.authorities:
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


def add(known: list[Mention], found: list[Mention]) -> None:
    """Add to known mentions those of other values, each once."""
    values = {mention.value for mention in known}
    known += [one for one in {one.value: one for one in reversed(found)}.values() if one.value not in values][::-1]
