"""Decisions of persons about links: what stays, what is refused, and checks of what is linked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from links.decide import Decision, decide, read_decisions
from links.propose import check
from links.reference import Reference
from links.sssom import MANUAL, PREFIXES, SAME_ORGANISATION, Link
from loaders.errors import SourceError
from tests.link_reference import ORG, ROR
from tests.links.proposals import pairs, run, sets


def test_proposing_again_changes_nothing(reference: Reference, folder: Path) -> None:
    run(reference, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    run(reference, folder, "2027-05-05")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def decision(name: str, key: str, iri: str, rejected: bool, line: int = 2) -> Decision:
    link = Link(ORG + key, key, SAME_ORGANISATION, iri, iri, MANUAL, rejected, comment="seen", line=line)
    return Decision(name, link, "decisions.tsv")


def accepting(one: Decision) -> Decision:
    return one._replace(link=replace(one.link, rejected=False))


def test_a_rejected_pair_stays_and_blocks(reference: Reference, folder: Path) -> None:
    run(reference, folder)
    decide(folder, [decision("ror", "niityn-yliopisto", ROR + "000000001", True)], "Lukija", "2026-12-01")
    outcome = run(reference, folder)
    found = sets(folder)
    assert ("niityn-yliopisto", "000000001") in pairs(found["ror"], rejected=True)
    assert ("niityn-yliopisto", "000000001") not in pairs(found["ror"])
    assert not [c for c in outcome.candidates if c.object == ROR + "000000001"]
    assert not [s for s, _ in pairs(found["ror-carried"]) if s == "niityn-yliopisto"]
    kept = found["ror"].rejected[0]
    assert (kept.reviewer, kept.date, kept.comment) == ("Lukija", "2026-12-01", "seen")


def test_an_accepted_candidate_stays_and_ends_the_question(reference: Reference, folder: Path) -> None:
    run(reference, folder)
    decide(
        folder,
        [decision("business-ids", "hallan-kaupunki", PREFIXES["ytj"] + "3333333-8", False)],
        "Lukija",
        "2026-12-01",
    )
    outcome = run(reference, folder)
    assert ("hallan-kaupunki", "3333333-8") in pairs(sets(folder)["business-ids"])
    assert not [c for c in outcome.candidates if c.set == "business-ids" and c.subject == ORG + "hallan-kaupunki"]


def test_what_a_person_links_to_ror_carries_too(reference: Reference, folder: Path) -> None:
    run(reference, folder)
    decide(folder, [decision("ror", "vanha-opisto", ROR + "000000002", False)], "Lukija", "2026-12-01")
    run(reference, folder)
    assert ("vanha-opisto", "501") in pairs(sets(folder)["ror-carried"])


# decisions


def table(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "decisions.tsv"
    path.write_bytes(text.encode("utf-8"))
    return path


HEAD = "set\tsubject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\tdecision\tcomment"
ROW = "ror\torganisation:niityn-yliopisto\tNiityn yliopisto\ttg:sameOrganisation\tror:000000009\tX\taccept\t"


def test_a_table_from_a_spreadsheet_reads_the_same(tmp_path: Path) -> None:
    plain = read_decisions(table(tmp_path, f"{HEAD}\n{ROW}\n"), "accept")
    quoted = "\t".join(f'"{cell}"' for cell in ROW.split("\t"))
    assert read_decisions(table(tmp_path, f"\ufeff{HEAD}\r\n{quoted}\r\n"), "accept") == plain
    assert plain[0][0].link.object == ROR + "000000009"
    assert read_decisions(table(tmp_path, f"{HEAD}\n{ROW}\n"), "reject") == ([], 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("set\tsubject_id\n", "decisions.tsv:1: column predicate_id, object_id, decision is missing"),
        (HEAD.replace("\t", ";"), "not separated by tabs"),
        (f"{HEAD}\n{ROW.replace('accept', 'yes')}\n", 'decisions.tsv:2: decision is "yes"'),
        (f"{HEAD}\n{ROW.replace('ror:', 'nope:')}\n", 'decisions.tsv:2: "nope:000000009" has no prefix'),
    ],
)
def test_a_bad_table_is_refused_by_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SourceError) as error:
        read_decisions(table(tmp_path, text), "accept")
    assert message in error.value.format_message()


@pytest.mark.parametrize(
    ("made_decisions", "message"),
    [
        ([decision("nowhere", "a", ROR + "1", False)], 'decisions.tsv:2: there is no link set "nowhere"'),
        (
            [decision("ror", "a", ROR + "1", False), decision("ror", "a", ROR + "1", True, 3)],
            "decisions.tsv:3: contradicts line 2",
        ),
        (
            [decision("ror", "niityn-yliopisto", ROR + "9", False, 4)],
            "decisions.tsv:4: Niityn yliopisto is linked to https://ror.org/000000001 already",
        ),
        (
            [
                decision("identity", "a", ORG + "b", False),
                decision("identity", "b", ORG + "c", False, 3),
                decision("identity", "a", ORG + "c", True, 4),
            ],
            "decisions.tsv:4: the pair is rejected, but other decisions make the two one",
        ),
    ],
)
def test_bad_decisions_change_nothing(
    reference: Reference, folder: Path, made_decisions: list[Decision], message: str
) -> None:
    run(reference, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    labelled = [d._replace(link=replace(d.link, subject_label="Niityn yliopisto")) for d in made_decisions]
    with pytest.raises(SourceError) as error:
        decide(
            folder,
            [decision("fairdata", "puro-saatio", PREFIXES["fairdata"] + "9", False), *labelled],
            "Lukija",
            "2026-12-01",
        )
    assert message in error.value.format_message()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_overturning_a_person_needs_saying_so(reference: Reference, folder: Path) -> None:
    run(reference, folder)
    first = decision("ror", "niityn-yliopisto", ROR + "000000001", True)
    decide(folder, [first], "Lukija", "2026-12-01")
    with pytest.raises(SourceError, match="was rejected by Lukija on 2026-12-01"):
        decide(folder, [accepting(first)], "Toinen", "2026-12-02")
    decide(folder, [accepting(first)], "Toinen", "2026-12-02", overturn=True)
    assert sets(folder)["ror"].accepted[0].reviewer == "Toinen"
    with pytest.raises(SourceError, match="--reviewer"):
        decide(folder, [first], " ", "2026-12-02")


def test_a_circle_of_successors_is_refused(reference: Reference, folder: Path) -> None:
    run(reference, folder)
    ends = (ORG + "evk-raja", "Raja", PREFIXES["tg"] + "succeededBy", ORG + "ely-itaraja", "")
    back = Decision("succession", Link(*ends, MANUAL))
    with pytest.raises(SourceError, match="would succeed itself"):
        decide(folder, [back], "Lukija", "2026-12-01")


# checking


def test_check_finds_what_vanished_was_renamed_or_ended(reference: Reference, folder: Path) -> None:
    run(reference, folder)
    assert check(reference, folder) == []
    path = reference.folder / "ror_records_fi.jsonl"
    path.write_text(
        path.read_text()
        .replace('"name": "University of the Meadow"', '"name": "Meadow U"')
        .replace("/000000003", "/000000004")
    )
    kinds = {(f.set, f.kind, f.object.rpartition("/")[2]) for f in check(reference, folder)}
    assert ("ror", "renamed", "000000001") in kinds
    assert ("ror", "vanished", "000000003") in kinds
    path.write_text(path.read_text().replace('"status": "active"', '"status": "withdrawn"'))
    assert ("ror", "inactive", "000000001") in {
        (f.set, f.kind, f.object.rpartition("/")[2]) for f in check(reference, folder)
    }
