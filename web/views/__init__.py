"""Pages and small answers: functions that a worker calls with the store at hand, each giving a whole answer.

``answer`` runs one of them by its name, ``things.thing``, for a request that :mod:`web.pages` passed on.
"""

from __future__ import annotations

import datetime
import hashlib
import importlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox

from web import words
from web.formats import HTML, HttpError
from web.site import Site
from web.source import Term
from web.views.graph import Graph

_NUMBER = 10**8
_NUMBERS = ("#integer", "#decimal", "#double")


@dataclass(slots=True)
class Made:
    """A whole answer."""

    body: bytes
    media: str = HTML
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class View:
    """What a page is made of: the graph, the request's parameters, and how addresses are written."""

    graph: Graph
    site: Site
    folder: Path
    """The version's folder in the store: documents' lines, coverage reports."""
    params: Sequence[tuple[str, str]]
    address: str
    """The address of the server's root, without a slash at its end."""
    media: str = HTML
    index: str = ""
    """The search index, where the page needs one."""
    services: Sequence[str] = ()
    asked_version: str = ""
    """The version of the data that the link was to, where it named one."""

    @property
    def lang(self) -> str:
        """The page's language."""
        return self.site.lang

    @property
    def version(self) -> str:
        """The name of the version of the data, by what it was built of; "" over an endpoint."""
        return version_of(self.folder)

    def param(self, name: str, default: str = "") -> str:
        """The first value of a parameter."""
        return next((value for key, value in self.params if key == name), default)

    def all(self, name: str) -> list[str]:
        """All values of a parameter, empty ones left out."""
        return [value for key, value in self.params if key == name and value]

    def number(self, name: str = "page", default: int = 1) -> int:
        """A parameter that is a whole number from 1 on; HttpError 400 for another."""
        text = self.param(name) or str(default)
        if not text.isdecimal() or not 1 <= int(text[:9]) <= _NUMBER:
            raise HttpError(400, f"{name}={text!r} is not a whole number from 1 on")
        return int(text)

    def text(self, key: str, **values: object) -> str:
        """A text of the pages."""
        return words.text(key, self.lang, **values)


def plain(term: Term | None) -> object:
    """A term as JSON has it: numbers and truth values as such, everything else as text."""
    if not isinstance(term, ox.Literal):
        return None if term is None else str(getattr(term, "value", term))
    if term.datatype.value.endswith(_NUMBERS):
        return int(term.value) if term.value.lstrip("-").isdecimal() else float(term.value)
    return term.value == "true" if term.datatype.value.endswith("#boolean") else term.value


def records(view: View, path: str, items: Sequence[object], total: int, pages: int) -> Made:
    """One page of flat records with the address of the next."""
    number = view.number()
    asked = urlencode([*((n, v) for n, v in view.params if n != "page"), ("page", str(number + 1))])
    more = {"next": f"{view.address}{path}?{asked}"} if number < pages else {}
    return as_json({"total": total, "page": number, "pages": pages, **more, "items": items})


def version_of(folder: Path) -> str:
    """The name of a store's version: equal for equal documents, readers and decisions; "" where there is no manifest."""
    manifest = folder / "manifest.json"
    return hashlib.sha256(manifest.read_bytes()).hexdigest()[:12] if manifest.is_file() else ""


def html(view: View, template: str, status: int = 200, **context: object) -> Made:
    """A page of a template."""
    from web.render import render

    body = render(
        template,
        view.site,
        view.graph,
        address=view.address,
        version=view.version,
        asked_version=view.asked_version,
        **context,
    )
    headers = {"content-language": view.lang, "cache-control": "public, max-age=0, must-revalidate"}
    return Made(body, HTML, status, headers)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed."""

    title: str
    id: str
    address: str
    day: datetime.date
    summary: str


def feed(view: View, this: str, title: str, updated: datetime.date, entries: Sequence[Entry]) -> bytes:
    """An Atom feed (RFC 4287) at the address ``this``."""
    from web.render import render

    return render("feed.atom", view.site, None, this=this, title=title, updated=updated, entries=entries)


def as_json(data: object, headers: dict[str, str] | None = None) -> Made:
    """Plain data as JSON."""
    return Made(json.dumps(data, ensure_ascii=False).encode(), "application/json", 200, headers or {})


def answer(graph: Graph, folder: str, request: Mapping[str, Any]) -> Made:
    """What the function ``request["view"]`` makes of a request. HttpError for what it cannot answer."""
    site = Site(**request["site"], parameters=tuple(map(tuple, request["params"])))
    view = View(
        graph,
        site,
        Path(folder),
        site.parameters,
        request["address"],
        request["media"],
        request["index"],
        request["services"],
        request["version"],
    )
    module, _, function = request["view"].partition(".")
    made: Made = getattr(importlib.import_module(f"web.views.{module}"), function)(view, **request["arguments"])
    return made
