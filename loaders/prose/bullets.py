"""List items over one or more lines, with their depth."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from loaders.document.lines import Line
from loaders.text import Prose

BULLET = re.compile(r"(?P<indent>\s*)(?P<mark>[•▪●○◦‣·–-])\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Item:
    """One list item (or, with ``bullet`` False, one paragraph): its lines and how deep it stands."""

    lines: tuple[Line, ...]
    bullet: bool
    depth: int

    @property
    def prose(self) -> Prose:
        """The item's text, its mark included."""
        return Prose.of(self.lines)


def items(lines: Sequence[Line]) -> Iterator[Item]:
    """List items and paragraphs in order. A line goes on the one before where the file says so or its bracket is open."""
    held: list[Line] = []
    for line in lines:
        if not line.text.strip():
            continue
        if held and not BULLET.match(line.text) and _goes_on(held, line):
            held.append(line)
            continue
        if held:
            yield _item(held)
        held = [line]
    if held:
        yield _item(held)


def _goes_on(held: Sequence[Line], line: Line) -> bool:
    if line.continues:
        return True
    text = " ".join(part.text for part in held)
    is_item = bool(BULLET.match(held[0].text))
    follows = line.number == held[-1].number + 1
    return is_item and follows and (text.count("(") > text.count(")") or line.text.strip()[:1].islower())


def _item(held: Sequence[Line]) -> Item:
    match = BULLET.match(held[0].text)
    return Item(tuple(held), match is not None, len(match["indent"]) if match else 0)
