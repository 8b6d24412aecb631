"""Registers of organisations: Finnish business ids, the Fairdata list, and ROR with the ids that its records carry."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from links.reference import Reference
from links.rule import MatchInput, Proposal, Subject, Target, link, match_register, proposal
from links.sssom import CHAINED, PREFIXES, SAME_ORGANISATION, TABLES, Link, LinkSet
from loaders.errors import SourceError
from loaders.values.marks import business_ids

BUSINESS_IDS = "business-ids"
NAMES_BESIDE_IDS = "antero_ytunnus_names.csv"
COMPANIES = "ytj.json"
"""Answers of the open data of YTJ and PRH (``companies`` of version 3, ``results`` of version 1), one file."""
TEST_DATA = "koski_mock_organisations.csv"
"""Test data of a public system: too weak to accept by, strong enough to doubt by."""


def propose_business_ids(given: MatchInput) -> Iterator[Proposal]:
    """Propose business ids, from names that stand beside an id in a public table.

    An id is accepted where its check digit holds, the name is the organisation's own, the name has one id and the id one of our
    organisations. An id that several bodies share (all ELY Centres have that of their administration centre) is an identifier
    of each and the identity of none. A name that two legal persons have borne is put before a person.
    """
    # ELY Centres and their successors have no id of their own
    ours = [s for s in given.ours if s.kind != "ely-centre" and not s.iri.rpartition("/")[2].startswith("evk-")]
    missing = "a table that gives the business id of this name"
    source = "ytj" if given.reference.has(COMPANIES) else BUSINESS_IDS
    yield proposal(BUSINESS_IDS, match_register(ours, read_business_ids(given.reference), missing), source)


def read_business_ids(reference: Reference) -> list[Target]:
    """List the ids whose check digit holds, with every name beside them in any of the tables that are there.

    A company that the register calls ended is listed as no longer active.
    """
    rows: list[tuple[str, str]] = []
    ended: set[str] = set()
    if reference.has(NAMES_BESIDE_IDS) or not reference.has(COMPANIES):
        rows += [(row["y_tunnus"], row["name"]) for row in reference.rows(NAMES_BESIDE_IDS, "y_tunnus", "name")]
    if reference.has(COMPANIES):
        for company in reference.records(COMPANIES, "companies", "results"):
            number, current = _company(company)
            rows += [(number, name) for name in current]
            ended |= {number} if company.get("endDate") else set()
    sound = {number for number, _ in rows}
    if reference.has(TEST_DATA):
        weak = reference.rows(TEST_DATA, "y_tunnus", "name_fi")
        rows += [(row["y_tunnus"], row["name_fi"]) for row in weak if row["name_fi"]]
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for number, name in rows:
        if business_ids(number):
            names[number][name] = None
    return [
        Target(
            PREFIXES["ytj"] + number,
            max(
                spellings, key=lambda name: (not name.isupper(), len(name), name)
            ),  # the fullest that is not in capitals
            tuple(spellings),
            active=number not in ended,
            weak=number not in sound,
        )
        for number, spellings in sorted(names.items())
    ]


def _company(company: dict[str, Any]) -> tuple[str, list[str]]:
    """The id and the names in force of a company in an answer of version 3 or 1."""
    number, names = company.get("businessId"), company.get("names", ())
    number = number.get("value") if isinstance(number, dict) else number
    current = [entry["name"] for entry in names if entry.get("name") and not entry.get("endDate")]
    if not number or not (current or company.get("name")):
        raise SourceError(COMPANIES, "has a company without businessId or names: this is another version of the answer")
    return str(number), current or [str(company["name"])]


def seats(reference: Reference) -> dict[str, str]:
    """Entry → code of the municipality that the second table gives as its seat; empty where that table is not there."""
    if not reference.has(TEST_DATA):
        return {}
    rows = reference.rows(TEST_DATA, "y_tunnus", "kotipaikka")
    return {
        PREFIXES["ytj"] + row["y_tunnus"]: row["kotipaikka"].removeprefix("kunta_")
        for row in rows
        if business_ids(row["y_tunnus"]) and row["kotipaikka"].startswith("kunta_")
    }


FAIRDATA = "fairdata_organizations.csv"


def propose_fairdata(given: MatchInput) -> Iterator[Proposal]:
    """Propose codes of the Fairdata organisation list."""
    missing = "a code of this name in the Fairdata list"
    yield proposal("fairdata", match_register(given.ours, read_fairdata(given.reference), missing))


def read_fairdata(reference: Reference) -> list[Target]:
    """List the organisations with their names in three languages; units are no organisations."""
    columns = ("org_name_fi", "org_name_en", "org_name_sv", "org_code", "unit_main_code", "unit_sub_code", "unit_name")
    names: dict[str, dict[str, None]] = {}
    for row in reference.rows(FAIRDATA, *columns):
        if not row["unit_name"] and not row["unit_sub_code"]:
            stated = (row[f"org_name_{lang}"] for lang in ("fi", "en", "sv"))
            names.setdefault(row["org_code"], {}).update(dict.fromkeys(name for name in stated if name))
    return [
        Target(PREFIXES["fairdata"] + code, next(iter(labels)), tuple(labels))
        for code, labels in names.items()
        if labels
    ]


ROR, ROR_DUMP = "ror_records_fi.jsonl", "ror.json"
"""Records of Finland, one a line; or the whole dump as ROR publishes it, of which those of Finland are read."""
_SCHEMES = {"wikidata": ("wikidata", ""), "isni": ("isni", " "), "fundref": ("funder", "")}
"""Type of an external id → prefix, and the blanks to take out of it."""


def propose_ror(given: MatchInput) -> Iterator[Proposal]:
    """Propose ROR records by the rule, then the ids that the records accepted by the rule or by a person carry."""
    records = read_ror(given.reference)
    targets = [ror_target(record) for record in records.values()]
    by_rule = proposal("ror", match_register(given.ours, targets, "a ROR record of this name"))
    yield by_rule
    subjects = {subject.iri: subject for subject in given.ours}
    carried = [
        row
        for subject, iri in sorted(accepted_entries(by_rule, given.decided).items())
        if iri in records
        for row in carry(subjects[subject], records[iri])
    ]
    yield proposal("ror-carried", carried, "ror")


def read_ror(reference: Reference) -> dict[str, dict[str, Any]]:
    """Read the records by their id, bare or each wrapped with the path of its file."""
    records = {}
    table = ROR_DUMP if reference.has(ROR_DUMP) else ROR
    for number, entry in enumerate(reference.records(table), 1):
        record = entry.get("record", entry)
        if not {"id", "status", "types"} <= record.keys() or not {"name", "names"} & record.keys():
            raise SourceError(table, "is no ROR record of schema 1 or 2: this is another version of the table", number)
        if table == ROR or "FI" in _countries(record):
            records[record["id"]] = record
    return records


def _countries(record: dict[str, Any]) -> set[str]:
    if "country" in record:
        return {record["country"].get("country_code")}
    return {location["geonames_details"].get("country_code") for location in record.get("locations", ())}


def accepted_entries(proposed: Proposal, decided: Mapping[str, LinkSet]) -> dict[str, str]:
    """Organisation → its entry: what the rule accepts and no person has rejected, then what a person has accepted."""
    before = decided.get(proposed.name)
    same = [link for link in before.links if link.predicate == SAME_ORGANISATION] if before else []
    reviewed = [link for link in same if link.reviewer]
    rejected = {link.pair for link in reviewed if link.rejected}
    chosen = {link.subject: link.object for link in proposed.links if link.pair not in rejected}
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
    external = record.get("external_ids") or []
    entries = [{"type": kind, **value} for kind, value in external.items()] if isinstance(external, dict) else external
    for entry in sorted(entries, key=lambda entry: str(entry["type"])):
        every = entry["all"] if isinstance(entry["all"], list) else [entry["all"]]
        kind, value = str(entry["type"]).casefold(), entry.get("preferred") or (every[0] if len(every) == 1 else None)
        if kind in _SCHEMES and value:
            yield kind, value


def ror_target(record: dict[str, Any]) -> Target:
    """A record of the first or the second schema as an entry."""
    spellings = ror_names(record)
    kinds = [TABLES.ror_kinds.get(kind.casefold()) for kind in record["types"] if kind.casefold() != "funder"]
    ours = frozenset().union(*(kind for kind in kinds if kind)) if kinds and all(kinds) else None
    status = record["status"]
    return Target(
        record["id"],
        spellings[0],
        spellings,
        ours,
        status == "active",
        ", ".join(ror_towns(record)),
        "" if status == "active" else f"status {status}",
    )


def ror_names(record: dict[str, Any]) -> tuple[str, ...]:
    """The name ROR shows, then the others; acronyms are left out, for several bodies share one."""
    if "name" in record:
        return (record["name"], *record["aliases"], *(label["label"] for label in record["labels"]))
    entries = [entry for entry in record["names"] if entry["types"] != ["acronym"]]
    entries.sort(key=lambda entry: "ror_display" not in entry["types"])
    return tuple(dict.fromkeys(entry["value"] for entry in entries))


def ror_towns(record: dict[str, Any]) -> tuple[str, ...]:
    """The towns a record gives as its seat: usually one."""
    if "addresses" in record:
        return tuple(str(address["city"]) for address in record["addresses"] if address.get("city"))
    return tuple(str(location["geonames_details"]["name"]) for location in record["locations"])
