"""Organisations → ROR records, and the Wikidata, ISNI and funder ids that a linked record carries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from links.reference import Reference
from links.rule import Proposal, Subject, Target
from links.sssom import CHAINED, PREFIXES, SAME_ORGANISATION, Link, LinkSet
from links.targets.common import link, register
from loaders.errors import SourceError

NAME, CARRIED = "ror", "ror-carried"
TABLE, DUMP = "ror_records_fi.jsonl", "ror.json"
"""Records of Finland, one a line; or the whole dump as ROR publishes it, of which those of Finland are read."""
VERSION = "v2.9 (d93fc667)"
_KINDS = {
    "education": {"university", "university-of-applied-sciences", "educational-institution", "joint-authority", "foundation"},
    "government": {
        "ministry", "ely-centre", "state-agency", "municipality", "joint-authority", "wellbeing-county", "regional-council",
        "research-institute",
    },
    "nonprofit": {"association", "foundation", "church", "cooperative", "research-institute", "educational-institution"},
    "facility": {"research-institute", "foundation", "association", "company", "state-agency", "educational-institution"},
    "healthcare": {"wellbeing-county", "joint-authority", "foundation", "association", "company"},
    "company": {"company", "cooperative"},
    "archive": {"state-agency", "association", "foundation"},
}  # fmt: skip
"""ROR type → our organisation types; ``funder`` and ``other`` say nothing."""
_SCHEMES = {"wikidata": ("wikidata", ""), "isni": ("isni", " "), "fundref": ("funder", "")}
"""Type of an external id → prefix, and the blanks to take out of it."""


def propose(reference: Reference, ours: Sequence[Subject], decided: Mapping[str, LinkSet]) -> list[Proposal]:
    """Propose the links to ROR by the rule, and what follows from those accepted, by the rule or by a person."""
    records = read(reference)
    targets = [_target(record) for record in records.values()]
    source = ("ROR, records of Finland", VERSION, "CC0")
    proposal, _ = register(
        NAME, "Organisations and their ROR records", source, ours, targets, "a ROR record of this name"
    )
    carried = [
        row
        for subject, iri in sorted(linked(proposal, decided).items())
        if iri in records
        for row in carry(next(s for s in ours if s.iri == subject), records[iri])
    ]
    follows = Proposal(CARRIED, "Wikidata, ISNI and funder ids carried from ROR records", *source, tuple(carried))
    return [proposal, follows]


def read(reference: Reference) -> dict[str, dict[str, Any]]:
    """Read the records by their id, bare or each wrapped with the path of its file."""
    records = {}
    table = DUMP if reference.has(DUMP) else TABLE
    for number, entry in enumerate(reference.records(table), 1):
        record = entry.get("record", entry)
        if not {"id", "status", "types"} <= record.keys() or not {"name", "names"} & record.keys():
            raise SourceError(table, "is no ROR record of schema 1 or 2: this is another version of the table", number)
        if table == TABLE or "FI" in _countries(record):
            records[record["id"]] = record
    return records


def _countries(record: dict[str, Any]) -> set[str]:
    if "country" in record:
        return {record["country"].get("country_code")}
    return {location["geonames_details"].get("country_code") for location in record.get("locations", ())}


def linked(proposal: Proposal, decided: Mapping[str, LinkSet], name: str = NAME) -> dict[str, str]:
    """Organisation → its entry: what the rule accepts and no person has rejected, then what a person has accepted."""
    before = decided.get(name)
    same = [link for link in before.links if link.predicate == SAME_ORGANISATION] if before else []
    reviewed = [link for link in same if link.reviewer]
    rejected = {link.pair for link in reviewed if link.rejected}
    chosen = {link.subject: link.object for link in proposal.links if link.pair not in rejected}
    return chosen | {link.subject: link.object for link in reviewed if not link.rejected}


def carry(subject: Subject, record: dict[str, Any]) -> Iterator[Link]:
    """Link the organisation to what its record's external ids name."""
    for kind, value in _external(record):
        prefix, blank = _SCHEMES[kind]
        target = (PREFIXES[prefix] + (value.replace(blank, "") if blank else value), value)
        comment = f"through {record['id'].rpartition('/')[2]}"
        yield link((subject.iri, subject.label), SAME_ORGANISATION, target, CHAINED, confidence="0.95", comment=comment)


def _external(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """External ids of a record, of the first or the second schema."""
    found = record.get("external_ids") or []
    entries = [{"type": kind, **value} for kind, value in found.items()] if isinstance(found, dict) else found
    for entry in sorted(entries, key=lambda entry: str(entry["type"])):
        every = entry["all"] if isinstance(entry["all"], list) else [entry["all"]]
        kind, value = str(entry["type"]).casefold(), entry.get("preferred") or (every[0] if len(every) == 1 else None)
        if kind in _SCHEMES and value:
            yield kind, value


def _target(record: dict[str, Any]) -> Target:
    found = names(record)
    kinds = [_KINDS.get(kind.casefold()) for kind in record["types"] if kind.casefold() != "funder"]
    told = frozenset().union(*(kind for kind in kinds if kind)) if kinds and all(kinds) else None
    status = record["status"]
    return Target(
        record["id"],
        found[0],
        found,
        told,
        status == "active",
        ", ".join(places(record)),
        "" if status == "active" else f"status {status}",
    )


def names(record: dict[str, Any]) -> tuple[str, ...]:
    """The name ROR shows, then the others; acronyms are left out, for several bodies share one."""
    if "name" in record:
        return (record["name"], *record["aliases"], *(label["label"] for label in record["labels"]))
    told = [entry for entry in record["names"] if entry["types"] != ["acronym"]]
    told.sort(key=lambda entry: "ror_display" not in entry["types"])
    return tuple(dict.fromkeys(entry["value"] for entry in told))


def places(record: dict[str, Any]) -> tuple[str, ...]:
    """The towns a record gives as its seat: usually one."""
    if "addresses" in record:
        return tuple(str(address["city"]) for address in record["addresses"] if address.get("city"))
    return tuple(str(location["geonames_details"]["name"]) for location in record["locations"])
