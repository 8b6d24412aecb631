"""The SPARQL 1.1 Protocol for queries: ``/sparql`` by GET and POST. Updates are refused."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

import anyio
import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from engine.query import lexer
from engine.query.backends import malformed
from web import formats, service
from web.process import Answer
from web.replies import HttpError, deliver, etag, reply, unchanged
from web.settings import Settings
from web.workers import Pool

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_FORGOTTEN = 64 * 1024 * 1024
_PATIENCE = 10.0
"""Bytes and seconds of a body that is too large, read before it is refused."""
_LONG = 16 * 1024
"""Letters of a query beyond which it is looked through in a thread."""
METHODS = ("GET", "HEAD", "POST", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks: the query, its dataset, and the format by name."""

    query: str | None
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    format: str | None = None


async def endpoint(request: Request) -> Response:
    """Answer a query, or describe the service where there is none."""
    settings: Settings = request.app.state.settings
    asked = await read(request, settings.limits.body)
    if asked.query is None:
        return await _described(request)
    if len(asked.query) < _LONG:
        fresh = _refuse(asked.query, settings)
    else:  # other requests go on meanwhile
        fresh = await anyio.to_thread.run_sync(_refuse, asked.query, settings)
    rows, triples = _wanted(request, asked)
    pool: Pool = request.app.state.pool
    base = service.address(request)
    if fresh:
        answer = await pool.ask(_job(asked, base, rows, triples))
        return finish(request, answer, {"cache-control": "no-store"}, asked.query)
    parts = (pool.tag, base, asked.query, *asked.default, "|", *asked.named, rows or "", triples or "")
    tag = etag(*parts)
    headers = {"cache-control": "public, max-age=0, must-revalidate", "etag": tag}
    if same := unchanged(request, tag):
        return same
    job = _job(asked, base, rows, triples)
    return finish(request, pool.at_once(job) or await pool.ask(job), headers, asked.query)


def finish(request: Request, answer: Answer, headers: dict[str, str], query: str = "") -> Response:
    """A worker's answer as HTTP: the result, or the status that fits what went wrong."""
    match answer.kind:
        case "answer":
            return deliver(request, answer, formats.content_type(answer.head["media"]), headers)
        case "malformed":
            raise HttpError(400, malformed(query, answer.head["message"]).message)
        case "limit":
            raise HttpError(503, f"{answer.head['message']}; narrow the query or use LIMIT", {"retry-after": "60"})
        case "usage":
            raise HttpError(400, answer.head["message"])
        case "missing":
            raise HttpError(404, answer.head["message"])
        case "unacceptable":
            offered = ", ".join((*formats.ROWS, *formats.TRIPLES))
            raise HttpError(406, f"the result cannot be written in the format asked for; there are: {offered}")
    raise HttpError(500, f"the query failed: {answer.head.get('message', 'no reason given')}")


async def read(request: Request, limit: int) -> Asked:
    """What a request asks by the protocol; HttpError for what the protocol does not allow."""
    fields = fields_of(request.scope["query_string"].decode("latin-1"), limit)
    if request.method != "POST":
        return _asked(fields)
    media, charset = _content(request)
    if charset not in ("utf-8", "us-ascii"):
        raise HttpError(415, f"the body must be UTF-8, not {charset}")
    body = await body_of(request, limit)
    if media == _FORM:
        return _asked([*fields, *fields_of(body, limit)])
    if media == _QUERY:
        if any(name in ("query", "update") for name, _ in fields):
            raise HttpError(400, "the query stands in the body and in the address; send it once")
        return _asked([*fields, ("query", body)])
    if media == _UPDATE:
        raise HttpError(403, "this endpoint is read-only: updates are not allowed")
    raise HttpError(415, f"POST takes {_FORM} or {_QUERY}, not {media or 'a body without Content-Type'}")


def fields_of(text: str, limit: int) -> list[tuple[str, str]]:
    """Names and values of a query string or a form."""
    if len(text) > 3 * limit:
        raise HttpError(414, "the address is too long: send the query by POST")
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=200)
    except UnicodeDecodeError:
        raise HttpError(400, "the parameters must be UTF-8") from None
    except ValueError:
        raise HttpError(400, "too many parameters") from None


def _content(request: Request) -> tuple[str, str]:
    media, *parameters = (p.strip() for p in request.headers.get("content-type", "").split(";"))
    charset = "utf-8"
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip('"').lower().replace("utf8", "utf-8")
    return media.lower(), charset


async def body_of(request: Request, limit: int) -> str:
    """A request's body as text; HttpError 413 if it is larger than it may be."""
    length = request.headers.get("content-length", "")
    stream = request.stream()
    if length.isdigit() and int(length) > limit:
        await _too_large(stream, limit, int(length))
    body = bytearray()
    async for block in stream:
        body += block
        if len(body) > limit:
            await _too_large(stream, limit)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise HttpError(400, "the body is not UTF-8") from None


async def _too_large(stream: AsyncGenerator[bytes, None], limit: int, length: int = 0) -> None:
    """Answer 413; what is still on its way is read and forgotten up to a bound, for a client that sends hears nothing else."""
    left = _FORGOTTEN if length <= _FORGOTTEN else 0
    with anyio.move_on_after(_PATIENCE):
        while left > 0 and (block := await anext(stream, None)) is not None:
            left -= len(block)
    raise HttpError(413, f"the body is larger than {limit // 1024} kB", {"connection": "close"})


def _asked(fields: Sequence[tuple[str, str]]) -> Asked:
    if len(fields) == 1 and fields[0][0] == "query":  # nearly always
        return Asked(fields[0][1])

    def values(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in fields if key == name)

    queries, updates = values("query"), values("update")
    if updates:
        raise HttpError(
            400 if queries or len(updates) > 1 else 403, "this endpoint is read-only: updates are not allowed"
        )
    if len(queries) > 1:
        raise HttpError(400, "there must be one query, not several")
    chosen = values("format") or values("output")
    return Asked(
        queries[0] if queries else None,
        values("default-graph-uri"),
        values("named-graph-uri"),
        chosen[0] if chosen else None,
    )


def _refuse(query: str, settings: Settings) -> bool:
    """Refuse what may not be asked; tells whether the same query may be answered otherwise a moment later."""
    if not query.strip():
        raise HttpError(400, "the query is empty")
    if len(query.encode()) > settings.limits.body:
        raise HttpError(413, f"the query is larger than {settings.limits.body // 1024} kB")
    if lexer.is_update(query):
        raise HttpError(403, "this endpoint is read-only: updates are not allowed")
    services = lexer.services(query)
    for target in services:
        if target not in settings.services:
            raise HttpError(403, f"SERVICE {f'<{target}>' if target else 'by variable'} is not allowed here")
    return bool(services) or lexer.changes(query)


def graph_iri(value: str) -> str:
    """A graph's name as a request gives it; HttpError if it is no absolute IRI."""
    try:
        return ox.NamedNode(value).value
    except ValueError:
        raise HttpError(400, f"{value!r} is not an absolute IRI") from None


def _wanted(request: Request, asked: Asked) -> tuple[str | None, str | None]:
    """Formats for rows and for triples; None where the client accepts none of a kind."""
    if asked.format is not None:
        media = formats.by_name(asked.format)
        if media is None:
            raise HttpError(400, f"unknown format {asked.format!r}; there are: {', '.join(sorted(formats.SHORT))}")
        return formats.both(media)
    accept = ", ".join(request.headers.getlist("accept"))
    rows, triples = formats.accepted(accept)
    if rows is None and triples is None:
        offered = ", ".join((*formats.ROWS, *formats.TRIPLES))
        raise HttpError(406, f"none of the formats asked for is offered; there are: {offered}")
    return rows, triples


def _job(asked: Asked, base: str, rows: str | None, triples: str | None) -> dict[str, object]:
    job: dict[str, object] = {"do": "query", "text": asked.query, "base": base, "rows": rows, "triples": triples}
    if asked.default or asked.named:
        job |= {"default": [*map(graph_iri, asked.default)], "named": [*map(graph_iri, asked.named)]}
    return job


async def _described(request: Request) -> Response:
    if request.method == "POST":
        raise HttpError(400, "there is no query: send it as 'query' of a form, or as the body")
    media = formats.page(", ".join(request.headers.getlist("accept")), html_last=True)
    if media == formats.HTML:
        return RedirectResponse(request.url_for("editor").path, 303, headers={"vary": "Accept"})
    if media is None:
        raise HttpError(406, f"the service description is offered as {', '.join(formats.TRIPLES)}")
    address = service.address(request)
    tag = etag(request.app.state.pool.tag, media, address)
    if same := unchanged(request, tag):
        return same
    summary = await request.app.state.models.get("counts.summary")
    body = service.description(address, summary, request.app.state.settings, media)
    return reply(request, body, formats.content_type(media), {"etag": tag})
