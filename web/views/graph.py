"""The store as pages read it: names in three languages, values of properties, passages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from loaders.rdf.terms import DCT, HISTORY_GRAPH, ID, PASSAGE, RDF, RDFS, SKOS, TG
from web import words
from web.source import Source, Term

if TYPE_CHECKING:
    from web.views.questions import Answered

Names = dict[str, str]
"""Names by language; "" for one without."""
DEFAULT = ox.DefaultGraph()
HISTORY = ox.NamedNode(HISTORY_GRAPH[1:-1])
"""The graph of what held before."""
TYPE = ox.NamedNode(f"{RDF}type")
_LABELS = tuple(ox.NamedNode(iri) for iri in (f"{RDFS}label", f"{SKOS}prefLabel", f"{DCT}title"))
_ORG = "http://www.w3.org/ns/org#"
_ADMS = "http://www.w3.org/ns/adms#"
_NAMED_AT_ONCE = 50_000
"""Names kept in memory; beyond that they are forgotten."""


def tg(name: str) -> ox.NamedNode:
    """A term of the ontology."""
    return ox.NamedNode(f"{TG}{name}")


def _node(term: Term) -> ox.NamedNode | ox.BlankNode | ox.Triple:
    assert not isinstance(term, ox.Literal), "nothing is said of a literal"
    return term


def is_passage(graph: object) -> bool:
    """Whether a graph is that of a passage."""
    return isinstance(graph, ox.NamedNode) and graph.value.startswith(PASSAGE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands, and its words."""

    iri: str
    document: str
    first: int
    last: int
    page: int | None
    row: int | None
    words: str

    @property
    def order(self) -> tuple[str, int, int, str]:
        """The order of passages: by document, then by line."""
        return self.document, self.first, self.row or 0, self.iri


@dataclass(frozen=True, slots=True)
class Value:
    """A value and the passages that state it."""

    term: Term
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A property of a thing with its values."""

    property: str
    values: tuple[Value, ...]


class Graph:
    """A store, with the names of its things remembered."""

    def __init__(self, store: Source) -> None:
        """``store`` does not change while this is used."""
        self.store = store
        self.tables: dict[str, list[Any]] = {}
        """Lists of things by kind, as :mod:`web.views.lists` reads them."""
        self.answers: dict[str, Answered] = {}
        """Stored questions without parameters as pages show them, by :mod:`web.views.questions`."""
        self._names: dict[str, Names] = {}

    def select(self, query: str) -> list[ox.QuerySolution]:
        """Rows of a SELECT query."""
        found = self.store.query(query)
        assert isinstance(found, ox.QuerySolutions), "a SELECT query answers with rows"
        return list(found)

    def objects(self, subject: Term, predicate: ox.NamedNode) -> list[Term]:
        """Objects of a property in the current view, in one order."""
        found = self.store.quads_for_pattern(_node(subject), predicate, None, DEFAULT)
        return sorted((quad.object for quad in found), key=str)

    def subjects(self, predicate: ox.NamedNode, value: Term) -> list[ox.NamedNode]:
        """Named things that have a value, in one order."""
        found = self.store.quads_for_pattern(None, predicate, value, DEFAULT)
        return sorted((q.subject for q in found if isinstance(q.subject, ox.NamedNode)), key=str)

    def one(self, subject: Term, name: str) -> Term | None:
        """The first value of a property of the ontology, or of a full IRI; None if there is none."""
        found = self.objects(subject, ox.NamedNode(name) if ":" in name else tg(name))
        return found[0] if found else None

    def text(self, subject: Term, name: str) -> str:
        """The first value of a property as text, "" if there is none."""
        found = self.one(subject, name)
        return str(getattr(found, "value", found)) if found is not None else ""

    def is_a(self, node: Term, name: str) -> bool:
        """Whether a thing is of a class of the ontology."""
        return any(True for _ in self.store.quads_for_pattern(_node(node), TYPE, tg(name), DEFAULT))

    def known(self, node: ox.NamedNode) -> bool:
        """Whether the graph says anything of a thing."""
        patterns = ((node, None, None, None), (None, None, node, None))
        return any(next(iter(self.store.quads_for_pattern(*p)), None) is not None for p in patterns)

    # names

    def names(self, iri: str) -> Names:
        """A thing's names by language: its own, else those made of its parts; none where there are neither."""
        if (known := self._names.get(iri)) is None:
            if len(self._names) > _NAMED_AT_ONCE:
                self._names.clear()
            node = ox.NamedNode(iri)
            known = self._names[iri] = self._own_names(node) or self._composed_names(node)
        return known

    def name(self, iri: str, lang: str) -> str:
        """The name of a thing for a reader of a language, "" if it has none."""
        found = words.label(self.names(iri), lang)
        return found[0] if found else ""

    def _own_names(self, node: ox.NamedNode) -> Names:
        found: Names = {}
        for predicate in _LABELS:
            for term in self.objects(node, predicate):
                if isinstance(term, ox.Literal):
                    language = term.language or ""
                    found[language] = min(term.value, found.get(language, term.value))
        return found

    def _composed_names(self, node: ox.NamedNode) -> Names:
        """Names made for a thing of ours that has none: its kind, which its address gives, decides of what parts."""
        kind = node.value.removeprefix(ID).partition("/")[0]
        make = _MAKERS.get(kind) if node.value.startswith(ID) else None
        found = {lang: make(self, node, lang) for lang in words.LANGUAGES} if make else {}
        return {lang: name for lang, name in found.items() if name}

    def _said(self, node: Term, predicate: str, lang: str) -> str:
        """The values of a property as a reader of a language reads them."""
        texts = []
        for term in self.objects(node, ox.NamedNode(predicate)):
            if isinstance(term, ox.Literal):
                is_date = term.datatype.value.rsplit("#", 1)[-1] in words.DATES
                texts.append(words.date(term.value, lang) if is_date else term.value)
            elif isinstance(term, ox.NamedNode) and (name := self.name(term.value, lang)):
                texts.append(name)
        return ", ".join(texts)

    # passages

    def place(self, iri: str) -> Place | None:
        """Where a passage stands and what its words are; None if there is no such passage."""
        found = {
            q.predicate.value: q.object for q in self.store.quads_for_pattern(ox.NamedNode(iri), None, None, DEFAULT)
        }

        def number(name: str) -> int | None:
            term = found.get(TG + name)
            return int(term.value) if isinstance(term, ox.Literal) else None

        document, verbatim = found.get(f"{TG}inDocument"), found.get(f"{TG}verbatim")
        if not isinstance(document, ox.NamedNode):
            return None
        first = number("lineStart") or 0
        text = verbatim.value if isinstance(verbatim, ox.Literal) else ""
        return Place(iri, document.value, first, number("lineEnd") or first, number("page"), number("row"), text)

    def places(self, iris: Iterator[str] | list[str] | set[str]) -> tuple[Place, ...]:
        """Several passages in the order of their documents and lines."""
        found = (self.place(iri) for iri in set(iris))
        return tuple(sorted((p for p in found if p), key=lambda p: p.order))

    def stated(self, node: ox.NamedNode) -> tuple[dict[str, list[Term]], dict[tuple[str, str], list[str]]]:
        """What the current view says of a node by property, and the passages that state each (property, value)."""
        view: dict[str, list[Term]] = defaultdict(list)
        passages: dict[tuple[str, str], list[str]] = defaultdict(list)
        for quad in self.store.quads_for_pattern(node, None, None, None):
            if quad.graph_name in (DEFAULT, HISTORY):
                view[quad.predicate.value].append(quad.object)
            elif is_passage(quad.graph_name):
                passages[quad.predicate.value, str(quad.object)].append(str(quad.graph_name)[1:-1])
        return {predicate: sorted(values, key=str) for predicate, values in sorted(view.items())}, passages


# names for what has none of its own: an amount, a participation, an identifier are called by what they are of


def _observation(graph: Graph, node: ox.NamedNode, lang: str) -> str:
    said = graph._said
    what = said(node, f"{TG}phase", lang) or said(node, f"{TG}measure", lang)
    dated = " ".join(filter(None, [what, said(node, f"{TG}referenceDate", lang)]))
    if dated and (amount := graph.text(node, "amount")):
        dated += f", {words.money(amount, lang)}"
    return _joined(said(node, f"{TG}about", lang), dated)


def _share(graph: Graph, node: ox.NamedNode, lang: str) -> str:
    amount = graph.text(node, "amount")
    return _joined(graph._said(node, f"{TG}ministry", lang), words.money(amount, lang) if amount else "")


def _participation(graph: Graph, node: ox.NamedNode, lang: str) -> str:
    projects = (graph.name(project.value, lang) for project in graph.subjects(tg("participation"), node))
    return _joined(graph._said(node, f"{TG}organisation", lang), ", ".join(filter(None, projects)))


def _identifier(graph: Graph, node: ox.NamedNode, lang: str) -> str:
    agency, value = (graph._said(node, p, lang) for p in (f"{_ADMS}schemaAgency", f"{SKOS}notation"))
    return f"{agency} {value}".strip()


def _conflict(graph: Graph, node: ox.NamedNode, lang: str) -> str:
    what = _joined(*(graph._said(node, f"{TG}{p}", lang) for p in ("onProperty", "kind")))
    return _joined(graph._said(node, f"{TG}about", lang), what)


def _change(graph: Graph, node: ox.NamedNode, lang: str) -> str:
    before, after = (graph._said(node, f"{_ORG}{p}Organization", lang) for p in ("original", "resulting"))
    date = graph._said(node, f"{DCT}date", lang)
    return _joined(date, f"{before} → {after}") if before and after else date


def _passage(graph: Graph, node: ox.NamedNode, lang: str) -> str:
    place = graph.place(node.value)
    return f"{graph.name(place.document, lang)}, {words.place(place, lang)}" if place else ""


def _joined(*parts: str) -> str:
    return ": ".join(filter(None, parts))


_MAKERS: dict[str, Callable[[Graph, ox.NamedNode, str], str]] = {
    "observation": _observation,
    "share": _share,
    "participation": _participation,
    "identifier": _identifier,
    "conflict": _conflict,
    "change": _change,
    "passage": _passage,
}
"""Kind of thing, as addresses name it → what makes its name."""
