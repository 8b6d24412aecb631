"""Organisations → codes of the Fairdata organisation list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from links.reference import Reference
from links.rule import Proposal, Subject, Target
from links.sssom import PREFIXES, LinkSet
from links.targets.common import register

NAME = "fairdata"
TABLE = "fairdata_organizations.csv"


def propose(reference: Reference, ours: Sequence[Subject], decided: Mapping[str, LinkSet]) -> list[Proposal]:
    """Propose the links by the decision rule."""
    del decided
    source = ("Fairdata, reference data organizations.csv", "2022-08-11", "GPL-2.0 (repository)")
    wanted = "a code of this name in the Fairdata list"
    proposal, _ = register(NAME, "Organisations in the Fairdata list", source, ours, read(reference), wanted)
    return [proposal]


def read(reference: Reference) -> list[Target]:
    """List the organisations with their names in three languages; units are no organisations."""
    columns = ("org_name_fi", "org_name_en", "org_name_sv", "org_code", "unit_main_code", "unit_sub_code", "unit_name")
    names: dict[str, dict[str, None]] = {}
    for row in reference.rows(TABLE, *columns):
        if not row["unit_name"] and not row["unit_sub_code"]:
            told = (row[f"org_name_{lang}"] for lang in ("fi", "en", "sv"))
            names.setdefault(row["org_code"], {}).update(dict.fromkeys(name for name in told if name))
    return [
        Target(PREFIXES["fairdata"] + code, next(iter(found)), tuple(found)) for code, found in names.items() if found
    ]
