"""Checking accepted links against a newer reference: what vanished, was renamed or is no longer active."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from links.decide import consistent
from links.reference import Reference
from links.sets import read_sets
from links.sssom import PREFIXES, Link
from links.targets import areas, authorities, business_ids, fairdata, nuts, places, ror
from loaders.names import keys as name_key


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a reference: the names it goes by, and whether it is active."""

    names: frozenset[str]
    active: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """An accepted link that the reference no longer bears out."""

    set: str
    kind: str
    """``vanished``, ``renamed`` or ``inactive``."""
    subject: str
    subject_label: str
    object: str
    message: str


def check(reference: Reference, folder: Path) -> list[Finding]:
    """Check every accepted link of the sets a reference knows; contradictions among the decisions raise SourceError."""
    findings = []
    for links in read_sets(folder):
        consistent(links)
        known = _KNOWN[links.name](reference) if links.name in _KNOWN else {}
        findings += [
            Finding(links.name, found[0], link.subject, link.subject_label, link.object, found[1])
            for link in links.accepted
            if known and (found := _finding(known.get(link.object), link)) and link.facts.get("known") != found[0]
        ]
    return findings


def _finding(entry: Entry | None, link: Link) -> tuple[str, str] | None:
    """What is amiss with a link; a person may have noted as ``known`` what was so when the link was accepted."""
    label = link.object_label
    if entry is None:
        return "vanished", f"{label} is no longer in the reference"
    if not entry.active:
        return "inactive", f"{label} is no longer active"
    if label and name_key.fold(label) not in {name_key.fold(name) for name in entry.names}:
        return "renamed", f"{label} is now called {sorted(entry.names)[0]}"
    return None


def _ror(reference: Reference) -> dict[str, Entry]:
    records = ror.read(reference).items()
    return {iri: Entry(frozenset(ror.names(record)), record["status"] == "active") for iri, record in records}


def _business_ids(reference: Reference) -> dict[str, Entry]:
    return {target.iri: Entry(frozenset(target.names), target.active) for target in business_ids.read(reference)}


def _fairdata(reference: Reference) -> dict[str, Entry]:
    return {target.iri: Entry(frozenset(target.names)) for target in fairdata.read(reference)}


def _areas(reference: Reference) -> dict[str, Entry]:
    key = areas.read(reference)
    found = [*key.municipalities.values(), *key.wider.values()]
    return {area.iri: Entry(frozenset({area.fi, area.sv, area.en})) for area in found}


def _nuts(year: int) -> Callable[[Reference], dict[str, Entry]]:
    def known(reference: Reference) -> dict[str, Entry]:
        rows = reference.rows(nuts.TABLE, f"nuts{year}_code")
        return {PREFIXES["nuts"] + row[f"nuts{year}_code"]: Entry(frozenset({row[f"nuts{year}_code"]})) for row in rows}

    return known


def _authorities(reference: Reference) -> dict[str, Entry]:
    names = ("eu_programme.csv", *(value[0] for value in authorities.VALUES))
    rows: Iterable[dict[str, str]] = (
        row for name in dict.fromkeys(names) for row in reference.rows(name, "uri", "label_en")
    )
    return {row["uri"]: Entry(frozenset({row["label_en"]})) for row in rows}


def _places(reference: Reference) -> dict[str, Entry]:
    rows = reference.rows(places.PLACES, "yso_uri", "label_en", "wikidata_qid")
    yso = {row["yso_uri"]: Entry(frozenset({row["label_en"]})) for row in rows}
    return yso | {PREFIXES["wikidata"] + row["wikidata_qid"]: Entry(frozenset({row["label_en"]})) for row in rows}


_KNOWN: dict[str, Callable[[Reference], dict[str, Entry]]] = {
    "areas": _areas,
    "business-ids": _business_ids,
    "eu-authorities": _authorities,
    "fairdata": _fairdata,
    "nuts-2021": _nuts(2021),
    "nuts-2024": _nuts(2024),
    "places": _places,
    "ror": _ror,
    "seats": _areas,
}
"""Set → how a reference tells what entries it knows. The other sets hold our own organisations or follow from these."""
