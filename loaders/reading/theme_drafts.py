"""Themes in the making: what fields, cells, rows and sentences give a theme, and its records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from loaders import mentions, phrases
from loaders.blocks import Block, Bounds
from loaders.mentions import Mention
from loaders.names import Registry, repair
from loaders.reading import money
from loaders.reading.loose_rows import trailing_sums
from loaders.reading.page import Page
from loaders.reading.sums import Sum, holds_sum, sums
from loaders.reading.theme_lists import Entry, is_national, last_sentence, only_authority, parts_list
from loaders.reading.theme_names import centre_of, heads_fields, key_of, ministries, of_several
from loaders.records import About, Count, MinistryRole, Objective, Record, Stated, Text, Theme
from loaders.values.dates import periods
from loaders.values.marks import urls

_THEME_CALL = re.compile(r"-?tee?ma", re.IGNORECASE)
"""The start of a noun for the call of a theme: ``teemahaku``, ``temautlysning``."""


@dataclass(slots=True)
class Draft:
    """A theme while its parts are read."""

    name: Mention
    ministries: list[Stated[MinistryRole]] = field(default_factory=list)
    bodies: list[Stated[str]] = field(default_factory=list)
    objectives: list[Mention] = field(default_factory=list)
    objective: Mention | None = None
    """A specific objective that is only named, without its notation."""
    priority: Mention | None = None
    fund: Mention | None = None
    parts: list[Bounds] = field(default_factory=list)
    groups: list[Bounds] = field(default_factory=list)
    pages: list[Mention] = field(default_factory=list)
    money: list[money.Statement] = field(default_factory=list)
    counts: list[tuple[str, Sum]] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    others: list[tuple[str, int, int]] = field(default_factory=list)
    """Its names in other languages."""
    start: Stated[str] | None = None
    end: Stated[str] | None = None
    group: Stated[str] | None = None
    unsure: bool = False
    """Its name is not printed as a theme's name."""
    titled: bool = False
    """A title or subtitle says that the page or slides are about it."""

    @property
    def key(self) -> str:
        """What tells the theme from others."""
        return key_of(self.name.value)

    @property
    def phases(self) -> set[str | None]:
        """The phases of which an amount was read."""
        return {one.phase for one in self.money}


@dataclass(frozen=True, slots=True)
class Scope:
    """The lines of a document that speak of one theme."""

    first: int
    last: int
    theme: str


@dataclass(frozen=True, slots=True)
class Themes:
    """The themes of a page with their money and counts, and which part of the page is about which."""

    records: list[Record]
    scopes: tuple[Scope, ...] = ()

    @property
    def names(self) -> set[str]:
        """The names of the themes that the page or a part of it is about."""
        read = {one.name.value.text for one in self.records if isinstance(one, Theme)}
        return read | {one.theme for one in self.scopes}

    def before_call(self, page: Page, start: int, end: int) -> Mention | None:
        """The theme whose call a span names by the first words of the theme's name: ``lasten ja nuorten teemahakua``."""
        calls = phrases.find("noun.call", page.text, start, end)
        noun = next((one for one in calls if _THEME_CALL.match(one.words)), None)
        words = list(re.finditer(r"\S+", page.text[start : noun.start])) if noun else []
        for first in words[:-1]:
            low, high = start + first.start(), start + words[-1].end()
            begun = " ".join(page.text[low:high].casefold().split()) + " "
            meant = {key_of(name): name for name in self.names if name.casefold().startswith(begun)}
            if len(meant) == 1:
                return Mention(next(iter(meant.values())), low, high)
        return None

    def at(self, line: int) -> str | None:
        """Give the theme that a line is about: that of the narrowest part around it."""
        around = [one for one in self.scopes if one.first <= line <= one.last]
        return min(around, key=lambda one: one.last - one.first).theme if around else None

    def of(self, named: Mention | None, line: int) -> str | None:
        """Give the theme of something at a line: the one ``named`` beside it, in a part about a theme only a known one."""
        own = self.at(line)
        if named and (own is None or key_of(named.value) in {key_of(name) for name in self.names}):
            return named.value
        return own


def records(page: Page, draft: Draft) -> Iterator[Record]:
    """Make the record of a theme, and those of its money."""
    name, origin = draft.name, page.origin(draft.name.start, draft.name.end)
    draft.fund = draft.fund or fund_above(page, draft)
    yield Theme(
        name=Stated(Text(name.value, page.language), replace(origin, certainty="likely") if draft.unsure else origin),
        names=tuple(
            Stated(Text(repair(page.text[low:high]), language), page.origin(low, high))
            for language, low, high in draft.others
        ),
        programme=page.from_mention(page.programme) if page.programme else None,
        group=draft.group,
        fund=page.from_mention(draft.fund) if draft.fund else None,
        priority=page.from_mention(draft.priority) if draft.priority else None,
        objectives=page.objectives(draft.objectives)
        or tuple(
            Stated(Objective(None, one.value), page.origin(one.start, one.end)) for one in [draft.objective] if one
        ),
        ministries=tuple(leads(draft.ministries)),
        intermediate_bodies=tuple(draft.bodies),
        start=draft.start,
        end=draft.end,
        sub_themes=tuple(_texts(page, draft.parts)),
        target_groups=tuple(_texts(page, draft.groups)),
        web_pages=tuple(page.from_mention(one) for one in draft.pages),
    )
    for one in draft.money:
        stated = Sum(one.amount, None, one.start, one.end, one.scope)
        yield replace(page.money(About("theme", name.value), one.phase or "framework", stated), ministry=one.ministry)
    for measure, count in draft.counts:
        origin = page.origin(count.start, count.end)
        yield Count(About("theme", name.value), measure, count.amount.value, origin, page.reference_date)


def leads(roles: list[Stated[MinistryRole]]) -> list[Stated[MinistryRole]]:
    """Mark the lead ministry, however named: the only one of a theme leads it; of several, only one that is said to lead."""
    key = Registry.load().organisation_key
    all_keys = {key(role.value.name) for role in roles}
    leading = all_keys if len(all_keys) == 1 else {key(role.value.name) for role in roles if role.value.lead}
    return [
        replace(role, value=replace(role.value, lead=len(leading) == 1 and key(role.value.name) in leading))
        for role in roles
    ]


def _texts(page: Page, spans: Iterable[Bounds]) -> Iterable[Stated[str]]:
    found: dict[str, Stated[str]] = {}
    for low, high in spans:
        words = repair(page.text[low:high]).rstrip(".")
        if words:
            found.setdefault(words.casefold(), page.stated(words, low, high))
    return found.values()


PHASE_OF_CUE = {"framework": "framework", "committed": "committed", "paid": "paid"}
"""What a sentence of a theme says of its money."""
_PRIORITY = re.compile(r"\s?(\d)(?![\d.]*\d)")
_PHASE_OF_LABEL = {
    "money.framework": "framework",
    "money.reserved": "reserved",
    "theme.coordination": "coordinationBudget",
    "money.committed": "committed",
    "money.granted": "granted",
    "money.realised": "paid",
    "money.paid": "paid",
}
"""Label of a field or column → phase of its amount: what a theme has realised it has paid."""


def take(page: Page, draft: Draft, concept: str | None, low: int, high: int, scale: Decimal = Decimal(1)) -> None:
    """Take the value of a field or cell."""
    if low >= high:
        return
    if concept in ("theme.ministries", "contact.ministry"):
        add_ministries(page, draft, low, high, responsible=True)
    elif concept in ("theme.body", "body.authority", "contact.funder"):
        add_authorities(page, draft, low, high)
        centre = centre_of(page, low, high) if concept == "theme.body" and not draft.bodies else None
        draft.bodies += [centre] if centre else []
    elif concept == "code.objective":
        add_objectives(draft, mentions.objectives(page.text, low, high) or list(_plain_objective(page, low, high)))
    elif concept == "project.period":
        _period(page, draft, low, high)
    elif concept == "money.funding":
        _funding(page, draft, low, high, scale)
    elif concept == "theme.page":
        add_pages(page, draft, low, high)
    elif concept in _PHASE_OF_LABEL and _PHASE_OF_LABEL[concept] not in draft.phases:
        found_sums = list(sums(page.text, low, high, bare=True)) or trailing_sums(page.text, low, high, 1)
        draft.money += [statement(_PHASE_OF_LABEL[concept], scaled(one, scale)) for one in found_sums[:1]]


def add_pages(page: Page, draft: Draft, low: int, high: int) -> None:
    """Add the web pages of a span that a theme does not have yet."""
    known = {one.value for one in draft.pages}
    found = [Mention(one.value, low + one.start, low + one.end) for one in urls(page.text[low:high])]
    draft.pages += [one for one in found if one.value not in known]


def _funding(page: Page, draft: Draft, low: int, high: int, scale: Decimal) -> None:
    """Take the fund, or the money that a column ``Rahoitus`` gives in thousands or millions."""
    funds = page.funds_in(low, high)
    draft.fund = draft.fund or only(funds)
    if not funds and (scale != 1 or holds_sum(page.text, low, high)):
        take(page, draft, "money.framework", low, high, scale)


def _plain_objective(page: Page, low: int, high: int) -> Iterator[Mention]:
    """The notation that begins a cell or field of its own, without the word for it."""
    plain = re.match(r"\s*(\d\.(?:\d{1,2}(?:\.\d)?|[a-l]))(?!\d)", page.text[low:high])
    if plain:
        yield Mention(plain[1], low + plain.start(1), low + plain.end(1))


def statement(phase: str, one: Sum, text: str = "") -> money.Statement:
    """A sum as a statement; the words before it in ``text``, or in brackets behind it, may say whose money it is."""
    return money.Statement(one.amount, one.start, one.end, phase, money.scope_near(text, one.start, one.end))


def _period(page: Page, draft: Draft, low: int, high: int) -> None:
    """The time a theme runs, of which its own field says."""
    words = page.text[low:high]
    found = next(iter(periods(words) or periods(words, open_ended=True)), None)
    if found:
        at = (low + found.span[0], low + found.span[1])
        draft.start = draft.start or (page.stated(found.start, *at) if found.start else None)
        draft.end = draft.end or (page.stated(found.end, *at) if found.end else None)


def take_framework(page: Page, draft: Draft, block: Block) -> None:
    """The framework of a field and the shares of ministries behind it; whose money it is, its label may say."""
    stated = money.statements(page, [(block.start, block.end)])
    draft.money += [one for one in stated if one.phase == "coordinationBudget" and one.phase not in draft.phases]
    found = [one for one in stated if one.phase in (None, "framework")]
    for one in found:
        one.phase = "framework"
    whole = [one for one in found if one.ministry is None][:1]
    if "framework" in draft.phases or not whole:
        return
    draft.money += whole
    add_shares(page, draft, [one for one in found if one.ministry])


def add_shares(page: Page, draft: Draft, found: list[money.Statement]) -> None:
    """Add the shares of ministries in a theme's framework: they fund it."""
    for one in found:
        one.phase = "framework"
    draft.money += found
    add_funding(draft, money.ministries(page, found))


def give_common(page: Page, drafts: Iterable[Draft]) -> None:
    """``Näiden neljän ESR+-teeman välittävä toimielin on …``: said of all themes above in the part or on the page, or below.

    So is the only fund of the page, where such a sentence names it; one that goes on (``Ne kaikki rahoitetaan …``) is one too.
    """
    spans = [(n, *span) for n, b in enumerate(page.blocks) if b.kind == "line" for span in page.sentences(b)]
    before = False
    for number, start, end in spans:
        noun = phrases.says("noun.theme", page.text, start, end)
        pointed = phrases.says("cue.pointer", page.text, start, start + 12) and (noun or before)
        before = (noun and of_several(page.text, start, end)) or pointed
        if not before or page.themes_in(start, end) or page.text[start:end].rstrip().endswith(":"):
            continue
        below = drafts if pointed or phrases.says("theme.counted", page.text, start, end) else ()
        low = page.section(number)[0]
        above = [one for one in drafts if one.name.start < start]
        named = mentions.authorities(page.text, start, end) if phrases.says("theme.body", page.text, start, end) else []
        fund = only(page.funds_in(start, end)) if len({one.value for one in page.funds}) == 1 else None
        for one in [one for one in above if one.name.start >= low] or above or below:
            one.fund = one.fund or fund
            if not one.bodies and len({body.name for body in named}) == 1:
                add_authorities(page, one, start, end)


_SHORT = 80


def fund_above(page: Page, draft: Draft) -> Mention | None:
    """The only fund of the nearest heading that announces themes (``ESR+-teemat``), is but a fund's name or titles a call."""
    above = [(n, b) for n, b in enumerate(page.blocks) if b.end <= draft.name.start]
    heads = (
        b
        for n, b in reversed(above)
        if b.kind == "heading" or n == page.title_block or (b.end - b.start < _SHORT and is_national(page.words(b)))
    )
    found = ((b, only(page.funds_in(b.start, b.end))) for b in heads)
    own = (
        one
        for b, one in found
        if one
        and (
            (one.start, one.end) == (b.start, b.end)
            or phrases.says("theme.plural", page.words(b))
            or (page.of_call and page.words(b) == page.title)
        )
    )
    return next(own, None)


def grouped(page: Page, drafts: dict[str, Draft]) -> dict[str, Draft]:
    """The sets of measures of the theme in the page's title: it is their group, and has its ministries and fund for theirs."""
    whole = next((one for one in drafts.values() if page.title_block in one.blocks), None)
    parts = {key: one for key, one in drafts.items() if one is not whole}
    sets = [
        any(phrases.says("theme.measures", page.words(page.blocks[n])) for n in one.blocks) for one in parts.values()
    ]
    if whole is None or len(sets) < 2 or not all(sets):
        return drafts
    for one in parts.values():
        one.group = one.group or page.from_mention(whole.name)
        one.ministries, one.fund = one.ministries or whole.ministries, one.fund or whole.fund
    return parts


def add_funding(draft: Draft, found: Iterable[Stated[MinistryRole]]) -> None:
    """Add the ministries that fund a theme, each once."""
    for one in found:
        if one.value.name not in {known.value.name for known in draft.ministries}:
            draft.ministries.append(one)


def only(found: list[Mention]) -> Mention | None:
    """The first of some mentions that all have one value; None where they have several, or where there is none."""
    return found[0] if len({one.value for one in found}) == 1 else None


def add_objectives(draft: Draft, found: Iterable[Mention]) -> None:
    """Add the objectives that a theme does not have yet."""
    for one in found:
        if one.value not in {known.value for known in draft.objectives}:
            draft.objectives.append(one)


def priorities(page: Page, low: int, high: int) -> Iterator[Mention]:
    """Find the priorities that a span names by number: ``Toimintalinja 4``, ``toimintalinjan 2 erityistavoite``."""
    for noun in phrases.find("noun.priority", page.text, low, high):
        if number := _PRIORITY.match(page.text, noun.end, high):
            yield Mention(number[1], noun.start, number.end())


def add_ministries(page: Page, draft: Draft, low: int, high: int, *, responsible: bool = False) -> None:
    """Add the ministries of a span, each once; ``responsible`` where a field of theirs names them: an only one leads."""
    found = ministries(page, low, high)
    if responsible and len(found) == 1:
        found = [replace(found[0], value=replace(found[0].value, lead=True))]
    known = {one.value.name for one in draft.ministries}
    draft.ministries += [one for one in found if one.value.name not in known]


def add_objective_above(page: Page, draft: Draft, number: int) -> None:
    """The objective that a line above a list of themes, each with its fields, gives all of them."""
    for at in range(number - 1, max(-1, number - _LIST), -1):
        if draft.objectives or (page.blocks[at].kind == "heading" and not heads_fields(page, at)):
            return
        if parts_list(page, page.blocks[at]):
            add_objectives(draft, mentions.objectives(page.text, page.blocks[at].start, page.blocks[at].end)[:1])


_LIST = 40
"""So many blocks at most stand between an objective and the last of its themes."""


def add_authorities(page: Page, draft: Draft, low: int, high: int) -> None:
    """Add the authorities that a span names, as intermediate bodies."""
    known = {one.value for one in draft.bodies}
    draft.bodies += [
        page.stated(b.name, b.start, b.end) for b in mentions.authorities(page.text, low, high) if b.name not in known
    ]


def add_listing(draft: Draft, concept: str, spans: list[Bounds]) -> None:
    """Sub-themes or target groups that a list or field gives."""
    target = draft.parts if concept == "theme.parts" else draft.groups
    if not target:
        target += spans


def scaled(one: Sum, scale: Decimal) -> Sum:
    """Give a bare figure in euros that its column gives in thousands or millions."""
    if one.amount.unit or scale == 1:
        return one
    return replace(
        one, amount=replace(one.amount, value=one.amount.value * scale, precision=one.amount.precision * scale)
    )


# what a list gives its entries


def add_from_list(page: Page, draft: Draft, entry: Entry) -> None:
    """The ministries and body that the announcement of a list, or what parts it, gives its entries; the money of an entry."""
    for block in (page.blocks[at] for at in (*reversed(entry.heads), entry.lead)):
        low, high = last_sentence(page, block)
        if not draft.ministries:
            add_ministries(page, draft, low, high)
        if not draft.bodies and (only_authority(page, block) or phrases.says("theme.body", page.text, low, high)):
            add_authorities(page, draft, low, high)
            own = page.publisher  # ``Toimimme välittävänä toimielimenä …``
            if not draft.bodies and own and mentions.authorities(page.text, own.start, own.end):
                add_authorities(page, draft, own.start, own.end)
    if draft.fund is None and page.funds and page.funds[0].start < page.blocks[entry.lead].start:
        draft.fund = only(page.funds)
    number = draft.blocks[0]
    for one in sums(page.text, page.blocks[number].start, page.blocks[number].end):
        alone = _BARE_SUM.match(page.text, draft.name.end) is not None
        framed = alone or phrases.says("money.framework", page.text, low, high)
        phase = PHASE_OF_CUE.get(one.cue or "") or ("framework" if framed else None)
        if phase and phase not in draft.phases:
            draft.money.append(statement(phase, one, page.text))


_BARE_SUM = re.compile(r"\s\(\d[\d.,\s]*[^\W\d.€]*\.?\s?(?:€|eur\w*)\)", re.IGNORECASE)
"""A bracket behind a theme's name that holds a sum and nothing else."""


def add_frame_above(page: Page, draft: Draft, number: int) -> None:
    """The objective, priority and fund that the announcement of a list of themes gives all of them."""
    depth = page.blocks[number].depth
    fund = None
    for at in range(number - 1, max(-1, number - 26), -1):
        above = page.blocks[at]
        if above.kind == "item" and above.depth >= depth and not page.words(above).endswith(":"):
            continue
        if not draft.objectives and draft.objective is None:
            add_objectives(draft, mentions.objectives(page.text, above.start, above.end)[:1])
            draft.objective = None if draft.objectives else _objective_named(page, above)
        heads = (one for one in priorities(page, above.start, above.end) if one.start == above.start)
        draft.priority = draft.priority or next(heads, None)
        found = page.funds_in(above.start, above.end)
        if found and fund is None:
            fund = only(found)
            draft.fund = draft.fund or fund
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
