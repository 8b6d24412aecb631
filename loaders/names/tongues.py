"""The language of words, and names of one thing in several languages, one below the other."""

import re
from collections import Counter
from functools import lru_cache
from itertools import combinations_with_replacement, permutations
from math import log

import pyoxigraph as ox

from loaders.data import LANGUAGES, folder

_MOST = 12
"""No cell of names has more lines."""
_ENOUGH = 2_000
"""More letters than these change no guess."""


@lru_cache(maxsize=1)
def _letters() -> dict[str, dict[str, float]]:
    """How likely three letters in a row are in each language, by the labels of the shipped vocabularies."""
    counts: dict[str, Counter[str]] = {lang: Counter() for lang in LANGUAGES}
    for path in sorted(folder("ontology").glob("*.ttl")):
        for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE):
            literal = quad.object
            if isinstance(literal, ox.Literal) and literal.language in counts:
                counts[literal.language].update(_threes(literal.value))
    seen = len(set().union(*counts.values()))
    unseen = {lang: -log(count.total() + seen) for lang, count in counts.items()}
    return {
        lang: {"": unseen[lang]} | {three: log(n + 1) + unseen[lang] for three, n in count.items()}
        for lang, count in counts.items()
    }


def _threes(words: str) -> list[str]:
    spaced = " " + " ".join(re.findall(r"[^\W\d_]+", words.lower())) + " "
    return [spaced[n : n + 3] for n in range(len(spaced) - 2)]


def _score(words: str, lang: str) -> float:
    likely = _letters()[lang]
    return sum(likely.get(three, likely[""]) for three in _threes(words[:_ENOUGH]))


def guess(words: str) -> str:
    """The likeliest language of some words; Finnish where nothing tells."""
    return max(LANGUAGES, key=lambda lang: _score(words, lang))


def tongues(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """Cut lines of a text into a name a language, the first one Finnish; a name may take lines."""
    lines = [(start + m.start(), start + m.end()) for m in re.finditer(r"\S[^\n]*", text[start:end])][:_MOST]
    scores = [{lang: _score(text[low:high], lang) for lang in LANGUAGES} for low, high in lines]
    ways = [
        way
        for order in permutations(LANGUAGES[1:])
        for way in combinations_with_replacement(("fi", *order), len(lines))
    ]
    best = max(
        (way for way in ways if way[:1] in ((), ("fi",))),
        key=lambda way: sum(score[lang] for score, lang in zip(scores, way, strict=True)),
    )
    runs: list[tuple[str, int, int]] = []
    for (low, high), label in zip(lines, best, strict=True):
        if runs and runs[-1][0] == label:
            runs[-1] = (label, runs[-1][1], high)
        else:
            runs.append((label, low, high))
    return runs
