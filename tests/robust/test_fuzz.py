"""A few mutated files for each reader, and a few kills; many by ``make fuzz`` and ``make kills``."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.fuzz import KINDS, LIMITS, fuzz, seeds
from loaders.isolation import Pool

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("kind", KINDS)
def test_seeds_are_read_as_they_are(kind: str, tmp_path: Path) -> None:
    """A seed that its reader refuses would show nothing."""
    _, reader, suffix = KINDS[kind]
    path = tmp_path / f"seed{suffix}"
    path.write_bytes(seeds(kind)[0])
    reader(path)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """One process for all kinds: its libraries are loaded once."""
    with Pool(LIMITS) as made:
        yield made


@pytest.mark.parametrize("kind", KINDS)
def test_no_reader_stumbles_on_mutated_files(kind: str, pool: Pool) -> None:
    for number, outcome, seconds in fuzz(pool, kind, 4, seed=7):
        assert "reader fails" not in outcome, (kind, number, outcome)
        assert "status" not in outcome, (kind, number, outcome)
        assert seconds < 300, (kind, number)


def test_kills_lose_nothing() -> None:
    """In a process of its own: a fork of one that holds the database's threads may wait for ever.

    A load is killed in tests/test_bulk.py.
    """
    command = [sys.executable, "-m", "bench.kills", "build", "export", "--kills", "2", "--seed", "3"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "wrong" not in done.stdout
