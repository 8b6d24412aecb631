"""The title above the forms, and each form's theme as a record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from loaders import fields
from loaders.reading.coordination import Listed, coordinated_by, name_pattern
from loaders.records import LeftOut, PartialDate, Stated, Text, Theme
from loaders.review import contents
from loaders.review.form import Form
from loaders.review.parts import People
from loaders.text import Span

TITLE = re.compile(r"^.*toteutuskatsaus.*$", re.IGNORECASE | re.MULTILINE)
_FUND = re.compile(r"\b(ESR\+|EAKR|JTF|ESR)(?![\w+])")
_TEMPLATE = re.compile(r"//(?:www\.)?verkkosivu\.fi|^www\.verkkosivu\.fi|@osoite\.fi", re.IGNORECASE)
_THEME_PAGE = re.compile(r"https?://[^/]+/valtakunnalliset/[^/]+/[^/?#]+/?$")
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
    years = [p for p in fields.periods(span.text) if p.start and p.end and len(p.start) == len(p.end) == 4]
    dates = [d.value for d in fields.dates(span.text)]
    return Heading(
        title=span.of(title).words if title else None,
        programme=Stated(f"{years[0].start}-{years[0].end}", span.sub(*years[0].span).origin()) if years else None,
        fund=_fund(span.of(title)) if title else None,
        date=next((d for d in dates if len(d) == 10), dates[0] if dates else None),
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
    bare = _bare(form.name, name)
    cell = form.cell("period")
    text = cell.text
    period = next(iter(fields.periods(text) or fields.periods(text, open_ended=True)), None)
    when = cell.sub(*period.span).origin() if period else None
    record = Theme(
        name=Stated(Text(name), form.name.origin()),
        programme=above.programme,
        fund=above.fund or _fund(form.lines.span(*form.whole)),
        priority=contents.priority(form, bare),
        objectives=contents.theme_objectives(form, bare),
        ministries=told.people.ministries,
        intermediate_bodies=told.people.funders,
        start=Stated(period.start, when) if period and period.start and when else None,
        end=Stated(period.end, when) if period and period.end and when else None,
        sub_themes=contents.sub_themes(form),
        target_groups=contents.target_groups(form),
        web_pages=tuple(_web_pages(form)),
        coordinated_by=coordinated_by(told.projects, name, form.contacts),
    )
    return record, [] if period else [_no_period(form)]


def _bare(span: Span, name: str) -> Span:
    """The name without the line that says what kind of theme it is."""
    match = re.match(name_pattern(_KIND.sub("", name)), span.text)
    return span.of(match) if match else span


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
