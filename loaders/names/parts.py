"""A printed list of organisations as single names, each with its place in the text.

Commas and conjunctions separate names but also stand inside them, so every way to cut the text is weighed: a piece that
reads like a complete organisation name (known, or with a legal form or a head-word of its own) counts for the cut, a
fragment (a bare genitive, a lower-case word, a lone legal form) against it. The best sum wins; shorter names win a tie.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from loaders.names import keys as name_key
from loaders.names.registry import Registry
from loaders.names.text import WORDS, repair

_JOINER = "|".join(re.escape(word) for word in WORDS.joiners)
_SEPARATOR = re.compile(
    rf"(?P<comma>(?:(?<!\s)\s+)?[,;](?!\d)\s*)(?:(?:{_JOINER})\s+)?|(?P<joiner>(?<!\s)\s+(?:{_JOINER})\s+)|(?P<line>(?<!\s)[^\S\n]*+\n\s*+)(?=[A-ZÅÄÖ])"
)
_SUSPENDED = re.compile(r"\w-$")
_GENITIVE = re.compile(r"(?<![^\W\d_])[^\W\d_]+[aeiouyäö]n(?<!nen)$")
_ATTACHED = re.compile(rf"\b(?:{'|'.join(WORDS.prepositions)})\s+[\w-]+$", re.IGNORECASE)
_PART = re.compile(rf",\s|\s(?:{_JOINER})\s")
_STARTS_PART = re.compile(rf"(?:{'|'.join(WORDS.parts)})\s")
_DOTTED_FORM = re.compile(r"\b(?:r\.\s?y|r\.\s?f|s\.r)\.$", re.IGNORECASE)
_PROJECT = re.compile(rf"(?:{'|'.join(WORDS.project_nouns)})\w{{0,30}}$", re.IGNORECASE)
_HEAD_INSIDE = re.compile(
    rf"(?<![\w-])[\w-]*(?:{'|'.join(h.word for h in WORDS.heads if h.kind or h.implies or h.word == 'keskus')})(?:\s|$)"
)
_FOREIGN_HEAD = re.compile(
    rf"(?:^|\s)(?:{'|'.join(re.escape(phrase) for phrase, _ in WORDS.english_heads)})\b|"
    rf"(?:{'|'.join(stem for h in WORDS.heads for stem in h.stems)})\s(?:{'|'.join(WORDS.swedish_prepositions)})\b"
)
"""An English head of a name, or a Swedish one with a preposition behind it."""
_FORM_WORD = re.compile(r"\b(?:Oy|OY|Ky|KY|Ay|AY|Tmi|T:mi|ry|Avoin [Yy]htiö)\s")
_JOINT = re.compile(rf"^[A-ZÅÄÖ][^,]*?(?<!-)(?P<joiner>\s(?:{_JOINER})\s)(?=[A-ZÅÄÖ][^,]*$)")
_FEW = 2
_MAX_PARTS = 8
"""No organisation's name holds more separators than this; it bounds the work for long lists."""


class Piece(NamedTuple):
    """One name of a list: repaired, and where it stands in the text that was given (``text[start:end]``)."""

    name: str
    start: int
    end: int


class _Cut(NamedTuple):
    start: int
    end: int
    joiner: str = ""
    line: bool = False


def split(text: str) -> list[Piece]:
    """Split a printed list of organisations.

    >>> [p.name for p in split("Ensi- ja turvakotien liitto r.y, Porin tuki ry ja Itä-\\nSuomen yliopisto")]
    ['Ensi- ja turvakotien liitto r.y', 'Porin tuki ry', 'Itä-Suomen yliopisto']
    """
    cuts = _cuts(text)
    bounds = [_Cut(0, 0), *cuts, _Cut(len(text), len(text))]
    best: list[tuple[float, int]] = [(0.0, 0)]
    for last in range(1, len(bounds)):
        options = (
            (best[first][0] + _worth(text, bounds, first, last), first)
            for first in range(max(0, last - _MAX_PARTS), last)
        )
        best.append(max(options, key=lambda option: (option[0], option[1])))
    pieces, at = [], len(bounds) - 1
    while at:
        first = best[at][1]
        pieces.append(_piece(text, bounds[first].end, bounds[at].start))
        at = first
    named = [piece for piece in reversed(pieces) if piece.name]
    joint = _JOINT.search(named[-1].name) if len(named) > _FEW and not is_complete(named[-1].name) else None
    if joint:  # of a list parted by commas the last two, which nobody knows
        last = text.rfind(joint["joiner"], named[-1].start, named[-1].end)
        named[-1:] = [_piece(text, named[-1].start, last), _piece(text, last + len(joint["joiner"]), named[-1].end)]
    return named


def organisations_at_end(text: str) -> list[Piece]:
    """Find the organisations that end a text which begins with something else (a project's name, a person, a title).

    Only pieces that are organisations on their own evidence count; the text before them is the caller's.
    """
    pieces = split(text)
    organisations: list[Piece] = []
    for number, piece in reversed(list(enumerate(pieces))):
        if not (is_complete(piece.name) or (number and _is_proper(piece.name))):
            break
        organisations.insert(0, piece)
    return organisations


def whole(text: str) -> Piece:
    """A text that is one name, whatever separators stand in it."""
    return _piece(text, 0, len(text))


def _cuts(text: str) -> list[_Cut]:
    """List the places a list may be cut: not in brackets, not after a suspended hyphen, not before a lone legal form."""
    cuts, depth = [], 0
    levels = [depth := depth + (c in "([") - (c in ")]") for c in text]
    for match in _SEPARATOR.finditer(text):
        if levels[match.start()] > 0 or _SUSPENDED.search(text[: match.start()]):
            continue
        cuts.append(_Cut(match.start(), match.end(), (match["joiner"] or "").strip(), match["line"] is not None))
    return cuts


def _piece(text: str, start: int, end: int) -> Piece:
    """Trim a span to its name: blanks and list marks around it go, a full stop goes unless it belongs to a legal form."""
    while start < end and (text[start].isspace() or text[start] in ",;•–·"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;"):
        end -= 1
    if text[start:end].endswith(".") and not _DOTTED_FORM.search(text[start:end]):
        end -= 1
    return Piece(repair(text[start:end]), start, end)


def _worth(text: str, bounds: list[_Cut], first: int, last: int) -> float:
    name = _piece(text, bounds[first].end, bounds[last].start).name
    if not name:
        return -1.0 if first or last < len(bounds) - 1 else 0.0
    inside = bounds[first + 1 : last]
    worth = _evidence(name) - sum(0.3 if cut.joiner else 1.5 for cut in inside if not cut.line)
    if bounds[first].line:
        # A line end is mostly a wrapped name; only a legal form before it makes a list of lines likely.
        above = text[: bounds[first].start].rpartition("\n")[2].rpartition(", ")[2]
        listed = name_key.FORM_ENDS.search(above) or (_is_whole(above) and _is_whole(name))
        worth -= 2.5 if listed else 6.0
    if bounds[first].joiner and last < len(bounds) - 1 and not bounds[last].line:
        # "A, B ja C, D" is no list: a conjunction ends one, so this one belongs to a name.
        worth -= 5.0
    after = _piece(text, bounds[last].end, bounds[min(last + 1, len(bounds) - 1)].start).name.split()
    placed = len(after) > 1 and _GENITIVE.search(after[0]) is not None
    own_place = placed and (("-" in after[0] and after[1].islower()) or is_complete(" ".join(after)))
    listed = bounds[first].end > 0 and not bounds[first].joiner  # ``LAB, Redu ja Itä-Lapin yrittäjät``
    two_words = len(after) == 1 and after[0].isalpha() and after[0][:1].isupper() and name.isalpha() and first == 0
    before = 0.0 if (listed and own_place) or two_words else _cost_before_joiner(bounds[last].joiner, name)
    return worth - _cost_after_joiner(text, bounds[first], name) - before


def _is_whole(name: str) -> bool:
    """Tell whether a line holds a name of two words or more, the last one a noun of bodies: it is not wrapped."""
    base = name_key.parse(name).base
    return " " in base and name_key.head_of(base) is not None


def _cost_after_joiner(text: str, cut: _Cut, name: str) -> float:
    """``… för Utbildning och Kultur``, ``… Research and Development``: what follows goes on the phrase before."""
    if cut.joiner not in ("och", "and", "samt"):
        return 0.0
    return 4.0 if not is_complete(name) and (cut.joiner == "and" or _ATTACHED.search(text[: cut.start])) else 0.0


def _cost_before_joiner(joiner: str, name: str) -> float:
    """``Jane ja Aatos Erkon säätiö``, ``Tervolan Saha ja Höyläämö Oy``: a lone plain word before a conjunction is no name."""
    if joiner not in ("ja", "och", "and", "&") or "/" in name or is_complete(name):
        return 0.0
    if joiner == "and" or (name.isalpha() and name[1:].islower()):
        return 4.0
    return 1.5 if _GENITIVE.search(name.split()[0]) and len(name.split()) <= 3 else 0.0


@lru_cache(maxsize=4096)
def _evidence(name: str) -> float:
    """Weigh how much a text reads like one complete organisation name; below nought it is a fragment."""
    base, form = name_key.parse(name)
    if not base or (form and not re.search(r"\w{2}", base)) or name_key.FORM_ENDS.fullmatch(name):
        return -10.0
    if _SUSPENDED.search(name) or name.startswith("-"):
        return -10.0
    if name_key.two_languages(name):
        return 20.0
    if Registry.load().organisation(name):
        return 8.0
    if "," in name and is_unit(base):
        return _evidence(name.rpartition(",")[0])
    if is_unit(_PART.split(base, maxsplit=1)[0]):
        return -6.0
    worth = 4.0 if form or _has_head(base) else _bare(base)
    if form and _has_head(base):
        worth += 1.0
    if name_key.FORM_INSIDE.search(name):
        worth -= 6.0
    if _starts_low(name):
        worth -= 5.0
    worth -= 1.0 if _joins_a_whole(base) else 0.0
    return worth - (6.0 if _STARTS_PART.match(name) else 0.0)


def _joins_a_whole(base: str) -> bool:
    """``Työterveyslaitos ja Mieli``: a whole name with a lone word joined to it is mostly two names."""
    first, joiner, rest = base.partition(" ja ")
    return bool(joiner) and rest.isalpha() and _has_head(first) and not _has_head(rest)


@lru_cache(maxsize=4096)
def is_complete(name: str) -> bool:
    """Tell whether words read like one whole organisation name: known, with a legal form, or with a noun only bodies have."""
    base, form = name_key.parse(name)
    if "," in base and is_unit(base):
        return is_complete(name.rpartition(",")[0])
    return bool(form) or _has_head(base) or Registry.load().organisation(name) is not None


def _is_proper(name: str) -> bool:
    """Tell whether a name without head-word or legal form is written like a proper name and not like a project's."""
    words = name.split()
    return len(words) <= 4 and all(word[0].isupper() for word in words) and not _PROJECT.search(name)


def _bare(base: str) -> float:
    """Weigh a name without legal form or head-word: a proper name may stand alone, a genitive wants its noun."""
    words = base.split()
    if len(words) > 6:
        return -2.0
    if _GENITIVE.search(words[-1]) and not words[-1].isupper():
        return -3.0
    return 1.0


def _has_head(base: str) -> bool:
    low = name_key.nominative(base).casefold()
    heads = (_HEAD_INSIDE.search(low), _FORM_WORD.search(base), _FOREIGN_HEAD.search(low))
    return name_key.head_of(low) is not None or any(heads)


def _starts_low(name: str) -> bool:
    first = name.split()[0]
    return first[0].islower() and first == first.lower()


def is_unit(base: str) -> bool:
    """Tell whether words name a part of an organisation: a department, a unit, a team."""
    low = base.casefold()
    return "/" not in low and any(low.endswith(unit) for unit in WORDS.units)


# lists of bodies that share their noun

_AND = rf"(?:,\s+|\s+(?:{'|'.join(re.escape(word) for word in WORDS.joiners)})\s+)"
_IN_GENITIVE = r"[A-ZÅÄÖ][\w-]*n"
_PROPER = r"(?!The\s)[A-ZÅÄÖ][\w-]*[a-zåäö](?!\s+of\s)(?![\w-])"
_BEHIND = tuple(
    (re.compile(rf"(?P<list>{area}(?:{_AND}{area})+)\s+(?:{nouns})(?!\w)"), singular)
    for area, table in ((_IN_GENITIVE, WORDS.plurals), (_PROPER, WORDS.swedish_plurals))
    for nouns, singular in table
)
"""The noun stands behind the places; in Finnish these are genitives, so that ``LAB, Lahden ja …`` begins at Lahden."""
_BEFORE = tuple(
    (re.compile(rf"(?:{nouns})\s+(?P<list>{_PROPER}(?:{_AND}{_PROPER})+)(?![\w-]|\s[A-ZÅÄÖ])"), singular)
    for nouns, singular in WORDS.plurals_before
)
_AREA = re.compile(_PROPER)


class Several(NamedTuple):
    """Bodies that share their noun: where the words begin and end, and the name of each with the place of its own words."""

    start: int
    end: int
    members: tuple[tuple[str, int, int], ...]


def several(text: str, start: int = 0, end: int | None = None) -> Iterator[Several]:
    """Find the lists of bodies that share their noun.

    >>> [name for one in several("Loviisan kaupunki ja Askolan ja Pukkilan kunnat") for name, _, _ in one.members]
    ['Askolan kunta', 'Pukkilan kunta']
    """
    last = len(text) if end is None else end
    forms = (*((one, "{} " + noun) for one, noun in _BEHIND), *_BEFORE)
    for pattern, form in forms:
        for match in pattern.finditer(text, start, last):
            if all(map(_may_be_area, _AREA.findall(text, *match.span("list")))):
                yield Several(*match.span(), tuple(_members(match, form)))


def _may_be_area(word: str) -> bool:
    """``Xamkin ja Kouvolan kaupungin``, ``Diakoniasäätiön, Iin kunnan``: no town is called like another body."""
    known = Registry.load().organisation(word)
    return name_key.nominative(word) == word and (
        known is None or Registry.load().organisations[known.key].type == "municipality"
    )


def _members(match: re.Match[str], form: str) -> Iterator[tuple[str, int, int]]:
    for area in _AREA.finditer(match.string, *match.span("list")):
        yield form.format(area.group()), *area.span()
