"""The dataset as files: everything or the current view, with or without contact persons."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pyoxigraph as ox

from loaders.terms import CONTACT_PASSAGE, CONTACTS_GRAPH

if TYPE_CHECKING:
    from typing_extensions import Buffer

FORMATS = {
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "turtle": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "ntriples": ox.RdfFormat.N_TRIPLES,
}
_PREFIXES = {
    "tg": "https://w3id.org/teemagraafi/def#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_PRIVATE = re.compile(
    rb"^.* (?:" + re.escape(CONTACTS_GRAPH.encode()) + rb"|<" + re.escape(CONTACT_PASSAGE.encode()) + rb"[^>]*>) \.\n",
    re.M,
)


class _WithoutContacts(io.RawIOBase):
    """Lets N-Quads through, but for lines of the contact graphs; the engine writes at its own speed, we only cut lines."""

    def __init__(self, out: io.BufferedWriter) -> None:
        super().__init__()
        self._out, self._rest = out, b""

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer, /) -> int:
        chunk = bytes(data)
        text = self._rest + chunk
        end = text.rfind(b"\n") + 1
        self._out.write(_PRIVATE.sub(b"", text[:end]))
        self._rest = text[end:]
        return len(chunk)


def is_private(graph: str) -> bool:
    """Whether a graph (its IRI without brackets) holds contact persons."""
    return graph.startswith(CONTACT_PASSAGE) or graph == CONTACTS_GRAPH[1:-1]


def _nquads(store: ox.Store, out: io.BufferedWriter, with_contacts: bool) -> None:
    target = out if with_contacts else io.BufferedWriter(_WithoutContacts(out), 1 << 20)
    store.dump(target, format=ox.RdfFormat.N_QUADS)
    target.flush()


def _current(store: ox.Store, out: io.BufferedWriter, fmt: ox.RdfFormat) -> None:
    store.dump(out, format=fmt, from_graph=ox.DefaultGraph(), prefixes=_prefixes(fmt))


def _dataset(store: ox.Store, out: io.BufferedWriter, fmt: ox.RdfFormat, with_contacts: bool) -> None:
    quads = (q for q in store if with_contacts or not is_private(getattr(q.graph_name, "value", "")))
    ox.serialize(quads, out, format=fmt, prefixes=_prefixes(fmt))


def _prefixes(fmt: ox.RdfFormat) -> dict[str, str] | None:
    return _PREFIXES if fmt in (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG) else None


def export(store: ox.Store, output: Path, fmt: str, with_contacts: bool = False, current: bool = False) -> None:
    """Write the dataset (or, with ``current``, its default graph) to a file, beside it first and then in one step.

    ``turtle`` and ``ntriples`` hold no graphs and so need ``current``. Raises ClickException for what cannot be done.
    """
    if fmt not in FORMATS:
        raise click.UsageError(f"unknown format {fmt!r}: one of {', '.join(FORMATS)}")
    rdf_format = FORMATS[fmt]
    if not current and not rdf_format.supports_datasets:
        raise click.UsageError(f"{fmt} holds one graph only: add --current, or choose nquads, trig or jsonld")
    write: Callable[[io.BufferedWriter], None]
    if current:
        write = lambda out: _current(store, out, rdf_format)  # noqa: E731
    elif fmt == "nquads":
        write = lambda out: _nquads(store, out, with_contacts)  # noqa: E731
    else:
        write = lambda out: _dataset(store, out, rdf_format, with_contacts)  # noqa: E731
    beside = output.with_name(f".{output.name}.part")
    try:
        with beside.open("wb") as out:
            write(out)
        beside.replace(output)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise click.ClickException(f"cannot write {output}: {error.strerror or error}") from error
