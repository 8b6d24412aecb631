"""What became of the rows of a list: how many were read, and every other row with its line and reason, on disk line by line."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from loaders.coverage_report import LEFT_OUT, NOT_UNDERSTOOD, READ
from loaders.tables.entry import LeftOutRow, Remark

REMARK = "remark"
STATES = (READ, LEFT_OUT, NOT_UNDERSTOOD, REMARK)
_COLUMNS = ("document", "row", "line", "state", "reason", "words")
READING, PLACING = ".rows", ".places"
"""Steps that report: reading the rows, and placing those that were read but say nothing of their own."""
_CALLED = {LEFT_OUT: "left out", NOT_UNDERSTOOD: "rejected", REMARK: "remarks"}
"""State → what the account of a list calls it."""
_SHOWN = 200


class RowReport:
    """The report of one step of one list: a JSON line a row that is not in the graph or was read in part, and counts."""

    def __init__(self, folder: Path, list_id: str, step: str = READING) -> None:
        """Begin a report in the place of an earlier one; nothing is kept in memory but counts."""
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{list_id}{step}.jsonl"
        self.counts: Counter[str] = Counter()
        self.money: dict[str, dict[str, Decimal]] = {LEFT_OUT: {}, NOT_UNDERSTOOD: {}}
        """State → currency → the sum of the largest amounts of the rows in it."""
        self.reasons: dict[str, Counter[str]] = {state: Counter() for state in _CALLED}
        self.notes: tuple[str, ...] = ()
        """What was decided of the list as a whole, and what of it is not read."""
        self.path.write_text("", encoding="utf-8")

    def read(self, rows: int) -> None:
        """Rows that were read."""
        self.counts[READ] += rows

    def add(self, left: Iterable[LeftOutRow], remarks: Iterable[Remark] = ()) -> None:
        """Rows left out or rejected, values not taken."""
        lines = []
        for row in left:
            state = NOT_UNDERSTOOD if row.rejected else LEFT_OUT
            self.counts[state] += 1
            self.reasons[state][_kind(row.reason)] += 1
            if row.amount:
                value, currency = row.amount.split(" ")
                self.money[state][currency] = self.money[state].get(currency, Decimal(0)) + Decimal(value)
            lines.append({"row": row.row, "line": row.first, "state": state, "reason": row.reason, "words": row.words})
        for remark in remarks:
            self.counts[REMARK] += 1
            self.reasons[REMARK][_kind(remark.reason)] += 1
            lines.append(
                {"row": remark.row, "line": remark.first, "state": REMARK, "reason": remark.reason, "words": ""}
            )
        if lines:
            with self.path.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)

    def close(self) -> None:
        """Write the counts beside the lines."""
        data = {
            "counts": self.counts,
            "money": {state: {c: format(v, "f") for c, v in money.items()} for state, money in self.money.items()},
            "reasons": {state: dict(reasons.most_common(20)) for state, reasons in self.reasons.items()},
            "notes": self.notes,
        }
        self.path.with_suffix(".json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def _kind(reason: str) -> str:
    """A reason without the values and numbers that differ from row to row."""
    return re.sub(r"'[^']*'|\d+", "…", reason)[:200]


def lists(folder: Path) -> list[str]:
    """The lists that have a report."""
    return sorted(path.name.removesuffix(f"{READING}.json") for path in folder.glob(f"*{READING}.json"))


def _steps(folder: Path, list_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the steps that a list went through have counted."""
    for step in (READING, PLACING):
        path = folder / f"{list_id}{step}.json"
        if path.exists():
            yield step, json.loads(path.read_text(encoding="utf-8"))


def counts(folder: Path, list_id: str) -> Counter[str]:
    """State → number of rows of a list."""
    found: Counter[str] = Counter()
    for step, data in _steps(folder, list_id):
        found.update(data["counts"])
        if step == PLACING:
            # a row that says what another said, or has its code, was read at first
            found[READ] -= sum(data["counts"].values())
    return found


def account(folder: Path, list_id: str) -> dict[str, Any]:
    """What became of a list, as plain values for JSON.

    ``rows`` read, left out and rejected; ``money`` of those left out and rejected by currency (the largest amount of each row,
    as decimal strings); ``reasons`` with how many rows each; ``notes`` on the whole list.
    """
    money: dict[str, dict[str, Decimal]] = {LEFT_OUT: {}, NOT_UNDERSTOOD: {}}
    reasons: dict[str, Counter[str]] = {state: Counter() for state in _CALLED}
    notes: list[str] = []
    for _, data in _steps(folder, list_id):
        notes += data["notes"]
        for state, sums in data["money"].items():
            for currency, value in sums.items():
                money[state][currency] = money[state].get(currency, Decimal(0)) + Decimal(value)
        for state, said in data["reasons"].items():
            reasons[state].update(said)
    rows = counts(folder, list_id)
    return {
        "list": list_id,
        "rows": {"read": rows[READ], **{name: rows[state] for state, name in _CALLED.items()}},
        "money": {
            _CALLED[state]: {c: format(v, "f") for c, v in sorted(sums.items())} for state, sums in money.items()
        },
        "reasons": {name: dict(reasons[state]) for state, name in _CALLED.items()},
        "notes": notes,
    }


def entries(folder: Path, list_id: str) -> Iterator[dict[str, object]]:
    """Every row of a list that is not in the graph, or was read in part."""
    for step in (READING, PLACING):
        path = folder / f"{list_id}{step}.jsonl"
        if path.exists():
            with path.open(encoding="utf-8") as file:
                yield from (json.loads(line) for line in file)


def render(folder: Path, name: str, fmt: str) -> str:
    """A list's report with every row that was not read, as ``table``, ``json`` or ``csv``."""
    if fmt == "json":
        found = [{"document": name, "rows": dict(counts(folder, name)), "items": list(entries(folder, name))}]
        return json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    if fmt == "csv":
        target = io.StringIO()
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows([name, *(entry[c] for c in _COLUMNS[1:])] for entry in entries(folder, name))
        return target.getvalue()
    shown = list(islice(entries(folder, name), _SHOWN))
    lines = [f"  line {entry['line']}: {entry['state']}: {entry['reason']}\n" for entry in shown]
    more = sum(counts(folder, name)[state] for state in STATES[1:]) - len(shown)
    if more > 0:
        lines.append(f"  … and {more:,} more: --format csv lists them all\n")
    return headline(folder, name) + "".join(lines)


def headline(folder: Path, name: str) -> str:
    """How many rows of a list were read, left out and rejected, in one line."""
    found = counts(folder, name)
    total = sum(found[state] for state in STATES[:3])
    line = (
        f"{name}: {found[READ]:,} of {total:,} rows read, {found[LEFT_OUT]} left out, {found[NOT_UNDERSTOOD]} rejected"
    )
    return line + (f"; {found[REMARK]} values remarked on" if found[REMARK] else "") + "\n"
