"""What became of the rows of a list: how many were read, and every other row with its line and reason, on disk line by line."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

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
        self.path.write_text("", encoding="utf-8")

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
            lines.append({"row": row.row, "line": row.first, "state": state, "reason": row.reason, "words": row.words})
        for remark in remarks:
            self.counts[REMARK] += 1
            lines.append(
                {"row": remark.row, "line": remark.first, "state": REMARK, "reason": remark.reason, "words": ""}
            )
        if lines:
            with self.path.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)

    def close(self) -> None:
        """Write the counts beside the lines."""
        self.path.with_suffix(".json").write_text(json.dumps(self.counts), encoding="utf-8")


def lists(folder: Path) -> list[str]:
    """The lists that have a report."""
    return sorted(path.name.removesuffix(f"{_READING}.json") for path in folder.glob(f"*{_READING}.json"))


def counts(folder: Path, list_id: str) -> Counter[str]:
    """State → number of rows of a list."""
    found: Counter[str] = Counter()
    for step in (_READING, _PLACING):
        path = folder / f"{list_id}{step}.json"
        if path.exists():
            found.update(json.loads(path.read_text(encoding="utf-8")))
    # a row that says what another said, or has its code, was read at first
    placed = folder / f"{list_id}{_PLACING}.json"
    if placed.exists():
        found[READ] -= sum(json.loads(placed.read_text(encoding="utf-8")).values())
    return found


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
