"""What programs ask: SPARQL by its protocol and its graph store protocol, stored queries, dumps, reconciliation.

``/sparql`` takes queries by GET and POST, ``/api/{query}.csv`` a query's parameters. Updates are refused.
"""

import json
from collections.abc import AsyncGenerator, Mapping
from email.message import Message
from functools import partial
from typing import Any

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from engine.query.library import StoredQuery
from web import formats, pages, words
from web.formats import HttpError
from web.http import accept_of, address, client_of, deliver, pool_of, unchanged
from web.process import PAGES, QUERIES
from web.protocol import LONG, VARY, Asked, absolute, asked_by, caching, etag, fields_of, job_for
from web.views import questions
from web.views.reference import DUMPS

_FORMS = {media: form for form, media in {**questions.ROWS, **questions.TRIPLES}.items()}
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
    content = Message()
    content["content-type"] = given = request.headers.get("content-type", "")
    media, charset = content.get_content_type() if given else "", content.get_content_charset("utf-8")
    if charset not in ("utf-8", "utf8", "us-ascii"):
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


async def body_of(request: Request, limit: int) -> str:
    """A request's body as text; HttpError 413 if it is larger than it may be."""
    length = request.headers.get("content-length", "")
    stream = request.stream()
    body = bytearray()
    try:
        if length.isdigit() and int(length) > limit:
            await _too_large(stream, limit, int(length))
        async for block in stream:
            body += block
            if len(body) > limit:
                await _too_large(stream, limit)
        return body.decode("utf-8")
    except ClientDisconnect:
        raise HttpError(400, "the request ended before its body") from None
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


# stored queries, dumps, reconciliation


async def answer(request: Request) -> Response:
    """The answer to a stored query, in the form of the suffix or of Accept."""
    query, form = questions.named(request.path_params["name"])
    if form == questions.RECORDS:
        return await pages.respond(request, "questions.records", name=query.name, media="application/json")
    form = form or _form(request, query)
    parameters = questions.given(query, request.query_params.multi_items(), empty=True)
    for name, value in parameters.items():
        questions.check(query.parameter(name), value if isinstance(value, list) else [value])
    pool = pool_of(request)
    asked_language = request.query_params.get("lang", "")
    lang = asked_language if asked_language in words.LANGUAGES else ""
    sources = request.query_params.get("sources", "no")
    if sources not in ("yes", "no"):
        raise HttpError(400, f"sources={sources!r} is neither yes nor no")
    at = address(request.scope, pool.settings)
    tag = etag(pool.tag, query.text, form, lang, sources, at, json.dumps(parameters, sort_keys=True))
    job: dict[str, Any] = {"do": "stored", "name": query.name, "parameters": parameters, "form": form, "lang": lang}
    job |= {"media": questions.forms(query)[form], "address": at, "sources": sources == "yes"}
    headers = {"etag": tag}
    if form == "xlsx":
        headers["content-disposition"] = f'attachment; filename="{query.name}.xlsx"'
    return await asked_of(request, job, PAGES, headers)


def _form(request: Request, query: StoredQuery) -> str:
    offered = [media for media in questions.forms(query).values() if media in _FORMS]
    first = offered[0] if formats.JSON in offered else formats.JSONLD
    media = formats.choose(accept_of(request), offered, {"application/json": first})
    if media is None:
        raise HttpError(406, f"{query.name} is answered as {', '.join(offered)}")
    return _FORMS[media]


async def dump(request: Request) -> Response:
    """The whole graph as a file."""
    name = request.path_params["name"]
    if name not in DUMPS:
        raise HttpError(404, f"there are {', '.join(DUMPS)}")
    whole = None if name.startswith("everything") else ""
    headers = {"content-disposition": f'attachment; filename="teemagraafi-{name}"'}
    return await graph(request, whole, DUMPS[name][1], headers)


async def reconcile(request: Request) -> Response:
    """The Reconciliation Service API: its manifest, or the answers to a batch of queries."""
    limit = pool_of(request).settings.limits.body
    fields = fields_of(request.url.query, limit)
    if request.method == "POST":
        fields += fields_of(await body_of(request, limit), limit)
    return await pages.respond(request, "reconciling.reconcile", fields=fields, media="application/json")
