"""What words mean: concepts with their Finnish, Swedish and English wordings, read from the TOML files of this folder.

A wording is added by one line of data. In it ``*`` stands for any letters of a word, a blank for any white space.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from loaders.data import LANGUAGES as LANGUAGES

_UNIT = re.compile(r"\(?(?:€|eur|euroa?|m€|meur|t€|milj\.?\s?€|1\s?000\s?€)\)?,?", re.IGNORECASE)
_FOLDER = Path(__file__).parent
_BRACKET = re.compile(
    r"(?:(?<!\s)\s+)?(?:\([^()]*\)|(?<=\s)\d{1,3}\s?%|,\s*(?:€|eur|euroa?|milj\. €|m€|1 000 €|t€|%))\s*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Cue:
    """Words of a text that mean a concept, with their span."""

    concept: str
    words: str
    start: int
    end: int


@cache
def concepts(file: str) -> dict[str, dict[str, Any]]:
    """Read the concepts of one file: ``"money.cost"`` → its languages' wordings and its examples.

    >>> concepts("labels")["project.code"]["fi"][0]
    'hankekoodi'
    """
    found: dict[str, dict[str, Any]] = {}

    def walk(prefix: str, table: dict[str, Any]) -> None:
        if "fi" in table:
            found[prefix] = table
            return
        for name, inner in table.items():
            walk(f"{prefix}.{name}" if prefix else name, inner)

    walk("", tomllib.loads((_FOLDER / f"{file}.toml").read_text(encoding="utf-8")))
    return found


def wordings(file: str, concept: str, language: str = "") -> list[str]:
    """List the wordings of a concept in one language, or in all."""
    entry = concepts(file)[concept]
    return [words for one in LANGUAGES if language in ("", one) for words in entry[one]]


def pattern_of(words: str, *, named: bool = False) -> str:
    """Turn a wording into the source of a regular expression.

    A lone ``*`` stands for one to five words, ``a|b`` for one of two, ``a?`` for a word that may be missing, ``{name}`` for
    what a sentence names: a group of the expression where ``named``, which a text may hold once.
    """
    source = ""
    for word in words.split():
        blank = r"\s+" if source and not source.endswith(_BEFORE_FIRST) else ""
        if word == "*":
            source += blank + r"\S+(?:\s+\S+){0,4}"
        elif "?" in word:
            may_be = f"(?i:{_alternatives(word.replace('?', ''))})"
            source += f"(?:{blank}{may_be})?" if blank else f"(?:{may_be}{_BEFORE_FIRST}"
        else:
            pieces = re.split(r"\{(\w+)\}", word)
            held = [
                _SLOTS[one] if n % 2 else f"(?i:{_alternatives(one)})" if one else "" for n, one in enumerate(pieces)
            ]
            source += blank + "".join(held)
    return source if named else re.sub(r"\(\?P<\w+>", "(?:", source)


def _alternatives(word: str) -> str:
    return "|".join(r"[\w+-]*".join(re.escape(piece) for piece in one.split("*")) for one in word.split("|"))


_BEFORE_FIRST = r"\s+)?"
"""How the source of a word ends that may be missing before the first."""
_CAPITAL = r"[A-ZÅÄÖ][\wåäö]{0,40}"
AREA = rf"(?!The\s){_CAPITAL}(?:-\s?{_CAPITAL})?"
"""The source of a pattern for the name of a region in one word: ``Pohjois-Savon``."""
_SLOTS = {
    "name": '["”“«]?(?P<name>[A-ZÅÄÖ0-9][^.,;•()”“"»]{2,100}?)["”“»]?',
    "title": r"(?P<name>[A-ZÅÄÖ][^.;•]{5,200}?)",
    "sum": r"(?:(?:noin|n\.|yhteensä|cirka|about)\s)?\d[\d\s.,]{2,20}",
    "who": r"(?:the\s+)?(?P<who>[A-ZÅÄÖ][^.;•()]{1,120}?)",
    "area": AREA,
    "capital": _CAPITAL,
    "before": rf"{AREA}(?:\s+{AREA})?",
    "behind": rf"{AREA}(?:\s+{_CAPITAL})?",
    "first": r"(?P<first>[A-ZÅÄÖ][\w-]*(?:\s+[a-zåäö][\w-]*){0,6}?)",
}
"""What a placeholder of a sentence stands for."""


@cache
def cues() -> dict[str, re.Pattern[str]]:
    """Compile one pattern a concept of running text; the longest wording is tried first."""
    return {name: pattern("cues", name) for name in concepts("cues")}


@cache
def pattern(file: str, concept: str, language: str = "") -> re.Pattern[str]:
    """Compile the wordings of one concept of a file, of one language or all, to a pattern of whole words, in any case."""
    return _compiled(wordings(file, concept, language))


@cache
def sentences(concept: str) -> list[re.Pattern[str]]:
    """Compile the sentences of a concept, each with its groups ``name``, ``first`` or ``who``.

    >>> sentences("coordination.carried")[0].search("Sitä toteuttaa Lapin yliopisto.")["who"]
    'Lapin yliopisto'
    """
    found = []
    for words in wordings("sentences", concept):
        end = _SLOT_END if words.endswith("}") else r"(?!\w)"
        found.append(re.compile(rf"(?<![\w-]){pattern_of(words, named=True)}{end}"))
    return found


_SLOT_END = r"(?=\s*[.,;:•()”\"]|\s*$)"
"""What follows a name that ends a sentence's pattern."""


def source(concept: str) -> str:
    """Give the alternatives of a concept of running text, the longest first, for use inside a larger pattern."""
    return _alternation(wordings("cues", concept))


def _alternation(words: list[str]) -> str:
    return "|".join(pattern_of(one) for one in sorted(set(words), key=lambda one: (-len(one), one)))


def _compiled(words: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{_alternation(words)})(?![\w])", re.IGNORECASE)


def find(concept: str, text: str, start: int = 0, end: int | None = None) -> list[Cue]:
    """Find every place of a text where the words of a concept stand.

    >>> [cue.words for cue in find("call.opens", "Haku avataan 3.2.2025")]
    ['avataan']
    """
    return list(_found(concept, text, start, len(text) if end is None else end))


@lru_cache(maxsize=16384)
def _found(concept: str, text: str, start: int, end: int) -> tuple[Cue, ...]:
    """The places of a concept; several readers ask for those of the same sentence."""
    return tuple(Cue(concept, match.group(), *match.span()) for match in cues()[concept].finditer(text, start, end))


def says(concept: str, text: str, start: int = 0, end: int | None = None) -> bool:
    """Tell whether the words of a concept stand in a text."""
    return _is_said(concept, text, start, len(text) if end is None else end)


@lru_cache(maxsize=16384)
def _is_said(concept: str, text: str, start: int, end: int) -> bool:
    return cues()[concept].search(text, start, end) is not None


@cache
def _labels() -> tuple[dict[str, str], re.Pattern[str], list[str], frozenset[str]]:
    """The concepts of labels by their words; one pattern of those with a ``*``, and the concept of each of its groups.

    Last come the first two letters of every label, and of the words that may stand before one: most words begin none.
    """
    plain: dict[str, str] = {}
    sources, names, begin = list[str](), list[str](), {words[:2] for words in wordings("cues", "label.qualifier")}
    for name in concepts("labels"):
        for words in wordings("labels", name):
            begin.add(words[:2])
            if "*" in words:
                sources.append(f"({pattern_of(words)})")
                names.append(name)
            else:
                plain.setdefault(fold(words), name)
    return plain, re.compile("|".join(sources), re.IGNORECASE), names, frozenset(begin)


def fold(words: str) -> str:
    """Fold a label for comparison: lower case, single blanks, no colon, number or bullet around it."""
    bare = " ".join(words.casefold().replace("\u00ad", "").split())
    return bare.lstrip("0123456789.) •–*-").rstrip(" :.?!–-")


@lru_cache(maxsize=8192)
def label(words: str) -> str | None:
    """Give the concept of a field's label or a column's heading, None where the words are no known label.

    >>> label("Hankkeen kesto:"), label("MYÖNNETTY TUKI, €")
    ('project.period', 'money.granted')
    """
    if len(words) > 90:
        return None
    bare = fold(words)
    while bare:
        found = _concept(bare)
        if found:
            return found
        shorter = _BRACKET.sub("", bare)
        if shorter == bare:
            return None
        bare = fold(shorter)
    return None


@lru_cache(maxsize=8192)
def _concept(bare: str) -> str | None:
    """The concept of a folded label, also with a word before or behind it that says nothing (``koko hankkeen budjetti``)."""
    plain, open_ended, names, begin = _labels()
    if bare in plain:
        return plain[bare]
    if found := open_ended.fullmatch(bare):
        return names[(found.lastindex or 1) - 1]
    if bare[:2] not in begin:
        return None
    for said in pattern("cues", "label.qualifier").finditer(bare):
        rest = (bare[: said.start()] + bare[said.end() :]).strip(" ,.")
        inner = _concept(rest) if rest and (said.start() == 0 or said.end() >= len(bare) - 1) else None
        if inner and inner != "body.other":
            return inner
    return _first_of_two(bare)


def _first_of_two(bare: str) -> str | None:
    """The concept of a label that names two (``rahoittaja ja toimintalinja``): the first one's, where the two belong together."""
    conjunctions = pattern("cues", "cue.and").pattern
    joined = re.compile(rf"\s{conjunctions}\s|\s?/\s?")
    for joint in () if "," in bare else joined.finditer(bare):
        one, other = _concept(bare[: joint.start()]), _concept(bare[joint.end() :])
        kinds = [concept.partition(".")[0] for concept in (one, other) if concept]
        if len(kinds) == 2 and _JOINED.issuperset(kinds) and (one, kinds[1]) != ("project.name", "body"):
            return one
    return None


_JOINED = frozenset({"project", "body", "money", "code"})


def label_at_start(words: str) -> tuple[str, int] | None:
    """Find the longest known label that begins some words, with where it ends: ``Hakuaika 1.10.–14.11.2025``.

    >>> label_at_start("Hakuaika 1.10.–14.11.2025")
    ('call.period', 8)
    """
    low = words.casefold()
    if len(low) != len(words):
        return None
    cuts = [match.start() for match in re.finditer(r"\s+|$", low[:90])]
    for cut in sorted(cuts, reverse=True):
        bare = " ".join(low[:cut].split())
        name = (label(bare) if bare.endswith(")") else _concept(bare)) if len(bare) > 3 else None
        if name:
            return name, cut
    return None


def _mark(words: str) -> str | None:
    """A heading that is no word: a currency behind one, or a column of per cents."""
    if _UNIT.fullmatch(words):
        return "unit"
    return "money.other" if words.endswith("%") and " " not in words else None


def labels_in_order(words: str) -> list[tuple[str, int, int]]:
    """Split a table's heading line whose cells are joined by blanks into known labels; empty where any word is left.

    >>> [name for name, _, _ in labels_in_order("Hankekoodi Hankkeen nimi Tuensaaja Toteutusaika")]
    ['project.code', 'project.name', 'body.applicant', 'project.period']
    """
    words_at = [match.span() for match in re.finditer(r"\S+", words)]
    best: list[list[tuple[str, int, int]] | None] = [[]] + [None] * len(words_at)
    for first in range(len(words_at)):
        before = best[first]
        if before is None:
            continue
        for last in range(first, min(first + 7, len(words_at))):
            start, end = words_at[first][0], words_at[last][1]
            name = label(words[start:end]) or _mark(words[start:end])
            known = best[last + 1]
            if name and (known is None or len(known) > len(before) + 1):
                best[last + 1] = [*before, (name, start, end)]
    return best[-1] or []


def forget() -> None:
    """Drop what was compiled and found, as where a table was changed."""
    for one in (cues, pattern, sentences, _labels, label, _concept, _found, _is_said):
        one.cache_clear()


AND = pattern("cues", "cue.joint").pattern
"""The source of a pattern for the words that join two things: ``ja``, ``och``, ``and``."""
