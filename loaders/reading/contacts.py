"""Contact persons: cards of lines, one line with commas, fields, and persons named in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from loaders.outline import Block
from loaders.prose.contacts import Reader, side_of
from loaders.prose.persons import understand
from loaders.reading.page import Page
from loaders.records import About, Contact, Record
from loaders.values.marks import emails, phones

_NEAR = 5
"""So many lines above an address or number can belong to its card."""


def read(page: Page) -> list[Record]:
    """Read the contact persons of a page."""
    about = _about(page)
    found: dict[str, Contact] = {}
    for start, end in _areas(page):
        reader = Reader(page.outline.text, start=start, end=end)
        for card in reader.read():
            if not (card.emails or card.telephones or card.job):
                continue
            low, high = min(card.spans)[0], max(span[1] for span in card.spans)
            contact = Contact(
                about=about,
                side=card.side or side_of(card.body),
                name=card.name,
                origin=page.origin(low, high, private=True),
                organisation=card.body,
                job_title=card.job,
                emails=tuple(card.emails),
                telephones=tuple(card.telephones),
            )
            known = found.get(card.name.casefold())
            if known is None or (not known.emails and not known.telephones):
                found[card.name.casefold()] = contact
    return list(found.values())


def _about(page: Page) -> About:
    return (
        About("theme", page.themes[0].value)
        if page.themes
        else About("project", page.title or page.outline.document.id)
    )


def _areas(page: Page) -> Iterator[tuple[int, int]]:
    """The runs of blocks that hold contact cards: below a contact's label, and around every address or number."""
    near: set[int] = set()
    for number, block in enumerate(page.blocks):
        words = page.words(block)
        if block.kind == "field" and (block.label or "").startswith("person."):
            near.add(number)
        if emails(words) or phones(words):
            near.add(number)
            for above in range(number - 1, max(-1, number - 1 - _NEAR), -1):
                if not _may_be_card(page, page.blocks[above]):
                    break
                near.add(above)
    run: list[int] = []
    for number in sorted(near):
        if run and number > run[-1] + 1:
            yield page.blocks[run[0]].start, page.blocks[run[-1]].end
            run = []
        run.append(number)
    if run:
        yield page.blocks[run[0]].start, page.blocks[run[-1]].end


def _may_be_card(page: Page, block: Block) -> bool:
    words = page.words(block)
    if block.kind in ("row",) or len(words) > 120 or words.endswith((".", "!", "?")):
        return False
    if block.kind == "field":
        return (block.label or "").startswith("person.")
    return understand(words).kind in ("person", "job", "body") or "," in words
