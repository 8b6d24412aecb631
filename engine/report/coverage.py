"""Coverage reports as people and programs see them, in English."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence

from engine import words
from loaders.coverage_report import NOT_UNDERSTOOD, READ, STATES, Coverage, Item

_COLUMNS = ("document", "kind", "line", "page", "state", "words", "reason")
_WIDEST = 70


def render(reports: Sequence[Coverage], fmt: str = "table", *, details: bool = False) -> str:
    """Reports as ``table``, ``json`` or ``csv``; ``details`` lists every item, not the counts alone."""
    if fmt == "json":
        return _json(reports, details)
    if fmt == "csv":
        return _csv(reports, details)
    return "\n".join(_table(report, details) for report in reports)


def _json(reports: Iterable[Coverage], details: bool) -> str:
    loaded = [json.loads(report.to_json()) for report in reports]
    if not details:
        for report in loaded:
            del report["items"]
    return json.dumps(loaded, ensure_ascii=False, indent=1) + "\n"


def _csv(reports: Iterable[Coverage], details: bool) -> str:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    if details:
        writer.writerow(_COLUMNS)
        for report in reports:
            for item in (item.masked() for item in report.items):
                place = (item.line, item.page if item.page is not None else "")
                writer.writerow((report.document, item.kind, *place, item.state, item.words, _reason(item)))
    else:
        writer.writerow(("document", "kind", "total", *STATES))
        for report in reports:
            for kind, states in report.counts().items():
                writer.writerow((report.document, kind, sum(states.values()), *(states[state] for state in STATES)))
    return target.getvalue()


def _table(report: Coverage, details: bool) -> str:
    share = f"{100 * report.covered / report.total:.1f} %" if report.total else "–"
    lines = [f"{report.document} ({report.layout}): {report.covered} of {report.total} figures accounted for, {share}"]
    rows: list[tuple[str, ...]] = [("", "total", *STATES)]
    rows += [
        (kind, str(sum(states.values())), *(str(states[state]) for state in STATES))
        for kind, states in report.counts().items()
    ]
    lines += _aligned(rows)
    lines += [f"  note: {note}" for note in report.notes]
    if details:
        lines += _details(report)
    return "\n".join(lines) + "\n"


def _details(report: Coverage) -> list[str]:
    """Every item that was not read, what needs a person first."""
    open_items = [item.masked() for item in report.items if item.state != READ]
    open_items.sort(key=lambda item: item.state != NOT_UNDERSTOOD)
    return [
        f"  {item.state:14} line {item.line}{f' page {item.page}' if item.page else ''}: {item.kind} "
        f'"{_short(item.words)}"{f" ({_reason(item)})" if item.reason else ""}'
        for item in open_items
    ]


def _short(words: str) -> str:
    return words if len(words) <= _WIDEST else words[: _WIDEST - 1] + "…"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  " + row[0].ljust(widths[0]) + "".join(f"  {cell:>{widths[i]}}" for i, cell in enumerate(row) if i)
        for row in rows
    ]


def _reason(item: Item) -> str:
    return words.reason(item.reason, "en") if item.reason else ""
