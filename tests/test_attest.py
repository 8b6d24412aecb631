"""What shapes cannot tell: facts without a passage, properties nobody declares, words that are not in their document."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyoxigraph as ox
import pytest

from engine.attest import attest
from engine.validation import validate
from shacl import Data, Shapes, load_shapes

ROOT = Path(__file__).resolve().parents[1]
BASE = "https://w3id.org/teemagraafi/"
PREFIXES = f"""
@base <{BASE}> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix tg: <{BASE}def#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
TEXT = "Keksitty katsaus\n\nTeeman toteutusaika 1.1.2023 –\n 31.12.2027\nYhteyshenkilö Keksitty Henkilö\n"
FACT = '<id/theme/t> a tg:Theme ; rdfs:label "Mallikas"@fi ; tg:startDate "2023-01-01"^^xsd:date .'


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return load_shapes(ROOT / "shapes" / "source.ttl")


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "d.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def store(document: Path, *passages: tuple[str, int, int, str], fact: str = FACT, more: str = "") -> ox.Store:
    made = ox.Store()
    made.load(path=str(ROOT / "ontology" / "teemagraafi.ttl"), format=ox.RdfFormat.TURTLE)
    digest = hashlib.sha256(document.read_bytes()).hexdigest()
    load(made, f'<id/document/d> a tg:SourceDocument ; tg:contentHash "{digest}" . {fact} {more}')
    for key, first, last, words in passages:
        lines = f'tg:lineStart {first} ; tg:lineEnd {last} ; tg:verbatim "{words}"'
        about = f"<id/{key}> a tg:Passage ; tg:inDocument <id/document/d> ; {lines} ."
        load(made, about, "graph/contacts" if key.startswith("contact") else None)
        load(made, fact, f"id/{key}")
    return made


def load(made: ox.Store, text: str, graph: str | None = None) -> None:
    made.load((PREFIXES + text).encode(), ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(BASE + graph) if graph else None)


def found(made: ox.Store, shapes: Shapes, *documents: Path) -> list[tuple[str, str]]:
    return [
        (str(r.shape).rsplit("#")[-1], str(r.focus)[1:-1].removeprefix(BASE))
        for r in attest(Data(made), shapes, documents)
    ]


STATED = ("passage/d/3-4-aa", 3, 4, "Teeman toteutusaika  1.1.2023 – 31.12.2027")


def test_what_stands_in_its_passage_and_document_is_well(document: Path, shapes: Shapes) -> None:
    person = ("contact-passage/d/5-5-bb", 5, 5, "Keksitty Henkilö")
    assert found(store(document, STATED, person), shapes, document) == []


def test_a_fact_that_no_passage_states_is_found(document: Path, shapes: Shapes) -> None:
    more = '<id/theme/t> tg:endDate "2027-12-31"^^xsd:date ; rdfs:comment "no term of ours" .'
    assert found(store(document, STATED, more=more), shapes) == [("FactStated", "id/theme/t")]
    in_users_graph = store(document, STATED, more=more)
    load(in_users_graph, '<id/theme/t> tg:endDate "2027-12-31"^^xsd:date .', "elsewhere")
    assert found(in_users_graph, shapes) == [("FactStated", "id/theme/t")]


def test_what_follows_from_other_facts_needs_no_passage(document: Path, shapes: Shapes) -> None:
    more = "<id/project/p> tg:implementer <id/organisation/o> . "
    more += "<id/observation/o> tg:amount 5.0 ; <http://www.w3.org/ns/prov#wasDerivedFrom> <id/share/s> ."
    assert found(store(document, STATED, more=more), shapes) == []


def test_a_property_that_nobody_declares_is_found(document: Path, shapes: Shapes) -> None:
    more = "<id/organisation/o> tg:undeclared 1 . tg:declared a rdf:Property . <id/organisation/o> tg:declared 1 ."
    assert found(store(document, STATED, more=more), shapes) == [("TermDeclared", "def#undeclared")]


@pytest.mark.parametrize(
    "passage",
    [
        ("passage/d/3-3-aa", 3, 3, "Teeman toteutusaika 1.1.2023 – 31.12.2027"),
        ("passage/d/3-4-ab", 3, 4, "Teeman toteutusaika 1.1.2024"),
        ("passage/d/9-9-aa", 9, 9, "Keksitty katsaus"),
        ("contact-passage/d/5-5-aa", 5, 5, "Keksitty Toinen"),
    ],
)
def test_words_that_are_not_at_their_lines_are_found(
    document: Path, shapes: Shapes, passage: tuple[str, int, int, str]
) -> None:
    assert found(store(document, STATED, passage), shapes, document) == [("WordsStand", f"id/{passage[0]}")]


def test_another_document_says_nothing_of_the_words(document: Path, shapes: Shapes, tmp_path: Path) -> None:
    made = store(document, ("passage/d/3-3-aa", 3, 3, "something else"))
    other = tmp_path / "other.txt"
    other.write_text(TEXT + "one line more\n", encoding="utf-8")
    assert found(made, shapes, other) == []


def test_the_findings_have_their_place_and_message(document: Path) -> None:
    made = store(document, ("passage/d/3-3-aa", 3, 3, "Teeman toteutusaika 2024"))
    findings = [f for f in validate(made, documents=[document]) if f.shape.endswith("#WordsStand")]
    assert [(f.severity, f.document, f.place.lineStart, f.value) for f in findings] == [
        ("Violation", "d", 3, "Teeman toteutusaika 2024")
    ]
    assert findings[0].message["en"].startswith("The passage's words are not on these lines")
    assert [f for f in validate(made) if f.shape.endswith("#WordsStand")] == []
