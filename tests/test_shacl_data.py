"""Data in two graphs: a check looks at the second one exactly when it must."""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from shacl import Data, DataError, validate
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


# files as strangers have them

WRONG = '<http://example.org/a> <http://example.org/n> "x" .\n'
NUMBERS = ":N sh:targetSubjectsOf :n ; sh:property [ sh:path :n ; sh:datatype xsd:integer ] ."


def test_a_file_may_begin_with_a_mark_or_be_packed(tmp_path: Path) -> None:
    marked, packed = tmp_path / "marked.nt", tmp_path / "packed.nt.gz"
    marked.write_bytes(b"\xef\xbb\xbf" + WRONG.encode())
    packed.write_bytes(gzip.compress(WRONG.encode()))
    for path in (marked, packed):
        assert len(validate(path, shapes_of(NUMBERS)).results) == 1


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("cut.nt.gz", gzip.compress(WRONG.encode() * 1000)[:-9], "cannot be read: Compressed file ended"),
        ("plain.nt.gz", WRONG.encode(), "cannot be read: Not a gzipped file"),
        (
            "far.jsonld",
            b'{"@context": "https://schema.org/", "@id": "http://example.org/a"}',
            "its @context is an address",
        ),
        ("wide.ttl", "@prefix : <http://example.org/> .".encode("utf-16"), ":1: .*UTF-8"),
        ("data.csv", b"a,b", "not an RDF file; expected one of .ttl"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_error(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError, match=f"{name}.*{message}"):
        validate(path, shapes_of(NUMBERS))


@pytest.mark.parametrize(
    ("shape", "note"),
    [
        (":S sh:targetClass :T ; sh:js [ sh:jsFunctionName 'f' ] .", "S: sh:js is not checked"),
        (":S sh:targetClass :T ; sh:pattern 'a' ; sh:flags 'gi' .", "S: sh:flags: g is unknown"),
        (":S a sh:NodeShape , <http://www.w3.org/2002/07/owl#Class> ; sh:nodeKind sh:IRI .", "S is an owl:Class"),
    ],
)
def test_what_is_not_checked_is_named(shape: str, note: str) -> None:
    report = validate(Data(store()), shapes_of(shape))
    assert [said for said in report.notes if note in said]


def test_a_property_of_single_values_needs_no_count() -> None:
    """The query for two values is left out where no node has two, and only there."""
    shapes = shapes_of(":S sh:targetClass :T ; sh:property [ sh:path :n ; sh:maxCount 1 ] .")
    one, two = ox.Store(), ox.Store()
    one.load((PREFIXES + ":a a :T ; :n 1 . :b a :T ; :n 2 .").encode(), ox.RdfFormat.TURTLE)
    two.load((PREFIXES + ":a a :T ; :n 1 , 2 .").encode(), ox.RdfFormat.TURTLE)
    (shape,) = [shape for shape in shapes if shape.path is None]
    for loaded, left in ((one, 0), (two, 1)):
        data = Data(loaded)
        compiler = Compiler(shapes, data)
        assert sum(not compiler.settled(check) for check in compiler.checks(shape)) == left
        assert len(validate(data, shapes).results) == left
