"""The application: which address is answered by what."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from web import graphs, sparql
from web.memo import Models
from web.middleware import Headers
from web.replies import HttpError, failed
from web.settings import Settings
from web.workers import BusyError, OverLimitError, Pool


def create_app(store: Path | str, settings: Settings | None = None) -> Starlette:
    """A server for a store; its workers start and end with it."""
    settings = settings or Settings(Path(store))
    pool = Pool(settings)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await pool.start()
        try:
            yield
        finally:
            await pool.stop()

    methods = {"/sparql": sparql.METHODS}
    app = Starlette(
        routes=_routes(),
        lifespan=lifespan,
        middleware=[Middleware(Headers, methods=methods)],
        exception_handlers={error: failed for error in (HttpError, BusyError, OverLimitError, HTTPException)},
    )
    app.state.settings, app.state.pool, app.state.models = settings, pool, Models(pool)
    return app


def _routes() -> list[Route]:
    return [
        Route("/sparql", sparql.endpoint, methods=["GET", "POST"], name="sparql"),
        Route("/sparql/", sparql.endpoint, methods=["GET", "POST"]),
        Route("/graph-store", graphs.graph_store, methods=["GET"], name="graph-store"),
    ]
