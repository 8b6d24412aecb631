"""Where a query is answered: a store in this process, a store in a process that can be killed, or a SPARQL endpoint."""

import os
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from http.client import HTTPException
from pathlib import Path
from typing import Any, BinaryIO, Self

import pyoxigraph as ox

from engine.store import declare_prefixes
from loaders.errors import QueryError, QueryTimeoutError, QueryUsageError, SourceError
from loaders.isolation import LIBRARY_FAULT, Limits, Pool
from loaders.rdf.terms import PREFIXES, VIEW, is_private

_HALF_OF_MEMORY = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**21
"""Megabytes that a query may take: one that swells must not take the machine with it."""
ENGINE_FAULT = (
    "the query engine failed on this query (a fault of the engine, not of the query). If it sorts numbers and texts together, "
    "sort by type first: ORDER BY DATATYPE(?x) ?x"
)
Answer = ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean | list[ox.Triple]
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
GraphName = ox.NamedNode | ox.BlankNode | ox.DefaultGraph


class Backend(ABC):
    """Something that answers SPARQL queries; a context that lets go of what it holds at its end."""

    @abstractmethod
    def query(self, text: str) -> Answer:
        """The answer to a query; raises :class:`QueryError` with a message for the user."""

    def select(self, text: str) -> ox.QuerySolutions:
        """The rows of a SELECT query."""
        rows = self.query(text)
        if not isinstance(rows, ox.QuerySolutions):
            raise QueryError("a SELECT was answered with something else than rows")
        return rows

    def __enter__(self) -> Self:
        """The backend itself."""
        return self

    def __exit__(self, *_: object) -> None:  # noqa: B027 - most hold nothing
        """Let go of what the backend holds."""


def syntax_error(text: str, message: str) -> QueryError:
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


class LocalStore(Backend):
    """A store in this process. Fastest; a query that runs too long cannot be stopped."""

    def __init__(self, store: ox.Store) -> None:
        """Answer from a store that is open already."""
        self.store = store

    def query(self, text: str) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
        """The answer, as the store gives it."""
        try:
            return self.store.query(text, prefixes=PREFIXES)
        except SyntaxError as error:
            raise syntax_error(text, str(error)) from None
        except (OSError, ValueError, RuntimeError) as error:
            raise QueryError(f"the query failed: {error}") from None


class WorkerStore(Backend):
    """A store in a process of its own, which is ended when a query runs longer than ``timeout`` seconds."""

    def __init__(self, directory: Path, timeout: float) -> None:
        """Name the store's directory; the process starts with the first query."""
        self.timeout = timeout
        limits = Limits(seconds=timeout, megabytes=_HALF_OF_MEMORY, patience=1)
        self._pool = Pool(limits, setup=(_opened, (str(directory),)))

    def query(self, text: str) -> Answer:
        """The answer; raises :class:`QueryTimeoutError` after the process is gone."""
        began = time.monotonic()
        try:
            kind, body = self._pool.call("the query", _answered, text)
        except SourceError as error:
            if time.monotonic() - began >= self.timeout:
                raise QueryTimeoutError(self.timeout) from None
            if LIBRARY_FAULT in error.message:
                raise QueryError(ENGINE_FAULT) from None
            reason = error.message.removeprefix("the query: ").removesuffix(": not read")
            raise QueryError(f"the query {reason}") from None
        if kind == "triples":
            return [q.triple for q in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)]
        return ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self._pool.__exit__()


def _opened(directory: str) -> LocalStore | QueryError:
    try:
        return LocalStore(ox.Store.read_only(directory))
    except (OSError, ValueError, RuntimeError) as error:
        return QueryError(f"the query failed: the store cannot be opened: {error}")


def _answered(store: LocalStore | QueryError, text: str) -> tuple[str, bytes]:
    """The kind of answer and its bytes (N-Triples or SPARQL JSON), made in the process of a WorkerStore."""
    if isinstance(store, QueryError):
        raise store
    answer = store.query(text)
    try:
        if isinstance(answer, ox.QueryTriples):
            return "triples", answer.serialize(format=ox.RdfFormat.N_TRIPLES) or b""
        return "rows", answer.serialize(format=ox.QueryResultsFormat.JSON) or b""
    except (OSError, ValueError, RuntimeError) as error:
        raise QueryError(f"the query failed: {str(error) or type(error).__name__}") from None


_ROWS = ("application/sparql-results+json", "application/sparql-results+xml", "text/tab-separated-values")
_TRIPLES = ("application/n-triples", "text/turtle", "application/rdf+xml", "application/ld+json")
_ACCEPT = ", ".join(f"{media};q={1 - 0.1 * rank:.1f}" for some in (_ROWS, _TRIPLES) for rank, media in enumerate(some))
_CHUNK = 1 << 16
_PATIENCE = 600.0
"""Seconds after which an endpoint is given up where no time limit is set."""
_MOST = 256 * 2**20
"""Bytes of an answer; a larger one is for a store of one's own."""
_PAGE = 1000
"""Statements asked for at first: who wants only one does not fetch them all."""
_REMEMBERED = 20_000
"""Answers on statements that one object keeps."""


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows an endpoint to another address of its own host and no further: queries are not for anybody else to see."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        """The request to make instead."""
        before, after = urllib.parse.urlsplit(req.full_url), urllib.parse.urlsplit(newurl)
        if after.hostname != before.hostname or after.scheme not in {before.scheme, "https"}:
            fp.close()
            raise QueryError(f"{req.full_url}: sends the query on to another host, {after.hostname}: not followed")
        if code in (307, 308):  # the query goes along
            return urllib.request.Request(newurl, req.data, dict(req.header_items()))
        return super().redirect_request(req, fp, code, msg, headers, newurl)


_OPENER = urllib.request.build_opener(_SameHost)
_DEFAULT = ox.DefaultGraph()


def _is_hidden(graph: str) -> bool:
    """Whether a graph is of contact persons, or says under a name what the default graph says."""
    return graph == VIEW or is_private(graph)


def _is_public(quad: ox.Quad) -> bool:
    return not (isinstance(quad.graph_name, ox.NamedNode) and _is_hidden(quad.graph_name.value))


class Endpoint(Backend):
    """A SPARQL endpoint, which can be read as a store too; what it says of statements is remembered.

    The current view is its default graph; an engine whose default graph is the union of all is asked with
    ``?default-graph-uri=…/graph/current`` in its address. Statements about contact persons are never given.
    """

    def __init__(self, url: str, timeout: float | None = None) -> None:
        """Query the endpoint at ``url`` (http or https); ``timeout`` is the time for a whole answer, not for one packet."""
        if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
            raise QueryUsageError(f"--endpoint takes an http or https address, not {url!r}")
        self.url, self.timeout = url, timeout
        self._statements: dict[str, list[ox.Quad]] = {}

    def query(
        self,
        text: str,
        *,
        base_iri: str | None = None,
        default_graph: Sequence[ox.NamedNode] = (),
        named_graphs: Sequence[ox.NamedNode] = (),
    ) -> Answer:
        """The endpoint's answer; prefixes we know are declared on the query's first line."""
        fields = [("query", declare_prefixes(text))]
        fields += [("default-graph-uri", graph.value) for graph in default_graph]
        fields += [("named-graph-uri", graph.value) for graph in named_graphs]
        media, body = self._in_time(fields)
        try:
            if media in _ROWS:
                return ox.parse_query_results(body, format=ox.QueryResultsFormat.from_media_type(media))
            if media in _TRIPLES:
                return [quad.triple for quad in ox.parse(body, format=ox.RdfFormat.from_media_type(media))]
        except (SyntaxError, ValueError) as error:
            raise QueryError(f"{self.url}: the answer is cut or malformed: {error}") from None
        raise QueryError(f"{self.url}: the answer is {media or 'of no known type'}, not SPARQL results or RDF")

    def quads_for_pattern(
        self, subject: Term | None, predicate: Term | None, object: Term | None, graph: GraphName | None = None
    ) -> Iterator[ox.Quad]:
        """Statements that match, of one graph or of all; all of a subject are asked for at once."""
        if isinstance(subject, ox.BlankNode) or isinstance(object, ox.BlankNode):
            return  # a blank node has no name to ask by
        if subject is None:
            first = self._matching(None, predicate, object, graph, f" LIMIT {_PAGE}")
            yield from filter(_is_public, first)
            if len(first) == _PAGE:
                yield from filter(_is_public, self._matching(None, predicate, object, graph, f" OFFSET {_PAGE}"))
            return
        named = ("predicate", predicate), ("object", object), ("graph_name", graph)
        fixed = {name: term for name, term in named if term}
        for quad in filter(_is_public, self._matching(subject, None, None, None)):
            if all(getattr(quad, name) == term for name, term in fixed.items()):
                yield quad

    def _matching(
        self, subject: Term | None, predicate: Term | None, object: Term | None, graph: GraphName | None, part: str = ""
    ) -> list[ox.Quad]:
        parts = [term or f"?{name}" for term, name in ((subject, "s"), (predicate, "p"), (object, "o"))]
        pattern = " ".join(map(str, parts))
        named = f"GRAPH {graph if isinstance(graph, ox.NamedNode) else '?g'} {{ {pattern} }}"
        where = pattern if graph == _DEFAULT else named if graph else f"{{ {pattern} }} UNION {{ {named} }}"
        text = f"SELECT * WHERE {{ {where} }}{part}"
        if text not in self._statements:
            if len(self._statements) >= _REMEMBERED:
                self._statements.clear()
            answers = self.select(text)
            known: dict[str, Any] = {"s": subject, "p": predicate, "o": object, "g": graph or _DEFAULT}
            given = {variable.value for variable in answers.variables}
            rows = ([(row[n] if n in given else None) or term for n, term in known.items()] for row in answers)
            self._statements[text] = [ox.Quad(*row) for row in rows]
        return self._statements[text]

    def __contains__(self, quad: ox.Quad) -> bool:
        return any(True for _ in self.quads_for_pattern(*quad))

    def contains_named_graph(self, graph: GraphName) -> bool:
        """Whether a graph holds anything anybody may see."""
        return any(True for _ in self.quads_for_pattern(None, None, None, graph))

    def named_graphs(self) -> Iterator[ox.NamedNode]:
        """The graphs that anybody may see."""
        rows = self.select("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
        return (row["g"] for row in rows if isinstance(row["g"], ox.NamedNode) and not _is_hidden(row["g"].value))

    def dump(
        self, out: BinaryIO, *, format: ox.RdfFormat, from_graph: GraphName | None, prefixes: dict[str, str]
    ) -> None:
        """Write a graph, or everything where ``from_graph`` is None."""
        quads: Iterable[ox.Quad] = self.quads_for_pattern(None, None, None, from_graph)
        ox.serialize((q.triple for q in quads) if from_graph else quads, out, format, prefixes=prefixes)

    def _in_time(self, fields: list[tuple[str, str]]) -> tuple[str, bytes]:
        """The answer of :meth:`_post`, asked in a thread: an endpoint that sends a byte now and then would never time out."""
        answers: list[tuple[str, bytes] | Exception] = []

        def ask() -> None:
            try:
                answers.append(self._post(fields))
            except Exception as error:  # noqa: BLE001 - raised below, in the thread of the caller
                answers.append(error)

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(self.timeout or _PATIENCE)
        if not answers:
            raise QueryTimeoutError(self.timeout or _PATIENCE)
        if isinstance(answers[0], Exception):
            raise answers[0]
        return answers[0]

    def _post(self, fields: list[tuple[str, str]]) -> tuple[str, bytes]:
        data = urllib.parse.urlencode(fields).encode()
        headers = {"Accept": _ACCEPT, "User-Agent": "teemagraafi", "Content-Type": "application/x-www-form-urlencoded"}
        request = urllib.request.Request(self.url, data, headers)
        deadline = time.monotonic() + (self.timeout or _PATIENCE)
        try:
            with _OPENER.open(request, timeout=self.timeout or _PATIENCE) as response:
                return response.headers.get_content_type(), self._body(response, deadline)
        except urllib.error.HTTPError as error:
            raise self._refused(fields[0][1], error) from None
        except TimeoutError:
            raise QueryTimeoutError(self.timeout or _PATIENCE) from None
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise QueryTimeoutError(self.timeout or _PATIENCE) from None
            raise QueryError(f"{self.url}: no answer: {error.reason}") from None
        except (HTTPException, OSError) as error:
            raise QueryError(f"{self.url}: the answer broke off: {error}") from None

    def _body(self, response: object, deadline: float) -> bytes:
        chunks, size = [], 0
        while chunk := response.read1(_CHUNK):  # type: ignore[attr-defined]
            chunks.append(chunk)
            size += len(chunk)
            if size > _MOST:
                raise QueryError(f"{self.url}: the answer has more than {_MOST // 2**20} MB: ask for less with LIMIT")
            if time.monotonic() > deadline:
                raise TimeoutError
        return b"".join(chunks)

    def _refused(self, text: str, error: urllib.error.HTTPError) -> QueryError:
        with error:  # it holds the connection
            message = error.read(2000).decode("utf-8", "replace").strip()
        if error.code == 400 and (place := re.search(r"error at \d+:\d+: .*", message)):
            return syntax_error(text, place[0])
        plain = " ".join(re.sub(r"<[^<>]+>", " ", message).split())[:300]
        reason = " ".join(str(error.reason).split())
        return QueryError(f"{self.url}: {error.code} {reason}{': ' + plain if plain else ''}")
