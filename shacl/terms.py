"""RDF and SHACL names, an indexed graph in memory, reading of RDF files, and property paths."""

from __future__ import annotations

import gzip
import re
import tomllib
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path as FilePath
from typing import IO, Any, cast
from urllib.parse import unquote, urlsplit

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from shacl.tokens import unknown_prefixes

Term = NamedNode | BlankNode | Literal | Triple
Node = NamedNode | BlankNode

SH = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"

TYPE = NamedNode(RDF + "type")
FIRST = NamedNode(RDF + "first")
REST = NamedNode(RDF + "rest")
NIL = NamedNode(RDF + "nil")
SUBCLASS_OF = NamedNode(RDFS + "subClassOf")
CLASS = NamedNode(RDFS + "Class")
IMPORTS = NamedNode("http://www.w3.org/2002/07/owl#imports")
NOTHING = NamedNode("urn:shacl:nothing")
"""A property that no data has."""

VOCABULARY: dict[str, dict[str, Any]] = tomllib.loads(
    FilePath(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8")
)
"""Usual prefixes, lexical forms and limits of datatypes; its comments say what each table is."""
STANDARD = {"rdf": RDF, "rdfs": RDFS, "owl": "http://www.w3.org/2002/07/owl#"}
"""Prefixes that need no ``sh:declare``: every engine binds them."""
USUAL: dict[str, str] = VOCABULARY["prefixes"]
"""Prefixes that engines bind when neither the query nor the shapes file declares them; the report says so."""
SUFFIXES = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".jsonld": RdfFormat.JSON_LD,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
}
PACKED = ".gz"
_WORDS = {
    "No LoadDocumentCallback has been set to load remote contexts": "its @context is an address, and nothing is "
    "fetched from the network: write the context into the file"
}
"""What to say instead of the parser's own words."""
REPEATS = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}


class ShapesError(Exception):
    """The shapes cannot be used: the run fails, as section 3.4 of the recommendation asks for; ``str()`` says why."""


class DataError(Exception):
    """The data cannot be read, or there is none; ``str()`` says why."""


class NotCovered(Exception):
    """A construct that no query can express; ``str()`` names it. pySHACL checks the shape instead."""


def sh(name: str) -> NamedNode:
    """The SHACL term with that local name."""
    return NamedNode(SH + name)


def component(name: str) -> NamedNode:
    """The constraint component of a parameter: ``minCount`` → ``sh:MinCountConstraintComponent``."""
    return NamedNode(f"{SH}{name[0].upper()}{name[1:]}ConstraintComponent")


def name_of(term: Term) -> str:
    """A term for people: an IRI without brackets, a literal's text, ``_:`` and the label of a blank node."""
    return term.value if isinstance(term, (NamedNode, Literal)) else str(term)


class Statements(list[Quad]):
    """The statements of files, their blank nodes named by their order, so that two runs report the same names."""

    def __init__(self, prefix: str = "") -> None:
        """``prefix`` keeps the names of two graphs apart; without one blank nodes keep their names."""
        super().__init__()
        self._prefix, self._count = prefix, 0
        self.literals: set[Literal] = set()
        """The literals among them, gathered in the same pass: for long files the passes are what takes time."""

    def add(self, statements: Iterable[Quad | Triple], graph: NamedNode | DefaultGraph | None = None) -> None:
        """Add the statements of one file, as those of ``graph`` where one is given."""
        names: dict[str, BlankNode] = {}

        def new(term: Term) -> Term:
            if not isinstance(term, BlankNode) or not self._prefix:
                return term
            if term.value not in names:
                self._count += 1
                names[term.value] = BlankNode(f"{self._prefix}{self._count}")
            return names[term.value]

        append, keep = self.append, self.literals.add
        for statement in cast("Iterable[Quad]", statements) if graph is None else _of_graph(statements, graph):
            value = statement.object
            if type(value) is Literal:
                keep(value)
            if type(value) is BlankNode or type(statement.subject) is BlankNode:
                subject, predicate = new(statement.subject), statement.predicate
                append(Quad(subject, predicate, new(value), statement.graph_name))  # type: ignore[arg-type]
            else:
                append(statement)


def _of_graph(statements: Iterable[Quad | Triple], graph: NamedNode | DefaultGraph) -> Iterator[Quad]:
    for one in statements:
        unchanged = isinstance(one, Quad) and one.graph_name == graph
        yield one if unchanged else Quad(one.subject, one.predicate, one.object, graph)  # type: ignore[misc]


def read_file(path: FilePath, prefixes: dict[str, str] | None = None, base: str = "") -> Iterator[Quad]:
    """The statements of an RDF file; ``prefixes`` is filled with the prefixes that it declares.

    ``base`` is the address that relative IRIs start from, by default that of the file.

    A file may be packed by gzip (``data.nt.gz``). Raises ValueError with the file, the line and the fault.
    """
    form = _format(path)
    try:
        with cast("IO[bytes]", gzip.open(path)) if path.suffix == PACKED else path.open("rb") as file:
            if file.read(3) != b"\xef\xbb\xbf":  # the byte order mark that programs of Windows put before a text
                file.seek(0)
            reader = parse(file, form, base_iri=base or path.resolve().as_uri())
            yield from reader
        if prefixes is not None:
            prefixes.update(reader.prefixes)
    except SyntaxError as error:
        at = f":{error.lineno}" if error.lineno else ""
        raise ValueError(f"{path}{at}: {_WORDS.get(error.msg, error.msg)}") from error
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise ValueError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _format(path: FilePath) -> RdfFormat:
    suffix = (path.with_suffix("").suffix if path.suffix == PACKED else path.suffix).lower()
    if suffix not in SUFFIXES:
        raise ValueError(f"{path}: not an RDF file; expected one of {', '.join(SUFFIXES)}, or one of them with .gz")
    return SUFFIXES[suffix]


class ShapesGraph:
    """The triples of one or more shapes files with an index; the order of the files is kept."""

    def __init__(
        self, triples: Iterable[Quad | Triple], prefixes: dict[str, str] | None = None, files: Iterable[str] = ()
    ) -> None:
        """``prefixes`` are those that the files declare, by name; ``files`` their addresses."""
        self._out: dict[Node, dict[NamedNode, list[Term]]] = {}
        self._subjects: dict[NamedNode, list[Node]] = defaultdict(list)
        self.triples: dict[Triple, None] = {}
        self.above: dict[Term, Node] = {}
        """Blank node → the node of which it is a value."""
        self.prefixes = prefixes if prefixes is not None else {}
        self._files = frozenset(files)
        for given in triples:
            triple = given.triple if isinstance(given, Quad) else given
            if triple not in self.triples and isinstance(triple.subject, (NamedNode, BlankNode)):
                self.triples[triple] = None
                self._out.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple.object)
                if isinstance(triple.object, BlankNode):
                    self.above.setdefault(triple.object, triple.subject)
                self._subjects[triple.predicate].append(triple.subject)

    @classmethod
    def load(cls, paths: Iterable[str | FilePath]) -> ShapesGraph:
        """Read shapes files, and those in their folders that they import; a folder stands for the RDF files in it, by name."""
        prefixes: dict[str, str] = {}
        statements, ahead, files = Statements("s"), list(_files(paths)), dict[str, None]()
        try:
            for path in ahead:
                address = path.resolve().as_uri()
                if address not in files:
                    files[address] = None
                    read = len(statements)
                    statements.add(read_file(path, prefixes))
                    ahead += filter(
                        None, (_beside(path, q.object) for q in statements[read:] if q.predicate == IMPORTS)
                    )
        except ValueError as error:
            raise ShapesError(str(error)) from error
        return cls(statements, prefixes, files)

    @property
    def not_imported(self) -> Iterator[tuple[Node, Term]]:
        """The imports (section 3.1) that are not among the files: who imports what."""
        for node, value in self.pairs(IMPORTS):
            if value not in self and name_of(value) not in self._files and not name_of(value).startswith(SH[:-1]):
                yield node, value

    def __contains__(self, node: Term) -> bool:
        return node in self._out

    def named(self, node: Term) -> Term:
        """The node, or the nearest above it that has an IRI; the topmost where none has."""
        seen: set[Term] = set()
        while isinstance(node, BlankNode) and node in self.above and node not in seen:
            seen.add(node)
            node = self.above[node]
        return node

    def spoken(self, message: str) -> str:
        """The message with every blank node of the shapes named by the nearest node above it that has an IRI."""

        def named(match: re.Match[str]) -> str:
            node = self.named(BlankNode(match[1]))
            return f"{name_of(node)} (within it)" if isinstance(node, NamedNode) else match[0]

        return re.sub(r"_:(\w+)", named, message)

    def objects(self, subject: Term, predicate: NamedNode) -> list[Term]:
        """Every value of a property of a node."""
        if not isinstance(subject, (NamedNode, BlankNode)):
            return []
        return self._out.get(subject, {}).get(predicate, [])

    def predicates(self, subject: Term) -> list[NamedNode]:
        """The properties of a node."""
        return list(self._out.get(subject, {})) if isinstance(subject, (NamedNode, BlankNode)) else []

    def pairs(self, predicate: NamedNode) -> Iterator[tuple[Node, Term]]:
        """Subject and object of every triple with that predicate."""
        for subject in dict.fromkeys(self._subjects.get(predicate, ())):
            for value in self._out[subject][predicate]:
                yield subject, value

    def instances(self, kind: NamedNode) -> list[Node]:
        """The nodes with that ``rdf:type``."""
        return [node for node, value in self.pairs(TYPE) if value == kind]

    @cached_property
    def metaclasses(self) -> set[Term]:
        """``rdfs:Class`` and its subclasses: a shape that is of one of them is a class, and its own target."""
        return {CLASS, *(node for node, above in self.pairs(SUBCLASS_OF) if above == CLASS)}

    def items(self, head: Term) -> list[Term]:
        """The members of an RDF list."""
        items: list[Term] = []
        seen: set[Term] = set()
        while head != NIL:
            first, rest = self.objects(head, FIRST), self.objects(head, REST)
            if head in seen or len(first) != 1 or len(rest) != 1:
                raise ShapesError(f"{name_of(head)} is not a well-formed RDF list")
            seen.add(head)
            items.append(first[0])
            head = rest[0]
        return items

    def with_prefixes(self, node: Term, text: str, shape: object) -> tuple[str, list[str]]:
        """A query with the prefixes that its node declares (section 5.2.1), and notes on those it does not declare."""
        prefixes = dict(STANDARD)
        owners = self.objects(node, sh("prefixes"))[:]
        for owner in owners:
            owners += [more for more in self.objects(owner, IMPORTS) if more not in owners]
            for declaration in self.objects(owner, sh("declare")):
                names, spaces = self.objects(declaration, sh("prefix")), self.objects(declaration, sh("namespace"))
                if len(names) != 1 or len(spaces) != 1:
                    raise ShapesError(f"{name_of(owner)}: sh:declare needs one sh:prefix and one sh:namespace")
                prefixes[name_of(names[0])] = name_of(spaces[0])
        notes = []
        for name in unknown_prefixes(text):
            space = prefixes.get(name) or self.prefixes.get(name) or USUAL.get(name)
            if space is None:
                raise ShapesError(f"{shape}: the query uses the prefix {name}: which nothing declares")
            if name not in prefixes:
                notes.append(f"{shape}: the query's prefix {name}: is not declared by sh:prefixes; taken as <{space}>")
            prefixes[name] = space
        return "".join(f"PREFIX {name}: <{space}>\n" for name, space in prefixes.items()) + text, notes


def _files(paths: Iterable[str | FilePath]) -> Iterator[FilePath]:
    for path in map(FilePath, paths):
        if not path.is_dir():
            yield path
            continue
        inside = sorted(child for child in path.iterdir() if child.suffix in SUFFIXES)
        if not inside:
            raise ShapesError(f"{path}: no shapes file (*.ttl …) in this folder")
        yield from inside


def _beside(path: FilePath, imported: Term) -> FilePath | None:
    """The file that an import names, if it lies in the folder of the file that imports it."""
    if not name_of(imported).startswith("file:"):
        return None
    try:
        folder, target = path.resolve().parent, FilePath(unquote(urlsplit(name_of(imported)).path)).resolve()
        return target if target.is_relative_to(folder) and target.suffix in SUFFIXES and target.is_file() else None
    except (OSError, ValueError):  # no name that a file can have
        return None


def read_data(paths: Iterable[str | FilePath]) -> Statements:
    """The statements of data files; those of all graphs as one graph where no file has a default graph."""
    statements, files = Statements("b"), [FilePath(path) for path in paths]
    try:
        for path in files:
            statements.add(read_file(path))
    except ValueError as error:
        raise DataError(str(error)) from error
    if any(_format(path).supports_datasets for path in files):
        own = [quad for quad in statements if quad.graph_name == DefaultGraph()]
        one = Statements()
        one.add(own or statements, DefaultGraph())
        return one
    return statements


@dataclass(frozen=True, slots=True)
class Path:
    """A property path (section 2.3.1); ``operator`` is ``""`` (a predicate), ``^``, ``/``, ``|``, ``*``, ``+`` or ``?``."""

    operator: str
    parts: tuple[Path, ...] = ()
    predicate: NamedNode | None = None

    def __str__(self) -> str:
        """The path in the syntax of SPARQL, IRIs in full."""
        if self.predicate is not None:
            return str(self.predicate)
        if self.operator == "^":
            return f"^{_bracketed(self.parts[0])}"
        if self.operator in "/|":
            return self.operator.join(_bracketed(part) for part in self.parts)
        return f"{_bracketed(self.parts[0])}{self.operator}"

    @property
    def walked(self) -> str:
        """The path as SPARQL that the store walks from a bound start.

        The store turns a plain sequence into a join, and inside EXISTS it scans all of the second step for each focus
        node (400 times slower, measured). An alternative that nothing matches keeps it a path.
        """
        return f"({self})|{NOTHING}" if self._joins else str(self)

    def scanned(self, start: str, end: str) -> str:
        """A pattern of all its pairs, of which each step is scanned on its own and joined by a hash table.

        On disk that is four times faster than a look-up for each pair of the first step, measured. A pair may come twice.
        """
        if self.operator == "/":
            # longer than the names of both ends, so that no step within a step is called the same
            ends = [start, *(f"{end}_{start[1:]}_{number}" for number in range(1, len(self.parts))), end]
            steps = zip(self.parts, ends, ends[1:], strict=False)
            return " ".join(f"{{ SELECT {a} {b} WHERE {{ {part.scanned(a, b)} }} }}" for part, a, b in steps)
        if self.operator == "|":
            return " UNION ".join(f"{{ {part.scanned(start, end)} }}" for part in self.parts)
        return self.parts[0].scanned(end, start) if self.operator == "^" else f"{start} {self} {end} ."

    @property
    def scannable(self) -> bool:
        """Whether a scan of its predicates lists all its pairs: a repetition would list every node."""
        return self.operator not in REPEATS.values() and all(part.scannable for part in self.parts)

    @property
    def nullable(self) -> bool:
        """Whether it leads from a node to itself without a triple."""
        if self.operator in ("*", "?"):
            return True
        inner = [part.nullable for part in self.parts]
        return any(inner) if self.operator == "|" else bool(inner) and all(inner)

    @property
    def short(self) -> bool:
        """Whether a list in it has one member, which the recommendation forbids and whose meaning is plain."""
        return (self.operator in ("/", "|") and len(self.parts) == 1) or any(part.short for part in self.parts)

    @property
    def _joins(self) -> bool:
        return self.operator == "/" or (self.operator == "^" and self.parts[0]._joins)

    @property
    def predicates(self) -> Iterator[NamedNode]:
        """Every predicate the path mentions."""
        if self.predicate is not None:
            yield self.predicate
        for part in self.parts:
            yield from part.predicates

    def triples(self, name: str) -> tuple[Node, list[Triple]]:
        """The node of the path in a report, and the triples that describe it; blank nodes get names that begin with ``name``."""
        if self.predicate is not None:
            return self.predicate, []
        node = BlankNode(name)
        if self.operator in "/|":
            head, more = _list(self.parts, name)
            return (head, more) if self.operator == "/" else (node, [Triple(node, sh("alternativePath"), head), *more])
        inner, more = self.parts[0].triples(f"{name}x")
        words = {sign: word for word, sign in REPEATS.items()}
        return node, [Triple(node, sh(words.get(self.operator, "inversePath")), inner), *more]


def _list(parts: tuple[Path, ...], name: str) -> tuple[Node, list[Triple]]:
    triples: list[Triple] = []
    following: Node = NIL
    for number, part in reversed(list(enumerate(parts))):
        inner, more = part.triples(f"{name}p{number}")
        cell = BlankNode(f"{name}c{number}")
        triples = [Triple(cell, FIRST, inner), Triple(cell, REST, following), *more, *triples]
        following = cell
    return following, triples


def _bracketed(path: Path) -> str:
    return str(path) if path.predicate is not None else f"({path})"


def read_path(graph: ShapesGraph, node: Term, depth: int = 0) -> Path:
    """Read the path that a ``sh:path`` value stands for."""
    if isinstance(node, NamedNode):
        return Path("", predicate=node)
    if not isinstance(node, BlankNode) or depth > 20:
        raise ShapesError(f"{name_of(node)} is not a SHACL property path")
    if graph.objects(node, FIRST):
        return Path("/", _members(graph, node, depth))
    for name, operator in REPEATS.items():
        for inner in graph.objects(node, sh(name)):
            return Path(operator, (read_path(graph, inner, depth + 1),))
    for inner in graph.objects(node, sh("inversePath")):
        return Path("^", (read_path(graph, inner, depth + 1),))
    for head in graph.objects(node, sh("alternativePath")):
        return Path("|", _members(graph, head, depth))
    raise ShapesError(f"{name_of(node)} is not a SHACL property path")


def _members(graph: ShapesGraph, head: Term, depth: int) -> tuple[Path, ...]:
    parts = tuple(read_path(graph, member, depth + 1) for member in graph.items(head))
    if not parts:
        raise ShapesError(f"the path {name_of(head)} has no members")
    return parts
