"""The link sets, as their page shows them."""

from __future__ import annotations

from dataclasses import asdict

import pyoxigraph as ox

from engine.report.links import report
from loaders.rdf.terms import BASE
from web.models.terms import Data


def overview(store: ox.Store) -> Data:
    """All link sets in figures, and the organisations that no register identifies."""
    found = asdict(report(store))
    for entry in found["open"]:
        entry["path"] = "/doc/" + entry["organisation"].removeprefix(f"{BASE}id/")
    return {**found, "labels": {}}
