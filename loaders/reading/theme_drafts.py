"""A theme in the making, and its records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from loaders.blocks import Bounds
from loaders.mentions import Mention
from loaders.names import Registry, repair
from loaders.reading import money
from loaders.reading.page import Page
from loaders.reading.sums import Sum
from loaders.reading.theme_names import key_of
from loaders.records import About, Count, MinistryRole, Money, Objective, Record, Stated, Text, Theme


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

    def at(self, line: int) -> str | None:
        """Give the theme that a line is about: that of the narrowest part around it."""
        around = [one for one in self.scopes if one.first <= line <= one.last]
        return min(around, key=lambda one: one.last - one.first).theme if around else None

    def of(self, named: Mention | None, line: int) -> str | None:
        """Give the theme of something at a line: the one ``named`` beside it, in a part about a theme only a known one."""
        own = self.at(line)
        known = {one.name.value.text for one in self.records if isinstance(one, Theme)}
        if named and (own is None or key_of(named.value) in {key_of(name) for name in known}):
            return named.value
        return own


def records(page: Page, draft: Draft) -> Iterator[Record]:
    """Make the record of a theme, and those of its money."""
    name, origin = draft.name, page.origin(draft.name.start, draft.name.end)
    yield Theme(
        name=Stated(Text(name.value, page.language), replace(origin, certainty="likely") if draft.unsure else origin),
        names=tuple(_names(page, draft)),
        programme=page.state(page.programme) if page.programme else None,
        group=draft.group,
        fund=page.state(draft.fund) if draft.fund else None,
        priority=page.state(draft.priority) if draft.priority else None,
        objectives=page.objectives(draft.objectives) or _named_objective(page, draft),
        ministries=tuple(leads(draft.ministries)),
        intermediate_bodies=tuple(draft.bodies),
        start=draft.start,
        end=draft.end,
        sub_themes=tuple(_texts(page, draft.parts)),
        target_groups=tuple(_texts(page, draft.groups)),
        web_pages=tuple(page.state(one) for one in draft.pages),
    )
    yield from (_money(page, About("theme", name.value), one) for one in draft.money)
    yield from _counts(page, draft)


def _named_objective(page: Page, draft: Draft) -> tuple[Stated[Objective], ...]:
    one = draft.objective
    return (Stated(Objective(None, one.value), page.origin(one.start, one.end)),) if one else ()


def leads(roles: list[Stated[MinistryRole]]) -> list[Stated[MinistryRole]]:
    """Mark the lead ministry, however named: the only one of a theme leads it; of several, only one that is said to lead."""
    key = Registry.load().organisation_key
    all_keys = {key(role.value.name) for role in roles}
    leading = all_keys if len(all_keys) == 1 else {key(role.value.name) for role in roles if role.value.lead}
    return [
        replace(role, value=replace(role.value, lead=len(leading) == 1 and key(role.value.name) in leading))
        for role in roles
    ]


def _names(page: Page, draft: Draft) -> Iterator[Stated[Text]]:
    """The names in other languages."""
    for language, low, high in draft.others:
        yield Stated(Text(repair(page.text[low:high]), language), page.origin(low, high))


def _money(page: Page, about: About, one: money.Statement) -> Money:
    return Money(
        about=about,
        phase=one.phase or "framework",
        amount=one.amount.value,
        as_stated=one.amount.words,
        precision=one.amount.precision,
        origin=page.origin(one.start, one.end),
        date=page.reference_date,
        scope=one.scope,
        ministry=one.ministry,
        approximate=one.amount.approximate,
        maximum=one.amount.maximum,
    )


def _counts(page: Page, draft: Draft) -> Iterator[Count]:
    for measure, one in draft.counts:
        origin = page.origin(one.start, one.end)
        yield Count(About("theme", draft.name.value), measure, one.amount.value, origin, page.reference_date)


def _texts(page: Page, spans: Iterable[Bounds]) -> Iterable[Stated[str]]:
    found: dict[str, Stated[str]] = {}
    for low, high in spans:
        words = repair(page.text[low:high]).rstrip(".")
        if words:
            found.setdefault(words.casefold(), page.stated(words, low, high))
    return found.values()
