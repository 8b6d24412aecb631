"""Plain queries answered on the client's own connection, which the server lends a worker.

A small query takes less time if it stays in one process. The server passes a connection's descriptor with the first query on
it. The worker answers that and what follows there, as long as each request is a query by GET with plain headers and comes in
one piece; then it gives the connection back, with whatever it read and did not answer. Both sides share a :class:`Watch`.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import re
import select
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from web.formats import HttpError, content_type
from web.protocol import ALWAYS, LONG, VARY, asked_by, caching, fields_of, job_for

_SLICE, _SLICES = 10, 10
"""Milliseconds, and how often so many, that a worker waits for the next request on a connection."""
_TURN = 0.005
"""Seconds a worker stays with one connection where others wait for a worker."""
_TAKEN_WITHIN = 0.5
"""Seconds a client has to take an answer; what is left after that is the server's to send."""
_BLOCK = 1 << 16
_PLAIN = re.compile(rb"GET /sparql\?([!\"$-~]+) HTTP/1\.1\r\n((?:[A-Za-z-]+:[^\r\n\0]*\r\n)*)\r\n")
_HARMLESS = frozenset({b"host", b"user-agent", b"accept", b"accept-encoding", b"accept-language", b"connection"})
"""Headers of a plain request."""
_HEAD = b"".join(
    (b"HTTP/1.1 200 OK\r\n", *(f"{name}: {value}\r\n".encode() for name, value in {**ALWAYS, "vary": VARY}.items()))
)
INLINE = 256 * 1024
"""An answer up to this many bytes goes to the server through the socket, a larger one through a file."""
HELD = 32 * 1024 * 1024
"""An answer up to this many bytes is sent from memory on a client's own connection, a larger one from a file."""
Head = dict[str, Any]
Body = bytes | bytearray


class Watch(ctypes.Structure):
    """What a server and a worker see of the connection that is lent, in memory that both have."""

    since: float
    """The monotonic time at which the query began that is worked on; 0 while there is none."""
    wanted: bool
    """Whether the server wants the worker or the connection back."""
    _fields_ = (("since", ctypes.c_double), ("wanted", ctypes.c_bool))

    @classmethod
    def of(cls, descriptor: int) -> Watch:
        """The watch that a file of its size holds."""
        return cls.from_buffer(mmap.mmap(descriptor, ctypes.sizeof(cls)))


@dataclass(frozen=True, slots=True)
class Plain:
    """A query by GET with plain headers."""

    fields: str
    """The query string of its address."""
    accept: str
    keep: bool
    """Whether the connection stays open after the answer."""


def plain(fields: bytes, headers: Iterable[tuple[bytes, bytes]], keep: bool) -> Plain | None:
    """A request that can be answered on its connection; None if the application must answer it."""
    pairs = list(headers)
    named = dict(pairs)
    encodings = named.get(b"accept-encoding", b"")
    if len(named) < len(pairs) or b"if-none-match" in named or (encodings and encodings != b"identity"):
        return None
    if not fields or len(fields) > LONG:
        return None
    return Plain(fields.decode("latin-1"), named.get(b"accept", b"").decode("latin-1"), keep)


def _read(data: bytes) -> Plain | None:
    """The same of what came on a connection, which must be one whole request."""
    match = _PLAIN.fullmatch(data)
    if match is None or (headers := _headers(match[2])) is None:
        return None
    return plain(match[1], *headers)


@lru_cache(64)
def _headers(lines: bytes) -> tuple[list[tuple[bytes, bytes]], bool] | None:
    """Headers and whether the connection is kept; None where one may ask for more. A client repeats its headers."""
    pairs = [(name.lower(), value.strip()) for name, _, value in (line.partition(b":") for line in lines.splitlines())]
    connection = dict(pairs).get(b"connection", b"keep-alive").lower()
    if not _HARMLESS.issuperset(name for name, _ in pairs) or connection not in (b"keep-alive", b"close"):
        return None
    return pairs, connection == b"keep-alive"


@lru_cache(2)
def _date(second: int) -> bytes:
    return f"date: {formatdate(second, usegmt=True)}\r\n".encode()


class Borrower:
    """Answers plain queries on lent connections."""

    def __init__(self, answer: Callable[[Head], tuple[Head, Body]], watch: Watch, settings: Mapping[str, Any]) -> None:
        """``answer`` does a job of :func:`job_for`; the settings name the data's version, a query's size and SERVICE."""
        self._answer, self._watch = answer, watch
        self._folder = settings["folder"]
        self._version, self._limit, self._services = settings["version"], settings["body"], settings["services"]

    def serve(self, request: Head, connection: int) -> tuple[Head, bytes]:
        """Answer queries on a connection, beginning with the one that the server read, until it is to be given back.

        The answer may name the ``file`` that the client did not take yet, and where ``at`` it goes on; the body is what was read
        and not answered.
        """
        asked: Plain | None = Plain(**request["plain"])
        until, received = time.monotonic() + _TURN, b""
        waiting = select.poll()
        waiting.register(connection, select.POLLIN)
        try:
            while asked is not None:
                self._watch.since = time.monotonic()
                made = self._made(asked, request["base"])
                self._watch.since = 0
                if isinstance(made, HttpError):
                    why = {"status": made.status_code, "message": made.detail}
                    return {"open": True, "answered": bool(received), **why}, received
                left = self._send(connection, *made)
                if left or not asked.keep:
                    return {"open": asked.keep, **left}, b""
                if (came := self._next(connection, waiting, until)) is None:
                    return {"open": False}, b""
                received, asked = came, _read(came)
            return {"open": True}, received
        except OSError:  # the client is gone
            return {"open": False}, b""
        finally:
            os.close(connection)

    def _made(self, asked: Plain, base: str) -> tuple[bytes, Body, str | None] | HttpError:
        """The head, and the body or its file, to send; or why there is no answer, with 0 where the application has one."""
        try:
            query = asked_by(fields_of(asked.fields, self._limit))
            if query.query is None:
                return HttpError(0, "")
            job, fresh = job_for(query, asked.accept, base, self._limit, self._services)
        except HttpError as error:
            return error
        head, body = self._answer({**job, "held": HELD})
        if head["status"] != 200:
            return HttpError(head["status"], head["message"])
        sent = {"content-type": content_type(head["media"]), **caching(job, fresh, self._version)}
        size = os.path.getsize(head["file"]) if head["file"] else len(body)
        sent["content-length"] = str(size)
        if size > INLINE:
            sent["accept-ranges"] = "bytes"
        if not asked.keep:
            sent["connection"] = "close"
        lines = "".join(f"{name}: {value}\r\n" for name, value in sent.items()).encode()
        return b"".join((_HEAD, _date(int(time.time())), lines, b"\r\n")), body, head["file"]

    def _next(self, connection: int, waiting: select.poll, until: float) -> bytes | None:
        """The next bytes on a connection, none where the server should have it back, None where the client closed it."""
        for _ in range(_SLICES):
            wanted = self._watch.wanted
            if wanted and time.monotonic() > until:
                break
            if waiting.poll(1 if wanted else _SLICE):
                return os.read(connection, _BLOCK) or None
        return b""

    def _send(self, connection: int, head: bytes, body: Body, file: str | None) -> Head:
        """Send a head and a body or a file; what is left of them for the server to send if the client takes them slowly."""
        until, ready = time.monotonic() + _TAKEN_WITHIN, select.poll()
        ready.register(connection, select.POLLOUT)

        def send(some: Callable[[int], int], size: int) -> int:
            sent = 0
            while sent < size:
                try:
                    sent += some(sent)
                except BlockingIOError:
                    if not ready.poll(max(0, 1000 * (until - time.monotonic()))):
                        break
            return sent

        view, begins = memoryview(body), len(head)
        sent = send(lambda at: os.writev(connection, (head[at:], view[max(0, at - begins) :])), begins + len(body))
        if file is None and sent < begins + len(body):
            left, path = spill(self._folder, view[max(0, sent - begins) :])
            left.close()
            return {"rest": head[sent:], "file": str(path)}
        if file is None:
            return {}
        if sent < begins:
            return {"rest": head[sent:], "file": file}
        with open(file, "rb") as source:
            size = os.path.getsize(file)
            sent = send(lambda at: os.sendfile(connection, source.fileno(), at, size - at), size)
        if sent < size:
            return {"file": file, "at": sent}
        os.unlink(file)
        return {}


def spill(folder: str, begun: Body | memoryview) -> tuple[BinaryIO, Path]:
    """A new file of this process in a folder, with the beginning of an answer in it."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=f"{os.getpid()}-")
    out = os.fdopen(handle, "wb", buffering=INLINE)
    out.write(begun)
    return out, Path(name)
