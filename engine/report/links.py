"""The link sets of a graph in figures, and the organisations that no register identifies."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from engine.store import Queried, records, select, sparql
from loaders.rdf.terms import ID

IDENTIFYING = ("business-ids", "ror", "fairdata", "areas", "seats")
"""Sets that give an organisation a place in another register."""


@dataclass(frozen=True, slots=True)
class SetLine:
    """One link set: where its links lead, under what licence, and how far it got."""

    name: str
    title: str
    source: str = ""
    version: str = ""
    source_licence: str = ""
    licence: str = ""
    accepted: int = 0
    by_person: int = 0
    rejected: int = 0
    candidates: int = 0
    unlinked: int = 0
    wanted: str = ""
    """What would link the rest; empty where nothing is left."""


@dataclass(frozen=True, slots=True)
class UnlinkedOrganisation:
    """An organisation that no register identifies, and what would link it."""

    organisation: str
    label: str
    wanted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkReport:
    """All link sets of a graph, how many of its organisations are linked, and which are not."""

    sets: tuple[SetLine, ...]
    organisations: int
    linked: int
    open: tuple[UnlinkedOrganisation, ...]


def report(store: Queried) -> LinkReport:
    """The report of a graph."""
    queries = sparql("links")
    sets = tuple(records(store, queries["sets"], SetLine))
    missing = tuple(dict.fromkeys(line.wanted for line in sets if line.name in IDENTIFYING and line.wanted))
    linked = {row["organisation"].value for row in select(store, queries["linked"])}
    known: dict[str, str] = defaultdict(str)
    for row in select(store, queries["organisations"]):
        if row["organisation"].value.startswith(f"{ID}organisation/"):
            known[row["organisation"].value] = row["label"].value
    left = tuple(UnlinkedOrganisation(iri, label, missing) for iri, label in known.items() if iri not in linked)
    return LinkReport(sets, len(known), len(known) - len(left), left)
