"""What every answer over HTTP needs: conditional requests, large files, headers, and the address of the server."""

import logging
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.formats import SETTINGS, content_type
from web.pool import Pool
from web.process import Answer, Settings
from web.protocol import ALWAYS, VARY

_log = logging.getLogger("teemagraafi.access")
_NO_GZIP = re.compile(rb"gzip\s*;\s*q=0(\.0*)?\s*(,|$)")

_POLICY = ALWAYS["content-security-policy"]
EDITOR_POLICY = _POLICY.replace(
    "style-src 'self'", "style-src 'self' 'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='"
)
"""The editor's result table adds one style sheet of its own, known by its hash (web/vendor.sh pins the version)."""
FRAMED_POLICY = _POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
"""Of a page that others may show within theirs."""
_ALWAYS = [(name.encode(), value.encode()) for name, value in ALWAYS.items()]
_NAMES = frozenset(name for name, _ in _ALWAYS)


def unchanged(request: Request, tag: str) -> Response | None:
    """304 if the client has the answer of this tag already."""
    if not (known := request.headers.get("if-none-match", "")):
        return None
    tags = [t.strip().removeprefix("W/") for t in known.split(",")]
    if known.strip() == "*" or tag.removeprefix("W/") in tags:
        return Response(status_code=304, headers={"etag": tag, "vary": VARY})
    return None


def accept_of(request: Request) -> str:
    """All of a request's Accept headers as one."""
    return ", ".join(request.headers.getlist("accept"))


def reply(body: bytes, media: str, headers: Mapping[str, str] | None = None, status: int = 200) -> Response:
    """A small answer."""
    return Response(body, status, headers={"content-type": content_type(media), "vary": VARY, **(headers or {})})


class _Taken(FileResponse):
    """A file, or the part of it that a Range asks for; it is removed however the request ends."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            Path(self.path).unlink(missing_ok=True)


def deliver(answer: Answer, headers: Mapping[str, str]) -> Response:
    """A worker's answer, from memory or from its file, which is gone afterwards."""
    if answer.file is None:
        return reply(answer.body, answer.media, headers)
    return _Taken(answer.file, headers={"vary": VARY, **headers}, media_type=content_type(answer.media))


# the server's own address, and who asks


def pool_of(request: Request) -> Pool:
    """The workers of the application a request came to."""
    pool: Pool = request.app.state.pool
    return pool


def address(scope: Scope, settings: Settings, path: str = "") -> str:
    """The address clients reach a path of this server at: never what a Host header says, unless a trusted proxy wrote it."""
    if settings.public:
        return f"{settings.public.rstrip('/')}{path}"
    host, port = scope.get("server") or ("localhost", None)
    shown = f"[{host}]" if ":" in host else host
    scheme = scope["scheme"]
    usual = {"http": 80, "https": 443}.get(scheme)
    base = scope.get("forwarded_host") or (shown if port in (None, usual) else f"{shown}:{port}")
    return f"{scheme}://{base}{scope.get('root_path', '')}{path}"


def client_of(scope: Scope) -> str:
    """Who asks, for the share of the workers: the address a request came from."""
    return str((scope.get("client") or ("",))[0])


class Headers:
    """Finds the prefix that pages stand under, adds the headers to every answer, compresses it, and answers OPTIONS."""

    def __init__(self, app: ASGIApp, settings: Settings, methods: Mapping[str, Sequence[str]]) -> None:
        """``methods`` of the addresses that take others than GET, HEAD and OPTIONS."""
        self._app, self._settings, self._methods = app, settings, methods
        self._zipped = GZipMiddleware(app, minimum_size=1024, compresslevel=5)
        rest = settings.public.partition("://")[2]
        self._prefix = rest[rest.find("/") :].rstrip("/") if "/" in rest else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; log it without its query."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        encodings = b",".join(value for name, value in scope["headers"] if name == b"accept-encoding").lower()
        zipped = b"gzip" in encodings and not _NO_GZIP.search(encodings)
        started, status = time.perf_counter(), 500
        if self._prefix or self._settings.trust_proxy:
            scope = self._placed(scope)

        async def with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _with_ours(message["headers"])
            await send(message)

        try:
            if scope["method"] == "OPTIONS":
                await self._options(scope["path"].removeprefix(scope.get("root_path", "")), with_headers)
            else:
                await (self._zipped if zipped else self._app)(scope, receive, with_headers)
        finally:
            if _log.isEnabledFor(logging.INFO):
                taken = 1000 * (time.perf_counter() - started)
                _log.info("%s %s %s %.1f ms", scope["method"], scope["path"], status, taken)

    def _placed(self, scope: Scope) -> Scope:
        """A request as it was before the proxy: its prefix, and where the proxy is trusted its scheme, host and client."""
        prefix: str = self._prefix or scope.get("root_path", "")
        placed = dict(scope)
        if self._settings.trust_proxy:
            sent = ((name, value.decode("latin-1")) for name, value in scope["headers"])
            first = {name: value.partition(",")[0].strip() for name, value in sent if name.startswith(b"x-forwarded-")}
            if first.get(b"x-forwarded-proto") in ("http", "https"):
                placed["scheme"] = first[b"x-forwarded-proto"]
            if host := first.get(b"x-forwarded-host"):
                placed["forwarded_host"] = host
            if client := first.get(b"x-forwarded-for"):
                placed["client"] = (client, 0)
            prefix = first.get(b"x-forwarded-prefix", prefix).rstrip("/")
        path = scope["path"]
        if prefix and path != prefix and not path.startswith(f"{prefix}/"):
            path = prefix + path
        placed.update(path=path, raw_path=path.encode(), root_path=prefix)
        return placed

    async def _options(self, path: str, send: Send) -> None:
        allowed = ", ".join(self._methods.get(path.rstrip("/") or "/", ("GET", "HEAD", "OPTIONS")))
        allowed_headers = {"allow": allowed, "access-control-allow-methods": allowed, **SETTINGS["preflight"]}
        headers = [(name.encode(), value.encode()) for name, value in allowed_headers.items()]
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def _with_ours(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    given = dict(headers)
    added = _ALWAYS if _NAMES.isdisjoint(given) else [header for header in _ALWAYS if header[0] not in given]
    if given.get(b"content-security-policy", b"").endswith(b"frame-ancestors *"):
        added = [header for header in added if header[0] != b"x-frame-options"]
    return [*headers, *added]
