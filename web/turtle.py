"""RDF written the same way every time: statements and prefixes in order, whatever order they come in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from web import formats
from web.worker import WRITERS


def write(triples: Iterable[ox.Triple], media: str, prefixes: Mapping[str, str] | None = None) -> bytes:
    """Triples in a format; the same triples give the same bytes."""
    ordered = sorted(set(triples), key=lambda t: (str(t.subject), str(t.predicate), str(t.object)))
    if media not in (formats.TURTLE, formats.TRIG) or not prefixes:
        return ox.serialize(ordered, format=WRITERS[media]) or b""
    body = ox.serialize(ordered, format=WRITERS[media], prefixes=dict(prefixes)) or b""
    lines = body.decode().splitlines(keepends=True)
    heads = sorted(line for line in lines if line.startswith("@prefix "))
    return "".join([*heads, *(line for line in lines if not line.startswith("@prefix "))]).encode()


def write_quads(quads: Iterable[ox.Quad], media: str) -> bytes:
    """Statements in the order given; a format without graphs gets the triples."""
    graphs = WRITERS[media].supports_datasets
    body: bytes | None = ox.serialize(quads if graphs else (q.triple for q in quads), format=WRITERS[media])
    return body or b""
