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
from typing import Any

from engine.store import StoreError, Version
from web.settings import Settings

_START = 60.0
"""Seconds a worker has to open its store."""
_HEAD = 1 << 20
"""Most bytes of an answer's first line."""


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
        self._writer: asyncio.StreamWriter | None = None
        generation.alive += 1

    async def ready(self) -> None:
        """Wait until the store is open; StoreError if it cannot be."""
        try:
            async with asyncio.timeout(_START):
                self._reader, self._writer = await asyncio.open_connection(sock=self._socket, limit=_HEAD)
                answer = await self._receive()
        except (TimeoutError, EOFError):
            answer = Answer({"kind": "failed", "message": "the worker process did not start"})
        if answer.kind != "ready":
            await self.end()
            raise StoreError(
                f"{self.generation.data}: {answer.head['message']}; build it again with: teemagraafi build"
            )

    async def ask(self, request: dict[str, Any]) -> Answer:
        """Send a request and wait for its answer; EOFError if the process ends."""
        assert self._writer is not None, "ask() comes after ready()"
        self._writer.write(json.dumps(request).encode() + b"\n")
        return await self._receive()

    async def _receive(self) -> Answer:
        try:
            head = json.loads(await self._reader.readuntil())
            return Answer(head, await self._reader.readexactly(head["size"]))
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise EOFError from error

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
        if self._writer is None:
            self._socket.close()
            return
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()
