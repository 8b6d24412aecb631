"""Coverage reports: their items, and how people and programs see them. Persons' data are hidden."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

READ, LEFT_OUT, NOT_UNDERSTOOD = "read", "left out", "not understood"
STATES = (READ, LEFT_OUT, NOT_UNDERSTOOD)
WORDS = "words"
"""Kind of an item that holds no figure: words that a layout reports for a reason of its own."""
MASK = "•••"
_COLUMNS = ("document", "kind", "line", "page", "state", "words", "reason")
_WIDEST = 70


@dataclass(frozen=True, slots=True)
class Item:
    """One figure of a document (or words a layout reports) and what became of it."""

    kind: str
    line: int
    page: int | None
    words: str
    state: str
    reason: str | None = None
    private: bool = False

    def masked(self) -> Item:
        """The item as anybody may see it: a person's data hidden."""
        if not self.private:
            return self
        return Item(self.kind, self.line, self.page, MASK, self.state, self.reason, True)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The report of one document."""

    document: str
    layout: str
    items: tuple[Item, ...]
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """Number of figures."""
        return sum(item.kind != WORDS for item in self.items)

    @property
    def covered(self) -> int:
        """Number of figures read or left out for a reason."""
        return sum(item.kind != WORDS and item.state != NOT_UNDERSTOOD for item in self.items)

    def counts(self) -> dict[str, dict[str, int]]:
        """Kind → state → number of items, in the order of the kinds' first items."""
        found = Counter((item.kind, item.state) for item in self.items)
        kinds = dict.fromkeys(item.kind for item in self.items)
        return {kind: {state: found[kind, state] for state in STATES} for kind in kinds}

    def to_json(self, *, private: bool = False) -> str:
        """The report as JSON, persons' data hidden unless ``private``."""
        items = [asdict(item if private else item.masked()) for item in self.items]
        report = {
            "document": self.document,
            "layout": self.layout,
            "total": self.total,
            "covered": self.covered,
            "counts": self.counts(),
            "notes": list(self.notes),
            "items": items,
        }
        return json.dumps(report, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Coverage:
        """Read a report back."""
        report = json.loads(text)
        items = tuple(Item(**item) for item in report["items"])
        return cls(report["document"], report["layout"], items, tuple(report["notes"]))


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
                writer.writerow((report.document, item.kind, *place, item.state, item.words, item.reason or ""))
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
        f'"{_short(item.words)}"{f" ({item.reason})" if item.reason else ""}'
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
