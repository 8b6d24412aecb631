"""Documents to records: one reader a kind of fact, the same for every document."""

from __future__ import annotations

from collections.abc import Iterable

from loaders.document.lines import Document
from loaders.errors import SourceError
from loaders.outline import outline
from loaders.reading import calls, contacts, counts, projects, themes
from loaders.reading.page import Page
from loaders.reading.rest import left_out
from loaders.reading.subjects import Subjects
from loaders.records import Reading, Record

NAME = "document"
"""What a reading says of its layout where no known form was recognised."""


def parse(document: Document) -> Reading:
    """Read a document of any form; raises SourceError where it holds no fact, naming what was looked for."""
    page = Page(outline(document))
    records = read(page)
    if not records:
        raise SourceError(
            document.id,
            "no fact found: looked for national themes, projects, calls for proposals, their dates and amounts, and contact "
            f"persons in {sum(1 for line in document.lines if line.text.strip())} lines of text",
        )
    return Reading(
        layout=NAME,
        records=tuple(records),
        title=page.title or document.title,
        programme=page.programme.value if page.programme else None,
        reference_date=page.reference_date,
        issued=page.reference_date,
        language=page.language,
        left_out=tuple(left_out(page, records)),
    )


def read(page: Page) -> list[Record]:
    """Read the records of a page, in the order of the document within each kind."""
    found_projects = projects.read(page)
    found_calls = calls.read(page)
    found_themes = themes.read(page, found_projects.records, found_calls)
    records: list[Record] = [*found_themes, *found_projects.records, *found_calls]
    subjects = Subjects(page, records)
    records += [*contacts.read(page, subjects), *counts.read(page, subjects)]
    return _without_doubles(records)


def _without_doubles(records: Iterable[Record]) -> list[Record]:
    return list(dict.fromkeys(records))


__all__ = ["NAME", "parse", "read"]
