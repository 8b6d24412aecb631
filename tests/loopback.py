"""A SPARQL endpoint of the tests' own on loopback: what it answers is a function of the query."""

from __future__ import annotations

import threading
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pyoxigraph as ox

Reply = Callable[["Handler", str], None]


class Handler(BaseHTTPRequestHandler):
    """Answers by the server's ``reply``; POST of a form, as the protocol has it."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.form = urllib.parse.parse_qs(body)
        self.server.reply(self, self.form["query"][0])  # type: ignore[attr-defined]

    def give(self, status: int, media: str, body: bytes, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


def answering(store: ox.Store) -> Reply:
    """A well-behaved endpoint over a store."""

    def reply(handler: Handler, text: str) -> None:
        try:
            found = store.query(text)
        except SyntaxError as error:
            handler.give(400, "text/plain", str(error).encode())
            return
        if isinstance(found, ox.QueryTriples):
            handler.give(200, "text/turtle", found.serialize(format=ox.RdfFormat.TURTLE) or b"")
        else:
            body = found.serialize(format=ox.QueryResultsFormat.JSON) or b""
            handler.give(200, "application/sparql-results+json; charset=utf-8", body)

    return reply


@contextmanager
def serving() -> Iterator[Callable[[Reply], str]]:
    """Start endpoints by what they reply; all end with the block."""
    servers = []

    def start(reply: Reply) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.reply = reply  # type: ignore[attr-defined]
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}/sparql"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()
