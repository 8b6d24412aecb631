"""A process with the store open, which answers one request after another and can be killed when one takes too long.

Started with a socket's descriptor and its settings as JSON. Requests and answers are frames: four bytes of length and a
MessagePack map; after an answer's frame come ``size`` bytes of body, unless the body is in the file it names.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec
import pyoxigraph as ox

from loaders.errors import QueryError, QueryUsageError
from loaders.rdf.terms import WRITTEN
from web import formats, views
from web.formats import HttpError
from web.graph import Graph
from web.source import Remote, Source
from web.views import questions

FRESH = 60.0
"""Seconds for which an endpoint's answers are remembered."""
INLINE = 256 * 1024
"""An answer up to this many bytes goes back through the socket, a larger one through a file."""
_ROWS = {
    formats.JSON: ox.QueryResultsFormat.JSON,
    formats.XML: ox.QueryResultsFormat.XML,
    formats.CSV: ox.QueryResultsFormat.CSV,
    formats.TSV: ox.QueryResultsFormat.TSV,
}
_MARKS = {
    formats.JSON: b'},{"',
    formats.XML: b"<result>",
    formats.CSV: b"\r\n",
    formats.TSV: b"\n",
    formats.NTRIPLES: b" .\n",
    formats.NQUADS: b" .\n",
}
"""Bytes that stand between two rows of a format and nowhere else (a CRLF within a CSV value counts as a row)."""
_LEAST = {formats.JSON: 32, formats.XML: 16, formats.NTRIPLES: 12, formats.NQUADS: 12}
"""Fewer bytes than any row of a format: an answer shorter than the row limit times this need not be counted."""
_PANIC = (
    "the query engine failed on this query (a fault of the engine, not of the query). If it sorts numbers and texts together, "
    "sort by type first: ORDER BY DATATYPE(?x) ?x"
)

Request = dict[str, Any]
Head = dict[str, Any]


class Meter:
    """Takes an answer as it is written: in memory while it is small, then in a file; HttpError 413 above a limit."""

    def __init__(self, media: str, rows: int, size: int, folder: str) -> None:
        """Stop above ``rows`` rows of ``media`` or ``size`` bytes; use a file in ``folder``."""
        self._mark = _MARKS.get(media)
        self._rows, self._size, self._folder = rows, size, folder
        self._safe = rows * _LEAST.get(media, 1)
        self._tail, self._counting = b"", False
        self._memory: list[bytes] = []
        self._file: BinaryIO | None = None
        self.path: Path | None = None
        self.rows = self.size = 0

    def write(self, data: bytes) -> int:
        """Take a block of the answer."""
        self.size += len(data)
        if self.size > self._size:
            raise HttpError(
                413, f"the answer is larger than {self._size // 1_048_576} MB; narrow the query or use LIMIT"
            )
        if self._mark and self.size > self._safe:
            self._count(data)
        if self._file is not None:
            self._file.write(data)
            return len(data)
        self._memory.append(bytes(data))
        if self.size > INLINE:
            handle, name = tempfile.mkstemp(dir=self._folder, prefix=f"{os.getpid()}-")
            self.path = Path(name)
            self._file = os.fdopen(handle, "w+b")
            self._file.write(b"".join(self._memory))
            self._memory.clear()
        return len(data)

    def flush(self) -> None:
        """Nothing waits to be written."""

    def _count(self, data: bytes) -> None:
        if not self._counting:  # from the beginning, whatever was written before this block
            self._counting = True
            if self._file is not None:
                self._file.seek(0)
                while block := self._file.read(INLINE):
                    self._add(block)
            for block in self._memory:
                self._add(block)
        self._add(bytes(data))

    def _add(self, block: bytes) -> None:
        mark = self._mark or b""
        reach = len(mark) - 1
        self.rows += block.count(mark)
        if reach:  # a mark may be cut in two by the blocks: look across the seam
            self.rows += (self._tail + block[:reach]).count(mark)
            self._tail = (self._tail + block)[-reach:]
        if self.rows > self._rows:
            raise HttpError(413, f"the answer has more than {self._rows} rows; narrow the query or use LIMIT")

    def finish(self) -> bytes:
        """End writing; the answer's bytes where it stayed in memory, else nothing: it is in ``path``."""
        if self._file is not None:
            self._file.close()
        return b"".join(self._memory)

    def discard(self) -> None:
        """Remove what was written."""
        if self._file is not None:
            self._file.close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)


class Worker:
    """One store, opened read-only, and the folder large answers go to."""

    def __init__(
        self, directory: str, folder: str, rows: int, size: int, texts: str = "", seconds: float | None = None
    ) -> None:
        """Open the store, or with ``seconds`` for an answer the endpoint of this address.

        ``texts`` is the version's folder, which has the documents' lines and reports.
        """
        self.store: Source = ox.Store.read_only(directory) if seconds is None else Remote(directory, seconds)
        self._graph: Graph | None = None
        self._forget = 0.0
        self.folder, self.rows, self.size, self.texts = folder, rows, size, texts
        self._jobs: dict[str, Callable[[Request], tuple[Head, bytes]]] = {
            "query": self.query,
            "graph": self.graph,
            "page": self.page,
            "stored": self.stored,
            "dump": self.dump,
        }

    def answer(self, request: Request) -> tuple[Head, bytes]:
        """The answer to one request; what goes wrong with it is an answer of its own, with the status it has in HTTP."""
        try:
            return self._jobs[request["do"]](request)
        except SyntaxError as error:
            return {"status": 400, "message": str(error), "malformed": True}, b""
        except HttpError as error:
            return {"status": error.status, "message": error.message}, b""
        except MemoryError:
            return {"status": 400, "message": "the query needs more memory than it may take"}, b""
        except QueryUsageError as error:
            return {"status": 400, "message": error.message}, b""
        except QueryError as error:
            return {"status": 400, "message": error.message}, b""
        except (OSError, RuntimeError, ValueError) as error:
            told = str(error) or type(error).__name__
            return {"status": 400 if "is not supported" in told else 500, "message": f"the query failed: {told}"}, b""
        except Exception as error:  # noqa: BLE001 - told to the client, logged by the server
            trace = traceback.format_exc()
            return {"status": 500, "message": f"a fault of this program ({type(error).__name__})", "trace": trace}, b""
        except BaseException as error:
            if type(error).__name__ != "PanicException":
                raise
            return {"status": 400, "message": _PANIC}, b""

    def known(self) -> Graph:
        """The store as pages read it, with what was read before; an endpoint's answers are forgotten every minute."""
        remote = isinstance(self.store, Remote)
        if self._graph is None or (remote and time.monotonic() > self._forget):
            if isinstance(self.store, Remote):
                self.store, self._forget = Remote(self.store.url, self.store.timeout), time.monotonic() + FRESH
            self._graph = Graph(self.store)
        return self._graph

    def query(self, request: Request) -> tuple[Head, bytes]:
        """A SPARQL query, written in the format the client asks for rows or for triples."""
        options: dict[str, Any] = {}
        if request.get("default") is not None:
            options = {
                "default_graph": [ox.NamedNode(g) for g in request["default"]],
                "named_graphs": [ox.NamedNode(g) for g in request["named"]],
            }
        found = self.store.query(request["text"], base_iri=request.get("base"), **options)
        if isinstance(found, ox.QueryTriples | list):
            return self._write(request["triples"], lambda out, media: _write_triples(found, out, media))
        rows = found
        return self._write(request["rows"], lambda out, media: rows.serialize(out, _ROWS[media]))

    def graph(self, request: Request) -> tuple[Head, bytes]:
        """One graph as it is stored; ``name`` None is the default graph. HttpError 404 for a graph that is not there."""
        name = request["name"]
        node = ox.DefaultGraph() if name is None else ox.NamedNode(name)
        if name is not None and not self.store.contains_named_graph(node):
            raise HttpError(404, f"there is no graph <{name}>")
        quads = (q.triple for q in self.store.quads_for_pattern(None, None, None, node))
        return self._write(request["triples"], lambda out, media: _write_triples(quads, out, media))

    def page(self, request: Request) -> tuple[Head, bytes]:
        """A page or another small answer that one of the functions of ``web.views`` makes."""
        made = views.answer(self.known(), self.texts, request)
        return {"status": made.status, "media": made.media, "headers": made.headers}, made.body

    def stored(self, request: Request) -> tuple[Head, bytes]:
        """A stored query with its parameters, written in one of its forms."""

        def write(out: BinaryIO, media: str) -> None:
            questions.write(self.known(), request, out)

        return self._write(request["media"], write)

    def dump(self, request: Request) -> tuple[Head, bytes]:
        """Everything, or the current view alone."""

        def write(out: BinaryIO, media: str) -> None:
            graph = None if request["whole"] else ox.DefaultGraph()
            self.store.dump(out, format=formats.WRITERS[media], from_graph=graph, prefixes=WRITTEN)

        return self._write(request["media"], write, unlimited=True)

    def _write(
        self, media: str | None, write: Callable[[BinaryIO, str], object], *, unlimited: bool = False
    ) -> tuple[Head, bytes]:
        if media is None:
            offered = ", ".join((*formats.ROWS, *formats.TRIPLES))
            raise HttpError(406, f"the result cannot be written in the format asked for; there are: {offered}")
        rows, size = (sys.maxsize, sys.maxsize) if unlimited else (self.rows, self.size)
        meter = Meter(media, rows, size, self.folder)
        try:
            write(cast(BinaryIO, meter), media)
            body = meter.finish()
        except BaseException:
            meter.discard()
            raise
        return {"status": 200, "media": media, "file": str(meter.path) if meter.path else None}, body


def _write_triples(found: Iterable[ox.Triple], out: BinaryIO, media: str) -> None:
    prefixes = WRITTEN if media in (formats.TURTLE, formats.TRIG) else None
    ox.serialize(found, out, formats.WRITERS[media], prefixes=prefixes)


def _limit_memory(megabytes: int) -> None:
    """Bound the private memory of this process; the store's files are mapped and do not count."""
    with open("/proc/self/status") as status:
        used = next(int(line.split()[1]) for line in status if line.startswith("VmData"))
    limit = used * 1024 + megabytes * 1_048_576
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def frame(head: Head, body: bytes = b"") -> bytes:
    """A message as it goes through the socket."""
    packed = msgspec.msgpack.encode({**head, "size": len(body)} if body else head)
    return len(packed).to_bytes(4) + packed + body


def main(descriptor: int, settings: dict[str, Any]) -> None:
    """Answer requests until the other side closes the socket."""
    with socket.socket(fileno=descriptor) as channel:
        try:
            worker = Worker(
                settings["store"],
                settings["folder"],
                settings["rows"],
                settings["bytes"],
                settings["texts"],
                settings["endpoint_seconds"],
            )
            worker.store.query("ASK {}")
        except (OSError, ValueError, RuntimeError, QueryError, QueryUsageError) as error:
            channel.sendall(frame({"status": 500, "message": str(getattr(error, "message", error))}))
            return
        os.nice(settings["nice"])
        if sys.platform == "linux":
            _limit_memory(settings["megabytes"])
        channel.sendall(frame({"status": 200}))
        decoder = msgspec.msgpack.Decoder(dict[str, Any])
        received = bytearray()
        while data := channel.recv(1 << 16):
            received += data
            while len(received) >= 4 and len(received) >= (end := 4 + int.from_bytes(received[:4])):
                request = decoder.decode(received[4:end])
                del received[:end]
                channel.sendall(frame(*worker.answer(request)))


if __name__ == "__main__":
    main(int(sys.argv[1]), json.loads(sys.argv[2]))
