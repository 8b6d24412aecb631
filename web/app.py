"""The application: which address is answered by what; and the server around it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import resource
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import click
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from engine.store import StoreError, current
from loaders.version import VERSION
from web import api, formats, pages, sparql
from web.formats import HTML, JSON_DATA, HttpError
from web.http import EDITOR_POLICY, FRAMED_POLICY, Headers, accept_of
from web.pages import page
from web.pool import Pool, Settings

_METHODS = {"/sparql": sparql.METHODS, "/reconcile": sparql.METHODS}
_MACHINES = ("/sparql", "/api/", "/graph-store", "/openapi.json", "/static", "/data/", "/reconcile", "/suggest")
_access = logging.getLogger("teemagraafi.access")
_HEADERS_WITHIN, _BODY_WITHIN, _TAKEN_WITHIN = 15.0, 60.0, 120.0
"""Seconds for a connection to send the head of a request, and its body, and to take what the answer's buffer holds."""
_HEAD_MOST = 4 * 1024 * 1024
"""Bytes of the head of a request; an address has room in it for the longest query, of which every byte is escaped."""
_OWN_DESCRIPTORS, _FEW = 64, 16
"""File descriptors that the server needs besides connections; connections that are allowed however few there are."""


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
        exception_handlers={HttpError: failed, HTTPException: failed},
    )
    app.state.pool, app.state.failure = workers, None
    return app


def _routes() -> list[BaseRoute]:
    both = ["GET", "POST"]
    return [
        Route("/sparql", sparql.endpoint, methods=both),
        Route("/sparql/", sparql.endpoint, methods=both),
        Route("/", page("start.start")),
        Route("/id/{path:path}", pages.identify),
        Route("/code/{path:path}", pages.identify),
        Route("/doc/{path:path}", pages.document),
        Route("/queries", page("questions.index")),
        Route("/queries/{name}", page("questions.question")),
        Route("/gallery", page("start.gallery")),
        Route("/changes", page("start.changes")),
        Route("/correct", page("start.correction")),
        Route("/api", page("start.about_api", JSON_DATA, HTML)),
        Route("/api/{name}", api.answer),
        Route("/openapi.json", page("openapi.described", JSON_DATA)),
        Route("/editor", page("reference.editor", policy=EDITOR_POLICY)),
        Route("/editor/setup.json", page("reference.setup")),
        Route("/def", page("reference.definitions", HTML, formats.TURTLE)),
        Route("/def.{suffix}", page("reference.definitions", formats.TURTLE)),
        Route("/def/{version}", _version),
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
        Route("/graph-store", sparql.graph_store),
        Route("/robots.txt", page("reference.robots")),
        Route("/sitemap.xml", page("reference.sitemap")),
        Mount("/static", StaticFiles(directory=Path(__file__).with_name("static"))),
    ]


async def _version(request: Request) -> Response:
    """The IRI of the ontology's version: the ontology, where that version is the one served."""
    if request.path_params["version"] != VERSION:
        raise HttpError(404, f"the ontology is here in version {VERSION}")
    return RedirectResponse(f"{request.scope.get('root_path', '')}/def", 303)


def _redirect(target: str) -> Any:
    """303 to another path, which may have a parameter of this one's."""

    async def endpoint(request: Request) -> Response:
        return RedirectResponse(request.scope.get("root_path", "") + target.format(**request.path_params), 303)

    return endpoint


async def failed(request: Request, error: Exception) -> Response:
    """The answer to a request that failed: a page for people, a line of text for machines."""
    if isinstance(error, HttpError):
        status, message, headers = error.status, error.message, error.headers
    else:
        assert isinstance(error, HTTPException), "the only other error that leads here"
        status, message, headers = error.status_code, str(error.detail), dict(error.headers or {})
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    textual = (HTML, "text/plain")
    if path.startswith(_MACHINES) or formats.choose(accept_of(request) or "text/plain", textual) != HTML:
        return PlainTextResponse(f"{message}\n", status, headers)
    return pages.failure(request, status, message, headers)


# the server


class _Protocol(HttpToolsProtocol):
    """Closes connections that send a request, or take an answer, too slowly, and those there are too many of.

    Otherwise a half-open one stays for ever, and a few hundred of them shut out everybody.
    """

    one_client = 1.0
    """The share of all connections that one address may hold; behind a trusted proxy all come from one."""
    _clock: asyncio.TimerHandle | None = None
    _head: int | None = None
    """Bytes that came since a request began, until its head is complete."""

    def _within(self, seconds: float | None) -> None:
        if self._clock is not None:
            self._clock.cancel()
        self._clock = self.loop.call_later(seconds, self.transport.abort) if seconds else None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._within(_HEADERS_WITHIN)
        most = max(_FEW, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - _OWN_DESCRIPTORS)
        clients: list[tuple[str, int] | None] = [getattr(other, "client", None) for other in self.connections]
        same = sum(client is not None and self.client is not None and client[0] == self.client[0] for client in clients)
        if len(self.connections) > most or same > max(_FEW, self.one_client * most):
            transport.abort()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head is not None:
            self._head += len(data)
            if self._head > _HEAD_MOST and not self.transport.is_closing():
                self.send_400_response("The address or the headers are too long.")
        if self._clock is None and (self.cycle is None or self.cycle.response_complete):
            self._within(_HEADERS_WITHIN)  # something came, but no request begins in it

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head = 0
        self._within(_HEADERS_WITHIN)

    def on_headers_complete(self) -> None:
        self._head = None
        self._within(_BODY_WITHIN)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._within(_TAKEN_WITHIN if self.flow.write_paused else None)
        super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Answer a plain query here, and everything else through the layers of the application."""
        scope, pool = cycle.scope, self.app_state["pool"]
        settings: Settings = pool.settings
        behind = settings.public or settings.trust_proxy or _access.isEnabledFor(logging.INFO)
        if scope["path"] != "/sparql" or scope["method"] != "GET" or behind:
            super()._start_asgi_task(cycle, app)
            return
        task = self.loop.create_task(self._answer(cycle, app, pool))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    async def _answer(self, cycle: RequestResponseCycle, app: Any, pool: Pool) -> None:
        more = [*cycle.default_headers, *([] if cycle.keep_alive else [(b"connection", b"close")])]
        answer = None
        with contextlib.suppress(Exception):  # the application meets it again and says what it is
            answer = await sparql.direct(cast(Scope, cycle.scope), pool, more)
        if answer is None:
            await cycle.run_asgi(app)
            return
        if self.flow.write_paused:
            await self.flow.drain()
        if cycle.disconnected or self.transport.is_closing():
            return
        self.transport.write(answer)
        cycle.response_started = cycle.response_complete = True
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._within(_TAKEN_WITHIN)

    def resume_writing(self) -> None:
        self._within(None)
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._within(None)
        super().connection_lost(exc)


class _Server(uvicorn.Server):
    """Says where it is once it answers; why it could not start is told by the caller, in one line."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        log = logging.getLogger("uvicorn.error")
        log.disabled = True
        await super().startup(sockets)
        log.disabled = False
        if self.started and sockets:
            at = sockets[0].getsockname()
            shown = f"[{at[0]}]" if ":" in at[0] else at[0]
            click.echo(f"Teemagraafi on http://{shown}:{at[1]}/ (stop with Ctrl+C)", err=True)


def run(settings: Settings, host: str, port: int, access_log: bool = False) -> None:
    """Serve until stopped. StoreError if there is no store, ClickException if the port is taken."""
    if not settings.endpoint:
        current(settings.store)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    _access.setLevel(logging.INFO if access_log else logging.WARNING)
    app = create_app(settings.store, settings)
    _Protocol.one_client = 1.0 if settings.trust_proxy else 0.5
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # web.http believes them, where it is told to
        http=_Protocol,
        timeout_keep_alive=30,
    )
    gc.freeze()  # what is loaded stays: nothing is gained by looking through it for what can be forgotten
    with _listen(host, port) as listening:
        server = _Server(config)
        # Ctrl+C is how it is stopped; why it did not start is told below
        with contextlib.suppress(KeyboardInterrupt, SystemExit):
            server.run(sockets=[listening])
    if not server.started:
        raise app.state.failure or click.ClickException("the server did not start")


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        reason = error.strerror or str(error)
        raise click.ClickException(f"cannot listen on {host}:{port}: {reason}; choose another with --port") from None
    listening.listen(1024)
    return listening
