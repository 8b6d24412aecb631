"""A theme as one entry of a list: ``Name, ELY Centre (ministry and ministry)``, in Finnish, Swedish or English."""

from __future__ import annotations

import re
from dataclasses import dataclass

from loaders.names import repair
from loaders.names.bodies import Body, authorities, ministries
from loaders.prose.bullets import BULLET
from loaders.prose.funding import leads
from loaders.records import MinistryRole, Stated, Text
from loaders.text import Prose

_ENTRY = re.compile(r"(?P<name>\S.*?)\s*\((?P<ministries>[^()]*)\)\s*[.;]?\s*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """A theme's entry: its name, ministries and, where the entry names it, its intermediate body."""

    name: Stated[Text]
    ministries: tuple[Stated[MinistryRole], ...]
    body: Stated[str] | None


def entry(prose: Prose, lang: str) -> Entry | None:
    """Read a theme's entry; None where the brackets at its end hold no ministry."""
    bullet = BULLET.match(prose.text)
    match = _ENTRY.match(prose.text, bullet.end() if bullet else 0)
    if match is None:
        return None
    found = ministries(prose.text, *match.span("ministries"))
    if not found:
        return None
    start, end = match.span("name")
    body = _body(prose.text, start, end)
    end = body.start if body else end
    words = prose.text[start:end].rstrip(" ,\n")
    roles = [prose.stated(MinistryRole(one.name), one.start, one.end) for one in found]
    return Entry(
        prose.stated(Text(repair(words), lang), start, start + len(words)),
        tuple(leads(roles)),
        prose.stated(body.name, body.start, body.end) if body else None,
    )


def _body(text: str, start: int, end: int) -> Body | None:
    """The authority behind the last comma; one within a name is part of the name."""
    found = authorities(text, start, end)
    if not found or not re.search(r",\s*$", text[start : found[-1].start]):
        return None
    return found[-1] if found[-1].end >= end - 1 else None
