"""A report as sections of entries: what the table, the page and the test report show, whatever was checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from engine.report.finding import SEVERITIES, Finding
from engine.report.names import HIDDEN
from engine.words import Words, words


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

    words: Words
    title: str
    summary: str
    sections: tuple[Section, ...]
    empty: str
    passed: tuple[str, ...] = field(default=())
    """Names of the rules that found nothing."""
    contents: str = ""
    """What the sections are, where they are not documents."""


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings of each severity."""
    found = dict.fromkeys(SEVERITIES, 0)
    for finding in findings:
        found[finding.severity] = found.get(finding.severity, 0) + 1
    return found


def summary(findings: Sequence[Finding], language: str, known: int = 0) -> str:
    """The counts in one line; ``known`` is how many were left out as known before."""
    texts = words(language)
    line = texts.summary.format(total=len(findings), **counts(findings))
    return f"{line} ({texts.known.format(count=known)})" if known else line


def of_findings(
    findings: Sequence[Finding], language: str, titles: dict[str, str], rules: dict[str, str], known: int = 0
) -> Report:
    """Findings by document; ``titles`` are the documents' names, ``rules`` the names of all rules that were checked."""
    texts = words(language)
    sections = [
        Section(_title(document, titles, texts), tuple(_entry(finding, texts) for finding in group))
        for document, group in groupby(findings, key=lambda finding: finding.document)
    ]
    broken = {finding.shape for finding in findings}
    passed = tuple(name for rule, name in sorted(rules.items()) if rule not in broken)
    return Report(texts, texts.title, summary(findings, language, known), tuple(sections), texts.nothing, passed)


def place(page: int | None, first: int | None, last: int | None, texts: Words) -> str:
    """``s. 3, rivit 38–40``."""
    parts = [texts.page.format(page=page)] if page is not None else []
    if first is not None:
        form = texts.line if last in (None, first) else texts.lines
        parts.append(form.format(first=first, last=last))
    return ", ".join(parts)


def _title(document: str | None, titles: dict[str, str], texts: Words) -> str:
    if document is None:
        return texts.no_document
    name = titles.get(document)
    return f"{name} ({document})" if name and name != document else document


def _entry(finding: Finding, texts: Words) -> Entry:
    language = texts.language
    details = [(texts.value, finding.value_name[language])] if finding.value is not None else []
    details += [(texts.words_at, f"”{finding.words}”")] if finding.words not in (None, HIDDEN) else []
    return Entry(
        kind=finding.severity,
        mark=texts.severities.get(finding.severity, finding.severity),
        place=place(finding.page, finding.line_start, finding.line_end, texts),
        heading=finding.label[language],
        text=finding.message[language],
        rule=finding.name[language],
        details=tuple(details),
        failed=finding.severity != "Info",
    )
