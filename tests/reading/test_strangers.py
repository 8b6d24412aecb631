"""Invented pages of other publishers (tests/strangers) and the facts that a person wrote down before they were read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import strangers
from loaders import choose
from loaders.document import pages
from loaders.records import Reading
from tests import layoutpages

EXCERPTS = sorted((Path(__file__).parents[2] / "sources").glob("*.txt"))
MISREAD = Path(__file__).parents[1] / "golden" / "strangers.txt"


READ = MISREAD.with_name("readings.txt")


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading | None]:
    return strangers.readings()


@pytest.fixture(scope="module")
def facts(readings: dict[str, Reading | None]) -> dict[str, tuple[set[strangers.Fact], set[strangers.Fact]]]:
    return strangers.read(readings)


@pytest.mark.slow
def test_most_facts_of_other_publishers_are_found_and_few_are_wrong(
    facts: dict[str, tuple[set[strangers.Fact], set[strangers.Fact]]],
) -> None:
    figures = strangers.measure(facts)
    precision, recall = strangers.scores(figures)
    assert precision >= 0.97, figures
    assert recall >= 0.94, figures
    assert figures["money"][2] <= 2  # a wrong sum is worse than a missing one


@pytest.mark.slow
def test_what_is_misread_is_known(
    facts: dict[str, tuple[set[strangers.Fact], set[strangers.Fact]]], bless: bool
) -> None:
    lines = strangers.misread(facts)
    if bless:
        MISREAD.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    assert lines == MISREAD.read_text(encoding="utf-8").splitlines()


def described(reading: Reading | None) -> Iterator[str]:
    """A line for each record, with the lines of the page that its parts stand on, and for each part left out."""
    for record in reading.records if reading else ():
        told = json.dumps(layoutpages.told(record), ensure_ascii=False)
        yield f"{type(record).__name__} {told} {' '.join(f'{one.first}-{one.last}' for one in layoutpages.origins(record))}"
    yield from (
        (f"left out {one.first}-{one.last} {one.reason}" for one in reading.left_out) if reading else ("refused",)
    )


@pytest.mark.slow
def test_all_that_is_read_of_pages_and_excerpts_is_known(readings: dict[str, Reading | None], bless: bool) -> None:
    """Also what no person wrote down beforehand: sub-themes, target groups, languages, dates of sums, lines, what is left out."""
    found = readings | {
        path.stem: choose(document).parse(document) for path in EXCERPTS if (document := pages.read(path))
    }
    lines = [line for name, reading in found.items() for line in (f"# {name}", *described(reading))]
    if bless:
        READ.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    assert lines == READ.read_text(encoding="utf-8").splitlines()


def test_the_score_falls_with_what_is_missed_and_what_is_wrong() -> None:
    assert strangers.scores({"project": (4, 3, 1)}) == (0.75, 0.75)
