"""A user's own RDF beside ours: it goes as it is into a named graph and stays there when documents are reloaded."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pyoxigraph as ox

from loaders.errors import SourceError
from loaders.rdf.terms import BASE, digest

_FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
_IRI = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+$")


def is_rdf(path: Path) -> bool:
    """Whether a file's suffix says that it is RDF."""
    return path.suffix.lower() in _FORMATS


def read(path: Path, graph: str) -> list[str]:
    """The file's triples as N-Quads lines of one graph, sorted; blank nodes are named after the file and graph.

    Raises SourceError for a file that does not parse, UsageError for a graph that is no absolute IRI or one of ours.
    """
    if not _IRI.match(graph) or graph.startswith(BASE):
        raise click.UsageError(f"--graph takes an absolute IRI outside {BASE}, not {graph!r}")
    name, prefix = ox.NamedNode(graph), "b" + digest(graph, path.name)[:12]
    try:
        with path.open("rb") as file:
            quads = list(ox.parse(file, format=_FORMATS[path.suffix.lower()], base_iri=graph))
    except SyntaxError as error:
        raise SourceError(str(path), f"is not valid RDF: {error.msg}", error.lineno) from error
    except (OSError, ValueError) as error:
        raise SourceError(str(path), f"cannot be read: {error}") from error
    return sorted({f"{_named(q.subject, prefix)} {q.predicate} {_named(q.object, prefix)} {name} .\n" for q in quads})


def _named(term: object, prefix: str) -> str:
    return f"_:{prefix}{term.value}" if isinstance(term, ox.BlankNode) else str(term)
