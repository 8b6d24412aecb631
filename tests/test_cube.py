"""The amounts of the current view are RDF data cubes: W3C's integrity constraints in our own words, on documents and lists."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from engine import inputs
from engine.build import Options, build
from engine.store import open_store
from tests.test_queries_lists import EARLIER, LATER

PREFIXES = """PREFIX qb: <http://purl.org/linked-data/cube#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX tg: <https://w3id.org/teemagraafi/def#>
"""
IN_CUBE = "?o qb:dataSet ?set . ?set qb:structure ?structure ."
BROKEN = {
    "IC-1 an observation is in one data set": "SELECT ?o { ?o qb:dataSet ?set } GROUP BY ?o HAVING(COUNT(?set) != 1)",
    "IC-2 a data set has one structure": """SELECT ?set { { ?set a qb:DataSet } UNION { ?o qb:dataSet ?set }
        OPTIONAL { ?set qb:structure ?s . ?s a qb:DataStructureDefinition } } GROUP BY ?set HAVING(COUNT(DISTINCT ?s) != 1)""",
    "IC-3 a structure has a measure": """SELECT ?s { ?s a qb:DataStructureDefinition
        FILTER NOT EXISTS { ?s qb:component/qb:measure ?m . ?m a qb:MeasureProperty } }""",
    "IC-4 a dimension has a range": """SELECT ?d { ?c qb:dimension ?d
        FILTER NOT EXISTS { ?d a qb:DimensionProperty ; rdfs:range ?range } }""",
    "IC-5 a dimension of concepts has a code list": """SELECT ?d { ?c qb:dimension ?d . ?d rdfs:range skos:Concept
        FILTER NOT EXISTS { ?d qb:codeList ?list . ?list a skos:ConceptScheme } }""",
    "IC-6 only an attribute may be absent": """SELECT ?c { ?c qb:componentRequired false
        FILTER NOT EXISTS { ?c qb:attribute ?a . ?a a qb:AttributeProperty } }""",
    "IC-11 an observation has each dimension once": f"""SELECT ?o ?d {{ {IN_CUBE} ?structure qb:component/qb:dimension ?d
        OPTIONAL {{ ?o ?d ?v }} }} GROUP BY ?o ?d HAVING(COUNT(?v) != 1)""",
    "IC-12 no two observations stand in one place of the first cube": """SELECT ?a ?p ?c { ?o tg:about ?a ; tg:phase ?p ;
        tg:currency ?c ; qb:dataSet <https://w3id.org/teemagraafi/id/dataset/amounts> }
        GROUP BY ?a ?p ?c HAVING(COUNT(?o) > 1)""",
    "IC-12 no two observations stand in one place of the second cube": """SELECT ?a ?p ?c ?s { ?o tg:about ?a ; tg:phase ?p ;
        tg:currency ?c ; tg:fundingScope ?s ; qb:dataSet <https://w3id.org/teemagraafi/id/dataset/amounts-by-scope> }
        GROUP BY ?a ?p ?c ?s HAVING(COUNT(?o) > 1)""",
    "IC-13, IC-14 an observation has what must be there": f"""SELECT ?o ?p {{ {IN_CUBE}
        {{ ?structure qb:component/qb:measure ?p }}
        UNION {{ ?structure qb:component ?c . ?c qb:attribute ?p ; qb:componentRequired true }}
        FILTER NOT EXISTS {{ ?o ?p ?v }} }}""",
    "IC-19 a code is in the code list of its dimension": f"""SELECT ?o ?v {{ {IN_CUBE}
        ?structure qb:component/qb:dimension ?d . ?d qb:codeList ?list . ?o ?d ?v
        FILTER NOT EXISTS {{ ?v a skos:Concept ; skos:inScheme ?list }} }}""",
    "each amount of the current view is in a cube": "SELECT ?o { ?o tg:amount ?a FILTER NOT EXISTS { ?o qb:dataSet ?set } }",
}


@pytest.fixture(scope="module", params=["documents", "lists"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ox.Store]:
    if request.param == "documents":
        yield open_store(request.getfixturevalue("shipped_store"))
        return
    folder = tmp_path_factory.mktemp("cube")
    for period, text in (("2014-2020", EARLIER), ("2021-2027", LATER)):
        (folder / f"de-beispielland-{period}.csv").write_text(text, encoding="utf-8")
    build(
        folder / "store",
        inputs.given(sorted(folder.glob("*.csv"))),
        lambda message: None,
        how=Options(guess=True),
    )
    yield open_store(folder / "store")


def rows(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    found = store.query(PREFIXES + query)
    assert isinstance(found, ox.QuerySolutions)
    return [tuple(str(term) for term in row) for row in found]


@pytest.mark.parametrize("constraint", BROKEN)
def test_no_constraint_is_broken(store: ox.Store, constraint: str) -> None:
    assert rows(store, BROKEN[constraint]) == []


def test_the_constraints_see_what_is_wrong(shipped_store: Path) -> None:
    """The same amount twice, in no cube and in two, without a phase, of a phase that is no code."""
    store = ox.Store()
    view = open_store(shipped_store).quads_for_pattern(None, None, None, ox.DefaultGraph())
    store.extend(view)
    amounts = "https://w3id.org/teemagraafi/id/dataset/amounts"
    store.update(
        PREFIXES
        + f"""INSERT DATA {{
        <u:1> tg:amount 1 ; qb:dataSet <{amounts}>, <{amounts}-by-scope> ;
              tg:about <u:thing> ; tg:phase <u:phase> ; tg:currency "EUR" .
        <u:2> tg:amount 1 ; qb:dataSet <{amounts}> ; tg:about <u:thing> ; tg:phase <u:phase> ; tg:currency "EUR" .
        <u:3> tg:amount 1 . <u:4> qb:dataSet <{amounts}> . <u:set> a qb:DataSet . <u:structure> a qb:DataStructureDefinition .
        <u:part> qb:dimension <u:dimension> ; qb:componentRequired false .
        <u:5> tg:amount 1 ; qb:dataSet <{amounts}-by-scope> ; tg:about <u:thing> ; tg:phase <u:phase> ; tg:currency "EUR" ;
              tg:fundingScope <u:scope> .
        <u:6> tg:amount 1 ; qb:dataSet <{amounts}-by-scope> ; tg:about <u:thing> ; tg:phase <u:phase> ; tg:currency "EUR" ;
              tg:fundingScope <u:scope> .
        <u:code> rdfs:range skos:Concept . <u:part> qb:dimension <u:code> }}"""
    )
    assert [name for name, query in BROKEN.items() if not rows(store, query)] == []


def test_the_cubes_hold_the_amounts(store: ox.Store, request: pytest.FixtureRequest) -> None:
    """A list gives each amount in several scopes; the shipped documents give none so."""
    sets = rows(store, "SELECT DISTINCT ?set { ?o qb:dataSet ?set ; tg:amount ?a }")
    name = "amounts" if "documents" in request.node.name else "amounts-by-scope"
    assert sets == [(f"<https://w3id.org/teemagraafi/id/dataset/{name}>",)]
