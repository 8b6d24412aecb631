"""The server around the application: connections and their limits, and what becomes of a plain query."""

import asyncio
import contextlib
import gc
import logging
import os
import resource
import socket
import struct
from dataclasses import asdict
from typing import Any, cast

import click
import uvicorn
from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from engine.store import current
from web.api import FAILURE
from web.app import create_app
from web.formats import HttpError
from web.http import address, client_of
from web.lent import Plain, plain
from web.process import Answer, Settings

_access = logging.getLogger("teemagraafi.access")
_HEADERS_WITHIN, _BODY_WITHIN, _TAKEN_WITHIN = 15.0, 60.0, 120.0
"""Seconds for a connection to send the head of a request, and its body, and to take what the answer's buffer holds."""
_HEAD_MOST = 4 * 1024 * 1024
"""Bytes of the head of a request; an address has room in it for the longest query, of which every byte is escaped."""
_OWN_DESCRIPTORS, _FEW = 64, 16
"""File descriptors that the server needs besides connections; connections that are allowed however few there are."""
_BLOCK = 1 << 18
"""Bytes of a large answer that are sent at once."""


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
        self._clock = self.loop.call_later(seconds, self._drop) if seconds else None

    def _drop(self) -> None:
        """Close at once; the system forgets what the client did not take."""
        if self.flow.write_paused:
            linger = struct.pack("ii", 1, 0)
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.transport.abort()

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        # a worker may write on a connection only when nothing waits to be sent on it
        transport.set_write_buffer_limits(0)
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
        """Lend the connection of a plain query to a worker; answer everything else through the layers of the application."""
        scope, settings = cycle.scope, self.app_state["pool"].settings
        behind = settings.public or settings.trust_proxy or settings.endpoint or _access.isEnabledFor(logging.INFO)
        asked = None
        if scope["path"] == "/sparql" and scope["method"] == "GET" and not behind:
            asked = plain(scope["query_string"], cycle.scope["headers"], cycle.keep_alive)
        if asked is None:
            super()._start_asgi_task(cycle, app)
            return
        task = self.loop.create_task(self._lend(cycle, app, asked))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)

    async def _lend(self, cycle: RequestResponseCycle, app: Any, asked: Plain) -> None:
        pool, scope = self.app_state["pool"], cast(Scope, cycle.scope)
        request = {"plain": asdict(asked), "base": address(scope, pool.settings, "/sparql")}
        answer = None
        await self.flow.drain()
        try:
            answer = await pool.lend(self, request, client_of(scope))
        except HttpError as error:
            scope[FAILURE] = error
        if answer is not None and not answer.answered:
            if answer.status:
                scope[FAILURE] = HttpError(answer.status, answer.message)
            answer = None
        if answer is not None:
            await self._take_back(cycle, answer)
        elif not self.transport.is_closing():
            self.flow.resume_reading()
            await cycle.run_asgi(app)

    async def _take_back(self, cycle: RequestResponseCycle, answer: Answer) -> None:
        """Send what a worker left of its answer, and go on with what came after it."""
        if answer.rest:
            self.transport.write(answer.rest)
        if answer.file:
            with open(answer.file, "rb") as file:
                os.unlink(answer.file)
                file.seek(answer.at)
                while not self.transport.is_closing() and (block := file.read(_BLOCK)):
                    self.transport.write(block)
                    await self.flow.drain()
        cycle.response_started = cycle.response_complete = True
        if not (answer.open and cycle.keep_alive):
            self.transport.close()
        cycle.on_response()
        if not self.transport.is_closing() and answer.body:
            self.data_received(answer.body)

    def begin(self) -> int | None:
        """Stop reading; the connection's descriptor, unless it has more on it than one request."""
        half = self.pipeline or self._head is not None or self.cycle.more_body
        if half or self.transport.is_closing() or self.flow.write_paused:
            return None
        self.flow.pause_reading()
        return int(self.transport.get_extra_info("socket").fileno())

    @property
    def ending(self) -> bool:
        """Whether the server stops, so that the connection should come back."""
        return not self.cycle.keep_alive

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
