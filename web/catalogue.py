"""The stored queries as the web side knows them: by name, by topic, with the media types of their answers."""

from __future__ import annotations

from functools import cache

from engine.query import library as stored
from engine.query.library import StoredQuery
from web import csvw, formats

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SVG = "image/svg+xml"
ROWS = {"json": formats.JSON, "csv": formats.CSV, "tsv": formats.TSV, "xlsx": XLSX, csvw.FORM: csvw.MEDIA}
"""Suffix → media type of an answer with rows."""
TRIPLES = {"ttl": formats.TURTLE, "nt": formats.NTRIPLES, "jsonld": formats.JSONLD}
"""Suffix → media type of an answer with triples."""


@cache
def queries() -> dict[str, StoredQuery]:
    """Every stored query by its name, but those that ask other endpoints: a server makes no calls on a reader's behalf."""
    return {query.name: query for query in stored.catalogue() if not query.services}


def forms(query: StoredQuery) -> dict[str, str]:
    """Suffix → media type of what a query's answer can be written as, the default first."""
    if query.form in ("CONSTRUCT", "DESCRIBE"):
        return TRIPLES
    return {**ROWS, "svg": SVG} if query.view != "table" else ROWS


TOPICS = (
    "money",
    "networks",
    "administration",
    "regions",
    "time",
    "content",
    "quality",
    "provenance",
    "periods",
    "view",
)
"""Topics in the order of the page; a query stands under the first it has."""


def by_topic() -> dict[str, list[StoredQuery]]:
    """The queries by topic."""
    found: dict[str, list[StoredQuery]] = {topic: [] for topic in (*TOPICS, "other")}
    for query in queries().values():
        found[next((topic for topic in TOPICS if topic in query.tags), "other")].append(query)
    return {topic: listed for topic, listed in found.items() if listed}
