"""What shapes cannot tell, since SHACL sees one graph: that facts stand in passages, and passages' words in documents.

The rules have their names and messages in shapes/source.ttl.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolution, QuerySolutions, Store

from engine.report.place import Place, Places
from loaders.document import pages
from loaders.rdf.terms import BASE, ID, PROV, TG
from shacl.results import Result
from shacl.shapes import Shape, Shapes
from shacl.terms import TYPE, component, name_of

TGS = f"{BASE}shapes#"
RULE = component("SPARQL")
_IN, _HASH, _FIRST = NamedNode(f"{TG}inDocument"), NamedNode(f"{TG}contentHash"), NamedNode(f"{TG}lineStart")
_UNSTATED = f"""
SELECT ?this ?path ?value WHERE {{
  ?this ?path ?value .
  FILTER(STRSTARTS(STR(?path), "{TG}"))
  FILTER(REGEX(STR(?this), "^{ID}(theme|project|participation|observation|call)/"))
  FILTER NOT EXISTS {{ GRAPH ?passage {{ ?this ?path ?value }} FILTER(STRSTARTS(STR(?passage), "{ID}")) }}
  FILTER NOT EXISTS {{ ?path <{TG}derived> true }}
  FILTER NOT EXISTS {{ ?this <{PROV}wasDerivedFrom> ?source }}
  FILTER NOT EXISTS {{ GRAPH ?row {{ ?this ?other ?cell }} FILTER EXISTS {{ ?row <{TG}row> ?number }} }}
}}
"""
"""What a row of a list says of a thing stands in its graph cell by cell; its class, phase or currency follow from the column.

The inner EXISTS keeps Oxigraph from joining every row of the graph for every fact.
"""
_UNDECLARED = f"""
SELECT ?this WHERE {{
  {{ SELECT DISTINCT ?this WHERE {{ ?s ?this ?o }} }}
  FILTER(STRSTARTS(STR(?this), "{TG}"))
  FILTER NOT EXISTS {{ ?this {TYPE} ?kind }}
}}
"""


def attest(store: Store, shapes: Shapes, documents: Iterable[Path] = ()) -> Iterator[Result]:
    """Facts of the current view in no passage, properties that nobody declares, words that are not in their documents.

    Words are looked up in the documents given; those whose hash the store does not know are passed over.
    """
    stated, declared = shapes.get(NamedNode(f"{TGS}FactStated")), shapes.get(NamedNode(f"{TGS}TermDeclared"))
    for row in _rows(store, _UNSTATED):
        yield Result(row["this"], str(row["path"]), RULE, stated, row["value"], stated.severity, stated.messages)
    for row in _rows(store, _UNDECLARED):
        yield Result(row["this"], None, RULE, declared, None, declared.severity, declared.messages)
    yield from _misquoted(store, shapes.get(NamedNode(f"{TGS}WordsStand")), documents)


def _misquoted(store: Store, rule: Shape, documents: Iterable[Path]) -> Iterator[Result]:
    places = Places(store)
    for path in documents:
        document = pages.read(path)
        lines = {line.number: line.text for line in document.lines}
        for node in store.quads_for_pattern(None, _HASH, Literal(document.sha256), DefaultGraph()):
            for passage in sorted(
                {quad.subject for quad in store.quads_for_pattern(None, _IN, node.subject, None)}, key=str
            ):
                place = places.passage(name_of(passage))
                if place is not None and not _stands(place, lines):
                    value = Literal(place.words or "")
                    yield Result(passage, None, RULE, rule, value, rule.severity, rule.messages)


def _stands(place: Place, lines: dict[int, str]) -> bool:
    """Whether a passage's words are those of its lines, white space collapsed."""
    if place.first is None or place.last is None or place.words is None:
        return False
    joined = " ".join(lines.get(number, "") for number in range(place.first, place.last + 1))
    return " ".join(place.words.split()) in " ".join(joined.split())


def _rows(store: Store, query: str) -> Iterator[QuerySolution]:
    answer = store.query(query)
    assert isinstance(answer, QuerySolutions)
    return answer
