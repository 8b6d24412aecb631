from __future__ import annotations

import pytest

from loaders.document.lines import Document, Line
from loaders.rdf import documents as rdf
from loaders.rdf.terms import CONTACT_PASSAGE, DCT, PASSAGE, A, code, lexical, tg, thing
from loaders.records import LeftOut, Reading
from tests import readings as made

FACTS = rdf.DocumentFacts(title="Katsaus", issued="2024-11", url="https://example.org/katsaus")


def written(*records: object, facts: rdf.DocumentFacts | None = None) -> list[rdf.Quad]:  # type: ignore[name-defined]
    document = Document("katsaus", "text", (), "0" * 64)
    return rdf.quads(document, Reading("review", tuple(records), reference_date="2024-10-31"), facts)  # type: ignore[arg-type]


def test_every_statement_stands_in_the_graph_of_its_passage_and_nowhere_else() -> None:
    quads = written(made.theme(), made.framework("14000000"))
    statements = [q for q in quads if q.s.startswith(thing("theme", "aaripaan")[:-1])]
    assert statements
    assert all(q.g.startswith(f"<{PASSAGE}katsaus/") for q in statements)
    (fund,) = [q for q in statements if q.p == tg("fund")]
    place = {q.p: q.o for q in quads if q.s == fund.g}
    assert (lexical(place[tg("lineStart")]), lexical(place[tg("page")]), lexical(place[tg("verbatim")])) == (
        "2",
        "1",
        "ESR+",
    )


def test_a_contact_and_the_words_it_stands_in_never_leave_the_contact_graphs() -> None:
    for quad in written(made.theme(), made.contact()):
        if "Aino" in quad.o or "esimerkki.fi" in quad.o or "000 0000" in quad.o:
            assert quad.g.startswith((f"<{CONTACT_PASSAGE}", "<https://w3id.org/teemagraafi/graph/contacts"))


def test_codes_of_the_source_are_keys() -> None:
    quads = written(*made.single("S39001"), *made.group())
    things = {q.s for q in quads if q.p == A}
    assert {thing("project", "S39001"), thing("project", "R-09001"), thing("participation", "S39011")} <= things


def test_a_project_without_a_code_is_keyed_by_its_name_in_its_theme() -> None:
    (project, *_) = made.single()
    bare = type(project)("Kokeilu", project.name, made.THEME)  # type: ignore[union-attr,call-arg]
    assert thing("project", "aaripaan-verkostot", "kokeilu") in {q.s for q in written(bare)}


def test_an_objective_is_found_by_any_of_its_notations_in_its_own_period() -> None:
    for notation in ("4.3", "4.h", "4.1.7"):
        quads = written(made.theme(objective=notation))
        assert {q.o for q in quads if q.p == tg("specificObjective")} == {code("specific-objective-2021-2027", "4.3")}
        assert {lexical(q.o) for q in quads if q.p == tg("objectiveAsStated")} == {notation}


def test_an_observation_is_keyed_by_what_it_observes() -> None:
    share = made.framework("6000000", ministry="TEM")
    keys = {q.s for q in written(made.framework("14000000"), share) if q.p in (tg("amount"), tg("shareAmount"))}
    base = ("theme", "aaripaan-verkostot", "framework", "2024-10-31", "eu-state")
    assert keys == {thing("observation", *base), thing("share", *base, "tem")}


def test_the_document_carries_what_is_known_of_it() -> None:
    quads = written(made.theme(), facts=FACTS)
    of_document = {q.p: q.o for q in quads if q.s == thing("document", "katsaus")}
    assert of_document[f"<{DCT}title>"] == '"Katsaus"@fi'
    assert lexical(of_document[f"<{DCT}issued>"]) == "2024-11"
    assert of_document[f"<{DCT}source>"] == "<https://example.org/katsaus>"
    assert of_document[tg("layout")] == '"review"'


@pytest.mark.parametrize("again", [1, 2])
def test_the_same_records_give_the_same_quads(again: int) -> None:
    assert written(made.theme(), *made.group(), made.contact()) == written(made.theme(), *made.group(), made.contact())


def test_a_place_that_was_not_understood_is_a_passage_that_states_nothing() -> None:
    document = Document("katsaus", "pdf", (Line(7, "Viikko 2.-6.2.2025", page=3), Line(8, "1.1.2024")), "0" * 64)
    left = (
        LeftOut(7, 7, "Viikko 2.-6.2.2025", "week-on-weekend", understood=False),
        LeftOut(8, 8, "1.1.2024", "a date of running text"),
    )
    quads = rdf.quads(document, Reading("review", (), left_out=left))
    (passage,) = {q.s for q in quads if q.o == tg("Passage")}
    assert {q.p: lexical(q.o) for q in quads if q.s == passage and q.p in (tg("verbatim"), tg("page"))} == {
        tg("verbatim"): "Viikko 2.-6.2.2025",
        tg("page"): "3",
    }
    assert {q.g for q in quads} == {""}
