"""All statements of an export as rows, and what every export leaves out: the graphs that hold contact persons."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

import pyoxigraph as ox

from loaders.rdf.terms import CONTACT_PASSAGE, CONTACTS_GRAPH

if TYPE_CHECKING:
    from typing_extensions import Buffer

_MARKS = (CONTACTS_GRAPH.encode(), CONTACT_PASSAGE.encode())
_PRIVATE = re.compile(
    rb"^.* (?:" + re.escape(CONTACTS_GRAPH.encode()) + rb"|<" + re.escape(CONTACT_PASSAGE.encode()) + rb"[^>]*>) \.\n",
    re.M,
)


def is_private(graph: str) -> bool:
    """Whether a graph (its IRI without brackets) holds contact persons."""
    return graph.startswith(CONTACT_PASSAGE) or graph == CONTACTS_GRAPH[1:-1]


class WithoutContacts(io.RawIOBase):
    """Lets N-Quads through, but for lines of the contact graphs; the engine writes at its own speed, we only cut lines."""

    def __init__(self, out: BinaryIO) -> None:
        """Pass on to ``out``."""
        super().__init__()
        self._out, self._rest = out, b""

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: Buffer, /) -> int:
        """Pass on the whole lines among what has come, and keep the rest for the next call."""
        chunk = bytes(data)
        text = self._rest + chunk
        end = text.rfind(b"\n") + 1
        whole = text[:end]
        # nearly every part of a large graph speaks of no contact, which is soon seen
        self._out.write(_PRIVATE.sub(b"", whole) if any(mark in whole for mark in _MARKS) else whole)
        self._rest = text[end:]
        return len(chunk)


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
