"""A process that answers queries on a store and can be killed when one takes too long.

Started with a socket's descriptor and its settings as JSON. A request is a line of JSON; an answer is a line of JSON
(``kind``, ``size``, and what belongs to the kind) followed by ``size`` bytes, or by a file where the answer is large.
"""

from __future__ import annotations

import importlib
import io
import json
import resource
import socket
import sys
from collections.abc import Callable
from typing import Any, BinaryIO, cast

import pyoxigraph as ox

from loaders.errors import QueryError, QueryUsageError
from web import formats
from web.errors import LimitError, MissingError
from web.output import Meter

_ROWS = {
    formats.JSON: ox.QueryResultsFormat.JSON,
    formats.XML: ox.QueryResultsFormat.XML,
    formats.CSV: ox.QueryResultsFormat.CSV,
    formats.TSV: ox.QueryResultsFormat.TSV,
}
WRITERS = {
    formats.TURTLE: ox.RdfFormat.TURTLE,
    formats.NTRIPLES: ox.RdfFormat.N_TRIPLES,
    formats.NQUADS: ox.RdfFormat.N_QUADS,
    formats.TRIG: ox.RdfFormat.TRIG,
    formats.JSONLD: ox.RdfFormat.JSON_LD,
    formats.RDFXML: ox.RdfFormat.RDF_XML,
}
PREFIXES = {
    "dct": "http://purl.org/dc/terms/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "tg": "https://w3id.org/teemagraafi/def#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_CALLABLE = ("web.models.",)
"""Functions that a request may name: those that make the pages' models."""

_BLOCK = 256 * 1024
Request = dict[str, Any]
Answer = tuple[dict[str, Any], bytes]


class Worker:
    """One store and the folder large answers go to."""

    def __init__(self, directory: str, folder: str, rows: int, size: int) -> None:
        """Open the store read-only."""
        self.store = ox.Store.read_only(directory)
        self.folder, self.rows, self.size = folder, rows, size
        self._jobs: dict[str, Callable[[Request], Answer]] = {
            "query": self.query,
            "graph": self.graph,
            "call": self.call,
            "stored": self.stored,
            "dump": self.dump,
        }

    def answer(self, request: Request) -> Answer:
        """The answer to one request; what goes wrong with it is an answer too."""
        try:
            return self._jobs[request["do"]](request)
        except SyntaxError as error:
            return {"kind": "malformed", "message": str(error)}, b""
        except LimitError as error:
            return {"kind": "limit", "message": str(error)}, b""
        except MemoryError:
            return {"kind": "limit", "message": "the query needs more memory than it may take"}, b""
        except MissingError as error:
            return {"kind": "missing", "message": str(error)}, b""
        except QueryUsageError as error:
            return {"kind": "usage", "message": error.message}, b""
        except QueryError as error:
            return {"kind": "failed", "message": error.message}, b""
        except (OSError, RuntimeError, ValueError) as error:
            return {"kind": "failed", "message": str(error) or type(error).__name__}, b""

    def query(self, request: Request) -> Answer:
        """A SPARQL query, written in the format the client wants for its form."""
        options: dict[str, Any] = {}
        if request.get("default") is not None:
            options = {
                "default_graph": [ox.NamedNode(g) for g in request["default"]],
                "named_graphs": [ox.NamedNode(g) for g in request["named"]],
            }
        found = self.store.query(request["text"], base_iri=request.get("base"), **options)
        if isinstance(found, ox.QueryTriples):
            return self._write(request["triples"], lambda out, media: _write_triples(found, out, media))
        rows = found
        return self._write(request["rows"], lambda out, media: rows.serialize(out, _ROWS[media]))

    def graph(self, request: Request) -> Answer:
        """One graph as it is stored; ``name`` None is the default graph. MissingError for a graph that is not there."""
        name = request["name"]
        node = ox.DefaultGraph() if name is None else ox.NamedNode(name)
        if name is not None and not self.store.contains_named_graph(node):
            raise MissingError(f"there is no graph <{name}>")

        def write(out: BinaryIO, media: str) -> None:
            prefixes = PREFIXES if media in (formats.TURTLE, formats.TRIG) else None
            quads = (q.triple for q in self.store.quads_for_pattern(None, None, None, node))
            ox.serialize(quads, out, WRITERS[media], prefixes=prefixes)

        return self._write(request["triples"], write)

    def call(self, request: Request) -> Answer:
        """A function of ours that reads the store and answers with plain data."""
        name = str(request["function"])
        if not name.startswith(_CALLABLE):
            raise ValueError(f"{name} is not open to requests")
        module, _, function = name.rpartition(".")
        data = getattr(importlib.import_module(module), function)(self.store, **request["arguments"])
        return {"kind": "data", "media": "application/json"}, json.dumps(data, ensure_ascii=False).encode()

    def stored(self, request: Request) -> Answer:
        """A stored query with its parameters, written in one of its forms."""
        from web.models import queries

        def write(out: BinaryIO, media: str) -> None:
            queries.write(
                self.store, request["name"], request["parameters"], request["form"], out, request.get("lang", "en")
            )

        return self._write(request["media"], write)

    def dump(self, request: Request) -> Answer:
        """Everything, or the current view alone."""

        def write(out: BinaryIO, media: str) -> None:
            graph = None if request["whole"] else ox.DefaultGraph()
            self.store.dump(out, format=WRITERS[media], from_graph=graph, prefixes=PREFIXES)

        return self._write(request["media"], write, unlimited=True)

    def _write(self, media: str | None, write: Callable[[BinaryIO, str], object], *, unlimited: bool = False) -> Answer:
        if media is None:
            return {"kind": "unacceptable"}, b""
        rows, size = (sys.maxsize, sys.maxsize) if unlimited else (self.rows, self.size)
        meter = Meter(media, rows, size, self.folder)
        out = io.BufferedWriter(cast(io.RawIOBase, meter), _BLOCK)  # the engine writes a few kB at a time
        try:
            write(cast(BinaryIO, out), media)
            out.flush()
            body = meter.finish()
        except BaseException:
            meter.discard()
            raise
        finally:
            out.close()
        return {"kind": "answer", "media": media, "file": str(meter.path) if meter.path else None}, body


def _write_triples(found: ox.QueryTriples, out: BinaryIO, media: str) -> None:
    if media in (formats.TURTLE, formats.TRIG):
        ox.serialize(found, out, WRITERS[media], prefixes=PREFIXES)
    else:
        found.serialize(out, WRITERS[media])


def _limit_memory(megabytes: int) -> None:
    """Bound the private memory of this process; the store's files are mapped and do not count."""
    with open("/proc/self/status") as status:
        used = next(int(line.split()[1]) for line in status if line.startswith("VmData"))
    limit = used * 1024 + megabytes * 1_048_576
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(descriptor: int, settings: dict[str, Any]) -> None:
    """Answer requests until the other side closes the socket."""
    with socket.socket(fileno=descriptor) as channel, channel.makefile("rwb", buffering=1 << 16) as stream:
        try:
            worker = Worker(settings["store"], settings["folder"], settings["rows"], settings["bytes"])
        except (OSError, ValueError, RuntimeError) as error:
            _send(stream, ({"kind": "failed", "message": str(error)}, b""))
            return
        if sys.platform == "linux":
            _limit_memory(settings["megabytes"])
        _send(stream, ({"kind": "ready"}, b""))
        for line in stream:
            _send(stream, worker.answer(json.loads(line)))


def _send(stream: Any, answer: Answer) -> None:
    head, body = answer
    stream.write(json.dumps({**head, "size": len(body)}).encode() + b"\n")
    stream.write(body)
    stream.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), json.loads(sys.argv[2]))
