"""Worker processes: each request has one to itself; one that runs too long is killed and replaced.

There are two lanes, so that pages never wait for queries: ``pages`` for pages and stored questions, ``queries`` for what
clients send. Within a lane one client has at most its share of the workers while others may want them. The pool follows the
store: when a build puts a new version in its place, new workers open that one, and those of the old one finish what they do.
"""

from __future__ import annotations

import asyncio
import datetime
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
from collections import Counter
from collections.abc import Coroutine
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pyoxigraph as ox

from engine import search
from engine.query.backends import ENGINE_FAULT
from engine.store import StoreError, Version, current
from loaders.errors import QueryError
from web.formats import HttpError
from web.source import Generation, Remote, public
from web.worker import HEAD, frame

_log = logging.getLogger(__name__)
PAGES, QUERIES = "pages", "queries"
_START = 60.0
"""Seconds a worker has to open its store."""
_AGAIN = 1.0
"""Seconds before another try where a worker did not start."""
_MEMORY = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=20000"}
"""The engine takes and gives back many small pieces of memory: a worker is a tenth faster if it keeps them."""
_REMEMBERED = 32 * 1024 * 1024
"""Bytes of small answers that are remembered."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one query may take; a query over a limit is ended and the client told which."""

    seconds: float = 30.0
    megabytes: int = 1024
    """Memory a worker may take on beyond what it has when it starts."""
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


class Process(asyncio.Protocol):
    """A worker process and the socket to it; one request at a time."""

    def __init__(self, generation: Generation, lane: str) -> None:
        """A process that is not started yet."""
        self.generation, self.lane = generation, lane
        self._received = bytearray()
        self._waiting: asyncio.Future[Answer] | None = None
        self._decode = msgspec.msgpack.Decoder(dict[str, Any]).decode

    async def start(self, settings: Settings, folder: str) -> None:
        """Start the process and wait until its store is open; StoreError if it cannot be. Large answers go to ``folder``."""
        self._folder, data, limits = Path(folder), self.generation.data, settings.limits
        options = {
            "store": str(data),
            "texts": str(self.generation.version.path),
            "folder": folder,
            "bytes": limits.bytes,
            "megabytes": limits.megabytes,
            "pages": self.lane == PAGES,
            "endpoint_seconds": limits.seconds if isinstance(data, str) else None,
        }
        self._errors = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed when the process ends
        root = str(Path(__file__).resolve().parents[1])
        path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(  # -P: the folder the server was started in must not shadow modules
                [sys.executable, "-P", "-m", "web.worker", str(theirs.fileno()), json.dumps(options)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                env={**os.environ, "PYTHONPATH": path, "RUST_BACKTRACE": "0", **_MEMORY},
            )
        self.generation.alive += 1
        ours.setblocking(False)
        self._transport, _ = await asyncio.get_running_loop().create_unix_connection(lambda: self, sock=ours)
        try:
            answer = await self.ask(b"", _START)
        except (TimeoutError, EOFError):
            answer = Answer({"status": 500, "message": "the worker process did not start"})
        if answer.status != 200:
            await self.end()
            if isinstance(data, str):
                raise StoreError(answer.message)
            raise StoreError(f"{data}: {answer.message}; build it again with: teemagraafi build")

    def data_received(self, data: bytes) -> None:
        """Collect an answer: its sizes, its head, its body."""
        received = self._received
        received += data
        if len(received) < HEAD.size:
            return
        head, body = HEAD.unpack_from(received)
        if len(received) < HEAD.size + head + body:
            return
        begun = HEAD.size + head
        answer = Answer(self._decode(received[HEAD.size : begun]), bytes(received[begun:]))
        received.clear()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """The process has ended."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(EOFError())

    async def ask(self, request: bytes, seconds: float) -> Answer:
        """Send a frame and wait for its answer; EOFError if the process ends, TimeoutError after so many seconds."""
        if self._transport.is_closing():
            raise EOFError
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()
        clock = loop.call_later(seconds, _late, self._waiting)
        self._transport.write(request)
        try:
            return await self._waiting
        finally:
            clock.cancel()

    async def end(self) -> tuple[int, str]:
        """Kill the process if it still runs, and what it was writing; its exit status, and what it wrote to its errors."""
        if self._transport.is_closing():  # it ends by itself: its own status says why
            with suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(self.process.wait, 1.0)
        with suppress(ProcessLookupError):
            self.process.kill()
        status = await asyncio.to_thread(self.process.wait)
        self._transport.abort()
        if self._errors.closed:  # somebody else ended it too
            return status, ""
        with self._errors as errors:
            errors.seek(0)
            last_words = errors.read(4096).decode(errors="replace")
        for leftover in self._folder.glob(f"{self.process.pid}-*"):
            leftover.unlink(missing_ok=True)
        self.generation.alive -= 1
        return status, last_words


def _late(waiting: asyncio.Future[Answer]) -> None:
    if not waiting.done():
        waiting.set_exception(TimeoutError())


class Lane:
    """The idle workers of one kind, and those who wait for them."""

    def __init__(self, size: int) -> None:
        """``size`` workers; a client has at most all but one of them, so that one is left for the others."""
        self.size, self._share = size, max(1, size - 1)
        self.idle: list[Process] = []
        self._busy: Counter[str] = Counter()
        self._waiting: list[tuple[str, asyncio.Future[Process]]] = []

    async def take(self, client: str, seconds: float) -> Process:
        """A worker for a request, which must ``leave`` afterwards; HttpError 503 if none becomes free in time."""
        if self.idle and self._busy[client] < self._share:
            self._busy[client] += 1
            return self.idle.pop()  # the one used last is warm
        turn: asyncio.Future[Process] = asyncio.get_running_loop().create_future()
        self._waiting.append((client, turn))
        try:
            async with asyncio.timeout(seconds):
                return await turn
        except TimeoutError:
            if turn.done() and not turn.cancelled():  # one became free in the same moment: it must not be lost
                return turn.result()
            message = f"every worker is busy; none became free in {seconds:g} s"
            raise HttpError(503, message, {"retry-after": "5"}) from None

    def leave(self, client: str) -> None:
        """A request of a client is answered."""
        self._busy[client] -= 1
        if not self._busy[client]:
            del self._busy[client]
        self._serve()

    def add(self, worker: Process) -> None:
        """A worker is free."""
        self.idle.append(worker)
        self._serve()

    def _serve(self) -> None:
        """Give idle workers to those who wait, in their order, but to no client more than its share."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        for client, turn in waiting:
            if turn.done():
                continue
            if self.idle and self._busy[client] < self._share:
                self._busy[client] += 1
                turn.set_result(self.idle.pop())
            else:
                self._waiting.append((client, turn))


class Pool:
    """Workers on the current version of a store."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is started before :meth:`start`."""
        self.settings = settings
        self._checked, self._today = 0.0, datetime.date.min
        self._tasks: set[asyncio.Task[None]] = set()
        self._generations: list[Generation] = []
        self._processes: set[Process] = set()
        self._remembered: dict[object, Answer] = {}
        self._size = 0
        self.lanes = {PAGES: Lane(settings.page_workers), QUERIES: Lane(settings.workers)}

    async def start(self) -> None:
        """Open the store's current version and start the workers; StoreError if it cannot be opened."""
        self._folder = tempfile.mkdtemp(prefix="teemagraafi-answers-")
        self._renewing, self._indexing = asyncio.Lock(), asyncio.Lock()
        try:
            self.generation = await self._open(self._current())
            hired = (self._hire(name) for name, lane in self.lanes.items() for _ in range(lane.size))
            for failed in await asyncio.gather(*hired, return_exceptions=True):
                if failed is not None:
                    raise failed
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
            self._checked, self._today = now, datetime.date.today()
            self._later(self._renew())
        return self.generation.tag

    async def ask(self, request: dict[str, Any], lane: str = PAGES, client: str = "", fresh: bool = False) -> Answer:
        """The answer of a free worker of a lane; HttpError 503 where none is free or the request took too long.

        Unless it must be ``fresh``, a small answer given today on this version of the data is given again.
        """
        sent, line = frame(request), self.lanes[lane]
        key = sent, self.tag, self._today
        if not fresh and (known := self._remembered.get(key)):
            return known
        worker = await line.take(client, self.settings.limits.wait)
        try:
            answer = await self._asked(worker, sent)
        finally:
            line.leave(client)
        if not fresh and answer.status == 200 and answer.file is None:
            self._remember(key, answer)
        return answer

    def _remember(self, key: object, answer: Answer) -> None:
        """Keep a small answer, so that what everybody asks is worked out once; the oldest are forgotten."""
        if key not in self._remembered:
            self._remembered[key] = answer
            self._size += len(answer.body)
        while self._size > _REMEMBERED:
            self._size -= len(self._remembered.pop(next(iter(self._remembered))).body)

    async def _asked(self, worker: Process, sent: bytes) -> Answer:
        limit = self.settings.limits.seconds
        try:
            answer = await worker.ask(sent, limit)
        except TimeoutError:
            self._later(self._replace(worker))
            raise HttpError(503, f"the query took longer than {limit:g} s; narrow it", {"retry-after": "60"}) from None
        except EOFError:
            raise await self._died(worker) from None
        except BaseException:
            self._later(self._replace(worker))
            raise
        self._release(worker)
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
            self.lanes[worker.lane].add(worker)
        else:
            self._later(self._retire(worker))

    async def _died(self, worker: Process) -> HttpError:
        status, last_words = await self._end(worker)
        self._later(self._replace(worker))
        if status == -signal.SIGSEGV:  # the engine's parser and evaluator go as deep as the query
            return HttpError(400, "the query is nested too deeply")
        if status == -signal.SIGKILL:
            return HttpError(503, "the system ended the process that answered the query", {"retry-after": "60"})
        if status == -signal.SIGABRT and "panicked" in last_words:
            return HttpError(400, ENGINE_FAULT)
        if status == -signal.SIGABRT:
            return HttpError(400, f"the query needed more than {self.settings.limits.megabytes} MB of memory")
        return HttpError(500, f"the process that answered the query ended (status {status})")

    async def _replace(self, worker: Process) -> None:
        """End a worker and start another, unless the workers of a newer version are there already."""
        await self._retire(worker)
        if worker.generation is self.generation:
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
        process = Process(generation, lane)
        self._processes.add(process)
        try:
            await process.start(self.settings, self._folder)
        except (StoreError, OSError):
            self._processes.discard(process)
            raise
        return process

    async def _end(self, process: Process) -> tuple[int, str]:
        ended = await process.end()
        self._processes.discard(process)
        return ended

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
            before: list[Process] = []
            for name, lane in self.lanes.items():
                before += lane.idle
                lane.idle.clear()
                lane.add(first[name])
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
