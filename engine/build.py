"""Documents to a store: read each, write its quads, fuse all, load, swap in."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from engine import foreign, linksets
from engine.fusion import fuse
from engine.inputs import Given
from engine.store import Version, current, replacing, write_quads
from loaders import choose, coverage, pages, rdf, sources
from loaders.document import Document
from loaders.errors import SourceError
from loaders.records import Reading
from loaders.terms import A, Quad, digest, parse_line, tg

Progress = Callable[[str], None]


@dataclass(slots=True)
class Summary:
    """What a build read: documents, things in the current view, share of figures covered, what failed."""

    documents: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    covered: tuple[int, int] = (0, 0)
    failures: list[SourceError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What the user should know of single documents: figures not understood, counts that are not as expected."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """One document read: its quads and its coverage report."""

    document: Document
    reading: Reading
    lines: list[str]
    coverage: coverage.Coverage


def extract(path: Path, identifier: str | None = None) -> Extraction:
    """Read one file; raises SourceError if it is no document of a known layout."""
    document = pages.read(path, identifier)
    reading = choose(document).parse(document)
    quads = rdf.quads(document, reading, _facts(sources.by_hash(document.sha256)))
    lines = sorted({quad.line() for quad in quads})
    return Extraction(document, reading, lines, coverage.coverage(document, reading))


def _facts(source: sources.Source | None) -> rdf.DocumentFacts:
    if source is None:
        return rdf.DocumentFacts()
    return rdf.DocumentFacts(
        source.title, source.publisher, source.issued, source.reference_date, source.url, source.licence
    )


def extract_all(files: Iterable[Given], progress: Progress) -> tuple[list[Extraction], list[SourceError]]:
    """Read files; those that cannot be read are returned as errors, in the order of the files."""
    done: list[Extraction] = []
    failures: list[SourceError] = []
    for given in files:
        try:
            done.append(extract(given.path, given.identifier))
            progress(f"read {given.path.name}: {done[-1].reading.layout}")
        except SourceError as error:
            failures.append(error)
    return done, failures


def build(store: Path, files: Iterable[Given], progress: Progress, lenient: bool = False) -> Summary:
    """Make a fresh store of some files. Unless ``lenient``, a file that cannot be read fails the build."""
    extractions, failures = extract_all(files, progress)
    _refuse(extractions, failures, lenient)
    with replacing(store) as version:
        summary = _write(version, extractions, {}, progress)
    summary.failures = failures
    return summary


def load(store: Path, files: Iterable[Given], progress: Progress) -> Summary:
    """Add or replace documents: everything is fused anew, so the result is that of one build of all of them."""
    old = current(store)
    extractions, failures = extract_all(files, progress)
    _refuse(extractions, failures, lenient=False)
    replaced = {e.document.id for e in extractions}
    kept = {p.stem: p for p in sorted(old.extracted.glob("*.nq")) if p.stem not in replaced}
    with replacing(store) as version:
        _keep_foreign(old, version)
        return _write(version, extractions, kept, progress)


def load_rdf(store: Path, files: Iterable[Path], graph: str) -> int:
    """Put RDF files as they are into one named graph, in the place of what it held; returns the number of quads."""
    old = current(store)
    lines = sorted({line for path in files for line in foreign.read(path, graph)})
    with replacing(store) as version:
        _keep_foreign(old, version)
        folder = foreign.folder(version)
        folder.mkdir(exist_ok=True)
        (folder / f"{digest(graph)[:16]}.nq").write_text("".join(lines), encoding="utf-8")
        _write(version, [], {p.stem: p for p in sorted(old.extracted.glob("*.nq"))}, lambda message: None)
    return len(lines)


def _keep_foreign(old: Version, new: Version) -> None:
    if foreign.folder(old).is_dir():
        shutil.copytree(foreign.folder(old), foreign.folder(new))


def _refuse(extractions: list[Extraction], failures: list[SourceError], lenient: bool) -> None:
    if failures and not (lenient and extractions):
        *others, last = failures
        for error in others:
            error.show()
        raise last


def _write(version: Version, extractions: list[Extraction], kept: dict[str, Path], progress: Progress) -> Summary:
    lines: list[str] = []
    for path in kept.values():
        text = path.read_text(encoding="utf-8")
        (version.extracted / path.name).write_text(text, encoding="utf-8")
        report = path.parents[1] / "coverage" / f"{path.stem}.json"
        if report.exists():
            (version.coverage / report.name).write_text(report.read_text(encoding="utf-8"), encoding="utf-8")
        lines += text.splitlines(keepends=True)
    for extraction in extractions:
        name = extraction.document.id
        (version.extracted / f"{name}.nq").write_text("".join(extraction.lines), encoding="utf-8")
        (version.coverage / f"{name}.json").write_text(extraction.coverage.to_json(), encoding="utf-8")
        lines += extraction.lines
    progress("fusing")
    dataset = fuse(parse_line(line) for line in lines)
    dataset = sorted({*dataset, *linksets.quads(dataset)})
    progress(f"loading {len(dataset)} quads")
    own = sorted(foreign.folder(version).glob("*.nq")) if foreign.folder(version).is_dir() else []
    write_quads(version, itertools.chain((quad.line() for quad in dataset), *(_lines(p) for p in own)))
    summary = _summary(version, dataset)
    summary.notes = [note for extraction in extractions for note in _notes(extraction)]
    version.manifest.update(documents=summary.documents, counts=summary.counts)
    return summary


def _notes(extraction: Extraction) -> Iterator[str]:
    """What a person should look at: figures that were not understood, counts that are not what the source is known to hold."""
    name, odd = extraction.document.id, sum(c["not understood"] for c in extraction.coverage.counts().values())
    if odd:
        yield f"{name}: {odd} places were not understood; see them with: teemagraafi coverage {name}"
    source = sources.by_hash(extraction.document.sha256)
    if source is not None:
        for note in sources.unexpected(source, extraction.reading, extraction.document.sha256):
            yield f"{name}: {note}"


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines(keepends=True)


def _summary(version: Version, dataset: list[Quad]) -> Summary:
    kinds = {
        tg(k): k for k in ("Theme", "Project", "Implementer", "FinancialObservation", "Call", "Conflict", "Passage")
    }
    counts = dict.fromkeys(kinds.values(), 0)
    for quad in dataset:
        if not quad.g and quad.p == A and quad.o in kinds:
            counts[kinds[quad.o]] += 1
    reports = [json.loads(p.read_text(encoding="utf-8")) for p in sorted(version.coverage.glob("*.json"))]
    covered = (sum(r["covered"] for r in reports), sum(r["total"] for r in reports))
    return Summary([p.stem for p in sorted(version.extracted.glob("*.nq"))], counts, covered)
