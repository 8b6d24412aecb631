"""Statements of invented passages, as quads: what fusion reads, without any loader."""

from __future__ import annotations

from decimal import Decimal

from engine.fusion.values import Citation, Values, collect
from loaders.rdf.terms import PASSAGE, A, Quad, code, date, decimal, integer, literal, tg, thing

THEME = thing("theme", "kaislikko")
EU, STATE = code("scope", "eu"), code("scope", "eu-state")


def passage(document: str, line: int) -> str:
    """The IRI term of the passage of a line of a document."""
    return f"<{PASSAGE}{document}/{line}>"


def source(document: str, line: int, dated: str = "") -> Citation:
    """What is known of such a passage."""
    return Citation(passage(document, line), thing("document", document), dated, line)


def said(document: str, line: int, *triples: tuple[str, str, str], dated: str = "") -> list[Quad]:
    """The quads of one line of a document; ``dated`` is the document's date, as coarse as it is."""
    node, graph = thing("document", document), passage(document, line)
    quads = [Quad(*triple, graph) for triple in triples]
    quads += [Quad(graph, tg("inDocument"), node), Quad(graph, tg("lineStart"), integer(line))]
    return [*quads, Quad(node, tg("referenceDate"), date(dated))] if dated else quads


def collected(*lines: list[Quad]) -> Values:
    """The values of some lines."""
    return collect([quad for line in lines for quad in line])


def amount(
    node: str, number: str, phase: str = "framework", *, about: str = THEME, precision: str = "1", scope: str = ""
) -> list[tuple[str, str, str]]:
    """The triples of a financial observation, without its date."""
    triples = [
        (node, A, tg("FinancialObservation")),
        (node, tg("about"), about),
        (node, tg("phase"), code("phase", phase)),
        (node, tg("amount"), decimal(Decimal(number))),
        (node, tg("precision"), decimal(Decimal(precision))),
    ]
    return [*triples, (node, tg("fundingScope"), scope)] if scope else triples


def named(node: str, kind: str, name: str, lang: str = "fi") -> list[tuple[str, str, str]]:
    """A thing's class and its label."""
    return [(node, A, tg(kind)), (node, "<http://www.w3.org/2000/01/rdf-schema#label>", literal(name, lang))]
