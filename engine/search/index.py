"""The search index: every name and passage as rows of words, written once into an SQLite FTS5 file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from engine.search.finnish import root, words
from engine.search.tokens import Compounds, stems_in, token
from loaders.rdf.terms import CODE, ID

VERSION = 2
"""Raised when an index written before reads otherwise."""

KINDS = {
    "theme": 1.3,
    "organisation": 0.95,
    "project": 0.95,
    "call": 0.8,
    "sub-theme": 0.8,
    "target-group": 0.8,
    "document": 0.7,
    "code": 0.7,
    "passage": 0.45,
}
"""Kinds of things found, each with what a hit of it counts for."""

_PREFIXES = """PREFIX tg: <https://w3id.org/teemagraafi/def#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dct: <http://purl.org/dc/terms/>
"""
_NAMES = """SELECT DISTINCT ?thing ?property ?name WHERE {
  VALUES ?property {
    rdfs:label skos:prefLabel skos:altLabel skos:notation dct:title tg:acronym tg:projectCode tg:groupCode tg:businessId
  }
  ?thing ?property ?name .
} ORDER BY ?thing ?property ?name"""
_CONTEXT = """SELECT DISTINCT ?thing ?name WHERE {
  ?thing tg:inTheme ?theme . ?theme rdfs:label ?name FILTER(LANG(?name) = "fi")
} ORDER BY ?thing ?name"""
_PASSAGES = """SELECT ?passage ?document ?page ?line ?words WHERE {
  ?passage tg:inDocument ?document ; tg:lineStart ?line ; tg:verbatim ?words . OPTIONAL { ?passage tg:page ?page }
  FILTER NOT EXISTS { ?passage tg:row ?row }
} ORDER BY ?document ?line ?passage"""
"""Rows of lists are found by the names of their projects and organisations: their words would only say these again."""


@dataclass(slots=True)
class _Entry:
    kind: str
    iri: str
    label: str
    place: str
    names: list[tuple[str, str]]
    """Names with their languages."""
    context: list[str]
    rank: int = 9
    """Of the label: lower is nearer to the reader's language."""


def build(store: ox.Store, path: Path) -> None:
    """Write the index of a store's public names and passages to a file; equal stores give equal files."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    entries = [*_things(store), *_passages(store)]
    compounds = Compounds(w for e in entries for name, _ in e.names for w in words(name))
    index = sqlite3.connect(beside)
    try:
        index.executescript(
            f"PRAGMA user_version = {VERSION}; PRAGMA journal_mode = OFF;"
            "CREATE TABLE parts (word TEXT PRIMARY KEY) WITHOUT ROWID;"
            "CREATE VIRTUAL TABLE hits USING fts5(kind UNINDEXED, iri UNINDEXED, label UNINDEXED, place UNINDEXED,"
            " exact, stems, roots, parts, context, tokenize = 'unicode61 remove_diacritics 0', prefix = '3 4');"
        )
        index.executemany("INSERT INTO hits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (_row(e, compounds) for e in entries))
        index.executemany("INSERT INTO parts VALUES (?)", ((w,) for w in sorted(compounds.known)))
        index.execute("INSERT INTO hits (hits) VALUES ('optimize')")
        index.commit()
        index.execute("VACUUM")
    finally:
        index.close()
    beside.replace(path)


def _rows(store: ox.Store, text: str) -> Iterator[ox.QuerySolution]:
    found = store.query(_PREFIXES + text)
    assert isinstance(found, ox.QuerySolutions), "a SELECT gives rows"
    return iter(found)


def _things(store: ox.Store) -> list[_Entry]:
    entries: dict[str, _Entry] = {}
    for row in _rows(store, _NAMES):
        iri, name = row["thing"].value, row["name"]
        kind = _kind(iri)
        if kind is None or not isinstance(name, ox.Literal):
            continue
        entry = entries.setdefault(iri, _Entry(kind, iri, "", "", [], []))
        entry.names.append((name.value, name.language or ""))
        chosen = row["property"].value.rpartition("#")[2] in ("label", "prefLabel") or row["property"].value.endswith(
            "title"
        )
        if chosen and _rank(name.language) < entry.rank:
            entry.label, entry.rank = name.value, _rank(name.language)
    for row in _rows(store, _CONTEXT):
        if row["thing"].value in entries:
            entries[row["thing"].value].context.append(row["name"].value)
    for entry in entries.values():
        entry.label = entry.label or entry.names[0][0]
        entry.place = "; ".join(entry.context)
    return [entries[iri] for iri in sorted(entries)]


def _rank(language: str | None) -> int:
    """Which name of a thing is shown: Finnish before Swedish before English before any."""
    return ("fi", "sv", "en").index(language) if language in ("fi", "sv", "en") else 3


def _kind(iri: str) -> str | None:
    """The kind of a thing, by its IRI; None for what is no thing to find (observations, terms, contacts)."""
    if iri.startswith(CODE):
        return "code" if "/" in iri.removeprefix(CODE) else None
    kind = iri.removeprefix(ID).split("/", 1)[0] if iri.startswith(ID) else ""
    return kind if kind in KINDS and kind != "passage" else None


def _passages(store: ox.Store) -> Iterator[_Entry]:
    for row in _rows(store, _PASSAGES):
        text = row["words"].value
        page = f" p. {row['page'].value}" if row["page"] else ""
        place = f"{row['document'].value.rpartition('/')[2]}{page} l. {row['line'].value}"
        yield _Entry("passage", row["passage"].value, text, place, [(text, "fi")], [])


def _row(entry: _Entry, compounds: Compounds) -> tuple[str, ...]:
    found = [(word, language) for name, language in entry.names for word in words(name)]
    plain = [word for word, _ in found]
    columns = (
        map(token, plain),
        (s for word, language in found for s in stems_in(word, language)),
        map(root, plain),
        (part for word in plain for part in compounds.parts(word)),
        (root(word) for name in entry.context for word in words(name)),
    )
    texts = (" ".join(dict.fromkeys(t for t in column if t)) for column in columns)
    return (entry.kind, entry.iri, entry.label, entry.place, *texts)
