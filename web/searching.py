"""``/search?q=``: things and passages by words, as a page or as JSON."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response

from engine.search import words as words_of
from web import formats
from web.pages import html, site
from web.replies import HttpError, reply

_LONGEST = 200


async def search(request: Request) -> Response:
    """Things whose names have the words, and passages that say them."""
    words, kind = (request.query_params.get(name, "").strip() for name in ("q", "kind"))
    if len(words) > _LONGEST:
        raise HttpError(400, f"at most {_LONGEST} letters")
    state = request.app.state
    arguments = {"place": str(await state.pool.index()), "words": words if words_of(words) else "", "kind": kind}
    model = await state.models.get("search.search", **arguments)
    media = formats.choose(", ".join(request.headers.getlist("accept")), (formats.HTML, "application/json"))
    if media == "application/json":
        hits = [{**hit, "labels": model["labels"].get(hit["iri"], {})} for hit in model["hits"]]
        return reply(request, json.dumps(hits, ensure_ascii=False).encode(), "application/json")
    if media is None:
        raise HttpError(406, "this is offered as text/html and application/json")
    return html(request, site(request, "/search"), "search.html", model, q=words, kind=kind)
