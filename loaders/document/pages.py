"""Files as numbered lines: text, HTML and PDF, told apart by what is in them and not by their names."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from loaders.document.leftovers import leftovers
from loaders.document.lines import Document, Line
from loaders.errors import SourceError

SIZE_LIMIT = 50 * 1024 * 1024
"""Bytes; a document of these layouts has a few hundred kilobytes."""

_ZIPS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")


def read(path: Path, identifier: str | None = None) -> Document:
    """Read a file into a document; ``identifier`` overrides its stem as the document's id.

    Line numbers: of a text file those of the file; of HTML the ordinal of the block of text (paragraph, list item, table
    cell, heading, or a part of one before a ``<br>``), since a page's physical lines mean nothing to its reader; of a PDF
    the ordinal of the printed line, with its page. Raises :class:`SourceError` for what cannot be read.
    """
    name = identifier or path.stem
    data = _bytes(path, path.name)
    sha256 = hashlib.sha256(data).hexdigest()
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if b"%PDF-" in data[:1024]:
        from loaders.document.pdf import read_pdf

        flow = read_pdf(data, path.name)
        title = flow.title if flow.title and " " in flow.title.strip() else None
        kept, furniture = _without_leftovers(flow.lines, flow.furniture)
        return Document(name, "pdf", kept, sha256, title, furniture, tuple(flow.notes))
    if head.startswith(_ZIPS):
        raise SourceError(path.name, "an office file or archive, not a document: save it as PDF, HTML or text")
    from loaders.document.text import decoded, looks_like_html, text_lines

    text, notes = decoded(data, path.name)
    if looks_like_html(text):
        from loaders.document.html import html_lines

        page = html_lines(text, path.name)
        kept, furniture = _without_leftovers(page.lines, page.furniture)
        return Document(name, "html", kept, sha256, page.title, furniture, notes)
    lines = text_lines(text, path.name)
    return Document(name, "text", lines, sha256, None, leftovers(lines), notes)


def _without_leftovers(lines: Sequence[Line], furniture: Sequence[Line]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Lines numbered anew without what a conversion left of older pages, and all that was put aside."""
    aside = {line.number for line in leftovers(lines)}
    if not aside:
        return tuple(lines), tuple(furniture)
    kept = [line for line in lines if line.number not in aside]
    numbers = {line.number: number for number, line in enumerate(kept, 1)}
    before, last = {0: 0}, 0
    for line in lines:
        last = numbers.get(line.number, last)
        before[line.number] = last
    left = sorted([*furniture, *(line for line in lines if line.number in aside)], key=lambda line: line.number)
    return (
        tuple(replace(line, number=numbers[line.number]) for line in kept),
        tuple(replace(line, number=before[line.number]) for line in left),
    )


def _bytes(path: Path, name: str) -> bytes:
    """The file's bytes, never more than the limit of them."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise SourceError(name, "a directory, not a document: name its files, or give it with --documents")
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(name, "not a regular file")
        if status.st_size > SIZE_LIMIT:
            size = status.st_size // 2**20
            raise SourceError(
                name, f"{size} MB, more than the {SIZE_LIMIT // 2**20} MB a document may have: give its parts"
            )
        with path.open("rb") as stream:
            data = stream.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise SourceError(name, f"cannot be read: {error.strerror or error}") from None
    if len(data) > SIZE_LIMIT:
        raise SourceError(name, f"more than the {SIZE_LIMIT // 2**20} MB a document may have: give its parts")
    if not data.strip():
        raise SourceError(name, "the file is empty")
    return data
