"""A newsletter's outline: theme groups and themes by their headings, marked by the file or only by their shape."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from loaders import fields
from loaders.document.lines import Document, Line
from loaders.names import Registry, repair
from loaders.prose.labels import is_label
from loaders.rdf.codes import Codes

_FUND = re.compile(r"\s*\((ESR\+?|EAKR|JTF|ESF\+?|ERDF|E[Rr][Uu][Ff]|FRO)\)\s*$")
_BULLET = re.compile(r"^\s*[•▪·–-]\s+")
_SENTENCE_END = re.compile(r"[.:;!?,]$")
_LABEL = re.compile(
    r"(?:yhteyshenkilö|ajankohtaista|lisätie|lisätieto|lue lisää|hakuinfo|kuva|kontaktperson|aktuellt|läs mer|contact|"
    r"current(?:ly)?$|read more|tässä uutiskirjeessä)",
    re.IGNORECASE,
)
_LONGEST = 200
_CUT = re.compile(r"\s*SOURCE:.*\bcut\b")
_SEPARATOR = re.compile(r"[,;:]\s+|[.!?]\s+(?=[A-ZÅÄÖ])")
NOTE = re.compile(r"\s*SOURCE:\s*\S")
"""What the first line of a stored copy begins with when it tells where the copy is from."""


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading: its lines (more than one where it wraps) and its words."""

    lines: tuple[Line, ...]
    level: int
    blanks: int
    """Blank lines above it; in a file that marks its headings, nought."""
    words: str
    """The heading as printed, line breaks repaired, its bullet left out."""
    key: str
    """What two headings are compared by."""
    fund: str | None
    """The fund in brackets at its end."""

    @classmethod
    def of(cls, lines: tuple[Line, ...], blanks: int) -> Heading:
        """The heading that some lines are."""
        words = _BULLET.sub("", repair("\n".join(line.text.strip() for line in lines)))
        fund = _FUND.search(words)
        return cls(lines, lines[0].heading, blanks, words, words.casefold(), fund[1] if fund else None)


@dataclass(slots=True)
class Section:
    """One theme of the newsletter: its heading, the heading of its group, and the lines below it."""

    heading: Heading
    group: Heading | None
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Outline:
    """The lines before the first theme and the themes."""

    preamble: list[Line]
    sections: list[Section]


def content(document: Document) -> list[Line]:
    """A document's lines without its page furniture, without the note a stored copy begins with and what that copy tore."""
    dropped = {line.number for line in document.furniture} if document.form == "text" else set()
    kept = [
        line
        for index, line in enumerate(document.lines)
        if line.number not in dropped and not (index == 0 and NOTE.match(line.text))
    ]
    torn = torn_end(document)
    return [_untorn(line, torn) if torn and line.number == torn.number else line for line in kept]


def torn_end(document: Document) -> Line | None:
    """The last words of a copy that its note calls cut, back to the comma or line end before them: they may be half a name."""
    if not document.lines or not _CUT.match(document.lines[0].text):
        return None
    last = next(line for line in reversed(document.lines) if line.text.strip())
    if last is document.lines[0] or last.text.rstrip().endswith((".", "!", "?")):
        return None
    words = last.text.rstrip()
    stops = [match.end() for match in _SEPARATOR.finditer(words)]
    bullet = _BULLET.match(words)
    first = bullet.end() if bullet else len(words) - len(words.lstrip())
    start = max([first, *stops[-1:]])
    return replace(last, text=words[start:])


def _untorn(line: Line, torn: Line) -> Line:
    rest = line.text.rstrip().removesuffix(torn.text).rstrip(" ,;")
    return replace(line, text="" if _BULLET.fullmatch(f"{rest} ") else rest)


def outline(document: Document) -> Outline:
    """Split a newsletter into its themes."""
    lines = content(document)
    heads = _headings(lines)
    names = _groups(heads, lines)
    themes: list[Section] = []
    preamble: list[Line] = []
    group: Heading | None = None
    style = _Style(heads, names)
    starts = {head.lines[0].number: head for head in heads}
    skip: set[int] = set()
    for line in lines:
        head = starts.get(line.number)
        if head is not None:
            other = group is None or head.key != group.key
            if head.key in names and other and style.is_group(head) and _is_section(head, heads):
                group, skip = head, {part.number for part in head.lines}
                themes.append(Section(head, None))
            elif group is not None and style.is_theme(head, _is_first(themes)):
                skip = {part.number for part in head.lines}
                themes.append(Section(head, group))
        if line.number in skip:
            continue
        (themes[-1].lines if themes else preamble).append(line)
    return Outline(preamble, [section for section in themes if section.group is not None])


def _is_first(themes: Sequence[Section]) -> bool:
    """Whether nothing but the group's heading was read so far: the next heading is a theme."""
    last = themes[-1] if themes else None
    return last is not None and last.group is None and not any(line.text.strip() for line in last.lines)


def _is_section(head: Heading, heads: Sequence[Heading]) -> bool:
    """Whether a group's name heads its section: it is not the table of contents' entry of that name."""
    same = [other for other in heads if other.key == head.key]
    in_contents = len(same) > 1 and same[0] is head and _in_contents(head, heads)
    return not in_contents


def _in_contents(head: Heading, heads: Sequence[Heading]) -> bool:
    """A table of contents is two or more names one right after another, all of which come again later."""
    at = heads.index(head)
    around = [heads[i] for i in (at - 1, at + 1) if 0 <= i < len(heads) and heads[i].key != head.key]
    counted = [sum(other.key == neighbour.key for other in heads) for neighbour in around]
    return any(count > 1 for count in counted)


def _headings(lines: Sequence[Line]) -> list[Heading]:
    marked = any(line.heading for line in lines)
    spaced = any(not line.text.strip() for line in lines)
    found: list[Heading] = []
    blanks = 0
    for index, line in enumerate(lines):
        if not line.text.strip():
            blanks += 1
            continue
        if marked and line.heading and line.continues and found and found[-1].lines[-1] is lines[index - 1]:
            found[-1] = Heading.of((*found[-1].lines, line), 0)
        elif (marked and line.heading) or _shaped(lines, index, marked, spaced):
            found.append(Heading.of((line,), blanks))
        blanks = 0
    return found


def _shaped(lines: Sequence[Line], index: int, marked: bool, spaced: bool) -> bool:
    """Whether a line looks like a heading: short, no sentence, alone between blank lines (or above a paragraph)."""
    text = lines[index].text.strip()
    is_item = bool(_BULLET.match(lines[index].text))
    if marked and not is_item:
        return False
    above = index == 0 or _apart(lines[index - 1], lines[index])
    below = index + 1 == len(lines) or _apart(lines[index + 1], lines[index])
    alone = above and below and not is_item
    if not (marked or alone or (not spaced and _before_prose(lines, index))):
        return False
    bare = _BULLET.sub("", text)
    if (
        len(bare) > _LONGEST
        or is_label(bare)
        or _SENTENCE_END.search(bare)
        or _LABEL.match(bare)
        or not bare[:1].isupper()
    ):
        return False
    return not (fields.emails(bare) or fields.phones(bare) or any(len(p.end or "") > 4 for p in fields.periods(bare)))


def _apart(other: Line, line: Line) -> bool:
    """Whether a neighbouring line is blank or on another page."""
    return not other.text.strip() or other.page != line.page


def _before_prose(lines: Sequence[Line], index: int) -> bool:
    following = next((line.text.strip() for line in lines[index + 1 :] if line.text.strip()), "")
    return len(following) > _LONGEST // 2 and following.endswith(".")


def _groups(heads: Sequence[Heading], lines: Sequence[Line]) -> frozenset[str]:
    """The names of the theme groups: those of the table of contents, else known groups, else headings of headings."""
    counted = [head.key for head in heads]
    contents = {head.key for head in heads if counted.count(head.key) > 1 and _in_contents(head, heads)}
    contents |= _plain_contents(heads, lines)
    codes = Codes.load()
    known = {head.key for head in heads if codes.find("theme-group", head.words)}
    return frozenset(contents | known) if contents or known else _stacked(heads, lines)


def _plain_contents(heads: Sequence[Heading], lines: Sequence[Line]) -> set[str]:
    """The entries of a table of contents whose lines are no headings: of neighbours that head something further down,

    those with the topmost headings."""
    levels = {head.key: head.level for head in reversed(heads)}
    plain = [(_BULLET.sub("", line.text).strip().casefold(), line.heading) for line in lines if line.text.strip()]
    listed = [levels[key] if key in levels and not level else 0 for key, level in plain]
    entries = {
        n: listed[n] for n in range(len(plain)) if listed[n] and any(listed[max(0, n - 1) : n] + listed[n + 1 : n + 2])
    }
    return {plain[n][0] for n, level in entries.items() if level == min(entries.values())}


def _stacked(heads: Sequence[Heading], lines: Sequence[Line]) -> frozenset[str]:
    kept = [line.number for line in lines if line.text.strip()]
    follows = dict(pairwise(kept))
    starts = {head.lines[0].number for head in heads}
    return frozenset(head.key for head in heads if head.fund is None and follows.get(head.lines[-1].number) in starts)


class _Style:
    """How this document sets its themes' headings apart from the headings within a theme."""

    def __init__(self, heads: Sequence[Heading], groups: frozenset[str]) -> None:
        self.funds = any(head.fund for head in heads)
        levels = [head.level for head in heads if head.level and head.key in groups]
        self.group = min(levels, default=0)
        marked = [head.level for head in heads if head.fund and head.level]
        deeper = [head.level for head in heads if head.level > self.group]
        self.level = min(marked or deeper, default=self.group)
        self.blanks = any(head.blanks >= 2 for head in heads)

    def is_group(self, head: Heading) -> bool:
        """Whether a heading that has a group's name stands where groups' headings do."""
        return head.level in (0, self.group)

    def is_theme(self, head: Heading, first: bool) -> bool:
        """Whether a heading is a theme's; ``first`` where it stands right below its group's."""
        if _BULLET.match(head.lines[0].text):
            return False
        if Registry.load().theme(head.words) or head.fund or first:
            return True
        if head.level or self.level:
            return head.level == self.level
        return head.blanks >= 2 or not (self.blanks or self.funds)
