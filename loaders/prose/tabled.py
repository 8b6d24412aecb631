"""Themes in the rows of a table: what a cell holds says what it is, whatever its column is called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from loaders.document.lines import Line
from loaders.names import repair
from loaders.names.bodies import authorities, ministries
from loaders.prose.form_cells import LABELS
from loaders.prose.funding import leads
from loaders.prose.programme import fund_of
from loaders.records import MinistryRole, Stated, Text, Theme
from loaders.text import Prose

_FUND = re.compile(r"(?:ESR\+?|EAKR|JTF|ESF\+?|ERDF|ERUF|Eruf|FRO)$")
_JOINTS = re.compile(r"\s(?:ja|sekä|och|and)\s|[,;/]\s*")
_LETTERS = re.compile(r"[^\W\d_]")


def tabled(lines: Sequence[Line], lang: str, programme: Stated[str] | None) -> Iterator[Theme]:
    """The themes of every row that holds a name and, in cells of their own, its ministries or its intermediate body."""
    rows: dict[tuple[int, int], dict[int, list[Line]]] = {}
    for line in lines:
        if line.cell and line.text.strip():
            cells = rows.setdefault((line.cell.table, line.cell.row), {})
            cells.setdefault(line.cell.column, []).append(line)
    for cells in rows.values():
        theme = _row([Prose.of(held) for _, held in sorted(cells.items())], lang, programme)
        if theme:
            yield theme


def _row(cells: Sequence[Prose], lang: str, programme: Stated[str] | None) -> Theme | None:
    name: Stated[Text] | None = None
    roles: list[Stated[MinistryRole]] = []
    bodies: list[Stated[str]] = []
    fund: Stated[str] | None = None
    for cell in cells:
        text = cell.text.strip()
        held, paying = authorities(cell.text), ministries(cell.text)
        if held and _covers(text, [one.end - one.start for one in held]):
            bodies += [cell.stated(one.name, one.start, one.end) for one in held]
        elif paying and _covers(text, [one.end - one.start for one in paying]):
            roles += [cell.stated(MinistryRole(one.name), one.start, one.end) for one in paying]
        elif _FUND.match(text):
            fund = cell.stated(fund_of(text, programme.value if programme else None), 0, len(text))
        elif name is None and len(_LETTERS.findall(text)) > 5 and not text.endswith((".", ":")):
            name = cell.stated(Text(repair(text), lang), 0, len(cell.text))
    if name is None or not (roles or bodies) or _is_label(name.value.text):
        return None
    return Theme(
        name, programme=programme, fund=fund, ministries=tuple(leads(roles)), intermediate_bodies=tuple(bodies)
    )


def _is_label(text: str) -> bool:
    """Whether a cell is a label of the form that describes one theme: its rows are no themes."""
    return any(LABELS[name].match(text) for name in ("funder", "coordination", "ministry", "period", "money"))


def _covers(text: str, lengths: Sequence[int]) -> bool:
    """Whether a cell is what was found in it and little else, commas and conjunctions not counted."""
    return sum(lengths) >= 0.8 * len(_JOINTS.sub("", text))
