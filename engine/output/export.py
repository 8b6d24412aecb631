"""The dataset as files: everything or the current view, with or without contact persons."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from engine.output.statements import WithoutContacts, is_private
from loaders.errors import UserError
from loaders.rdf.terms import WRITTEN

__all__ = ("FORMATS", "RDF", "TABLES", "export", "is_private")

RDF = {
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "turtle": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "ntriples": ox.RdfFormat.N_TRIPLES,
}
TABLES = ("csvw", "parquet")
FORMATS = (*RDF, *TABLES)


def export(store: ox.Store, output: Path, fmt: str, with_contacts: bool = False, current: bool = False) -> None:
    """Write the dataset (or, with ``current``, its default graph), beside the place first and then in one step.

    ``-`` is standard output. ``turtle`` and ``ntriples`` hold no graphs and so need ``current``. ``csvw`` and ``parquet`` make
    a folder with a table a class and one of all statements. Raises ClickException for what cannot be done.
    """
    if fmt not in FORMATS:
        raise UserError(f"unknown format {fmt!r}: one of {', '.join(FORMATS)}")
    try:
        if fmt in TABLES:
            _tables(store, output, fmt, with_contacts, current)
        else:
            _rdf(store, output, fmt, with_contacts, current)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UserError(f"cannot write {output}: {error.strerror or error}") from error


def _rdf(store: ox.Store, output: Path, fmt: str, with_contacts: bool, current: bool) -> None:
    rdf = RDF[fmt]
    if not current and not rdf.supports_datasets:
        raise UserError(f"{fmt} holds one graph only: add --current, or choose nquads, trig or jsonld")
    if str(output) == "-":
        _statements(store, sys.stdout.buffer, rdf, with_contacts, current)
        return
    with _Beside(output) as beside, beside.open("wb") as out:
        _statements(store, out, rdf, with_contacts, current)


def _statements(store: ox.Store, out: BinaryIO, rdf: ox.RdfFormat, with_contacts: bool, current: bool) -> None:
    if current:
        store.dump(out, format=rdf, from_graph=ox.DefaultGraph(), prefixes=_prefixes(rdf))
    elif rdf == ox.RdfFormat.N_QUADS:
        target = out if with_contacts else io.BufferedWriter(WithoutContacts(out), 1 << 20)
        store.dump(target, format=rdf)
        target.flush()
    else:
        quads = (q for q in store if with_contacts or not is_private(getattr(q.graph_name, "value", "")))
        ox.serialize(quads, out, format=rdf, prefixes=_prefixes(rdf))


def _prefixes(rdf: ox.RdfFormat) -> dict[str, str] | None:
    return WRITTEN if rdf in (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG) else None


def _tables(store: ox.Store, output: Path, fmt: str, with_contacts: bool, current: bool) -> None:
    from engine.output import tables

    if str(output) == "-":
        raise UserError(f"{fmt} makes files: name a folder with --output")
    names, write = {
        "csvw": (tables.CSV_FILES, tables.write_csv_folder),
        "parquet": (tables.PARQUET_FILES, tables.write_parquet_folder),
    }[fmt]
    _folder(output, names, partial(write, store, with_contacts=with_contacts, current=current))


class _Beside:
    """A path beside the one to write, which takes its place when the block ends well and vanishes when it does not."""

    def __init__(self, output: Path) -> None:
        self.output, self.path = output, output.with_name(f".{output.name}.part")

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self.path.replace(self.output)
        else:
            self.path.unlink(missing_ok=True)


def _folder(output: Path, names: frozenset[str], write: Callable[[Path], None]) -> None:
    """Fill a folder and put it in the place of an empty one or of an earlier export."""
    if output.exists() and not output.is_dir():
        raise UserError(f"{output}: is a file; the tables go into a folder")
    if output.is_dir() and not {path.name for path in output.iterdir()} <= names:
        raise UserError(f"{output}: is a folder with other things in it; name an empty or new one")
    beside = output.with_name(f".{output.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        write(beside)
        if output.is_dir():
            shutil.rmtree(output)
        beside.replace(output)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
