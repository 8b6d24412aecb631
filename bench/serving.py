"""``teemagraafi serve`` against ``oxigraph serve`` on the same store: ``python -m bench.serving [--projects N] [--rounds N]``.

Requests a second of a small query on kept connections, and rows a second of a result of 100 000 rows as JSON and as CSV, the
two servers by turns in every round; ratios are medians with the least and the greatest beside them. The same ratios of
processor seconds hardly change on a busy machine. ``oxigraph`` is the program of the package of that name; where it is not
on the path, the package is installed into a folder of the measurement.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from bench.queries import graph
from engine.store import current, replacing, write_quads

ROWS = 100_000
GOALS = {"first": 0.4, "joined": 0.4, "json": 0.9, "csv": 0.9}
MEDIA = {"json": "application/sparql-results+json", "csv": "text/csv"}
WHAT = {
    "first": "small query of one pattern, never asked before, requests/s",
    "joined": "small query of two patterns, never asked before, requests/s",
    "json": "100 000 rows as JSON, rows/s",
    "csv": "100 000 rows as CSV, rows/s",
}
MARK = b"40000000"
"""Stands in a request for a number that makes its query another one without changing the answer."""
SMALL = (
    "PREFIX tg: <https://w3id.org/teemagraafi/def#> SELECT ?p ?o WHERE {{ "
    "<https://w3id.org/teemagraafi/id/project/{name}> ?p ?o }} LIMIT 40000000"
)
JOINED = SMALL.replace("?p ?o }}", "tg:participation ?part . ?part ?p ?o }}")
LARGE = f"SELECT ?s ?p ?o WHERE {{ ?s ?p ?o }} LIMIT {ROWS}"
SHARE = 2
"""Clients that send small queries at once, each a process with a connection of its own."""

Figures = dict[str, tuple[float, float]]
"""What is done in a second of time, and in a second of the server's processors."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its process, its port, and the path of its endpoint."""

    process: int
    port: int
    path: str

    def request(self, query: str, media: str) -> bytes:
        lines = (f"GET {self.path}?query={quote(query, safe='')} HTTP/1.1", "Host: 127.0.0.1", f"Accept: {media}")
        return "\r\n".join((*lines, "", "")).encode()


class Client:
    """A kept connection that sends bytes and reads one whole answer."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=300)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._stream = self._socket.makefile("rb", buffering=1 << 18)

    def close(self) -> None:
        self._stream.close()
        self._socket.close()

    def ask(self, sent: bytes) -> bytes:
        self._socket.sendall(sent)
        status = self._stream.readline()
        if b" 200 " not in status:
            raise SystemExit(f"the server answered {status.decode().strip()}")
        length = None
        while (line := self._stream.readline()) not in (b"\r\n", b""):
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        return self._stream.read(length) if length is not None else b"".join(self._chunks())

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self._stream.readline(), 16):
            yield self._stream.read(size)
            self._stream.readline()
        self._stream.readline()


def _send(port: int, sent: list[bytes], seconds: float, first: int, told: multiprocessing.Queue[int]) -> None:
    client, done, end = Client(port), 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        one = sent[done % len(sent)]
        client.ask(one.replace(MARK, str(first + done).encode()))
        done += 1
    told.put(done)


def small(server: Server, names: list[str], seconds: float, first: int, query: str = SMALL) -> int:
    """Number of small queries answered, each another than all before: they are numbered from ``first``."""
    sent = [server.request(query.format(name=name), MEDIA["json"]) for name in names]
    told: multiprocessing.Queue[int] = multiprocessing.Queue()
    numbers = [first + 1_000_000 * n for n in range(SHARE)]
    clients = [multiprocessing.Process(target=_send, args=(server.port, sent, seconds, n, told)) for n in numbers]
    for client in clients:
        client.start()
    total = sum(told.get(timeout=seconds + 300) for _ in clients)
    for client in clients:
        client.join()
    return total


def large(server: Server, media: str) -> bytes:
    client = Client(server.port)
    body = client.ask(server.request(LARGE, media))
    client.close()
    return body


def warmed(server: Server) -> list[int]:
    """Lines of several large answers asked for at once: a process that has answered none yet has to read the store first.

    Ours has a process for each of so many queries, the other one for all; both are measured as they are after a minute's use.
    """
    with ThreadPoolExecutor(SHARE) as clients:
        return [body.count(b"\r\n") for body in clients.map(lambda _: large(server, MEDIA["csv"]), range(2 * SHARE))]


def processor_seconds(process: int) -> float:
    """What a process and those it started have taken so far (Linux)."""
    spent = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    children: list[int] = []
    for task in Path(f"/proc/{process}/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that ended meanwhile
            children += map(int, (task / "children").read_text().split())
    own = (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(map(processor_seconds, children))


def rate(server: Server, work: Callable[[], float]) -> tuple[float, float]:
    spent, started = processor_seconds(server.process), time.perf_counter()
    done = work()
    taken = time.perf_counter() - started
    return done / taken, done / max(processor_seconds(server.process) - spent, 0.01)


def measure(server: Server, names: list[str], seconds: float, turn: int) -> Figures:
    def rows(media: str) -> float:
        for _ in range(3):  # the system counts processor time in steps of 10 ms
            large(server, media)
        return 3 * ROWS

    first = rate(server, lambda: small(server, names, seconds, 10_000_000 * (turn + 1)))
    joined = rate(server, lambda: small(server, names, seconds, 10_000_000 * (turn + 1), JOINED))
    found = {kind: rate(server, lambda media=media: rows(media)) for kind, media in MEDIA.items()}  # type: ignore[misc]
    return {"first": first, "joined": joined, **found}


@contextmanager
def running(command: list[str], port: int, path: str) -> Iterator[Server]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(1200):
            if process.poll() is not None:
                raise SystemExit(f"{command[0]} ended before it answered")
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield Server(process.pid, port, path)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def oxigraph(folder: Path) -> str:
    """The program; installed into ``folder`` where the path has none."""
    if found := shutil.which("oxigraph"):
        return found
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    subprocess.run([str(folder / "bin" / "pip"), "install", "--quiet", "oxigraph"], check=True)
    return str(folder / "bin" / "oxigraph")


@contextmanager
def both(root: Path, projects: int) -> Iterator[tuple[Server, Server]]:
    """Ours and the other, each on its own copy of one store."""
    with replacing(root / "store") as version:
        write_quads(version, (quad.line() for quad in graph(projects)))
    shutil.copytree(current(root / "store").data, root / "copy")
    ours, theirs, program = free_port(), free_port(), oxigraph(root / "oxigraph")
    serve = [sys.executable, "-m", "graph", "serve", "--store", str(root / "store"), "--port", str(ours)]
    other = [program, "serve-read-only", "--location", str(root / "copy"), "--bind", f"127.0.0.1:{theirs}"]
    with running(serve, ours, "/sparql") as one, running(other, theirs, "/query") as two:
        yield one, two


def report(rounds: list[tuple[Figures, Figures]]) -> str:
    lines = ["| what | ours | oxigraph serve | ratio (least – greatest) | of processor seconds | goal |"]
    lines += ["| --- | --- | --- | --- | --- | --- |"]
    for kind, goal in GOALS.items():
        ours, theirs = (f"{statistics.median(r[n][kind][0] for r in rounds):,.0f}".replace(",", " ") for n in (0, 1))
        time_, processors = (spread([a[kind][n] / b[kind][n] for a, b in rounds]) for n in (0, 1))
        lines.append(f"| {WHAT[kind]} | {ours} | {theirs} | {time_} | {processors} | ≥ {goal} × |")
    return "\n".join(lines)


def spread(ratios: list[float]) -> str:
    return f"{statistics.median(ratios):.2f} × ({min(ratios):.2f} – {max(ratios):.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=5000, help="of the invented graph: about 40 triples each")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=4.0, help="of small queries a round and server")
    asked = parser.parse_args()
    rounds: list[tuple[Figures, Figures]] = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        servers = opened.enter_context(both(Path(folder), asked.projects))
        if {size for server in servers for size in warmed(server)} != {ROWS + 1}:
            raise SystemExit(f"the graph has fewer than {ROWS} triples: give more --projects")
        names = [f"S{n}" for n in range(0, asked.projects, max(1, asked.projects // 500))]
        for turn in range(asked.rounds):
            order = servers if turn % 2 == 0 else servers[::-1]
            found = {server: measure(server, names, asked.seconds, turn) for server in order}
            rounds.append((found[servers[0]], found[servers[1]]))
            told = (f"{kind} {rounds[-1][0][kind][0] / rounds[-1][1][kind][0]:.2f}" for kind in GOALS)
            print(f"round {turn + 1}: {', '.join(told)}", file=sys.stderr)
    print(report(rounds))


if __name__ == "__main__":
    main()
