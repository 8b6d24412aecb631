"""A call in the making: when two statements are of one call, and the records of a call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from loaders import mentions, phrases
from loaders.blocks import Bounds
from loaders.mentions import Mention
from loaders.reading.page import Page
from loaders.reading.sums import Sum
from loaders.reading.theme_drafts import Themes
from loaders.records import About, Call, Record, Stated, Text


@dataclass(slots=True)
class Draft:
    """A call while its parts are read."""

    label: Bounds
    """The words that announce it."""
    name: Bounds | None = None
    """Its name, where one is printed."""
    opens: Stated[str] | None = None
    closes: Stated[str] | None = None
    authority: Stated[str] | None = None
    places: list[Mention] = field(default_factory=list)
    objectives: list[Mention] = field(default_factory=list)
    theme: Mention | None = None
    fund: Mention | None = None
    budget: Sum | None = None
    coordination: bool = False
    standing: bool = False
    """It is said to be open continuously, or to open some time."""
    block: int = 0
    section: int | None = None
    upcoming: bool = False
    """It is called the next one."""
    headed: bool = False
    """Fields under a heading of its own describe it."""

    @property
    def dated(self) -> bool:
        """Whether an opening or closing day is known."""
        return bool(self.opens or self.closes)


def fits(one: Draft, other: Draft) -> bool:
    """Tell whether two statements can be of one call: no day of theirs and no objective contradicts."""
    for a, b in ((one.opens, other.opens), (one.closes, other.closes)):
        if a and b and not (a.value.startswith(b.value) or b.value.startswith(a.value)):
            return False
    if (
        one.objectives
        and other.objectives
        and {o.value for o in one.objectives}.isdisjoint(o.value for o in other.objectives)
    ):
        return False
    mine, others = ({m.value for m in d.places} for d in (one, other))
    if mine and others and mine.isdisjoint(others):
        return False
    return not (one.theme and other.theme and one.theme.value.casefold() != other.theme.value.casefold())


def join(one: Draft, other: Draft) -> None:
    """Add to a call what another statement of it says; the more precise day is kept, of the next call the later one."""
    one_dated, other_dated = one.dated, other.dated
    if other_dated and not one_dated:
        one.label = other.label
    for name in ("opens", "closes"):
        mine, theirs = getattr(one, name), getattr(other, name)
        later = one.upcoming and other.upcoming and mine and theirs and mine.value < theirs.value
        if theirs and (mine is None or later or len(theirs.value) > len(mine.value)):
            setattr(one, name, theirs)
            one.label = other.label if mine and name == "opens" else one.label
    one.name, one.authority = one.name or other.name, one.authority or other.authority
    one.theme, one.fund, one.budget = one.theme or other.theme, one.fund or other.fund, one.budget or other.budget
    one.coordination |= other.coordination
    one.places += [p for p in other.places if p.value not in {m.value for m in one.places}]
    if other_dated != one_dated and one.objectives and other.objectives:  # what is said of calls in general widens none
        one.objectives = other.objectives if other_dated else one.objectives
    else:
        one.objectives += [o for o in other.objectives if o.value not in {m.value for m in one.objectives}]


def merged(drafts: list[Draft]) -> list[Draft]:
    """One draft a call: later statements of the same days, or without days in the same section, are joined."""
    kept: list[Draft] = []
    for draft in drafts:
        same = next((one for one in kept if _same(one, draft)), None)
        if same is None:
            kept.append(draft)
        else:
            join(same, draft)
    return kept


def without_vaguer(drafts: list[Draft]) -> list[Draft]:
    """Leave out what only repeats the days of another call, less precisely or in part (``tammi–maaliskuussa 2024``)."""
    return [one for one in drafts if not any(_is_vaguer(one, other) for other in drafts if other is not one)]


def _is_vaguer(one: Draft, other: Draft) -> bool:
    pairs = [(one.opens, other.opens), (one.closes, other.closes)]
    same = all(not a or (b is not None and b.value.startswith(a.value)) for a, b in pairs)
    less = [a and a.value for a, _ in pairs] != [b and b.value for _, b in pairs]
    return (
        one.dated
        and same
        and less
        and not one.headed
        and (one.section, one.upcoming, one.coordination) == (other.section, other.upcoming, other.coordination)
        and fits(one, other)
    )


def _same(one: Draft, other: Draft) -> bool:
    if one.upcoming and other.upcoming and one.section == other.section and not (one.headed or other.headed):
        return True
    if not fits(one, other) or (one.headed and other.headed and one.section != other.section):
        return False
    shared = any(
        a and b and len(a.value) > 4 and len(b.value) > 4
        for a, b in ((one.opens, other.opens), (one.closes, other.closes))
    )
    if shared and not (
        one.objectives
        and other.objectives
        and {o.value for o in one.objectives} != {o.value for o in other.objectives}
        and one.budget
        and other.budget
    ):
        return True
    near = one.section == other.section and one.dated != other.dated and not (one.standing or other.standing)
    return near and abs(one.block - other.block) <= 2


def completed(drafts: list[Draft]) -> list[Draft]:
    """Join what gives only the closing day of a call with what gives only its opening day beside it in the same part."""
    kept: list[Draft] = []
    for draft in sorted(drafts, key=lambda one: one.block):
        beside = next((one for one in reversed(kept) if one.dated), None)
        if beside and (_complement(beside, draft) or _complement(draft, beside)):
            join(beside, draft)
        else:
            kept.append(draft)
    return kept


def _complement(opened: Draft, closed: Draft) -> bool:
    """Tell whether one draft only opens a call and the other only closes it, later, and nothing sets them apart."""
    if opened.opens is None or closed.closes is None or opened.closes or closed.opens or opened.headed or closed.headed:
        return False
    if opened.upcoming != closed.upcoming:
        return False
    return opened.section == closed.section and opened.opens.value < closed.closes.value and fits(opened, closed)


def heads(page: Page, draft: Draft, drafts: list[Draft]) -> bool:
    """Tell whether a draft is only the title of a page of calls: it gives a year, and others give days."""
    days = [[one.value for one in (other.opens, other.closes) if one] for other in drafts]
    own = [one.value for one in (draft.opens, draft.closes) if one]
    return (
        draft.block == page.title_block
        and max(map(len, own), default=0) == 4
        and any(len(d) > 4 for ds in days for d in ds)
    )


def parted(page: Page, draft: Draft) -> Iterator[Draft]:
    """Regional calls told of together (``regionala utlysningar för Birkaland och Österbotten``) are one a region."""
    low, high = draft.label
    together = phrases.says("call.plural", page.text, low, high) and draft.budget is None
    if together and len(draft.places) > 1 and all(low <= place.start < high for place in draft.places):
        yield from (replace(draft, places=[place]) for place in draft.places)
    else:
        yield draft


_NOUNS = {
    "fi": ("Hankehaku", "Koordinaatiohankkeen haku"),
    "sv": ("Utlysning", "Utlysning av samordningsprojekt"),
    "en": ("Call for proposals", "Call for a coordination project"),
}


def records(page: Page, draft: Draft, themes: Themes, taken: set[str]) -> Iterator[Record]:
    """Make the record of a call, and that of its budget; in a part about one theme it is that theme's.

    Its key is its label, with a number where that is ``taken``.
    """
    theme = themes.of(draft.theme, page.origin(*draft.label).first)
    label = " ".join(page.text[slice(*draft.name)].split()) if draft.name else _label(page, draft, theme or "")
    label = label[:1].upper() + label[1:]
    key = next(key for n in count(1) if (key := label if n == 1 else f"{label} ({n})") not in taken)
    taken.add(key)
    fund = draft.fund or page.fund(draft.block, divided=len(themes.scopes) > 1)
    yield Call(
        key=key,
        label=Stated(Text(label, page.language), page.origin(*(draft.name or draft.label))),
        theme=theme,
        opens=draft.opens,
        closes=draft.closes,
        places=tuple(page.state(place) for place in draft.places),
        coordination=draft.coordination,
        objectives=page.objectives(draft.objectives),
        authority=draft.authority,
        fund=page.state(fund) if fund else None,
    )
    if draft.budget:
        yield page.money(About("call", key), "callBudget", draft.budget)


def _label(page: Page, draft: Draft, about: str) -> str:
    """A name a person would give: what is sought, when, and for what."""
    noun = _NOUNS.get(page.language, _NOUNS["en"])[draft.coordination]
    ordinal = next(iter(phrases.find("call.ordinal", page.text, *draft.label)), None)
    if ordinal and not draft.coordination:
        noun = f"{ordinal.words.capitalize()} {noun.lower()}"
    when = _when(draft)
    if not about and draft.objectives:
        about = ", ".join(one.value for one in [*draft.objectives, *(draft.places if len(draft.places) == 1 else [])])
    if not about and draft.places:
        about = ", ".join(dict.fromkeys(one.value for one in draft.places))
    if not about:
        words = " ".join(page.text[slice(*draft.label)].split())
        about = words if len(words) < 90 and not mentions.times(words) else ""
    return f"{noun} {when}".strip() + (f", {about}" if about else "")


def _when(draft: Draft) -> str:
    def shown(value: str) -> str:
        parts = value.split("-")
        return (
            ".".join(str(int(p)) for p in reversed(parts))
            if len(parts) == 3
            else "/".join(str(int(p)) for p in reversed(parts))
        )

    opens, closes = (shown(one.value) if one else "" for one in (draft.opens, draft.closes))
    return f"{opens}–{closes}" if opens or closes else ""
