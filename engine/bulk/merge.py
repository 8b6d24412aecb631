"""Rows that say different things of one project: the newest list wins, the rest is listed as conflicts, as with documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from engine.bulk.lists import ListFacts
from engine.fusion import figures
from engine.fusion.conflict import Conflict
from engine.fusion.reference import functional
from engine.fusion.values import collect
from engine.fusion.view import resolve
from loaders.rdf.rows import Placed, RowScribe, Statement
from loaders.terms import LABEL, Quad, language, tg

_LATEST = tg("latest")


def merged(
    scribes: Sequence[RowScribe], placed: Sequence[Placed], facts: Sequence[ListFacts], provenance: str
) -> tuple[list[str], dict[str, int]] | None:
    """Lines of rows that contradict one another, and what they count; None where they agree and may be written as they are."""
    stated = [scribe.statements(one) for scribe, one in zip(scribes, placed, strict=True)]
    several_lists = len({one.entry.list_id for one in placed}) > 1
    if not several_lists and _agree(stated):
        return None
    quads: list[Quad] = [quad for fact in {f.id: f for f in facts}.values() for quad in fact.quads()]
    shown: list[str] = []
    for scribe, one, statements in zip(scribes, placed, stated, strict=True):
        graph, about = scribe.passage(one.entry)
        quads += [Quad(s, p, o) for s, p, o in about]
        quads += [Quad(s, p, o, graph) for s, p, o, _ in statements if p != _LATEST]
        shown += [f"{s} {p} {o} .\n" for s, p, o in about]
        shown += [
            f"{s} {p} {o} {graph} .\n" for s, p, o, cell in statements if provenance == "full" or (cell and provenance == "cells")
        ]
    view, conflicts = view_of(quads)
    amounts = sum(len(one.entry.money) for one in placed)
    counts = {"Passage": len(placed), "FinancialObservation": amounts, "Conflict": len(conflicts)}
    return [*(quad.line() for quad in view), *shown], counts


def _agree(stated: Sequence[Sequence[Statement]]) -> bool:
    """Whether no property that has one value gets two, nor a thing two names of one language."""
    single = functional()
    seen: dict[tuple[str, str, str], str] = {}
    for statements in stated:
        for s, p, o, _ in statements:
            if p in single or p == LABEL:
                tag = language(o) if p == LABEL else ""
                if seen.setdefault((s, p, tag), o) != o:
                    return False
    return True


def view_of(quads: list[Quad]) -> tuple[list[Quad], list[Conflict]]:
    """The current view of some passages, their newest amounts marked, and the conflicts among them."""
    values = collect(quads)
    view: list[Quad] = []
    conflicts: list[Conflict] = []
    for item in resolve(values, functional()):
        if isinstance(item, Conflict):
            conflicts.append(item)
        else:
            view.append(item)
    observations = figures.observations(values)
    view += figures.latest(observations)
    found: dict[object, Conflict] = {}
    for conflict in [*conflicts, *figures.compare(observations)]:
        found.setdefault((conflict.about, conflict.on_property, conflict.kind, conflict.alternatives), conflict)
    for conflict in found.values():
        view += conflict.quads()
    return view, list(found.values())


def by_passage(quads: Sequence[Quad]) -> dict[str, list[Quad]]:
    """Quads by the graph they stand in."""
    graphs: dict[str, list[Quad]] = defaultdict(list)
    for quad in quads:
        graphs[quad.g].append(quad)
    return graphs
