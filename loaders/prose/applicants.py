"""Who carries out a project, by the labelled fields and lists of its page: the applicant, then those beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from loaders.document.lines import Line
from loaders.names import repair, split
from loaders.prose.labels import PARTNERS, Field, is_label
from loaders.records import Origin, Stated
from loaders.text import Prose

Role = Literal["lead", "partner"]

_WITH_ID = re.compile(r"\s*(?P<name>\S.*?),?\s+(?:\(?Y-tunnus:?\s*)?\(?(?P<id>\d{7}-\d)\)?\s*$")
_SECTION = re.compile(r"\s*\d{1,2}\.?\s+[A-ZÅÄÖ]")
_OTHER = re.compile(r"(?<!tunnus):|\.\s*$")
"""What no name in a list of partners holds: another label's colon, the end of a sentence."""
_LEAD = re.compile(r"pää(?:toteuttaja|hakija)|huvud|\blead|\bmain", re.IGNORECASE)
_PARTNER = re.compile(r"osa(?:toteuttaja|hakija)|\bdel|\bpartner|\bsub", re.IGNORECASE)
_BULLET = re.compile(r"\s*[•▪–-]\s+")


@dataclass(frozen=True, slots=True)
class Applicant:
    """One who carries out the project: name and role as printed, the words of the business id and where they stand."""

    name: Stated[str]
    role: Stated[Role] | None = None
    number: tuple[str, Origin] | None = None


def applicants(lines: Sequence[Line], found: Sequence[Field]) -> Iterator[Applicant]:
    """Those named behind the applicant's labels, then those listed as partners; nobody twice."""
    others = [*_listed(lines), *_inline(lines, found)]
    partners = any(other.role for other in others)
    own = [index for index, one in enumerate(found) if one.name == "applicant"]
    told = {repair(found[index].value) for index in own}
    seen: set[str] = set()
    for index in own:
        one, name = found[index], repair(found[index].value)
        if name in seen:
            continue
        role = _role(found, index, first=not seen, alone=not partners and len(told) == 1)
        seen.add(name)
        yield Applicant(Stated(name, one.origin), role, _number(found, index))
    for other in others:
        if other.name.value not in seen:
            seen.add(other.name.value)
            yield other


def _role(found: Sequence[Field], index: int, *, first: bool, alone: bool) -> Stated[Role] | None:
    """The role that a label of its own gives, else by the place: the first of several leads, the others take part."""
    one = found[index]
    for other in [one, *_until_next(found, index)]:
        words = other.label if other is one else other.value if other.name == "role" else ""
        for role, pattern in (("lead", _LEAD), ("partner", _PARTNER)):
            if pattern.search(words):
                return Stated("lead" if role == "lead" else "partner", other.origin)
    if alone:
        return None
    return Stated("lead" if first else "partner", one.origin)


def _number(found: Sequence[Field], index: int) -> tuple[str, Origin] | None:
    number = next((other for other in _until_next(found, index) if other.name == "business_id"), None)
    return (number.value, number.origin) if number else None


def _until_next(found: Sequence[Field], index: int) -> Iterator[Field]:
    for other in found[index + 1 :]:
        if other.name == "applicant":
            return
        yield other


def _listed(lines: Sequence[Line]) -> Iterator[Applicant]:
    """The lines below the word for partners, up to the next section or label: a name each, perhaps with its business id."""
    inside, label = False, ""
    for line in lines:
        if PARTNERS.fullmatch(line.text.strip()):
            inside, label = True, line.text
        elif not line.text.strip():
            continue
        elif inside and (_SECTION.match(line.text) or is_label(line.text) or _OTHER.search(line.text)):
            inside = False
        elif inside:
            yield _of_line(line, label)


def _of_line(line: Line, label: str) -> Applicant:
    prose = Prose.of([line])
    match, bullet = _WITH_ID.match(prose.text), _BULLET.match(prose.text)
    start = bullet.end() if bullet else 0
    end = match.end("name") if match else len(prose.text)
    name = prose.stated(repair(prose.text[start:end]), start, end)
    return Applicant(name, _partner(label, prose.whole()), (match["id"], prose.whole()) if match else None)


def _partner(label: str, origin: Origin) -> Stated[Role] | None:
    """Those below a word for partners are partners; other implementers have no role that is printed."""
    return Stated("partner", origin) if _PARTNER.search(label) else None


def _inline(lines: Sequence[Line], found: Sequence[Field]) -> Iterator[Applicant]:
    """Names behind the word for partners in its own line (``Osatoteuttajat: A, B ja C``)."""
    for one in found:
        if one.name != "partners":
            continue
        prose = Prose.of(line for line in lines if one.origin.first <= line.number <= one.origin.last)
        start = prose.text.index(":") + 1
        for piece in split(prose.text[start:]):
            low, high = start + piece.start, start + piece.end
            role = _partner(one.label, prose.origin(low, high))
            yield Applicant(prose.stated(repair(piece.name), low, high), role)
