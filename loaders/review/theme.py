"""The title above the forms, and each form's theme as a record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from loaders import mentions, phrases
from loaders.names import Registry
from loaders.reading import contacts, persons, theme_names, topics
from loaders.reading.coordination import Listed, coordinated_by, name_pattern
from loaders.reading.page import Page
from loaders.reading.theme_drafts import priorities
from loaders.records import About, Contact, LeftOut, MinistryRole, Objective, PartialDate, Side, Stated, Text, Theme
from loaders.review.form import Form
from loaders.text import Span
from loaders.values.dates import dates, periods

TITLE = re.compile(r"^.*toteutuskatsaus.*$", re.IGNORECASE | re.MULTILINE)
_FUND = re.compile(r"\b(ESR\+|EAKR|JTF|ESR)(?![\w+])")
_TEMPLATE = re.compile(r"//(?:www\.)?verkkosivu\.fi|^www\.verkkosivu\.fi|@osoite\.fi", re.IGNORECASE)
_THEME_PAGE = re.compile(r"https?://[^/]+/valtakunnalliset/[^/]+/[^/?#]+/?$")
_SLASH = re.compile(r"(?<=\w-)\s+/\s*(?=\w)")
"""A slash that a wrapped line parted from a suspended word: ``siirtymä- /nivelvaiheissa``."""
_SIDES: tuple[tuple[str, Side | None], ...] = (("contacts", None), ("ministry", "ministry"))
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


def theme(
    form: Form, name: str, above: Heading, listed: Sequence[Listed]
) -> tuple[Theme, list[Contact], list[LeftOut]]:
    """The theme of a form with its contacts; a period that cannot be read is reported."""
    pages = [*_named(form, name), *form.pages]
    cell = form.cell("period")
    period = next(iter(periods(cell.text) or periods(cell.text, open_ended=True)), None)
    when = cell.sub(*period.span).origin() if period else None
    persons, funders = _persons(form, name)
    record = Theme(
        name=Stated(Text(name), form.name.origin()),
        programme=above.programme,
        fund=above.fund or _fund(form.lines.span(*form.whole)),
        priority=next((page.state(one) for page in pages for one in priorities(page, 0, len(page.text))), None),
        objectives=tuple(_objectives(pages)),
        ministries=tuple(_ministries(form)),
        intermediate_bodies=tuple(funders),
        start=Stated(period.start, when) if period and period.start and when else None,
        end=Stated(period.end, when) if period and period.end and when else None,
        sub_themes=_sub_themes(form),
        target_groups=tuple(_target_groups(form)),
        web_pages=tuple(_web_pages(form)),
        coordinated_by=coordinated_by(listed, name, form.contacts),
    )
    return record, persons, [] if period else [_no_period(form)]


def _persons(form: Form, name: str) -> tuple[list[Contact], Iterable[Stated[str]]]:
    """The contacts of both cells, and the organisations of the funder's: the theme's intermediate bodies."""
    found: list[Contact] = []
    funders: dict[str, Stated[str]] = {}
    for cell, side in _SIDES:
        page, cards = contacts.of_cell(form.lines.document, form.lines.cut(*form.bounds(cell), addresses=False))
        for card in cards:
            found.append(contacts.contact(page, card, About("theme", name), side))
            if found[-1].side == "funder" and card.body and card.body_at:
                funders.setdefault(card.body.casefold(), page.stated(card.body, *card.body_at))
    if form.contacts and not any(one.side != "ministry" for one in found):
        funders = {one.value.casefold(): one for one in _unmanned(form.contacts)}
    return found, funders.values()


def _named(form: Form, name: str) -> Iterator[Page]:
    """The theme's name as a page, without the line that says what kind of theme it is."""
    low, high = form.cells["name"]
    if match := re.search(name_pattern(_KIND.sub("", name)), form.lines.text[low:high]):
        low, high = low + match.start(), low + match.end()
    if page := form.lines.page((low, high), running=True):
        yield page


def _unmanned(page: Page) -> list[Stated[str]]:
    """The authorities of a cell that names no person; one of a project or its staff funds it only if no other is named."""
    own: list[Stated[str]] = []
    of_projects: list[Stated[str]] = []
    for body in mentions.authorities(page.text):
        before = [part for part in re.split(r"[,:;…]\s*", page.text[: body.start]) if part.strip()][-1:]
        after_project = page.text[: body.start].rstrip()[-1:] in (",", ":") and any(map(persons.is_project, before))
        of_staff = any(phrases.pattern("jobs", "job.project").search(part) for part in before)
        (of_projects if after_project or of_staff else own).append(page.stated(body.name, body.start, body.end))
    return own or of_projects


def _ministries(form: Form) -> Iterator[Stated[MinistryRole]]:
    """The ministries of a cell, each once; the lead where one is called responsible or is the only one."""
    page = form.lines.page(form.bounds("ministry"), running=True)
    told = {
        Registry.load().organisation_key(one.value.name)
        for part in form.pages
        for low, high in part.outline.text.sentences()
        for one in theme_names.ministries(part, low, high)
        if one.value.lead
    }
    named = theme_names.ministries(page, 0, len(page.text)) if page else []
    found = {Registry.load().organisation_key(one.value.name): one for one in named}
    for key, one in found.items():
        lead = len(found) == 1 or one.value.lead or told == {key}
        yield replace(one, value=MinistryRole(one.value.name, lead))


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
    cells = [*(form.bounds(name) for name in ("contacts", "ministry")), form.parts[6]]
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
