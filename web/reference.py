"""The reference pages: the vocabulary, the checks, and where the data are had."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from loaders.data import folder
from web import catalog, formats, schemaorg, service
from web.pages import html, site
from web.replies import HttpError, deliver, etag, reply, unchanged

_FILES = {"def": ("ontology", ("teemagraafi", "alignment")), "shapes": ("shapes", None)}


async def definitions(request: Request) -> Response:
    """The ontology: a page in three languages, or its file."""
    return await _reference(request, "def", "vocabulary.terms", "def.html")


async def shapes(request: Request) -> Response:
    """The shapes: a page, or their files."""
    return await _reference(request, "shapes", "vocabulary.shapes", "shapes.html")


async def _reference(request: Request, name: str, function: str, template: str) -> Response:
    turtle = request.url.path.endswith(".ttl")
    media = formats.choose(", ".join(request.headers.getlist("accept")), (formats.HTML, formats.TURTLE))
    if turtle or media == formats.TURTLE:
        body = source(name)
        tag = etag(body.decode())
        return unchanged(request, tag) or reply(request, body, formats.content_type(formats.TURTLE), {"etag": tag})
    if media is None:
        raise HttpError(406, f"this is offered as {formats.HTML} and {formats.TURTLE}")
    return html(request, site(request, f"/{name}"), template, await request.app.state.models.get(function))


def source(name: str) -> bytes:
    """The files of the ontology or of the shapes as one Turtle text."""
    directory, names = _FILES[name]
    paths = [folder(directory) / f"{n}.ttl" for n in names] if names else sorted(folder(directory).glob("*.ttl"))
    return "\n".join(path.read_text(encoding="utf-8") for path in paths).encode()


async def data(request: Request) -> Response:
    """Where the data are had: a page, or a DCAT catalogue."""
    suffix = request.path_params.get("suffix")
    media = formats.SHORT.get(suffix or "") or formats.page(", ".join(request.headers.getlist("accept")))
    if media is None or (suffix and media not in formats.TRIPLES):
        raise HttpError(404 if suffix else 406, f"the catalogue is offered as {', '.join(formats.TRIPLES)}")
    summary = await request.app.state.models.get("counts.summary")
    address = service.address(request, "")
    if media != formats.HTML:
        body = catalog.catalogue(address, summary, media)
        tag = etag(body.decode())
        return unchanged(request, tag) or reply(request, body, formats.content_type(media), {"etag": tag})
    dumps = [(name, text, request.url_for("dump", name=name).path) for name, text in DUMPS.items()]
    place = site(request, "/data")
    return html(
        request, place, "data.html", {"labels": {}, **summary}, **about(address, summary, place.lang), dumps=dumps
    )


def about(address: str, summary: dict[str, Any], lang: str) -> dict[str, Any]:
    """What the data page tells of the dataset at an address."""
    return {
        "address": address,
        "described": schemaorg.dataset(address, summary, lang),
        "citation": schemaorg.citation(address, summary, lang),
    }


DUMPS = {
    "current.ttl": "dump_current",
    "current.nt": "dump_current",
    "current.jsonld": "dump_current",
    "everything.nq": "dump_all",
    "everything.trig": "dump_all",
}
"""File → what is in it (a text of the pages)."""


async def dump(request: Request) -> Response:
    """The whole graph as a file."""
    name = request.path_params["name"]
    if name not in DUMPS:
        raise HttpError(404, f"there are {', '.join(DUMPS)}")
    media = formats.SHORT[name.rpartition(".")[2]]
    pool = request.app.state.pool
    tag = etag(pool.tag, "dump", name)
    if same := unchanged(request, tag):
        return same
    answer = await pool.ask({"do": "dump", "media": media, "whole": name.startswith("everything")})
    if answer.kind != "answer":
        raise HttpError(503, str(answer.head.get("message", "the file could not be written")), {"retry-after": "60"})
    headers = {"etag": tag, "content-disposition": f'attachment; filename="teemagraafi-{name}"'}
    return deliver(request, answer, formats.content_type(media), headers)


async def well_known(request: Request) -> Response:
    """``/.well-known/void``: where the dataset is described."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}/data", 303)
