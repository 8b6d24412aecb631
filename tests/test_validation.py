"""Validation of stores and files: findings with their places, words in three languages, nothing that passes unseen."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from engine.report.findings import Finding
from engine.validation import check, check_files, faults, validate
from shacl import DataError, ShapesError

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "tests" / "shapes"
BASE = "https://w3id.org/teemagraafi/"
PREFIXES = f"""
@base <{BASE}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix tg: <{BASE}def#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
GRAPH = """
<id/theme/t> a tg:Theme ; rdfs:label "Mallikas työ"@fi , "Exemplariskt arbete"@sv ; tg:startDate "2024"^^xsd:gYear ;
    tg:endDate "2023-06-30"^^xsd:date .
<id/document/d> a tg:SourceDocument ; dct:title "Katsaus"@fi ; tg:layout "review" ; tg:referenceDate "2024-10-31"^^xsd:date ;
    tg:contentHash "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" .
<id/passage/d/3-3-aa> a tg:Passage ; tg:inDocument <id/document/d> ; tg:lineStart 3 ; tg:lineEnd 3 ; tg:verbatim "Mallikas työ" .
<id/passage/d/7-8-bb> a tg:Passage ; tg:inDocument <id/document/d> ; tg:lineStart 7 ; tg:lineEnd 8 ; tg:page 2 ;
    tg:verbatim "2024 – 30.6.2023" .
<id/passage/d/9-9-dd> a tg:Passage ; tg:inDocument <id/document/d> ; tg:lineStart 9 ; tg:lineEnd 9 ; tg:verbatim "1 055 410,40" .
<id/organisation/nimeton> a tg:Organisation ; tg:organisationType <code/organisation-type/other> .
"""
AMOUNT = """
<id/observation/o> a tg:FinancialObservation ; tg:about <id/theme/t> ; tg:phase <code/phase/framework> ; tg:amount 1055410.4 ;
    tg:currency "EUR" ; tg:precision 0.01 ; tg:amountAsStated "1 055 410,40" ; tg:referenceDate "2024-10-31"^^xsd:date .
"""
PASSAGES = {
    "id/passage/d/3-3-aa": '<id/theme/t> a tg:Theme ; rdfs:label "Mallikas työ"@fi .',
    "id/passage/d/9-9-dd": AMOUNT,
    "id/passage/d/7-8-bb": '<id/theme/t> tg:startDate "2024"^^xsd:gYear ; tg:endDate "2023-06-30"^^xsd:date , "pian" .',
}
CONTACTS = {
    "graph/contacts": """<id/contact/c> a tg:ContactPoint ; tg:contactFor <id/theme/t> ; tg:side <code/side/ministry> ;
        schema:name "Keksitty Henkilö" ; schema:email "keksitty.toinen@gof.fi" .
        <id/contact-passage/d/5-5-cc> a tg:Passage ; tg:inDocument <id/document/d> ; tg:lineStart 5 ; tg:lineEnd 5 ;
        tg:verbatim "Keksitty Henkilö, [email protected]" .""",
    "id/contact-passage/d/5-5-cc": '<id/contact/c> a tg:ContactPoint ; schema:name "Keksitty Henkilö" ; '
    'schema:email "keksitty.toinen@gof.fi" .',
}


def load(store: ox.Store, text: str, graph: str | None = None) -> None:
    name = ox.NamedNode(BASE + graph) if graph else None
    store.load((PREFIXES + text).encode(), ox.RdfFormat.TURTLE, to_graph=name)


@pytest.fixture(scope="module")
def store() -> ox.Store:
    made = ox.Store()
    for name in ("teemagraafi", "codes"):
        made.load(path=str(ROOT / "ontology" / f"{name}.ttl"), format=ox.RdfFormat.TURTLE)
    load(made, GRAPH + AMOUNT)
    for graph, text in {**PASSAGES, **CONTACTS}.items():
        load(made, text, graph)
    return made


@pytest.fixture(scope="module")
def findings(store: ox.Store) -> list[Finding]:
    return validate(store)


def test_faults_alone_are_as_many_as_among_the_findings(store: ox.Store, findings: list[Finding]) -> None:
    severities = Counter(finding.severity for finding in findings if not finding.is_note)
    assert 0 < severities.total() < len(findings)
    assert faults(store) == severities


def one(findings: list[Finding], shape: str) -> Finding:
    (only,) = [finding for finding in findings if finding.shape.endswith(f"#{shape}")]
    return only


def test_a_finding_leads_to_document_page_line_and_words(findings: list[Finding]) -> None:
    finding = one(findings, "ThemePeriodOrder")
    assert (finding.document, finding.place.page, finding.place.lineStart, finding.place.lineEnd) == ("d", 2, 7, 8)
    assert finding.words == "2024 – 30.6.2023"
    assert (finding.severity, finding.focus, finding.path) == ("Violation", f"{BASE}id/theme/t", None)
    assert finding.label == {"fi": "Mallikas työ", "sv": "Exemplariskt arbete", "en": "Mallikas työ"}


def test_messages_speak_three_languages_and_hold_the_values(findings: list[Finding]) -> None:
    message = one(findings, "ThemePeriodOrder").message
    assert message["fi"].startswith("Teema alkaa 2024 ja päättyy jo 30.6.2023.")
    assert message["sv"].startswith("Temat börjar 2024 och slutar redan 30.6.2023.")
    assert message["en"].startswith("The theme starts 2024 and ends before, 2023-06-30.")


def test_an_observation_is_called_by_what_it_is_of(findings: list[Finding]) -> None:
    finding = one(findings, "AmountUnit")
    assert finding.label["fi"] == "Mallikas työ: rahoituskehys"
    assert finding.label["en"].startswith("Mallikas työ: ")
    assert "1 055 410,40" in finding.message["en"]


def test_what_stands_in_no_passage_stands_where_its_thing_is_named(findings: list[Finding]) -> None:
    finding = one(findings, "ThemeProgrammeGiven")
    assert (finding.severity, finding.document, finding.place.lineStart) == ("Info", "d", 3)
    document = one(findings, "DocumentPublisherGiven")
    assert (document.document, document.place.lineStart, document.words) == ("d", None, None)


def test_values_that_only_a_passage_states_are_checked_too(store: ox.Store, findings: list[Finding]) -> None:
    finding = one(findings, "ThemeEnd")
    assert (finding.value, finding.place.lineStart) == ("pian", 7)
    view = validate(store, extractions=False)
    assert [f for f in view if f.shape.endswith("#ThemeEnd")] == []
    assert len(view) == len(findings) - 1


@pytest.mark.parametrize(("described", "faults"), [(True, 0), (False, 1)])
def test_a_thing_that_only_its_passage_describes_was_set_aside_and_is_not_judged(described: bool, faults: int) -> None:
    graph = ox.Store()
    load(graph, GRAPH)
    words = "<id/theme/t> tg:coordinationProject <id/project/t/p> ."
    words += "<id/project/t/p> a tg:Project , tg:CoordinationProject ." if described else ""
    load(graph, words, "id/passage/d/7-8-bb")
    wrong = [f for f in validate(graph) if f.value and f.value.endswith("project/t/p")]
    assert len(wrong) == faults


def test_persons_are_hidden_unless_they_are_asked_for(store: ox.Store, findings: list[Finding]) -> None:
    finding = one(findings, "ContactNameFitsAddress")
    assert finding.value == "…@gof.fi"
    assert (finding.document, finding.place.lineStart, finding.words) == ("d", 5, "[…]")
    assert "Keksitty" not in str([(f.label, f.message, f.value, f.words) for f in findings])
    lost = one(findings, "PassageLostAddress")
    assert (lost.place.lineStart, lost.value) == (5, "[…]")
    open_finding = one(validate(store, with_contacts=True), "ContactNameFitsAddress")
    assert open_finding.value == "keksitty.toinen@gof.fi"
    assert open_finding.words == "Keksitty Henkilö, [email protected]"
    assert open_finding.label["fi"] == "Keksitty Henkilö"


def test_findings_come_by_document_severity_and_line_and_always_the_same(
    store: ox.Store, findings: list[Finding]
) -> None:
    assert findings == validate(store)
    ranks = [(f.document or "\uffff", f.severity != "Violation") for f in findings if f.severity != "Info"]
    assert ranks == sorted(ranks)
    assert [f.severity for f in findings[len(ranks) :]] == ["Info"] * (len(findings) - len(ranks))


@pytest.mark.slow
def test_both_engines_give_the_same_findings(store: ox.Store, findings: list[Finding]) -> None:
    judged = validate(store, engine="pyshacl")
    assert {f.key for f in judged} == {f.key for f in findings}
    assert one(judged, "ThemePeriodOrder").place.lineStart == 7


def test_a_store_without_data_does_not_pass(store: ox.Store) -> None:
    with pytest.raises(DataError, match="no document"):
        validate(ox.Store())
    vocabulary = ox.Store()
    vocabulary.load(path=str(ROOT / "ontology" / "codes.ttl"), format=ox.RdfFormat.TURTLE)
    with pytest.raises(DataError, match="no document"):
        validate(vocabulary)


def write(path: Path, text: str) -> Path:
    path.write_text(PREFIXES + text, encoding="utf-8")
    return path


SHAPES = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://example.org/> .\n"


def test_ones_own_shapes_check_our_data(store: ox.Store, tmp_path: Path) -> None:
    path = write(
        tmp_path / "own.ttl", f"{SHAPES} :S sh:targetClass tg:Theme ; sh:property [ sh:path tg:fund ; sh:minCount 1 ] ."
    )
    (finding,) = validate(store, shapes=[path])
    assert (finding.shape, finding.focus, finding.severity) == (
        "http://example.org/S",
        f"{BASE}id/theme/t",
        "Violation",
    )
    assert finding.message["en"] == "S, fund: There are too few values (at least 1)."


def test_shapes_that_find_nothing_to_look_at_conform_and_say_so(store: ox.Store, tmp_path: Path) -> None:
    path = write(tmp_path / "own.ttl", f"{SHAPES} :S sh:targetClass :Elsewhere ; sh:nodeKind sh:IRI .")
    checked = check(store, shapes=[path])
    assert checked.findings == []
    assert "none of the shapes has anything to look at" in checked.notes[-1]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (":S a sh:NodeShape", r"own\.ttl:\d+: "),
        (":S sh:targetClass tg:Theme ; sh:minCount 1 .", "needs a sh:path"),
    ],
)
def test_shapes_that_cannot_be_used_do_not_pass(store: ox.Store, tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(ShapesError, match=complaint):
        validate(store, shapes=[write(tmp_path / "own.ttl", SHAPES + text)])


def test_what_the_queries_do_not_cover_pyshacl_judges_and_says_so(store: ox.Store, tmp_path: Path) -> None:
    text = f"{SHAPES} :S sh:targetClass tg:Theme ; sh:property [ sh:path tg:endDate ; sh:hasValue [] ] ."
    checked = check(store, shapes=[write(tmp_path / "own.ttl", text)])
    assert [finding.component for finding in checked.findings] == ["hasValue"]
    assert len(checked.notes) == 2
    assert all("as a constant" in note for note in checked.notes)


def test_a_file_is_checked_against_our_shapes_with_our_codes_known(tmp_path: Path) -> None:
    text = """<id/theme/uusi> a tg:Theme ; rdfs:label "Uusi"@fi ; tg:inProgramme <code/programme/2021-2027> ;
        tg:ministry <id/organisation/tem> ; tg:intermediateBody <id/organisation/ely-hame> ; tg:endDate "2027"^^xsd:gYear ;
        tg:fund <code/fund/OLEMATON> ."""
    checked = check_files([write(tmp_path / "own.ttl", text)])
    assert sorted((f.severity, f.shape.rsplit("#")[-1]) for f in checked.findings) == [
        ("Violation", "ThemeFund"),
        ("Warning", "ThemePeriodWhole"),
    ]
    assert {f.focus for f in checked.findings} == {f"{BASE}id/theme/uusi"}


def test_what_a_file_describes_itself_is_not_described_twice(tmp_path: Path) -> None:
    registry = ox.parse(path=str(ROOT / "ontology" / "themes.ttl"), format=ox.RdfFormat.TURTLE)
    theme = next(quad.subject for quad in registry)
    path = write(tmp_path / "own.ttl", f'{theme} a tg:Theme ; rdfs:label "Toinen nimi"@fi .')
    assert "ThemeLabel" not in {f.shape.rsplit("#")[-1] for f in check_files([path]).findings}


@pytest.mark.slow
def test_every_example_file_gives_findings_or_none_as_it_says() -> None:
    assert check_files([EXAMPLES / "theme" / "invalid.bare.ttl"]).findings
    assert check_files([EXAMPLES / "call" / "valid.call.ttl", EXAMPLES / "background.ttl"]).rules("sv")


def test_named_graphs_alone_are_checked_as_their_union(tmp_path: Path) -> None:
    path = tmp_path / "own.nq"
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    path.write_text(f"<{BASE}id/theme/x> {kind} <{BASE}def#Theme> <{BASE}g> .\n", encoding="utf-8")
    assert {f.shape.rsplit("#")[-1] for f in check_files([path]).findings} >= {"ThemeLabel", "ThemePeriodGiven"}


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("broken.ttl", "<a> <b> .", r"broken\.ttl:\d+: "),
        ("empty.ttl", "", "no statements"),
        ("data.docx", "<a> <b> <c> .", "not an RDF file"),
    ],
)
def test_data_that_cannot_be_checked_does_not_pass(tmp_path: Path, name: str, text: str, complaint: str) -> None:
    with pytest.raises(DataError, match=complaint) as error:
        check_files([write(tmp_path / name, text)])
    assert "\n" not in str(error.value)


def test_titles_and_rules_are_named_in_the_language_asked_for(store: ox.Store) -> None:
    checked = check(store)
    assert checked.titles("sv") == {"d": "Katsaus"}
    assert checked.rules("en")[f"{BASE}shapes#ThemeLabel"] == "name of the theme"
    assert checked.rules("fi")[f"{BASE}shapes#ThemeLabel"] == "teeman nimi"
    assert f"{BASE}shapes#Theme" not in checked.rules("fi")


def test_notes_that_differ_in_a_name_alone_are_counted(tmp_path: Path) -> None:
    wanted = ", ".join(f":T{number}" for number in range(8))
    shapes = write(tmp_path / "s.ttl", f"{SHAPES} :S sh:targetClass tg:Theme ; sh:node {wanted} ; sh:minCont 1 .")
    data = write(tmp_path / "d.ttl", "<id/theme/x> a tg:Theme .")
    notes = check_files([data], shapes=[shapes]).notes
    assert "… and 5 more like this" in notes
    assert len([note for note in notes if "not described" in note]) == 3
    assert len([note for note in notes if "minCont" in note]) == 1
