"""What became of a document's figures when it was read: counts, and what was not taken, without persons' data."""

from __future__ import annotations

from pathlib import Path

from loaders.coverage_report import LEFT_OUT, MASK, NOT_UNDERSTOOD, READ, Coverage, Item
from loaders.rdf.terms import ID
from web.models.terms import Data

MOST = 200
"""Places shown of what was not taken for one reason."""


def reading(folder: str, iri: str) -> Data:
    """A document's coverage report as its page shows it; nothing where the build left none."""
    path = Path(folder) / f"{iri.removeprefix(f'{ID}document/')}.json"
    if path.parent != Path(folder) or not path.is_file():
        return {}
    report = Coverage.from_json(path.read_text(encoding="utf-8"))
    kinds = [
        {"kind": kind, "read": states[READ], "left_out": states[LEFT_OUT], "not_understood": states[NOT_UNDERSTOOD]}
        for kind, states in report.counts().items()
    ]
    groups: dict[tuple[str, str], list[Item]] = {}
    for item in report.items:
        if item.state != READ:
            groups.setdefault((item.state, item.reason or ""), []).append(item.masked())
    reasons = [
        {"state": state, "reason": reason, "count": len(items), "places": _places(items)}
        for (state, reason), items in sorted(groups.items(), key=lambda group: (group[0][0] == LEFT_OUT, group[0]))
    ]
    return {"total": report.total, "covered": report.covered, "kinds": kinds, "reasons": reasons}


def _places(items: list[Item]) -> list[Data]:
    return [
        {
            "page": item.page,
            "lineStart": item.line,
            "lineEnd": item.line,
            "row": None,
            "words": " ".join(item.words.split()),
        }
        for item in items
        if item.words != MASK
    ][:MOST]
