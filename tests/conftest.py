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


_WHOLE = {
    "test_bulk", "test_commands", "test_commands_validate", "test_generate", "test_identity", "test_layout_copies",
    "test_linkreport", "test_links", "test_linksets", "test_operations", "test_passages", "test_planted_faults",
    "test_population", "test_queries_sources", "test_review_copies", "test_shards", "test_web_api", "test_web_commands",
    "test_web_links", "test_web_pages", "test_web_privacy", "test_web_protocol", "test_web_publish",
    "test_web_workers",
}  # fmt: skip
"""Modules that build whole stores or start servers: `make test` runs them, `make quick` does not."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of those modules as slow."""
    for item in items:
        if item.path.stem in _WHOLE:
            item.add_marker(pytest.mark.slow)


def pytest_runtest_teardown() -> None:
    if next(_RUN) % _COLLECT_EVERY == 0:
        gc.collect()


@pytest.fixture
def bless(request: pytest.FixtureRequest) -> bool:
    """Whether golden results are to be written: read them before you commit them."""
    return bool(request.config.getoption("--bless"))
