"""Every compiled pattern of the code on long runs of each class of characters: time may grow with the length, no faster.

A cell of 200,000 signs or a line of a megabyte is one line of a hostile file; a pattern that tries every end for every
beginning takes minutes over it.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
import time
from collections.abc import Iterator
from functools import cache

import pytest

from loaders.isolation import Limits, Pool

ROOMS = ("loaders", "engine", "links", "shacl", "commands", "web")
RUNS = (
    *"aA1 .,;:-_/()[]{}<>\"'=@|&+*#%€–•\u00a0\u00adä\n\t\x0c\\",
    *(
        "a ",
        "a.",
        "a,",
        "1 ",
        "1.",
        "1,",
        "1-",
        "A ",
        "Aa ",
        "- ",
        "a\n",
        " \n",
        "1\n",
        "a@",
        "a.a@",
        "a-",
        "(a",
        "a(",
        "((1",
    ),
    *("1.1.2020 ", "1 000 ", "010 ", "http://a", "<a ", "&a;", "<!--", "-->", "a: ", "ja ", "Aa-", "€ ", "1 € ", "mil"),
)
LENGTHS = (1_000, 4_000, 16_000)
"""Signs of the runs; each four times the one before."""
QUICK = 0.004
"""Seconds under which a run says nothing of growth."""
MOST = 9.0
"""Times longer that four times the length may take, twice in a row: linear takes 4, quadratic 16."""


def modules() -> list[str]:
    names = []
    for room in ROOMS:
        package = importlib.import_module(room)
        names += [m.name for m in pkgutil.walk_packages(package.__path__, f"{room}.") if not m.name.endswith("worker")]
    return sorted(names)


def patterns(module: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every pattern at the top of a module, and those in its tables."""

    def inside(name: str, value: object, depth: int = 0) -> Iterator[tuple[str, re.Pattern[str]]]:
        if isinstance(value, re.Pattern):
            if isinstance(value.pattern, str):
                yield name, value
        elif depth < 4 and isinstance(value, dict):
            for key, one in value.items():
                yield from inside(f"{name}[{key}]", one, depth + 1)
                yield from inside(f"{name}[{key}]", key, depth + 1)
        elif depth < 4 and isinstance(value, tuple | list | set | frozenset):
            for number, one in enumerate(value):
                yield from inside(f"{name}[{number}]", one, depth + 1)

    for name, value in vars(importlib.import_module(module)).items():
        yield from inside(name, value)


@cache
def every_pattern() -> dict[re.Pattern[str], str]:
    """Pattern → where it stands, each once."""
    found: dict[re.Pattern[str], str] = {}
    for module in modules():
        for name, pattern in patterns(module):
            found.setdefault(pattern, f"{module}.{name}")
    return found


def seconds(pattern: re.Pattern[str], text: str) -> float:
    """Processor time of finding all a pattern finds in a text, and of matching it at the beginning and as a whole."""
    start = time.process_time()
    for _ in pattern.finditer(text):
        pass
    pattern.match(text)
    pattern.fullmatch(text)
    return time.process_time() - start


def grows(pattern: re.Pattern[str]) -> str | None:
    """The run on which a pattern's time grows faster than the length; None where there is none."""
    for run in RUNS:
        taken = []
        for length in LENGTHS:
            text = (run * (length // len(run)))[:length]
            taken.append(seconds(pattern, text))
            if taken[-1] > 2:
                break
        if taken[-1] < QUICK:
            continue
        # once more, longer: a busy machine may have lent its processor to others
        if taken[-1] > 2 or (taken[-1] > MOST * max(taken[-2], 1e-5) and _again(pattern, run) > MOST):
            return f"{run!r}: {', '.join(f'{t:.4f}' for t in taken)} s for {', '.join(map(str, LENGTHS))} signs"
    return None


def _again(pattern: re.Pattern[str], run: str) -> float:
    shorter, longer = ((run * (length // len(run)))[:length] for length in LENGTHS[1:])
    return min(seconds(pattern, longer) for _ in range(3)) / max(min(seconds(pattern, shorter) for _ in range(3)), 1e-5)


def slow(named: dict[re.Pattern[str], str]) -> dict[str, object]:
    """Patterns by place, with what they are slow on; each is tried within limits, for some never end."""
    with Pool(Limits(seconds=20), count=os.cpu_count() or 1) as pool:
        outcomes = pool.outcomes(grows, ((where, (pattern,)) for pattern, where in named.items()))
        return {where: run for where, run in zip(named.values(), outcomes, strict=True) if run is not None}


@pytest.mark.parametrize("room", ROOMS)
def test_no_pattern_takes_more_than_linear_time(room: str) -> None:
    assert slow({p: where for p, where in every_pattern().items() if where.startswith(f"{room}.")}) == {}


def test_the_measure_finds_quadratic_and_endless_patterns() -> None:
    given = {
        re.compile(r"\w+@\w+"): "quadratic",
        re.compile(r"(?:a+)+b"): "endless",
        re.compile(r"\d{1,3} €"): "linear",
    }
    assert slow(given).keys() == {"quadratic", "endless"}


def test_patterns_are_found_wherever_they_stand() -> None:
    assert len(every_pattern()) > 100
