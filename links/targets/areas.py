"""Municipalities, regions, wellbeing counties, areas of ELY Centres and of their successors, by Statistics Finland's codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from links.reference import Reference
from links.rule import Proposal, Subject, Unlinked
from links.sssom import AREA, BROAD, BY_CODE, LEXICAL, Link, LinkSet
from links.targets.common import code, genitives, link
from loaders.names import keys as name_key

NAME = "areas"
TABLE = "statfi_municipality_key_{}.csv"
WIDER = (
    ("region", "maakunta"),
    ("wellbeing-county", "hyvinvointialue"),
    ("ely-area", "ely"),
    ("livskraft-area", "evk"),
)
"""Scheme of the wider area and the column it stands in; a key of some year lacks those that did not exist then."""
_KINDS = {"ely-centre": "ely-area", "wellbeing-county": "wellbeing-county", "state-agency": "livskraft-area"}


class Area(NamedTuple):
    """An area: its code and its names in three languages."""

    iri: str
    fi: str
    sv: str
    en: str


class Key(NamedTuple):
    """The municipality keys of all years: each municipality with its newest names, what it lay in, and when it was last there."""

    municipalities: dict[str, Area]
    wider: dict[tuple[str, str], Area]
    """(municipality code, scheme) → area."""
    last_year: dict[str, int]
    newest: int


def read(reference: Reference) -> Key:
    """Read the keys of all years there are, older first, so that the newest name of a code stands."""
    municipalities: dict[str, Area] = {}
    wider: dict[tuple[str, str], Area] = {}
    last: dict[str, int] = {}
    years = reference.years(TABLE)
    for year in years:
        name = TABLE.format(year)
        for row in reference.rows(name, "kunta", "municipality_name_fi", "maakunta_code", "maakunta_name_fi"):
            number = row["kunta"]
            municipalities[number] = _area("municipality", number, row, "municipality")
            last[number] = year
            for scheme, column in WIDER:
                if row.get(f"{column}_code"):
                    wider[number, scheme] = _area(scheme, row[f"{column}_code"].zfill(2), row, column)
    return Key(municipalities, wider, last, max(years, default=0))


def _area(scheme: str, notation: str, row: dict[str, str], column: str) -> Area:
    return Area(code(scheme, notation), row[f"{column}_name_fi"], row[f"{column}_name_sv"], row[f"{column}_name_en"])


def propose(reference: Reference, ours: Sequence[Subject], decided: Mapping[str, LinkSet]) -> list[Proposal]:
    """Propose what lies in what, and which organisation is responsible for which area."""
    del decided
    key = read(reference)
    links = [*_lies_in(key)]
    unlinked = []
    names = _names(key)
    for subject in ours:
        area = _area_of(subject, key, names)
        if area:
            match = link((subject.iri, subject.label), AREA, (area.iri, area.fi), LEXICAL, match=area.fi)
            links.append(match)
        elif subject.kind in (*_KINDS, "municipality", "regional-council") and _is_regional(subject):
            unlinked.append(Unlinked(NAME, subject.iri, subject.label, "a municipality key that names its area"))
    proposal = Proposal(
        NAME,
        "Areas: municipalities, regions, wellbeing counties, areas of ELY Centres and of their successors",
        "Statistics Finland, municipality keys",
        f"{key.newest}",
        "CC BY 4.0",
        tuple(links),
        (),
        tuple(unlinked),
    )
    return [proposal]


def _is_regional(subject: Subject) -> bool:
    return subject.kind != "state-agency" or subject.iri.rpartition("/")[2].startswith("evk-")


def _lies_in(key: Key) -> Iterable[Link]:
    for number, municipality in key.municipalities.items():
        gone = [] if key.last_year[number] == key.newest else [("until", f"{key.last_year[number]}-12-31")]
        for scheme, _ in WIDER:
            if area := key.wider.get((number, scheme)):
                names = [("sv", municipality.sv), ("en", municipality.en), ("area_sv", area.sv), ("area_en", area.en)]
                ends = (municipality.iri, municipality.fi), BROAD, (area.iri, area.fi)
                yield link(*ends, BY_CODE, other=[*names, *gone])


def _names(key: Key) -> dict[tuple[str, str], set[Area]]:
    """(scheme, name key of the body or genitive of the place) → areas."""
    names: dict[tuple[str, str], set[Area]] = defaultdict(set)
    for (_, scheme), area in key.wider.items():
        if scheme == "region":
            for form in genitives(area.fi):
                names["regional-council", name_key.fold(form)].add(area)
        else:
            names[scheme, name_key.key(area.fi)].add(area)
    for area in key.municipalities.values():
        for form in genitives(area.fi):
            names["municipality", name_key.fold(form)].add(area)
    return names


def _area_of(subject: Subject, key: Key, names: dict[tuple[str, str], set[Area]]) -> Area | None:
    """Find the one area a body is responsible for by its name; nothing where two fit."""
    found: set[Area] = set()
    for name in subject.names:
        if scheme := _KINDS.get(subject.kind or ""):
            found |= names.get((scheme, name_key.key(name)), set())
        elif subject.kind in ("municipality", "regional-council"):
            place, _, head = name_key.parse(name).base.rpartition(" ")
            if head in ("kaupunki", "kunta", "liitto", "maakuntaliitto"):
                found |= names.get((subject.kind, name_key.fold(place)), set())
    return found.pop() if len(found) == 1 else None
