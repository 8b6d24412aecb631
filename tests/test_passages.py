"""What a researcher relies on: every fact of the graph has its words, at those lines, and no person is in what leaves it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

from engine import inputs
from engine.inputs import InputFile
from engine.output.export import export
from engine.store import open_store
from loaders.document.lines import Document
from loaders.rdf.terms import CONTACTS_GRAPH, TG

SHARED = Path(__file__).resolve().parents[2] / "shared" / "sources"
SETS = ["shipped", "text"]
"""The other forms of the documents are read and their places checked in tests/test_layouts.py and tests/test_review_copies.py."""
STATED = ("FinancialObservation", "StatisticalObservation", "Project", "Participation", "Call", "Theme")


def files(kind: str) -> list[InputFile]:
    if kind == "shipped":
        return inputs.shipped()
    if not (SHARED / kind).is_dir():
        pytest.skip(f"the full documents ({kind}) do not lie beside the repository")
    return inputs.originals(SHARED / kind)


@pytest.fixture(scope="module", params=SETS)
def built(request: pytest.FixtureRequest) -> tuple[list[InputFile], ox.Store]:
    given = files(request.param)
    name = "shipped_store" if request.param == "shipped" else "documents_store"
    return given, open_store(request.getfixturevalue(name))


@pytest.fixture(scope="module")
def lines(built: tuple[list[InputFile], ox.Store], read_once: Callable[..., Document]) -> dict[str, list[str]]:
    """The lines of each document."""
    return {
        given.identifier: [line.text for line in read_once(given.path, given.identifier).lines] for given in built[0]
    }


def collapse(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def rows(store: ox.Store, query: str) -> list[ox.QuerySolution]:
    found = store.query(f"PREFIX tg: <{TG}> PREFIX schema: <https://schema.org/> {query}")
    assert isinstance(found, ox.QuerySolutions)
    return list(found)


PLACES = """{ ?passage tg:inDocument ?document ; tg:lineStart ?first ; tg:lineEnd ?last ; tg:verbatim ?words }"""


@pytest.mark.parametrize("graph", ["", f"GRAPH {CONTACTS_GRAPH}"], ids=["public", "contacts"])
def test_the_words_of_every_passage_stand_at_its_lines(
    built: tuple[list[InputFile], ox.Store], lines: dict[str, list[str]], graph: str
) -> None:
    _, store = built
    wrong = []
    for row in rows(store, f"SELECT * WHERE {{ {graph} {PLACES} }}"):
        text = lines[row["document"].value.rsplit("/", 1)[-1]]
        there = collapse(" ".join(text[int(row["first"].value) - 1 : int(row["last"].value)]))
        if collapse(row["words"].value) not in there:
            wrong.append((row["passage"].value, row["words"].value, there))
    assert wrong == []


def test_every_thing_of_the_view_is_stated_in_a_passage(built: tuple[list[InputFile], ox.Store]) -> None:
    _, store = built
    for kind in STATED:
        missing = rows(store, f"SELECT ?s WHERE {{ ?s a tg:{kind} FILTER NOT EXISTS {{ GRAPH ?g {{ ?s ?p ?o }} }} }}")
        assert [row["s"].value for row in missing] == []


def test_every_amount_of_the_view_is_stated_in_a_passage(built: tuple[list[InputFile], ox.Store]) -> None:
    _, store = built
    amounts = rows(store, "SELECT ?s ?a WHERE { ?s tg:amount ?a }")
    stated = rows(store, "SELECT DISTINCT ?s ?a WHERE { GRAPH ?g { ?s tg:amount ?a } ?g a tg:Passage }")
    assert amounts
    derived = {(r["s"].value, r["a"].value) for r in amounts} - {(r["s"].value, r["a"].value) for r in stated}
    parts = rows(
        store,
        "SELECT DISTINCT ?share ?s ?a WHERE { GRAPH ?g { ?share tg:shareOf ?s ; tg:shareAmount ?a } ?g a tg:Passage }",
    )
    for thing, amount in derived:
        shares = [Decimal(r["a"].value) for r in parts if r["s"].value == thing]
        assert sum(shares) == Decimal(amount), f"{thing}: {amount} is stated nowhere and is no sum of stated shares"


def test_every_subject_has_one_value_of_a_functional_property(built: tuple[list[InputFile], ox.Store]) -> None:
    _, store = built
    values: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows(
        store, "SELECT ?s ?p ?o WHERE { ?p a <http://www.w3.org/2002/07/owl#FunctionalProperty> . ?s ?p ?o }"
    ):
        values[row["s"].value, row["p"].value].add(str(row["o"]))
    assert {k: v for k, v in values.items() if len(v) > 1} == {}


def test_nothing_of_a_contact_person_is_in_a_default_export(
    built: tuple[list[InputFile], ox.Store], tmp_path: Path
) -> None:
    _, store = built
    people = rows(
        store,
        f"SELECT DISTINCT ?v WHERE {{ GRAPH {CONTACTS_GRAPH} {{ ?c schema:name|schema:email|schema:telephone ?v }} }}",
    )
    formats = [("nquads", False), ("trig", False), ("turtle", True)]
    for fmt, current in formats if len(built[0]) == len(inputs.shipped()) else formats[:1]:
        target = tmp_path / fmt
        export(store, target, fmt, current=current)
        text = target.read_text(encoding="utf-8")
        assert [row["v"].value for row in people if row["v"].value in text] == []
        assert re.findall(r"(?<=[\w.+-])(?:@|\(at\))[\w-]+\.\w+", text) == []


def test_contacts_can_be_had_when_asked_for(built: tuple[list[InputFile], ox.Store], tmp_path: Path) -> None:
    _, store = built
    export(store, tmp_path / "all.nq", "nquads", with_contacts=True)
    assert ("contact-passage" in (tmp_path / "all.nq").read_text(encoding="utf-8")) is bool(
        rows(store, f"SELECT ?c WHERE {{ GRAPH {CONTACTS_GRAPH} {{ ?c a tg:ContactPoint }} }}")
    )
