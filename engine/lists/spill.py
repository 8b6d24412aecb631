"""JSON lines on disk, sorted into partitions by a key: all rows of one project meet in one, however many rows there are.

A partition fits in memory, and the partitions are the work that processes share.
"""

import json
import zlib
from collections.abc import Iterable, Iterator
from io import BufferedWriter
from pathlib import Path
from typing import Any

from loaders.tables.entry import Amount, Entry

PARTITIONS = 128
"""Of a million rows each holds some 10 MB."""
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def partition_of(key: str) -> int:
    """The partition of a key; the same on every machine."""
    return zlib.crc32(key.encode()) % PARTITIONS


def encode(rows: Iterable[tuple[str, object]]) -> dict[int, bytes]:
    """Rows with their keys as lines, by partition."""
    lines: dict[int, list[str]] = {}
    for key, row in rows:
        lines.setdefault(partition_of(key), []).append(_ENCODER.encode(row))
    return {number: ("\n".join(texts) + "\n").encode() for number, texts in lines.items()}


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

    def rows(self, number: int) -> Iterator[Any]:
        """The rows of a partition, in the order they were added."""
        if self._path(number).exists():
            with self._path(number).open("rb") as file:
                yield from map(json.loads, file)

    def entries(self, number: int) -> Iterator[Entry]:
        """The rows of a partition as entries."""
        for data in self.rows(number):
            data[9] = tuple(Amount(*amount) for amount in data[9])
            yield Entry(*data)

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:04d}.jsonl"
