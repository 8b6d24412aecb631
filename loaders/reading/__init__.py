"""Documents to records: one reader a kind of fact, the same for every document."""

import re
from collections.abc import Iterator
from dataclasses import replace

from loaders.coverage import unread
from loaders.document.lines import Document
from loaders.errors import SourceError
from loaders.outline import outline
from loaders.reading import calls, contacts, counts, projects, themes
from loaders.reading.page import Page
from loaders.reading.project_fields import EVIDENCE
from loaders.reading.subjects import Subjects
from loaders.reading.theme_drafts import Themes
from loaders.reading.theme_names import key_of
from loaders.reading.theme_parts import parts
from loaders.records import Call, LeftOut, Project, Reading, Record, Stated, Theme
from loaders.values.dates import oddities
from loaders.values.marks import business_ids

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
        title=only.name.value.text if only else _title(page, records) or document.title,
        programme=programme.value if programme else None,
        reference_date=page.reference_date,
        issued=page.reference_date,
        language=page.language,
        left_out=tuple(left_out(page, records)),
    )


def _title(page: Page, records: list[Record]) -> str | None:
    """The title of a page; slides and forms that describe one theme have its name for theirs."""
    names = [one.name.value.text for one in records if isinstance(one, Theme)]
    described = page.only_theme is not None or any(block.label == "theme.name" for block in page.blocks)
    return names[0] if len(names) == 1 and described else page.title


def describes_a_project(document: Document) -> bool:
    """Tell whether a page describes one project by labelled fields (duration, costs, implementers), each of them once."""
    found = [block.label for block in outline(document).blocks if block.kind == "field" and block.label in EVIDENCE]
    dated = any(label and not label.startswith("body.") for label in found)
    return dated and 1 < len(found) == len(set(found))


def read(page: Page) -> list[Record]:
    """Read the records of a page, in the order of the document within each kind."""
    divided = parts(page)
    found_projects = projects.read(page, divided)
    found_themes = themes.read(page, divided, found_projects)
    found_calls = calls.read(page, found_themes)
    listed = [
        _in_theme(record, found_themes, found_projects.joint) for record in (*found_projects.records, *found_calls)
    ]
    records: list[Record] = [*_coordinated(found_themes, listed, found_projects.joint), *listed]
    subjects = Subjects(page, records, found_themes)
    records += [*contacts.read(page, subjects), *counts.read(page, subjects)]
    return list(dict.fromkeys(records)) or list(projects.read(page, bare=True).records)


def _coordinated(found: Themes, listed: list[Record], joint: dict[str, frozenset[str]]) -> Iterator[Record]:
    """The themes with the projects that coordinate them: their own, and joint ones that name them or that their parts name."""
    projects = [one for one in listed if isinstance(one, Project) and one.coordination]
    for theme in found.records:
        if isinstance(theme, Theme):
            name = theme.name.value.text
            own = [
                one
                for one in projects
                if name in (one.theme, one.theme or found.at(one.name.origin.first))
                or key_of(name) in joint.get(one.key, ())
            ]
            theme = replace(theme, coordinated_by=tuple(Stated(one.key, one.name.origin) for one in own))
        yield theme


def _in_theme(record: Record, found: Themes, joint: dict[str, frozenset[str]]) -> Record:
    """A project or call in a part that is about a theme is that theme's, where nothing else is said."""
    if not isinstance(record, Project | Call) or record.theme or record.key in joint:
        return record
    line = (record.name if isinstance(record, Project) else record.label).origin.first
    return replace(record, theme=found.at(line))


def left_out(page: Page, records: list[Record]) -> list[LeftOut]:
    """List what was seen and not read, in the order of the document."""
    for match in re.finditer(r"(?<![\d-])\d{7}-\d(?![\d-])", page.text):
        if not business_ids(match.group()):
            page.leave_out(*match.span(), "wrong-business-id")
    for odd, end in oddities(page.text):
        page.leave_out(odd.start, end, odd.reason)
    if page.day:
        page.leave_out(page.day.start, page.day.end, "day-of-publication", understood=True)
    found = unread(page.outline.document, records, page.left_out)
    return sorted([*page.left_out, *found], key=lambda one: (one.first, one.last))


__all__ = ["NAME", "describes_a_project", "left_out", "parse", "read"]
