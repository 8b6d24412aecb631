"""A theme in the making, and its records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from loaders.mentions import Mention
from loaders.outline import Bounds
from loaders.reading.page import Page
from loaders.reading.sums import Sum
from loaders.reading.theme_names import key_of
from loaders.records import About, Count, MinistryRole, Objective, Record, Stated, Text, Theme


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
    money: list[tuple[str, Sum]] = field(default_factory=list)
    counts: list[tuple[str, Sum]] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    titled: bool = False
    """A title or subtitle says that the page or slides are about it."""

    @property
    def key(self) -> str:
        """What tells the theme from others."""
        return key_of(self.name.value)


def records(page: Page, draft: Draft) -> Iterator[Record]:
    """Make the record of a theme, and those of its money."""
    name = draft.name
    yield Theme(
        name=Stated(Text(name.value, page.language), page.origin(name.start, name.end)),
        programme=page.state(page.programme) if page.programme else None,
        fund=page.state(draft.fund) if draft.fund else None,
        priority=page.state(draft.priority) if draft.priority else None,
        objectives=page.objectives(draft.objectives) or _named_objective(page, draft),
        ministries=tuple(leads(draft.ministries)),
        intermediate_bodies=tuple(draft.bodies),
        sub_themes=tuple(_texts(page, draft.parts)),
        target_groups=tuple(_texts(page, draft.groups)),
        web_pages=tuple(page.state(one) for one in draft.pages),
    )
    yield from (page.money(About("theme", name.value), phase, one) for phase, one in draft.money)
    yield from _counts(page, draft)


def _named_objective(page: Page, draft: Draft) -> tuple[Stated[Objective], ...]:
    one = draft.objective
    return (Stated(Objective(None, one.value), page.origin(one.start, one.end)),) if one else ()


def leads(roles: list[Stated[MinistryRole]]) -> list[Stated[MinistryRole]]:
    """Mark the lead ministry: the only one of a theme leads it; of several, only one that is said to lead."""
    leading = roles if len(roles) == 1 else [role for role in roles if role.value.lead]
    only = leading[0] if len(leading) == 1 else None
    return [replace(role, value=replace(role.value, lead=role is only)) for role in roles]


def _counts(page: Page, draft: Draft) -> Iterator[Count]:
    for measure, one in draft.counts:
        origin = page.origin(one.start, one.end)
        yield Count(About("theme", draft.name.value), measure, one.amount.value, origin, page.reference_date)


def _texts(page: Page, spans: Iterable[Bounds]) -> Iterator[Stated[str]]:
    for low, high in spans:
        words = " ".join(page.text[low:high].split())
        if words:
            yield page.stated(words, low, high)
