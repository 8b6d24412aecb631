"""Authorities named in running text, in any case form: ELY Centres and their successors, ministries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from loaders.names import Registry, nominative, repair

_CAPITAL = r"[A-ZÅÄÖ][\wåäö]*"
_AREA = rf"(?!The\s){_CAPITAL}(?:-\s?{_CAPITAL})?"
_AUTHORITY = re.compile(
    rf"(?<!\w)(?:{_AREA}\s+(?:ELY-?\s?[Kk]esku\w*|ELY(?::\w+)?(?![\w-]|\s+Centre)|elinvoimakesku\w*|"
    r"elinkeino-,\s+liikenne-\s+ja\s+ympäristökesku\w*|liit(?:to|on|olle|ossa|osta)(?!\w))|"
    rf"(?:[Tt]he\s+)?ELY\s+Centre\s+(?:for|of|in)\s+{_AREA}(?:\s+{_CAPITAL})?|"
    rf"(?:[Tt]he\s+)?{_AREA}(?:\s+{_AREA})?\s+(?:ELY\s+Centre|Centre\s+for\s+Economic\s+Development,\s+Transport\s+and\s+the\s+Environment)|"
    rf"(?:[Tt]he\s+)?Centre\s+for\s+Economic\s+Development,\s+Transport\s+and\s+the\s+Environment(?:\s+\(ELY\s+Centre\))?\s+(?:for|of|in)\s+{_AREA}(?:\s+{_CAPITAL})?|"
    rf"(?:[Nn]ärings-,\s+trafik-\s+och\s+miljöcentralen|NTM-centralen)\s+i\s+{_AREA}(?:\s+{_CAPITAL})?)"
)
_MINISTRY = re.compile(
    r"(?<![\w-])(?:(?:\w+-,?\s+(?:ja|och)\s+)?\w*(?:ministeriö|ministeriet)\w*|"
    r"(?:[Tt]he\s+)?Ministry\s+of\s+(?:the\s+)?[A-Z]\w+(?:(?:,\s+|\s+and\s+(?:the\s+)?|\s+)(?!Ministry)[A-Z]\w+)*|"
    r"[A-ZÅÄÖ]{2,4}(?::[a-zäö]{1,5})?(?![\w-]))"
)


@dataclass(frozen=True, slots=True)
class Body:
    """An authority in a text: its name in the nominative and the span of its words."""

    name: str
    start: int
    end: int


def authorities(text: str, start: int = 0, end: int | None = None) -> list[Body]:
    """ELY Centres (and elinvoimakeskus bodies) named in a span of a text, in Finnish, Swedish or English."""
    return [
        Body(nominative(_bare(match.group())), *match.span())
        for match in _AUTHORITY.finditer(text, start, len(text) if end is None else end)
    ]


def ministries(text: str, start: int = 0, end: int | None = None) -> list[Body]:
    """Ministries named in a span of a text, by name or abbreviation."""
    return list(_ministries(text, start, len(text) if end is None else end))


def _ministries(text: str, start: int, end: int) -> Iterator[Body]:
    registry = Registry.load()
    for match in _MINISTRY.finditer(text, start, end):
        for words, low in _longest_first(match.group()):
            name = nominative(_bare(words))
            if registry.ministry(name):
                yield Body(name, match.start() + low, match.start() + low + len(words))
                break


def _longest_first(words: str) -> Iterator[tuple[str, int]]:
    """A match and what is left of it when words at its end are given up (``Ministry of the Environment and Finland``)."""
    yield words, 0
    for cut in reversed([m.start() for m in re.finditer(r",?\s+", words)][3:]):
        yield words[:cut], 0


def _bare(words: str) -> str:
    return re.sub(r"^[Tt]he\s+", "", repair(words))
