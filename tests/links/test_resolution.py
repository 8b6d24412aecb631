"""Which mentions are one organisation, why, and what is left to a person."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from links.resolution import Decisions, Mention, Resolution, explain, resolve
from links.sets import read_sets
from links.sssom import Link, LinkSet
from loaders.names import Registry

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "data" / "reference"
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


def test_real_provider_names_have_no_false_merge_and_flag_every_homonym() -> None:
    path = REFERENCE / "antero_ytunnus_names.csv"
    if not path.exists():
        pytest.skip("the provider names are not beside the repository")
    with path.open(encoding="utf-8") as file:
        rows = [(row["y_tunnus"], row["name"]) for row in csv.DictReader(file)]
    found = resolve([Mention(name, number) for number, name in rows], Decisions(read_sets()))
    assert [cluster for cluster in found.clusters if len(cluster.business_ids) > 1] == []
    assert len(found.clusters) == len({number for number, _ in rows})
    ids: dict[str, set[str]] = {}
    for number, name in rows:
        ids.setdefault(Registry.load().organisation_key(name), set()).add(number)
    homonyms = {key for key, numbers in ids.items() if len(numbers) > 1}
    assert len(homonyms) == 22
    assert "seinajoen-kaupunki" in homonyms
    flagged = {flag.key for flag in found.flags if flag.kind in ("homonym", "bad-id")}
    assert homonyms <= flagged


def bcubed(gold: dict[str, str], found: dict[str, str]) -> tuple[float, float]:
    """B³ precision and recall: of each spelling's cluster what belongs there, and of what belongs there what is in it."""
    precision = recall = 0.0
    for name in gold:
        cluster = {other for other in gold if found[other] == found[name]}
        same = {other for other in gold if gold[other] == gold[name]}
        precision += len(cluster & same) / len(cluster)
        recall += len(cluster & same) / len(same)
    return precision / len(gold), recall / len(gold)


def clustered(names: list[str]) -> dict[str, str]:
    found = resolve([Mention(name) for name in names], Decisions(read_sets()))
    return {name: cluster.key for cluster in found.clusters for name in cluster.names}


INVENTED = {
    "Niityn ammattikorkeakoulu Oy": "amk", "NIITYN AMMATTIKORKEAKOULU OY": "amk", "Niityn ammattikorkeakoulu": "amk",
    "Niityn yliopisto": "yliopisto", "Niityn Yliopisto": "yliopisto", "Niityn yliopiston ylioppilaskunta": "kunta",
    "Ahon koulutuskuntayhtymä": "aho", "Ahon koulutuskunta-yhtymä": "aho", "Ahon koulutus Oy": "aho-oy",
    "Puro-säätiö sr": "puro", "Puro-säätiö": "puro", "Puro ry": "puro-ry",
    "Oy Kivi Ab": "kivi", "Kivi Oy": "kivi", "Kivi ry": "kivi-ry",
    "Halla 4H-yhdistys ry": "halla", "Halla 4H-yhdistys r.y.": "halla", "Hallan 4H-piiri ry": "piiri",
}  # fmt: skip


def test_invented_spellings_cluster_without_a_false_merge() -> None:
    precision, recall = bcubed(INVENTED, clustered(list(INVENTED)))
    assert precision == 1
    assert recall >= 0.9
