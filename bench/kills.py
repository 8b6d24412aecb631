"""Kills at random moments of all that writes or serves: ``python -m bench.kills [WORK …] [--kills N] [--seed N]``.

A process that builds, loads, exports, publishes or serves is ended by SIGKILL at a random moment. After each kill the store must
be, statement for statement, what it was before or what the finished work gives; an exported file must be whole or not there; the
published site must be whole, the old one or the new one; after the next finished run nothing of a killed one may be left. Of
``worker`` a process that answers queries of a server is killed while it does: the client must get an answer of one line, and the
next query its rows.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine import build, inputs
from engine.output.export import export
from engine.store import current, open_store, verify
from web.publish import MARK, publish

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
    verify(current(store))
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


def _export_again(works: Sequence[Work]) -> None:
    """Run an export to its end: it takes the place of what a killed one left beside its file."""
    for work in works:
        if work.name == "export":
            os.waitpid(_started(work.run), 0)


def kills(folder: Path, count: int, seed: int, names: Sequence[str] = ()) -> Counter[str]:
    """Kill so many times; how often what was killed, finished before, and what was wrong afterwards."""
    store, out, site = folder / "store", folder / "out.nq", folder / "site"
    given = [inputs.given([path]) for path in PAGES]

    def begin() -> None:
        build.build(store, given[0], _quiet)

    works = [
        Work("build", begin),
        Work("load", lambda: build.load(store, given[1], _quiet)),
        Work("build both", lambda: build.build(store, [*given[0], *given[1]], _quiet)),
        Work("export", lambda: export(open_store(store), out, "nquads", False, False)),
        Work("publish", lambda: publish(store, site)),
    ]
    works = [work for work in works if not names or work.name in names or work.name == "build"]
    published = any(work.name == "publish" for work in works)
    for work in works:
        began = time.monotonic()
        os.waitpid(_started(work.run), 0)
        work.seconds, work.after = time.monotonic() - began, state(store)
    known, found, chance = {work.after for work in works}, Counter[str](), random.Random(seed)
    now = state(store)
    for number in range(count):
        work, before, old = chance.choice(works), now, _site(site)
        if number % 20 == 19:
            print(f"after {number}: {dict(sorted(found.items()))}", file=sys.stderr, flush=True)
        out.unlink(missing_ok=True)
        process = _started(work.run)
        time.sleep(chance.uniform(0, 1.1 * work.seconds))
        os.kill(process, signal.SIGKILL)
        killed = os.WIFSIGNALED(os.waitpid(process, 0)[1])
        found[f"{work.name}: {'killed' if killed else 'finished before'}"] += 1
        now = state(store)
        if now not in (before, work.after) or now not in known:
            found["wrong: the store is neither what it was nor what it was to be"] += 1
        if out.exists() and not out.read_bytes().endswith(b" .\n"):
            found["wrong: an exported file is cut"] += 1
        if published and ((work.name != "publish" and _site(site) != old) or not _is_whole(site)):
            found["wrong: the site is neither the old one nor a new one"] += 1
    _export_again(works)
    os.waitpid(_started(begin), 0)
    if published:
        os.waitpid(_started(lambda: publish(store, site)), 0)
    left = [path.name for path in store.iterdir() if path.name not in ("CURRENT", "LOCK")]
    beside = [path.name for path in folder.iterdir() if path.name.startswith(".")]
    if state(store) != works[0].after or len(left) > 2 or beside:
        found[f"wrong: left over after the next run: {left} {beside}"] += 1
    return found


def _site(site: Path) -> str:
    """A digest of the files of a site."""
    names = sorted(path for path in site.rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(str(path).encode() + path.read_bytes() for path in names)).hexdigest()


def _is_whole(site: Path) -> bool:
    """Whether a site has the file that is written last, and its data are as their checksums say."""
    sums = site / "data" / "SHA256SUMS"
    if not (site / MARK).exists() or not sums.exists():
        return False
    lines = (line.split("  ") for line in sums.read_text().splitlines())
    return all(hashlib.sha256((site / "data" / name).read_bytes()).hexdigest() == digest for digest, name in lines)


SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
QUICK = "SELECT ?s { ?s ?p ?o } LIMIT 1"


def kills_of_workers(folder: Path, count: int, seed: int) -> Counter[str]:
    """Kill a server's process while it answers, so many times, and the server itself once in twenty."""
    store, found, chance = folder / "served", Counter[str](), random.Random(seed)
    os.waitpid(_started(lambda: build.build(store, inputs.given([PAGES[0]]), _quiet)), 0)
    before = state(store)
    for number in range(0, count, 20):
        port = _free_port()
        server = _serving(store, port)
        for _ in range(min(20, count - number)):
            found.update(_kill_worker(server.pid, port, chance))
        server.kill()
        server.wait()
        time.sleep(1)
        found["serve: killed"] += 1
        if _children(server.pid):
            found["wrong: processes of a killed server live on"] += 1
    if state(store) != before:
        found["wrong: the served store has changed"] += 1
    return found


def _kill_worker(server: int, port: int, chance: random.Random) -> Iterator[str]:
    """Ask a server what takes long, kill the process that answers it, and ask something else."""
    asking = _started(lambda: os._exit(0 if _asked(port, SLOW) in (400, 500, 502, 503) else 9))
    victims: list[int] = []
    end = time.monotonic() + 30
    while not victims and time.monotonic() < end:
        time.sleep(chance.uniform(0.05, 0.5))
        victims = [pid for pid in _children(server) if _is_busy(pid)]
    for pid in victims[:1]:
        os.kill(pid, signal.SIGKILL)
    yield "worker: killed" if victims else "worker: none was busy"
    if os.waitstatus_to_exitcode(os.waitpid(asking, 0)[1]):
        yield "wrong: a client whose worker was killed got no answer of one line"
    if _asked(port, QUICK) != 200:
        yield "wrong: the next query failed"


def _serving(store: Path, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "graph.py", "serve", "--port", str(port), "--store", str(store), "--workers", "2"]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 120
    while _asked(port, QUICK) != 200 and time.monotonic() < end:
        time.sleep(0.2)
    return server


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _asked(port: int, query: str) -> int:
    """The status of an answer of at most one line of words; 0 for anything else."""
    url = f"http://127.0.0.1:{port}/sparql?{urllib.parse.urlencode({'query': query})}"
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        body = error.read()
        return error.code if b"Traceback" not in body else 0
    except OSError:
        return 0


def _children(process: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"\nPPid:\t{process}\n" in (folder / "status").read_text():
                found.append(int(folder.name))
    return found


def _is_busy(process: int) -> bool:
    """Whether a process takes processor time."""
    try:
        return (Path("/proc") / str(process) / "stat").read_text().rpartition(")")[2].split()[0] == "R"
    except OSError:
        return False


def main() -> None:
    """Print the counts; exit with 1 where anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("works", nargs="*", metavar="WORK", help="build, load, build both, export, publish, worker")
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    of_workers = given.kills if given.works == ["worker"] else given.kills // 10 if not given.works else 0
    for path in PAGES:
        build.extract(path)  # each fork has what reading needs then, and does not make it anew
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        found = kills_of_workers(Path(folder), of_workers, given.seed)
        if of_workers < given.kills:
            found += kills(Path(folder), given.kills - of_workers, given.seed, given.works)
    for name, number in sorted(found.items()):
        print(f"{name}: {number}")
    sys.exit(any(name.startswith("wrong") for name in found))


if __name__ == "__main__":
    main()
