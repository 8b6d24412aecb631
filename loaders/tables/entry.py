"""One row of a list, read: typed values by role, and the place it stands in. Plain enough to be sent between processes."""

from typing import NamedTuple

from loaders.coverage_report import NOT_UNDERSTOOD

REMARK = "remark"


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


class UnreadRow(NamedTuple):
    """A row that is not in the graph, or was read except for one value (a remark), and why.

    One that is not understood should have been read; one left out is a note, a total or the like.
    """

    list_id: str
    line: int
    reason: str
    words: str = ""
    state: str = NOT_UNDERSTOOD
    amount: str = ""
    """The amount in the largest column of money, where it can be read, with its currency: "1234.50 EUR"."""

    @property
    def rejected(self) -> bool:
        """Whether it should have been read."""
        return self.state == NOT_UNDERSTOOD


class Placed(NamedTuple):
    """An entry in its project: ``part`` is the key of its participation; ``whole``: its amounts are the project's own."""

    entry: Entry
    part: str
    whole: bool
    group: bool
