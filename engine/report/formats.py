"""A report in its formats: sections of entries as a table, a page or JUnit XML; findings as JSON and as SHACL Turtle."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from engine.report.findings import DOCUMENT, HIDDEN, KEY, SEVERITIES, Finding
from engine.words import LANGUAGES, render, text
from loaders.data import require_file
from loaders.errors import UserError
from loaders.rdf.terms import BASE, TG, local_name
from shacl.terms import RDF, SH, TYPE, XSD, sh


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to look at. ``kind`` is a stable id (a severity, a kind of conflict), ``mark`` the word for it."""

    kind: str
    mark: str
    place: str
    heading: str
    text: str
    rule: str = ""
    details: tuple[tuple[str, str], ...] = ()
    failed: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """The entries of one document, or of one kind."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report in one language."""

    language: str
    title: str
    summary: str
    sections: tuple[Section, ...]
    empty: str
    passed: tuple[str, ...] = ()
    """Names of the rules that found nothing."""
    notes: tuple[str, ...] = ()
    """What a reader must know of the run: who checked, what was passed over."""


SHOWN_NOTES = 10
"""How many notes of one kind are listed; the rest are counted."""


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings of each severity; ``other`` are those with severities of the shapes' own."""
    counted = dict.fromkeys((*SEVERITIES, "other"), 0)
    for finding in findings:
        counted[finding.severity if finding.severity in SEVERITIES else "other"] += 1
    return counted


def summary(findings: Sequence[Finding], language: str, known: int = 0) -> str:
    """The counts in one line; ``known`` is how many were left out as known before."""
    counted = counts(findings)
    line = text("report.summary", language, total=len(findings), **counted)
    extra = [text("report.others", language, count=counted["other"])] if counted["other"] else []
    extra += [text("report.known", language, count=known)] if known else []
    return f"{line} ({'; '.join(extra)})" if extra else line


def of_findings(
    findings: Sequence[Finding],
    language: str,
    titles: Mapping[str, str],
    rules: Mapping[str, str],
    known: int = 0,
    notes: Sequence[str] = (),
    every: bool = False,
) -> Report:
    """Findings by document, and notes by rule; ``titles`` are the documents' names, ``rules`` the names of all rules.

    Of notes of one rule the first SHOWN_NOTES are listed, all of them with ``every``.
    """
    serious = [finding for finding in findings if not finding.is_note]
    sections = [
        Section(_title(document, titles, language), tuple(_entries(group, language)))
        for document, group in groupby(serious, key=lambda finding: finding.document)
    ]
    remarks = [finding for finding in findings if finding.is_note]
    if remarks:
        entries: list[Entry] = []
        for _, group in groupby(remarks, key=lambda finding: finding.shape):
            entries += _noted(list(group), language, every)
        sections.append(Section(text("report.notes", language), tuple(entries)))
    broken = {finding.shape for finding in findings}
    passed = tuple(name for rule, name in sorted(rules.items()) if rule not in broken)
    line = summary(findings, language, known)
    title, empty = text("report.title", language), text("report.nothing", language)
    return Report(language, title, line, tuple(sections), empty, passed, notes=tuple(notes))


def _noted(group: list[Finding], language: str, every: bool) -> list[Entry]:
    """Notes of one rule: one entry for all of them where they are many."""
    if every or len(group) <= SHOWN_NOTES:
        return list(_entries(group, language))
    first = group[0]
    named = list(dict.fromkeys(finding.label[language] for finding in group[:SHOWN_NOTES]))
    return [
        Entry(
            kind=first.severity,
            mark=_mark(first.severity, language),
            place="",
            heading=f"{first.name[language]}: {len(group)}",
            text=first.message[language],
            rule=first.name[language],
            details=(
                (text("report.first", language), "; ".join(named)),
                (text("report.see_all", language), "teemagraafi validate --all"),
            ),
            failed=False,
        )
    ]


def _entries(findings: Iterable[Finding], language: str) -> Iterator[Entry]:
    """An entry a finding; constraints that fail on one value with one message are one entry."""

    def alike(finding: Finding) -> tuple[object, ...]:
        return (finding.severity, finding.shape, finding.focus, finding.path, finding.value, finding.message["en"])

    for _, group in groupby(findings, key=alike):
        yield _entry(list(group), language)


def _entry(group: Sequence[Finding], language: str) -> Entry:
    finding = group[0]
    constraints = dict.fromkeys(
        " ".join(filter(None, (f.component, f.expected))) for f in group if f.component != "sparql"
    )
    details = [(text("report.value", language), finding.value_name[language])] if finding.value is not None else []
    details += [(text("report.constraint", language), "; ".join(constraints))] if constraints else []
    if finding.words not in (None, HIDDEN):
        details.append((text("report.words_at", language), f"”{finding.words}”"))
    return Entry(
        kind=local_name(finding.severity),
        mark=_mark(finding.severity, language),
        place=place(finding.place.page, finding.place.lineStart, finding.place.lineEnd, language),
        heading=finding.label[language],
        text=finding.message[language],
        rule=finding.name[language],
        details=tuple(details),
        failed=not finding.is_note,
    )


def _mark(severity: str, language: str) -> str:
    """The word for a severity; one of the shapes' own as it is called there."""
    return text(f"severity.{severity}", language) if severity in SEVERITIES else local_name(severity)


def place(page: int | None, first: int | None, last: int | None, language: str) -> str:
    """``s. 3, rivit 38–40``."""
    parts = [text("report.page", language, page=page)] if page is not None else []
    if first is not None:
        form = "line" if last in (None, first) else "lines"
        parts.append(text(f"report.{form}", language, first=first, last=last))
    return ", ".join(parts)


def _title(document: str | None, titles: Mapping[str, str], language: str) -> str:
    if document is None:
        return text("report.no_document", language)
    name = titles.get(document)
    return f"{name} ({document})" if name and name != document else document


def table(report: Report) -> str:
    """The sections with their entries, each entry one line and what belongs to it below."""
    return render("report.txt", report.language, report=report)


def html(report: Report) -> str:
    """The page, in the report's language."""
    return render("report.html", report.language, report=report)


def junit(report: Report) -> str:
    """The XML; notes are cases that pass and speak, everything else is a failure."""
    passed = [Entry("passed", "", "", name, "", failed=False) for name in report.passed]
    return render("junit.xml", report.language, report=report, passed=passed)


class ReportError(UserError):
    """An earlier report that cannot be read."""


def record(finding: Finding, language: str) -> dict[str, Any]:
    """One finding as the JSON report has it."""
    return {
        "severity": finding.severity,
        "shape": finding.shape,
        "component": finding.component,
        "focus": finding.focus,
        "label": finding.label[language],
        "path": finding.path,
        "value": finding.value,
        "expected": finding.expected,
        "message": finding.message[language],
        "document": finding.document,
        "page": finding.place.page,
        "lineStart": finding.place.lineStart,
        "lineEnd": finding.place.lineEnd,
        "words": finding.words,
    }


def as_json(records: Iterable[Any]) -> str:
    """A list of records, one indented object each."""
    return json.dumps(list(records), ensure_ascii=False, indent=1) + "\n"


def earlier(path: Path) -> set[tuple[str, ...]]:
    """The keys of the findings in an earlier JSON report; ReportError for anything else."""
    require_file(path)
    try:
        records = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ReportError(f"{path}: no report to compare with: {error}") from error
    if not isinstance(records, list) or not all(isinstance(r, dict) and set(KEY) <= set(r) for r in records):
        raise ReportError(f"{path}: not a JSON report of this command: its records lack {', '.join(KEY)}")
    return {tuple(str(record[name] or "") for name in KEY) for record in records}


def turtle(findings: Sequence[Finding]) -> str:
    """The findings as a SHACL validation report; the same findings give the same bytes."""
    return write(_triples(findings), {"sh": SH, "tg": TG, "tgs": f"{BASE}shapes#", "xsd": XSD, "rdf": RDF})


def write(triples: Iterable[Triple], prefixes: dict[str, str]) -> str:
    """Triples as Turtle; the serializer gives the prefixes in no fixed order, so they are sorted."""
    written = serialize(triples, format=RdfFormat.TURTLE, prefixes=prefixes)
    assert written is not None
    lines = written.decode("utf-8").split("\n")
    return "\n".join([*sorted(lines[: len(prefixes)]), *lines[len(prefixes) :]])


def _triples(findings: Sequence[Finding]) -> Iterator[Triple]:
    report = BlankNode("report")
    conforms = Literal("false" if findings else "true", datatype=NamedNode(XSD + "boolean"))
    yield Triple(report, TYPE, sh("ValidationReport"))
    yield Triple(report, sh("conforms"), conforms)
    for number, finding in enumerate(findings, 1):
        node = BlankNode(f"result{number}")
        yield Triple(report, sh("result"), node)
        for triple in finding.result.triples(node, f"path{number}"):
            if not (finding.secret and triple.predicate == sh("value")):
                yield triple
        for language in LANGUAGES:
            yield Triple(node, sh("resultMessage"), Literal(finding.message[language], language=language))
        yield from _place(node, finding)


def _place(node: BlankNode, finding: Finding) -> Iterator[Triple]:
    place = finding.place
    if place.document:
        yield Triple(node, NamedNode(TG + "inDocument"), NamedNode(DOCUMENT + place.document))
    for name, number in (("page", place.page), ("lineStart", place.lineStart), ("lineEnd", place.lineEnd)):
        if number is not None:
            yield Triple(node, NamedNode(TG + name), Literal(number))
    if finding.words:
        yield Triple(node, NamedNode(TG + "verbatim"), Literal(finding.words))
