"""Toteutuskatsaus: the review of the national themes at a date. It says which part of a form is what; readers read them.

Each theme has a form: a table (name, contacts, ministries, period, four amounts), five parts of running text, links, and a
list of its projects.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import pairwise

from loaders import mentions, phrases
from loaders.document.lines import Document, Line
from loaders.names import Registry
from loaders.outline import Bounds, outline
from loaders.reading import contacts, persons, projects, theme_names
from loaders.reading.coordination import Listed, complete, told
from loaders.reading.page import Page
from loaders.reading.project_lists import ProjectList
from loaders.records import About, Contact, LeftOut, MinistryRole, Project, Side, Stated
from loaders.values.marks import Mark, urls

_CELLS = ("contacts", "ministry", "period", "money")
_SIDES: tuple[tuple[str, Side | None], ...] = (("contacts", None), ("ministry", "ministry"))
_LABEL_REACH = 900
_HEADING_REACH = 320
_LAST = 7


class Lines:
    """The lines of a document as one text, white space collapsed, line breaks kept."""

    def __init__(self, document: Document) -> None:
        """Join the lines; the furniture of pages is left out."""
        aside = {line.number for line in document.furniture} if document.form == "text" else set()
        self.document = document
        self.lines = [line for line in document.lines if line.number not in aside]
        self._texts = [" ".join(line.text.split()) for line in self.lines]
        self.text = "\n".join(self._texts)
        self.starts = [0]
        for text in self._texts:
            self.starts.append(self.starts[-1] + len(text) + 1)

    @cached_property
    def addresses(self) -> list[Mark]:
        """The web addresses printed in the text, also over lines."""
        return urls(self.text)

    def cut(self, low: int, high: int, *, addresses: bool = True) -> list[Line]:
        """Give the lines of a span, its first and last one cut; without lines that are addresses where so asked."""
        while low < high and self.text[low].isspace():
            low += 1
        while high > low and self.text[high - 1].isspace():
            high -= 1
        found: list[Line] = []
        for index in range(bisect_right(self.starts, low) - 1, len(self.lines)):
            start, end = self.starts[index], self.starts[index + 1] - 1
            if start >= high:
                break
            if not addresses and any(mark.start <= start < end <= mark.end for mark in self.addresses):
                continue
            whole = low <= start and end <= high
            words = self.text[max(low, start) : min(high, end)].strip()
            found.append(self.lines[index] if whole else replace(self.lines[index], text=words))
        return found

    def page(self, low: int, high: int, *, running: bool) -> Page | None:
        """Give a span as a page of its own: as running text without addresses between its lines, or with all its lines."""
        lines = self.cut(low, high, addresses=not running)
        if running:
            lines = [replace(line, continues=True, cell=None, heading=0) for line in lines]
        if not lines:
            return None
        document = replace(self.document, lines=tuple(lines), furniture=())
        return Page(outline(document, spaced=not running))


@dataclass(frozen=True)
class Form:
    """One theme's form: spans of its cells and of its seven parts (at their indexes) in the text of the lines."""

    lines: Lines
    whole: Bounds
    cells: dict[str, Bounds]
    parts: tuple[Bounds, ...]

    def words(self, name: str) -> str:
        """Give the words of a cell."""
        low, high = self.cells.get(name, (0, 0))
        return " ".join(self.lines.text[low:high].split())

    @cached_property
    def prose(self) -> list[Page]:
        """The parts of running text that hold any."""
        return [page for span in self.parts[1:6] if (page := self.lines.page(*span, running=True))]

    @cached_property
    def contacts(self) -> Page | None:
        """The cell of contacts as running text."""
        return self.lines.page(*self.cells.get("contacts", (0, 0)), running=True)

    @cached_property
    def listing(self) -> Page | None:
        """The list of projects, line by line."""
        return self.lines.page(*self.parts[_LAST], running=False)


@cache
def _pattern(concept: str, before: str = "", after: str = "") -> re.Pattern[str]:
    words = phrases.pattern("forms", f"review.{concept}").pattern
    return re.compile(before + words + after, re.IGNORECASE | re.MULTILINE)


def forms(lines: Lines) -> list[Form]:
    """Find the forms of all themes, in the order of the document."""
    text = lines.text
    labels = [
        match
        for match in _pattern("theme", "^", r"\s*:?").finditer(text)
        if _pattern("contacts", "^", r"\s*:?").search(text, match.end(), match.end() + _LABEL_REACH)
    ]
    bounds = [match.start() for match in labels] + [len(text)]
    return [_form(lines, span, label.end()) for span, label in zip(pairwise(bounds), labels, strict=True)]


def _form(lines: Lines, whole: Bounds, at: int) -> Form:
    parts = _parts(lines.text, whole)
    table = parts[0]
    found = [
        (match.start(), match.end(), name)
        for name in _CELLS
        if (match := _pattern(name, "" if name == "ministry" else "^", r"\s*:?").search(lines.text, *table))
    ]
    found = sorted([*found, (at, at, "name")])
    ends = [start for start, _, _ in found[1:]] + [table[1]]
    cells = {name: (end, until) for (_, end, name), until in zip(found, ends, strict=True)}
    return Form(lines, whole, cells, parts)


def _parts(text: str, whole: Bounds) -> tuple[Bounds, ...]:
    """The table and the seven parts; a heading counts once, and only behind the heading before it."""
    found: list[tuple[int, int, int]] = []
    at = whole[0]
    for number in range(1, _LAST + 1):
        match = _pattern(f"part.{number}", r"^(?:7\)\s*)?" if number == _LAST else "^").search(text, at, whole[1])
        if match:
            end = _pattern("end", after=r"\s*\.?:?").search(text, match.start(), match.end() + _HEADING_REACH)
            found.append((number, match.start(), max(match.end(), end.end()) if end else match.end()))
            at = match.end()
    spans = [(whole[0], whole[0])] * (_LAST + 1)
    spans[0] = (whole[0], found[0][1] if found else whole[1])
    ends = [start for _, start, _ in found[1:]] + [whole[1]]
    for (number, _, opened), until in zip(found, ends, strict=False):
        spans[number] = (opened, until)
    return tuple(spans)


def projects_of(found: Sequence[tuple[str, Form]], date: str | None) -> tuple[list[Listed], list[LeftOut]]:
    """Read the projects of all themes, and what running text says of them."""
    listed: list[Listed] = []
    left_out: list[LeftOut] = []
    for theme, form in found:
        texts = [*([form.contacts] if form.contacts else []), *form.prose]
        mine = (
            list(_listed(form, theme, date, left_out)) or [one for page in form.prose if (one := told(page, theme))][:1]
        )
        for one in mine:
            one.texts = texts
            if any(other.project.key == one.project.key for other in listed if other.theme != theme):
                one.rename(f"{one.project.key} ({theme})")
        listed += mine
    complete(listed)
    return listed, left_out


def _listed(form: Form, theme: str, date: str | None, left_out: list[LeftOut]) -> Iterator[Listed]:
    if form.listing is None:
        return
    page = form.listing
    page.reference_date = date
    found = ProjectList(page, 0, len(page.text))
    for draft in found.read():
        project, *others = projects.of_draft(page, draft, theme)
        if isinstance(project, Project):
            yield Listed(project, others, theme, ())
    left_out += found.left_out()


@dataclass(frozen=True, slots=True)
class People:
    """What the two cells of contacts say."""

    contacts: tuple[Contact, ...]
    ministries: tuple[Stated[MinistryRole], ...]
    funders: tuple[Stated[str], ...]
    """The organisations of the funder's contacts: the theme's intermediate bodies."""
    left_out: tuple[LeftOut, ...]


def people(form: Form, theme: str) -> People:
    """Read both cells of contacts."""
    found: list[Contact] = []
    funders: dict[str, Stated[str]] = {}
    for name, side in _SIDES:
        lines = form.lines.cut(*form.cells.get(name, (0, 0)), addresses=False)
        page, cards = contacts.of_cell(form.lines.document, lines)
        for card in cards:
            found.append(contacts.contact(page, card, About("theme", theme), side))
            if found[-1].side == "funder" and card.body and card.body_at:
                funders.setdefault(card.body.casefold(), page.stated(card.body, *card.body_at))
    if form.contacts and not any(one.side != "ministry" for one in found):
        funders = {one.value.casefold(): one for one in _unmanned(form.contacts)}
    named = form.lines.page(*form.cells.get("ministry", (0, 0)), running=True)
    ministries = tuple(_ministries(form, named)) if named else ()
    return People(tuple(found), ministries, tuple(funders.values()), ())


def _unmanned(page: Page) -> list[Stated[str]]:
    """The authorities of a cell that names no person; one after a project carries it out, unless no other is named."""
    own: list[Stated[str]] = []
    after_project: list[Stated[str]] = []
    for body in mentions.authorities(page.text):
        before = [part for part in re.split(r"[,:;…]\s*", page.text[: body.start]) if part.strip()]
        named = (
            before and body.start and persons.is_project(before[-1]) and page.text[: body.start].rstrip()[-1:] in ",:"
        )
        (after_project if named else own).append(page.stated(body.name, body.start, body.end))
    return own or after_project


def _ministries(form: Form, page: Page) -> Iterator[Stated[MinistryRole]]:
    """The ministries of a cell, each once; the lead where one is called responsible or is the only one."""
    told = {
        Registry.load().organisation_key(one.value.name)
        for part in form.prose
        for low, high in part.outline.text.sentences()
        for one in theme_names.ministries(part, low, high)
        if one.value.lead
    }
    found = {
        Registry.load().organisation_key(one.value.name): one for one in theme_names.ministries(page, 0, len(page.text))
    }
    for key, one in found.items():
        lead = len(found) == 1 or one.value.lead or told == {key}
        yield replace(one, value=MinistryRole(one.value.name, lead))


__all__ = ["Form", "Lines", "People", "forms", "people", "projects_of"]
