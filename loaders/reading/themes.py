"""National themes: named on the page, listed, or what the page is about, with ministries, bodies, fund and money."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from loaders import mentions, phrases
from loaders.mentions import Mention
from loaders.names import Registry
from loaders.names.registry import fold_theme
from loaders.outline import Block, Bounds
from loaders.reading.page import Page
from loaders.reading.sums import Sum, sums
from loaders.records import About, Call, MinistryRole, Money, Objective, Project, Record, Stated, Text, Theme

_SUBTITLE = re.compile(
    r"^[(]?(?:valtakunnallinen|kansallinen|nationellt|national)\s+(?:(?:ESR|EAKR|JTF|ESF)\+?\s?-?)?(?:teema|tema|theme)[)]?$",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"vastuuministeri|vastaava ministeri|ansvarsminister|ansvarig\w*\s+minister|lead ministry|responsible ministry|vetää|johtaa|\(vastuu\)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Draft:
    """A theme while its parts are read."""

    name: Mention
    ministries: list[Stated[MinistryRole]] = field(default_factory=list)
    bodies: list[Stated[str]] = field(default_factory=list)
    objectives: list[Mention] = field(default_factory=list)
    fund: Mention | None = None
    priority: Stated[str] | None = None
    money: list[tuple[str, Sum, str | None]] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)


def read(page: Page, projects: Iterable[Record], calls: Iterable[Record]) -> list[Record]:
    """Read the themes of a page; themes that its projects and calls name are themes of the page too."""
    drafts: dict[str, Draft] = {}
    for number, block in enumerate(page.blocks):
        for mention in _named(page, number, block):
            draft = drafts.setdefault(_key(mention.value), Draft(mention))
            draft.blocks.append(number)
    for number, draft in _of_rows(page):
        known = drafts.setdefault(_key(draft.name.value), draft)
        known.blocks.append(number)
    for draft in drafts.values():
        _read_near(page, draft, drafts)
    only = next(iter(drafts.values())) if len(drafts) == 1 else None
    if only:
        _read_page(page, only)
    return [record for draft in drafts.values() for record in _records(page, draft)]


def _key(name: str) -> str:
    return Registry.load().theme(name) or fold_theme(name)


def _named(page: Page, number: int, block: Block) -> Iterator[Mention]:
    if number in page.menu or page.related(number):
        return
    found = (
        [] if block.kind == "row" and block.label == "header" else mentions.themes(page.text, block.start, block.end)
    )
    yield from found
    if block.kind == "field" and block.label == "theme.name":
        low, high = block.values[0] if block.values else (0, 0)
        words = " ".join(page.text[low:high].split())
        if low < high and mentions.is_theme_name(words) and not found:
            yield Mention(words, low, high)
    if _SUBTITLE.match(page.words(block)) and number:
        above = page.blocks[number - 1]
        if mentions.is_theme_name(page.words(above)) and above.kind in ("heading", "line"):
            yield Mention(page.words(above), above.start, above.end)
    if block.kind == "item" and not found:
        listed = _listed(page, number, block)
        if listed:
            yield listed
    if block.kind == "heading" and not found and (heading := _as_heading(page, number, block)):
        yield heading


def _listed(page: Page, number: int, block: Block) -> Mention | None:
    """An item below words that announce themes: the name goes up to the body or bracket behind it."""
    lead = _announcement(page, number)
    words = page.words(block)
    if lead is None or not re.search(
        r"valtakunnalli\w+\s+teem|nationell\w+\s+tem|national\s+theme|teemat\b|temana|themes\b", lead, re.IGNORECASE
    ):
        return None
    if phrases.says("noun.call", lead) and not phrases.says("noun.theme", lead):
        return None
    stop = len(words)
    bodies = mentions.authorities(page.text, block.start, block.end)
    if bodies:
        stop = min(stop, bodies[0].start - block.start)
    bracket = re.search(r"\s\((?:[A-ZÅÄÖ]{2,5}(?:[,/ ]|\sja\s|\soch\s|\)))", words)
    if bracket:
        stop = min(stop, bracket.start())
    name = words[:stop].strip(" ,;:–-")
    if not (bodies or bracket) or (not mentions.is_theme_name(name) and not (bodies and bracket)):
        return None
    return Mention(" ".join(name.split()), block.start, block.start + len(words[:stop].rstrip(" ,;:–-")))


def _announcement(page: Page, number: int) -> str | None:
    """The nearest line above an item that is less deep, or the heading."""
    own = page.blocks[number]
    for above in reversed(page.blocks[max(0, number - 12) : number]):
        if above.kind == "item" and above.depth >= own.depth:
            continue
        return page.words(above)
    return None


def _as_heading(page: Page, number: int, block: Block) -> Mention | None:
    """A heading whose section says of itself that it is a theme: its lines hold a theme's fields or name it so."""
    words = page.words(block)
    low, high = page.section(number)
    following = [b for b in page.blocks[number + 1 : number + 8] if b.start < high]
    labels = {b.label for b in following if b.kind == "field"}
    if (
        labels & {"theme.ministries", "theme.body", "money.framework"}
        and mentions.is_theme_name(words)
        and not phrases.says("noun.theme", words)
    ):
        return Mention(words, block.start, block.end)
    return None


def _of_rows(page: Page) -> Iterator[tuple[int, Draft]]:
    for number, block in enumerate(page.blocks):
        if block.kind != "row" or block.label == "header" or "theme.name" not in block.columns:
            continue
        if block.loose:
            draft = _loose_row(page, block)
        else:
            low, high = (
                block.values[block.columns.index("theme.name")]
                if len(block.values) > block.columns.index("theme.name")
                else (0, 0)
            )
            name = " ".join(page.text[low:high].split())
            draft = Draft(Mention(name, low, high)) if low < high and mentions.is_theme_name(name) else None
            if draft:
                for concept, (start, end) in zip(block.columns, block.values, strict=False):
                    _take(page, draft, concept, start, end)
        if draft:
            yield number, draft


def _loose_row(page: Page, block: Block) -> Draft | None:
    named = mentions.themes(page.text, block.start, block.end)
    bodies = mentions.ministries(page.text, block.start, block.end) + mentions.authorities(
        page.text, block.start, block.end
    )
    first = min((b.start for b in bodies), default=block.end)
    words = page.text[block.start : first].strip()
    if not named and not (bodies and mentions.is_theme_name(words)):
        return None
    draft = Draft(named[0] if named else Mention(" ".join(words.split()), block.start, block.start + len(words)))
    _bodies(page, draft, draft.name.end, block.end)
    return draft


def _take(page: Page, draft: Draft, concept: str | None, low: int, high: int) -> None:
    if low >= high or concept is None:
        return
    if concept == "theme.ministries":
        _ministries(page, draft, low, high)
    elif concept in ("theme.body", "body.authority"):
        draft.bodies += [page.stated(b.name, b.start, b.end) for b in mentions.authorities(page.text, low, high)]
    elif concept == "code.objective":
        found = mentions.objectives(page.text, low, high)
        plain = re.match(r"\s*(\d\.\d{1,2})(?!\d)", page.text[low:high])
        draft.objectives += found or ([Mention(plain[1], low + plain.start(1), low + plain.end(1))] if plain else [])
    elif concept == "money.funding":
        draft.fund = draft.fund or next(iter(mentions.funds(page.text, low, high, page.period)), None)
    elif concept == "money.framework":
        draft.money += [("framework", one, None) for one in list(sums(page.text, low, high, bare=True))[:1]]


def _ministries(page: Page, draft: Draft, low: int, high: int) -> None:
    named = mentions.ministries(page.text, low, high)
    for number, one in enumerate(named):
        until = named[number + 1].start if number + 1 < len(named) else min(high, one.end + 40)
        lead = bool(_LEAD.search(page.text, one.end, until))
        known = {m.value.name for m in draft.ministries}
        if one.name not in known:
            draft.ministries.append(Stated(MinistryRole(one.name, lead), page.origin(one.start, one.end)))


def _bodies(page: Page, draft: Draft, low: int, high: int) -> None:
    _ministries(page, draft, low, high)
    known = {one.value for one in draft.bodies}
    draft.bodies += [
        page.stated(b.name, b.start, b.end) for b in mentions.authorities(page.text, low, high) if b.name not in known
    ]


def _read_near(page: Page, draft: Draft, drafts: dict[str, Draft]) -> None:
    """What stands in the block of a theme's name, and below a heading that is its name, is about it."""
    for number in dict.fromkeys(draft.blocks):
        block = page.blocks[number]
        others = [
            m for m in mentions.themes(page.text, block.start, block.end) if _key(m.value) != _key(draft.name.value)
        ]
        if others:
            continue
        if block.kind == "item":
            _bodies(page, draft, block.start, block.end)
            _frame_above(page, draft, number)
        elif block.kind == "heading" or (
            block.kind == "line" and block.end - block.start < 160 and number == (page.title_block or -1)
        ):
            low, high = page.section(number)
            _section(page, draft, low, high, drafts)
        elif block.kind in ("line", "field"):
            for start, end in page.sentences(block):
                if start <= draft.name.start < end or draft.name.value in page.text[start:end]:
                    _sentence(page, draft, start, end)
                    continue
                if phrases.says("noun.theme", page.text, start, end):
                    _sentence(page, draft, start, end)


def _section(page: Page, draft: Draft, low: int, high: int, drafts: dict[str, Draft]) -> None:
    for number, block in enumerate(page.blocks):
        if not low <= block.start < high or page.related(number):
            continue
        if block.kind == "field" and block.values:
            _take(page, draft, block.label, *page.outline.value(block))
        elif block.kind in ("line", "item"):
            for start, end in page.sentences(block):
                if phrases.says("noun.theme", page.text, start, end) or phrases.says(
                    "money.framework", page.text, start, end
                ):
                    _sentence(page, draft, start, end)


def _sentence(page: Page, draft: Draft, start: int, end: int) -> None:
    """Ministries, fund, objective and framework that a sentence of a theme says."""
    steers = re.search(
        r"ministeri|minister|ministr|rahoitta|ohjaa|ohjaus|styr|steer|vastaa", page.text[start:end], re.IGNORECASE
    )
    if steers:
        _ministries(page, draft, start, end)
    fund = mentions.funds(page.text, start, end, page.period)
    if draft.fund is None and fund:
        draft.fund = fund[0]
    if not phrases.says("noun.call", page.text, start, end):
        draft.objectives += [
            o for o in mentions.objectives(page.text, start, end) if o.value not in {m.value for m in draft.objectives}
        ]
    if re.search(
        r"välittävä|förmedlande|intermediate|rahoittavana|vastaa teemasta|teemaa hallinnoi|teemasta vastaa",
        page.text[start:end],
        re.IGNORECASE,
    ):
        draft.bodies += [
            page.stated(b.name, b.start, b.end)
            for b in mentions.authorities(page.text, start, end)
            if b.name not in {x.value for x in draft.bodies}
        ]
    for one in sums(page.text, start, end):
        if one.cue == "framework" and not any(phase == "framework" for phase, _, _ in draft.money):
            draft.money.append(("framework", one, None))


def _frame_above(page: Page, draft: Draft, number: int) -> None:
    """The objective, priority and fund that the announcement of a list of themes gives all of them."""
    own = page.blocks[number]
    depth = own.depth
    for above in reversed(page.blocks[max(0, number - 25) : number]):
        if above.kind == "item" and above.depth >= depth:
            continue
        if above.kind == "item":
            depth = above.depth
        found = mentions.objectives(page.text, above.start, above.end)
        if found and not draft.objectives:
            draft.objectives.append(found[0])
        fund = mentions.funds(page.text, above.start, above.end, page.period)
        if fund and draft.fund is None:
            draft.fund = fund[0]
        if above.kind == "heading" or (draft.objectives and draft.fund):
            return


def _read_page(page: Page, draft: Draft) -> None:
    """A page of one theme: its fields and its sentences about the theme, wherever they stand."""
    project_page = any(
        b.kind == "field"
        and b.label in ("body.lead", "body.applicant", "project.name", "body.implementers", "project.code")
        for b in page.blocks
    )
    for number, block in enumerate(page.blocks):
        if number in page.menu or page.related(number):
            continue
        if (
            block.kind == "field"
            and block.values
            and block.label in ("theme.ministries", "theme.body", "money.framework", "code.objective", "money.funding")
        ):
            if not project_page or block.label in ("theme.ministries", "theme.body", "money.framework"):
                _take(page, draft, block.label, *page.outline.value(block))
        elif block.kind in ("line", "item", "heading"):
            for start, end in page.sentences(block):
                if phrases.says("noun.theme", page.text, start, end) or phrases.says(
                    "money.framework", page.text, start, end
                ):
                    _sentence(page, draft, start, end)
    if draft.fund is None and not project_page and len({f.value for f in page.funds}) == 1:
        draft.fund = page.funds[0]


def _records(page: Page, draft: Draft) -> Iterator[Record]:
    name = draft.name
    yield Theme(
        name=Stated(Text(name.value, page.language), page.origin(name.start, name.end)),
        programme=page.state(page.programme) if page.programme else None,
        fund=page.state(draft.fund) if draft.fund else None,
        objectives=tuple(Stated(Objective(one.value), page.origin(one.start, one.end)) for one in draft.objectives),
        ministries=tuple(draft.ministries),
        intermediate_bodies=tuple(draft.bodies),
    )
    for phase, one, ministry in draft.money:
        yield Money(
            about=About("theme", name.value), phase=phase, amount=one.amount.value, as_stated=one.amount.words, precision=one.amount.precision,
            origin=page.origin(one.start, one.end), date=page.reference_date, ministry=ministry,
            approximate=one.amount.approximate, maximum=one.amount.maximum,
        )  # fmt: skip


__all__ = ["Bounds", "Call", "Project", "read"]
