"""What became of the rows of a list: how many were read, and every other row with its line and reason, on disk line by line."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from loaders.coverage_report import LEFT_OUT, NOT_UNDERSTOOD
from loaders.tables.entry import REMARK, UnreadRow

_CALLED = {LEFT_OUT: "left out", NOT_UNDERSTOOD: "rejected", REMARK: "remarks"}
"""State → what the account of a list calls it."""
_REASONS = 20


def begin(folder: Path, list_id: str) -> None:
    """Begin the report of a list in the place of an earlier one."""
    folder.mkdir(parents=True, exist_ok=True)
    _lines(folder, list_id).write_text("", encoding="utf-8")


def add(folder: Path, rows: Iterable[UnreadRow], *, read: bool = False) -> None:
    """Add rows left out or rejected and values not taken, a JSON line each; ``read``: they were counted as read before."""
    for list_id, group in groupby(sorted(rows, key=lambda row: row.list_id), key=lambda row: row.list_id):
        with _lines(folder, list_id).open("a", encoding="utf-8") as file:
            for row in group:
                line = {"row": row.line, "line": row.line, "state": row.state, "reason": row.reason, "words": row.words}
                more = {"amount": row.amount} if row.amount else {}
                file.write(json.dumps(line | more | ({"read": True} if read else {}), ensure_ascii=False) + "\n")


def close(folder: Path, list_id: str, read: int, notes: Iterable[str]) -> None:
    """Write how many rows were read, and what was decided of the list as a whole or is not read of it."""
    data = {"read": read, "notes": list(notes)}
    _lines(folder, list_id).with_suffix(".json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def _lines(folder: Path, list_id: str) -> Path:
    return folder / f"{list_id}.rows.jsonl"


def _kind(reason: str) -> str:
    """A reason without the values and numbers that differ from row to row."""
    return re.sub(r"'[^']*'|\d+", "…", reason)[:200]


def lists(folder: Path) -> list[str]:
    """The lists that have a report."""
    return sorted(path.name.removesuffix(".rows.json") for path in folder.glob("*.rows.json"))


def account(folder: Path, list_id: str) -> dict[str, Any]:
    """What became of a list, as plain values for JSON.

    ``rows`` read, left out and rejected; ``money`` of those left out and rejected by currency (the largest amount of each row,
    as decimal strings); ``reasons`` with how many rows each; ``notes`` on the whole list.
    """
    data = json.loads(_lines(folder, list_id).with_suffix(".json").read_text(encoding="utf-8"))
    rows = {"read": data["read"]} | dict.fromkeys(_CALLED.values(), 0)
    money: dict[str, dict[str, Decimal]] = {_CALLED[LEFT_OUT]: {}, _CALLED[NOT_UNDERSTOOD]: {}}
    reasons: dict[str, Counter[str]] = {name: Counter() for name in _CALLED.values()}
    for line in entries(folder, list_id):
        name = _CALLED[line["state"]]
        rows[name] += 1
        rows["read"] -= "read" in line
        reasons[name][_kind(line["reason"])] += 1
        if "amount" in line:
            value, currency = line["amount"].split(" ")
            money[name][currency] = money[name].get(currency, Decimal(0)) + Decimal(value)
    return {
        "list": list_id,
        "rows": rows,
        "money": {name: {c: format(v, "f") for c, v in sorted(sums.items())} for name, sums in money.items()},
        "reasons": {name: dict(said.most_common(_REASONS)) for name, said in reasons.items()},
        "notes": data["notes"],
    }


def entries(folder: Path, list_id: str) -> Iterator[dict[str, Any]]:
    """Every row of a list that is not in the graph, or was read in part."""
    with _lines(folder, list_id).open(encoding="utf-8") as file:
        yield from map(json.loads, file)
