"""Rows of a list that are one project: of one group, or under one name; and the short name that a name holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Protocol

from loaders.blocks import Bounds
from loaders.reading.project_fields import Draft

_TOKEN = r"[A-ZÅÄÖ]\w*!?"
_ACRONYMS = (
    re.compile(rf"\(({_TOKEN})(?:\s?-[a-z]+)?\)"),
    re.compile(rf"^({_TOKEN}(?:\s[A-ZÅÄÖ]{{2,}})?)\s?[-–—]\s"),
    re.compile(r"^([A-ZÅÄÖ]{3,})\s+[A-ZÅÄÖ][a-zåäö]+\s+\S+"),
    re.compile(rf"[,–—-]\s+({_TOKEN})$"),
)


class Words(Protocol):
    """A list that gives the words of its spans."""

    text: str

    def words(self, low: int, high: int) -> str:
        """Give the words of a span, white space collapsed."""
        ...


def acronym(name: str) -> Bounds | None:
    """Find the short name printed with a name: in brackets, before or behind a dash, or in capitals at its head.

    >>> acronym("OHITE - Jatkuvan oppimisen palvelumalli")
    (0, 5)
    """
    for pattern in _ACRONYMS:
        match = pattern.search(name)
        if match and (pattern is _ACRONYMS[0] or sum(c.isupper() for c in match[1]) > 1):
            return match.span(1)
    return None


def merged(drafts: list[Draft], of: Words) -> Iterator[Draft]:
    """Rows of one group code are one project; so are rows with codes of their own under one and the same name."""

    def key(draft: Draft) -> str:
        name = of.words(*draft.name).casefold() if draft.name else ""
        return draft.group_code.value if draft.group_code else f"name {name}"

    for _, group in groupby(drafts, key=key):
        rows = list(group)
        first = rows[0]
        if first.code is None or (len(rows) == 1 and first.group_code is None):
            yield from rows
            continue
        names = [row.name for row in rows if row.name]
        name = _shared_name(of, names)
        for row in rows:
            _give_back(of, row, name)
            row.bodies = [replace(one, code=row.code) for one in row.bodies]
        first.name, first.group = name, True
        first.bodies = [one for row in rows for one in row.bodies]
        first.code = None
        first.coordination = next((row.coordination for row in rows if row.coordination), None)
        yield first


def _shared_name(of: Words, names: list[Bounds]) -> Bounds:
    """The name of a group by its rows: the shortest, without a word or two in capitals that differ from row to row."""
    shortest = min(names, key=lambda span: len(of.words(*span)))
    words = [of.words(*name).split() for name in names]
    common = next(
        (i for i, pair in enumerate(zip(*words, strict=False)) if len(set(pair)) > 1), len(of.words(*shortest).split())
    )
    differing = [rest for own in words for rest in own[common:]]
    if not common or not differing or len(differing) > 2 * len(names) or not all(w[0].isupper() for w in differing):
        return shortest
    last = list(re.finditer(r"\S+", of.text[slice(*shortest)]))[common - 1]
    return shortest[0], shortest[0] + last.end()


def _give_back(of: Words, row: Draft, name: Bounds) -> None:
    """Words that a row has behind the name its group shares are the beginning of its implementer's."""
    words = of.words(*name)
    if row.name is None or len(row.bodies) != 1 or not of.words(*row.name).startswith(f"{words} "):
        return
    body = row.bodies[0]
    extra = list(re.finditer(r"\S+", of.text[slice(*row.name)]))[len(words.split())]
    start = row.name[0] + extra.start()
    if not of.text[row.name[1] : body.start].strip():
        row.bodies = [replace(body, name=of.words(start, body.end), start=start)]
