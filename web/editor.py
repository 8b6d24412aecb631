"""The SPARQL editor: its page, and what the browser needs to know for it."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engine.query.backends import PREFIXES
from web import catalogue, words
from web.middleware import EDITOR_POLICY
from web.pages import html, site
from web.replies import etag, reply, unchanged
from web.site import Site

FIRST = "money-by-theme"
"""The stored query that the editor begins with."""
_TEXTS = ("questions", "chart", "neighbours", "map", "editor_title", "no_rows")
_YASGUI = {
    "Table": "table",
    "Response": "editor_response",
    "Simple view": "editor_simple",
    "Ellipse": "editor_ellipse",
    "Page size": "editor_page_size",
    "Filter query results": "editor_filter",
    "Query": "editor_query",
}
"""Words of the editor's own and our texts for them."""


async def page(request: Request) -> Response:
    """The editor, with a plain form for browsers without scripts."""
    place = site(request, "/editor")
    asked = request.query_params.get("query", "")
    queries = list(catalogue.queries().values())
    response = html(request, place, "editor.html", {"labels": {}}, asked=asked, queries=queries, setup_file="")
    response.headers["content-security-policy"] = EDITOR_POLICY
    return response


async def setup(request: Request) -> Response:
    """Prefixes, terms and stored queries as the editor's script takes them."""
    place = site(request, "/editor")
    tag = etag(request.app.state.pool.tag, "editor", place.lang, place.root)
    if same := unchanged(request, tag):
        return same
    terms = await request.app.state.models.get("vocabulary.terms")
    body = json.dumps(setup_data(place, terms), ensure_ascii=False).encode()
    return reply(request, body, "application/json", {"etag": tag, "content-language": place.lang})


def plain(text: str) -> str:
    """A stored query without its header."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("#+")).strip() + "\n"


def setup_data(place: Site, terms: Any) -> dict[str, Any]:
    """The editor's settings for a language."""
    return {
        "endpoint": place.file("/sparql"),
        "pages": place.file("/doc/"),
        "prefixes": PREFIXES,
        "terms": [{"name": f"tg:{t['name']}", "label": words.label(t["labels"], place.lang)} for t in terms["terms"]],
        "queries": [
            {"name": q.name, "title": q.title(place.lang), "text": plain(q.text)} for q in catalogue.queries().values()
        ],
        "first": FIRST,
        "texts": {
            **{key: words.text(key, place.lang) for key in _TEXTS},
            "yasgui": {said: words.text(key, place.lang).capitalize() for said, key in _YASGUI.items()},
        },
    }
