"""The stored queries as tests are made of them: a file with a bad header fails its own test, not the collection of all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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
    text = "\n".join(line for line in query.text.splitlines() if not line.lstrip().startswith("#"))
    with _no_comments():
        return prepareQuery(text)


@contextmanager
def _no_comments() -> Iterator[None]:
    """Let rdflib look for no comments meanwhile; others that read queries with it do."""
    ignored = [(part, part.ignoreExprs) for part in _grammar()]
    for part, _ in ignored:
        part.ignoreExprs = []
    yield
    for part, comments in ignored:
        part.ignoreExprs = comments


@cache
def _grammar() -> tuple[ParserElement, ...]:
    """The parts of rdflib's grammar of queries."""
    parts: dict[int, ParserElement] = {}
    waiting: list[ParserElement] = [parser.QueryUnit]
    while waiting:
        part = waiting.pop()
        if id(part) not in parts:
            parts[id(part)] = part
            below = [*getattr(part, "exprs", []), getattr(part, "expr", None)]
            waiting += [other for other in below if isinstance(other, ParserElement)]
    return tuple(parts.values())
