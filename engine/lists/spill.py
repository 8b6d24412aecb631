"""JSON lines on disk, sorted into partitions by a key: all rows of one project meet in one, however many rows there are.

A partition fits in memory, and the partitions are the work that processes share.
"""

import zlib
from collections.abc import Iterable, Iterator
from io import BufferedWriter
from pathlib import Path
from typing import TypeVar

import msgspec

from loaders.tables.entry import Entry

T = TypeVar("T")
PARTITIONS = 128
"""Of a million rows each holds some 10 MB."""
_encoded = msgspec.json.Encoder().encode


def partition_of(key: str) -> int:
    """The partition of a key; the same on every machine."""
    return zlib.crc32(key.encode()) % PARTITIONS


def encode(rows: Iterable[tuple[str, object]]) -> dict[int, bytes]:
    """Rows with their keys as lines, by partition."""
    lines: dict[int, list[bytes]] = {}
    for key, row in rows:
        lines.setdefault(partition_of(key), []).append(_encoded(row))
    return {number: b"\n".join(texts) + b"\n" for number, texts in lines.items()}


class Spill:
    """A folder of partitions being written or read; it is made when first written to."""

    def __init__(self, folder: Path) -> None:
        """Name the folder."""
        self.folder = folder
        self._files: dict[int, BufferedWriter] = {}

    def append(self, blobs: dict[int, bytes]) -> None:
        """Add encoded rows to their partitions."""
        for number, blob in blobs.items():
            if number not in self._files:
                self.folder.mkdir(parents=True, exist_ok=True)
                self._files[number] = self._path(number).open("ab")
            self._files[number].write(blob)

    def close(self) -> None:
        """Write what is still held."""
        while self._files:
            self._files.popitem()[1].close()

    def rows(self, number: int, form: type[T]) -> Iterator[T]:
        """The rows of a partition, in the order they were added."""
        if self._path(number).exists():
            with self._path(number).open("rb") as file:
                yield from map(msgspec.json.Decoder(form).decode, file)

    def entries(self, number: int) -> Iterator[Entry]:
        """The rows of a partition as entries."""
        return self.rows(number, Entry)

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:04d}.jsonl"
