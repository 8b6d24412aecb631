"""What every answer over HTTP needs: conditional requests, compression, large files, headers, and the address of the server."""

from __future__ import annotations

import gzip
import hashlib
import logging
import time
import zlib
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import BinaryIO

import anyio
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.formats import content_type
from web.pool import Answer, Pool, Settings

_log = logging.getLogger("teemagraafi.access")
_BLOCK = 256 * 1024
_SMALL = 1024
"""An answer below this many bytes is not compressed."""
VARY = "Accept, Accept-Encoding, Accept-Language"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EDITOR_POLICY = POLICY.replace(
    "style-src 'self'", "style-src 'self' 'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='"
)
"""The editor's result table adds one style sheet of its own, known by its hash (web/vendor.sh pins the version)."""
FRAMED_POLICY = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
"""Of a page that others may show within theirs."""
_ALWAYS = [
    (name.encode(), value.encode())
    for name, value in {
        "content-security-policy": POLICY,
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "access-control-allow-origin": "*",
        "access-control-expose-headers": "Content-Length, Content-Range, ETag, Link, Retry-After",
        "x-frame-options": "DENY",
    }.items()
]
_NAMES = frozenset(name for name, _ in _ALWAYS)
_PREFLIGHT = {
    "access-control-allow-headers": (
        "Accept, Accept-Language, Authorization, Cache-Control, Content-Type, If-None-Match, Range, X-Requested-With"
    ),
    "access-control-max-age": "86400",
}


def etag(*parts: str) -> str:
    """A weak entity tag of what an answer depends on."""
    return f'W/"{hashlib.sha256(chr(31).join(parts).encode()).hexdigest()[:20]}"'


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


def _takes_gzip(request: Request) -> bool:
    for part in request.headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def reply(
    request: Request, body: bytes, media: str, headers: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    """A small answer, compressed where the client takes it."""
    told = {"content-type": content_type(media), "vary": VARY, **(headers or {})}
    if len(body) >= _SMALL and _takes_gzip(request):
        body = gzip.compress(body, 5, mtime=0)
        told["content-encoding"] = "gzip"
    return Response(body, status, headers=told)


def deliver(request: Request, answer: Answer, headers: Mapping[str, str] | None = None) -> Response:
    """A worker's answer, from memory or from its file, which is gone afterwards; a part of it where a Range asks for one."""
    media = answer.head["media"]
    path = answer.file
    if path is None:
        return reply(request, answer.body, media, headers)
    told = {"content-type": content_type(media), "vary": VARY, "accept-ranges": "bytes", **(headers or {})}
    size = path.stat().st_size
    source = path.open("rb")
    path.unlink()  # the open file is all we need; nothing is left behind however the request ends
    first, last, status = _range(request.headers.get("range", ""), size)
    if status == 206:
        told["content-range"] = f"bytes {first}-{last}/{size}"
    elif status == 416:
        source.close()
        return Response(status_code=416, headers={**told, "content-range": f"bytes */{size}"})
    elif _takes_gzip(request) and request.method != "HEAD":
        told["content-encoding"] = "gzip"
        return StreamingResponse(_gzipped(_blocks(source, 0, size)), headers=told)
    told["content-length"] = str(last - first + 1)
    if request.method == "HEAD":
        source.close()
        return Response(status_code=status, headers=told)
    return StreamingResponse(_blocks(source, first, last - first + 1), status, headers=told)


def _range(text: str, size: int) -> tuple[int, int, int]:
    """First byte, last byte and status of a Range header; anything but one range of bytes asks for the whole."""
    unit, _, spec = text.partition("=")
    first, dash, last = spec.partition("-")
    if unit.strip() != "bytes" or not dash or not (first + last).isdecimal():
        return 0, size - 1, 200
    if not first:
        return max(0, size - int(last)), size - 1, 206 if int(last) else 416
    begin, end = int(first), min(int(last), size - 1) if last else size - 1
    return begin, end, 206 if begin <= end else 416


async def _blocks(source: BinaryIO, first: int, size: int) -> AsyncIterator[bytes]:
    with source:
        source.seek(first)
        while size > 0 and (block := source.read(min(_BLOCK, size))):
            size -= len(block)
            yield block


async def _gzipped(blocks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    packer = zlib.compressobj(1, wbits=31)
    async for block in blocks:
        if packed := await anyio.to_thread.run_sync(packer.compress, block):
            yield packed
    yield packer.flush()


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
    """Finds the prefix that pages stand under, adds the headers to every answer, and answers OPTIONS."""

    def __init__(self, app: ASGIApp, settings: Settings, methods: Mapping[str, Sequence[str]]) -> None:
        """``methods`` of the addresses that take others than GET, HEAD and OPTIONS."""
        self._app, self._settings, self._methods = app, settings, methods
        rest = settings.public.partition("://")[2]
        self._prefix = rest[rest.find("/") :].rstrip("/") if "/" in rest else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; log it without its query."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
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
                await self._app(scope, receive, with_headers)
        finally:
            if _log.isEnabledFor(logging.INFO):
                taken = 1000 * (time.perf_counter() - started)
                _log.info("%s %s %s %.1f ms", scope["method"], scope["path"], status, taken)

    def _placed(self, scope: Scope) -> Scope:
        """A request as it was before the proxy: its prefix, and where the proxy is trusted its scheme, host and client."""
        prefix: str = self._prefix or scope.get("root_path", "")
        told = dict(scope)
        if self._settings.trust_proxy:
            sent = {
                name: value.decode("latin-1") for name, value in scope["headers"] if name.startswith(b"x-forwarded-")
            }
            first = {name: value.partition(",")[0].strip() for name, value in sent.items()}
            if first.get(b"x-forwarded-proto") in ("http", "https"):
                told["scheme"] = first[b"x-forwarded-proto"]
            if host := first.get(b"x-forwarded-host"):
                told["forwarded_host"] = host
            if client := first.get(b"x-forwarded-for"):
                told["client"] = (client, 0)
            prefix = first.get(b"x-forwarded-prefix", prefix).rstrip("/")
        path = scope["path"]
        if prefix and path != prefix and not path.startswith(f"{prefix}/"):
            path = prefix + path
        told.update(path=path, raw_path=path.encode(), root_path=prefix)
        return told

    async def _options(self, path: str, send: Send) -> None:
        allowed = ", ".join(self._methods.get(path.rstrip("/") or "/", ("GET", "HEAD", "OPTIONS")))
        told = {"allow": allowed, "access-control-allow-methods": allowed, **_PREFLIGHT}
        headers = [(name.encode(), value.encode()) for name, value in told.items()]
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def _with_ours(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    given = dict(headers)
    added = _ALWAYS if _NAMES.isdisjoint(given) else [header for header in _ALWAYS if header[0] not in given]
    if given.get(b"content-security-policy", b"").endswith(b"frame-ancestors *"):
        added = [header for header in added if header[0] != b"x-frame-options"]
    return [*headers, *added]
