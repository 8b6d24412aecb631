"""One worker process, and the version of the store it has open."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import socket
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from engine.store import StoreError, Version
from web.settings import Settings

_START = 60.0
"""Seconds a worker has to open its store."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A worker's answer: its head and its bytes, in memory or in a file that is the receiver's to remove."""

    head: dict[str, Any]
    body: bytes = b""

    @property
    def kind(self) -> str:
        """``answer``, ``data``, or what went wrong: ``malformed``, ``limit``, ``missing``, ``unacceptable``, ``failed``."""
        return str(self.head["kind"])

    @property
    def file(self) -> Path | None:
        """The file of a large answer."""
        return Path(self.head["file"]) if self.head.get("file") else None


@dataclass(slots=True)
class Generation:
    """One version of the store as the pool serves it."""

    version: Version
    data: Path
    resources: ExitStack
    """What to let go of when nobody has this version open any more."""
    alive: int = 0
    """Workers that have this version open."""
    index: Path | None = None
    """The search index, once it was asked for."""
    tag: str = field(init=False)
    """What tells this version from others in an ETag."""

    def __post_init__(self) -> None:
        """Name the version by its place and its manifest."""
        manifest = self.version.path / "manifest.json"
        told = f"{self.version.path.resolve()} {manifest.stat().st_mtime_ns}"
        self.tag = hashlib.sha256(told.encode()).hexdigest()[:12]


class _Channel(asyncio.Protocol):
    """The socket to a worker: one request at a time, and its answer as soon as it is whole."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self._begun = bytearray()
        self._head: dict[str, Any] | None = None
        self._answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._begun += data
        if self._head is None:
            line = self._begun.find(b"\n")
            if line < 0:
                return
            self._head = json.loads(self._begun[:line])
            del self._begun[: line + 1]
        if len(self._begun) < self._head["size"]:
            return
        answer = Answer(self._head, bytes(self._begun))
        self._begun.clear()
        self._head = None
        if not self._answered.done():
            self._answered.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended.set_result(None)
        if not self._answered.done():
            self._answered.set_exception(EOFError())

    async def answer(self, seconds: float, request: bytes | None = None) -> Answer:
        """What the process says to a request, or says first: EOFError if it ends, TimeoutError if it takes too long."""
        if self.ended.done():
            raise EOFError
        loop = asyncio.get_running_loop()
        if request is not None:
            self._answered = loop.create_future()
            self.transport.write(request)
        clock = loop.call_later(seconds, _late, self._answered)
        try:
            return await self._answered
        finally:
            clock.cancel()


def _late(answered: asyncio.Future[Answer]) -> None:
    if not answered.done():
        answered.set_exception(TimeoutError())


class Process:
    """A process with a generation's store open, and the socket to it."""

    def __init__(self, generation: Generation, settings: Settings, folder: str) -> None:
        """Start the process; :meth:`ready` waits for it."""
        self.generation = generation
        self._folder = folder
        ours, theirs = socket.socketpair()
        told = {
            "store": str(generation.data),
            "folder": folder,
            "rows": settings.limits.rows,
            "bytes": settings.limits.bytes,
            "megabytes": settings.limits.megabytes,
        }
        root = str(Path(__file__).resolve().parents[1])
        path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
        with theirs:
            self.process = subprocess.Popen(  # -P: the folder the server was started in must not shadow modules
                [sys.executable, "-P", "-m", "web.worker", str(theirs.fileno()), json.dumps(told)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path, "RUST_BACKTRACE": "0"},
            )
        self._socket = ours
        self._channel: _Channel | None = None
        generation.alive += 1

    async def ready(self) -> None:
        """Wait until the store is open; StoreError if it cannot be."""
        loop = asyncio.get_running_loop()
        try:
            _, self._channel = await loop.create_connection(_Channel, sock=self._socket)
            answer = await self._channel.answer(_START)
        except (TimeoutError, EOFError):
            answer = Answer({"kind": "failed", "message": "the worker process did not start"})
        if answer.kind != "ready":
            await self.end()
            raise StoreError(
                f"{self.generation.data}: {answer.head['message']}; build it again with: teemagraafi build"
            )

    async def ask(self, request: dict[str, Any], seconds: float) -> Answer:
        """Send a request and wait for its answer; EOFError if the process ends, TimeoutError after so many seconds."""
        assert self._channel is not None, "ask() comes after ready()"
        return await self._channel.answer(seconds, json.dumps(request).encode() + b"\n")

    async def end(self) -> int:
        """Kill the process if it still runs, and what it was writing; returns its exit status."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        status = await asyncio.to_thread(self.process.wait)
        await self._close()
        for leftover in Path(self._folder).glob(f"{self.process.pid}-*"):
            leftover.unlink(missing_ok=True)
        self.generation.alive -= 1
        return status

    async def _close(self) -> None:
        if self._channel is None:
            self._socket.close()
            return
        self._channel.transport.close()
        await self._channel.ended
