"""Everything the documents say about one thing: find it by name, code or IRI, then list its facts with their places."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Any

import pyoxigraph as ox
from rapidfuzz import fuzz, process

from engine.store import NAMES, VIEWS, Place, distinct, name_in, names_of, place_of, records, select, sparql
from links.identity import explain
from loaders.errors import UserError
from loaders.names import slug
from loaders.names.registry import Registry
from loaders.rdf.terms import BASE, CONTACT_PASSAGE, ID, PASSAGE, RDF, TG

_SPARQL = sparql("describe")
_ORDER = ("theme", "project", "organisation", "call", "document", "participation")


class NotFoundError(UserError):
    """Nothing in the graph has that name; the message suggests the nearest names."""


@dataclass(frozen=True, slots=True)
class Match:
    """A thing of the graph and the name it was found by."""

    iri: str
    name: str

    @property
    def kind(self) -> str:
        """``theme``, ``project``, ``organisation`` … or ``code``."""
        return self.iri.removeprefix(ID).split("/")[0] if self.iri.startswith(ID) else "code"


def find(store: ox.Store, words: str) -> list[Match]:
    """Find every thing with exactly this name, ignoring case, accents and punctuation; the most likely kind comes first.

    Raises NotFoundError, with what comes nearest, if there is none.
    """
    if direct := _iri(store, words):
        return [direct]
    registry = Registry.load()
    keys = {slug(words), registry.theme_key(words), registry.organisation_key(words)}
    named: dict[str, list[Match]] = {}
    for thing, name in ((row["thing"].value, row["name"].value) for row in select(store, _SPARQL["names"])):
        named.setdefault(slug(name), []).append(Match(thing, name))
        named.setdefault(thing.rsplit("/", 1)[-1].lower(), []).append(Match(thing, name))
    matches = {f.iri: f for key in sorted(keys) for f in named.get(key, []) if key}
    if not matches:
        raise NotFoundError(_missing(words, named))
    return sorted(matches.values(), key=lambda f: (_ORDER.index(f.kind) if f.kind in _ORDER else len(_ORDER), f.iri))


def _iri(store: ox.Store, words: str) -> Match | None:
    value = words.strip("<>")
    if not value.startswith(BASE) or any(c in value for c in '<>" {}|\\^`'):
        return None
    node = ox.NamedNode(value)
    if next(iter(store.quads_for_pattern(node, None, None, None)), None) is None:
        raise NotFoundError(f"nothing in the graph has the IRI {value}")
    return Match(value, value)


def _missing(words: str, named: dict[str, list[Match]]) -> str:
    near = process.extract(slug(words), list(named), scorer=fuzz.ratio, limit=3, score_cutoff=60)
    # of the names of a thing, which may be in several languages, the one nearest to the key
    names = dict.fromkeys(max(named[key], key=lambda entry: fuzz.ratio(key, slug(entry.name))).name for key, *_ in near)
    hint = f"; did you mean {', '.join(map(repr, names))}?" if names else "; see: teemagraafi search WORDS"
    return f"nothing in the graph is called {words!r}{hint}"


_LINKS = f"{BASE}graph/links/"


@dataclass(slots=True)
class Fact:
    """One statement with every place that makes it; ``subject`` is the thing or an observation, call or part of it."""

    subject: str
    property: str
    value: str
    places: list[Place] = field(default_factory=list)
    current: bool = True
    """Whether it is in the current view; False if a newer or more precise statement has replaced it."""


@dataclass(frozen=True, slots=True)
class BackgroundFact:
    """One statement that no document makes: it is from a registry, a code list or the link sets named, or is derived."""

    property: str
    value: str
    links: list[str]


@dataclass(frozen=True, slots=True)
class CorrectedFact:
    """A statement that a person rejected or added: where, who, when and why."""

    verdict: str
    subject: str
    property: str
    value: str
    document: str
    first: int
    last: int
    who: str
    date: str
    why: str


@dataclass(frozen=True, slots=True)
class Spelling:
    """One name of an organisation, and the reason why the name means this organisation."""

    name: str
    kind: str
    """``registry``, ``key``, ``business-id`` or ``decision``."""
    evidence: str


@dataclass(frozen=True, slots=True)
class LinkedPair:
    """One decided pair: accepted or rejected, by what, by whom and when."""

    set: str
    property: str
    value: str
    accepted: bool
    justification: str
    reviewer: str = ""
    date: str = ""
    evidence: str = ""
    """The name both sides share, or a remark."""


@dataclass(slots=True)
class Description:
    """A thing: its names, types, facts by subject, and what refers to it."""

    iri: str
    label: str
    types: list[str]
    facts: list[Fact]
    referrers: dict[str, list[str]]
    known: list[BackgroundFact] = field(default_factory=list)
    """Statements about it that no document makes."""
    states: dict[str, int] = field(default_factory=dict)
    """Of a document: class → how many things it speaks of."""
    corrections: list[CorrectedFact] = field(default_factory=list)
    spellings: list[Spelling] = field(default_factory=list)
    """Of an organisation: the names it goes by."""
    links: list[LinkedPair] = field(default_factory=list)

    def by_subject(self) -> Iterator[tuple[str, list[list[Fact]]]]:
        """The thing, then its observations, calls and parts, each with its facts in groups that the same places state.

        Left out is what the heading of a subject says already: of the thing its types, unless documents only name it.
        """
        for subject, all_facts in groupby(self.facts, key=lambda fact: fact.subject):
            facts = list(all_facts)
            if subject == self.iri:
                yield subject, [[fact] for fact in [fact for fact in facts if fact.property != "type"] or facts]
            else:
                parts = sorted((fact for fact in facts if fact.property not in _IN_HEADING), key=_places)
                yield subject, [list(group) for _, group in groupby(parts, key=_places)]


_IN_HEADING = ("type", "about", "inTheme")


def _places(fact: Fact) -> list[tuple[str, int, int, str]]:
    return [place.order for place in fact.places]


Namer = Callable[[Any], str]


def _namer(store: ox.Store) -> Namer:
    """Gives the label of a thing, or the text of a literal; each label is looked up once."""

    @cache
    def name(term: Any) -> str:
        if not isinstance(term, ox.NamedNode):
            return str(term.value)
        # a thing that a passage names and the current view does not hold has its name there
        names = names_of(store, term) or names_of(store, term, NAMES[:1], (None,))
        return name_in(names, "fi") or _short(term.value)

    return name


def _short(iri: str) -> str:
    return iri.removeprefix(TG) if iri.startswith(TG) else iri.rsplit("/id/", 1)[-1]


def _name(predicate: ox.NamedNode) -> str:
    return _short(predicate.value.rsplit("#", 1)[-1].rsplit("/", 1)[-1])


def describe(store: ox.Store, thing: Match, with_contacts: bool = False) -> Description:
    """Describe a thing: what documents say about it, its observations, calls and parts, with places, and what else is known."""
    node, namer = ox.NamedNode(thing.iri), _namer(store)
    facts = list(_facts(store, node, namer, with_contacts))
    types = sorted(_short(row["type"].value) for row in select(store, _SPARQL["types"], thing=node))
    states = {
        _short(row["type"].value): int(row["number"].value) for row in select(store, _SPARQL["states"], thing=node)
    }
    return Description(
        thing.iri,
        namer(node),
        types,
        sorted(facts, key=lambda f: (f.subject != thing.iri, f.subject, f.property, f.value)),
        _referrers(store, node, namer),
        sorted(_known(store, node, namer), key=lambda k: (k.property, k.value)),
        dict(sorted(states.items())),
        list(_corrected(store, node, namer)),
        _spellings(store, node),
        records(store, _SPARQL["links"], LinkedPair, thing=node),
    )


def _corrected(store: ox.Store, node: ox.NamedNode, namer: Namer) -> Iterator[CorrectedFact]:
    for row in select(store, _SPARQL["corrections"], thing=node):
        text = {name: row[name].value for name in ("verdict", "subject", "who", "date", "why")}
        text |= {"property": _name(row["property"]), "value": namer(row["value"])}
        text["document"] = row["document"].value.rsplit("/", 1)[-1]
        yield CorrectedFact(first=int(row["first"].value), last=int(row["last"].value), **text)


def _facts(store: ox.Store, node: ox.NamedNode, namer: Namer, with_contacts: bool) -> Iterator[Fact]:
    places: dict[tuple[Any, Any, Any], list[Place]] = {}
    for quad in _stated(store, node, with_contacts):
        if place := place_of(store, quad.graph_name):
            places.setdefault((quad.subject, quad.predicate, quad.object), []).append(place)
    for (subject, predicate, value), passages in places.items():
        current = any(ox.Quad(subject, predicate, value, graph) in store for graph in VIEWS)
        yield Fact(subject.value, _name(predicate), namer(value), distinct(passages), current)


def _stated(store: ox.Store, node: ox.NamedNode, with_contacts: bool) -> Iterator[Any]:
    """Quads that passages state about a thing and its parts; with contacts, also those that passages state about its contacts."""
    for row in select(store, _SPARQL["subjects"], thing=node):
        for quad in store.quads_for_pattern(row["subject"], None, None, None):
            if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(PASSAGE):
                yield quad
    contacts = store.quads_for_pattern(None, ox.NamedNode(f"{TG}contactFor"), node, None) if with_contacts else ()
    for contact in contacts:
        if isinstance(contact.graph_name, ox.NamedNode) and contact.graph_name.value.startswith(CONTACT_PASSAGE):
            yield from store.quads_for_pattern(contact.subject, None, None, contact.graph_name)


def _known(store: ox.Store, node: ox.NamedNode, namer: Namer) -> Iterator[BackgroundFact]:
    for quad in store.quads_for_pattern(node, None, None, ox.DefaultGraph()):
        same = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        graphs = {q.graph_name.value for q in same if isinstance(q.graph_name, ox.NamedNode)}
        if quad.predicate.value != f"{RDF}type" and not any(g.startswith((PASSAGE, CONTACT_PASSAGE)) for g in graphs):
            links = sorted(g.removeprefix(_LINKS) for g in graphs if g.startswith(_LINKS))
            yield BackgroundFact(_name(quad.predicate), namer(quad.object), links)


def _referrers(store: ox.Store, node: ox.NamedNode, namer: Namer) -> dict[str, list[str]]:
    referrers: dict[str, list[str]] = {}
    for row in select(store, _SPARQL["referrers"], thing=node):
        referrers.setdefault(_name(row["property"]), []).append(namer(row["subject"]))
    return {k: sorted(v) for k, v in sorted(referrers.items())}


_ORGANISATION = f"{ID}organisation/"


def _spellings(store: ox.Store, node: ox.NamedNode) -> list[Spelling]:
    if not node.value.startswith(_ORGANISATION):
        return []
    registry, key = Registry.load(), node.value.removeprefix(_ORGANISATION)
    names = dict.fromkeys(row["name"].value for row in select(store, _SPARQL["spellings"], thing=node))
    joined = [row["old"].value.removeprefix(_ORGANISATION) for row in select(store, _SPARQL["replaced"], thing=node)]
    spellings = []
    for name in names:
        reason = explain(name, registry)
        read_as = registry.organisation_key(name)
        if read_as == key or not joined:
            spellings.append(Spelling(name, reason.kind, reason.evidence))
        else:
            spellings.append(
                Spelling(name, "business-id", f"read as {read_as}; one business id or a decision joins the two")
            )
    return spellings
