"""A process with the store open, which answers one request after another and can be killed when one takes too long.

Started with the descriptors of a socket and of a :class:`~web.lent.Watch`, and its settings as JSON. Requests and answers are
frames: the sizes of head and body, the head as a MessagePack map, and the body, unless that is in the file which the head
names. A client's connection may come with a request; then the answer goes to the client, and the frame says how it stands.
"""

import gc
import json
import os
import select
import socket
import struct
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec
import pyoxigraph as ox

from engine.query.backends import Endpoint, syntax_error
from loaders.errors import QueryError, QueryUsageError
from loaders.isolation import limit_memory
from loaders.rdf.terms import WRITTEN
from web import formats, views
from web.formats import HttpError
from web.graph import GraphReader
from web.lent import INLINE, Body, Borrower, Head, Watch, spill
from web.source import FRESH, Source
from web.views import questions

_BEHIND = 5
"""How far the processes of clients' queries stand behind those of pages for the processor, as ``nice`` counts."""
_SOON = 1.0
"""Seconds in which a request may come before the worker makes itself ready for all of them."""
HEAD = struct.Struct("!II")
"""The sizes of a frame's head and body."""
Request = dict[str, Any]


class Output:
    """Takes an answer as it is written: in memory while it is small, then in a file; HttpError 413 above a size in bytes."""

    def __init__(self, folder: str, most: int, held: int = INLINE) -> None:
        """Stop above ``most`` bytes; above ``held`` use a file in ``folder``."""
        self._folder, self._most, self._held = folder, most, held
        self._body = bytearray()
        self._file: BinaryIO | None = None
        self.path: Path | None = None
        self.size = 0

    def write(self, data: bytes) -> int:
        """Take a block of the answer."""
        self.size += len(data)
        if self.size > self._most:
            message = f"the answer is larger than {self._most // 1_048_576} MB; narrow the query or use LIMIT"
            raise HttpError(413, message)
        if self._file is not None:
            return self._file.write(data)
        self._body += data
        if self.size > self._held:
            self._file, self.path = spill(self._folder, self._body)
            self._body = bytearray()
        return len(data)

    def flush(self) -> None:
        """Nothing waits to be written."""

    def finish(self) -> bytearray:
        """End writing; the answer's bytes where it stayed in memory, else nothing: it is in ``path``."""
        if self._file is not None:
            self._file.close()
        return self._body

    def discard(self) -> None:
        """Remove what was written."""
        self.finish()
        if self.path is not None:
            self.path.unlink(missing_ok=True)


class Worker:
    """One store, opened read-only, and the folder large answers go to."""

    def __init__(
        self, directory: str, folder: str, size: int, version_folder: str = "", seconds: float | None = None
    ) -> None:
        """Open the store, or with ``seconds`` for an answer the endpoint of this address.

        ``version_folder`` has the documents' lines and reports.
        """
        self.store: Source = ox.Store.read_only(directory) if seconds is None else Endpoint(directory, seconds)
        self._reader: GraphReader | None = None
        self._forget = 0.0
        self.folder, self.size, self.version_folder = folder, size, version_folder
        self._jobs: dict[str, Callable[[Request], tuple[Head, Body]]] = {
            "query": self.query,
            "graph": self.graph,
            "page": self.page,
            "stored": self.stored,
        }

    def answer(self, request: Request) -> tuple[Head, Body]:
        """The answer to one request; what goes wrong with it is an answer of its own, with the status it has in HTTP."""
        try:
            return self._jobs[request["do"]](request)
        except HttpError as error:
            return {"status": error.status_code, "message": error.detail}, b""
        except MemoryError:
            return {"status": 400, "message": "the query needs more memory than it may take"}, b""
        except (QueryUsageError, QueryError) as error:
            return {"status": 400, "message": error.message}, b""
        except (OSError, RuntimeError, ValueError) as error:
            message = str(error) or type(error).__name__
            return {
                "status": 400 if "is not supported" in message else 500,
                "message": f"the query failed: {message}",
            }, b""
        except Exception as error:  # noqa: BLE001 - told to the client, logged by the server
            trace = traceback.format_exc()
            return {"status": 500, "message": f"a fault of this program ({type(error).__name__})", "trace": trace}, b""

    def reader(self) -> GraphReader:
        """The store as pages read it, with what was read before; an endpoint's answers are forgotten every minute."""
        remote = isinstance(self.store, Endpoint)
        if self._reader is None or (remote and time.monotonic() > self._forget):
            if isinstance(self.store, Endpoint):
                self.store, self._forget = Endpoint(self.store.url, self.store.timeout), time.monotonic() + FRESH
            self._reader = GraphReader(self.store)
        return self._reader

    def query(self, request: Request) -> tuple[Head, Body]:
        """A SPARQL query, written in the format the client asks for rows or for triples."""
        options: dict[str, Any] = {}
        if request.get("default") is not None:
            options = {
                "default_graph": [ox.NamedNode(g) for g in request["default"]],
                "named_graphs": [ox.NamedNode(g) for g in request["named"]],
            }
        try:
            result = self.store.query(request["text"], base_iri=request.get("base"), **options)
        except SyntaxError as error:
            raise syntax_error(request["text"], str(error)) from None
        if isinstance(result, ox.QueryTriples | list):
            triples = result
            return self._write(request, request["triples"], lambda out, media: _serialize(triples, out, media))
        rows = result
        return self._write(request, request["rows"], lambda out, media: rows.serialize(out, formats.ROW_WRITERS[media]))

    def graph(self, request: Request) -> tuple[Head, Body]:
        """One graph, by its IRI or "" for the current view, or everything; HttpError 404 for a graph that is not there."""
        name = request["name"]
        graph = None if name is None else ox.NamedNode(name) if name else ox.DefaultGraph()
        if name and not self.store.contains_named_graph(ox.NamedNode(name)):
            raise HttpError(404, f"there is no graph <{name}>")

        def write(out: BinaryIO, media: str) -> None:
            prefixes = WRITTEN if media in (formats.TURTLE, formats.TRIG) else {}
            self.store.dump(out, format=formats.WRITERS[media], from_graph=graph, prefixes=prefixes)

        return self._write(request, request["media"], write, sys.maxsize)

    def page(self, request: Request) -> tuple[Head, Body]:
        """A page or another small answer that one of the functions of ``web.views`` makes."""
        made = views.answer(self.reader(), self.version_folder, request)
        return {"status": made.status, "media": made.media, "headers": made.headers}, made.body

    def stored(self, request: Request) -> tuple[Head, Body]:
        """A stored query with its parameters, written in one of its forms."""

        def write(out: BinaryIO, media: str) -> None:
            try:
                questions.write(self.reader(), request, out)
            except (QueryUsageError, QueryError) as error:  # well-formed, but it names nothing of this graph
                raise HttpError(404, error.message) from None

        return self._write(request, request["media"], write)

    def _write(
        self, request: Request, media: str | None, write: Callable[[BinaryIO, str], object], most: int = 0
    ) -> tuple[Head, Body]:
        if media is None:
            offered = ", ".join((*formats.ROWS, *formats.TRIPLES))
            raise HttpError(406, f"the result cannot be written in the format asked for; there are: {offered}")
        output = Output(self.folder, most or self.size, request.get("held", INLINE))
        try:
            write(cast(BinaryIO, output), media)
            body = output.finish()
        except BaseException:
            output.discard()
            raise
        return {"status": 200, "media": media, "file": str(output.path) if output.path else None}, body


def _serialize(triples: Iterable[ox.Triple], out: BinaryIO, media: str) -> None:
    prefixes = WRITTEN if media in (formats.TURTLE, formats.TRIG) else None
    ox.serialize(triples, out, formats.WRITERS[media], prefixes=prefixes)


def frame(head: Head, body: Body = b"") -> bytes:
    """A message as it goes through the socket."""
    packed = msgspec.msgpack.encode(head)
    return HEAD.pack(len(packed), len(body)) + packed + body


def _asked_within(seconds: float, channel: socket.socket) -> bool:
    """Whether something came; ``select`` would take no descriptor above 1023, which a server of many connections has."""
    waiting = select.poll()
    waiting.register(channel, select.POLLIN)
    return bool(waiting.poll(1000 * seconds))


def main(descriptor: int, watch: int, settings: dict[str, Any]) -> None:
    """Answer requests until the other side closes the socket."""
    with socket.socket(fileno=descriptor) as channel:
        try:
            worker = Worker(
                settings["store"],
                settings["folder"],
                settings["bytes"],
                settings["version_folder"],
                settings["endpoint_seconds"],
            )
            worker.store.query("ASK {}")
        except (OSError, ValueError, RuntimeError, QueryError, QueryUsageError) as error:
            channel.sendall(frame({"status": 500, "message": str(getattr(error, "message", error))}))
            return
        os.nice(0 if settings["pages"] else _BEHIND)
        limit_memory(settings["megabytes"])
        channel.sendall(frame({"status": 200}))
        if settings["pages"] and not _asked_within(_SOON, channel):
            views.prepare()  # nobody waits for a page yet
        borrower = Borrower(worker.answer, Watch.of(watch), settings)
        gc.freeze()  # what is loaded stays: nothing is gained by looking through it for what can be forgotten
        for request, lent in _requests(channel):
            answer = worker.answer(request) if lent is None else borrower.serve(request, lent)
            channel.sendall(frame(*answer))


def _requests(channel: socket.socket) -> Iterator[tuple[Request, int | None]]:
    """Requests as they come, each with the descriptor of the client's connection if that is lent with it."""
    decode = msgspec.msgpack.Decoder(Request).decode
    received, lent = bytearray(), None
    while True:
        data, descriptors, *_ = socket.recv_fds(channel, 1 << 16, 1)
        if not data:
            return
        lent = descriptors[0] if descriptors else lent
        received += data
        if len(received) >= HEAD.size and len(received) >= HEAD.size + HEAD.unpack_from(received)[0]:
            request, connection = decode(received[HEAD.size :]), lent
            received.clear()
            lent = None
            yield request, connection


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3]))
