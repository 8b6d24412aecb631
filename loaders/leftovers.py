"""What a text extraction left of the page in a text file: dumped link targets, template leftovers, running feet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from loaders.document import Line
from loaders.fields import emails

_MAILTO = re.compile(r"\s*mailto:\S+\s*")
_TEMPLATE = re.compile(r"\s*(?:https?://)?\[?www\.verkkosivu\.fi\]?/?\s*")
_BRACKETED = re.compile(r"\[www\.[^\]]+\]|\[[^\]\s]+@[^\]\s]+\]")
_POSTAL = re.compile(r"\s*(?:PL\s+\d+|\d{5}\s+[A-ZÅÄÖ][\wåäö]+|Käyntiosoite\b.*|Puh\.?\s*[\d\s]+|\d{1,3})\s*")
_FOOT = 14
"""A running foot is at most so many lines high, the blank ones counted."""


def leftovers(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines of a text file that belong to its pages: link targets of mail links, template addresses, postal feet.

    A foot is known by its bracketed addresses of the template; the lines of an address right above them belong to it.
    """
    found: dict[int, Line] = {}
    for index, line in enumerate(lines):
        if _MAILTO.fullmatch(line.text) or _TEMPLATE.fullmatch(line.text):
            found[index] = line
        elif _BRACKETED.search(line.text):
            found[index] = line
            found.update(_foot(lines, index))
    found.update(_patterns(lines, found))
    return tuple(found[index] for index in sorted(found))


def _foot(lines: Sequence[Line], last: int) -> dict[int, Line]:
    """The address above a foot's last line, up to the page number (which a narrow frame may break in two)."""
    foot: dict[int, Line] = {}
    for index in range(last - 1, max(last - _FOOT, -1), -1):
        text = lines[index].text
        if not text.strip():
            continue
        if not _POSTAL.fullmatch(text):
            break
        foot[index] = lines[index]
    return foot


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
