"""One worker process as the server sees it: what it may take, which version of the store it has open, and the socket to it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from engine.store import StoreError, Version
from web.worker import FRESH

_START = 60.0
"""Seconds a worker has to open its store."""
PAGES, QUERIES = "pages", "queries"
_BEHIND = 5
"""How far the processes of clients' queries stand behind those of pages for the processor, as ``nice`` counts."""


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
        self._errors = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed when the process ends
        self.last_words = ""
        """What the process wrote to its standard error before it ended; a fault of the engine stands there."""
        options = {
            "store": str(generation.data),
            "texts": str(generation.version.path),
            "folder": folder,
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
                stderr=self._errors,
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
        if not self._errors.closed:
            self._errors.seek(0)
            self.last_words = self._errors.read(4096).decode(errors="replace")
            self._errors.close()
        for leftover in Path(self._folder).glob(f"{self.process.pid}-*"):
            leftover.unlink(missing_ok=True)
        self.generation.alive -= 1
        return status


def _late(waiting: asyncio.Future[Answer]) -> None:
    if not waiting.done():
        waiting.set_exception(TimeoutError())
