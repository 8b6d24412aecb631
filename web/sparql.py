"""The SPARQL 1.1 Protocol for queries (``/sparql`` by GET and POST) and for graphs (``/graph-store``). Updates are refused."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qsl, unquote_to_bytes

import anyio
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from engine.query import lexer
from engine.query.backends import malformed
from web import formats, pages
from web.formats import HttpError, content_type
from web.http import ALWAYS, VARY, accept_of, address, client_of, deliver, etag, pool_of, unchanged
from web.pool import QUERIES, Answer, Pool, Settings

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_FORGOTTEN = 64 * 1024 * 1024
_PATIENCE = 10.0
"""Bytes and seconds of a body that is too large, read before it is refused."""
_LONG = 16 * 1024
"""Letters of a query beyond which it is looked through in a thread."""
_ANSWER = "teemagraafi.answer"
"""Where a request's scope has what is to be answered, found out before the application saw the request."""
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
    said = request.scope.get(_ANSWER)
    if isinstance(said, HttpError):
        raise said
    if said is not None:
        return finish(*said)
    pool = pool_of(request)
    asked = await read(request, pool.settings.limits.body)
    if asked.query is None:
        return await _described(request)
    checked = partial(_job, asked, accept_of(request), request.scope, pool.settings)
    # other requests go on while a long query is looked through
    job, fresh = checked() if len(asked.query) < _LONG else await anyio.to_thread.run_sync(checked)
    headers = _caching(job, fresh, pool)
    if "etag" in headers and (same := unchanged(request, headers["etag"])):
        return same
    return finish(await pool.ask(job, QUERIES, client_of(request.scope), fresh), headers, str(job["text"]))


async def direct(scope: Scope, pool: Pool, more: Iterable[tuple[bytes, bytes]]) -> bytes | None:
    """The whole answer, from its status line on, to the most frequent kind of request: a query by GET with plain headers.

    ``more`` are headers to send. None where :func:`endpoint` must answer; the scope then has what a worker said already.
    """
    headers, settings = dict(scope["headers"]), pool.settings
    encodings = headers.get(b"accept-encoding", b"")
    if len(headers) < len(scope["headers"]) or b"if-none-match" in headers or (encodings and encodings != b"identity"):
        return None
    try:
        asked = _asked(fields_of(scope["query_string"].decode("latin-1"), settings.limits.body))
        if asked.query is None or len(asked.query) >= _LONG:
            return None
        job, fresh = _job(asked, headers.get(b"accept", b"").decode("latin-1"), scope, settings)
        caching = _caching(job, fresh, pool)
        answer = await pool.ask(job, QUERIES, client_of(scope), fresh)
    except HttpError as error:
        scope[_ANSWER] = error
        return None
    if answer.status != 200 or answer.file:
        scope[_ANSWER] = answer, caching, str(job["text"])
        return None
    sent = {"content-type": content_type(answer.head["media"]), "vary": VARY, **caching}
    sent["content-length"] = str(len(answer.body))
    lines = [*more, *((name.encode(), value.encode()) for name, value in sent.items())]
    return b"".join((b"HTTP/1.1 200 OK\r\n", ALWAYS, *(b"%b: %b\r\n" % line for line in lines), b"\r\n", answer.body))


def _caching(job: dict[str, object], fresh: bool, pool: Pool) -> dict[str, str]:
    """How long an answer may be kept: with a tag until the data change, or not at all."""
    if fresh:
        return {"cache-control": "no-store"}
    tag = etag(pool.tag, *map(str, job.values()))
    return {"cache-control": "public, max-age=0, must-revalidate", "etag": tag}


def finish(answer: Answer, headers: dict[str, str], query: str = "") -> Response:
    """A worker's answer as HTTP: the result, or HttpError with the status that fits what went wrong."""
    if answer.status == 200:
        return deliver(answer, headers)
    message = malformed(query, answer.message).message if answer.head.get("malformed") else answer.message
    raise HttpError(answer.status, message)


async def graph_store(request: Request) -> Response:
    """The SPARQL 1.1 Graph Store HTTP Protocol for reading: a passage's graph by its IRI, or the current view."""
    asked = request.query_params
    names = asked.getlist("graph")
    if len(names) + ("default" in asked) != 1:
        raise HttpError(400, "name one graph: ?graph=IRI for a passage, or ?default for the current view")
    name = pages.absolute(names[0]) if names else ""
    media = formats.triples(accept_of(request))
    if media is None:
        raise HttpError(406, f"graphs are offered as {', '.join(formats.TRIPLES)}")
    return await graph(request, name, media)


async def graph(request: Request, name: str | None, media: str, headers: Mapping[str, str] | None = None) -> Response:
    """A graph by its IRI, the current view by "", or everything by None; nothing where the client has it already."""
    pool, job = pool_of(request), {"do": "graph", "name": name, "media": media}
    tag = etag(pool.tag, *map(str, job.values()))
    if same := unchanged(request, tag):
        return same
    answer = await pool.ask(job, QUERIES, client_of(request.scope))
    return finish(answer, {"etag": tag, **(headers or {})})


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
        if text.startswith("query=") and "&" not in text:  # nearly always
            return [("query", unquote_to_bytes(text[6:].replace("+", " ")).decode())]
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
    if len(fields) == 1 and fields[0][0] == "query":
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
        tuple(filter(None, values("default-graph-uri"))),  # an empty one names no graph
        tuple(filter(None, values("named-graph-uri"))),
        chosen[0] if chosen else None,
    )


_NOWHERE = "<urn:teemagraafi:not-allowed>"
"""An address the engine cannot call: SERVICE SILENT on it gives one empty solution."""


def _checked(query: str, settings: Settings) -> tuple[str, bool]:
    """Refuse what may not be asked. Gives the query to answer, and whether it may be answered otherwise a moment later.

    SERVICE SILENT on an endpoint that is not allowed fails as silently as one that is down.
    """
    if not query.strip():
        raise HttpError(400, "the query is empty")
    if len(query.encode()) > settings.limits.body:
        raise HttpError(413, f"the query is larger than {settings.limits.body // 1024} kB")
    if lexer.is_update(query):
        raise HttpError(403, "this endpoint is read-only: updates are not allowed")
    services = lexer.services(query)
    if any(target not in settings.services for target in services):
        query = _silenced(query, settings)
    return query, bool(services) or lexer.changes(query)


def _silenced(query: str, settings: Settings) -> str:
    text = lexer.plain(query)
    tokens = lexer.placed(text)
    for at in range(len(tokens) - 1, -1, -1):
        if not tokens[at].says("SERVICE"):
            continue
        silent = at + 1 < len(tokens) and tokens[at + 1].says("SILENT")
        target = tokens[at + 1 + silent] if at + 1 + silent < len(tokens) else tokens[at]
        iri = target.text[1:-1] if target.kind == "iri" else None
        if iri in settings.services:
            continue
        if not silent:
            raise HttpError(403, f"SERVICE {f'<{iri}>' if iri else 'by variable'} is not allowed here")
        text = text[: target.start] + _NOWHERE + text[target.end :]
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


def _job(asked: Asked, accept: str, scope: Scope, settings: Settings) -> tuple[dict[str, object], bool]:
    """What a worker is to do, and whether the answer may be another one a moment later; HttpError for what is refused."""
    query, fresh = _checked(asked.query or "", settings)
    rows, triples = _formats(asked, accept)
    job: dict[str, object] = {"do": "query", "text": query, "base": address(scope, settings, "/sparql")}
    job |= {"rows": rows, "triples": triples}
    if asked.default or asked.named:
        job |= {"default": [*map(pages.absolute, asked.default)], "named": [*map(pages.absolute, asked.named)]}
    return job, fresh


async def _described(request: Request) -> Response:
    if request.method == "POST":
        raise HttpError(400, "there is no query: send it as 'query' of a form, or as the body")
    media = formats.page(accept_of(request), html_last=True)
    if media == formats.HTML:
        root = request.scope.get("root_path", "")
        return RedirectResponse(f"{root}/editor", 303, headers={"vary": VARY})
    if media is None:
        raise HttpError(406, f"the service description is offered as {', '.join(formats.TRIPLES)}")
    return await pages.respond(request, "reference.service", media=media)
