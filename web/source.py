"""What a server reads: the public copy of a store, or somebody's SPARQL endpoint.

The copy is the database without the graphs of contact persons. It shares the database's files (hard links where the file
system has them), so it takes little room and time. No query can reach what is not in it, whatever graphs the query names.
"""

import hashlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from engine.query.backends import Backend, Endpoint, LocalStore
from engine.store import StoreError, Version
from loaders.rdf.terms import is_private

FRESH = 60.0
"""Seconds for which an endpoint's answers are remembered."""


@dataclass(slots=True)
class Generation:
    """One version of the store as the pool serves it."""

    version: Version
    data: Path | str
    """The database, or an endpoint's address."""
    resources: ExitStack
    """What to let go of when no worker has this version open any more."""
    alive: int = 0
    index: Path | None = None
    """The search index, once it was asked for."""
    _name: str = field(init=False)

    def __post_init__(self) -> None:
        """Name the version by its place and its manifest."""
        manifest = self.version.path / "manifest.json"
        changed = 0 if isinstance(self.data, str) else manifest.stat().st_mtime_ns
        self._name = hashlib.sha256(f"{self.version.path.resolve()} {changed}".encode()).hexdigest()[:12]

    @property
    def tag(self) -> str:
        """Differs between versions, and between minutes of an endpoint; a part of every ETag."""
        return f"{self._name}-{time.time() // FRESH:.0f}" if isinstance(self.data, str) else self._name


@contextmanager
def public(version: Version, with_contacts: bool = False) -> Iterator[Path]:
    """A directory to open read-only while the block runs: the version's own where it names no persons, else a copy."""
    try:
        private = [] if with_contacts else _private(ox.Store.read_only(str(version.data)))
    except (OSError, RuntimeError) as error:
        raise StoreError(
            f"{version.path}: the database is damaged ({error}); build it again with: teemagraafi build"
        ) from None
    if not private:
        yield version.data
        return
    folder = _folder(version)
    try:
        yield _copy(version, folder, private)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _private(store: ox.Store) -> list[ox.NamedNode]:
    return [g for g in store.named_graphs() if isinstance(g, ox.NamedNode) and is_private(g.value)]


def _folder(version: Version) -> Path:
    """A folder beside the database, on the same file system; elsewhere where nothing can be written there."""
    try:
        return Path(tempfile.mkdtemp(prefix="serve-", dir=version.path))
    except OSError:
        return Path(tempfile.mkdtemp(prefix="teemagraafi-serve-"))


def _copy(version: Version, folder: Path, private: list[ox.NamedNode]) -> Path:
    target = folder / "data"
    try:
        ox.Store.read_only(str(version.data)).backup(str(target))
        copy = ox.Store(str(target))
        for graph in private:
            copy.remove_graph(graph)
        copy.optimize()
        copy.flush()
    except (OSError, RuntimeError) as error:
        raise StoreError(f"{folder}: cannot write the copy without contact persons ({error})") from None
    if _private(copy):
        raise StoreError(f"{folder}: the copy still holds contact persons")
    return target


Source = ox.Store | Endpoint
"""What a worker answers from."""


def backend(source: Source) -> Backend:
    """A source as stored queries ask it."""
    return LocalStore(source) if isinstance(source, ox.Store) else source
