"""What a field, cell or sentence gives a theme: ministries, bodies, objectives, fund, money, listed parts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from loaders import mentions
from loaders.mentions import Mention
from loaders.outline import Bounds
from loaders.reading.page import Page
from loaders.reading.sums import Sum, sums, trailing_sums
from loaders.reading.theme_drafts import Draft
from loaders.reading.theme_names import ministries
from loaders.values.marks import urls

PHASES = {
    "money.framework": "framework",
    "money.reserved": "committed",
    "money.granted": "granted",
    "money.realised": "paid",
    "money.paid": "paid",
}


def take(page: Page, draft: Draft, concept: str | None, low: int, high: int, scale: Decimal = Decimal(1)) -> None:
    """Take the value of a field or cell."""
    if low >= high or concept is None:
        return
    if concept == "theme.ministries":
        add_ministries(page, draft, low, high)
    elif concept in ("theme.body", "body.authority"):
        add_authorities(page, draft, low, high)
    elif concept == "code.objective":
        found = mentions.objectives(page.text, low, high)
        plain = re.match(r"\s*(\d\.(?:\d{1,2}|[a-l]))(?!\d)", page.text[low:high])
        found = found or ([Mention(plain[1], low + plain.start(1), low + plain.end(1))] if plain else [])
        add_objectives(draft, found)
    elif concept == "money.funding" and (funds := mentions.funds(page.text, low, high, page.period)):
        draft.fund = draft.fund or only(funds)
    elif concept == "money.funding" and scale != 1:  # a column ``Rahoitus`` of figures is the theme's money
        take(page, draft, "money.framework", low, high, scale)
    elif concept in ("theme.parts", "theme.groups"):
        add_listing(draft, concept, [(low, high)])
    elif concept == "theme.page":
        known = {one.value for one in draft.pages}
        found_urls = [Mention(one.value, low + one.start, low + one.end) for one in urls(page.text[low:high])]
        draft.pages += [one for one in found_urls if one.value not in known]
    elif concept in PHASES and PHASES[concept] not in {phase for phase, _ in draft.money}:
        found_sums = list(sums(page.text, low, high, bare=True)) or trailing_sums(page.text, low, high, 1)
        draft.money += [(PHASES[concept], scaled(one, scale)) for one in found_sums[:1]]


def only(found: list[Mention]) -> Mention | None:
    """The mention all of whose fellows say the same."""
    return found[0] if len({one.value for one in found}) == 1 else None


def add_objectives(draft: Draft, found: Iterable[Mention]) -> None:
    """Add the objectives that a theme does not have yet."""
    known = {one.value for one in draft.objectives}
    draft.objectives += [one for one in found if one.value not in known]


def add_ministries(page: Page, draft: Draft, low: int, high: int) -> None:
    """Add the ministries that a span names."""
    known = {one.value.name for one in draft.ministries}
    draft.ministries += [one for one in ministries(page, low, high) if one.value.name not in known]


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
