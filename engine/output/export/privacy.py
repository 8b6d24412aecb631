"""What an export leaves out: the graphs that hold contact persons."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, BinaryIO

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
