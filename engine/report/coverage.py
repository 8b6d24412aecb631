"""Coverage as people and programs see it, in English: of documents figure by figure, of lists row by row."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from engine import words
from engine.lists.report import account, entries
from engine.report.formats import as_json
from loaders.coverage_report import NOT_UNDERSTOOD, READ, STATES
from loaders.data import table_text

_COLUMNS = ("document", "kind", "line", "page", "state", "words", "reason")
_ROW_COLUMNS = ("row", "line", "state", "reason", "words")
_ROWS_SHOWN = 200

Report = Mapping[str, Any]
"""What ``loaders.coverage.Coverage.to_json`` writes: persons' data are hidden in it."""


def render(reports: Sequence[Report], fmt: str = "table", *, details: bool = False) -> str:
    """Reports of documents as ``table``, ``json`` or ``csv``; ``details`` lists every item, not the counts alone."""
    if fmt == "json":
        return as_json(reports if details else [{k: v for k, v in r.items() if k != "items"} for r in reports])
    if fmt == "csv" and details:
        items = [{**item, "document": report["document"]} for report in reports for item in report["items"]]
        for item in items:
            item["reason"] = words.reason(item["reason"], "en") if item["reason"] else ""
        return table_text(_COLUMNS, ([item[column] for column in _COLUMNS] for item in items))
    if fmt == "csv":
        return table_text(
            ("document", "kind", "total", *STATES), ([r["document"], *row] for r in reports for row in _counts(r))
        )
    return words.render(
        "coverage.txt", "en", reports=reports, details=details, counted=_headed_counts, open_items=_open_items
    )


def _counts(report: Report) -> Iterator[tuple[str, ...]]:
    for kind, states in report["counts"].items():
        yield (kind, str(sum(states.values())), *(str(states[state]) for state in STATES))


def _headed_counts(report: Report) -> list[tuple[str, ...]]:
    return [("", "total", *STATES), *_counts(report)]


def _open_items(report: Report) -> list[dict[str, Any]]:
    """Every item that was not read, what needs a person first."""
    return sorted((i for i in report["items"] if i["state"] != READ), key=lambda item: item["state"] != NOT_UNDERSTOOD)


def render_list(folder: Path, name: str, fmt: str) -> str:
    """A list's report with every row that was not read, as ``table``, ``json`` or ``csv``."""
    if fmt == "json":
        items = [{column: entry[column] for column in _ROW_COLUMNS} for entry in entries(folder, name)]
        return as_json([{"document": name, "rows": account(folder, name)["rows"], "items": items}])
    if fmt == "csv":
        rows = ([name, *(entry[column] for column in _ROW_COLUMNS)] for entry in entries(folder, name))
        return table_text(("document", *_ROW_COLUMNS), rows)
    shown = list(islice(entries(folder, name), _ROWS_SHOWN))
    lines = [f"  line {entry['line']}: {entry['state']}: {entry['reason']}\n" for entry in shown]
    rows = account(folder, name)["rows"]
    more = sum(rows.values()) - rows["read"] - len(shown)
    if more > 0:
        lines.append(f"  … and {more:,} more: --format csv lists them all\n")
    return headline(folder, name) + "".join(lines)


def headline(folder: Path, name: str) -> str:
    """How many rows of a list were read, left out and rejected, in one line."""
    rows = account(folder, name)["rows"]
    total = rows["read"] + rows["left out"] + rows["rejected"]
    line = f"{name}: {rows['read']:,} of {total:,} rows read, {rows['left out']} left out, {rows['rejected']} rejected"
    return line + (f"; {rows['remarks']} values remarked on" if rows["remarks"] else "") + "\n"
