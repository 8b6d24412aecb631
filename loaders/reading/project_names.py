"""The names of projects in running text: in quotes, before ``-hanke`` or a code in brackets, in the sentences of phrases."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from loaders import mentions, phrases
from loaders.blocks import Block, Bounds
from loaders.mentions import Mention
from loaders.names import Registry
from loaders.reading import bodies
from loaders.reading.page import TITLE_END, Page
from loaders.reading.project_drafts import Draft
from loaders.reading.sums import holds_sum, sums
from loaders.values.dates import dates, periods

NOUNS = f"(?:{phrases.source('noun.suffixed')})"
_LISTED = f"(?:{phrases.source('noun.listed')})"
_QUOTED = re.compile(
    rf"[\"”“»](?P<name>[A-ZÀ-ÞŠŽČĐ0-9][^\"”“»\n]{{2,120}})[\"”“»]\s*(?:-\s*)?(?={NOUNS})",
    re.IGNORECASE,
)
_SINGLE = re.compile(rf"(?<!\w)[’‘]\s?(?P<name>[A-ZÅÄÖ0-9][^’‘\n]{{2,120}})’\s*-?\s?(?={NOUNS})")
"""``’Polku työhön’-hanke``."""
NOUN = rf"{NOUNS}(?<!kkeet)(?<!tit)(?<!tien)"
"""The noun behind a name, in the singular."""
_SUFFIXED = re.compile(
    rf"(?P<name>(?:(?<!\w)\d)?[A-ZÀ-ÞŠŽČĐ](?:[^.!?:;()\"”“\n]|(?<=\d)\.(?=\d\s)|(?<=\s[A-ZÅÄÖ]{{5}}):(?=\s)){{1,110}}?)(?:\s-|-\s){NOUN}(?!\w)"
)
_SHORTENED = re.compile(
    rf"(?P<name>[A-ZÀ-ÞŠŽČĐ][^.!?:;()\"”“\n]{{4,110}}?\s\((?P<short>[A-ZÅÄÖ][\w-]*[A-ZÅÄÖ\d])\))(?:\s?-|-\s){NOUN}(?!\w)"
)
"""``Suomen uudet polut (SUPO) -hanke``."""
_GLUED = re.compile(
    rf"(?<![\w-])(?P<name>(?:[a-zåäö]{{1,4}}(?=[A-ZÅÄÖ]))?[A-ZÀ-ÞŠŽČĐ][\w+]{{1,30}}(?:-[\w+]{{2,30}})??)-{NOUN}(?!\w)"
)
_PHRASE = re.compile(rf"(?<![\w-])(?P<name>[A-ZÀ-ÞŠŽČĐ][\w-]*(?:\s[a-zåäö]\w*){{1,6}})-{NOUN}(?!\w)")
"""``Mat från kusten-projektet``: a name of several words, if the text also has it without the noun."""
_CODED = re.compile(
    r"(?P<name>[A-ZÀ-ÞŠŽČĐ][^.!?:;()\"”“\n]{2,110}?)\s+\((?:hanke(?:koodi|numero)?:?\s*)?(?P<code>[A-Z]\d{5})[),;]"
)
_NAMED = re.compile(rf"(?<!\w){NOUNS}\s+[\"”“»](?P<name>[A-ZÀ-ÞŠŽČĐ0-9][^\"”“»\n]{{2,120}})[\"”“»]")
_PAIR = re.compile(rf"(?<=[a-zåäö]\s)[A-ZÀ-ÞŠŽČĐ][\w-]*\s+(?:{phrases.AND}|&)\s+(?:[a-zåäö][\w-]*\s+){{0,3}}$")
"""Two words joined by a conjunction begin a name in the middle of a sentence: ``yhteinen Luova ja osallistava Suomi``."""
NOUN_BEHIND = re.compile(rf"\s*-\s?(?![A-ZÅÄÖ][a-zåäö]{{8}}){NOUN}$")
"""The noun behind a name: ``Polku -hanke``, ``SILTA-project``; a compound in a capital belongs to the name."""
BESIDE = re.compile(rf"[\"”“»]?\s*-?{NOUN}\s+{phrases.whole_words('cues', 'role.besides')}")
"""What stands behind the name of a project that another one works with."""
DOES = re.compile(rf"\s*(?:\S+-|the\s+)?{_LISTED}\s+", re.IGNORECASE)
"""The words before a verb of which the project itself is the subject: ``Hanke koordinoi verkostoa``."""
_FUNDED = re.compile(r"[\"”“»]?\s?-?[a-zåäö]+\s?\((?P<fund>[^()\n]{3,40})\)")
_COORDINATION = re.compile(r"(?P<name>[A-ZÀ-ÞŠŽČĐ][^.!?:;()\"”“\n]{2,80}?\s?-koordinaatio)(?=n?\b)")

_GOES_ON = re.compile(
    rf"{phrases.whole_words('cues', 'money.given')}|{phrases.whole_words('cues', 'role.with', 'sv')}",
    re.IGNORECASE,
)
"""What a sentence says behind a name: ``hankkeelle Polku myönnettiin 9 000 euroa``, ``leder Stigen tillsammans med …``."""

ROLES: tuple[tuple[str, bodies.Role | None], ...] = (
    ("role.lead", "lead"),
    ("role.partner", "partner"),
    ("role.applicant", None),
    ("role.with", None),
    ("role.member", None),
    ("role.receives", None),
)


def folded(words: str) -> str:
    """Fold a name for comparison: its letters and digits in small letters."""
    return re.sub(r"[^\w]+", "", words.casefold())


_QUOTES = ('"', "”", "“", "»")
_CLOSES = re.compile(r"[^\"”“»\n]{1,100}(?=[\"”“»])")
"""What goes on a name in quotes up to where they close."""


def names_in(text: str, start: int, end: int) -> Iterator[Bounds]:
    """Find the names of projects in a sentence, some of them twice."""
    forms = (_QUOTED, _SINGLE, _NAMED, _CODED, _SHORTENED, _SUFFIXED, _COORDINATION, _GLUED)
    others = (match for pattern in forms for match in pattern.finditer(text, start, end))
    whole = (one for one in _PHRASE.finditer(text, start, end) if _stands_alone(text, one["name"]))
    for match in chain(phrases.sentences("project.named", text, start, end), others, whole):
        low, high = match.span("name")
        if match.re in (_SUFFIXED, _SHORTENED, _CODED, _COORDINATION):
            low = _first_of_name(text, low, match.start("short") if match.re is _SHORTENED else high)
        else:
            low = (behind_owner(text, low, high) or (low, low))[1]
        noun = NOUN_BEHIND.search(text, low, high)
        high = noun.start() if noun else high
        goes_on = _GOES_ON.search(text, low, high)
        high = low + len(text[low : goes_on.start()].rstrip()) if goes_on else high
        closes = _CLOSES.match(text, high) if text[low - 1 : low] in _QUOTES else None
        high = closes.end() if closes else high  # ``hankkeelle ”Polku: Etelä-Suomi” 9 000 euroa``
        if _may_be_name(text[low:high]):
            yield low, high


def _stands_alone(text: str, name: str) -> bool:
    """Tell whether a text also has a name without a noun glued to it."""
    at = text.find(name)
    while at >= 0 and text[at + len(name) : at + len(name) + 1] == "-":
        at = text.find(name, at + 1)
    return at >= 0


def behind_owner(text: str, low: int, high: int) -> tuple[int, int] | None:
    """Where the owner in the genitive before a name ends, and where the name begins: ``Oulun kaupungin (hanke) Puun aika``."""
    gaps = [gap for gap in re.finditer(r"(?<!\s)\s+", text[low:high]) if bodies.is_owner(text[low : low + gap.start()])]
    at = behind_noun(text, low + gaps[-1].end(), high) if gaps else high
    return (low + gaps[-1].start(), at) if at < high and (text[at].isupper() or text[at].isdigit()) else None


def behind_noun(text: str, low: int, high: int) -> int:
    """Where a name begins behind the word for project near its start: ``Hanke Polku``, ``Yhteinen koordinaatiohanke Polku``."""
    for noun in phrases.find("noun.listed", text, low, min(high, low + _NOUN)):
        before, begins = text[low : noun.start].split(), _BEGINS.match(text, noun.end, high)
        if begins and (not before or (len(before) == 1 and before[0].endswith(_ADJECTIVE))):
            low = begins.end()
    return low


_NOUN = 40
_ADJECTIVE = ("nen", *"aäeioöuydglrst")
"""How an adjective ends, and no genitive."""
_BEGINS = re.compile(r":?\s+(?=[A-ZÅÄÖ\"”])")


def _first_of_name(text: str, low: int, high: int) -> int:
    """Where a name begins in the words before its noun: at the last capital that no dash joins to an earlier one."""
    owner = behind_owner(text, low, high)
    if owner and text[owner[0] - 1] == "n" and not any(c.isdigit() for c in text[low : owner[0]]):
        return owner[1]  # ``Oulun yliopiston Ikä innovaatioiksi – IKI -hanke``
    capitals = [low + m.start() for m in re.finditer(r"(?<![\w-])[A-ZÀ-ÞŠŽČĐ0-9]", text[low:high])]
    doers = (
        cue.end + 1
        for cue in [*phrases.find("role.led_by", text, low, high), *phrases.find("owner.joint", text, low, high)]
    )
    if behind := [at for at in doers if at in capitals]:  # ``A:n toteuttama Uudet urat Lapissa -hanke``
        return behind[-1]
    if short := _SHORT_BEFORE.search(text, low, high):
        return short.start()
    best = capitals[-1] if capitals else low
    if len(capitals) > 1 and _PLACE.fullmatch(text, best, high):  # ``Uudet polut Lapissa -hanke``
        best = capitals[-2]
    while True:
        joined = re.search(
            r"(?:[A-ZÀ-ÞŠŽČĐ]\w{0,40}\s)?[A-ZÀ-ÞŠŽČĐ][\w+]{0,40}\s+[–—-]\s+$|[A-ZÀ-ÞŠŽČĐ][\w+-]{0,40}\s+$",
            text[low:best],
        )
        if joined and any(phrases.says(name, joined.group()) for name, _ in ROLES):
            return best
        if joined is None or (
            joined.group().rstrip()[-1] not in "–—-" and not _same_name(text[low + joined.start() : best])
        ):
            pair = _PAIR.search(text, low, best)
            return pair.start() if pair and _same_name(pair.group().split()[0]) else best
        best = low + joined.start()


_PLACE = re.compile(r"\w+ss[aä]")
_SHORT_BEFORE = re.compile(r"(?<![\w-])(?:[A-ZÅÄÖ\d]{3,}|[A-ZÅÄÖ]+[a-zåäö]*[A-ZÅÄÖ]\w*)\s+[–—-]\s+(?=[A-ZÅÄÖ])")
"""``VALAS – Vähähiilinen laivanrakennus Satakunnassa -hanke``: an acronym and a dash begin a name."""


def _same_name(words: str) -> bool:
    """Two capitalised words in a row belong together, unless the first is a genitive or begins the sentence as a noun."""
    return not words.rstrip().endswith(("n", "lla", "ssa", "lle", "ltä", "lta", "ssä", "llä"))


def _may_be_name(words: str) -> bool:
    """Tell whether words can be a project's name: letters enough, no fund, and not only a word for a project or theme."""
    bare = words.strip()
    elsewhere = any(one.start == 0 for one in mentions.places(bare)) and bodies.WHERE.search(bare.split()[0])
    fund = any(one.end == len(bare) and bare[: one.start].count(" ") < 2 for one in mentions.funds(bare))
    # ``hankkeelle Lapissa``, ``… aluekehitysrahaston tukea``
    other = elsewhere or fund or holds_sum(bare, 0, len(bare))
    return (
        sum(c.isalpha() for c in bare) > 2
        and not bodies.is_certain(bare)
        and not phrases.says("noun.theme", bare)
        and not phrases.says("noun.project", bare)
        and not other
        and not re.match(r"EU\S*$", bare)
        and not phrases.means("name.no_project", bare)
        and not phrases.pattern("cues", "name.programme").match(bare)
        and bare.count(" ") < 14
    )


def fund_behind(page: Page, end: int) -> Mention | None:
    """Find the fund in brackets behind a project's name and its noun: ``Polku-hanke (ESR)``."""
    bracket = _FUNDED.match(page.text, end)
    return next(iter(page.funds_in(*bracket.span("fund"))), None) if bracket else None


def in_title(page: Page, key: str) -> Bounds | None:
    """The page's title, where it is a project's name, begins with it and a dash, or ends with it or its acronym in brackets."""
    if page.title_block is None:
        return None
    block = page.blocks[page.title_block]
    parts = re.fullmatch(
        r"(?P<first>.+?)(?:\s+[–—-]|:)\s+(?P<rest>.*)|.*\((?P<last>[^()]+)\)", page.words(block), re.DOTALL
    )
    name = TITLE_END.sub("", page.words(block))
    if key in (folded(name), folded((parts["last"] if parts else None) or "") + folded(name)):
        return block.start, block.end
    if parts is None or folded(parts["first"] or parts["last"]) != key:
        return None
    rest = parts["rest"] or ""
    noun = any(phrases.says(f"noun.{one}", rest) for one in ("project", "coordination")) or is_headline(f" {rest}")
    return (block.start, block.start + len(parts["first"])) if noun else (block.start, block.end)


def whole_title(page: Page, name: Bounds) -> Bounds:
    """A name that ends the page's title as it stands in the text: then all of the title is the name."""
    title = TITLE_END.sub("", page.title or "")
    low = max(0, name[1] - len(title))
    return (low, name[1]) if low < name[0] and page.text[low : name[1]] == title else name


def is_headline(title: str) -> bool:
    """Tell whether a title is a piece of news rather than a name: a verb of news stands behind its first word, or a sum in it."""
    return phrases.says("headline.verb", title.partition(" ")[2]) or holds_sum(title, 0, len(title))


def in_name(page: Page, draft: Draft, period: mentions.Time) -> bool:
    """Tell whether years are part of a name: the project's own, or a strategy's (``maakuntaohjelmaa 2022–2025``)."""
    before = page.text[max(0, period.start - 20) : period.start].split()
    titled = bool(before) and before[-1][0].isupper() and not phrases.says("time.years", before[-1])
    titled &= not (before and phrases.label(before[-1]))  # ``Toteutus 2031–2033``
    titled |= bool(before) and phrases.means("time.of_plan", before[-1])
    own = draft.name is not None and draft.name[0] <= period.start < draft.name[1]
    return own or (titled and len(period.opens or "") == 4)


_HEADING = 120
FEW_WORDS = 4
"""A title with fewer blanks only says of what the page is: ``Research projects``."""


def heads_prose(page: Page, number: int, start: int) -> list[Bounds]:
    """The name that heads a paragraph about a project: ``Polku (ESR+)`` above ``Hanke …``, ``Polku`` above ``Polku auttaa``."""
    block = page.blocks[number]
    below = page.blocks[number + 1] if number + 1 < len(page.blocks) else None
    apart = block.kind == "heading" or block.gap or page.outline.document.form not in ("text", "pdf")
    if not apart or below is None or start != block.start or below.kind != "line" or block.end - block.start > _HEADING:
        return []
    noun = NOUN_BEHIND.search(page.words(block))
    end = block.start + noun.start() if noun else block.end
    bracket = re.search(r"\s*\([^()]*\)$", page.text[block.start : end])
    name = (block.start, block.start + bracket.start()) if bracket else (block.start, end)
    if bracket and mentions.funds(bracket.group()) and (goes_on(page, below) or in_list(page, number)):
        return [name]
    if _goes_on_here(page, block, below) and in_list(page, number):
        return [(block.start, end)]
    if below.gap or not _begins_with(page, below, name) or not _names_project(page, page.words(name), below):
        return []
    return [(block.start, block.end) if bracket and periods(bracket.group()) else name]


def in_list(page: Page, number: int) -> bool:
    """Tell whether a heading, or a line above a paragraph, stands below a heading that announces projects."""
    own, sections = page.blocks[number], page.outline.sections
    at = sections[number - 1] if number else None
    while at is not None and own.kind == "heading" and page.blocks[at].level >= own.level:
        at = sections[at - 1] if at else None
    if at is None and number and own.kind == "heading":  # a text prints no levels: its first heading is the page's
        first = (n for n, one in enumerate(page.blocks[:number]) if one.kind == "heading" and n not in page.menu)
        at = next((n for n in first if page.words(page.blocks[n]).count(" ") < FEW_WORDS), None)
    return at is not None and phrases.says("heading.projects", page.words(page.blocks[at]))


def lists_several(page: Page) -> bool:
    """Tell whether several names stand above paragraphs of their own in a list of projects, also such as are not understood."""
    pairs = zip(page.blocks, page.blocks[1:], strict=False)
    heads = (
        n
        for n, (one, below) in enumerate(pairs)
        if one.gap
        and not below.gap
        and below.kind == one.kind == "line"
        and one.end - one.start < _SHORT < below.end - below.start
        and page.text[one.end - 1] not in ".:!?"
        and n not in page.menu
        and in_list(page, n)
    )
    return sum(1 for _ in heads) > 1


_SHORT = 60


def _goes_on_here(page: Page, head: Block, below: Block) -> bool:
    """Tell whether a paragraph speaks of a project in its first sentence, below a name and no label."""
    name = page.words(head)
    if name.endswith(("?", "!", ".")) or phrases.means("heading.general", name):
        return False
    first = next(page.sentences(below))
    return phrases.says("trace.project", page.text, *first) and _names_project(page, name, below)


def _begins_with(page: Page, block: Block, name: Bounds) -> bool:
    """Tell whether a paragraph begins with a name, as it stands or before the word for project (``Polku-hanke``)."""
    words = page.words(name)
    words = words.partition(" (")[0] if words.endswith(")") else words
    return re.match(rf"{re.escape(words)}(?:\s?-|\s)", page.words(block)) is not None


def _names_project(page: Page, name: str, below: Block) -> bool:
    """Tell whether a heading can be a project's name: no organisation, theme or label, above words about a project."""
    first = next(iter(page.sentences(below)))
    theme = Registry.load().theme(name) or phrases.says("noun.theme", page.text, *first)
    return (
        not (theme or bodies.is_organisation(name) or phrases.label(name) or dates(name))
        and _may_be_name(name)
        and phrases.says("trace.project", page.words(below).replace("-", " "))
    )


def is_heading(page: Page, draft: Draft) -> bool:
    """``Kohtaamo-hanke (ESR)``, ``Polku (2019–2021)`` as a heading: a project's name, the noun, and its fund or years."""
    block = page.blocks[draft.block]
    if draft.name is None or draft.name[0] != block.start:
        return False
    bracket = re.search(r"\([^()]*\)$", page.words(block))
    if bracket and (block.kind == "heading" or block.gap) and periods(bracket.group()):
        return True
    rest = page.text[draft.name[1] : block.end]
    noun = rest[: -len(bracket.group())] if bracket else rest
    funded = bracket is not None and bool(mentions.funds(bracket.group()))
    return block.kind == "heading" and funded and bool(re.fullmatch(r"\s*-?\w+\s*", noun))


def stands_in_list(page: Page, draft: Draft) -> bool:
    """Tell whether a project's name is a heading on a page, or in a part of one, that lists projects."""
    block = page.blocks[draft.block]
    return (
        draft.name is not None
        and draft.name[0] == block.start
        and block.kind == "heading"
        and in_list(page, draft.block)
    )


def goes_on(page: Page, block: Block, draft: Draft | None = None) -> bool:
    """Tell whether a paragraph goes on the project of the one before: its name, or words for project or role, begin it."""
    if draft is not None and draft.name and not block.gap and _begins_with(page, block, draft.name):
        return True
    limit = min(block.end, block.start + 25)
    cues = [
        *phrases.find("noun.project", page.text, block.start, limit),
        *phrases.find("project.it", page.text, block.start, limit),
        *phrases.find("role.applicant", page.text, block.start, limit),
        *phrases.find("noun.implementer", page.text, block.start, limit),
    ]
    return any(cue.start == block.start for cue in cues) or _FUNDED_NOUN.match(page.text, block.start) is not None


_FUNDED_NOUN = re.compile(rf"[A-Z]{{3,4}}\+?-{NOUN}(?!\w)")
"""``ESR+-hankkeessa``: the first word of what is said of a project."""
_CONJUNCTIONS = phrases.whole_words("cues", "cue.and")
_JOINT = re.compile(rf"[,;]\s|\s{_CONJUNCTIONS}\s")


def window(text: str, name: Bounds, named: list[Bounds], start: int, end: int) -> Bounds:
    """Give what a sentence that names several projects says of one: it is cut at a joint before each next name.

    That is the last one behind a figure; where each name stands behind its sum, the first one behind the name before.
    """
    money = sums(text, start, end) if len(named) > 1 else ()
    ahead = len(money) == len({one[0] for one in named}) and money[0].start < min(named)[0]
    joints = _joints(text, start, end)

    def cut(before: Bounds, after: Bounds) -> Bounds | None:
        first, behind = bisect_left(joints, (before[1],)), bisect_right(joints, (after[0], 0))
        joint = joints[first if ahead else behind - 1] if first < behind else None
        cuts = joint and _DIGIT.search(text, *((joint[1], after[0]) if ahead else (before[1], joint[0])))
        return joint if cuts else None

    above = sorted((one for one in named if one[1] <= name[0]), key=lambda one: one[1], reverse=True)
    below = sorted(one for one in named if one[1] > name[0])
    low = next((joint[1] for one in above if (joint := cut(one, name))), start)
    high = next((joint[0] for one in below if (joint := cut(name, one))), end)
    return low, high


_DIGIT = re.compile(r"\d")


@lru_cache(maxsize=4)
def _joints(text: str, start: int, end: int) -> tuple[Bounds, ...]:
    """What joins the parts of a sentence, found once for all projects that it names."""
    return tuple(match.span() for match in _JOINT.finditer(text, start, end))


_TITLE = 40


def heads_part(page: Page, block: Block, headed: bool) -> bool:
    """Tell whether a part is about the project by its title, which is a label of projects: ``5. Talous``."""
    if block.kind not in ("heading", "item") or block.end - block.start > _TITLE:
        return headed
    return (phrases.label(page.words(block)) or "").startswith(("money.", "project.", "body.imp"))
