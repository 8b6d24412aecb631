"""Documents to a store: read each, write its quads, fuse all, load, swap in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from engine.fusion import fuse
from engine.store import Version, current, replacing, write_quads
from loaders import coverage, rdf, sources
from loaders import read as read_document
from loaders.document import Document
from loaders.errors import SourceError
from loaders.records import Reading
from loaders.terms import A, Quad, tg

Progress = Callable[[str], None]


@dataclass(slots=True)
class Summary:
    """What a build read: documents, things in the current view, share of figures covered, what failed."""

    documents: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    covered: tuple[int, int] = (0, 0)
    failures: list[SourceError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Extraction:
    """One document read: its quads and its coverage report."""

    document: Document
    reading: Reading
    lines: list[str]
    coverage: coverage.Coverage


def extract(path: Path, identifier: str | None = None) -> Extraction:
    """Read one file; raises SourceError if it is no document of a known layout."""
    document, reading, facts = read_document(path, identifier)
    quads = rdf.quads(document, reading, facts)
    lines = sorted({quad.line() for quad in quads})
    return Extraction(document, reading, lines, coverage.coverage(document, reading))


def extract_all(files: Iterable[sources.Given], progress: Progress) -> tuple[list[Extraction], list[SourceError]]:
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


def build(store: Path, files: Iterable[sources.Given], progress: Progress, lenient: bool = False) -> Summary:
    """Make a fresh store of some files. Unless ``lenient``, a file that cannot be read fails the build."""
    extractions, failures = extract_all(files, progress)
    _refuse(extractions, failures, lenient)
    with replacing(store) as version:
        summary = _write(version, extractions, {}, progress)
    summary.failures = failures
    return summary


def load(store: Path, files: Iterable[sources.Given], progress: Progress) -> Summary:
    """Add or replace documents: everything is fused anew, so the result is that of one build of all of them."""
    old = current(store)
    extractions, failures = extract_all(files, progress)
    _refuse(extractions, failures, lenient=False)
    replaced = {e.document.id for e in extractions}
    kept = {p.stem: p for p in sorted(old.extracted.glob("*.nq")) if p.stem not in replaced}
    with replacing(store) as version:
        return _write(version, extractions, kept, progress)


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
    progress(f"loading {len(dataset)} quads")
    write_quads(version, (quad.line() for quad in dataset))
    summary = _summary(version, dataset)
    version.manifest.update(documents=summary.documents, counts=summary.counts)
    return summary


def parse_line(line: str) -> Quad:
    """One N-Quads line of our own writing back to its terms."""
    subject, predicate, rest = line.rstrip("\n").removesuffix(" .").split(" ", 2)
    if rest.endswith(">") and " <" in rest:
        value, graph = rest.rsplit(" ", 1)
        if value.startswith("<") and value.endswith(">") or value.startswith('"') and not _open(value):
            return Quad(subject, predicate, value, graph)
    return Quad(subject, predicate, rest)


def _open(value: str) -> bool:
    """Whether a literal's text goes on: its last quote is not a closing one."""
    end = value.rfind('"')
    tail = value[end + 1 :]
    return end == 0 or not (tail == "" or tail[0] in "@^")


def _summary(version: Version, dataset: list[Quad]) -> Summary:
    kinds = {tg(k): k for k in ("Theme", "Project", "Implementer", "FinancialObservation", "Call", "Conflict", "Passage")}
    counts = dict.fromkeys(kinds.values(), 0)
    for quad in dataset:
        if not quad.g and quad.p == A and quad.o in kinds:
            counts[kinds[quad.o]] += 1
    reports = [json.loads(p.read_text(encoding="utf-8")) for p in sorted(version.coverage.glob("*.json"))]
    covered = (sum(r["covered"] for r in reports), sum(r["total"] for r in reports))
    return Summary([p.stem for p in sorted(version.extracted.glob("*.nq"))], counts, covered)
