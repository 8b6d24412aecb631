"""Coverage reports: what became of each figure of a document. Persons' data are hidden."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, replace

import msgspec

READ, LEFT_OUT, NOT_UNDERSTOOD = "read", "left out", "not understood"
STATES = (READ, LEFT_OUT, NOT_UNDERSTOOD)
WORDS = "words"
"""Kind of an item that holds no figure: words that a layout reports for a reason of its own."""
MASK = "•••"


@dataclass(frozen=True, slots=True)
class Item:
    """One figure of a document (or words a layout reports) and what became of it."""

    kind: str
    line: int
    page: int | None
    words: str
    state: str
    reason: str | None = None
    """A key with what it names, as in :class:`loaders.records.LeftOut`."""
    private: bool = False

    def masked(self) -> Item:
        """The item as anybody may see it: a person's data hidden."""
        return replace(self, words=MASK) if self.private else self


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
        numbers = Counter((item.kind, item.state) for item in self.items)
        kinds = dict.fromkeys(item.kind for item in self.items)
        return {kind: {state: numbers[kind, state] for state in STATES} for kind in kinds}

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
        return msgspec.json.decode(text, type=cls)
