"""The dataset as CSV on the Web (W3C): a CSV file a class, and ``csv-metadata.json``, which says what each column means.

A program that reads CSV on the Web makes the statements of the current view out of the files again. Where a thing points at
several others, its cell names them all for a person; for such a program they stand, one a row, in ``links.csv``.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pyoxigraph as ox

from engine.output.export.statements import COLUMNS, NAME, statements
from engine.output.export.tables import ALTERNATIVES, CLASSES, KEY, Column, Table, Tables
from engine.query.columns import text
from engine.query.results import Value
from loaders.rdf.terms import RDF, XSD

METADATA = "csv-metadata.json"
LINKS = "links"
NAMES = frozenset((METADATA, *(f"{name}.csv" for name in (*CLASSES, ALTERNATIVES, LINKS, NAME))))
"""Every file a folder of this export can hold."""
_CONTEXT = ["http://www.w3.org/ns/csvw", {"@language": "en"}]
_LICENCE = {"@id": "https://creativecommons.org/licenses/by/4.0/"}
TYPE = f"{RDF}type"
_LINK = ("subject", "property", "object")

Json = dict[str, Any]


class _Rows(Protocol):
    """What csv.writer gives."""

    def writerow(self, row: Any, /) -> Any:
        """Write one row."""


def write_folder(store: ox.Store, folder: Path, with_contacts: bool, current: bool) -> None:
    """Write every table, the links between things, all statements, and the description of them."""
    tables = Tables(store, with_contacts)
    described = []
    with ExitStack() as files:
        links = _file(files, folder, LINKS, _LINK)
        for table in tables.all():
            _write_table(files, folder, tables, table, links)
            described.append(_describe(table))
        described.append(_describe_links())
        _write_statements(_file(files, folder, NAME, COLUMNS), store, with_contacts, current)
        described.append(_describe_statements(f"{NAME}.csv"))
    whole = {"@context": _CONTEXT, "dc:title": "Teemagraafi", "dc:license": _LICENCE, "tables": described}
    _write_json(folder / METADATA, whole)


def write_file(store: ox.Store, path: Path, described_at: Path, name: str, with_contacts: bool, current: bool) -> None:
    """Write all statements as one CSV file called ``name`` in the end, and its description."""
    with ExitStack() as files:
        rows = _open(files, path)
        rows.writerow(COLUMNS)
        _write_statements(rows, store, with_contacts, current)
    _write_json(described_at, {"@context": _CONTEXT, "dc:license": _LICENCE, **_describe_statements(name)})


def _file(files: ExitStack, folder: Path, name: str, columns: tuple[str, ...]) -> _Rows:
    rows = _open(files, folder / f"{name}.csv")
    rows.writerow(columns)
    return rows


def _open(files: ExitStack, path: Path) -> _Rows:
    return csv.writer(files.enter_context(path.open("w", encoding="utf-8", newline="")), lineterminator="\n")


def _write_table(files: ExitStack, folder: Path, tables: Tables, table: Table, links: _Rows) -> None:
    rows = _file(files, folder, table.name, (KEY, *(column.name for column in table.columns)))
    linking = [(n, c) for n, c in enumerate(table.columns) if _is_link(c)]
    for subject, cells in tables.rows(table):
        rows.writerow([subject, *map(_cell, cells, table.columns)])
        for n, column in linking:
            for value in cells[n]:
                links.writerow((subject, column.property, text(value)))


def _write_statements(rows: _Rows, store: ox.Store, with_contacts: bool, current: bool) -> None:
    for row in statements(store, with_contacts, current):
        rows.writerow(row)


def _is_link(column: Column) -> bool:
    return column.kind == "iri" and bool(column.separator) and not column.names


def _cell(values: list[Value], column: Column) -> str:
    return column.separator.join(map(text, values))


def _write_json(path: Path, value: Json) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _describe(table: Table) -> Json:
    key = {"name": KEY, "titles": KEY, "datatype": "anyURI", "required": True, "suppressOutput": True}
    schema: Json = {
        "aboutUrl": f"{{+{KEY}}}",
        "primaryKey": KEY,
        "columns": [key, *map(_describe_column, table.columns)],
    }
    if table.of:
        schema["columns"].append({"name": "class", "virtual": True, "propertyUrl": TYPE, "valueUrl": table.of})
    keys = list(_foreign_keys(table))
    if keys:
        schema["foreignKeys"] = keys
    return {"url": f"{table.name}.csv", "dc:title": table.name, "tableSchema": schema}


def _describe_column(column: Column) -> Json:
    found: Json = {"name": column.name, "titles": column.name, "datatype": _datatype(column)}
    if column.language:
        found["lang"] = column.language
    if column.separator:
        found["separator"] = column.separator
    if column.names or _is_link(column):
        return {**found, "suppressOutput": True}
    found["propertyUrl"] = column.property
    return {**found, "valueUrl": f"{{+{column.name}}}"} if column.kind == "iri" else found


def _datatype(column: Column) -> str:
    if column.kind == "iri" and not column.names:
        return "anyURI"
    plain = column.datatype.removeprefix(XSD)
    return plain if plain != column.datatype and not column.language else "string"


def _foreign_keys(table: Table) -> Iterator[Json]:
    for column in table.columns:
        if column.target and not column.separator and not column.names:
            yield {
                "columnReference": column.name,
                "reference": {"resource": f"{column.target}.csv", "columnReference": KEY},
            }


def _describe_links() -> Json:
    columns = [
        {"name": name, "titles": name, "datatype": "anyURI", "required": True, "suppressOutput": True}
        for name in _LINK[:2]
    ]
    last = {
        "name": _LINK[2],
        "titles": _LINK[2],
        "datatype": "anyURI",
        "propertyUrl": "{+property}",
        "valueUrl": "{+object}",
    }
    schema = {"aboutUrl": "{+subject}", "columns": [*columns, last]}
    return {"url": f"{LINKS}.csv", "dc:title": "which thing points at which", "tableSchema": schema}


def _describe_statements(name: str) -> Json:
    columns = [{"name": column, "titles": column, "datatype": "string"} for column in COLUMNS]
    # a cell has one datatype for a whole column: these rows are data about statements, not statements to be made
    return {
        "url": name,
        "dc:title": "all statements, each with its graph",
        "suppressOutput": True,
        "tableSchema": {"columns": columns},
    }
