"""What is known of one list as a document: who published it, of when, in which language; kept beside its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from loaders.rdf.documents import DocumentFacts
from loaders.rdf.scribe import document_iri
from loaders.rdf.terms import DCT, LABEL, A, Quad, iri, literal, tg
from loaders.rdf.terms import date as date_term
from loaders.tables import Table
from loaders.tables.dates import DateForm, date
from loaders.tables.forms import CellError
from loaders.tables.mapping import Mapping
from loaders.tables.plan import Plan

_FULL_DATE = re.compile(r"(?<![\d.])\d{1,2}[./]\d{1,2}[./]\d{4}(?![\d.])")


@dataclass(frozen=True, slots=True)
class ListFacts:
    """One list of operations: its document and what all its rows share."""

    id: str
    layout: str
    sha256: str
    title: str
    language: str
    repeats: str
    country: str | None = None
    programme: str | None = None
    period: str | None = None
    reference_date: str | None = None
    publisher: str | None = None
    issued: str | None = None
    url: str | None = None
    licence: str | None = None

    @classmethod
    def of(cls, table: Table, mapping: Mapping, plan: Plan, facts: DocumentFacts | None = None) -> ListFacts:
        """What the table, its mapping and its sources file tell together."""
        known = facts or DocumentFacts.of(table.sha256)
        return cls(
            id=table.identifier,
            layout=mapping.identifier,
            sha256=table.sha256,
            title=known.title or (table.titles[0][:200] if table.titles else mapping.title or table.identifier),
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

    def quads(self) -> Iterator[Quad]:
        """The list as a source document of the graph."""
        node = document_iri(self.id)
        rows: list[tuple[str, str | None]] = [
            (A, tg("SourceDocument")),
            (f"<{DCT}title>", literal(self.title, self.language)),
            (LABEL, literal(self.title, self.language)),
            (f"<{DCT}publisher>", literal(self.publisher, self.language) if self.publisher else None),
            (f"<{DCT}issued>", date_term(self.issued) if self.issued else None),
            (tg("referenceDate"), date_term(self.reference_date) if self.reference_date else None),
            (f"<{DCT}language>", literal(self.language)),
            (f"<{DCT}license>", iri(self.licence) if self.licence else None),
            (f"<{DCT}source>", iri(self.url) if self.url else None),
            (tg("contentHash"), literal(self.sha256)),
            (tg("layout"), literal(self.layout)),
        ]
        return (Quad(node, p, o) for p, o in rows if o is not None)


def _date_above(table: Table) -> str | None:
    """The only date in the title rows: what the list is of. A period has two."""
    found = _FULL_DATE.findall(" ".join(table.titles))
    try:
        return date(found[0], DateForm("dmy")) if len(found) == 1 else None
    except CellError:
        return None
