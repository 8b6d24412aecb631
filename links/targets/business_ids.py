"""Organisations → Finnish business ids, from names that stand beside an id in a public table.

An id is accepted where its check digit holds, the name is the organisation's own, the name has one id and the id one of our
organisations. An id that several bodies share (all ELY Centres have that of their administration centre) is an identifier of
each and the identity of none. A name that two legal persons have borne is put before a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from links.reference import Reference
from links.rule import Proposal, Subject, Target
from links.sssom import PREFIXES, LinkSet
from links.targets.common import register
from loaders.errors import SourceError
from loaders.values.marks import business_ids

NAME = "business-ids"
TABLE = "antero_ytunnus_names.csv"
REGISTER = "ytj.json"
"""Answers of the open data of YTJ and PRH (``companies`` of version 3, ``results`` of version 1), one file."""
SECOND = "koski_mock_organisations.csv"
"""Test data of a public system: too weak to accept by, strong enough to doubt by."""


def propose(reference: Reference, ours: Sequence[Subject], decided: Mapping[str, LinkSet]) -> list[Proposal]:
    """Propose the set by the decision rule."""
    del decided
    source = ("CSC Antero, names beside business ids", "e14a7bf", "MIT")
    if reference.has(REGISTER):
        source = ("YTJ and PRH, open data of companies", "as given", "CC BY 4.0")
    proposal, _ = register(
        NAME,
        "Organisations and their Finnish business ids",
        source,
        _without_shared_bodies(ours),
        read(reference),
        "a table that gives the business id of this name",
    )
    return [proposal]


def read(reference: Reference) -> list[Target]:
    """List the ids whose check digit holds, with every name beside them in any of the tables that are there.

    A company that the register calls ended is listed as no longer active.
    """
    rows: list[tuple[str, str]] = []
    ended: set[str] = set()
    if reference.has(TABLE) or not reference.has(REGISTER):
        rows += [(row["y_tunnus"], row["name"]) for row in reference.rows(TABLE, "y_tunnus", "name")]
    if reference.has(REGISTER):
        for company in reference.records(REGISTER, "companies", "results"):
            number, current = _company(company)
            rows += [(number, name) for name in current]
            ended |= {number} if company.get("endDate") else set()
    sound = {number for number, _ in rows}
    if reference.has(SECOND):
        weak = reference.rows(SECOND, "y_tunnus", "name_fi")
        rows += [(row["y_tunnus"], row["name_fi"]) for row in weak if row["name_fi"]]
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for number, name in rows:
        if business_ids(number):
            names[number][name] = None
    return [
        Target(
            PREFIXES["ytj"] + number,
            _label(found),
            tuple(found),
            active=number not in ended,
            weak=number not in sound,
        )
        for number, found in sorted(names.items())
    ]


def _company(company: dict[str, Any]) -> tuple[str, list[str]]:
    """The id and the names in force of a company in an answer of version 3 or 1."""
    number, names = company.get("businessId"), company.get("names", ())
    told = number.get("value") if isinstance(number, dict) else number
    current = [entry["name"] for entry in names if entry.get("name") and not entry.get("endDate")]
    if not told or not (current or company.get("name")):
        raise SourceError(REGISTER, "has a company without businessId or names: this is another version of the answer")
    return str(told), current or [str(company["name"])]


def seats(reference: Reference) -> dict[str, str]:
    """Entry → code of the municipality that the second table gives as its seat; empty where that table is not there."""
    if not reference.has(SECOND):
        return {}
    rows = reference.rows(SECOND, "y_tunnus", "kotipaikka")
    return {
        PREFIXES["ytj"] + row["y_tunnus"]: row["kotipaikka"].removeprefix("kunta_")
        for row in rows
        if business_ids(row["y_tunnus"]) and row["kotipaikka"].startswith("kunta_")
    }


def _label(names: Iterable[str]) -> str:
    """Show the fullest name that is not in capitals."""
    return max(names, key=lambda name: (not name.isupper(), len(name), name))


def _without_shared_bodies(ours: Sequence[Subject]) -> list[Subject]:
    """ELY Centres and their successors have no id of their own."""
    return [s for s in ours if s.kind != "ely-centre" and not s.iri.rpartition("/")[2].startswith("evk-")]
