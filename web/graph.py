"""The store as pages read it: values of properties, the passages that state them, and names in three languages."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import pyoxigraph as ox

from engine.query.backends import Term
from engine.store import Place, names_of, place_of, select
from loaders.rdf.terms import HISTORY_GRAPH, ID, PASSAGE, RDF, TG
from web import words
from web.site import kind_of
from web.source import Source

CURRENT = ox.DefaultGraph()
"""The graph of the current view."""
HISTORY = ox.NamedNode(HISTORY_GRAPH[1:-1])
"""The graph of what held before."""
TYPE = f"{RDF}type"
_NAMED_AT_ONCE = 50_000
"""Names kept in memory; beyond that they are forgotten."""

Node = ox.NamedNode | ox.BlankNode
View = ox.DefaultGraph | ox.NamedNode
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Value:
    """A value and the passages that state it."""

    term: Term
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class StatedThing:
    """A thing with its values by property, each with the passages that state it, in the order of the properties' IRIs."""

    iri: str
    values: Mapping[str, tuple[Value, ...]]
    current: bool = True
    """Whether this holds now, or held before."""

    def text(self, name: str) -> str:
        """The first value of a property of the ontology, "" if there is none."""
        values = self.values.get(TG + name)
        return text_of(values[0].term) if values else ""

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


class GraphReader:
    """A store as pages read it; the names of its things are remembered.

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

    def put(self, key: object, made: object) -> None:
        """Remember what ``once`` gives by a key from now on."""
        self._known[key] = made

    def select(self, query: str, **terms: object) -> list[ox.QuerySolution]:
        """Rows of a SELECT query; each of ``terms`` takes the place of a variable."""
        return list(select(self.store, query, **terms))

    def asked(self, name: str, **terms: object) -> list[ox.QuerySolution]:
        """Rows of a query of ``sparql.toml``, by its name."""
        return self.select(words.read("sparql")[name], **terms)

    def objects(self, subject: Term | str, name: str) -> list[Term]:
        """The values of a property in the current view, in one order."""
        quads = self.store.quads_for_pattern(_node(subject), _property(name), None, CURRENT)
        return sorted((quad.object for quad in quads), key=str)

    def things(self, subject: Term | str, name: str) -> list[str]:
        """The values of a property that are things with a name, by their IRIs in one order."""
        return [value.value for value in self.objects(subject, name) if isinstance(value, ox.NamedNode)]

    def subjects(self, name: str, value: Term | str, view: View = CURRENT) -> list[ox.NamedNode]:
        """The named things that have a value, in one order."""
        term = ox.NamedNode(value) if isinstance(value, str) else value
        quads = self.store.quads_for_pattern(None, _property(name), term, view)
        return sorted((q.subject for q in quads if isinstance(q.subject, ox.NamedNode)), key=str)

    def text(self, subject: Term | str, name: str) -> str:
        """The first value of a property as text, "" if there is none."""
        return text_of(next(iter(self.objects(subject, name)), None))

    def texts(self, subject: Term | str, name: str) -> dict[str, str]:
        """The texts of a property by language."""
        return {o.language or "": o.value for o in self.objects(subject, name) if isinstance(o, ox.Literal)}

    def is_a(self, thing: Term | str, name: str, view: View = CURRENT) -> bool:
        """Whether a thing is of a class."""
        return any(self.store.quads_for_pattern(_node(thing), _property(TYPE), _property(name), view))

    def known(self, iri: str) -> bool:
        """Whether the graph says anything of a thing."""
        node = ox.NamedNode(iri)
        return any(any(self.store.quads_for_pattern(s, None, o, None)) for s, o in ((node, None), (None, node)))

    # names

    def names(self, iri: str) -> dict[str, str]:
        """A thing's names by language: its own, else those made of its parts; none where there are neither."""
        if (known := self._names.get(iri)) is None:
            if len(self._names) > _NAMED_AT_ONCE:
                self._names.clear()
            known = names_of(cast(ox.Store, self.store), ox.NamedNode(iri))
            if not known:
                names = {lang: ": ".join(filter(None, self._parts_of_name(iri, lang))) for lang in words.LANGUAGES}
                known = {lang: name for lang, name in names.items() if name}
            self._names[iri] = known
        return known

    def name(self, iri: str, lang: str) -> str:
        """The name of a thing for a reader of a language, "" if it has none."""
        label = words.label(self.names(iri), lang)
        return label[0] if label else ""

    def _parts_of_name(self, iri: str, lang: str) -> Iterable[str]:
        """An amount or a participation of a list is called by what it is of."""

        def said(name: str) -> str:
            return self.said(iri, name, lang)

        kind = kind_of(iri)
        amount = self.text(iri, "amount") if kind in ("observation", "share") else ""
        match kind:
            case "observation":
                dated = " ".join(filter(None, [said("phase") or said("measure"), said("referenceDate")]))
                return said("about"), f"{dated}, {words.money(amount, lang)}" if dated and amount else dated
            case "share":
                return said("ministry"), words.money(amount, lang) if amount else ""
            case "participation":
                projects = (self.name(project.value, lang) for project in self.subjects("participation", iri))
                return said("organisation"), ", ".join(filter(None, projects))
            case "conflict":
                return map(said, ("about", "onProperty", "kind"))
            case "passage" if place := self.place(iri):
                return (f"{self.name(document_of(place), lang)}, {words.place(place, lang)}",)
        return ()

    def said(self, thing: str, name: str, lang: str) -> str:
        """The values of a property as a reader of a language reads them."""

        def text(term: Term) -> str:
            if isinstance(term, ox.NamedNode):
                return self.name(term.value, lang)
            return words.full_day(text_of(term), lang) if is_literal_of(term, *words.DATES) else text_of(term)

        return ", ".join(filter(None, map(text, self.objects(thing, name))))

    # passages

    def place(self, iri: str) -> Place | None:
        """Where a passage stands and what its words are; None if there is no such passage."""
        return place_of(cast(ox.Store, self.store), ox.NamedNode(iri))

    def places(self, iris: Iterable[str]) -> tuple[Place, ...]:
        """Several passages in the order of their documents and lines."""
        return in_order(place for iri in set(iris) if (place := self.place(iri)))

    def stated(self, thing: Node | str, graph: View | None = None) -> StatedThing:
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
        by_property = {
            name: tuple(Value(term, self.places(passages.get((name, term), ()))) for term in sorted(terms, key=str))
            for name, terms in sorted(values.items())
        }
        return StatedThing(text_of(node), by_property, graph != HISTORY)
