"""Municipalities and regions → YSO places and Wikidata items, as close matches.

Public tables of Wikidata ids are wrong often enough that one alone decides nothing: an id is accepted where two sources give
it for the same place. One that a third source gives to another place is kept as rejected, so that it is not proposed again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from links.reference import Reference
from links.rule import Candidate, Proposal, Subject
from links.sssom import CLOSE, LEXICAL, PREFIXES, Link, LinkSet
from links.targets import areas
from links.targets.common import code, link
from loaders.errors import SourceError
from loaders.names import keys as name_key

NAME = "places"
PLACES, BRANDS, DOUBTFUL = (
    "yso_places_wikidata_fi_subset.tsv",
    "nsi_fi_wikidata.csv",
    "untrusted/dr5hn_fi_cities_wikidata.csv",
)
ANSWER = "wikidata.json"
"""Wikidata's answer (SPARQL results in JSON) with the variables ``item`` and ``code``: items by municipality number."""


def propose(reference: Reference, ours: Sequence[Subject], decided: Mapping[str, LinkSet]) -> list[Proposal]:
    """Propose the set."""
    del ours, decided
    key = areas.read(reference)
    places = _by_name([*key.municipalities.values(), *{a for (_, s), a in key.wider.items() if s == "region"}])
    rows = reference.rows(PLACES, "yso_uri", "label_en", "wikidata_qid")
    second = {(row["qid"], "") for row in reference.rows(BRANDS, "qid", "names")} | set(_numbered(reference))
    links: list[Link] = []
    candidates: list[Candidate] = []
    for label, entries in _grouped(rows).items():
        for area in places.get(name_key.fold(label), ()):
            made, open_ = _place(area, entries, second, places)
            links += made
            candidates += open_
    links += _refused(reference, places, rows)
    source = (
        "Finto YSO places with Wikidata links; name-suggestion-index",
        "002ab15; 8.0.20260918",
        "CC0; BSD-3-Clause",
    )
    title = "Municipalities and regions in YSO places and Wikidata"
    return [Proposal(NAME, title, *source, tuple(links), tuple(candidates))]


def _numbered(reference: Reference) -> Iterator[tuple[str, str]]:
    """(item, municipality) as Wikidata's own municipality numbers tell."""
    for row in reference.records(ANSWER, "results", "bindings") if reference.has(ANSWER) else ():
        if not {"item", "code"} <= row.keys():
            raise SourceError(ANSWER, "is an answer without the variables item and code")
        item = row["item"]["value"].removeprefix(PREFIXES["wikidata"])
        yield item, code("municipality", row["code"]["value"].zfill(3))


def _by_name(found: Sequence[areas.Area]) -> dict[str, list[areas.Area]]:
    names: dict[str, list[areas.Area]] = defaultdict(list)
    for area in found:
        for name in {name_key.fold(n) for n in (area.fi, area.sv, area.en)}:
            names[name].append(area)
    return names


def _grouped(rows: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    groups: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        groups[row["label_en"]].append(row)
    return groups


def _place(
    area: areas.Area, entries: list[dict[str, str]], second: set[tuple[str, str]], places: dict[str, list[areas.Area]]
) -> tuple[list[Link], list[Candidate]]:
    """One YSO place of the name is accepted; a Wikidata item only with a second source."""
    unique = len(entries) == 1 and len(places[name_key.fold(entries[0]["label_en"])]) == 1
    ends = (area.iri, area.fi), CLOSE
    links, candidates = [], []
    for rank, entry in enumerate(entries, 1):
        reasons = "same name" if unique else f"same name; {len(entries)} entries bear it"
        if unique:
            links.append(link(*ends, (entry["yso_uri"], entry["label_en"]), LEXICAL, "0.95", match=entry["label_en"]))
        else:
            candidates.append(_candidate(area, rank, entry["yso_uri"], entry["label_en"], reasons))
    item = entries[0]["wikidata_qid"]
    if agreeing := [
        name for key, name in (((item, ""), "name-suggestion-index"), ((item, area.iri), "Wikidata")) if key in second
    ]:
        comment = f"YSO places and {' and '.join(agreeing)} agree"
        links.append(
            link(*ends, (PREFIXES["wikidata"] + item, entries[0]["label_en"]), LEXICAL, "0.95", comment=comment)
        )
    else:
        reasons = "YSO places gives it; no second source"
        candidates.append(_candidate(area, 1, PREFIXES["wikidata"] + item, entries[0]["label_en"], reasons))
    return links, candidates


def _candidate(area: areas.Area, rank: int, iri: str, label: str, reasons: str) -> Candidate:
    return Candidate(NAME, area.iri, area.fi, rank, CLOSE, iri, label, 1.0, reasons)


def _refused(reference: Reference, places: dict[str, list[areas.Area]], rows: list[dict[str, str]]) -> Iterator[Link]:
    """Ids that a doubtful table gives to one place and a better one to another: rejected, with the reason."""
    if not reference.has(DOUBTFUL):
        return
    owner = {row["wikidata_qid"]: row["label_en"] for row in rows}
    known = {row["label_en"]: row["wikidata_qid"] for row in rows}
    for row in reference.rows(DOUBTFUL, "name", "wikidata_id"):
        name, item = row["name"], row["wikidata_id"]
        if name in known and item in owner and owner[item] != name:
            for area in places.get(name_key.fold(name), ()):
                comment = f"a public table of cities gives it; YSO places has it for {owner[item]}"
                target = (PREFIXES["wikidata"] + item, owner[item])
                yield replace(link((area.iri, area.fi), CLOSE, target, LEXICAL, "1", comment=comment), rejected=True)
