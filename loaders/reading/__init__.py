"""Documents to records: one reader a kind of fact, the same for every document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from loaders.document.lines import Document
from loaders.errors import SourceError
from loaders.outline import outline
from loaders.reading import calls, contacts, counts, projects, themes
from loaders.reading.page import Page
from loaders.reading.project_fields import EVIDENCE
from loaders.reading.rest import left_out
from loaders.reading.subjects import Subjects
from loaders.reading.theme_names import key_of
from loaders.records import Call, Project, Reading, Record, Stated, Theme

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
    single = [record for record in records if isinstance(record, Project)]
    only = single[0] if len(single) == 1 and describes_a_project(document) else None
    programme = page.programme or (only.programme if only else None)
    return Reading(
        layout=NAME,
        records=tuple(records),
        title=only.name.value.text if only else page.title or document.title,
        programme=programme.value if programme else None,
        reference_date=page.reference_date,
        issued=page.reference_date,
        language=page.language,
        left_out=tuple(left_out(page, records)),
    )


def describes_a_project(document: Document) -> bool:
    """Tell whether a page describes one project by labelled fields (duration, costs, implementers), each of them once."""
    found = [block.label for block in outline(document).blocks if block.kind == "field" and block.label in EVIDENCE]
    dated = any(label and not label.startswith("body.") for label in found)
    return dated and 1 < len(found) == len(set(found))


def read(page: Page) -> list[Record]:
    """Read the records of a page, in the order of the document within each kind."""
    found_projects = projects.read(page)
    found_calls = calls.read(page)
    found_themes = themes.read(page, found_projects.records, found_calls)
    theme = _theme_of_page(page, found_themes)
    listed = [
        record if isinstance(record, Project) and record.key in found_projects.joint else _in_theme(record, theme)
        for record in (*found_projects.records, *found_calls)
    ]
    records: list[Record] = [*_coordinated(found_themes, listed, found_projects.joint), *listed]
    subjects = Subjects(page, records)
    records += [*contacts.read(page, subjects), *counts.read(page, subjects)]
    return list(dict.fromkeys(records))


def _theme_of_page(page: Page, found_themes: list[Record]) -> str | None:
    """The theme that heads a page: the only one of it, named no later than right below the title."""
    named = [theme.name for theme in found_themes if isinstance(theme, Theme)]
    if len(named) != 1:
        return None
    heads = page.blocks[: (page.title_block if page.title_block is not None else 2) + 2]
    head = page.origin(heads[0].start, heads[-1].end).last if heads else 0
    return named[0].value.text if named[0].origin.first <= head else None


def _coordinated(
    found_themes: list[Record], others: list[Record], joint: dict[str, frozenset[str]]
) -> Iterator[Record]:
    """Give each theme the coordination projects that serve it."""
    serving = [one for one in others if isinstance(one, Project) and one.coordination]
    for record in found_themes:
        if isinstance(record, Theme):
            name = record.name.value.text
            own = [one for one in serving if one.theme == name or key_of(name) in joint.get(one.key, ())]
            record = replace(record, coordinated_by=tuple(Stated(one.key, one.name.origin) for one in own))
        yield record


def _in_theme(record: Record, theme: str | None) -> Record:
    """A project or call of a page that a theme heads is that theme's, where nothing else is said."""
    if theme is None or not isinstance(record, Project | Call) or record.theme:
        return record
    return replace(record, theme=theme)


__all__ = ["NAME", "describes_a_project", "parse", "read"]
