"""Files as numbered lines: text, HTML and PDF."""

from __future__ import annotations

import hashlib
from pathlib import Path

from loaders.document import Document, Line


def read(path: Path, identifier: str | None = None) -> Document:
    """Read a file into a document; ``identifier`` overrides its stem as the document's id."""
    data = path.read_bytes()
    lines = tuple(Line(i, t) for i, t in enumerate(data.decode("utf-8").split("\n"), 1))
    return Document(identifier or path.stem, "text", lines, hashlib.sha256(data).hexdigest())
