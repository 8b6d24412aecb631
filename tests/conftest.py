"""Options of the test run, and where its garbage is collected."""

from __future__ import annotations

import gc
from itertools import count

import pytest

_RUN = count(1)
_COLLECT_EVERY = 25


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bless", action="store_true", help="write golden results instead of comparing with them")


def pytest_configure() -> None:
    """Collect cycles between tests only.

    The engine's rows may be dropped nowhere but in the thread that made them. A caught error holds the frames it came
    through, rows among them, in a cycle; collected in the thread of some later test's server, that is a warning, so an error.
    """
    gc.disable()


def pytest_runtest_teardown() -> None:
    if next(_RUN) % _COLLECT_EVERY == 0:
        gc.collect()


@pytest.fixture
def bless(request: pytest.FixtureRequest) -> bool:
    """Whether golden results are to be written: read them before you commit them."""
    return bool(request.config.getoption("--bless"))
