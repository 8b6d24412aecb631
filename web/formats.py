"""Media types: what the endpoint writes, and which of them a client wants (RFC 9110 content negotiation)."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyoxigraph as ox
from starlette.exceptions import HTTPException

from loaders.data import beside

HttpError = HTTPException
"""A request that cannot be answered: the status, what to do about it, and headers."""

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
CSV = "text/csv"
TSV = "text/tab-separated-values"
TURTLE = "text/turtle"
NTRIPLES = "application/n-triples"
NQUADS = "application/n-quads"
TRIG = "application/trig"
JSONLD = "application/ld+json"
RDFXML = "application/rdf+xml"
HTML = "text/html"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ATOM = "application/atom+xml"
JSON_DATA = "application/json"
"""Plain data; answers of SPARQL have a JSON of their own."""

ROWS = (JSON, XML, CSV, TSV)
"""Formats of SELECT and ASK, the default first."""
TRIPLES = (TURTLE, NTRIPLES, JSONLD, RDFXML, TRIG, NQUADS)
"""Formats of CONSTRUCT, DESCRIBE and of graphs, the default first."""

WRITERS = {media: form for media in TRIPLES if (form := ox.RdfFormat.from_media_type(media))}
ROW_WRITERS = {media: row_form for media in ROWS if (row_form := ox.QueryResultsFormat.from_media_type(media))}
"""What writes each format of triples, and of rows."""

SETTINGS: dict[str, dict[str, Any]] = beside(__file__, "http.toml")
"""Tables of what goes over HTTP; the comments of ``http.toml`` say what each is."""
_SYNONYMS: dict[str, str] = SETTINGS["synonyms"]
RDF_SYNONYMS = {**_SYNONYMS, "application/json": JSONLD, "application/xml": RDFXML, "text/xml": RDFXML}
SHORT: dict[str, str] = SETTINGS["names"]
"""Names for ``?format=`` and for suffixes of addresses."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One media range of an Accept header with its weight and its place."""

    media: str
    weight: float
    place: int

    def fits(self, media: str) -> int:
        """How closely the range names a media type: 3 by name, 2 by its kind, 1 as anything, 0 not at all."""
        ranges = ("*/*", f"{media.partition('/')[0]}/*", media)
        return ranges.index(self.media) + 1 if self.media in ranges else 0


def wishes(accept: str, synonyms: dict[str, str] | None = None) -> list[Wish]:
    """The media ranges of an Accept header; an ill-formed weight counts as 1."""
    wishes_found = []
    for place, part in enumerate(accept.split(",")):
        media, *parameters = (p.strip() for p in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "q":
                with suppress(ValueError):
                    weight = min(max(float(value), 0.0), 1.0)
        if media:
            media = media.lower()
            wishes_found.append(Wish((synonyms or {}).get(media, media), weight, place))
    return wishes_found


def choose(accept: str | None, offered: Sequence[str], synonyms: dict[str, str] | None = None) -> str | None:
    """The offered media type a client wants most, None if it accepts none; without a wish, the first."""
    ranges = wishes(accept, synonyms) if accept and accept.strip() else []
    if not ranges:
        return offered[0]
    candidates = []
    for rank, media in enumerate(offered):
        # the closest range decides the weight: */* says nothing about a type that is named
        match = max(ranges, key=lambda w: (w.fits(media), -w.place))
        if match.fits(media) and match.weight:
            candidates.append((match.weight, match.fits(media), -rank, media))
    return max(candidates)[3] if candidates else None


@lru_cache(256)
def accepted(accept: str) -> tuple[str | None, str | None]:
    """The formats for rows and for triples; clients repeat their wishes."""
    return choose(accept, ROWS, _SYNONYMS), choose(accept, TRIPLES, RDF_SYNONYMS)


def page(accept: str | None, *, html_last: bool = False) -> str | None:
    """HTML or a format for triples, for addresses that have both; a client without a wish gets the first."""
    return choose(accept, (*TRIPLES, HTML) if html_last else (HTML, *TRIPLES), RDF_SYNONYMS)


def by_name(name: str) -> str | None:
    """The media type that ``?format=`` names: a short name or a media type; None for one that is not offered."""
    lowered = name.strip().lower().replace(" ", "+")
    known = SHORT.get(lowered) or _SYNONYMS.get(lowered, lowered)
    return known if known in ROWS or known in TRIPLES else None


def both(media: str) -> tuple[str | None, str | None]:
    """The formats for rows and for triples where one format was named: JSON and XML have a form for either."""
    if media in ROWS:
        return media, {JSON: JSONLD, XML: RDFXML}.get(media)
    return {JSONLD: JSON, RDFXML: XML}.get(media), media


def content_type(media: str) -> str:
    """The Content-Type header's value."""
    return f"{media}; charset=utf-8" if media.startswith("text/") else media
