"""A reading in the making: what a layout has read of a document so far, and how the reading is closed."""

from __future__ import annotations

from dataclasses import dataclass, field

from loaders.document.lines import Document, Line
from loaders.prose.sweep import sweep
from loaders.records import LeftOut, PartialDate, Reading, Record, Stated


@dataclass(slots=True)
class Draft:
    """The document, the lines that a layout reads of it, and what it has found; layouts add what they keep in mind."""

    document: Document
    lines: list[Line]
    records: list[Record] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    lang: str = "fi"
    title: str | None = None
    period: Stated[str] | None = None

    def first_line(self) -> str | None:
        """The first words of the lines, the title of a page that has no other."""
        return next((line.text.strip() for line in self.lines if line.text.strip()), None)

    def close(
        self, layout: str, *, reference_date: PartialDate | None = None, issued: PartialDate | None = None
    ) -> Reading:
        """What was read, with everything that was not."""
        rest = sweep(self.document, self.records, self.left_out)
        return Reading(
            layout=layout,
            records=tuple(self.records),
            title=self.title,
            programme=self.period.value if self.period else None,
            reference_date=reference_date,
            issued=issued,
            language=self.lang,
            left_out=tuple(sorted([*self.left_out, *rest], key=lambda one: (one.first, one.last))),
        )
