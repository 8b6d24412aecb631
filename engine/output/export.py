"""The dataset as files: everything or the current view, with or without contact persons."""

import gzip
import io
import itertools
import re
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pyoxigraph as ox

from engine.output import tables
from engine.words import render
from loaders.data import replacing_file, replacing_folder
from loaders.errors import UserError
from loaders.rdf.terms import CONTACT_PASSAGE, CONTACTS_GRAPH, VIEW, WRITTEN, is_private

if TYPE_CHECKING:
    from typing_extensions import Buffer

RDF = {
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "turtle": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "ntriples": ox.RdfFormat.N_TRIPLES,
}
TABLES = "csvw", "parquet"
FORMATS = (*RDF, *TABLES)
ENGINES = {"virtuoso": "load.sql", "qlever": "Qleverfile"}
"""Another engine, and the name of the script by which its bulk loader takes what :func:`hand_over` writes."""
_LINES = 5_000_000
"""Quads of one file for another engine."""


_MARKS = (CONTACTS_GRAPH.encode(), CONTACT_PASSAGE.encode())
_PRIVATE = re.compile(
    rb"^.* (?:" + re.escape(CONTACTS_GRAPH.encode()) + rb"|<" + re.escape(CONTACT_PASSAGE.encode()) + rb"[^>]*>) \.\n",
    re.M,
)


class WithoutContacts(io.RawIOBase):
    """Lets N-Quads through, but for lines of the contact graphs; the engine writes at its own speed, we only cut lines."""

    def __init__(self, out: BinaryIO) -> None:
        """Pass on to ``out``."""
        super().__init__()
        self._out, self._rest = out, b""

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: "Buffer", /) -> int:
        """Pass on the whole lines among what has come, and keep the rest for the next call."""
        chunk = bytes(data)
        text = self._rest + chunk
        end = text.rfind(b"\n") + 1
        whole = text[:end]
        # nearly every part of a large graph speaks of no contact, which is soon seen
        self._out.write(_PRIVATE.sub(b"", whole) if any(mark in whole for mark in _MARKS) else whole)
        self._rest = text[end:]
        return len(chunk)


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
    prefixes = WRITTEN if fmt in ("turtle", "trig") else None
    with nullcontext(sys.stdout.buffer) if str(output) == "-" else replacing_file(output) as out:
        if current:
            store.dump(out, format=rdf, from_graph=ox.DefaultGraph(), prefixes=prefixes)
        elif fmt == "nquads":
            target = out if with_contacts else io.BufferedWriter(WithoutContacts(out), 1 << 20)
            store.dump(target, format=rdf)
            target.flush()
        else:
            quads = (q for q in store if with_contacts or not is_private(getattr(q.graph_name, "value", "")))
            ox.serialize(quads, out, format=rdf, prefixes=prefixes)


def _tables(store: ox.Store, output: Path, fmt: str, with_contacts: bool, current: bool) -> None:
    if str(output) == "-":
        raise UserError(f"{fmt} makes files: name a folder with --output")
    names, write = {
        "csvw": (tables.CSV_FILES, tables.write_csv_folder),
        "parquet": (tables.PARQUET_FILES, tables.write_parquet_folder),
    }[fmt]
    with replacing_folder(
        output, "earlier tables", lambda folder: {p.name for p in folder.iterdir()} <= names
    ) as beside:
        write(store, beside, with_contacts, current)


def hand_over(
    store: ox.Store, folder: Path, engine: str, *, with_contacts: bool = False, lines: int = _LINES
) -> list[Path]:
    """Write the dataset and an engine's own loading script into an empty or new folder; returns the data files.

    The current view is a graph of its own in them (``VIEW``): without FROM a query sees the default graph in Oxigraph and Jena,
    and the union of all graphs in Virtuoso and QLever, in which every stated triple is met once more. A view with a name can
    be asked for everywhere.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"cannot write {folder}: {error.strerror or error}") from error
    if any(folder.iterdir()):
        raise UserError(f"{folder}: is a directory with other things in it; name an empty or new one")
    quads, paths = _with_named_view(store, with_contacts), list[Path]()
    for first in quads:
        paths.append(folder / f"part-{len(paths) + 1:04d}.nq.gz")
        part = itertools.chain([first], itertools.islice(quads, lines - 1))
        # the same dataset gives the same bytes: no time of day in the files
        with (
            paths[-1].open("wb") as raw,
            gzip.GzipFile("", "wb", 4, raw, 0) as file,
            io.BufferedWriter(file, 1 << 20) as out,
        ):
            ox.serialize(part, out, format=ox.RdfFormat.N_QUADS)
    script = render(ENGINES[engine], "en", folder=folder.resolve(), view=VIEW)
    (folder / ENGINES[engine]).write_text(script, encoding="utf-8")
    return paths


def _with_named_view(store: ox.Store, with_contacts: bool) -> Iterator[ox.Quad]:
    for s, p, o, graph in store:
        if isinstance(graph, ox.DefaultGraph):
            yield ox.Quad(s, p, o, ox.NamedNode(VIEW))
        elif with_contacts or not is_private(graph.value):
            yield ox.Quad(s, p, o, graph)
