"""Why the spellings of an organisation are one, and what links say of it, told from the graph alone."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from commands.query import describe
from engine.describe import Description, LinkedPair, Match
from engine.describe import describe as described
from links import sets as linksets
from links.sssom import Link, LinkSet
from loaders.rdf.terms import ID

ORG = f"{ID}organisation/"
SAME = "https://w3id.org/teemagraafi/def#sameOrganisation"
TURTLE = f"""
@prefix tg: <https://w3id.org/teemagraafi/def#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix dct: <http://purl.org/dc/terms/> .
<{ORG}niityn-opisto> rdfs:label "Niityn opisto Oy"@fi ; skos:altLabel "NIITYN OPISTO"@fi , "Ahon koulutus ry"@fi .
<{ORG}thl> rdfs:label "Terveyden ja hyvinvoinnin laitos"@fi .
<{ORG}ahon-koulutus-ry> dct:isReplacedBy <{ORG}niityn-opisto> .
<https://example.org/part> tg:organisation <{ORG}thl> ; tg:nameAsStated "THL" .
"""


@pytest.fixture
def store() -> ox.Store:
    graph = ox.Store()
    graph.load(TURTLE.encode(), ox.RdfFormat.TURTLE)
    ends = ORG + "thl", "THL", SAME
    why = "semapv:LexicalMatching"
    links = (
        Link(*ends, "https://ror.org/1", "THL", why, match="THL", date="2026-11-22"),
        Link(*ends, "https://ror.org/2", "Other", why, rejected=True, reviewer="Lukija", comment="another body"),
    )
    made = LinkSet("ror", {"semapv": "https://w3id.org/semapv/vocab/"}, {}, links)
    graph.bulk_load("".join(q.line() for q in linksets.quads([], [made])).encode(), ox.RdfFormat.N_QUADS)
    return graph


def identity(store: ox.Store, iri: str) -> Description:
    return described(store, Match(iri, iri))


def test_each_spelling_has_its_reason(store: ox.Store) -> None:
    told = {s.name: (s.kind, s.evidence) for s in identity(store, ORG + "niityn-opisto").spellings}
    assert told["Niityn opisto Oy"][0] == told["NIITYN OPISTO"][0] == "key"
    assert told["Niityn opisto Oy"][1] == told["NIITYN OPISTO"][1]
    assert told["Ahon koulutus ry"][0] == "business-id"
    assert "ahon-koulutus-ry" in told["Ahon koulutus ry"][1]
    assert {s.name: s.kind for s in identity(store, ORG + "thl").spellings} == {
        "THL": "registry",
        "Terveyden ja hyvinvoinnin laitos": "registry",
    }


def test_links_come_with_their_evidence_and_rejected_ones_say_so(store: ox.Store) -> None:
    assert identity(store, ORG + "thl").links == [
        LinkedPair("ror", "sameOrganisation", "https://ror.org/1", True, "LexicalMatching", "", "2026-11-22", "THL"),
        LinkedPair(
            "ror", "sameOrganisation", "https://ror.org/2", False, "LexicalMatching", "Lukija", "", "another body"
        ),
    ]


def test_what_is_no_organisation_has_no_spellings_to_explain(store: ox.Store) -> None:
    assert identity(store, f"{ID}theme/jatkuva-oppiminen").spellings == []


def test_the_command_tells_both(shipped_store: Path) -> None:
    asked = ["THL", "--store", str(shipped_store)]
    text = CliRunner().invoke(describe, asked).output
    data = json.loads(CliRunner().invoke(describe, [*asked, "--format", "json"]).output)
    assert "One organisation, written as" in text
    assert "sameOrganisation https://ror.org/" in text
    assert {"spellings", "links", "conflicts", "facts"} <= data.keys()
    assert all({"name", "kind", "evidence"} == spelling.keys() for spelling in data["spellings"])
