"""Regions → NUTS 3 codes, each year's classification a set of its own: half of the codes changed between 2021 and 2024."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from links.reference import Reference
from links.rule import Proposal, Subject, Unlinked
from links.sssom import BY_CODE, CLOSE, EXACT, PREFIXES, LinkSet
from links.targets import areas
from links.targets.common import link
from loaders.names import keys as name_key

TABLE = "nuts3_fi_2021_to_2024.csv"


def propose(reference: Reference, ours: Sequence[Subject], decided: Mapping[str, LinkSet]) -> list[Proposal]:
    """Propose one set a year of the classification."""
    del ours, decided
    rows = reference.rows(TABLE, "maakunta_name_fi", "nuts2021_code", "nuts2024_code", "note")
    regions = {
        name_key.fold(area.fi): area for (_, scheme), area in areas.read(reference).wider.items() if scheme == "region"
    }
    return [_year(year, rows, regions) for year in (2021, 2024)]


def _year(year: int, rows: list[dict[str, str]], regions: dict[str, areas.Area]) -> Proposal:
    name = f"nuts-{year}"
    links, unlinked = [], []
    for row in rows:
        region = regions.get(name_key.fold(row["maakunta_name_fi"]))
        if region is None:
            unlinked.append(
                Unlinked(name, "", row["maakunta_name_fi"], "a region of this name in the municipality key")
            )
            continue
        notation = row[f"nuts{year}_code"]
        comment = f"boundary of one municipality differs ({row['note']})" if row["note"] and year == 2021 else ""
        names = [("sv", region.sv), ("en", region.en), ("year", str(year))]
        changed = year == 2021 and (row["nuts2021_code"] != row["nuts2024_code"] or bool(row["note"]))
        ends = (region.iri, region.fi), CLOSE if changed else EXACT, (PREFIXES["nuts"] + notation, notation)
        links.append(link(*ends, BY_CODE, match=notation, other=names, comment=comment))
    title = f"Regions and NUTS 3 codes of the classification of {year}"
    return Proposal(
        name, title, "Eurostat, NUTS 3 of Finland", str(year), "CC BY 4.0", tuple(links), (), tuple(unlinked)
    )
