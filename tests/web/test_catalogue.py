"""The vocabulary, the checks, the catalogue of files and the files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
import rdflib
from starlette.testclient import TestClient

from tests.webstore import PERSON, make_store, page, serving
from web import words


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serving(make_store(tmp_path_factory.mktemp("catalogue") / "store")) as opened:
        yield opened


def test_the_vocabulary_has_a_place_for_every_term(client: TestClient) -> None:
    html = page(client, "/def", "sv")
    assert "Gånger i detta material" in html
    assert "a tg:Call ." in html, "each term has its example"
    for name in ("Theme", "intermediateBody", "shareOf", "Conflict"):
        assert f'id="{name}"' in html
    assert "riksomfattande tema" in html
    turtle = client.get("/def", headers={"accept": "text/turtle"})
    assert len(rdflib.Graph().parse(data=turtle.text, format="turtle")) > 800


def test_the_checks_are_listed_with_their_messages(client: TestClient) -> None:
    html = page(client, "/shapes", "fi")
    assert 'id="ThemeLabel"' in html
    assert '<a href="#file-theme">Teemat</a>' in html
    assert "virhe" in html
    assert len(rdflib.Graph().parse(data=client.get("/shapes.ttl").text, format="turtle")) > 500


def test_the_catalogue_describes_each_file(client: TestClient) -> None:
    graph = rdflib.Graph().parse(data=client.get("/data.ttl").text, format="turtle")
    urls = {str(u) for u in graph.objects(None, rdflib.DCAT.downloadURL)}
    assert len(urls) == 5
    for url in urls:
        assert client.get(url).status_code == 200
    dataset = next(graph.subjects(rdflib.RDF.type, rdflib.DCAT.Dataset))
    assert {o.language for o in graph.objects(dataset, rdflib.DCTERMS.title)} == set(words.LANGUAGES)


NEEDED = {
    "Catalog": {"description", "publisher", "title"},
    "Dataset": {"description", "title", "theme", "keyword", "distribution", "publisher"},
    "Distribution": {"accessURL", "license", "format", "availability"},
    "DataService": {"title", "endpointURL", "servesDataset"},
    "Agent": {"name"},
}
ONCE = {
    "publisher",
    "accessRights",
    "license",
    "mediaType",
    "homepage",
    "modified",
    "issued",
    "accessURL",
    "availability",
}
TEXTS = {"title", "description", "keyword", "identifier", "name"}
DATES = {rdflib.XSD.date, rdflib.XSD.dateTime, rdflib.XSD.gYear, rdflib.XSD.gYearMonth}


def test_the_catalogue_keeps_the_rules_of_dcat_ap_3(client: TestClient) -> None:
    """What DCAT-AP 3.0.0 demands and recommends of these classes, how often, and as which kind of value."""
    graph = rdflib.Graph().parse(data=client.get("/data.ttl").text, format="turtle")
    told = {name: set() for name in NEEDED}
    for subject, cls in graph.subject_objects(rdflib.RDF.type):
        name = re.split("[#/]", str(cls))[-1]
        if name not in NEEDED:
            continue
        properties = [(re.split("[#/]", str(p))[-1], o) for p, o in graph.predicate_objects(subject)]
        given = [p for p, _ in properties]
        told[name].add(subject)
        assert NEEDED[name] <= set(given), (name, NEEDED[name] - set(given))
        assert all(given.count(p) <= 1 for p in ONCE), name
        for prop, value in properties:
            assert isinstance(value, rdflib.Literal) or prop not in TEXTS, (name, prop)
            assert prop not in ("modified", "issued") or value.datatype in DATES
    assert all(told.values())


DCT, DCAT, SKOS_CONCEPT = "http://purl.org/dc/terms/", "http://www.w3.org/ns/dcat#", rdflib.SKOS.Concept
RANGES = {
    **{f"{DCT}{name}": rdflib.URIRef(DCT + kind) for name, kind in (
        ("license", "LicenseDocument"), ("accessRights", "RightsStatement"), ("accrualPeriodicity", "Frequency"),
        ("conformsTo", "Standard"), ("format", "MediaTypeOrExtent"), ("language", "LinguisticSystem"),
        ("spatial", "Location"), ("temporal", "PeriodOfTime"),
    )},
    f"{DCAT}mediaType": rdflib.URIRef(f"{DCT}MediaType"),
    f"{DCAT}theme": SKOS_CONCEPT,
    f"{DCAT}themeTaxonomy": rdflib.SKOS.ConceptScheme,
    f"{DCAT}contactPoint": rdflib.URIRef("http://www.w3.org/2006/vcard/ns#Kind"),
    f"{DCAT}endpointURL": rdflib.RDFS.Resource,
    "http://data.europa.eu/r5r/availability": SKOS_CONCEPT,
}  # fmt: skip
"""Property → the class that DCAT-AP 3.0.1 wants its values to be stated of."""


def test_the_catalogue_says_what_its_values_are(client: TestClient) -> None:
    """A shapes file that knows no authority list finds the classes of all values in the catalogue itself."""
    graph = rdflib.Graph().parse(data=client.get("/data.ttl").text, format="turtle")
    checked = {str(p) for p in graph.predicates()} & set(RANGES)
    assert len(checked) > 11
    wrong = [(p, o) for _, p, o in graph if str(p) in RANGES and (o, rdflib.RDF.type, RANGES[str(p)]) not in graph]
    assert wrong == []
    listed = set(graph.subjects(rdflib.RDF.type, SKOS_CONCEPT))
    assert [concept for concept in listed if not list(graph.objects(concept, rdflib.SKOS.inScheme))] == []


def test_the_data_page_describes_itself_to_search_engines_and_says_how_to_cite(client: TestClient) -> None:
    html = page(client, "/data", "en")
    described = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)[0])
    assert described["@type"] == "Dataset"
    assert described["dateModified"] == "2031-12-31"
    for file in described["distribution"]:
        assert client.get(file["contentUrl"]).status_code == 200
    assert re.search(r"Teemagraafi contributors: Teemagraafi.*, [0-9.]+\. 2031-12-31\. CC BY 4\.0\.", html)


def test_a_dump_holds_everything_but_persons(client: TestClient) -> None:
    everything = client.get("/data/everything.nq").text
    assert everything.count(" <https://w3id.org/teemagraafi/id/passage/katsaus-2031/8-8-00000008> .\n") == 7
    assert PERSON not in everything
    assert "id/contact" not in everything
    assert client.get("/data/other.nq").status_code == 404
