"""Pages of the stored queries: the list of them, and each with a form, its answer and its picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from engine.query.library import StoredQuery
from web import api, catalogue
from web.pages import html, site
from web.replies import HttpError

SHOWN = 500
"""Rows of an answer on its page; all are in its files."""


async def index(request: Request) -> Response:
    """The stored queries by topic."""
    return html(request, site(request, "/queries"), "queries.html", {"labels": {}}, topics=catalogue.by_topic())


async def question(request: Request) -> Response:
    """One stored query with its form and its answer; a value that does not fit is told beside the form."""
    query, suffix = api.named(request.path_params["name"])
    if suffix:
        raise HttpError(404, f"files are below /api/: /api/{query.name}.{suffix}")
    models = request.app.state.models
    parameters = api.given(request, query)
    options = await models.get("queries.options", name=query.name)
    answer, wrong = None, None
    try:
        answer = await models.get("queries.answer", name=query.name, parameters=parameters, most=SHOWN)
    except HttpError as error:
        if error.status != 400:
            raise
        wrong = error.message
    place = site(request, f"/queries/{query.name}")
    more = question_parts(query, answer, parameters)
    response = html(request, place, "query.html", {"labels": {}}, options=options, wrong=wrong, **more)
    response.status_code = 400 if wrong else response.status_code
    return response


def question_parts(query: StoredQuery, answer: Any, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """What the page of a query shows besides its form."""
    files = [form for form in catalogue.forms(query) if form != "svg"]
    drawn = query.view != "table" and bool(answer and answer["rows"])
    given = urlencode(parameters, doseq=True)
    asked = f"?{given}" if given else ""
    return {"query": query, "answer": answer, "given": parameters, "files": files, "drawn": drawn, "asked": asked}
