"""Uutiskirje: the newsletter of the national themes, a section for each theme under the heading of its group."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from loaders import fields
from loaders.document.lines import Document, Line
from loaders.draft import Draft
from loaders.prose import Prose
from loaders.prose.announcements import announcements
from loaders.prose.callmoney import of_calls
from loaders.prose.contacts import read_cards
from loaders.prose.contents import sub_themes, target_groups
from loaders.prose.coordination import coordination
from loaders.prose.funding import funding, leads
from loaders.prose.held import held
from loaders.prose.listed_projects import listed_projects
from loaders.prose.outline import Outline, Section, content, outline
from loaders.prose.programme import fund_of, programme
from loaders.prose.roles import intermediate_bodies, responsible
from loaders.prose.tallies import tallies
from loaders.prose.tongues import guess
from loaders.prose.webpages import web_pages
from loaders.records import (
    About,
    Call,
    Contact,
    LeftOut,
    PartialDate,
    Reading,
    Stated,
    Text,
    Theme,
)

NAME = "newsletter"

_TITLE = re.compile(r"uutiskirje|nyhetsbrev|newsletter", re.IGNORECASE)
_CONTACTS = re.compile(
    r"\s*(?:yhteyshenkilö\w*|yhteystiedot|lisätiet\w+|kontaktperson\w*|kontaktuppgifter|ytterligare\s+information|"
    r"(?:more|further)\s+information|contacts?(?: persons?| details)?)\s*(?::\s*)?$",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"\s*(?:(?:yhteyshenkilö\w*|kontaktperson\w*|contact\s+persons?)\s*:|lisätie\w+\s+anta(?:a|vat)\b:?)\s*(?=\S)",
    re.IGNORECASE,
)
"""A label for contacts with the person's details behind it in its line."""
_NEWS = re.compile(
    r"\s*(?:ajankohtaista|aktuellt|topical|current(?:ly)?|news|haut|utlysningar|calls)\s*(?::\s*)?$", re.IGNORECASE
)
_FUND_MARK = re.compile(r"\((ESR\+?|EAKR|JTF|ESF\+?|ERDF|E[Rr][Uu][Ff]|FRO)\)")


_LONGEST_TITLE = 100
"""A sentence that tells of a newsletter is longer than the title of one."""


def recognises(document: Document) -> float:
    """Newsletters say so in their title, or are made of theme groups' headings with themes marked by their fund."""
    lines = [line.text.strip() for line in content(document) if line.text.strip()]
    title = any(len(line) < _LONGEST_TITLE and _TITLE.search(line) for line in lines[:3])
    if not title and not any(_FUND_MARK.search(line[-8:]) for line in lines):
        return 0.0
    found = outline(document)
    if title:
        return 0.95 if found.sections else 0.4
    marked = [section for section in found.sections if section.heading.fund]
    return 0.75 if marked and len(found.preamble) < 8 else 0.0


def parse(document: Document) -> Reading:
    """Read a newsletter."""
    reader = _Newsletter(document, content(document))
    reader.read()
    return reader.reading()


@dataclass(slots=True)
class _Parts:
    """The lines of a theme's section by what they are."""

    prose: list[Line] = field(default_factory=list)
    contacts: list[Line] = field(default_factory=list)
    news: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class _Newsletter(Draft):
    """The newsletter being read."""

    outline: Outline = field(init=False)
    date: PartialDate | None = None

    def read(self) -> None:
        """Read the title, then each theme."""
        self.outline = outline(self.document)
        self.lang = guess(" ".join(line.text for line in self.document.lines if line.text.strip()))
        self.date = _reference_date(self.document, self.outline)
        self.period = programme(Prose.of(self.outline.preamble, paragraphs=True))
        for section in self.outline.sections:
            self._section(section)

    def reading(self) -> Reading:
        """What was read, with everything that was not."""
        self.title = _title(self.outline)
        return self.close(NAME, reference_date=self.date, issued=self.date)

    def _section(self, section: Section) -> None:
        head = Prose.of(section.heading.lines)
        words = (
            re.sub(r"(?:(?<!\s)\s+)?\([^()]*\)\s*$", "", section.heading.words)
            if section.heading.fund
            else section.heading.words
        )
        parts = _parts(section.lines)
        prose = Prose.of(parts.prose, paragraphs=True)
        money = funding(prose, words, self.date)
        projects = coordination(prose, words)
        calls = self._calls(prose, parts.news, words)
        people, addresses = read_cards(parts.contacts, About("theme", words))
        theme = Theme(
            name=Stated(Text(words, self.lang), head.whole()),
            programme=self.period,
            group=_group(section),
            fund=self._fund(section, head, prose),
            ministries=tuple(leads([*responsible(prose), *money.ministries])),
            intermediate_bodies=tuple(intermediate_bodies(prose)),
            sub_themes=tuple(sub_themes(parts.prose)),
            target_groups=tuple(target_groups(prose)),
            web_pages=tuple(web_pages(Prose.of(section.lines))),
            coordinated_by=tuple(Stated(p.key, p.name.origin) for p in projects.projects),
        )
        counts = tallies(prose, About("theme", words), self.date)
        listed = listed_projects(parts.prose, words, self.lang)
        self.records += [
            theme,
            *of_calls(money.money, calls),
            *projects.projects,
            *projects.participations,
            *listed,
            *calls,
            *counts,
            *people,
        ]
        self.left_out += [*money.left_out, *addresses, *_without_person(people, parts)]

    def _calls(self, prose: Prose, news: Sequence[Line], theme: str) -> list[Call]:
        body = announcements(prose, theme, [])
        latest = announcements(Prose.of(news, paragraphs=True), theme, body.calls, news=True)
        calls = [*body.calls, *latest.calls]
        earlier = held(prose, theme, calls)
        self.left_out += [*body.left_out, *latest.left_out, *earlier.left_out]
        return [*calls, *earlier.calls]

    def _fund(self, section: Section, head: Prose, prose: Prose) -> Stated[str] | None:
        match = _FUND_MARK.search(head.text) or _FUND_MARK.search(prose.text)
        if match is None:
            return None
        source = head if match.string is head.text else prose
        notation = fund_of(match[1], self.period.value if self.period else None)
        if notation != match[1]:
            reason = f"fund-of-period: {notation}"
            self.left_out.append(source.left_out(*match.span(1), reason))
        return source.stated(notation, *match.span(1))


def _title(found: Outline) -> str | None:
    lines = [line.text.strip() for line in found.preamble if line.text.strip()]
    return next((line for line in lines[:3] if _TITLE.search(line)), None)


def _reference_date(document: Document, found: Outline) -> PartialDate | None:
    """The newsletter's month: from its title, else from the name it is kept under, else from the note of a stored copy."""
    first = document.lines[0].text if document.lines else ""
    for words in (_title(found), document.title, document.id, first):
        plain = re.sub(r"\b(kes|hein)akuu", r"\1äkuu", re.sub(r"[-_/]", " ", words or ""))
        dates = fields.dates(plain)
        if dates:
            return dates[0].value
        month = re.search(r"(?<!\d)(20\d\d)[ -](0[1-9]|1[0-2])(?!\d)", plain)
        if month:
            return f"{month[1]}-{month[2]}"
    return None


def _group(section: Section) -> Stated[str] | None:
    if section.group is None:
        return None
    return Stated(section.group.words, Prose.of(section.group.lines).whole())


def _parts(lines: Sequence[Line]) -> _Parts:
    parts = _Parts()
    current = parts.prose
    for line in lines:
        labelled = _LABELLED.match(line.text)
        if _CONTACTS.match(line.text):
            current = parts.contacts
        elif labelled:
            current = parts.contacts
            current.append(replace(line, text=line.text[labelled.end() :]))
        elif _NEWS.match(line.text):
            current = parts.news
        else:
            current.append(line)
    return parts


def _without_person(people: Sequence[Contact], parts: _Parts) -> Iterator[LeftOut]:
    """A contact part in which no person was understood."""
    prose = Prose.of(parts.contacts)
    if prose.text and not people:
        found = prose.left_out(0, len(prose.text), "contact-without-name", understood=False)
        yield replace(found, private=True)
