"""What documents disagree on, as rows: each conflict of the current view with its alternatives and their places."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyoxigraph as ox

from engine.fusion.conflict import KINDS
from engine.store import Place, place_of, records, select
from loaders.errors import UserError

_SHORT = 'REPLACE(STR({}), "^https://w3id.org/teemagraafi/(def#|code/|id/)", "")'
"""A value as the rows hold it: things, codes and terms without their namespace."""
_CONFLICTS = f"""
SELECT ?conflict (REPLACE(STR(?sort), "^.*/", "") AS ?kind) ?about (COALESCE(?name, {_SHORT.format("?about")}) AS ?label)
  (CONCAT(REPLACE(STR(?of), "^.*#", ""), COALESCE(CONCAT(" (", REPLACE(STR(?dimension), "^.*/", ""), ")"), "")) AS ?property)
  ({_SHORT.format("?current")} AS ?chosen) WHERE {{
  ?conflict a tg:Conflict ; tg:kind ?sort ; tg:about ?about ; tg:onProperty ?of .
  OPTIONAL {{ ?conflict tg:chosen ?current }}
  OPTIONAL {{ ?conflict tg:phase|tg:measure ?dimension }}
  OPTIONAL {{ ?about rdfs:label ?name FILTER(LANG(?name) = "fi") }}
}}
"""
_ALTERNATIVES = f"""
SELECT ?conflict ?number ({_SHORT.format("?stated")} AS ?value) ?passage WHERE {{
  ?conflict tg:alternative ?number .
  ?number tg:alternativeValue ?stated .
  OPTIONAL {{ ?number tg:statedIn ?passage }}
}}
"""


@dataclass(slots=True)
class Alternative:
    """One value and the passages that state it."""

    value: str
    passages: list[Place] = field(default_factory=list)


@dataclass(slots=True)
class ConflictRow:
    """One conflict: its IRI and kind, what it is about (IRI and label), the property, the value shown, every alternative.

    The property says which of several observations: ``amount (framework)``.
    """

    conflict: str
    kind: str
    about: str
    label: str
    property: str
    chosen: str | None = None
    alternatives: list[Alternative] = field(default_factory=list)


def conflicts(store: ox.Store, kind: str | None = None) -> list[ConflictRow]:
    """Every conflict (of one kind), sorted by kind, label and property; raises UsageError for a kind that does not exist."""
    if kind is not None and kind not in KINDS:
        raise UserError(f"no kind of conflict is called {kind!r}: one of {', '.join(KINDS)}")
    rows = {row.conflict: row for row in records(store, _CONFLICTS, ConflictRow) if kind in (None, row.kind)}
    alternatives: dict[tuple[str, int], Alternative] = {}
    for row in select(store, _ALTERNATIVES):
        key = row["conflict"].value, int(row["number"].value.rpartition("/")[2])
        alternative = alternatives.setdefault(key, Alternative(row["value"].value))
        if row["passage"] is not None and (place := place_of(store, row["passage"])):
            alternative.passages.append(place)
    for (conflict, _), alternative in sorted(alternatives.items(), key=lambda item: item[0]):
        alternative.passages.sort(key=lambda place: place.order)
        if conflict in rows:
            rows[conflict].alternatives.append(alternative)
    return sorted(rows.values(), key=lambda r: (KINDS.index(r.kind), r.label, r.property, r.about, str(r.chosen)))
