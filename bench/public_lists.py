"""Every list in a folder by the guess alone, beside sums read without our code: ``python -m bench.public_lists DIR``.

The other reading takes a column's cells as they stand: digits and signs, the last comma or point with one or two digits behind it
the decimals. It prints a line a list: rows, and each sum with what the other reading gives.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from loaders.errors import SourceError
from loaders.tables import Table, is_table, open_table
from loaders.tables.entry import Entry
from loaders.tables.guess import guess
from loaders.tables.plan import Plan
from loaders.tables.rows import Reader, logical

_CENT = Decimal("0.01")


def plain(value: object) -> Decimal | None:
    """A cell as a number; None for a cell without digits."""
    if isinstance(value, (int, float)):
        return Decimal(repr(value))
    digits = re.sub(r"[^\d.,-]", "", str(value)).strip(".,")
    match = re.fullmatch(r"(-?)([\d.,]*?)(?:[.,](\d{1,2}))?", digits)
    if match is None or not re.search(r"\d", digits):
        return None
    if not match[3] or not match[2]:
        return Decimal(match[1] + re.sub("[.,]", "", match[2] or match[3]))
    return Decimal(f"{match[1]}{re.sub('[.,]', '', match[2])}.{match[3]}")


def cells(table: Table) -> list[list[object]]:
    """The rows of a table as csv or calamine gives them."""
    if table.dialect is not None:
        text = table.path.read_text(encoding=table.encoding, errors="replace")
        return [list(row) for row in csv.reader(text.splitlines(keepends=True), delimiter=table.dialect.separator)]
    book = CalamineWorkbook.from_path(str(table.path))
    sheet = book.get_sheet_by_name(table.sheet or book.sheet_names[0])
    left = (sheet.start or (0, 0))[1]
    return [[*[""] * left, *row] for row in sheet.iter_rows()]


def compare(path: Path) -> str:
    """One line of what a list gives in both readings."""
    table = open_table(path)
    plan = Plan.of(table, guess(path).mapping)
    reader, rows, sums = Reader(plan), Counter[str](), Counter[str]()
    for record in logical(plan, table.records()):
        found = reader.read(record)
        rows["read" if isinstance(found, Entry) else "rejected" if found.rejected else "left out"] += 1
        for one in found.money if isinstance(found, Entry) else ():
            sums[f"money.{one.phase}.{one.scope}"] += Decimal(one.value)  # type: ignore[assignment]
    named = [n for n, role in plan.places.items() if role in ("name", "beneficiary")]
    lines = []
    for n, role in plan.places.items():
        if role.startswith("money."):
            told = [row for row in cells(table)[1:] if any(str(row[k]).strip() for k in named if k < len(row))]
            other = sum((plain(row[n]) or Decimal(0) for row in told if n < len(row)), Decimal(0)) * plan.scales[n]
            same = abs(other - Decimal(sums[role])) < _CENT
            lines.append(f"{role} {sums[role]}" + (" = " if same else " ≠ ") + f"{other:.2f}")
    return f"{dict(rows)} {'; '.join(lines) or 'no money'}"


def main() -> None:
    """Compare the lists of a folder."""
    for path in sorted(p for p in Path(sys.argv[1]).iterdir() if is_table(p)):
        try:
            print(f"{path.name}: {compare(path)}", flush=True)
        except (SourceError, CalamineError) as error:
            print(f"{path.name}: {error}", flush=True)


if __name__ == "__main__":
    main()
