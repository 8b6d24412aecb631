"""No regular expression of the product costs more than linear time on any text: each is tried on runs made to hurt it.

Those that meet files, queries and requests as they come are tried here; those that meet lines of documents, which are cut to
length before, by ``make patterns``.
"""

from __future__ import annotations

import pytest

from tests.cases import each
from tests.robust.patterns import collect, grows, meets_lines

QUADRATIC = [
    (r"(?:a+)+b", "match"),
    (r"\w+@\w+", "search"),
    (r"\s*:?\s*$", "match"),
    (r"(?:ab)+c", "search"),
]
LINEAR = [(r"(?<!\s)\s+$", "search"), (r"\w{1,30}@", "search"), (r"\s*:?\s*", "match"), (r"\d{4}-\d\d", "search")]


@pytest.mark.parametrize(("pattern", "call"), QUADRATIC)
def test_a_pattern_of_more_than_linear_cost_is_found(pattern: str, call: str) -> None:
    assert grows(pattern, 0, frozenset({call}))


@each(("pattern", "call"), LINEAR)
def test_a_linear_pattern_is_none(pattern: str, call: str) -> None:
    assert grows(pattern, 0, frozenset({call})) is None


GUARDED = {"loaders.tables.forms._CELL": "cells of 200 characters and more are no amounts"}
"""Patterns that grow, and why no long text reaches them."""


def test_no_pattern_that_meets_strangers_texts_costs_more_than_linear_time() -> None:
    growing: dict[str, str] = {}
    for (pattern, flags), use in collect().items():
        if meets_lines(use) or use.places & GUARDED.keys():
            continue
        texts = (grows(pattern, flags, frozenset(use.calls)) for _ in range(3))  # the machine may have been busy
        if all((text := found) for found in texts):
            growing[min(use.places)] = str(text)
    assert not growing
