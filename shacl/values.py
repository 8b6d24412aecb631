"""Constraints on one value: its class, datatype, kind, range, length, pattern, language, and lists of allowed values.

Each gives an expression that is true where the value is right and never errors: SPARQL drops rows whose filter errors,
and a dropped row would be a violation passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store

from shacl.classes import Classes
from shacl.errors import NotCovered, ShapesError
from shacl.faults import some
from shacl.graph import ShapesGraph
from shacl.shapes import Shape
from shacl.terms import RDF, RDFS, SH, SUBCLASS_OF, TYPE, XSD, Term, name_of

NUMERIC = frozenset(XSD + name for name in ("integer", "decimal", "float", "double"))
CASTS = frozenset(
    XSD + name
    for name in (
        "boolean",
        "dateTime",
        "date",
        "time",
        "gYear",
        "gYearMonth",
        "gMonthDay",
        "gDay",
        "gMonth",
        "duration",
        "dayTimeDuration",
        "yearMonthDuration",
    )
)
"""Datatypes whose well-formedness the store's cast functions tell."""
UNCHECKED = frozenset({XSD + "string", XSD + "anyURI", RDF + "langString"})
"""Datatypes without ill-formed literals."""
KINDS = {"IRI": "isIRI", "BlankNode": "isBlank", "Literal": "isLiteral"}
COMPARISONS = {"minInclusive": ">=", "maxInclusive": "<=", "minExclusive": ">", "maxExclusive": "<"}


class Context(Protocol):
    """What a value test may ask: the shapes graph (for lists) and the class hierarchy of the data."""

    @property
    def graph(self) -> ShapesGraph: ...  # noqa: D102
    @property
    def classes(self) -> Classes: ...  # noqa: D102


Test = Callable[[Context, Shape, Term, str], str]


def constant(term: Term) -> str:
    """A term in a query; a blank node there would be a variable."""
    if isinstance(term, BlankNode):
        raise NotCovered(f"the blank node {term} as a constant")
    return str(term)


def of_class(context: Context, shape: Shape, kind: Term, var: str) -> str:
    """``sh:class``: an instance of the class or of a subclass."""
    assert isinstance(kind, NamedNode)
    classes = context.classes.of(kind)
    if classes is None:
        return f"EXISTS {{ {var} {TYPE}/{SUBCLASS_OF}* {kind} }}"
    return some([f"EXISTS {{ {var} {TYPE} {one} }}" for one in classes])


def of_datatype(context: Context, shape: Shape, datatype: Term, var: str) -> str:
    """``sh:datatype``: that datatype, and a lexical form that it has."""
    name, right = name_of(datatype), f"DATATYPE({var}) = {datatype}"
    if name in NUMERIC:
        return f"COALESCE({right} && isNumeric({var}), false)"
    if name in CASTS:
        return f"COALESCE({right} && isLiteral({datatype}(STR({var}))), false)"
    if name in UNCHECKED or not name.startswith((XSD, RDF, RDFS)):
        return f"COALESCE({right}, false)"
    raise NotCovered(f"{shape}: sh:datatype {name} (the store folds it into another datatype or cannot check it)")


def of_kind(context: Context, shape: Shape, kind: Term, var: str) -> str:
    """``sh:nodeKind``."""
    return some([f"{KINDS[name]}({var})" for name in name_of(kind).removeprefix(SH).split("Or")])


def in_range(operator: str) -> Test:
    """``sh:minInclusive`` and its kin: comparable, and on the right side."""

    def test(context: Context, shape: Shape, limit: Term, var: str) -> str:
        return f"COALESCE({var} {operator} {constant(limit)}, false)"

    return test


def of_length(operator: str) -> Test:
    """``sh:minLength``, ``sh:maxLength``: the length of an IRI or literal; a blank node has none."""

    def test(context: Context, shape: Shape, length: Term, var: str) -> str:
        if operator == ">=" and name_of(length).strip("0") == "":
            return "true"
        return f"COALESCE(STRLEN(STR({var})) {operator} {name_of(length)}, false)"

    return test


def of_pattern(context: Context, shape: Shape, pattern: Term, var: str) -> str:
    """``sh:pattern`` with ``sh:flags``; refused where the store's regular expressions cannot say it."""
    flags = "".join(name_of(value) for value in shape.values("flags"))
    arguments = f"{Literal(name_of(pattern))}, {Literal(flags)}"
    answer = Store().query(f'SELECT (REGEX("", {arguments}) AS ?ok) {{}}')
    assert isinstance(answer, QuerySolutions)
    if next(answer)["ok"] is None:
        try:
            re.compile(name_of(pattern))
        except re.error as error:
            raise ShapesError(f"{shape}: sh:pattern {pattern} is no regular expression: {error}") from error
        raise NotCovered(f"{shape}: sh:pattern {pattern} needs look-around or back references")
    return f"COALESCE(REGEX(STR({var}), {arguments}), false)"


def in_languages(context: Context, shape: Shape, head: Term, var: str) -> str:
    """``sh:languageIn``."""
    ranges = [Literal(name_of(item)) for item in context.graph.items(head)]
    return some([f"COALESCE(LANGMATCHES(LANG({var}), {one}), false)" for one in ranges])


def in_list(context: Context, shape: Shape, head: Term, var: str) -> str:
    """``sh:in``: the very term, not an equal value."""
    items = context.graph.items(head)
    if items and all(isinstance(item, NamedNode) for item in items):
        return f"isIRI({var}) && {var} IN ({', '.join(map(constant, items))})"
    return some([f"sameTerm({var}, {constant(item)})" for item in items])


TESTS: dict[str, Test] = {
    "class": of_class,
    "datatype": of_datatype,
    "nodeKind": of_kind,
    **{name: in_range(operator) for name, operator in COMPARISONS.items()},
    "minLength": of_length(">="),
    "maxLength": of_length("<="),
    "pattern": of_pattern,
    "languageIn": in_languages,
    "in": in_list,
}
