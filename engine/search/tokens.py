"""Words as an index needs them: stems in each language, compounds taken apart by the words that stand alone elsewhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import cast

from engine.search.finnish import fold, root, stem

_SHORTEST_PART = 3
_SHORTEST_HEAD = 4
"""A first part of three letters (työ, ikä) is a word of its own in many compounds; a last part is at least four."""
_LONGEST = 60
"""Letters of the longest word that is taken apart."""
_LANGUAGES = {"sv": "swedish", "en": "english"}


@lru_cache(maxsize=4)
def _stemmer(language: str) -> Callable[[str], str]:
    import snowballstemmer  # type: ignore[import-untyped]

    return cast("Callable[[str], str]", snowballstemmer.stemmer(language).stemWord)


@lru_cache(maxsize=65536)
def stems_in(word: str, language: str) -> tuple[str, ...]:
    """Folded stems of a lower-case word in a language (``fi``, ``sv``, ``en``), or in all three where it is not known."""
    if any(c.isdigit() for c in word):
        return (fold(word).replace("+", "plus"),)
    found = [stem(word)] if language not in _LANGUAGES else []
    found += [_stemmer(name)(word) for code, name in _LANGUAGES.items() if language in ("", code)]
    return tuple(dict.fromkeys(fold(s).replace("+", "plus") for s in found))


def token(word: str) -> str:
    """A word as the index holds it: folded, a plus spelt out, since the tokeniser keeps letters and digits only."""
    return fold(word).replace("+", "plus")


class Compounds:
    """Takes compounds apart: koordinaatiohanke is koordinaatio and hanke, since both stand alone somewhere."""

    def __init__(self, known: Iterable[str]) -> None:
        """Learn the words and roots that stand alone; ``known`` are lower-case words or roots."""
        self.known: set[str] = set()
        for word in known:
            if len(word) >= _SHORTEST_PART and word.isalpha():
                self.known.update((fold(word), root(word)))

    @classmethod
    def known_in(cls, index: sqlite3.Connection, words: Iterable[str]) -> Compounds:
        """Only the known words that could be a part of one of these, looked up in an index."""
        made = cls(())
        for word in words:
            halves = [half for at in range(_SHORTEST_PART, len(word)) for half in (word[:at], word[at:])]
            pieces = {piece for half in halves for piece in (fold(half), root(half))}
            marks = ", ".join("?" * len(pieces))
            made.known |= {
                w for (w,) in index.execute(f"SELECT word FROM parts WHERE word IN ({marks})", sorted(pieces))
            }
        return made

    def parts(self, word: str) -> list[str]:
        """Roots of the parts of a compound; nothing for a word that is none."""
        if not _SHORTEST_PART + _SHORTEST_HEAD <= len(word) <= _LONGEST or not word.isalpha():
            return []
        found = self._split(word)
        return [root(part) for part in found] if len(found) > 1 else []

    def _split(self, word: str) -> list[str]:
        """The word cut where both sides are known, the longest last part first; itself where there is no such place."""
        for at in range(_SHORTEST_PART, len(word) - _SHORTEST_HEAD + 1):
            first, last = word[:at], word[at:]
            if self._stands(first):
                rest = [last] if self._stands(last) else self._split(last)
                if len(rest) > 1 or self._stands(last):
                    return [first, *rest]
        return [word]

    def _stands(self, part: str) -> bool:
        folded = fold(part)
        return folded in self.known or (len(part) > _SHORTEST_HEAD and root(part) in self.known)
