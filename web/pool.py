"""Worker processes: each request has one to itself; one that runs too long is killed and replaced.

There are two lanes, so that pages never wait for queries: ``pages`` for pages and stored questions, ``queries`` for what
clients send. Within a lane one client has at most its share of the workers while others may want them. The pool follows the
store: when a build puts a new version in its place, new workers open that one, and those of the old one finish what they do.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Coroutine
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pyoxigraph as ox

from engine import search
from engine.store import StoreError, Version, current
from loaders.errors import QueryError
from web.formats import HttpError
from web.source import Remote, public
from web.worker import FRESH, frame

_log = logging.getLogger(__name__)
_START = 60.0
"""Seconds a worker has to open its store."""
_AGAIN = 1.0
"""Seconds before another try where a worker did not start."""
PAGES, QUERIES = "pages", "queries"
_BEHIND = 10
"""How far the processes of clients' queries stand behind those of pages for the processor, as ``nice`` counts."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one query may take; a query over a limit is ended and the client told which."""

    seconds: float = 30.0
    megabytes: int = 1024
    """Memory a worker may take on beyond what it has when it starts."""
    rows: int = 1_000_000
    bytes: int = 512 * 1024 * 1024
    """Size of one serialised answer."""
    body: int = 1024 * 1024
    """Size of one request's body, and of a query in a URL."""
    wait: float = 10.0
    """Seconds a request waits for a free worker."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One server's settings."""

    store: Path
    """The store's folder; not looked at where an endpoint is named."""
    limits: Limits = field(default_factory=Limits)
    workers: int = field(default_factory=lambda: max(3, (os.cpu_count() or 2) + 1))
    """Queries answered at once."""
    page_workers: int = 2
    """Pages and stored questions answered at once, whatever queries run."""
    endpoint: str = ""
    """The SPARQL endpoint that is served instead of a store."""
    services: tuple[str, ...] = ()
    """Endpoints that a query may call with SERVICE; none by default."""
    with_contacts: bool = False
    """Whether contact persons are answered too."""
    public: str = ""
    """The address that clients reach this server at, where it is not the server's own; its path is the prefix of all pages."""
    trust_proxy: bool = False
    """Whether X-Forwarded-For, -Proto, -Host and -Prefix are believed."""
    live: bool = True
    """Whether a server answers; False while a static site is made."""
    recheck: float = 1.0
    """Seconds between looks at whether the store was built anew."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A worker's answer: its head and its bytes, in memory or in a file that is the receiver's to remove."""

    head: dict[str, Any]
    body: bytes = b""

    @property
    def status(self) -> int:
        """200, or what fits the fault."""
        return int(self.head["status"])

    @property
    def message(self) -> str:
        """What went wrong, in words for the client."""
        return str(self.head.get("message", "no reason given"))

    @property
    def file(self) -> Path | None:
        """The file of a large answer."""
        return Path(self.head["file"]) if self.head.get("file") else None


@dataclass(slots=True)
class Generation:
    """One version of the store as the pool serves it."""

    version: Version
    data: Path | str
    """The database, or an endpoint's address."""
    resources: ExitStack
    """What to let go of when no worker has this version open any more."""
    alive: int = 0
    index: Path | None = None
    """The search index, once it was asked for."""
    _name: str = field(init=False)

    def __post_init__(self) -> None:
        """Name the version by its place and its manifest."""
        manifest = self.version.path / "manifest.json"
        changed = 0 if isinstance(self.data, str) else manifest.stat().st_mtime_ns
        self._name = hashlib.sha256(f"{self.version.path.resolve()} {changed}".encode()).hexdigest()[:12]

    @property
    def tag(self) -> str:
        """Differs between versions, and between minutes of an endpoint; a part of every ETag."""
        return f"{self._name}-{time.time() // FRESH:.0f}" if isinstance(self.data, str) else self._name


class Process:
    """A worker process and the socket to it; one request at a time."""

    def __init__(self, generation: Generation, lane: str, settings: Settings, folder: str) -> None:
        """Start the process; :meth:`ready` waits until its store is open."""
        self.generation, self.lane, self._folder = generation, lane, folder
        self._socket, theirs = socket.socketpair()
        self._socket.setblocking(False)
        self._received = bytearray()
        self._head: dict[str, Any] | None = None
        self._answer: asyncio.Future[Answer] | None = None
        self._gone = False
        options = {
            "store": str(generation.data),
            "texts": str(generation.version.path),
            "folder": folder,
            "rows": settings.limits.rows,
            "bytes": settings.limits.bytes,
            "megabytes": settings.limits.megabytes,
            "nice": _BEHIND if lane == QUERIES else 0,
            "endpoint_seconds": settings.limits.seconds if settings.endpoint else None,
        }
        root = str(Path(__file__).resolve().parents[1])
        path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
        with theirs:
            self.process = subprocess.Popen(  # -P: the folder the server was started in must not shadow modules
                [sys.executable, "-P", "-m", "web.worker", str(theirs.fileno()), json.dumps(options)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path, "RUST_BACKTRACE": "0"},
            )
        asyncio.get_running_loop().add_reader(self._socket, self._read)
        generation.alive += 1

    def _read(self) -> None:
        try:
            data = self._socket.recv(1 << 18)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close()
            return
        received = self._received
        received += data
        if self._head is None:
            if len(received) < 4 or len(received) < (end := 4 + int.from_bytes(received[:4])):
                return
            self._head = msgspec.msgpack.decode(received[4:end], type=dict[str, Any])
            del received[:end]
        if len(received) < self._head.get("size", 0):
            return
        answer, self._head = Answer(self._head, bytes(received)), None
        received.clear()
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(answer)

    def _close(self) -> None:
        if not self._gone:
            self._gone = True
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()
            if self._answer is not None and not self._answer.done():
                self._answer.set_exception(EOFError())

    async def ask(self, request: bytes, seconds: float) -> Answer:
        """Send a frame and wait for its answer; EOFError if the process ends, TimeoutError after so many seconds."""
        if self._gone:
            raise EOFError
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[Answer] = loop.create_future()
        self._answer = waiting
        clock = loop.call_later(seconds, _late, waiting)
        try:
            if request:
                try:
                    sent = self._socket.send(request)
                except BlockingIOError:
                    sent = 0
                if sent < len(request):
                    await loop.sock_sendall(self._socket, request[sent:])
            return await waiting
        except (BrokenPipeError, ConnectionResetError):
            raise EOFError from None
        finally:
            clock.cancel()

    async def ready(self) -> None:
        """Wait until the store is open; StoreError if it cannot be."""
        try:
            answer = await self.ask(b"", _START)
        except (TimeoutError, EOFError):
            answer = Answer({"status": 500, "message": "the worker process did not start"})
        if answer.status != 200:
            await self.end()
            place = self.generation.data
            raise StoreError(
                answer.message
                if isinstance(place, str)
                else f"{place}: {answer.message}; build it again with: teemagraafi build"
            )

    async def end(self) -> int:
        """Kill the process if it still runs, and what it was writing; returns its exit status."""
        if self._gone:  # it ends by itself: its own status says why
            with suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(self.process.wait, 1.0)
        with suppress(ProcessLookupError):
            self.process.kill()
        status = await asyncio.to_thread(self.process.wait)
        self._close()
        for leftover in Path(self._folder).glob(f"{self.process.pid}-*"):
            leftover.unlink(missing_ok=True)
        self.generation.alive -= 1
        return status


def _late(waiting: asyncio.Future[Answer]) -> None:
    if not waiting.done():
        waiting.set_exception(TimeoutError())


class Lane:
    """The idle workers of one kind, and the requests that wait for them."""

    def __init__(self, size: int) -> None:
        """``size`` workers; a client has at most all but one of them, so that one is left for the others."""
        self.size, self._share = size, max(1, size - 1)
        self.idle: list[Process] = []  # the one used last is warm
        self._busy: Counter[str] = Counter()
        self._waiting: deque[tuple[str, asyncio.Future[Process]]] = deque()

    async def take(self, client: str, seconds: float) -> Process:
        """A worker for a client's request; HttpError 503 if none becomes free in time."""
        if self.idle and self._busy[client] < self._share:
            self._busy[client] += 1
            return self.idle.pop()
        waiting: asyncio.Future[Process] = asyncio.get_running_loop().create_future()
        entry = (client, waiting)
        self._waiting.append(entry)
        try:
            async with asyncio.timeout(seconds):
                return await waiting
        except BaseException as error:
            if waiting.done() and not waiting.cancelled() and not waiting.exception():
                self.leave(client)
                self.put(waiting.result())
            elif entry in self._waiting:
                self._waiting.remove(entry)
            if not isinstance(error, TimeoutError):
                raise
            message = f"every worker is busy; none became free in {seconds:g} s"
            raise HttpError(503, message, {"retry-after": "5"}) from None

    def leave(self, client: str) -> None:
        """A client's request is over."""
        self._busy[client] -= 1
        if self._busy[client] <= 0:
            del self._busy[client]
        self._serve()

    def put(self, worker: Process) -> None:
        """A worker is free."""
        self.idle.append(worker)
        self._serve()

    def _serve(self) -> None:
        if not (self.idle and self._waiting):
            return
        for entry in list(self._waiting):
            client, waiting = entry
            if waiting.done() or self._busy[client] < self._share:
                self._waiting.remove(entry)
                if not waiting.done() and self.idle:
                    self._busy[client] += 1
                    waiting.set_result(self.idle.pop())


class Pool:
    """Workers on the current version of a store."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is started before :meth:`start`."""
        self.settings = settings
        self._checked = 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._generations: list[Generation] = []
        self._processes: set[Process] = set()
        self.lanes = {PAGES: Lane(settings.page_workers), QUERIES: Lane(settings.workers)}

    async def start(self) -> None:
        """Open the store's current version and start the workers; StoreError if it cannot be opened."""
        self._folder = tempfile.mkdtemp(prefix="teemagraafi-answers-")
        self._renewing, self._indexing = asyncio.Lock(), asyncio.Lock()
        try:
            self.generation = await self._open(self._current())
            await asyncio.gather(*(self._hire(name) for name, lane in self.lanes.items() for _ in range(lane.size)))
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End every worker and remove what was copied."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for process in list(self._processes):
            await self._end(process)
        for generation in self._generations:
            generation.resources.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def tag(self) -> str:
        """Differs between versions of the store; looks now and then whether there is a new one."""
        now = time.monotonic()
        if now - self._checked >= self.settings.recheck and not self._renewing.locked():
            self._checked = now
            self._later(self._renew())
        return self.generation.tag

    async def ask(self, request: dict[str, Any], lane: str = PAGES, client: str = "") -> Answer:
        """The answer of a free worker of a lane; HttpError 503 where none is free or the request took too long."""
        line = self.lanes[lane]
        worker = await line.take(client, self.settings.limits.wait)
        limit = self.settings.limits.seconds
        try:
            answer = await worker.ask(frame(request), limit)
        except TimeoutError:
            self._later(self._replace(worker))
            raise HttpError(503, f"the query took longer than {limit:g} s; narrow it", {"retry-after": "60"}) from None
        except EOFError:
            raise await self._died(worker) from None
        except BaseException:
            self._later(self._replace(worker))
            raise
        else:
            self._release(worker)
        finally:
            line.leave(client)
        if "trace" in answer.head:
            _log.error("%s", answer.head["trace"])
        return answer

    async def index(self) -> Path:
        """The search index of the version served now; where a build made none, the first search waits for it."""
        async with self._indexing:
            served = self.generation
            if served.index is None:
                served.index = await asyncio.to_thread(_index, served, self.settings, Path(self._folder))
            return served.index

    def _release(self, worker: Process) -> None:
        if worker.generation is self.generation:
            self.lanes[worker.lane].put(worker)
        else:
            self._later(self._retire(worker))

    async def _died(self, worker: Process) -> HttpError:
        status = await self._end(worker)
        self._later(self._rehire(worker.lane))
        if status == -signal.SIGSEGV:  # the engine's parser and evaluator go as deep as the query
            return HttpError(400, "the query is nested too deeply")
        if status == -signal.SIGKILL:
            return HttpError(503, "the system ended the process that answered the query", {"retry-after": "60"})
        if status == -signal.SIGABRT:
            return HttpError(400, f"the query needed more than {self.settings.limits.megabytes} MB of memory")
        return HttpError(500, f"the process that answered the query ended (status {status})")

    async def _replace(self, worker: Process) -> None:
        await self._retire(worker)
        await self._rehire(worker.lane)

    async def _retire(self, worker: Process) -> None:
        await self._end(worker)
        old = worker.generation
        if old is not self.generation and not old.alive:
            self._generations.remove(old)
            await asyncio.to_thread(old.resources.close)

    async def _hire(self, lane: str) -> None:
        self._release(await self._begin(self.generation, lane))

    async def _begin(self, generation: Generation, lane: str) -> Process:
        process = Process(generation, lane, self.settings, self._folder)
        self._processes.add(process)
        try:
            await process.ready()
        except StoreError:
            self._processes.discard(process)
            raise
        return process

    async def _end(self, process: Process) -> int:
        status = await process.end()
        self._processes.discard(process)
        return status

    async def _rehire(self, lane: str) -> None:
        """A worker in the place of one that is gone, however often it takes."""
        while True:
            try:
                return await self._hire(lane)
            except (StoreError, OSError) as error:
                _log.warning("a worker did not start: %s", error)
                await asyncio.sleep(_AGAIN)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _current(self) -> Version:
        """The store's version to serve; for an endpoint a folder without documents' lines."""
        return Version(Path(self._folder)) if self.settings.endpoint else current(self.settings.store)

    async def _open(self, version: Version) -> Generation:
        resources, data = ExitStack(), self.settings.endpoint or version.data
        if not self.settings.endpoint:
            data = await asyncio.to_thread(resources.enter_context, public(version, self.settings.with_contacts))
        generation = Generation(version, data, resources)
        self._generations.append(generation)
        return generation

    async def _renew(self) -> None:
        async with self._renewing:
            try:
                version = await asyncio.to_thread(self._current)
                if version.path == self.generation.version.path:
                    return
                fresh = await self._open(version)
                first = {name: await self._begin(fresh, name) for name in self.lanes}
            except (StoreError, OSError) as error:
                _log.warning("the store's new version cannot be opened, the old one is served on: %s", error.args)
                return
            self.generation = fresh
            before = [worker for lane in self.lanes.values() for worker in lane.idle]
            for name, lane in self.lanes.items():
                lane.idle.clear()
                lane.put(first[name])
            await asyncio.gather(
                *(self._rehire(name) for name, lane in self.lanes.items() for _ in range(lane.size - 1))
            )
            for worker in before:
                await self._retire(worker)


def _index(served: Generation, settings: Settings, folder: Path) -> Path:
    """The build's own index; else one made beside the store, or, where nothing can be written there, for this run."""
    made = served.version.path / search.NAME
    if made.is_file():
        return made
    own = folder / f"{served.tag}.sqlite"
    if isinstance(served.data, str):
        search.build(Remote(served.data, settings.limits.seconds), own)
        return own
    try:
        return search.index_of(settings.store)
    except QueryError:
        search.build(ox.Store.read_only(str(served.data)), own)
        return own
