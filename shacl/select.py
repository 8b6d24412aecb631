"""``sh:sparql`` constraints: the author's SELECT, joined to all focus nodes at once where that means the same.

SHACL evaluates the query once for each focus node with ``$this`` bound beforehand, in every group of it. So the pattern
of the focus nodes is put into the outermost group, and into each group where ``$this`` would not be bound otherwise. A
query that limits its rows, or aggregates without grouping by ``$this``, is run for each focus node.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Store

from shacl.errors import NotCovered, ShapesError
from shacl.graph import ShapesGraph
from shacl.shapes import Shape
from shacl.terms import RDF, RDFS, Term, name_of, sh
from shacl.tokens import Group, parsed, put, replace, variables, words
from shacl.values import constant

REFUSED = {"MINUS", "VALUES", "SERVICE"}
IMPORTS = NamedNode("http://www.w3.org/2002/07/owl#imports")
STANDARD = {"rdf": RDF, "rdfs": RDFS, "owl": "http://www.w3.org/2002/07/owl#"}
"""Prefixes that need no ``sh:declare``: pySHACL binds them always."""


@dataclass(frozen=True, slots=True)
class Select:
    """One ``sh:sparql`` constraint of a shape: its query with prefixes, and the messages it speaks.

    ``stated`` is the author's query with its prefixes; in ``text`` the path and the shape stand where it names them.
    """

    node: Term
    text: str
    stated: str
    messages: tuple[Literal, ...]

    def for_all(self, targets: str) -> str | None:
        """The query over all focus nodes of a target pattern, None where that would not mean the same."""
        whole = parsed(self.text)
        return None if whole.per_focus else put(self.text, targets, {_outer(whole), *(g.start for g in whole.blind())})

    def for_one(self, focus: Term) -> str:
        """The query of one focus node."""
        places = {group.start for group in parsed(self.text).all_groups()}
        return put(self.text, f"VALUES ?this {{ {constant(focus)} }}", places)


def _outer(whole: Group) -> int:
    return whole.groups[0].start


def read_selects(graph: ShapesGraph, shape: Shape) -> Iterator[Select]:
    """The shape's SPARQL constraints that are not deactivated."""
    for node in shape.values("sparql"):
        texts = graph.objects(node, sh("select"))
        if len(texts) != 1 or not isinstance(texts[0], Literal):
            raise ShapesError(f"{shape}: sh:sparql needs exactly one sh:select")
        if any(name_of(value) == "true" for value in graph.objects(node, sh("deactivated"))):
            continue
        messages = tuple(m for m in graph.objects(node, sh("message")) if isinstance(m, Literal))
        prologue = "".join(f"PREFIX {name}: <{space}>\n" for name, space in _prefixes(graph, node).items())
        yield Select(node, _prepared(shape, prologue + texts[0].value), prologue + texts[0].value, messages)


def _prepared(shape: Shape, text: str) -> str:
    for refused in sorted(words(text) & REFUSED):
        raise ShapesError(f"{shape}: {refused} is not allowed in a sh:select")
    text = replace(replace(text, "currentShape", str(shape.node)), "this", "?this")
    if shape.path is not None:
        text = replace(text, "PATH", str(shape.path))
    for unbound in sorted(variables(text) & {"PATH", "shapesGraph"}):
        raise ShapesError(f"{shape}: ${unbound} has no value here")
    complaint, whole = _complaint(text), parsed(text)
    if complaint and whole.groups:
        head = text[: _outer(whole)]
        if _complaint(replace(head, "this", "(1 AS ?this)") + text[len(head) :]) is None:
            raise NotCovered(f"{shape}: a sh:select that is a query only where $this is a constant")
    if complaint:
        raise ShapesError(f"{shape}: sh:select is not a SPARQL query: {complaint}")
    if not whole.groups or not whole.gives_this or whole.rebinds_this:
        raise ShapesError(f"{shape}: sh:select and each sub-select in it must give $this, and none may set it")
    return text


def _prefixes(graph: ShapesGraph, node: Term) -> dict[str, str]:
    found = dict(STANDARD)
    owners = graph.objects(node, sh("prefixes"))[:]
    for owner in owners:
        owners += [more for more in graph.objects(owner, IMPORTS) if more not in owners]
        for declaration in graph.objects(owner, sh("declare")):
            names, spaces = graph.objects(declaration, sh("prefix")), graph.objects(declaration, sh("namespace"))
            if len(names) != 1 or len(spaces) != 1:
                raise ShapesError(f"{name_of(owner)}: sh:declare needs one sh:prefix and one sh:namespace")
            found[name_of(names[0])] = name_of(spaces[0])
    return found


def _complaint(text: str) -> str | None:
    try:
        Store().query(text)
    except SyntaxError as error:
        # the parser goes on to list, over many lines, everything that it would have taken
        return str(error).partition(": expected")[0].splitlines()[0]
    return None
