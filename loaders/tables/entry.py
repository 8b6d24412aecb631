"""One row of a list, read: typed values by role, and the place it stands in. Plain enough to be sent between processes."""

from __future__ import annotations

from typing import NamedTuple


class Amount(NamedTuple):
    """One sum of a row: ``phase`` and ``scope`` as in the code lists, the exact value, its currency, last printed unit, words."""

    phase: str
    scope: str
    value: str
    currency: str
    precision: str
    stated: str
    whole: bool = False
    """Whether it is the project's own amount although the project has several rows."""


class Entry(NamedTuple):
    """A row that was read. ``values`` holds texts, ISO dates and notations by role."""

    key: str
    """Key of the project's IRI."""
    list_id: str
    """Which of the lists of a load it stands in."""
    row: int
    first: int
    last: int
    words: str
    sheet: str | None
    code: str | None
    group: str | None
    values: dict[str, str]
    money: tuple[Amount, ...]
    member: bool = False
    """Whether the row only adds to the project of the row before, whose name it leaves out."""


class LeftOutRow(NamedTuple):
    """A row that is not in the graph, and why. ``rejected``: it should have been; else it is a note, a total or the like."""

    list_id: str
    row: int
    first: int
    last: int
    reason: str
    words: str
    rejected: bool = True
    amount: str = ""
    """What its largest column of money says, where that can be read, and the currency: "1234.50 EUR"."""


class Remark(NamedTuple):
    """A row that was read except for one value, and why that was left."""

    list_id: str
    row: int
    first: int
    reason: str


class Placed(NamedTuple):
    """An entry in its project: ``part`` is the key of its participation; ``whole``: its amounts are the project's own."""

    entry: Entry
    part: str
    whole: bool
    group: bool
