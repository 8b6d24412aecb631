"""What a theme is about: its sub-themes (listed below a lead-in) and its target groups (named in sentences)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from loaders.document.lines import Line
from loaders.names import repair
from loaders.records import Stated
from loaders.text import Prose

_BULLET = re.compile(r"\s*[•▪●○◦‣·–-]\s+")
_SUB_THEMES = re.compile(
    r"(?:alateem\w+|sisältöalue\w+|osateem\w+|seuraaviin\s+teemoihin|sub-?themes|following\s+themes|delteman\w*|"
    r"följande\s+teman)\s*:\s*$",
    re.IGNORECASE,
)
_ALL_SUB_THEMES = re.compile(r"Kaikkiin\s+alateemoihin\s+[^.]+\.")
_CLAUSE = re.compile(r",\s+(?:joka|jotka|jossa|joissa|jolla|joilla|jonka|joiden)\s")
_LONGEST = 200
"""A name is no longer; of a longer sentence what comes before its relative clause is the name."""
_WRAPPED = 130
"""No line of a hard-wrapped text is longer."""
_GROUPS = re.compile(
    r"(?:(?:toiminnan|teeman|hankkeiden|lisäksi|välillisesti)\s+)*kohderyhm(?:iin|iä|inä|ään|änä|ät|ä)\b(?:\s+\w+){0,2}?\s+"
    r"(?:ovat|kuuluvat|kuuluu|voivat\s+olla|on)\s+(?:myös\s+)?(?P<list>[^.]+)|"
    r"kohderyhm(?:äksi|iksi)\s+(?P<named>[^.]+)",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r",?\s+(?:joiden|joita|joille|jotka|joissa|joilla|joihin|jonka|jota)\s.*?(?=,\s+(?!jo[a-zäö]+\s)|$)|"
    r"\s+riippumatta\s.*$|\s+ja\s+niiden\s.*$",
    re.DOTALL,
)
_SEPARATOR = re.compile(
    r"(?<!-),\s*(?:sisältäen\s+|sekä\s+|ja\s+)?|(?<=t)\s+(?:ja|sekä|tai)\s+|(?<![n-])\s+sekä\s+|,?\s+(?:kuten|esimerkiksi|mm\.|muun\s+muassa|"
    r"erityisesti|sisältäen)\s+|\s+[–—-]\s+"
)
_LEAD = re.compile(
    r"(?:(?:esimerkiksi|mm\.|myös|erityisesti|lisäksi|muun\s+muassa|välillisesti|esim\.)\s+)+", re.IGNORECASE
)
_ANAPHORA = re.compile(r"(?:niiden|heidän|sen|näiden|tämän)\b", re.IGNORECASE)


def sub_themes(lines: Sequence[Line]) -> list[Stated[str]]:
    """The items listed below a line that announces sub-themes; of an item its first sentence, full stop left out."""
    found: list[Stated[str]] = []
    for start in [i for i, line in enumerate(lines) if _SUB_THEMES.search(line.text)]:
        for item in _items(lines, start + 1):
            prose = Prose.of(item)
            found.append(_first_sentence(prose))
        if found:
            break
    prose = Prose.of(lines)
    general = _ALL_SUB_THEMES.search(prose.text)
    if found and general and not any(one.origin == prose.origin(*general.span()) for one in found):
        sentence = Stated(repair(general.group()).rstrip("."), prose.origin(*general.span()))
        if all(one.value != sentence.value for one in found):
            found.append(sentence)
    return found


def _first_sentence(prose: Prose) -> Stated[str]:
    bullet = _BULLET.match(prose.text)
    start, end = bullet.end() if bullet else 0, prose.sentences()[0][1]
    clause = _CLAUSE.search(prose.text, start + 40, end) if end - start > _LONGEST else None
    end = clause.start() if clause else end
    return Stated(repair(prose.text[start:end]).rstrip(" .;,"), prose.origin(start, end))


def _items(lines: Sequence[Line], at: int) -> Iterator[list[Line]]:
    """The lines of each item of a list that begins at a line."""
    item: list[Line] = []
    blanks, whole, stopped = 0, False, False
    for line in lines[at:]:
        if not line.text.strip():
            blanks += 1
            continue
        if _BULLET.match(line.text):
            if item:
                stopped |= _has_sentence(item)
                yield item
            item, whole = [line], False
        elif not item:
            return
        elif not whole and _goes_on(item, line, blanks, stopped):
            item.append(line)
        elif blanks > 1 or not _has_sentence(item):
            break
        else:
            whole = True
        blanks = 0
    if item:
        yield item


def _has_sentence(item: Sequence[Line]) -> bool:
    """Whether an item already holds a whole sentence: more lines of it would change nothing."""
    return bool(re.search(r"[.!?](?:\s|$)", " ".join(line.text.strip() for line in item)))


def _goes_on(item: Sequence[Line], line: Line, blanks: int, stopped: bool) -> bool:
    """Whether a line is the rest of an item: the file says so, or its words go on with the sentence begun.

    ``stopped`` where items of the list end with a full stop: where they do not, a capital begins the paragraph below.
    """
    text = line.text.strip()
    if line.continues:
        return stopped or not text[:1].isupper() or _has_sentence(item)
    if blanks > 1 or _has_sentence(item):
        return False
    wrapped = 70 <= len(item[-1].text.strip()) <= _WRAPPED and len(text) <= _WRAPPED
    return text[:1].islower() or text[:1] == "(" or (blanks == 1 and wrapped)


def target_groups(prose: Prose, *, listed: bool = False) -> list[Stated[str]]:
    """The groups named as target groups; ``listed`` takes the first sentence as such a list, under its own heading."""
    found: list[Stated[str]] = []
    for index, (start, end) in enumerate(prose.sentences()):
        match = _GROUPS.search(prose.text, start, end)
        if match:
            name = "list" if match["list"] else "named"
            found.extend(group_list(prose, *match.span(name)))
        elif listed and not index:
            found.extend(group_list(prose, start, end))
    return list({one.value.casefold(): one for one in reversed(found)}.values())[::-1]


def group_list(prose: Prose, start: int, end: int) -> Iterator[Stated[str]]:
    """Cut a list of groups: at commas, and at conjunctions after a noun in the plural (``nuoret ja työttömät``)."""
    kept = list(prose.text[start:end].rstrip(" .\n"))
    text = "".join(kept)
    for clause in _RELATIVE.finditer(text):
        kept[clause.start() : clause.end()] = "\0" * (clause.end() - clause.start())
    text = "".join(kept)
    at = 0
    for separator in [*_SEPARATOR.finditer(text), None]:
        low, high = at, separator.start() if separator else len(text)
        at = separator.end() if separator else at
        piece = text[low:high].split("\0", 1)[0]
        lead = _LEAD.match(piece.lstrip(" ,\n\0"))
        low += len(piece) - len(piece.lstrip(" ,\n\0")) + (lead.end() if lead else 0)
        words = repair(text[low : low + len(piece)].split("\0", 1)[0][: max(0, high - low)]).strip(" ,")
        if words.endswith("t") and not _ANAPHORA.match(words):
            length = len(text[low:high].split("\0", 1)[0].rstrip())
            yield Stated(words, prose.origin(start + low, start + low + length))
