"""Toteutuskatsaus: the review of the national themes at a date, one form a theme.

Each form has a table (contacts, ministries, period, four amounts), five parts of running text, links and a list of projects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from loaders.document.lines import Document
from loaders.errors import SourceError
from loaders.reading import counts, projects
from loaders.reading.amount_tables import Kind, figures
from loaders.reading.coordination import Listed, complete, told
from loaders.reading.project_lists import ProjectList
from loaders.reading.subjects import Subjects
from loaders.reading.theme_drafts import Scope, Themes
from loaders.records import About, Count, LeftOut, Project, Reading, Record
from loaders.review import calls
from loaders.review.form import Form, Lines, forms, has_table, headings
from loaders.review.theme import TITLE, Heading, heading, theme
from loaders.sightings import unread
from loaders.text import Span
from loaders.values.dates import dates, periods
from loaders.values.marks import codes, urls
from loaders.values.weekdays import oddities

NAME = "review"

_TITLE, _FORM, _TABLE, _HEADINGS = 0.3, 0.5, 0.1, 0.3


def recognises(document: Document) -> float:
    """How surely a document is a review: by its title, the form's table and the headings of its parts."""
    lines = Lines(document)
    sure = _TITLE if TITLE.search(lines.text[:2000]) else 0.0
    if has_table(lines):
        sure += _FORM if forms(lines) else _TABLE
    return min(1.0, sure + (_HEADINGS if headings(lines) >= 3 else 0.0))


def parse(document: Document) -> Reading:
    """Read a review; raises SourceError where no theme's form is in it."""
    lines = Lines(document)
    found = forms(lines)
    if not found:
        raise SourceError(document.id, "no form of a theme: “Valtakunnallinen teema” with its rows was expected")
    above = heading(Span.of_lines(lines.cut(0, found[0].whole[0])))
    named = [(form.name.words, form) for form in found if form.name]
    left_out = [_nameless(form) for form in found if not form.name]
    listed = _projects(named, above.date, left_out)
    records = [one for name, form in named for one in _records(name, form, above, listed, left_out)]
    return Reading(
        layout=NAME,
        records=tuple(records),
        title=above.title or document.title,
        programme=above.programme.value if above.programme else None,
        reference_date=above.date,
        left_out=tuple(_rest(lines, [form for _, form in named], records, left_out)),
    )


def _nameless(form: Form) -> LeftOut:
    """A form that names no theme: nothing of it can be told of anything."""
    origin = next(Span.of_lines(form.lines.cut(*form.whole)).lines()).origin()
    return LeftOut(origin.first, origin.last, origin.words, "form-without-theme", understood=False)


def _projects(named: Sequence[tuple[str, Form]], date: str | None, left_out: list[LeftOut]) -> list[Listed]:
    """Read the projects of all themes, and what running text says of them."""
    listed: list[Listed] = []
    for name, form in named:
        own = list(_listed(form, name, date, left_out))
        own = own or [one for page in form.pages if (one := told(page, name))][:1]
        for one in own:
            one.texts = [*([form.contacts] if form.contacts else []), *form.pages]
            if any(other.project.key == one.project.key for other in listed):
                one.rename(f"{one.project.key} ({name})")
        listed += own
    complete(listed)
    return listed


def _listed(form: Form, name: str, date: str | None, left_out: list[LeftOut]) -> Iterator[Listed]:
    if form.listing is None:
        return
    page = form.listing
    page.reference_date = date
    found = ProjectList(page, 0, len(page.text))
    for draft in found.read():
        project, *others = projects.of_draft(page, draft, name)
        if isinstance(project, Project):
            yield Listed(project, others, name, ())
    left_out += found.left_out()


def _records(
    name: str, form: Form, above: Heading, listed: Sequence[Listed], left_out: list[LeftOut]
) -> Iterator[Record]:
    """A theme with its contacts, amounts, calls and counts, then its projects."""
    themes = Themes([], (Scope(0, form.number(form.whole[1] - 1), name),))
    own = [one for one in listed if one.theme == name]
    found = calls.read(form, themes)
    budgets = calls.budgets(form, found, above.date)
    money = figures(form.cell("money"), form.name, form.prose, Kind(About("theme", name), "eu-state", above.date))
    record, contacts, unread_cells = theme(form, name, above, listed)
    left_out += [*unread_cells, *money.left_out, *calls.implausible(budgets)]
    known: list[Record] = [*found, *(one.project for one in own if one.project.coordination)]
    yield from (record, *contacts, *money.money, *found, *budgets, *_counts(form, themes, known))
    call = calls.of_list(form, found)
    for one in own:
        yield from (replace(one.project, call=call), *one.others)


def _counts(form: Form, themes: Themes, known: Sequence[Record]) -> Iterator[Record]:
    """The counts of a form's running text and of the heading of its list, each once."""
    found: dict[tuple[object, ...], Record] = {}
    for page in [*form.pages, *([form.listing] if form.listing else [])]:
        for one in counts.read(page, Subjects(page, known, themes)):
            assert isinstance(one, Count)
            date = None if one.date == page.reference_date else one.date
            found.setdefault((one.about, one.measure, one.value, date, one.basis), replace(one, date=date))
    yield from found.values()


# what became no record

_CELLS = {"period": "further-period", "contacts": "contact-cell", "ministry": "contact-cell", "money": "beside-amount"}
_LIST = 7


def _rest(lines: Lines, found: Sequence[Form], records: Iterable[Record], known: Sequence[LeftOut]) -> list[LeftOut]:
    """List everything recognised that no record holds, in the order of the document, with the part of its form as reason."""
    records = list(records)
    groups = {record.group_code.value for record in records if isinstance(record, Project) and record.group_code}
    first = found[0].number(found[0].whole[0]) if found else 0
    rest = [
        one if one.understood else _with_reason(one, found, groups)
        for one in unread(lines.document, records, known)
        if one.first >= first
    ]
    odd = [
        lines.span(one.start, end).prose.left_out(0, end - one.start, one.reason, understood=False)
        for one, end in oddities(lines.text)
    ]
    return sorted([*known, *rest, *odd], key=lambda one: (one.first, one.last))


def _with_reason(one: LeftOut, found: Sequence[Form], groups: set[str]) -> LeftOut:
    """Words that nothing explains, with the reason that the part they stand in gives."""
    form = next((form for form in reversed(found) if form.number(form.whole[0]) <= one.first), None)
    part = form.part_of(one.first) if form else None
    code = bool(codes(one.words))
    dated = bool(dates(one.words, years=True) or periods(one.words, open_ended=True))
    if one.reason == "damaged-code" or (one.private and part not in _CELLS):
        return one
    if code and one.words not in groups and isinstance(part, int) and part != _LIST:
        return replace(one, reason="code-outside-lists")
    if part == _LIST and not dated and not urls(one.words) and one.words not in groups:
        return one
    if urls(one.words):
        reason = "link-annotation"
    elif code and one.words in groups:
        reason = "code-again"
    elif part is None or isinstance(part, str):
        reason = _CELLS.get(part or "", "form-heading")
    elif part == _LIST:
        reason = "date-of-list-heading"
    else:
        reason = "date-in-text" if dated else "amount-in-text"
    return replace(one, reason=reason, understood=True)


__all__ = ["NAME", "parse", "recognises"]
