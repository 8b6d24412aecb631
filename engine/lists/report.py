"""What became of the rows of a list: how many were read, and every other row with its line and reason, on disk line by line."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from loaders.coverage_report import LEFT_OUT, NOT_UNDERSTOOD, READ
from loaders.tables.entry import LeftOutRow, Remark

REMARK = "remark"
STATES = (READ, LEFT_OUT, NOT_UNDERSTOOD, REMARK)
_COLUMNS = ("document", "row", "line", "state", "reason", "words")
_READING, _PLACING = ".rows", ".places"
_SHOWN = 200


class RowReport:
    """The report of one step of one list: a JSON line a row that is not in the graph or was read in part, and counts."""

    def __init__(self, folder: Path, list_id: str, step: str = _READING) -> None:
        """Begin a report in the place of an earlier one; nothing is kept in memory but counts."""
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{list_id}{step}.jsonl"
        self.counts: Counter[str] = Counter()
        self.money: dict[str, dict[str, Decimal]] = {LEFT_OUT: {}, NOT_UNDERSTOOD: {}}
        """State → currency → the sum of the largest amounts of the rows in it."""
        self.reasons: dict[str, Counter[str]] = {LEFT_OUT: Counter(), NOT_UNDERSTOOD: Counter(), REMARK: Counter()}
        self.notes: tuple[str, ...] = ()
        self.path.write_text("", encoding="utf-8")

    def note(self, notes: Iterable[str]) -> None:
        """What was decided of the list as a whole, and what of it is not read."""
        self.notes = tuple(notes)

    @classmethod
    def of_places(cls, folder: Path, list_id: str) -> RowReport:
        """The report on rows that were read but say nothing of their own."""
        return cls(folder, list_id, _PLACING)

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
    return sorted(path.name.removesuffix(f"{_READING}.json") for path in folder.glob(f"*{_READING}.json"))


def counts(folder: Path, list_id: str) -> Counter[str]:
    """State → number of rows of a list."""
    found: Counter[str] = Counter()
    for step in (_READING, _PLACING):
        path = folder / f"{list_id}{step}.json"
        if path.exists():
            found.update(json.loads(path.read_text(encoding="utf-8"))["counts"])
    # a row that says what another said, or has its code, was read at first
    placed = folder / f"{list_id}{_PLACING}.json"
    if placed.exists():
        found[READ] -= sum(json.loads(placed.read_text(encoding="utf-8"))["counts"].values())
    return found


def account(folder: Path, list_id: str) -> dict[str, Any]:
    """What became of a list, as plain values for JSON.

    ``rows`` read, left out and rejected; ``money`` of those left out and rejected by currency (the largest amount of each row,
    as decimal strings); ``reasons`` with how many rows each; ``notes`` on the whole list.
    """
    money: dict[str, dict[str, Decimal]] = {LEFT_OUT: {}, NOT_UNDERSTOOD: {}}
    reasons: dict[str, Counter[str]] = {LEFT_OUT: Counter(), NOT_UNDERSTOOD: Counter(), REMARK: Counter()}
    notes: list[str] = []
    for step in (_READING, _PLACING):
        path = folder / f"{list_id}{step}.json"
        if path.exists():
            data = json.loads(path.read_text(encoding="utf-8"))
            notes += data["notes"]
            for state, sums in data["money"].items():
                for currency, value in sums.items():
                    money[state][currency] = money[state].get(currency, Decimal(0)) + Decimal(value)
            for state, said in data["reasons"].items():
                reasons[state].update(said)
    rows = counts(folder, list_id)
    return {
        "list": list_id,
        "rows": {
            "read": rows[READ],
            "left out": rows[LEFT_OUT],
            "rejected": rows[NOT_UNDERSTOOD],
            "remarks": rows[REMARK],
        },
        "money": {
            "left out": {c: format(v, "f") for c, v in sorted(money[LEFT_OUT].items())},
            "rejected": {c: format(v, "f") for c, v in sorted(money[NOT_UNDERSTOOD].items())},
        },
        "reasons": {
            "left out": dict(reasons[LEFT_OUT]),
            "rejected": dict(reasons[NOT_UNDERSTOOD]),
            "remarks": dict(reasons[REMARK]),
        },
        "notes": notes,
    }


def entries(folder: Path, list_id: str) -> Iterator[dict[str, object]]:
    """Every row of a list that is not in the graph, or was read in part."""
    for step in (_READING, _PLACING):
        path = folder / f"{list_id}{step}.jsonl"
        if path.exists():
            with path.open(encoding="utf-8") as file:
                yield from (json.loads(line) for line in file)


def render(folder: Path, names: Iterable[str], fmt: str = "table", *, details: bool = False) -> str:
    """Reports as ``table``, ``json`` or ``csv``; ``details`` lists every row that was not read."""
    if fmt == "json":
        found = [
            {"document": name, "rows": dict(counts(folder, name))}
            | ({"items": list(entries(folder, name))} if details else {})
            for name in names
        ]
        return json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    if fmt == "csv":
        return _csv(folder, names, details)
    return "\n".join(_table(folder, name, details) for name in names)


def _csv(folder: Path, names: Iterable[str], details: bool) -> str:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(_COLUMNS if details else ("document", "kind", "total", *STATES[:3]))
    for name in names:
        if details:
            writer.writerows([name, *(entry[c] for c in _COLUMNS[1:])] for entry in entries(folder, name))
        else:
            found = counts(folder, name)
            states = [found[state] for state in STATES[:3]]
            writer.writerow((name, "row", sum(states), *states))
    return target.getvalue()


def _table(folder: Path, name: str, details: bool) -> str:
    found = counts(folder, name)
    total = sum(found[state] for state in STATES[:3])
    lines = [
        f"{name}: {found[READ]:,} of {total:,} rows read, {found[LEFT_OUT]} left out, {found[NOT_UNDERSTOOD]} rejected"
    ]
    if found[REMARK]:
        lines[0] += f"; {found[REMARK]} values remarked on"
    if details:
        shown = [entry for _, entry in zip(range(_SHOWN), entries(folder, name), strict=False)]
        lines += [f"  line {entry['line']}: {entry['state']}: {entry['reason']}" for entry in shown]
        more = sum(found[state] for state in STATES[1:]) - len(shown)
        if more > 0:
            lines.append(f"  … and {more:,} more: --format csv lists them all")
    return "\n".join(lines) + "\n"
