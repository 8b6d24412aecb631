"""Finnish words as people type them: folded letters, stems of inflected forms, case endings after a colon.

Swedish and English words pass through the same functions unharmed; only Finnish is stemmed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import cast

_WORD = re.compile(r"[^\W_]+(?:\+)?")
_ENDING = re.compile(r"(?<=[\w+]):[a-zåäö]{1,6}\b")
"""A case ending after an abbreviation: TEM:n, ESR+:n, STM:ltä."""
_STRONG_STEMS = (("uuden", "uusi"), ("veden", "vesi"))
"""Compounds that begin with a word whose stem changes (Uusimaa, Uudenmaan): the genitive is read as the base form."""


def fold(text: str) -> str:
    """Lower case without accents: a person without ä on the keyboard writes Hame and means Häme."""
    lower = text.casefold()
    if lower.isascii():
        return lower
    decomposed = unicodedata.normalize("NFKD", lower)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("ø", "o").replace("æ", "ae")


def words(text: str) -> list[str]:
    """The words of a text in lower case, hyphens and case endings after a colon taken off (``TEM:n`` is tem)."""
    plain = unicodedata.normalize("NFC", text).replace("\u00ad", "").casefold()
    return _WORD.findall(_ENDING.sub("", plain))


@lru_cache(maxsize=1)
def _stem_word() -> Callable[[str], str]:
    import snowballstemmer  # type: ignore[import-untyped]

    return cast("Callable[[str], str]", snowballstemmer.stemmer("finnish").stemWord)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of one lower-case word; digits and abbreviations of two letters stay as they are."""
    for genitive, base in _STRONG_STEMS:
        if word.startswith(genitive) and len(word) > len(genitive):
            word = base + word[len(genitive) :]
    if len(word) < 3 or any(c.isdigit() for c in word):
        return word
    return _stem_word()(word)


_ENDINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=[aeiouy])j$"), ""),  # yhteisöj-en: yhteisö
    (re.compile(r"(?<=.{3})([uyo])(?:st|kst|ks|s|d|t)[ei]?$"), r"\1"),  # työllisyy-s, -d-en, -t-tä; keskus, keskuks-en
)
_VOWELS = "aeiouy"
_NOUNS = re.compile(r"(?<=.{3})(?:ist|in|im|(?<=[aeiouy])m)$")
"""Adjectives in -nen (kansallin, kansallist), verbal nouns in -minen (tukem, tukemin): one ending, -is."""
_GRADES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), weak)
    for pattern, weak in (
        (r"ng$", "nk"),  # Helsingi-n: Helsinki
        (r"n[tn]$", "n"),  # viestinnä-n: viestintä
        (r"l[tl]$", "l"),
        (r"r[tr]$", "r"),
        (r"m[pm]$", "m"),
        (r"tt?$|d$", "t"),
        (r"pp?$|v$", "p"),
        (r"kk$", "k"),
    )
)


def _nominal(word: str) -> str:
    return _NOUNS.sub(lambda m: "mis" if m[0] == "m" else "is", word)


@lru_cache(maxsize=65536)
def root(word: str) -> str:
    """What the forms of one lower-case word have in common: its folded stem, consonants in one grade, end vowels off.

    Coarser than :func:`stem` (työllisyys and työllisyyden, Helsinki and Helsingin meet; a few different
    words meet too), so search ranks it below the word itself.
    """
    found = fold(stem(word))
    if len(found) < 4:
        return found
    for pattern, ending in _ENDINGS:
        found = pattern.sub(ending, found)
    bare = found.rstrip(_VOWELS)
    found = _nominal(bare if len(bare) >= 3 else found[: max(len(bare) + 1, 3)])
    for pattern, weak in _GRADES:
        weakened = pattern.sub(weak, found)
        if weakened != found:
            found = weakened
            break
    return _nominal(found)


def roots(text: str) -> list[str]:
    """Roots of a text's words, in order."""
    return [root(w) for w in words(text)]
