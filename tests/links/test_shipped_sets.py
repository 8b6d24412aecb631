"""The shipped link sets, and the reference tables beside the repository that they were proposed from."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import pytest

from links.decide import check_consistent
from links.propose import Outcome, propose
from links.reference import Reference
from links.rule import subjects
from links.sets import read_sets
from links.sssom import SAME_ORGANISATION, TABLES, LinkSet, text_of
from loaders.names import Registry
from tests.link_reference import ORG, ROR
from tests.links.proposals import pairs

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "data" / "reference"


def test_the_shipped_sets_agree_with_themselves() -> None:
    for links in read_sets():
        check_consistent(links)
        assert links.number("accepted") == len(links.accepted), links.name
        assert links.number("rejected") == len(links.rejected), links.name


def test_six_ely_centres_stay_six_though_they_share_an_id() -> None:
    shared = [link for links in read_sets() for link in links.accepted if link.object.endswith("2296962-1")]
    assert len({link.subject for link in shared}) == 16
    assert {link.subject.rpartition("/")[2] for link in shared if link.predicate == SAME_ORGANISATION} == {"keha"}


@pytest.fixture(scope="module")
def real() -> Reference:
    if not REFERENCE.is_dir():
        pytest.skip("the reference tables are not beside the repository")
    return Reference(REFERENCE)


@pytest.fixture(scope="module")
def proposed(real: Reference, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What the reference tables give, with no decision taken before."""
    return propose(real, tmp_path_factory.mktemp("no-sets"), subjects(Registry.load()), "2026-11-22")


def linked(sets: Iterable[LinkSet]) -> set[str]:
    """Organisations that some register identifies."""
    identifying = {"areas", "business-ids", "fairdata", "ror", "seats"}
    return {link.subject for links in sets if links.name in identifying for link in links.accepted}


def _seeds() -> list[str]:
    with (REFERENCE / "seed_organisations.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [ORG + Registry.load().organisation_key(row["name_in_seeds"]) for row in rows]


def test_the_documents_organisations_are_linked_as_far_as_the_tables_reach(proposed: Outcome) -> None:
    """Of 129 the rule alone links at least 73, with the shipped decisions at least 77; the rest say what would link them."""
    seeds, by_rule, shipped = _seeds(), linked(proposed.sets), linked(read_sets())
    assert len(seeds) == 129
    assert sum(iri in by_rule for iri in seeds) >= 76
    assert sum(iri in shipped for iri in seeds) >= 80
    listed = {entry.subject for entry in proposed.unlinked} | {candidate.subject for candidate in proposed.candidates}
    assert set(seeds) - shipped <= listed


def test_no_wrong_link_among_the_known_traps(proposed: Outcome) -> None:
    found = {links.name: links for links in proposed.sets}
    assert not [s for s, _ in pairs(found["business-ids"]) if s == "seinajoen-kaupunki"]
    flagged = {c.object.rpartition("/")[2] for c in proposed.candidates if c.subject.endswith("seinajoen-kaupunki")}
    assert {"0182381-8", "1928736-3"} <= flagged
    assert ("049", "Q984861") in pairs(found["places"], rejected=True)
    assert ("049", "Q47034") in pairs(found["places"])
    assert not [o for s, o in pairs(found["ror"]) if s == "taike"]
    assert ("ely-hame", "evk-sisa-suomi") in pairs(found["succession"])
    assert ("ely-hame", "evk-kaakkois-suomi") in pairs(found["succession"])
    assert {
        ("lahden-ammattikorkeakoulu", "lab-ammattikorkeakoulu"),
        ("saimaan-ammattikorkeakoulu", "lab-ammattikorkeakoulu"),
    } <= pairs(found["succession"])


def test_the_example_of_the_reference_agrees(real: Reference) -> None:
    """What a careful reader linked to ROR by hand, this links to the same record or leaves to a person."""
    ours = {
        link.subject.rpartition("/")[2]: link.object
        for links in read_sets()
        if links.name == "ror"
        for link in links.accepted
    }
    with (real.folder / "example_linkset_org_ror.sssom.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t"))
    by_hand = {
        Registry.load().organisation_key(row["subject_label"]): ROR + row["object_id"].removeprefix("ror:")
        for row in rows
        if row["predicate_id"] == "skos:exactMatch" and not row["predicate_modifier"]
    }
    assert {key: ours[key] for key in by_hand if key in ours} == {
        key: iri for key, iri in by_hand.items() if key in ours
    }
    assert set(by_hand) <= set(ours)


def test_the_shipped_sets_are_what_the_reference_gives(real: Reference) -> None:
    folder = Path(__file__).resolve().parents[2] / "links"
    outcome = propose(real, folder, subjects(Registry.load()), "2026-11-22")
    assert {links.name for links in outcome.sets} == set(TABLES.titles)
    for links in outcome.sets:
        assert (folder / f"{links.name}.sssom.tsv").is_file() == bool(links.links)
        assert not links.links or text_of(links) == (folder / f"{links.name}.sssom.tsv").read_text(encoding="utf-8"), (
            links.name
        )
