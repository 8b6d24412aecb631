"""No regular expression of the product costs more than linear time on any text: each is tried on runs made to hurt it."""

from __future__ import annotations

import pytest

from tests.robust.patterns import grows

QUADRATIC = [
    (r"\s*\(.*\)$", "search"),
    (r"(?:a+)+b", "match"),
    (r"\w+@\w+", "search"),
    (r"x[^z]*y", "search"),
    (r"\s*:?\s*$", "match"),
    (r"(?:ab)+c", "search"),
]
LINEAR = [(r"(?<!\s)\s+$", "search"), (r"\w{1,30}@", "search"), (r"\s*:?\s*", "match"), (r"\d{4}-\d\d", "search")]


@pytest.mark.parametrize(("pattern", "call"), QUADRATIC)
def test_a_pattern_of_more_than_linear_cost_is_found(pattern: str, call: str) -> None:
    assert grows(pattern, 0, frozenset({call}))


@pytest.mark.parametrize(("pattern", "call"), LINEAR)
def test_a_linear_pattern_is_none(pattern: str, call: str) -> None:
    assert grows(pattern, 0, frozenset({call})) is None
