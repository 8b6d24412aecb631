"""Funds, country, languages and currency → the EU Publications Office's authority tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from links.reference import Reference
from links.rule import Proposal, Subject, Unlinked
from links.sssom import BY_CODE, EXACT, NARROW, LinkSet
from links.targets.common import code, link

NAME = "eu-authorities"
FUNDS = (("ESR+", "ESF+"), ("EAKR", "ERDF"), ("JTF", "Just Transition Fund"), ("ESR", "ESF"))
"""Our notation of a fund, and what an EU table calls it in English."""
SEVERAL_PERIODS = {"ESR", "EAKR"}
"""Funds that we name alike in every period: an entry of one period is narrower."""
VALUES = (
    ("eu_country.csv", "country", "FI", "FIN"),
    ("eu_language.csv", "language", "fi", "FIN"),
    ("eu_language.csv", "language", "sv", "SWE"),
    ("eu_language.csv", "language", "en", "ENG"),
    ("eu_currency.csv", "currency", "EUR", "EUR"),
)
"""Table, our code scheme and notation (ISO codes), the table's code (ISO three-letter codes)."""
_PERIOD = re.compile(r"\((\d{4})/(\d{4})\)$")


def propose(reference: Reference, ours: Sequence[Subject], decided: Mapping[str, LinkSet]) -> list[Proposal]:
    """Propose the set; a fund of several periods is broader than each of its periods in the EU table."""
    del ours, decided
    columns = ("uri", "code", "label_fi", "label_en", "list_version")
    tables = {name: reference.rows(name, *columns) for name in ("eu_programme.csv", *(value[0] for value in VALUES))}
    links, unlinked = [], []
    for notation, english in FUNDS:
        found = [row for row in tables["eu_programme.csv"] if _is_fund(row["label_en"], english)]
        predicate = EXACT if len(found) == 1 and notation not in SEVERAL_PERIODS else NARROW
        for row in found:
            ends = (code("fund", notation), notation), predicate, (row["uri"], row["label_en"])
            links.append(link(*ends, BY_CODE, match=english, other=[("period", _period(row["label_en"]))]))
        if not found:
            unlinked.append(
                Unlinked(NAME, code("fund", notation), notation, "an entry of this fund in eu_programme.csv")
            )
    for table, scheme, notation, wanted in VALUES:
        for row in tables[table]:
            if row["code"] == wanted:
                ends = (code(scheme, notation), row["label_fi"]), EXACT, (row["uri"], row["label_en"])
                links.append(link(*ends, BY_CODE, match=wanted))
    version = max(row["list_version"] for rows in tables.values() for row in rows)
    title = "Funds, country, languages and currency in the EU authority tables"
    source = "EU Publications Office, authority tables"
    return [Proposal(NAME, title, source, version, "CC BY 4.0", tuple(links), (), tuple(unlinked))]


def _is_fund(label: str, english: str) -> bool:
    """``European Social Fund Plus (ESF+) (2021/2027)`` is ESF+ and not ESF."""
    bare = _PERIOD.sub("", label).strip()
    return bare == english or bare.endswith(f"({english})")


def _period(label: str) -> str:
    match = _PERIOD.search(label)
    return f"{match[1]}-{match[2]}" if match else ""
