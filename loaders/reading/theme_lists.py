"""Lists of national themes: what announces one, what stands in it, and where the name of each entry begins and ends."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from loaders import mentions, phrases
from loaders.blocks import Block, Bounds
from loaders.mentions import Mention
from loaders.names import Registry
from loaders.reading.page import Page
from loaders.reading.sums import sums
from loaders.text import trimmed
from loaders.values.dates import dates
from loaders.values.marks import emails, phones

LONGEST_NAME = 160
MOST_WORDS = 12
"""A name that nothing but its place shows has so many words at most."""
_MARK = re.compile(r"(?:(?<!\s)\s+)?(?:\(|[–—]\s|-\s|\t|\n)|(?<!\s)\s{3,}|[,;:]\s")
"""What may stand between the name of a theme and what an entry says of it."""
_AROUND = ' \n\t"”“’,;:–—-'
_LEAD_MARK = re.compile(r"\s*(?::|–|—|-|\t)\s+")
_SENTENCE = re.compile(r"(?<=\w\w)[.]\s+(?=[A-ZÅÄÖ])")
_LEFT = re.compile(r"[\s,;:()–—/.&+-]|\d{1,2}[.)]")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a list of themes: its name, the block that announces the list, and whose part of it the entry stands in."""

    name: Mention
    lead: int
    heads: tuple[int, ...] = ()
    """The blocks that part the list above the entry: an objective, an authority, a ministry."""


def entries(page: Page) -> dict[int, Entry]:
    """Find the entries of the lists of themes of a page, by the numbers of their blocks."""
    found: dict[int, Entry] = {}
    for number in range(len(page.blocks)):
        if (
            number not in found
            and number not in page.menu
            and not page.related(number)
            and _speaks_of_themes(page, number)
        ):
            found.update(_list_below(page, number))
    return found


def _list_below(page: Page, lead: int) -> dict[int, Entry]:
    """The entries of the list below a block that speaks of themes."""
    rows = list(_rows(page, lead))
    sure = announces(page, lead)
    steered = sure and any(told and page.blocks[number].kind == "item" for number, told, _ in rows)
    found = {}
    for number, told, heads in rows:
        block = page.blocks[number]
        if name := _name(page, block, told=told, sure=sure, steered=steered):
            found[number] = Entry(name, lead, heads)
        elif steered and not told:
            page.leave_out(block.start, block.end, "entry-without-ministry")
    alone = len(found) == 1 and not rows[0][1] and page.blocks[rows[0][0]].kind != "item"
    return {} if alone else found


def _rows(page: Page, lead: int) -> Iterator[tuple[int, bool, tuple[int, ...]]]:
    """The blocks of a list below its announcement, whether each names ministries or bodies, and what parts the list above it."""
    heads: list[int] = []
    bare = page.words(page.blocks[lead]).endswith(":")
    for number in range(lead + 1, len(page.blocks)):
        block = page.blocks[number]
        words = page.words(block)
        if number in page.menu and not bare:
            return
        if block.kind == "item":
            bare = False
            if words.endswith(":"):
                heads = [one for one in heads if page.blocks[one].depth < block.depth] + [number]
            else:
                heads = [
                    one for one in heads if page.blocks[one].kind != "item" or page.blocks[one].depth < block.depth
                ]
                yield number, _is_told(page, block), tuple(heads)
        elif block.kind in ("line", "heading") and _is_entry(page, block):
            yield number, True, tuple(heads)
        elif only_authority(page, block) or only_ministry(page, block) or parts_list(page, block):
            heads, bare = [number], False
        elif bare and block.kind == "line" and (number == lead + 1 or not block.gap) and _is_bare(words):
            yield number, False, tuple(heads)
        elif _is_group(page, number):
            heads = []
        elif not (emails(words) or phones(words)):
            return


def _is_bare(words: str) -> bool:
    """Tell whether a line can be a name and nothing else."""
    return (
        len(words) < LONGEST_NAME
        and words[0].isupper()
        and " " in words
        and not re.search(r"[.:?!]\s|[:?!]$|\d|@", words)
    )


def _is_group(page: Page, number: int) -> bool:
    """Tell whether a short line heads a part of a list each entry of which names its ministries: ``Työllisyys``."""
    block, below = page.blocks[number], page.blocks[number + 1 : number + 2]
    short = block.kind in ("line", "heading") and block.end - block.start < 60 and block.gap
    return (
        short
        and bool(below)
        and below[0].kind == "item"
        and _is_told(page, below[0])
        and not page.words(block).endswith(".")
    )


def _is_told(page: Page, block: Block) -> bool:
    """Tell whether an entry names ministries, an authority or an objective."""
    return bool(
        mentions.ministries(page.text, block.start, block.end)
        or mentions.authorities(page.text, block.start, block.end)
        or mentions.objectives(page.text, block.start + 3, block.end)
    )


def _is_entry(page: Page, block: Block) -> bool:
    """Tell whether a line without a bullet is a theme's name with its ministries behind it, and nothing else."""
    words = page.words(block)
    if (
        not words[0].isupper()
        or words.endswith((".", ":"))
        or not mentions.ministries(page.text, block.start, block.end)
    ):
        return False
    low, high = name_in(page, block.start, block.end)
    rest = list(page.text[high : block.end])
    spans = [(one.start, one.end) for one in mentions.ministries(page.text, high, block.end)]
    if not spans or low != block.start or not 4 < high - low < LONGEST_NAME:
        return False
    spans += [(one.start, one.end) for one in mentions.authorities(page.text, high, block.end)]
    spans += [(one.start, one.end) for one in mentions.funds(page.text, high, block.end)]
    spans += [(one.start, one.end) for one in sums(page.text, high, block.end)]
    for concept in ("theme.steers", "theme.lead", "theme.body", "cue.joint"):
        spans += [(cue.start, cue.end) for cue in phrases.find(concept, page.text, high, block.end)]
    for start, end in spans:
        rest[start - high : end - high] = " " * (end - start)
    bracket = page.text[high : spans[0][0]].strip() == "("
    return bracket or not _LEFT.sub("", "".join(rest))


def only_authority(page: Page, block: Block) -> bool:
    """Tell whether a block is the name of one authority and nothing else: what stands in a list beside it is that one's."""
    named = mentions.authorities(page.text, block.start, block.end) if block.kind in ("line", "heading") else []
    return len(named) == 1 and (named[0].start, named[0].end) == (block.start, block.end)


def only_ministry(page: Page, block: Block) -> bool:
    """Tell whether a block is the name of a ministry and nothing else, perhaps with a colon."""
    named = mentions.ministries(page.text, block.start, block.end) if block.end - block.start < LONGEST_NAME else []
    return (
        bool(named)
        and not page.text[block.start : named[0].start].strip()
        and not page.text[named[-1].end : block.end].strip(" :")
    )


def parts_list(page: Page, block: Block) -> bool:
    """Tell whether a block only names the objective or priority of the items below it."""
    if (
        block.kind == "item"
        or block.end - block.start > LONGEST_NAME
        or phrases.says("theme.announced", page.words(block))
    ):
        return False
    names = any(
        phrases.find(f"noun.{one}", page.text, block.start, block.start + 20) for one in ("objective", "priority")
    )
    return block.label == "code.objective" or names


# the announcement


def _speaks_of_themes(page: Page, number: int) -> bool:
    """Tell whether a block can head a list of themes: it ends in words for themes that nothing else takes for its own."""
    block = page.blocks[number]
    words = page.words(last_sentence(page, block))
    nouns = phrases.find("noun.theme", words) if block.kind != "row" else []
    own = is_national(words) or phrases.says("theme.measures", words)
    if not nouns or phrases.says("theme.parts", words) or (phrases.says("noun.call", words) and not own):
        return False
    behind = words[nouns[-1].end :]
    return not any(phrases.says(cue, behind) for cue in _OF_OTHERS) and not _AIMS_OF.search(words)


_OF_OTHERS = ("noun.project", "noun.call", "noun.coordination", "theme.groups", "noun.aim", "event")
_AIMS_OF = re.compile(rf"(?<!\w)(?:{phrases.source('noun.aim')})\s+of\s", re.IGNORECASE)


def last_sentence(page: Page, block: Block) -> Bounds:
    """Where the last sentence of a paragraph stands; any other block is one."""
    spans = list(page.sentences(block)) if block.kind == "line" else []
    return spans[-1] if spans else (block.start, block.end)


def is_national(words: str) -> bool:
    """Tell whether words speak of national themes."""
    return phrases.says("theme.national", words) and phrases.says("noun.theme", words)


def announces(page: Page, number: int) -> bool:
    """Tell whether a block announces national themes so surely that names below it are themes though nothing is said of them."""
    block = page.blocks[number]
    words = page.words(last_sentence(page, block))
    if not words.endswith(":"):
        noun = phrases.find("noun.theme", words)[-1]
        above_items = number + 1 < len(page.blocks) and page.blocks[number + 1].kind == "item"
        verb = r"\s(?:" + phrases.source("theme.lists") + r")$" if above_items else "$^"
        rest = re.sub(verb, "", _YEARS.sub("", words[noun.end :])).strip(" .()")
        return (
            is_national(words) and not rest and (block.kind == "heading" or number == page.title_block or above_items)
        )
    if is_national(words) or phrases.says("theme.measures", words):
        return True
    if not phrases.says("theme.plural", words):
        return False
    heading = page.heading(number)
    above = f"{page.title or ''}\n{page.words(heading) if heading else ''}"
    return phrases.says("theme.body", words) or is_national(above)


_YEARS = re.compile(r"(?:19|20)\d\d\s?(?:[–-]\s?(?:19|20)\d\d)?")


# the name


def _name(page: Page, block: Block, *, told: bool, sure: bool, steered: bool) -> Mention | None:
    """The name of an entry; one without its ministries is a theme only below ``sure`` words and where no other entry has any."""
    low, high = name_in(page, block.start, block.end)
    name = " ".join(page.text[low:high].split())
    name = mentions.capitalised(name) if sure and block.kind == "item" else name
    known = Registry.load().theme(name) is not None
    ministries = told and page.text[high : high + 3].strip(' "”')[:1] == "("
    if not known and (_is_other(name) or not (sure or ministries) or (steered and not told)):
        return None
    if not (known or told) and (is_general(name) or _ODD.search(name) or not 2 <= len(name.split()) <= MOST_WORDS):
        return None
    return Mention(name, low, high) if ministries or mentions.is_theme_name(name) else None


def _is_other(name: str) -> bool:
    """Tell whether what stands for a name is a label, or speaks of themes, projects or calls."""
    theme = any(cue.start == 0 for cue in phrases.find("noun.theme", name))
    return (
        theme
        or phrases.label(name) is not None
        or any(phrases.says(f"noun.{cue}", name) for cue in ("project", "call"))
    )


_ODD = re.compile(r"[.!?]\s|[!?]$|\d|@")


def name_in(page: Page, start: int, end: int) -> Bounds:
    """Where the name stands in an entry: behind ministries at its head, before those and whatever else is said behind it."""
    text = page.text
    named = sorted(
        [*mentions.ministries(text, start, end), *mentions.authorities(text, start, end)], key=lambda one: one.start
    )
    low = start
    for one in named:  # ``TEM: …``, ``OKM ja STM – …``
        if text[low : one.start].strip(" ,/\n") and not phrases.means("cue.joint", text[low : one.start].strip()):
            break
        if lead := _LEAD_MARK.match(text, one.end, end):
            return trimmed(text, lead.end(), end, _AROUND, _AROUND + ".")
        low = one.end
    high = min([end, *(one.start for one in named if one.start > start)])
    sentence = _SENTENCE.search(text, start, high)
    high = sentence.start() if sentence else high
    marks = [*_MARK.finditer(text, start, high), None]
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        if mark and _says_more(page, mark, following.start() if following else end, end):
            high = mark.start()
            break
    return trimmed(text, start, high, _AROUND, _AROUND + ".")


def _says_more(page: Page, mark: re.Match[str], until: int, end: int) -> bool:
    """Tell whether what stands behind a mark, up to the next, is said of a theme rather than part of its name."""
    text, low = page.text, mark.end()
    until = max(until, low)
    named = [
        *mentions.ministries(text, low, until),
        *mentions.funds(text, low, until),
        *mentions.objectives(text, low, until),
    ]
    if named or mentions.authorities(text, low, until) or next(iter(sums(text, low, until)), None):
        return True
    if any(cue.start - low < 4 for cue in phrases.find("cue.relative", text, low, until)):
        return True
    if ":" in mark.group() and phrases.says("noun.theme", text, low, end):
        return True
    rest = mentions.ministries(text, low, end) or mentions.authorities(text, low, end)
    says = any(phrases.says(cue, text, low, until) for cue in ("theme.steers", "theme.lead", "theme.body"))
    return bool(rest) and says


def is_general(words: str) -> bool:
    """Tell whether a heading speaks of something else: a label, a general word, a call, a date, a decision."""
    bare = phrases.fold(words)
    return (
        phrases.label(words) is not None
        or phrases.means("heading.general", bare)
        or any(
            phrases.says(cue, words)
            for cue in ("noun.theme", "noun.call", "noun.project", "call.opens", "event", "noun.coordination")
        )
        or bool(dates(words))
        or bool(mentions.authorities(words) or mentions.ministries(words))
    )
