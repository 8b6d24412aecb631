"""Money that a text gives to a call: the amount is of the call announced right before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from loaders.records import About, Call, Money

_NEAR = range(-2, 5)
"""A call's money stands in its sentence or in one beside it: from so many lines above it to so many below."""


def of_calls(money: Iterable[Money], calls: Sequence[Call]) -> Iterator[Money]:
    """The amounts, a call's budget about its call where one is announced near enough."""
    for one in money:
        before = [call for call in calls if one.origin.first - call.label.origin.first in _NEAR]
        if one.phase == "callBudget" and before:
            nearest = max(before, key=lambda call: call.label.origin.first)
            yield replace(one, about=About("call", nearest.key))
        else:
            yield one
