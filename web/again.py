"""What a query was answered before, sent again as it was: a repeated request needs no other part of the application."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.memo import Kept
from web.middleware import log

_ASKED = frozenset({b"host", b"accept", b"accept-encoding", b"content-type"})
"""Headers an answer depends on, beside that of a conditional request, which is not answered here."""
_LONG = 16 * 1024
"""Bytes of a request beyond which its answer is not kept."""


class Again:
    """Keeps whole answers that have an ETag, as long as the store's version is served."""

    def __init__(self, app: ASGIApp, version: Callable[[], str]) -> None:
        """``app`` answers what is new; ``version`` tells the store's versions apart."""
        self._app, self._version = app, version
        self._kept: Kept[tuple[Message, Message]] = Kept()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what was sent before, or pass the request on."""
        started = time.perf_counter()
        body = b""
        if scope["method"] == "POST":
            first = await receive()
            if first.get("more_body") or first["type"] != "http.request":
                await self._app(scope, _after(first, receive), send)
                return
            body, receive = first.get("body", b""), _after(first, receive)
        key = self._key(scope, body)
        if key is None:
            await self._app(scope, receive, send)
        elif (known := self._kept.get(key)) is not None:
            for message in known:
                await send(message)
            log(scope, 200, started)
        else:
            await self._new(key, len(body), scope, receive, send)

    def _key(self, scope: Scope, body: bytes) -> Hashable | None:
        asked: list[tuple[bytes, bytes]] = []
        for header in scope["headers"]:
            if header[0] in _ASKED:
                asked.append(header)
            elif header[0] == b"if-none-match":
                return None
        query = scope["query_string"]
        if scope["method"] == "HEAD" or len(query) + len(body) > _LONG:
            return None
        server = tuple(scope.get("server") or ())
        where = scope["scheme"], server, scope.get("root_path", "")
        return self._version(), scope["method"], query, body, where, *map(tuple, asked)

    async def _new(self, key: Hashable, size: int, scope: Scope, receive: Receive, send: Send) -> None:
        told: list[Message] = []

        async def heard(message: Message) -> None:
            if len(told) < 2:
                told.append(message)
            await send(message)

        await self._app(scope, receive, heard)
        start, body = told
        if start["status"] != 200 or body.get("more_body"):
            return
        headers = dict(start["headers"])
        if b"etag" in headers and b"no-store" not in headers.get(b"cache-control", b""):
            size += len(scope["query_string"]) + sum(map(len, headers)) + sum(map(len, headers.values()))
            self._kept.put(key, (start, body), size + len(body["body"]))


def _after(first: Message, receive: Receive) -> Receive:
    """What is received, where the first message was looked at."""
    waiting = [first]

    async def received() -> Message:
        return waiting.pop() if waiting else await receive()

    return received
