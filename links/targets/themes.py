"""Themes → EU data themes, YSO concepts and topics of avoindata.fi: what a vocabulary table offers, decided by a person.

A theme is a programme of its own, so no concept is the same thing: all that holds is relatedness, and only a person says it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from links.reference import Reference
from links.rule import Candidate, Proposal, Subject, Unlinked, alike
from links.sssom import PREFIXES, RELATED, LinkSet
from loaders.names import Registry

NAME, CONCEPTS, TOPICS = "themes", "theme-concepts", "theme-topics"
ANSWER, TOPIC_TABLE = "finto.json", "avoindata_topics.tsv"
"""Optional: answers of Finto's search of YSO (``uri``, ``prefLabel``), and the topics of avoindata.fi (``topic_uri``,
``label_fi``)."""


def propose(reference: Reference, ours: Sequence[Subject], decided: Mapping[str, LinkSet]) -> list[Proposal]:
    """Propose the entries most like a theme's name where a table of them is there; the data themes are a person's choice."""
    del ours, decided
    chosen = "a person's choice among the thirteen data themes"
    source = ("EU Publications Office, data themes", "2026-06", "CC BY 4.0")
    data_themes = _proposal(NAME, "Themes and the EU data themes they belong to", source, [], chosen)
    source = ("Finto, YSO concepts", _version(reference, ANSWER), "CC BY 4.0")
    entries = _concepts(reference)
    wanted = _wanted(ANSWER, "uri", "prefLabel")
    concepts = _proposal(CONCEPTS, "Themes and the YSO concepts they are about", source, entries, wanted)
    source = ("avoindata.fi, topics", _version(reference, TOPIC_TABLE), "not known")
    rows = reference.rows(TOPIC_TABLE, "topic_uri", "label_fi") if reference.has(TOPIC_TABLE) else []
    entries = [(row["topic_uri"], row["label_fi"]) for row in rows]
    topics = _proposal(
        TOPICS, "Themes and the topics of avoindata.fi", source, entries, _wanted(TOPIC_TABLE, "topic_uri", "label_fi")
    )
    return [data_themes, concepts, topics]


def _wanted(table: str, *columns: str) -> str:
    return f"a table {table} ({', '.join(columns)}) among the reference tables, then a person's decision"


def _concepts(reference: Reference) -> list[tuple[str, str]]:
    """(IRI, Finnish name) of the concepts that Finto's answers list."""
    records = reference.records(ANSWER, "results") if reference.has(ANSWER) else ()
    found = {str(row["uri"]): str(row["prefLabel"]) for row in records if row.get("uri") and row.get("prefLabel")}
    return list(found.items())


def _version(reference: Reference, table: str) -> str:
    return "as given" if reference.has(table) else "no table at hand"


def _proposal(
    name: str, title: str, source: tuple[str, str, str], entries: list[tuple[str, str]], wanted: str
) -> Proposal:
    candidates, unlinked = [], []
    for theme in Registry.load().themes.values():
        iri, label = f"{PREFIXES['theme']}{theme.key}", theme.labels.get("fi", theme.key)
        found = alike(label, entries)
        for rank, (score, (entry, called)) in enumerate(found, 1):
            candidates.append(
                Candidate(name, iri, label, rank, RELATED, entry, called, score, f"names alike {score:.2f}")
            )
        if not found:
            unlinked.append(Unlinked(name, iri, label, wanted))
    return Proposal(name, title, *source, (), tuple(candidates), tuple(unlinked))
