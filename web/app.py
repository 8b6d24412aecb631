"""The application: which address is answered by what."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from engine.store import StoreError
from web import api, editor, failures, graphs, linked, pages, questions, reconciliation, reference, searching, sparql
from web.again import Again
from web.memo import Models
from web.middleware import Headers
from web.settings import Settings
from web.workers import Pool

_METHODS = {"/sparql": sparql.METHODS, "/reconcile": reconciliation.METHODS}


class App(Starlette):
    """The pages and services; queries take a way of their own, past the table of addresses and what surrounds it."""

    queries: Again

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or start and stop with the server."""
        if scope["type"] == "http" and scope["path"] == "/sparql" and scope["method"] in ("GET", "HEAD", "POST"):
            scope["app"] = self
            await self.queries(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


async def _query(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    try:
        answer = await sparql.endpoint(request)
    except failures.ERRORS as error:
        answer = await failures.failed(request, error)
    await answer(scope, receive, send)


def create_app(store: Path | str, settings: Settings | None = None) -> App:
    """A server for a store; its workers start and end with it."""
    settings = settings or Settings(Path(store))
    pool = Pool(settings)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            await pool.start()
        except StoreError as error:
            app.state.failure = error
            raise
        try:
            yield
        finally:
            await pool.stop()

    app = App(
        routes=_routes(),
        lifespan=lifespan,
        middleware=[Middleware(Headers, methods=_METHODS)],
        exception_handlers={error: failures.failed for error in failures.ERRORS},
    )
    app.state.settings, app.state.pool, app.state.models = settings, pool, Models(pool)
    app.queries = Again(Headers(_query, _METHODS), lambda: pool.tag)
    app.state.failure = None
    return app


def _routes() -> list[BaseRoute]:
    return [
        Route("/sparql", sparql.endpoint, methods=["GET", "POST"], name="sparql"),
        Route("/sparql/", sparql.endpoint, methods=["GET", "POST"]),
        Route("/", pages.start, name="start"),
        Route("/id/{path:path}", pages.identify),
        Route("/code/{path:path}", pages.identify),
        Route("/doc/{path:path}", pages.told),
        Route("/queries", questions.index),
        Route("/queries/{name}", questions.question),
        Route("/api", api.index),
        Route("/api/{name}", api.answer),
        Route("/openapi.json", api.description),
        Route("/editor", editor.page, name="editor"),
        Route("/editor/setup.json", editor.setup),
        Route("/def", reference.definitions),
        Route("/def.ttl", reference.definitions),
        Route("/shapes", reference.shapes),
        Route("/links", linked.overview),
        Route("/shapes.ttl", reference.shapes),
        Route("/data", reference.data),
        Route("/data.{suffix}", reference.data),
        Route("/data/{name}", reference.dump, name="dump"),
        Route("/.well-known/void", reference.well_known),
        Route("/reconcile", reconciliation.reconcile, methods=["GET", "POST"], name="reconcile"),
        Route("/reconcile/preview", reconciliation.preview),
        Route("/reconcile/suggest/{what}", reconciliation.suggest),
        Route("/search", searching.search),
        Route("/graph-store", graphs.graph_store, methods=["GET"], name="graph-store"),
        Mount("/static", StaticFiles(directory=Path(__file__).with_name("static"))),
    ]
