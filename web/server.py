"""A server process: the socket, the loop, and what is said when it starts."""

from __future__ import annotations

import contextlib
import logging
import socket

import click
import uvicorn

from engine.store import current
from web.app import create_app
from web.settings import Settings


def run(settings: Settings, host: str, port: int, access_log: bool = False) -> None:
    """Serve until stopped. StoreError if there is no store, ClickException if the port is taken."""
    current(settings.store)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("teemagraafi.access").setLevel(logging.INFO if access_log else logging.WARNING)
    app = create_app(settings.store, settings)
    with _listen(host, port) as listening:
        server = _Server(uvicorn.Config(app, log_level="warning", access_log=False, server_header=False))
        # Ctrl+C is how it is stopped; why it did not start is told below
        with contextlib.suppress(KeyboardInterrupt, SystemExit):
            server.run(sockets=[listening])
    if not server.started:
        raise app.state.failure or click.ClickException("the server did not start")


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
