"""Kills at random moments of builds, loads and exports: ``python -m bench.kills [--kills N] [--seed N]``.

A process that builds, loads or exports is ended by SIGKILL at a random moment. After each kill the store must be, statement for
statement, what it was before or what the finished work gives; an exported file must be whole or not there; and after the next
finished build nothing of a killed one may be left.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine import build, inputs
from engine.output.export import export
from engine.store import current, open_store, verified

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "tests" / "pages" / "theme_page.txt", ROOT / "tests" / "pages" / "theme_form.txt")


def state(store: Path) -> str:
    """A digest of all statements of a store, whose files are verified, or what is wrong with it.

    Read in a process of its own: the database's threads would be missing in what is forked later.
    """
    source, sink = os.pipe()
    process = _started(lambda: os.write(sink, _digest(store).encode()))
    os.close(sink)
    with os.fdopen(source, "rb") as answer:
        text = answer.read().decode()
    os.waitpid(process, 0)
    return text or "the store cannot be read"


def _digest(store: Path) -> str:
    verified(current(store))
    lines = sorted(str(quad) for quad in open_store(store))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@dataclass(slots=True)
class Work:
    """Something that is killed, the states it may leave, and how long it takes undisturbed."""

    name: str
    run: Callable[[], object]
    after: str = ""
    seconds: float = 0.0


def _quiet(message: str) -> None:
    pass


def _started(run: Callable[[], object]) -> int:
    process = os.fork()
    if process:
        return process
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
        run()
        os._exit(0)
    finally:
        os._exit(1)


def kills(folder: Path, count: int, seed: int) -> Counter[str]:
    """Kill so many times; how often what was killed, finished before, and what was wrong afterwards."""
    store, out = folder / "store", folder / "out.nq"
    given = [inputs.given([path]) for path in PAGES]

    def begin() -> None:
        build.build(store, given[0], _quiet)

    works = [
        Work("build", begin),
        Work("load", lambda: build.load(store, given[1], _quiet)),
        Work("build both", lambda: build.build(store, [*given[0], *given[1]], _quiet)),
        Work("export", lambda: export(open_store(store), out, "nquads", False, False)),
    ]
    for work in works:
        began = time.monotonic()
        os.waitpid(_started(work.run), 0)
        work.seconds, work.after = time.monotonic() - began, state(store)
    known, found, chance = {work.after for work in works}, Counter[str](), random.Random(seed)
    for _ in range(count):
        work, before = chance.choice(works), state(store)
        out.unlink(missing_ok=True)
        process = _started(work.run)
        time.sleep(chance.uniform(0, 1.1 * work.seconds))
        os.kill(process, signal.SIGKILL)
        killed = os.WIFSIGNALED(os.waitpid(process, 0)[1])
        found[f"{work.name}: {'killed' if killed else 'finished before'}"] += 1
        now = state(store)
        if now not in (before, work.after) or now not in known:
            found["wrong: the store is neither what it was nor what it was to be"] += 1
        if out.exists() and out.stat().st_size == 0:
            found["wrong: an exported file is empty"] += 1
    os.waitpid(_started(begin), 0)
    left = [path.name for path in store.iterdir() if path.name not in ("CURRENT", "LOCK")]
    if state(store) != works[0].after or len(left) > 2:
        found[f"wrong: left over after the next build: {left}"] += 1
    return found


def main() -> None:
    """Print the counts; exit with 1 where anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        found = kills(Path(folder), given.kills, given.seed)
    for name, number in sorted(found.items()):
        print(f"{name}: {number}")
    sys.exit(any(name.startswith("wrong") for name in found))


if __name__ == "__main__":
    main()
