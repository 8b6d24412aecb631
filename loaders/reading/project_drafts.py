"""A project in the making: what is known of it, and its days and organisations as they are added."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from loaders import mentions, phrases
from loaders.blocks import Block, Bounds
from loaders.mentions import Mention
from loaders.reading import bodies
from loaders.reading.page import Page
from loaders.reading.sums import Sum
from loaders.records import Stated
from loaders.values.dates import dates, periods

PHASE_OF_LABEL = {
    "money.cost": "costEstimate",
    "money.granted": "granted",
    "money.applied": "applied",
    "money.realised": "realised",
    "money.planned": "planned",
    "money.paid": "paid",
}
"""Label of a field → phase of its amount."""
PHASE_OF_CUE = {"granted": "granted", "applied": "applied", "cost": "costEstimate"}
"""What the words around an amount say it is (``Sum.cue``) → its phase."""


@dataclass(slots=True)
class Draft:
    """A project while its parts are read."""

    name: Bounds | None = None
    block: int = 0
    fields: dict[str, Block] = field(default_factory=dict)
    bodies: list[bodies.Body] = field(default_factory=list)
    sums: list[tuple[str, Sum]] = field(default_factory=list)
    start: Stated[str] | None = None
    end: Stated[str] | None = None
    code: Stated[str] | None = None
    group_code: Stated[str] | None = None
    acronym: Stated[str] | None = None
    theme: Mention | None = None
    authority: Stated[str] | None = None
    fund: Mention | None = None
    objectives: tuple[Mention, ...] = ()
    priority: Mention | None = None
    status: Stated[str] | None = None
    coordination: Stated[bool] | None = None
    sub_theme: Stated[str] | None = None
    pages: list[Stated[str]] = field(default_factory=list)
    group: bool = False
    """Its implementers carry out projects of one group."""
    open: bool = False
    """A group's heading without implementers: coded lines below it list them."""
    printed: bool = False
    """Its name is kept as printed, with the acronym in it."""
    unsure: bool = False
    """Its name is the title of a page that only speaks of "the project"."""
    joint: bool = False
    """It coordinates several themes and belongs to none of them."""


def take_period(page: Page, draft: Draft, low: int, high: int) -> None:
    """Read the start and the end that some words state; what is known already stays."""
    if draft.start or draft.end:
        return
    words = page.text[low:high]
    period = next(iter(periods(words)), None)
    if period:
        at = (low + period.span[0], low + period.span[1])
        draft.start = page.stated(period.start, *at) if period.start else None
        draft.end = page.stated(period.end, *at) if period.end else None
        return
    single = dates(words, years=True)
    if len(single) >= 2:
        draft.start = page.stated(single[0].value, low + single[0].start, low + single[0].end)
        last = single[-1 if phrases.says("project.extended", words) else 1]
        draft.end = page.stated(last.value, low + last.start, low + last.end)
    elif single:
        at = (low + single[0].start, low + single[0].end)
        if phrases.says("call.closes", words) or re.match(r"\s*[-–—]", words[: single[0].start][-3:]):
            draft.end = page.stated(single[0].value, *at)
        else:
            draft.start = page.stated(single[0].value, *at)


def is_only_period(page: Page, part: Block | Bounds) -> bool:
    """Tell whether a block or span is a period and nothing else."""
    words = page.words(part).strip()
    return any(period.words == words for period in periods(words))


def headings_above(page: Page, number: int) -> str:
    """The page's title and the headings before a block, a line each."""
    above = [one for n, one in enumerate(page.blocks[:number]) if one.kind == "heading" and n not in page.menu]
    return "\n".join([page.title or "", *(page.words(one) for one in above)])


def phase_above(page: Page, number: int) -> str | None:
    """Say what the sums of a list are, by what stands above it: the nearest words win, else those of the page's headings."""
    lead = headings_above(page, number)
    given = phrases.says("heading.funding", lead) and not phrases.says("status.application", lead) and not page.of_call
    return _phase(page.before(number)) or _phase(lead) or ("granted" if given else None)


def _phase(lead: str) -> str | None:
    found = [
        (cue.end, phase) for phase in ("applied", "granted", "cost") for cue in phrases.find(f"money.{phase}", lead)
    ]
    found += [(cue.end, "granted") for cue in phrases.find("status.funded", lead)]
    if not found:
        return None
    end, phase = max(found)
    if phase == "granted" and any(0 <= end - at < 30 for at, other in found if other == "applied"):
        return "applied"
    return PHASE_OF_CUE[phase]


def add_body(draft: Draft, body: bodies.Body) -> None:
    """Add an organisation once, under the longer of two names of which one is the other's first word; a later role is kept."""
    body = bodies.first_of_two(body)
    known = next(
        (n for n, one in enumerate(draft.bodies) if _same_body(one.name.casefold(), body.name.casefold())), None
    )
    if known is None:
        draft.bodies.append(body)
    elif draft.bodies[known].role is None and body.role:
        longer = len(draft.bodies[known].name) > len(body.name)
        draft.bodies[known] = replace(draft.bodies[known], role=body.role) if longer else body


def add_bodies(draft: Draft, found: Iterable[bodies.Body]) -> None:
    """Add several organisations."""
    for body in found:
        add_body(draft, body)


def _same_body(one: str, other: str) -> bool:
    """``Prizztech`` is ``Prizztech Oy`` where a project has both."""
    short, long = sorted((one, other), key=len)
    return short == long or (short.isalpha() and len(short) > 3 and long.startswith(short + " "))


_TOKEN = r"[A-ZÅÄÖ]\w*!?"
_ACRONYMS = (
    re.compile(rf"\(({_TOKEN})(?:\s?-[a-z]+)?\)"),
    re.compile(rf"^({_TOKEN}(?:\s[A-ZÅÄÖ]{{2,}})?)\s?[-–—]\s"),
    re.compile(r"^([A-ZÅÄÖ]{3,})\s+[A-ZÅÄÖ][a-zåäö]+\s+\S+"),
    re.compile(rf"[,–—-]\s+(?=\S*[a-zåäö])({_TOKEN})$"),
)


def acronym(name: str) -> Bounds | None:
    """Find the short name printed with a name: in brackets, before or behind a dash, or in capitals at its head.

    >>> acronym("OHITE - Jatkuvan oppimisen palvelumalli")
    (0, 5)
    """
    for pattern in _ACRONYMS:
        match = pattern.search(name)
        if (
            match
            and not mentions.funds(match[1])
            and (pattern is _ACRONYMS[0] or sum(c.isupper() for c in match[1]) > 1)
        ):
            return match.span(1)
    return None
