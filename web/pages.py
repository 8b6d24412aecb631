"""Addresses of pages: which function of ``web.views`` a worker answers each with, and in which form."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web import formats, words
from web.formats import HTML, HttpError
from web.graph import Graph
from web.http import EDITOR_POLICY, VARY, accept_of, address, client_of, etag, pool_of, reply, unchanged
from web.page import Page
from web.pool import PAGES
from web.site import Site, iri_of

SUFFIXES = {
    "html": HTML,
    "ttl": formats.TURTLE,
    "jsonld": formats.JSONLD,
    "nt": formats.NTRIPLES,
    "rdf": formats.RDFXML,
}
TABLES = {
    "csv": formats.CSV,
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "ics": "text/calendar",
    "atom": "application/atom+xml",
}
"""Suffixes of lists, beside their pages."""
LISTS = ("theme", "project", "organisation", "call", "document", "conflict")


def site_of(request: Request, path: str | None = None) -> dict[str, Any]:
    """How the addresses on a request's page are written, as the arguments of a Site."""
    wanted = request.query_params.get("lang")
    root = request.scope.get("root_path", "")
    return {
        "lang": words.language(wanted, request.headers.get("accept-language")),
        "path": path or request.url.path.removeprefix(root) or "/",
        "root": root,
        "chosen": wanted in words.LANGUAGES,
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
    if answer.status >= 400 and "media" not in answer.head:
        raise HttpError(answer.status, answer.message)
    headers = {**answer.head["headers"], "etag": etag(str(answer.head["media"]), answer.body.decode("latin-1"))}
    if policy:
        headers["content-security-policy"] = policy
    if answer.status == 200 and (same := unchanged(request, headers["etag"])):
        return same
    return reply(answer.body, answer.head["media"], headers, answer.status)


async def identify(request: Request) -> Response:
    """303 from a thing to what is told of it."""
    root, path = request.scope.get("root_path", ""), request.url.path
    path = path.removeprefix(root)
    target = path.replace("/id/", "/doc/", 1) if path.startswith("/id/") else f"/doc{path}"
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{root}{target}{query}", 303, headers={"vary": VARY})


async def document(request: Request) -> Response:
    """A thing's page, or its data, by suffix or by Accept; ``/doc/theme`` is the list of themes."""
    path = request.path_params["path"].rstrip("/")
    stem, _, suffix = path.rpartition(".")
    if path in LISTS or (stem in LISTS and suffix in TABLES):
        return await _list(request, stem or path, suffix if stem else "")
    media = SUFFIXES[suffix] if stem and suffix in SUFFIXES else formats.page(accept_of(request))
    if media is None:
        raise HttpError(406, f"this is offered as {', '.join((HTML, *formats.TRIPLES))}")
    if suffix in SUFFIXES and stem:
        path = stem
    iri = absolute(iri_of(path))
    if media != HTML:
        return await respond(request, "things.data", media=media, iri=iri)
    kind = path.split("/")[0]
    views = {"document": "documents.document", "passage": "documents.passage", "conflict": "things.conflict_page"}
    view = views.get(kind, "things.thing")
    if kind == "conflict" and path.count("/") > 1:  # one of a conflict's alternatives
        view = "things.thing"
    return await respond(request, view, path=f"/doc/{path}", iri=iri)


async def _list(request: Request, kind: str, suffix: str) -> Response:
    if suffix in ("ics", "atom") and kind != "call":
        raise HttpError(404, f"{kind} is offered as csv, xlsx and json")
    media = TABLES.get(suffix) or formats.choose(accept_of(request), (HTML, "application/json", formats.CSV)) or HTML
    if media == HTML:
        return await respond(request, "lists.page", path=f"/doc/{kind}", kind=kind)
    return await respond(request, "lists.table", media=media, path=f"/doc/{kind}", kind=kind)


def absolute(value: str) -> str:
    """An IRI as a request gives it; HttpError if it is no absolute IRI."""
    try:
        return ox.NamedNode(value).value
    except ValueError:
        raise HttpError(400, f"{value!r} is not an absolute IRI") from None


def _one_of(request: Request, *offered: str) -> str:
    """The media type a client wants most; HttpError 406 if it accepts none of those offered."""
    media = formats.choose(accept_of(request), offered)
    if media is None:
        raise HttpError(406, f"this is offered as {' and '.join(offered)}")
    return media


def _page_or_json(request: Request) -> str:
    offered = (HTML, "application/json") if "format" not in request.query_params else ("application/json",)
    return _one_of(request, *offered)


async def search(request: Request) -> Response:
    """Things and passages by words, as a page or as JSON."""
    return await respond(request, "search.search", media=_page_or_json(request), index=True)


async def suggest(request: Request) -> Response:
    """Names that begin as what was typed so far."""
    return await respond(request, "search.suggest", index=True)


async def editor(request: Request) -> Response:
    """The SPARQL editor, with a plain form for browsers without scripts."""
    return await respond(request, "reference.editor", policy=EDITOR_POLICY)


async def shapes_or_terms(request: Request) -> Response:
    """The ontology or the shapes: a page in three languages, or the file."""
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    name = path.strip("/").removesuffix(".ttl")
    if path.endswith(".ttl") or _one_of(request, HTML, formats.TURTLE) == formats.TURTLE:
        return await respond(request, "reference.source", media=formats.TURTLE, name=name)
    return await respond(request, f"reference.{'definitions' if name == 'def' else 'shapes'}", path=f"/{name}")


async def data(request: Request) -> Response:
    """Where the data are had: a page, or a DCAT catalogue."""
    suffix = request.path_params.get("suffix")
    media = formats.SHORT.get(suffix or "") or formats.page(accept_of(request))
    if media is None or (suffix and media not in formats.TRIPLES):
        raise HttpError(404 if suffix else 406, f"the catalogue is offered as {', '.join(formats.TRIPLES)}")
    return await respond(request, "reference.data" if media == HTML else "reference.catalogue", media=media)


def page(view: str, **options: Any) -> Any:
    """An address that one function of ``web.views`` answers, whatever the client accepts."""

    async def endpoint(request: Request) -> Response:
        return await respond(request, view, **options, **request.path_params)

    return endpoint


def failure(request: Request, status: int, message: str, headers: dict[str, str]) -> Response:
    """An error as a page."""
    key = f"error_{status}" if status in (400, 404, 503) else "error_400" if status < 500 else "error_503"
    site = Site(**site_of(request))
    body = Page(Graph(ox.Store()), site).render("error.html", key=key, message=site.path if status == 404 else message)
    return Response(body, status, headers=headers, media_type="text/html")


async def links(request: Request) -> Response:
    """The link sets, as a page or as JSON."""
    return await respond(request, "reference.links", media=_page_or_json(request))
