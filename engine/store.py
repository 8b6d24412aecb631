"""The store on disk: versions in a directory, one of them current, replaced as a whole.

``STORE/CURRENT`` names the current version's directory; it is replaced in one step, so that a reader sees the old or the new
graph and never half of one. A version holds the Oxigraph database (``data/``), what was extracted from each document
(``extracted/``), what was left out (``coverage/``) and a manifest.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import io
import itertools
import json
import os
import re
import shutil
import tomllib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol, TypeVar, cast

import msgspec
import pyoxigraph as ox

from loaders.data import preferred
from loaders.errors import UserError
from loaders.rdf.terms import CONTACT_PASSAGE, CONTACTS_GRAPH, DCT, ID, PASSAGE, PREFIXES, RDFS, SKOS, TG

T = TypeVar("T")
FORMAT = 2
"""Raised when a store written before can no longer be read as it is."""

_POINTER, _LOCK, _MANIFEST = "CURRENT", "LOCK", "manifest.json"


class StoreError(UserError):
    """The store is missing, locked, damaged or of another version; the message says what to do."""


class _Inside:
    """The path of a version's folder of this name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, version: Version, owner: type[Version] | None = None) -> Path:
        return version.path / self.name


@dataclass(frozen=True, slots=True)
class Version:
    """One complete version of a store."""

    path: Path
    manifest: dict[str, Any] = field(default_factory=dict)

    data = _Inside("data")
    """The Oxigraph database."""
    extracted = _Inside("extracted")
    """N-Quads of each document as its loader read it, before fusion."""
    coverage = _Inside("coverage")
    """One coverage report a document, as JSON."""
    lists = _Inside("lists")
    """Rows of lists as they were read, for a later load to start from."""
    rows = _Inside("rows")
    """One report a list of the rows that are not in the graph."""
    foreign = _Inside("foreign")
    """Users' own graphs, as they were given."""


def current(store: Path) -> Version:
    """The current version of a store; StoreError if there is none or another version of the program wrote it."""
    pointer = store / _POINTER
    try:
        name = pointer.read_text(encoding="utf-8").strip()
        manifest = json.loads((store / name / _MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StoreError(f"{store}: there is no graph here; make one with: teemagraafi build --store {store}") from None
    except NotADirectoryError:
        raise StoreError(f"{store}: is a file, not a store; name another place with --store") from None
    except (OSError, ValueError) as error:
        raise StoreError(
            f"{store}: the store cannot be read ({error}); build it again with: teemagraafi build --store {store}"
        ) from None
    if manifest.get("format") != FORMAT:
        raise StoreError(
            f"{store}: was written by another version (format {manifest.get('format')}, this program reads {FORMAT}); "
            f"build it again with: teemagraafi build --store {store}"
        )
    return Version(store / name, manifest)


def open_store(store: Path) -> ox.Store:
    """The current version's graph, read-only."""
    version = current(store)
    try:
        return ox.Store.read_only(str(version.data))
    except (OSError, RuntimeError) as error:
        raise StoreError(
            f"{store}: the database is damaged ({error}); build it again with: teemagraafi build --store {store}"
        ) from None


class Queried(Protocol):
    """A store, or what answers queries in its place."""

    def query(self, query: str, /) -> object:
        """The answer to a query."""


@lru_cache(maxsize=256)
def declare_prefixes(query: str) -> str:
    """A query with the prefixes that it uses and does not declare, on its first line: the lines keep their numbers."""
    own = {m[1] for m in re.finditer(r"(?i)\bPREFIX\s+([\w-]*):", query)}
    missing = (p for p in PREFIXES if p not in own and re.search(rf"(?<![\w<:/-]){p}:", query))
    return "".join(f"PREFIX {p}: <{PREFIXES[p]}> " for p in missing) + query


@cache
def sparql(section: str) -> Mapping[str, str]:
    """The queries of one section of ``sparql.toml``, by name."""
    text = Path(__file__).with_name("sparql.toml").read_text(encoding="utf-8").replace("?called", CALLED)
    return cast("Mapping[str, str]", tomllib.loads(text)[section])


def filled(query: str, **terms: object) -> str:
    """A query with its prefixes declared, and terms or pieces of SPARQL without prefixes in the place of variables."""
    text = declare_prefixes(query)
    for name, term in terms.items():
        text = re.sub(rf"\?{name}\b", str(term).replace("\\", r"\\"), text)
    return text


def select(store: Queried, query: str, **terms: object) -> ox.QuerySolutions:
    """The rows of a SELECT, whose prefixes need not be declared; each of ``terms`` takes the place of a variable.

    ``select(store, "SELECT ?p ?o { ?thing ?p ?o }", thing=node)`` gives what is said of a node.
    """
    rows = store.query(filled(query, **terms))
    assert isinstance(rows, ox.QuerySolutions), "a SELECT gives rows"
    return rows


def records(store: Queried, query: str, shape: type[T], **terms: object) -> list[T]:
    """The rows of :func:`select` as instances of a class whose fields are the variables; an unbound one has its default."""
    rows = select(store, query, **terms)
    names = [variable.value for variable in rows.variables]
    values = ({name: row[name].value for name in names if row[name] is not None} for row in rows)
    return [msgspec.convert(one, shape, strict=False) for one in values]


NAMES = (ox.NamedNode(f"{RDFS}label"), ox.NamedNode(f"{SKOS}prefLabel"), ox.NamedNode(f"{DCT}title"))
"""The properties that name a thing, the best first."""
CALLED = "rdfs:label skos:prefLabel skos:altLabel skos:notation dct:title tg:acronym tg:projectCode tg:groupCode"
"""The properties of every name, code or acronym by which a person may ask for a thing."""


def names_of(
    store: ox.Store,
    node: ox.NamedNode | ox.BlankNode,
    properties: Iterable[ox.NamedNode] = NAMES,
    graphs: Sequence[ox.DefaultGraph | None] = (ox.DefaultGraph(),),
) -> dict[str, str]:
    """The names of a thing by language (``""`` for a name without one); names of earlier properties win.

    Each property is read from the first of ``graphs`` that has a text of it; None means all graphs.
    """
    names: dict[str, str] = {}
    for predicate in properties:
        for graph in graphs:
            quads = store.quads_for_pattern(node, predicate, None, graph)
            if texts := {quad.object for quad in quads if isinstance(quad.object, ox.Literal)}:
                for text in sorted(texts, key=str):
                    names.setdefault(text.language or "", text.value)
                break
    return names


def name_in(names: Mapping[str, str], lang: str) -> str | None:
    """Choose the name to show to a reader of ``lang`` from names by language; None if there is none to choose."""
    return next((names[tag] for tag in preferred(lang) if tag in names), None)


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a passage in its document; a place without lines is the document as a whole."""

    document: str
    lineStart: int | None = None
    lineEnd: int | None = None
    page: int | None = None
    words: str = ""
    row: int | None = None
    private: bool = False
    """Whether the words name or address a person."""

    @property
    def order(self) -> tuple[str, int, int, str]:
        """Documents by id, then lines."""
        return (self.document, self.lineStart or 0, self.lineEnd or 0, self.words)

    def __str__(self) -> str:
        """``toteutuskatsaus-2024-10, p. 3, lines 38-40``."""
        lines = f"line {self.lineStart}" if self.lineStart == self.lineEnd else f"lines {self.lineStart}-{self.lineEnd}"
        where = f"row {self.row}" if self.row is not None else lines
        return ", ".join(filter(None, [self.document, f"p. {self.page}" if self.page is not None else "", where]))


VIEWS = ox.DefaultGraph(), ox.NamedNode(CONTACTS_GRAPH[1:-1])
"""The current view, and the graph of contact persons beside it."""


def place_of(store: ox.Store, passage: ox.NamedNode) -> Place | None:
    """The place of a passage in its document; None for an IRI that is not a passage.

    Only the current view (or the graph of contacts) is read, because a user's own graph may say anything of a passage.
    """
    private = passage.value.startswith(CONTACT_PASSAGE)
    if not private and not passage.value.startswith(PASSAGE):
        return None
    quads = store.quads_for_pattern(passage, None, None, VIEWS[private])
    known = {q.predicate.value.removeprefix(TG): str(getattr(q.object, "value", "")) for q in quads}
    if "inDocument" not in known:
        return None
    first, last, page, row = (
        int(known[name]) if known.get(name, "").isdigit() else None for name in ("lineStart", "lineEnd", "page", "row")
    )
    document = known["inDocument"].removeprefix(f"{ID}document/")
    return Place(document, first, last, page, known.get("verbatim", ""), row, private)


def distinct(places: Iterable[Place]) -> list[Place]:
    """Sort places; if one passage contains another at the same lines, keep the longer one."""
    longest: list[Place] = []
    for place in sorted(places, key=lambda p: -len(p.words)):
        if not any(str(place) == str(other) and place.words in other.words for other in longest):
            longest.append(place)
    return sorted(longest, key=lambda place: place.order)


def verify(version: Version) -> Version:
    """Return the version if the files beside its database are as they were written; StoreError if one is lost or changed."""
    for name, digest in version.manifest.get("files", {}).items():
        path = version.path / name
        if not path.is_file() or _digest(path) != digest:
            store = version.path.parent
            state = "is damaged" if path.is_file() else "is missing"
            raise StoreError(f"{store}: {name} {state}; build it again with: teemagraafi build --store {store}")
    return version


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def _locked(store: Path) -> Iterator[None]:
    """Take the store's lock: one writer at a time over all processes. The lock is released when the process ends."""
    with (store / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(
                f"{store}: another process is writing this store; try again when it has finished"
            ) from None
        yield


@contextlib.contextmanager
def replacing(store: Path) -> Iterator[Version]:
    """A new, empty version to fill. It becomes the current one when the block ends well, and vanishes when it does not."""
    if store.exists() and not store.is_dir():
        raise StoreError(f"{store}: is a file, not a store; name another place with --store")
    if store.is_dir() and any(store.iterdir()) and not (store / _POINTER).exists() and not (store / _LOCK).exists():
        raise StoreError(f"{store}: is a directory with other things in it; name another place with --store")
    try:
        store.mkdir(parents=True, exist_ok=True)
        with _locked(store):
            new = _fresh(store)
            try:
                yield new
                _publish(store, new)
            except BaseException:
                shutil.rmtree(new.path, ignore_errors=True)
                raise
            # the version before stays: a reader that has just opened it may still need it
            for old in [path for path in _versions(store) if path.name != new.path.name][:-1]:
                shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise StoreError(
            f"{store}: cannot write the store ({error.strerror or error}); the old one is as it was"
        ) from error


def _versions(store: Path) -> list[Path]:
    return sorted(p for p in store.iterdir() if p.is_dir() and p.name.startswith("v") and p.name[1:].isdigit())


def _fresh(store: Path) -> Version:
    pointer = store / _POINTER
    live = pointer.read_text(encoding="utf-8").strip() if pointer.exists() else ""
    for leftover in _versions(store):
        # what a killed build left behind; the lock says that nobody works on it
        if leftover.name > live:
            shutil.rmtree(leftover, ignore_errors=True)
    number = max([int(p.name[1:]) for p in _versions(store)], default=0) + 1
    version = Version(store / f"v{number:06d}")
    for folder in (version.path, version.extracted, version.coverage):
        folder.mkdir()
    return version


def _publish(store: Path, version: Version) -> None:
    folders = (version.extracted, version.coverage, version.foreign)
    files = sorted(path for folder in folders if folder.is_dir() for path in folder.iterdir())
    digests = {path.relative_to(version.path).as_posix(): _digest(path) for path in files}
    manifest = {"format": FORMAT, **version.manifest, "files": digests}
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    (version.path / _MANIFEST).write_text(text, encoding="utf-8")
    beside = store / f"{_POINTER}.new"
    with beside.open("w", encoding="utf-8") as pointer:
        pointer.write(version.path.name)
        pointer.flush()
        os.fsync(pointer.fileno())
    beside.replace(store / _POINTER)


class _Joined(io.RawIOBase):
    """The bytes of files one after the other; a file that was read is removed."""

    def __init__(self, paths: Iterator[Path]) -> None:
        super().__init__()
        self._paths = paths
        self._open: tuple[Path, BinaryIO] | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while True:
            if self._open is None:
                if (path := next(self._paths, None)) is None:
                    return b""
                self._open = path, path.open("rb")
            if data := self._open[1].read(size):
                return data
            self._open[1].close()
            self._open[0].unlink()
            self._open = None


def _ahead(paths: Iterator[Path], count: int = 16) -> Iterator[Path]:
    """The same paths; the next ones are made in a thread, so that the processes that write them work while a batch is loaded."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as thread:
        coming = deque(thread.submit(next, paths, None) for _ in range(count))
        while (path := coming.popleft().result()) is not None:
            coming.append(thread.submit(next, paths, None))
            yield path


def write_quads(version: Version, lines: Iterable[str], parts: Callable[[], Iterable[Path]] | None = None) -> ox.Store:
    """Fill a version's database from N-Quads lines, and further files of them, by the engine's bulk loader.

    The loader sorts batches of a million quads. It is given all lines in one run, since it merges at the end of each; what it
    leaves of a long list is merged here, else each look-up would ask all batches. The lines are our own, so the engine does
    not check their IRIs and language tags again. The files are removed.
    """
    source = version.path / "dataset.nq"
    with source.open("w", encoding="utf-8") as out:
        out.writelines(lines)
    further = iter(parts()) if parts is not None else iter(())
    # the processes that write parts start with the first of them, and as forks only before the engine has its threads
    first = list(itertools.islice(further, 1))
    database = ox.Store(str(version.data))
    if parts is None:
        database.bulk_load(path=str(source), format=ox.RdfFormat.N_QUADS, lenient=True)
        source.unlink()
    else:
        with _Joined(itertools.chain([source], first, _ahead(further))) as joined:
            database.bulk_load(input=cast("IO[bytes]", joined), format=ox.RdfFormat.N_QUADS, lenient=True)
        database.optimize()
    database.flush()
    return database
