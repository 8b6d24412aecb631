"""Rows of one project to their places in it: members of a group, parts of one operation, a row said again, a code used twice."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import count

from loaders.coverage_report import LEFT_OUT, NOT_UNDERSTOOD
from loaders.names.text import slug
from loaders.tables.entry import Entry, Placed, UnreadRow
from loaders.tables.headings import fold

_MOST = 2000
"""Rows that one code can have; a list of more has the code of a programme or measure in the place of the operations'."""
OrganisationKey = Callable[[Entry], str | None]


def place(
    entries: Sequence[Entry], repeats: Callable[[str], str], organisation_key: OrganisationKey
) -> tuple[list[list[Placed]], list[UnreadRow]]:
    """The entries of one key, in their order, as projects of placed rows; and the rows that say nothing new or contradict.

    Rows of one code are one project. Without a code every row is a project, but for the rows that only add to the one before.
    """
    left: list[UnreadRow] = []
    projects: dict[str, list[Placed]] = defaultdict(list)
    by_list: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_list[entry.list_id].append(entry)
    for list_id, rows in by_list.items():
        coded = [row for row in rows if row.code or row.group]
        distinct = _distinct(coded, left)
        if len(distinct) > _MOST:
            reason = f"the code {coded[0].code or coded[0].group} stands on {len(coded):,} rows: it is not that of an operation"
            left += [_left(row, reason) for row in distinct]
            distinct = []
        if repeats(list_id) == "reject":
            distinct = _first_of_each_code(distinct, left)
        uncoded = [row for row in rows if not (row.code or row.group)]
        for operation in [*_of_one_code(distinct), *_operations(uncoded)]:
            projects[operation[0].key] += _parts(operation, organisation_key)
    return list(projects.values()), left


def _of_one_code(rows: list[Entry]) -> list[list[Entry]]:
    """Rows of one code as operations: sheets, funds and blocks may count anew, so rows of two without one name are not of one."""
    operations: dict[str, list[Entry]] = {}
    for row in rows:
        like = next((one for one in operations.values() if any(_alike(row, other) for other in one)), None)
        if like is not None:
            like.append(row._replace(key=like[0].key))
            continue
        key = next(key for key in _keys(row) if key not in operations)
        operations[key] = [row._replace(key=key)]
    return list(operations.values())


def _keys(row: Entry) -> Iterator[str]:
    """The keys that an operation may have, the best first."""
    yield row.key
    whose = f"{row.key}-{slug(' '.join(filter(None, _counted_in(row)))) or 'other'}"
    yield whose
    yield from map(f"{whose}-{{}}".format, count(2))


def _counted_in(row: Entry) -> tuple[str | None, ...]:
    return row.sheet, row.values.get("fund"), row.values.get("block")


def _alike(row: Entry, other: Entry) -> bool:
    if row.group:
        return True
    names: list[str] = [role for role in ("name", "name_en") if role in row.values and role in other.values]
    if _counted_in(row) == _counted_in(other):
        # a list may count anew in a column that is not read: of one name or one beneficiary the rows must be
        both = {"beneficiary"} <= row.values.keys() & other.values.keys()
        return not names or not both or any(_same(row, other, role) for role in (*names, "beneficiary"))
    return any(_same(row, other, role) for role in names or ["beneficiary"])


def _same(row: Entry, other: Entry, role: str) -> bool:
    return fold(row.values.get(role, "")).text == fold(other.values.get(role, "")).text


def _operations(rows: list[Entry]) -> list[list[Entry]]:
    """Rows without codes as operations: equal ones are told apart by their number."""
    operations: list[list[Entry]] = []
    for row in rows:
        if row.member and operations:
            operations[-1].append(row)
        else:
            operations.append([row])
    return [
        [row._replace(key=row.key if n == 1 else f"{row.key}-{n}") for row in operation]
        for n, operation in enumerate(operations, 1)
    ]


def _distinct(rows: list[Entry], left: list[UnreadRow]) -> list[Entry]:
    first: dict[object, Entry] = {}
    for row in rows:
        content = (row.code, row.group, row.words, tuple(row.values.items()), row.money)
        if content in first:
            left.append(_left(row, f"says the same as row {first[content].first} in every column", LEFT_OUT))
        else:
            first[content] = row
    return list(first.values())


def _first_of_each_code(rows: list[Entry], left: list[UnreadRow]) -> list[Entry]:
    """A code stands for one project or one member: a second row of it with other values is a mistake of the list."""
    first: dict[str | None, Entry] = {}
    without_repeats: list[Entry] = []
    for row in rows:
        if row.code in first:
            left.append(
                _left(row, f"the code {row.code} stands in row {first[row.code].first} already, with other values")
            )
        else:
            first[row.code] = row
            without_repeats.append(row)
    return without_repeats


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


def _left(row: Entry, reason: str, state: str = NOT_UNDERSTOOD) -> UnreadRow:
    largest = max(row.money, key=lambda amount: Decimal(amount.value), default=None)
    money = f"{largest.value} {largest.currency}" if largest else ""
    return UnreadRow(row.list_id, row.first, reason, row.words[:200], state, money)
