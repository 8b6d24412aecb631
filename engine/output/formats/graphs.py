"""Triples of a CONSTRUCT or DESCRIBE: Turtle with readable prefixes, N-Triples, JSON-LD."""

from __future__ import annotations

import re
from typing import BinaryIO

import pyoxigraph as ox

from engine.query.backends import PREFIXES
from engine.query.results import Result
from loaders.rdf.terms import CODE, ID

_FORMATS = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD}


def write_graph(result: Result, out: BinaryIO, name: str) -> None:
    """The triples, sorted, so that equal answers are equal files; the query's own prefixes are used."""
    own = re.findall(r"(?im)^\s*PREFIX\s+([\w-]+):\s*<([^>]+)>", result.query.text)
    triples = sorted(result.triples, key=str)
    iris = {str(t)[1:] for triple in triples for t in (triple.subject, triple.predicate, triple.object)}
    known = {p: n for p, n in {**PREFIXES, **dict(own)}.items() if n not in (CODE, ID)}  # keys below them hold slashes
    used = {p: n for p, n in known.items() if any(i.startswith(n) for i in iris)}
    prefixes = {} if name == "nt" else used
    ox.serialize(triples, out, format=_FORMATS[name], prefixes=prefixes)
