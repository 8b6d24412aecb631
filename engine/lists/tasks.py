"""The two pieces of work of a bulk load: rows of a table to spilled entries, a partition of entries to N-Quads.

Rows that say different things of one project: the newest list wins, the rest is listed as conflicts, as with documents.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from engine.fusion import money
from engine.fusion.conflict import OTHER_SCOPE
from engine.fusion.reference import single_valued
from engine.fusion.values import collect
from engine.fusion.view import resolve
from engine.lists.about import ListFacts
from engine.lists.spill import Spill, encode
from loaders.rdf.row_concepts import Concepts, Triple
from loaders.rdf.row_organisations import Named, authority, implementer
from loaders.rdf.rows import RowScribe, Statement, added_up
from loaders.rdf.terms import LABEL, Quad, language, tg
from loaders.tables import Record
from loaders.tables.entry import Entry, Placed, UnreadRow
from loaders.tables.placing import place
from loaders.tables.plan import Plan
from loaders.tables.rows import Reader

_HELD = 5_000
_OBSERVATION = tg("FinancialObservation")


class BatchResult(NamedTuple):
    """What became of a batch of rows."""

    rows: int
    blobs: dict[int, bytes]
    left: list[UnreadRow]
    """Values that were left while their row was read among them."""
    met: set[str]


class PartitionResult(NamedTuple):
    """What became of a partition."""

    path: Path
    stated: Path
    """What the cells of its rows state, each row in its passage's graph."""
    counts: dict[str, int]
    organisations: list[tuple[Named, str]]
    concepts: set[Triple]
    left: list[UnreadRow]


class Row(NamedTuple):
    """One row of a project as quads: its passage, what is known of the passage, and what the row states."""

    entry: Entry
    graph: str
    about: list[Triple]
    statements: list[Statement]


@dataclass(slots=True)
class State:
    """What every task of one load needs, and what a working process keeps from task to task."""

    plans: dict[str, Plan]
    lists: dict[str, ListFacts]
    rows: Path
    out: Path
    codes: frozenset[str] = frozenset()
    """Project and participation keys that documents name: rows of these are fused with the documents."""
    _readers: dict[str, Reader] = field(default_factory=dict)
    _scribes: dict[str, RowScribe] = field(default_factory=dict)

    def reader(self, key: str) -> Reader:
        """The reader of the rows of one table: a list, or one sheet of it."""
        if key not in self._readers:
            self._readers[key] = Reader(self.plans[key])
        return self._readers[key]

    def scribe(self, list_id: str) -> RowScribe:
        """The writer of a list's rows."""
        if list_id not in self._scribes:
            facts = self.lists[list_id]
            concepts = Concepts(facts.country, facts.language, facts.programme)
            self._scribes[list_id] = RowScribe(list_id, facts.language, facts.country, facts.reference_date, concepts)
        return self._scribes[list_id]

    def concepts(self) -> set[Triple]:
        """What describes the concepts met so far that no code list has, in each spelling met."""
        return {triple for scribe in self._scribes.values() for triple in scribe.concepts.made}


def read_batch(state: State, batch: tuple[str, list[Record]]) -> BatchResult:
    """Rows of one list to encoded entries."""
    key, records = batch
    reader = state.reader(key)
    entries: list[Entry] = []
    left: list[UnreadRow] = []
    for record in records:
        entry = reader.read(record)
        if isinstance(entry, Entry):
            entries.append(entry)
        else:
            left.append(entry)
    left, reader.remarks = [*left, *reader.remarks], []
    codes = state.codes
    met = {e.key for e in entries if e.key in codes or e.code in codes} if codes else set()
    return BatchResult(len(entries), encode((e.key, e) for e in entries), left, met)


def write_partition(state: State, task: tuple[int, frozenset[str]]) -> PartitionResult:
    """The entries of a partition as two N-Quads files, but for the projects that documents name as well."""
    number, met = task
    path, stated = (state.out / f"{name}-{number:04d}.nq" for name in ("rows", "stated"))
    with path.open("wb") as view, stated.open("wb") as graphs:
        writer = _Writer(state, view, graphs)
        for placed in projects(state, number, writer.left, lambda key: key not in met):
            writer.add(placed)
        writer.flush()
    organisations = list(writer.organisations.items())
    return PartitionResult(path, stated, dict(writer.counts), organisations, state.concepts(), writer.left)


def projects(state: State, number: int, left: list[UnreadRow], is_current: Callable[[str], bool]) -> Any:
    """The wanted projects of a partition, in the order of their keys, each as its placed rows."""
    order = {list_id: at for at, list_id in enumerate(sorted(state.lists))}
    entries = [e for e in Spill(state.rows).entries(number) if e.list_id in order and is_current(e.key)]
    entries.sort(key=lambda e: (e.key, order[e.list_id], e.sheet or "", e.first))
    for _, rows in groupby(entries, key=lambda e: e.key):
        placed, said = place(list(rows), lambda list_id: state.lists[list_id].repeats, _organisation_key(state))
        left += said
        yield from placed


def _organisation_key(state: State) -> Callable[[Entry], str | None]:
    def key(entry: Entry) -> str | None:
        facts = state.lists[entry.list_id]
        named = implementer(entry, facts.country, facts.language)
        return named.iri.rpartition("/")[2][:-1] if named else None

    return key


class _Writer:
    """Writes the lines of a partition: the current view to one file, what its rows state to another."""

    def __init__(self, state: State, view: BinaryIO, graphs: BinaryIO) -> None:
        self._state, self._view, self._graphs = state, view, graphs
        self.lines: list[str] = []
        self.stated: list[str] = []
        self.counts: Counter[str] = Counter()
        self.organisations: dict[Named, str] = {}
        self.left: list[UnreadRow] = []

    def add(self, placed: list[Placed]) -> None:
        """One project."""
        self.counts["Project"] += 1
        rows = [_row(self._state.scribe(one.entry.list_id), one) for one in placed]
        for row in rows:
            self._organisations(row)
        amounts = dict.fromkeys(s for row in rows for s, _, o, _ in row.statements if o == _OBSERVATION)
        self.counts["FinancialObservation"] += len(amounts)
        if len(rows) > 1 and contradict(rows):
            lists = {row.entry.list_id: self._state.lists[row.entry.list_id] for row in rows}
            lines, conflicts = merge_rows(rows, list(lists.values()))
            self.lines += lines
            self.counts["Conflict"] += conflicts
        else:
            statements = [statement for row in rows for statement in row.statements]
            lines = [f"{s} {p} {o} .\n" for s, p, o, _ in statements]
            if placed[0].group or len(rows) > 1 or not placed[0].whole:
                lines += [f"{s} {p} {o} .\n" for s, p, o in added_up(statements)]
            self.lines += dict.fromkeys(lines)
            self.lines += [f"{amount} {money.IN_CUBE} .\n" for amount in amounts]
        for row in rows:
            self._passage(row)
        if len(self.lines) > _HELD:
            self.flush()

    def flush(self) -> None:
        """Write what is held."""
        for file, lines in ((self._view, self.lines), (self._graphs, self.stated)):
            file.write("".join(lines).encode())
            lines.clear()

    def _passage(self, row: Row) -> None:
        self.lines += [f"{s} {p} {o} .\n" for s, p, o in row.about]
        end = f" {row.graph} .\n"
        self.stated += [f"{s} {p} {o}{end}" for s, p, o, cell in row.statements if cell]
        self.counts["Passage"] += 1

    def _organisations(self, row: Row) -> None:
        facts = self._state.lists[row.entry.list_id]
        for find in (implementer, authority):
            named = find(row.entry, facts.country, facts.language)
            if named is not None and named not in self.organisations:
                self.organisations[named] = row.graph if named.business_id else ""


def _row(scribe: RowScribe, placed: Placed) -> Row:
    graph, about = scribe.passage(placed.entry)
    return Row(placed.entry, graph, about, scribe.statements(placed))


def contradict(rows: Sequence[Row]) -> bool:
    """Whether rows give a property that has one value two, or a thing two names of one language."""
    single = single_valued()
    seen: dict[tuple[str, str, str], str] = {}
    for row in rows:
        for s, p, o, _ in row.statements:
            if p in single or p == LABEL:
                tag = language(o) if p == LABEL else ""
                if seen.setdefault((s, p, tag), o) != o:
                    return True
    # two lists may give amounts of different dates
    return len({row.entry.list_id for row in rows}) > 1


def merge_rows(rows: Sequence[Row], lists: Sequence[ListFacts]) -> tuple[list[str], int]:
    """Lines of the current view of some rows, and how many conflicts they hold."""
    quads = [quad for facts in lists for quad in facts.quads()]
    for row in rows:
        quads += [Quad(s, p, o) for s, p, o in row.about]
        quads += [Quad(s, p, o, row.graph) for s, p, o, _ in row.statements]
    values = collect(quads)
    view, conflicts = resolve(values, single_valued())
    stated = money.read(values)
    gone, new = stated.triples(view)
    view = (view - gone | new).union(stated.cubes())
    # a list gives every amount in several scopes; that two of them are equal says nothing
    conflicts += [c for c in money.compare(stated) if c.kind != OTHER_SCOPE]
    whole = [*sorted(view), *(quad for conflict in conflicts for quad in conflict.quads())]
    return [quad.line() for quad in whole], len(conflicts)
