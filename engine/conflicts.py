"""What documents disagree on, as rows: each conflict of the current view with its alternatives and where they stand."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyoxigraph as ox

from engine.fusion.conflict import KINDS
from engine.store import Place, place_of, select
from loaders.errors import UserError
from loaders.rdf.terms import CODE, ID, TG

_CONFLICTS = """
SELECT ?conflict ?kind ?about ?label ?property ?dimension ?chosen WHERE {
  ?conflict a tg:Conflict ; tg:kind ?kind ; tg:about ?about ; tg:onProperty ?property .
  OPTIONAL { ?conflict tg:chosen ?chosen }
  OPTIONAL { ?conflict tg:phase|tg:measure ?dimension }
  OPTIONAL { ?about rdfs:label ?label FILTER(LANG(?label) = "fi") }
}
"""
_ALTERNATIVES = """
SELECT ?conflict ?number ?value ?passage WHERE {
  ?conflict tg:alternative ?number .
  ?number tg:alternativeValue ?value .
  OPTIONAL { ?number tg:statedIn ?passage }
}
"""


@dataclass(slots=True)
class Alternative:
    """One value and the passages that state it."""

    value: str
    passages: list[Place] = field(default_factory=list)


@dataclass(slots=True)
class ConflictRow:
    """One conflict: its IRI and kind, what it is about (IRI and label), the property, the value shown, every alternative."""

    conflict: str
    kind: str
    about: str
    label: str
    property: str
    chosen: str | None
    alternatives: list[Alternative] = field(default_factory=list)


def conflicts(store: ox.Store, kind: str | None = None) -> list[ConflictRow]:
    """Every conflict (of one kind), sorted by kind, label and property; raises UsageError for a kind that does not exist."""
    if kind is not None and kind not in KINDS:
        raise UserError(f"no kind of conflict is called {kind!r}: one of {', '.join(KINDS)}")
    rows: dict[str, ConflictRow] = {}
    for row in select(store, _CONFLICTS):
        sort = row["kind"].value.rsplit("/", 1)[-1]
        if kind in (None, sort):
            rows[row["conflict"].value] = ConflictRow(
                row["conflict"].value,
                sort,
                row["about"].value,
                row["label"].value if row["label"] is not None else short(row["about"].value),
                _property(row["property"].value, row["dimension"]),
                short(row["chosen"].value) if row["chosen"] is not None else None,
            )
    for conflict, alternative in _alternatives(store).items():
        if conflict[0] in rows:
            rows[conflict[0]].alternatives.append(alternative)
    return sorted(rows.values(), key=lambda r: (KINDS.index(r.kind), r.label, r.property, r.about, str(r.chosen)))


def _alternatives(store: ox.Store) -> dict[tuple[str, int], Alternative]:
    alternatives: dict[tuple[str, int], Alternative] = {}
    for row in select(store, _ALTERNATIVES):
        key = row["conflict"].value, int(row["number"].value.rsplit("/", 1)[-1])
        alternative = alternatives.setdefault(key, Alternative(short(row["value"].value)))
        if row["passage"] is not None and (place := place_of(store, row["passage"])):
            alternative.passages.append(place)
    for alternative in alternatives.values():
        alternative.passages.sort(key=lambda place: place.order)
    return dict(sorted(alternatives.items()))


def short(value: str) -> str:
    """A value as the rows hold it: things, codes and terms without their namespace."""
    for base in (TG, CODE, ID):
        if value.startswith(base):
            return value.removeprefix(base)
    return value


def _property(iri: str, dimension: ox.NamedNode | None) -> str:
    """``amount (framework)``: the property, and which of several observations."""
    name = iri.rsplit("#", 1)[-1]
    return f"{name} ({dimension.value.rsplit('/', 1)[-1]})" if dimension is not None else name
