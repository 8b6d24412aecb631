"""Options of the test run, stores that every test may read, and where garbage is collected."""

from __future__ import annotations

import fcntl
import gc
import os
import pickle
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from loaders import isolation
from loaders.document.lines import Document
from loaders.errors import SourceError

_MANY = 200_000
"""Objects that tests have left behind, some of which are in cycles."""
_ROOM = 4 << 30
"""Bytes; the files of a whole run take less than a fifth of it, and those of tests that pass are deleted."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bless", action="store_true", help="write golden results instead of comparing with them")


def pytest_configure() -> None:
    """Collect cycles between tests only.

    The engine's rows may be dropped nowhere but in the thread that made them. A caught error holds the frames it came
    through, rows among them, in a cycle; collected in the thread of some later test's server, that is a warning, so an error.
    """
    gc.disable()
    # a store waits for the disk some thirty times while it is written; a memory file system does not let it wait
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))
    # how long an example takes says more of the machine than of the code
    settings.register_profile("no deadline", deadline=None)
    settings.load_profile("no deadline")


_WHOLE = {
    "links/test_sets", "links/test_shipped_sets", "output/test_export", "query/test_result",
    "robust/test_fuzz", "robust/test_hostile", "robust/test_isolation", "robust/test_patterns", "test_bulk",
    "test_commands", "test_commands_validate", "test_cube", "test_generate", "test_identity", "test_layout_copies",
    "test_passages", "test_planted_faults", "test_population", "test_queries_sources",
    "test_remote", "test_review_copies", "test_shacl_random", "test_sums", "web/test_api", "web/test_clients",
    "web/test_commands", "web/test_crawl", "web/test_draw", "web/test_endpoint", "web/test_lent", "web/test_link_figures",
    "web/test_links", "web/test_mcp", "web/test_pages", "web/test_privacy", "web/test_protocol", "web/test_publish",
    "web/test_workers",
}  # fmt: skip
"""Modules that build whole stores, start processes or servers, or try at random: `make test` runs them, `make quick` does not."""

_LONGEST = ("web/test_browser", "test_queries", "web/test_crawl", "robust/test_hostile", "test_virtuoso", "test_shapes",
            "robust/test_fuzz", "test_queries_sources", "test_commands", "test_bulk", "robust/test_patterns", "test_kin",
            "robust/test_isolation", "test_sums", "web/test_commands", "web/test_publish", "test_layouts")  # fmt: skip
"""Modules of eight seconds and more, the longest first."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What `make quick` does not run is not imported either."""
    modules = (Path(__file__).parent / f"{name}.py" for name in _WHOLE)
    return True if "not slow" in config.option.markexpr and collection_path in modules else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of those modules as slow, and let the long ones come first: no process waits for them at the end."""
    folder = Path(__file__).parent
    whole = {folder / f"{name}.py" for name in _WHOLE}
    order = {folder / f"{name}.py": place for place, name in enumerate(_LONGEST)}
    for item in items:
        if item.path in whole:
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: (order.get(item.path, len(order)), item.path not in whole))


def pytest_collection_finish() -> None:
    """What the modules of all tests hold stays to the end: no later collection looks through it again."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """The same at the end: pytest collects five times more, and finds nothing to look through."""
    gc.collect()
    gc.freeze()


def pytest_runtest_teardown() -> None:
    """Collect what tests have left since the last time; what was there then is not looked through again."""
    if gc.get_count()[0] > _MANY:
        gc.collect(1)


_OUTCOMES = isolation.Pool.outcomes
_USUAL = (isolation.Limits(), replace(isolation.Limits(), megabytes=2 * isolation.Limits().megabytes))
"""The limits of a reading, and those of a check of somebody's files."""


def outcomes_here(
    pool: isolation.Pool, function: Callable[..., Any], tasks: Iterable[tuple[str, tuple[Any, ...]]]
) -> Iterator[Any]:
    """The outcomes of a pool without its processes; one of other limits than the usual, or with a state, has them."""
    if pool.limits not in _USUAL or pool.setup:
        yield from _OUTCOMES(pool, function, tasks)
        return
    for name, arguments in tasks:
        try:
            outcome = function(*arguments)
        except Exception as error:  # noqa: BLE001 - as a reading process does
            kind, outcome = isolation._failure(error, pool.limits)
            outcome = SourceError(name, f"{outcome}: not read") if kind == "limit" else outcome
        yield isolation._raised(outcome)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Read files in this process, where a test is not about processes: to start one from here takes a second.

    tests/robust is about them; the stores of a whole run, the command line and the server in other tests have them too.
    """
    isolation.Pool.outcomes = _OUTCOMES if "robust" in item.path.parts else outcomes_here  # type: ignore[assignment,method-assign]
    return (yield)


DOCUMENTS = Path(__file__).resolve().parents[2] / "shared" / "sources" / "text"


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """What ``make`` writes to a path, made once in a run: the process that comes first makes it, the others wait for it."""
    base = factory.getbasetemp()
    folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    path, beside = folder / name, folder / f".{name}"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            make(beside)
            beside.rename(path)
    return path


@pytest.fixture(scope="session")
def shipped_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the shipped sources. It is everybody's: a test that changes a store copies it first."""
    from engine import inputs
    from engine.build import build

    return made_once(
        tmp_path_factory, "shipped.store", lambda path: build(path, inputs.shipped(), lambda message: None)
    )


@pytest.fixture(scope="session")
def documents_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the full original documents, where they lie beside the repository; to read only, as the other."""
    if not DOCUMENTS.is_dir():
        pytest.skip("the full original documents are not beside the repository")
    from engine import inputs
    from engine.build import Options, build

    def make(path: Path) -> None:
        build(path, inputs.originals(DOCUMENTS), lambda message: None, how=Options(lenient=True))

    return made_once(tmp_path_factory, "documents.store", make)


@pytest.fixture(scope="session")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Document]:
    """Reads a file as ``pages.read`` does, once in a run: a long PDF file takes seconds."""
    from loaders.document import pages

    read_file = pages.read

    def read(path: Path, identifier: str | None = None) -> Document:
        identifier = identifier or path.stem

        def make(target: Path) -> None:
            target.write_bytes(pickle.dumps(read_file(path, identifier)))

        stored = made_once(tmp_path_factory, f"{path.parent.name}-{path.name}-{identifier}.document", make)
        document: Document = pickle.loads(stored.read_bytes())
        return document

    return read


@pytest.fixture
def bless(request: pytest.FixtureRequest) -> bool:
    """Whether golden results are to be written: read them before you commit them."""
    return bool(request.config.getoption("--bless"))
