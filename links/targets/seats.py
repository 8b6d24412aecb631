"""Organisations → the municipality of their seat: a municipality's own, else the town of the ROR record the rule links.

A register's test data may give a seat too; it is accepted where the organisation's own name says the same. A name that begins
with a place tells a person where to look, and decides nothing: bodies are named after places they left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from links.reference import Reference
from links.rule import SHOWN, Candidate, Proposal, Subject, Unlinked
from links.sssom import AREA, CHAINED, LEXICAL, SEAT, Link, LinkSet
from links.targets import areas, business_ids, ror
from links.targets.common import genitives, link
from loaders.names import keys as name_key

NAME = "seats"
WANTED = "a register that gives its seat"


def propose(reference: Reference, ours: Sequence[Subject], decided: Mapping[str, LinkSet]) -> list[Proposal]:
    """Propose the seats."""
    sources = _Sources.read(reference, ours, decided)
    links: list[Link] = []
    candidates: list[Candidate] = []
    unlinked: list[Unlinked] = []
    for subject in ours:
        if found := sources.seat(subject):
            links.append(found)
        elif shown := list(sources.candidates(subject)):
            candidates += shown
        else:
            unlinked.append(Unlinked(NAME, subject.iri, subject.label, WANTED))
    title = "Organisations and the municipality of their seat"
    rows = tuple(links), tuple(candidates), tuple(unlinked)
    return [Proposal(NAME, title, "ROR, records of Finland", ror.VERSION, "CC0", *rows)]


@dataclass(slots=True)
class _Sources:
    """What tells where an organisation has its seat."""

    own: dict[str, Link]
    """Organisation → the area it is responsible for."""
    towns: dict[str, areas.Area]
    records: Mapping[str, str]
    """Organisation → ROR record."""
    places: Mapping[str, tuple[str, ...]]
    """ROR record → towns; where it gives two, none is chosen."""
    stated: dict[str, areas.Area]
    """Organisation → seat that a register's test data give to its business id."""
    forms: dict[str, list[areas.Area]] = field(default_factory=lambda: defaultdict(list))
    """Word a name may begin with → municipalities."""

    @classmethod
    def read(cls, reference: Reference, ours: Sequence[Subject], decided: Mapping[str, LinkSet]) -> _Sources:
        key = areas.read(reference)
        records = ror.read(reference)
        linked = ror.linked(ror.propose(reference, ours, decided)[0], decided)
        responsible = areas.propose(reference, ours, decided)[0].links
        ids = ror.linked(business_ids.propose(reference, ours, decided)[0], decided, business_ids.NAME)
        seats = business_ids.seats(reference)
        stated = {iri: seats[number] for iri, number in ids.items() if number in seats}
        found = cls(
            own={row.subject: row for row in responsible if row.predicate == AREA},
            towns={name_key.fold(n): area for area in key.municipalities.values() for n in (area.fi, area.sv, area.en)},
            records=linked,
            places={iri: ror.places(records[iri]) for iri in linked.values() if iri in records},
            stated={iri: key.municipalities[code] for iri, code in stated.items() if code in key.municipalities},
        )
        for area in key.municipalities.values():
            for form in {*genitives(area.fi), area.fi.casefold()}:
                found.forms[form].append(area)
        return found

    def seat(self, subject: Subject) -> Link | None:
        """The seat, where one source is enough or two agree."""
        ends = (subject.iri, subject.label), SEAT
        if subject.kind == "municipality" and subject.iri in self.own:
            area = self.own[subject.iri]
            return link(*ends, (area.object, area.object_label), LEXICAL, match=area.match)
        record = self.records.get(subject.iri, "")
        towns = self._towns(subject)
        if len(towns) == 1:
            (town,) = towns
            comment = f"town of {record.rpartition('/')[2]}"
            return link(*ends, (town.iri, town.fi), CHAINED, confidence="0.95", match=town.fi, comment=comment)
        told = self.stated.get(subject.iri)
        if told and told in self._named(subject):
            comment = "a register's test data and the organisation's name agree"
            return link(*ends, (told.iri, told.fi), CHAINED, confidence="0.95", match=told.fi, comment=comment)
        return None

    def candidates(self, subject: Subject) -> Iterator[Candidate]:
        """Places for a person to decide on."""
        told = self.stated.get(subject.iri)
        towns = self._towns(subject)
        found = list(dict.fromkeys([*towns, *([told] if told else []), *self._named(subject)]))[:SHOWN]
        for rank, area in enumerate(found, 1):
            reason = "a register's test data give it" if area == told else "the name begins with the place"
            reason = f"one of {len(towns)} towns of its ROR record" if area in towns else reason
            score = 0.8 if area == told or area in towns else 0.6
            yield Candidate(NAME, subject.iri, subject.label, rank, SEAT, area.iri, area.fi, score, reason)

    def _towns(self, subject: Subject) -> list[areas.Area]:
        """The municipalities of the towns that the ROR record gives."""
        named = self.places.get(self.records.get(subject.iri, ""), ())
        return [area for town in named if (area := self.towns.get(name_key.fold(town)))]

    def _named(self, subject: Subject) -> list[areas.Area]:
        """Municipalities one of whose forms begins a name; none where the body is responsible for a wider area."""
        if subject.iri in self.own or subject.kind == "regional-council":
            return []
        words = [name.casefold().split()[:2] for name in subject.names]
        return list({a.iri: a for pair in words for word in pair for a in self.forms.get(word, ())}.values())
