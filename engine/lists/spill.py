"""Entries on disk, sorted into partitions by the key of their project: all rows of one project meet in one partition.

However many rows there are, a partition fits in memory; and the partitions are the work that processes and machines share.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from io import BufferedWriter
from pathlib import Path
from typing import Any

from loaders.tables.entry import Amount, Entry

_PARTITION_BYTES = 4 * 2**20
MOST = 512
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def partitions_for(size: int) -> int:
    """How many partitions rows of this many bytes are sorted into."""
    return max(1, min(MOST, size // _PARTITION_BYTES))


def partition_of(key: str, partitions: int) -> int:
    """The partition of a key; the same on every machine."""
    return zlib.crc32(key.encode()) % partitions


def encode(entries: Iterable[Entry], partitions: int) -> dict[int, bytes]:
    """Entries as lines, by partition."""
    lines: dict[int, list[str]] = {}
    for entry in entries:
        lines.setdefault(partition_of(entry.key, partitions), []).append(_ENCODER.encode(entry))
    return {number: ("\n".join(found) + "\n").encode() for number, found in lines.items()}


def decode(line: bytes) -> Entry:
    """One entry of a partition."""
    data: list[Any] = json.loads(line)
    data[10] = tuple(Amount(*amount) for amount in data[10])
    return Entry(*data)


class Spill:
    """A folder of partitions being written or read."""

    def __init__(self, folder: Path, partitions: int) -> None:
        """Name the folder; it is made when first written to."""
        self.folder, self.partitions = folder, partitions
        self._files: dict[int, BufferedWriter] = {}

    def path(self, number: int) -> Path:
        """The file of a partition; it may not exist."""
        return self.folder / f"{number:04d}.jsonl"

    def append(self, blobs: dict[int, bytes]) -> None:
        """Add encoded entries to their partitions."""
        for number, blob in blobs.items():
            if number not in self._files:
                self.folder.mkdir(parents=True, exist_ok=True)
                self._files[number] = self.path(number).open("ab")
            self._files[number].write(blob)

    def close(self) -> None:
        """Write what is still held."""
        while self._files:
            self._files.popitem()[1].close()

    def entries(self, number: int) -> Iterator[Entry]:
        """The entries of a partition, in the order they were added."""
        if self.path(number).exists():
            with self.path(number).open("rb") as file:
                for line in file:
                    yield decode(line)
