"""National themes: named on the page, listed, or what the page is about, with ministries, bodies, fund and money."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from loaders import mentions, phrases
from loaders.mentions import Mention
from loaders.names import Registry
from loaders.outline import Block, Bounds
from loaders.reading.page import Page
from loaders.reading.sums import Sum, sums, trailing_sums
from loaders.reading.theme_drafts import Draft
from loaders.reading.theme_drafts import records as theme_records
from loaders.reading.theme_names import (
    BRACKET,
    OF_PROJECT,
    OWN,
    key_of,
    ministries,
    named,
    subtitle,
    title_alone,
    titled,
    whole_name,
)
from loaders.records import Project, Record
from loaders.values.marks import urls

_PHASES = {
    "money.framework": "framework",
    "money.reserved": "committed",
    "money.granted": "granted",
    "money.realised": "paid",
    "money.paid": "paid",
}
_CUED = {"framework": "framework", "committed": "committed", "paid": "paid"}
"""What a sentence of a theme says of its money."""
_SCALE = re.compile(
    r"(?P<million>milj|M\s?€|M€|MEUR|miljon|million)|(?P<thousand>1[ \u00a0.]?000|t€|T€|k€|tuhat|tusen|thousand)",
    re.IGNORECASE,
)


def read(page: Page, projects: Iterable[Record], calls: Iterable[Record]) -> list[Record]:
    """Read the themes of a page, in the order in which they are first named."""
    drafts: dict[str, Draft] = {}
    names = {" ".join(p.name.value.text.casefold().split()) for p in projects if isinstance(p, Project)}
    for number, block in enumerate(page.blocks):
        for mention in named(page, number, block):
            if mention.value.casefold() in names and Registry.load().theme(mention.value) is None:
                continue
            draft = drafts.setdefault(key_of(mention.value), Draft(mention))
            draft.blocks.append(number)
            draft.titled = draft.titled or number == page.title_block or titled(page, number, block) is not None
    for number, draft in _of_rows(page):
        known = drafts.setdefault(draft.key, draft)
        if known is not draft:
            _merge(known, draft)
        known.blocks.append(number)
    if not drafts and not names and (alone := title_alone(page)) and page.title_block is not None:
        drafts[key_of(alone.value)] = Draft(alone, blocks=[page.title_block], titled=True)
    for draft in drafts.values():
        _read_near(page, draft)
    whole = _whole(page, drafts)
    if whole:
        _read_page(page, whole)
    return [record for draft in drafts.values() for record in theme_records(page, draft)]


def _merge(known: Draft, other: Draft) -> None:
    """Add what another place says of a theme; a list or amount already read stays."""
    known.ministries = known.ministries or other.ministries
    known.bodies = known.bodies or other.bodies
    known.objectives = known.objectives or other.objectives
    known.fund = known.fund or other.fund
    known.money += [one for one in other.money if one[0] not in {phase for phase, _ in known.money}]


def _whole(page: Page, drafts: dict[str, Draft]) -> Draft | None:
    """The theme that the page is about: named in its title, else the only one of the page."""
    if len(drafts) == 1:
        return next(iter(drafts.values()))
    return next((draft for draft in drafts.values() if page.title_block in draft.blocks), None)


# rows


def _of_rows(page: Page) -> Iterator[tuple[int, Draft]]:
    for number, block in enumerate(page.blocks):
        if block.kind != "row" or block.label == "header" or "theme.name" not in block.columns:
            continue
        draft = _loose_row(page, number, block) if block.loose else _row(page, number, block)
        if draft and not phrases.says("theme.undecided", page.words(block)):
            draft.fund = draft.fund or _only(_caption_funds(page, number))
            yield number, draft


def _caption_funds(page: Page, number: int) -> list[Mention]:
    """The funds that the line right above a table names: ``Taulukko 1. ESR+-teemat (M€)``."""
    table = page.blocks[number].table
    above = next((b for b in reversed(page.blocks[:number]) if b.kind != "row" or b.table != table), None)
    return mentions.funds(page.text, above.start, above.end, page.period) if above and above.kind != "row" else []


def _row(page: Page, number: int, block: Block) -> Draft | None:
    at = block.columns.index("theme.name")
    name = whole_name(page, *block.values[at]) if len(block.values) > at else None
    if name is None or phrases.pattern("cues", "heading.general").fullmatch(phrases.fold(name.value)):
        return None
    draft = Draft(name)
    for column, (concept, (low, high)) in enumerate(zip(block.columns, block.values, strict=False)):
        _take(page, draft, concept, low, high, _scale(page, number, column))
    known = Registry.load().theme(name.value) is not None
    told = draft.ministries or draft.bodies or draft.fund or draft.money or draft.objectives
    return draft if known or told else None


def _loose_row(page: Page, number: int, block: Block) -> Draft | None:
    """A row whose cells are joined by blanks: the name goes up to the first body, fund, objective or number."""
    named = page.themes_in(block.start, block.end)
    bodies = [
        *mentions.ministries(page.text, block.start, block.end),
        *mentions.authorities(page.text, block.start, block.end),
    ]
    funds = mentions.funds(page.text, block.start, block.end, page.period)
    figures = [block.start + m.start() for m in re.finditer(r"(?<=\s)\d|(?<=\s)–(?=\s|$)", page.words(block))]
    first = min([b.start for b in bodies] + [f.start for f in funds] + figures, default=block.end)
    name = named[0] if named else whole_name(page, block.start, first) if bodies or funds or figures else None
    if name is None or (not named and phrases.pattern("cues", "heading.general").fullmatch(phrases.fold(name.value))):
        return None
    draft = Draft(name)
    at = name.end
    _bodies(page, draft, at, block.end)
    draft.fund = next((f for f in funds if f.start >= at), None)
    plain = (
        re.search(r"(?<![\w.,])\d\.\d{1,2}(?![\d.,])", page.text[at : block.end])
        if "code.objective" in block.columns
        else None
    )
    if plain:
        draft.objectives.append(Mention(plain.group(), at + plain.start(), at + plain.end()))
        at += plain.end()
    _loose_money(page, number, block, draft, max([at, *(b.end for b in bodies), *(f.end for f in funds)]))
    return draft


def _loose_money(page: Page, number: int, block: Block, draft: Draft, low: int) -> None:
    """The figures at the end of a loose row, in the order of its columns of money; not where a column is unknown."""
    funded = draft.fund is not None
    columns = tuple("money.framework" if c == "money.funding" and not funded else c for c in block.columns)
    columns = columns[next((n for n, c in enumerate(columns) if c in _PHASES), len(columns)) :]
    if any(concept is None or not concept.startswith(("money.", "count.")) for concept in columns):
        return
    found = trailing_sums(
        page.text, low, block.end, len(columns), mixed=any((c or "").startswith("count.") for c in columns)
    )
    for concept, one in zip(columns, found, strict=False):
        if concept in _PHASES:
            draft.money.append((_PHASES[concept], _scaled(one, _scale(page, number, None))))
        elif concept == "count.projects":
            draft.counts.append(("projects", one))


def _scale(page: Page, number: int, column: int | None) -> Decimal:
    """In what a column's bare figures are given: its heading's unit, the table's heading row or the caption above it."""
    block = page.blocks[number]
    top = next(
        (n for n in range(number, -1, -1) if page.blocks[n].label == "header" and page.blocks[n].table == block.table),
        None,
    )
    if top is None:
        return Decimal(1)
    header = page.blocks[top]
    cell = page.text[slice(*header.values[column])] if column is not None and column < len(header.values) else ""
    captions = [page.words(b) for b in page.blocks[max(0, top - 2) : top] if len(page.words(b)) < 160]
    after = [page.words(b) for b in page.blocks[number + 1 : number + 12] if b.kind == "line" and b.table == 0][:1]
    for words in (cell, page.words(header), *reversed(captions), *after):
        found = _SCALE.search(words)
        if found:
            return Decimal(10**6) if found["million"] else Decimal(1000)
        if "€" in words or re.search(r"(?<!\w)eur", words, re.IGNORECASE):
            return Decimal(1)
    return Decimal(1)


def _scaled(one: Sum, scale: Decimal) -> Sum:
    if one.amount.unit or scale == 1:
        return one
    return replace(
        one, amount=replace(one.amount, value=one.amount.value * scale, precision=one.amount.precision * scale)
    )


# facts


def _take(page: Page, draft: Draft, concept: str | None, low: int, high: int, scale: Decimal = Decimal(1)) -> None:
    """Take the value of a field or cell."""
    if low >= high or concept is None:
        return
    if concept == "theme.ministries":
        _ministries(page, draft, low, high)
    elif concept in ("theme.body", "body.authority"):
        _authorities(page, draft, low, high)
    elif concept == "code.objective":
        found = mentions.objectives(page.text, low, high)
        plain = re.match(r"\s*(\d\.(?:\d{1,2}|[a-l]))(?!\d)", page.text[low:high])
        found = found or ([Mention(plain[1], low + plain.start(1), low + plain.end(1))] if plain else [])
        _objectives(draft, found)
    elif concept == "money.funding" and (funds := mentions.funds(page.text, low, high, page.period)):
        draft.fund = draft.fund or _only(funds)
    elif concept == "money.funding" and scale != 1:  # a column ``Rahoitus`` of figures is the theme's money
        _take(page, draft, "money.framework", low, high, scale)
    elif concept in ("theme.parts", "theme.groups"):
        _listing(draft, concept, [(low, high)])
    elif concept == "theme.page":
        known = {one.value for one in draft.pages}
        found_urls = [Mention(one.value, low + one.start, low + one.end) for one in urls(page.text[low:high])]
        draft.pages += [one for one in found_urls if one.value not in known]
    elif concept in _PHASES and _PHASES[concept] not in {phase for phase, _ in draft.money}:
        found_sums = list(sums(page.text, low, high, bare=True)) or trailing_sums(page.text, low, high, 1)
        draft.money += [(_PHASES[concept], _scaled(one, scale)) for one in found_sums[:1]]


def _only(found: list[Mention]) -> Mention | None:
    """The mention all of whose fellows say the same."""
    return found[0] if len({one.value for one in found}) == 1 else None


def _objectives(draft: Draft, found: Iterable[Mention]) -> None:
    known = {one.value for one in draft.objectives}
    draft.objectives += [one for one in found if one.value not in known]


def _ministries(page: Page, draft: Draft, low: int, high: int) -> None:
    known = {one.value.name for one in draft.ministries}
    draft.ministries += [one for one in ministries(page, low, high) if one.value.name not in known]


def _authorities(page: Page, draft: Draft, low: int, high: int) -> None:
    known = {one.value for one in draft.bodies}
    draft.bodies += [
        page.stated(b.name, b.start, b.end) for b in mentions.authorities(page.text, low, high) if b.name not in known
    ]


def _bodies(page: Page, draft: Draft, low: int, high: int) -> None:
    _ministries(page, draft, low, high)
    _authorities(page, draft, low, high)


def _listing(draft: Draft, concept: str, spans: list[Bounds]) -> None:
    """Sub-themes or target groups that a list or field gives."""
    target = draft.parts if concept == "theme.parts" else draft.groups
    if not target:
        target += spans


def _read_near(page: Page, draft: Draft) -> None:
    """What stands in the block of a theme's name, and below a heading that is its name, is about it."""
    for number in dict.fromkeys(draft.blocks):
        block = page.blocks[number]
        if block.kind == "row":
            continue
        others = [m for m in page.themes_in(block.start, block.end) if key_of(m.value) != draft.key]
        if block.kind == "item" and not others:
            _bodies(page, draft, block.start, block.end)
            _frame_above(page, draft, number)
        elif block.kind == "heading" or number == page.title_block or titled(page, number, block):
            if not others:
                low, high = page.section(number)
                _heads(page, draft, block)
                _section(page, draft, max(low, block.start), high)
        else:
            _paragraph(page, draft, block)
            _group(page, draft, number)


def _group(page: Page, draft: Draft, number: int) -> None:
    """Lines right below a line that is the theme's name and nothing else, up to the next blank line."""
    block = page.blocks[number]
    if not block.gap or block.kind != "line" or key_of(page.words(block)) != draft.key:
        return
    for below in page.blocks[number + 1 :]:
        if below.gap or below.kind in ("heading", "row"):
            return
        if below.kind == "field" and below.values:
            _take_field(page, draft, below)
        for one in sums(page.text, below.start, below.end):
            before = page.text[block.end : one.start]
            if phrases.says("money.framework", before) and "framework" not in {phase for phase, _ in draft.money}:
                draft.money.append(("framework", one))


def _heads(page: Page, draft: Draft, block: Block) -> None:
    """The fund or ministries that stand in a heading behind the theme's name."""
    at = page.blocks.index(block)
    below = page.blocks[at + 1] if at + 1 < len(page.blocks) else block
    end = below.end if subtitle(page.words(below)) else block.end
    draft.fund = draft.fund or _only(mentions.funds(page.text, block.start, end, page.period))
    bracket = BRACKET.search(page.words(block))
    if bracket:
        _ministries(page, draft, block.start + bracket.start(), block.start + bracket.end())


def _paragraph(page: Page, draft: Draft, block: Block) -> None:
    """The sentence that names a theme, and those behind it that speak of the theme and name no other."""
    on = False
    for start, end in page.sentences(block):
        there = page.themes_in(start, end)
        named = {key_of(m.value) for m in there}
        own = draft.key in named or start <= draft.name.start < end
        if own:
            on = True
            if len(named) <= 1 or _one_list(page, there):
                _sentence(page, draft, start, end)
        elif named:
            on = False
        elif on and phrases.says("noun.theme", page.text, start, end):
            _sentence(page, draft, start, end)


def _one_list(page: Page, there: list[Mention]) -> bool:
    """Tell whether the themes of a sentence are one list: what it says of them it says of each."""
    return all(_BETWEEN.fullmatch(page.text, a.end, b.start) for a, b in pairwise(there))


_BETWEEN = re.compile(r"[\"”“\s,]*(?:ja|sekä|och|and)?[\"”“\s]*")


def _section(page: Page, draft: Draft, low: int, high: int) -> None:
    """Everything under a heading that is the theme's name."""
    held = [
        (number, block)
        for number, block in enumerate(page.blocks)
        if low <= block.start < high and not page.related(number)
    ]
    for number, block in held:
        if block.kind == "field" and block.values:
            _take_field(page, draft, block)
        elif block.kind in ("line", "item"):
            for start, end in page.sentences(block):
                _own_sentence(page, draft, start, end)
            _list_below(page, draft, number)
    if draft.fund is None and not any(block.label in OF_PROJECT for _, block in held):
        draft.fund = _only(mentions.funds(page.text, low, high, page.period))


def _own_sentence(page: Page, draft: Draft, start: int, end: int) -> None:
    """A sentence in a part that is about one theme: it speaks of the theme, its money or its intermediate body."""
    text = page.text
    if phrases.says("noun.theme", text, start, end) or phrases.says("money.framework", text, start, end):
        _sentence(page, draft, start, end)
    elif phrases.says("theme.body", text, start, end) and not any(
        phrases.says(noun, text, start, end) for noun in ("noun.project", "noun.call")
    ):
        _authorities(page, draft, start, end)


def _take_field(page: Page, draft: Draft, block: Block) -> None:
    if block.label in ("theme.parts", "theme.groups"):
        _listing(draft, block.label, [_unmarked(page.text, low, high) for low, high in block.values])
    elif block.label not in ("body.authority", "money.granted", "money.realised", "money.paid"):
        _take(page, draft, block.label, *page.outline.value(block))


def _list_below(page: Page, draft: Draft, number: int) -> None:
    """A list below a line that announces sub-themes or target groups."""
    words = page.words(page.blocks[number])
    if not words.endswith(":"):
        return
    for concept in ("theme.parts", "theme.groups"):
        if phrases.says(concept, words[-90:]):
            spans = []
            for block in page.blocks[number + 1 :]:
                span = _unmarked(page.text, block.start, block.end)
                if block.kind != "item" and span[0] == block.start:
                    break
                spans.append(span)
            _listing(draft, concept, [span for span in spans if span[0] < span[1]])
            return


_MARK = re.compile(r"(?:[•▪●○◦·–*-]|\d{1,2}[.)])\s+")
_JOINT = re.compile(r"(?<!\s)(?:\s+(?:ja|och|and|sekä))?[\s,;.]{0,200}$")


def _unmarked(text: str, low: int, high: int) -> Bounds:
    """An item's span without the bullet before it and the comma or conjunction behind it."""
    mark = _MARK.match(text, low, high)
    low = mark.end() if mark else low
    return low, low + len(_JOINT.sub("", text[low:high]))


def _sentence(page: Page, draft: Draft, start: int, end: int) -> None:
    """Ministries, fund, objective and framework that a sentence of a theme says."""
    text = page.text
    calls = phrases.says("noun.call", text, start, end)
    if phrases.says("theme.steers", text, start, end):
        _ministries(page, draft, start, end)
    if draft.fund is None:
        draft.fund = _fund_of(page, draft, start, end)
    if not calls or phrases.says("noun.theme", text, start, end):
        _objectives(draft, mentions.objectives(text, start, end))
    if phrases.says("theme.body", text, start, end):
        _authorities(page, draft, start, end)
    reserved = not calls and phrases.says("noun.theme", text, start, end)
    for one in sums(text, start, end):
        phase = "framework" if one.cue == "call" and reserved else _CUED.get(one.cue or "")
        if phase and phase not in {known for known, _ in draft.money}:
            draft.money.append((phase, one))


def _fund_of(page: Page, draft: Draft, start: int, end: int) -> Mention | None:
    """The fund a sentence gives a theme: before its name or in a bracket right behind it, not a project's."""
    named = next((m for m in page.themes_in(start, end) if key_of(m.value) == draft.key), None)
    found = _only(mentions.funds(page.text, start, end, page.period))
    if found is None or named is None or found.start < named.start:
        return found
    own = page.text[named.end : found.start]
    return found if len(own) < 25 or not phrases.says("noun.project", page.text, start, end) else None


def _frame_above(page: Page, draft: Draft, number: int) -> None:
    """The objective, fund and body that the announcement of a list of themes gives all of them."""
    depth = page.blocks[number].depth
    fund = None
    for at in range(number - 1, max(-1, number - 26), -1):
        above = page.blocks[at]
        if above.kind == "item" and above.depth >= depth and not page.words(above).endswith(":"):
            continue
        if above.kind == "item":
            depth = above.depth
        if not draft.objectives and draft.objective is None:
            _objectives(draft, mentions.objectives(page.text, above.start, above.end)[:1])
            draft.objective = None if draft.objectives else _objective_named(page, above)
        draft.priority = draft.priority or _priority(page, above)
        found = mentions.funds(page.text, above.start, above.end, page.period)
        if found and fund is None:
            fund = _only(found)
            draft.fund = draft.fund or fund
            if fund is None:
                return
        if (
            not draft.bodies
            and phrases.says("theme.body", page.text, above.start, above.end)
            and page.words(above).endswith(":")
        ):
            _authorities(page, draft, above.start, above.end)
        if above.kind == "heading" or (draft.objectives and draft.fund and draft.priority):
            return


def _objective_named(page: Page, block: Block) -> Mention | None:
    """``Erityistavoite Uutta osaamista työelämään, valtakunnallinen teema:``: the objective that a list's lead-in names."""
    noun = next(iter(phrases.find("noun.objective", page.text, block.start, block.end)), None)
    if noun is None or noun.start - block.start > 3 or not page.words(block).endswith(":"):
        return None
    low = noun.end + 1
    theme = next(iter(phrases.find("theme.announced", page.text, low, block.end)), None)
    name = page.text[low : theme.start if theme else block.end - 1].rstrip(" ,:–-")
    return Mention(" ".join(name.split()), noun.start, low + len(name)) if name[:1].isupper() else None


def _priority(page: Page, block: Block) -> Mention | None:
    """``Toimintalinja 4``: the priority that heads the list of its themes."""
    noun = next(iter(phrases.find("noun.priority", page.text, block.start, block.end)), None)
    number = re.match(r"\s+(\d)(?![\d.]*\d)", page.text[noun.end : block.end]) if noun else None
    if noun is None or number is None or noun.start > block.start:
        return None
    return Mention(number[1], noun.start, noun.end + number.end())


def _read_page(page: Page, draft: Draft) -> None:
    """A page of one theme: its fields and its sentences about the theme, wherever they stand."""
    of_project = any(b.kind == "field" and b.label in OF_PROJECT for b in page.blocks)
    whole = draft.titled and not of_project
    for number, block in enumerate(page.blocks):
        if number in page.menu or page.related(number):
            continue
        if block.kind == "field" and block.values:
            own = block.label in OWN or (not of_project and _says_theme(page, block))
            if own or (whole and not _of_call(page, number)):
                _take_field(page, draft, block)
        elif block.kind in ("line", "item", "heading"):
            _read_sentences(page, draft, number, of_project=of_project, whole=whole)
    if draft.fund is None and whole:
        draft.fund = _only(page.funds)


def _read_sentences(page: Page, draft: Draft, number: int, *, of_project: bool, whole: bool) -> None:
    """Read one block of a page of one theme, sentence by sentence, and the list below it."""
    for start, end in page.sentences(page.blocks[number]):
        if not of_project:
            _own_sentence(page, draft, start, end)
        if whole:
            _steered(page, draft, start, end)
    if whole:
        _list_below(page, draft, number)


def _says_theme(page: Page, block: Block) -> bool:
    """Tell whether a field's label says that its sub-themes or target groups are the theme's."""
    low, high = block.start, block.values[0][0]
    return block.label in ("theme.parts", "theme.groups") and phrases.says("noun.theme", page.text, low, high)


def _steered(page: Page, draft: Draft, start: int, end: int) -> None:
    """Several ministries that a sentence of a theme's own page says to steer or fund, without the word for theme."""
    if phrases.says("theme.steers", page.text, start, end) and len(mentions.ministries(page.text, start, end)) > 1:
        _ministries(page, draft, start, end)


def _of_call(page: Page, number: int) -> bool:
    """Tell whether a field stands among a call's own fields."""
    near = page.labels_of_section(number)
    return bool(near & {"call.period", "call.opens", "call.closes", "call.budget"}) and page.blocks[number].label in (
        "code.objective",
        "money.funding",
        "theme.groups",
    )
