"""A text file as decoded lines: read once to learn its bytes, then streamed; a file that changes meanwhile is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from loaders.errors import SourceError
from loaders.tables.encoding import Detector, Encoding

LINE_LIMIT = 4 * 2**20
"""Bytes of the longest line that is still text of a table."""
_BLOCK = 2**20
_MAGIC = (
    (b"PK\x03\x04", "a zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook: save it as .xlsx or .csv"),
    (b"%PDF", "a PDF, no table file"),
    (b"\x1f\x8b", "compressed: unpack it first"),
)


@dataclass(frozen=True, slots=True)
class TextFile:
    """What one pass over the bytes of a text file tells."""

    path: Path
    identifier: str
    size: int
    mtime_ns: int
    sha256: str
    encoding: Encoding
    newline: bytes
    quotes: int

    def lines(self) -> Iterator[str]:
        """Decoded lines without their line ends, in order; raises SourceError if the file is not the one that was scanned."""
        with self.path.open("rb") as file:
            file.seek(self.encoding.bom)
            number = 1
            for raw in _raw_lines(file, self.size - self.encoding.bom, self.newline, self.encoding.name):
                if len(raw) > LINE_LIMIT:
                    raise SourceError(self.identifier, f"the line is longer than {LINE_LIMIT:,} bytes", number)
                line = self.encoding.decode(raw).rstrip("\r\n")
                # line ends of other kinds among those that most lines have
                parts = line.replace("\r", "\n").split("\n") if "\r" in line or "\n" in line else [line]
                yield from parts
                number += len(parts)
        self.check()

    def check(self) -> None:
        """Raise SourceError if the file is no longer the one that was scanned."""
        try:
            now = self.path.stat()
        except FileNotFoundError:
            raise SourceError(self.identifier, "the file was removed while it was read") from None
        if (now.st_size, now.st_mtime_ns) != (self.size, self.mtime_ns):
            raise SourceError(self.identifier, "the file changed while it was read: load it again when it is complete")


def _raw_lines(file: BinaryIO, size: int, newline: bytes, encoding: str) -> Iterator[bytes]:
    """Lines as bytes, no more than the file had when it was scanned; a line too long comes cut, one byte over the limit."""
    if encoding.startswith("utf-16") or newline != b"\n":
        yield from _split_lines(file, size, newline, encoding)
        return
    while size > 0:
        raw = file.readline(min(size, LINE_LIMIT + 1))
        if not raw:
            return
        size -= len(raw)
        yield raw


def _split_lines(file: BinaryIO, size: int, newline: bytes, encoding: str) -> Iterator[bytes]:
    wide = encoding.startswith("utf-16")
    separator = newline.decode("ascii").encode(encoding) if wide else newline
    rest = b""
    while size > 0 and (block := file.read(min(size, _BLOCK))):
        size -= len(block)
        *complete, rest = _split(rest + block, separator, 2 if wide else 1)
        yield from complete
        if len(rest) > LINE_LIMIT:
            yield rest
            return
    if rest:
        yield rest


def _split(data: bytes, separator: bytes, width: int) -> list[bytes]:
    """Split at a separator that begins at a multiple of the width of a character."""
    if width == 1:
        return data.split(separator)
    parts, start, at = [], 0, data.find(separator)
    while at >= 0:
        if at % width == 0:
            parts.append(data[start:at])
            start = at + width
        at = data.find(separator, at + 1)
    return [*parts, data[start:]]


def scan(path: Path, identifier: str) -> TextFile:
    """Read a file once: hash, size, encoding, line ends; SourceError for what is not text."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        before = path.stat()
        head = file.read(4096)
        _refuse_binary(head, identifier)
        detector, quotes = Detector(head), 0
        newline = b"\r" if b"\r" in head and b"\n" not in head else b"\n"
        file.seek(0)
        rest, size = b"", before.st_size
        while size > 0 and (block := file.read(min(size, _BLOCK))):
            size -= len(block)
            digest.update(block)
            quotes += block.count(b'"')
            if detector.wide or (block.isascii() and rest.isascii()):
                rest = b""
                continue
            *lines, rest = (rest + block).split(newline)
            for line in lines:
                if not line.isascii():
                    detector.feed(line)
            rest = rest if len(rest) <= LINE_LIMIT else b""
        if rest and not rest.isascii():
            detector.feed(rest)
    return TextFile(
        path, identifier, before.st_size, before.st_mtime_ns, digest.hexdigest(), detector.result(), newline, quotes
    )


def _refuse_binary(head: bytes, identifier: str) -> None:
    if not head.strip():
        raise SourceError(identifier, "the file is empty")
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise SourceError(identifier, f"is {what}")
    if b"\0" in head and Detector(head).wide is None:
        raise SourceError(identifier, "is a binary file, not a table")
