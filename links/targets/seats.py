"""Organisations → the municipality of their seat: a municipality's own, else the town of the ROR record the rule links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.sssom import LinkSet
from links.proposal import Proposal, Subject, Unlinked
from links.reference import Reference
from links.targets import areas, ror
from links.targets.common import link
from links.vocabulary import AREA, CHAINED, LEXICAL, SEAT
from loaders import name_key

NAME = "seats"


def propose(reference: Reference, ours: Sequence[Subject], decided: Mapping[str, LinkSet]) -> list[Proposal]:
    """Propose the seats."""
    key = areas.read(reference)
    towns = {name_key.fold(name): area for area in key.municipalities.values() for name in (area.fi, area.sv, area.en)}
    own = {row.subject: row for row in areas.propose(reference, ours, decided)[0].links if row.predicate == AREA}
    records = ror.read(reference)
    linked = ror.linked(ror.propose(reference, ours, decided)[0], decided)
    links, unlinked = [], []
    for subject in ours:
        ends = (subject.iri, subject.label), SEAT
        if subject.kind == "municipality" and subject.iri in own:
            area = own[subject.iri]
            links.append(link(*ends, (area.object, area.object_label), LEXICAL, match=area.match))
        elif (
            town := towns.get(name_key.fold(ror.place(records[linked[subject.iri]]))) if subject.iri in linked else None
        ):
            comment = f"town of {linked[subject.iri].rpartition('/')[2]}"
            links.append(link(*ends, (town.iri, town.fi), CHAINED, confidence="0.95", match=town.fi, comment=comment))
        else:
            unlinked.append(Unlinked(NAME, subject.iri, subject.label, "a register that gives its seat"))
    title = "Organisations and the municipality of their seat"
    return [Proposal(NAME, title, "ROR, records of Finland", ror.VERSION, "CC0", tuple(links), (), tuple(unlinked))]
