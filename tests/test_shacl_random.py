"""Random shapes and data: the library gives what the recommendation's definitions give, worked out without SPARQL."""

from __future__ import annotations

import pytest

from bench.shacl_random import difference


@pytest.mark.parametrize("start", range(0, 300, 50))
def test_random_cases_equal_the_standard(start: int) -> None:
    assert [text for seed in range(start, start + 50) if (text := difference(seed))] == []
