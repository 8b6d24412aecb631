"""Lists that a test writes and that are read by the guess, and their sums."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

from loaders.tables import open_table
from loaders.tables.entry import Entry, UnreadRow
from loaders.tables.guess import guess
from loaders.tables.mapping import Mapping
from loaders.tables.plan import Plan
from loaders.tables.rows import Reader, logical

COSTS = [Decimal(n * n * 7919 + 100_003) / 100 for n in range(1, 26)]
"""Total costs with cents, one an operation."""
Outcome = tuple[list[Entry], list[UnreadRow]]


def read(path: Path, mapping: Mapping | None = None) -> Outcome:
    """Every sheet of a list, by a mapping or by the guess."""
    table = open_table(path)
    chosen = mapping or guess(path).mapping
    found: list[Entry | UnreadRow] = []
    for one in (table, *table.others):
        plan = Plan.of(one, chosen)
        found += [Reader(plan).read(record) for record in logical(plan, one.records())]
    return [e for e in found if isinstance(e, Entry)], [e for e in found if isinstance(e, UnreadRow)]


def sums(entries: list[Entry]) -> dict[tuple[str, str, str], Decimal]:
    found: Counter[tuple[str, str, str]] = Counter()
    for amount in (amount for entry in entries for amount in entry.money):
        found[amount.phase, amount.scope, amount.currency] += Decimal(amount.value)  # type: ignore[assignment]
    return dict(found)  # type: ignore[arg-type]


def write(path: Path, rows: list[list[str]], delimiter: str = ";", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def german(value: Decimal) -> str:
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
