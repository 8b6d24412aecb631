"""A project that no list shows: the prose tells its name and who carries it out."""

from __future__ import annotations

import re

from loaders.review.entries import Entry, members
from loaders.review.form import Form

_NAMED = re.compile(
    r"(?P<acronym>[A-ZÅÄÖ]\w+)\s+eli\s+(?P<name>[A-ZÅÄÖ][^.:;]{3,120}?)\s+-(?P<kind>(?:koordinaatio)?hanke)", re.DOTALL
)
_SHORT = re.compile(r"(?P<name>[A-ZÅÄÖ]\w+-koordinaatio(?:hanke)?)\b")
_RUN_BY = re.compile(
    r"[Pp]äätoteuttajana\s+(?:on|toimii)\s+(?P<lead>[^.]+?)(?:,?\s+(?:ja\s+)?osatoteuttaj(?:ina|ana)\s+(?:ovat\s+|on\s+|toimivat\s+)?"
    r"(?P<partners>[^.]+))?\.",
    re.DOTALL,
)


def narrated(form: Form) -> Entry | None:
    """A coordination project that no list shows: its name and implementers told in the running text."""
    found = [(part, match) for part in form.prose for match in _RUN_BY.finditer(part.text)]
    named = [(part, match) for part in form.prose for match in _NAMED.finditer(part.text)]
    named += [(part, match) for part, _ in found for match in _SHORT.finditer(part.text)]
    if not found or not named:
        return None
    part, run_by = found[0]
    holder, name = named[0]
    entry = Entry(holder.of(name, "name"), end=part.of(run_by).end)
    if "koordinaatio" in name[0]:
        entry.coordination = holder.of(name)
    if name.groupdict().get("acronym"):
        entry.short = holder.of(name, "acronym")
    lead = part.of(run_by, "lead").strip()
    entry.members = members(lead, "lead", part.sub(run_by.start(), lead.start - part.start))
    if run_by["partners"]:
        label = part.sub(run_by.end("lead"), run_by.start("partners")).strip(" ,")
        entry.members += members(part.of(run_by, "partners").strip(), "partner", label)
    entry.group = len(entry.members) > 1
    return entry
