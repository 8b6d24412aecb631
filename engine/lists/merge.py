"""Rows that say different things of one project: the newest list wins, the rest is listed as conflicts, as with documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from engine.fusion import money
from engine.fusion.conflict import OTHER_SCOPE
from engine.fusion.reference import single_valued
from engine.fusion.values import collect
from engine.fusion.view import resolve
from engine.lists.about import ListFacts
from loaders.rdf.row_concepts import Triple
from loaders.rdf.rows import Statement
from loaders.rdf.terms import LABEL, Quad, language
from loaders.tables.entry import Entry


class Row(NamedTuple):
    """One row of a project as quads: its passage, what is known of the passage, and what the row states."""

    entry: Entry
    graph: str
    about: list[Triple]
    statements: list[Statement]


def contradict(rows: Sequence[Row]) -> bool:
    """Whether rows give a property that has one value two, or a thing two names of one language."""
    single = single_valued()
    seen: dict[tuple[str, str, str], str] = {}
    for row in rows:
        for s, p, o, _ in row.statements:
            if p in single or p == LABEL:
                tag = language(o) if p == LABEL else ""
                if seen.setdefault((s, p, tag), o) != o:
                    return True
    # two lists may give amounts of different dates
    return len({row.entry.list_id for row in rows}) > 1


def merged(rows: Sequence[Row], lists: Sequence[ListFacts]) -> tuple[list[str], int]:
    """Lines of the current view of some rows, and how many conflicts they hold."""
    quads = [quad for facts in lists for quad in facts.quads()]
    for row in rows:
        quads += [Quad(s, p, o) for s, p, o in row.about]
        quads += [Quad(s, p, o, row.graph) for s, p, o, _ in row.statements]
    values = collect(quads)
    view, conflicts = resolve(values, single_valued())
    stated = money.read(values)
    gone, new = stated.triples(view)
    view = (view - gone | new).union(stated.cubes())
    # a list gives every amount in several scopes; that two of them are equal says nothing
    conflicts += [c for c in money.compare(stated) if c.kind != OTHER_SCOPE]
    whole = [*sorted(view), *(quad for conflict in conflicts for quad in conflict.quads())]
    return [quad.line() for quad in whole], len(conflicts)
