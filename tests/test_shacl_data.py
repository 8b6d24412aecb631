"""Data in two graphs: a check looks at the second one exactly when it must."""

from __future__ import annotations

from collections import Counter

import pyoxigraph as ox

from shacl import Data, validate
from shacl.compiler import Compiler
from shacl.judge import judge
from shacl.run import looks_at
from tests.test_shacl import PREFIXES, shapes_of

BESIDE = ox.NamedNode("http://example.org/beside")
SHAPES = """
:A a sh:NodeShape ; sh:targetClass :Theme ; sh:property [ sh:path :label ; sh:minCount 1 ] ;
    sh:property [ sh:path [ sh:inversePath :contactFor ] ; sh:minCount 1 ] .
:B a sh:NodeShape ; sh:targetClass :Contact ; sh:property [ sh:path :contactFor ; sh:class :Theme ; sh:maxCount 1 ] .
:C a sh:NodeShape ; sh:targetClass :Theme ; sh:closed true ; sh:ignoredProperties ( rdf:type ) ; sh:property [ sh:path :label ] .
"""


def store() -> ox.Store:
    loaded = ox.Store()
    loaded.load((PREFIXES + ":t a :Theme ; :label 't' . :u a :Theme .").encode(), ox.RdfFormat.TURTLE)
    more = ":p a :Contact ; :contactFor :t, :w . :u :secret 1 . :w a :Contact ; :contactFor :t ."
    loaded.load((PREFIXES + more).encode(), ox.RdfFormat.TURTLE, to_graph=BESIDE)
    return loaded


def test_results_are_those_of_the_merged_graphs() -> None:
    data, shapes = Data(store(), BESIDE), shapes_of(SHAPES)
    found = Counter(result.key for result in validate(data, shapes).results)
    assert found == Counter(result.key for result in judge(data.quads(), shapes))
    assert sum(found.values()) == 5


def test_a_check_that_names_nothing_of_the_second_graph_leaves_it_out() -> None:
    data, shapes = Data(store(), BESIDE), shapes_of(SHAPES)
    compiler = Compiler(shapes, data)
    looked = {
        check.component.value.rsplit("#")[-1]: data.graphs(check.query) for s in shapes for check in compiler.checks(s)
    }
    assert looked["ClosedConstraintComponent"] == looked["ClassConstraintComponent"] == [ox.DefaultGraph(), BESIDE]
    plain = [
        c
        for s in shapes
        for c in compiler.checks(s)
        if "label" in c.query and "closed" not in c.component.value.lower()
    ]
    assert plain
    assert {data.graphs(check.query) is None for check in plain} == {True}


def test_without_a_second_graph_the_default_graph_is_all() -> None:
    data, shapes = Data(store()), shapes_of(SHAPES)
    assert len(list(data.quads())) == 3
    compiler = Compiler(shapes, data)
    assert {data.graphs(check.query) is None for shape in shapes for check in compiler.checks(shape)} == {True}


def test_shapes_that_find_nothing_in_the_default_graph_are_told() -> None:
    data = Data(store(), BESIDE)
    assert looks_at(data, shapes_of(SHAPES))
    assert not looks_at(data, shapes_of(":B sh:targetClass :Nothing ; sh:nodeKind sh:IRI ."))
