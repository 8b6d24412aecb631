"""From what a person types (a name, a code, an IRI) to the things of the graph it can mean."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import click
import pyoxigraph as ox

from loaders.names import Registry, slug
from loaders.rdf.terms import BASE, ID

_NAMES = """
SELECT DISTINCT ?thing ?name WHERE {
  VALUES ?property { rdfs:label skos:altLabel skos:prefLabel skos:notation tg:projectCode tg:groupCode tg:acronym dct:title }
  ?thing ?property ?name .
  FILTER(STRSTARTS(STR(?thing), "https://w3id.org/teemagraafi/id/") || STRSTARTS(STR(?thing), "https://w3id.org/teemagraafi/code/"))
}
"""
PREFIXES = """PREFIX tg: <https://w3id.org/teemagraafi/def#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX schema: <https://schema.org/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
_ORDER = ("theme", "project", "organisation", "call", "document", "participation")


class NotFoundError(click.ClickException):
    """Nothing in the graph is called so; names the nearest."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Found:
    """A thing of the graph and the name it was found by."""

    iri: str
    name: str

    @property
    def kind(self) -> str:
        """``theme``, ``project``, ``organisation`` … or ``code``."""
        return self.iri.removeprefix(ID).split("/")[0] if self.iri.startswith(ID) else "code"


def find(store: ox.Store, words: str) -> list[Found]:
    """Every thing that the words name exactly (case, accents and punctuation aside), the likeliest kind first.

    Raises NotFoundError, with what comes nearest, if there is none.
    """
    direct = _iri(store, words)
    if direct:
        return [direct]
    wanted = {slug(words), *_registered(words)}
    named: dict[str, list[Found]] = {}
    for thing, name in _names(store):
        named.setdefault(slug(name), []).append(Found(thing, name))
        named.setdefault(thing.rsplit("/", 1)[-1].lower(), []).append(Found(thing, name))
    found = {f.iri: f for key in sorted(wanted) for f in named.get(key, []) if key}
    if not found:
        raise NotFoundError(_missing(words, named))
    return sorted(found.values(), key=lambda f: (_ORDER.index(f.kind) if f.kind in _ORDER else len(_ORDER), f.iri))


def _names(store: ox.Store) -> list[tuple[str, str]]:
    rows = store.query(PREFIXES + _NAMES)
    assert isinstance(rows, ox.QuerySolutions)
    return [(row["thing"].value, row["name"].value) for row in rows]


def _iri(store: ox.Store, words: str) -> Found | None:
    value = words.strip("<>")
    if not value.startswith(BASE) or any(c in value for c in '<>" {}|\\^`'):
        return None
    node = ox.NamedNode(value)
    if next(iter(store.quads_for_pattern(node, None, None, None)), None) is None:
        raise NotFoundError(f"nothing in the graph has the IRI {value}")
    return Found(value, value)


def _registered(words: str) -> set[str]:
    registry = Registry.load()
    return {registry.theme_key(words), registry.organisation_key(words)}


def _missing(words: str, named: dict[str, list[Found]]) -> str:
    near = difflib.get_close_matches(slug(words), named, n=3, cutoff=0.6)
    names = dict.fromkeys(_nearest(key, named[key]) for key in near)
    hint = f"; did you mean {', '.join(map(repr, names))}?" if names else "; see: teemagraafi search WORDS"
    return f"nothing in the graph is called {words!r}{hint}"


def _nearest(key: str, found: list[Found]) -> str:
    """Of the names of what a key stands for, the one that is nearest to the key: a key may be of several languages."""
    return max(found, key=lambda f: difflib.SequenceMatcher(None, key, slug(f.name)).ratio()).name
