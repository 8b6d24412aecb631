"""Pages that present national themes one below the other: the part of each theme, below the heading of its group."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from loaders import mentions, phrases
from loaders.blocks import Block
from loaders.mentions import Mention
from loaders.names import Registry
from loaders.rdf.scribe import Codes
from loaders.reading.page import Page
from loaders.reading.project_names import is_headline
from loaders.reading.theme_lists import is_general
from loaders.reading.theme_names import BRACKET, OWN, speaks, whole_name
from loaders.records import Stated

_YEARS = re.compile(r"(?<!\s)\s20\d\d\s?[-–]\s?20\d\d$")
_PLAIN = 4
"""The level of headings that a file without levels only shows by blank lines."""
_SECTION = 60
"""A part of a theme says something: it holds a block longer than this."""


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a page about one theme: its name, the blocks from its heading to its last, and its group's heading."""

    name: Mention
    heading: int
    last: int
    group: Stated[str] | None = None


def parts(page: Page) -> tuple[Part, ...]:
    """Find the parts of a page that presents several themes; none where it describes one thing or lists names only.

    Themes stand on the level of headings on which most are known themes, are marked by their fund, or speak of "the
    theme"; groups on the levels above it.
    """
    heads = [n for n, b in enumerate(page.blocks) if b.kind == "heading" and n not in page.menu and _heads(page, b)]
    levels = _levels(page, heads)
    until = dict(zip(heads, [*heads[1:], len(page.blocks)], strict=False))
    candidates = [n for n in heads if phrases.label(page.words(page.blocks[n])) is None]
    shown = {n for n in candidates if _is_shown(page, n, until[n])}
    level = _theme_level(candidates, levels, shown)
    chosen = [n for n in candidates if levels[n] == level]
    marked = [n for n in chosen if n in shown and _has_fund(page.words(page.blocks[n]))]
    if len(marked) > 1:  # the other headings below the first are of news about these
        chosen = [
            n for n in chosen if n in marked or n < marked[0] or Registry.load().theme(page.words(page.blocks[n]))
        ]
    evident = [n for n in chosen if n in shown]
    grouped = any(is_group(page.words(page.blocks[n])) for n in candidates if levels[n] < level)
    if not evident or 2 * len(evident) < len(chosen) or (len(evident) == 1 and not grouped):
        return ()
    kept = [n for n in chosen if n in shown or _reads_as_theme(page, n, until[n])]
    ends = [
        n
        for n in candidates
        if n in kept or levels[n] < level or (levels[n] == level and page.blocks[n].level != _PLAIN)
    ]
    return tuple(_parts(page, kept, ends, levels, level))


def _heads(page: Page, block: Block) -> bool:
    """Tell whether a heading is one: in a file without levels a line of a call or day between blank lines only looks so."""
    words = page.words(block)
    return block.level != _PLAIN or not (mentions.times(words) and phrases.says("noun.call", words))


def _parts(page: Page, kept: Sequence[int], ends: Sequence[int], levels: dict[int, int], level: int) -> Iterator[Part]:
    for number in kept:
        block = page.blocks[number]
        name = _name(page, block)
        above = next((n for n in reversed(ends) if n < number and levels[n] < level), None)
        last = next((n for n in ends if n > number), len(page.blocks)) - 1
        if name:
            yield Part(name, number, last, _group(page, above))


def _name(page: Page, block: Block) -> Mention | None:
    """The name that a heading is, with a period's years at its end: no name in running text has these."""
    years = _YEARS.search(page.text, block.start, block.end)
    name = whole_name(page, block.start, years.start() if years else block.end)
    if name is None or years is None:
        return name
    return Mention(" ".join(page.text[name.start : block.end].split()), name.start, block.end)


def _group(page: Page, number: int | None) -> Stated[str] | None:
    """The group that a heading names; the page's title, or one that only announces themes, names none."""
    if number is None or number == page.title_block or phrases.says("noun.theme", page.words(page.blocks[number])):
        return None
    block = page.blocks[number]
    return page.stated(" ".join(page.words(block).split()), block.start, block.end)


def is_group(words: str) -> bool:
    """Tell whether words are a group of themes by the code list."""
    return Codes.load().find("theme-group", words) is not None


def _key(words: str) -> str:
    return " ".join(BRACKET.sub("", words).casefold().split())


def _levels(page: Page, heads: Sequence[int]) -> dict[int, int]:
    """The level of each heading: the file's, else 1 for the heading of a group and 2 for others.

    A file without levels shows a group's heading only by its place, right above another one's, or by its known name.
    """
    levels = {n: page.blocks[n].level for n in heads}
    if set(levels.values()) != {_PLAIN}:
        return levels
    before = ""
    for at, number in enumerate(heads):
        words = page.words(page.blocks[number])
        stacked = at + 1 < len(heads) and heads[at + 1] == number + 1
        above = stacked or is_group(words)
        group = above and before != _key(words) and not _has_fund(words)
        levels[number] = 1 if group else 2
        before = _key(words) if group else before
    return levels


def _has_fund(words: str) -> bool:
    """Tell whether a heading is marked by its fund."""
    bracket = BRACKET.search(words)
    return bracket is not None and bool(mentions.funds(bracket["words"]))


def _is_shown(page: Page, number: int, until: int) -> bool:
    """Tell whether a heading is a theme's name for sure: known, marked by a fund, or its section speaks of the theme."""
    words = page.words(page.blocks[number])
    if is_headline(words) and not Registry.load().theme(words):
        return False
    if _has_fund(words):
        return not phrases.says("noun.call", words)
    if until == number + 1:
        return False
    if page.themes_in(page.blocks[number].start, page.blocks[number].end) and Registry.load().theme(words):
        return True
    below = page.blocks[number + 1 : until]
    if _name(page, page.blocks[number]) is None:
        return False
    spans = [span for block in below if block.kind in ("line", "item") for span in page.sentences(block)]
    said = any(speaks(page, span) for span in spans) or bool({b.label for b in below if b.kind == "field"} & OWN)
    strong = any(
        phrases.says("theme.body", page.text, *span) and mentions.authorities(page.text, *span) for span in spans
    )
    return (said or strong) and (not is_general(words) or (strong and phrases.says("noun.coordination", words)))


def _reads_as_theme(page: Page, number: int, until: int) -> bool:
    """Tell whether a heading among those of themes can be one: a name above running text, no general word."""
    block = page.blocks[number]
    long = any(b.end - b.start > _SECTION for b in page.blocks[number + 1 : until])
    return long and not is_general(page.words(block)) and _name(page, block) is not None


def _theme_level(candidates: Sequence[int], levels: dict[int, int], shown: set[int]) -> int:
    counted = [levels[n] for n in candidates if n in shown]
    return max(counted, key=lambda level: (counted.count(level), level), default=0)


def of_block(divided: Sequence[Part], number: int) -> Part | None:
    """Give the part of a page that a block stands in."""
    return next((one for one in divided if one.heading <= number <= one.last), None)
