"""Full-text search over names and passages' words, as Finnish is written: inflected, compounded, with and without dots.

The index is an SQLite FTS5 file beside the store's database. Every word stands in it four times, each coarser than the last: as
written (folded), its stem, its root, the roots of a compound's parts; a coarser match counts for less. Persons are not in it.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pyoxigraph as ox

from engine.finnish import fold, root, words
from engine.query_errors import QueryError, QueryUsageError, did_you_mean
from engine.words import Compounds, stems_in
from loaders.terms import CODE, ID

NAME = "search.sqlite"
VERSION = 1
"""Raised when an index written before reads otherwise."""

KINDS = {
    "theme": 1.0,
    "organisation": 0.95,
    "project": 0.9,
    "call": 0.8,
    "sub-theme": 0.8,
    "target-group": 0.8,
    "document": 0.8,
    "code": 0.7,
    "passage": 0.45,
}
"""Kinds of things found, each with what a hit of it counts for."""

_WEIGHTS = (8.0, 5.0, 3.0, 1.5, 0.6)
"""Of the columns exact, stems, roots, parts and context."""

_MOST_WORDS, _LONGEST = 16, 60
"""Words of a search that count, and letters of a word: what is beyond is nobody's question."""

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
} ORDER BY ?document ?line ?passage"""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its kind, IRI and name, and where it stands or belongs."""

    kind: str
    iri: str
    label: str
    place: str
    score: float


@dataclass(slots=True)
class _Entry:
    kind: str
    iri: str
    label: str
    place: str
    names: list[tuple[str, str]]
    """Names with their languages."""
    context: list[str]


def index_of(store: Path) -> Path:
    """The search index of a store's current version; made now if the build did not."""
    from engine.store import current, open_store

    version = current(store)
    path = version.path / NAME
    if not _usable(path):
        try:
            build(open_store(store), path)
        except (OSError, sqlite3.Error) as error:
            raise QueryError(f"{path}: the search index cannot be written: {error}") from None
    return path


def _usable(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        with _open(path) as index:
            return bool(index.execute("PRAGMA user_version").fetchone()[0] == VERSION)
    except sqlite3.Error:
        return False


class _open:
    """A read-only connection that is closed at the end of the block."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)

    def __enter__(self) -> sqlite3.Connection:
        return self.connection

    def __exit__(self, *error: object) -> None:
        self.connection.close()


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
        chosen = row["property"].value.rpartition("#")[2] in ("label", "prefLabel") or row["property"].value.endswith("title")
        if chosen and (not entry.label or name.language == "fi"):
            entry.label = name.value
    for row in _rows(store, _CONTEXT):
        if row["thing"].value in entries:
            entries[row["thing"].value].context.append(row["name"].value)
    for entry in entries.values():
        entry.label = entry.label or entry.names[0][0]
        entry.place = "; ".join(entry.context)
    return [entries[iri] for iri in sorted(entries)]


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
        map(_token, plain),
        (s for word, language in found for s in stems_in(word, language)),
        map(root, plain),
        (part for word in plain for part in compounds.parts(word)),
        (root(word) for name in entry.context for word in words(name)),
    )
    texts = (" ".join(dict.fromkeys(t for t in column if t)) for column in columns)
    return (entry.kind, entry.iri, entry.label, entry.place, *texts)


def _token(word: str) -> str:
    """A word as the index holds it: folded, a plus spelt out, since the tokeniser keeps letters and digits only."""
    return fold(word).replace("+", "plus")


def search(index: Path, text: str, limit: int = 20, kinds: Sequence[str] = ()) -> list[Hit]:
    """The best hits for some words: first those that match all of them, then all of them loosely, then any."""
    for kind in kinds:
        if kind not in KINDS:
            near = did_you_mean(kind, list(KINDS))
            raise QueryUsageError(f"nothing of kind {kind!r} is searched{near} (kinds: {', '.join(KINDS)})")
    sought = list(dict.fromkeys(word[:_LONGEST] for word in words(text)))[:_MOST_WORDS]
    if not sought:
        raise QueryUsageError(f"{text!r} holds no word to search for")
    try:
        with _open(index) as connection:
            known = Compounds.known_in(connection, sought)
            strict = [_clause(word, known) for word in sought]
            loose = [_clause(word, known, loosely=True) for word in sought]
            found: dict[str, Hit] = {}
            for joined in (" AND ".join(strict), " AND ".join(loose), " OR ".join(strict)):
                if len(found) < limit:
                    hits = _ranked(connection, joined, fold(" ".join(sought)), kinds)
                    found = {**found, **{h.iri: h for h in hits if h.iri not in found}}
            return list(found.values())[:limit]
    except sqlite3.Error as error:
        raise QueryError(f"{index}: the search index cannot be read: {error}; build the store again") from None


def _clause(word: str, known: Compounds, loosely: bool = False) -> str:
    """What a word may be in the index. Tokens are letters and digits in quotes: no text of the user's is syntax.

    Loosely, words that only begin alike count too: maahanmuuttajien finds maahanmuuttaneiden.
    """
    token = _token(word)
    if loosely and len(token) > 7:
        token = token[: max(6, len(token) * 2 // 3)]
    options = [f'exact : "{token}"' + ("*" if len(token) > 2 else "")]
    options += [f'stems : "{s}"' for s in dict.fromkeys(stems_in(word, ""))]
    options += [f'{{roots parts context}} : "{root(word)}"']
    parts = known.parts(word)
    if parts:
        options.append("(" + " AND ".join(f'{{roots parts}} : "{p}"' for p in parts) + ")")
    return f"({' OR '.join(options)})"


def _ranked(index: sqlite3.Connection, match: str, whole: str, kinds: Iterable[str]) -> list[Hit]:
    weights = ", ".join(str(w) for w in (0, 0, 0, 0, *_WEIGHTS))
    wanted = set(kinds) or set(KINDS)
    rows = index.execute(f"SELECT kind, iri, label, place, -bm25(hits, {weights}) FROM hits WHERE hits MATCH ?", (match,))
    hits = [Hit(k, iri, label, place, round(score * KINDS[k], 6)) for k, iri, label, place, score in rows if k in wanted]

    def named(hit: Hit) -> bool:
        return hit.kind != "passage" and fold(" ".join(words(hit.label))) == whole

    return sorted(hits, key=lambda h: (not named(h), -h.score, h.label, h.iri))


def listed(hits: list[Hit], fmt: str) -> str:
    """Hits as a table for people, CSV or JSON."""
    if fmt == "json":
        return json.dumps([asdict(hit) for hit in hits], ensure_ascii=False, indent=1) + "\n"
    if fmt == "csv":
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(("kind", "iri", "label", "place", "score"))
        writer.writerows((h.kind, h.iri, h.label, h.place, h.score) for h in hits)
        return out.getvalue()
    width = max((len(h.kind) for h in hits), default=0)
    lines = []
    for hit in hits:
        label = " ".join(hit.label.split())
        shown = label if len(label) <= 110 else label[:109].rstrip() + "…"
        lines.append(f"{hit.kind:{width}}  {shown}")
        beside = [hit.iri.removeprefix(ID).removeprefix(CODE) if hit.kind != "passage" else "", hit.place[:110]]
        lines.append(f"{'':{width}}  {' · '.join(b for b in beside if b)}")
    return "".join(f"{line}\n" for line in lines)
