"""The link sets in figures, and the organisations that nothing links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from links.proposal import Subject, Unlinked
from links.sssom import LinkSet

IDENTIFYING = frozenset({"areas", "business-ids", "fairdata", "ror", "seats"})
"""Sets that give an organisation a place in another register."""


@dataclass(frozen=True, slots=True)
class Line:
    """One set in figures."""

    name: str
    title: str
    version: str
    accepted: int
    by_person: int
    rejected: int
    candidates: int
    unlinked: int


def lines(sets: Iterable[LinkSet]) -> list[Line]:
    """The figures of each set, by name."""
    return [
        Line(
            links.name,
            links.metadata.get("mapping_set_title", links.name),
            links.metadata.get("object_source_version", ""),
            len(links.accepted),
            sum(bool(link.reviewer) for link in links.accepted),
            len(links.rejected),
            links.number("candidates"),
            links.number("unlinked"),
        )
        for links in sorted(sets, key=lambda links: links.name)
    ]


def linked(sets: Iterable[LinkSet], by_person: bool = True) -> set[str]:
    """Organisations that some register identifies; without ``by_person`` only by what the rule accepted."""
    return {
        link.subject
        for links in sets
        if links.name in IDENTIFYING
        for link in links.accepted
        if by_person or not link.reviewer
    }


def nowhere(
    ours: Sequence[Subject], sets: Iterable[LinkSet], unlinked: Iterable[Unlinked]
) -> list[tuple[Subject, list[str]]]:
    """Organisations that no register identifies, each with what would link it."""
    known = linked(sets)
    wanted: dict[str, list[str]] = {}
    for entry in unlinked:
        if entry.set in IDENTIFYING and entry.wanted not in wanted.setdefault(entry.subject, []):
            wanted[entry.subject].append(entry.wanted)
    return [(subject, wanted.get(subject.iri, [])) for subject in ours if subject.iri not in known]
