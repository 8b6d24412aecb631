"""Amounts of a field or sentence: which of them says what, and which are only parts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from loaders import mentions, phrases
from loaders.values.amounts import Amount, amounts

_CUES = ("granted", "applied", "cost", "share", "call", "framework", "committed", "paid", "minimum")
"""What an amount may be said to be, by the names of the cues ``money.*``; of two at one place the first decides."""
_KRONOR = re.compile(r"\s*(?:miljoner\s+)?(?:kronor|kr|SEK|NOK|DKK|USD|GBP|£)(?!\w)", re.IGNORECASE)
_RANGE = re.compile(r"\s*[-–—]\s*$")


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount and the cue that says what it is (``granted``, ``share`` …), None where nothing beside it does.

    ``scope`` is the notation of whose money it counts, where words near it say so.
    """

    amount: Amount
    cue: str | None
    start: int
    end: int
    scope: str | None = None


_SCOPES = {"municipal": "eu-state-municipal", "state": "eu-state", "public": "total-public"}


def scope_of(text: str, start: int = 0, end: int | None = None, *, alone: bool = False) -> str | None:
    """Find whose money some words speak of: the EU's and the state's, or all public money.

    ``alone`` where the words speak of money anyway, so that the word for public is enough.

    >>> scope_of("Toteutunut julkinen rahoitus yhteensä")
    'total-public'
    """
    found = (value for name, value in _SCOPES.items() if phrases.says(f"scope.{name}", text, start, end))
    return next(found, "total-public" if alone and phrases.says("scope.public_alone", text, start, end) else None)


def holds_sum(text: str, start: int, end: int) -> bool:
    """Tell whether a span states a sum."""
    return bool(sums(text, start, end))


@lru_cache(maxsize=64)
def sums(text: str, start: int, end: int, *, bare: bool = False) -> tuple[Sum, ...]:
    """Read the amounts of a span with the nearest cue before each; kronor and ends of ranges are left alone."""
    return tuple(_sums(text, start, end, bare=bare))


def _sums(text: str, start: int, end: int, *, bare: bool) -> Iterator[Sum]:
    found = [a for a in amounts(text[start:end], bare=bare) if not is_foreign(text, start + a.end)]
    at = start
    for number, amount in enumerate(found):
        low, high = start + amount.start, start + amount.end
        after = found[number + 1] if number + 1 < len(found) else None
        before = found[number - 1] if number else None
        ranged = (after is not None and _RANGE.fullmatch(text, high, start + after.start)) or (
            before is not None and _RANGE.fullmatch(text, start + before.end, low)
        )
        scope = scope_of(text, max(at, low - 90), low) or scope_of(text, high, min(end, high + 40))
        yield Sum(amount, "minimum" if ranged else cue(text, at, low, high, end), low, high, scope)
        at = high


def column_sums(text: str, low: int, high: int, scale: Decimal) -> list[Sum]:
    """Read the amounts of a cell; a bare number stands for so many euros as the ``scale`` of its column says.

    >>> [str(one.amount.value) for one in column_sums("1,5", 0, 3, Decimal(10**6))]
    ['1500000']
    """
    found = list(sums(text, low, high, bare=True))
    unit = " milj. €" if scale == 10**6 else " t€"
    if not any(one.amount.unit for one in found) and scale != 1:
        found = [
            Sum(
                replace(one, words=one.words.removesuffix(unit), unit=False),
                None,
                low + one.start,
                min(high, low + one.end),
            )
            for one in amounts(text[low:high].rstrip() + unit)
        ]
    return found


def is_support(text: str, start: int, one: Sum) -> bool:
    """Tell whether the words before a sum that no other cue explains say that it is a project's funding (``rahoitus on``)."""
    return one.cue is None and phrases.says("money.support", text, max(start, one.start - 40), one.start)


def is_foreign(text: str, end: int) -> bool:
    """Tell whether another currency stands behind an amount."""
    return _KRONOR.match(text, end) is not None


def cue(text: str, start: int, low: int, high: int, end: int) -> str | None:
    """Find what an amount is said to be: the nearest cue before it, else right behind it; a place makes it a share."""
    lead = max(start, low - 90)
    best = max(
        (
            (found.end, -found.start, name in ("share", "minimum"), -order, name)
            for order, name in enumerate(_CUES)
            for found in phrases.find(f"money.{name}", text, lead, low)
        ),
        default=None,
    )
    if phrases.pattern("cues", "money.difference").match(text, high + 1, end):
        return "minimum"  # ``8 200 euroa alle budjetin``
    if best and best[-1] == "cost" and _is_share(text, lead, -best[1]):
        return "share"
    if best and best[-1] == "framework":  # ``av temats finansiering har 9 miljoner euro bundits``
        after = _BEHIND.match(text, high, end)
        said = (name for name in ("committed", "paid") if after and phrases.says(f"money.{name}", after.group()))
        return next(said, "framework")
    if best:
        applied = phrases.find("money.applied", text, lead, low)
        if best[-1] == "granted" and any(0 <= best[0] - one.end < 30 for one in applied):
            return "applied"
        return best[-1]
    clause = _CLAUSE.search(text, high, min(end, high + 60))  # what stands in a bracket is said of the sum in it
    behind = clause.start() if clause else min(end, high + 60)
    for name in _CUES:
        if name != "share" and any(
            found.start - high < 45 for found in phrases.find(f"money.{name}", text, high, behind)
        ):
            return name
    if phrases.find("money.got", text, start, low):
        return "granted"
    regions = (one for one in mentions.regions(text, lead, low) if text[one.start - 1] != "(")
    if start != lead and next(regions, None):
        return "share"
    return None


def _is_share(text: str, start: int, cost: int) -> bool:
    """``Säätiön osuus budjetista``: the word for a share stands right before that for the cost."""
    return any(0 <= cost - one.end < 3 for one in phrases.find("money.share", text, start, cost))


_BEHIND = re.compile(r"[^,;.()\d]{1,40}")
_CLAUSE = re.compile(r"\(|,\s")
