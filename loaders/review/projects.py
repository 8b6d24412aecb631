"""Projects of all themes as records: keys, roles told in the prose, and which of them coordinate which theme."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from loaders.records import About, LeftOut, Money, Participation, Project, Record, Stated, Text
from loaders.review import coded, told
from loaders.review.entries import Entry, Member, acronym
from loaders.review.flow import Span
from loaders.review.form import Form
from loaders.review.links import Address, printed
from loaders.review.narrated import narrated
from loaders.review.times import Known, Times

_TELLING = 3
"""So many first words tell one project of a theme from another."""
_COORDINATES = re.compile(r"\bkoordinaatio(?:hanke)?$", re.IGNORECASE)


@dataclass(slots=True)
class Listed:
    """A project with its key and the theme that lists it."""

    key: str
    theme: str
    form: Form
    entry: Entry
    coordination: Span | None = None


def listed(forms: Sequence[tuple[str, Form]]) -> tuple[list[Listed], list[LeftOut]]:
    """The projects of every theme, in order, and what of their lists could not be read."""
    found, left_out = list[Listed](), list[LeftOut]()
    for theme, form in forms:
        entries, unread = _entries(form)
        left_out.extend(unread)
        for entry in entries:
            key = _key(entry, theme, {p.key: p.theme for p in found})
            project = Listed(key, theme, form, entry, entry.coordination or _coordination(form, entry))
            if project.coordination and not any(m.role for m in entry.members):
                entry.members = [_with_told_role(form, member) for member in entry.members]
            found.append(project)
    return found, left_out


def _entries(form: Form) -> tuple[list[Entry], list[LeftOut]]:
    if coded.leading_codes(form.projects):
        entries, left_out = coded.entries(form.projects)
        entries = sorted([*entries, *_beside_codes(form.projects)], key=lambda entry: entry.name.start)
    else:
        entries, left_out = told.entries(form.projects), []
    named = [entry for entry in entries if entry.name]
    if not named and (single := narrated(form)):
        named = [single]
    return named, left_out


def _beside_codes(section: Span) -> Iterator[Entry]:
    """The projects without codes in a list that has some with codes."""
    for number, stretch in enumerate(coded.stretches(section)):
        start = told.uncoded(stretch, opening=not number)
        if start is not None:
            yield from told.entries(stretch.sub(start))


def _key(entry: Entry, theme: str, taken: Mapping[str, str]) -> str:
    code = entry.group_code or entry.code
    if code:
        return code.value
    name = entry.name.name
    return name if taken.get(name, theme) == theme else f"{name} ({theme})"


def _coordination(form: Form, entry: Entry) -> Span | None:
    """Where a form calls a project its coordination project, or the project's own name says so."""
    if _COORDINATES.search(entry.title):
        return entry.name
    name = pattern(entry.title)
    calls_it = re.compile(
        rf"(?<!\w){name}\s*[-–]?\s?(?:teeman\s+)?koordinaatiohan(?:ke|kkee)\w*|koordinoiv\w+\s+hank\w+\s+{name}(?!\w)",
        re.IGNORECASE,
    )
    for span in (form.contacts, form.ministry, *form.prose):
        if match := calls_it.search(span.text):
            return span.of(match)
    return None


def pattern(name: str) -> str:
    """A pattern for a name wherever lines break and whichever dash is printed."""
    words = [re.sub(r"(?:\\-|–|—)", "[-–—]", re.escape(word)) for word in name.split()]
    return r"\s+".join(words)


def _with_told_role(form: Form, member: Member) -> Member:
    """The lead that the prose names: ``koordinaatiohankkeen päätoteuttaja on …``."""
    says = re.compile(rf"päätoteuttaja(?:na)?\s+(?:on|toimii)\s+{pattern(member.name)}(?![\w-])")
    for span in form.prose:
        if match := says.search(span.text):
            return replace(member, role="lead", role_span=span.of(match))
    return member


def records(
    projects: Sequence[Listed],
    addresses: Sequence[Address],
    times: Mapping[str, Times],
    call: str | None,
    date: str | None,
) -> Iterator[Record]:
    """Projects of one form, participations and cost estimates, in the order of the list."""
    for project, following in zip_longest(projects, projects[1:]):
        until = following.entry.name.start if following else project.form.whole.end
        pages = _pages(project, addresses, until)
        yield replace(_project(project, pages, times.get(project.key, Times())), call=call)
        for member in project.entry.members:
            yield _participation(project, member)
        yield from _cost(project, date)


def _pages(project: Listed, addresses: Sequence[Address], until: int) -> tuple[Stated[str], ...]:
    entry = project.entry
    reach = Span(entry.name.flow, max(entry.name.start, project.form.projects.start), max(until, entry.name.start))
    return tuple(Stated(a.url, a.origin) for a in printed(addresses, reach))


def _project(project: Listed, pages: tuple[Stated[str], ...], times: Times) -> Project:
    entry, period = project.entry, project.entry.period
    short = entry.short or acronym(entry.name)
    when = entry.period_span.origin() if entry.period_span else None
    return Project(
        key=project.key,
        name=Stated(Text(entry.name.name), entry.name.origin()),
        theme=project.theme,
        acronym=Stated(short.words, short.origin()) if short else None,
        project_code=Stated(entry.code.value, entry.code_span.origin()) if entry.code and entry.code_span else None,
        group_code=Stated(entry.group_code.value, entry.group_span.origin())
        if entry.group_code and entry.group_span
        else None,
        group=entry.group,
        coordination=Stated(True, project.coordination.origin()) if project.coordination else None,
        start=Stated(period.start, when) if period and period.start and when else times.start,
        end=Stated(period.end, when) if period and period.end and when else times.end,
        sub_theme=Stated(entry.sub_theme.name, entry.sub_theme.origin()) if entry.sub_theme else None,
        web_pages=pages,
    )


def _participation(project: Listed, member: Member) -> Participation:
    return Participation(
        project=project.key,
        organisation=Stated(member.name, member.span.origin()),
        role=Stated(member.role, member.role_span.origin()) if member.role and member.role_span else None,
        project_code=Stated(member.code.value, member.code_span.origin()) if member.code and member.code_span else None,
    )


def _cost(project: Listed, date: str | None) -> Iterator[Money]:
    cost, span = project.entry.cost, project.entry.cost_span
    if cost and span:
        yield Money(
            about=About("project", project.key),
            phase="costEstimate",
            amount=cost.value,
            as_stated=cost.words,
            precision=cost.precision,
            origin=span.origin(),
            date=date,
            approximate=cost.approximate,
            maximum=cost.maximum,
        )


def coordinated_by(projects: Sequence[Listed], theme: str, form: Form) -> tuple[Stated[str], ...]:
    """The coordination projects of a theme: those it lists, and those of other themes its contacts name."""
    found: dict[str, Stated[str]] = {}
    for project in projects:
        if project.coordination is None:
            continue
        if project.theme == theme:
            found[project.key] = Stated(project.key, project.coordination.origin())
        elif match := re.search(_called(project), form.contacts.text, re.IGNORECASE):
            found.setdefault(project.key, Stated(project.key, form.contacts.of(match).origin()))
    return tuple(found.values())


def _called(project: Listed) -> str:
    """How another theme names a coordination project: by its name, or by its acronym as a coordination."""
    short = _acronym(project)
    return pattern(project.entry.title) + (rf"|\b{re.escape(short)}\s?-\s?koordinaatio\w*" if short else "")


def _acronym(project: Listed) -> str | None:
    short = project.entry.short or acronym(project.entry.name)
    return short.words if short else None


def second_list(projects: Sequence[Listed], form: Form) -> list[LeftOut]:
    """Projects named again among the links of their theme: recognised, and not read a second time."""
    links, found = form.links, list[Span]()
    for project in projects:
        words = project.entry.title.split()[:_TELLING]
        match = re.search(pattern(" ".join(words)), links.text, re.IGNORECASE) if len(words) == _TELLING else None
        if match:
            line = links.flow.line_end(links.flow.index(links.start + match.start()))
            found.append(Span(links.flow, links.start + match.start(), line))
    if len(found) < 2:
        return []
    return [LeftOut(o.first, o.last, o.words, "second-list") for o in (s.origin() for s in found)]


def known(projects: Sequence[Listed]) -> list[Known]:
    """How the prose may call the projects."""
    return [
        Known(
            key=p.key,
            name=p.entry.name.name,
            acronym=_acronym(p),
            theme=p.theme,
            coordination=p.coordination is not None,
            only=sum(q.theme == p.theme for q in projects) == 1,
        )
        for p in projects
    ]
