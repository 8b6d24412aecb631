"""Checks that SHACL cannot make because it sees one graph: each fact is in a passage, and its words are in the document.

The rules have their names and messages in shapes/source.ttl.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from engine.report.findings import Places
from engine.store import Place, filled, select, sparql
from loaders.rdf.terms import BASE, ID, TG
from shacl import Data, Result, Shape, Shapes
from shacl.compiler import Compiler
from shacl.constraints import Fault, some
from shacl.data import MOST_SETS
from shacl.terms import TYPE, Term, component, name_of

TGS = f"{BASE}shapes#"
RULE = component("SPARQL")
COMPARED = (component("equals"), component("disjoint"))
VALUE, STATED = "?value", "?this ?stated ?value ."
_IN, _HASH, _FIRST = NamedNode(f"{TG}inDocument"), NamedNode(f"{TG}contentHash"), NamedNode(f"{TG}lineStart")
_FACTS = re.compile(f"{ID}(theme|project|participation|observation|call)/")
_SPARQL = sparql("attest")


def attest(data: Data, shapes: Shapes, documents: Iterable[Path] = ()) -> Iterator[Result]:
    """Facts of the current view in no passage, properties that nobody declares, words that are not in their documents.

    ``data`` is that of a store. Words are looked up in the documents given; of those the store must know the hash.
    """
    store = data.store
    assert store is not None
    stated, declared = shapes.get(NamedNode(f"{TGS}FactStated")), shapes.get(NamedNode(f"{TGS}TermDeclared"))
    for fact in _unstated(data, store):
        path = str(fact.predicate)
        yield Result(fact.subject, path, RULE, stated, fact.object)
    for term in sorted(data.figures.properties):
        node = NamedNode(term)
        if term.startswith(TG) and next(store.quads_for_pattern(node, TYPE, None, DefaultGraph()), None) is None:
            yield Result(node, None, RULE, declared, None)
    yield from _misquoted(store, shapes.get(NamedNode(f"{TGS}WordsStand")), documents)


def _unstated(data: Data, store: Store) -> Iterator[Quad]:
    """Facts of the current view that no passage states and that are not derived."""
    # things are quicker listed by their class than by all that is said of them
    properties = [TYPE, *(NamedNode(name) for name in data.figures.untyped if name.startswith(TG))]
    listed = " UNION ".join(f"{{ ?this {one} ?value }}" for one in properties)
    derived = {
        q.subject for q in store.quads_for_pattern(None, NamedNode(f"{TG}derived"), Literal(True), DefaultGraph())
    }
    for subject in (row["this"] for row in select(store, _SPARQL["of_no_row"], listed=listed)):
        if not isinstance(subject, NamedNode) or not _FACTS.match(subject.value):
            continue
        for quad in store.quads_for_pattern(subject, None, None, DefaultGraph()):
            if quad.predicate in derived or not quad.predicate.value.startswith(TG):
                continue
            graphs = (q.graph_name for q in store.quads_for_pattern(subject, quad.predicate, quad.object, None))
            if not any(isinstance(graph, NamedNode) and graph.value.startswith(ID) for graph in graphs):
                yield quad


def _misquoted(store: Store, rule: Shape, documents: Iterable[Path]) -> Iterator[Result]:
    from loaders.document import pages

    places = Places(store)
    for path in documents:
        document = pages.read(path)
        lines = {line.number: line.text for line in document.lines}
        for node in store.quads_for_pattern(None, _HASH, Literal(document.sha256), DefaultGraph()):
            for passage in sorted(
                {quad.subject for quad in store.quads_for_pattern(None, _IN, node.subject, None)}, key=str
            ):
                place = places.passage(name_of(passage))
                if place is not None and not _words_match(place, lines):
                    value = Literal(place.words)
                    yield Result(passage, None, RULE, rule, value)


def _words_match(place: Place, lines: dict[int, str]) -> bool:
    """Whether a passage's words are those of its lines, white space collapsed."""
    if place.lineStart is None or place.lineEnd is None or not place.words:
        return False
    joined = " ".join(lines.get(number, "") for number in range(place.lineStart, place.lineEnd + 1))
    return " ".join(place.words.split()) in " ".join(joined.split())


def check_passages(data: Data, shapes: Shapes) -> Iterator[Result]:
    """Results for values that stand in a passage's graph alone, checked like those that the current view shows.

    A passage is a fragment, so nothing that counts or compares values applies to it; what a single value must be like
    does. Only property shapes whose path is one property and whose targets are classes take part; the class of the thing,
    and whatever a value points to, is that of the current view. A thing that only the passage describes was set aside,
    with a conflict that says so: it is not judged here. Raises NotCovered for shapes that no query can express.
    """
    compiler = Compiler(shapes, data)
    elsewhere: dict[NamedNode, bool] = {}
    for shape in shapes:
        if shape.deactivated or not any(target.kind == "targetClass" for target in shape.targets):
            continue
        for child in compiler.constraints.property_shapes(shape):
            predicate = child.path.predicate if child.path is not None else None
            if predicate is None or child.deactivated:
                continue
            if predicate not in elsewhere:
                few = data.figures.statements(predicate) <= MOST_SETS
                names = "said_at_all", "said_elsewhere" if few else "looked_up"
                queries = (filled(_SPARQL[name], property=predicate) for name in names)
                elsewhere[predicate] = all(any(data.query(query, data.both)) for query in queries)
            if elsewhere[predicate]:
                faults = [f for f in compiler.constraints.faults(child, "?this", (VALUE, STATED)) if _of_value(f)]
                yield from _property(data, child, predicate, faults, compiler.targets(shape)) if faults else ()


def _of_value(fault: Fault) -> bool:
    return fault.pattern == STATED and fault.value == VALUE and not fault.also and fault.component not in COMPARED


def _set_aside(data: Data, value: Term, passage: NamedNode) -> bool:
    """Whether a value is a thing that its passage describes and the current view does not hold."""
    if not isinstance(value, NamedNode) or data.store is None:
        return False
    if next(data.store.quads_for_pattern(value, None, None, DefaultGraph()), None) is not None:
        return False
    return next(data.store.quads_for_pattern(value, TYPE, None, passage), None) is not None


def _property(data: Data, shape: Shape, predicate: NamedNode, faults: list[Fault], target: str) -> Iterator[Result]:
    flags = " ".join(f"({fault.condition} AS ?wrong{number})" for number, fault in enumerate(faults))
    wrong = some([fault.condition for fault in faults])
    query = filled(_SPARQL["wrong_values"], property=predicate, flags=flags, target=target, wrong=wrong)
    for row in data.query(query, data.both):
        if _set_aside(data, row["value"], row["passage"]):
            continue
        for number, fault in enumerate(faults):
            if row[f"wrong{number}"].value == "true":
                place = row["passage"].value
                yield Result(row["this"], str(shape.path), fault.component, shape, row["value"], stated_in=place)
