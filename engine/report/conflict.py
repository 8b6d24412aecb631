"""Conflicts as a report: by kind, each with its alternatives and their places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from pyoxigraph import NamedNode, Store

from engine.conflicts import Alternative, ConflictRow
from engine.report.findings import Names
from engine.report.formats import Entry, Report, Section, place
from engine.words import day, number, text
from loaders.rdf.terms import CODE, ID, TG


def of_conflicts(rows: Sequence[ConflictRow], store: Store, language: str) -> Report:
    """The rows (sorted by kind) as sections."""
    names = _Values(store, language)
    sections = tuple(
        Section(names.code("conflict-kind", kind), tuple(_entry(row, names) for row in group))
        for kind, group in groupby(rows, key=lambda row: row.kind)
    )
    summary = text("report.conflicts_summary", language, total=len(rows))
    title, empty = (text(f"report.{key}", language) for key in ("conflicts_title", "no_conflicts"))
    return Report(language, title, summary, sections, empty)


class _Values:
    """Names for what a row holds as text: things and codes by their short IRIs, amounts by their numbers."""

    def __init__(self, store: Store, language: str) -> None:
        self._store, self._names, self.language = store, Names(store), language

    def code(self, scheme: str, notation: str) -> str:
        return self._label(NamedNode(f"{CODE}{scheme}/{notation}"))

    def property(self, stated: str) -> str:
        """``amount (framework)`` in words."""
        match = re.fullmatch(r"(\w+)(?: \(([^)]+)\))?", stated)
        if match is None:
            return stated
        named = text("report.named", self.language) if match[1] == "label" else self._label(NamedNode(TG + match[1]))
        if match[2] is None:
            return named
        scheme = "measure" if match[1] == "value" else "phase"
        return f"{named} ({self.code(scheme, match[2])})"

    def value(self, stated: str, property_: str) -> str:
        """A value in words; only what is counted or paid is a number, a code such as 4.3 or 205677 is none."""
        if re.match(r"(?:amount|value)\b", property_):
            return number(stated, self.language)
        for base in (ID, CODE):
            node = _node(base + stated)
            if node is not None and next(self._store.quads_for_pattern(node, None, None, None), None) is not None:
                return self._label(node)
        return day(stated, self.language)

    def _label(self, node: NamedNode) -> str:
        return self._names.of(node)[self.language]


def _entry(row: ConflictRow, names: _Values) -> Entry:
    chosen = ""
    if row.chosen is not None:
        chosen = f"{text('report.chosen', names.language)}: {names.value(row.chosen, row.property)}"
    return Entry(
        kind=row.kind,
        mark="",
        place="",
        heading=f"{row.label}: {names.property(row.property)}",
        text=chosen,
        rule=names.code("conflict-kind", row.kind),
        details=tuple((names.value(a.value, row.property), _where(a, names.language)) for a in row.alternatives),
    )


def _where(alternative: Alternative, language: str) -> str:
    """The passages as text; a passage contained in another at the same lines is left out."""
    places = [
        (f"{p.document}, {place(p.page, p.lineStart, p.lineEnd, language)}", p.words) for p in alternative.passages
    ]
    shown = [
        f"{where}: ”{stated}”"
        for where, stated in places
        if not any(where == other and stated != longer and stated in longer for other, longer in places)
    ]
    return "; ".join(shown) or "–"


def _node(iri: str) -> NamedNode | None:
    try:
        return NamedNode(iri)
    except ValueError:
        return None
