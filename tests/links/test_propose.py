"""Link proposals: every target on invented tables, tables that are refused, and the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from commands.link import link as command
from links.propose import candidates_text, unlinked_text
from links.reference import Reference
from links.rule import Subject
from loaders.errors import SourceError
from tests.link_reference import ORG, SUBJECTS
from tests.links.proposals import pairs, run, run_with, sets, sets_after


def test_areas_by_code(reference: Reference, folder: Path) -> None:
    areas = sets_after(reference, folder)["areas"]
    assert {("901", "91"), ("902", "91"), ("903", "91"), ("901", "01")} <= pairs(areas)
    assert {
        ("kanervan-kaupunki", "901"),
        ("hallan-kaupunki", "902"),
        ("ely-itaraja", "01"),
        ("evk-raja", "01"),
    } <= pairs(areas)
    ended = next(link for link in areas.accepted if link.subject.endswith("/903"))
    assert ended.facts["until"] == "2025-12-31"
    assert ended.facts["sv"] == "Ödemark"


def test_codes_of_both_nuts_years_stay_apart(reference: Reference, folder: Path) -> None:
    found = sets_after(reference, folder)
    assert pairs(found["nuts-2021"]) == {("91", "FI9X1")}
    assert pairs(found["nuts-2024"]) == {("91", "FI9X2")}


def test_business_ids_need_their_check_digit_and_one_bearer(reference: Reference, folder: Path) -> None:
    outcome = run(reference, folder)
    assert pairs(sets(folder)["business-ids"]) == {("niityn-yliopisto", "1234567-1")}
    flagged = [c for c in outcome.candidates if c.set == "business-ids" and c.subject == ORG + "hallan-kaupunki"]
    assert {c.object.rpartition("/")[2] for c in flagged} == {"2222222-9", "3333333-8"}
    assert all("2 entries bear this name" in c.reasons for c in flagged)
    assert not [c for c in outcome.candidates if c.object.endswith("1234567-2")]


def test_ror_carries_wikidata_and_isni_and_gives_the_seat(reference: Reference, folder: Path) -> None:
    found = sets_after(reference, folder)
    assert pairs(found["ror"]) == {("niityn-yliopisto", "000000001"), ("uusi-opisto", "000000003")}
    assert {o for s, o in pairs(found["ror-carried"]) if s == "niityn-yliopisto"} == {"Q77", "0000000100000001"}
    assert ("niityn-yliopisto", "901") in pairs(found["seats"])
    assert ("hallan-kaupunki", "902") in pairs(found["seats"])


def test_an_inactive_record_is_for_a_person(reference: Reference, folder: Path) -> None:
    outcome = run(reference, folder)
    reasons = next(c.reasons for c in outcome.candidates if c.set == "ror" and c.subject == ORG + "vanha-opisto")
    assert "no longer active" in reasons


def test_fairdata_takes_organisations_not_units(reference: Reference, folder: Path) -> None:
    assert pairs(sets_after(reference, folder)["fairdata"]) == {
        ("niityn-yliopisto", "90001"),
        ("ahon-ammattikorkeakoulu", "90002"),
    }


def test_a_wikidata_id_needs_two_sources_and_a_wrong_one_is_kept_as_rejected(
    reference: Reference, folder: Path
) -> None:
    outcome = run(reference, folder)
    places = sets(folder)["places"]
    assert pairs(places) == {("901", "p1"), ("901", "Q1"), ("902", "p2")}
    assert pairs(places, rejected=True) == {("901", "Q2")}
    assert [c.reasons for c in outcome.candidates if c.set == "places"] == ["YSO places gives it; no second source"]


def test_succession_has_its_day_and_ended_municipalities_are_told(reference: Reference, folder: Path) -> None:
    outcome = run(reference, folder)
    succession = sets(folder)["succession"]
    assert pairs(succession) == {("ely-itaraja", "evk-raja"), ("vanha-opisto", "uusi-opisto")}
    assert (
        next(link for link in succession.accepted if link.subject.endswith("ely-itaraja")).facts["from"] == "2026-01-01"
    )
    assert [u.subject_label for u in outcome.unlinked if u.set == "succession"] == ["Korpi"]


def test_funds_and_codes_of_the_eu(reference: Reference, folder: Path) -> None:
    found = sets_after(reference, folder)["eu-authorities"]
    assert ("ESR+", "A") in pairs(found)
    assert {("FI", "FIN"), ("fi", "FIN"), ("EUR", "EUR")} <= pairs(found)
    assert not [link for link in found.accepted if link.subject.endswith("fund/ESR")]


FINTO = {"results": [{"uri": "http://www.yso.fi/onto/yso/p9", "prefLabel": "jatkuva oppiminen", "lang": "fi"}]}


@pytest.mark.parametrize(
    ("name", "table", "text"),
    [
        ("theme-concepts", "finto.json", json.dumps(FINTO)),
        (
            "theme-topics",
            "avoindata_topics.tsv",
            "topic_uri\tlabel_fi\nhttp://www.yso.fi/onto/yso/p9\tjatkuva oppiminen\n",
        ),
    ],
)
def test_concepts_of_themes_are_proposed_where_a_table_is_there(
    reference: Reference, folder: Path, name: str, table: str, text: str
) -> None:
    outcome = run(reference, folder)
    made = next(links for links in outcome.sets if links.name == name)
    assert (made.links, made.number("candidates")) == ((), 0)
    assert {u.wanted for u in outcome.unlinked if u.set == name} == {made.facts["wanted"]}
    assert table in made.facts["wanted"]
    (reference.folder / table).write_text(text, "utf-8")
    found = [c for c in run(reference, folder).candidates if c.set == name]
    assert [(c.subject_label, c.object) for c in found] == [("Jatkuva oppiminen", "http://www.yso.fi/onto/yso/p9")]


@pytest.mark.parametrize("version", ["names", "name"])
def test_the_register_of_companies_gives_business_ids(reference: Reference, folder: Path, version: str) -> None:
    """Answers of version 3 (names with their days, ended companies) and of version 1."""
    niitty = {"businessId": "7654321-2", "name": "Niityn yliopisto"}
    opisto = {"businessId": "1234567-1", "name": "Vanha opisto"}
    answer: dict[str, object] = {"results": [niitty, opisto]}
    if version == "names":
        old = {"name": "Niityn korkeakoulu", "type": "1", "endDate": "2001-01-01"}
        names = [old, {"name": "Niityn yliopisto", "type": "1"}]
        ended = {"businessId": {"value": "1234567-1"}, "names": [{"name": "Vanha opisto"}], "endDate": "2020-01-01"}
        answer = {"totalResults": 2, "companies": [{"businessId": {"value": "7654321-2"}, "names": names}, ended]}
    (reference.folder / "antero_ytunnus_names.csv").unlink()
    (reference.folder / "ytj.json").write_text(json.dumps(answer), "utf-8")
    outcome = run(reference, folder)
    made = next(links for links in outcome.sets if links.name == "business-ids")
    ids = {(link.subject_label, link.object.rpartition("/")[2]) for link in made.accepted}
    expected = {("Niityn yliopisto", "7654321-2")} | ({("Vanha opisto", "1234567-1")} if version == "name" else set())
    assert ids == expected
    reasons = [c.reasons for c in outcome.candidates if c.set == "business-ids" and c.object.endswith("1234567-1")]
    assert [r.partition("; ")[2] for r in reasons] == (["the entry is no longer active"] if version == "names" else [])


def test_an_answer_of_another_form_is_refused(reference: Reference, folder: Path) -> None:
    (reference.folder / "ytj.json").write_text('{"error": "too many requests"}', "utf-8")
    with pytest.raises(SourceError, match=r"ytj\.json: is an object without companies or results"):
        run(reference, folder)
    (reference.folder / "ytj.json").write_text('{"companies": [{"id": 1}]}', "utf-8")
    with pytest.raises(SourceError, match="a company without businessId or names"):
        run(reference, folder)


def test_a_whole_dump_of_ror_is_read_for_finland_alone(reference: Reference, folder: Path) -> None:
    ours = [json.loads(line) for line in (reference.folder / "ror_records_fi.jsonl").read_text("utf-8").splitlines()]
    records = [entry.get("record", entry) for entry in ours]
    for record in records:
        for place in record.get("locations", ()):
            place["geonames_details"]["country_code"] = "FI"
        if not record.get("locations"):
            record["country"] = {"country_code": "FI"}
    abroad = records[0] | {"id": "https://ror.org/999999999", "country": {"country_code": "SE"}}
    before = pairs(sets_after(reference, folder)["ror"])
    (reference.folder / "ror_records_fi.jsonl").unlink()
    (reference.folder / "ror.json").write_text(json.dumps([abroad, *records]), "utf-8")
    assert pairs(sets_after(reference, folder)["ror"]) == before != set()


def test_wikidata_is_a_second_source_of_a_places_item(reference: Reference, folder: Path) -> None:
    item = "http://www.wikidata.org/entity/"
    before = sets_after(reference, folder)["places"]
    open_ = [c for c in run(reference, folder).candidates if c.set == "places" and c.object.startswith(item)]
    assert open_
    one = open_[0]
    row = {"item": {"value": one.object}, "code": {"value": one.subject.rpartition("/")[2]}}
    (reference.folder / "wikidata.json").write_text(json.dumps({"results": {"bindings": [row]}}), "utf-8")
    found = sets_after(reference, folder)["places"]
    (new,) = [link for link in found.accepted if link not in before.accepted]
    assert (new.object, new.comment) == (one.object, "YSO places and Wikidata agree")


def test_a_name_that_begins_with_a_place_is_a_persons_to_decide(reference: Reference, folder: Path) -> None:
    ours = [*SUBJECTS, Subject(ORG + "hallan-teatteri", "Hallan teatteri ry", ("Hallan teatteri ry",), "association")]
    outcome = run_with(reference, folder, ours)
    assert [(c.object_label, c.reasons) for c in outcome.candidates if c.subject.endswith("hallan-teatteri")] == [
        ("Halla", "the name begins with the place")
    ]
    (reference.folder / "koski_mock_organisations.csv").write_text(
        "y_tunnus,name_fi,kotipaikka\n7654321-2,Hallan teatteri ry,kunta_902\n"
    )
    weak = [c for c in run_with(reference, folder, ours).candidates if c.object.endswith("7654321-2")]
    assert [c.reasons for c in weak] == ["same name key; only a weak source gives it"]
    with (reference.folder / "antero_ytunnus_names.csv").open("a") as file:
        file.write("7654321-2,HALLAN TEATTERI RY,1,a\n")
    seats = next(links for links in run_with(reference, folder, ours).sets if links.name == "seats")
    assert [link.object_label for link in seats.accepted if link.subject.endswith("hallan-teatteri")] == ["Halla"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("antero_ytunnus_names.csv", "id,nimi\n1,a\n", "antero_ytunnus_names.csv:1: column y_tunnus, name is missing"),
        ("antero_ytunnus_names.csv", "y_tunnus,name\n1,a,b,c\n", "antero_ytunnus_names.csv:2: has 4 cells where"),
        ("ror_records_fi.jsonl", "{\n", "ror_records_fi.jsonl:1: is not a JSON object"),
        ("ror_records_fi.jsonl", '{"id": "x"}\n', "ror_records_fi.jsonl:1: is no ROR record"),
    ],
)
def test_a_reference_of_another_version_is_refused(
    reference: Reference, folder: Path, name: str, text: str, message: str
) -> None:
    (reference.folder / name).write_text(text)
    with pytest.raises(SourceError) as error:
        run(reference, folder)
    assert error.value.format_message().startswith(message)
    assert list(folder.iterdir()) == []


def test_a_missing_table_is_named(reference: Reference, folder: Path) -> None:
    (reference.folder / "eu_country.csv").unlink()
    with pytest.raises(SourceError, match=r"eu_country\.csv: is missing"):
        run(reference, folder)


# the commands


def test_the_commands_in_their_order(reference: Reference, folder: Path, tmp_path: Path) -> None:
    candidates, runner = tmp_path / "candidates.tsv", CliRunner()
    where = ["--links", str(folder)]
    proposing = [
        "propose",
        "--reference",
        str(reference.folder),
        "--output",
        str(candidates),
        "--store",
        str(tmp_path / "none"),
        *where,
    ]
    assert runner.invoke(command, proposing).exit_code == 0
    rows = candidates.read_text(encoding="utf-8").splitlines()
    assert rows[0].split("\t")[-2:] == ["decision", "comment"]
    assert len(rows) > 1
    marked = [rows[0], rows[1][: -len("\t")] + "accept\t", *rows[2:]]
    candidates.write_text("\n".join(marked) + "\n", encoding="utf-8")
    result = runner.invoke(command, ["accept", str(candidates), "--reviewer", "Lukija", *where])
    assert (result.exit_code, result.output) == (0, f"1 pairs accepted in {rows[1].split(chr(9))[0]}\n")
    assert runner.invoke(command, ["reject", str(candidates), "--reviewer", "Lukija", *where]).exit_code == 0
    assert runner.invoke(command, ["check", "--reference", str(reference.folder), *where]).exit_code == 0


def test_the_tables_for_persons(reference: Reference, folder: Path) -> None:
    outcome = run(reference, folder)
    rows = list(csv.DictReader(candidates_text(outcome.candidates).splitlines(), delimiter="\t"))
    assert {row["subject_id"].split(":")[0] for row in rows} <= {"organisation", "code", "theme"}
    assert all(row["decision"] == "" and row["reasons"] for row in rows)
    wanted = list(csv.DictReader(unlinked_text(outcome.unlinked).splitlines(), delimiter="\t"))
    assert all(row["wanted"] for row in wanted)
