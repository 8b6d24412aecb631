"""What documents disagree on: each conflict of the current view with its alternatives and their places, and a report of them."""

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

import pyoxigraph as ox

from engine.fusion.conflict import KINDS
from engine.report.findings import Names
from engine.report.formats import Entry, Report, Section, place
from engine.store import Place, distinct, place_of, records, select, sparql
from engine.words import day, number, text
from loaders.errors import UserError
from loaders.rdf.terms import CODE, ID, TG


@dataclass(slots=True)
class Alternative:
    """One value and the passages that state it."""

    value: str
    passages: list[Place] = field(default_factory=list)


@dataclass(slots=True)
class ConflictRow:
    """One conflict: its IRI and kind, what it is about (IRI and label), the property, the value shown, every alternative.

    The property says which of several observations: ``amount (framework)``.
    """

    conflict: str
    kind: str
    about: str
    label: str
    property: str
    chosen: str | None = None
    alternatives: list[Alternative] = field(default_factory=list)


def conflicts(store: ox.Store, kind: str | None = None) -> list[ConflictRow]:
    """Every conflict (of one kind), sorted by kind, label and property; raises UsageError for a kind that does not exist."""
    if kind is not None and kind not in KINDS:
        raise UserError(f"no kind of conflict is called {kind!r}: one of {', '.join(KINDS)}")
    rows = {
        row.conflict: row
        for row in records(store, sparql("conflicts")["rows"], ConflictRow)
        if kind in (None, row.kind)
    }
    alternatives: dict[tuple[str, int], Alternative] = {}
    for row in select(store, sparql("conflicts")["alternatives"]):
        key = row["conflict"].value, int(row["number"].value.rpartition("/")[2])
        alternative = alternatives.setdefault(key, Alternative(row["value"].value))
        if row["passage"] is not None and (stated := place_of(store, row["passage"])):
            alternative.passages.append(stated)
    for (conflict, _), alternative in sorted(alternatives.items(), key=lambda item: item[0]):
        alternative.passages.sort(key=lambda one: one.order)
        if conflict in rows:
            rows[conflict].alternatives.append(alternative)
    return sorted(rows.values(), key=lambda r: (KINDS.index(r.kind), r.label, r.property, r.about, str(r.chosen)))


def of_conflicts(rows: Sequence[ConflictRow], store: ox.Store, language: str) -> Report:
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

    def __init__(self, store: ox.Store, language: str) -> None:
        self._store, self._names, self.language = store, Names(store), language

    def code(self, scheme: str, notation: str) -> str:
        return self._label(ox.NamedNode(f"{CODE}{scheme}/{notation}"))

    def property(self, stated: str) -> str:
        """``amount (framework)`` in words."""
        match = re.fullmatch(r"(\w+)(?: \(([^)]+)\))?", stated)
        if match is None:
            return stated
        named = text("report.named", self.language) if match[1] == "label" else self._label(ox.NamedNode(TG + match[1]))
        if match[2] is None:
            return named
        scheme = "measure" if match[1] == "value" else "phase"
        return f"{named} ({self.code(scheme, match[2])})"

    def value(self, stated: str, property_: str) -> str:
        """A value in words; only what is counted or paid is a number, a code such as 4.3 or 205677 is none."""
        if re.match(r"(?:amount|value)\b", property_):
            return number(stated, self.language)
        for base in (ID, CODE):
            with contextlib.suppress(ValueError):  # no IRI
                node = ox.NamedNode(base + stated)
                if next(self._store.quads_for_pattern(node, None, None, None), None) is not None:
                    return self._label(node)
        return day(stated, self.language)

    def _label(self, node: ox.NamedNode) -> str:
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
    """The passages as text."""
    places = distinct(alternative.passages)
    shown = [f"{p.document}, {place(p.page, p.lineStart, p.lineEnd, language)}: ”{p.words}”" for p in places]
    return "; ".join(shown) or "–"
