"""The title above the forms, and each form's theme as a record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from loaders import fields
from loaders.reading.coordination import Listed, coordinated_by, name_pattern
from loaders.records import LeftOut, PartialDate, Stated, Text, Theme
from loaders.review import contents
from loaders.review.flow import Span
from loaders.review.form import Form
from loaders.review.links import Address, theme_pages
from loaders.reviews import Form as NewForm
from loaders.reviews import People

TITLE = re.compile(r"^.*toteutuskatsaus.*$", re.IGNORECASE | re.MULTILINE)
_FUND = re.compile(r"\b(ESR\+|EAKR|JTF|ESR)(?![\w+])")
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
    addresses: Sequence[Address]
    form: NewForm


def theme(form: Form, name: str, above: Heading, told: Told) -> tuple[Theme, list[LeftOut]]:
    """The theme of a form; a period that cannot be read is reported."""
    bare = _bare(form.name, name)
    text = form.period.text
    period = next(iter(fields.periods(text) or fields.periods(text, open_ended=True)), None)
    when = form.period.sub(*period.span).origin() if period else None
    record = Theme(
        name=Stated(Text(name), form.name.origin()),
        programme=above.programme,
        fund=above.fund or _fund(form.whole),
        priority=contents.priority(form, bare),
        objectives=contents.theme_objectives(form, bare),
        ministries=told.people.ministries,
        intermediate_bodies=told.people.funders,
        start=Stated(period.start, when) if period and period.start and when else None,
        end=Stated(period.end, when) if period and period.end and when else None,
        sub_themes=contents.sub_themes(form),
        target_groups=contents.target_groups(form),
        web_pages=tuple(Stated(a.url, a.origin) for a in theme_pages(told.addresses, form)),
        coordinated_by=coordinated_by(told.projects, name, told.form.contacts),
    )
    return record, [] if period else [_no_period(form)]


def _bare(span: Span, name: str) -> Span:
    """The name without the line that says what kind of theme it is."""
    match = re.match(name_pattern(_KIND.sub("", name)), span.text)
    return span.of(match) if match else span


def _no_period(form: Form) -> LeftOut:
    origin = (form.period or form.name).origin()
    return LeftOut(origin.first, origin.last, origin.words, "no-theme-period", understood=False)
