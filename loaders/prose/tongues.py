"""Names of one thing in several languages, one below the other: which line is of which language."""

from __future__ import annotations

import re
from itertools import combinations_with_replacement

_MARKS: dict[str, re.Pattern[str]] = {
    "fi": re.compile(
        r"\b(?:ja|sekä|kohti|tai)\b|(?:minen|misen|inen|isen|uus|yys|isuus|tuki|työ|ssa|ssä|sta|stä|lla|llä|jen|iden|ien|ksi)\b|"
        r"ää|öö|yö|äy|uo\w|ii|aa|kk|uu", re.IGNORECASE),
    "sv": re.compile(
        r"\b(?:och|för|av|att|på|med|till|från|samt|är|som|i|en|ett|mot|om|vid|inom|den|det|de)\b|å|"
        r"(?:ning|ningen|het|heten|ande|skap|else|arna|erna|ska|are|tion|arbete|stöd)\b|tj|sk[aeiouäö]", re.IGNORECASE),
    "en": re.compile(
        r"\b(?:the|of|for|and|to|in|on|with|from|by|at|people|services?|support\w*|develop\w+|promot\w+)\b|"
        r"(?:ing|tion|ment|ness|ity|ies|ship|able|ful|ous|work)\b|th|w", re.IGNORECASE),
}  # fmt: skip
_ORDER = ("fi", "sv", "en")
_MOST = 12
"""No cell of names has more lines."""


def _score(words: str, lang: str) -> int:
    return len(_MARKS[lang].findall(words))


def guess(words: str) -> str:
    """The likeliest language of some words; Finnish where nothing tells."""
    return max(_ORDER, key=lambda lang: (_score(words, lang), -_ORDER.index(lang)))


def tongues(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """Cut lines of a text into a name a language, in the order Finnish, Swedish, English; a name may take lines."""
    lines = [(start + m.start(), start + m.end()) for m in re.finditer(r"\S[^\n]*", text[start:end])][:_MOST]
    labels = max(
        combinations_with_replacement(_ORDER, len(lines)),
        key=lambda labels: sum(_score(text[low:high], label) for (low, high), label in zip(lines, labels, strict=True)),
    )
    found: list[tuple[str, int, int]] = []
    for (low, high), label in zip(lines, labels, strict=True):
        if found and found[-1][0] == label:
            found[-1] = (label, found[-1][1], high)
        else:
            found.append((label, low, high))
    return found
