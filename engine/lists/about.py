"""What is known of one list as a document: who published it, of when, in which language; kept beside its rows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from loaders.rdf.documents import DocumentFacts, describe
from loaders.rdf.terms import Quad
from loaders.tables import Table
from loaders.tables.dates import DateForm, date
from loaders.tables.forms import CellError
from loaders.tables.mapping import Mapping
from loaders.tables.plan import Plan

_FULL_DATE = re.compile(r"(?<![\d.])\d{1,2}[./]\d{1,2}[./]\d{4}(?![\d.])")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFacts(DocumentFacts):
    """One list of operations: its document and what all its rows share."""

    id: str
    layout: str
    sha256: str
    language: str
    repeats: str
    country: str | None = None
    programme: str | None = None
    period: str | None = None

    @classmethod
    def of_list(cls, table: Table, mapping: Mapping, plan: Plan, facts: DocumentFacts | None = None) -> ListFacts:
        """What the table, its mapping and its sources file tell together."""
        known = facts or DocumentFacts.of(table.sha256)
        return cls(
            id=table.identifier,
            layout=mapping.identifier,
            sha256=table.sha256,
            title=known.title or (table.titles[0][:200] if table.titles else mapping.title),
            language=plan.language,
            repeats=mapping.repeats,
            country=plan.country,
            programme=mapping.programme,
            period=plan.period,
            reference_date=known.reference_date or mapping.reference_date or _date_above(table),
            publisher=known.publisher or mapping.publisher,
            issued=known.issued,
            url=known.url,
            licence=known.licence,
        )

    def quads(self) -> list[Quad]:
        """The list as a source document of the graph."""
        return describe(self.id, self.sha256, self.layout, self.language, self)


def _date_above(table: Table) -> str | None:
    """The only date in the title rows: what the list is of. A period has two."""
    printed = _FULL_DATE.findall(" ".join(table.titles))
    try:
        return date(printed[0], DateForm("dmy")) if len(printed) == 1 else None
    except CellError:
        return None
