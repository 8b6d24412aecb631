"""Shapes compiled to SPARQL: every component and path gives pySHACL's results; what is broken or not covered is refused."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse

from shacl import Data, Report, Result, Shapes, ShapesError, validate
from shacl.compiler import Compiler
from shacl.judge import judge
from shacl.shapes import read_shapes
from shacl.terms import ShapesGraph, read_path, sh
from tests.cases import each

PREFIXES = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = """
:Cat rdfs:subClassOf :Animal . :Kitten rdfs:subClassOf :Cat .
:tom a :Cat ; :name "Tom"@en, "Tomi"@fi, "Tommi"@fi ; :age 3 ; :born "2021-05-01"^^xsd:date ; :died "2020-01-01"^^xsd:date ;
    :eats :mouse, "fish", [ a :Mouse ] ; :friend :tim, :rex ; :alias "Tom"@en .
:tim a :Kitten ; :name "Tim" ; :age 0, 1 ; :born "not a date"^^xsd:date ; :died "2030-01-01"^^xsd:date ; :eats :mouse ;
    :friend :tom ; :alias "Tim" .
:rex a :Dog ; :name "Rex"@sv-FI ; :age "12"^^xsd:decimal ; :friend :rex ; :likes :tom .
:mouse a :Mouse ; :name "" ; :age -1 .
:blank a :Animal .
_:stray a :Animal ; :name "a stray" ; :friend _:stray .
"""


def quads(text: str) -> ShapesGraph:
    return ShapesGraph(parse((PREFIXES + text).encode(), format=RdfFormat.TURTLE, rename_blank_nodes=True))


def store_of(text: str) -> Store:
    store = Store()
    store.extend(parse((PREFIXES + text).encode(), format=RdfFormat.TURTLE))
    return store


def shapes_of(text: str) -> Shapes:
    return read_shapes(quads(text))


def both(shapes: Shapes, store: Store) -> tuple[list[Result], list[Result]]:
    report = validate(store, shapes)
    assert report.by_pyshacl == {}
    return list(report.results), list(judge(store, shapes))


def assert_same(shapes: Shapes, store: Store, least: int = 1) -> list[Result]:
    compiled, judged = both(shapes, store)
    assert Counter(r.key for r in compiled) == Counter(r.key for r in judged)
    assert len(compiled) >= least
    return compiled


CONSTRAINTS = {
    "class": "sh:path :friend ; sh:class :Animal",
    "class twice": "sh:path :friend ; sh:class :Animal, :Dog",
    "datatype date": "sh:path :born ; sh:datatype xsd:date",
    "datatype integer": "sh:path :age ; sh:datatype xsd:integer",
    "datatype decimal": "sh:path :age ; sh:datatype xsd:decimal",
    "datatype string": "sh:path :name ; sh:datatype xsd:string",
    "datatype langString": "sh:path :name ; sh:datatype rdf:langString",
    "datatype of our own": "sh:path :name ; sh:datatype :own",
    "nodeKind IRI": "sh:path :eats ; sh:nodeKind sh:IRI",
    "nodeKind Literal": "sh:path :eats ; sh:nodeKind sh:Literal",
    "nodeKind BlankNode": "sh:path :eats ; sh:nodeKind sh:BlankNode",
    "nodeKind BlankNodeOrIRI": "sh:path :eats ; sh:nodeKind sh:BlankNodeOrIRI",
    "nodeKind IRIOrLiteral": "sh:path :eats ; sh:nodeKind sh:IRIOrLiteral",
    "nodeKind BlankNodeOrLiteral": "sh:path :eats ; sh:nodeKind sh:BlankNodeOrLiteral",
    "minCount": "sh:path :name ; sh:minCount 1",
    "minCount 3": "sh:path :name ; sh:minCount 3",
    "maxCount 0": "sh:path :age ; sh:maxCount 0",
    "maxCount": "sh:path :age ; sh:maxCount 1",
    "maxCount 2": "sh:path :name ; sh:maxCount 2",
    "minInclusive": "sh:path :age ; sh:minInclusive 1",
    "minExclusive": "sh:path :age ; sh:minExclusive 0",
    "maxInclusive": "sh:path :age ; sh:maxInclusive 2.5",
    "maxExclusive": "sh:path :age ; sh:maxExclusive 3",
    "range of dates": 'sh:path :born ; sh:minInclusive "2022-01-01"^^xsd:date',
    "range of other kinds": "sh:path :name ; sh:minInclusive 1",
    "minLength": "sh:path :name ; sh:minLength 4",
    "minLength of nodes": "sh:path :eats ; sh:minLength 5",
    "minLength 0": "sh:path :eats ; sh:minLength 0 ; sh:maxCount 0",
    "maxLength": "sh:path :name ; sh:maxLength 3",
    "pattern": 'sh:path :name ; sh:pattern "^T.m"',
    "pattern and flags": 'sh:path :name ; sh:pattern "^t" ; sh:flags "i"',
    "pattern of nodes": 'sh:path :eats ; sh:pattern "mouse$"',
    "languageIn": 'sh:path :name ; sh:languageIn ( "fi" "sv" )',
    "languageIn region": 'sh:path :name ; sh:languageIn ( "sv-FI" )',
    "uniqueLang": "sh:path :name ; sh:uniqueLang true",
    "uniqueLang false": "sh:path :name ; sh:uniqueLang false ; sh:maxCount 0",
    "equals": "sh:path :name ; sh:equals :alias",
    "disjoint": "sh:path :name ; sh:disjoint :alias",
    "lessThan": "sh:path :born ; sh:lessThan :died",
    "lessThanOrEquals": "sh:path :age ; sh:lessThanOrEquals :age",
    "hasValue": "sh:path :friend ; sh:hasValue :tim",
    "hasValue literal": 'sh:path :name ; sh:hasValue "Tim"',
    "in": "sh:path :friend ; sh:in ( :tim :tom )",
    "in literals": 'sh:path :name ; sh:in ( "Tim" "Tom"@en 3 )',
    "in numbers": "sh:path :age ; sh:in ( 3 12 0 )",
    "not": "sh:path :friend ; sh:not [ sh:class :Dog ]",
    "and": "sh:path :friend ; sh:and ( [ sh:class :Animal ] [ sh:property [ sh:path :age ; sh:maxCount 1 ] ] )",
    "or": "sh:path :eats ; sh:or ( [ sh:datatype xsd:string ] [ sh:class :Dog ] )",
    "xone": "sh:path :friend ; sh:xone ( [ sh:class :Animal ] [ sh:property [ sh:path :age ; sh:minCount 1 ] ] )",
    "node": "sh:path :friend ; sh:node [ sh:property [ sh:path :name ; sh:datatype rdf:langString ; sh:maxCount 1 ] ]",
    "node deep": "sh:path :friend ; sh:node [ sh:property [ sh:path :friend ; sh:node [ sh:class :Dog ] ] ]",
    "property in property": "sh:path :friend ; sh:property [ sh:path :age ; sh:datatype xsd:integer ; sh:maxCount 1 ]",
    "property deep": "sh:path :friend ; sh:property [ sh:path :friend ; sh:property [ sh:path :name ; sh:maxCount 1 ] ]",
    "qualified min": "sh:path :friend ; sh:qualifiedValueShape [ sh:class :Dog ] ; sh:qualifiedMinCount 1",
    "qualified min 2": "sh:path :friend ; sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ; sh:qualifiedMinCount 2",
    "qualified max": "sh:path :friend ; sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ; sh:qualifiedMaxCount 1",
    "qualified max 0": "sh:path :friend ; sh:qualifiedValueShape [ sh:class :Dog ] ; sh:qualifiedMaxCount 0",
    "inverse path": "sh:path [ sh:inversePath :friend ] ; sh:maxCount 1",
    "sequence path": "sh:path ( :friend :name ) ; sh:maxCount 2",
    "sequence of sequences": "sh:path ( ( :friend :friend ) [ sh:inversePath ( :friend :friend ) ] ( :friend :name ) ) ; "
    "sh:maxCount 2 ; sh:class :Cat ; sh:maxLength 3",
    "alternative path": "sh:path [ sh:alternativePath ( :name :alias ) ] ; sh:maxCount 2",
    "zero or more path": "sh:path [ sh:zeroOrMorePath :friend ] ; sh:maxCount 2",
    "one or more path": "sh:path [ sh:oneOrMorePath :friend ] ; sh:class :Cat",
    "zero or one path": "sh:path [ sh:zeroOrOnePath :friend ] ; sh:class :Cat",
    "path of paths": "sh:path ( [ sh:inversePath :friend ] [ sh:zeroOrMorePath [ sh:alternativePath ( :friend :likes ) ] ] ) ; "
    "sh:nodeKind sh:Literal",
    "severity": "sh:path :name ; sh:minCount 3 ; sh:severity sh:Warning",
    "deactivated": "sh:path :name ; sh:maxCount 0 ; sh:property [ sh:path :age ; sh:minCount 1 ; sh:deactivated true ]",
    "closed node": "sh:path :friend ; sh:node [ sh:closed true ; sh:ignoredProperties ( rdf:type ) ; "
    "sh:property [ sh:path :name ] ]",
}
TARGETS = {
    "class": "sh:targetClass :Animal",
    "classes": "sh:targetClass :Cat, :Animal",
    "node": "sh:targetNode :tom, :rex, :nobody",
    "subjects": "sh:targetSubjectsOf :likes, :friend",
    "objects": "sh:targetObjectsOf :friend",
    "mixed": "sh:targetClass :Dog ; sh:targetNode :tom ; sh:targetObjectsOf :likes",
}
NODE_CONSTRAINTS = {
    "class": "sh:class :Cat",
    "nodeKind": "sh:nodeKind sh:BlankNode",
    "in": "sh:in ( :tom :rex )",
    "hasValue": "sh:hasValue :tom",
    "pattern": 'sh:pattern "t"',
    "equals": "sh:equals :friend",
    "disjoint": "sh:disjoint :friend",
    "closed": "sh:closed true ; sh:ignoredProperties ( rdf:type :age ) ; sh:property [ sh:path :name ]",
    "not": "sh:not [ sh:property [ sh:path :name ; sh:minCount 1 ] ]",
    "not closed": "sh:closed false ; sh:nodeKind sh:Literal",
    "nested not": "sh:not [ sh:not [ sh:or ( [ sh:class :Dog ] [ sh:property [ sh:path :age ; sh:maxInclusive 1 ] ] ) ] ]",
    "node with unique languages": "sh:node [ sh:property [ sh:path :name ; sh:uniqueLang true ; sh:equals :alias ] ]",
    "disjoint siblings": "sh:property [ sh:path :friend ; sh:qualifiedValueShape [ sh:class :Animal ] ; "
    "sh:qualifiedValueShapesDisjoint true ; sh:qualifiedMinCount 1 ] , "
    "[ sh:path :friend ; sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ; "
    "sh:qualifiedValueShapesDisjoint true ; sh:qualifiedMaxCount 0 ]",
}


@pytest.mark.parametrize("constraint", CONSTRAINTS.values(), ids=CONSTRAINTS.keys())
def test_a_constraint_on_a_property_gives_pyshacls_results(constraint: str) -> None:
    for target in ("sh:targetSubjectsOf rdf:type", "sh:targetClass :Animal, :Dog"):  # looked up, and scanned
        assert_same(shapes_of(f":S a sh:NodeShape ; {target} ; sh:property [ {constraint} ] ."), store_of(DATA))


@each("constraint", NODE_CONSTRAINTS.values(), ids=NODE_CONSTRAINTS.keys())
def test_a_constraint_on_a_node_gives_pyshacls_results(constraint: str) -> None:
    assert_same(shapes_of(f":S a sh:NodeShape ; sh:targetSubjectsOf rdf:type ; {constraint} ."), store_of(DATA))


@each("target", TARGETS.values(), ids=TARGETS.keys())
def test_a_target_gives_pyshacls_focus_nodes(target: str) -> None:
    assert_same(
        shapes_of(
            f":S a sh:NodeShape ; {target} ; sh:nodeKind sh:Literal ; sh:property [ sh:path :age ; sh:maxCount 0 ] ."
        ),
        store_of(DATA),
    )


def test_a_class_that_is_a_shape_is_its_own_target() -> None:
    assert_same(
        shapes_of(":Cat a sh:NodeShape, rdfs:Class ; sh:property [ sh:path :alias ; sh:minCount 2 ] ."),
        store_of(DATA),
        2,
    )


def test_a_property_shape_may_have_targets() -> None:
    assert_same(
        shapes_of(":S a sh:PropertyShape ; sh:targetClass :Cat ; sh:path :name ; sh:datatype xsd:string ."),
        store_of(DATA),
    )


def test_a_path_from_the_shapes_graph_is_reported_as_sparql_writes_it() -> None:
    shapes = shapes_of(
        ":S a sh:NodeShape ; sh:targetClass :Cat ; sh:property [ "
        "sh:path ( [ sh:inversePath :friend ] :name ) ; sh:maxCount 0 ] ."
    )
    paths = {result.path for result in assert_same(shapes, store_of(DATA))}
    assert paths == {"(^<http://example.org/friend>)/<http://example.org/name>"}


def test_a_subclass_whose_instances_are_stated_to_be_of_the_class_too_is_not_looked_up() -> None:
    store = store_of(":Cat rdfs:subClassOf :Animal . :tom a :Cat, :Animal .")
    shapes = shapes_of(":S a sh:NodeShape ; sh:targetClass :Animal ; sh:property [ sh:path :name ; sh:minCount 1 ] .")
    (check,) = Compiler(shapes, Data(store)).checks(shapes.get(next(iter(shapes)).node))
    assert "Cat" not in check.query
    store.extend(store_of(":tim a :Cat ."))
    (check,) = Compiler(shapes, Data(store)).checks(shapes.get(next(iter(shapes)).node))
    assert "Cat" in check.query


BY_PYSHACL = {
    "a blank node as a value": "sh:property [ sh:path :friend ; sh:hasValue [] ]",
    "a shape that refers to itself": "sh:property [ sh:path :friend ; sh:node :S ]",
    "a query in a condition": 'sh:not [ sh:sparql [ sh:select "SELECT $this WHERE { $this <http://example.org/age> 3 }" ] ]',
}
OTHER = ":Other a sh:NodeShape ; sh:targetClass :Dog ; sh:property [ sh:path :likes ; sh:maxCount 0 ] ."


@pytest.mark.parametrize("constraint", BY_PYSHACL.values(), ids=BY_PYSHACL.keys())
def test_what_no_query_can_express_goes_to_pyshacl_shape_by_shape(constraint: str) -> None:
    shapes = shapes_of(f":S a sh:NodeShape ; sh:targetClass :Cat ; {constraint} . {OTHER}")
    report = validate(store_of(DATA), shapes)
    assert set(report.by_pyshacl) == {"http://example.org/S"}
    wanted = Counter(result.key for result in judge(store_of(DATA), shapes))
    assert Counter(result.key for result in report.results) == wanted
    assert any(str(result.focus).endswith("rex>") for result in report.results)


def test_an_advanced_target_is_followed_by_pyshacl_and_never_passed_over() -> None:
    target = 'sh:target [ a sh:SPARQLTarget ; sh:select "SELECT ?this WHERE { ?this <http://example.org/age> 3 }" ]'
    report = validate(
        store_of(DATA), shapes_of(f":S a sh:NodeShape ; {target} ; sh:property [ sh:path :none ; sh:minCount 1 ] .")
    )
    assert "sh:target" in report.by_pyshacl["http://example.org/S"]
    assert [str(result.focus) for result in report.results] == ["<http://example.org/tom>"]


def test_look_ahead_is_checked_by_a_query() -> None:
    assert_same(
        shapes_of(':S sh:targetClass :Cat ; sh:property [ sh:path :name ; sh:pattern "T(?=i)" ] .'), store_of(DATA)
    )


STANDS = {
    "no target": (":S a sh:NodeShape ; sh:property [ sh:path :name ; sh:minCount 1 ] .", "no shape has a target"),
    "unknown term": (":S a sh:NodeShape ; sh:targetClass :Cat ; sh:minCont 1 .", "sh:minCont is not a term"),
    "undescribed shape": (":S sh:targetClass :Cat ; sh:node :T .", "not described"),
    "undescribed property": (":S sh:targetClass :Cat ; sh:property :T .", "not described"),
    "node shape with path": (":S a sh:NodeShape ; sh:targetNode :x ; sh:path :a .", "sh:NodeShape with a sh:path"),
    "two severities": (":S sh:targetClass :Cat ; sh:severity sh:Info, sh:Warning .", "several severities"),
    "path of one": (
        ":S sh:targetClass :Cat ; sh:property [ sh:path ( :name ) ; sh:minCount 0 ] .",
        "a list of one member",
    ),
    "property without path": (":S sh:targetClass :Cat ; sh:property [ sh:class :Cat ] .", "a shape without sh:path,"),
    "a rule": (":S sh:targetClass :Cat ; sh:rule [ sh:subject sh:this ] .", "sh:rule is not run"),
    "truth as a number": (
        ':S sh:targetClass :Cat ; sh:property [ sh:path :name ; sh:uniqueLang "1"^^xsd:boolean ] .',
        "not the literal true",
    ),
    "a prefix that only the file has": (
        ':S sh:targetClass :Cat ; sh:sparql [ sh:select "SELECT $this { $this :none 1 }" ] .',
        "is not declared by sh:prefixes",
    ),
}


@each(("text", "note"), STANDS.values(), ids=STANDS.keys())
def test_what_the_standard_lets_stand_is_noted_and_everything_else_is_checked(text: str, note: str) -> None:
    other = "" if note.startswith("no shape") else OTHER
    triples = parse((PREFIXES + text + other).encode(), format=RdfFormat.TURTLE)
    report = validate(store_of(DATA), read_shapes(ShapesGraph(triples, {"": "http://example.org/"})))
    assert any(note in line for line in report.notes)
    assert [str(result.focus) for result in report.results] == (["<http://example.org/rex>"] if other else [])


BROKEN = {
    "no path": (":S a sh:PropertyShape ; sh:targetClass :Cat ; sh:class :Cat .", "without sh:path"),
    "count without path": (":S sh:targetClass :Cat ; sh:minCount 1 .", "needs a sh:path"),
    "count of words": (':S sh:targetClass :Cat ; sh:property [ sh:path :a ; sh:minCount "one" ] .', "a whole number"),
    "two counts": (":S sh:targetClass :Cat ; sh:property [ sh:path :a ; sh:minCount 1, 2 ] .", "given 2 times"),
    "node kind": (":S sh:targetClass :Cat ; sh:nodeKind sh:Thing .", "a kind of node"),
    "empty path": (":S sh:targetClass :Cat ; sh:property [ sh:path [ sh:alternativePath () ] ; sh:minCount 1 ] .", "no members"),
    "broken path": (":S sh:targetClass :Cat ; sh:property [ sh:path [ :a :b ] ; sh:minCount 1 ] .", "not a SHACL property path"),
    "broken list": (":S sh:targetClass :Cat ; sh:in [ rdf:first :a ] .", "RDF list"),
    "qualified without count": (":S sh:targetClass :Cat ; sh:property [ sh:path :a ; sh:qualifiedValueShape [ sh:class :B ] ] .",
                                "without a count"),
    "pattern": (':S sh:targetClass :Cat ; sh:property [ sh:path :a ; sh:pattern "(" ] .', "no regular expression"),
    "entailment": ("<urn:s> sh:entailment <http://www.w3.org/ns/entailment/RDFS> . :S sh:targetClass :Cat .", "sh:entailment"),
    "class as literal": (':S sh:targetClass "Cat" ; sh:class :B .', "expected an IRI"),
    "two selects": (':S sh:targetClass :Cat ; sh:sparql [ sh:select "SELECT $this {}", "SELECT ?this {}" ] .', "exactly one"),
    "no query": (':S sh:targetClass :Cat ; sh:sparql [ sh:select "SELEKT $this {}" ] .', "not a SPARQL query"),
    "minus": (':S sh:targetClass :Cat ; sh:sparql [ sh:select "SELECT $this { $this :a ?b MINUS { $this :c ?b } }" ] .', "MINUS"),
    "no this": (':S sh:targetClass :Cat ; sh:sparql [ sh:select "SELECT ?x { ?x :a $this }" ] .', "must give $this"),
}  # fmt: skip


@each(("text", "complaint"), BROKEN.values(), ids=BROKEN.keys())
def test_broken_shapes_are_refused_and_say_why(text: str, complaint: str) -> None:
    store = store_of(DATA)
    text = text.replace("sh:select", "sh:prefixes <http://example.org/> ; sh:select")
    declared = '<http://example.org/> sh:declare [ sh:prefix "" ; sh:namespace "http://example.org/" ] .'
    with pytest.raises(ShapesError) as error:
        validate(store, shapes_of(text + declared))
    assert complaint in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("constraint", ['sh:minCount "x"', 'sh:pattern "("'])
def test_a_shape_without_a_name_is_told_by_the_shape_that_holds_it(constraint: str) -> None:
    text = f":S sh:targetClass :Cat ; sh:or ( [ sh:property [ sh:path :a ; {constraint} ] ] ) ."
    with pytest.raises(ShapesError) as error:
        validate(store_of(DATA), shapes_of(text))
    assert str(error.value).startswith("http://example.org/S (within it): ")


def test_a_shapes_file_that_does_not_parse_names_its_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("@prefix sh: <http://www.w3.org/ns/shacl#> .\n\n:S a sh:NodeShape .\n", encoding="utf-8")
    with pytest.raises(ShapesError, match=r"broken\.ttl:3: "):
        ShapesGraph.load([tmp_path])
    with pytest.raises(ShapesError, match="No such file"):
        ShapesGraph.load([tmp_path / "absent.ttl"])
    with pytest.raises(ShapesError, match="not an RDF file"):
        ShapesGraph.load([tmp_path / "shapes.docx"])
    broken.unlink()
    with pytest.raises(ShapesError, match="no shapes file"):
        ShapesGraph.load([tmp_path])


def test_blank_nodes_of_two_files_are_not_mixed_up(tmp_path: Path) -> None:
    for name in ("one", "two"):
        text = f"{PREFIXES} :{name} sh:targetClass :Cat ; sh:property _:p . _:p sh:path :{name} ; sh:minCount 1 ."
        (tmp_path / f"{name}.ttl").write_text(text, encoding="utf-8")
    shapes = read_shapes(ShapesGraph.load([tmp_path]))
    assert len([shape for shape in shapes if shape.path]) == 2


def test_a_nameless_shape_is_known_by_the_shape_that_holds_it() -> None:
    shapes = shapes_of(":S sh:targetClass :Cat ; sh:property [ sh:path :a ; sh:node [ sh:class :B ] ] .")
    assert {str(shapes.owner(shape)) for shape in shapes} == {"http://example.org/S"}


def report_of(data: str, shapes: str) -> Report:
    return validate(parse((PREFIXES + data).encode(), format=RdfFormat.TURTLE), shapes_of(shapes))


FORMS = {
    "pattern": ('"12.50"^^xsd:decimal, 12.5', 'sh:pattern "[.][0-9]{2}$"', ['"12.5"^^xsd:decimal']),
    "length": ('"091"^^xsd:integer, 91', "sh:minLength 3", ["91"]),
    "in": ('"007"^^xsd:integer, 7', 'sh:in ( "007"^^xsd:integer )', ["7"]),
    "byte": ('"5"^^xsd:byte, "300"^^xsd:byte, 5', "sh:datatype xsd:byte", ['"300"^^xsd:byte', "5"]),
    "integer": ('"5"^^xsd:int, "05"^^xsd:integer', "sh:datatype xsd:integer", ['"5"^^xsd:int']),
    "range": ('"07"^^xsd:integer, "3"^^xsd:byte, 9', "sh:minExclusive 7", ['"07"^^xsd:integer', '"3"^^xsd:byte']),
    "a large number": ("99999999999999999999999, 5", "sh:maxInclusive 6", ["99999999999999999999999"]),
    "not a number": ('"NaN"^^xsd:double, 5', "sh:minInclusive 1", ['"NaN"^^xsd:double']),
    "truth": ("true, false", "sh:minExclusive false", ["false"]),
}


@each(("values", "constraint", "wrong"), FORMS.values(), ids=FORMS.keys())
def test_statements_are_checked_by_their_lexical_forms(values: str, constraint: str, wrong: list[str]) -> None:
    report = report_of(f":a :v {values} .", f":S sh:targetSubjectsOf :v ; sh:property [ sh:path :v ; {constraint} ] .")
    expected = {q.object for q in parse(f"{PREFIXES} :a :v {', '.join(wrong)} .".encode(), format=RdfFormat.TURTLE)}
    assert {result.value for result in report.results} == expected
    assert len(report.results) == len(wrong)


def test_two_forms_of_one_number_are_two_values() -> None:
    shape = ":S sh:targetSubjectsOf :v ; sh:property [ sh:path :v ; sh:maxCount 1 ; sh:disjoint :w ; sh:equals :v ] ."
    report = report_of(':a :v "1.0"^^xsd:decimal, 1.00 ; :w 1.000 .', shape)
    assert [result.parameter for result in report.results] == ["maxCount"]


ORDERS = {
    "equal IRIs": (":a :v :x ; :w :x .", 1),
    "equal language strings": (':a :v "x"@en ; :w "x"@en .', 1),
    "not numbers": (':a :v "NaN"^^xsd:double ; :w "NaN"^^xsd:double .', 1),
    "booleans": (":a :v false ; :w true .", 0),
    "equal strings": (':a :v "x" ; :w "x" .', 0),
    "numbers of two types": (':a :v 1.5 ; :w "2"^^xsd:byte .', 0),
    "dates": (':a :v "2024-01-02"^^xsd:date ; :w "2024-01-01"^^xsd:date .', 1),
}


@each(("data", "wrong"), ORDERS.values(), ids=ORDERS.keys())
def test_less_than_or_equals_is_sparqls(data: str, wrong: int) -> None:
    shape = ":S sh:targetSubjectsOf :v ; sh:property [ sh:path :v ; sh:lessThanOrEquals :w ] ."
    assert len(report_of(data, shape).results) == wrong


def test_a_node_that_no_statement_names_is_checked() -> None:
    shape = ":S sh:targetNode :absent ; sh:path [ sh:zeroOrMorePath :broader ] ; sh:class :C ; sh:minCount 1 ."
    (result,) = report_of(":a :broader :b .", shape).results
    assert str(result.focus) == str(result.value) == "<http://example.org/absent>"
    data = ":p :lead :nobody ."
    assert len(report_of(data, ":S sh:targetObjectsOf :lead ; sh:class :Organisation .").results) == 1


def test_a_sum_over_a_focus_node_is_one_result() -> None:
    select = "SELECT $this (SUM(?v) AS ?value) { $this <http://example.org/p> ?v }"
    shape = f':S sh:targetClass :P ; sh:sparql [ sh:select "{select}" ] .'
    (result,) = report_of(":a a :P ; :p 1, 2 .", shape).results
    assert str(result.value) == '"3"^^<http://www.w3.org/2001/XMLSchema#integer>'


def test_shapes_without_names_have_the_same_names_in_every_run() -> None:
    text = "[] a sh:NodeShape ; sh:targetClass :Cat ; sh:property [ sh:path :none ; sh:minCount 1 ] ."
    names = set()
    for more in ("", ":T sh:targetClass :Dog ; sh:property [ sh:path :a ; sh:class :B ] ."):
        report = validate(store_of(DATA), shapes_of(more + text))
        names |= {report.shapes.name(result.shape) for result in report.results}
    assert len(names) == 1
    assert names.pop().startswith("urn:shape:")


def test_a_report_is_turtle_with_whole_paths_and_the_same_each_time() -> None:
    text = (
        ":S sh:targetClass :Cat ; sh:path [ sh:alternativePath ( ( :a :b ) [ sh:inversePath :c ] ) ] ; sh:minCount 1 ."
    )
    one, other = (validate(store_of(DATA), shapes_of(text)).turtle() for _ in range(2))
    graph = ShapesGraph(parse(one.encode(), format=RdfFormat.TURTLE))
    (report,) = graph.instances(sh("ValidationReport"))
    results = graph.objects(report, sh("result"))
    assert one == other
    assert {str(read_path(graph, path)) for node in results for path in graph.objects(node, sh("resultPath"))} == {
        "(<http://example.org/a>/<http://example.org/b>)|(^<http://example.org/c>)"
    }


def test_files_and_a_function_that_answers_queries_are_data_too(tmp_path: Path) -> None:
    path = tmp_path / "data.ttl"
    path.write_text(PREFIXES + DATA, encoding="utf-8")
    shapes = shapes_of(":S sh:targetClass :Cat ; sh:property [ sh:path :name ; sh:maxCount 1 ] .")
    store = store_of(DATA)
    reports = [validate(source, shapes) for source in (path, [path], store, store.query)]
    assert {len(report.results) for report in reports} == {1}
