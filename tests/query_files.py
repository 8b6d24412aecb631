"""The stored queries as tests are made of them: a file with a bad header fails its own test, not the collection of all."""

from __future__ import annotations

from functools import cache

import rdflib
from pyparsing import ParserElement
from rdflib.plugins.sparql import parser, prepareQuery
from rdflib.plugins.sparql.sparql import Query

from engine.query.library import StoredQuery, read
from loaders.data import folder
from loaders.errors import QueryError

QUERY_FILES = sorted(folder("queries").glob("*.rq"))


@cache
def readable_queries() -> tuple[StoredQuery, ...]:
    """The queries whose headers can be read; ``test_every_header_can_be_read`` names the others."""
    found = []
    for path in QUERY_FILES:
        try:
            found.append(read(path.read_text("utf-8"), path.stem, path))
        except QueryError:
            continue
    return tuple(found)


def as_dataset(nquads: bytes) -> rdflib.Dataset:
    """The same quads for rdflib; to read them costs more than to ask, so ask it several questions."""
    dataset = rdflib.Dataset(default_union=False)
    dataset.parse(data=nquads, format="nquads")
    return dataset


def as_rdflib_reads(query: StoredQuery) -> Query:
    """A query for rdflib without its lines of comments: to look for a comment before each sign takes it half of its time."""
    _look_for_no_comments()
    return prepareQuery("\n".join(line for line in query.text.splitlines() if not line.lstrip().startswith("#")))


@cache
def _look_for_no_comments() -> None:
    seen: set[int] = set()
    parts: list[ParserElement] = [parser.QueryUnit]
    while parts:
        part = parts.pop()
        if id(part) not in seen:
            seen.add(id(part))
            part.ignoreExprs = []
            below = [*getattr(part, "exprs", []), getattr(part, "expr", None)]
            parts += [other for other in below if isinstance(other, ParserElement)]
