"""Pages of things, lists and the start page: HTML for people, RDF for machines, at one address."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from engine.query import library as stored
from loaders.rdf.terms import BASE, TG
from web import formats, words
from web.memo import Models
from web.models.lists import KINDS
from web.render import render
from web.replies import VARY, HttpError, etag, reply, unchanged
from web.site import Site, iri_of
from web.sparql import finish, graph_iri

_SUFFIXES = {
    "html": formats.HTML,
    "ttl": formats.TURTLE,
    "jsonld": formats.JSONLD,
    "nt": formats.NTRIPLES,
    "rdf": formats.RDFXML,
}
EXAMPLES = ("money-by-theme", "organisations-in-several-themes", "themes-by-ely-centre")
"""Questions answered on the start page."""
SHOWN = 40
"""Rows of an answer that the start page has at hand; it draws them and lists the first."""
_DRAWN = tuple(f"{BASE}id/{kind}/" for kind in ("theme", "project", "organisation", "call"))
"""What is drawn among a thing's neighbours."""
_PREFIX = f"PREFIX tg: <{TG}> "
THING = _PREFIX + (
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {{ BIND(<{iri}> AS ?s) }} UNION {{ ?s tg:about <{iri}> }} "
    "UNION {{ <{iri}> tg:participation ?s }} ?s ?p ?o }}"
)
PASSAGE = (
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {{ BIND(<{iri}> AS ?s) ?s ?p ?o }} UNION {{ GRAPH <{iri}> {{ ?s ?p ?o }} }} }}"
)


def site(request: Request, path: str | None = None) -> Site:
    """The addresses of a request's page, in its language."""
    wanted = request.query_params.get("lang")
    lang = words.language(wanted, request.headers.get("accept-language"))
    others = tuple((name, value) for name, value in request.query_params.multi_items() if name != "lang")
    root = request.scope.get("root_path", "")
    return Site(lang, path or request.url.path.removeprefix(root), root, wanted in words.LANGUAGES, others)


def html(request: Request, place: Site, template: str, model: Any, **more: object) -> Response:
    """A page, unless the client has it already."""
    body = render(template, place, model, **more)
    tag = etag(body.decode())
    headers = {"etag": tag, "content-language": place.lang, "cache-control": "public, max-age=0, must-revalidate"}
    return unchanged(request, tag) or reply(request, body, "text/html; charset=utf-8", headers)


async def identify(request: Request) -> Response:
    """303 from a thing to what is told of it."""
    target = f"{request.scope.get('root_path', '')}{_told(request.url)}"
    return RedirectResponse(target, 303, headers={"vary": VARY})


def _told(url: URL) -> str:
    path = url.path
    told = path.replace("/id/", "/doc/", 1) if path.startswith("/id/") else f"/doc{path}"
    return f"{told}?{url.query}" if url.query else told


async def told(request: Request) -> Response:
    """A thing's page, or its data, by suffix or by Accept."""
    path, media = _form(request, request.path_params["path"])
    if path in KINDS:
        return await listing(request, path)
    iri = graph_iri(iri_of(path))
    if media != formats.HTML:
        return await data(request, iri, media)
    return await page(request, path, iri)


def _form(request: Request, path: str) -> tuple[str, str]:
    stem, _, suffix = path.rpartition(".")
    if stem and suffix in _SUFFIXES:
        return stem, _SUFFIXES[suffix]
    media = formats.page(", ".join(request.headers.getlist("accept")))
    if media is None:
        raise HttpError(406, f"this is offered as {', '.join((formats.HTML, *formats.TRIPLES))}")
    return path, media


async def data(request: Request, iri: str, media: str) -> Response:
    """What the graph says of a thing, as triples."""
    pool = request.app.state.pool
    tag = etag(pool.tag, iri, media)
    if same := unchanged(request, tag):
        return same
    query = (PASSAGE if iri.startswith(f"{BASE}id/passage/") else THING).format(iri=iri)
    if not await _known(request, iri):
        raise HttpError(404, f"the graph knows nothing called {iri}")
    answer = await pool.ask({"do": "query", "text": query, "rows": None, "triples": media})
    link = f'<{iri}>; rel="describedby"'
    return finish(request, answer, {"etag": tag, "link": link})


async def _known(request: Request, iri: str) -> bool:
    found = await request.app.state.models.get("things.known", iri=iri)
    return bool(found["known"])


async def page(request: Request, path: str, iri: str) -> Response:
    """The HTML page of one thing."""
    models: Models = request.app.state.models
    place, kind = site(request, f"/doc/{path}"), path.split("/")[0]
    number, folder = page_number(request), str(request.app.state.pool.generation.version.coverage)
    special: dict[str, tuple[str, dict[str, Any]]] = {
        "document": ("documents.document", {"iri": iri, "number": number, "folder": folder}),
        "passage": ("documents.passage", {"iri": iri}),
        "conflict": ("things.conflict_page", {"iri": iri}),
    }
    if kind in special and not (kind == "conflict" and path.count("/") > 1):
        function, arguments = special[kind]
        return html(request, place, f"{kind}.html", await models.get(function, **arguments))
    model = await models.get("things.thing", iri=iri)
    return html(request, place, "thing.html", model, **thing_parts(model))


def thing_parts(model: Any) -> dict[str, Any]:
    """What the page of a thing shows besides its model."""
    types = [t for t in model["types"] if t.startswith(TG)]
    return {
        "types": types,
        "around": _around(model),
        "has_shares": any("shareOf" in observation for observation in model["money"]),
    }


def _around(model: Any) -> list[dict[str, Any]]:
    """The nearest themes, projects, organisations and calls, each with the properties that tie it to the thing."""
    near = [(f"{TG}organisation", part["organisation"]) for part in model["parts"] if "organisation" in part]
    near += [(fact["property"], value) for fact in model["facts"] for value in fact["values"]]
    near += [(group["property"], thing) for group in model["referrers"] for thing in group["things"]]
    found: dict[str, list[str]] = {}
    for tie, value in near:
        iri = value.get("iri", "")
        if iri in model["labels"] and iri.startswith(_DRAWN) and tie not in found.setdefault(iri, []):
            found[iri].append(tie)
    return [{"iri": iri, "ties": ties} for iri, ties in found.items()]


def page_number(request: Request) -> int:
    """The number of a list's page, 1 by default."""
    text = request.query_params.get("page", "1")
    if not text.isdecimal() or not 1 <= int(text[:9]) <= 10**8:
        raise HttpError(400, f"page={text!r} is not the number of a page")
    return int(text)


async def listing(request: Request, kind: str) -> Response:
    """A list of things of one kind."""
    place = site(request, f"/doc/{kind}")
    model = await request.app.state.models.get("lists.page", kind=kind, number=page_number(request), lang=place.lang)
    return html(request, place, "list.html", model)


async def start(request: Request) -> Response:
    """The start page."""
    models: Models = request.app.state.models
    known = {query.name: query for query in stored.catalogue()}
    names = [name for name in EXAMPLES if name in known]
    counts, *answers = await asyncio.gather(
        models.get("start.counts"),
        *(models.get("queries.answer", name=name, parameters={}, most=SHOWN) for name in names),
        return_exceptions=True,
    )
    if isinstance(counts, BaseException):
        raise counts
    examples = [
        (known[n], a) for n, a in zip(names, answers, strict=True) if not isinstance(a, BaseException) and a["rows"]
    ]
    return html(request, site(request, "/"), "start.html", {"counts": counts, "labels": {}}, examples=examples)


def failure(request: Request, status: int, message: str, headers: dict[str, str]) -> Response:
    """An error as a page."""
    key = f"error_{status}" if status in (400, 404, 503) else "error_400" if status < 500 else "error_503"
    place = site(request)
    told = request.url.path if status == 404 else message  # what was not found needs no words
    body = render("error.html", place, {"key": key, "message": told, "labels": {}})
    return Response(body, status, headers=headers, media_type="text/html")
