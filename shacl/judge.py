"""The same results from pySHACL, for the shapes that no query can express."""

import contextlib
import logging
import re
import warnings
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import Any

import pyshacl
import rdflib
import rdflib.query
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple
from pyshacl import errors
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query

from shacl.shapes import ADVANCED, TARGETS, Result, Shape, Shapes
from shacl.terms import SH, TYPE, XSD, ShapesError, ShapesGraph, Term, sh

ERRORS = (
    *(errors.ConstraintLoadError, errors.ReportableRuntimeError, errors.RuleLoadError, errors.ShapeLoadError),
    *(errors.ValidationFailure, NotImplementedError),
)
_SHACL = rdflib.Namespace(SH)


_prepared = lru_cache(maxsize=1024)(prepareQuery)


class _Graph(rdflib.Graph):
    """A data graph that parses a query once: pySHACL sends each SPARQL constraint's text for every focus node anew."""

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> rdflib.query.Result:
        """Run a query, from the prepared one where the text was seen before."""
        prepared = _prepared(query_object) if isinstance(query_object, str) else query_object
        return super().query(prepared, *args, **kwargs)


def judge(data: Iterable[Quad | Triple], shapes: Shapes, only: Collection[Shape] | None = None) -> Iterator[Result]:
    """Validate triples with pySHACL against the shapes with targets, or some of them."""
    graph = to_rdflib(data, _Graph(bind_namespaces="none"))
    advanced = any(shape.values(name) for shape in only or shapes for name in ADVANCED)
    with _quiet():
        try:
            _, report, text = pyshacl.validate(
                graph, shacl_graph=_shapes_graph(shapes, only), advanced=advanced, inplace=True
            )
        except ERRORS as error:
            raise ShapesError(f"pySHACL refuses the shapes: {_line(error)}") from error
        except Exception as error:  # rdflib raises all kinds for queries that it cannot evaluate
            raise ShapesError(f"pySHACL fails on the shapes: {type(error).__name__}: {_line(error)}") from error
    if not isinstance(report, rdflib.Graph):
        raise ShapesError(f"pySHACL gives no report: {text}")
    return _results(report, shapes)


def _shapes_graph(shapes: Shapes, only: Collection[Shape] | None) -> rdflib.Graph:
    """The shapes without the targets of those that are not asked for.

    Each query has its prefixes written out: pySHACL does not follow ``owl:imports`` to them.
    """
    left_out = {shape.node for shape in shapes if only is not None and shape not in only}
    targets = {sh(name) for name in (*TARGETS, "target")}

    def is_target(predicate: Term, value: Term) -> bool:
        return predicate in targets or (predicate == TYPE and value in shapes.graph.metaclasses)

    triples = (t for t in shapes.graph.triples if t.subject not in left_out or not is_target(t.predicate, t.object))
    graph = to_rdflib(triples)
    for name in ("select", "ask"):
        for node, text in shapes.graph.pairs(sh(name)):
            stated, _ = shapes.graph.with_prefixes(node, text.value, node)  # type: ignore[union-attr]
            graph.set((_to_rdflib(node), _SHACL[name], rdflib.Literal(stated)))
    return graph


def to_rdflib(triples: Iterable[Quad | Triple], graph: rdflib.Graph | None = None) -> rdflib.Graph:
    """The triples in an rdflib graph, with the same blank node names and lexical forms."""
    graph = rdflib.Graph(bind_namespaces="none") if graph is None else graph
    with _quiet():
        for triple in triples:
            graph.add((_to_rdflib(triple.subject), _to_rdflib(triple.predicate), _to_rdflib(triple.object)))
    return graph


def _results(report: rdflib.Graph, shapes: Shapes) -> Iterator[Result]:
    for node in report.objects(None, _SHACL.result):
        properties = {str(name).removeprefix(SH): value for name, value in report.predicate_objects(node)}
        shape = shapes.get(_from_rdflib(properties["sourceShape"]))
        value = _from_rdflib(properties["value"]) if "value" in properties else None
        component = _from_rdflib(properties["sourceConstraintComponent"])
        assert isinstance(component, NamedNode)
        messages = _messages(shapes.graph, shape, properties.get("sourceConstraint"), report, node)
        stated, path = properties.get("resultPath"), str(shape.path) if shape.path is not None else None
        if isinstance(stated, rdflib.URIRef):  # one that is a blank node is the shape's own
            path = str(_from_rdflib(stated))
        yield Result(_from_rdflib(properties["focusNode"]), path, component, shape, value, messages)


def _messages(
    shapes: ShapesGraph, shape: Shape, constraint: rdflib.term.Node | None, report: rdflib.Graph, node: rdflib.term.Node
) -> tuple[Literal, ...]:
    """The messages with their languages, which pySHACL drops from those it fills: matched again by their template."""
    if constraint is None:
        return shape.messages
    templates = [m for m in shapes.objects(_from_rdflib(constraint), sh("message")) if isinstance(m, Literal)]
    texts = sorted(str(text) for text in report.objects(node, _SHACL.resultMessage))
    messages = []
    for template in templates or shape.messages:
        form = "".join(
            ".*" if part[:1] == "{" else re.escape(part) for part in re.split(r"(\{[?$]\w+\})", template.value)
        )
        text = next((text for text in texts if re.fullmatch(form, text, re.DOTALL)), template.value)
        messages.append(Literal(text, language=template.language) if template.language else Literal(text))
    return tuple(messages)


def _to_rdflib(term: Term) -> rdflib.URIRef | rdflib.BNode | rdflib.Literal:
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if not isinstance(term, Literal):
        raise ShapesError("pySHACL does not read quoted triples")
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = term.datatype.value
    return rdflib.Literal(
        term.value, datatype=None if datatype == XSD + "string" else rdflib.URIRef(datatype), normalize=False
    )


def _from_rdflib(node: rdflib.term.Node) -> Term:
    if isinstance(node, rdflib.URIRef):
        return NamedNode(str(node))
    if isinstance(node, rdflib.BNode):
        return BlankNode(str(node))
    assert isinstance(node, rdflib.Literal)
    if node.language:
        return Literal(str(node), language=node.language)
    return Literal(str(node), datatype=NamedNode(str(node.datatype))) if node.datatype else Literal(str(node))


def _line(error: Exception) -> str:
    text = str(getattr(error, "message", "") or error.args[0] if error.args else type(error).__name__)
    return " ".join(str(text).split())


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep rdflib's log of ill-typed literals and pySHACL's of its own steps off the terminal: results tell it."""
    before = logging.root.manager.disable
    logging.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", errors.ShapeRecursionWarning)
            yield
    finally:
        logging.disable(before)
