"""Answers of stored queries, as data for a page and as files."""

from __future__ import annotations

from typing import Any, BinaryIO

import pyoxigraph as ox

from engine import columns, formats, stored
from engine.catalogue import is_name
from engine.query_errors import QueryUsageError
from engine.results import Result
from web.models import terms
from web.models.terms import Data


def run(store: ox.Store, name: str, parameters: dict[str, Any]) -> Result:
    """The answer to a stored query; QueryUsageError for a name or value that does not fit."""
    if not is_name(name):
        raise QueryUsageError(f"no stored query {name!r}")
    return stored.run(store, stored.find(name), **parameters)


def answer(store: ox.Store, name: str, parameters: dict[str, Any], most: int = 1000) -> Data:
    """The first rows of a stored query's answer, with the columns a person reads and what each holds."""
    result = run(store, name, parameters)
    shown = columns.for_people(result.columns) if result.form == "rows" else list(range(len(result.columns)))
    return {
        "columns": list(result.columns),
        "shown": shown,
        "kinds": columns.kinds(result),
        "rows": [[terms.term(cell) if cell is not None else None for cell in row] for row in result.terms[:most]],
        "total": len(result),
        "notes": list(result.notes),
    }


def write(store: ox.Store, name: str, parameters: dict[str, Any], form: str, out: BinaryIO) -> None:
    """A stored query's answer in one of the forms of ``engine.formats``."""
    formats.write(run(store, name, parameters), form, out)
