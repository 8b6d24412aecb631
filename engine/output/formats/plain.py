"""Rows for machines: SPARQL 1.1 CSV, TSV and JSON. The engine's own writer is used as long as nobody has read its answer."""

from __future__ import annotations

import csv
import io
import json
from typing import BinaryIO

import pyoxigraph as ox

from engine.query.results import Result, Term, reading
from loaders.rdf.terms import XSD

_STRING = f"{XSD}string"
_SHORTHAND = {f"{XSD}integer", f"{XSD}decimal", f"{XSD}boolean"}
_FORMATS = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
}


def _engine(result: Result, name: str, out: BinaryIO) -> bool:
    """Let the engine write its own answer, if it still can."""
    if result.untouched and isinstance(result.given, (ox.QuerySolutions, ox.QueryBoolean)):
        with reading():
            result.given.serialize(out, format=_FORMATS[name])
        return True
    return False


def write_csv(result: Result, out: BinaryIO) -> None:
    """Comma-separated values by RFC 4180: plain text of every cell."""
    if not _engine(result, "csv", out):
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        writer.writerow(result.columns)
        writer.writerows([_lexical(term) for term in row] for row in result.terms)
        out.write(buffer.getvalue().encode())


def write_tsv(result: Result, out: BinaryIO) -> None:
    """Tab-separated RDF terms: nothing of a value's type or language is lost."""
    if not _engine(result, "tsv", out):
        lines = ["\t".join(f"?{c}" for c in result.columns)]
        lines += ["\t".join(map(_turtle, row)) for row in result.terms]
        out.write("".join(f"{line}\n" for line in lines).encode())


def write_json(result: Result, out: BinaryIO) -> None:
    """SPARQL 1.1 Query Results JSON."""
    if not _engine(result, "json", out):
        rows = [
            {c: _json(t) for c, t in zip(result.columns, row, strict=True) if t is not None} for row in result.terms
        ]
        document = {"head": {"vars": list(result.columns)}, "results": {"bindings": rows}}
        out.write(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())


def _lexical(term: Term) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, (ox.NamedNode, ox.Literal)) else str(term)


def _turtle(term: Term) -> str:
    if isinstance(term, ox.Literal) and term.datatype.value in _SHORTHAND:
        return term.value
    return "" if term is None else str(term).replace("\t", "\\t")


def _json(term: Term) -> object:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Triple):
        return {
            "type": "triple",
            "value": {"subject": _json(term.subject), "predicate": _json(term.predicate), "object": _json(term.object)},
        }
    assert isinstance(term, ox.Literal), "unbound cells are left out"
    found = {"type": "literal", "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
    elif term.datatype.value != _STRING:
        found["datatype"] = term.datatype.value
    return found
