"""The characters of a PDF page put together to rows of text."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from loaders.document.lines import shortened

Char = dict[str, Any]
Box = tuple[float, float, float, float]

_BOLD = ("bold", "black", "heavy", "demi")
_BREAKS_AFTER = frozenset("-–—/\u00ad")
UNREADABLE = "\ufffd"
"""Stands for a glyph of which the font does not say which letter it is."""
_BULLET = re.compile(r"[\ufffd\uf000-\uf0ff](?=\s)")
"""A bullet of a symbol font, whose glyph has no letter."""
_SOFT_HYPHEN = re.compile(r"\u00ad(?=\w)")
_LIGATURES = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of text of a page: where it stands, how large and how heavy it is set.

    ``first`` is the width of what would have to fit on the row before for this row not to be needed, ``word`` that of
    the whole first word: some programs that set text break no line at a hyphen.
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool
    first: float
    word: float
    column: int = 0
    right: float | None = None
    """Column of a page set in columns, counted from 1, and the right edge of that column."""

    @property
    def gap_unit(self) -> float:
        """What leading is measured in."""
        return self.size or 1.0


def rows(chars: Iterable[Char]) -> list[Row]:
    """The rows of upright characters, from top to bottom; characters printed twice for a bold look count once."""
    found = [made for line in baselines(chars) for made in row(line)]
    return sorted(found, key=lambda made: (made.top, made.x0))


def baselines(chars: Iterable[Char]) -> list[list[Char]]:
    """The characters of each line, lines from top to bottom: those that stand at one height or nearly so."""
    lines: list[list[Char]] = []
    base = size = 0.0
    for char in sorted(chars, key=lambda char: (char["bottom"], char["x0"])):
        if not lines or char["bottom"] - base > 0.4 * max(size, char["size"]):
            lines.append([])
            base, size = char["bottom"], char["size"]
        lines[-1].append(char)
    return lines


def row(chars: list[Char]) -> list[Row]:
    """The row that characters of one line make, in a list; an empty list where they are all blank."""
    chars.sort(key=lambda char: char["x0"])
    parts: list[str] = []
    printed: list[Char] = []
    first: float | None = None
    word: float | None = None
    blank = False
    for char in chars:
        text = str(char["text"])
        if text.isspace() or not text:
            blank = True
            continue
        before = printed[-1] if printed else None
        if before is not None:
            if before["text"] == text and char["x0"] - before["x0"] < 0.25 * (before["x1"] - before["x0"]):
                continue
            blank = blank or char["x0"] - before["x1"] > 0.25 * char["size"]
            if blank:
                parts.append(" ")
            reached = before["x1"] - printed[0]["x0"]
            if first is None and (blank or _may_break(before["text"], text)):
                first = reached
            word = reached if word is None and blank else word
        parts.append(UNREADABLE if text.startswith("(cid:") else _LIGATURES.get(text, text))
        printed.append(char)
        blank = False
    if not printed:
        return []
    x0, x1 = printed[0]["x0"], printed[-1]["x1"]
    text = unicodedata.normalize("NFC", _SOFT_HYPHEN.sub("", "".join(parts)))
    bullet = _BULLET.match(text)
    return [
        Row(
            text=shortened(f"•{text[bullet.end() :]}" if bullet else text),
            x0=x0,
            x1=x1,
            top=min(char["top"] for char in printed),
            bottom=max(char["bottom"] for char in printed),
            size=round(Counter(float(char["size"]) for char in printed).most_common(1)[0][0], 1),
            bold=_is_bold(printed),
            first=x1 - x0 if first is None else first,
            word=x1 - x0 if word is None else word,
        )
    ]


def _may_break(before: str, after: str) -> bool:
    """Whether a line may end between two characters: behind a hyphen or dash, but not at one between digits."""
    return before in _BREAKS_AFTER and not (before == "-" and after.isdigit())


def _is_bold(chars: list[Char]) -> bool:
    fonts = Counter(str(char["fontname"]) for char in chars)
    heavy = sum(count for font, count in fonts.items() if any(word in font.lower() for word in _BOLD))
    return heavy > 0.8 * len(chars)
