"""The SPARQL 1.1 Protocol for queries (``/sparql`` by GET and POST) and for graphs (``/graph-store``). Updates are refused."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from functools import partial
from typing import Any

import anyio
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web import formats, pages
from web.formats import HttpError
from web.http import accept_of, address, client_of, deliver, pool_of, unchanged
from web.process import QUERIES
from web.protocol import LONG, VARY, Asked, absolute, asked_by, caching, etag, fields_of, job_for

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_FORGOTTEN = 64 * 1024 * 1024
_PATIENCE = 10.0
"""Bytes and seconds of a body that is too large, read before it is refused."""
FAILURE = "teemagraafi.failure"
"""Where a request's scope has the HttpError that it met before the application saw it."""
METHODS = ("GET", "HEAD", "POST", "OPTIONS")


async def endpoint(request: Request) -> Response:
    """Answer a query, or describe the service where there is none."""
    if failure := request.scope.get(FAILURE):
        raise failure
    pool, limits = pool_of(request), pool_of(request).settings.limits
    asked = await read(request, limits.body)
    if asked.query is None:
        return await _described(request)
    base = address(request.scope, pool.settings, "/sparql")
    checked = partial(job_for, asked, accept_of(request), base, limits.body, pool.settings.services)
    # other requests go on while a long query is looked through
    job, fresh = checked() if len(asked.query) < LONG else await anyio.to_thread.run_sync(checked)
    return await asked_of(request, job, QUERIES, caching(job, fresh, pool.tag))


async def asked_of(request: Request, job: dict[str, Any], lane: str, headers: Mapping[str, str]) -> Response:
    """A worker's answer, unless the client has the one of this tag; HttpError with the status that fits what went wrong."""
    if "etag" in headers and (same := unchanged(request, headers["etag"])):
        return same
    answer = await pool_of(request).ask(job, lane, client_of(request.scope))
    if answer.status != 200:
        raise HttpError(answer.status, answer.message)
    return deliver(answer, headers)


async def graph_store(request: Request) -> Response:
    """The SPARQL 1.1 Graph Store HTTP Protocol for reading: a passage's graph by its IRI, or the current view."""
    asked = request.query_params
    names = asked.getlist("graph")
    if len(names) + ("default" in asked) != 1:
        raise HttpError(400, "name one graph: ?graph=IRI for a passage, or ?default for the current view")
    name = absolute(names[0]) if names else ""
    media = formats.choose(accept_of(request), formats.TRIPLES, formats.RDF_SYNONYMS)
    if media is None:
        raise HttpError(406, f"graphs are offered as {', '.join(formats.TRIPLES)}")
    return await graph(request, name, media)


async def graph(request: Request, name: str | None, media: str, headers: Mapping[str, str] | None = None) -> Response:
    """A graph by its IRI, the current view by "", or everything by None; nothing where the client has it already."""
    job = {"do": "graph", "name": name, "media": media}
    tag = etag(pool_of(request).tag, *map(str, job.values()))
    return await asked_of(request, job, QUERIES, {"etag": tag, **(headers or {})})


async def read(request: Request, limit: int) -> Asked:
    """What a request asks by the protocol; HttpError for what the protocol does not allow."""
    fields = fields_of(request.scope["query_string"].decode("latin-1"), limit)
    if request.method != "POST":
        return asked_by(fields)
    media, charset = _content(request)
    if charset not in ("utf-8", "us-ascii"):
        raise HttpError(415, f"the body must be UTF-8, not {charset}")
    body = await body_of(request, limit)
    if media == _FORM:
        return asked_by([*fields, *fields_of(body, limit)])
    if media == _QUERY:
        if any(name in ("query", "update") for name, _ in fields):
            raise HttpError(400, "the query stands in the body and in the address; send it once")
        return asked_by([*fields, ("query", body)])
    if media == _UPDATE:
        raise HttpError(403, "this endpoint is read-only: updates are not allowed")
    raise HttpError(415, f"POST takes {_FORM} or {_QUERY}, not {media or 'a body without Content-Type'}")


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
