"""Hankelista: a page with the funded projects of one theme, each a name and its implementers, in any of three languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from loaders.document.lines import Document, Line
from loaders.draft import Draft
from loaders.names import Registry, kind_by_form, repair, split
from loaders.prose import Prose
from loaders.prose.announcements import announcements
from loaders.prose.bullets import BULLET
from loaders.prose.outline import content
from loaders.prose.programme import fund_of, programme
from loaders.prose.tongues import guess
from loaders.records import Participation, Project, Reading, Text, Theme

NAME = "project_list"

_LEAD = (
    r"Implementer\s+of\s+the\s+main\s+project|(?:Main|Lead)\s+(?:implementer|applicant|partner)|Päähankkeen\s+"
    r"toteuttaja|Päätoteuttaja|Päähakija|Genomförare\s+av\s+huvudprojektet|Huvudgenomförare|Huvudsökande"
)
_PARTNER = (
    r"Implementers?\s+of\s+(?:the\s+)?sub-?projects?|Sub-?project\s+implementers?|Osahankkeiden\s+toteuttajat|"
    r"(?:Sub|Co)-?\s?(?:implementer|applicant)s?|Partners?|Osahankkeen\s+toteuttaja|Osatoteuttajat?|Osahakijat?|"
    r"Genomförare\s+av\s+delprojekt\w*|Delgenomförare|Medsökande"
)
_PLAIN = r"Applicants?|Implementers?|Hakijat?|Toteuttajat?|Sökande|Genomförare"
_ROLE = re.compile(rf"(?<!\w)(?:(?P<lead>{_LEAD})|(?P<partner>{_PARTNER})|(?P<plain>{_PLAIN}))\s*:\s*")
_THEME = re.compile(
    r"national\s+theme\s+[\"”“]?(?P<named>[A-Z][^.,;:()\"”“]{0,200}?)[\"”“]?(?=\s*[(.,;:]|\s+(?:funds?|finances?|supports?|is|has|aims?)\b)|"
    r"[Vv]altakunnallise\w+\s+teema\w*\s+[\"”“]?(?P<nimi>[A-ZÅÄÖ][^.;:()\"”“]{0,200}?)[\"”“]?(?=\s*[(.;:]|\s+(?:hankkeet|rahoite\w+|-teema)\b)|"
    r"(?:the\s+(?:national\s+)?)(?P<en>[A-Z][^.,;:()]{0,200}?)\s+(?:\(?(?:ESF\+?|ERDF)\)?\s+)?theme\b|"
    r"(?:Valtakunnallisen\s+|Kansallisen\s+)?(?P<fi>[A-ZÅÄÖ](?:(?!\n\n)[^.,;:()•]){0,200}?)\s+-?(?:teema\w{0,30})|"
    r"[Tt]ema(?:t)?\s+[\"”“]?(?P<sv>[A-ZÅÄÖ][^.,;:()\"”]*)[\"”]?"
)
_NAMED = {"named": "en", "nimi": "fi", "en": "en", "fi": "fi", "sv": "sv"}
"""The language of the theme's name by the wording it stands in."""
_FUND = re.compile(r"(?<!\w)(?P<fund>ESR\+?|ESF\+?|EAKR|ERDF|ERUF|JTF|FRO)(?!\w)")
_CUT = re.compile(r"SOURCE:.*\bcut\b")

Role = Literal["lead", "partner"]


def recognises(document: Document) -> float:
    """The page gives implementers behind their labels, project after project."""
    lines = content(document)
    marks = [match for line in lines for match in _ROLE.finditer(line.text)]
    leads = sum(match["lead"] is not None for match in marks)
    partners = sum(match["partner"] is not None for match in marks)
    text = " ".join(line.text for line in lines)
    theme = bool(_THEME.search(text[:800]))
    other = bool(re.search(r"Hankekoodi\s*:|Teeman\s+toteutusaika|julkinen\s+rahoituskehys", text))
    return (
        0.0 if other or len(marks) < 2 else min(0.9, 0.3 + 0.1 * min(leads, 2) + 0.1 * min(partners, 2) + 0.2 * theme)
    )


def parse(document: Document) -> Reading:
    """Read the projects of the page."""
    reader = _List(document, content(document))
    reader.read()
    return reader.reading()


@dataclass(slots=True)
class _List(Draft):
    """The list being read."""

    theme: str | None = None

    def read(self) -> None:
        """Read the introduction, then the blocks of the list."""
        blocks = list(_blocks(self.lines))
        first = blocks[0][0] if blocks else len(self.lines)
        intro = Prose.of(self.lines[:first], paragraphs=True)
        self.lang, self.period = guess(intro.text or Prose.of(self.lines).text), programme(intro)
        self._theme(intro)
        calls = announcements(intro, self.theme, [])
        self.records += calls.calls
        self.left_out += calls.left_out
        for number, (_, name, parts) in enumerate(blocks):
            self._project(name, parts, last=number == len(blocks) - 1)

    def reading(self) -> Reading:
        """What was read, with everything that was not."""
        self.title = self.theme
        return self.close(NAME)

    def _theme(self, intro: Prose) -> None:
        match = _THEME.search(intro.text)
        if match is None:
            return
        group = next(name for name in _NAMED if match[name])
        lang = _NAMED[group]
        fund = _FUND.search(intro.text, match.start())
        notation = fund_of(fund["fund"], self.period.value if self.period else None) if fund else None
        self.theme = repair(match[group])
        self.records.append(
            Theme(
                name=intro.stated(Text(self.theme, lang), *match.span(group)),
                programme=self.period,
                fund=intro.stated(notation, *fund.span("fund")) if fund and notation else None,
            )
        )

    def _project(self, name: list[Line], parts: list[Line], *, last: bool) -> None:
        prose = Prose.of(parts)
        if not name:
            self.left_out.append(prose.left_out(0, len(prose.text), "implementers-without-project", understood=False))
            return
        head = Prose.of(name)
        bullet = BULLET.match(head.text)
        start = bullet.end() if bullet else 0
        words = repair(head.text[start:])
        stated = head.stated(Text(words, guess(words)), start, len(head.text))
        self.records.append(Project(words, stated, self.theme))
        marks = list(_ROLE.finditer(prose.text))
        for index, mark in enumerate(marks):
            end = marks[index + 1].start() if index + 1 < len(marks) else len(prose.text)
            role: Role | None = "lead" if mark["lead"] else "partner" if mark["partner"] else None
            at_end = last and index + 1 == len(marks)
            self.records += self._implementers(prose, words, (mark.end(), end), role, mark.span(), at_end)

    def _implementers(
        self, prose: Prose, project: str, span: tuple[int, int], role: Role | None, label: tuple[int, int], at_end: bool
    ) -> Iterator[Participation]:
        pieces = split(prose.text[span[0] : span[1]])
        for index, piece in enumerate(pieces):
            start, end = span[0] + piece.start, span[0] + piece.end
            if at_end and index + 1 == len(pieces) and self._is_cut(piece.name):
                self.left_out.append(prose.left_out(start, end, "cut-off", understood=False))
                continue
            stated = prose.stated(role, *label) if role else None
            yield Participation(project, prose.stated(piece.name, start, end), stated)

    def _is_cut(self, name: str) -> bool:
        """Whether the document's last words are the beginning of a name: no organisation, of a copy that is cut."""
        known = Registry.load().organisation(name) is not None or kind_by_form(name) is not None
        first = self.document.lines[0].text if self.document.lines else ""
        return not known and (bool(_CUT.match(first)) or len(name) < 4)


def _blocks(lines: list[Line]) -> Iterator[tuple[int, list[Line], list[Line]]]:
    """Each project of the list: the index of its first line, the lines of its name, the lines of its implementers.

    A project begins at the paragraph above its first label; a label of a first implementer begins another project.
    """
    starts = [i for i, line in enumerate(lines) if _ROLE.match(_bare(line.text))]
    used = 0
    block: tuple[int, list[Line], list[Line]] | None = None
    for start in starts:
        mark = _ROLE.match(_bare(lines[start].text))
        end = _end(lines, start)
        if block is not None and mark is not None and mark["partner"] and not _name(lines, used, start):
            block[2].extend(lines[start:end])
        else:
            if block is not None:
                yield block
            name = _name(lines, used, start)
            block = (start - len(name) if name else start, name, lines[start:end])
        used = end
    if block is not None:
        yield block


def _bare(text: str) -> str:
    bullet = BULLET.match(text)
    return text[bullet.end() if bullet else 0 :].strip()


def _end(lines: list[Line], start: int) -> int:
    """The end of a list of implementers: its line and what goes on with it."""
    end = start + 1
    while end < len(lines) and lines[end].text.strip():
        if not (lines[end].continues or lines[end - 1].text.rstrip().endswith((",", " ja", " and", " och"))):
            break
        end += 1
    return end


def _name(lines: list[Line], low: int, start: int) -> list[Line]:
    """The lines of a project's name right above its implementers (a name may wrap), none where a blank line is between."""
    name: list[Line] = []
    at = start - 1
    while at >= low and lines[at].text.strip() and not _ROLE.search(lines[at].text):
        name.insert(0, lines[at])
        if not lines[at].continues:
            break
        at -= 1
    return name
