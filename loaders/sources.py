"""The documents this project knows: ``sources/<id>.toml`` beside their excerpts; any of their files is told by its hash."""

import hashlib
from collections import Counter
from functools import cache
from pathlib import Path

from loaders.data import SourceFile, folder, read_toml
from loaders.records import Reading

SUFFIXES = (".pdf", ".html", ".txt")
"""Kinds of excerpt; of a source that has several the first one is read."""


class Source(SourceFile, forbid_unknown_fields=True, kw_only=True):
    """What is known of one document beside what stands in it: its file, and the excerpts beside that."""

    id: str

    @property
    def excerpts(self) -> tuple[Path, ...]:
        """The excerpts of the document, the one that is read first."""
        return tuple(path for suffix in SUFFIXES if (path := folder("sources") / f"{self.id}{suffix}").exists())


def all_sources() -> tuple[Source, ...]:
    """Every source of the project's own, in the order of their ids."""
    return _sources(folder("sources"))


@cache
def _sources(directory: Path) -> tuple[Source, ...]:
    paths = sorted(directory.glob("*.toml"))
    return tuple(read_toml(path, Source, lambda content, id=path.stem: {**content, "id": id}) for path in paths)  # type: ignore[misc]


def by_hash(sha256: str) -> Source | None:
    """The source a file belongs to, an original or an excerpt, by the SHA-256 of its bytes."""
    return _hashes(folder("sources")).get(sha256)


@cache
def _hashes(directory: Path) -> dict[str, Source]:
    known: dict[str, Source] = {}
    for source in _sources(directory):
        for path in source.excerpts:
            known[hashlib.sha256(path.read_bytes()).hexdigest()] = source
        known.update(dict.fromkeys(source.sha256.values(), source))
    return known


def shipped() -> list[Path]:
    """The excerpts that come with the program, one a source."""
    return [source.excerpts[0] for source in all_sources() if source.excerpts]


def counted(reading: Reading) -> dict[str, int]:
    """Kind of record → number, by the names that ``[expect]`` uses: ``themes``, ``projects``, …"""
    names = Counter(type(record).__name__.lower() for record in reading.records)
    return {"amounts" if name == "money" else f"{name}s": number for name, number in names.items()}


def unexpected(source: Source, reading: Reading, sha256: str) -> list[str]:
    """What of a reading is not as its source's ``[expect]`` says; an excerpt holds no contacts."""
    numbers = counted(reading)
    original = sha256 in source.sha256.values()
    return [
        f"{number} {kind} expected, {numbers.get(kind, 0)} read"
        for kind, number in source.expect.items()
        if numbers.get(kind, 0) != (number if original or kind != "contacts" else 0)
    ]
