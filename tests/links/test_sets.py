"""Link sets in the graph: evidence in graphs of their own, facts of known things only in the default graph."""

from __future__ import annotations

from links.sets import GRAPHS, quads, read_sets
from links.sssom import BY_CODE, Link, LinkSet
from loaders.rdf.terms import A, Quad, code, date, iri, literal, tg, thing

ORG = "https://w3id.org/teemagraafi/id/organisation/"
TG = "https://w3id.org/teemagraafi/def#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
CODE = "https://w3id.org/teemagraafi/code/"
ADMS = "http://www.w3.org/ns/adms#"
PREFIXES = {"semapv": "https://w3id.org/semapv/vocab/"}


def link(subject: str, predicate: str, target: str, **more: object) -> Link:
    return Link(subject, subject, predicate, target, target, "semapv:LexicalMatching", **more)  # type: ignore[arg-type]


def a_set(name: str, *links: Link) -> LinkSet:
    return LinkSet(
        name, PREFIXES, {"mapping_set_title": name, "license": "https://example.org/free", "other": "unlinked=3"}, links
    )


def view(*keys: str) -> list[Quad]:
    return [Quad(thing("organisation", key), A, tg("Organisation")) for key in keys]


def default(found: list[Quad]) -> set[Quad]:
    return {quad for quad in found if not quad.g}


def test_a_pair_stands_in_the_graph_of_its_set_with_its_evidence() -> None:
    accepted = link(
        ORG + "niitty",
        TG + "sameOrganisation",
        "https://ror.org/1",
        reviewer="Lukija",
        date="2026-11-22",
        comment="seen",
    )
    rejected = link(ORG + "niitty", TG + "sameOrganisation", "https://ror.org/2", rejected=True)
    found = [q for q in quads([], [a_set("ror", accepted, rejected)]) if q.g]
    assert {q.g for q in found} == {iri(GRAPHS + "ror")}
    triples = {(q.s, q.p, q.o) for q in found}
    assert (iri(ORG + "niitty"), tg("sameOrganisation"), iri("https://ror.org/1")) in triples
    assert (iri(ORG + "niitty"), tg("sameOrganisation"), iri("https://ror.org/2")) not in triples
    negated = [q.s for q in found if q.o == iri("https://w3id.org/sssom/NegatedPredicate")]
    assert len(negated) == 1
    assert (
        Quad(negated[0], iri("http://www.w3.org/2002/07/owl#annotatedTarget"), iri("https://ror.org/2"), found[0].g)
        in found
    )
    assert [q.o for q in found if q.p == iri("https://w3id.org/sssom/reviewer_label")] == [literal("Lukija")]


def test_a_set_is_described_in_the_default_graph() -> None:
    found = default(list(quads([], [a_set("ror", link(ORG + "a", TG + "sameOrganisation", "https://ror.org/1"))])))
    node = iri("https://w3id.org/teemagraafi/links/ror")
    assert Quad(node, A, iri("http://rdfs.org/ns/void#Linkset")) in found
    assert Quad(node, tg("unlinkedThings"), '"3"^^<http://www.w3.org/2001/XMLSchema#integer>') in found
    assert Quad(node, iri("http://rdfs.org/ns/void#linkPredicate"), tg("sameOrganisation")) in found


def test_things_no_document_speaks_of_stay_out_of_the_current_view() -> None:
    same = a_set("ror", link(ORG + "niitty", TG + "sameOrganisation", "https://ror.org/1"))
    assert not [q for q in default(list(quads([], [same]))) if q.s == thing("organisation", "niitty")]
    found = default(list(quads(view("niitty"), [same])))
    node = thing("identifier", "ror", "1")
    assert Quad(thing("organisation", "niitty"), iri(ADMS + "identifier"), node) in found
    assert Quad(node, f"<{SKOS}notation>", literal("1")) in found


def test_a_business_id_of_its_own_is_a_value_and_a_shared_one_is_not() -> None:
    own = link(ORG + "niitty", TG + "sameOrganisation", "https://tietopalvelu.ytj.fi/yritys/1234567-1")
    shared = link(ORG + "ely", ADMS + "identifier", "https://tietopalvelu.ytj.fi/yritys/2222222-9")
    stated = [*view("niitty", "ely", "aho"), Quad(thing("organisation", "aho"), tg("businessId"), literal("4444444-7"))]
    other = link(ORG + "aho", TG + "sameOrganisation", "https://tietopalvelu.ytj.fi/yritys/1234567-1")
    found = default(list(quads(stated, [a_set("business-ids", own, shared, other)])))
    assert {(q.s, q.o) for q in found if q.p == tg("businessId")} == {
        (thing("organisation", "niitty"), literal("1234567-1"))
    }
    assert (
        Quad(thing("organisation", "ely"), iri(ADMS + "identifier"), thing("identifier", "business-id", "2222222-9"))
        in found
    )


def test_a_seat_gives_municipality_region_and_their_names() -> None:
    names = (("sv", "Ljungå"), ("en", "Kanervajoki"), ("area_sv", "Östra"), ("area_en", "East"))
    lies = Link(
        f"{CODE}municipality/901",
        "Kanervajoki",
        f"{SKOS}broadMatch",
        f"{CODE}region/91",
        "Itäraja",
        BY_CODE,
        other=names,
    )
    nuts = link(
        f"{CODE}region/91", f"{SKOS}exactMatch", "http://data.europa.eu/nuts/code/FI9X2", other=(("year", "2024"),)
    )
    seat = link(ORG + "niitty", TG + "municipality", f"{CODE}municipality/901")
    found = default(list(quads(view("niitty"), [a_set("areas", lies), a_set("nuts-2024", nuts), a_set("seats", seat)])))
    organisation, town, region = thing("organisation", "niitty"), code("municipality", "901"), code("region", "91")
    assert {Quad(organisation, tg("municipality"), town), Quad(organisation, tg("region"), region)} <= found
    assert Quad(town, f"<{SKOS}prefLabel>", literal("Ljungå", "sv")) in found
    assert Quad(region, f"<{SKOS}prefLabel>", literal("Itäraja", "fi")) in found
    assert Quad(region, iri(f"{SKOS}exactMatch"), iri("http://data.europa.eu/nuts/code/FI9X2")) in found
    assert Quad(iri("http://data.europa.eu/nuts/code/FI9X2"), tg("classificationYear"), date("2024")) in found


def test_a_body_lies_in_the_region_that_holds_all_of_its_area() -> None:
    def lies(municipality: str, wider: str) -> Link:
        ends = f"{CODE}municipality/{municipality}", municipality, f"{SKOS}broadMatch", f"{CODE}{wider}", wider
        return Link(*ends, BY_CODE)

    lie = [lies("901", "region/91"), lies("902", "region/92"), lies("901", "wellbeing-county/51")]
    wide = [lies("901", "ely-area/61"), lies("902", "ely-area/61")]
    bodies = [
        link(ORG + key, TG + "area", CODE + area)
        for key, area in (("hoiva", "wellbeing-county/51"), ("ely", "ely-area/61"))
    ]
    council = link(ORG + "liitto", TG + "area", f"{CODE}region/92")
    found = default(list(quads(view("hoiva", "ely", "liitto"), [a_set("areas", *lie, *wide, *bodies, council)])))
    regions = {(quad.s, quad.o) for quad in found if quad.p == tg("region")}
    assert regions == {
        (thing("organisation", "hoiva"), code("region", "91")),
        (thing("organisation", "liitto"), code("region", "92")),
    }


def test_a_successor_comes_with_its_day_and_its_names() -> None:
    follows = link(
        ORG + "ely-hame",
        TG + "succeededBy",
        ORG + "evk-sisa-suomi",
        other=(("from", "2026-01-01"), ("begins", "2026-01-01")),
    )
    found = default(list(quads(view("ely-hame"), [a_set("succession", follows)])))
    day = '"2026-01-01"^^<http://www.w3.org/2001/XMLSchema#date>'
    event, new = thing("change", "ely-hame", "2026-01-01"), thing("organisation", "evk-sisa-suomi")
    assert Quad(event, iri("http://purl.org/dc/terms/date"), day) in found
    assert Quad(thing("organisation", "ely-hame"), tg("validUntil"), day.replace("2026-01-01", "2025-12-31")) in found
    assert Quad(new, tg("validFrom"), day) in found
    assert (
        Quad(new, iri("http://www.w3.org/2000/01/rdf-schema#label"), literal("Sisä-Suomen elinvoimakeskus", "fi"))
        in found
    )


def test_project_codes_lead_to_the_pages_of_their_period() -> None:
    codes = {
        "S10324": "eura2007",
        "A30045": "eura2007",
        "S21119": "eura2014",
        "A70301": "eura2014",
        "S30068": None,
        "205677": None,
    }
    told = [Quad(thing("project", value), tg("projectCode"), literal(value)) for value in codes]
    pages = {q.s: q.o for q in quads(told, []) if q.p == iri("http://xmlns.com/foaf/0.1/page")}
    for value, service in codes.items():
        page = pages.get(thing("project", value))
        assert (page is None) if service is None else (page and service in page and page.endswith(f"={value}>")), value


def test_no_fact_is_said_twice_and_none_the_view_has() -> None:
    seen = view("turun-yliopisto", "ely-hame")
    found = list(quads(seen))
    assert len([q for q in found if not q.g]) == len(default(found))
    assert not set(seen) & set(found)
    again = list(quads([*seen, *default(found)], read_sets()))
    facts = {q for q in default(again) if q.s.startswith(f"<{ORG}") and "evk-" not in q.s}
    assert facts == set()


def test_projects_pages_are_a_set_of_their_own() -> None:
    projects = [thing("project", key) for key in ("a", "b")]
    told = [
        Quad(projects[0], tg("projectCode"), literal("S21119")),
        Quad(projects[1], tg("projectCode"), literal("S30001")),
    ]
    found = list(quads(told, []))
    page = iri("https://www.eura2014.fi/rrtiepa/projekti.php?projektikoodi=S21119")
    place = iri("http://xmlns.com/foaf/0.1/page")
    assert Quad(projects[0], place, page) in found
    assert Quad(projects[0], place, page, iri(GRAPHS + "eura-pages")) in found
    counts = {quad.p: quad.o for quad in found if quad.s == iri("https://w3id.org/teemagraafi/links/eura-pages")}
    assert counts[iri("http://rdfs.org/ns/void#triples")].startswith('"1"')
    assert counts[tg("unlinkedThings")].startswith('"1"')
