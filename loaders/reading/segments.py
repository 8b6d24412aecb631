"""The parts of an item of a list of projects: name, organisations, money and days, in whatever order, between any marks."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Literal

from loaders import phrases
from loaders.blocks import Block, Bounds
from loaders.reading import bodies
from loaders.reading.page import Page
from loaders.reading.project_drafts import Draft, add_bodies
from loaders.reading.project_names import behind_noun, behind_owner
from loaders.reading.project_statements import is_fund
from loaders.reading.sums import sums
from loaders.text import trimmed
from loaders.values.dates import periods
from loaders.values.marks import codes

Sort = Literal["name", "bodies", "other"]
_MARK = re.compile(
    r"(?:(?<!\s)\s+)?[|;]\s\s*|(?<!\s)\s+[–—/-]\s+|[:,]\s+|(?<=\w\w)\.\s+(?=[A-ZÅÄÖ])|(?:(?<!\s)\s+)?[()][.,;:]?(?:\s+|$)?|\n"
)
"""What parts an item: commas, dashes, slashes, colons, brackets, and the stop of a label's value."""
_AROUND = ' \n,;:•–—-/|()"”“.'


def take_segments(page: Page, draft: Draft, block: Block) -> None:
    """Read an item whose name stands anywhere: ``A – Polku – 9 000 €``, ``9 000 € A: Polku``, ``Polku (A, 9 000 €)``.

    It is left as it is where no organisation, or more than one name, stands in it.
    """
    runs: list[tuple[Sort, list[Bounds]]] = [
        (sort, list(spans)) for sort, spans in groupby(_segments(page, block), key=lambda span: _sort(page, span))
    ]
    named = [spans for sort, spans in runs if sort == "name"]
    if draft.bodies or len(named) != 1 or not any(sort == "bodies" for sort, _ in runs):
        return
    low, high = trimmed(page.text, named[0][0][0], named[0][-1][1], _AROUND)
    low = behind_noun(page.text, low, high)
    if not (page.text[low].isupper() or page.text[low].isdigit()):
        return
    draft.name = (low, high)
    for start, end in ((spans[0][0], spans[-1][1]) for sort, spans in runs if sort == "bodies"):
        add_bodies(draft, bodies.organisations(page.text, start, end, refused=page.refuse_body))


def is_parted(page: Page, block: Block) -> bool:
    """Tell whether a line is a name, then organisations and figures: ``Polku. Oulun kaupunki. EAKR 9 000 euroa.``"""
    spans = [*_segments(page, block)]
    sorts = [_sort(page, span) for span in spans]
    name = page.text[slice(*spans[0])] + page.text[spans[0][1]] if spans[0][1] < block.end else ""
    parted = sorts[0] == "name" and sorts.count("name") == 1 and {"bodies", "other"} <= {*sorts}
    return parted and name.endswith(".") and not phrases.says("trace.project", name)


def take_owner(page: Page, draft: Draft) -> None:
    """Part a name from the organisation in the genitive before it: ``Oulun kaupungin Polku``, ``Oulun kaupungin hanke Polku``."""
    low, high = (0, 0) if draft.bodies else draft.name or (0, 0)
    if behind := behind_owner(page.text, low, high):
        add_bodies(draft, bodies.organisations(page.text, low, behind[0]))
        draft.name = (behind[1], high)


def _segments(page: Page, block: Block) -> Iterator[Bounds]:
    """The words of an item between its marks; a sum in front of them is one of its own."""
    cuts = [match.span() for match in _MARK.finditer(page.text, block.start, block.end)]
    for one in sums(page.text, block.start, block.end):
        cuts.append((one.start, one.start))
        cuts.append((one.end, one.end))
    at = block.start
    for low, high in [*sorted(cuts), (block.end, block.end)]:
        start, end = trimmed(page.text, at, max(at, low), _AROUND)
        if start < end:
            yield start, end
        at = max(at, high)


def _sort(page: Page, span: Bounds) -> Sort:
    words = page.words(span)
    named = list(bodies.organisations(page.text, *span))
    if named and all(bodies.is_organisation(one.name) and one.name[0].isupper() for one in named):
        return "bodies"
    role = phrases.label_at_start(words)  # ``hallinnoija Luksia``
    if named and role and role[0] in bodies.ROLE_LABELS and words[role[1] :].lstrip(" :")[:1].isupper():
        return "bodies"
    figures = next(iter(sums(page.text, *span)), None) or periods(words) or codes(words)
    money = any(phrases.find(f"money.{cue}", words) for cue in ("granted", "cost", "applied"))
    said = phrases.label(words) or (money and words.count(" ") < 2)  # a name may speak of support
    said = said or is_fund(words)
    return "other" if figures or said or not any(c.isalpha() for c in words) else "name"
