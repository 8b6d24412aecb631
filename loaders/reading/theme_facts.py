"""What a field, cell or sentence gives a theme: ministries, bodies, objectives, fund, money, listed parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from loaders import mentions, phrases
from loaders.blocks import Block, Bounds
from loaders.mentions import Mention
from loaders.reading import money
from loaders.reading.page import Page
from loaders.reading.sums import Sum, sums, trailing_sums
from loaders.reading.theme_drafts import Draft
from loaders.reading.theme_names import ministries
from loaders.records import MinistryRole, Stated
from loaders.values.marks import urls

_PRIORITY = re.compile(r"\s?(\d)(?![\d.]*\d)")
PHASES = {
    "money.framework": "framework",
    "money.reserved": "committed",
    "money.granted": "granted",
    "money.realised": "paid",
    "money.paid": "paid",
}


def take(page: Page, draft: Draft, concept: str | None, low: int, high: int, scale: Decimal = Decimal(1)) -> None:
    """Take the value of a field or cell."""
    if low >= high:
        return
    if concept in ("theme.ministries", "contact.ministry"):
        add_ministries(page, draft, low, high, responsible=True)
    elif concept in ("theme.body", "body.authority", "contact.funder"):
        add_authorities(page, draft, low, high)
    elif concept == "code.objective":
        add_objectives(draft, mentions.objectives(page.text, low, high) or list(_plain_objective(page, low, high)))
    elif concept == "project.period":
        _period(page, draft, low, high)
    elif concept == "money.funding":
        _funding(page, draft, low, high, scale)
    elif concept in ("theme.parts", "theme.groups"):
        add_listing(draft, concept, [(low, high)])
    elif concept == "theme.page":
        add_pages(page, draft, low, high)
    elif concept in PHASES and PHASES[concept] not in draft.phases:
        found_sums = list(sums(page.text, low, high, bare=True)) or trailing_sums(page.text, low, high, 1)
        draft.money += [statement(PHASES[concept], scaled(one, scale)) for one in found_sums[:1]]


def add_pages(page: Page, draft: Draft, low: int, high: int) -> None:
    """Add the web pages of a span that a theme does not have yet."""
    known = {one.value for one in draft.pages}
    found = [Mention(one.value, low + one.start, low + one.end) for one in urls(page.text[low:high])]
    draft.pages += [one for one in found if one.value not in known]


def _funding(page: Page, draft: Draft, low: int, high: int, scale: Decimal) -> None:
    """Take the fund, or the money that a column ``Rahoitus`` gives in thousands or millions."""
    funds = mentions.funds(page.text, low, high, page.period)
    draft.fund = draft.fund or only(funds)
    if not funds and scale != 1:
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
    found = next((one for one in mentions.times(page.text, low, high) if not one.single), None)
    if found:
        at = (found.start, found.end)
        draft.start = draft.start or (page.stated(found.opens, *at) if found.opens else None)
        draft.end = draft.end or (page.stated(found.closes, *at) if found.closes else None)


def take_framework(page: Page, draft: Draft, block: Block) -> None:
    """The framework of a field and the shares of ministries behind it; whose money it is, its label may say."""
    found = [one for one in money.statements(page, [(block.start, block.end)]) if one.phase in (None, "framework")]
    for one in found:
        one.phase = "framework"
    whole = [one for one in found if one.ministry is None][:1]
    if "framework" in draft.phases or not whole:
        return
    draft.money += [*whole, *(one for one in found if one.ministry)]
    add_funding(draft, money.ministries(page, found))


def add_funding(draft: Draft, found: Iterable[Stated[MinistryRole]]) -> None:
    """Add the ministries that fund a theme, each once."""
    for one in found:
        if one.value.name not in {known.value.name for known in draft.ministries}:
            draft.ministries.append(one)


def only(found: list[Mention]) -> Mention | None:
    """The mention all of whose fellows say the same."""
    return found[0] if len({one.value for one in found}) == 1 else None


def add_objectives(draft: Draft, found: Iterable[Mention]) -> None:
    """Add the objectives that a theme does not have yet."""
    known = {one.value for one in draft.objectives}
    draft.objectives += [one for one in found if one.value not in known]


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


def add_authorities(page: Page, draft: Draft, low: int, high: int) -> None:
    """Add the authorities that a span names, as intermediate bodies."""
    known = {one.value for one in draft.bodies}
    draft.bodies += [
        page.stated(b.name, b.start, b.end) for b in mentions.authorities(page.text, low, high) if b.name not in known
    ]


def add_bodies(page: Page, draft: Draft, low: int, high: int) -> None:
    """Add the ministries and authorities that a span names."""
    add_ministries(page, draft, low, high)
    add_authorities(page, draft, low, high)


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
