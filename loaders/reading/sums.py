"""Amounts of a field or sentence: which of them says what, and which are only parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from loaders import mentions, phrases
from loaders.values.amounts import Amount, amounts

PHASES = ("granted", "applied", "cost", "share", "call", "framework", "minimum")
_KRONOR = re.compile(r"\s*(?:miljoner\s+)?(?:kronor|kr|SEK|NOK|DKK|USD|GBP|£)(?!\w)", re.IGNORECASE)
_RANGE = re.compile(r"\s*[-–—]\s*$")


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount and the cue that says what it is (``granted``, ``share`` …), None where nothing beside it does."""

    amount: Amount
    cue: str | None
    start: int
    end: int


def sums(text: str, start: int, end: int, *, bare: bool = False) -> Iterator[Sum]:
    """Read the amounts of a span with the nearest cue before each; kronor and ends of ranges are left alone."""
    found = [a for a in amounts(text[start:end], bare=bare) if not _KRONOR.match(text, start + a.end)]
    at = start
    for number, amount in enumerate(found):
        low, high = start + amount.start, start + amount.end
        after = found[number + 1] if number + 1 < len(found) else None
        before = found[number - 1] if number else None
        ranged = (after is not None and _RANGE.fullmatch(text, high, start + after.start)) or (
            before is not None and _RANGE.fullmatch(text, start + before.end, low)
        )
        yield Sum(amount, "minimum" if ranged else cue(text, at, low, high, end), low, high)
        at = high


def cue(text: str, start: int, low: int, high: int, end: int) -> str | None:
    """Find what an amount is said to be: the nearest cue before it, else right behind it; a place makes it a share."""
    lead = max(start, low - 90)
    best: tuple[int, str] | None = None
    for phase in PHASES:
        for found in phrases.find(f"money.{phase}", text, lead, low):
            if best is None or (found.end, phase in ("share", "minimum")) > (best[0], best[1] in ("share", "minimum")):
                best = (found.end, phase)
    if best:
        applied = phrases.find("money.applied", text, lead, low)
        if best[1] == "granted" and any(0 <= best[0] - one.end < 30 for one in applied):
            return "applied"
        return best[1]
    for phase in PHASES:
        if phase != "share" and any(
            found.start - high < 45 for found in phrases.find(f"money.{phase}", text, high, min(end, high + 60))
        ):
            return phase
    if mentions.places(text, lead, low) and start != lead:
        return "share"
    return None
