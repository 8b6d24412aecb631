"""A server process: the socket, the loop, and what is said when it starts."""

from __future__ import annotations

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
    with _listen(host, port) as listening:
        at = listening.getsockname()
        shown = f"[{at[0]}]" if ":" in at[0] else at[0]
        click.echo(f"Teemagraafi on http://{shown}:{at[1]}/ (stop with Ctrl+C)", err=True)
        config = uvicorn.Config(
            create_app(settings.store, settings), log_level="warning", access_log=False, server_header=False
        )
        uvicorn.Server(config).run(sockets=[listening])


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
