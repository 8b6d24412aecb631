"""Cases that users of other validators reported as wrong results, made anew: what the recommendation gives for each.

The names of the cases say in whose tracker they stand.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest
from pyoxigraph import RdfFormat, parse

from shacl import ShapesError, validate
from shacl.shapes import read_shapes
from shacl.terms import ShapesGraph
from tests.cases import each

PREFIXES = """@prefix : <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<http://example.org/> sh:declare [ sh:prefix "" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .
"""
HAND = """:H sh:targetClass :Hand ; sh:property [ sh:path :digit ; sh:maxCount 5 ] ,
    [ sh:path :digit ; sh:qualifiedValueShape [ sh:class :Thumb ] ; sh:qualifiedValueShapesDisjoint true ;
      sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 ] ,
    [ sh:path :digit ; sh:qualifiedValueShape [ sh:class :Finger ] ; sh:qualifiedValueShapesDisjoint true ;
      sh:qualifiedMinCount 4 ; sh:qualifiedMaxCount 4 ] ."""


class Case(NamedTuple):
    """Data, shapes, and the results as focus and parameter."""

    data: str
    shapes: str
    results: tuple[str, ...] = ()


CASES = {
    "pySHACL 9: a closed shape and a property that it does not name": Case(
        ":a a :Parent ; :name 'n' ; :extra 1 .",
        ":S sh:targetClass :Parent ; sh:closed true ; sh:ignoredProperties ( rdf:type ) ;"
        " sh:property [ sh:path :name ; sh:maxCount 1 ; sh:minCount 1 ] .",
        ("a closed",),
    ),
    "pySHACL 33: one of two blank nodes is of the class": Case(
        ":d a :Doc ; :target [ a :Author ] , [ a :Other ] .",
        ":S sh:targetClass :Doc ; sh:property [ sh:path :target ; sh:qualifiedMinCount 1 ;"
        " sh:qualifiedValueShape [ sh:class :Author ] ] .",
    ),
    "pySHACL 36: a class that must have an instance, in a graph without any": Case(
        "",
        ":S sh:targetNode :Doc ; sh:property [ sh:path [ sh:inversePath rdf:type ] ; sh:minCount 1 ] .",
        ("Doc minCount",),
    ),
    "pySHACL 114: one owner each, over an inverse path": Case(
        ":a :repo :r . :b :repo :r .",
        ":S sh:targetObjectsOf :repo ; sh:property [ sh:path [ sh:inversePath :repo ] ; sh:maxCount 1 ] .",
        ("r maxCount",),
    ),
    "pySHACL 124: $PATH of a sequence in a query": Case(
        ":x a :C ; :a [ :d [ :d 1 ] ] ; :a [ :d [ :d 2 ] ; :b 1 ] .",
        ":S sh:targetClass :C ; sh:property [ sh:path ( :a :d :d ) ; sh:sparql [ sh:prefixes <http://example.org/> ;"
        ' sh:select "SELECT $this ?value WHERE { $this $PATH ?value . FILTER NOT EXISTS { $this :a/:b ?value } }" ] ] .',
        ("x sparql",),
    ),
    "pySHACL 164: a hand with a thumb and four fingers": Case(
        ":h a :Hand ; :digit :t , :f1 , :f2 , :f3 , :f4 . :t a :Thumb . :f1 a :Finger . :f2 a :Finger . :f3 a :Finger ."
        " :f4 a :Finger .",
        HAND,
    ),
    "pySHACL 213: a hand with five fingers": Case(
        ":h a :Hand ; :digit [ a :Finger ] , [ a :Finger ] , [ a :Finger ] , [ a :Finger ] , [ a :Finger ] .",
        HAND,
        ("h qualifiedMaxCount", "h qualifiedMinCount"),
    ),
    "pySHACL 227: an inverse of an alternative, within sh:or": Case(
        ":Sub rdfs:subClassOf :Super . :x :p :good . :y :q :good . :good a :Sub . :z :p :bad . :bad a :Other .",
        ":S sh:targetObjectsOf :p ; sh:or ( [ sh:class :Super ] [ sh:property [ sh:path"
        " [ sh:inversePath [ sh:alternativePath ( :q :r ) ] ] ; sh:minCount 1 ] ] ) .",
        ("bad or",),
    ),
    "pySHACL 306: the inverse of an inverse": Case(
        ":a :r :b .",
        ":S sh:targetNode :a ; sh:property [ sh:path [ sh:inversePath [ sh:inversePath :r ] ] ; sh:minCount 1 ] .",
    ),
    "TopBraid 110: a property that only sh:xone names is not allowed by sh:closed": Case(
        ":a a :P ; :birthPlace :rome . :rome a :City .",
        ":S sh:targetClass :P ; sh:closed true ; sh:ignoredProperties ( rdf:type ) ;"
        " sh:xone ( [ sh:property [ sh:path :birthPlace ; sh:class :City ] ]"
        " [ sh:property [ sh:path :birthPlace ; sh:class :Country ] ] ) .",
        ("a closed",),
    ),
    "TopBraid 165: a sequence that begins with an inverse, within sh:not": Case(
        ":g :of :p ; :code :male . :p a :Person .",
        ":S sh:targetClass :Person ; sh:not [ sh:property [ sh:path ( [ sh:inversePath :of ] :code ) ; sh:in ( :male ) ] ] .",
        ("p not",),
    ),
    "TopBraid 171: sh:closed in a property shape is about the values": Case(
        ":ok a :P ; :knows [ :name 'n' ] . :no a :P ; :knows [ :name 'n' ; :age 3 ] .",
        ":S sh:targetClass :P ; sh:property [ sh:path :knows ; sh:closed true ; sh:property [ sh:path :name ] ] .",
        ("no closed",),
    ),
    "ISAITB 23: a property shape without a path": Case(
        ":a a :Actor .",
        ":S sh:targetClass :Actor ; sh:property [ sh:or ( [ sh:path :address ; sh:minCount 1 ]"
        " [ sh:path rdf:type ; sh:hasValue :AI ] ) ] .",
        ("a or",),
    ),
    "RDFSharp 302: a count over an inverse path": Case(
        ":c a :Child ; :parent :p . :p a :Parent . :q a :Parent .",
        ":S sh:targetClass :Parent ; sh:property [ sh:path [ sh:inversePath :parent ] ; sh:minCount 1 ] .",
        ("q minCount",),
    ),
    "maplib 20: a value of which nothing is stated": Case(
        ":x :lead :nobody .", ":S sh:targetObjectsOf :lead ; sh:class :Organisation .", ("nobody class",)
    ),
}


@each("case", CASES.values(), ids=CASES)
def test_a_reported_case_has_the_results_of_the_recommendation(case: Case) -> None:
    report = validate(parse((PREFIXES + case.data).encode(), format=RdfFormat.TURTLE), _shapes(case.shapes))
    results = sorted(f"{str(r.focus).rpartition('/')[2].rstrip('>')} {r.parameter}" for r in report.results)
    assert set(results) == set(case.results)
    assert not report.by_pyshacl


def test_a_shape_whose_path_is_a_shape_is_refused_by_name() -> None:
    """PySHACL 114, as it was reported."""
    text = ":S a sh:NodeShape ; sh:targetObjectsOf :r ; sh:path [ sh:path [ sh:inversePath :r ] ; sh:maxCount 1 ] ."
    with pytest.raises(ShapesError, match="is not a SHACL property path"):
        validate([], _shapes(text))


def _shapes(text: str):  # type: ignore[no-untyped-def]
    return read_shapes(ShapesGraph(parse((PREFIXES + text).encode(), format=RdfFormat.TURTLE)))
