"""The title above the forms, and each form's theme as a record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from loaders import mentions
from loaders.reading import topics
from loaders.reading.coordination import Listed, coordinated_by, name_pattern
from loaders.reading.page import Page
from loaders.reading.theme_drafts import priorities
from loaders.records import LeftOut, Objective, PartialDate, Stated, Text, Theme
from loaders.review.form import Form
from loaders.review.parts import People
from loaders.text import Span
from loaders.values.dates import dates, periods

TITLE = re.compile(r"^.*toteutuskatsaus.*$", re.IGNORECASE | re.MULTILINE)
_FUND = re.compile(r"\b(ESR\+|EAKR|JTF|ESR)(?![\w+])")
_TEMPLATE = re.compile(r"//(?:www\.)?verkkosivu\.fi|^www\.verkkosivu\.fi|@osoite\.fi", re.IGNORECASE)
_THEME_PAGE = re.compile(r"https?://[^/]+/valtakunnalliset/[^/]+/[^/?#]+/?$")
_SLASH = re.compile(r"(?<=\w-)\s+/\s*(?=\w)")
"""A slash that a wrapped line parted from a suspended word: ``siirtymä- /nivelvaiheissa``."""
_KIND = re.compile(r"\s+(?:Koordinaatiohanke|Koordinoiva hanke)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the forms: the title, the programme's period, the fund, and the date the figures are of."""

    title: str | None
    programme: Stated[str] | None
    fund: Stated[str] | None
    date: PartialDate | None


def heading(span: Span) -> Heading:
    """Read the lines before the first theme."""
    title = TITLE.search(span.text)
    years = [p for p in periods(span.text) if p.start and p.end and len(p.start) == len(p.end) == 4]
    days = [d.value for d in dates(span.text)]
    return Heading(
        title=span.of(title).words if title else None,
        programme=Stated(f"{years[0].start}-{years[0].end}", span.sub(*years[0].span).origin()) if years else None,
        fund=_fund(span.of(title)) if title else None,
        date=next((d for d in days if len(d) == 10), days[0] if days else None),
    )


def _fund(span: Span) -> Stated[str] | None:
    match = _FUND.search(span.text)
    return Stated(match[1], span.of(match).origin()) if match else None


@dataclass(frozen=True, slots=True)
class Told:
    """What the other readers found for a theme."""

    people: People
    projects: Sequence[Listed]


def theme(form: Form, name: str, above: Heading, told: Told) -> tuple[Theme, list[LeftOut]]:
    """The theme of a form; a period that cannot be read is reported."""
    pages = [*_named(form, name), *form.pages]
    cell = form.cell("period")
    text = cell.text
    period = next(iter(periods(text) or periods(text, open_ended=True)), None)
    when = cell.sub(*period.span).origin() if period else None
    record = Theme(
        name=Stated(Text(name), form.name.origin()),
        programme=above.programme,
        fund=above.fund or _fund(form.lines.span(*form.whole)),
        priority=_priority(pages),
        objectives=tuple(_objectives(pages)),
        ministries=told.people.ministries,
        intermediate_bodies=told.people.funders,
        start=Stated(period.start, when) if period and period.start and when else None,
        end=Stated(period.end, when) if period and period.end and when else None,
        sub_themes=_sub_themes(form),
        target_groups=tuple(_target_groups(form)),
        web_pages=tuple(_web_pages(form)),
        coordinated_by=coordinated_by(told.projects, name, form.contacts),
    )
    return record, [] if period else [_no_period(form)]


def _named(form: Form, name: str) -> Iterator[Page]:
    """The theme's name as a page, without the line that says what kind of theme it is."""
    low, high = form.cells["name"]
    if match := re.search(name_pattern(_KIND.sub("", name)), form.lines.text[low:high]):
        low, high = low + match.start(), low + match.end()
    if page := form.lines.page((low, high), running=True):
        yield page


def _priority(pages: Sequence[Page]) -> Stated[str] | None:
    return next((page.state(one) for page in pages for one in priorities(page, 0, len(page.text))), None)


def _objectives(pages: Sequence[Page]) -> Iterator[Stated[Objective]]:
    """The objectives of a theme, each once: those of its name, then those its prose adds."""
    found: dict[str | None, Stated[Objective]] = {}
    for page in pages:
        for one in page.objectives(mentions.objectives(page.text)):
            known = found.setdefault(one.value.notation, one)
            if known.value.name is None and one.value.name:
                found[one.value.notation] = one
    yield from found.values()


def _sub_themes(form: Form) -> tuple[Stated[str], ...]:
    """The sub-themes that the first part of a form that lists some lists: its contents, else its plans."""
    for part in (form.texts[1], form.texts[4]):
        if found := topics.listed(part):
            return tuple(Stated(_SLASH.sub("/", item.words).strip(" .,;:"), item.origin()) for item in found)
    return ()


def _target_groups(form: Form) -> Iterator[Stated[str]]:
    """The groups that the running text names as target groups, each once."""
    found: dict[str, Stated[str]] = {}
    for page in form.pages:
        for low, high in page.outline.text.sentences():
            for span in topics.groups_in(page, low, high):
                found.setdefault(page.words(span), page.stated(page.words(span), *span))
    yield from found.values()


def _web_pages(form: Form) -> Iterator[Stated[str]]:
    """Pages about a theme: printed in its table or among its links, else the programme site's page its links lead to."""
    marks = [one for one in form.lines.addresses if not _TEMPLATE.search(one.value)]
    cells = [*(form.cells.get(name, (0, 0)) for name in ("contacts", "ministry")), form.parts[6]]
    found = [one for low, high in cells for one in marks if low <= one.start < high]
    if not any(_THEME_PAGE.match(one.value) for one in found):
        low, high = form.whole
        found += [one for one in marks if low <= one.start < high and _THEME_PAGE.match(one.value)][:1]
    for mark in {_key(one.value): one for one in reversed(found)}.values().__reversed__():
        same = [one.value for one in form.lines.addresses if _key(one.value) == _key(mark.value)]
        yield Stated(
            max(same, key=lambda url: ("://" in url, len(url))), form.lines.span(mark.start, mark.end).origin()
        )


def _key(url: str) -> str:
    return re.sub(r"^https?://|-|/$", "", url.lower())


def _no_period(form: Form) -> LeftOut:
    origin = (form.cell("period") or form.name).origin()
    return LeftOut(origin.first, origin.last, origin.words, "no-theme-period", understood=False)
