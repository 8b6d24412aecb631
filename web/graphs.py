"""The SPARQL 1.1 Graph Store HTTP Protocol for reading: ``/graph-store?graph=IRI`` and ``?default``."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from web import formats
from web.replies import HttpError, etag, unchanged
from web.sparql import finish, graph_iri
from web.workers import Pool

METHODS = ("GET", "HEAD", "OPTIONS")


async def graph_store(request: Request) -> Response:
    """One graph: a passage's by its IRI, or the current view."""
    asked = request.query_params
    names = asked.getlist("graph")
    if len(names) + ("default" in asked) != 1:
        raise HttpError(400, "name one graph: ?graph=IRI for a passage, or ?default for the current view")
    return await graph(request, graph_iri(names[0]) if names else None)


async def graph(request: Request, name: str | None, media: str | None = None) -> Response:
    """A named graph, or the default graph for None, in the format the client wants."""
    media = media or formats.triples(", ".join(request.headers.getlist("accept")))
    if media is None:
        raise HttpError(406, f"graphs are offered as {', '.join(formats.TRIPLES)}")
    pool: Pool = request.app.state.pool
    tag = etag(pool.tag, "graph", name or "", media)
    if same := unchanged(request, tag):
        return same
    answer = await pool.ask({"do": "graph", "name": name, "triples": media})
    return finish(request, answer, {"etag": tag})
