"""Data in two graphs: a check looks at the second one exactly when it must."""

from __future__ import annotations

import gzip
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

from shacl import Data, DataError, validate
from shacl.compiler import Compiler
from shacl.judge import judge
from shacl.run import looks_at
from tests.cases import each
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
        ("data.hdt", b"$HDT\x01", "not an RDF file; expected one of .ttl"),
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


@each(
    ("constraint", "data", "left"),
    [
        ("sh:maxCount 1", ":a a :T ; :n 1 . :b a :T ; :n 2 . :z :n 1, 2 .", 0),
        ("sh:maxCount 1", ":a a :T ; :n 1, 2 .", 1),
        ("sh:minCount 1", ":a a :T ; :n 1 . :b a :T ; :n 2, 3 . :z a :U .", 0),
        ("sh:minCount 1", ":a a :T ; :n 1 . :b a :T . :z :n 2 .", 1),
        ("sh:maxCount 0", ":a a :T . :z :n 1 .", 0),
        ("sh:maxCount 0", ":a a :T ; :n 1 .", 1),
        ("sh:datatype xsd:date", ":a a :T . :z :n 1 .", 0),
        ("sh:datatype xsd:date", ":a a :T, :U ; :n 1 .", 1),
        (
            "sh:minCount 1",
            ":a a :Sub . :b a :T ; :n 1 . :Sub <http://www.w3.org/2000/01/rdf-schema#subClassOf> :T .",
            1,
        ),
    ],
)
def test_what_the_counts_of_a_class_settle_is_not_asked(constraint: str, data: str, left: int) -> None:
    shapes = shapes_of(f":S sh:targetClass :T ; sh:property [ sh:path :n ; {constraint} ] .")
    loaded = ox.Store()
    loaded.load((PREFIXES + data).encode(), ox.RdfFormat.TURTLE)
    given = Data(loaded)
    compiler = Compiler(shapes, given)
    (shape,) = [shape for shape in shapes if shape.path is None]
    assert sum(not compiler.settled(check) for check in compiler.checks(shape)) == left
    assert len(validate(given, shapes).results) == left


@each("constraint", ["sh:maxCount 1", "sh:minCount 1", "sh:maxCount 0"])
@each(
    ("first", "second"),
    [
        (":a a :T ; :n 1", ":a :n 2"),
        (":a a :T", ":a :n 1, 2"),
        (":a a :T . :b a :T ; :n 1", ":a :n 1"),
        (":a a :T ; :n 1", ":a a :T"),
        (":a a :T", ":b a :T ; :n 1"),
    ],
)
def test_counts_of_two_graphs_are_those_of_both(constraint: str, first: str, second: str) -> None:
    """A thing may have its class in one graph and its values in the other, or a value in each."""
    shapes = shapes_of(f":S sh:targetClass :T ; sh:property [ sh:path :n ; {constraint} ] .")
    apart, merged = ox.Store(), ox.Store()
    for text, graph in ((first, ox.DefaultGraph()), (second, BESIDE)):
        apart.load(f"{PREFIXES}{text} .".encode(), ox.RdfFormat.TURTLE, to_graph=graph)
        merged.load(f"{PREFIXES}{text} .".encode(), ox.RdfFormat.TURTLE)
    assert validate(Data(apart, BESIDE), shapes).results == validate(merged, shapes).results


# shapes and data as users have them

BOUND = ":S a sh:NodeShape ; sh:targetClass :C ; sh:property [ sh:path :p ; %s ] ."


def test_shapes_may_be_in_any_rdf_format(tmp_path: Path) -> None:
    triples = list(ox.parse(PREFIXES + BOUND % "sh:in ( 2 3 )", ox.RdfFormat.TURTLE))
    named = [ox.Quad(*triple.triple, ox.NamedNode("urn:g")) for triple in triples]
    forms = {"trig": ox.RdfFormat.TRIG, "nq": ox.RdfFormat.N_QUADS}
    plain = {"jsonld": ox.RdfFormat.JSON_LD, "rdf": ox.RdfFormat.RDF_XML, "nt": ox.RdfFormat.N_TRIPLES}
    for suffix, form in (forms | plain).items():
        path = tmp_path / f"shapes.{suffix}"
        ox.serialize(named if suffix in forms else [quad.triple for quad in triples], str(path), form)
        data = ox.parse(PREFIXES + ":a a :C ; :p 1 .", ox.RdfFormat.TURTLE)
        assert [result.parameter for result in validate(data, path).results] == ["in"], suffix


def test_shapes_that_are_imported_from_beside_are_read_and_others_named(tmp_path: Path) -> None:
    """Section 3.1: a processor should follow owl:imports; nothing is fetched, and no other folder is looked into."""
    inside, outside = tmp_path / "in" / "more", tmp_path / "outside.ttl"
    inside.mkdir(parents=True)
    outside.write_text(PREFIXES + BOUND % "sh:maxCount 0", encoding="utf-8")
    imports = "@prefix owl: <http://www.w3.org/2002/07/owl#> . <> owl:imports <%s> ."
    (inside / "b.ttl").write_text(PREFIXES + imports % "../a.ttl" + BOUND % "sh:minCount 2", encoding="utf-8")
    given = tmp_path / "in" / "a.ttl"
    unusual = f"file:///%00.ttl>, <{'x' * 300}.ttl"
    listed = f"more/b.ttl>, <../outside.ttl>, <http://example.org/far>, <{unusual}"
    given.write_text(imports % listed, encoding="utf-8")
    report = validate(ox.parse(PREFIXES + ":a a :C ; :p 1 .", ox.RdfFormat.TURTLE), given)
    assert [result.parameter for result in report.results] == ["minCount"]
    # b.ttl looks for a.ttl above its folder: it was read already
    assert len(report.notes) == 4
    for name in ("outside.ttl", "http://example.org/far", "file:///%00.ttl", "xxx.ttl"):
        assert any(f"{name}, which is not read: give its file too" in note for note in report.notes)


@pytest.mark.parametrize(
    ("targets", "constraint", "wrong"),
    [
        ('"x", 5, "05"^^xsd:integer, "y"@en', "sh:datatype xsd:integer", {'"x"', '"y"@en'}),
        ('5, "05"^^xsd:integer', 'sh:pattern "^0"', {'"5"^^<http://www.w3.org/2001/XMLSchema#integer>'}),
        ("1, :a", "sh:nodeKind sh:IRI", {'"1"^^<http://www.w3.org/2001/XMLSchema#integer>'}),
    ],
)
def test_literals_may_be_focus_nodes(targets: str, constraint: str, wrong: set[str]) -> None:
    report = validate([], shapes_of(f":S sh:targetNode {targets} ; {constraint} ."))
    assert {str(result.focus) for result in report.results} == wrong


@each(
    ("constraint", "wrong"),
    [
        ("sh:uniqueLang true", 1),
        ('sh:languageIn ( "EN" )', 0),
        ('sh:in ( "x"@en "y"@EN "z"@EN-GB )', 0),
        ('sh:hasValue "x"@en', 0),
        ("sh:minCount 4", 1),
    ],
)
def test_the_case_of_a_language_tag_is_of_no_meaning(constraint: str, wrong: int) -> None:
    data = ox.parse(PREFIXES + ':a a :C ; :p "x"@EN, "y"@en, "z"@en-gb .', ox.RdfFormat.TURTLE)
    assert len(validate(data, shapes_of(BOUND % constraint)).results) == wrong


def forms(texts: Iterable[str], datatype: str) -> str:
    return ", ".join(f'"{form}"^^xsd:{datatype}' for form in texts)


DAYS = ("2020-01-01", "2020-01-01Z", "2020-01-01+02:00", "2020-01-02Z", "2020-01-02-14:00", "2019-12-30", "2020-02-30")


@pytest.mark.parametrize(
    ("limit", "wrong"),
    [
        # a day with a time zone and one without have an order if they are more than 14 hours apart (XSD, section 3.2.7.4)
        ("2020-01-01", {"2020-01-01Z", "2020-01-01+02:00", "2019-12-30", "2020-02-30"}),
        ("2020-01-01Z", {"2020-01-01", "2020-01-01+02:00", "2019-12-30", "2020-02-30"}),
    ],
)
def test_days_with_time_zones_have_the_order_of_xsd(limit: str, wrong: set[str]) -> None:
    text = f"{PREFIXES}:a a :C ; :p {forms(DAYS, 'date')} ."
    shapes = shapes_of(BOUND % f'sh:minInclusive "{limit}"^^xsd:date')
    report = validate(ox.parse(text, ox.RdfFormat.TURTLE), shapes)
    assert {result.value.value for result in report.results if isinstance(result.value, ox.Literal)} == wrong


@each(
    ("datatype", "right", "ill"),
    [
        ("integer", ["+5", "-007"], ["abc", "1.0", " 5", "٣", "0x1", ""]),
        ("date", ["2020-02-29Z"], ["2020-02-30", "2020-1-1", "01.01.2020"]),
        ("boolean", ["1", "false"], ["yes", "TRUE", ""]),
        ("hexBinary", ["0aFF"], ["0x1", "abc"]),
        ("duration", ["P1Y", "-PT0.5S"], ["P", "1Y"]),
        ("time", ["24:00:00", "09:00:00.5Z"], ["24:00:01", "9:00:00"]),
        ("byte", ["-128", "+7"], ["128", "1.0"]),
    ],
)
def test_a_literal_that_is_no_form_of_its_datatype_is_found(datatype: str, right: list[str], ill: list[str]) -> None:
    text = f"{PREFIXES}:a a :C ; :p {forms(right + ill, datatype)} ."
    report = validate(ox.parse(text, ox.RdfFormat.TURTLE), shapes_of(BOUND % f"sh:datatype xsd:{datatype}"))
    assert {result.value.value for result in report.results if isinstance(result.value, ox.Literal)} == set(ill)


@pytest.mark.parametrize("kind", [":c%d", '"c%d"', '"0%d"^^xsd:integer'])
def test_a_long_list_has_the_answers_of_a_short_one(kind: str) -> None:
    """Files keep ``04`` and ``4`` apart; a member more or less makes the list a table or a comparison."""
    data = [*ox.parse(f"{PREFIXES}:a a :C ; :p {kind % 4}, {kind % 99}, 4 .", ox.RdfFormat.TURTLE)]
    found = []
    for size in (20, 90):
        shapes = shapes_of(BOUND % f"sh:in ( {' '.join(kind % number for number in range(size))} )")
        found.append({str(result.value) for result in validate(data, shapes).results})
    assert found[0] == found[1]
    assert len(found[0]) == 2


@pytest.mark.slow
def test_ten_thousand_values_and_thousands_of_shapes_take_seconds() -> None:
    """Neither compares each value with each member, nor each shape with each property."""
    members = " ".join(f'"c{number}"' for number in range(3000))
    many = " ".join(
        f":S{n} sh:targetClass :C{n} ; sh:property [ sh:path :p{n} ; sh:minCount 1 ] ." for n in range(1500)
    )
    text = " ".join(f':a{n} a :C ; :p "c{n % 3001}" .' for n in range(10_000)) + " ".join(
        f":b{n} a :C{n} ; :p{n} 1 ." for n in range(1499)
    )
    started = time.process_time()
    shapes = shapes_of(BOUND % f"sh:in ( {members} )" + many + ":b1499 a :C1499 .")
    report = validate(ox.parse(PREFIXES + text + ":b1499 a :C1499 .", ox.RdfFormat.TURTLE), shapes)
    assert Counter(result.parameter for result in report.results) == {"in": 3, "minCount": 1}
    assert time.process_time() - started < 15
