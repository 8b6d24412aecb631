"""The application: which address is answered by what."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from engine.store import StoreError
from web import api, editor, failures, graphs, linked, pages, questions, reconciliation, reference, searching, sparql
from web.memo import Kept, Models
from web.middleware import Headers
from web.settings import Settings
from web.workers import Pool


def create_app(store: Path | str, settings: Settings | None = None) -> Starlette:
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

    methods = {"/sparql": sparql.METHODS, "/reconcile": reconciliation.METHODS}
    app = Starlette(
        routes=_routes(),
        lifespan=lifespan,
        middleware=[Middleware(Headers, methods=methods)],
        exception_handlers={error: failures.failed for error in failures.ERRORS},
    )
    app.state.settings, app.state.pool, app.state.models = settings, pool, Models(pool)
    app.state.failure, app.state.answers = None, Kept()
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
