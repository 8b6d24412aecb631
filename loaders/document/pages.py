"""Files as numbered lines: text, HTML, PDF, Word and PowerPoint, told apart by what is in them and not by their names."""

from __future__ import annotations

import hashlib
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from loaders.document.leftovers import leftovers
from loaders.document.lines import CUT, Content, Document, Form, Line
from loaders.errors import SourceError

SIZE_LIMIT = 50 * 1024 * 1024
"""Bytes; a document of these layouts has a few hundred kilobytes."""

UNPACKED_LIMIT = 256 * 1024 * 1024
"""Bytes that all parts of an office file may unpack to."""
XML_LIMIT = 64 * 1024 * 1024
"""Bytes that its parts of XML may unpack to."""
PARTS_LIMIT = 10_000

_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_OFFICE_KINDS = re.compile(rb"(wordprocessingml\.document|presentationml\.presentation)\.main\+xml")


def read(path: Path, identifier: str | None = None) -> Document:
    """Read a file into a document; ``identifier`` overrides its stem as the document's id.

    Line numbers: of a text file those of the file; of HTML the ordinal of the block of text (paragraph, list item, table
    cell, heading, or a part of one before a ``<br>``), since a page's physical lines mean nothing to its reader; of a PDF
    the ordinal of the printed line, with its page. Raises :class:`SourceError` for what cannot be read.
    """
    document = _read(path, identifier or path.stem)
    cut = [line.number for line in document.lines if "characters cut]" in line.text and CUT.search(line.text)]
    if not cut:
        return document
    note = f"line {cut[0]} is longer than any text is, its rest is left out"
    return replace(document, notes=(*document.notes, note + (f" ({len(cut)} such lines)" if len(cut) > 1 else "")))


def _read(path: Path, name: str) -> Document:
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
        form, content = _office(data, path.name)
        title = content.title if content.title and " " in content.title.strip() else None
        kept, furniture = _without_leftovers(content.lines, content.furniture)
        return Document(name, form, kept, sha256, title, furniture, tuple(content.notes))
    if head.startswith(_OLD_OFFICE):
        raise SourceError(
            path.name, "an office file of an older kind, or one with a password: save it as .docx or .pptx"
        )
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


def _office(data: bytes, name: str) -> tuple[Form, Content]:
    """The kind and the lines of a Word or PowerPoint file; the size of what it unpacks to is checked first."""
    from lxml.etree import LxmlError

    form: Form
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_size(archive.infolist(), name)
            listed = "[Content_Types].xml" in archive.namelist()
            match = _OFFICE_KINDS.search(archive.read("[Content_Types].xml")) if listed else None
        if match is None:
            raise SourceError(name, "not a Word or PowerPoint file without macros: save it as .docx, .pptx or PDF")
        if match[1].startswith(b"word"):
            from loaders.document.word import read_word

            form, content = "word", read_word(data)
        else:
            from loaders.document.slides import read_slides

            form, content = "slides", read_slides(data)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, UnicodeDecodeError, LxmlError) as error:
        raise SourceError(name, f"the office file is damaged or encrypted ({error}): fetch it again") from None
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise SourceError(name, f"the office file lacks a part that it names ({error}): save it anew") from None
    except Exception as error:
        if not type(error).__module__.startswith(("docx.", "pptx.")):  # their classes cost a third of a second
            raise
        raise SourceError(name, f"the office file is damaged ({error}): fetch it again") from None
    if not content.lines:
        raise SourceError(
            name, "the office file holds no words: if it holds pictures, run text recognition (OCR) on it"
        )
    return form, content


def _check_size(parts: Sequence[zipfile.ZipInfo], name: str) -> None:
    whole = sum(part.file_size for part in parts)
    xml = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    if whole > UNPACKED_LIMIT or xml > XML_LIMIT or len(parts) > PARTS_LIMIT:
        raise SourceError(
            name,
            f"the office file unpacks to {whole // 2**20} MB in {len(parts)} parts, too much for a document: give its parts",
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
