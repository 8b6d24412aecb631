"""Shapes as read from a shapes graph, refused where they are broken or hold a term nobody would check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode

from shacl.errors import ShapesError
from shacl.graph import ShapesGraph
from shacl.path import Path, read_path
from shacl.spoken import spoken
from shacl.terms import CLASS, SH, SUBCLASS_OF, TYPE, VIOLATION, XSD, Node, Term, name_of, sh

TARGETS = ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf")
SHAPE_LISTS = ("and", "or", "xone")
SHAPE_VALUES = ("property", "node", "not", "qualifiedValueShape")
COUNTS = ("minCount", "maxCount", "minLength", "maxLength", "qualifiedMinCount", "qualifiedMaxCount")
FLAGS = ("uniqueLang", "closed", "qualifiedValueShapesDisjoint", "deactivated")
TERMS = ("class", "datatype", "nodeKind", "equals", "disjoint", "lessThan", "lessThanOrEquals")
RANGES = ("minInclusive", "maxInclusive", "minExclusive", "maxExclusive")
LISTS = ("in", "languageIn", "ignoredProperties")
TEXTS = ("pattern", "flags")
ABOUT = (
    "name",
    "description",
    "message",
    "severity",
    "order",
    "group",
    "defaultValue",
    "path",
    "deactivated",
    "select",
    "prefixes",
    "declare",
)
"""What is no constraint: words for people, and the parts of a shape that is its own SPARQL constraint."""
PARAMETERS = (*SHAPE_LISTS, *SHAPE_VALUES, *COUNTS, *FLAGS, *TERMS, *RANGES, *LISTS, *TEXTS, "hasValue", "sparql")
"""Every parameter of SHACL Core, and ``sh:sparql``: what the compiler translates."""
ONLY_ONCE = (
    "minCount",
    "maxCount",
    "minLength",
    "maxLength",
    "datatype",
    "nodeKind",
    "uniqueLang",
    "in",
    "languageIn",
    "closed",
    "ignoredProperties",
    "flags",
    "severity",
    "deactivated",
    "path",
)
ADVANCED = ("target", "rule", "expression")
"""Of SHACL Advanced Features: not translated, but pySHACL judges them."""
NODE_KINDS = ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")


@dataclass(frozen=True, slots=True)
class Target:
    """What a shape is about; ``kind`` is one of TARGETS."""

    kind: str
    value: Term


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """One node shape (no path) or property shape; ``parameters`` are its constraints by their local SHACL name."""

    node: Node
    path: Path | None
    targets: tuple[Target, ...]
    parameters: Mapping[str, tuple[Term, ...]]
    severity: NamedNode = VIOLATION
    deactivated: bool = False
    messages: tuple[Literal, ...] = ()
    about: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)

    def values(self, name: str) -> tuple[Term, ...]:
        """The values of a parameter, none where the shape does not have it."""
        return self.parameters.get(name, ())

    def flag(self, name: str) -> bool:
        """Whether a boolean parameter is true."""
        return any(name_of(value) in ("true", "1") for value in self.values(name))

    def __str__(self) -> str:
        return name_of(self.node)


@dataclass(frozen=True, slots=True)
class Shapes:
    """All shapes of a shapes graph by their node, in the graph's order."""

    graph: ShapesGraph
    by_node: Mapping[Term, Shape]
    parents: Mapping[Term, Term]

    def __iter__(self) -> Iterator[Shape]:
        return iter(self.by_node.values())

    def get(self, node: Term) -> Shape:
        """The shape of a node that another shape refers to."""
        if node not in self.by_node:
            raise ShapesError(f"{name_of(node)} is used as a shape but is not described")
        return self.by_node[node]

    def spoken(self, message: str) -> str:
        """A message with the names of shapes in it, in which no blank node is left."""
        return spoken(message, self.parents)

    def owner(self, shape: Shape) -> Shape:
        """The nearest shape with an IRI: the one itself, else the one that holds it."""
        node: Term = shape.node
        seen: set[Term] = set()
        while isinstance(node, BlankNode) and node in self.parents and node not in seen:
            seen.add(node)
            node = self.parents[node]
        return self.by_node.get(node, shape)


def read_shapes(graph: ShapesGraph) -> Shapes:
    """Every shape of the graph, checked for being well formed."""
    for subject, value in graph.pairs(sh("entailment")):
        raise ShapesError(f"{name_of(subject)}: sh:entailment {name_of(value)} is not supported")
    parents: dict[Term, Term] = {}
    nodes = dict.fromkeys(_stated(graph))
    for parent, child in _references(graph):
        parents.setdefault(child, parent)
        nodes.setdefault(child)
    classes = {CLASS, *(node for node, above in graph.pairs(SUBCLASS_OF) if above == CLASS)}
    try:
        shapes = {node: _shape(graph, node, classes) for node in nodes}
    except ShapesError as error:
        raise ShapesError(spoken(error.message, parents)) from error
    if not any(shape.targets or set(shape.parameters) & set(ADVANCED) for shape in shapes.values()):
        raise ShapesError("no shape with a target: nothing would be checked")
    return Shapes(graph, shapes, parents)


def _stated(graph: ShapesGraph) -> Iterator[Term]:
    yield from graph.instances(sh("NodeShape"))
    yield from graph.instances(sh("PropertyShape"))
    for name in (*TARGETS, "target"):
        yield from (subject for subject, _ in graph.pairs(sh(name)))


def _references(graph: ShapesGraph) -> Iterator[tuple[Term, Term]]:
    for name in SHAPE_VALUES:
        yield from graph.pairs(sh(name))
    for name in SHAPE_LISTS:
        for parent, head in graph.pairs(sh(name)):
            yield from ((parent, member) for member in graph.items(head))


def _shape(graph: ShapesGraph, node: Term, classes: set[Node]) -> Shape:
    if not isinstance(node, (NamedNode, BlankNode)) or node not in graph:
        raise ShapesError(f"{name_of(node)} is used as a shape but is not described")
    said = {
        p.value.removeprefix(SH): tuple(graph.objects(node, p))
        for p in graph.predicates(node)
        if p.value.startswith(SH)
    }
    parameters = {name: values for name, values in said.items() if name in PARAMETERS or name in ADVANCED}
    _refuse_unknown(node, said)
    _refuse_malformed(node, said)
    path = read_path(graph, said["path"][0]) if "path" in said else None
    if path is None and sh("PropertyShape") in graph.objects(node, TYPE):
        raise ShapesError(f"{name_of(node)} is a sh:PropertyShape without sh:path")
    if path is not None and sh("NodeShape") in graph.objects(node, TYPE):
        raise ShapesError(f"{name_of(node)} is a sh:NodeShape with a sh:path")
    severity = said.get("severity", (VIOLATION,))[0]
    if not isinstance(severity, NamedNode):
        raise ShapesError(f"{name_of(node)}: sh:severity is not an IRI")
    return Shape(
        node,
        path,
        tuple(_targets(graph, node, said, classes)),
        parameters,
        severity,
        deactivated=_true(said.get("deactivated", ())),
        about=said,
        messages=tuple(m for m in said.get("message", ()) if isinstance(m, Literal)),
    )


def _true(values: Iterable[Term]) -> bool:
    return any(name_of(value) in ("true", "1") for value in values)


def _targets(
    graph: ShapesGraph, node: Node, said: Mapping[str, tuple[Term, ...]], classes: set[Node]
) -> Iterator[Target]:
    for kind in TARGETS:
        yield from (Target(kind, value) for value in said.get(kind, ()))
    if classes & set(graph.objects(node, TYPE)):
        yield Target("targetClass", node)


def _refuse_unknown(node: Node, said: Mapping[str, tuple[Term, ...]]) -> None:
    unknown = sorted(set(said) - {*PARAMETERS, *ABOUT, *TARGETS, *ADVANCED})
    if unknown:
        raise ShapesError(f"{name_of(node)}: sh:{unknown[0]} is not a term that can be checked here")


def _refuse_malformed(node: Node, said: Mapping[str, tuple[Term, ...]]) -> None:
    for name in ONLY_ONCE:
        if len(said.get(name, ())) > 1:
            raise ShapesError(f"{name_of(node)}: sh:{name} is given {len(said[name])} times, once is allowed")
    for name, values in said.items():
        for value in values:
            expected = _expected(name, value)
            if expected:
                raise ShapesError(f"{name_of(node)}: sh:{name} is {value}, expected {expected}")
    if "qualifiedValueShape" in said and not {"qualifiedMinCount", "qualifiedMaxCount"} & set(said):
        raise ShapesError(f"{name_of(node)}: sh:qualifiedValueShape without a count")
    if "path" not in said and {"uniqueLang", "lessThan", "lessThanOrEquals", "minCount", "maxCount"} & set(said):
        raise ShapesError(f"{name_of(node)}: a count, sh:uniqueLang or sh:lessThan needs a sh:path")


def _expected(name: str, value: Term) -> str | None:
    """What a parameter's value should have been, None where it is right."""
    literal = value if isinstance(value, Literal) else None
    if name in COUNTS and not (literal and literal.value.isdigit()):
        return "a whole number"
    if name in FLAGS and not (literal and literal.datatype.value == XSD + "boolean"):
        return "true or false"
    if name in TERMS and not isinstance(value, NamedNode):
        return "an IRI"
    if name in (*TEXTS, *RANGES, "message", "name", "description") and literal is None:
        return "a literal"
    if name == "nodeKind" and name_of(value).removeprefix(SH) not in NODE_KINDS:
        return "a kind of node such as sh:IRI"
    if name in TARGETS[1:] and not isinstance(value, NamedNode):
        return "an IRI"
    return None
