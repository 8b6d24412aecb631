"""The report of link sets: figures from the graph, and what would link the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from engine.store import open_store
from links import sets as linksets
from links.sssom import Link, LinkSet
from loaders.rdf.terms import ID
from web.graph import GraphReader
from web.views.reference import link_figures

ORG = f"{ID}organisation/"
SAME = "https://w3id.org/teemagraafi/def#sameOrganisation"
TURTLE = f"""
@prefix tg: <https://w3id.org/teemagraafi/def#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<{ORG}niitty> a tg:Organisation ; rdfs:label "Niitty <b>"@fi , "Ängen"@sv ; tg:sameOrganisation <https://ror.org/1> .
<{ORG}halla> a tg:Organisation ; rdfs:label "Frosten"@sv .
<{ORG}uusi> a tg:Organisation ; rdfs:label "Uusi"@fi . <{ORG}niitty> tg:succeededBy <{ORG}uusi> .
"""


@pytest.fixture
def made() -> dict[str, Any]:
    store = ox.Store()
    store.load(TURTLE.encode(), ox.RdfFormat.TURTLE)
    ends = ORG + "niitty", "Niitty", SAME
    links = (
        Link(*ends, "https://ror.org/1", "N", "semapv:ManualMappingCuration", reviewer="Lukija"),
        Link(*ends, "https://ror.org/2", "M", "semapv:ManualMappingCuration", reviewer="Lukija", rejected=True),
    )
    metadata = {
        "mapping_set_title": "Records",
        "license": "https://example.org/free",
        "mapping_set_description": "ROR",
        "object_source_version": "v2",
        "other": "candidates=3|unlinked=4|source_licence=CC0|wanted=a ROR record",
    }
    sets = [LinkSet("ror", {"semapv": "https://w3id.org/semapv/vocab/"}, metadata, links)]
    store.bulk_load("".join(q.line() for q in linksets.quads([], sets)).encode(), ox.RdfFormat.N_QUADS)
    return link_figures(GraphReader(store))


def test_a_set_in_figures(made: dict[str, Any]) -> None:
    lines = {line["name"]: line for line in made["sets"]}
    assert lines.keys() == {"ror", "eura-pages"}
    ror = lines["ror"]
    counts = ("accepted", "by_person", "rejected", "candidates", "unlinked")
    assert [ror[name] for name in counts] == [1, 1, 1, 3, 4]
    assert [ror[name] for name in ("source", "version", "source_licence")] == ["ROR", "v2", "CC0"]
    assert ror["wanted"] == "a ROR record"


def test_what_no_register_identifies_is_listed_with_what_would_link_it(made: dict[str, Any]) -> None:
    assert (made["organisations"], made["linked"]) == (2, 1)
    assert [(entry["label"], entry["wanted"]) for entry in made["open"]] == [("Frosten", ["a ROR record"])]


def test_the_shipped_graph_reports_every_set_and_says_what_is_missing(shipped_store: Path) -> None:
    made = link_figures(GraphReader(open_store(shipped_store)))
    assert {line["name"] for line in made["sets"]} == {links.name for links in linksets.read_sets()} | {"eura-pages"}
    assert all(line["wanted"] for line in made["sets"] if line["unlinked"])
    stated = ("source", "version", "licence")
    assert all(line[name] for line in made["sets"] if line["name"] != "identity" for name in stated)
    assert made["linked"] + len(made["open"]) == made["organisations"] > 100
