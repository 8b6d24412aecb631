"""What became of the rows of a list: how many were read, and every other row with its line and reason, on disk line by line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from loaders.coverage_report import LEFT_OUT, NOT_UNDERSTOOD, READ
from loaders.entry import LeftOutRow, Remark

_SHOWN = 200


class RowReport:
    """The report of one list, a JSON line a row that is not in the graph or was read in part."""

    def __init__(self, path: Path) -> None:
        """Where the lines go; nothing is kept in memory but counts."""
        self.path = path
        self.counts: Counter[str] = Counter()

    def read(self, rows: int) -> None:
        """Rows that were read."""
        self.counts[READ] += rows

    def add(self, left: Iterable[LeftOutRow], remarks: Iterable[Remark] = ()) -> None:
        """Rows left out or rejected, values not taken."""
        lines = []
        for row in left:
            state = NOT_UNDERSTOOD if row.rejected else LEFT_OUT
            self.counts[state] += 1
            words = {"words": row.words, "state": state, "reason": row.reason}
            lines.append(json.dumps({"row": row.row, "line": row.first, "last": row.last, **words}, ensure_ascii=False))
        for remark in remarks:
            self.counts["remark"] += 1
            found = {"row": remark.row, "line": remark.first, "state": "remark", "reason": remark.reason}
            lines.append(json.dumps(found, ensure_ascii=False))
        if lines:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")


def entries(path: Path, most: int = _SHOWN) -> Iterator[dict[str, object]]:
    """The first entries of a report."""
    if path.exists():
        with path.open(encoding="utf-8") as file:
            for _, line in zip(range(most), file, strict=False):
                yield json.loads(line)
