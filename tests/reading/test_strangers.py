"""Invented pages of other publishers (tests/strangers) and the facts that a person wrote down before they were read."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import strangers

MISREAD = Path(__file__).parents[1] / "golden" / "strangers.txt"


@pytest.fixture(scope="module")
def facts() -> dict[str, tuple[set[strangers.Fact], set[strangers.Fact]]]:
    return strangers.read()


def test_most_facts_of_other_publishers_are_found_and_few_are_wrong(
    facts: dict[str, tuple[set[strangers.Fact], set[strangers.Fact]]],
) -> None:
    figures = strangers.measure(facts)
    precision, recall = strangers.scores(figures)
    assert precision >= 0.97, figures
    assert recall >= 0.94, figures
    assert figures["money"][2] <= 2  # a wrong sum is worse than a missing one


def test_what_is_misread_is_known(
    facts: dict[str, tuple[set[strangers.Fact], set[strangers.Fact]]], bless: bool
) -> None:
    lines = strangers.misread(facts)
    if bless:
        MISREAD.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    assert lines == MISREAD.read_text(encoding="utf-8").splitlines()


def test_the_score_falls_with_what_is_missed_and_what_is_wrong() -> None:
    assert strangers.scores({"project": (4, 3, 1)}) == (0.75, 0.75)
