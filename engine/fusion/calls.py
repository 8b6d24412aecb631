"""Which call IRIs mean one call: one that a document announced for a year or month and a later one held on a day.

A call is keyed by the day it opens, so an announcement that was put off has an IRI of its own. The two are joined where
both are the same ordinal of one theme (``Ensimmäinen hankehaku``) under one name: nothing else is certain enough.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from loaders.names import slug
from loaders.rdf.terms import ID, LABEL, A, Quad, lexical, tg

_CALL = f"<{ID}call/"
_ORDINAL = re.compile(r"(?:^|-)(?:ensimma|toinen|tois|kolma|nelja|viide|forsta|andra|tredje|first|second|third)")
_OWN = re.compile(r"^teeman-")
_DAY = 10
"""Characters of a whole date."""


@dataclass(slots=True)
class _Call:
    iri: str
    names: set[str] = field(default_factory=set)
    themes: set[str] = field(default_factory=set)
    opens: set[str] = field(default_factory=set)
    coordination: bool = False

    @property
    def announced(self) -> bool:
        """Whether every document gives its opening more coarsely than a day."""
        return bool(self.opens) and all(len(date) < _DAY for date in self.opens)

    def is_held_as(self, other: _Call) -> bool:
        """Whether the other may be this announced call, held in its year or later."""
        dated = bool(other.opens) and all(len(date) == _DAY for date in other.opens)
        same = bool(self.themes & other.themes) and self.coordination == other.coordination
        return dated and same and max(self.opens)[:4] <= min(other.opens)[:4]


def held(quads: list[Quad]) -> dict[str, str]:
    """Announced call → the one call that it became, for those where that is certain."""
    calls = _calls(quads)
    by_name: dict[str, list[_Call]] = defaultdict(list)
    for call in calls:
        for name in call.names:
            by_name[name].append(call)
    found: dict[str, str] = {}
    for call in (c for c in calls if c.announced):
        alike = {o.iri for name in call.names for o in by_name[name] if o is not call and call.is_held_as(o)}
        if len(alike) == 1:
            found[call.iri] = alike.pop()
    return found


def _calls(quads: list[Quad]) -> list[_Call]:
    found: dict[str, _Call] = {}
    for s, p, o, g in quads:
        if g and s.startswith(_CALL):
            call = found.setdefault(s, _Call(s))
            if p == LABEL and _ORDINAL.search(name := _OWN.sub("", slug(lexical(o)))):
                call.names.add(name)
            elif p == tg("callFor"):
                call.themes.add(o)
            elif p == tg("opens"):
                call.opens.add(lexical(o))
            elif p == A and o == tg("CoordinationCall"):
                call.coordination = True
    return [found[iri] for iri in sorted(found)]
