"""The dataset as Parquet: a file a class, lists where a thing has several values, decimals exact; and all statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pyoxigraph as ox

from engine.output.export.statements import COLUMNS, NAME, statements
from engine.output.export.tables import ALTERNATIVES, CLASSES, KEY, Column, Table, Tables
from engine.query.columns import text
from engine.query.results import Value

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

NAMES = frozenset(f"{name}.parquet" for name in (*CLASSES, ALTERNATIVES, NAME))
"""Every file a folder of this export can hold."""
_AT_ONCE = 20_000
_MOST_DIGITS = 38


def write_folder(store: ox.Store, folder: Path, with_contacts: bool, current: bool) -> None:
    """Write every table and all statements."""
    _arrow()
    tables = Tables(store, with_contacts)
    for table in tables.all():
        rows = ([subject, *map(_cell, cells, table.columns)] for subject, cells in tables.rows(table))
        _write(folder / f"{table.name}.parquet", _schema(table), rows)
    write_file(store, folder / f"{NAME}.parquet", with_contacts, current)


def write_file(store: ox.Store, path: Path, with_contacts: bool, current: bool) -> None:
    """Write all statements as one file."""
    pa = _arrow()
    fields = [pa.field(name, pa.string()) for name in COLUMNS]
    _write(path, pa.schema(fields), (list(row) for row in statements(store, with_contacts, current)))


def _arrow() -> Any:
    try:
        import pyarrow as pa
    except ImportError:
        raise click.UsageError("Parquet needs pyarrow: pip install 'teemagraafi[frames]'") from None
    return pa


def _write(path: Path, schema: pa.Schema, rows: Iterable[list[object]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    with pq.ParquetWriter(path, schema, compression="zstd") as out:
        for part in _parts(iter(rows)):
            arrays = [
                pa.array(values, type=at.type) for values, at in zip(zip(*part, strict=True), schema, strict=True)
            ]
            out.write_table(pa.table(arrays, schema=schema))


def _parts(rows: Iterator[list[object]]) -> Iterator[list[list[object]]]:
    while part := list(islice(rows, _AT_ONCE)):
        yield part


def _schema(table: Table) -> pa.Schema:
    import pyarrow as pa

    fields = [pa.field(KEY, pa.string(), nullable=False)]
    for column in table.columns:
        of = _type(column)
        told = {"property": column.property, "kind": column.kind}
        fields.append(pa.field(column.name, pa.list_(of) if column.separator else of, metadata=told))
    return pa.schema(fields, metadata={"class": table.of})


def _type(column: Column) -> Any:
    import pyarrow as pa

    whole, rest = column.places
    if column.kind == "decimal" and whole + rest <= _MOST_DIGITS:
        return pa.decimal128(_MOST_DIGITS, rest)
    if column.kind == "integer" and whole <= 18:
        return pa.int64()
    return {"boolean": pa.bool_(), "float": pa.float64(), "date": pa.date32()}.get(column.kind, pa.string())


def _cell(values: list[Value], column: Column) -> object:
    plain = [value if _is_typed(column) else text(value) for value in values]
    if column.separator:
        return plain or None
    return plain[0] if plain else None


def _is_typed(column: Column) -> bool:
    fits = sum(column.places) <= _MOST_DIGITS if column.kind == "decimal" else column.places[0] <= 18
    return column.kind in ("boolean", "float", "date") or (column.kind in ("decimal", "integer") and fits)
