"""Organisations → their successors: the ELY Centres' reform with its day, mergers ROR records, municipalities that ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from links.reference import Reference
from links.rule import Proposal, Subject, Unlinked
from links.sssom import BY_CODE, CHAINED, SUCCESSOR, Link, LinkSet
from links.targets import areas, ror
from links.targets.common import link
from loaders.names import keys as name_key

NAME = "succession"
TABLE = "ely2025_to_evk2026_by_municipality.csv"
REFORM = "2026-01-01"
"""The day the ELY Centres' tasks moved: the first day of the municipality key in which the new bodies stand."""


def propose(reference: Reference, ours: Sequence[Subject], decided: Mapping[str, LinkSet]) -> list[Proposal]:
    """Propose who followed whom."""
    del decided
    links = [*_reform(reference, ours), *_recorded(reference, ours)]
    title = "Organisations and their successors"
    source = (
        "Statistics Finland, municipality keys of 2025 and 2026; ROR relationships",
        ror.VERSION,
        "CC BY 4.0; CC0",
    )
    return [Proposal(NAME, title, *source, tuple(links), (), tuple(_ended(reference)))]


def _reform(reference: Reference, ours: Sequence[Subject]) -> Iterator[Link]:
    bodies = {key: subject for subject in ours for key in subject.keys}
    columns = ("ely_name_fi", "evk_name_fi", "n_municipalities")
    for row in reference.rows(TABLE, *columns):
        old, new = bodies.get(name_key.key(row["ely_name_fi"])), bodies.get(name_key.key(row["evk_name_fi"]))
        if old and new and old.kind == "ely-centre":
            facts = [("from", REFORM), ("begins", REFORM), ("municipalities", row["n_municipalities"])]
            yield link((old.iri, old.label), SUCCESSOR, (new.iri, new.label), BY_CODE, other=facts)


def _recorded(reference: Reference, ours: Sequence[Subject]) -> Iterator[Link]:
    """Successors that ROR states between two records, each of which bears the name of one of ours."""
    names: dict[str, list[Subject]] = {}
    for subject in ours:
        for key in subject.keys:
            names.setdefault(key, []).append(subject)
    records = list(ror.read(reference).values())
    known = {record["id"]: _ours(record, names) for record in records}
    for record in records:
        for relation in record.get("relationships", ()):
            if relation["type"].casefold() == "successor":
                old, new = known[record["id"]], known.get(relation["id"])
                if old and new and old.iri != new.iri:
                    comment = (
                        f"{record['id'].rpartition('/')[2]} names {relation['id'].rpartition('/')[2]} its successor"
                    )
                    ends = (old.iri, old.label), SUCCESSOR, (new.iri, new.label)
                    yield link(*ends, CHAINED, confidence="0.95", comment=comment)


def _ours(record: dict[str, Any], names: dict[str, list[Subject]]) -> Subject | None:
    found = {s.iri: s for name in ror.names(record) for s in names.get(name_key.key(name), ())}
    return next(iter(found.values())) if len(found) == 1 else None


def _ended(reference: Reference) -> Iterator[Unlinked]:
    """Municipalities that the newest key no longer has: their successor stands in no table here."""
    key = areas.read(reference)
    for number, area in key.municipalities.items():
        if key.last_year[number] < key.newest:
            yield Unlinked(NAME, area.iri, area.fi, f"a table of mergers (last in the key of {key.last_year[number]})")
