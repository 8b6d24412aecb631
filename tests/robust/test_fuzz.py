"""A few mutated files for each reader, and a few kills; many by ``make fuzz`` and ``make kills``."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.fuzz import KINDS, fuzz, seeds
from bench.kills import kills


@pytest.mark.parametrize("kind", KINDS)
def test_seeds_are_read_as_they_are(kind: str, tmp_path: Path) -> None:
    """A seed that its reader refuses would show nothing."""
    _, reader, suffix = KINDS[kind]
    path = tmp_path / f"seed{suffix}"
    path.write_bytes(seeds(kind)[0])
    reader(path)


@pytest.mark.parametrize("kind", KINDS)
def test_no_reader_stumbles_on_mutated_files(kind: str) -> None:
    for number, outcome, seconds in fuzz(kind, 4, seed=7):
        assert "reader fails" not in outcome, (kind, number, outcome)
        assert "status" not in outcome, (kind, number, outcome)
        assert seconds < 300, (kind, number)


@pytest.mark.slow
def test_kills_lose_nothing(tmp_path: Path) -> None:
    found = kills(tmp_path, 20, seed=3)
    assert not [name for name in found if name.startswith("wrong")], found
