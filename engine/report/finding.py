"""A finding: one result of validation as people need it, with names, messages in three languages and its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from engine.report.names import Names, spoken
from engine.report.place import Place, Places
from engine.words import LANGUAGES, words
from shacl.results import Result
from shacl.shapes import Shape, Shapes
from shacl.terms import SH, Term, name_of

SEVERITIES = ("Violation", "Warning", "Info")
NOWHERE = Place("")
KEY = ("severity", "shape", "focus", "path", "value")
"""The fields of a report that make a finding the same as an earlier one, whatever line it stands on now."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with which thing, where it stands and what to look at.

    ``label``, ``message``, ``name`` (the rule's) and ``value_name`` hold one text a language; ``value`` is an IRI or a
    literal's text, as the report shows it (an address of a person hides its owner). ``components`` are the SHACL
    constraints that failed with this value.
    """

    severity: str
    shape: str
    focus: str
    path: str | None
    value: str | None
    value_name: Mapping[str, str]
    label: Mapping[str, str]
    message: Mapping[str, str]
    name: Mapping[str, str]
    components: tuple[str, ...] = ()
    document: str | None = None
    page: int | None = None
    line_start: int | None = None
    line_end: int | None = None
    words: str | None = None
    result: Result | None = field(default=None, compare=False, repr=False)
    """The SHACL result it was made of."""
    secret: bool = field(default=False, compare=False)
    """Whether the value names or addresses a person and is not shown in full."""

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """The values of KEY."""
        return (self.severity, self.shape, self.focus, self.path or "", self.value or "")

    @property
    def order(self) -> tuple[str, int, int, tuple[str, ...]]:
        """By document, severity, line and rule; what stands in no document comes last."""
        rank = SEVERITIES.index(self.severity) if self.severity in SEVERITIES else len(SEVERITIES)
        return (self.document or "\uffff", rank, self.line_start or 0, self.key)


class Findings:
    """Makes findings of results."""

    def __init__(self, shapes: Shapes, names: Names, places: Places) -> None:
        """Keep what every finding needs."""
        self._shapes, self._names, self._places = shapes, names, places

    def of(self, results: Iterable[Result]) -> list[Finding]:
        """The findings of results, sorted; several components that fail on one value are one finding."""
        grouped: dict[tuple[object, ...], list[Result]] = {}
        for result in results:
            owner = self._shapes.owner(result.shape)
            shown = (
                str(result.focus),
                result.path,
                str(result.value),
                str(owner.node),
                result.severity,
                result.messages,
            )
            grouped.setdefault((*shown, tuple(sorted((k, str(v)) for k, v in result.rows.items()))), []).append(result)
        return sorted((self._finding(group) for group in grouped.values()), key=lambda finding: finding.order)

    def _finding(self, group: list[Result]) -> Finding:
        result = group[0]
        owner = self._shapes.owner(result.shape)
        predicates = _predicates(result)
        stated = [place for r in group if r.stated_in and (place := self._places.passage(r.stated_in))]
        place = min(stated, key=lambda place: place.order, default=None)
        place = place or self._places.of(result.focus, predicates, result.value) or NOWHERE
        value = None if result.value == result.focus else result.value
        shown = self._names.shown(value, result.focus) if value is not None else None
        return Finding(
            severity=result.severity.value.removeprefix(SH),
            shape=name_of(owner.node),
            focus=name_of(result.focus),
            path=_plain(result.path),
            value=shown,
            value_name=self._value_name(value, shown),
            label=self._names.of(result.focus),
            message={language: self._message(result, language) for language in LANGUAGES},
            name={language: _said(owner, "name", language) or name_of(owner.node) for language in LANGUAGES},
            components=tuple(dict.fromkeys(r.component.value for r in group)),
            document=place.document or None,
            page=place.page,
            line_start=place.first,
            line_end=place.last,
            words=self._names.place_words(place.words, place.private),
            result=result,
            secret=value is not None and shown != name_of(value),
        )

    def _value_name(self, value: Term | None, shown: str | None) -> Mapping[str, str]:
        if isinstance(value, NamedNode):
            return self._names.of(value)
        if isinstance(value, Literal) and shown == value.value:
            return {language: spoken(value, words(language)) for language in LANGUAGES}
        return dict.fromkeys(LANGUAGES, shown or "")

    def _message(self, result: Result, language: str) -> str:
        template = in_language(result.messages, language)
        template = template or _said(self._shapes.owner(result.shape), "message", language)
        template = template or self._unspoken(result, language)
        return self._names.fill(template, language, result.rows, result.focus)

    def _unspoken(self, result: Result, language: str) -> str:
        """What is said of a rule that has no message of its own: its name, what was checked, and of which property."""
        owner = self._shapes.owner(result.shape)
        rule = _said(owner, "name", language) or _local(name_of(owner.node))
        component = _local(result.component.value).removesuffix("ConstraintComponent")
        checked = ", ".join([*(_local(node.value) for node in _predicates(result)), component])
        return f"{words(language).unnamed} ({rule}: {checked})."


def _local(iri: str) -> str:
    return re.split(r"[#/]", iri)[-1]


def _predicates(result: Result) -> list[NamedNode]:
    """The properties a result is about, those nearest to the focus node first."""
    if result.path is None:
        return []
    if result.shape.path is not None and str(result.shape.path) == result.path:
        return list(result.shape.path.predicates)
    return [NamedNode(result.path[1:-1])]


def _plain(path: str | None) -> str | None:
    """A path that is one property without its angle brackets."""
    if path is not None and path.startswith("<") and path.count("<") == 1 and path.endswith(">"):
        return path[1:-1]
    return path


def _said(shape: Shape, name: str, language: str) -> str | None:
    return in_language(shape.about.get(name, ()), language)


def in_language(texts: Iterable[Term], language: str) -> str | None:
    """The text in that language, else in another: English before none."""
    literals = [text for text in texts if isinstance(text, Literal)]
    for wanted in (language, "en", None):
        for literal in sorted(literals, key=str):
            if literal.language == wanted:
                return literal.value
    return literals[0].value if literals else None
