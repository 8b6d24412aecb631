"""What every answer carries: security headers, and permission for other sites to read the data."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping, Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("teemagraafi.access")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EDITOR_POLICY = POLICY.replace(
    "style-src 'self'", "style-src 'self' 'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='"
)
"""The editor's result table adds one style sheet of its own, known by its hash (web/vendor.py pins the version)."""
_HEADERS = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
FRAMED_POLICY = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
"""Of a page that others may show within theirs."""
_OPEN = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "Content-Length, ETag, Link, Retry-After",
}
_ALWAYS = [(name.encode(), value.encode()) for name, value in (*_HEADERS.items(), *_OPEN.items())]
_DENYING = [*_ALWAYS, (b"x-frame-options", b"DENY")]
_NAMES = frozenset(name for name, _ in _DENYING)
_FRAMED = FRAMED_POLICY.encode()
_PREFLIGHT = {
    "access-control-allow-headers": "Accept, Content-Type, If-None-Match",
    "access-control-max-age": "86400",
}


def log(scope: Scope, status: int, started: float) -> None:
    """Log a request without its query; ``started`` by the performance counter."""
    if _log.isEnabledFor(logging.INFO):
        taken = 1000 * (time.perf_counter() - started)
        _log.info("%s %s %s %.1f ms", scope["method"], scope["path"], status, taken)


def _with_ours(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    given = dict(headers)
    added = _DENYING if _NAMES.isdisjoint(given) else [header for header in _DENYING if header[0] not in given]
    if given.get(b"content-security-policy") == _FRAMED:
        added = [header for header in added if header[0] != b"x-frame-options"]
    return [*headers, *added]


class Headers:
    """Adds the headers to every answer, and answers OPTIONS."""

    def __init__(self, app: ASGIApp, methods: Mapping[str, Sequence[str]]) -> None:
        """``methods`` of the addresses that take others than GET, HEAD and OPTIONS."""
        self._app, self._methods = app, methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; log it without its query."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _with_ours(message["headers"])
            await send(message)

        try:
            if scope["method"] == "OPTIONS":
                await self._options(scope["path"], told)
            else:
                await self._app(scope, receive, told)
        finally:
            log(scope, status, started)

    async def _options(self, path: str, send: Send) -> None:
        allowed = ", ".join(self._methods.get(path.rstrip("/") or "/", ("GET", "HEAD", "OPTIONS")))
        told = {"allow": allowed, "access-control-allow-methods": allowed, **_PREFLIGHT}
        headers = [(name.encode(), value.encode()) for name, value in told.items()]
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
