"""The language of a list, by the small words of its titles: enough to tag the names of its projects."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_SMALL_WORDS = {
    "fi": "ja sekä hanke kehittäminen tai oy",
    "sv": "och för av att till med en",
    "de": "und der die für des von im zur",
    "nl": "en van het voor de een op",
    "en": "and of the for in to",
    "da": "og af for til med en det",
    "fr": "et de la des les du pour l",
    "es": "y de la el los del para en",
    "it": "e di la della dei per il",
    "pt": "e de do da dos para em o",
    "pl": "i w z na oraz dla w ramach",
    "cs": "a v na pro ve se z",
    "sk": "a v na pre vo so z",
    "sl": "in za v na ter s",
    "hr": "i za u na te s",
    "hu": "és a az fejlesztése egy",
    "ro": "și si de în din pentru la",
    "bg": "и на за в от с",
    "el": "και του της για την των",
    "et": "ja ning arendamine eesti oü",
    "lv": "un par ar no attīstība sia",
    "lt": "ir į su bei plėtra uab",
    "mt": "u ta il tal fil",
}
_CLEARLY = 20
"""Small words of a language that a list of few names may hold by chance."""
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}


_OF_STATES = {
    "AT": "de", "BE": "fr nl de", "BG": "bg", "CY": "el", "CZ": "cs", "DE": "de", "DK": "da", "EE": "et", "ES": "es",
    "FI": "fi sv", "FR": "fr", "GB": "en", "GR": "el", "HR": "hr", "HU": "hu", "IE": "en", "IT": "it", "LT": "lt",
    "LU": "fr de", "LV": "lv", "MT": "mt en", "NL": "nl", "PL": "pl", "PT": "pt", "RO": "ro", "SE": "sv", "SI": "sl", "SK": "sk",
}  # fmt: skip
"""What the authorities of a state write in."""


def language_of(texts: Iterable[str], country: str | None = None) -> str:
    """The BCP 47 tag of the language most of the words belong to; ``und`` where no small word is known.

    Small words are shared by many languages: the languages of the list's own state come first unless the words are clearly of
    another.
    """
    counts = Counter(word for text in texts for word in re.findall(r"\w+", text.casefold()))
    scores = {language: sum(counts[word] for word in words) for language, words in _WORDS.items()}
    best = max(scores, key=lambda language: scores[language])
    own = max(_OF_STATES.get(country or "", "").split(), key=lambda language: scores[language], default=None)
    if own is not None and scores[best] < max(3 * scores[own], _CLEARLY):
        return own
    return best if scores[best] else "und"
