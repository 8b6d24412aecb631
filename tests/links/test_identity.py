"""Organisations of a graph that are one come under one IRI; those that share an id do not."""

from __future__ import annotations

from links.identity import Decisions, explain, same_organisations, unify_organisations
from links.sssom import Link, LinkSet
from loaders.rdf.terms import A, Quad, literal, tg, thing

ORG = "https://w3id.org/teemagraafi/id/organisation/"
SAME = "https://w3id.org/teemagraafi/def#sameOrganisation"


def decided(*pairs: tuple[str, str, bool], shared: str | None = None) -> Decisions:
    links = tuple(
        Link(ORG + a, "", SAME, ORG + b, "", "semapv:ManualMappingCuration", rejected=no) for a, b, no in pairs
    )
    sets = [LinkSet("identity", {}, {}, links)]
    if shared:
        node = Link(
            ORG + "ely",
            "",
            "http://www.w3.org/ns/adms#identifier",
            f"https://tietopalvelu.ytj.fi/yritys/{shared}",
            "",
            "x",
        )
        sets.append(LinkSet("business-ids", {}, {}, (node,)))
    return Decisions(sets)


def test_organisations_of_a_graph_that_are_one() -> None:
    def organisation(key: str, *numbers: str) -> list[Quad]:
        node = thing("organisation", key)
        return [Quad(node, A, tg("Organisation")), *(Quad(node, tg("businessId"), literal(n)) for n in numbers)]

    graph = [
        *organisation("metsan-saatio", "1234567-1"),
        *organisation("puu-saatio", "1234567-1"),
        *organisation("ely-a", "2222222-9"),
        *organisation("ely-b", "2222222-9"),
        *organisation("two-ids", "1234567-1", "4444444-7"),
        *organisation("aava-ry"),
        *organisation("meri-ry"),
    ]
    told = decided(("aava-ry", "meri-ry", False), shared="2222222-9")
    assert same_organisations(graph, told) == {
        thing("organisation", "meri-ry"): thing("organisation", "aava-ry"),
        thing("organisation", "puu-saatio"): thing("organisation", "metsan-saatio"),
    }
    assert same_organisations(graph, decided(("metsan-saatio", "puu-saatio", True), shared="2222222-9")) == {}


def test_a_graph_is_rewritten_to_the_iri_that_is_kept() -> None:
    one, other = thing("organisation", "metsan-saatio"), thing("organisation", "puu-saatio")
    part = thing("participation", "S30001")
    graph = [
        Quad(one, tg("businessId"), literal("1234567-1"), "<g1>"),
        Quad(other, tg("businessId"), literal("1234567-1"), "<g2>"),
        Quad(part, tg("organisation"), other, "<g2>"),
    ]
    found = unify_organisations(graph, Decisions())
    assert Quad(part, tg("organisation"), one, "<g2>") in found
    assert Quad(one, tg("businessId"), literal("1234567-1"), "<g2>") in found
    assert Quad(other, "<http://purl.org/dc/terms/isReplacedBy>", one) in found
    assert len(found) == 4
    assert unify_organisations(graph[:1]) == graph[:1]


def test_a_spelling_is_explained() -> None:
    assert explain("Hämeen ELY").kind == "registry"
    assert explain("Hämeen ELY").evidence == "inflected of Hämeen ELY-keskus"
    assert explain("Niityn opisto Oy").evidence == "niitynopisto"
