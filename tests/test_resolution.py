"""Which mentions are one organisation, why, and what is left to a person."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from engine.linksets import read_sets
from engine.resolution import Decisions, Mention, Resolution, explain, resolve, same_organisations, unified
from engine.sssom import Link, LinkSet
from loaders.terms import A, Quad, literal, tg, thing

REFERENCE = Path(__file__).resolve().parents[2] / "shared" / "data" / "reference"
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


def grouped(resolution: Resolution) -> set[frozenset[str]]:
    return {frozenset(cluster.names) for cluster in resolution.clusters}


def test_spellings_of_one_name_are_one() -> None:
    found = resolve(
        [Mention("Niityn ammattikorkeakoulu Oy"), Mention("NIITYN AMMATTIKORKEAKOULU"), Mention("Niityn opisto")]
    )
    assert grouped(found) == {
        frozenset({"Niityn ammattikorkeakoulu Oy", "NIITYN AMMATTIKORKEAKOULU"}),
        frozenset({"Niityn opisto"}),
    }
    assert found.key_of("NIITYN AMMATTIKORKEAKOULU") == "niityn-ammattikorkeakoulu"


def test_one_business_id_joins_different_names_and_says_so() -> None:
    found = resolve(
        [Mention("Metsän säätiö sr", "1234567-1"), Mention("Puu-säätiö", "1234567-1"), Mention("Kivi Oy", "2222222-9")]
    )
    assert frozenset({"Metsän säätiö sr", "Puu-säätiö"}) in grouped(found)
    cluster = next(c for c in found.clusters if len(c.names) == 2)
    assert {(r.kind, r.evidence) for r in cluster.reasons} == {("key", "metsänsäätiö"), ("business-id", "1234567-1")}


@pytest.mark.parametrize("number", ["1234567-2", "12345", "2222222-9"])
def test_a_wrong_or_shared_id_joins_nothing(number: str) -> None:
    mentions = [Mention("Itärajan ELY-keskus", number), Mention("Länsirajan ELY-keskus", number)]
    assert len(resolve(mentions, decided(shared="2222222-9")).clusters) == 2


def test_a_name_of_two_legal_persons_is_kept_apart_and_flagged() -> None:
    mentions = [
        Mention("Hallan kaupunki", "1234567-1", "2001", "2008"),
        Mention("HALLAN KAUPUNKI", "2222222-9", "2009", "2020"),
        Mention("Hallan kaupunki", None, "2015-05-01", "2016-05-01"),
        Mention("Hallan kaupunki", None),
    ]
    found = resolve(mentions)
    assert {cluster.key for cluster in found.clusters} == {
        "hallan-kaupunki",
        "hallan-kaupunki-1234567-1",
        "hallan-kaupunki-2222222-9",
    }
    assert [flag.kind for flag in found.flags] == ["homonym", "undated"]
    newer = next(c for c in found.clusters if c.key.endswith("2222222-9"))
    assert newer.names == ("HALLAN KAUPUNKI", "Hallan kaupunki")
    assert found.key_of("HALLAN KAUPUNKI", "2222222-9") == "hallan-kaupunki-2222222-9"
    assert found.key_of("Hallan kaupunki") is None


def test_persons_join_and_part() -> None:
    mentions = [
        Mention("Aava ry"),
        Mention("Meri ry"),
        Mention("Luoto sr", "1234567-1"),
        Mention("Saari sr", "1234567-1"),
    ]
    found = resolve(mentions, decided(("aava-ry", "meri-ry", False), ("luoto-sr", "saari-sr", True)))
    assert grouped(found) == {frozenset({"Aava ry", "Meri ry"}), frozenset({"Luoto sr"}), frozenset({"Saari sr"})}
    assert "decision" in {reason.kind for cluster in found.clusters for reason in cluster.reasons}


def test_the_order_of_mentions_does_not_matter() -> None:
    mentions = [
        Mention(name, number)
        for name in ("Aava ry", "AAVA RY", "Meri Oy", "Halla kunta")
        for number in (None, "1234567-1", "2222222-9")
    ]
    first = resolve(mentions)
    for seed in range(5):
        shuffled = list(mentions)
        random.Random(seed).shuffle(shuffled)
        assert resolve(shuffled) == first


def test_a_spelling_is_explained() -> None:
    assert explain("Hämeen ELY").kind == "registry"
    assert explain("Hämeen ELY").evidence == "inflected of Hämeen ELY-keskus"
    assert explain("Niityn opisto Oy").evidence == "niitynopisto"


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
    found = unified(graph, Decisions())
    assert Quad(part, tg("organisation"), one, "<g2>") in found
    assert Quad(one, tg("businessId"), literal("1234567-1"), "<g2>") in found
    assert Quad(other, "<http://purl.org/dc/terms/isReplacedBy>", one) in found
    assert len(found) == 4
    assert unified(graph[:1]) == graph[:1]


def test_real_provider_names_have_no_false_merge_and_flag_every_homonym() -> None:
    path = REFERENCE / "antero_ytunnus_names.csv"
    if not path.exists():
        pytest.skip("the provider names are not beside the repository")
    with path.open(encoding="utf-8") as file:
        rows = [(row["y_tunnus"], row["name"]) for row in csv.DictReader(file)]
    found = resolve([Mention(name, number) for number, name in rows], Decisions(read_sets()))
    assert [cluster for cluster in found.clusters if len(cluster.business_ids) > 1] == []
    assert len(found.clusters) == len({number for number, _ in rows})
    homonyms = {flag.key for flag in found.flags if flag.kind == "homonym"}
    assert len(homonyms) >= 20
    assert "seinajoen-kaupunki" in homonyms
