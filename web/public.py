"""The graph as the public may see it: a copy of the database without the graphs of contact persons.

The copy shares the database's files (hard links where the file system has them), so it takes no room and no time to speak of.
What is not in it cannot be reached by any query, whatever graphs the query names.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from engine.output.export import is_private
from engine.store import StoreError, Version


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
