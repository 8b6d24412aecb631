"""Coordination projects named in running text, with their implementers and their start."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from loaders import fields
from loaders.names import Registry, nominative, repair, split
from loaders.records import PartialDate, Participation, Project, Stated, Text
from loaders.text import Prose

_NAME = r"[\"”“«]?(?P<name>[A-ZÅÄÖ0-9][^.,;•()”“\"»]{2,120}?)[\"”“»]?"
_CHOSEN = re.compile(
    rf"koordinaatiohankkeen\s+toteuttaj(?:aksi|iksi)\s+(?:on\s+|oli\s+)?vali\w+\s+(?P<who>.+?)\s+(?:hanke)?hakemuksella\s+{_NAME}"
    r"(?=\s*[.,;]|\s+ja\s|$)",
    re.IGNORECASE | re.DOTALL,
)
_BY_PROJECT = re.compile(
    rf"koordinaatiohankkeen\s+toteuttaj(?:aksi|iksi)\s+(?:on\s+|oli\s+)?vali\w+\s+(?P<who>.+?)\s+hankke(?:ella|ellaan)\s+{_NAME}"
    r"(?=\s*[.,;]|\s+ja\s|$)",
    re.IGNORECASE | re.DOTALL,
)
_WHO = r"(?P<who>[A-ZÅÄÖ][^.;•()]{1,120}?)"
_SERVES = re.compile(
    rf"[Kk]oordinaatiohank(?:keena\s+(?:toimii|on|toteutetaan|jatkaa)|e\s+on(?:\s+nimeltään)?)\s+{_NAME}(?:-hanke|\s+-hanke)?"
    rf"(?:,\s+(?:jonka\s+toteuttaa|jota\s+(?:toteuttaa|koordinoi|toteuttavat)|jonka\s+toteuttaja\w*\s+(?:on|toimii|ovat))\s+{_WHO})?"
    r"(?=\s*[.;•]|,\s+jo|$)"
)
_IS_CALLED = re.compile(
    rf"(?:[Kk]oordinaatiohanke|[Tt]he\s+coordination\s+project|[Ss]amordningsprojektet)\s+[\"”“]?(?P<name>[A-ZÅÄÖ][^.,;•()”“\"]{{2,100}}?)[\"”“]?\s+"
    r"(?:on\s+|has\s+|har\s+|is\s+)?(?:käynnisty\w+|käynnistet\w+|alkoi|aloitti|started|began|implemented|startade|startat|inleddes|genomförs)\b"
    rf"(?:\s+(?:by|av)\s+(?:the\s+)?{_WHO}(?=\s*[.;•]|$))?"
)
_COORDINATES = re.compile(
    rf"(?:[Tt]eemaa|[Tt]eeman\s+hankkeita|[Kk]okonaisuutta|[Hh]anketoimintaa)\s+koordinoi\s+{_NAME}\s+-hanke\b"
)
_CARRIED = re.compile(
    rf"[Kk]oordinaatiohanketta\s+{_NAME}\s+(?:toteuttaa|toteuttavat|koordinoi)\s+{_WHO}(?=\s*[.;•]|$)"
)
_CARRIES = re.compile(
    rf"(?:(?:Sitä|Hanketta|Koordinaatiohanketta)\s+(?:toteuttaa|toteuttavat|hallinnoi)|(?:Hankkeen|Koordinaatiohankkeen|Sen)\s+"
    rf"toteuttaj(?:a|ina|ana)\s+(?:on|toimii|ovat|toimivat))\s+{_WHO}(?=\s*[.;•]|,\s+jo|$)"
)
"""The next sentence names who carries out the project just named."""
_BESIDE = re.compile(rf"[Kk]oordinaatiohanke\s+{_NAME}\s+\((?P<who>[A-ZÅÄÖ][^()]{{1,80}})\)")
_BRACKETED = re.compile(r"koordinaatiohan\w+\s+\((?P<name>[A-ZÅÄÖ][^()]{2,120})\)")
_WITH_BODY = re.compile(
    r"(?<![\w-])(?P<name>[A-ZÅÄÖ][\w-]*(?:\s+[a-zåäö][\w-]*){0,6}\s+koordinaatio(?:hank\w+)?)\s+\((?P<who>[A-ZÅÄÖ][^()]{1,60})\)"
)
_SUFFIXED = re.compile(r"(?P<name>[A-ZÅÄÖ0-9](?:[^.,;:•()\n]|\n(?!\n)|,\s(?=[a-zåäö]))*?)\s+[-–]\s?koordinaatiohan\w+")
_BY_MEANS = re.compile(r"koordinaatiohankkeen\s+(?P<name>[A-ZÅÄÖ][^.;•]{5,200}?)\s+avulla")
_STOP = re.compile(
    r".*(?:^|\s)(?:on|oli|ovat|yhteinen|yhteisen|yhteisessä|oma|oman|omassa|teeman|teemassa|kokonaisuuden|valtakunnallinen|sen|jonka|"
    r"myös|hankkeen|koordinoi|koordinoidaan|käynnistyi|[-–]\w+)\s+(?=[A-ZÅÄÖ0-9])",
    re.DOTALL,
)
_JOINT = re.compile(r"yhtei(?:nen|sen|sessä|sellä|stä)\s+[\"”“]?$", re.IGNORECASE)
"""A project common to several themes belongs to none of them alone."""
_START = re.compile(
    r"(?:aloitusaika|aloituspäivä\w*|käynnisty\w+|käynnistet\w+|alkaa|alkoi|aloitti|aloittaa)\b", re.IGNORECASE
)
_END = re.compile(r"(?:päättyy|päättyi|päättymis\w+|loppuu)\b", re.IGNORECASE)


@dataclass(slots=True)
class Coordination:
    """The coordination projects of one theme and who carries them out."""

    projects: list[Project] = field(default_factory=list)
    participations: list[Participation] = field(default_factory=list)


def coordination(prose: Prose, theme: str | None) -> Coordination:
    """Find the coordination projects that a prose about one theme names."""
    found = Coordination()
    for match in _mentions(prose):
        name, start, end = _name(match)
        if not _is_name(name) or any(project.key == name for project in found.projects):
            continue
        stated = Stated(Text(name), prose.origin(start, end))
        begins, ends = _dates(prose, match)
        own = None if _JOINT.search(prose.text[max(0, start - 20) : start]) else theme
        found.projects.append(
            Project(name, stated, own, coordination=Stated(True, prose.origin(*match.span())), start=begins, end=ends)
        )
        found.participations.extend(_implementers(prose, match, name))
    return found


def _mentions(prose: Prose) -> Iterator[re.Match[str]]:
    text = prose.text
    patterns = (
        _CHOSEN,
        _BY_PROJECT,
        _SERVES,
        _IS_CALLED,
        _BESIDE,
        _COORDINATES,
        _CARRIED,
        _BRACKETED,
        _WITH_BODY,
        _SUFFIXED,
        _BY_MEANS,
    )
    matches = [match for pattern in patterns for match in pattern.finditer(text)]
    return iter(sorted(matches, key=lambda match: match.start()))


def _name(match: re.Match[str]) -> tuple[str, int, int]:
    """The project's name in the nominative and its span; words of the sentence before the name are left out."""
    start, end = match.span("name")
    words = match["name"]
    lead = _STOP.match(words)
    if lead:
        start, words = start + lead.end(), words[lead.end() :]
    name = re.sub(r"koordinaatiohank\w+$", "koordinaatiohanke", repair(words))
    return name.strip(' \n"”“»«'), start, end


def _is_name(name: str) -> bool:
    """Whether words name a project: no organisation, no acronym, no kind of project alone."""
    generic = re.fullmatch(r"(?:Teeman|Valtakunnallinen|Valtakunnallisen|Kyseinen|Yhteinen)\s+koordinaatiohanke", name)
    return bool(re.search(r"[a-zåäö]{3}", name)) and not generic and Registry.load().organisation(name) is None


def _implementers(prose: Prose, match: re.Match[str], project: str) -> Iterator[Participation]:
    if not match.groupdict().get("who"):
        following = next(((s, e) for s, e in prose.sentences() if s >= match.end()), None)
        told = _CARRIES.match(prose.text, following[0] + _indent(prose.text, following[0])) if following else None
        if told is None:
            return
        match = told
    who, start = match["who"], match.start("who")
    for piece in split(who):
        yield Participation(project, prose.stated(nominative(piece.name), start + piece.start, start + piece.end))


def _indent(text: str, start: int) -> int:
    return len(text[start:]) - len(text[start:].lstrip())


def _dates(prose: Prose, match: re.Match[str]) -> tuple[Stated[PartialDate] | None, Stated[PartialDate] | None]:
    """Start and end of the project from the rest of its sentence and from the next one about the same project."""
    spans = [(s, e) for s, e in prose.sentences() if e > match.end("name")][:2]
    if len(spans) == 2 and not re.match(r"\s*(?:Koordinaatiohank|Hank|Se\s)", prose.text[spans[1][0] : spans[1][1]]):
        spans = spans[:1]
    if not spans:
        return None, None
    low, high = max(match.end("name"), spans[0][0]), spans[-1][1]
    found: dict[str, Stated[PartialDate]] = {}
    for date in fields.dates(prose.text[low:high]):
        before = prose.text[low : low + date.start]
        words = [(m.start(), kind, m) for kind, p in (("start", _START), ("end", _END)) for m in p.finditer(before)]
        if words:
            _, kind, keyword = max(words, key=lambda word: word[0])
            found.setdefault(kind, prose.stated(date.value, low + keyword.start(), low + date.end))
    return found.get("start"), found.get("end")
