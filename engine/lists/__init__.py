"""Lists of a million rows to a store: streamed, in processes, in flat memory; rows that documents know too are handed to fusion.

1. ``Rows.read``: tables → entries, spilled into partitions by the key of their project.
2. ``Rows.met``: the quads of the rows whose projects documents name, to be fused with the documents.
3. ``Rows.files``: every other partition → N-Quads file → the store's bulk loader, while the next ones are being written.

The spilled entries stay in the store's version: a later load of other documents starts at step 2.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from engine.lists import report
from engine.lists.about import ListFacts
from engine.lists.organisations import describe_organisations
from engine.lists.spill import PARTITIONS, Spill, encode, partition_of
from engine.lists.tasks import State, projects, read_batch, write_partition
from loaders.errors import SourceError
from loaders.isolation import Pool, inherited, renew
from loaders.rdf.documents import DocumentFacts
from loaders.rdf.row_concepts import Triple, with_one_label
from loaders.rdf.row_organisations import Named
from loaders.rdf.terms import Quad
from loaders.tables import Record, Table, open_table
from loaders.tables import mapping as mappings
from loaders.tables.entry import UnreadRow
from loaders.tables.mapping import Mapping as ListMapping
from loaders.tables.plan import Plan
from loaders.tables.rows import logical

T = TypeVar("T")
Result = TypeVar("Result")
_BATCH = 500
_ALONE = 3 * 2**20
"""Tables of fewer bytes are read in this process: starting others takes longer."""
_FEW = 10_000
"""Rows up to which one process writes them as quickly as several."""


@dataclass(frozen=True, slots=True)
class ListFile:
    """A table to read: its id, its mapping if it is not one of the shipped, and what else is known of it."""

    path: Path
    identifier: str
    mapping: ListMapping | None = None
    facts: DocumentFacts | None = None
    """By default what a sources file says of a table with these bytes."""
    notes: tuple[str, ...] = ()
    """What was decided of the list before, to be said in its account."""


class Rows:
    """The rows of all lists of one store version, on disk under ``folder``."""

    def __init__(self, folder: Path, *, workers: int | None = None) -> None:
        """``folder`` belongs to the store version being written; what a version before left there is taken over.

        ``workers``: processes beside this one; by default the other cores, and none for small tables.
        """
        self.folder = folder
        self.counts: Counter[str] = Counter()
        self.lists: dict[str, ListFacts] = {}
        self.notes: dict[str, tuple[str, ...]] = {}
        """What was decided of each list read now that neither it nor its mapping says, and what is not read."""
        self._count = workers if workers is not None else max((os.cpu_count() or 1) - 1, 1)
        self._met: set[str] = set()
        self._pool: Pool | None = None
        self._state: State | None = None
        self._plans: dict[str, Plan] = {}
        self._reports: Path | None = None
        index = folder / "lists.json"
        if index.exists():
            self.lists = {facts["id"]: ListFacts(**facts) for facts in json.loads(index.read_text(encoding="utf-8"))}

    def __enter__(self) -> Rows:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.__exit__()
        self._pool = self._state = None

    def _employ(self, alone: bool, codes: frozenset[str] = frozenset()) -> None:
        """Have tasks done by other processes, or by this one alone."""
        needed = (self._plans, self.lists, self._spilled, self.folder / "out", codes)
        if alone or not self._count:
            self._state = State(*needed)
        else:
            self._pool = Pool(inherited(), self._count, (State, needed))

    def _done(self, task: Callable[[State, T], Result], arguments: Iterable[T]) -> Iterator[Result]:
        """Results in the order of the arguments; few arguments are taken ahead, so that memory stays flat."""
        if self._pool is None:
            assert self._state is not None
            for argument in arguments:
                yield task(self._state, argument)
            return
        for outcome in self._pool.outcomes(task, (("the lists", (argument,)) for argument in arguments)):
            if isinstance(outcome, SourceError):
                raise outcome
            yield outcome

    # 1. tables → entries

    def read(self, given: Iterable[ListFile], codes: frozenset[str], reports: Path) -> None:
        """Read tables, in the place of what lists of the same ids held.

        ``codes``: keys of the projects and participations that documents name.
        """
        self._reports = reports
        lists = [(one, *_opened(one)) for one in given]
        for one, table, chosen in lists:
            self._plan(one, table, chosen)
        size = sum(table.size for _, table, _ in lists)
        self._keep_others(frozenset(table.identifier for _, table, _ in lists), codes)
        self._employ(size <= _ALONE, codes)
        spill = Spill(self._spilled)
        for _, table, _ in lists:
            self._read_list(table, spill, reports)
        spill.close()
        self._write_index()

    def _plan(self, given: ListFile, table: Table, mapping: ListMapping) -> None:
        """Lay the mapping over the table and the tables of its further sheets; what is not read is noted."""
        notes = list(dict.fromkeys([*given.notes, *(f"{words}: not read" for words in table.unread)]))
        for one in (table, *table.others):
            try:
                plan = Plan.of(one, mapping)
            except SourceError as error:
                if not table.others:
                    raise
                notes.append(f"sheet {one.sheet!r} was not read: {error.message}")
                continue
            self._plans[one.key] = plan
            notes += [note for note in plan.notes if note not in notes]
        plans = [self._plans[one.key] for one in (table, *table.others) if one.key in self._plans]
        if not plans:
            raise SourceError(table.identifier, notes[-1])
        self.lists[table.identifier] = ListFacts.of_list(table, mapping, plans[0], given.facts)
        self.notes[table.identifier] = tuple(notes)

    def _read_list(self, table: Table, spill: Spill, reports: Path) -> None:
        name, read = table.identifier, 0
        report.begin(reports, name)
        for one in (table, *table.others):
            if one.key not in self._plans:
                continue
            batches = _batches(one.key, logical(self._plans[one.key], one.records()))
            for outcome in self._done(read_batch, batches):
                spill.append(outcome.blobs)
                read += outcome.rows
                report.add(reports, outcome.left)
                self._met |= outcome.met
                self.counts["rejected"] += sum(row.rejected for row in outcome.left)
                renew()
        self.counts["rows"] += read
        report.close(reports, name, read, self.notes[name])
        if not read:
            none = next(report.entries(reports, name), None) is None
            why = "no row stands below its headings" if none else "no row could be read: is this the right mapping?"
            raise SourceError(name, why, table.heading_row)

    def _keep_others(self, replaced: frozenset[str], codes: frozenset[str]) -> None:
        """Keep what earlier loads have read, without the lists that are being replaced."""
        if not self._spilled.exists():
            return
        aside = self._spilled.rename(self.folder / "before")
        spill = Spill(self._spilled)
        for number in range(PARTITIONS):
            entries = [e for e in Spill(aside).entries(number) if e.list_id not in replaced]
            self._met |= {e.key for e in entries if e.key in codes or e.code in codes}
            self.counts["rows"] += len(entries)
            spill.append(encode((e.key, e) for e in entries))
        spill.close()
        shutil.rmtree(aside)

    @property
    def _spilled(self) -> Path:
        return self.folder / "entries"

    def _write_index(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        data = [asdict(facts) for facts in self.lists.values()]
        (self.folder / "lists.json").write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")

    # 2. rows that documents know too

    def met(self) -> list[Quad]:
        """Everything the rows of the projects that documents name state, each row in its passage's graph."""
        state, left = State(self._plans, self.lists, self._spilled, self.folder / "out"), list[UnreadRow]()
        quads: list[Quad] = [q for facts in self.lists.values() for q in facts.quads()] if self._met else []
        for number in sorted({partition_of(key) for key in self._met}):
            for placed in projects(state, number, left, self._met.__contains__):
                for one in placed:
                    scribe = state.scribe(one.entry.list_id)
                    graph, about = scribe.passage(one.entry)
                    quads += [Quad(*triple) for triple in about]
                    quads += [Quad(s, p, o, graph) for s, p, o, _ in scribe.statements(one)]
        quads += [Quad(*triple) for triple in with_one_label(state.concepts())]
        self._leave(left)
        return quads

    def _leave(self, left: list[UnreadRow]) -> None:
        """Report rows that were read but say nothing of their own: said again, or of a code that another row has."""
        self.counts["rejected"] += sum(row.rejected for row in left)
        if self._reports is not None:
            report.add(self._reports, left, read=True)

    # 3. all other rows

    def parts(self, labelled: Mapping[str, str]) -> Iterator[tuple[Path, int]]:
        """N-Quads files to bulk-load, one after the other, and the rows each holds; each is the caller's to remove.

        What rows state, each in a graph of its own, comes last: the loader takes less memory for quads of one kind at a time.
        ``labelled``: labels that the fused documents gave organisations (IRI → label term).
        """
        (self.folder / "out").mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.folder / "organisations", ignore_errors=True)
        gathered = Spill(self.folder / "organisations")
        concepts: set[Triple] = set()
        stated: list[Path] = []
        met = frozenset(self._met)
        if self._pool is None and self._state is None:
            self._employ(self.counts["rows"] <= _FEW)
        for outcome in self._done(write_partition, ((n, met) for n in range(PARTITIONS))):
            gathered.append(encode((named.iri, [named, passage]) for named, passage in outcome.organisations))
            concepts |= outcome.concepts
            self.counts.update(outcome.counts)
            self._leave(outcome.left)
            stated.append(outcome.stated)
            yield outcome.path, outcome.counts.get("Passage", 0)
        yield self._file("lists.nq", [q.line() for facts in self.lists.values() for q in facts.quads()]), 0
        yield self._file("concepts.nq", [Quad(*triple).line() for triple in with_one_label(concepts)]), 0
        gathered.close()
        for number in range(PARTITIONS):
            implementers, lines = describe_organisations(gathered.rows(number, tuple[Named, str]), labelled)
            self.counts["Implementer"] += implementers
            if lines:
                yield self._file(f"organisations-{number:04d}.nq", lines), 0
        yield from ((path, 0) for path in stated)
        shutil.rmtree(gathered.folder, ignore_errors=True)

    def _file(self, name: str, lines: list[str]) -> Path:
        path = self.folder / "out" / name
        path.write_text("".join(lines), encoding="utf-8")
        return path

    def files(self, labelled: Mapping[str, str]) -> Iterator[Path]:
        """The files of ``parts``; on a terminal a bar shows how far the loader has got."""
        hidden = not sys.stderr.isatty()
        with click.progressbar(length=self.counts["rows"], label="loading rows", file=sys.stderr, hidden=hidden) as bar:
            for path, rows in self.parts(labelled):
                yield path
                bar.update(rows)

    def account(self) -> list[dict[str, Any]]:
        """What became of each list read now; see ``report.account``."""
        return [report.account(self._reports, name) for name in self.notes] if self._reports is not None else []


def _opened(given: ListFile) -> tuple[Table, ListMapping]:
    table = open_table(given.path, given.identifier, given.mapping.sheet if given.mapping else None)
    return table, given.mapping or mappings.choose(table)


def _batches(key: str, records: Iterator[Record]) -> Iterator[tuple[str, list[Record]]]:
    batch: list[Record] = []
    for record in records:
        batch.append(record)
        if len(batch) == _BATCH:
            yield key, batch
            batch = []
    if batch:
        yield key, batch
