"""Findings as a SHACL validation report in Turtle, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from engine.report.finding import Finding
from engine.report.place import DOCUMENT
from engine.words import LANGUAGES
from loaders.rdf.terms import BASE, TG
from shacl.path import Path
from shacl.terms import FIRST, NIL, RDF, REST, SH, TYPE, XSD, Node, Term, sh

_REPEATS = {"*": "zeroOrMorePath", "+": "oneOrMorePath", "?": "zeroOrOnePath"}


def turtle(findings: Sequence[Finding]) -> str:
    """The report; the same findings give the same bytes."""
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
    number = 0
    for finding in findings:
        for component in finding.components:
            number += 1
            node = BlankNode(f"result{number}")
            yield Triple(report, sh("result"), node)
            yield from _result(node, finding, NamedNode(component), f"path{number}")


def _result(node: BlankNode, finding: Finding, component: NamedNode, name: str) -> Iterator[Triple]:
    result = finding.result
    assert result is not None
    yield Triple(node, TYPE, sh("ValidationResult"))
    yield Triple(node, sh("resultSeverity"), result.severity)
    yield Triple(node, sh("sourceConstraintComponent"), component)
    yield Triple(node, sh("sourceShape"), NamedNode(finding.shape) if ":" in finding.shape else BlankNode(name))
    yield Triple(node, sh("focusNode"), result.focus)
    if result.value is not None and not finding.secret:
        yield Triple(node, sh("value"), result.value)
    for language in LANGUAGES:
        yield Triple(node, sh("resultMessage"), Literal(finding.message[language], language=language))
    if result.path is not None:
        own = result.shape.path if result.shape.path is not None and str(result.shape.path) == result.path else None
        path = own or Path("", predicate=NamedNode(result.path[1:-1]))
        top, more = _path(path, name)
        yield Triple(node, sh("resultPath"), top)
        yield from more
    yield from _place(node, finding)


def _place(node: BlankNode, finding: Finding) -> Iterator[Triple]:
    if finding.document:
        yield Triple(node, NamedNode(TG + "inDocument"), NamedNode(DOCUMENT + finding.document))
    numbers = (("page", finding.page), ("lineStart", finding.line_start), ("lineEnd", finding.line_end))
    for name, number in numbers:
        if number is not None:
            yield Triple(node, NamedNode(TG + name), Literal(number))
    if finding.words:
        yield Triple(node, NamedNode(TG + "verbatim"), Literal(finding.words))


def _path(path: Path, name: str) -> tuple[Node, list[Triple]]:
    """The node of a path, and the triples that describe it."""
    if path.predicate is not None:
        return path.predicate, []
    node = BlankNode(name)
    if path.operator in "/|":
        head, more = _list(path.parts, name)
        return (head, more) if path.operator == "/" else (node, [Triple(node, sh("alternativePath"), head), *more])
    inner, more = _path(path.parts[0], f"{name}x")
    return node, [Triple(node, sh(_REPEATS.get(path.operator, "inversePath")), inner), *more]


def _list(parts: tuple[Path, ...], name: str) -> tuple[Node, list[Triple]]:
    triples: list[Triple] = []
    following: Term = NIL
    for number, part in reversed(list(enumerate(parts))):
        inner, more = _path(part, f"{name}p{number}")
        cell = BlankNode(f"{name}c{number}")
        triples = [Triple(cell, FIRST, inner), Triple(cell, REST, following), *more, *triples]
        following = cell
    assert isinstance(following, BlankNode)
    return following, triples
