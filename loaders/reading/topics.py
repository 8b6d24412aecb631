"""What a theme is about: its sub-themes (listed below a lead-in) and its target groups (named in sentences or listed)."""

import re
from collections.abc import Iterator

from loaders import phrases
from loaders.blocks import Block, Bounds
from loaders.reading.page import Page
from loaders.text import trimmed

_COLON = re.compile(r"[^.:]{0,40}:")
_SECTION = re.compile(r"(?P<name>[A-ZÅÄÖ][^.:]{8,120}?)\s+[–-]?$")
"""The name before ``–osiossa``."""
_HEAD_MARK = re.compile(r"^\s*(?:[*•–-]\s*|\d{1,2}[.)]\s+)(?=\S)")
_INLINE = re.compile(r"(?:(?<=\s)|^)\d{1,2}\)\s+")
_LONGEST_ITEM = 420
_MARK = re.compile(r"(?:[•▪●○◦·–*-]|\d{1,2}[.)])\s+")
_JOINT = re.compile(rf"(?<!\s)(?:\s+{phrases.AND})?[\s,;.]{{0,200}}$")
_END = re.compile(r"[.!?][\"”)]*$")
_LONGEST = 200
"""A name is no longer; of a longer sentence what comes before its relative clause is the name."""
_LEAST = 40
_SHORT = 60
_POINTED = 2
"""A pronoun and so many words say too little of a group (``heidän vanhempansa``)."""
_SUSPENDED = re.compile(r"(?<!-),\s*")
"""A comma that divides a list; one behind a suspended hyphen does not (``sosiaali-, terveys- ja …``)."""
_COMMA = re.compile(r",\s+")
_PLURAL = re.compile(r"(?<=t)\s+$")
_BULLET = re.compile(r"\s*(?<!\S)[•▪●○◦·–—-]\s+")
_BELOW = re.compile(r"(?<=t)\s+(?=[A-ZÅÄÖ][a-zåäö])")
"""Behind the last item of a list: a capital begins the paragraph below it."""
_WHERE = re.compile(r"(?<=t)(?:\s+\w+(?:ss|ll)[aä])+$")
"""Words behind a group that say where it is (``johtajat yksityisellä``)."""


def parts_below(page: Page, number: int) -> list[Bounds]:
    """Give the spans of the sub-themes below a block that announces them: an item's first sentence each, or sentences."""
    found: list[Bounds] = []
    listed: str | None = None
    for below in page.blocks[number + 1 :]:
        if below.kind in ("heading", "field", "row") or (
            below.kind == "line" and listed is not None and below.gap and not page.words(below)[0].islower()
        ):
            break
        if below.kind == "item" or _MARK.match(page.text, below.start, below.end):
            mark = page.text[: below.start].rstrip()[-1:] if below.kind == "item" else ""
            if listed not in (None, mark):
                break
            listed = mark
            found.append(first_sentence(page, below.start, below.end))
        elif listed is None:
            if found and not _END.search(page.words(below)):
                break
            found += _sentences(page, below)
    if listed is not None and len(found) > 1:
        # the last item without the paragraph below it that a file runs on: it ends with a stop where no item does
        low, high = found[-1]
        stopped = [page.text[end : end + 1] in (".", "!", "?") for _, end in found]
        line = next((at for at in page.outline.text.starts if low < at < high and page.text[at].isupper()), None)
        found[-1] = (low, line - 1) if line and stopped[-1] and not any(stopped[:-1]) else (low, high)
    general = _of_all(page, number)
    return [unmarked(page.text, *span) for span in (*found, *([general] if found and general else ()))]


def _sentences(page: Page, block: Block) -> Iterator[Bounds]:
    """The sentences of a block that point to none before them."""
    for low, high in page.sentences(block):
        pointer = next(iter(phrases.find("cue.pointer", page.text, low, high)), None)
        if pointer is None or page.text[low : pointer.start].strip():
            yield low, high


def _of_all(page: Page, number: int) -> Bounds | None:
    """The sentence of the section that says of all sub-themes what they have in common."""
    cue = next(iter(phrases.find("theme.common", page.text, *page.section(number))), None)
    if cue is None:
        return None
    return next(((low, high) for low, high in page.outline.text.sentences() if low <= cue.start < high), None)


def first_sentence(page: Page, low: int, high: int) -> Bounds:
    """Give the first sentence of an item, without its marks; of a long one what stands before its relative clause."""
    low, high = unmarked(page.text, low, high)
    high = min([high, *(stop for start, stop in page.outline.text.sentences() if start <= low < stop)])
    clauses = phrases.find("cue.relative", page.text, low + _LEAST, high) if high - low > _LONGEST else []
    high = next((cue.start - 2 for cue in clauses if page.text[cue.start - 2] == ","), high)
    return unmarked(page.text, low, high)


def unmarked(text: str, low: int, high: int) -> Bounds:
    """Take the bullet before an item and the comma, full stop or conjunction behind it off its span."""
    low = trimmed(text, low, high, " \n\t\u00a0")[0]
    mark = _MARK.match(text, low, high)
    return _unjoined(text, mark.end() if mark else low, high)


def _unjoined(text: str, low: int, high: int) -> Bounds:
    """Take the comma, full stop or conjunction behind an item off its span."""
    return low, low + len(_JOINT.sub("", text[low:high]))


def announces_parts(page: Page, block: Block) -> bool:
    """Tell whether a short block ends with the word for sub-themes: what follows is a list of them."""
    words = page.words(block)
    found = phrases.find("theme.parts", words[-_SHORT:])
    short = len(words) <= _SHORT or words.endswith(":")
    return short and bool(found) and words.rstrip(" :").endswith(found[-1].words)


def groups_in(page: Page, start: int, end: int) -> list[Bounds]:
    """Give the spans of the target groups that a sentence names as such (``Kohderyhmään kuuluvat …``)."""
    named = next(phrases.sentences("groups.named", page.text, start, end), None)
    return group_list(page, named.end(), end) if named else []


def group_list(page: Page, start: int, end: int) -> list[Bounds]:
    """Cut a list of groups at commas, at words that give examples, and at conjunctions behind a noun in the plural.

    Where bullets divide the list, what stands between two of them is one group.
    """
    text = page.text
    bullets = [match.span() for match in _BULLET.finditer(text, start, end)]
    if len(bullets) > 1:
        below = _BELOW.search(text, bullets[-1][1], end)
        last = below.start() if below else end
        items = zip(bullets, [*bullets[1:], (last, last)], strict=True)
        return [span for (_, low), (high, _) in items if (span := _group(text, low, high))]
    gone = list(_asides(text, start, end))
    cuts = [(match.start(), match.end()) for match in _SUSPENDED.finditer(text, start, end)]
    cuts += [(cue.start, cue.end) for cue in phrases.find("cue.example", text, start, end)]
    cuts += [
        (cue.start, cue.end)
        for cue in phrases.find("cue.and", text, start, end)
        if _PLURAL.search(text, start, cue.start) and text[cue.start - 2] != "-"
    ]
    edges = sorted([*cuts, *gone, (end, end)])
    found: list[Bounds] = []
    at = start
    for low, high in edges:
        if low > at and (span := _group(text, at, low)):
            found.append(span)
        at = max(at, high)
    return found


def _asides(text: str, start: int, end: int) -> Iterator[Bounds]:
    """Clauses about a group that name none: relative ones up to the next comma, and what begins with a preposition."""
    relative = phrases.find("cue.relative", text, start, end)
    for cue in relative:
        commas = _COMMA.finditer(text, cue.end, end)
        yield cue.start, next((m.start() for m in commas if all(one.start != m.end() for one in relative)), end)
    for cue in phrases.find("cue.regardless", text, start, end):
        yield cue.start, end


def _group(text: str, low: int, high: int) -> Bounds | None:
    low, high = trimmed(text, low, high, " ,\n", " ,.;:\n–")
    lead = True
    while lead:
        lead = False
        for cue in phrases.find("cue.also", text, low, high):
            if cue.start == low:
                low, lead = min(high, cue.end + 1), True
                break
    where = _WHERE.search(text, low, high)
    high = where.start() if where else high
    words = text[low:high]
    if any(cue.start == 0 for cue in phrases.find("cue.pointer", words)):
        owned = any(cue.start == 0 for cue in phrases.find("cue.possessor", words))
        if not (owned and words.count(" ") > _POINTED):
            low = next((cue.end + 1 for cue in phrases.find("cue.and", text, low, high)), high)
    return (low, high) if text[low:high].endswith("t") else None


def below_heading(page: Page, number: int) -> list[Bounds]:
    """Give the target groups that the paragraphs below their own heading name: the first sentence is such a list."""
    found: list[Bounds] = []
    first = True
    for below in page.blocks[number + 1 :]:
        if below.kind != "line":
            break
        for low, high in page.sentences(below):
            named = groups_in(page, low, high)
            found += named or (group_list(page, low, high) if first else [])
            first = False
    return found


# lists within running text


def listed(page: Page, low: int, high: int) -> list[Bounds]:
    """Give the sub-themes of a part of a text: listed behind words that announce them, or named as its sections."""
    text = page.text[low:high]
    leads = [_COLON.match(text, cue.end) for cue in phrases.find("theme.parts", text)]
    found = [item for lead in leads if lead for item in _items(page, low + lead.end(), high)]
    heads = (_SECTION.search(text, 0, cue.start) for cue in phrases.find("theme.section", text))
    return found + [(low + head.start("name"), low + head.end("name")) for head in heads if head]


def _items(page: Page, low: int, high: int) -> Iterator[Bounds]:
    lines, text = page.outline.text.printed(low, high), page.text[low:high]
    if not lines:
        return
    if _INLINE.match(text.lstrip("\n ")) and len(_INLINE.findall(text.split("\n\n")[0])) > 1:
        yield from _inline(page, low, text)
    elif _HEAD_MARK.match(page.words(lines[0])):
        yield from (_unjoined(page.text, *item) for item in _marked(page, lines))
    else:
        yield from _paragraphs(page, lines)


def _inline(page: Page, low: int, rest: str) -> Iterator[Bounds]:
    """``1) first, 2) second ja 3) third.`` within a sentence."""
    marks = list(_INLINE.finditer(rest))
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        text = rest[mark.end() : following.start() if following else None]
        stop = re.search(r"[.:](?=\s|$)", text)
        start = low + mark.end()
        yield _unjoined(page.text, *trimmed(page.text, start, start + (stop.start() if stop else len(text)), " ,;\n"))
        if stop:
            return


def _marked(page: Page, lines: list[Bounds]) -> list[Bounds]:
    """A list with bullets or numbers at the heads of its lines."""
    items: list[Bounds] = []
    for low, high in lines:
        if mark := _HEAD_MARK.match(page.text[low:high]):
            items.append((low + mark.end(), high))
        elif (page.text[low].islower() or _goes_on(page, low)) and not page.words(items[-1]).endswith("."):
            items[-1] = (items[-1][0], high)
        else:
            break
    return items


def _paragraphs(page: Page, lines: list[Bounds]) -> Iterator[Bounds]:
    """A list whose bullets are lost: each paragraph's first sentence is an item."""
    paragraphs: list[Bounds] = []
    for low, high in lines:
        if _begins_item(page, low):
            paragraphs.append((low, high))
        elif not paragraphs or (all(_paragraph(page, low)) and not page.outline.text.line(low).text[:1].isspace()):
            break
        else:
            paragraphs[-1] = (paragraphs[-1][0], high)
    relative = phrases.whole_words("cues", "cue.relative", "fi")
    for low, high in paragraphs:
        stop = re.search(rf"\.(?=\s|$)|,\s+{relative}", page.text[low:high])
        high = low + stop.start() if stop else high
        if phrases.pattern("cues", "theme.no_part").match(page.text[low:high]) or high - low > _LONGEST_ITEM:
            return
        yield low, high


def _begins_item(page: Page, at: int) -> bool:
    """A lost bullet leaves a blank before its line in text; in a PDF the paragraph tells."""
    line = page.outline.text.line(at)
    if line.page is None:
        return line.text[:1].isspace() and not page.text[at].islower() and not _goes_on(page, at)
    return _paragraph(page, at)[0]


def _paragraph(page: Page, at: int) -> tuple[bool, bool]:
    return page.outline.text.paragraph(at, spaced=page.outline.text.line(at).page is None)


def _goes_on(page: Page, at: int) -> bool:
    begins, told = _paragraph(page, at)
    return told and not begins
