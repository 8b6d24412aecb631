"""Reading processes: what a task does not survive is one line that names the file and the limit; the others go on."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from engine.store import StoreError
from loaders.errors import SourceError
from loaders.isolation import Limits, Pool
from tests.robust import misreadings as bad

SMALL = Limits(seconds=0.1, megabytes=64, patience=600)
"""The system counts processor time in whole seconds: a task ends within one."""


@pytest.fixture(params=["one thread", "two threads"])
def pool(request: pytest.FixtureRequest) -> Iterator[Pool]:
    """A caller with one thread is forked, one with more starts a fresh interpreter: both must hold the limits."""
    over = threading.Event()
    if request.param == "two threads":
        threading.Thread(target=over.wait, daemon=True).start()
    with Pool(SMALL) as made:
        yield made
    over.set()


FAILURES: list[tuple[Callable[..., Any], str]] = [
    (bad.loop, "takes more than 0.1 s of processor time"),
    (bad.backtrack, "takes more than 0.1 s of processor time"),
    (bad.swell, "needs more than 64 MB of memory"),
    (bad.swell_wrapped, "needs more than 64 MB of memory"),
    (bad.crash, "is nested too deeply"),
    (bad.recurse, "is nested too deeply"),
    (bad.stumble, "has a form that its reader fails on (KeyError: 'kohde'"),
    (bad.leave, "ended the process that read it (status 9)"),
    (bad.panic, "has a form that the library which reads it fails on"),
    (bad.talk, "gives more than 16 MB of facts"),
]


@pytest.mark.parametrize(
    ("pool", "function", "says"),
    [("one thread", *failure) for failure in FAILURES]
    + [("two threads", *failure) for failure in FAILURES if failure[0] in (bad.loop, bad.swell, bad.crash, bad.panic)],
    indirect=["pool"],
)
def test_a_broken_limit_names_the_file_and_the_next_file_is_read(
    pool: Pool, function: Callable[..., Any], says: str
) -> None:
    with pytest.raises(SourceError) as error:
        pool.call("pommi.pdf", function)
    assert error.value.message.startswith(f"pommi.pdf: {says}")
    assert "\n" not in error.value.message
    assert error.value.exit_code == 3
    assert pool.call("hyvä.txt", bad.double, 21) == 42


def test_a_task_that_only_waits_ends_by_the_clock() -> None:
    with Pool(Limits(seconds=0.2, patience=2)) as pool, pytest.raises(SourceError, match=r"takes longer than 0\.4 s"):
        pool.call("putki.txt", bad.wait)


def test_errors_made_for_users_arrive_as_they_were(pool: Pool) -> None:
    with pytest.raises(SourceError) as error:
        pool.call("a.txt", bad.refuse)
    assert (error.value.document, error.value.line, error.value.message) == ("a.txt", 7, "a.txt:7: no words")
    with pytest.raises(StoreError, match="there is no graph here"):
        pool.call("a.txt", bad.misuse)


def test_results_come_in_the_order_of_the_tasks_beside_failures() -> None:
    tasks = [(f"{n}.txt", (n,)) for n in range(20)]
    with Pool(SMALL, count=3) as pool:
        assert list(pool.outcomes(bad.double, tasks)) == [2 * n for n in range(20)]
        outcomes = list(pool.outcomes(bad.hold, [("a", (1,)), ("b", (200,)), ("c", (2,))]))
    assert isinstance(outcomes[0], int)
    assert isinstance(outcomes[1], SourceError)
    assert isinstance(outcomes[2], int)


def test_what_large_files_leave_in_memory_does_not_count_against_the_next() -> None:
    with Pool(SMALL) as pool:
        processes = [pool.call(f"{n}.pdf", bad.hold, 20) for n in range(6)]
    assert len(set(processes)) == 6
    with Pool(SMALL) as pool:
        assert len({pool.call("a.txt", bad.process) for _ in range(6)}) == 1


def test_no_process_outlives_its_caller() -> None:
    code = (
        "import os, sys\n"
        "from loaders.isolation import Pool\n"
        "from tests.robust import misreadings as bad\n"
        "pool = Pool()\n"
        "print(pool.call('a', bad.process), flush=True)\n"
        "pool.call('a', bad.wait)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as caller:
        assert caller.stdout is not None
        reader = int(caller.stdout.readline())
        caller.kill()
    end = time.monotonic() + 20
    while time.monotonic() < end and _lives(reader):
        time.sleep(0.05)
    assert not _lives(reader)


def _lives(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def test_a_pool_leaves_no_descriptor_and_no_child() -> None:
    before = len(os.listdir("/proc/self/fd"))
    with Pool(SMALL, count=2) as pool:
        list(pool.outcomes(bad.double, [("a", (1,)), ("b", (2,)), ("c", (3,))]))
        with pytest.raises(SourceError):
            pool.call("x", bad.leave)
    assert len(os.listdir("/proc/self/fd")) == before


COST = """
import os
from loaders.isolation import Pool
from tests.robust import misreadings as bad
spent = []
for _ in range(5):
    before = sum(os.times()[:4])
    with Pool() as pool:
        pool.call("a", bad.double, 1)
    spent.append(sum(os.times()[:4]) - before)
print(min(spent))
"""


def test_a_small_task_costs_less_than_a_tenth_of_a_second() -> None:
    """Processor time, of a caller with one thread as the command line is."""
    run = subprocess.run([sys.executable, "-c", COST], capture_output=True, text=True, check=True)
    assert float(run.stdout) < 0.1
