"""Answers over HTTP: conditional requests, compression, large answers from files, and errors that say what to do."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import AsyncIterator, Mapping
from typing import BinaryIO

import anyio
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from web.process import Answer

_BLOCK = 256 * 1024
_SMALL = 1024
"""An answer below this many bytes is not compressed."""
VARY = "Accept, Accept-Encoding, Accept-Language"


class HttpError(Exception):
    """A request that cannot be answered: the status and what to do about it."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        """``message`` is for the client, in one or two lines."""
        super().__init__(message)
        self.status, self.message, self.headers = status, message, dict(headers or {})


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


def takes_gzip(request: Request) -> bool:
    """Whether the client accepts gzip."""
    for part in request.headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def reply(
    request: Request, body: bytes, media: str, headers: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    """A small answer, compressed where the client takes it."""
    told = {"content-type": media, "vary": VARY, **(headers or {})}
    if len(body) >= _SMALL and takes_gzip(request):
        body = gzip.compress(body, 5, mtime=0)
        told["content-encoding"] = "gzip"
    return Response(body, status, headers=told)


def deliver(request: Request, answer: Answer, media: str, headers: Mapping[str, str] | None = None) -> Response:
    """A worker's answer, from memory or from its file, which is gone afterwards."""
    path = answer.file
    if path is None:
        return reply(request, answer.body, media, headers)
    told = {"content-type": media, "vary": VARY, **(headers or {})}
    size = path.stat().st_size
    source = path.open("rb")
    path.unlink()  # the open file is all we need; nothing is left behind however the request ends
    if request.method == "HEAD":
        source.close()
        return Response(status_code=200, headers=told)
    if takes_gzip(request):
        told["content-encoding"] = "gzip"
        return StreamingResponse(_gzipped(_blocks(source)), headers=told)
    told["content-length"] = str(size)
    return StreamingResponse(_blocks(source), headers=told)


async def _blocks(source: BinaryIO) -> AsyncIterator[bytes]:
    with source:
        while block := source.read(_BLOCK):
            yield block


async def _gzipped(blocks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    packer = zlib.compressobj(1, wbits=31)
    async for block in blocks:
        if packed := await anyio.to_thread.run_sync(packer.compress, block):
            yield packed
    yield packer.flush()
