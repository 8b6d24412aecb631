"""Priorities and specific objectives named in running text or lists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loaders.names import repair
from loaders.records import Objective, Stated
from loaders.text import Prose

_OBJECTIVE = re.compile(
    r"(?:erityistavoit\w+|specific\s+objective|särskil\w+\s+mål|(?<!\w)et)\.?\s*(?P<notation>\d{1,2}\.\d{1,2})\.?"
    r"(?P<name>:?\s+[A-ZÅÄÖ](?:[^.\n]|\n(?=[a-zåäö]))*?(?=\s+mukai[sn]|\.|\n(?![a-zåäö])|$))?(?!\d)",
    re.IGNORECASE,
)
_PRIORITY = re.compile(
    r"(?:toimintalinja\w*|priority(?:\s+axis)?|prioritering|verksamhetslinje)\s+(?P<notation>\d)(?![\d.]*\d)",
    re.IGNORECASE,
)


def objectives(prose: Prose) -> list[Stated[Objective]]:
    """The objectives named, each once, with the name where one is printed behind the notation."""
    best: dict[str, Stated[Objective]] = {}
    for stated in _objectives(prose):
        notation = stated.value.notation or ""
        known = best.get(notation)
        if known is None or (stated.value.name and not known.value.name):
            best[notation] = stated
    return list(best.values())


def _objectives(prose: Prose) -> Iterator[Stated[Objective]]:
    for match in _OBJECTIVE.finditer(prose.text):
        words = match["name"]
        name = repair(words).lstrip(": ") if words and words.lstrip(": ")[:1].isupper() else None
        end = match.end("name") if name else match.end("notation")
        yield prose.stated(Objective(match["notation"], name), match.start(), end)


def priorities(prose: Prose) -> list[Stated[str]]:
    """The priorities named, each once."""
    found = {
        m["notation"]: prose.stated(m["notation"], *m.span()) for m in reversed(list(_PRIORITY.finditer(prose.text)))
    }
    return list(found.values())[::-1]
