"""How alike two names are, from 0 to 1. Likeness proposes; it never decides."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from loaders.names import keys as name_key


class Spelling(NamedTuple):
    """Letter triples of a whole name, and of what is left of it without its legal form and head-word."""

    whole: frozenset[str]
    own: frozenset[str]


@lru_cache(maxsize=65536)
def spelling(name: str) -> Spelling:
    """Take a name apart for comparing."""
    base = name_key.parse(name).base
    head = name_key.head_of(base) if base else None
    bare = base[: -len(head.word)].rstrip(" -") if head and base.casefold().endswith(head.word) else base
    return Spelling(_triples(base), _triples(bare if len(bare) > 2 else base))


def likeness(one: str, other: str) -> float:
    """Names are alike if they are as a whole and in what sets each apart from others of its kind.

    >>> likeness("Turun yliopisto", "Turun yliopisto oy"), likeness("Turun yliopisto", "Oulun yliopisto") < 0.6
    (1.0, True)
    """
    first, second = spelling(one), spelling(other)
    return (_dice(first.whole, second.whole) + _dice(first.own, second.own)) / 2


def _triples(name: str) -> frozenset[str]:
    text = f"  {name_key.fold(name)} "
    return frozenset(text[i : i + 3] for i in range(len(text) - 2))


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))
