"""The forms a result is written in. Each writer takes a result and a binary file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import BinaryIO

from engine.output.formats.graphs import write_graph
from engine.output.formats.markup import write_html, write_md
from engine.output.formats.parquet import write_parquet
from engine.output.formats.plain import write_csv, write_json, write_tsv
from engine.output.formats.spreadsheet import write_xlsx
from engine.output.formats.table import table
from engine.query.errors import QueryUsageError
from engine.query.results import Result

Writer = Callable[[Result, BinaryIO], None]


def write_table(result: Result, out: BinaryIO) -> None:
    """An aligned table."""
    out.write(table(result).encode())


ROWS: dict[str, Writer] = {
    "table": write_table,
    "csv": write_csv,
    "tsv": write_tsv,
    "json": write_json,
    "md": write_md,
    "html": write_html,
    "xlsx": write_xlsx,
    "parquet": write_parquet,
}
GRAPHS: dict[str, Writer] = {name: partial(write_graph, name=name) for name in ("ttl", "nt", "jsonld")}
BINARY = frozenset(("xlsx", "parquet"))
"""Formats that no terminal can show."""

FORMATS = (*ROWS, *GRAPHS)


def default(result: Result) -> str:
    """The format for people: a table, or Turtle for triples."""
    return "ttl" if result.form == "triples" else "table"


def write(result: Result, name: str, out: BinaryIO) -> None:
    """Write a result; a format that cannot hold it is refused with those that can."""
    if name in GRAPHS and result.form != "triples":
        raise QueryUsageError(f"{name} holds triples; this query gives rows: use {', '.join(ROWS)}")
    (GRAPHS.get(name) or ROWS[name])(result, out)
