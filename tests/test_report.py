"""Reports: the same findings as a table, Turtle, JSON, JUnit XML and a page, in three languages, always the same bytes."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest

from engine.conflicts import conflicts, of_conflicts
from engine.fusion import fuse
from engine.report.findings import SEVERITIES, Finding, in_words
from engine.report.formats import (
    Entry,
    Report,
    ReportError,
    Section,
    as_json,
    earlier,
    html,
    junit,
    of_findings,
    place,
    record,
    summary,
    table,
    turtle,
)
from engine.store import open_store, replacing, write_quads
from engine.validation import Checked, check, check_files
from engine.words import LANGUAGES, number, text
from shacl.terms import ShapesGraph, read_path, sh
from tests import readings as made
from tests.test_validation import EXAMPLES, store

SHOWN: list[Callable[[Report], str]] = [table, html, junit]
__all__ = ["store"]


@pytest.fixture(scope="module")
def checked(store: ox.Store) -> Checked:
    return check(store)


def report(checked: Checked, language: str = "en") -> Report:
    return of_findings(checked.findings, language, checked.titles(language), checked.rules(language))


def test_a_json_record_has_the_fields_of_the_contract_in_their_order(checked: Checked) -> None:
    records = json.loads(as_json(record(finding, "fi") for finding in checked.findings))
    names = ["severity", "shape", "component", "focus", "label", "path", "value", "expected", "message"]
    names += ["document", "page", "lineStart", "lineEnd", "words"]
    assert all(list(item) == names for item in records)
    first = next(item for item in records if item["shape"].endswith("#ThemePeriodOrder"))
    assert (first["document"], first["page"], first["lineStart"], first["lineEnd"]) == ("d", 2, 7, 8)


@pytest.mark.slow
def test_a_report_gives_the_same_bytes_each_time(store: ox.Store) -> None:
    for _ in range(2):
        one, another = check(store), check(store)
        assert turtle(one.findings) == turtle(another.findings)
        for show in SHOWN:
            assert show(report(one)) == show(report(another))


def test_findings_are_grouped_by_document_and_counted(checked: Checked) -> None:
    made = report(checked)
    assert [section.title for section in made.sections] == ["Katsaus (d)", "In no document", "Notes"]
    serious = [finding for finding in checked.findings if not finding.is_note]
    placed = [finding for finding in serious if finding.document]
    sizes = [len(placed), len(serious) - len(placed), len(checked.findings) - len(serious)]
    assert [len(section.entries) for section in made.sections] == sizes
    counts = [int(n) for n in re.findall(r"\d+", made.summary)]
    assert counts[-1] == sum(counts[:-1]) == len(checked.findings)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_speaks_one_language(checked: Checked, language: str) -> None:
    made = report(checked, language)
    others = {text(f"severity.{s}", other) for other in LANGUAGES if other != language for s in SEVERITIES}
    assert {entry.mark for section in made.sections for entry in section.entries}.isdisjoint(others)
    finding = next(f for f in checked.findings if f.shape.endswith("#ThemePeriodOrder"))
    flat = " ".join(table(made).split())
    assert finding.message[language] in flat
    assert text("report.page", language, page=2) in flat


def test_the_table_shows_what_where_and_why(checked: Checked) -> None:
    lines = table(report(checked)).splitlines()
    assert (
        lines[0]
        == f"Katsaus (d)  [{sum(finding.document == 'd' and not finding.is_note for finding in checked.findings)}]"
    )
    at = next(n for n, line in enumerate(lines) if "violation" in line and "lines 7–8" in line)
    assert "Mallikas työ" in lines[at]
    assert any("2024 – 30.6.2023" in line for line in lines[at : at + 8])
    assert max(map(len, lines)) <= 110


def test_an_empty_report_says_that_there_is_nothing(checked: Checked) -> None:
    nothing = of_findings([], "sv", {}, checked.rules("sv"))
    assert table(nothing).startswith("Inget att anmärka.")
    assert "Inget att anmärka." in html(nothing)
    assert ET.fromstring(junit(nothing)).get("failures") == "0"
    assert "sh:conforms true" in turtle([])


def test_the_turtle_is_a_shacl_report_with_places(checked: Checked) -> None:
    graph = ShapesGraph(ox.parse(turtle(checked.findings).encode(), format=ox.RdfFormat.TURTLE))
    (made,) = graph.instances(sh("ValidationReport"))
    results = graph.objects(made, sh("result"))
    assert len(results) == len(checked.findings)
    tg = "https://w3id.org/teemagraafi/def#"
    lines = {
        graph.objects(node, ox.NamedNode(f"{tg}lineStart"))[0]
        for node in results
        if graph.objects(node, ox.NamedNode(f"{tg}page"))
    }
    assert lines == {ox.Literal(7)}
    for node in results:
        for name in ("resultSeverity", "sourceConstraintComponent", "sourceShape", "focusNode"):
            assert len(graph.objects(node, sh(name))) == 1
        assert sorted(
            m.language or "" for m in graph.objects(node, sh("resultMessage")) if isinstance(m, ox.Literal)
        ) == sorted(LANGUAGES)
    assert "keksitty.toinen" not in turtle(checked.findings)


def test_the_turtle_holds_whole_paths() -> None:
    findings = check_files(
        [EXAMPLES / "project" / "invalid.bare.ttl", EXAMPLES / "participation" / "invalid.structure.ttl"]
    ).findings
    graph = ShapesGraph(ox.parse(turtle(findings).encode(), format=ox.RdfFormat.TURTLE))
    written = sorted(str(read_path(graph, value)) for _, value in graph.pairs(sh("resultPath")))
    assert written == sorted(str(f.result.path) for f in findings if f.result.path)
    assert any("|" in path for path in written)
    assert any(path.startswith("^") for path in written)


def test_junit_has_a_case_for_each_finding_and_each_rule_that_passed(checked: Checked) -> None:
    suites = ET.fromstring(junit(report(checked)))
    cases = suites.findall(".//testcase")
    assert suites.get("tests") == str(len(cases))
    serious = [f for f in checked.findings if f.severity != "Info"]
    assert suites.get("failures") == str(len(suites.findall(".//failure"))) == str(len(serious))
    passed = suites.findall("testsuite[@name='Checked, nothing to report']/testcase")
    assert len(passed) == len(checked.rules("en")) - len({f.shape for f in checked.findings} & set(checked.rules("en")))
    assert "lines 7–8" in "".join(case.get("name", "") for case in cases)


def test_junit_is_well_formed_whatever_the_words_hold() -> None:
    entry = Entry(
        "Warning", "warning", "line 1", "a <b> & \x00 \x0b", "]]> \x1b text", "rule", (("words", "\ud7ff\ufffe"),)
    )
    made = junit(Report("en", "t", "s", (Section("d", (entry,)),), "e"))
    assert ET.fromstring(made).find(".//failure") is not None


class Page(HTMLParser):
    """What a page is made of."""

    VOID = ("meta", "br")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_accessible_and_asks_for_nothing(checked: Checked, language: str) -> None:
    text = html(report(checked, language))
    page = Page(text)
    assert page.open == []
    assert ("lang", language) in page.attributes
    assert {"title", "main", "h1", "h2", "table", "caption", "th"} <= set(page.tags)
    assert {"script", "link", "img", "iframe"}.isdisjoint(page.tags)
    assert not [value for name, value in page.attributes if name in ("src", "href") and not str(value).startswith("#")]
    assert "url(" not in text
    assert all(("scope", "col") in page.attributes for _ in page.tags)
    named = {value for name, value in page.attributes if name == "id"}
    assert {value for name, value in page.attributes if name == "aria-labelledby"} <= named


def test_the_page_escapes_what_documents_say(tmp_path: Path) -> None:
    path = tmp_path / "own.ttl"
    path.write_text(
        "<https://w3id.org/teemagraafi/id/theme/t> a <https://w3id.org/teemagraafi/def#Theme> ; "
        '<http://www.w3.org/2000/01/rdf-schema#label> "<script>alert(1)</script>" .',
        encoding="utf-8",
    )
    text = html(report(check_files([path])))
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    brighter, darker = sorted((light(one), light(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_the_colours_of_the_page_can_be_told_from_its_ground(checked: Checked) -> None:
    light, dark = re.findall(r"--line: #\w+;[^}]*", html(report(checked)))
    for colours, ground in ((light, "#ffffff"), (dark, "#121212")):
        found = re.findall(r"--(?:violation|warning|info): (#\w{6})", colours)
        assert len(found) == 3
        assert min(contrast(colour, ground) for colour in found) >= 4.5


def test_an_earlier_report_tells_what_is_new(checked: Checked, tmp_path: Path) -> None:
    path = tmp_path / "earlier.json"
    path.write_text(as_json(record(f, "sv") for f in checked.findings[1:]), encoding="utf-8")
    known = earlier(path)
    assert [f for f in checked.findings if f.key not in known] == checked.findings[:1]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[{"severity": "Info"}]', "<html>"])
def test_what_is_no_earlier_report_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "earlier.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReportError) as error:
        earlier(path)
    assert error.value.exit_code == 2


def test_numbers_dates_and_places_are_written_as_the_language_does() -> None:
    assert number("1055410.40", "fi") == "1\u00a0055\u00a0410,40"
    assert number("1055410.40", "en") == "1,055,410.40"
    date = ox.Literal("2024-10-31", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date"))
    assert [in_words(date, language) for language in LANGUAGES] == ["31.10.2024", "31.10.2024", "2024-10-31"]
    assert place(3, 38, 40, "fi") == "s. 3, rivit 38–40"
    assert place(None, 38, 38, "sv") == "rad 38"
    assert place(None, None, None, "en") == ""


def test_the_summary_counts_each_severity() -> None:
    def made(severity: str) -> Finding:
        finding = Finding.__new__(Finding)
        finding.severity = severity
        return finding

    findings = [made("Violation"), made("Warning"), made("Warning"), made("Info")]
    assert summary(findings, "en") == "Violations: 1, warnings: 2, notes: 1; 4 in all"
    assert summary(findings, "fi", known=3).endswith("yhteensä 4 (aiemmin tunnettuja jätetty pois: 3)")
    assert summary([made("http://example.org/Critical")], "en").endswith("1 in all (others: 1)")


def test_many_notes_of_one_rule_are_one_entry_with_the_first_ten(tmp_path: Path) -> None:
    path = tmp_path / "own.ttl"
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    path.write_text("".join(f'<urn:p:{n}> a <urn:P> ; {label} "nimi {n}" .\n' for n in range(12)), encoding="utf-8")
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:S> sh:targetClass <urn:P> ; sh:severity sh:Info ; "
        "sh:path <urn:none> ; sh:minCount 1 .",
        encoding="utf-8",
    )
    checked = check_files([path], shapes=[shapes])
    for every, entries in ((False, 1), (True, 12)):
        made = of_findings(checked.findings, "en", {}, {}, every=every)
        assert len(made.sections[0].entries) == entries
        assert made.summary == "Violations: 0, warnings: 0, notes: 12; 12 in all"
    shown = table(of_findings(checked.findings, "en", {}, {}))
    assert "12" in shown
    assert "nimi 9" not in shown.split("nimi 8")[0]
    assert "teemagraafi validate --all" in shown


def test_a_report_names_the_constraint_and_what_it_expects(checked: Checked) -> None:
    records = [record(finding, "en") for finding in checked.findings]
    assert any(item["component"] == "minCount" and item["expected"] == "1" for item in records)
    assert "constraint: minCount 1" in table(report(checked))


def test_a_code_that_looks_like_a_number_is_printed_as_it_stands(tmp_path: Path) -> None:
    """Objective 4.3 is a name; an amount beside it is written as the language does."""
    new = made.extracted("uusi", made.theme(objective="4.3"), made.framework("14000000"))
    old = made.extracted("vanha", made.theme(objective="4.h"), made.framework("12500000.5"), date="2022-06")
    with replacing(tmp_path / "s") as version:
        write_quads(version, [quad.line() for quad in fuse(new + old)])
    graph = open_store(tmp_path / "s")
    for language, notation, amount in (("fi", "4.3", "12\u00a0500\u00a0000,5"), ("en", "4.3", "12,500,000.5")):
        report = of_conflicts(conflicts(graph), graph, language)
        shown = {value for section in report.sections for entry in section.entries for value, _ in entry.details}
        assert {notation, "4.h", amount} <= shown
