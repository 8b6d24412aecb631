"""A shapes graph in memory: look-ups by subject and predicate, and RDF lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse

from shacl.errors import ShapesError
from shacl.terms import FIRST, NIL, REST, TYPE, Node, Term, name_of

SUFFIXES = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".jsonld": RdfFormat.JSON_LD,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
}


class ShapesGraph:
    """The triples of one or more shapes files, indexed; order of the files is kept, so everything is deterministic."""

    def __init__(self, triples: Iterable[Quad | Triple]) -> None:
        """Index the triples (graph names are of no meaning here)."""
        self._out: dict[Node, dict[NamedNode, list[Term]]] = {}
        self._subjects: dict[NamedNode, list[Node]] = defaultdict(list)
        self.triples: dict[Triple, None] = {}
        for given in triples:
            triple = given.triple if isinstance(given, Quad) else given
            if triple not in self.triples and isinstance(triple.subject, (NamedNode, BlankNode)):
                self.triples[triple] = None
                self._out.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple.object)
                self._subjects[triple.predicate].append(triple.subject)

    @classmethod
    def load(cls, paths: Iterable[Path]) -> ShapesGraph:
        """Read shapes files; a directory stands for all RDF files directly in it, in order of name."""
        return cls(quad for path in _files(paths) for quad in _quads(path))

    def __len__(self) -> int:
        return len(self.triples)

    def __contains__(self, node: Term) -> bool:
        return node in self._out

    def objects(self, subject: Term, predicate: NamedNode) -> list[Term]:
        """Every value of a property of a node."""
        if not isinstance(subject, (NamedNode, BlankNode)):
            return []
        return self._out.get(subject, {}).get(predicate, [])

    def predicates(self, subject: Node) -> list[NamedNode]:
        """The properties a node has."""
        return list(self._out.get(subject, {}))

    def pairs(self, predicate: NamedNode) -> Iterator[tuple[Node, Term]]:
        """Subject and object of every triple with that predicate."""
        for subject in dict.fromkeys(self._subjects.get(predicate, ())):
            for value in self._out[subject][predicate]:
                yield subject, value

    def instances(self, kind: NamedNode) -> list[Node]:
        """Nodes that are stated to be of a class."""
        return [node for node, value in self.pairs(TYPE) if value == kind]

    def items(self, head: Term) -> list[Term]:
        """The members of an RDF list."""
        found: list[Term] = []
        seen: set[Term] = set()
        while head != NIL:
            first, rest = self.objects(head, FIRST), self.objects(head, REST)
            if head in seen or len(first) != 1 or len(rest) != 1:
                raise ShapesError(f"{name_of(head)} is not a well-formed RDF list")
            seen.add(head)
            found.append(first[0])
            head = rest[0]
        return found


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(child for child in path.iterdir() if child.suffix in SUFFIXES)
        if not inside:
            raise ShapesError(f"{path}: no shapes file (*.ttl …) in this folder")
        yield from inside


def _quads(path: Path) -> Iterator[Quad]:
    if path.suffix not in SUFFIXES:
        raise ShapesError(f"{path}: not a shapes file; expected one of {', '.join(SUFFIXES)}")
    try:
        base = path.resolve().as_uri()
        yield from parse(path=str(path), format=SUFFIXES[path.suffix], base_iri=base, rename_blank_nodes=True)
    except SyntaxError as error:
        raise ShapesError(f"{path}:{error.lineno}: {error.msg}") from error
    except (OSError, ValueError) as error:
        raise ShapesError(f"{path}: {error}") from error
