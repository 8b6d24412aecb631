"""The start page: how much there is."""

from __future__ import annotations

import pyoxigraph as ox

from loaders.rdf.terms import TG
from web.models.counts import select
from web.models.terms import Data

_CLASSES = ("Theme", "Project", "Implementer", "FinancialObservation", "SourceDocument", "Passage", "Conflict")
_COUNTS = "SELECT ?class (COUNT(?s) AS ?n) WHERE {{ VALUES ?class {{ {classes} }} ?s a ?class }} GROUP BY ?class"


def counts(store: ox.Store) -> Data:
    """Number of things of each class that the start page names."""
    classes = " ".join(f"<{TG}{name}>" for name in _CLASSES)
    found = {
        row["class"].value.removeprefix(TG): int(row["n"].value)
        for row in select(store, _COUNTS.format(classes=classes))
    }
    return {name: found.get(name, 0) for name in _CLASSES}
