"""The form a review is filled into: a title, then for every theme a table of five rows and seven numbered parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from loaders.review.flow import Flow, Span

CONTACTS = re.compile(r"^Yhteyshenkilöt\s+\(koordinaatio[^)]{0,160}?vastuuhenkilö\w*\s*\)\s*:?", re.MULTILINE)
MINISTRY = re.compile(
    r"Vastuullinen\s+hallinnonala\s+ja\s+ministeriön\s+vastuuhenkilön\s+yhteystiedot\s*:?", re.IGNORECASE
)
PERIOD = re.compile(r"^Teeman\s+toteutusaika:?", re.MULTILINE)
MONEY = re.compile(r"^Teeman\s+\(\s*EU\s?\+\s*valtio[^)\n]*\)\s*:?", re.MULTILINE)
THEME = re.compile(r"^Valtakunnallinen\s+teema\b:?", re.MULTILINE)
_PARTS = (
    r"1\)\s*Tiivis\s+kuvaus",
    r"2\)\s*Kuvaus\s+valtakunnallisen\s+teeman",
    r"3\)\s*Arvio\s+valtakunnalliselle\s+teemalle",
    r"4\)\s*Kuvaus\s+tulevana",
    r"5\)\s*Kuvaus\s+teeman\s+yhteyksistä",
    r"6\)\s*Linkkejä\s+valtakunnallisesta",
    r"(?:7\)\s*)?Valtakunnallisesta\s+teemasta\s+rahoitettujen\s+hankkeiden\s+lista|7\)\s(?=[^)]{0,160}?\brahoitet)",
)
_HEADINGS = re.compile("|".join(f"(?P<p{n}>^(?:{part}))" for n, part in enumerate(_PARTS, 1)), re.MULTILINE)
_ENDS = (
    *[re.compile(r"\(\s*max\.?\s*\d[\d ]*\s*merkkiä\s*\)\s*\.?")] * 5,
    re.compile(r"verkkosivuille:?"),
    re.compile(r"lista(?:[^\S\n]*\n?\s*erillisenä\s+liitteenä)?\.?:?|rahoitetut\s+hankkeet:?"),
)
_BARE = re.compile(r"7\)\s")
_LAST = 7
_LABEL_REACH = 900
_HEADING_REACH = 320


@dataclass(frozen=True, slots=True)
class Form:
    """One theme's form: the cells of its table and the texts of its seven parts (empty spans where one is missing)."""

    whole: Span
    name: Span
    contacts: Span
    ministry: Span
    period: Span
    money: Span
    parts: tuple[Span, ...]
    """Parts 1 to 7 at their indexes; index 0 is the table."""

    @property
    def prose(self) -> tuple[Span, ...]:
        """The five parts of running text."""
        return self.parts[1:6]

    @property
    def links(self) -> Span:
        """Part 6."""
        return self.parts[6]

    @property
    def projects(self) -> Span:
        """Part 7."""
        return self.parts[7]


def forms(flow: Flow) -> list[Form]:
    """All themes' forms, in the order of the document."""
    starts = [m for m in THEME.finditer(flow.text) if CONTACTS.search(flow.text, m.end(), m.end() + _LABEL_REACH)]
    bounds = [m.start() for m in starts] + [len(flow.text)]
    return [
        _form(Span(flow, begin, end), match.end() - begin)
        for (begin, end), match in zip(pairwise(bounds), starts, strict=True)
    ]


def preamble(flow: Flow, found: Sequence[Form]) -> Span:
    """What stands before the first theme: the title and the date the figures are of."""
    return Span(flow, 0, found[0].whole.start if found else len(flow.text))


def headings(flow: Flow) -> int:
    """How many different part headings of the form a text holds."""
    return len({match.lastgroup for match in _HEADINGS.finditer(flow.text)})


def _form(whole: Span, label_end: int) -> Form:
    parts = _parts(whole)
    table = parts[0]
    labels = [(name, pattern.search(table.text)) for name, pattern in _CELLS]
    found = sorted((m.start(), m.end(), name) for name, m in labels if m)
    cells = {"name": table.sub(label_end, found[0][0] if found else None).strip()}
    for (_, end, name), following in zip(found, [*found[1:], None], strict=False):
        cells[name] = table.sub(end, following[0] if following else None).strip()
    nothing = table.sub(0, 0)
    return Form(
        whole,
        cells["name"],
        cells.get("contacts", nothing),
        cells.get("ministry", nothing),
        cells.get("period", nothing),
        cells.get("money", nothing),
        parts,
    )


_CELLS = (("contacts", CONTACTS), ("ministry", MINISTRY), ("period", PERIOD), ("money", MONEY))


def _parts(whole: Span) -> tuple[Span, ...]:
    """The table and the seven parts. A heading counts once, and only after the heading before it."""
    text, found, number = whole.text, list[tuple[int, int, int]](), 0
    for match in _HEADINGS.finditer(text):
        part = next(n for n in range(1, 8) if match[f"p{n}"] is not None)
        # A bare "7)" may be a point of a list in the text; only after part 6 can it open part 7.
        if part > number and (part < _LAST or number == _LAST - 1 or not _BARE.fullmatch(match[0])):
            end = _ENDS[part - 1].search(text, match.start(), match.start() + _HEADING_REACH)
            found.append((part, match.start(), end.end() if end else match.end()))
            number = part
    parts = [whole.sub(0, 0)] * 8
    parts[0] = whole.sub(0, found[0][1] if found else None)
    for (part, _, opened), after in zip(found, [*found[1:], None], strict=False):
        parts[part] = whole.sub(opened, after[1] if after else None).strip()
    return tuple(parts)
