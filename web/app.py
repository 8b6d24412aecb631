"""The application: which address is answered by what; and the server around it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from engine.store import StoreError
from loaders.data import VERSION
from web import api, formats, pages
from web.formats import HTML, JSON_DATA, HttpError
from web.http import EDITOR_POLICY, FRAMED_POLICY, Headers, accept_of
from web.pages import page
from web.pool import Pool
from web.process import Settings

_METHODS = {"/sparql": api.METHODS, "/reconcile": api.METHODS}
_MACHINES = ("/sparql", "/api/", "/graph-store", "/openapi.json", "/static", "/data/", "/reconcile", "/suggest")


def create_app(store: Path | str, settings: Settings | None = None, pool: Pool | None = None) -> Starlette:
    """A server for a store; its workers start and end with it."""
    settings = settings or Settings(Path(store))
    workers = pool or Pool(settings)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[dict[str, Pool]]:
        try:
            await workers.start()
        except StoreError as error:
            app.state.failure = error
            raise
        try:
            yield {"pool": workers}
        finally:
            await workers.stop()

    app = Starlette(
        routes=_routes(),
        lifespan=lifespan,
        middleware=[Middleware(Headers, settings=settings, methods=_METHODS)],
        exception_handlers={HttpError: failed},
    )
    app.state.pool, app.state.failure = workers, None
    return app


def _routes() -> list[BaseRoute]:
    both = ["GET", "POST"]
    return [
        Route("/sparql", api.endpoint, methods=both),
        Route("/sparql/", api.endpoint, methods=both),
        Route("/", page("start.start")),
        Route("/id/{path:path}", pages.identify),
        Route("/code/{path:path}", pages.identify),
        Route("/doc/{path:path}", pages.thing),
        Route("/queries", page("questions.index")),
        Route("/queries/{name}", page("questions.question")),
        Route("/gallery", page("start.gallery")),
        Route("/changes", page("start.changes")),
        Route("/correct", page("start.correction")),
        Route("/api", page("start.about_api", JSON_DATA, HTML)),
        Route("/api/{name}", api.answer),
        Route("/openapi.json", page("questions.described", JSON_DATA)),
        Route("/editor", page("reference.editor", policy=EDITOR_POLICY)),
        Route("/editor/setup.json", page("reference.setup")),
        Route("/def", page("reference.definitions", HTML, formats.TURTLE)),
        Route("/def.{suffix}", page("reference.definitions", formats.TURTLE)),
        Route("/def/{version}", _redirect("/def")),
        Route("/shapes", page("reference.shapes", HTML, formats.TURTLE)),
        Route("/shapes.{suffix}", page("reference.shapes", formats.TURTLE)),
        Route("/counting", page("reference.counting")),
        Route("/links", page("reference.links", HTML, JSON_DATA)),
        Route("/links/{name}", _redirect("/links#{name}")),
        Route("/data", page("reference.data", HTML, *formats.TRIPLES)),
        Route("/data.{suffix}", page("reference.data", *formats.TRIPLES)),
        Route("/data/{name}", api.dump),
        Route("/.well-known/void", _redirect("/data")),
        Route("/reconcile", api.reconcile, methods=both),
        Route("/reconcile/preview", page("reconciling.preview", policy=FRAMED_POLICY)),
        Route("/reconcile/properties", page("reconciling.properties")),
        Route("/reconcile/suggest/{what}", page("reconciling.suggest")),
        Route("/search", page("search.search", HTML, JSON_DATA, index=True)),
        Route("/search/names.json", page("search.names")),
        Route("/suggest", page("search.suggest", index=True)),
        Route("/graph-store", api.graph_store),
        Route("/robots.txt", page("reference.robots")),
        Route("/sitemap.xml", page("reference.sitemap")),
        Mount("/static", StaticFiles(directory=Path(__file__).with_name("static"))),
    ]


def _redirect(target: str) -> Any:
    """303 to another path, which may have a parameter of this one's; of the ontology's versions only the one that is served."""

    async def endpoint(request: Request) -> Response:
        if request.path_params.get("version", VERSION) != VERSION:
            raise HttpError(404, f"the ontology is here in version {VERSION}")
        return RedirectResponse(request.scope.get("root_path", "") + target.format(**request.path_params), 303)

    return endpoint


async def failed(request: Request, error: Exception) -> Response:
    """The answer to a request that failed: a page for people, a line of text for machines."""
    assert isinstance(error, HttpError), "no other error leads here"
    status, message, headers = error.status_code, error.detail, dict(error.headers or {})
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    textual = (HTML, "text/plain")
    if path.startswith(_MACHINES) or formats.choose(accept_of(request) or "text/plain", textual) != HTML:
        return PlainTextResponse(f"{message}\n", status, headers)
    return pages.failure(request, status, message, headers)
