"""Corrections by a person: statements that a reader got wrong or missed, kept as rows of a TSV and applied in every build.

A row names a document by its hash and lines, one statement, a verdict (``reject`` or ``add``), who, when and why. A
rejected statement is taken out of the passages at those lines; it stands in :data:`GRAPH` with the verdict, so that it is
shown as corrected and not hidden. An added statement stands in a passage of its own, whose words must be on those lines.
A row that does not fit the documents is named by its line in the file and not applied.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pyoxigraph as ox
from msgspec import Meta

from engine import source_text
from engine.store import Version, select, sparql
from loaders.data import read_table, shaped
from loaders.errors import SourceError, UserError
from loaders.isolation import Pool
from loaders.rdf import terms
from loaders.rdf.terms import BASE, DCT, DEFAULT, ID, RDF, RDFS, TG, A, Quad, integer, iri, lexical, literal, tg, thing
from loaders.values.marks import of_persons

GRAPH = f"<{BASE}graph/corrections>"
"""The graph of what corrections say."""
NAME = "corrections.tsv"
VERDICTS = ("reject", "add")
_LINES = re.compile(r"(\d+)(?:-(\d+))?")


class CorrectionError(UserError):
    """A correction that cannot be made, or a file of them that cannot be written."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One row. ``subject``, ``predicate`` and ``value`` are N-Triples terms; ``lines`` is ``12`` or ``12-14``."""

    verdict: str
    document: str
    sha256: str
    lines: str
    subject: str
    predicate: str
    value: str
    words: str
    who: str
    date: str
    why: str
    line: int = field(default=0, compare=False)
    """Its line in the file of corrections; 0 before it is written to one."""

    @property
    def cells(self) -> tuple[str, ...]:
        """The row's cells, in the order of the columns."""
        return tuple(getattr(self, column) for column in COLUMNS)

    @property
    def span(self) -> tuple[int, int]:
        """First and last line."""
        match = _LINES.fullmatch(self.lines)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, -1)
        return first, last

    @property
    def statement(self) -> tuple[str, str, str, str]:
        """What is corrected, and in which document."""
        return self.sha256, self.subject, self.predicate, self.value


class _Cells(msgspec.Struct):
    """What the cells of a row must be; whether its terms and hash fit the documents is seen later."""

    verdict: Annotated[Literal["reject", "add"], Meta(description="reject or add")]
    document: str
    sha256: str
    lines: Annotated[str, Meta(pattern=r"^\d+(-\d+)?$", description="a number, or two with a hyphen between")]
    subject: str
    predicate: str
    value: str
    who: str
    date: Annotated[dt.date, Meta(description="a date such as 2026-11-21")]
    why: str


COLUMNS = tuple(one.name for one in fields(Correction) if one.name != "line")


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that was not applied; ``line`` is that of the file of corrections."""

    line: int
    message: str


@dataclass(slots=True)
class Outcome:
    """The result of applying corrections: the statements, the rows applied, and the rows that could not be applied."""

    quads: set[Quad]
    applied: list[Correction] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(path: Path) -> list[Correction]:
    """The rows of a file of corrections; raises SourceError where it is no such file."""
    with Pool() as pool:
        rows = pool.call(path.name, partial(read_table, quoted=False), path, COLUMNS)
    return [Correction(**{column: cells[column] for column in COLUMNS}, line=line) for line, cells in rows]


def append(path: Path, corrections: Iterable[Correction]) -> None:
    """Add rows to a file of corrections and sort them; a row that is already in the file is not repeated."""
    known = read(path) if path.exists() else []
    # without tabs and line ends in the cells
    plain = (
        Correction(**{c: " ".join(getattr(one, c).split()) for c in COLUMNS}, line=one.line) for one in corrections
    )
    merged = sorted({*known, *plain}, key=lambda c: (c.document, c.span, *c.cells))
    text = "".join("\t".join(cells) + "\n" for cells in (COLUMNS, *(one.cells for one in merged)))
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CorrectionError(f"{path}: cannot be written ({error.strerror})") from None


def apply(quads: Iterable[Quad], rows: Sequence[Correction], lines: Mapping[str, Mapping[int, str]]) -> Outcome:
    """Apply corrections to the statements of some documents; the order of the rows does not matter.

    ``quads`` are passages with their statements, ``lines`` gives the text of each document by id and line number.
    """
    outcome = Outcome(set(quads))
    documents = {lexical(q.o): q.s for q in outcome.quads if q.p == tg("contentHash")}
    verdicts: dict[tuple[str, str, str, str], set[str]] = {}
    for one in rows:
        verdicts.setdefault(one.statement, set()).add(one.verdict)
    passages = _passages(outcome.quads)
    subjects = {q.s for q in outcome.quads}
    for one in rows:
        message = _misfit(one, documents, subjects)
        if message is None and len(verdicts[one.statement]) > 1:
            message = "another row says the opposite of the same statement"
        if message is None and one.verdict == "add":
            message = _add(one, documents[one.sha256], lines.get(one.document, {}), outcome)
        elif message is None:
            message = _reject(one, passages.get(documents[one.sha256], {}), outcome)
        if message is None:
            outcome.applied.append(one)
            outcome.quads.update(_record(one, documents[one.sha256]))
        else:
            outcome.problems.append(Problem(one.line, message))
    outcome.problems.sort(key=lambda problem: problem.line)
    return outcome


def _misfit(one: Correction, documents: Mapping[str, str], subjects: set[str]) -> str | None:
    """The reason why a row cannot be applied to these documents at all; None if it can."""
    try:
        shaped("", 0, asdict(one), _Cells)
    except SourceError as error:
        return error.message.partition(": ")[2]
    if one.span[1] < one.span[0]:
        return f"the lines are {one.lines!r}, the last before the first"
    try:
        terms.parse_line(f"{one.subject} {one.predicate} {one.value} .")
        named = one.subject.startswith("<") and one.predicate.startswith("<")
    except ValueError:
        named = False
    if not named:
        return "subject, predicate and value are not N-Triples terms"
    if one.sha256 not in documents:
        if thing("document", one.document) in documents.values():
            return f"the document {one.document} has changed since: look at its lines again"
        return f"the document {one.document} is not among those read"
    if thing("document", one.document) != documents[one.sha256]:
        return f"the hash is that of another document, {lexical(documents[one.sha256]).rpartition('/')[2]}"
    if one.verdict == "add" and one.subject not in subjects:
        return f"nothing in the graph has the IRI {lexical(one.subject)}"
    return None


def _passages(quads: Iterable[Quad]) -> dict[str, dict[str, tuple[int, int]]]:
    """Document → passage → its first and last line."""
    stated: dict[str, dict[str, str]] = {}
    names = {tg("inDocument"), tg("lineStart"), tg("lineEnd")}
    for quad in quads:
        if quad.p in names:
            stated.setdefault(quad.s, {})[quad.p] = quad.o
    spans: dict[str, dict[str, tuple[int, int]]] = {}
    for passage, about in stated.items():
        if len(about) == len(names):
            span = int(lexical(about[tg("lineStart")])), int(lexical(about[tg("lineEnd")]))
            spans.setdefault(about[tg("inDocument")], {})[passage] = span
    return spans


def _reject(one: Correction, passages: Mapping[str, tuple[int, int]], outcome: Outcome) -> str | None:
    """Take a statement out of the passages at its lines."""
    first, last = one.span
    gone = {
        Quad(one.subject, one.predicate, one.value, passage)
        for passage, (start, end) in passages.items()
        if start <= last and end >= first
    } & outcome.quads
    if not gone:
        return "no passage at these lines makes this statement"
    outcome.quads -= gone
    return None


def _add(one: Correction, document: str, lines: Mapping[int, str], outcome: Outcome) -> str | None:
    """Put a statement into a passage of its own, if its words stand on its lines."""
    first, last = one.span
    if not one.words:
        return "an added statement needs the words that say it"
    if of_persons(one.words):
        return "the words name or address a person"
    text = " ".join(" ".join(lines.get(number, "") for number in range(first, last + 1)).split())
    if " ".join(one.words.split()) not in text:
        return f"the words {one.words!r} do not stand on lines {one.lines} of {one.document}"
    passage = thing("passage", one.document, f"{first}-{last}-{terms.digest(one.words)[:8]}")
    rows = [
        (A, tg("Passage")),
        (tg("inDocument"), document),
        (tg("lineStart"), integer(first)),
        (tg("lineEnd"), integer(last)),
        (tg("verbatim"), literal(one.words)),
    ]
    outcome.quads.update(Quad(passage, p, o, DEFAULT) for p, o in rows)
    outcome.quads.add(Quad(one.subject, one.predicate, one.value, passage))
    return None


def _record(one: Correction, document: str) -> list[Quad]:
    """The quads that record a correction in the graph of corrections."""
    node = iri(f"{ID}correction/{terms.digest(*one.statement, one.lines, one.verdict)[:16]}")
    first, last = one.span
    rows = [
        (f"<{RDF}subject>", one.subject),
        (f"<{RDF}predicate>", one.predicate),
        (f"<{RDF}object>", one.value),
        (tg("verdict"), literal(one.verdict)),
        (tg("inDocument"), document),
        (tg("lineStart"), integer(first)),
        (tg("lineEnd"), integer(last)),
        (f"<{DCT}creator>", literal(one.who)),
        (f"<{DCT}date>", literal(one.date, datatype="date")),
        (f"<{RDFS}comment>", literal(one.why)),
    ]
    return [Quad(node, p, o, GRAPH) for p, o in rows]


def property_term(text: str) -> str:
    """A property as an N-Triples term, from an IRI, ``prefix:name``, or the name of a property of ours.

    >>> property_term("status"), property_term("rdfs:label")
    ('<https://w3id.org/teemagraafi/def#status>', '<http://www.w3.org/2000/01/rdf-schema#label>')
    """
    if text.startswith(("<", "http")):
        return iri(text.strip("<>"))
    prefix, colon, name = text.partition(":")
    if colon and prefix in terms.PREFIXES:
        return iri(terms.PREFIXES[prefix] + name)
    return iri(f"{RDFS}label") if text == "label" else tg(text)


def rejections(
    store: ox.Store, subject: str, prop: str, value: str, *, who: str, date: str, why: str
) -> list[Correction]:
    """A row for each place of a document that makes a statement; ``value`` is a term or as people write it.

    Raises CorrectionError where no document makes it, with the values that documents give.
    """
    thing_term, term = iri(subject.strip("<>")), property_term(prop)
    statements = select(store, sparql("corrections")["stated"], subject=thing_term, property=term)
    rows, others = [], set()
    for row in statements:
        stated = str(row["value"])
        short = lexical(stated)
        if value not in (stated, short, short.rpartition("/")[2]):
            others.add(short)
            continue
        first, last = row["first"].value, row["last"].value
        name = row["id"].value.rpartition("/")[2]
        lines = first if first == last else f"{first}-{last}"
        rows.append(
            Correction("reject", name, row["sha256"].value, lines, thing_term, term, stated, "", who, date, why)
        )
    if not rows:
        hint = f"; documents say {', '.join(sorted(others))}" if others else ""
        raise CorrectionError(f"no document says {prop} {value!r} of {subject}{hint}")
    return rows


def addition(
    store: ox.Store,
    subject: str,
    prop: str,
    value: str,
    document: str,
    lines: str,
    words: str,
    by: tuple[str, str, str],
) -> Correction:
    """The row that adds a statement; ``by`` is who, when and why. Raises CorrectionError for a document not in the store."""
    node, term = ox.NamedNode(thing("document", document)[1:-1]), property_term(prop)
    stated = store.quads_for_pattern(node, ox.NamedNode(f"{TG}contentHash"), None, None)
    hashes = [quad.object.value for quad in stated if isinstance(quad.object, ox.Literal)]
    if not hashes:
        raise CorrectionError(f"the store holds no document {document!r}; see: teemagraafi query documents")
    used = next(iter(store.quads_for_pattern(None, ox.NamedNode(term[1:-1]), None, None)), None)
    kind = like(value, str(used.object) if used else None)
    return Correction("add", document, hashes[0], lines, iri(subject.strip("<>")), term, kind, words, *by)


def like(value: str, example: str | None) -> str:
    """``value`` as a term of the kind of ``example``: an IRI, or a literal of its language or datatype."""
    if value.startswith(("<", '"')):
        return value
    if value.startswith("http"):
        return iri(value)
    if example is None or not example.startswith('"'):
        return literal(value)
    return literal(value) + example[example.rindex('"') + 1 :]


class Correcting:
    """Applies a file of corrections to the statements of a version that is being made, and keeps the file in it.

    ``outcome`` is None where there is no such file.
    """

    def __init__(self, version: Version, path: Path | None) -> None:
        """Read the file; raises SourceError where it is no file of corrections."""
        self.version, self.name = version, path.name if path else NAME
        self.rows = read(path) if path else []
        self.outcome: Outcome | None = None
        if path:
            (version.path / NAME).write_bytes(path.read_bytes())

    def __call__(self, quads: list[Quad]) -> list[Quad]:
        """The statements after the corrections, sorted."""
        if not self.rows:
            return quads
        self.outcome = apply(quads, self.rows, _texts(self.version))
        return sorted(self.outcome.quads)

    @property
    def notes(self) -> list[str]:
        """What a person should know: how many corrections were applied, and each that was not, by its line."""
        if self.outcome is None:
            return []
        counts = [sum(one.verdict == verdict for one in self.outcome.applied) for verdict in VERDICTS]
        notes = [f"corrections: {counts[0]} statements rejected, {counts[1]} added"]
        return notes + [f"{self.name}:{one.line}: not applied: {one.message}" for one in self.outcome.problems]


def _texts(version: Version) -> dict[str, dict[int, str]]:
    names = [path.stem for path in version.extracted.glob("*.nq")]
    return {
        name: {line.number: line.text for line in source_text.read(source_text.path_of(version, name))}
        for name in names
    }


def check(version: Version, rows: Sequence[Correction]) -> Outcome:
    """What applying corrections to the documents of a store would give."""
    from engine.fusion import align
    from links import sets
    from links.identity import Decisions, unify_organisations

    lines = (path.read_text(encoding="utf-8").splitlines() for path in sorted(version.extracted.glob("*.nq")))
    quads = [terms.parse_line(line) for group in lines for line in group]
    return apply(align(unify_organisations(quads, Decisions(sets.read_sets()))), rows, _texts(version))
