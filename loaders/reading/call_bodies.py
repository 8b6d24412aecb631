"""Whose call it is: who opens it, whom a sentence names beside it, and whom its heading or the page names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from loaders import mentions, phrases
from loaders.names.bodies import Body
from loaders.reading.call_drafts import Draft
from loaders.reading.contact_sentences import CAPITAL
from loaders.reading.named_bodies import bodies_of, groups
from loaders.reading.page import Page
from loaders.records import Stated

_NEAR = 60
_EMPLOYS = re.compile(rf"(?<![\w-]){CAPITAL} {CAPITAL} $")
"""What stands before a body that is only a person's: ``kertoo Aino Malli Hämeen ELY-keskuksesta``."""
_BEFORE_VERB = re.compile(r"(?:\s+\([^()]*\))?\s+")


def acting(page: Page, start: int, end: int | None) -> list[Body]:
    """The authorities of a span that are not only where a person works, or give a share of the money."""
    limit = len(page.text) if end is None else end
    shares = [cue.end for cue in phrases.find("money.share", page.text, start, limit)]
    return [
        body
        for body in mentions.authorities(page.text, start, limit)
        if not _EMPLOYS.search(page.text, max(0, body.start - _NEAR), body.start)
        and not any(body.start > cue and "." not in page.text[cue : body.start] for cue in shares)
    ]


def of_sentence(page: Page, start: int, end: int, *, about_call: bool) -> Stated[str] | None:
    """Give the body whose call a sentence speaks of: who opens it, else, of one ``about_call``, the first authority it names."""
    named = acting(page, start, end)
    near = (
        one
        for one in named
        if phrases.says("call.opens", page.text, max(start, one.start - 30), min(end, one.end + 40))
    )
    return _stated(page, next(chain(_openers(page, start, end), near, named if about_call else ()), None))


def _openers(page: Page, start: int, end: int) -> Iterator[Body]:
    """The bodies that stand right before a verb for opening a call: ``Ruokavirasto on avannut haun``."""
    for verb in phrases.find("call.opened_by", page.text, start, end):
        named = [
            *mentions.authorities(page.text, start, verb.start),
            *mentions.ministries(page.text, start, verb.start),
        ]
        for group in groups(page.text, start, verb.start):
            named += [Body(one.name, one.start, one.end) for one in bodies_of(page.text, group)]
        yield from (one for one in named if _BEFORE_VERB.fullmatch(page.text, one.end, verb.start))


def funder(page: Page, start: int, end: int) -> Stated[str] | None:
    """The body that a sentence says funds a call: it has the words for it and does not speak of the theme."""
    said = phrases.says("call.authority", page.text, start, end)
    return page.authority(start, end) if said and not phrases.says("noun.theme", page.text, start, end) else None


def only_authority(page: Page, start: int = 0, end: int | None = None) -> Stated[str] | None:
    """Give the authority that a span names, if it names no other."""
    named = acting(page, start, end)
    return _stated(page, named[0] if len({body.name for body in named}) == 1 else None)


def complete(page: Page, drafts: Sequence[Draft]) -> None:
    """Give the calls of a page that name no body that of their heading, else that of all the others or of the page."""
    for draft in drafts:
        heading = page.heading(draft.block) if draft.authority is None else None
        draft.authority = only_authority(page, heading.start, heading.end) if heading else draft.authority
    by = _common(page, drafts)
    for draft in drafts:
        draft.authority = draft.authority or by


def _common(page: Page, drafts: Sequence[Draft]) -> Stated[str] | None:
    """The body of the calls of a page that name none: that of all the others, of the title, the publisher, or the only one."""
    known = {one.authority.value: one.authority for one in drafts if one.authority}
    if known:
        return next(iter(known.values())) if len(known) == 1 else None
    title = page.blocks[page.title_block] if page.title_block is not None else None
    titled = only_authority(page, title.start, title.end) if title else None
    if titled is None and page.publisher and not page.themes:
        titled = only_authority(page, page.publisher.start, page.publisher.end)
    alone = len(drafts) == 1 or not phrases.says("noun.theme", page.text)
    return titled or (only_authority(page) if alone else None)


def _stated(page: Page, body: Body | None) -> Stated[str] | None:
    return page.stated(body.name, body.start, body.end) if body else None
