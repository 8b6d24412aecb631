"""Toteutuskatsaus: the review of the national themes at a date, one form a theme.

Each form has a table (contacts, ministries, period, four amounts), five parts of running text, links and a list of projects.
"""

from __future__ import annotations

from dataclasses import replace

from loaders import reviews
from loaders.document.lines import Document
from loaders.errors import SourceError
from loaders.records import LeftOut, Reading, Record
from loaders.review import calls, counts
from loaders.review.amounts import told_amounts
from loaders.review.coverage import Coverage
from loaders.review.flow import Flow
from loaders.review.form import CONTACTS, MINISTRY, Form, forms, headings, preamble
from loaders.review.links import Address, addresses
from loaders.review.money import figures
from loaders.review.theme import TITLE, Told, heading, theme

NAME = "review"

_TITLE, _FORM, _TABLE, _HEADINGS = 0.3, 0.5, 0.1, 0.3


def recognises(document: Document) -> float:
    """How surely a document is a review: by its title, the form's table and the headings of its parts."""
    flow = Flow(document)
    sure = _TITLE if TITLE.search(flow.text[:2000]) else 0.0
    if CONTACTS.search(flow.text) and MINISTRY.search(flow.text):
        sure += _FORM if forms(flow) else _TABLE
    return min(1.0, sure + (_HEADINGS if headings(flow) >= 3 else 0.0))


def parse(document: Document) -> Reading:
    """Read a review; raises SourceError where no theme's form is in it."""
    return _Reader(document).reading()


class _Reader:
    """One review being read."""

    def __init__(self, document: Document) -> None:
        """Find the forms, take the addresses out of the text, and read all lists of projects."""
        self.document, self.flow = document, Flow(document)
        found = forms(self.flow)
        if not found:
            raise SourceError(document.id, "no form of a theme: “Valtakunnallinen teema” with its rows was expected")
        self.addresses: list[Address] = addresses(self.flow, found)
        self.flow.mask((a.start, a.end) for a in self.addresses)
        self.above = heading(preamble(self.flow, found))
        self.forms = [(form.name.name, form) for form in found if form.name]
        new = {form.words("name"): form for form in reviews.forms(reviews.Lines(document))}
        found = [form for form in found if form.name.words in new]
        self.forms = [(form.name.name, form) for form in found if form.name]
        self.new = [(name, new[form.name.words]) for name, form in self.forms]
        self.listed, self.left_out = reviews.projects_of(self.new, self.above.date)
        self.left_out += [_nameless(form) for form in found if not form.name]

    def reading(self) -> Reading:
        """The records of all themes, then the report of what was left out."""
        records: list[Record] = []
        for (name, form), (_, new) in zip(self.forms, self.new, strict=True):
            held = calls.calls(form, name)
            records.extend(self._theme(name, form, new, held))
            call = calls.of_list(form, held)
            for one in self.listed:
                if one.theme == name:
                    records += [replace(one.project, call=call), *one.others]
        coverage = Coverage(self.flow, [form for _, form in self.forms], self.addresses)
        return Reading(
            layout=NAME,
            records=tuple(records),
            title=self.above.title or self.document.title,
            programme=self.above.programme.value if self.above.programme else None,
            reference_date=self.above.date,
            left_out=tuple(coverage.left_out(records, self.left_out)),
        )

    def _theme(self, name: str, form: Form, new: reviews.Form, held: list[calls.Told]) -> list[Record]:
        """A theme with its contacts, amounts, calls and counts."""
        persons, money = reviews.people(new, name), figures(form, name, self.above.date)
        record, unread = theme(form, name, self.above, Told(persons, self.listed, self.addresses, new))
        budgets = calls.budgets(form, held, self.above.date)
        self.left_out += [*persons.left_out, *unread, *money.left_out, *calls.implausible(budgets)]
        own = [p.project.key for p in self.listed if p.theme == name and p.project.coordination]
        numbers = counts.Reader(form, name, held, own[0] if len(own) == 1 else None).counts()
        prose = told_amounts(form, name, self.above.date)
        return [record, *persons.contacts, *money.money, *prose, *(t.call for t in held), *budgets, *numbers]


def _nameless(form: Form) -> LeftOut:
    """A form that names no theme: nothing of it can be told of anything."""
    origin = next(form.whole.lines()).origin()
    return LeftOut(origin.first, origin.last, origin.words, "form-without-theme", understood=False)
