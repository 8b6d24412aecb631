"""Where a page names a national theme: in titles, lists, fields, headings and running text."""

import re
from collections.abc import Iterator, Mapping
from itertools import takewhile

from loaders import mentions, phrases
from loaders.blocks import NUMBERED, Block, Bounds
from loaders.mentions import Mention
from loaders.names import Registry, slug
from loaders.names.bodies import Body
from loaders.names.registry import fold_theme
from loaders.names.tongues import tongues
from loaders.reading.page import Page
from loaders.reading.project_names import is_headline
from loaders.reading.sums import sums
from loaders.reading.theme_lists import LONGEST_NAME, MOST_WORDS, Entry, is_general
from loaders.records import MinistryRole, Stated
from loaders.text import trimmed

OWN = frozenset(
    {
        "theme.ministries",
        "theme.body",
        "money.framework",
        "theme.page",
        "contact.funder",
        "contact.coordination",
        "contact.ministry",
    }
)
"""Labels that only a theme has."""
OF_PROJECT = ("body.lead", "body.applicant", "project.name", "body.implementers", "project.code", "body.partner")
_TAIL = re.compile(r"(?:(?<!\s)\s+)?[-–—,(|:]\s*(?P<tail>[^\s–—,(|:-][^-–—,(|:]*?)\)?$")
BRACKET = re.compile(r"(?:(?<!\s)\s+)?\((?P<words>[^()]*)\)\s*$")


def centre_of(page: Page, start: int, end: int) -> Stated[str] | None:
    """Give the ELY Centre that a cell of a column of centres names by its region alone: ``Häme``."""
    known = Registry.load().organisations.get(f"ely-{slug(page.words((start, end)))}")
    return page.stated(known.labels["fi"], start, end) if known else None


def key_of(name: str) -> str:
    """Give the registry's key of a theme's name, else its folded words."""
    return Registry.load().theme(name) or fold_theme(name)


def named(page: Page, number: int, block: Block, listed: Mapping[int, Entry]) -> Iterator[Mention]:
    """Give the themes that a block names; ``listed`` are the entries of the page's lists of themes."""
    said = titled(page, number, block)
    if said:
        yield said
    if (
        number in page.menu
        or page.related(number)
        or (block.kind == "row" and (block.label == "header" or "theme.name" in block.columns))
    ):
        return
    if block.kind == "field" and block.label == "theme.name":
        first = names_of(page, block)[:1]
        if first and (name := whole_name(page, *first[0][1:])):
            yield name
            return
    found = page.themes_in(block.start, block.end)
    if said is None:
        yield from found
    if found or said:
        return
    if number in listed:
        yield listed[number].name
    elif (block.kind == "heading" or number == page.title_block) and (heading := _as_heading(page, number, block)):
        yield heading


def names_of(page: Page, block: Block) -> list[tuple[str, int, int]]:
    """Give the names of a theme's field, each with its language: one below the other, perhaps over several lines each."""
    if len(block.values) < 2 or page.language != "fi":
        return [(page.language, *span) for span in block.values[:1]]
    return tongues(page.text, *page.outline.value(block))


def whole_name(page: Page, low: int, high: int) -> Mention | None:
    """A span that is a theme's name as a whole, without the bracket or mark around it."""
    words = page.text[low:high]
    bracket = BRACKET.search(words)
    if bracket and (mentions.funds(bracket["words"]) or mentions.ministries(bracket["words"])):
        high = low + bracket.start()
    number = NUMBERED.match(page.text, low, high)
    low = number.end() - 1 if number else low
    low, high = _without_noun(page.text, *trimmed(page.text, low, high, ' "”“–-', ' "”“–-,:'))
    name = " ".join(page.text[low:high].split())
    return (
        Mention(name, low, high) if low < high and len(name) < LONGEST_NAME and mentions.is_theme_name(name) else None
    )


def _without_noun(text: str, low: int, high: int) -> Bounds:
    """A title without the word for theme before or behind the name: ``Island Lights theme``, ``Temat Öarnas ljus``."""
    plural = {cue.start for cue in phrases.find("theme.plural", text, low, high)}
    for cue in (one for one in phrases.find("noun.theme", text, low, high) if one.start not in plural):
        if cue.end == high and text[cue.start - 1 : cue.start] in (" ", "-"):
            return trimmed(text, low, cue.start, ' "”“–-', ' "”“–-,:')
        if cue.start == low and re.match(r":?\s[\"”“A-ZÅÄÖ]", text[cue.end : high]):
            return trimmed(text, cue.end, high, ' "”“–-:', ' "”“–-,:')
    return low, high


def heads_fields(page: Page, number: int) -> bool:
    """Tell whether a line is the name above a theme's own fields: the first below it says its ministries or body."""
    block = page.blocks[number]
    below = page.blocks[number + 1] if number + 1 < len(page.blocks) else None
    if below is None or block.kind not in ("heading", "line", "item") or number == page.title_block:
        return False
    own = below.kind == "field" and bool(below.values) and below.label in _FIRST_FIELDS
    words = page.words(block)
    return own and not words.endswith((".", ":")) and not phrases.label(words) and not phrases.says("noun.theme", words)


_FIRST_FIELDS = ("theme.ministries", "theme.body")


def titled(page: Page, number: int, block: Block) -> Mention | None:
    """A name with ``valtakunnallinen teema`` behind it, after a dash or comma, or on the line below it."""
    if block.end - block.start > LONGEST_NAME + 40:
        return None
    if heads_fields(page, number):
        return whole_name(page, block.start, block.end)
    if block.kind not in ("heading", "line"):
        return None
    words = page.words(block)
    tail = _TAIL.search(words)
    if tail and mentions.subtitle(tail["tail"]):
        return whole_name(page, block.start, block.start + tail.start())
    below = page.blocks[number + 1] if number + 1 < len(page.blocks) else None
    if (
        below is not None
        and below.kind in ("heading", "line")
        and mentions.subtitle(page.words(below))
        and not mentions.subtitle(words)
    ):
        return whole_name(page, block.start, block.end)
    return None


def _as_heading(page: Page, number: int, block: Block) -> Mention | None:
    """A heading whose section says of itself that it is a theme's: it has a theme's fields, or speaks of ``the theme``."""
    words = page.words(block)
    name = whole_name(page, block.start, block.end)
    if name is None or is_general(name.value) or mentions.subtitle(words):
        return None
    _, high = page.section(number)
    below = takewhile(lambda b: not mentions.subtitle(page.words(b)), page.blocks[number + 1 : number + 9])
    following = [b for b in below if b.start < high]  # what stands over the subtitle of a form names no theme
    labels = {b.label for b in following if b.kind == "field"}
    if any(label in OF_PROJECT for label in labels):
        return None
    if labels & OWN:
        return name
    opening = [span for b in following if b.kind == "line" for span in page.sentences(b)][:3]
    title = page.title or ""
    others = any(page.themes_in(*span) for span in opening) or bool(mentions.themes(title)) or is_headline(title)
    said = page.outline.of_themes and not others
    own = phrases.says("noun.theme", words) and not phrases.says("theme.plural", words)
    said = said and (own or any(speaks(page, span) for span in opening))
    return name if said and 2 <= len(words.split()) <= MOST_WORDS else None


def speaks(page: Page, span: Bounds) -> bool:
    """Tell whether a sentence says of ``the theme`` what only a theme has.

    Ministries, an intermediate body or a framework; where the sentence begins with the word, also a sum, fund or objective.
    """
    text = page.text
    named = phrases.find("noun.theme", text, *span)
    if of_several(text, *span) or of_other(page, *span):
        return False
    if not named:
        return goes_on(page, span[0]) and _says_own(page, span)
    if _says_own(page, span):
        return True
    begins = not text[span[0] : named[0].start].strip()
    return begins and bool(
        mentions.funds(text, *span)
        or mentions.objectives(text, *span)
        or mentions.authorities(text, *span)
        or next(iter(sums(text, *span)), None)
    )


def of_other(page: Page, start: int, end: int) -> bool:
    """Tell whether a sentence speaks of a theme whose name, in small letters, cannot be read: ``vastaa X -teemasta``."""
    nouns = phrases.find("noun.theme", page.text, start, end)
    return any(cue.words[0] in "-–" and cue.start > start for cue in nouns) and not page.themes_in(start, end)


def of_several(text: str, start: int, end: int) -> bool:
    """Tell whether a sentence speaks of themes, and of none alone: ``seuraavien teemojen``, ``kolmella kokonaisuudella``."""
    several = {one.start for one in phrases.find("theme.plural", text, start, end)}
    counted = [one.end for one in phrases.find("theme.counted", text, start, end)]
    return bool(several or counted) and all(
        one.start in several or any(0 < one.start - low < _COUNTED for low in counted)
        for one in phrases.find("noun.theme", text, start, end)
    )


_COUNTED = 30
"""So far at most before the word for themes stands their number: ``kaksi ESR:n valtakunnallista …``."""


def _says_own(page: Page, span: Bounds) -> bool:
    """Tell whether a sentence names ministries, an intermediate body or a framework."""
    named = bool(mentions.ministries(page.text, *span))
    return named or any(phrases.says(cue, page.text, *span) for cue in ("theme.body", "money.framework"))


def begins_with_it(page: Page, start: int) -> bool:
    """Tell whether a sentence begins with a word for the theme that the one before it spoke of (``Sen rahoittaa …``)."""
    if start and phrases.says("noun.coordination", page.text, *page.sentence_at(start - 1)):
        return False
    low = start + len(page.text[start : start + 3]) - len(page.text[start : start + 3].lstrip())
    return any(cue.start == low for cue in phrases.find("project.it", page.text, low, low + 12))


def goes_on(page: Page, start: int) -> bool:
    """Tell whether a sentence begins with ``it``, and the one before it with the theme (``It is steered by …``)."""
    if start == 0 or not begins_with_it(page, start):
        return False
    low, high = page.sentence_at(start - 1)
    found = phrases.find("noun.theme", page.text, low, high)
    return any(cue.start - max(low, page.text.rfind("\n", low, cue.start)) < 12 for cue in found)


_NEAR = 40
"""So many characters at most lie between words of leading and the ministry they mean."""


def ministries(page: Page, low: int, high: int) -> list[Stated[MinistryRole]]:
    """Read the ministries that a span names, each once; the lead is the one that words of leading mean."""
    named = mentions.ministries(page.text, low, high)
    leads = {_led(page, cue.start, cue.end, named) for cue in phrases.find("theme.lead", page.text, low, high)}
    once: dict[str, Body] = {}
    for one in named:
        once.setdefault(one.name, one)
    return [Stated(MinistryRole(one.name, one.name in leads), page.origin(one.start, one.end)) for one in once.values()]


def _led(page: Page, start: int, end: int, named: list[Body]) -> str | None:
    """The ministry that words of leading mean: the one whose bracket they stand in, else the next, else the one before."""
    before = [one for one in named if one.end <= start and start - one.end < _NEAR]
    after = [one for one in named if one.start >= end and one.start - end < _NEAR]
    bracket = before and page.text[before[-1].end : start].strip() == "("
    chosen = before[-1:] if bracket or not after else after[:1]
    return chosen[0].name if chosen else None


def unnamed(page: Page) -> Mention | None:
    """The theme of slides that only say to be of a national theme: one of the registry, else what the file is called.

    The theme's name is taken from the words of the text that the known name, or the name the file goes by, repeats.
    """
    if page.blocks and page.only_theme is None:
        head = page.text[: page.blocks[min(2, len(page.blocks) - 1)].end]
        return next((one for one in mentions.themes(head) if mentions.subtitle(head[: one.start])), None)
    if page.only_theme is None:
        return None
    called = slug(f"{page.outline.document.title or ''} {page.outline.document.id}")
    best: list[tuple[int, str, Bounds]] = []
    for entry in Registry.load().themes.values():
        for name in (entry.labels.get("fi"), *entry.others):
            pattern = _leading_words(name) if name else None
            found = list(pattern.finditer(page.text)) if pattern else []
            if name and pattern and found:
                whole = re.search(r"\s+".join(map(re.escape, name.split())), page.text, re.IGNORECASE)
                shared = "-".join(slug(name).split("-")[:2]) in called or pattern.search(called.replace("-", " "))
                best.append((len(found) + 6 * bool(whole or shared), entry.labels.get("fi", name), found[0].span()))
    best.sort(reverse=True)
    others = [one for one in best if one[1] != best[0][1]]
    if best and best[0][0] > 1 and (not others or others[0][0] < best[0][0]):
        return Mention(best[0][1], *best[0][2])
    # what the file is called, without the words for its kind and its year
    document = page.outline.document
    words = re.split(r"[\s_-]+", document.title or document.id)
    while words and (words[-1].isdigit() or phrases.means("document.kind", words[-1])):
        words.pop()
    return Mention(" ".join(words).capitalize() or document.id, 0, page.only_theme)


def _leading_words(name: str) -> re.Pattern[str] | None:
    """The first two telling words of a name, in any case form."""
    words = name.split()
    telling = [index for index, word in enumerate(words) if len(word) > 3][:2]
    if len(telling) < 2:
        return None
    stems = [re.escape(word[: max(4, len(word) - 3)]) + r"\w*" for word in words[: telling[1] + 1]]
    return re.compile(r"\b" + r",?\s+".join(stems), re.IGNORECASE)
