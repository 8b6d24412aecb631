"""A test of many cases fails if one of them does, says which, and tries the others too."""

from __future__ import annotations

import inspect

import pytest

from tests.cases import each


def test_every_case_is_tried_and_each_that_fails_is_named() -> None:
    tried = []

    @each(("number", "half"), [(2, 1), (3, 1), (4, 2), (5, 2)], ids=["two", "three", "four", "five"])
    def halves(number: int, half: int, of: list[int]) -> None:
        of.append(number)
        assert number == 2 * half

    assert list(inspect.signature(halves).parameters) == ["of"]
    with pytest.raises(ExceptionGroup, match="2 of 4 cases") as caught:
        halves(of=tried)
    assert [error.__notes__ for error in caught.value.exceptions] == [["with three"], ["with five"]]
    assert tried == [2, 3, 4, 5]


def test_cases_of_cases_and_a_test_without_one() -> None:
    seen = []

    @each("a", [1, 2])
    @each("b", "xy")
    def both(a: int, b: str) -> None:
        seen.append((a, b))

    both()
    assert seen == [(1, "x"), (1, "y"), (2, "x"), (2, "y")]
    with pytest.raises(AssertionError, match="without cases"):
        each("a", [])
