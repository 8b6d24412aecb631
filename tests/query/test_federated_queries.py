"""Stored queries that ask other endpoints, against endpoints of the tests' own: they use the links, and count rightly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

import pyoxigraph as ox
import pytest

from engine.query.result import Result
from engine.query.run import run
from loaders.errors import QueryUsageError
from tests.cases import each
from tests.loopback import Handler, Reply, answering, serving
from tests.query_files import readable_queries

FEDERATED = {q.name: q for q in readable_queries() if q.services}
PREFIXES = """@prefix tg: <https://w3id.org/teemagraafi/def#> . @prefix o: <https://w3id.org/teemagraafi/id/organisation/> .
@prefix p: <https://w3id.org/teemagraafi/id/project/> . @prefix t: <https://w3id.org/teemagraafi/id/theme/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix region: <https://w3id.org/teemagraafi/code/region/> . @prefix nuts: <http://data.europa.eu/nuts/code/> .
@prefix wd: <http://www.wikidata.org/entity/> . @prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
OURS = """
p:a a tg:Project ; tg:inTheme t:one , t:two ; tg:implementer o:niitty , o:ely .
p:b a tg:Project ; tg:inTheme t:one ; tg:implementer o:niitty , o:halla .
o:niitty rdfs:label "Niityn yliopisto"@fi ; tg:businessId "1234567-1" ; tg:region region:01 ;
  tg:sameOrganisation wd:Q77 , <https://ror.org/1> .
o:halla rdfs:label "Halla"@fi ; tg:sameOrganisation wd:Q88 ; tg:region region:02 ;
  tg:municipality <https://w3id.org/teemagraafi/code/municipality/002> .
<https://w3id.org/teemagraafi/code/municipality/002> skos:prefLabel "Halla"@fi .
o:ely a tg:ELYCentre ; rdfs:label "Aukion ELY-keskus"@fi .
region:01 skos:inScheme <https://w3id.org/teemagraafi/code/region> ; skos:prefLabel "Uusimaa"@fi ;
  skos:exactMatch nuts:FI901 , nuts:FI801 .
region:02 skos:inScheme <https://w3id.org/teemagraafi/code/region> ; skos:prefLabel "Lappi"@fi ; skos:exactMatch nuts:FI902 .
nuts:FI901 skos:notation "FI901" . nuts:FI801 skos:notation "FI801" . nuts:FI902 skos:notation "FI902" .
ex:m1 tg:about p:a ; tg:phase <https://w3id.org/teemagraafi/code/phase/granted> ; tg:amount 900.00 ; tg:currency "EUR" .
p:c a tg:Project ; tg:implementer o:niitty . p:d a tg:Project ; tg:implementer o:halla .
ex:m2 tg:about p:c ; tg:phase <https://w3id.org/teemagraafi/code/phase/granted> ; tg:amount 500.00 ; tg:currency "EUR" .
ex:m3 tg:about p:d ; tg:phase <https://w3id.org/teemagraafi/code/phase/granted> ; tg:amount 300.00 ; tg:currency "EUR" .
"""
CORDIS = """@prefix eurio: <http://data.europa.eu/s66#> .
ex:org eurio:vatNumber "FI12345671" . ex:role1 eurio:isRoleOf ex:org . ex:role2 eurio:isRoleOf ex:org .
ex:r1 eurio:hasInvolvedParty ex:role1 . ex:r2 eurio:hasInvolvedParty ex:role2 , ex:role1 .
ex:other eurio:vatNumber "FI99999999" . ex:role3 eurio:isRoleOf ex:other . ex:r3 eurio:hasInvolvedParty ex:role3 .
"""
KOHESIO = """@prefix k: <https://linkedopendata.eu/prop/direct/> .
ex:b1 k:P1 "Q77" . ex:b2 k:P1 "Q77" . ex:b3 k:P1 "Q99" .
ex:k1 k:P889 ex:b1 , ex:b2 ; k:P835 1000.50 . ex:k2 k:P889 ex:b1 . ex:k3 k:P889 ex:b3 ; k:P835 5 .
"""
WIKIDATA = """@prefix wdt: <http://www.wikidata.org/prop/direct/> . @prefix ps: <http://www.wikidata.org/prop/statement/> .
@prefix pr: <http://www.wikidata.org/prop/> . @prefix pq: <http://www.wikidata.org/prop/qualifier/> .
wd:Q77 wdt:P159 wd:Q1 . wd:Q1 rdfs:label "Espoo"@fi , "Esbo"@sv . wd:Q99 wdt:P159 wd:Q2 .
wd:Q10 wdt:P605 "FI901" ; pr:P1082 ex:s1 , ex:s2 .
ex:s1 ps:P1082 100 ; pq:P585 "2024-12-31T00:00:00Z"^^xsd:dateTime .
ex:s2 ps:P1082 999 ; pq:P585 "2019-12-31T00:00:00Z"^^xsd:dateTime .
"""
FAR = {
    "https://cordis.europa.eu/datalab/sparql": CORDIS,
    "https://query.linkedopendata.eu/bigdata/namespace/wdq/sparql": KOHESIO,
    "https://query.wikidata.org/sparql": WIKIDATA,
}


def graph(turtle: str) -> ox.Store:
    store = ox.Store()
    store.load((PREFIXES + turtle).encode(), ox.RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="module")
def far() -> Iterator[dict[str, str]]:
    with serving() as start:
        yield {address: start(answering(graph(turtle))) for address, turtle in FAR.items()}


def ask(name: str, far: dict[str, str], **parameters: object) -> Result:
    return run(graph(OURS), name, services=far, **parameters)


def test_the_endpoints_are_these() -> None:
    assert {address for query in FEDERATED.values() for address in query.services} == FAR.keys()
    assert all("federated" in query.tags for query in FEDERATED.values())
    assert {query.question for query in FEDERATED.values()} == {"CQ-21", "CQ-22", "CQ-30", "CQ-31"}


def test_projects_in_cordis_by_vat_number(far: dict[str, str]) -> None:
    assert [tuple(row.values())[1:] for row in ask("cordis-projects", far).dicts()] == [("Niityn yliopisto", 2, 2)]


def test_operations_in_kohesio_by_wikidata_id(far: dict[str, str]) -> None:
    rows = ask("kohesio-operations", far).dicts()
    assert [(r["organisationLabel"], r["operations"], r["contribution"], r["themes"]) for r in rows] == [
        ("Niityn yliopisto", 2, Decimal("1000.5"), 2)
    ]


def test_headquarters_in_wikidata_beside_our_seats(far: dict[str, str]) -> None:
    rows = {r["organisationLabel"]: r for r in ask("wikidata-seats", far).dicts()}
    assert rows.keys() == {"Niityn yliopisto", "Halla"}
    niitty, halla = rows["Niityn yliopisto"], rows["Halla"]
    assert (niitty["municipality"], niitty["headquartersLabel"]) == (None, "Espoo")
    assert (halla["municipalityLabel"], halla["headquarters"], halla["headquartersLabel"]) == ("Halla", None, None)


def test_inhabitants_in_wikidata_by_either_years_nuts_code(far: dict[str, str]) -> None:
    rows = ask("wikidata-population", far).dicts()
    told = [(r["regionLabel"], r["amount"], r["inhabitants"], str(r["at"]), r["perInhabitant"]) for r in rows]
    assert told == [("Uusimaa", Decimal(500), Decimal(100), "2024-12-31", Decimal(5))]


@each("name", FEDERATED)
def test_nobody_is_asked_without_leave(name: str) -> None:
    with pytest.raises(QueryUsageError, match="--allow-service https://"):
        run(graph(OURS), name)


@each("name", FEDERATED)
def test_a_failing_endpoint_is_told_and_nothing_is_made_up(name: str) -> None:
    def busy(handler: Handler, text: str) -> None:
        handler.give(503, "text/plain", b"busy")

    with serving() as start:
        found = ask(name, dict.fromkeys(FAR, start(busy)))
        rows = found.dicts()
    assert any(note.startswith("partial: <") and "busy" in note for note in found.notes)
    assert all(r["headquarters"] is None for r in rows) if name == "wikidata-seats" else not rows


@each("name", FEDERATED)
def test_only_linked_things_are_asked_for(name: str) -> None:
    asked: list[str] = []

    def listen(reply: Reply) -> Reply:
        def heard(handler: Handler, text: str) -> None:
            asked.append(text)
            reply(handler, text)

        return heard

    stores: dict[str, Callable[[Handler, str], None]] = {a: answering(graph(turtle)) for a, turtle in FAR.items()}
    with serving() as start:
        ask(name, {address: start(listen(reply)) for address, reply in stores.items()})
    assert len(asked) == 1
    assert "VALUES (?" in asked[0]
    assert "teemagraafi/id" not in asked[0]
