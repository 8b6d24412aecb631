"""Organisations of a graph that are one, brought under one IRI."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from links.resolution import Decisions, Mention, Part, join_parts, usable
from loaders.rdf.terms import DCT, ID, Quad, iri, lexical, tg

ORGANISATION = f"{ID}organisation/"


def same_organisations(quads: Iterable[Quad], decisions: Decisions | None = None) -> Mapping[str, str]:
    """Organisations (IRI terms) of a graph that are one by a business id of their own or by decision → the one to keep.

    Only what changes is listed. An organisation with several ids is left alone: its statements contradict each other.
    """
    told = decisions or Decisions()
    ids: dict[str, set[str]] = defaultdict(set)
    seen: set[str] = set()
    for quad in quads:
        if quad.s.startswith(f"<{ORGANISATION}"):
            seen.add(quad.s)
            if quad.p == tg("businessId"):
                ids[quad.s].add(lexical(quad.o))
    parts = []
    for node in sorted(seen):
        own = {n for n in ids.get(node, ()) if usable(Mention("", n), told)}
        parts.append(Part(lexical(node).removeprefix(ORGANISATION), [], own if len(own) == 1 else set()))
    kept = {part.key: group for group, members in join_parts(parts, told) for part in members}
    return {iri(ORGANISATION + one): iri(ORGANISATION + other) for one, other in sorted(kept.items()) if one != other}


def unified(quads: Iterable[Quad], decisions: Decisions | None = None) -> list[Quad]:
    """Rewrite organisations that are one to the IRI that is kept; the others point to it with dct:isReplacedBy."""
    known = list(quads)
    kept = same_organisations(known, decisions)
    if not kept:
        return known
    renamed = [Quad(kept.get(s, s), p, kept.get(o, o), g) for s, p, o, g in known]
    return renamed + [Quad(old, f"<{DCT}isReplacedBy>", new) for old, new in kept.items()]
