"""A text file as decoded lines: read once to learn its bytes, then streamed; a file that changes meanwhile is refused."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

from loaders.errors import SourceError
from loaders.tables.encoding import Detector, Encoding

LINE_LIMIT = 4 * 2**20
"""Characters of the longest line that is still text of a table."""
_BLOCK = 2**20
_MAGIC = (
    (b"PK\x03\x04", "a zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook: save it as .xlsx or .csv"),
    (b"%PDF", "a PDF, no table file"),
    (b"\x1f\x8b", "compressed: unpack it first"),
)


@dataclass(frozen=True, slots=True)
class TextFile:
    """The facts of a text file that one pass over its bytes gives."""

    path: Path
    identifier: str
    size: int
    mtime_ns: int
    sha256: str
    encoding: Encoding
    quotes: int

    def lines(self) -> Iterator[str]:
        """Decoded lines without their line ends, in order; raises SourceError if the file is not the one that was scanned."""
        with self.path.open("rb") as file:
            file.seek(self.encoding.bom)
            text = TextIOWrapper(file, self.encoding.name, self.encoding.errors)
            number = 0
            while line := text.readline(LINE_LIMIT + 1):
                number += 1
                if len(line) > LINE_LIMIT:
                    raise SourceError(self.identifier, f"the line is longer than {LINE_LIMIT:,} characters", number)
                yield line.removesuffix("\n")
        self.check()

    def check(self) -> None:
        """Raise SourceError if the file is no longer the one that was scanned."""
        try:
            now = self.path.stat()
        except FileNotFoundError:
            raise SourceError(self.identifier, "the file was removed while it was read") from None
        if (now.st_size, now.st_mtime_ns) != (self.size, self.mtime_ns):
            raise SourceError(self.identifier, "the file changed while it was read: load it again when it is complete")


def scan(path: Path, identifier: str) -> TextFile:
    """Read a file once: hash, size, encoding; SourceError for what is not text."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        before = path.stat()
        head = file.read(4096)
        _refuse_binary(head, identifier)
        detector, quotes, rest = Detector(head), 0, b""
        file.seek(0)
        while block := file.read(_BLOCK):
            digest.update(block)
            quotes += block.count(b'"')
            if not detector.wide and not (block.isascii() and rest.isascii()):
                *lines, rest = (rest + block).splitlines(keepends=True)
                for line in lines:
                    detector.feed(line)
                rest = rest if len(rest) <= LINE_LIMIT else b""
        detector.feed(rest)
    return TextFile(path, identifier, before.st_size, before.st_mtime_ns, digest.hexdigest(), detector.result(), quotes)


def _refuse_binary(head: bytes, identifier: str) -> None:
    if not head.strip():
        raise SourceError(identifier, "the file is empty")
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise SourceError(identifier, f"is {what}")
    if b"\0" in head and Detector(head).wide is None:
        raise SourceError(identifier, "is a binary file, not a table")
