"""Records to quads: one named graph a passage. The only place that mints IRIs of things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from loaders import records as r
from loaders import sources
from loaders.document.lines import Document
from loaders.rdf import calls, figures, projects, themes
from loaders.rdf.scribe import Scribe, document_iri
from loaders.rdf.terms import DCT, LABEL, A, Quad, date, iri, literal, tg
from loaders.version import VERSION

_WRITERS: dict[type, Callable[[Scribe, Any], None]] = {
    r.Theme: themes.write,
    r.Project: projects.write,
    r.Participation: projects.write_participation,
    r.Money: figures.write_money,
    r.Count: figures.write_count,
    r.Call: calls.write,
    r.Contact: calls.write_contact,
}


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What is known of a document beyond its reading: from its sources file, where it has one."""

    title: str | None = None
    publisher: str | None = None
    issued: str | None = None
    reference_date: str | None = None
    url: str | None = None
    licence: str | None = None

    @classmethod
    def of(cls, sha256: str) -> DocumentFacts:
        """What the sources file of a document with these bytes says; nothing where it has none."""
        one = sources.by_hash(sha256)
        if one is None:
            return cls()
        return cls(one.title, one.publisher, one.issued, one.reference_date, one.url, one.licence)


def quads(document: Document, reading: r.Reading, facts: DocumentFacts | None = None) -> list[Quad]:
    """All quads of one reading: the document and its passages, then what each passage states.

    A place that was not understood is a passage that states nothing: its words are there to be looked at.
    """
    scribe = Scribe(document, reading)
    for record in reading.records:
        _WRITERS[type(record)](scribe, record)
    pages = {line.number: line.page for line in document.lines}
    for left in (item for item in reading.left_out if not item.understood):
        scribe.passage(r.Origin(left.first, left.last, left.words, page=pages.get(left.first), private=left.private))
    return describe(document, reading, facts or DocumentFacts()) + scribe.quads


def describe(document: Document, reading: r.Reading, facts: DocumentFacts) -> list[Quad]:
    """The document itself, in the default graph."""
    node = document_iri(document.id)
    issued = facts.issued or reading.issued
    reference = facts.reference_date or reading.reference_date
    title, publisher = (
        facts.title or reading.title or document.title or document.id,
        facts.publisher or reading.publisher,
    )
    rows: list[tuple[str, str | None]] = [
        (A, tg("SourceDocument")),
        (f"<{DCT}title>", literal(title, reading.language)),
        (LABEL, literal(title, reading.language)),
        (f"<{DCT}publisher>", literal(publisher, reading.language) if publisher else None),
        (f"<{DCT}issued>", date(issued) if issued else None),
        (tg("referenceDate"), date(reference) if reference else None),
        (f"<{DCT}language>", literal(reading.language)),
        (f"<{DCT}license>", iri(facts.licence) if facts.licence else None),
        (f"<{DCT}source>", iri(facts.url) if facts.url else None),
        (tg("contentHash"), literal(document.sha256)),
        (tg("layout"), literal(reading.layout)),
        (tg("readBy"), literal(f"teemagraafi {VERSION}")),
    ]
    return [Quad(node, p, o) for p, o in rows if o is not None]


__all__ = ["DocumentFacts", "Scribe", "describe", "document_iri", "quads"]
