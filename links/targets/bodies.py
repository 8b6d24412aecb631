"""Organisations → the municipality of their seat, and → their successors."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from links.reference import Reference
from links.rule import SHOWN, Candidate, Found, MatchInput, Proposal, Subject, Unlinked, link, proposal
from links.sssom import AREA, BY_CODE, CHAINED, LEXICAL, SEAT, SUCCESSOR, Link
from links.targets import registers
from links.targets.areas import NAME, Area, genitives, read_areas
from loaders.names import keys as name_key

WANTED = "a register that gives its seat"


def propose_seats(given: MatchInput) -> Iterator[Proposal]:
    """Propose the municipality of each seat: a municipality's own, else the town of the ROR record the rule links.

    A register's test data may give a seat too; it is accepted where the organisation's own name says the same. A name that
    begins with a place tells a person where to look, and decides nothing: bodies are named after places they left.
    """
    sources = _Sources.read(given)
    yield proposal("seats", (one for subject in given.ours for one in sources.found(subject)), "ror")


@dataclass(slots=True)
class _Sources:
    """The reference data by which the seat of an organisation is known."""

    own: dict[str, Link]
    """Organisation → the area it is responsible for."""
    towns: dict[str, Area]
    records: Mapping[str, str]
    """Organisation → ROR record."""
    places: Mapping[str, tuple[str, ...]]
    """ROR record → towns; where it gives two, none is chosen."""
    stated: dict[str, Area]
    """Organisation → seat that a register's test data give to its business id."""
    forms: dict[str, list[Area]] = field(default_factory=lambda: defaultdict(list))
    """Word a name may begin with → municipalities."""

    @classmethod
    def read(cls, given: MatchInput) -> _Sources:
        key = read_areas(given.reference)
        records = registers.read_ror(given.reference)
        linked = registers.accepted_entries(given.proposals["ror"], given.decided)
        ids = registers.accepted_entries(given.proposals[registers.BUSINESS_IDS], given.decided)
        seats = registers.seats(given.reference)
        stated = {iri: seats[number] for iri, number in ids.items() if number in seats}
        towns = cls(
            own={row.subject: row for row in given.proposals[NAME].links if row.predicate == AREA},
            towns={name_key.fold(n): area for area in key.municipalities.values() for n in (area.fi, area.sv, area.en)},
            records=linked,
            places={iri: registers.ror_towns(records[iri]) for iri in linked.values() if iri in records},
            stated={iri: key.municipalities[code] for iri, code in stated.items() if code in key.municipalities},
        )
        for area in key.municipalities.values():
            for form in {*genitives(area.fi), area.fi.casefold()}:
                towns.forms[form].append(area)
        return towns

    def found(self, subject: Subject) -> Sequence[Found]:
        """The seat, else places for a person to decide on, else what would give it."""
        seat = self.seat(subject)
        places = [seat] if seat else list(self.candidates(subject))
        return places or [Unlinked(subject.iri, subject.label, WANTED)]

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
        seat = self.stated.get(subject.iri)
        if seat and seat in self._named(subject):
            comment = "a register's test data and the organisation's name agree"
            return link(*ends, (seat.iri, seat.fi), CHAINED, confidence="0.95", match=seat.fi, comment=comment)
        return None

    def candidates(self, subject: Subject) -> Iterator[Candidate]:
        """Places for a person to decide on."""
        seat = self.stated.get(subject.iri)
        towns = self._towns(subject)
        areas = list(dict.fromkeys([*towns, *([seat] if seat else []), *self._named(subject)]))[:SHOWN]
        for rank, area in enumerate(areas, 1):
            reason = "a register's test data give it" if area == seat else "the name begins with the place"
            reason = f"one of {len(towns)} towns of its ROR record" if area in towns else reason
            score = 0.8 if area == seat or area in towns else 0.6
            yield Candidate(subject.iri, subject.label, rank, SEAT, area.iri, area.fi, score, reason)

    def _towns(self, subject: Subject) -> list[Area]:
        """The municipalities of the towns that the ROR record gives."""
        named = self.places.get(self.records.get(subject.iri, ""), ())
        return [area for town in named if (area := self.towns.get(name_key.fold(town)))]

    def _named(self, subject: Subject) -> list[Area]:
        """Municipalities one of whose forms begins a name; none where the body is responsible for a wider area."""
        if subject.iri in self.own or subject.kind == "regional-council":
            return []
        words = [name.casefold().split()[:2] for name in subject.names]
        return list({a.iri: a for pair in words for word in pair for a in self.forms.get(word, ())}.values())


REFORM_TABLE = "ely2025_to_evk2026_by_municipality.csv"
REFORM = "2026-01-01"
"""The day the ELY Centres' tasks moved: the first day of the municipality key in which the new bodies stand."""


def propose_succession(given: MatchInput) -> Iterator[Proposal]:
    """Propose who followed whom: the ELY Centres' reform with its day, mergers that ROR records, municipalities that ended."""
    matches = (_reform(given.reference, given.ours), _recorded(given.reference, given.ours), _ended(given.reference))
    yield proposal("succession", itertools.chain(*matches))


def _reform(reference: Reference, ours: Sequence[Subject]) -> Iterator[Link]:
    bodies = {key: subject for subject in ours for key in subject.keys}
    columns = ("ely_name_fi", "evk_name_fi", "n_municipalities")
    for row in reference.rows(REFORM_TABLE, *columns):
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
    records = list(registers.read_ror(reference).values())
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
    subjects = {s.iri: s for name in registers.ror_names(record) for s in names.get(name_key.key(name), ())}
    return next(iter(subjects.values())) if len(subjects) == 1 else None


def _ended(reference: Reference) -> Iterator[Unlinked]:
    """Municipalities that the newest key no longer has: no table here gives their successor."""
    key = read_areas(reference)
    for number, area in key.municipalities.items():
        if key.last_year[number] < key.newest:
            yield Unlinked(area.iri, area.fi, f"a table of mergers (last in the key of {key.last_year[number]})")
