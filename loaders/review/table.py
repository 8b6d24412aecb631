"""Rows of a project table whose columns the extraction ran together: where the project's name ends and the body begins."""

from __future__ import annotations

import re

from loaders.names import Registry, repair
from loaders.names.keys import head_of
from loaders.review.flow import Span

_FORM = re.compile(r"(?:oyj?|abp?|ry|r\.y\.?|rf|sr|osk)\.?$", re.IGNORECASE)
_WORD = re.compile(r"\S+")
_LOWER_GENITIVE = re.compile(r"[a-zåäö-]+n$")
_CAPITAL = re.compile(r"[A-ZÅÄÖ]")
_ILLATIVE = re.compile(r"(?:aa|ee|ii|oo|uu|yy|ää|öö)n$(?<!maan)")
_WHERE = re.compile(r"(?:ss[aä]|[sl]t[aä]|ll[aä]|lle|ksi)$")
_PLACED = ("kaupunki", "kunta", "hyvinvointialue", "ELY-keskus", "liitto")
_JOINERS = ("ja", "sekä", "och", "&", "svenska", "finska")


def part(row: Span) -> tuple[Span, Span] | None:
    """Name and applicant of a row: by its cells, by the gap between the columns, else by the words of the applicant."""
    for found in (_by_cells(row), _by_known(row), _by_gap(row), _by_words(row)):
        if found is not None and found[0] and found[1]:
            return found
    return None


def _by_cells(row: Span) -> tuple[Span, Span] | None:
    """A PDF's cells: the last column is the applicant's."""
    flow = row.flow
    indexes = range(flow.index(row.start), flow.index(max(row.start, row.end - 1)) + 1)
    columns = {i: cell.column for i in indexes if (cell := flow.lines[i].cell)}
    if len(set(columns.values())) < 2:
        return None
    last = max(columns.values())
    first = min(i for i, column in columns.items() if column == last)
    cut = flow.starts[first] - row.start
    return row.sub(0, cut).strip(), row.sub(cut).strip()


def _by_known(row: Span) -> tuple[Span, Span] | None:
    """The longest end of the row that the registry knows."""
    registry = Registry.load()
    for word in _WORD.finditer(row.text):
        if word.start() and registry.organisation(repair(row.text[word.start() :])):
            return row.sub(0, word.start()).strip(), row.sub(word.start())
    return None


def _by_gap(row: Span) -> tuple[Span, Span] | None:
    """Two blanks or more inside the first printed line stand between its columns."""
    flow = row.flow
    index = flow.index(row.start)
    first = next(row.lines())
    printed = flow.lines[index].text.rstrip()
    gaps = re.findall(r"\S(\s{2,})(?=\S)", printed)
    pieces = re.split(r"\s{2,}", printed.strip())
    if not gaps or len(pieces) < 2:
        return None
    applicant = " ".join(pieces[-1].split())
    if not first.text.endswith(applicant) or len(applicant) >= len(first.text):
        return None
    cut = first.end - len(applicant) - row.start
    return row.sub(0, cut).strip(), row.sub(cut)


def _by_words(row: Span) -> tuple[Span, Span] | None:
    """The applicant's head-word with its attributes: ``… töihin | Turun kaupunki``, ``… | Espoon seudun kuntayhtymä X``."""
    words = list(_WORD.finditer(row.text))
    last = len(words) - 1
    while last > 0 and _FORM.fullmatch(words[last][0]):
        last -= 1
    form = words[last + 1][0] if last + 1 < len(words) else None
    at = _form_before(words, last) or _headed(words, last, form) or _proper(words, last)
    if not at:
        return None
    cut = words[at].start()
    return row.sub(0, cut).strip(), row.sub(cut)


def _form_before(words: list[re.Match[str]], last: int) -> int | None:
    """A legal form that begins the name: ``Oy Satama Parks Ab``."""
    return next((i for i in range(1, last) if words[i][0] in ("Oy", "OY", "Ab", "AB", "Tmi")), None)


def _headed(words: list[re.Match[str]], last: int, form: str | None) -> int | None:
    """The first word of a name with a head-word; a head-word that has no legal form is none of a name with one."""
    for i in range(last, -1, -1):
        head = head_of(words[i][0])
        if head is None or (form and i < last and head.kind and not head.implies):
            continue
        return _suffixed(words, i) if words[i][0].startswith("-") else _attributes(words, i, named=i < last)
    return None


def _suffixed(words: list[re.Match[str]], head: int) -> int | None:
    """A head-word behind a hyphen belongs to a name of several words: ``Nuorten Ystävät -säätiö``."""
    capitals = [i for i in range(head) if _CAPITAL.match(words[i][0])]
    return next((i for i in reversed(capitals) if i <= head - 2), None)


def _attributes(words: list[re.Match[str]], head: int, *, named: bool) -> int | None:
    """The first word of a name by its head-word: genitives before it, up to the capital that begins the name."""
    word = words[head][0]
    compound = word[0].isupper() and "-" in word
    at = head
    while at > 0 and not compound:
        before = words[at - 1][0]
        begun = bool(_CAPITAL.match(words[at][0]))
        attribute = not begun and (_LOWER_GENITIVE.fullmatch(before) or "/" in before[1:-1])
        beginning = _CAPITAL.match(before) and (not begun or _wants(words, at, head, named))
        if not attribute and not beginning:
            break
        at -= 1
    return at if _CAPITAL.match(words[at][0]) else None


def _wants(words: list[re.Match[str]], at: int, head: int, named: bool) -> bool:
    """Whether a capitalised word still wants the capitalised word before it."""
    word, before = words[at][0], words[at - 1][0]
    if at == head:
        bare = head_of(word)
        return before.endswith("n") or (not named and bare is not None and word.casefold() == bare.word)
    return before == "Suomen" or before.endswith("isen") or (word.endswith("nen") and before.endswith("n"))


def _proper(words: list[re.Match[str]], last: int) -> int | None:
    """A name without a head-word before its legal form: the run of capitals at the end, joined ones among them.

    ``… | Kainuun Etu Oy``, ``… | Mieli ja Mahdollisuus ry``. Where the run goes back to the first word of the row or to an
    acronym, that is the project's, and the name is the nearest capital with a genitive before it.
    """
    if last == len(words) - 1:
        return None
    nearest = next((i for i in range(last, 0, -1) if _CAPITAL.match(words[i][0])), None)
    if nearest is None:
        return None
    nearest = _joined(words, nearest)
    at = nearest
    while at > 1 and _CAPITAL.match(words[at - 1][0]) and not _of_project(words[at - 1][0]):
        at -= 1
    begun = at == 1 and _CAPITAL.match(words[0][0]) and not _of_project(words[0][0]) and nearest > 1
    return nearest - (nearest > 1 and words[nearest - 1][0].endswith("n")) if begun else at


def _joined(words: list[re.Match[str]], at: int) -> int:
    """Back over words that join: no applicant begins behind one."""
    while at > 2 and words[at - 1][0] in _JOINERS and _CAPITAL.match(words[at - 2][0]):
        at -= 2
    return at


def _of_project(word: str) -> bool:
    """A word that no organisation's name begins with: an acronym, a word that says where, a word with a mark behind it.

    Genitives of places (``Espoon``) may look like illatives.
    """
    if not word[-1].isalpha() or _WHERE.search(word) or (word.isupper() and len(word) > 1):
        return True
    known = Registry.load().organisation
    return bool(_ILLATIVE.search(word)) and not any(known(f"{word} {kind}") for kind in _PLACED)
