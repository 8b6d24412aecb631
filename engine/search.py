"""Full-text search over names and passages that understands Finnish: inflected forms, compounds, letters with and without dots.

The index is an SQLite FTS5 file beside the store's database. It holds every word four times, each coarser than the last: as
written (folded), its stem, its root, and the roots of a compound's parts; a coarser match scores lower. Contact persons are
not indexed.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, astuple, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import cast

import pyoxigraph as ox

from engine.store import Queried, current, open_store, select, sparql
from loaders.data import LANGUAGES, beside, table_text
from loaders.errors import QueryError, QueryUsageError, did_you_mean
from loaders.rdf.terms import CODE, ID

NAME = "search.sqlite"
"""The index beside a version's database."""

_TABLES = beside(__file__, "search.toml")
KINDS: dict[str, float] = _TABLES["kinds"]
"""Kinds of things found, each with what a hit of it counts for."""
CLASSES: dict[str, str] = _TABLES["classes"]
_ENDINGS, _GRADES = (
    [(re.compile(ending), to) for ending, to in _TABLES[name].items()] for name in ("endings", "grades")
)
_WEIGHTS = (8.0, 5.0, 3.0, 1.5, 0.6)
"""Of the columns exact, stems, roots, parts and context."""

_MOST_WORDS, _LONGEST = 16, 60
"""Words of a search that count, and letters of a word: a longer one is cut in a search, and not taken apart in the index."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A search hit: its kind, IRI and name, and its place in a document or its themes."""

    kind: str
    iri: str
    label: str
    place: str
    score: float


def index_of(store: Path) -> Path:
    """The search index of a store's current version; made now if the build did not."""
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
        with _opened(path) as index:
            return bool(index.execute("PRAGMA user_version").fetchone()[0] == VERSION)
    except sqlite3.Error:
        return False


def _opened(path: Path) -> closing[sqlite3.Connection]:
    """A read-only connection that is closed at the end of its block."""
    return closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True))


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
        with _opened(index) as connection:
            known = Compounds.known_in(connection, sought)
            strict = [_clause(word, known) for word in sought]
            loose = [_clause(word, known, loosely=True) for word in sought]
            hits_by_iri: dict[str, Hit] = {}
            for joined in (" AND ".join(strict), " AND ".join(loose), " OR ".join(strict)):
                if len(hits_by_iri) < limit:
                    hits = _ranked(connection, joined, fold(" ".join(sought)), kinds)
                    hits_by_iri = {**hits_by_iri, **{h.iri: h for h in hits if h.iri not in hits_by_iri}}
            return list(hits_by_iri.values())[:limit]
    except sqlite3.Error as error:
        raise QueryError(f"{index}: the search index cannot be read: {error}; build the store again") from None


def _clause(word: str, known: Compounds, loosely: bool = False) -> str:
    """What a word may be in the index. Tokens are letters and digits in quotes: no text of the user's is syntax.

    Loosely, words that only begin alike count too: maahanmuuttajien finds maahanmuuttaneiden.
    """
    written = token(word)
    if loosely and len(written) > 7:
        written = written[: max(6, len(written) * 2 // 3)]
    options = [f'exact : "{written}"' + ("*" if len(written) > 2 else "")]
    options += [f'stems : "{s}"' for s in dict.fromkeys(stems_in(word, ""))]
    options += [f'{{roots parts context}} : "{root(word)}"']
    parts = known.parts(word)
    if parts:
        options.append("(" + " AND ".join(f'{{roots parts}} : "{p}"' for p in parts) + ")")
    return f"({' OR '.join(options)})"


def _ranked(index: sqlite3.Connection, match: str, whole: str, kinds: Iterable[str]) -> list[Hit]:
    weights = ", ".join(str(w) for w in (0, 0, 0, 0, *_WEIGHTS))
    chosen_kinds = set(kinds) or set(KINDS)
    rows = index.execute(
        f"SELECT kind, iri, label, place, -bm25(hits, {weights}) FROM hits WHERE hits MATCH ?", (match,)
    )
    hits = [
        Hit(k, iri, label, place, round(score * KINDS[k], 6))
        for k, iri, label, place, score in rows
        if k in chosen_kinds
    ]

    def named(hit: Hit) -> bool:
        return hit.kind != "passage" and fold(" ".join(words(hit.label))) == whole

    return sorted(hits, key=lambda h: (not named(h), -h.score, h.label, h.iri))


def format_hits(hits: list[Hit], fmt: str) -> str:
    """Hits as a table for people, CSV or JSON."""
    if fmt == "json":
        return json.dumps([asdict(hit) for hit in hits], ensure_ascii=False, indent=1) + "\n"
    if fmt == "csv":
        return table_text([field.name for field in fields(Hit)], map(astuple, hits))
    width = max((len(h.kind) for h in hits), default=0)
    lines = []
    for hit in hits:
        label = " ".join(hit.label.split())
        shown = label if len(label) <= 110 else label[:109].rstrip() + "…"
        lines.append(f"{hit.kind:{width}}  {shown}")
        beside = [hit.iri.removeprefix(ID).removeprefix(CODE) if hit.kind != "passage" else "", hit.place[:110]]
        lines.append(f"{'':{width}}  {' · '.join(b for b in beside if b)}")
    return "".join(f"{line}\n" for line in lines)


_WORD = re.compile(r"[^\W_]+(?:\+)?")
_ENDING = re.compile(r"(?<=[\w+]):[a-zåäö]{1,6}\b")
"""A case ending after an abbreviation: TEM:n, ESR+:n, STM:ltä."""
_REMEMBERED = 1 << 18
"""Words of which what was found is remembered: 100 000 rows hold some 200 000."""
_STRONG_STEMS = (("uuden", "uusi"), ("veden", "vesi"))
"""Compounds that begin with a word whose stem changes (Uusimaa, Uudenmaan): the genitive is read as the base form."""


def fold(text: str) -> str:
    """Lower case without accents: a person without ä on the keyboard writes Hame and means Häme."""
    lower = text.casefold()
    if lower.isascii():
        return lower
    decomposed = unicodedata.normalize("NFKD", lower)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("ø", "o").replace("æ", "ae")


def words(text: str) -> list[str]:
    """The words of a text in lower case, hyphens and case endings after a colon taken off (``TEM:n`` is tem)."""
    plain = unicodedata.normalize("NFC", text).replace("\u00ad", "").casefold()
    return _WORD.findall(_ENDING.sub("", plain))


@lru_cache(maxsize=4)
def _stemmer(language: str) -> Callable[[str], str]:
    import snowballstemmer  # type: ignore[import-untyped]

    return cast("Callable[[str], str]", snowballstemmer.stemmer(language).stemWord)


@lru_cache(maxsize=_REMEMBERED)
def stem(word: str) -> str:
    """The stem of one lower-case word; digits and abbreviations of two letters stay as they are."""
    for genitive, base in _STRONG_STEMS:
        if word.startswith(genitive) and len(word) > len(genitive):
            word = base + word[len(genitive) :]
    if len(word) < 3 or any(c.isdigit() for c in word):
        return word
    return _stemmer("finnish")(word)


_VOWELS = "aeiouy"
_NOUNS = re.compile(r"(?<=.{3})(?:ist|in|im|(?<=[aeiouy])m)$")
"""Adjectives in -nen (kansallin, kansallist), verbal nouns in -minen (tukem, tukemin): one ending, -is."""


def _nominal(word: str) -> str:
    return _NOUNS.sub(lambda m: "mis" if m[0] == "m" else "is", word)


@lru_cache(maxsize=_REMEMBERED)
def root(word: str) -> str:
    """What the forms of one lower-case word have in common: its folded stem, consonants in one grade, end vowels off.

    Coarser than :func:`stem` (työllisyys and työllisyyden, Helsinki and Helsingin meet; a few different
    words meet too), so search ranks it below the word itself.
    """
    folded = fold(stem(word))
    if len(folded) < 4:
        return folded
    for pattern, ending in _ENDINGS:
        folded = pattern.sub(ending, folded)
    without_vowels = folded.rstrip(_VOWELS)
    folded = _nominal(without_vowels if len(without_vowels) >= 3 else folded[: max(len(without_vowels) + 1, 3)])
    for pattern, weak in _GRADES:
        weakened = pattern.sub(weak, folded)
        if weakened != folded:
            folded = weakened
            break
    return _nominal(folded)


def roots(text: str) -> list[str]:
    """Roots of a text's words, in order."""
    return [root(w) for w in words(text)]


_SHORTEST_PART = 3
_SHORTEST_HEAD = 4
"""A first part of three letters (työ, ikä) is a word of its own in many compounds; a last part is at least four."""
_LANGUAGES = {"sv": "swedish", "en": "english"}


@lru_cache(maxsize=_REMEMBERED)
def stems_in(word: str, language: str) -> tuple[str, ...]:
    """Folded stems of a lower-case word in a language (``fi``, ``sv``, ``en``), or in all three where it is not known."""
    if any(c.isdigit() for c in word):
        return (fold(word).replace("+", "plus"),)
    stems = [stem(word)] if language not in _LANGUAGES else []
    stems += [_stemmer(name)(word) for code, name in _LANGUAGES.items() if language in ("", code)]
    return tuple(dict.fromkeys(fold(s).replace("+", "plus") for s in stems))


def token(word: str) -> str:
    """A word as the index holds it: folded, a plus spelt out, since the tokeniser keeps letters and digits only."""
    return fold(word).replace("+", "plus")


class Compounds:
    """Takes compounds apart: koordinaatiohanke is koordinaatio and hanke, since both stand alone somewhere."""

    def __init__(self, known: Iterable[str]) -> None:
        """Learn the words and roots that stand alone; ``known`` are lower-case words or roots."""
        self.known: set[str] = set()
        self._parts: dict[str, list[str]] = {}
        for word in dict.fromkeys(known):
            if len(word) >= _SHORTEST_PART and word.isalpha():
                self.known.update((fold(word), root(word)))

    @classmethod
    def known_in(cls, index: sqlite3.Connection, words: Iterable[str]) -> Compounds:
        """Only the known words that could be a part of one of these, looked up in an index."""
        made = cls(())
        for word in words:
            halves = [half for at in range(_SHORTEST_PART, len(word)) for half in (word[:at], word[at:])]
            pieces = {piece for half in halves for piece in (fold(half), root(half))}
            marks = ", ".join("?" * len(pieces))
            made.known |= {
                w for (w,) in index.execute(f"SELECT word FROM parts WHERE word IN ({marks})", sorted(pieces))
            }
        return made

    def parts(self, word: str) -> list[str]:
        """Roots of the parts of a compound; nothing for a word that is none."""
        if not _SHORTEST_PART + _SHORTEST_HEAD <= len(word) <= _LONGEST or not word.isalpha():
            return []
        if word not in self._parts:
            split = self._split(word)
            self._parts[word] = [root(part) for part in split] if len(split) > 1 else []
        return self._parts[word]

    def _split(self, word: str) -> list[str]:
        """The word cut where both sides are known, the longest last part first; itself where there is no such place."""
        for at in range(_SHORTEST_PART, len(word) - _SHORTEST_HEAD + 1):
            first, last = word[:at], word[at:]
            if self._is_known(first):
                rest = [last] if self._is_known(last) else self._split(last)
                if len(rest) > 1 or self._is_known(last):
                    return [first, *rest]
        return [word]

    def _is_known(self, part: str) -> bool:
        folded = fold(part)
        return folded in self.known or (len(part) > _SHORTEST_HEAD and root(part) in self.known)


VERSION = 2
"""Raised when an index written before reads otherwise."""


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


def build(store: Queried, path: Path) -> None:
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


def _sorted(store: Queried, query: str) -> list[ox.QuerySolution]:
    """The rows of a query in the order of their terms: the engine's own ORDER BY takes six times as long as all else."""
    return sorted(select(store, sparql("search")[query]), key=lambda row: [str(term) for term in row])


def _things(store: Queried) -> list[_Entry]:
    entries: dict[str, _Entry] = {}
    for row in _sorted(store, "names"):
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
    for row in _sorted(store, "context"):
        if row["thing"].value in entries:
            entries[row["thing"].value].context.append(row["name"].value)
    for entry in entries.values():
        entry.label = entry.label or entry.names[0][0]
        entry.place = "; ".join(entry.context)
    return [entries[iri] for iri in sorted(entries)]


def _rank(language: str | None) -> int:
    """Which name of a thing is shown: Finnish before Swedish before English before any."""
    return LANGUAGES.index(language) if language in LANGUAGES else len(LANGUAGES)


def _kind(iri: str) -> str | None:
    """The kind of a thing, by its IRI; None for what is no thing to find (observations, terms, contacts)."""
    if iri.startswith(CODE):
        return "code" if "/" in iri.removeprefix(CODE) else None
    kind = iri.removeprefix(ID).split("/", 1)[0] if iri.startswith(ID) else ""
    return kind if kind in KINDS and kind != "passage" else None


def _passages(store: Queried) -> Iterator[_Entry]:
    for row in _sorted(store, "passages"):
        text = row["words"].value
        page = f" p. {row['page'].value}" if row["page"] else ""
        place = f"{row['document'].value.rpartition('/')[2]}{page} l. {row['line'].value}"
        yield _Entry("passage", row["passage"].value, text, place, [(text, "fi")], [])


def _row(entry: _Entry, compounds: Compounds) -> tuple[str, ...]:
    named = [(word, language) for name, language in entry.names for word in words(name)]
    plain = [word for word, _ in named]
    columns = (
        map(token, plain),
        (s for word, language in named for s in stems_in(word, language)),
        map(root, plain),
        (part for word in plain for part in compounds.parts(word)),
        (root(word) for name in entry.context for word in words(name)),
    )
    texts = (" ".join(dict.fromkeys(t for t in column if t)) for column in columns)
    return (entry.kind, entry.iri, entry.label, entry.place, *texts)
