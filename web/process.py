"""A worker process as the server sees it: started, asked, lent a client's connection, ended."""

import asyncio
import ctypes
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import msgspec

from engine.store import StoreError
from web.lent import Watch
from web.source import Generation
from web.worker import HEAD

PAGES, QUERIES = "pages", "queries"
"""The lanes of workers."""
_START = 60.0
"""Seconds a worker has to open its store."""
_LOOK = 0.5
"""Seconds between looks at a connection that is lent."""
MEMORY = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=127"}
"""The engine takes and gives back many small pieces of memory: a worker is faster if it keeps some of each size.

With thousands of each it never gives memory back and grows by about 40 kB a page, up to hundreds of megabytes.
"""


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


class Answer(msgspec.Struct):
    """A worker's answer: what the frame's head says, and the body, unless that is in a file that is the receiver's to remove."""

    status: int = 200
    message: str = "no reason given"
    """What went wrong, in words for the client; ``trace`` is for the log."""
    trace: str = ""
    media: str = ""
    headers: dict[str, str] = {}
    file: str | None = None
    open: bool = False
    """Of a client's connection that was lent: whether it stays open, and whether its last request was answered."""
    answered: bool = True
    rest: bytes = b""
    """What the client is still to be sent before the file, of which it has the first ``at`` bytes."""
    at: int = 0
    body: bytes = b""


def start_worker(shared: tuple[int, int], options: str, errors: IO[bytes]) -> subprocess.Popen[bytes]:
    """A process of :mod:`web.worker`, given two descriptors and its settings as JSON; it writes its faults to ``errors``."""
    root = str(Path(__file__).resolve().parents[1])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
    return subprocess.Popen(  # -P: the folder the server was started in must not shadow modules
        [sys.executable, "-P", "-m", "web.worker", *map(str, shared), options],
        pass_fds=shared,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        env={**os.environ, "PYTHONPATH": path, "RUST_BACKTRACE": "0", **MEMORY},
    )


class Process(asyncio.Protocol):
    """A worker process and the socket to it; one request at a time."""

    def __init__(self, generation: Generation, lane: str) -> None:
        """A process that is not started yet."""
        self.generation, self.lane = generation, lane
        self._received = bytearray()
        self._waiting: asyncio.Future[Answer] | None = None
        self._decode = msgspec.msgpack.Decoder(Answer).decode

    async def start(self, settings: Settings, folder: str) -> None:
        """Start the process and wait until its store is open; StoreError if it cannot be. Large answers go to ``folder``."""
        self._folder, data, limits = Path(folder), self.generation.data, settings.limits
        options = {
            "store": str(data),
            "version_folder": str(self.generation.version.path),
            "version": self.generation.tag,
            "folder": folder,
            "bytes": limits.bytes,
            "megabytes": limits.megabytes,
            "body": limits.body,
            "pages": self.lane == PAGES,
            "services": settings.services,
            "endpoint_seconds": limits.seconds if isinstance(data, str) else None,
        }
        self._errors = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed when the process ends
        self._socket, theirs = socket.socketpair()
        with theirs, tempfile.TemporaryFile(dir=folder) as watch:
            watch.truncate(ctypes.sizeof(Watch))
            self.watch = Watch.of(watch.fileno())
            self.process = start_worker((theirs.fileno(), watch.fileno()), json.dumps(options), self._errors)
        self.generation.alive += 1
        self._socket.setblocking(False)
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()  # a quick worker is ready before its socket is
        self._transport, _ = await loop.create_unix_connection(lambda: self, sock=self._socket)
        try:
            answer = await self._answer(_START)
        except (TimeoutError, EOFError):
            answer = Answer(500, "the worker process did not start")
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
        answer = self._decode(received[HEAD.size : begun])
        answer.body = bytes(received[begun:])
        received.clear()
        self._settle(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """The process has ended."""
        self._settle(EOFError())

    def _settle(self, answer: Answer | Exception) -> None:
        if self._waiting is not None and not self._waiting.done():
            if isinstance(answer, Answer):
                self._waiting.set_result(answer)
            else:
                self._waiting.set_exception(answer)

    async def ask(self, request: bytes, seconds: float) -> Answer:
        """Send a frame and wait for its answer; EOFError if the process ends, TimeoutError after so many seconds."""
        if self._transport.is_closing():
            raise EOFError
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer(seconds)

    async def _answer(self, seconds: float) -> Answer:
        """The answer that is waited for; TimeoutError after so many seconds."""
        assert self._waiting is not None
        clock = asyncio.get_running_loop().call_later(seconds, self._settle, TimeoutError())
        try:
            return await self._waiting
        finally:
            clock.cancel()

    async def lend(self, request: bytes, connection: int, seconds: float, enough: Callable[[], bool]) -> Answer:
        """Lend the process a client's connection, by its descriptor, and wait until that is given back.

        It is asked for once there is ``enough`` of it. EOFError if the process ends, TimeoutError if a query takes longer.
        """
        self.watch.since, self.watch.wanted = time.monotonic(), False
        waiting: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting = waiting
        try:
            sent = socket.send_fds(self._socket, [request], [connection])
        except OSError:
            raise EOFError from None
        if sent < len(request):
            self._transport.write(request[sent:])
        while not waiting.done():
            left = since + seconds - time.monotonic() if (since := self.watch.since) else _LOOK
            if left <= 0:
                raise TimeoutError
            await asyncio.wait((waiting,), timeout=min(left, _LOOK))
            if enough():
                self.watch.wanted = True
        return waiting.result()

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
