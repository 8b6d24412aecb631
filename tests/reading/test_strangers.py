"""Invented pages of other publishers (tests/strangers) and the facts that a person wrote down before they were read."""

from __future__ import annotations

from bench import strangers


def test_most_facts_of_other_publishers_are_found_and_few_are_wrong() -> None:
    figures = strangers.measure()
    precision, recall = strangers.scores(figures)
    assert precision >= 0.97, figures
    assert recall >= 0.94, figures
    assert figures["money"][2] <= 2  # a wrong sum is worse than a missing one


def test_the_score_falls_with_what_is_missed_and_what_is_wrong() -> None:
    assert strangers.scores({"project": (4, 3, 1)}) == (0.75, 0.75)
