"""What the current view holds besides the documents: the ontology, the code lists, and registry names of things in use."""

from collections.abc import Iterator
from functools import lru_cache

import pyoxigraph as ox

from engine.fusion.view import labels
from loaders.data import folder
from loaders.rdf.terms import ALT_LABEL, ID, LABEL, TRUE, Quad, language, lexical, tg

_FILES = ("teemagraafi.ttl", "codes.ttl", "alignment.ttl", "cube.ttl")
_REGISTRIES = ("organisations.ttl", "themes.ttl")


@lru_cache(maxsize=8)
def _triples(name: str) -> tuple[Quad, ...]:
    path = folder("ontology") / name
    blank = f"_:{path.stem}"
    parsed = ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE)

    def term(value: object) -> str:
        return str(value).replace("_:", f"{blank}-") if isinstance(value, ox.BlankNode) else str(value)

    return tuple(Quad(term(q.subject), str(q.predicate), term(q.object)) for q in parsed)


@lru_cache(maxsize=1)
def single_valued() -> frozenset[str]:
    """Properties that the ontology marks with ``tg:singleValued``: the current view holds one value of each."""
    return frozenset(q.s for q in _triples("teemagraafi.ttl") if q.p == tg("singleValued") and q.o == TRUE)


def registry(name: str) -> tuple[Quad, ...]:
    """The triples of a registry file of the ontology folder."""
    return _triples(name)


def theme_names() -> Iterator[tuple[str, str]]:
    """Themes of the registry (IRI terms) with each of their names."""
    for quad in _triples("themes.ttl"):
        if quad.p in (LABEL, ALT_LABEL) and quad.s.startswith(f"<{ID}theme/"):
            yield quad.s, lexical(quad.o)


def vocabulary() -> Iterator[Quad]:
    """The ontology, its alignments, the code lists and the data cubes."""
    for name in _FILES:
        yield from _triples(name)
        yield from labels(_triples(name))


def registry_facts(view: set[Quad]) -> Iterator[Quad]:
    """Registry facts of the organisations and themes that the view names: types, notations, names in three languages.

    An organisation's registry label is its label and what documents print is an alternative; a theme keeps the newest
    document's label and the registry only adds languages and further names.
    """
    used = {t for q in view for t in (q.s, q.o) if t.startswith((f"<{ID}organisation/", f"<{ID}theme/"))}
    labelled = {(q.s, language(q.o)) for q in view if q.p == LABEL}
    for name in _REGISTRIES:
        for quad in _triples(name):
            if quad.s not in used:
                continue
            if quad.p == LABEL and (quad.s, language(quad.o)) in labelled:
                quad = Quad(quad.s, ALT_LABEL, quad.o)
            if quad not in view:
                yield quad


def names_as_stated(view: set[Quad]) -> Iterator[Quad]:
    """Every printed name of an organisation as one of its alternative labels."""
    organisation = {q.s: q.o for q in view if q.p == tg("organisation")}
    for quad in view:
        if quad.p == tg("nameAsStated") and quad.s in organisation:
            yield Quad(organisation[quad.s], ALT_LABEL, f"{quad.o}@fi")
