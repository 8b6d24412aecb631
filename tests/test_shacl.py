"""Shapes compiled to SPARQL: every component and path gives pySHACL's results; what is broken or not covered is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse

from shacl.classes import Classes
from shacl.compiler import Compiler
from shacl.data import Data
from shacl.errors import NotCovered, ShapesError
from shacl.graph import ShapesGraph
from shacl.judge import judge
from shacl.results import Result, run
from shacl.shapes import Shapes, read_shapes

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
    return list(run(Data(store), shapes)), list(judge(store, shapes))


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
    assert_same(
        shapes_of(f":S a sh:NodeShape ; sh:targetSubjectsOf rdf:type ; sh:property [ {constraint} ] ."), store_of(DATA)
    )


@pytest.mark.parametrize("constraint", NODE_CONSTRAINTS.values(), ids=NODE_CONSTRAINTS.keys())
def test_a_constraint_on_a_node_gives_pyshacls_results(constraint: str) -> None:
    assert_same(shapes_of(f":S a sh:NodeShape ; sh:targetSubjectsOf rdf:type ; {constraint} ."), store_of(DATA))


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS.keys())
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
    (check,) = Compiler(shapes, Classes(store)).checks(shapes.get(next(iter(shapes)).node))
    assert "Cat" not in check.query
    store.extend(store_of(":tim a :Cat ."))
    (check,) = Compiler(shapes, Classes(store)).checks(shapes.get(next(iter(shapes)).node))
    assert "Cat" in check.query


NOT_COVERED = {
    "a datatype the store folds": "sh:property [ sh:path :age ; sh:datatype xsd:byte ]",
    "look-ahead": 'sh:property [ sh:path :name ; sh:pattern "T(?=i)" ]',
    "a rule": 'sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate :x ; sh:object "y" ]',
    "a blank node as a value": "sh:property [ sh:path :friend ; sh:hasValue [] ]",
    "a shape that refers to itself": "sh:property [ sh:path :friend ; sh:node :S ]",
    "a query in a condition": 'sh:not [ sh:sparql [ sh:select "SELECT $this WHERE { $this :age 3 }" ] ]',
}


@pytest.mark.parametrize("constraint", NOT_COVERED.values(), ids=NOT_COVERED.keys())
def test_what_the_compiler_does_not_cover_is_refused_before_anything_runs(constraint: str) -> None:
    text = f":S a sh:NodeShape ; sh:targetClass :Cat ; sh:property [ sh:path :name ; sh:maxCount 0 ] ; {constraint} ."
    store = store_of(DATA)
    with pytest.raises(NotCovered):
        next(run(Data(store), shapes_of(text)))


def test_a_shape_whose_only_target_is_an_advanced_one_is_left_to_pyshacl_and_never_passed_over() -> None:
    target = 'sh:target [ a sh:SPARQLTarget ; sh:select "SELECT ?this WHERE { ?this <http://example.org/age> 3 }" ]'
    shapes = shapes_of(f":S a sh:NodeShape ; {target} ; sh:property [ sh:path :none ; sh:minCount 1 ] .")
    data = Data(store_of(DATA))
    assert data.targeted(shapes)
    with pytest.raises(NotCovered, match="sh:target"):
        next(run(data, shapes))
    assert [str(result.focus) for result in judge(store_of(DATA), shapes)] == ["<http://example.org/tom>"]


BROKEN = {
    "no target": (":S a sh:NodeShape ; sh:property [ sh:path :name ; sh:minCount 1 ] .", "nothing would be checked"),
    "unknown term": (":S a sh:NodeShape ; sh:targetClass :Cat ; sh:minCont 1 .", "sh:minCont is not a term"),
    "no path": (":S a sh:PropertyShape ; sh:targetClass :Cat ; sh:class :Cat .", "without sh:path"),
    "count without path": (":S sh:targetClass :Cat ; sh:minCount 1 .", "needs a sh:path"),
    "count of words": (':S sh:targetClass :Cat ; sh:property [ sh:path :a ; sh:minCount "one" ] .', "a whole number"),
    "two counts": (":S sh:targetClass :Cat ; sh:property [ sh:path :a ; sh:minCount 1, 2 ] .", "given 2 times"),
    "node kind": (":S sh:targetClass :Cat ; sh:nodeKind sh:Thing .", "a kind of node"),
    "undescribed shape": (":S sh:targetClass :Cat ; sh:node :T .", "not described"),
    "path of one": (":S sh:targetClass :Cat ; sh:property [ sh:path ( :a ) ; sh:minCount 1 ] .", "at least two"),
    "broken path": (":S sh:targetClass :Cat ; sh:property [ sh:path [ :a :b ] ; sh:minCount 1 ] .", "not a SHACL property path"),
    "broken list": (":S sh:targetClass :Cat ; sh:in [ rdf:first :a ] .", "RDF list"),
    "empty or": (":S sh:targetClass :Cat ; sh:or () .", "empty list"),
    "qualified without count": (":S sh:targetClass :Cat ; sh:property [ sh:path :a ; sh:qualifiedValueShape [ sh:class :B ] ] .",
                                "without a count"),
    "pattern": (':S sh:targetClass :Cat ; sh:property [ sh:path :a ; sh:pattern "(" ] .', "no regular expression"),
    "entailment": ("<urn:s> sh:entailment <http://www.w3.org/ns/entailment/RDFS> . :S sh:targetClass :Cat .", "sh:entailment"),
    "node shape with path": (":S a sh:NodeShape ; sh:targetClass :Cat ; sh:path :a .", "NodeShape with a sh:path"),
    "property without path": (":S sh:targetClass :Cat ; sh:property [ sh:class :B ] .", "no sh:path"),
    "node to property shape": (":S sh:targetClass :Cat ; sh:node [ sh:path :a ; sh:class :B ] .", "is a property shape"),
    "class as literal": (':S sh:targetClass "Cat" ; sh:class :B .', "expected an IRI"),
    "two selects": (':S sh:targetClass :Cat ; sh:sparql [ sh:select "SELECT $this {}", "SELECT ?this {}" ] .', "exactly one"),
    "no query": (':S sh:targetClass :Cat ; sh:sparql [ sh:select "SELEKT $this {}" ] .', "not a SPARQL query"),
    "minus": (':S sh:targetClass :Cat ; sh:sparql [ sh:select "SELECT $this { $this :a ?b MINUS { $this :c ?b } }" ] .', "MINUS"),
    "no this": (':S sh:targetClass :Cat ; sh:sparql [ sh:select "SELECT ?x { ?x :a $this }" ] .', "must give $this"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "complaint"), BROKEN.values(), ids=BROKEN.keys())
def test_broken_shapes_are_refused_and_say_why(text: str, complaint: str) -> None:
    store = store_of(DATA)
    text = text.replace("sh:select", "sh:prefixes <http://example.org/> ; sh:select")
    declared = '<http://example.org/> sh:declare [ sh:prefix "" ; sh:namespace "http://example.org/" ] .'
    with pytest.raises(ShapesError) as error:
        list(run(Data(store), shapes_of(text + declared)))
    assert complaint in error.value.message
    assert "\n" not in error.value.message
    assert error.value.exit_code == 2


def check_with(text: str) -> Iterator[Result]:
    shapes = shapes_of(text)
    try:
        yield from run(Data(store_of(DATA)), shapes)
    except ShapesError as error:
        raise ShapesError(shapes.spoken(error.message)) from error


@pytest.mark.parametrize("constraint", ['sh:minCount "x"', 'sh:pattern "("', "sh:minCuont 1"])
def test_a_shape_without_a_name_is_told_by_the_shape_that_holds_it(constraint: str) -> None:
    text = f":S sh:targetClass :Cat ; sh:or ( [ sh:property [ sh:path :a ; {constraint} ] ] ) ."
    with pytest.raises(ShapesError) as error:
        list(check_with(text))
    assert error.value.message.startswith("http://example.org/S (a shape within it): ")


def test_a_shapes_file_that_does_not_parse_names_its_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("@prefix sh: <http://www.w3.org/ns/shacl#> .\n\n:S a sh:NodeShape .\n", encoding="utf-8")
    with pytest.raises(ShapesError, match=r"broken\.ttl:3: "):
        ShapesGraph.load([tmp_path])
    with pytest.raises(ShapesError, match="No such file"):
        ShapesGraph.load([tmp_path / "absent.ttl"])
    with pytest.raises(ShapesError, match="not a shapes file"):
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
