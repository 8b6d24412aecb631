"""``/links``: the link sets in figures, and what is not linked, as a page or as JSON."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response

from web import formats
from web.pages import html, site
from web.replies import HttpError, reply


async def overview(request: Request) -> Response:
    """Every link set with its source, licence and counts."""
    model = await request.app.state.models.get("links.overview")
    media = formats.choose(", ".join(request.headers.getlist("accept")), (formats.HTML, "application/json"))
    if media == "application/json":
        told = {key: value for key, value in model.items() if key != "labels"}
        return reply(request, json.dumps(told, ensure_ascii=False).encode(), "application/json")
    if media is None:
        raise HttpError(406, "this is offered as text/html and application/json")
    return html(request, site(request, "/links"), "links.html", model)
