"""Queries answered by a SPARQL endpoint, by the SPARQL 1.1 Protocol and the standard library alone."""

from __future__ import annotations

import re
import time
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPException
from types import TracebackType
from typing import Self

import pyoxigraph as ox

from engine.query.backends import PREFIXES, Answer, malformed
from engine.query.errors import QueryError, QueryTimeoutError, QueryUsageError

_ROWS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
_TRIPLES = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
_ACCEPT = ", ".join(
    f"{media};q={1 - 0.1 * rank:.1f}" for media_types in (_ROWS, _TRIPLES) for rank, media in enumerate(media_types)
)
_CHUNK = 1 << 16
_PATIENCE = 600.0
"""Seconds of silence after which an endpoint is given up where no time limit is set."""


class Endpoint:
    """A SPARQL endpoint. ``timeout`` is the time for a whole answer, not for one packet."""

    def __init__(self, url: str, timeout: float | None = None) -> None:
        """Query the endpoint at ``url`` (http or https)."""
        if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
            raise QueryUsageError(f"--endpoint takes an http or https address, not {url!r}")
        self.url, self.timeout = url, timeout

    def query(self, text: str) -> Answer:
        """The endpoint's answer; prefixes we know are declared on the query's first line."""
        media, body = self._post(_with_prefixes(text))
        try:
            if media in _ROWS:
                return ox.parse_query_results(body, format=_ROWS[media])
            if media in _TRIPLES:
                return [quad.triple for quad in ox.parse(body, format=_TRIPLES[media])]
        except (SyntaxError, ValueError) as error:
            raise QueryError(f"{self.url}: the answer is cut or malformed: {error}") from None
        raise QueryError(f"{self.url}: the answer is {media or 'of no known type'}, not SPARQL results or RDF")

    def _post(self, text: str) -> tuple[str, bytes]:
        data = urllib.parse.urlencode({"query": text}).encode()
        headers = {"Accept": _ACCEPT, "User-Agent": "teemagraafi", "Content-Type": "application/x-www-form-urlencoded"}
        request = urllib.request.Request(self.url, data, headers)
        deadline = time.monotonic() + (self.timeout or _PATIENCE)
        try:
            with urllib.request.urlopen(request, timeout=self.timeout or _PATIENCE) as response:
                return response.headers.get_content_type(), self._body(response, deadline)
        except urllib.error.HTTPError as error:
            raise self._refused(text, error) from None
        except TimeoutError:
            raise QueryTimeoutError(self.timeout or _PATIENCE) from None
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise QueryTimeoutError(self.timeout or _PATIENCE) from None
            raise QueryError(f"{self.url}: no answer: {error.reason}") from None
        except (HTTPException, OSError) as error:
            raise QueryError(f"{self.url}: the answer broke off: {error}") from None

    def _body(self, response: object, deadline: float) -> bytes:
        chunks = []
        while chunk := response.read1(_CHUNK):  # type: ignore[attr-defined]
            chunks.append(chunk)
            if self.timeout and time.monotonic() > deadline:
                raise TimeoutError
        return b"".join(chunks)

    def _refused(self, text: str, error: urllib.error.HTTPError) -> QueryError:
        with error:  # it holds the connection
            said = error.read(2000).decode("utf-8", "replace").strip()
        if error.code == 400 and (place := re.search(r"error at \d+:\d+: .*", said)):
            return malformed(text, place[0])
        plain = " ".join(re.sub(r"<[^>]+>", " ", said).split())[:300]
        return QueryError(f"{self.url}: {error.code} {error.reason}{': ' + plain if plain else ''}")

    def __enter__(self) -> Self:
        """The endpoint itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is held between queries."""


def _with_prefixes(text: str) -> str:
    """Declare the prefixes a query uses and does not declare, on its first line: line numbers in errors stay right."""
    declared = {m[1] for m in re.finditer(r"(?i)\bPREFIX\s+([\w-]*):", text)}
    missing = (p for p in PREFIXES if p not in declared and re.search(rf"(?<![\w<:/-]){p}:", text))
    return "".join(f"PREFIX {p}: <{PREFIXES[p]}> " for p in missing) + text
