"""What things are called in a report, in each language; persons by their part, never by their name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Store

from engine.report.place import CONTACT
from engine.words import LANGUAGES, Words, day, words
from engine.words import number as grouped
from loaders.rdf.terms import CONTACT_PASSAGE, DCT, PASSAGE, SCHEMA, SKOS, TG
from shacl.terms import RDF, RDFS, XSD, Term

_NAMES = [NamedNode(RDFS + "label"), NamedNode(SKOS + "prefLabel"), NamedNode(DCT + "title")]
_OTHER_NAMES = [NamedNode(TG + "nameAsStated"), NamedNode(SKOS + "altLabel"), NamedNode(SKOS + "notation")]
_ABOUT, _PHASE, _MEASURE = (NamedNode(TG + name) for name in ("about", "phase", "measure"))
_CONTACT_FOR, _SIDE = NamedNode(TG + "contactFor"), NamedNode(TG + "side")
_TEXTS = (XSD + "string", RDF + "langString")
HIDDEN = "[…]"
_PREFIXES = {TG: "tg:", SKOS: "skos:", RDFS: "rdfs:", DCT: "dct:", SCHEMA: "schema:"}


class Names:
    """Labels of things, looked up once each."""

    def __init__(self, store: Store, with_contacts: bool = False) -> None:
        """``with_contacts`` shows the names and addresses of contact persons."""
        self._store, self._open = store, with_contacts
        self._known: dict[NamedNode | BlankNode, Mapping[str, str]] = {}

    def of(self, node: Term) -> Mapping[str, str]:
        """The name of a thing by language; a literal is itself."""
        if not isinstance(node, (NamedNode, BlankNode)):
            text = node.value if isinstance(node, Literal) else str(node)
            return dict.fromkeys(LANGUAGES, text)
        if node not in self._known:
            self._known[node] = {language: self._name(node, language) for language in LANGUAGES}
        return self._known[node]

    def shown(self, value: Term, focus: Term) -> str:
        """A value as text, hidden where it names or addresses a person."""
        text = value.value if isinstance(value, (NamedNode, Literal)) else str(value)
        return _masked(text) if self._hides(value, focus) else text

    def place_words(self, text: str | None, private: bool) -> str | None:
        """The words of a passage, hidden where they name or address a person."""
        return HIDDEN if text is not None and private and not self._open else text

    def fill(self, message: str, language: str, rows: Mapping[str, Term], focus: Term) -> str:
        """Put a query's values in the place of ``{?name}`` in a message."""

        def value(match: re.Match[str]) -> str:
            term = rows.get(match[1])
            if term is None:
                return "–"
            if isinstance(term, Literal):
                return _masked(term.value) if self._hides(term, focus) else spoken(term, words(language))
            return self.of(term)[language]

        return re.sub(r"\{[?$](\w+)\}", value, message)

    def _hides(self, value: Term, focus: Term) -> bool:
        """Texts about a person are hidden; things, numbers and dates are not."""
        if self._open or not is_private(focus) or not isinstance(value, Literal):
            return False
        return value.datatype.value in _TEXTS and not re.fullmatch(r"\d{4}(-\d\d){0,2}", value.value)

    def _name(self, node: NamedNode | BlankNode, language: str) -> str:
        iri = node.value if isinstance(node, NamedNode) else ""
        if iri.startswith((CONTACT, CONTACT_PASSAGE, PASSAGE)):
            return self._person(node, language) if iri.startswith(CONTACT) else iri.rsplit("/", 2)[-2]
        for predicates in (_NAMES, _OTHER_NAMES):
            found = [value for predicate in predicates for value in self._texts(node, predicate)]
            if found:
                return _best(found, language)
        return self._composed(node, language) or _short(node)

    def _composed(self, node: NamedNode | BlankNode, language: str) -> str | None:
        """An observation (or conflict) has no name: it is called by what it is about and which phase or measure it is."""
        about = self._one(node, _ABOUT)
        if about is None or about == node:
            return None
        kind = self._one(node, _PHASE) or self._one(node, _MEASURE)
        parts = [self.of(about)[language], self.of(kind)[language] if kind is not None else ""]
        return ": ".join(filter(None, parts))

    def _person(self, node: NamedNode | BlankNode, language: str) -> str:
        called = self._texts(node, NamedNode(SCHEMA + "name"))
        if called and self._open:
            return called[0].value
        role, about = self._one(node, _SIDE), self._one(node, _CONTACT_FOR)
        parts = [words(language).contact, *(self.of(term)[language] for term in (about, role) if term is not None)]
        return ", ".join(parts)

    def _texts(self, node: NamedNode | BlankNode, predicate: NamedNode) -> list[Literal]:
        """Its names in the current view, or where that does not name it, in the passages."""
        for graph in (DefaultGraph(), None):
            quads = self._store.quads_for_pattern(node, predicate, None, graph)
            if found := {quad.object for quad in quads if isinstance(quad.object, Literal)}:
                return sorted(found, key=str)
        return []

    def _one(self, node: NamedNode | BlankNode, predicate: NamedNode) -> NamedNode | None:
        quads = self._store.quads_for_pattern(node, predicate, None, None)
        return min((quad.object for quad in quads if isinstance(quad.object, NamedNode)), key=str, default=None)


def is_private(node: Term) -> bool:
    """Whether a thing is a contact person or a passage about one."""
    return isinstance(node, NamedNode) and node.value.startswith((CONTACT, CONTACT_PASSAGE))


def spoken(term: Literal, language: Words) -> str:
    """A value as people write it in that language: amounts grouped, dates in their order."""
    datatype = term.datatype.value
    if datatype in (XSD + "decimal", XSD + "integer"):
        return number(term.value, language)
    # A query's MAX over dates of several precisions is a string.
    if datatype in (XSD + "date", XSD + "gYearMonth", XSD + "string"):
        return calendar(term.value, language)
    return term.value


def calendar(text: str, language: Words) -> str:
    """A day or month as people write it in that language: ``31.10.2024``, ``10/2024``; any other text as it is."""
    return day(text, language.language)


def number(text: str, language: Words) -> str:
    """An amount with its thousands grouped and the language's decimal mark."""
    return grouped(text, language.language)


def _masked(text: str) -> str:
    """An address shows its domain; anything else of a person shows nothing."""
    domain = re.fullmatch(r"[^@\s]+(@[^@\s]+)", text)
    return f"…{domain[1]}" if domain else HIDDEN


def _best(found: list[Literal], language: str) -> str:
    for wanted in (language, "fi", "sv", "en", ""):
        for literal in found:
            if (literal.language or "") == wanted:
                return literal.value
    return found[0].value


def _short(node: NamedNode | BlankNode) -> str:
    if isinstance(node, BlankNode):
        return "_:"
    for space, prefix in _PREFIXES.items():
        if node.value.startswith(space):
            return prefix + node.value.removeprefix(space)
    return re.sub(r"^https://w3id\.org/teemagraafi/(id|code)/", "", node.value)
