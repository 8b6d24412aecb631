"""SPARQL constraints: one query over all focus nodes gives what pySHACL finds focus node by focus node."""

from __future__ import annotations

import pytest

from shacl import Data, Shapes, validate
from shacl.compiler import EACH, FIRST, Check, Compiler
from shacl.compiler import TOGETHER as AT_ONCE
from shacl.run import compile_shapes
from shacl.tokens import any_predicate, asked, iris, parsed, replace, words
from tests.test_shacl import assert_same, shapes_of, store_of

DATA = """
:Kitten rdfs:subClassOf :Cat .
:tom a :Cat, :Kitten ; :name "Tom" ; :age 3 ; :eats :mouse, :fish ; :paid 10, 5 .
:tim a :Cat ; :name "Tim" ; :age 5 ; :eats :fish ; :paid 100 .
:tam a :Kitten ; :name "Tam" ; :age 5 .
:mouse :name "Mouse" . :fish :name "this" .
"""
TOGETHER = {
    "a value": "SELECT $this ?value WHERE { $this :age ?value FILTER(?value > 4) }",
    "a path": "SELECT $this ?path ?value WHERE { $this ?path ?value FILTER(isIRI(?value)) }",
    "no value": "SELECT $this WHERE { $this :age 5 }",
    "all variables": "SELECT * WHERE { $this :eats ?value }",
    "a union with an expression": "SELECT $this ?value WHERE { { $this :age ?value } UNION "
    "{ ?x :eats ?value FILTER(?x = $this) } }",
    "an inner group": "SELECT $this WHERE { { { FILTER(bound($this)) } } $this :age ?age }",
    "not exists": "SELECT $this WHERE { FILTER NOT EXISTS { $this :eats ?any } }",
    "exists with an expression": "SELECT $this WHERE { FILTER EXISTS { ?x :age ?age FILTER(?x != $this) $this :age ?age } }",
    "optional": "SELECT $this ?value WHERE { OPTIONAL { ?value :eats ?food FILTER(?value = $this) } FILTER(bound(?value)) }",
    "bind in a group": "SELECT $this ?value WHERE { { BIND(STR($this) AS ?value) } }",
    "grouped": "SELECT $this (COUNT(?food) AS ?value) WHERE { $this :eats ?food } GROUP BY $this HAVING (COUNT(?food) > 1)",
    "grouped inside": "SELECT $this ?value WHERE { { SELECT $this (SUM(?p) AS ?value) WHERE { $this :paid ?p } GROUP BY $this } "
    "FILTER(?value > 12) }",
    "several rows": "SELECT $this ?value ?more WHERE { $this :paid ?value . $this :eats ?more }",
    "a comment and strings": 'SELECT $this WHERE { # LIMIT 1 } "\n $this :name ?n FILTER(?n != "$this } LIMIT") }',
    "union of sub-selects": "SELECT $this ?value WHERE { { SELECT $this ?value WHERE { $this :age ?value } } UNION "
    "{ SELECT $this ?value WHERE { $this :paid ?value } } }",
}
ONE_BY_ONE = {
    "limited": "SELECT $this ?value WHERE { $this :eats ?value } ORDER BY ?value LIMIT 1",
    "limited inside": "SELECT $this ?value WHERE { { SELECT $this ?value WHERE { $this :eats ?value } "
    "ORDER BY ?value LIMIT 1 } }",
}


def shapes(select: str, more: str = "") -> Shapes:
    return shapes_of(
        '<urn:p> sh:declare [ sh:prefix "" ; sh:namespace "http://example.org/"^^xsd:anyURI ] . '
        f":S a sh:NodeShape ; sh:targetClass :Cat ; sh:sparql [ sh:prefixes <urn:p> ; sh:select '''{select}''' ] . {more}"
    )


def check(select: str, data: str = DATA) -> Check:
    found = shapes(select)
    (only,) = [c for shape in found for c in Compiler(found, Data(store_of(data))).checks(shape)]
    return only


@pytest.mark.parametrize("select", TOGETHER.values(), ids=TOGETHER.keys())
def test_all_focus_nodes_are_checked_by_one_query(select: str) -> None:
    assert check(select).way != EACH
    assert_same(shapes(select), store_of(DATA))


def test_a_query_on_a_rare_property_is_run_before_the_target_is_looked_at() -> None:
    data = f"{DATA} :rex a :Dog ; :name 'Rex' ; :age 9 . :toto a :Cat . :nala a :Cat . :lily a :Cat ; :paid 7 ."
    data += "".join(f" :food{n} :name 'Food' ." for n in range(5))
    few = "SELECT $this ?value ?name WHERE { $this :age ?value . $this :name ?name FILTER(?value > 3) }"
    assert check(few, data).way == FIRST
    assert len(assert_same(shapes(few), store_of(data), least=2)) == 2, "not the dog"
    others = (
        "SELECT $this ?value WHERE { $this :paid|:age ?x ; :name ?value }",
        "SELECT $this WHERE { $this :name ?name }",
        "SELECT $this WHERE { { $this :age 5 } UNION { $this :eats :fish } }",
    )
    assert {check(select, data).way for select in others} == {AT_ONCE}


def test_what_the_outermost_group_asks_for() -> None:
    inner = "{ $this :c ?z } OPTIONAL { $this :d ?w } FILTER(EXISTS { $this :f ?u })"
    paths = "$this :e+ ?v . ?v ^:g|:h ?w . ?w :i/:j :k ; :l ?m . ?s ?p :n . FILTER(?m IN (:o, :q))"
    query = f"PREFIX : <urn:> SELECT $this WHERE {{ $this :a ?x . ?y :b $this . {inner} {paths} }}"
    assert list(asked(query)) == [
        (True, ["urn:a"]),
        (False, ["urn:b"]),
        (False, ["urn:i", "urn:j"]),
        (False, ["urn:l"]),
    ]


def test_a_query_for_a_property_that_nothing_has_is_not_run() -> None:
    asks = {
        "SELECT $this WHERE { ?x :eats/:flies $this }": 0,
        "SELECT $this WHERE { $this :age ?age ; :flies ?where }": 0,
        "SELECT $this WHERE { $this :age ?age OPTIONAL { $this :flies ?where } }": 1,
        "SELECT $this WHERE { $this :age|:flies ?value }": 1,
        "SELECT $this (COUNT(?where) AS ?value) WHERE { $this :flies ?where }": 1,
    }
    for select, count in asks.items():
        data, one = Data(store_of(DATA)), shapes(select)
        checks, _ = compile_shapes(Compiler(one, data), one, data)
        assert len(checks) == count, select


@pytest.mark.parametrize("select", ONE_BY_ONE.values(), ids=ONE_BY_ONE.keys())
def test_a_query_that_mixes_focus_nodes_is_run_for_each(select: str) -> None:
    assert check(select).way == EACH
    assert_same(shapes(select), store_of(DATA), least=2)


def test_an_aggregate_without_grouping_is_worked_out_for_each_focus_node() -> None:
    select = "SELECT $this (COUNT(?food) AS ?value) WHERE { $this :eats ?food }"
    report = validate(store_of(DATA), shapes(select))
    counts = sorted(int(result.value.value) for result in report.results if result.value is not None)  # type: ignore[union-attr]
    assert (counts, report.by_pyshacl) == ([0, 1, 2], {})


def test_a_count_over_an_alternative_path_goes_to_pyshacl() -> None:
    select = "SELECT $this (COUNT(?food) AS ?value) WHERE { $this :eats|:eats ?food } GROUP BY $this"
    assert validate(store_of(DATA), shapes(select)).by_pyshacl


def test_the_path_stands_for_itself_in_a_property_shape() -> None:
    text = """<urn:p> sh:declare [ sh:prefix "" ; sh:namespace "http://example.org/" ] .
    :S sh:targetClass :Cat ; sh:property [ sh:path ( :eats :name ) ; sh:severity sh:Info ;
        sh:sparql [ sh:prefixes <urn:p> ; sh:message "{?value} is eaten"@en ;
                    sh:select "SELECT $this ?value WHERE { $this $PATH ?value FILTER(?value != 'Mouse') }" ] ] ."""
    found = assert_same(shapes_of(text), store_of(DATA), least=2)
    assert {(result.path, result.severity.value.rsplit("#")[-1]) for result in found} == {
        ("<http://example.org/eats>/<http://example.org/name>", "Info")
    }
    assert {result.messages[0].value for result in found} == {"{?value} is eaten"}


def test_a_constraint_below_a_property_looks_at_the_values() -> None:
    text = """<urn:p> sh:declare [ sh:prefix "" ; sh:namespace "http://example.org/" ] .
    :S sh:targetClass :Cat ; sh:property [ sh:path :eats ; sh:property [ sh:path :name ;
        sh:sparql [ sh:prefixes <urn:p> ; sh:select "SELECT $this ?value WHERE { $this $PATH ?value }" ] ] ] ."""
    found = validate(store_of(DATA), shapes_of(text)).results
    assert {str(result.focus) for result in found} == {"<http://example.org/mouse>", "<http://example.org/fish>"}


def test_a_deactivated_constraint_is_not_checked() -> None:
    text = shapes("SELECT $this WHERE { $this :age 5 }", ":S sh:property [ sh:path :age ; sh:maxCount 0 ] .")
    switched_off = shapes_of(
        ":S a sh:NodeShape ; sh:targetClass :Cat ; sh:nodeKind sh:IRI ; "
        "sh:sparql [ sh:deactivated true ; sh:select 'SELECT $this WHERE { $this a ?any }' ] ."
    )
    assert len(assert_same(text, store_of(DATA))) == 5
    assert assert_same(switched_off, store_of(DATA), least=0) == []


def test_tokens_leave_strings_names_and_comments_alone() -> None:
    text = "SELECT $this { ?this :this '$this' . # $this\n FILTER(?thisToo < 3 && ?x > $this) <http://e/#$this> ?p ?o }"
    assert replace(text, {"this": "<urn:x>"}) == (
        "SELECT <urn:x> { <urn:x> :this '$this' . # $this\n FILTER(?thisToo < 3 && ?x > <urn:x>) <http://e/#$this> ?p ?o }"
    )
    assert words("SELECT ?a { ?a :LIMIT 'OFFSET' } # MINUS") == {"SELECT"}
    assert [len(parsed(text).groups), len(parsed("SELECT ?a { { ?a ?b ?c } { ?a ?b ?c } }").groups[0].groups)] == [1, 2]


def test_the_names_of_a_query_are_known_in_full() -> None:
    text = "PREFIX : <http://e/>\nPREFIX x: <http://x/>\nSELECT * { ?a :p/x:q ?b ; <http://y/r> 'not:this' . # no:r\n ?b a :C }"
    assert iris(text) >= {"http://e/p", "http://x/q", "http://y/r", "http://e/C"}
    assert not any("not:" in name or "no:" in name for name in iris(text))
    assert not any_predicate(text)
    assert any_predicate("SELECT * { ?a ?p ?o }")
    assert any_predicate("SELECT * { ?a a ?o ; ?p ?o }")
