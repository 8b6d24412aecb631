"""What a proposal over the invented reference tables gives."""

from __future__ import annotations

from pathlib import Path

from links.propose import Outcome, propose
from links.reference import Reference
from links.rule import Subject
from links.sets import read_sets
from links.sssom import LinkSet
from tests.link_reference import SUBJECTS


def run(reference: Reference, folder: Path, date: str = "2026-11-22") -> Outcome:
    outcome = propose(reference, folder, SUBJECTS, date)
    outcome.write(folder)
    return outcome


def run_with(reference: Reference, folder: Path, ours: list[Subject]) -> Outcome:
    return propose(reference, folder, ours, "2026-11-22")


def sets(folder: Path) -> dict[str, LinkSet]:
    return {links.name: links for links in read_sets(folder)}


def pairs(links: LinkSet, rejected: bool = False) -> set[tuple[str, str]]:
    chosen = links.rejected if rejected else links.accepted
    return {(link.subject.rpartition("/")[2], link.object.rpartition("/")[2]) for link in chosen}


def sets_after(reference: Reference, folder: Path) -> dict[str, LinkSet]:
    run(reference, folder)
    return sets(folder)
