"""How many projects each part of a whole has: ``Viidessä hankkeessa … on päätoteuttajana, neljässä osatoteuttajana ja …``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby

from loaders import fields
from loaders.records import About, Count
from loaders.text import Span

MEASURE = "projectsInPart"
_WORD = r"yhdessä|kahdessa|kolmessa|neljässä|viidessä|kuudessa|seitsemässä|kahdeksassa|yhdeksässä|kymmenessä"
_NUMBER = re.compile(rf"\b(?P<n>{_WORD})\b(?P<of>\s+hank(?:keista|keessa)\b)?(?P<other>\s+\w+ss[aä]\b)?", re.IGNORECASE)
_END = re.compile(rf"[,;.]|\s+(?:ja|sekä)\s+|(?=\b(?:{_WORD})\b)", re.IGNORECASE)
_LEAST = 3
"""Two numbers side by side may speak of anything; three are a breakdown."""


def breakdowns(sentences: Iterable[Span], about: About) -> Iterator[Count]:
    """The counts of every breakdown: of a run of sentences that only count projects, in one passage."""
    for counting, run in groupby(sentences, key=lambda sentence: bool(_parts(sentence))):
        parts = [part for sentence in run for part in _parts(sentence)] if counting else []
        if len(parts) >= _LEAST:
            whole = parts[0].to(parts[-1]).origin()
            for part in parts:
                number = fields.number_word(part.text.split()[0])
                yield Count(about, MEASURE, Decimal(number or 0), whole, basis=part.words)


def _parts(sentence: Span) -> list[Span]:
    """Each number with the words up to the next; none where one of them counts something else or no project is named."""
    found = list(_NUMBER.finditer(sentence.text))
    if not any(match["of"] for match in found) or any(match["other"] for match in found):
        return []
    return [sentence.sub(match.start(), _until(sentence.text, match.end())).strip() for match in found]


def _until(text: str, start: int) -> int:
    end = _END.search(text, start)
    return end.start() if end else len(text)
