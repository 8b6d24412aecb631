"""Shapes as read from a shapes graph (section 2): broken ones are refused, unknown terms are reported and stand."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from shacl.terms import SH, TYPE, XSD, Node, Path, ShapesError, ShapesGraph, Term, name_of, read_path, sh

VIOLATION, WARNING, INFO = sh("Violation"), sh("Warning"), sh("Info")

OWL_CLASS = NamedNode("http://www.w3.org/2002/07/owl#Class")
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
    *("name", "description", "message", "severity", "order", "group", "defaultValue", "path", "deactivated"),
    *("select", "ask", "prefixes", "declare", "labelTemplate", "shapesGraph", "parameter", "validator"),
    *("nodeValidator", "propertyValidator", "codeIdentifier", "agentInstruction", "rule", "js"),
)
"""Terms that are no constraint: words for people, the parts of a SPARQL constraint or of a component."""
PARAMETERS = (*SHAPE_LISTS, *SHAPE_VALUES, *COUNTS, *FLAGS, *TERMS, *RANGES, *LISTS, *TEXTS, "hasValue", "sparql")
"""Every parameter of SHACL Core, and ``sh:sparql``."""
ONLY_ONCE = (
    *("minCount", "maxCount", "minLength", "maxLength", "datatype", "nodeKind", "uniqueLang", "in", "languageIn"),
    *("closed", "ignoredProperties", "flags", "deactivated", "path"),
)
ADVANCED = ("target", "expression")
"""Features of other documents than the recommendation; pySHACL checks a shape that has them."""
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
    custom: bool = False
    """Whether it has a parameter of a constraint component that the shapes graph defines itself."""

    def values(self, name: str) -> tuple[Term, ...]:
        """The values of a parameter, none where the shape does not have it."""
        return self.parameters.get(name, ())

    def flag(self, name: str) -> bool:
        """Whether a boolean parameter is the literal ``true`` (not ``"1"``, which is another term)."""
        return any(name_of(value) == "true" for value in self.values(name))

    def __str__(self) -> str:
        return name_of(self.node)


@dataclass(frozen=True, slots=True)
class Shapes:
    """All shapes of a shapes graph by their node, in the graph's order; ``notes`` say what was passed over."""

    graph: ShapesGraph
    by_node: Mapping[Term, Shape]
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Shape]:
        return iter(self.by_node.values())

    def get(self, node: Term) -> Shape:
        """The shape of a node; raises KeyError where there is none."""
        return self.by_node[node]

    def owner(self, shape: Shape) -> Shape:
        """The nearest shape with an IRI: the one itself, else the one that contains it."""
        return self.by_node.get(self.graph.named(shape.node), shape)

    def name(self, shape: Shape) -> str:
        """The IRI of the nearest shape that has one, else a name made from what the shape says.

        Two runs give the same name, as long as the shape stays as it is.
        """
        owner = self.owner(shape)
        if isinstance(owner.node, NamedNode):
            return owner.node.value
        text = "\n".join(_content(self.graph, owner.node, ()))
        return f"urn:shape:{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _content(graph: ShapesGraph, node: Term, above: tuple[Term, ...]) -> Iterator[str]:
    if not isinstance(node, BlankNode) or node in above or len(above) > 30:
        yield str(node) if not isinstance(node, BlankNode) else "[]"
        return
    for predicate in sorted(graph.predicates(node), key=str):
        for part in sorted(
            " ".join(_content(graph, value, (*above, node))) for value in graph.objects(node, predicate)
        ):
            yield f"{predicate} [{part}]"


def read_shapes(graph: ShapesGraph) -> Shapes:
    """Every shape of the graph.

    Raises ShapesError for one that is ill-formed (section 3.4). What no rule of the recommendation forbids stands: an
    unknown term of the SHACL namespace, a shape that is named and not described. ``Shapes.notes`` names them.
    """
    for subject, value in graph.pairs(sh("entailment")):
        raise ShapesError(f"{name_of(subject)}: sh:entailment {name_of(value)} is not supported")
    reader = _Reader(graph)
    try:
        nodes = dict.fromkeys((*_stated(graph), *(child for _, child in _references(graph))))
        shapes = {node: reader.shape(node) for node in nodes}
    except ShapesError as error:
        raise ShapesError(graph.spoken(str(error))) from error
    for node, value in graph.not_imported:
        reader.notes.setdefault(f"{name_of(node)} imports {name_of(value)}, which is not read: give its file too")
    if not any(shape.targets or set(shape.parameters) & set(ADVANCED) for shape in shapes.values()):
        reader.notes.setdefault("no shape has a target: nothing is checked")
    return Shapes(graph, shapes, tuple(map(graph.spoken, reader.notes)))


def _stated(graph: ShapesGraph) -> Iterator[Term]:
    yield from graph.instances(sh("NodeShape"))
    yield from graph.instances(sh("PropertyShape"))
    for name in (*TARGETS, "target"):
        yield from (subject for subject, _ in graph.pairs(sh(name)))
    for name in PARAMETERS:
        yield from (subject for subject, _ in graph.pairs(sh(name)))


def _references(graph: ShapesGraph) -> Iterator[tuple[Term, Term]]:
    for name in SHAPE_VALUES:
        yield from graph.pairs(sh(name))
    for name in SHAPE_LISTS:
        for parent, head in graph.pairs(sh(name)):
            yield from ((parent, member) for member in graph.items(head))


class _Reader:
    """Reads single shapes and collects what it passes over."""

    def __init__(self, graph: ShapesGraph) -> None:
        self._graph = graph
        self._custom = {value for subject, _ in graph.pairs(sh("parameter")) for value in self._parameters(subject)}
        self.notes: dict[str, None] = {}

    def _parameters(self, component_node: Node) -> Iterator[Term]:
        for parameter in self._graph.objects(component_node, sh("parameter")):
            yield from self._graph.objects(parameter, sh("path"))

    def shape(self, node: Term) -> Shape:
        """The shape of a node."""
        if not isinstance(node, (NamedNode, BlankNode)):
            raise ShapesError(f"{node} is used as a shape and is a literal")
        graph = self._graph
        if node not in graph:
            self.notes.setdefault(f"{name_of(node)} is used as a shape but is not described: everything conforms to it")
        predicates = graph.predicates(node)
        about = {p.value.removeprefix(SH): tuple(graph.objects(node, p)) for p in predicates if p.value.startswith(SH)}
        self._note_unknown(node, about)
        _refuse_malformed(node, about)
        path = read_path(graph, about["path"][0]) if "path" in about else None
        kinds = graph.objects(node, TYPE)
        if OWL_CLASS in kinds and not graph.metaclasses & set(kinds) and sh("NodeShape") in kinds:
            self.notes.setdefault(
                f"{name_of(node)} is an owl:Class: without owl:Class rdfs:subClassOf rdfs:Class in the shapes its instances "
                "are no targets"
            )
        if path is None and sh("PropertyShape") in kinds:
            raise ShapesError(f"{name_of(node)} is a sh:PropertyShape without sh:path")
        if path is not None and path.short:
            self.notes.setdefault(f"{name_of(node)}: a path that is a list of one member counts as that member")
        for child in about.get("property", ()):
            if child in graph and not graph.objects(child, sh("path")):
                self.notes.setdefault(
                    f"{name_of(node)}: sh:property leads to a shape without sh:path, checked on the same nodes"
                )
        if path is not None and sh("NodeShape") in kinds:
            self.notes.setdefault(f"{name_of(node)} is a sh:NodeShape with a sh:path: read as a property shape")
        parameters = {name: values for name, values in about.items() if name in PARAMETERS or name in ADVANCED}
        return Shape(
            node,
            path,
            tuple(self._targets(node, about)),
            parameters,
            self._severity(node, about),
            deactivated=any(name_of(value) == "true" for value in about.get("deactivated", ())),
            about=about,
            messages=tuple(m for m in about.get("message", ()) if isinstance(m, Literal)),
            custom=any(predicate in self._custom for predicate in predicates),
        )

    def _severity(self, node: Term, about: Mapping[str, tuple[Term, ...]]) -> NamedNode:
        stated = [value for value in about.get("severity", ()) if isinstance(value, NamedNode)]
        if len(stated) < len(about.get("severity", ())):
            raise ShapesError(f"{name_of(node)}: sh:severity is not an IRI")
        if len(stated) > 1:
            self.notes.setdefault(f"{name_of(node)} has several severities: the gravest counts")
        ranks = {VIOLATION: 0, WARNING: 1, INFO: 2}
        return min(stated, key=lambda value: (ranks.get(value, 3), value.value), default=VIOLATION)

    def _targets(self, node: Node, about: Mapping[str, tuple[Term, ...]]) -> Iterator[Target]:
        for kind in TARGETS:
            yield from (Target(kind, value) for value in dict.fromkeys(about.get(kind, ())))
        if self._graph.metaclasses & set(self._graph.objects(node, TYPE)) and isinstance(node, NamedNode):
            yield Target("targetClass", node)

    def _note_unknown(self, node: Term, about: Mapping[str, tuple[Term, ...]]) -> None:
        known = {*PARAMETERS, *ABOUT, *TARGETS, *ADVANCED}
        for name in sorted(set(about) - known):
            if sh(name) not in self._custom:
                self.notes.setdefault(f"sh:{name} is not a term of SHACL that is checked here ({name_of(node)})")
        if "rule" in about:
            self.notes.setdefault(f"{name_of(node)}: sh:rule is not run: validation infers nothing")
        if "js" in about:
            self.notes.setdefault(f"{name_of(node)}: sh:js is not checked: no JavaScript is run")
        for value in about.get("flags", ()):
            if unknown := set(name_of(value)) - set("ismxq"):
                letters = ", ".join(sorted(unknown))
                self.notes.setdefault(f"{name_of(node)}: sh:flags: {letters} is unknown to SPARQL and passed over")
        for name in FLAGS:
            for value in about.get(name, ()):
                if name_of(value) not in ("true", "false"):
                    self.notes.setdefault(
                        f"{name_of(node)}: sh:{name} {value} is not the literal true: it counts as false"
                    )


def _refuse_malformed(node: Term, about: Mapping[str, tuple[Term, ...]]) -> None:
    for name in ONLY_ONCE:
        if len(about.get(name, ())) > 1:
            raise ShapesError(f"{name_of(node)}: sh:{name} is given {len(about[name])} times, once is allowed")
    for name, values in about.items():
        for value in values:
            expected = _expected(name, value)
            if expected:
                raise ShapesError(f"{name_of(node)}: sh:{name} is {value}, expected {expected}")
    if "qualifiedValueShape" in about and not {"qualifiedMinCount", "qualifiedMaxCount"} & set(about):
        raise ShapesError(f"{name_of(node)}: sh:qualifiedValueShape without a count")
    if "path" not in about and {"uniqueLang", "lessThan", "lessThanOrEquals", "minCount", "maxCount"} & set(about):
        raise ShapesError(f"{name_of(node)}: a count, sh:uniqueLang or sh:lessThan needs a sh:path")


def _expected(name: str, value: Term) -> str | None:
    """What a parameter's value should have been, None where it is right."""
    literal = value if isinstance(value, Literal) else None
    if name in COUNTS and not (literal and literal.value.isdigit() and literal.datatype.value == XSD + "integer"):
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


@dataclass(frozen=True, slots=True)
class Result:
    """One validation result (section 3.6.2).

    ``path`` is written as a SPARQL path, ``own`` are the messages of a SPARQL constraint and ``rows`` its further
    bindings. ``stated_in`` is for callers that check several graphs: the graph that the result is about.
    """

    focus: Term
    path: str | None
    component: NamedNode
    shape: Shape
    value: Term | None
    own: tuple[Literal, ...] = ()
    rows: Mapping[str, Term] = field(default_factory=dict)
    stated_in: str | None = None

    @property
    def severity(self) -> NamedNode:
        """The severity of its shape."""
        return self.shape.severity

    @property
    def messages(self) -> tuple[Literal, ...]:
        """The messages of its constraint, else those of its shape."""
        return self.own or self.shape.messages

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two engines' results the same, as text."""
        value = "" if self.value is None else str(self.value)
        terms = (str(self.focus), self.path or "", self.component.value, str(self.shape.node))
        return (*terms, value, self.severity.value)

    @property
    def parameter(self) -> str:
        """The parameter of the component: ``minCount``; empty for one that the shapes define themselves."""
        name = self.component.value.removeprefix(SH).removesuffix("ConstraintComponent")
        if not self.component.value.startswith(SH):
            return ""
        return "sparql" if name == "SPARQL" else f"{name[:1].lower()}{name[1:]}"

    @property
    def expected(self) -> tuple[Term, ...]:
        """The values of the parameter: what the shape asks for."""
        return self.shape.values(self.parameter) if self.parameter != "sparql" else ()

    @property
    def property_path(self) -> Path | None:
        """The path as a value of its own."""
        if self.path is None:
            return None
        own = self.shape.path
        return own if own is not None and str(own) == self.path else Path("", predicate=NamedNode(self.path[1:-1]))

    def triples(self, node: BlankNode, name: str) -> Iterator[Triple]:
        """The result as RDF; blank nodes of its path get names that begin with ``name``."""
        yield Triple(node, TYPE, sh("ValidationResult"))
        yield Triple(node, sh("resultSeverity"), self.severity)
        yield Triple(node, sh("sourceConstraintComponent"), self.component)
        yield Triple(node, sh("sourceShape"), self.shape.node)
        if not isinstance(self.focus, Triple):
            yield Triple(node, sh("focusNode"), self.focus)
        if self.value is not None:
            yield Triple(node, sh("value"), self.value)
        if (path := self.property_path) is not None:
            top, more = path.triples(name)
            yield Triple(node, sh("resultPath"), top)
            yield from more
