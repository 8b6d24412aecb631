"""Documents and lists to a store: read each, fuse the documents, stream the lists, load, swap in."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn, cast

from engine import corrections, inputs, search, source_text
from engine.fusion import fuse
from engine.inputs import InputFile, is_table
from engine.lists import ListFile, Rows
from engine.store import Version, current, replacing, verify, write_quads
from engine.summary import Summary, notes_of, summarise
from links import sets as linksets
from links.identity import Decisions, unify_organisations
from loaders import choose
from loaders.coverage_report import Coverage
from loaders.document import pages
from loaders.document.lines import Document
from loaders.errors import SourceError
from loaders.isolation import Limits, Pool
from loaders.rdf import documents as rdf
from loaders.rdf.terms import ID, LABEL, A, Quad, digest, parse_line, tg
from loaders.records import Reading
from loaders.tables import mapping as mappings
from loaders.tables import metadata, population

Progress = Callable[[str], None]

_ORGANISATION = f"<{ID}organisation/"
_ENOUGH = 3
"""Documents for which another reading process is worth its start."""
_INDEXED_AT_ONCE = 1_000
"""Rows of lists up to which a build makes the search index itself, in less than a second."""


@dataclass(frozen=True, slots=True)
class Rejections:
    """How many rows of a list may be rejected: a number, or a share of them (``2%``)."""

    number: float
    share: bool = False

    @classmethod
    def parse(cls, text: str) -> Rejections:
        """``20`` or ``2%``; ValueError for anything else."""
        value = float(text.strip().removesuffix("%"))
        if value < 0:
            raise ValueError(text)
        return cls(value, text.strip().endswith("%"))

    def of(self, rows: int) -> float:
        """The most of so many rows."""
        return rows * self.number / 100 if self.share else self.number

    def __str__(self) -> str:
        return f"{self.number:g}{' %' if self.share else ''}"


@dataclass(frozen=True, slots=True)
class Options:
    """How files are read; the lists among them by one mapping file, by a guess of each, else by the shipped mappings."""

    mapping: Path | None = None
    guess: bool = False
    most_rejected: Rejections | None = None
    lenient: bool = False
    """Whether a file that cannot be read is left out; else it fails the build."""
    limits: Limits | None = None
    """What reading one file may take."""
    corrections: Path | None = None
    """What persons have corrected: a file of engine.corrections."""


_USUAL = Options()


@dataclass(frozen=True, slots=True)
class Extraction:
    """One document read: its quads and its coverage report."""

    document: Document
    reading: Reading
    nquads: list[str]
    coverage: Coverage


@dataclass(slots=True)
class Work:
    """The content of a new version: documents read now, documents of the version before, lists to read, and failures."""

    how: Options
    extractions: list[Extraction] = field(default_factory=list)
    earlier: dict[str, Path] = field(default_factory=dict)
    lists: list[ListFile] = field(default_factory=list)
    failures: list[SourceError] = field(default_factory=list)


def extract(path: Path, identifier: str | None = None) -> Extraction:
    """Read one file; raises SourceError where it holds no fact."""
    from loaders.coverage import coverage  # lists do without it, and it needs all that knows a figure in a text

    document = pages.read(path, identifier)
    reading = choose(document).parse(document)
    quads = rdf.quads(document, reading, rdf.DocumentFacts.of(document.sha256))
    lines = sorted({quad.line() for quad in quads})
    return Extraction(document, reading, lines, coverage(document, reading))


def _prepare(files: Iterable[InputFile], progress: Progress, how: Options) -> Work:
    """Read the documents among some files, in processes with limits; the lists are read later, row by row.

    Raises SourceError where nothing is left to load or, unless ``lenient``, where any file cannot be read.
    """
    work = Work(how)
    documents, tables = list[InputFile](), list[InputFile]()
    for given in files:
        (tables if is_table(given.path) and not population.is_population(given.path) else documents).append(given)
    with Pool(how.limits, min(os.cpu_count() or 1, max(1, len(documents) // _ENOUGH))) as pool:
        tasks = ((given.path.name, (given.path, given.identifier)) for given in documents)
        for given, outcome in zip(documents, pool.outcomes(extract, tasks), strict=True):
            if isinstance(outcome, SourceError):
                work.failures.append(outcome)
                continue
            work.extractions.append(outcome)
            progress(f"read {given.path.name}: {outcome.reading.layout}")
    with Pool(how.limits) as pool:
        mapping = pool.call(how.mapping.name, mappings.load, how.mapping) if how.mapping else None
        for given in tables:
            try:
                work.lists.append(_list(given, mapping, how.guess, pool))
            except SourceError as error:
                work.failures.append(error)
    if work.failures and not (how.lenient and (work.extractions or work.lists)):
        _fail(work.failures)
    return work


def _list(given: InputFile, mapping: mappings.Mapping | None, guessing: bool, pool: Pool) -> ListFile:
    """How a list is read: by the mapping given, by the metadata beside it, by a guess, else by a shipped mapping.

    Raises SourceError for a guess with an open question.
    """
    from loaders.tables.guess import guess

    mapping = mapping or pool.call(given.path.name, metadata.mapping_beside, given.path)
    if mapping is not None or not guessing:
        return ListFile(given.path, given.identifier, mapping)
    proposal = pool.call(given.path.name, guess, given.path, given.identifier)
    if proposal.questions:
        raise SourceError(
            given.identifier,
            f"the guess has an open question: {proposal.questions[0]}; write the mapping with: teemagraafi load "
            f"{given.path.name} --guess > own.toml, answer it there, and use --mapping own.toml",
        )
    return ListFile(given.path, given.identifier, proposal.mapping, notes=proposal.doubts)


def _fail(failures: list[SourceError]) -> NoReturn:
    """Show all failures; the last is raised."""
    *others, last = failures
    for other in others:
        other.show()
    raise last


def build(store: Path, files: Iterable[InputFile], progress: Progress, how: Options = _USUAL) -> Summary:
    """Make a fresh store of some files; SourceError for one that cannot be read, unless ``how`` is lenient."""
    work = _prepare(files, progress, how)
    with replacing(store) as version:
        summary = write(version, work, progress)
    summary.failures = work.failures
    return summary


def load(store: Path, files: Iterable[InputFile], progress: Progress, how: Options = _USUAL) -> Summary:
    """Add or replace documents and lists: all is fused anew, so the result is that of one build of everything.

    Without corrections those of the build before are applied.
    """
    old = verify(current(store))
    work = _prepare(files, progress, replace(how, corrections=how.corrections or _corrections_of(old)))
    again = _again(work, _extracted(old))
    work.extractions = [e for e in work.extractions if e.document.id not in again]
    replaced = {e.document.id for e in work.extractions}
    work.earlier = {name: path for name, path in _extracted(old).items() if name not in replaced}
    with replacing(store) as version:
        _keep(old, version)
        summary = write(version, work, progress)
    summary.notes += [f"{name}: is {twin}, which the store holds: not read again" for name, twin in again.items()]
    summary.failures = work.failures
    return summary


def _again(work: Work, lists: dict[str, Path]) -> dict[str, str]:
    """Documents read now whose bytes are already in the store under another name → that name."""
    others = {name: path.read_text(encoding="utf-8") for name, path in lists.items()}
    return {
        e.document.id: name
        for e in work.extractions
        for name, text in others.items()
        if name != e.document.id and f'contentHash> "{e.document.sha256}"' in text
    }


def load_rdf(store: Path, files: Iterable[Path], graph: str, limits: Limits | None = None) -> int:
    """Load RDF files unchanged into one named graph, replacing its content; returns the number of quads."""
    old = verify(current(store))
    with Pool(limits) as pool:
        lines = sorted({line for path in files for line in pool.call(str(path), inputs.read_rdf, path, graph)})
    with replacing(store) as version:
        _keep(old, version)
        version.foreign.mkdir(exist_ok=True)
        (version.foreign / f"{digest(graph)[:16]}.nq").write_text("".join(lines), encoding="utf-8")
        work = Work(Options(corrections=_corrections_of(old)), earlier=_extracted(old))
        write(version, work, lambda message: None)
    return len(lines)


def _corrections_of(version: Version) -> Path | None:
    path = version.path / corrections.NAME
    return path if path.exists() else None


def _extracted(version: Version) -> dict[str, Path]:
    return {path.stem: path for path in sorted(version.extracted.glob("*.nq"))}


def _keep(old: Version, new: Version) -> None:
    """Take over the lists and the users' own graphs of the version before."""
    _copy((old.foreign, new.foreign), (old.lists, new.lists), (old.rows, new.rows))


def write(version: Version, work: Work, progress: Progress) -> Summary:
    """Fill a version: fuse its documents, stream its lists, load both."""
    lines = [*_earlier_lines(version, work.earlier), *_new_lines(version, work.extractions)]
    quads = [parse_line(line) for line in lines]
    with _read_lists(version, work, _codes(quads)) as rows:
        if rows.lists:
            quads += rows.met()
        progress("fusing")
        correcting = corrections.Correcting(version, work.how.corrections)
        sets = linksets.read_sets()
        dataset = fuse(unify_organisations(quads, Decisions(sets)), correcting)
        dataset = sorted({*dataset, *linksets.quads(dataset, sets)})
        progress(f"loading {len(dataset)} quads")
        own = sorted(version.foreign.glob("*.nq"))
        text = itertools.chain((quad.line() for quad in dataset), *(_lines(path) for path in own))
        organisations = {q.s: q.o for q in dataset if q.p == LABEL and not q.g and q.s.startswith(_ORGANISATION)}
        database = write_quads(version, text, (lambda: rows.files(organisations)) if rows.lists else None)
        _keep_within(rows, work.how.most_rejected)
        if rows.counts["rows"] <= _INDEXED_AT_ONCE:
            # of longer lists the first search makes the index
            search.build(database, version.path / search.NAME)
        summary = summarise(version, dataset, rows)
    summary.notes = [
        note for e in work.extractions for note in notes_of(e.document, e.reading, e.coverage)
    ] + summary.notes
    summary.notes += correcting.notes
    version.manifest.update(documents=summary.documents, counts=summary.counts)
    return summary


def _read_rows(folder: Path, given: list[ListFile], codes: frozenset[str], reports: Path) -> Rows:
    """Read lists into a folder; what a reading process does."""
    with Rows(folder) as rows:
        if given or rows.lists:
            rows.read(given, codes, reports)
    return rows


def _read_lists(version: Version, work: Work, codes: frozenset[str]) -> Rows:
    """Read the lists in a process of limits; those it does not survive are left out, unless nothing else is there."""
    given = work.lists
    if not given and not (version.lists / "lists.json").exists():
        return Rows(version.lists)
    with tempfile.TemporaryDirectory(prefix="lists-", dir=version.path) as spare, Pool(work.how.limits) as pool:
        before = Path(spare)
        _copy((version.lists, before / "lists"), (version.rows, before / "rows"))
        [outcome] = pool.outcomes(_read_rows, [(_names(given), (version.lists, given, codes, version.rows))])
        if not isinstance(outcome, SourceError):
            return cast("Rows", outcome)
        tried = [_tried(pool, one, codes, before / "tried") for one in given] if len(given) > 1 else [outcome]
        failures = [one for one in tried if one is not None]
        good = [one for one, failure in zip(given, tried, strict=True) if failure is None]
        work.failures += failures or [outcome]
        if not failures or not (work.how.lenient and (good or work.extractions or work.earlier)):
            _fail(work.failures)
        for folder in (version.lists, version.rows):
            shutil.rmtree(folder, ignore_errors=True)
        _copy((before / "lists", version.lists), (before / "rows", version.rows))
        return cast("Rows", pool.call(_names(good), _read_rows, version.lists, good, codes, version.rows))


def _tried(pool: Pool, given: ListFile, codes: frozenset[str], folder: Path) -> SourceError | None:
    """What goes wrong when a list is read alone."""
    shutil.rmtree(folder, ignore_errors=True)
    [outcome] = pool.outcomes(_read_rows, [(given.path.name, (folder, [given], codes, folder / "rows"))])
    return outcome if isinstance(outcome, SourceError) else None


def _names(given: list[ListFile]) -> str:
    return ", ".join(one.path.name for one in given) or "the lists of the store"


def _copy(*folders: tuple[Path, Path]) -> None:
    for source, target in folders:
        if source.is_dir():
            shutil.copytree(source, target)


def _keep_within(rows: Rows, most: Rejections | None) -> None:
    """Raise SourceError if more rows of a list were rejected than allowed: the store then stays as it was."""
    for account in rows.account() if most is not None else ():
        rejected, total = account["rows"]["rejected"], sum(account["rows"][s] for s in ("read", "left out", "rejected"))
        if most is not None and rejected > most.of(total):
            raise SourceError(
                account["list"], f"{rejected:,} of {total:,} rows were rejected, more than {most} allowed"
            )


def _codes(quads: list[Quad]) -> frozenset[str]:
    """Keys of the projects and participations that documents name: the rows that speak of the same are fused with them."""
    kinds = {tg("Project"): f"<{ID}project/", tg("Participation"): f"<{ID}participation/"}
    named = {q.s.removeprefix(kinds[q.o])[:-1] for q in quads if q.p == A and q.o in kinds}
    return frozenset(key for key in named if "/" not in key)


def _earlier_lines(version: Version, line_files: dict[str, Path]) -> Iterator[str]:
    for path in line_files.values():
        shutil.copyfile(path, version.extracted / path.name)
        report = path.parents[1] / "coverage" / f"{path.stem}.json"
        if report.exists():
            shutil.copyfile(report, version.coverage / report.name)
        source_text.copy(path, version)
        yield from _lines(path)


def _new_lines(version: Version, extractions: list[Extraction]) -> Iterator[str]:
    for extraction in extractions:
        name = extraction.document.id
        (version.extracted / f"{name}.nq").write_text("".join(extraction.nquads), encoding="utf-8")
        (version.coverage / f"{name}.json").write_text(extraction.coverage.to_json(), encoding="utf-8")
        source_text.write(version, extraction.document, extraction.reading)
        yield from extraction.nquads


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines(keepends=True)
