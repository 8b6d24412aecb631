"""Findings: results of validation as people need them, with names, messages in three languages and their places.

Names and places are looked up when they are shown: a long list may have ten thousand notes of which ten are shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Store

from engine.store import NAMES, Place, name_in, names_of, place_of, select
from engine.words import LANGUAGES, day, number, text
from loaders.rdf.terms import CONTACT_PASSAGE, DCT, ID, PASSAGE, SCHEMA, SKOS, TG, local_name
from shacl import Result, Shape, Shapes
from shacl.shapes import SHAPE_LISTS, SHAPE_VALUES
from shacl.terms import RDF, RDFS, SH, TYPE, XSD, Term, name_of

SEVERITIES = ("Violation", "Warning", "Info")
NOTES = ("Info", "Debug", "Trace")
"""Severities of notes, which are not faults."""
KEY = ("severity", "shape", "component", "focus", "path", "value")
"""The fields that identify a finding across reports; its line may change."""
CONTACT = f"{ID}contact/"
DOCUMENT = f"{ID}document/"
_STATED = "SELECT ?passage { ?focus tg:alternative/tg:statedIn ?passage } ORDER BY ?passage"


class Places:
    """Looks up the passages of statements in a store."""

    def __init__(self, store: Store) -> None:
        """Keep the passages already read."""
        self._store = store
        self._known: dict[str, Place | None] = {}

    def of(self, focus: Term, predicates: list[NamedNode], value: Term | None) -> Place | None:
        """The most useful place for a finding.

        This is where its value is stated, else one of its properties, else where the thing itself is named. If there are several,
        the first by document and line.
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
        if iri not in self._known:
            self._known[iri] = place_of(self._store, NamedNode(iri))
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
        if isinstance(focus, NamedNode):  # a conflict
            yield [row["passage"].value for row in select(self._store, _STATED, focus=focus)]

    def _graphs(
        self, subject: NamedNode | BlankNode | None, predicate: NamedNode | None, value: Term | None
    ) -> list[str]:
        quads = self._store.quads_for_pattern(subject, predicate, value, None)
        return [quad.graph_name.value for quad in quads if isinstance(quad.graph_name, NamedNode)]


NOWHERE = Place("")


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

    def words_of(self, place: Place) -> str | None:
        """The words of a passage, hidden where they name or address a person."""
        return HIDDEN if place.words and place.private and not self._open else place.words or None

    def fill(self, message: str, language: str, rows: Mapping[str, Term], focus: Term) -> str:
        """Put a query's values in the place of ``{?name}`` in a message."""

        def value(match: re.Match[str]) -> str:
            term = rows.get(match[1])
            if term is None:
                return "–"
            if isinstance(term, Literal):
                return _masked(term.value) if self._hides(term, focus) else in_words(term, language)
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
        for predicates in (NAMES, _OTHER_NAMES):
            if names := self._names(node, predicates):
                return name_in(names, language) or next(iter(names.values()))
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
        if self._open and (called := self._names(node, [NamedNode(SCHEMA + "name")])):
            return next(iter(called.values()))
        role, about = self._one(node, _SIDE), self._one(node, _CONTACT_FOR)
        parts = [
            text("report.contact", language),
            *(self.of(term)[language] for term in (about, role) if term is not None),
        ]
        return ", ".join(parts)

    def _names(self, node: NamedNode | BlankNode, properties: Iterable[NamedNode]) -> dict[str, str]:
        """Its names in the current view, or where that does not name it, in the passages."""
        return names_of(self._store, node, properties, (DefaultGraph(), None))

    def _one(self, node: NamedNode | BlankNode, predicate: NamedNode) -> NamedNode | None:
        quads = self._store.quads_for_pattern(node, predicate, None, None)
        return min((quad.object for quad in quads if isinstance(quad.object, NamedNode)), key=str, default=None)


def is_private(node: Term) -> bool:
    """Whether a thing is a contact person or a passage about one."""
    return isinstance(node, NamedNode) and node.value.startswith((CONTACT, CONTACT_PASSAGE))


def in_words(term: Literal, language: str) -> str:
    """A value as people write it in that language: amounts grouped, dates in their order."""
    datatype = term.datatype.value
    if datatype in (XSD + "decimal", XSD + "integer"):
        return number(term.value, language)
    # A query's MAX over dates of several precisions is a string.
    if datatype in (XSD + "date", XSD + "gYearMonth", XSD + "string"):
        return day(term.value, language)
    return term.value


def _masked(text: str) -> str:
    """An address shows its domain; anything else of a person shows nothing."""
    domain = re.fullmatch(r"[^@\s]+(@[^@\s]+)", text)
    return f"…{domain[1]}" if domain else HIDDEN


def _short(node: NamedNode | BlankNode) -> str:
    if isinstance(node, BlankNode):
        return str(node)
    for space, prefix in _PREFIXES.items():
        if node.value.startswith(space):
            return prefix + node.value.removeprefix(space)
    return re.sub(r"^https://w3id\.org/teemagraafi/(id|code)/", "", node.value)


_HELPERS = {"property", "flags", "ignoredProperties", "qualifiedValueShape", "qualifiedValueShapesDisjoint"}
"""Parameters that are no constraint of their own."""


class Finding:
    """One SHACL result for people: what is wrong with which thing, and its place in a document.

    ``value`` is an IRI or a literal's text, as the report shows it (an address of a person hides its owner). Texts are by
    language. ``place`` is where the value, the property or the thing stands, a place without a document where none is known.
    """

    def __init__(self, result: Result, findings: Findings) -> None:
        """``findings`` looks names and places up."""
        self.result, self._all = result, findings
        self.severity, self.shape = findings.rule(result.shape)

    @property
    def component(self) -> str:
        """The parameter of the constraint, such as ``minCount``; the IRI of a component that the shapes define."""
        return self.result.parameter or self.result.component.value

    @property
    def focus(self) -> str:
        """The thing that is wrong."""
        return name_of(self.result.focus)

    @property
    def path(self) -> str | None:
        """The property or path that leads from it to the value."""
        path = self.result.path  # one property without its angle brackets
        return path[1:-1] if path and path.count("<") == 1 and path[0] + path[-1] == "<>" else path

    @cached_property
    def _value(self) -> Term | None:
        return None if self.result.value == self.result.focus else self.result.value

    @cached_property
    def value(self) -> str | None:
        """The value as text, hidden where it names or addresses a person."""
        return self._all.names.shown(self._value, self.result.focus) if self._value is not None else None

    @property
    def secret(self) -> bool:
        """Whether the value names or addresses a person and is not shown in full."""
        return self._value is not None and self.value != name_of(self._value)

    @cached_property
    def label(self) -> Mapping[str, str]:
        """What the thing is called."""
        return self._all.names.of(self.result.focus)

    @cached_property
    def message(self) -> Mapping[str, str]:
        """What is wrong."""
        return {language: self._all.message(self.result, language) for language in LANGUAGES}

    @cached_property
    def name(self) -> Mapping[str, str]:
        """What the rule is called."""
        owner = self._all.shapes.owner(self.result.shape)
        return {language: in_language(owner.about.get("name", ()), language) or self.shape for language in LANGUAGES}

    @cached_property
    def value_name(self) -> Mapping[str, str]:
        """What the value is called."""
        value = self._value
        if isinstance(value, NamedNode):
            return self._all.names.of(value)
        if isinstance(value, Literal) and self.value == value.value:
            return {language: in_words(value, language) for language in LANGUAGES}
        return dict.fromkeys(LANGUAGES, self.value or "")

    @cached_property
    def expected(self) -> str | None:
        """What the constraint asks for: ``1`` of a minCount, the members of an ``in``; None where it is no short text."""
        return self._all.expected(self.result)

    @cached_property
    def place(self) -> Place:
        """The place of the value, the property or the thing in a document."""
        return self._all.place(self.result)

    @property
    def document(self) -> str | None:
        """The id of its document."""
        return self.place.document or None

    @property
    def words(self) -> str | None:
        """The words of its place, hidden where they name or address a person."""
        return self._all.names.words_of(self.place)

    @property
    def key(self) -> tuple[str, ...]:
        """The values of KEY."""
        return (self.severity, self.shape, self.component, self.focus, self.path or "", self.value or "")

    @property
    def is_note(self) -> bool:
        """Whether it is a note, which is not a fault."""
        return self.severity in NOTES

    @property
    def order(self) -> tuple[object, ...]:
        """By document, severity, line and rule; notes come last, by rule (their places are many, and seldom shown)."""
        if self.is_note:
            return (1, self.shape)
        rank = {"Violation": 0, "Warning": 2}.get(self.severity, 1)
        return (0, self.document or "\uffff", rank, self.place.lineStart or 0, self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Finding) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


class Findings:
    """Makes findings of results and looks up what they show."""

    def __init__(self, shapes: Shapes, names: Names, places: Places) -> None:
        """Keep what every finding needs."""
        self.shapes, self.names, self.places = shapes, names, places
        self._rules: dict[Shape, tuple[str, str]] = {}

    def rule(self, shape: Shape) -> tuple[str, str]:
        """The severity and the name of a shape."""
        if shape not in self._rules:
            self._rules[shape] = shape.severity.value.removeprefix(SH), self.shapes.name(shape)
        return self._rules[shape]

    def of(self, results: Iterable[Result]) -> list[Finding]:
        """The findings of results, sorted; notes of one rule stay in the order of the results."""
        return sorted((Finding(result, self) for result in results), key=lambda finding: finding.order)

    def place(self, result: Result) -> Place:
        """The passage that a result is about, else where its value, its property or its thing is stated."""
        stated = self.places.passage(result.stated_in) if result.stated_in else None
        return stated or self.places.of(result.focus, _predicates(result), result.value) or NOWHERE

    def message(self, result: Result, language: str) -> str:
        """The message in a language, with the values it names.

        A shape of several constraints has one message for all of them: what this one says stands before it.
        """
        owner = self.shapes.owner(result.shape)
        template = in_language(result.messages, language) or in_language(owner.about.get("message", ()), language)
        fault = self._fault(result, language)
        if template is None:
            rule = in_language(owner.about.get("name", ()), language) or local_name(self.shapes.name(owner))
            return f"{', '.join([rule, *(local_name(node.value) for node in _predicates(result))])}: {fault}."
        filled = self.names.fill(template, language, result.rows, result.focus)
        return f"{fault}. {filled}" if len(set(result.shape.parameters) - _HELPERS) > 1 else filled

    def _fault(self, result: Result, language: str) -> str:
        """What is wrong by the constraint alone."""
        try:
            return text(f"constraint.{result.parameter}", language, expected=self.expected(result) or "–")
        except KeyError:
            component = local_name(result.component.value).removesuffix("ConstraintComponent")
            return f"{text('report.unnamed', language)} ({component})"

    def expected(self, result: Result) -> str | None:
        """The parameter's values as a short text."""
        if result.parameter in (*SHAPE_VALUES, *SHAPE_LISTS, "sparql", "closed"):
            return None
        texts = []
        for term in result.expected:
            items = self.shapes.graph.items(term) if result.parameter in ("in", "languageIn") else [term]
            texts += [
                local_name(name_of(item)) if isinstance(item, NamedNode) else name_of(item) for item in items[:10]
            ]
            texts += [f"… ({len(items)})"] if len(items) > 10 else []
        return ", ".join(texts) or None


def _predicates(result: Result) -> list[NamedNode]:
    """The properties a result is about, those nearest to the focus node first."""
    path = result.property_path
    return [] if path is None else list(path.predicates)


def in_language(texts: Iterable[Term], language: str) -> str | None:
    """The text in that language, else in another: English before none."""
    literals = [text for text in texts if isinstance(text, Literal)]
    for choice in (language, "en", None):
        for literal in sorted(literals, key=str):
            if literal.language == choice:
                return literal.value
    return literals[0].value if literals else None
