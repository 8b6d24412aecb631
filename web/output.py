"""Where a worker writes an answer: memory while it is small, then a file; counted, and stopped at the limits."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from web import formats
from web.errors import LimitError

INLINE = 256 * 1024
"""An answer up to this many bytes goes back through the socket, a larger one through a file."""

_MARKS = {
    formats.JSON: b'},{"',
    formats.XML: b"<result>",
    formats.CSV: b"\r\n",
    formats.TSV: b"\n",
    formats.NTRIPLES: b" .\n",
    formats.NQUADS: b" .\n",
}
"""Bytes that stand between two rows of a format and nowhere else (a CRLF within a CSV value counts as a row)."""

_LEAST = {formats.JSON: 32, formats.XML: 16, formats.NTRIPLES: 12, formats.NQUADS: 12}
"""Fewer bytes than any row of a format that is counted: below so many times the limit nothing needs to be counted."""


class Meter(io.RawIOBase):
    """A file to write an answer to."""

    def __init__(self, media: str, rows: int, size: int, folder: str) -> None:
        """End with LimitError above ``rows`` rows of ``media`` or ``size`` bytes; spill into ``folder``."""
        super().__init__()
        self._mark = _MARKS.get(media)
        self._rows, self._size, self._folder = rows, size, folder
        self._safe = rows * _LEAST.get(media, 1)
        self._tail, self._counting, self._discarded = b"", False, False
        self._memory = bytearray()
        self._file: io.BufferedWriter | None = None
        self.path: Path | None = None
        self.rows = self.size = 0

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        """Take a block of the answer; nothing more of one that was discarded."""
        length = len(data)
        if self._discarded:
            return length
        self.size += length
        if self.size > self._size:
            raise LimitError(f"the answer is larger than {self._size // 1_048_576} MB")
        if self._mark and self.size > self._safe:
            if not self._counting:
                self._counting = True
                for block in self._written():
                    self._count(block)
            self._count(bytes(data))
        if self._file is None and self.size > INLINE:
            self._spill()
        if self._file is None:
            self._memory += data
        else:
            self._file.write(data)
        return length

    def _written(self) -> Iterator[bytes]:
        """What was written so far."""
        if self._file is None or self.path is None:
            yield bytes(self._memory)
            return
        self._file.flush()
        with self.path.open("rb") as written:
            while block := written.read(INLINE):
                yield block

    def _count(self, block: bytes) -> None:
        mark = self._mark or b""
        reach = len(mark) - 1
        self.rows += block.count(mark)
        if reach:  # a mark may be cut in two by the blocks: look across the seam
            self.rows += (self._tail + block[:reach]).count(mark)
            self._tail = block[-reach:] if len(block) >= reach else (self._tail + block)[-reach:]
        if self.rows > self._rows:
            raise LimitError(f"the answer has more than {self._rows} rows")

    def _spill(self) -> None:
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=f"{os.getpid()}-")
        self.path = Path(name)
        self._file = os.fdopen(handle, "wb")
        self._file.write(self._memory)
        self._memory = bytearray()

    def finish(self) -> bytes:
        """End writing; the answer's bytes where it stayed in memory, else nothing: it is in ``path``."""
        if self._file is not None:
            self._file.close()
        return bytes(self._memory)

    def discard(self) -> None:
        """Forget what was written and what is still to come."""
        self._discarded = True
        if self._file is not None:
            self._file.close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)
