"""``sh:sparql`` constraints: the author's SELECT, joined to all focus nodes at once where that means the same.

SHACL evaluates the query once for each focus node with ``$this`` bound beforehand. One query over all focus nodes gives
the same rows if ``$this`` is projected, no aggregate or LIMIT works across focus nodes, and no group of the query looks
at ``$this`` in an expression alone, where it would be unbound. Otherwise the query is run for each focus node.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Store

from engine.shacl.errors import ShapesError
from engine.shacl.graph import ShapesGraph
from engine.shacl.shapes import Shape
from engine.shacl.terms import RDF, RDFS, Term, name_of, sh
from engine.shacl.tokens import body, replace, same_for_all, words
from engine.shacl.values import constant

REFUSED = {"MINUS", "VALUES", "SERVICE", "?SHAPESGRAPH"}
STANDARD = {"rdf": RDF, "rdfs": RDFS, "owl": "http://www.w3.org/2002/07/owl#"}
"""Prefixes that need no ``sh:declare``: pySHACL binds them always."""


@dataclass(frozen=True, slots=True)
class Select:
    """One ``sh:sparql`` constraint of a shape: its query with prefixes, and the messages it speaks."""

    node: Term
    text: str
    messages: tuple[Literal, ...]

    def for_all(self, targets: str) -> str | None:
        """The query over all focus nodes of a target pattern, None where that would not mean the same."""
        start = body(self.text)
        if start is None or not same_for_all(self.text):
            return None
        text = _rename(self.text[: start + 1] + f" {targets} " + self.text[start + 1 :])
        return text if _parses(text) else None

    def for_one(self, focus: Term) -> str:
        """The query of one focus node, ``$this`` replaced by it."""
        start = body(self.text) or 0
        head = replace(self.text[:start], "this", f"({constant(focus)} AS ?this)")
        return head + replace(self.text[start:], "this", constant(focus))


def read_selects(graph: ShapesGraph, shape: Shape) -> Iterator[Select]:
    """The shape's SPARQL constraints that are not deactivated."""
    for node in shape.values("sparql"):
        texts = graph.objects(node, sh("select"))
        if len(texts) != 1 or not isinstance(texts[0], Literal):
            raise ShapesError(f"{shape}: sh:sparql needs exactly one sh:select")
        if any(name_of(value) == "true" for value in graph.objects(node, sh("deactivated"))):
            continue
        messages = tuple(m for m in graph.objects(node, sh("message")) if isinstance(m, Literal))
        yield Select(node, _prepared(graph, shape, node, texts[0].value), messages)


def _prepared(graph: ShapesGraph, shape: Shape, node: Term, text: str) -> str:
    seen = words(text)
    for refused in sorted(seen & REFUSED):
        raise ShapesError(f"{shape}: {refused} is not allowed in a sh:select")
    text = replace(text, "currentShape", str(shape.node))
    if shape.path is not None:
        text = replace(text, "PATH", str(shape.path))
    elif "?PATH" in seen:
        raise ShapesError(f"{shape}: $PATH in a shape without sh:path")
    prefixes = "".join(f"PREFIX {name}: <{space}>\n" for name, space in _prefixes(graph, node).items())
    text = prefixes + text
    if not _parses(_rename(text)) and not _parses(Select(node, text, ()).for_one(_SAMPLE)):
        raise ShapesError(f"{shape}: sh:select is not a SPARQL query: {_complaint(text)}")
    return text


_SAMPLE = NamedNode("urn:focus")


def _prefixes(graph: ShapesGraph, node: Term) -> dict[str, str]:
    found = dict(STANDARD)
    for owner in graph.objects(node, sh("prefixes")):
        for declaration in graph.objects(owner, sh("declare")):
            names, spaces = graph.objects(declaration, sh("prefix")), graph.objects(declaration, sh("namespace"))
            if len(names) != 1 or len(spaces) != 1:
                raise ShapesError(f"{name_of(owner)}: sh:declare needs one sh:prefix and one sh:namespace")
            found[name_of(names[0])] = name_of(spaces[0])
    return found


def _rename(text: str) -> str:
    return replace(text, "this", "?this")


def _parses(text: str) -> bool:
    try:
        Store().query(text)
    except SyntaxError:
        return False
    return True


def _complaint(text: str) -> str:
    try:
        Store().query(_rename(text))
    except SyntaxError as error:
        return str(error)
    return "no complaint"
