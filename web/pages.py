"""Addresses of pages: which function of ``web.views`` a worker answers each with, and in which form."""

from typing import Any

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web import formats, words
from web.formats import HTML, JSON_DATA, HttpError
from web.graph import GraphReader
from web.http import accept_of, address, client_of, pool_of, reply, unchanged
from web.page import Page
from web.process import PAGES
from web.protocol import VARY, absolute, etag
from web.site import Site, iri_of

_TABLES = {"csv": formats.CSV, "xlsx": formats.XLSX, "json": JSON_DATA, "ics": "text/calendar", "atom": formats.ATOM}
"""Suffixes of lists, beside their pages."""
_VIEWS = {"document": "documents.document", "passage": "documents.passage", "conflict": "things.conflict_page"}
"""Kinds of thing whose pages are not those of every thing."""
_LISTS = ("theme", "project", "organisation", "call", "document", "conflict")


def site_of(request: Request, path: str | None = None) -> dict[str, Any]:
    """How the addresses on a request's page are written, as the arguments of a Site."""
    asked = request.query_params.get("lang")
    root = request.scope.get("root_path", "")
    return {
        "lang": words.language(asked, request.headers.get("accept-language")),
        "path": path or request.url.path.removeprefix(root) or "/",
        "root": root,
        "chosen": asked in words.LANGUAGES,
        "live": pool_of(request).settings.live,
    }


async def respond(
    request: Request,
    view: str,
    *,
    path: str | None = None,
    media: str = HTML,
    index: bool = False,
    policy: str | None = None,
    **arguments: object,
) -> Response:
    """The answer of a function of ``web.views``, unless the client has it already; HttpError for what it cannot answer."""
    pool = pool_of(request)
    job = {
        "do": "page",
        "view": view,
        "site": site_of(request, path),
        "parameters": [pair for pair in request.query_params.multi_items() if pair[0] not in ("lang", "version")],
        "page": {
            "address": address(request.scope, pool.settings),
            "media": media,
            "index": str(await pool.index()) if index else "",
            "services": pool.settings.services,
            "asked_version": request.query_params.get("version", ""),
        },
        "arguments": arguments,
    }
    answer = await pool.ask(job, PAGES, client_of(request.scope))
    if answer.status >= 400 and not answer.media:
        raise HttpError(answer.status, answer.message)
    headers = {**answer.headers, "etag": etag(answer.media, answer.body.decode("latin-1"))}
    if policy:
        headers["content-security-policy"] = policy
    if answer.status == 200 and (same := unchanged(request, headers["etag"])):
        return same
    return reply(answer.body, answer.media, headers, answer.status)


async def identify(request: Request) -> Response:
    """303 from the address of a thing to that of its page."""
    root, path = request.scope.get("root_path", ""), request.url.path
    path = path.removeprefix(root)
    target = path.replace("/id/", "/doc/", 1) if path.startswith("/id/") else f"/doc{path}"
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{root}{target}{query}", 303, headers={"vary": VARY})


async def thing(request: Request) -> Response:
    """A thing's page, or its data, by suffix or by Accept; ``/doc/theme`` is the list of themes."""
    path = request.path_params["path"].rstrip("/")
    stem, _, suffix = path.rpartition(".")
    if path in _LISTS or (stem in _LISTS and suffix in _TABLES):
        return await _list(request, stem or path, suffix if stem else "")
    media: str | None
    named = HTML if suffix == "html" else formats.SHORT.get(suffix)
    if stem and named in (HTML, *formats.TRIPLES):
        path, media = stem, named
    elif not (media := formats.page(accept_of(request))):
        raise HttpError(406, f"this is offered as {', '.join((HTML, *formats.TRIPLES))}")
    view = "things.data" if media != HTML else _VIEWS.get(path.split("/")[0], "things.thing")
    return await respond(request, view, media=media, path=f"/doc/{path}", iri=absolute(iri_of(path)))


async def _list(request: Request, kind: str, suffix: str) -> Response:
    if suffix in ("ics", "atom") and kind != "call":
        raise HttpError(404, f"{kind} is offered as csv, xlsx and json")
    media = _TABLES.get(suffix) or formats.choose(accept_of(request), (HTML, JSON_DATA, formats.CSV)) or HTML
    return await respond(request, "lists.page", media=media, path=f"/doc/{kind}", kind=kind)


def page(view: str, *offers: str, index: bool = False, policy: str | None = None) -> Any:
    """An address that one function of ``web.views`` answers, in the form of ``offers`` that the client wants most.

    A suffix or ``?format=`` asks for data and not for a page. What is offered in one form comes in it whatever is accepted.
    """
    offers = offers or (HTML,)
    synonyms = formats.RDF_SYNONYMS if formats.TURTLE in offers else None

    async def endpoint(request: Request) -> Response:
        parameters = dict(request.path_params)
        if "suffix" in parameters:
            media = formats.SHORT.get(parameters.pop("suffix"))
            if media not in offers:
                raise HttpError(404, f"this is offered as {', '.join(offers)}")
        else:
            offered = offers[1:] if len(offers) > 1 and "format" in request.query_params else offers
            media = formats.choose(accept_of(request), offered, synonyms) if len(offers) > 1 else offers[0]
        if media is None:
            raise HttpError(406, f"this is offered as {', '.join(offers)}")
        return await respond(request, view, media=media, index=index, policy=policy, **parameters)

    return endpoint


def failure(request: Request, status: int, message: str, headers: dict[str, str]) -> Response:
    """An error as a page."""
    key = f"error_{status}" if status in (400, 404, 503) else "error_400" if status < 500 else "error_503"
    site = Site(**site_of(request))
    body = Page(GraphReader(ox.Store()), site).render(
        "error.html", key=key, message=site.path if status == 404 else message
    )
    return Response(body, status, headers=headers, media_type="text/html")
