"""The current view as tables, one per class: a row per thing, a column per property, typed by the values found in it.

They are written as CSV on the Web (``csv-metadata.json`` describes each column, so a program can make the statements again) or as
Parquet. The store is read twice, first for the columns and then for the rows, so that no table is held in memory.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from engine.output.formats import arrow_type, arrow_value, digits, pyarrow
from engine.query.result import LABEL as NAMED
from engine.query.result import Kind, Value, kind_of, python, text, widest
from engine.store import name_in, names_of
from loaders.data import beside
from loaders.rdf.terms import CODE, CONTACTS_GRAPH, RDF, TG, XSD, is_private, local_name

if TYPE_CHECKING:
    from _csv import Writer

    import pyarrow as pa  # type: ignore[import-untyped]

CLASSES: dict[str, str] = beside(__file__, "classes.toml")
"""Table → the class whose instances are its rows."""
ALTERNATIVES = "alternatives"
"""The table of what a conflict is between: nodes that have a value and no class."""

KEY = "iri"
_TYPE = ox.NamedNode(f"{RDF}type")
_VALUE = ox.NamedNode(f"{TG}alternativeValue")
_SEPARATORS = ("|", "¦", "‖", "\x1f")
_KNOWN = 100_000

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True, slots=True)
class Column:
    """One property of a table's things, in one language where its values are texts; or the names of what it points at."""

    name: str
    property: str
    kind: Kind
    language: str = ""
    datatype: str = ""
    """The one XSD datatype of all values."""
    separator: str = ""
    """The separator between the values of a cell, if a thing may have several."""
    names: bool = False
    """Whether these are the labels of the things in the column before."""
    target: str = ""
    """The table in which every thing of this column has its row."""
    places: tuple[int, int] = (0, 0)
    """Digits before and after the point, of decimals."""

    def is_link(self) -> bool:
        """Whether a thing may have several things in it, which are rows of the table of links."""
        return self.kind == "iri" and bool(self.separator) and not self.names


@dataclass(frozen=True, slots=True)
class Table:
    """A class of things and the columns that tell of them; the first column, ``iri``, is left to the writers."""

    name: str
    of: str
    columns: tuple[Column, ...]


@dataclass(slots=True)
class _Seen:
    """What one property (of one language) was seen to hold."""

    most: int = 0
    kinds: set[Kind] = field(default_factory=set)
    datatypes: set[str] = field(default_factory=set)
    signs: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)
    named: bool = False
    places: tuple[int, int] = (0, 0)


Cells = dict[tuple[str, str], list[Term]]


class Tables:
    """The tables of a graph's current view."""

    def __init__(self, store: ox.Store, with_contacts: bool = False) -> None:
        """Look at ``store``; contact persons are a table only if asked for."""
        self._store = store
        self._graphs: list[ox.DefaultGraph | ox.NamedNode] = [ox.DefaultGraph()]
        if with_contacts:
            self._graphs.append(ox.NamedNode(CONTACTS_GRAPH[1:-1]))
        self.name = lru_cache(_KNOWN)(self._name)
        self._table_of = lru_cache(_KNOWN)(self._find_table)

    def all(self) -> Iterator[Table]:
        """Every table that has a row."""
        for name in (*CLASSES, ALTERNATIVES):
            seen: defaultdict[tuple[str, str], _Seen] = defaultdict(_Seen)
            for _, cells in self._things(name):
                self._see(cells, seen)
            if seen:
                yield Table(name, CLASSES.get(name, ""), tuple(_columns(seen)))

    def rows(self, table: Table) -> Iterator[tuple[str, list[list[Value]]]]:
        """Each thing's IRI with the values of each column, in the order of the IRIs."""
        for subject, cells in self._things(table.name):
            columns = ((column.names, cells.get((column.property, column.language), [])) for column in table.columns)
            yield subject, [[(self.name(t) or "") if names else python(t) for t in terms] for names, terms in columns]

    def _things(self, name: str) -> Iterator[tuple[str, Cells]]:
        for subject in self._subjects(name):
            cells: Cells = defaultdict(list)
            for graph in self._graphs:
                for quad in self._store.quads_for_pattern(subject, None, None, graph):
                    term = quad.object
                    # the class of the table itself is no value
                    if quad.predicate != _TYPE or getattr(term, "value", "") != CLASSES.get(name):
                        cells[quad.predicate.value, getattr(term, "language", None) or ""].append(term)
            yield subject.value, {key: sorted(terms, key=str) for key, terms in cells.items()}

    def _subjects(self, name: str) -> list[ox.NamedNode]:
        predicate = _VALUE if name == ALTERNATIVES else _TYPE
        of = None if name == ALTERNATIVES else ox.NamedNode(CLASSES[name])
        subjects = {
            quad.subject
            for graph in self._graphs
            for quad in self._store.quads_for_pattern(None, predicate, of, graph)
            if isinstance(quad.subject, ox.NamedNode)
        }
        # sub-themes and target groups are concepts too, and have tables of their own
        return sorted((s for s in subjects if name != "codes" or s.value.startswith(CODE)), key=lambda s: s.value)

    def _see(self, cells: Cells, seen: defaultdict[tuple[str, str], _Seen]) -> None:
        for key, terms in cells.items():
            one = seen[key]
            one.most = max(one.most, len(terms))
            for term in terms:
                value = python(term)
                one.kinds.add(kind_of(value))
                text = f"{getattr(term, 'value', '')} {self.name(term) or ''}"
                one.signs |= {sign for sign in _SEPARATORS if sign in text}
                if isinstance(term, ox.Literal):
                    one.datatypes.add(term.datatype.value)
                elif isinstance(term, ox.NamedNode):
                    one.targets.add(self._table_of(term))
                    one.named |= self.name(term) is not None
                whole, places = digits(value)
                one.places = max(one.places[0], whole), max(one.places[1], places)

    def _find_table(self, term: ox.NamedNode) -> str:
        types = [quad.object for quad in self._store.quads_for_pattern(term, _TYPE, None, ox.DefaultGraph())]
        return next((name for of in types for name, cls in CLASSES.items() if of == ox.NamedNode(cls)), "")

    def _name(self, term: Term) -> str | None:
        return name_in(names_of(self._store, term), "fi") if isinstance(term, ox.NamedNode) else None


def _columns(seen: dict[tuple[str, str], _Seen]) -> Iterator[Column]:
    """Columns in the order of their names, labels first; each that points at things is followed by their names."""
    by_name: defaultdict[str, set[str]] = defaultdict(set)
    for iri, _ in seen:
        by_name[local_name(iri).replace("-", "_")].add(iri)
    labels = ("label", "prefLabel", "title")
    for iri, language in sorted(seen, key=lambda key: (not key[0].endswith(labels), local_name(key[0]), *key)):
        one, name = seen[iri, language], local_name(iri).replace("-", "_")
        if len(by_name[name]) > 1 and not iri.startswith(TG):  # a property of that name of another vocabulary
            name = "_".join([word for word in re.split("[/#]", iri) if word][-2:]).replace("-", "_").replace(".", "_")
        name += f"_{language.replace('-', '_')}" if language else ""
        separator = next((s for s in _SEPARATORS if s not in one.signs), _SEPARATORS[-1]) if one.most > 1 else ""
        kind = widest(one.kinds)
        datatype = next(iter(one.datatypes)) if len(one.datatypes) == 1 and kind != "iri" else ""
        target = next(iter(one.targets)) if kind == "iri" and len(one.targets) == 1 else ""
        yield Column(name, iri, kind, language, datatype, separator, target=target, places=one.places)
        if one.named:
            yield Column(f"{name}{NAMED}", iri, "text", language, separator=separator, names=True)


NAME = "statements"
COLUMNS = ("subject", "property", "object", "kind", "datatype", "language", "graph")
"""``kind`` is iri, literal or blank; ``graph`` is empty for the current view, else the passage's (or another graph's) IRI."""


def statements(store: ox.Store, with_contacts: bool, current: bool) -> Iterator[tuple[str, ...]]:
    """One row a statement, in the store's own order."""
    quads = store.quads_for_pattern(None, None, None, ox.DefaultGraph()) if current else store
    for quad in quads:
        graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
        if with_contacts or not is_private(graph):
            subject, value = quad.subject, quad.object
            named = [term.value if isinstance(term, ox.NamedNode) else str(term) for term in (subject, value)]
            if isinstance(value, ox.Literal):
                about = value.value, "literal", value.datatype.value, value.language or ""
            else:
                about = named[1], "iri" if isinstance(value, ox.NamedNode) else "blank", "", ""
            yield named[0], quad.predicate.value, *about, graph


METADATA = "csv-metadata.json"
LINKS = "links"
CSV_FILES = frozenset((METADATA, *(f"{name}.csv" for name in (*CLASSES, ALTERNATIVES, LINKS, NAME))))
"""Every file a folder of this export can hold."""
_LINK = ("subject", "property", "object")

Json = dict[str, Any]


def write_csv_folder(store: ox.Store, folder: Path, with_contacts: bool, current: bool) -> None:
    """Write every table, the links between things, all statements, and the description of them."""
    tables = Tables(store, with_contacts)
    described = []
    with ExitStack() as files:
        links, every = _file(files, folder, LINKS, _LINK), _file(files, folder, NAME, COLUMNS)
        for table in tables.all():
            _write_table(files, folder, tables, table, links)
            described.append(_describe(table))
        every.writerows(statements(store, with_contacts, current))
    whole = json.loads(Path(__file__).with_name("csvw.json").read_text(encoding="utf-8"))
    whole["tables"] = described + whole["tables"]
    (folder / METADATA).write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _file(files: ExitStack, folder: Path, name: str, columns: tuple[str, ...]) -> Writer:
    opened = (folder / f"{name}.csv").open("w", encoding="utf-8", newline="")
    rows = csv.writer(files.enter_context(opened), lineterminator="\n")
    rows.writerow(columns)
    return rows


def _write_table(files: ExitStack, folder: Path, tables: Tables, table: Table, links: Writer) -> None:
    rows = _file(files, folder, table.name, (KEY, *(column.name for column in table.columns)))
    linking = [(n, c) for n, c in enumerate(table.columns) if c.is_link()]
    for subject, cells in tables.rows(table):
        texts = zip(
            (column.separator for column in table.columns), (map(text, values) for values in cells), strict=True
        )
        rows.writerow([subject, *(separator.join(values) for separator, values in texts)])
        for n, column in linking:
            for value in cells[n]:
                links.writerow((subject, column.property, text(value)))


def _describe(table: Table) -> Json:
    key = {"name": KEY, "titles": KEY, "datatype": "anyURI", "required": True, "suppressOutput": True}
    columns = [key, *map(_describe_column, table.columns)]
    if table.of:
        columns.append({"name": "class", "virtual": True, "propertyUrl": _TYPE.value, "valueUrl": table.of})
    schema: Json = {"aboutUrl": f"{{+{KEY}}}", "primaryKey": KEY, "columns": columns}
    keys = [
        {"columnReference": c.name, "reference": {"resource": f"{c.target}.csv", "columnReference": KEY}}
        for c in table.columns
        if c.target and not c.separator and not c.names
    ]
    if keys:
        schema["foreignKeys"] = keys
    return {"url": f"{table.name}.csv", "dc:title": table.name, "tableSchema": schema}


def _describe_column(column: Column) -> Json:
    plain = column.datatype.removeprefix(XSD)
    datatype = plain if plain != column.datatype and not column.language else "string"
    if column.kind == "iri" and not column.names:
        datatype = "anyURI"
    description: Json = {"name": column.name, "titles": column.name, "datatype": datatype}
    if column.language:
        description["lang"] = column.language
    if column.separator:
        description["separator"] = column.separator
    if column.names or column.is_link():
        return {**description, "suppressOutput": True}
    description["propertyUrl"] = column.property
    return {**description, "valueUrl": f"{{+{column.name}}}"} if column.kind == "iri" else description


PARQUET_FILES = frozenset(f"{name}.parquet" for name in (*CLASSES, ALTERNATIVES, NAME))
"""Every file a folder of this export can hold."""
_AT_ONCE = 20_000


def write_parquet_folder(store: ox.Store, folder: Path, with_contacts: bool, current: bool) -> None:
    """Write every table and all statements."""
    tables = Tables(store, with_contacts)
    for table in tables.all():
        fields = [pyarrow().field(KEY, pyarrow().string(), nullable=False)]
        for column in table.columns:
            of, meaning = arrow_type(column.kind, *column.places), {"property": column.property, "kind": column.kind}
            fields.append(
                pyarrow().field(column.name, pyarrow().list_(of) if column.separator else of, metadata=meaning)
            )
        schema = pyarrow().schema(fields, metadata={"class": table.of})
        rows = ([subject, *map(_listed, cells, schema.types[1:])] for subject, cells in tables.rows(table))
        _write_parquet(folder / f"{table.name}.parquet", schema, rows)
    plain = pyarrow().schema([(name, pyarrow().string()) for name in COLUMNS])
    _write_parquet(folder / f"{NAME}.parquet", plain, statements(store, with_contacts, current))


def _write_parquet(path: Path, schema: pa.Schema, rows: Iterable[Sequence[object]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    waiting = iter(rows)
    with pq.ParquetWriter(path, schema, compression="zstd") as out:
        while part := list(islice(waiting, _AT_ONCE)):
            columns = zip(zip(*part, strict=True), schema.types, strict=True)
            out.write_table(pa.table([pa.array(values, type=of) for values, of in columns], schema=schema))


def _listed(values: list[Value], of: Any) -> object:
    """The values of a cell as a list, or the only one, where the column is of lists or of single values."""
    is_list = str(of).startswith("list")
    plain = [arrow_value(value, of.value_type if is_list else of) for value in values]
    return (plain if is_list else plain[0]) if plain else None
