"""Rows of a table whose cells are joined by blanks, as text taken from a PDF has them: which words are which column's."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, pairwise

from loaders import mentions
from loaders.blocks import Block, Bounds
from loaders.names.bodies import Body, authorities, ministries
from loaders.reading import bodies
from loaders.reading.sums import Sum, sums
from loaders.text import trimmed
from loaders.values.amounts import Amount
from loaders.values.marks import codes

_EDGES = " ,;:–-|(~\n", " ,;:–-|~\n"


def with_cells(text: str, block: Block) -> Block:
    """Divide a row among its columns: figures are cut off from its end, and a column begins where words stand that it may hold.

    A column of free words, such as a name, has what lies between; one that nothing in the row shows stays empty.
    """
    columns, low, high = block.columns, block.start, block.end
    funds = mentions.funds(text, low, high)
    first = len(columns)
    while first and _is_figure(columns[first - 1], funded=bool(funds)):
        first -= 1
    counts = any((column or "").startswith("count.") for column in columns)
    tail = trailing_sums(text, low, high, len(columns) - first, mixed=counts)
    high = tail[0].start if tail else high
    marked: list[Bounds | None] = []
    for column in columns[:first]:
        found = _MARKS[column](text, low, high) if column in _MARKS else []
        beside = column == "code.objective" and bool(marked) and marked[-1] is not None
        marked.append((found[0][0], found[-1][1]) if found and not beside else None)
    values: list[Bounds] = []
    for number, own in enumerate(marked):
        end = next((one[0] for one in marked[number:] if one), high)
        span = own or trimmed(text, low, max(low, end), *_EDGES)
        low = own[1] if own else end
        if own is None and columns[number + 1 : number + 2] and columns[number + 1] in _BODIES:
            cut = bodies.begins_at(text[slice(*span)])
            low = span[0] + cut if cut else end
            span = trimmed(text, span[0], low, *_EDGES)
        known = own or not _is_figure(columns[number], funded=False)
        values.append(span if known and span[0] < span[1] else (end, end))
    return replace(block, values=(*values, *((one.start, one.end) for one in tail)))


def _is_figure(column: str | None, *, funded: bool) -> bool:
    """Tell whether a column holds figures; one of funding does where the row names no fund."""
    return column is not None and column.startswith(("money.", "count.")) and not (funded and column == "money.funding")


Find = Callable[[str, int, int], list[Bounds]]


def _spans(found: Iterable[mentions.Mention | mentions.Time | Body]) -> list[Bounds]:
    return [(one.start, one.end) for one in found]


def _days(text: str, low: int, high: int) -> list[Bounds]:
    return _spans(mentions.times(text, low, high))[:1]


_NOTATION = re.compile(r"(?<![\w.,])\d\.\d{1,2}(?![\d.,])")
_BODIES = ("body.applicant", "body.lead", "body.implementers")
_MARKS: dict[str | None, Find] = {
    "project.code": lambda text, low, high: [
        (low, low + one.end) for one in codes(text[low:high], applications=True)[:1] if one.start == 0
    ],
    **dict.fromkeys(("project.period", "call.period", "call.opens", "call.closes"), _days),
    "call.budget": lambda text, low, high: [(one.start, high) for one in sums(text, low, high) if one.cue != "share"][
        :1
    ],
    "code.objective": lambda text, low, high: [match.span() for match in _NOTATION.finditer(text, low, high)][:1],
    "money.funding": lambda text, low, high: _spans(mentions.funds(text, low, high))[:1],
    "theme.ministries": lambda text, low, high: _spans(ministries(text, low, high)),
    "theme.body": lambda text, low, high: _spans(authorities(text, low, high)),
    "body.authority": lambda text, low, high: _spans(authorities(text, low, high))[:1],
}
"""How the words are found that only one column can hold: from the first to the last."""
_GROUPS = re.compile(
    r"(?<![\w.,/–-])\d{1,3}(?:,\d{1,2})?"
    r"(?:[ \u00a0\u202f]+\d{1,3}(?:,\d{1,2})?|[ ]?€){0,30}\s*$"
)
_MOST_GROUPS = 14
"""So many groups of digits at a row's end are divided into numbers: the ways to do so grow fast with them."""


def trailing_sums(text: str, low: int, high: int, count: int, *, mixed: bool = False) -> list[Sum]:
    """The last ``count`` amounts of a row whose cells are joined by blanks.

    ``412 000 329 600`` can be one number or two: of the ways to divide the groups of digits into ``count`` numbers the one
    with the most equal numbers is taken. ``mixed`` where the columns also count things: then all groups are used.
    """
    tail = _GROUPS.search(text, low, high)
    if tail is None or not count:
        return []
    groups = [match.span() for match in re.finditer(r"\d+(?:,\d+)?", tail.group())]
    groups = [(tail.start() + start, tail.start() + end) for start, end in groups][-_MOST_GROUPS:]
    best: tuple[float, list[tuple[int, int]]] | None = None
    for first in range(len(groups)):
        for cuts in combinations(range(first + 1, len(groups)), count - 1):
            bounds = [first, *cuts, len(groups)]
            spans = [groups[a:b] for a, b in pairwise(bounds)]
            if not all(_one_number(text, span) for span in spans):
                continue
            values = [float(_value(text, span[0][0], span[-1][1])) + 1 for span in spans]
            worth = max(values) / min(values) + (1e12 if mixed else 10.0) * first
            if best is None or worth < best[0]:
                best = (worth, [(span[0][0], span[-1][1]) for span in spans])
    if best is None:
        return []
    sums_found: list[Sum] = []
    for start, end in best[1]:
        words = text[start:end]
        precision = Decimal(1).scaleb(-len(words.partition(",")[2]))
        amount = Amount(_value(text, start, end), precision, words, 0, end - start, unit=False)
        sums_found.append(Sum(amount, None, start, end))
    return sums_found


def _one_number(text: str, groups: list[tuple[int, int]]) -> bool:
    words = [text[start:end] for start, end in groups]
    return all(re.fullmatch(r"\d{3}(?:,\d+)?", word) for word in words[1:]) and (words[0][0] != "0" or len(words) == 1)


def _value(text: str, start: int, end: int) -> Decimal:
    return Decimal(re.sub(r"[^\d,]", "", text[start:end]).replace(",", "."))
