"""Where a statement stands: the document, page, line and words of the passage that makes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Store

from loaders.rdf.terms import CONTACT_PASSAGE, ID, PASSAGE, TG
from shacl.terms import TYPE, Term

CONTACT = f"{ID}contact/"
DOCUMENT = f"{ID}document/"
_IN, _FIRST, _LAST, _PAGE, _WORDS = (
    NamedNode(TG + name) for name in ("inDocument", "lineStart", "lineEnd", "page", "verbatim")
)
_ALTERNATIVE, _STATED = NamedNode(TG + "alternative"), NamedNode(TG + "statedIn")


@dataclass(frozen=True, slots=True)
class Place:
    """One passage; ``private`` words name or address a person. A document without a line is meant as a whole."""

    document: str
    first: int | None = None
    last: int | None = None
    page: int | None = None
    words: str | None = None
    private: bool = False

    @property
    def order(self) -> tuple[str, int, int, str]:
        """Documents by id, then lines."""
        return (self.document, self.first or 0, self.last or 0, self.words or "")


class Places:
    """Looks up the passages of statements in a store."""

    def __init__(self, store: Store) -> None:
        """Keep the passages already read."""
        self._store = store
        self._known: dict[str, Place | None] = {}

    def of(self, focus: Term, predicates: list[NamedNode], value: Term | None) -> Place | None:
        """The place that says most of a finding.

        Where its very value is stated, else one of the properties it is about, else where the thing itself is named. Of
        several the first by document and line.
        """
        if not isinstance(focus, (NamedNode, BlankNode)):
            return None
        if isinstance(focus, NamedNode) and focus.value.startswith(DOCUMENT):
            return Place(focus.value.removeprefix(DOCUMENT))
        passage = self.passage(focus.value) if isinstance(focus, NamedNode) else None
        if passage is not None:
            return passage
        for graphs in self._candidates(focus, predicates, value):
            places = [place for graph in dict.fromkeys(graphs) if (place := self.passage(graph)) is not None]
            if places:
                return min(places, key=lambda place: place.order)
        return None

    def passage(self, iri: str) -> Place | None:
        """The passage of that IRI, None if it is none."""
        if not iri.startswith((PASSAGE, CONTACT_PASSAGE)):
            return None
        if iri not in self._known:
            self._known[iri] = self._read(iri)
        return self._known[iri]

    def _candidates(
        self, focus: NamedNode | BlankNode, predicates: list[NamedNode], value: Term | None
    ) -> Iterator[list[str]]:
        for predicate in predicates if value is not None and value != focus else []:
            yield self._graphs(focus, predicate, value)
        if value is not None and value != focus and not predicates:
            yield self._graphs(focus, None, value)
        for predicate in predicates:
            yield self._graphs(focus, predicate, None)
        yield self._graphs(focus, TYPE, None)
        yield self._graphs(focus, None, None)
        if isinstance(focus, NamedNode):
            yield self._graphs(None, None, focus)
        yield [name for alternative in self._objects(focus, _ALTERNATIVE) for name in self._names(alternative, _STATED)]

    def _graphs(
        self, subject: NamedNode | BlankNode | None, predicate: NamedNode | None, value: Term | None
    ) -> list[str]:
        quads = self._store.quads_for_pattern(subject, predicate, value, None)
        return [quad.graph_name.value for quad in quads if isinstance(quad.graph_name, NamedNode)]

    def _objects(self, subject: Term, predicate: NamedNode) -> list[Term]:
        if not isinstance(subject, (NamedNode, BlankNode)):
            return []
        quads = self._store.quads_for_pattern(subject, predicate, None, DefaultGraph())
        return sorted((quad.object for quad in quads), key=str)

    def _names(self, subject: Term, predicate: NamedNode) -> list[str]:
        return [node.value for node in self._objects(subject, predicate) if isinstance(node, NamedNode)]

    def _read(self, iri: str) -> Place | None:
        said: dict[str, Term] = {}
        for quad in self._store.quads_for_pattern(NamedNode(iri), None, None, None):
            said[quad.predicate.value] = quad.object
        document = said.get(_IN.value)
        if not isinstance(document, NamedNode):
            return None
        words = said.get(_WORDS.value)
        return Place(
            document.value.removeprefix(DOCUMENT),
            _number(said.get(_FIRST.value)),
            _number(said.get(_LAST.value)),
            _number(said.get(_PAGE.value)),
            words.value if isinstance(words, Literal) else None,
            private=iri.startswith(CONTACT_PASSAGE),
        )


def _number(term: Term | None) -> int | None:
    if not isinstance(term, Literal):
        return None
    try:
        return int(term.value)
    except ValueError:
        return None
