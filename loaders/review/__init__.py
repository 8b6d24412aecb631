"""Toteutuskatsaus: the review of the national themes at a date, one form a theme.

Each form has a table (contacts, ministries, period, four amounts), five parts of running text, links and a list of projects.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from loaders.document.lines import Document
from loaders.errors import SourceError
from loaders.reading import counts
from loaders.reading.amount_tables import Kind, figures
from loaders.reading.subjects import Subjects
from loaders.reading.theme_drafts import Scope, Themes
from loaders.records import About, Call, Count, LeftOut, Reading, Record
from loaders.review import calls
from loaders.review.form import Form, Lines, forms, has_table, headings
from loaders.review.parts import people, projects_of
from loaders.review.rest import rest
from loaders.review.theme import TITLE, Told, heading, theme
from loaders.text import Span

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
    return _Reader(document).reading()


class _Reader:
    """One review being read."""

    def __init__(self, document: Document) -> None:
        """Find the forms and read all lists of projects."""
        self.document, self.lines = document, Lines(document)
        found = forms(self.lines)
        if not found:
            raise SourceError(document.id, "no form of a theme: “Valtakunnallinen teema” with its rows was expected")
        self.above = heading(Span.of_lines(self.lines.cut(0, found[0].whole[0])))
        self.forms = [(form.name.words, form) for form in found if form.name]
        self.listed, self.left_out = projects_of(self.forms, self.above.date)
        self.left_out += [_nameless(form) for form in found if not form.name]

    def reading(self) -> Reading:
        """The records of all themes, then the report of what was left out."""
        records: list[Record] = []
        for name, form in self.forms:
            themes = Themes([], (Scope(0, form.number(form.whole[1] - 1), name),))
            found = calls.read(form, themes)
            records.extend(self._theme(name, form, themes, found))
            call = calls.of_list(form, found)
            for one in self.listed:
                if one.theme == name:
                    records += [replace(one.project, call=call), *one.others]
        return Reading(
            layout=NAME,
            records=tuple(records),
            title=self.above.title or self.document.title,
            programme=self.above.programme.value if self.above.programme else None,
            reference_date=self.above.date,
            left_out=tuple(rest(self.lines, [form for _, form in self.forms], records, self.left_out)),
        )

    def _theme(self, name: str, form: Form, themes: Themes, found: list[Call]) -> list[Record]:
        """A theme with its contacts, amounts, calls and counts."""
        persons, kind = people(form, name), Kind(About("theme", name), "eu-state", self.above.date)
        money = figures(form.cell("money"), form.name, form.prose, kind)
        record, unread = theme(form, name, self.above, Told(persons, self.listed))
        budgets = calls.budgets(form, found, self.above.date)
        self.left_out += [*unread, *money.left_out, *calls.implausible(budgets)]
        own = [p.project for p in self.listed if p.theme == name and p.project.coordination]
        numbers = _counts(form, themes, [*found, *own])
        return [record, *persons.contacts, *money.money, *found, *budgets, *numbers]


def _counts(form: Form, themes: Themes, known: Sequence[Record]) -> Iterator[Record]:
    """The counts of a form's running text and of the heading of its list, each once."""
    found: dict[tuple[object, ...], Record] = {}
    for page in [*form.pages, *([form.listing] if form.listing else [])]:
        for one in counts.read(page, Subjects(page, known, themes)):
            assert isinstance(one, Count)
            date = None if one.date == page.reference_date else one.date
            found.setdefault((one.about, one.measure, one.value, date, one.basis), replace(one, date=date))
    yield from found.values()


def _nameless(form: Form) -> LeftOut:
    """A form that names no theme: nothing of it can be told of anything."""
    origin = next(Span.of_lines(form.lines.cut(*form.whole)).lines()).origin()
    return LeftOut(origin.first, origin.last, origin.words, "form-without-theme", understood=False)
