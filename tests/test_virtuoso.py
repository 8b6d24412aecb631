"""The second engine: a dataset handed over to Virtuoso gives the same answers, by the endpoint a user would ask."""

from __future__ import annotations

import gzip
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import click
import pyoxigraph as ox
import pytest

from bench.virtuoso import Virtuoso, available
from engine.output.export import hand_over
from engine.query.run import run
from engine.store import replacing, write_quads
from engine.validation import check, check_endpoint
from loaders.rdf.terms import HISTORY_GRAPH, VIEW
from tests.example_graph import example_quads, example_store
from tests.query_files import readable_queries
from tests.web.test_endpoint import unversioned
from tests.webstore import serving

ASKED = """
SELECT ?passage ?row WHERE { ?o tg:amount ?amount . GRAPH ?passage { ?o tg:amount ?amount } ?passage tg:lineStart ?row }
"""
_CONTACTS = "with default-graph-uri Virtuoso sees no graph named by its IRI; contact persons are not handed over anyway"
_NOTHING = "Virtuoso 7 makes the sum of nothing 0 where SPARQL leaves it unbound"
LIMITS = {
    "announced-calls-confirmed": "Virtuoso 7 finds no match where a date of a year meets one of a month",
    "bodies-in-several-periods": _CONTACTS,
    "contacts": _CONTACTS,
    "contacts-in-several-places": _CONTACTS,
    "concentration-of-money": "Virtuoso 7.2.5 stops with an internal compiler error",
    "consortia-shared-by-themes": "Virtuoso 7 divides whole numbers without decimals",
    "counts-not-listed": "Virtuoso 7.2.5 stops with an internal compiler error",
    "framework-changes": "Virtuoso 7 finds two values of xsd:gYearMonth unequal that are equal",
    "incomplete-projects": "Virtuoso 7 does not take this form of VALUES",
    "known-on": "Virtuoso 7 finds no match where a date of a year meets one of a month",
    "ministries-by-theme": "Virtuoso 7 loses a row of an OPTIONAL sub-select",
    "money-by-theme": _NOTHING,
    "share-of-framework-used": _NOTHING,
    "source-of-amount": "Virtuoso 7.2.5 stops with its error SR066: incomplete RDF box",
    "themes-that-paid-nothing": "Virtuoso 7.2.5 stops with an internal compiler error",
}
"""Stored queries that Debian's Virtuoso does not answer as SPARQL 1.1 says, as met."""


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not available():
        pytest.skip("Virtuoso is not installed (Debian: virtuoso-opensource-7-bin)")
    folder = tmp_path_factory.mktemp("virtuoso")
    hand_over(example_store(), folder / "out", "virtuoso", with_contacts=True)
    with Virtuoso(folder / "db", folder / "out", memory_mb=200) as server:
        server.load(folder / "out")
        yield f"{server.endpoint}?{urllib.parse.urlencode({'default-graph-uri': VIEW})}"


def values(row: object) -> tuple[str, ...]:
    def text(value: object) -> str:
        if isinstance(value, Decimal | float | int):
            # Virtuoso 7 has no booleans: true is 1
            return format(Decimal(str(value + 0)).normalize(), "f")
        return "" if value is None else str(value)

    return tuple(text(value) for value in row)  # type: ignore[attr-defined]


@pytest.mark.slow
def test_the_view_counts_the_same(endpoint: str) -> None:
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    here = values(next(iter(run(example_store(), count).rows)))
    assert values(next(iter(run(None, count, endpoint=endpoint).rows))) == here


@pytest.mark.slow
def test_the_shapes_find_the_same(endpoint: str) -> None:
    contacts = "https://w3id.org/teemagraafi/id/contact"
    here = {finding.key for finding in check(example_store(), extractions=False).findings}
    there = {finding.key for finding in check_endpoint(endpoint).findings}
    assert there == {key for key in here if not key[3].startswith(contacts)} != set()


@pytest.mark.slow
def test_the_standard_way_to_ask_for_provenance(endpoint: str) -> None:
    there = Counter(values(row) for row in run(None, ASKED, endpoint=endpoint).rows)
    assert there == Counter(values(row) for row in run(example_store(), ASKED).rows)
    assert there


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [query.name for query in readable_queries() if query.form == "SELECT" and not query.services]
)
def test_a_stored_query_gives_the_same_rows(endpoint: str, name: str, request: pytest.FixtureRequest) -> None:
    if name in LIMITS:
        request.applymarker(pytest.mark.xfail(reason=LIMITS[name]))
    here = Counter(values(row) for row in run(example_store(), name).rows)
    assert Counter(values(row) for row in run(None, name, endpoint=endpoint).rows) == here


@pytest.mark.slow
def test_pages_are_those_of_the_store(endpoint: str, tmp_path: Path) -> None:
    """It is asked by the name of the current view."""
    with replacing(tmp_path / "store") as version:
        write_quads(version, (quad.line() for quad in example_quads()))
    with serving(tmp_path / "store") as ours, serving(tmp_path, endpoint=endpoint) as theirs:
        for path in ("/doc/theme?lang=sv", "/doc/project/R-05000", "/doc/theme.csv", "/doc/organisation"):
            answers = [client.get(path, headers={"accept": "text/html,*/*;q=0.1"}) for client in (ours, theirs)]
            assert [answer.status_code for answer in answers] == [200, 200], path
            assert unversioned(answers[0].text) == unversioned(answers[1].text), path


def test_contact_persons_stay_behind(tmp_path: Path) -> None:
    paths = hand_over(example_store(), tmp_path / "out", "qlever", lines=500)
    text = "".join(gzip.decompress(path.read_bytes()).decode() for path in paths)
    assert "contact-passage" not in text
    assert "ContactPoint> ." not in text.replace("def#ContactPoint> <http", "")
    assert len(paths) > 1
    assert {line.rsplit(" ", 2)[1] for line in text.splitlines() if "/id/passage/" not in line.rsplit(" ", 2)[1]} == {
        f"<{VIEW}>",
        HISTORY_GRAPH,
    }


def test_a_folder_with_other_things_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("x")
    with pytest.raises(click.ClickException, match="other things in it"):
        hand_over(example_store(), tmp_path, "virtuoso")


def test_literals_with_every_sign_keep_their_graph(tmp_path: Path) -> None:
    store = ox.Store()
    odd = ['a " <b> .', "back\\slash \\", "tab\tline\nend", "<http://x> .", "ä – 😀", ""]
    subject, predicate, graph = (ox.NamedNode(f"http://x/{n}") for n in "spg")
    for text in odd:
        for term in (
            ox.Literal(text),
            ox.Literal(text, language="fi"),
            ox.Literal(text, datatype=ox.NamedNode("http://x/d")),
        ):
            store.add(ox.Quad(subject, predicate, term))
            store.add(ox.Quad(subject, predicate, term, graph))
    (path,) = hand_over(store, tmp_path / "out", "virtuoso")
    found = list(ox.parse(gzip.decompress(path.read_bytes()), format=ox.RdfFormat.N_QUADS))
    assert Counter(str(quad.graph_name) for quad in found) == {f"<{VIEW}>": 18, "<http://x/g>": 18}
    assert {quad.object.value for quad in found} == set(odd)
