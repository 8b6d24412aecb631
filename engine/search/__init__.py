"""Full-text search over names and passages' words, as Finnish is written: inflected, compounded, with and without dots.

The index is an SQLite FTS5 file beside the store's database. Every word stands in it four times, each coarser than the last: as
written (folded), its stem, its root, the roots of a compound's parts; a coarser match counts for less. Persons are not in it.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.query.errors import QueryError, QueryUsageError, did_you_mean
from engine.search.finnish import fold, root, words
from engine.search.index import KINDS, VERSION, build
from engine.search.tokens import Compounds, stems_in, token
from loaders.rdf.terms import CODE, ID

NAME = "search.sqlite"
"""The index beside a version's database."""

_WEIGHTS = (8.0, 5.0, 3.0, 1.5, 0.6)
"""Of the columns exact, stems, roots, parts and context."""

_MOST_WORDS, _LONGEST = 16, 60
"""Words of a search that count, and letters of a word: what is beyond is nobody's question."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its kind, IRI and name, and where it stands or belongs."""

    kind: str
    iri: str
    label: str
    place: str
    score: float


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
        with _Opened(path) as index:
            return bool(index.execute("PRAGMA user_version").fetchone()[0] == VERSION)
    except sqlite3.Error:
        return False


class _Opened:
    """A read-only connection that is closed at the end of the block."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)

    def __enter__(self) -> sqlite3.Connection:
        return self.connection

    def __exit__(self, *error: object) -> None:
        self.connection.close()


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
        with _Opened(index) as connection:
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
    wanted = set(kinds) or set(KINDS)
    rows = index.execute(
        f"SELECT kind, iri, label, place, -bm25(hits, {weights}) FROM hits WHERE hits MATCH ?", (match,)
    )
    hits = [
        Hit(k, iri, label, place, round(score * KINDS[k], 6)) for k, iri, label, place, score in rows if k in wanted
    ]

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


__all__ = ["KINDS", "NAME", "Hit", "build", "index_of", "listed", "search"]
