"""The store as pages read it: values of properties, the passages that state them, and names in three languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import pyoxigraph as ox

from engine.store import Place, names_of, place_of, select
from loaders.rdf.terms import HISTORY_GRAPH, ID, PASSAGE, RDF, TG
from web import words
from web.source import Source, Term

CURRENT = ox.DefaultGraph()
"""The graph of the current view."""
HISTORY = ox.NamedNode(HISTORY_GRAPH[1:-1])
"""The graph of what held before."""
TYPE = f"{RDF}type"
_NAMED_AT_ONCE = 50_000
"""Names kept in memory; beyond that they are forgotten."""

Node = ox.NamedNode | ox.BlankNode
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Value:
    """A value and the passages that state it."""

    term: Term
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Stated:
    """A thing with its values by property, each with the passages that state it, in the order of the properties' IRIs."""

    iri: str
    values: Mapping[str, tuple[Value, ...]]
    current: bool = True
    """Whether this holds now, or held before."""

    def text(self, name: str) -> str:
        """The first value of a property of the ontology, "" if there is none."""
        found = self.values.get(TG + name)
        return text_of(found[0].term) if found else ""

    def places_of(self, name: str) -> tuple[Place, ...]:
        """The passages that state the values of a property of the ontology."""
        return in_order(place for value in self.values.get(TG + name, ()) for place in value.places)

    @property
    def places(self) -> tuple[Place, ...]:
        """The passages of all values, in the order of their documents and lines."""
        return in_order(place for values in self.values.values() for value in values for place in value.places)


def in_order(places: Iterable[Place]) -> tuple[Place, ...]:
    """Passages without repetition, by document, then by line."""
    return tuple(sorted(set(places), key=lambda place: (*place.order[:2], place.row or 0, *place.order[2:])))


def document_of(place: Place) -> str:
    """The document that a passage stands in."""
    return f"{ID}document/{place.document}"


def text_of(term: Term | None) -> str:
    """A term without its datatype or language; "" for None."""
    return "" if term is None else str(getattr(term, "value", term))


def is_literal_of(term: Term | None, *datatypes: str) -> bool:
    """Whether a term is a literal of one of some datatypes of XML Schema."""
    return isinstance(term, ox.Literal) and term.datatype.value.rpartition("#")[2] in datatypes


def _property(name: str) -> ox.NamedNode:
    return ox.NamedNode(name if ":" in name else TG + name)


def _node(of: Term | str) -> Node:
    node = ox.NamedNode(of) if isinstance(of, str) else of
    assert isinstance(node, Node), "only a thing has values"
    return node


class Graph:
    """A store, with the names of its things remembered.

    Things are given by IRI or node; properties and classes by their name in the ontology, or by a whole IRI.
    """

    def __init__(self, store: Source) -> None:
        """``store`` does not change while this is used."""
        self.store = store
        self._names: dict[str, dict[str, str]] = {}
        self._known: dict[object, Any] = {}

    def once(self, key: object, make: Callable[[], T]) -> T:
        """What ``make`` gives, worked out the first time that ``key`` is asked for."""
        if key not in self._known:
            self._known[key] = make()
        made: T = self._known[key]
        return made

    def select(self, query: str, **terms: object) -> list[ox.QuerySolution]:
        """Rows of a SELECT query; each of ``terms`` takes the place of a variable."""
        return list(select(self.store, query, **terms))

    def objects(self, subject: Term | str, name: str) -> list[Term]:
        """The values of a property in the current view, in one order."""
        found = self.store.quads_for_pattern(_node(subject), _property(name), None, CURRENT)
        return sorted((quad.object for quad in found), key=str)

    def subjects(self, name: str, value: Term | str) -> list[ox.NamedNode]:
        """The named things that have a value, in one order."""
        term = ox.NamedNode(value) if isinstance(value, str) else value
        found = self.store.quads_for_pattern(None, _property(name), term, CURRENT)
        return sorted((q.subject for q in found if isinstance(q.subject, ox.NamedNode)), key=str)

    def text(self, subject: Term | str, name: str) -> str:
        """The first value of a property as text, "" if there is none."""
        return text_of(next(iter(self.objects(subject, name)), None))

    def texts(self, subject: Term | str, name: str) -> dict[str, str]:
        """The texts of a property by language."""
        return {o.language or "": o.value for o in self.objects(subject, name) if isinstance(o, ox.Literal)}

    def is_a(self, thing: Term | str, name: str) -> bool:
        """Whether a thing is of a class."""
        return any(self.store.quads_for_pattern(_node(thing), _property(TYPE), _property(name), CURRENT))

    def known(self, iri: str) -> bool:
        """Whether the graph says anything of a thing."""
        node = ox.NamedNode(iri)
        patterns = ((node, None, None, None), (None, None, node, None))
        return any(any(self.store.quads_for_pattern(*pattern)) for pattern in patterns)

    # names

    def names(self, iri: str) -> dict[str, str]:
        """A thing's names by language: its own, else those made of its parts; none where there are neither."""
        if (known := self._names.get(iri)) is None:
            if len(self._names) > _NAMED_AT_ONCE:
                self._names.clear()
            known = self._names[iri] = names_of(cast(ox.Store, self.store), ox.NamedNode(iri)) or self._composed_names(
                iri
            )
        return known

    def name(self, iri: str, lang: str) -> str:
        """The name of a thing for a reader of a language, "" if it has none."""
        found = words.label(self.names(iri), lang)
        return found[0] if found else ""

    def _composed_names(self, iri: str) -> dict[str, str]:
        """Names made for a thing of ours that has none: its kind, which its address gives, decides of what parts."""
        make = _MAKERS.get(iri.removeprefix(ID).partition("/")[0]) if iri.startswith(ID) else None
        found = {lang: make(self, iri, lang) for lang in words.LANGUAGES} if make else {}
        return {lang: name for lang, name in found.items() if name}

    def said(self, thing: str, name: str, lang: str) -> str:
        """The values of a property as a reader of a language reads them."""
        texts = []
        for term in self.objects(thing, name):
            if isinstance(term, ox.NamedNode):
                texts.append(self.name(term.value, lang))
            else:
                texts.append(words.date(text_of(term), lang) if is_literal_of(term, *words.DATES) else text_of(term))
        return ", ".join(filter(None, texts))

    # passages

    def place(self, iri: str) -> Place | None:
        """Where a passage stands and what its words are; None if there is no such passage."""
        return place_of(cast(ox.Store, self.store), ox.NamedNode(iri))

    def places(self, iris: Iterable[str]) -> tuple[Place, ...]:
        """Several passages in the order of their documents and lines."""
        return in_order(place for iri in set(iris) if (place := self.place(iri)))

    def stated(self, thing: Node | str, graph: ox.DefaultGraph | ox.NamedNode | None = None) -> Stated:
        """What the current view and the history, or one of them, say of a thing, with the passages that state each value."""
        node = _node(thing)
        views = (CURRENT, HISTORY) if graph is None else (graph,)
        values: dict[str, set[Term]] = defaultdict(set)
        passages: dict[tuple[str, Term], list[str]] = defaultdict(list)
        for quad in self.store.quads_for_pattern(node, None, None, None):
            if quad.graph_name in views:
                values[quad.predicate.value].add(quad.object)
            elif isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(PASSAGE):
                passages[quad.predicate.value, quad.object].append(quad.graph_name.value)
        found = {
            name: tuple(Value(term, self.places(passages.get((name, term), ()))) for term in sorted(terms, key=str))
            for name, terms in sorted(values.items())
        }
        return Stated(text_of(node), found, graph != HISTORY)


# names for what has none of its own: an amount, a participation of a list are called by what they are of


def _observation(graph: Graph, iri: str, lang: str) -> str:
    what = graph.said(iri, "phase", lang) or graph.said(iri, "measure", lang)
    dated = " ".join(filter(None, [what, graph.said(iri, "referenceDate", lang)]))
    if dated and (amount := graph.text(iri, "amount")):
        dated += f", {words.money(amount, lang)}"
    return _joined(graph.said(iri, "about", lang), dated)


def _share(graph: Graph, iri: str, lang: str) -> str:
    amount = graph.text(iri, "amount")
    return _joined(graph.said(iri, "ministry", lang), words.money(amount, lang) if amount else "")


def _participation(graph: Graph, iri: str, lang: str) -> str:
    projects = (graph.name(project.value, lang) for project in graph.subjects("participation", iri))
    return _joined(graph.said(iri, "organisation", lang), ", ".join(filter(None, projects)))


def _conflict(graph: Graph, iri: str, lang: str) -> str:
    return _joined(*(graph.said(iri, name, lang) for name in ("about", "onProperty", "kind")))


def _passage(graph: Graph, iri: str, lang: str) -> str:
    place = graph.place(iri)
    return f"{graph.name(document_of(place), lang)}, {words.place(place, lang)}" if place else ""


def _joined(*parts: str) -> str:
    return ": ".join(filter(None, parts))


_MAKERS: dict[str, Callable[[Graph, str, str], str]] = {
    "observation": _observation,
    "share": _share,
    "participation": _participation,
    "conflict": _conflict,
    "passage": _passage,
}
"""Kind of thing, as addresses name it → what makes its name."""
