"""Corrections of a person: applied in every build, shown as corrected, named where they do not fit."""

from __future__ import annotations

import random
import shutil
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

import graph
from engine.corrections import (
    COLUMNS,
    GRAPH,
    Correction,
    append,
    apply,
    like,
    property_term,
    read,
)
from loaders.errors import SourceError
from loaders.rdf.terms import LABEL, A, Quad, integer, literal, parse_line, tg, thing

PROJECT = thing("project", "S39001")
DOCUMENT, PASSAGE = thing("document", "katsaus"), thing("passage", "katsaus", "3-3-aa")
SHA = "ab" * 32
QUADS = [
    Quad(DOCUMENT, tg("contentHash"), literal(SHA)),
    Quad(PASSAGE, tg("inDocument"), DOCUMENT),
    Quad(PASSAGE, tg("lineStart"), integer(3)),
    Quad(PASSAGE, tg("lineEnd"), integer(3)),
    Quad(PROJECT, A, tg("Project"), PASSAGE),
    Quad(PROJECT, LABEL, literal("Haku", "fi"), PASSAGE),
]
LINES = {"katsaus": {3: "Haku", 4: "Hanke Saariston", 5: "palvelut (SAARI)"}}


def row(verdict: str = "reject", line: int = 2, **changed: str) -> Correction:
    cells = {
        "verdict": verdict, "document": "katsaus", "sha256": SHA, "lines": "3", "subject": PROJECT, "predicate": LABEL,
        "value": literal("Haku", "fi"), "words": "", "who": "Aino Kuvitelma", "date": "2026-11-29", "why": "otsikko",
    }  # fmt: skip
    return Correction(**{**cells, **changed}, line=line)


def added(line: int = 2, **changed: str) -> Correction:
    cells = {"lines": "4-5", "value": literal("Saariston palvelut", "fi"), "words": "Saariston palvelut"}
    return row("add", line, **{**cells, **changed})


class TestApply:
    def test_a_rejected_statement_leaves_its_passage_and_stands_as_corrected(self) -> None:
        outcome = apply(QUADS, [row()], LINES)
        assert QUADS[-1] not in outcome.quads
        assert QUADS[-2] in outcome.quads
        told = {q.p.rsplit("/", 1)[-1].strip(">"): q.o for q in outcome.quads if q.g == GRAPH}
        assert told["def#verdict"] == literal("reject")
        assert told["creator"] == literal("Aino Kuvitelma")
        assert literal("Haku", "fi") in told.values()
        assert outcome.problems == []

    def test_an_added_statement_stands_in_a_passage_of_its_lines(self) -> None:
        outcome = apply(QUADS, [added()], LINES)
        [statement] = [q for q in outcome.quads if q.o == literal("Saariston palvelut", "fi") and q.g != GRAPH]
        about = {q.p: q.o for q in outcome.quads if q.s == statement.g}
        assert about[tg("lineStart")], about[tg("lineEnd")] == (integer(4), integer(5))
        assert about[tg("verbatim")] == literal("Saariston palvelut")

    @pytest.mark.parametrize(
        ("bad", "message"),
        [
            (row(sha256="cd" * 32), "katsaus has changed since"),
            (row(sha256="cd" * 32, document="muu"), "muu is not among those read"),
            (row(lines="9"), "no passage at these lines"),
            (row(value=literal("Haku", "sv")), "no passage at these lines"),
            (row(lines="kolme"), "expected a number"),
            (row(subject="S39001"), "not N-Triples terms"),
            (row(lines="9-8"), "the last before the first"),
            (row(date="2026-13-01"), 'date is "2026-13-01", expected a date'),
            (row(who=""), "who is empty"),
            (row(verdict="maybe"), "expected reject or add"),
            (added(words="Vuoriston palvelut"), "do not stand on lines 4-5"),
            (added(lines="3"), "do not stand on lines 3"),
            (added(words=""), "needs the words"),
            (added(subject=thing("project", "S39999")), "nothing in the graph has the IRI"),
        ],
    )
    def test_a_row_that_does_not_fit_is_named_and_not_applied(self, bad: Correction, message: str) -> None:
        outcome = apply(QUADS, [bad], LINES)
        assert outcome.quads == set(QUADS)
        assert [(one.line, message in one.message) for one in outcome.problems] == [(2, True)]

    def test_contradictory_rows_are_both_named(self) -> None:
        outcome = apply(QUADS, [row(line=2), row("add", line=3, words="Haku")], LINES)
        assert outcome.quads == set(QUADS)
        assert [one.line for one in outcome.problems] == [2, 3]

    def test_words_that_address_a_person_are_not_added(self) -> None:
        lines: Mapping[str, Mapping[int, str]] = {"katsaus": {4: "aino.kuvitelma@virasto.example", 5: ""}}
        [problem] = apply(QUADS, [added(words="aino.kuvitelma@virasto.example")], lines).problems
        assert "person" in problem.message

    def test_the_order_of_rows_does_not_matter(self) -> None:
        rows = [row(line=2), added(line=3), row(line=4, sha256="cd" * 32)]
        mixed = rows[:]
        random.Random(7).shuffle(mixed)
        assert apply(QUADS, rows, LINES).quads == apply(QUADS, mixed, LINES).quads


class TestFile:
    def test_rows_are_kept_sorted_and_once(self, tmp_path: Path) -> None:
        path = tmp_path / "corrections.tsv"
        append(path, [added()])
        append(path, [row(why="väärä\tsana\n"), added()])
        rows = read(path)
        assert [(one.line, one.verdict, one.why) for one in rows] == [
            (2, "reject", "väärä sana"), (3, "add", "otsikko"),
        ]  # fmt: skip

    def test_another_table_is_refused_by_line(self, tmp_path: Path) -> None:
        path = tmp_path / "corrections.tsv"
        path.write_text("a\tb\n")
        with pytest.raises(SourceError, match=r"corrections.tsv:1: column verdict, .* is missing; found a, b"):
            read(path)
        path.write_text("\t".join(COLUMNS) + "\n\nreject" + 11 * "\tx" + "\n")
        with pytest.raises(SourceError, match=r"corrections.tsv:3: has 12 cells where the table has 11 columns"):
            read(path)

    def test_terms(self) -> None:
        assert property_term("label") == property_term("rdfs:label") == LABEL
        assert property_term("status") == tg("status")
        assert like("13", '"1"^^<http://x/int>') == '"13"^^<http://x/int>'
        assert like("nimi", '"name"@fi') == '"nimi"@fi'


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a document and the store that is built of it."""
    folder = tmp_path_factory.mktemp("corrections")
    (folder / "hanke.txt").write_text(
        "Euroopan sosiaalirahaston (ESR) rahoittaman projektin kuvaus\n\n1. Projekti\n\nProjektikoodi: S10777\n\n"
        "Projektin nimi: Kuvitteellisen saariston koordinaatio\n\nToiminnan tila: Toiminta päättynyt\n\n"
        "2. Projektin toteuttaja\n\nToteuttajaorganisaation nimi: Kuvitteellisen kaupungin säätiö\n\n"
        "Myönnetty EU- ja valtion rahoitus: 141 500\n",
        encoding="utf-8",
    )
    done = run(folder, "build", str(folder / "hanke.txt"))
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture
def store(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "own"))


def run(folder: Path, *arguments: str) -> Result:
    given = ["--store", str(folder / "store")]
    if arguments[0] in ("build", "load", "correct"):
        given += ["--corrections", str(folder / "corrections.tsv")]
        if arguments[0] == "build" and not (folder / "corrections.tsv").exists():
            given = given[:-2]
    return CliRunner().invoke(graph.cli, [*arguments, *given])


def project(folder: Path) -> str:
    store = graph.Graph.open(folder / "store").store
    [quad] = store.quads_for_pattern(None, ox.NamedNode(A[1:-1]), ox.NamedNode(tg("Project")[1:-1]), ox.DefaultGraph())
    assert isinstance(quad.subject, ox.NamedNode)
    return quad.subject.value


def exported(folder: Path) -> str:
    assert run(folder, "export", "-o", str(folder / "out.nq")).exit_code == 0
    return (folder / "out.nq").read_text(encoding="utf-8")


@pytest.mark.slow
class TestCommand:
    def test_a_rejected_name_is_gone_after_the_next_build_and_shown_as_corrected(self, store: Path) -> None:
        iri = project(store)
        name = "Kuvitteellisen saariston koordinaatio"
        made = run(store, "correct", "reject", iri, "label", name, "--why", "koe", "--who", "Aino K")
        assert made.exit_code == 0, made.output
        assert run(store, "correct", "check").exit_code == 0
        built = run(store, "build", str(store / "hanke.txt"))
        assert "1 statements rejected, 0 added" in built.output
        label = f'<{iri}> {LABEL} "{name}"'
        assert not any(line.startswith(label) for line in exported(store).splitlines())
        told = run(store, "describe", iri).output
        assert f"reject: label: {name}" in told
        assert "koe (Aino K" in told

    def test_an_added_name_cites_its_line(self, store: Path) -> None:
        iri = project(store)
        place = ("--at", "hanke:7", "--words", "Kuvitteellisen saariston koordinaatio", "--why", "lyhenne")
        done = run(store, "correct", "add", iri, "acronym", "SAARI", *place)
        assert done.exit_code == 0, done.output
        assert run(store, "build", str(store / "hanke.txt")).exit_code == 0
        [statement] = [
            parse_line(line)
            for line in exported(store).splitlines()
            if "acronym" in line and "passage/hanke/7-7-" in line
        ]
        assert statement.o.startswith('"SAARI"')
        assert run(store, "load", str(store / "hanke.txt")).exit_code == 0
        assert "SAARI" in exported(store)

    def test_words_that_do_not_stand_there_are_refused(self, store: Path) -> None:
        done = run(store, "correct", "add", project(store), "acronym", "SAARI", "--at", "hanke:7", "--why", "x")
        assert done.exit_code == 2
        assert "do not stand on lines 7" in done.output
        assert not (store / "corrections.tsv").exists()

    def test_what_no_document_says_cannot_be_rejected(self, store: Path) -> None:
        done = run(store, "correct", "reject", project(store), "label", "Muu nimi", "--why", "x")
        assert done.exit_code == 2
        assert "documents say Kuvitteellisen saariston koordinaatio" in done.output

    def test_a_changed_document_is_named_by_line_and_the_build_goes_on(self, store: Path) -> None:
        iri = project(store)
        run(store, "correct", "reject", iri, "label", "Kuvitteellisen saariston koordinaatio", "--why", "koe")
        text = (store / "hanke.txt").read_text(encoding="utf-8")
        (store / "hanke.txt").write_text("Uusi rivi\n\n" + text, encoding="utf-8")
        built = run(store, "build", str(store / "hanke.txt"))
        assert built.exit_code == 0
        assert "corrections.tsv:2: not applied: the document hanke has changed since" in built.output
        assert run(store, "correct", "check").exit_code == 1
