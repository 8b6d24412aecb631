"""The current view as tables, one a class: a row a thing, a column a property, typed by what stands in it.

The store is gone over twice, first for the columns and then for the rows, so that no table is ever held in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import pyoxigraph as ox

from engine.query.columns import LABEL as NAMED
from engine.query.columns import Kind, kind_of, widest
from engine.query.results import Value, python
from loaders.rdf.terms import CODE, CONTACTS_GRAPH, DCT, RDF, RDFS, SKOS, TG

ADMS = "http://www.w3.org/ns/adms#"
ORG = "http://www.w3.org/ns/org#"
VOID = "http://rdfs.org/ns/void#"

CLASSES = {
    "themes": f"{TG}Theme",
    "projects": f"{TG}Project",
    "participations": f"{TG}Participation",
    "organisations": f"{TG}Organisation",
    "calls": f"{TG}Call",
    "amounts": f"{TG}FinancialObservation",
    "counts": f"{TG}StatisticalObservation",
    "sub-themes": f"{TG}SubTheme",
    "target-groups": f"{TG}TargetGroup",
    "codes": f"{SKOS}Concept",
    "conflicts": f"{TG}Conflict",
    "documents": f"{TG}SourceDocument",
    "passages": f"{TG}Passage",
    "identifiers": f"{ADMS}Identifier",
    "changes": f"{ORG}ChangeEvent",
    "link-sets": f"{VOID}Linkset",
    "contacts": f"{TG}ContactPoint",
}
"""Table → the class whose instances are its rows."""
ALTERNATIVES = "alternatives"
"""The table of what a conflict is between: nodes that have a value and no class."""

KEY = "iri"
_TYPE = ox.NamedNode(f"{RDF}type")
_OF = (f"{RDF}type", "")
_VALUE = ox.NamedNode(f"{TG}alternativeValue")
_NAMES = tuple(ox.NamedNode(name) for name in (f"{RDFS}label", f"{SKOS}prefLabel", f"{DCT}title"))
_LANGUAGES = ("fi", "sv", "en", None)
_SEPARATORS = ("|", "¦", "‖", "\x1f")
_KNOWN = 100_000

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True, slots=True)
class Column:
    """One property of a table's things, in one language where its values are texts; or the names of what it points at."""

    name: str
    property: str
    kind: Kind
    language: str = ""
    datatype: str = ""
    """The one XSD datatype of all values."""
    separator: str = ""
    """What stands between the values of a cell, where a thing may have several."""
    names: bool = False
    """Whether these are the labels of the things in the column before."""
    target: str = ""
    """The table in which every thing of this column has its row."""
    places: tuple[int, int] = (0, 0)
    """Digits before and after the point, of decimals."""


@dataclass(frozen=True, slots=True)
class Table:
    """A class of things and the columns that tell of them; the first column, ``iri``, is left to the writers."""

    name: str
    of: str
    columns: tuple[Column, ...]


@dataclass(slots=True)
class _Seen:
    """What one property (of one language) was seen to hold."""

    most: int = 0
    kinds: set[Kind] = field(default_factory=set)
    datatypes: set[str] = field(default_factory=set)
    signs: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)
    named: bool = False
    places: tuple[int, int] = (0, 0)


Cells = dict[tuple[str, str], list[Term]]


class Tables:
    """The tables of a graph's current view."""

    def __init__(self, store: ox.Store, with_contacts: bool = False) -> None:
        """Look at ``store``; contact persons are a table only if asked for."""
        self._store = store
        self._graphs: list[ox.DefaultGraph | ox.NamedNode] = [ox.DefaultGraph()]
        if with_contacts:
            self._graphs.append(ox.NamedNode(CONTACTS_GRAPH[1:-1]))
        self.name = lru_cache(_KNOWN)(self._name)
        self._table_of = lru_cache(_KNOWN)(self._find_table)

    def all(self) -> Iterator[Table]:
        """Every table that has a row."""
        for name in (*CLASSES, ALTERNATIVES):
            seen: defaultdict[tuple[str, str], _Seen] = defaultdict(_Seen)
            for _, cells in self._things(name):
                self._see(cells, seen)
            if seen:
                yield Table(name, CLASSES.get(name, ""), tuple(_columns(seen)))

    def rows(self, table: Table) -> Iterator[tuple[str, list[list[Value]]]]:
        """Each thing's IRI with the values of each column, in the order of the IRIs."""
        for subject, cells in self._things(table.name):
            yield subject, [self._values(cells, column) for column in table.columns]

    def _values(self, cells: Cells, column: Column) -> list[Value]:
        terms = cells.get((column.property, column.language), [])
        if column.names:
            return [self.name(term) or "" for term in terms]
        return [python(term) for term in terms]

    def _things(self, name: str) -> Iterator[tuple[str, Cells]]:
        for subject in self._subjects(name):
            cells: Cells = defaultdict(list)
            for graph in self._graphs:
                for quad in self._store.quads_for_pattern(subject, None, None, graph):
                    term = quad.object
                    language = term.language or "" if isinstance(term, ox.Literal) else ""
                    cells[quad.predicate.value, language].append(term)
            yield subject.value, _sorted(cells, CLASSES.get(name))

    def _subjects(self, name: str) -> list[ox.NamedNode]:
        predicate = _VALUE if name == ALTERNATIVES else _TYPE
        of = None if name == ALTERNATIVES else ox.NamedNode(CLASSES[name])
        found = {
            quad.subject
            for graph in self._graphs
            for quad in self._store.quads_for_pattern(None, predicate, of, graph)
            if isinstance(quad.subject, ox.NamedNode)
        }
        # sub-themes and target groups are concepts too, and have tables of their own
        return sorted((s for s in found if name != "codes" or s.value.startswith(CODE)), key=lambda s: s.value)

    def _see(self, cells: Cells, seen: defaultdict[tuple[str, str], _Seen]) -> None:
        for key, terms in cells.items():
            one = seen[key]
            one.most = max(one.most, len(terms))
            for term in terms:
                kind = kind_of(python(term))
                one.kinds.add(kind)
                text = f"{getattr(term, 'value', '')} {self.name(term) or ''}"
                one.signs |= {sign for sign in _SEPARATORS if sign in text}
                if isinstance(term, ox.Literal):
                    one.datatypes.add(term.datatype.value)
                elif isinstance(term, ox.NamedNode):
                    one.targets.add(self._table_of(term))
                    one.named |= self.name(term) is not None
                if kind in ("decimal", "integer"):
                    whole, _, rest = getattr(term, "value", "").lstrip("+-").partition(".")
                    one.places = (max(one.places[0], len(whole)), max(one.places[1], len(rest)))

    def _find_table(self, term: ox.NamedNode) -> str:
        for quad in self._store.quads_for_pattern(term, _TYPE, None, ox.DefaultGraph()):
            for name, of in CLASSES.items():
                if isinstance(quad.object, ox.NamedNode) and quad.object.value == of:
                    return name
        return ""

    def _name(self, term: Term) -> str | None:
        if not isinstance(term, ox.NamedNode):
            return None
        names: dict[str | None, str] = {}
        for predicate in _NAMES:
            for quad in self._store.quads_for_pattern(term, predicate, None, ox.DefaultGraph()):
                if isinstance(quad.object, ox.Literal):
                    names.setdefault(quad.object.language, quad.object.value)
        return next((names[lang] for lang in _LANGUAGES if lang in names), None)


def _sorted(cells: Cells, of: str | None) -> Cells:
    """The values in order, without the class that the table is of: it says nothing in a column."""
    kept = {
        key: sorted((t for t in terms if key != _OF or getattr(t, "value", "") != of), key=str)
        for key, terms in cells.items()
    }
    return {key: terms for key, terms in kept.items() if terms}


def _columns(seen: dict[tuple[str, str], _Seen]) -> Iterator[Column]:
    """Columns in the order of their names, labels first; each that points at things is followed by their names."""
    by_name: defaultdict[str, set[str]] = defaultdict(set)
    for iri, _ in seen:
        by_name[_local(iri)].add(iri)
    for (iri, language), one in sorted(seen.items(), key=lambda item: _order(*item[0])):
        name = _local(iri) if len(by_name[_local(iri)]) == 1 or iri.startswith(TG) else _long(iri)
        name += f"_{language.replace('-', '_')}" if language else ""
        separator = next((s for s in _SEPARATORS if s not in one.signs), _SEPARATORS[-1]) if one.most > 1 else ""
        kind = widest(one.kinds)
        datatype = next(iter(one.datatypes)) if len(one.datatypes) == 1 and kind != "iri" else ""
        target = next(iter(one.targets)) if kind == "iri" and len(one.targets) == 1 else ""
        yield Column(name, iri, kind, language, datatype, separator, target=target, places=one.places)
        if one.named:
            yield Column(f"{name}{NAMED}", iri, "text", language, separator=separator, names=True)


def _order(iri: str, language: str) -> tuple[bool, str, str, str]:
    return not iri.endswith(("label", "prefLabel", "title")), _local(iri), iri, language


def _local(iri: str) -> str:
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1].replace("-", "_")


def _long(iri: str) -> str:
    """A name for a property that shares its last word with another: with the word before it."""
    words = [w for w in iri.replace("#", "/").split("/") if w]
    return f"{words[-2]}_{words[-1]}".replace("-", "_").replace(".", "_")
