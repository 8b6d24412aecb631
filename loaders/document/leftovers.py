"""What a text extraction left of the page in a text file: dumped link targets, template leftovers, running feet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from loaders.document.lines import Line
from loaders.values.marks import emails

_MAILTO = re.compile(r"\s*mailto:\S+\s*")
_TEMPLATE = re.compile(r"\s*(?:https?://)?\[?www\.verkkosivu\.fi\]?/?\s*")
_BRACKETED = re.compile(r"\[www\.[^\[\]]+\]|\[[^\[\]\s@]+@[^\[\]\s]+\]")
_BOX = re.compile(r"\s*PL\s+\d+\s*")
_TOWN = re.compile(r"\s*\d{5}\s+[A-ZÅÄÖ][\wåäö]+\s*")
_POSTAL = re.compile(rf"{_BOX.pattern}|{_TOWN.pattern}|\s*(?:Käyntiosoite\b.*|Puh\.?[\d\s]++|\d{{1,3}})\s*")
_FOOT = 14
"""A running foot is at most so many lines high, the blank ones counted."""


def leftovers(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines that belong to the pages a text was taken from: link targets of mail links, template addresses, postal feet.

    A foot is known by its bracketed addresses of the template, with the lines of an address right above them, or by
    being the same postal address (box and town) as another foot.
    """
    found: dict[int, Line] = {}
    for index, line in enumerate(lines):
        if _MAILTO.fullmatch(line.text) or _TEMPLATE.fullmatch(line.text):
            found[index] = line
        elif _BRACKETED.search(line.text):
            found[index] = line
            found.update(_block(lines, index, -1))
    found.update(_repeated_feet(lines, found))
    found.update(_patterns(lines, found))
    return tuple(found[index] for index in sorted(found))


def _block(lines: Sequence[Line], start: int, step: int) -> dict[int, Line]:
    """The lines of an address next to a line, up to the page number (which a narrow frame may break in two)."""
    block: dict[int, Line] = {}
    for index in range(start + step, start + step * _FOOT, step):
        if not 0 <= index < len(lines):
            break
        text = lines[index].text
        if not text.strip():
            continue
        if not _POSTAL.fullmatch(text):
            break
        block[index] = lines[index]
    return block


def _repeated_feet(lines: Sequence[Line], known: dict[int, Line]) -> dict[int, Line]:
    """Blocks around a post box and its town that come twice or more, as only the foot of a page does."""
    blocks: dict[tuple[str, str], list[dict[int, Line]]] = {}
    for index, line in enumerate(lines):
        if index in known or not _BOX.fullmatch(line.text):
            continue
        below = _block(lines, index, 1)
        town = next((held.text.split() for held in below.values() if _TOWN.fullmatch(held.text)), None)
        if town:
            key = (" ".join(line.text.split()), " ".join(town))
            blocks.setdefault(key, []).append({**_block(lines, index, -1), index: line, **below})
    repeated = [block for same in blocks.values() if len(same) > 1 for block in same]
    return {index: line for block in repeated for index, line in block.items()}


def _patterns(lines: Sequence[Line], known: dict[int, Line]) -> dict[int, Line]:
    """Lines that are nothing but a template address printed again and again."""
    counted = Counter(line.text.strip() for line in lines)
    return {
        index: line
        for index, line in enumerate(lines)
        if index not in known
        and counted[line.text.strip()] > 1
        and any(mail.kind == "pattern" and mail.words == line.text.strip() for mail in emails(line.text))
    }
