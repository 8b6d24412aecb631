"""Rows of one project to their places in it: members of a group, parts of one operation, a row said again, a code used twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from loaders.rdf.rows import Placed
from loaders.tables.entry import Entry, LeftOutRow

OrganisationKey = Callable[[Entry], str | None]


def place(
    entries: Sequence[Entry], repeats: Callable[[str], str], organisation_key: OrganisationKey
) -> tuple[list[Placed], list[LeftOutRow]]:
    """The entries of one project key, in their order, each with its place; and the rows that say nothing new or contradict."""
    placed: list[Placed] = []
    left: list[LeftOutRow] = []
    by_list: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_list[entry.list_id].append(entry)
    for list_id, rows in by_list.items():
        distinct = _distinct(rows, left)
        if repeats(list_id) == "reject":
            distinct = _first_of_each_code(distinct, left)
        placed += _parts(distinct, organisation_key)
    return placed, left


def _distinct(rows: list[Entry], left: list[LeftOutRow]) -> list[Entry]:
    kept: list[Entry] = []
    for row in rows:
        same = next((k for k in kept if _content(k) == _content(row)), None)
        if same is None:
            kept.append(row)
        else:
            left.append(_left(row, f"says the same as row {same.row}", rejected=False))
    return kept


def _content(row: Entry) -> tuple[object, ...]:
    return row.code, row.group, row.values, row.money


def _first_of_each_code(rows: list[Entry], left: list[LeftOutRow]) -> list[Entry]:
    """A code stands for one project or one member: a second row of it with other values is a mistake of the list."""
    first: dict[str | None, Entry] = {}
    kept: list[Entry] = []
    for row in rows:
        if row.code in first:
            left.append(
                _left(row, f"the code {row.code} stands in row {first[row.code].row} already, with other values")
            )
        else:
            first[row.code] = row
            kept.append(row)
    return kept


def _parts(rows: list[Entry], organisation_key: OrganisationKey) -> list[Placed]:
    several = len(rows) > 1
    used: dict[str, int] = defaultdict(int)
    placed = []
    for row in rows:
        if row.group and row.code:
            placed.append(Placed(row, row.code, whole=False, group=True))
            continue
        part = f"{row.key}/{organisation_key(row) or 'part'}"
        used[part] += 1
        # the same implementer again: another region, fund or phase of the same project
        key = part if used[part] == 1 else f"{part}/{used[part]}"
        placed.append(Placed(row, key, whole=not several, group=bool(row.group)))
    return placed


def _left(row: Entry, reason: str, rejected: bool = True) -> LeftOutRow:
    return LeftOutRow(row.list_id, row.row, row.first, row.last, reason, row.words[:200], rejected)
