"""Where a query is answered: a store in this process, a store in a process that can be killed, or a SPARQL endpoint."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import pyoxigraph as ox

from engine.query.errors import QueryError, QueryTimeoutError
from loaders.rdf.terms import BASE, CODE, DCT, ID, OWL, RDF, RDFS, SCHEMA, SKOS, TG, XSD

Answer = ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean | list[ox.Triple]

PREFIXES = {
    "tg": TG,
    "tgs": f"{BASE}shapes#",
    "code": CODE,
    "id": ID,
    "rdf": RDF,
    "rdfs": RDFS,
    "skos": SKOS,
    "dct": DCT,
    "schema": SCHEMA,
    "owl": OWL,
    "xsd": XSD,
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    **{kind: f"{ID}{kind}/" for kind in ("theme", "project", "organisation", "participation", "call", "document")},
}
"""Prefixes that a user's own query need not declare."""


class Backend(AbstractContextManager["Backend"], Protocol):
    """Something that answers SPARQL queries."""

    def query(self, text: str) -> Answer:
        """The answer to a query; raises :class:`QueryError` with a message for the user."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of what the backend holds."""


def malformed(text: str, message: str) -> QueryError:
    """A query that is not SPARQL: where, what the line says, and what the engine expected there."""
    place = re.match(r"error at (\d+):(\d+): ", message)
    if place is None:
        return QueryError(f"the query is not valid SPARQL: {message}")
    line, column = int(place[1]), int(place[2])
    lines = text.splitlines()
    shown = lines[line - 1].strip() if line <= len(lines) else ""
    at = f"line {line}, column {column}"
    return QueryError(
        f"the query is not valid SPARQL, {at}: {_expected(message[place.end() :])}; the line is: {shown[:160]}"
    )


def _expected(message: str) -> str:
    """The engine's expectation in few words: its grammar's character classes say nothing to a person."""
    if "Prefix not found" in message:
        return "a prefix is used that is not declared"
    words = re.findall(r'"[^"]+"|\b[A-Z]{3,}\b', message.split("expected one of ")[-1])
    if message.startswith("expected one of ") and words:
        return f"expected one of {', '.join(dict.fromkeys(words[:12]))}"
    return " ".join(message.split())[:200]


class LocalStore:
    """A store in this process. Fastest; a query that runs too long cannot be stopped."""

    def __init__(self, store: ox.Store) -> None:
        """Answer from a store that is open already."""
        self.store = store

    def query(self, text: str) -> Answer:
        """The answer, as the store gives it."""
        try:
            return self.store.query(text, prefixes=PREFIXES)
        except SyntaxError as error:
            raise malformed(text, str(error)) from None
        except (OSError, ValueError, RuntimeError) as error:
            raise QueryError(f"the query failed: {error}") from None

    def __enter__(self) -> Self:
        """The backend itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the store to its owner."""


class WorkerStore:
    """A store in a process of its own, which is killed when a query runs longer than ``timeout`` seconds."""

    def __init__(self, directory: Path, timeout: float) -> None:
        """Start the process on the store's directory."""
        script = str(Path(__file__).with_name("worker.py"))
        self.timeout = timeout
        self._process = subprocess.Popen(  # -P: engine/ must not shadow installed modules
            [sys.executable, "-P", script, str(directory)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def query(self, text: str) -> Answer:
        """The answer; raises :class:`QueryTimeoutError` after the process is gone."""
        answered: list[tuple[str, bytes]] = []
        # a thread reads: waiting for a pipe with a time limit works on every system that way
        reader = threading.Thread(target=lambda: answered.append(self._ask(text)), daemon=True)
        reader.start()
        reader.join(self.timeout)
        if reader.is_alive():
            self._process.kill()
            self._process.wait()
            raise QueryTimeoutError(self.timeout)
        return _decode(text, *answered[0])

    def _ask(self, text: str) -> tuple[str, bytes]:
        source, sink = self._process.stdout, self._process.stdin
        assert source is not None, "opened as a pipe"
        assert sink is not None, "opened as a pipe"
        try:
            sink.write(json.dumps({"query": text, "prefixes": PREFIXES}).encode() + b"\n")
            sink.flush()
        except OSError:
            pass  # the process has ended; what it said last says why
        head = source.readline()
        if not head:
            return "failed", b"the process that answered it ended (out of memory?)"
        answer = json.loads(head)
        return answer["kind"], source.read(answer["size"])

    def __enter__(self) -> Self:
        """The backend itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


def _decode(text: str, kind: str, body: bytes) -> Answer:
    if kind == "malformed":
        raise malformed(text, body.decode())
    if kind == "failed":
        raise QueryError(f"the query failed: {body.decode()}")
    if kind == "triples":
        return [q.triple for q in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)]
    return ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
