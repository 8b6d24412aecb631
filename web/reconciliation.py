"""``/reconcile``: the Reconciliation Service API 0.2, for OpenRefine and others that match names to things."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from web import formats, service
from web.middleware import FRAMED_POLICY
from web.pages import site
from web.render import render
from web.replies import HttpError, reply
from web.sparql import body_of, fields_of

METHODS = ("GET", "HEAD", "POST", "OPTIONS")


async def reconcile(request: Request) -> Response:
    """The manifest, or the answers to a batch of queries."""
    limit = request.app.state.settings.limits.body
    fields = fields_of(request.url.query, limit)
    if request.method == "POST":
        fields += fields_of(await body_of(request, limit), limit)
    asked = [value for name, value in fields if name == "queries"]
    models = request.app.state.models
    if not asked:
        return _json(request, await models.get("reconciling.manifest", base=service.address(request, "/reconcile")))
    try:
        queries = json.loads(asked[0])
    except (ValueError, RecursionError) as error:
        raise HttpError(400, f"queries: expected a JSON object ({error})") from None
    return _json(request, await models.get("reconciling.query", queries=queries))


async def suggest(request: Request) -> Response:
    """Completions of a name."""
    cursor = request.query_params.get("cursor", "0")
    if not (cursor.isdecimal() and len(cursor) < 7):
        raise HttpError(400, "cursor: expected a whole number")
    arguments = {"what": request.path_params["what"], "prefix": request.query_params.get("prefix", "")[:200]}
    found = await request.app.state.models.get("reconciling.suggest", cursor=int(cursor), **arguments)
    return _json(request, found)


async def preview(request: Request) -> Response:
    """A small page about a thing, to be shown within the client's own."""
    model = await request.app.state.models.get("reconciling.preview", identifier=request.query_params.get("id", ""))
    body = render("preview.html", site(request), {**model, "labels": {}})
    return reply(request, body, formats.HTML, {"content-security-policy": FRAMED_POLICY})


def _json(request: Request, found: Any) -> Response:
    return reply(request, json.dumps(found, ensure_ascii=False).encode(), "application/json")
