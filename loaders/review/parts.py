"""What the readers of every document find in the parts of a review's forms: projects, contacts, ministries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from loaders import mentions, phrases
from loaders.names import Registry
from loaders.reading import contacts, persons, projects, theme_names
from loaders.reading.coordination import Listed, complete, told
from loaders.reading.page import Page
from loaders.reading.project_lists import ProjectList
from loaders.records import About, Contact, LeftOut, MinistryRole, Project, Side, Stated
from loaders.review.form import Form

_SIDES: tuple[tuple[str, Side | None], ...] = (("contacts", None), ("ministry", "ministry"))


def projects_of(found: Sequence[tuple[str, Form]], date: str | None) -> tuple[list[Listed], list[LeftOut]]:
    """Read the projects of all themes, and what running text says of them."""
    listed: list[Listed] = []
    left_out: list[LeftOut] = []
    for theme, form in found:
        texts = [*([form.contacts] if form.contacts else []), *form.pages]
        mine = (
            list(_listed(form, theme, date, left_out)) or [one for page in form.pages if (one := told(page, theme))][:1]
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
    named = form.lines.page(form.cells.get("ministry", (0, 0)), running=True)
    ministries = tuple(_ministries(form, named)) if named else ()
    return People(tuple(found), ministries, tuple(funders.values()), ())


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


def _ministries(form: Form, page: Page) -> Iterator[Stated[MinistryRole]]:
    """The ministries of a cell, each once; the lead where one is called responsible or is the only one."""
    told = {
        Registry.load().organisation_key(one.value.name)
        for part in form.pages
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


__all__ = ["People", "people", "projects_of"]
