"""Teemasivu: a web page on one national theme of 2021-2027, running text and then contact cards."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loaders import fields
from loaders.document.lines import Document, Line
from loaders.draft import Draft
from loaders.errors import SourceError
from loaders.names import Registry, repair
from loaders.prose import Prose
from loaders.prose.announcements import announcements
from loaders.prose.bullets import BULLET
from loaders.prose.callmoney import of_calls
from loaders.prose.contacts import Reader, contacts
from loaders.prose.contents import sub_themes, target_groups
from loaders.prose.coordination import coordination
from loaders.prose.funding import funding, leads
from loaders.prose.listed_projects import listed_projects
from loaders.prose.outline import content
from loaders.prose.persons import is_project, understand
from loaders.prose.programme import fund_of, programme
from loaders.prose.roles import intermediate_bodies, responsible
from loaders.prose.tallies import tallies
from loaders.prose.tongues import guess
from loaders.prose.webpages import web_pages
from loaders.records import About, Project, Reading, Stated, Text, Theme

NAME = "theme_page"

_THEME = re.compile(r"teema\w*|teeman\b|\btema(?:t|n)?\b|\btheme(?:’s|'s)?\b", re.IGNORECASE)
_CONTACTS = re.compile(
    r"\s*(?:yhteyshenkilö\w*|yhteystiedot|kontaktperson\w*|contact(?:\s*(?:persons?|details))?)(?:\s*:)?\s*$",
    re.IGNORECASE,
)
_FUND = re.compile(
    r"\((?P<fund>ESR\+?|EAKR|JTF|ESF\+?|ERDF|ERUF|FRO)\)|(?<!\w)(?P<bare>ESR\+|ESF\+|EAKR|ERDF)(?=[\s-]*(?:teema|theme|tema))"
)
_GENERIC = re.compile(
    r"(?:valtakunnalliset\s+teemat|(?:riksomfattande|landsomfattande|nationella)\s+teman|national\s+themes|(?:rahoitetut\s+)?hankkeet|"
    r"projekt|(?:funded\s+)?projects)\W*$",
    re.IGNORECASE,
)
"""Titles of pages that are about several themes or about projects."""
_MENU = 15
"""A menu that a copy begins with is no longer."""


def recognises(document: Document) -> float:
    """The page's title is the name of the theme that its text is about."""
    lines = content(document)
    kept = [line.text.strip() for line in lines if line.text.strip()]
    title = _title(lines)
    if title is None or len(kept) < 2 or _GENERIC.match(title.text.strip()):
        return 0.0
    name = repair(title.text.strip())
    text = " ".join(kept[kept.index(title.text.strip()) + 1 :])
    opening = text[:500].casefold()
    about = name.casefold() in opening and bool(_THEME.search(opening))
    known = Registry.load().theme(name) is not None
    people = any(_CONTACTS.match(line) for line in kept)
    old = "kokonaisuu" in text
    return 0.0 if old or not (about or known) else min(0.9, 0.25 + 0.25 * about + 0.2 * known + 0.2 * people)


def parse(document: Document) -> Reading:
    """Read the page of one theme; raises SourceError where nothing names it."""
    reader = _Page(document, content(document))
    reader.read()
    return reader.reading()


class _Page(Draft):
    """The page being read."""

    def read(self) -> None:
        """Read the title, the text, the contact cards."""
        title = _title(self.lines)
        if title is None:
            raise SourceError(self.document.id, "the page has no title that could name its theme")
        head = Prose.of([title])
        body, people = self._parts(title)
        prose = Prose.of(body, paragraphs=True)
        self.lang, self.period = guess(head.text + " " + prose.text), programme(prose)
        self.title = repair(head.text)
        about = About("theme", self.title)
        money = funding(prose, self.title, None)
        projects = coordination(prose, self.title)
        calls = announcements(prose, self.title, [])
        reader = Reader(Prose.of(people))
        cards = list(contacts(reader, about))
        headed = list(self._headed(people))
        coordinating = [*projects.projects, *headed]
        self.records = [
            Theme(
                name=head.stated(Text(self.title, self.lang), 0, len(head.text)),
                programme=self.period,
                fund=self._fund(prose),
                ministries=tuple(leads([*responsible(prose), *money.ministries])),
                intermediate_bodies=tuple(intermediate_bodies(prose)),
                sub_themes=tuple(sub_themes(body)),
                target_groups=tuple(target_groups(prose)),
                web_pages=tuple(web_pages(Prose.of([*body, *people]))),
                coordinated_by=tuple(Stated(p.key, p.name.origin) for p in coordinating),
            ),
            *of_calls(money.money, calls.calls),
            *coordinating,
            *projects.participations,
            *listed_projects(body, self.title, self.lang),
            *calls.calls,
            *tallies(prose, about, None),
            *cards,
        ]
        self.left_out += [*money.left_out, *calls.left_out, *reader.left_out]

    def reading(self) -> Reading:
        """What was read, with everything that was not."""
        return self.close(NAME)

    def _parts(self, title: Line) -> tuple[list[Line], list[Line]]:
        """The lines of the text and those of the contact cards below their heading."""
        lines = self.lines[self.lines.index(title) + 1 :]
        heads = [i for i, line in enumerate(lines) if _CONTACTS.match(line.text)]
        cut = heads[0] if heads else len(lines)
        return lines[:cut], lines[cut + 1 :]

    def _fund(self, prose: Prose) -> Stated[str] | None:
        match = _FUND.search(prose.text)
        if match is None:
            return None
        group = "fund" if match["fund"] else "bare"
        return prose.stated(fund_of(match[group], self.period.value if self.period else None), *match.span(group))

    def _headed(self, people: list[Line]) -> Iterator[Project]:
        """Coordination projects whose names head the cards of their people."""
        for line in people:
            words = line.text.strip()
            plain = not (fields.emails(words) or fields.phones(words))
            if plain and words.count(" ") and is_project(words) and understand(words).kind == "other":
                prose = Prose.of([line])
                name = prose.stated(Text(repair(words), self.lang), 0, len(prose.text))
                yield Project(name.value.text, name, self.title, coordination=Stated(True, name.origin))


def _title(lines: list[Line]) -> Line | None:
    """The page's first line, if it can be a name; of a copy that begins with its menu, the first one the text is about."""
    kept = [line for line in lines if line.text.strip()][:_MENU]
    marked = next((line for line in kept if line.heading == 1), None)
    for index, line in enumerate(kept):
        if not _can_be_name(line):
            break
        following = " ".join(other.text for other in kept[index + 1 :])[: len(line.text) + 400].casefold()
        told = repair(line.text.strip()).casefold() in following and _THEME.search(following)
        if line is marked or (told and line.text.strip().count(" ")):
            return line
    return kept[0] if kept and _can_be_name(kept[0]) else None


def _can_be_name(line: Line) -> bool:
    """Whether a line is no sentence and no list item."""
    return not (BULLET.match(line.text) or len(line.text) > 200 or line.text.rstrip().endswith((".", ":", "!")))
