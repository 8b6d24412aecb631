"""Stored queries as an API: ``/api/{query}`` and ``/api/{query}.csv`` with the query's parameters."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engine.query.library import StoredQuery
from loaders.errors import did_you_mean
from web import catalogue, csvw, formats, openapi, service, words
from web.replies import HttpError, etag, reply, unchanged
from web.sparql import finish

_FORMS = {media: form for form, media in {**catalogue.ROWS, **catalogue.TRIPLES}.items()}


async def index(request: Request) -> Response:
    """The stored queries and where each is answered."""
    base = service.address(request, "/api/")
    listed = [
        {
            "name": q.name,
            "summary": {lang: q.title(lang) for lang in ("fi", "sv", "en")},
            "tags": q.tags,
            "url": base + q.name,
        }
        for q in catalogue.queries().values()
    ]
    return reply(request, json.dumps(listed, ensure_ascii=False).encode(), "application/json")


async def description(request: Request) -> Response:
    """The API's description by OpenAPI 3.1."""
    document = openapi.document(service.address(request, ""))
    body = json.dumps(document, ensure_ascii=False).encode()
    tag = etag(body.decode())
    return unchanged(request, tag) or reply(request, body, "application/json", {"etag": tag})


async def answer(request: Request) -> Response:
    """The answer to a stored query, in the form of the suffix or of Accept."""
    query, form = named(request.path_params["name"])
    form = form or _form(request, query)
    parameters = given(request, query, empty=True)
    _check(query, parameters)
    media = catalogue.forms(query)[form]
    pool = request.app.state.pool
    lang = _language(request) if form == "svg" else "en"
    tag = etag(pool.tag, query.text, form, lang, json.dumps(parameters, sort_keys=True))
    if same := unchanged(request, tag):
        return same
    job = {"do": "stored", "name": query.name, "parameters": parameters, "form": form, "media": media, "lang": lang}
    headers = {"etag": tag}
    if form == "xlsx":
        headers["content-disposition"] = f'attachment; filename="{query.name}.xlsx"'
    if form == "csv":
        described = f"{query.name}.{csvw.FORM}" + (f"?{request.url.query}" if request.url.query else "")
        headers["link"] = f'<{described}>; rel="describedby"; type="{csvw.MEDIA}"'
    found = await pool.ask(job)
    if found.kind == "usage":  # well-formed, but it names nothing of this graph
        raise HttpError(404, found.head["message"])
    return finish(request, found, headers)


def _language(request: Request) -> str:
    """The language of a picture: the one asked for by name, else English."""
    wanted = request.query_params.get("lang", "en")
    return wanted if wanted in words.LANGUAGES else "en"


def _check(query: StoredQuery, parameters: dict[str, Any]) -> None:
    for name, value in parameters.items():
        parameter = query.parameter(name)
        values = value if isinstance(value, list) else [value]
        if len(values) > 1 and parameter.type in ("date", "number", "text"):
            raise HttpError(400, f"{name} takes one value")
        for one in values:
            if wrong := openapi.violation(parameter, one):
                raise HttpError(400, wrong)


def named(name: str) -> tuple[StoredQuery, str | None]:
    """A stored query and the form by the suffix of its name; HttpError 404 for one that is not there."""
    known = catalogue.queries()
    stem, _, suffix = name.partition(".")
    if stem not in known:
        raise HttpError(404, f"no stored query {stem!r}{did_you_mean(stem, list(known))}")
    query = known[stem]
    if suffix and suffix not in catalogue.forms(query):
        raise HttpError(404, f"{stem} is answered as {', '.join(catalogue.forms(query))}, not as {suffix}")
    return query, suffix or None


def _form(request: Request, query: StoredQuery) -> str:
    offered = [media for media in catalogue.forms(query).values() if media in _FORMS]
    accept = ", ".join(request.headers.getlist("accept"))
    media = formats.choose(
        accept, offered, {"application/json": offered[0] if formats.JSON in offered else formats.JSONLD}
    )
    if media is None:
        raise HttpError(406, f"{query.name} is answered as {', '.join(offered)}")
    return _FORMS[media]


def given(request: Request, query: StoredQuery, *, empty: bool = False) -> dict[str, Any]:
    """The parameters of a request; HttpError for one the query does not have. A form leaves ``empty`` ones: they say nothing."""
    known = {parameter.name for parameter in query.params}
    found: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if name == "lang":
            continue
        if name not in known:
            has = f"it has {', '.join(sorted(known))}" if known else "it has none"
            raise HttpError(400, f"query {query.name!r} has no parameter {name!r}: {has}")
        if empty or value.strip():
            found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}
