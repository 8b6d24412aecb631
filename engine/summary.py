"""What a build read, in numbers, and what a person should look at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.store import Version
from engine.words import counted
from loaders import sources
from loaders.coverage import Coverage
from loaders.document.lines import Document
from loaders.errors import SourceError
from loaders.rdf.terms import A, Quad, tg
from loaders.records import Reading

if TYPE_CHECKING:
    from engine.lists import Rows

_NOUNS = {
    "Theme": "theme",
    "Project": "project",
    "Implementer": "implementer",
    "FinancialObservation": "amount",
    "Call": "call",
    "Conflict": "conflict",
}
_KINDS = (*_NOUNS, "Passage")


@dataclass(slots=True)
class Summary:
    """What a build read: documents, things in the current view, share of figures covered, what failed."""

    documents: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    covered: tuple[int, int] = (0, 0)
    failures: list[SourceError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What the user should know of single documents: figures not understood, counts not as expected, rows left out."""

    def headline(self) -> str:
        """What was read, in one line; a list has no share of figures: its rows are read or rejected one by one."""
        read, total = self.covered
        things = ", ".join(counted(self.counts[kind], noun) for kind, noun in _NOUNS.items())
        share = f"; {100 * read / total:.1f} % of the documents' figures read or accounted for" if total else ""
        return f"{counted(len(self.documents), 'document')}: {things}{share}"


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
    return Summary(documents, counts, covered, notes=list(_notes_of_lists(rows)))


def _notes_of_lists(rows: Rows) -> Iterator[str]:
    if rows.counts["rows"]:
        yield f"lists: {rows.counts['rows']} rows read, {rows.counts['rejected']} rejected"


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
