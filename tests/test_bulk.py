"""Bulk loads: the streamed graph is the one fusion would make, in any number of processes and partitions."""

from __future__ import annotations

import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from itertools import permutations
from pathlib import Path
from types import SimpleNamespace

import pyoxigraph as ox
import pytest

import engine.lists
from bench import generate
from bench.world import World
from engine.attest import attest
from engine.fusion import fuse
from engine.fusion.reference import vocabulary
from engine.lists import ListFile, Rows, report, spill
from engine.query.library import find
from engine.query.run import run
from engine.report.coverage import headline, render_list
from engine.store import replacing, write_quads
from loaders.data import folder
from loaders.errors import SourceError
from loaders.rdf.documents import DocumentFacts
from loaders.rdf.row_concepts import Concepts, with_one_label
from loaders.rdf.terms import ALT_LABEL, LABEL, PREF_LABEL, Quad, parse_line, tg
from loaders.tables.mapping import Mapping, from_dict
from shacl import Data, load_shapes

PREFIXES = {
    "tg": "https://w3id.org/teemagraafi/def#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "phase": "https://w3id.org/teemagraafi/code/phase/",
    "scope": "https://w3id.org/teemagraafi/code/scope/",
}
PLACES = """
    SELECT ?row ?o WHERE { GRAPH ?passage { ?s tg:amount|tg:shareAmount ?o } ?passage tg:inDocument ?document ; tg:row ?row }
    ORDER BY ?row ?o
"""


def write(folder: Path, form: str = "eura-2021", rows: int = 200, name: str | None = None, seed: int = 1) -> ListFile:
    path = folder / f"{name or form}.csv"
    generate.write(path, form, rows, seed)
    return ListFile(path, path.stem)


def lines(rows: Rows, labelled: dict[str, str] | None = None) -> set[str]:
    return {line for path, _ in rows.parts(labelled or {}) for line in path.read_text(encoding="utf-8").splitlines()}


def streamed(folder: Path, given: list[ListFile], **options: object) -> set[str]:
    with Rows(folder / "rows", workers=0, **options) as rows:  # type: ignore[arg-type]
        rows.read(given, frozenset(), folder / "reports")
        return lines(rows)


def store_of(found: set[str]) -> ox.Store:
    store = ox.Store()
    store.bulk_load("\n".join(found).encode(), ox.RdfFormat.N_QUADS)
    return store


def ask(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    solutions = store.query(query, prefixes=PREFIXES)
    return [tuple(getattr(term, "value", "") for term in row) for row in solutions]  # type: ignore[union-attr]


# the graph


def test_every_amount_is_in_the_graph_once_and_in_the_passage_of_its_row(tmp_path: Path) -> None:
    store = store_of(streamed(tmp_path, [write(tmp_path)]))
    told = list(World(1).rows(200, 0.2))
    query = "SELECT (SUM(?a) AS ?sum) WHERE { ?o tg:phase <https://w3id.org/teemagraafi/code/phase/planned> ; tg:amount ?a ; "
    query += "tg:fundingScope <https://w3id.org/teemagraafi/code/scope/eu-state> }"
    assert ask(store, query) == [(str(sum(row.granted for row in told)),)]
    assert len(ask(store, PLACES)) == 200 * 7
    for number, row in enumerate(told, 2):
        assert str(row.granted) in {amount for at, amount in ask(store, PLACES) if at == str(number)}
        if number > 5:
            break


def test_rows_of_one_group_code_are_one_project_with_many_participations(tmp_path: Path) -> None:
    store = store_of(streamed(tmp_path, [write(tmp_path)]))
    told = list(World(1).rows(200, 0.2))
    projects = {row.group or str(row.number) for row in told}
    assert ask(store, "SELECT (COUNT(?p) AS ?n) WHERE { ?p a tg:Project }") == [(str(len(projects)),)]
    group = next(row.group for row in told if row.group)
    members = [row for row in told if row.group == group]
    found = ask(
        store,
        f'SELECT ?code ?name WHERE {{ ?p tg:groupCode "{group}" ; tg:participation ?m . '
        "?m tg:projectCode ?code ; tg:nameAsStated ?name }",
    )
    assert sorted(name for _, name in found) == sorted(row.organisation for row in members)
    phase = "?o tg:phase phase:planned ; tg:fundingScope scope:eu-state"
    whole = ask(store, f'SELECT ?a WHERE {{ ?p tg:groupCode "{group}" . {phase} ; tg:about ?p ; tg:amount ?a }}')
    assert whole == [(str(sum(row.granted for row in members)),)]
    parts = ask(
        store,
        f'SELECT ?a WHERE {{ ?p tg:groupCode "{group}" . {phase} ; tg:about ?p . ?s tg:shareOf ?o ; tg:shareAmount ?a }}',
    )
    assert sorted(a for (a,) in parts) == sorted(str(row.granted) for row in members)


def test_the_shares_of_groups_are_those_of_their_rows(tmp_path: Path) -> None:
    store = store_of(streamed(tmp_path, [write(tmp_path)]))
    members = [row for row in World(1).rows(200, 0.2) if row.group]
    shares = run(store, find("implementers-share-of-group").text.replace("granted", "realised"))
    assert len({row[0] for row in shares.terms}) == len({row.group for row in members})
    widest = sorted(int(row.realised * 1.3) for row in members)  # of the four scopes that the list states
    assert sorted(int(getattr(amount, "value", 0)) for *_, amount, _ in shares.terms) == widest


def test_a_thing_has_one_amount_in_a_phase_and_scope(tmp_path: Path) -> None:
    store = store_of(streamed(tmp_path, [write(tmp_path, "eura-2014", 50)]))
    counts = ask(
        store,
        "SELECT ?about ?phase ?scope (COUNT(?o) AS ?n) WHERE { ?o tg:about ?about ; tg:phase ?phase ; "
        "tg:fundingScope ?scope ; tg:amount ?a } GROUP BY ?about ?phase ?scope",
    )
    assert {count for *_, count in counts} == {"1"}


@pytest.mark.parametrize("form", ["eura-2007", "eura-2014", "eura-2021", "kohesio"])
def test_the_streamed_view_is_the_view_that_fusion_makes(tmp_path: Path, form: str) -> None:
    given = write(tmp_path, form, 60)
    with Rows(tmp_path / "a", workers=0) as rows:
        rows.read([given], frozenset(), tmp_path / "reports")
        keys = {
            entry.key
            for number in range(spill.PARTITIONS)
            for entry in spill.Spill(tmp_path / "a" / "entries").entries(number)
        }
        view = {line for line in lines(rows) if parse_line(line).g == ""}
    with Rows(tmp_path / "b", workers=0) as rows:
        rows.read([given], frozenset(keys), tmp_path / "reports")
        known = {quad.line().rstrip("\n") for quad in vocabulary()}
        fused = {quad.line().rstrip("\n") for quad in fuse(rows.met()) if not quad.g} - known
        assert not [line for path, count in rows.parts({}) if count for line in path.read_text().splitlines()]

    def compared(found: set[str]) -> set[Quad]:
        # fusion repeats what the registries hold of the organisations it meets; a build adds that once for all
        # names made of parts are of documents' things only: of millions of rows they would double the graph
        made = tuple(
            f"<https://w3id.org/teemagraafi/id/{kind}/" for kind in ("observation", "share", "participation", "passage")
        )
        quads = {q for line in found if not ((q := parse_line(line)).p == LABEL and q.s.startswith(made))}
        return {
            q
            for q in quads
            if q.p != ALT_LABEL
            and "/def#Conflict" not in q.o
            and "/id/conflict/" not in q.s
            and "/id/organisation/" not in q.s
        }

    assert compared(view) == compared(fused)


def test_what_a_row_says_of_its_project_can_be_asked_for_by_the_row(tmp_path: Path) -> None:
    store = store_of(streamed(tmp_path, [write(tmp_path, "eura-2014", 30)]))
    row = list(World(1).rows(30, 0))[7]
    query = (
        'SELECT ?row ?words WHERE { ?p tg:projectCode "%s" ; rdfs:label ?name . '
        "GRAPH ?g { ?p rdfs:label ?name } ?g tg:row ?row ; tg:verbatim ?words }"
    )
    code = f"{'S' if row.social else 'A'}{100000 + row.number}"
    ((place, words),) = ask(store, query % code)
    assert place == "9"
    assert row.organisation in words


def test_a_concept_that_no_code_list_holds_is_described(tmp_path: Path) -> None:
    store = store_of(streamed(tmp_path, [write(tmp_path, "eura-2007", 40)]))
    skos = "http://www.w3.org/2004/02/skos/core#"
    labels = ask(store, f"SELECT DISTINCT ?l WHERE {{ ?p tg:priority ?c . ?c <{skos}prefLabel> ?l }}")
    assert any("EAKR, Itä-Suomi" in label for (label,) in labels)
    assert not ask(store, f"SELECT ?c WHERE {{ ?p tg:fund ?c . ?c <{skos}prefLabel> ?l }}")


@pytest.mark.parametrize("unstated", [False, True])
def test_every_fact_of_a_list_stands_in_the_passage_of_its_row(tmp_path: Path, unstated: bool) -> None:
    found = streamed(tmp_path, [write(tmp_path, "eura-2021", 40)])
    if unstated:
        found = {line for line in found if not parse_line(line).g}
    store = store_of(found | {quad.line().rstrip("\n") for quad in vocabulary()})
    shapes = load_shapes(folder("shapes") / "source.ttl")
    rules = {str(result.shape).rpartition("#")[2] for result in attest(Data(store), shapes)}
    assert rules == ({"FactStated"} if unstated else set())


# the same in every way of working


def test_processes_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = [write(tmp_path, "eura-2021", 120), write(tmp_path, "operations", 40, "at-esf")]
    mapped = [given[0], ListFile(given[1].path, "at-esf", _guessed(given[1].path))]
    alone = streamed(tmp_path / "alone", mapped)
    monkeypatch.setattr(engine.lists, "_ALONE", 0)
    with Rows(tmp_path / "many" / "rows", workers=2) as rows:
        rows.read(mapped, frozenset(), tmp_path / "reports")
        assert lines(rows) == alone


def test_a_list_is_loaded_in_one_run_and_its_batches_are_merged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine merges at the end of each run; a store with several batches takes five times as long for a look-up."""
    done: list[str] = []

    class Recorded:
        def __init__(self, path: str) -> None:
            self.store = ox.Store(path)

        def __getattr__(self, name: str) -> object:
            done.append(name)
            return getattr(self.store, name)

    monkeypatch.setattr("engine.store.ox", SimpleNamespace(Store=Recorded, RdfFormat=ox.RdfFormat))
    parts = [tmp_path / f"{n}.nq" for n in range(5)]
    for n, part in enumerate(parts):
        part.write_text(f"<a:s> <a:p> <a:{n}> .\n", encoding="utf-8")
    with replacing(tmp_path / "store") as version:
        store = write_quads(version, ["<a:s> <a:p> <a:o> .\n"], lambda: parts)
    assert done == ["bulk_load", "optimize", "flush"]
    assert (len(list(store.quads_for_pattern(None, None, None, None))), [part.exists() for part in parts]) == (
        6,
        [False] * 5,
    )


def test_what_rows_state_comes_after_the_view(tmp_path: Path) -> None:
    """Batches of one kind of quads take the loader a fifth less memory, so that all of them can be loaded in one run."""
    with Rows(tmp_path / "rows") as rows:
        rows.read([write(tmp_path, "eura-2021", 40)], frozenset(), tmp_path / "reports")
        stated = [bool(parse_line(line).g) for path, _ in rows.parts({}) for line in path.read_text().splitlines()]
    assert stated == sorted(stated)
    assert set(stated) == {False, True}


def test_of_spellings_of_a_concept_one_is_its_label_and_nothing_else_is_lost() -> None:
    found = []
    for rows in permutations([("ESF in Bayern", "2014-2020"), ("ESF in BAYERN", "2021-2027"), ("ESF in Bayern", None)]):
        one, other = Concepts("DE", "de"), Concepts("DE", "de")
        for concepts, (name, period) in zip((one, other, one), rows, strict=True):
            concepts.of_programme({"programme": name, **({"period": period} if period else {})})
        found.append(list(with_one_label(one.made | other.made)))
    assert all(triples == found[0] for triples in found)
    assert [sum(p == predicate for _, p, _ in found[0]) for predicate in (PREF_LABEL, LABEL, tg("period"))] == [1, 1, 2]


def _guessed(path: Path) -> Mapping:
    from loaders.tables.guess import guess

    return guess(path).mapping


def test_an_error_in_a_process_is_the_error_of_the_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine.lists, "_ALONE", 0)
    given = write(tmp_path, "eura-2021", 60)
    with Rows(tmp_path / "rows", workers=1) as rows:
        rows.read([given], frozenset(), tmp_path / "reports")
        (tmp_path / "rows" / "entries" / "0000.jsonl").write_text("{broken\n")
        with pytest.raises(SourceError, match="the lists: has a form that its reader fails on"):
            lines(rows)


# several lists, several loads


def dated(folder: Path, name: str, day: str, seed: int) -> ListFile:
    return ListFile(write(folder, "eura-2014", 20, name, seed).path, name, facts=DocumentFacts(reference_date=day))


def test_of_two_lists_the_newer_one_counts_and_the_difference_is_a_conflict(tmp_path: Path) -> None:
    older, newer = dated(tmp_path, "older", "2016-01-31", 1), dated(tmp_path, "newer", "2017-01-31", 1)
    text = newer.path.read_text(encoding="utf-8").splitlines()
    text[3] = text[3].replace("Toiminta päättynyt", "Keskeytynyt")
    newer.path.write_text("\n".join(text), encoding="utf-8")
    store = store_of(streamed(tmp_path, [older, newer]))
    code = text[3].split(",")[0]
    assert ask(store, f'SELECT ?s WHERE {{ ?p tg:projectCode "{code}" ; tg:status ?s }}') == [
        ("https://w3id.org/teemagraafi/code/status/interrupted",)
    ]
    conflicts = ask(
        store, "SELECT ?property ?kind WHERE { ?c a tg:Conflict ; tg:onProperty ?property ; tg:kind ?kind }"
    )
    assert conflicts == [
        ("https://w3id.org/teemagraafi/def#status", "https://w3id.org/teemagraafi/code/conflict-kind/changed-over-time")
    ]
    current = ask(store, "SELECT DISTINCT ?date WHERE { ?o tg:amount ?a ; tg:referenceDate ?date }")
    assert current == [("2017-01-31",)]
    history = "GRAPH <https://w3id.org/teemagraafi/graph/history> { ?o tg:amount ?a ; tg:referenceDate ?date }"
    assert ask(store, f"SELECT DISTINCT ?date WHERE {{ {history} }}") == [("2016-01-31",)]


def test_a_list_loaded_again_takes_the_place_of_its_former_rows(tmp_path: Path) -> None:
    first, other = write(tmp_path, "eura-2014", 30, "list"), write(tmp_path, "eura-2007", 30, "other")
    folder = tmp_path / "rows"
    with Rows(folder, workers=0) as rows:
        rows.read([first, other], frozenset(), tmp_path / "reports")
        before = lines(rows)
    with Rows(folder, workers=0) as rows:
        rows.read([first], frozenset(), tmp_path / "reports")
        assert lines(rows) == before
    with Rows(folder, workers=0) as rows:
        rows.read([], frozenset(), tmp_path / "reports")
        assert lines(rows) == before
    changed = write(tmp_path, "eura-2014", 10, "list", seed=5)
    with Rows(folder, workers=0) as rows:
        rows.read([changed], frozenset(), tmp_path / "reports")
        assert lines(rows) == streamed(tmp_path / "fresh", [changed, other])


def test_rows_of_projects_that_documents_name_go_to_fusion_with_their_whole_group(tmp_path: Path) -> None:
    given = write(tmp_path)
    told = list(World(1).rows(200, 0.2))
    group = next(row.group for row in told if row.group)
    member = next(row for row in told if row.group == group)
    code = f"{'S3' if member.social else 'A8'}{member.number:06d}"
    with Rows(tmp_path / "rows", workers=0) as rows:
        rows.read([given], frozenset({code}), tmp_path / "reports")
        met = rows.met()
        rest = lines(rows)
    names = {q.o for q in met if q.p.endswith("nameAsStated>")}
    assert len(names) == len({row.organisation for row in told if row.group == group})
    assert all(
        q.g.startswith("<https://w3id.org/teemagraafi/id/passage/eura-2021/")
        for q in met
        if "/id/participation/" in q.s
    )
    assert f"/id/project/{group}>" not in " ".join(rest)


def test_names_that_documents_gave_organisations_stay_their_labels(tmp_path: Path) -> None:
    given = write(tmp_path, "eura-2014", 20)
    with Rows(tmp_path / "rows", workers=0) as rows:
        rows.read([given], frozenset(), tmp_path / "reports")
        found = {parse_line(line) for line in lines(rows)}
        name = next(World(1).rows(1, 0)).organisation
        label = next(q for q in found if q.p == LABEL and q.o == f'"{name}"@fi')
        again = {parse_line(line) for line in lines(rows, {label.s: '"Toinen nimi"@fi'})}
    assert label in found
    assert Quad(label.s, ALT_LABEL, label.o) in again
    assert label not in again


# what is left out


def test_every_row_that_is_not_in_the_graph_is_reported(tmp_path: Path) -> None:
    given = write(tmp_path, "eura-2014", 12)
    text = given.path.read_text(encoding="utf-8").splitlines()
    same, other = text[4], text[5].replace(";", "") + "9;"
    damaged = text[6].rpartition(",")[0] + ",nolla;"
    given.path.write_text("\n".join([*text, same, other, damaged]), encoding="utf-8")
    with Rows(tmp_path / "rows", workers=0) as rows:
        rows.read([given], frozenset(), tmp_path / "reports")
        store = store_of(lines(rows))
    reports = tmp_path / "reports"
    states = {e["row"]: e["state"] for e in report.entries(reports, "eura-2014")}
    assert states == {14: "left out", 15: "not understood", 16: "not understood"}
    assert report.lists(reports) == ["eura-2014"]
    assert report.account(reports, "eura-2014")["rows"] == {"read": 12, "left out": 1, "rejected": 2, "remarks": 0}
    assert "12 of 15 rows read, 1 left out, 2 rejected" in headline(reports, "eura-2014")
    assert "line 16: not understood: no amount in" in render_list(reports, "eura-2014", "table")
    assert len(render_list(reports, "eura-2014", "csv").splitlines()) == 4
    assert json.loads(render_list(reports, "eura-2014", "json"))[0]["rows"]["read"] == 12
    assert rows.counts["rejected"] == 2
    assert ask(store, "SELECT (COUNT(?p) AS ?n) WHERE { ?p a tg:Project }") == [("12",)]


def test_a_list_of_which_no_row_can_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Code;Name;Who;EU\n1;;X;5\n2;;Y;6\n")
    mapping = from_dict(
        {"columns": {"code": "Code", "name": "Name", "beneficiary": "Who", "money.granted.eu": "EU"}}, "x"
    )
    with Rows(tmp_path / "rows", workers=0) as rows, pytest.raises(SourceError, match="no row could be read"):
        rows.read([ListFile(path, "x", mapping)], frozenset(), tmp_path / "reports")


# a load that is killed


LOAD = """
import sys
from itertools import permutations
from pathlib import Path
from engine.build import load
from engine.inputs import given
load(Path(sys.argv[1]), given([Path(sys.argv[2])]), print)
"""


@pytest.mark.slow
def test_a_killed_load_leaves_the_store_as_it_was_and_the_next_one_starts_clean(tmp_path: Path) -> None:
    from engine.build import build, load
    from engine.inputs import given
    from engine.store import open_store

    small, large = write(tmp_path, "eura-2014", 20, "small"), write(tmp_path, "eura-2021", 1000, "large")
    store = tmp_path / "store"
    build(store, given([small.path]), lambda message: None)
    before = len(open_store(store))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen(
        [sys.executable, "-c", LOAD, str(store), str(large.path)], env=environment, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while not glob.glob(f"{store}/v000002/lists/entries/*"):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert len(open_store(store)) == before
    load(store, given([large.path]), lambda message: None)
    assert ask_store(open_store(store)) == [("1020",)]


def ask_store(store: ox.Store) -> list[tuple[str, ...]]:
    return ask(store, "SELECT (COUNT(?p) AS ?n) WHERE { ?p a tg:Passage ; tg:row ?row }")


# processes


def test_workers_leave_no_process_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine.lists, "_ALONE", 0)
    with Rows(tmp_path / "rows", workers=2) as rows:
        rows.read([write(tmp_path, "eura-2014", 600)], frozenset(), tmp_path / "reports")
        assert rows._pool is not None
        processes = [process.pid for process in rows._pool._processes if process.pid]
        assert processes
    assert not any(Path(f"/proc/{process}").exists() for process in processes)
    shutil.rmtree(tmp_path / "rows")


def test_a_list_of_headings_alone_is_no_list(tmp_path: Path) -> None:
    given = write(tmp_path, "eura-2021", 3)
    given.path.write_bytes(b"".join(given.path.read_bytes().splitlines(keepends=True)[:1]))
    with Rows(tmp_path / "rows", workers=0) as rows, pytest.raises(SourceError, match="no row stands below its"):
        rows.read([given], frozenset(), tmp_path / "reports")
