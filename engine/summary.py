"""What a build read, in numbers, and what a person should look at."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.lists import Rows
from engine.store import Version
from engine.words import count_noun
from loaders import sources
from loaders.coverage_report import Coverage
from loaders.document.lines import Document
from loaders.errors import SourceError
from loaders.rdf.terms import A, Quad, tg
from loaders.records import Reading

_NOUNS = {
    "Theme": "theme",
    "Project": "project",
    "Implementer": "implementer",
    "FinancialObservation": "amount",
    "Call": "call",
    "Conflict": "conflict",
}
_KINDS = (*_NOUNS, "Passage")
_REASONS = 3
SAME = "says the same as row"
"""How the reason of a row begins that another row repeats."""


@dataclass(slots=True)
class Summary:
    """What a build read: documents, things in the current view, share of figures covered, what failed."""

    documents: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    covered: tuple[int, int] = (0, 0)
    failures: list[SourceError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What the user should know of single documents: figures not understood, counts not as expected, rows left out."""

    lists: list[dict[str, Any]] = field(default_factory=list)
    """What became of the rows of each list read now; see engine.lists.report.account."""
    list_count: int = 0
    """Lists among the documents."""

    @property
    def only_lists(self) -> bool:
        """Whether the store holds lists and no other document."""
        return bool(self.documents) and self.list_count == len(self.documents)

    @property
    def lost_rows(self) -> int:
        """Rows that were rejected, or dropped because another row says the same."""
        return sum(
            account["rows"]["rejected"]
            + sum(n for reason, n in account["reasons"]["left out"].items() if reason.startswith(SAME))
            for account in self.lists
        )

    def to_json(self) -> dict[str, Any]:
        """All of it as plain values: documents, counts of things, what became of each list, failures, notes."""
        failures = [error.format_message() for error in self.failures]
        return {
            "documents": self.documents,
            "counts": self.counts,
            "lists": self.lists,
            "failures": failures,
            "notes": self.notes,
        }

    def headline(self) -> str:
        """What was read, in one line; a list has no share of figures: its rows are read or rejected one by one."""
        read, total = self.covered
        if self.only_lists:
            things = ", ".join(
                count_noun(self.counts[kind], noun) for kind, noun in _NOUNS.items() if self.counts[kind]
            )
            return f"{count_noun(len(self.documents), 'list')}: {things}"
        things = ", ".join(count_noun(self.counts[kind], noun) for kind, noun in _NOUNS.items())
        share = f"; {100 * read / total:.1f} % of the documents' figures read or accounted for" if total else ""
        return f"{count_noun(len(self.documents), 'document')}: {things}{share}"


def summarise(version: Version, dataset: list[Quad], rows: Rows) -> Summary:
    """Count the current view of the documents and what the lists add to it."""
    kinds = {tg(kind): kind for kind in _KINDS}
    counts = {kind: rows.counts[kind] for kind in _KINDS}
    for quad in dataset:
        if not quad.g and quad.p == A and quad.o in kinds:
            counts[kinds[quad.o]] += 1
    reports = [json.loads(p.read_text(encoding="utf-8")) for p in sorted(version.coverage.glob("*.json"))]
    covered = (sum(r["covered"] for r in reports), sum(r["total"] for r in reports))
    documents = [p.stem for p in sorted(version.extracted.glob("*.nq"))] + sorted(rows.lists)
    lists = rows.account()
    notes = [note for account in lists for note in _notes_of_list(account)]
    return Summary(documents, counts, covered, notes=notes, lists=lists, list_count=len(rows.lists))


def _notes_of_list(account: dict[str, Any]) -> Iterator[str]:
    """Lines on one list: its rows, what of them is missing and the money with it, why, and what was decided of the whole."""
    name, rows = account["list"], account["rows"]
    total = rows["read"] + rows["left out"] + rows["rejected"]
    parts = [f"{name}: {rows['read']:,} of {total:,} rows read"]
    for state in ("rejected", "left out"):
        money = ", ".join(f"{Decimal(value):,.2f} {currency}" for currency, value in account["money"][state].items())
        if rows[state]:
            parts.append(f"{rows[state]:,} {state}{f' ({money})' if money else ''}")
    if rows["remarks"]:
        parts.append(f"{rows['remarks']:,} values remarked on")
    yield ", ".join(parts)
    for state in ("rejected", "left out", "remarks"):
        for reason, number in list(account["reasons"][state].items())[:_REASONS]:
            yield f"  {number:,} {state}: {reason}"
    yield from (f"  {note}" for note in account["notes"])
    if rows["rejected"] or rows["left out"]:
        yield f"  each row with its line and reason: teemagraafi coverage {name}"


def notes_of(document: Document, reading: Reading, coverage: Coverage) -> Iterator[str]:
    """What a person should look at: figures not understood, counts that are not what the source is known to hold."""
    odd = sum(counts["not understood"] for counts in coverage.counts().values())
    if odd:
        places = "1 place was" if odd == 1 else f"{odd} places were"
        yield f"{document.id}: {places} not understood; see with: teemagraafi coverage {document.id}"
    source = sources.by_hash(document.sha256)
    if source is not None:
        for note in sources.unexpected(source, reading, document.sha256):
            yield f"{document.id}: {note}"
