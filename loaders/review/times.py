"""When projects start and end, where only the prose tells it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from loaders import fields
from loaders.records import PartialDate, Stated
from loaders.review.flow import Span
from loaders.review.form import Form
from loaders.review.sentences import sentences

_VERBS = (
    ("start", re.compile(r"\b(?:käynnisty(?:i|nyt)|alkoi|alkanut)\b", re.IGNORECASE)),
    ("end", re.compile(r"\b(?:päättyi|päättyy|päättynyt|rahoitus\s+on\s+myönnetty)\b", re.IGNORECASE)),
)
_CLAUSE = re.compile(r"\s+ja\s+(?=[A-ZÅÄÖ])|,\s+sillä\s+")
_BARE = re.compile(r"(?:^|\s)[Kk]oordinaatiohanke(?:[\s,]|$)")
_COORDINATION = re.compile(r"koordin(?:aatio|oiva)\w*", re.IGNORECASE)
_YEARS_END = re.compile(r"\bvuoden\s+(?:lopussa|lopulla|loppuun)\b")
_SINGLE = re.compile(r"\b\w*hanke,\s+jo(?:ka|nka)\b[^.]{0,60}$", re.IGNORECASE)
_REACH = 60


@dataclass(frozen=True, slots=True)
class Known:
    """A project as the prose may call it."""

    key: str
    name: str
    acronym: str | None
    theme: str
    coordination: bool
    only: bool
    """It is the only project its theme lists."""


@dataclass(slots=True)
class Times:
    """Start and end of a project."""

    start: Stated[PartialDate] | None = None
    end: Stated[PartialDate] | None = None


def times(forms: Iterable[tuple[str, Form]], known: Iterable[Known]) -> Mapping[str, Times]:
    """Starts and ends by project key, the first mention of each."""
    projects, found = list(known), dict[str, Times]()
    for theme, form in forms:
        for part in form.prose:
            for sentence in sentences(part):
                for key, kind, stated in _told(sentence, theme, projects):
                    entry = found.setdefault(key, Times())
                    if getattr(entry, kind) is None:
                        setattr(entry, kind, stated)
    return found


def _told(sentence: Span, theme: str, projects: list[Known]) -> Iterator[tuple[str, str, Stated[PartialDate]]]:
    """What a sentence tells, clause by clause; a clause without a verb goes on with the verb before it."""
    kind: str | None = None
    for clause in sentence.split(_CLAUSE):
        verb = next(((k, m) for k, pattern in _VERBS if (m := pattern.search(clause.text))), None)
        kind, cut = (verb[0], verb[1].span()) if verb else (kind, (len(clause.text), 0))
        if kind is None:
            continue
        who = _who(clause.text[: cut[0]], theme, projects)
        when = _when(sentence, clause, cut[1])
        if who and when:
            yield who.key, kind, when


def _who(said: str, theme: str, projects: list[Known]) -> Known | None:
    """The project a clause is about: named, or the theme's coordination project, or the theme's only one."""
    own = sorted(projects, key=lambda p: (p.theme != theme, -len(p.name)))
    if not _COORDINATION.search(said):
        only = next((p for p in own if p.only and p.theme == theme), None)
        return only if only and _SINGLE.search(said) else None
    named = next((p for p in own if p.coordination and _is_named(p, said)), None)
    mine = [p for p in own if p.coordination and p.theme == theme]
    return named or (mine[0] if _BARE.search(said) and len(mine) == 1 else None)


def _is_named(project: Known, said: str) -> bool:
    words = " ".join(said.split())
    if _stem(project.name) in words.casefold():
        return True
    short = re.findall(r"\b([A-ZÅÄÖ]{3,})-?\s?koordinaatio", words)
    return any(s == project.acronym or abbreviates(s, project.name) for s in short)


def _stem(name: str) -> str:
    """A name's words up to its last, whose ending inflects."""
    return re.sub(r"\s*(?:koordinaatio(?:hanke)?|-?hanke)$", "", " ".join(name.split())).casefold()


def abbreviates(acronym: str, name: str) -> bool:
    """Whether an acronym is made of the first letters of a name's first words: ``MEVELA`` of ``Metsien, vesien ja lajien …``."""
    rest = acronym.casefold()
    for word in re.findall(r"\w+", name.casefold()):
        if not rest:
            break
        if word in ("ja", "sekä"):
            continue
        length = next((n for n in range(min(3, len(rest)), 0, -1) if word.startswith(rest[:n])), 0)
        if not length:
            return False
        rest = rest[length:]
    return not rest and len(acronym) > 3


def _when(sentence: Span, clause: Span, after: int) -> Stated[PartialDate] | None:
    """The date next to the verb; ``vuoden lopussa`` has its year from the words before."""
    within = clause.text[after : after + _REACH]
    years_end = _YEARS_END.search(within)
    dates = fields.dates(within, years=True) + [
        fields.Date(p.end, p.words, *p.span) for p in fields.periods(within, open_ended=True) if p.end and not p.start
    ]
    first = min(dates, key=lambda date: date.start, default=None)
    if first and (years_end is None or first.start <= years_end.end()):
        return Stated(first.value, clause.sub(0, after + first.end).origin())
    before = fields.dates(sentence.text[: clause.start - sentence.start + after], years=True) if years_end else []
    if years_end is None or not before:
        return None
    whole = Span(clause.flow, sentence.start + before[-1].start, clause.start + after + years_end.end())
    return Stated(before[-1].value[:4], whole.origin())
