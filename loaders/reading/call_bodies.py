"""Whose call it is: who opens it, whom a sentence names beside it, and whom its heading or the page names."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from loaders import mentions, phrases
from loaders.names import Registry
from loaders.names.bodies import Body
from loaders.reading.call_drafts import Draft
from loaders.reading.contact_sentences import CAPITAL
from loaders.reading.named_bodies import bodies_of, groups
from loaders.reading.page import Page
from loaders.records import Stated

_NEAR = 60
_EMPLOYS = re.compile(rf"(?<![\w-]){CAPITAL} {CAPITAL} $")
"""What stands before a body that is only a person's: ``kertoo Aino Malli Hämeen ELY-keskuksesta``."""
_LISTED = re.compile(rf"\s*(?:,\s*|,?\s+{phrases.AND}\s+)")
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


def of_sentence(page: Page, start: int, end: int, *, about_call: bool) -> tuple[Stated[str], ...]:
    """Give whose call a sentence speaks of: who opens it, else, of one ``about_call``, the first authority it names.

    Those named in one list with it open the call together (``Lapin ja Kainuun liitot avaavat yhteisen haun``).
    """
    named = acting(page, start, end)
    near = (
        one
        for one in named
        if phrases.says("call.opens", page.text, max(start, one.start - 30), min(end, one.end + 40))
    )
    first = next(chain(_openers(page, start, end), near, named if about_call else ()), None)
    return _together(page, named, first) if first else ()


def _together(page: Page, named: Sequence[Body], one: Body) -> tuple[Stated[str], ...]:
    """A body with those beside it in a list that nothing but commas and a word for ``and`` divides."""
    cuts = [n for n, (a, b) in enumerate(pairwise(named), 1) if not _LISTED.fullmatch(page.text, a.end, b.start)]
    lists = [named[low:high] for low, high in pairwise([0, *cuts, len(named)])]
    return tuple(_stated(page, body) for body in next((some for some in lists if one in some), [one]))


def first_listed(page: Page, start: int, end: int) -> tuple[Stated[str], ...]:
    """The first authority that a span names, with those listed beside it."""
    named = mentions.authorities(page.text, start, end)
    return _together(page, named, named[0]) if named else ()


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


def area(name: str) -> str | None:
    """The region that the name of a council gives, by a longer one of its names if need be (``Kanta-Hämeen liitto``)."""
    registry, (own, _, noun) = Registry.load(), name.rpartition(" ")
    known = registry.organisation(name)
    names = [name, *(registry.organisations[known.key].names if known else ())]
    found = (mentions.places(one.rpartition(" ")[0]) for one in names if own and one.rpartition(" ")[2] == noun)
    return next((places[0].value for places in found if places), None)


def funders(page: Page, start: int, end: int) -> tuple[Stated[str], ...]:
    """The bodies that a sentence says fund calls: it has the words for each and does not speak of the theme."""
    said = phrases.find("call.authority", page.text, start, end)
    if not said or phrases.says("noun.theme", page.text, start, end):
        return ()
    parts = pairwise([start, *(cue.start for cue in said[1:]), end])
    return tuple(body for low, high in parts for body in first_listed(page, low, high))


def _only_authority(page: Page, start: int = 0, end: int | None = None) -> tuple[Stated[str], ...]:
    """Give the authority that a span names, if it names no other."""
    named = acting(page, start, end)
    return (_stated(page, named[0]),) if len({body.name for body in named}) == 1 else ()


def complete(page: Page, drafts: Sequence[Draft]) -> None:
    """Give the calls of a page that name no body that of their heading, else that of all the others or of the page."""
    for draft in drafts:
        if not draft.authorities and (heading := page.heading(draft.block)):
            draft.authorities = _only_authority(page, heading.start, heading.end)
    by = _common(page, drafts)
    for draft in drafts:
        draft.authorities = draft.authorities or by


def _common(page: Page, drafts: Sequence[Draft]) -> tuple[Stated[str], ...]:
    """The body of the calls of a page that name none: that of all the others, of the title, the publisher, or the only one."""
    known = {tuple(body.value for body in one.authorities): one.authorities for one in drafts if one.authorities}
    if known:
        return next(iter(known.values())) if len(known) == 1 else ()
    title = page.blocks[page.title_block] if page.title_block is not None else None
    titled = _only_authority(page, title.start, title.end) if title else ()
    if not titled and page.publisher and not page.themes:
        titled = _only_authority(page, page.publisher.start, page.publisher.end)
    alone = len(drafts) == 1 or not phrases.says("noun.theme", page.text)
    return titled or (_only_authority(page) if alone else ())


def _stated(page: Page, body: Body) -> Stated[str]:
    return page.stated(body.name, body.start, body.end)
