"""Checking accepted links against a newer reference: what vanished, was renamed or is no longer active."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from links.decide import consistent
from links.reference import Reference
from links.rule import Target
from links.sets import read_sets
from links.sssom import PREFIXES, Link
from links.targets import areas, registers, vocabularies
from loaders.names import keys as name_key


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
        known = {entry.iri: entry for entry in _KNOWN[links.name](reference)} if links.name in _KNOWN else {}
        findings += [
            Finding(links.name, found[0], link.subject, link.subject_label, link.object, found[1])
            for link in links.accepted
            if known and (found := _finding(known.get(link.object), link)) and link.facts.get("known") != found[0]
        ]
    return findings


def _finding(entry: Target | None, link: Link) -> tuple[str, str] | None:
    """What is amiss with a link; a person may have noted as ``known`` what was so when the link was accepted."""
    label = link.object_label
    if entry is None:
        return "vanished", f"{label} is no longer in the reference"
    if not entry.active:
        return "inactive", f"{label} is no longer active"
    if label and name_key.fold(label) not in {name_key.fold(name) for name in entry.names}:
        return "renamed", f"{label} is now called {min(entry.names)}"
    return None


def _ror(reference: Reference) -> Iterator[Target]:
    return map(registers.ror_target, registers.read_ror(reference).values())


def _areas(reference: Reference) -> Iterator[Target]:
    key = areas.read_areas(reference)
    for area in (*key.municipalities.values(), *key.wider.values()):
        yield Target(area.iri, area.fi, (area.fi, area.sv, area.en))


def _nuts(reference: Reference, year: int) -> Iterator[Target]:
    for row in reference.rows(areas.NUTS, column := f"nuts{year}_code"):
        yield Target(PREFIXES["nuts"] + row[column], row[column], (row[column],))


def _authorities(reference: Reference) -> Iterator[Target]:
    for name in dict.fromkeys(("eu_programme.csv", *(value[0] for value in vocabularies.VALUES))):
        for row in reference.rows(name, "uri", "label_en"):
            yield Target(row["uri"], row["label_en"], (row["label_en"],))


def _places(reference: Reference) -> Iterator[Target]:
    for row in reference.rows(areas.PLACES, "yso_uri", "label_en", "wikidata_qid"):
        for iri in (row["yso_uri"], PREFIXES["wikidata"] + row["wikidata_qid"]):
            yield Target(iri, row["label_en"], (row["label_en"],))


_KNOWN: dict[str, Callable[[Reference], Iterable[Target]]] = {
    "areas": _areas,
    "business-ids": registers.read_business_ids,
    "eu-authorities": _authorities,
    "fairdata": registers.read_fairdata,
    "nuts-2021": partial(_nuts, year=2021),
    "nuts-2024": partial(_nuts, year=2024),
    "places": _places,
    "ror": _ror,
    "seats": _areas,
}
"""Set → the entries of a reference. The other sets hold our own organisations or follow from these."""
