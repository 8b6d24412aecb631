"""What a server reads: the public copy of a store, or somebody's SPARQL endpoint.

The copy is the database without the graphs of contact persons. It shares the database's files (hard links where the file
system has them), so it takes little room and time. No query can reach what is not in it, whatever graphs the query names.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlencode

import pyoxigraph as ox

from engine.query.backends import Answer, Backend, Endpoint, LocalStore
from engine.store import StoreError, Version
from loaders.rdf.terms import VIEW, is_private

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Name = ox.NamedNode | ox.BlankNode | ox.DefaultGraph
_DEFAULT = ox.DefaultGraph()
FRESH = 60.0
"""Seconds for which an endpoint's answers are remembered."""
_REMEMBERED = 20_000
"""Answers of an endpoint that one process keeps."""


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


class Remote:
    """A SPARQL endpoint read as pages read a store; what it answered is remembered as long as this object lives.

    The current view is the endpoint's default graph; an engine whose default graph is the union of all is asked with
    ``?default-graph-uri=…/graph/current`` in its address. Contact persons are never read.
    """

    def __init__(self, url: str, timeout: float) -> None:
        """Read the endpoint at ``url``; an answer may take ``timeout`` seconds. QueryUsageError for no http address."""
        self.url, self.timeout = url, timeout
        self._answers: dict[str, list[ox.Quad]] = {}

    def query(
        self,
        text: str,
        *,
        base_iri: str | None = None,
        default_graph: Sequence[ox.NamedNode] = (),
        named_graph: Sequence[ox.NamedNode] = (),
    ) -> Answer:
        """The endpoint's own answer; QueryError where it gives none."""
        asked = [("default-graph-uri", g.value) for g in default_graph]
        asked += [("named-graph-uri", g.value) for g in named_graph]
        url = f"{self.url}{'&' if '?' in self.url else '?'}{urlencode(asked)}" if asked else self.url
        return Endpoint(url, self.timeout).query(text)

    def quads_for_pattern(
        self, subject: Term | None, predicate: Term | None, object: Term | None, graph: Name | None = None
    ) -> Iterator[ox.Quad]:
        """Statements that match; all of a subject are asked for at once."""
        if isinstance(subject, ox.BlankNode) or isinstance(object, ox.BlankNode):
            return iter(())  # a blank node has no name to ask by
        if subject is None:
            return iter(self._matching(None, predicate, object, graph))
        named = ("predicate", predicate), ("object", object), ("graph_name", graph)
        wanted = {name: term for name, term in named if term}
        quads = self._matching(subject, None, None, None)
        return (quad for quad in quads if all(getattr(quad, name) == term for name, term in wanted.items()))

    def _matching(
        self, subject: Term | None, predicate: Term | None, object: Term | None, graph: Name | None
    ) -> list[ox.Quad]:
        parts = [term or f"?{name}" for term, name in ((subject, "s"), (predicate, "p"), (object, "o"))]
        pattern = " ".join(map(str, parts))
        named = f"GRAPH {graph if isinstance(graph, ox.NamedNode) else '?g'} {{ {pattern} }}"
        where = pattern if graph == _DEFAULT else named if graph else f"{{ {pattern} }} UNION {{ {named} }}"
        text = f"SELECT * WHERE {{ {where} }}"
        if text not in self._answers:
            if len(self._answers) >= _REMEMBERED:
                self._answers.clear()
            found = self.query(text)
            assert isinstance(found, ox.QuerySolutions), "a SELECT query answers with rows"
            known: dict[str, Any] = {"s": subject, "p": predicate, "o": object, "g": graph or _DEFAULT}
            given = {variable.value for variable in found.variables}
            rows = ([(row[n] if n in given else None) or term for n, term in known.items()] for row in found)
            quads = [ox.Quad(*row) for row in rows]
            self._answers[text] = [q for q in quads if q.graph_name == _DEFAULT or _is_public(q.graph_name)]
        return self._answers[text]

    def __contains__(self, quad: ox.Quad) -> bool:
        return any(True for _ in self.quads_for_pattern(*quad))

    def contains_named_graph(self, graph: Name) -> bool:
        """Whether a graph holds anything anybody may see."""
        return isinstance(graph, ox.NamedNode) and _is_public(graph) and any(self._matching(None, None, None, graph))

    def named_graphs(self) -> Iterator[ox.NamedNode]:
        """The graphs that anybody may see."""
        found = self.query("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
        assert isinstance(found, ox.QuerySolutions), "a SELECT query answers with rows"
        return (row["g"] for row in found if isinstance(row["g"], ox.NamedNode) and _is_public(row["g"]))

    def dump(self, out: BinaryIO, *, format: ox.RdfFormat, from_graph: Name | None, prefixes: dict[str, str]) -> None:
        """Write a graph, or everything where ``from_graph`` is None."""
        quads: Iterable[ox.Quad] = self._matching(None, None, None, from_graph)
        ox.serialize((q.triple for q in quads) if from_graph else quads, out, format, prefixes=prefixes)


def _is_public(graph: Name) -> bool:
    return isinstance(graph, ox.NamedNode) and graph.value != VIEW and not is_private(graph.value)


Source = ox.Store | Remote
"""What a worker answers from."""


def backend(source: Source, timeout: float | None = None) -> Backend:
    """A source as stored queries ask it."""
    return LocalStore(source) if isinstance(source, ox.Store) else Endpoint(source.url, timeout)
