"""What went wrong, as an answer: a page for people, a line of text for machines."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from web import formats, pages
from web.replies import HttpError
from web.workers import BusyError, OverLimitError

ERRORS = (HttpError, BusyError, OverLimitError, HTTPException)
_RETRY = "5"
"""Seconds after which a client may try again."""
_MACHINES = ("/sparql", "/api", "/graph-store", "/openapi.json", "/static", "/data/", "/reconcile")
_TEXTUAL = (formats.HTML, "text/plain")


async def failed(request: Request, error: Exception) -> Response:
    """The answer to a request that failed."""
    status, message, headers = _told(error)
    machine = request.url.path.startswith(_MACHINES)
    if machine or formats.choose(request.headers.get("accept", "text/plain"), _TEXTUAL) != formats.HTML:
        return PlainTextResponse(f"{message}\n", status, headers)
    return pages.failure(request, status, message, headers)


def _told(error: Exception) -> tuple[int, str, dict[str, str]]:
    if isinstance(error, HttpError):
        return error.status, error.message, error.headers
    if isinstance(error, HTTPException):
        return error.status_code, str(error.detail), dict(error.headers or {})
    return 503, str(error), {"retry-after": _RETRY}
