"""Stored queries as an API: ``/api/{query}`` and ``/api/{query}.csv`` with the query's parameters; dumps; reconciliation."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engine.query.library import StoredQuery
from web import formats, pages, words
from web.formats import HttpError
from web.http import accept_of, address, pool_of
from web.process import PAGES
from web.protocol import etag, fields_of
from web.sparql import asked_of, body_of, graph
from web.views import openapi, questions
from web.views.reference import DUMPS

_FORMS = {media: form for form, media in {**questions.ROWS, **questions.TRIPLES}.items()}


async def answer(request: Request) -> Response:
    """The answer to a stored query, in the form of the suffix or of Accept."""
    query, form = questions.named(request.path_params["name"])
    if form == questions.RECORDS:
        return await pages.respond(request, "questions.records", name=query.name, media="application/json")
    form = form or _form(request, query)
    parameters = questions.given(query, request.query_params.multi_items(), empty=True)
    for name, value in parameters.items():
        openapi.check(query.parameter(name), value if isinstance(value, list) else [value])
    pool = pool_of(request)
    wanted = request.query_params.get("lang", "")
    lang = wanted if wanted in words.LANGUAGES else ""
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
