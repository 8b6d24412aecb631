"""The stored queries as tests are made of them: a file with a bad header fails its own test, not the collection of all."""

from __future__ import annotations

from engine.query.library import StoredQuery, read
from loaders.data import folder
from loaders.errors import QueryError

QUERY_FILES = sorted(folder("queries").glob("*.rq"))


def readable_queries() -> list[StoredQuery]:
    """The queries whose headers can be read; ``test_every_header_can_be_read`` names the others."""
    found = []
    for path in QUERY_FILES:
        try:
            found.append(read(path.read_text("utf-8"), path.stem, path))
        except QueryError:
            continue
    return found
