"""Themes → YSO concepts and EU data themes: what a vocabulary table offers, decided by a person.

A theme is a programme of its own, so no concept is the same thing: all that holds is relatedness, and only a person says it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.sssom import LinkSet
from links.proposal import Candidate, Proposal, Subject, Unlinked
from links.reference import Reference
from links.rule import alike
from links.vocabulary import PREFIXES, RELATED
from loaders.names import Registry

NAME = "themes"
TABLE = "yso_concepts.tsv"
"""Optional: the two columns ``yso_uri`` and ``label_fi`` of YSO's concepts (Finto publishes them)."""
WANTED = f"a table {TABLE} (yso_uri, label_fi) among the reference tables, then a person's decision"


def propose(reference: Reference, ours: Sequence[Subject], decided: Mapping[str, LinkSet]) -> list[Proposal]:
    """Propose the concepts most like a theme's name where a table of concepts is there."""
    del ours, decided
    concepts = [(row["yso_uri"], row["label_fi"]) for row in _rows(reference)]
    candidates, unlinked = [], []
    for entry in Registry.load().themes.values():
        iri, label = f"{PREFIXES['theme']}{entry.key}", entry.labels.get("fi", entry.key)
        found = alike(label, concepts)
        for rank, (score, (concept, name)) in enumerate(found, 1):
            candidates.append(
                Candidate(NAME, iri, label, rank, RELATED, concept, name, score, f"names alike {score:.2f}")
            )
        if not found:
            unlinked.append(Unlinked(NAME, iri, label, WANTED))
    source = ("EU Publications Office, data themes; Finto YSO", "2026-06", "CC BY 4.0")
    return [Proposal(NAME, "Themes and the concepts they are about", *source, (), tuple(candidates), tuple(unlinked))]


def _rows(reference: Reference) -> list[dict[str, str]]:
    return reference.rows(TABLE, "yso_uri", "label_fi") if reference.has(TABLE) else []
