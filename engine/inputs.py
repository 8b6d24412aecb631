"""The inputs of a build: shipped sources, the user's documents and lists, and the user's RDF."""

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from loaders import sources
from loaders.data import require_file
from loaders.errors import SourceError, UserError
from loaders.rdf.terms import BASE, digest
from loaders.tables import metadata
from shacl.terms import read_file

SUFFIXES = (".txt", ".html", ".htm", ".docx", ".pptx", ".pdf")
"""Kinds of document, the one that keeps most of a document's own line numbers first."""
TABLES = (".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".xlsb", ".ods", ".xls")
"""Kinds of list: rows, not pages."""

RDF = (".ttl", ".nt", ".nq", ".trig", ".jsonld")
"""Kinds of RDF that a user may put beside the documents."""
_LONGEST = 200
"""Bytes of a document's id: with its suffixes it is a file's name."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read and the document id it gets."""

    path: Path
    identifier: str


def is_table(path: Path) -> bool:
    """Whether a file's suffix says that it is a list of rows."""
    return path.suffix.lower() in TABLES


def shipped() -> list[InputFile]:
    """The excerpts that come with the program; raises SourceError if the installation holds none."""
    documents = given(sources.shipped())
    if not documents:
        raise SourceError(
            "sources", "the excerpts are missing from this installation: reinstall teemagraafi, or name FILEs"
        )
    return documents


def given(paths: list[Path]) -> list[InputFile]:
    """Give each file a document id: that of a known source, else the stem of the file name.

    Files with the same stem get their suffix or hash as well. Files with the same content are read once. The ids do not depend
    on the order of the files.
    """
    paths = [one for path in paths for one in (metadata.tables_of(path) if metadata.is_metadata(path) else [path])]
    ordered = sorted(set(paths), key=lambda path: (path.name, path), reverse=True)
    by_name: dict[str, list[tuple[Path, str]]] = defaultdict(list)
    for hashed, path in {_digest(path): path for path in ordered}.items():
        known = sources.by_hash(hashed)
        by_name[known.id if known else _id_of(path.stem, hashed)].append((path, hashed))
    documents = []
    for name, files in by_name.items():
        suffixes = [path.suffix for path, _ in files]
        for path, hashed in files:
            mark = path.suffix[1:] if suffixes.count(path.suffix) == 1 else hashed[:8]
            documents.append(InputFile(path, name if len(files) == 1 else f"{name}-{mark}"))
    return sorted(documents, key=lambda g: (g.identifier, str(g.path)))


def _id_of(stem: str, hashed: str) -> str:
    """Make a document id from a file stem: only characters that fit IRIs, file names and terminals, at most 200 bytes."""
    plain = "".join(sign if sign.isprintable() and sign not in '<>"{}|^`\\[]#?%' else "-" for sign in stem)
    if len(plain.encode()) <= _LONGEST:
        return plain
    return f"{plain.encode()[: _LONGEST - 9].decode(errors='ignore')}-{hashed[:8]}"


def originals(directory: Path) -> list[InputFile]:
    """List every document of a directory, and the excerpt of each shipped source whose original is not there.

    A source that is there in several formats is read once, in the format that comes first in SUFFIXES.
    """
    if not directory.is_dir():
        raise SourceError(str(directory), "is not a directory; name the one that holds the documents")
    try:
        files = sorted(p for p in directory.iterdir() if p.suffix.lower() in (*SUFFIXES, *TABLES) and p.is_file())
    except OSError as error:
        raise SourceError(str(directory), f"cannot be read ({error.strerror})") from error
    if not files:
        raise SourceError(
            str(directory), f"holds no {', '.join(SUFFIXES)} file; name the directory the documents lie in"
        )
    best: dict[str, Path] = {}
    others: list[Path] = []
    for path in sorted(files, key=lambda p: ((*SUFFIXES, *TABLES).index(p.suffix.lower()), p)):
        known = sources.by_hash(_digest(path))
        if known is None:
            others.append(path)
        else:
            best.setdefault(known.id, path)
    excerpts = [g for g in shipped() if g.identifier not in best]
    return given([*best.values(), *others, *(g.path for g in excerpts)])


def _digest(path: Path) -> str:
    require_file(path)
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SourceError(str(path), f"cannot be read ({error.strerror})") from error


_IRI = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+$")


def is_rdf(path: Path) -> bool:
    """Whether a file's suffix says that it is RDF."""
    return path.suffix.lower() in RDF


def read_rdf(path: Path, graph: str) -> list[str]:
    """The file's triples as N-Quads lines of one graph, sorted; blank nodes are named after the file and graph.

    Raises SourceError for a file that does not parse, UsageError for a graph that is no absolute IRI or one of ours.
    """
    if not _IRI.match(graph) or graph.startswith(BASE):
        raise UserError(f"--graph takes an absolute IRI outside {BASE}, not {graph!r}")
    require_file(path)
    name, prefix = ox.NamedNode(graph), "b" + digest(graph, path.name)[:12]
    try:
        quads = list(read_file(path, base=graph))
    except ValueError as error:
        at, _, message = str(error).removeprefix(str(path)).partition(": ")
        fault = "is not valid RDF: " if isinstance(error.__cause__, SyntaxError) else ""
        raise SourceError(f"{path}{at}", f"{fault}{message}") from error
    return sorted({f"{_named(q.subject, prefix)} {q.predicate} {_named(q.object, prefix)} {name} .\n" for q in quads})


def _named(term: object, prefix: str) -> str:
    return f"_:{prefix}{term.value}" if isinstance(term, ox.BlankNode) else str(term)
