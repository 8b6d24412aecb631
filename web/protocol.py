"""The SPARQL 1.1 Protocol without a server: what a request asks, what is refused, and what every answer says of itself."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

import pyoxigraph as ox

from engine.query import lexer
from web import formats
from web.formats import HttpError

VARY = "Accept, Accept-Encoding, Accept-Language"
ALWAYS: dict[str, str] = formats.SETTINGS["always"]
"""The headers of every answer."""
LONG = 16 * 1024
"""Letters of a query that takes a while to look through."""
_NOWHERE = "<urn:teemagraafi:not-allowed>"
"""An address the engine cannot call: SERVICE SILENT on it gives one empty solution."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks: the query, its dataset, and the format by name."""

    query: str | None
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    format: str | None = None


def fields_of(text: str, limit: int) -> list[tuple[str, str]]:
    """Names and values of a query string or a form."""
    if len(text) > 3 * limit:
        raise HttpError(414, "the address is too long: send the query by POST")
    try:
        if text.startswith("query=") and "&" not in text:  # nearly always
            return [("query", unquote_to_bytes(text[6:].replace("+", " ")).decode())]
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=200)
    except UnicodeDecodeError:
        raise HttpError(400, "the parameters must be UTF-8") from None
    except ValueError:
        raise HttpError(400, "too many parameters") from None


def asked_by(fields: Sequence[tuple[str, str]]) -> Asked:
    """What the fields of a request ask; HttpError for what the protocol does not allow."""
    if len(fields) == 1 and fields[0][0] == "query":
        return Asked(fields[0][1])
    given: dict[str, list[str]] = defaultdict(list)
    for name, value in fields:
        given[name].append(value)
    queries, updates = given["query"], given["update"]
    if updates:
        status = 400 if queries or len(updates) > 1 else 403
        raise HttpError(status, "this endpoint is read-only: updates are not allowed")
    if len(queries) > 1:
        raise HttpError(400, "there must be one query, not several")
    default, named = (tuple(filter(None, given[f"{kind}-graph-uri"])) for kind in ("default", "named"))  # "" names none
    return Asked(next(iter(queries), None), default, named, next(iter(given["format"] or given["output"]), None))


def job_for(asked: Asked, accept: str, base: str, limit: int, services: Sequence[str]) -> tuple[dict[str, Any], bool]:
    """What a worker is to do, and whether the answer may be another one a moment later; HttpError for what is refused.

    ``base`` is the endpoint's address, which relative IRIs of the query are read against; ``limit`` the most bytes of a query;
    ``services`` the endpoints that it may call.
    """
    query, fresh = _checked(asked.query or "", limit, services)
    rows, triples = _formats(asked, accept)
    job: dict[str, Any] = {"do": "query", "text": query, "base": base, "rows": rows, "triples": triples}
    if asked.default or asked.named:
        job |= {"default": [*map(absolute, asked.default)], "named": [*map(absolute, asked.named)]}
    return job, fresh


def caching(job: dict[str, Any], fresh: bool, version: str) -> dict[str, str]:
    """How long an answer may be kept: with a tag until the ``version`` of the data changes, or not at all."""
    if fresh:
        return {"cache-control": "no-store"}
    return {"cache-control": "public, max-age=0, must-revalidate", "etag": etag(version, *map(str, job.values()))}


def etag(*parts: str) -> str:
    """A weak entity tag of what an answer depends on."""
    return f'W/"{hashlib.sha256(chr(31).join(parts).encode()).hexdigest()[:20]}"'


def absolute(value: str) -> str:
    """An IRI as a request gives it; HttpError if it is no absolute IRI."""
    try:
        return ox.NamedNode(value).value
    except ValueError:
        raise HttpError(400, f"{value!r} is not an absolute IRI") from None


def _checked(query: str, limit: int, allowed: Sequence[str]) -> tuple[str, bool]:
    """Refuse what may not be asked. Gives the query to answer, and whether it may be answered otherwise a moment later.

    SERVICE SILENT on an endpoint that is not allowed fails as silently as one that is down.
    """
    if not query.strip():
        raise HttpError(400, "the query is empty")
    if len(query.encode()) > limit:
        raise HttpError(413, f"the query is larger than {limit // 1024} kB")
    if lexer.is_update(query):
        raise HttpError(403, "this endpoint is read-only: updates are not allowed")
    services = lexer.services(query)
    if any(target not in allowed for target in services):
        query = _silenced(query, allowed)
    return query, bool(services) or lexer.changes(query)


def _silenced(query: str, allowed: Sequence[str]) -> str:
    text = lexer.plain(query)
    for call in reversed(lexer.calls(text)):
        if call.address in allowed:
            continue
        if not call.silent or call.target is None:
            raise HttpError(
                403, f"SERVICE {f'<{call.address}>' if call.address else 'by variable'} is not allowed here"
            )
        text = text[: call.target.start] + _NOWHERE + text[call.target.end :]
    return text


def _formats(asked: Asked, accept: str) -> tuple[str | None, str | None]:
    """Formats for rows and for triples, by name or by Accept; None where the client accepts none of a kind."""
    if asked.format is not None and (media := formats.by_name(asked.format)):
        return formats.both(media)
    rows, triples = formats.accepted(accept)
    if rows is None and triples is None:
        offered = ", ".join((*formats.ROWS, *formats.TRIPLES))
        raise HttpError(406, f"none of the formats asked for is offered; there are: {offered}")
    return rows, triples
