"""Every euro once: plain sums over the five documents, as counted by hand from the sources, in three engines.

The expected numbers are the totals that the printed tables of the documents add up to; no stored query is used.
"""

from __future__ import annotations

import datetime
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from bench.virtuoso import Virtuoso, available
from engine.output.export import hand_over
from engine.query.backends import Endpoint
from engine.query.run import run
from engine.store import open_store
from loaders.rdf.terms import VIEW
from tests.cases import each
from web.views.reference import counting_rules

PREFIXES = """PREFIX tg: <https://w3id.org/teemagraafi/def#>
PREFIX phase: <https://w3id.org/teemagraafi/code/phase/>
PREFIX o: <https://w3id.org/teemagraafi/id/organisation/>
"""
SUMS = {
    "framework": "238000000",
    "reserved": "61696176",
    "committed": "29582787",
    "paid": "8175438.14",
    "costEstimate": "17845484",
    "callBudget": "22800000",
}
MINISTRIES = {"okm": "69000000", "stm": "56000000", "tem": "58300000", "ym": "27000000"}
"""Framework by ministry; 27.7 M€ of Työelämän kehittäminen are not divided between two."""
OF_DOCUMENT = {
    ("uutiskirje-2022-06", "framework"): "224000000",
    ("toteutuskatsaus-2024-10", "framework"): "184000000",
    ("toteutuskatsaus-2024-10", "reserved"): "61696176",
    ("toteutuskatsaus-2024-10", "committed"): "29582787",
    ("toteutuskatsaus-2024-10", "paid"): "8175438.14",
    ("toteutuskatsaus-2024-10", "costEstimate"): "17845484",
    ("toteutuskatsaus-2024-10", "callBudget"): "13500000",
    ("vaikeasti-tyollistyvien-esitys-2025", "framework"): "13000000",
    ("vaikeasti-tyollistyvien-teemakuvaus", "framework"): "13000000",
    ("esr-haku-6aika-2016", "framework"): "0",
}
"""What each document states itself: of the call of 5.10.2023 it states two shares, which are no amounts."""
COUNTS = {"Project": 71, "Implementer": 116, "SubTheme": 28, "Theme": 17, "Call": 35, "CoordinationCall": 9}
"""Calls by hand: 16 that the letter names (nine for coordination), one of 2016, and 18 that only the review and the slides name:
four of the letter's are in the review again, and one of the review's in the slides. Calls without a day that a text only counts
("neljä alahankehakua") are none of these."""

Ask = Callable[[str], list[tuple[str, ...]]]


@pytest.fixture(scope="module")
def store(shipped_store: Path) -> ox.Store:
    return open_store(shipped_store)


@pytest.fixture(scope="module")
def current(store: ox.Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The current view alone, as ``export --current`` writes it."""
    path = tmp_path_factory.mktemp("current") / "view.nt"
    store.dump(str(path), format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    return path


@pytest.fixture(scope="module", params=["oxigraph", "rdflib", "virtuoso"])
def ask(request: pytest.FixtureRequest, store: ox.Store) -> Iterator[Ask]:
    """Ask an engine that holds the current view."""
    if request.param == "oxigraph":
        yield lambda text: _rows(store.query(_complete(text)))
    elif request.param == "rdflib":
        view = rdflib.Graph().parse(request.getfixturevalue("current"), format="nt")
        yield lambda text: [tuple(str(v) for v in row) for row in view.query(_complete(text))]  # type: ignore[union-attr]
    else:
        if not available():
            pytest.skip("Virtuoso is not installed (Debian: virtuoso-opensource-7-bin)")
        folder: Path = request.getfixturevalue("tmp_path_factory").mktemp("virtuoso-sums")
        hand_over(store, folder / "out", "virtuoso", with_contacts=False)
        with Virtuoso(folder / "db", folder / "out", memory_mb=200) as server:
            server.load(folder / "out")
            endpoint = Endpoint(f"{server.endpoint}?{urllib.parse.urlencode({'default-graph-uri': VIEW})}")
            yield lambda text: _rows(endpoint.query(_complete(text)))


def _complete(text: str) -> str:
    """A query of these tests with their prefixes; those of the page have their own."""
    return text if text.startswith("PREFIX") else PREFIXES + text


def _rows(found: object) -> list[tuple[str, ...]]:
    assert isinstance(found, ox.QuerySolutions)
    return [tuple(getattr(term, "value", "") for term in row) for row in found]


def number(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


@pytest.mark.parametrize("phase", SUMS)
def test_a_plain_sum_over_a_phase(ask: Ask, phase: str) -> None:
    ((found,),) = ask(f"SELECT (SUM(?a) AS ?n) {{ ?o tg:phase phase:{phase} ; tg:amount ?a }}")
    assert number(found) == SUMS[phase]


def test_a_plain_sum_of_shares_by_ministry(ask: Ask) -> None:
    found = ask(
        "SELECT ?m (SUM(?a) AS ?n) { ?s tg:shareOf ?o ; tg:ministry ?m ; tg:shareAmount ?a . ?o tg:phase phase:framework } "
        "GROUP BY ?m"
    )
    assert {ministry.rpartition("/")[2]: number(n) for ministry, n in found} == MINISTRIES


ORGANISATIONS = {"ely-lappi": "899874", "oph": "1196000", "turun-ammattikorkeakoulu": "469258"}
"""Cost of the projects that one organisation carries out alone; of the other 17 with a cost no document divides it."""


def test_a_plain_sum_of_shares_by_organisation(ask: Ask) -> None:
    found = ask(
        "SELECT ?org (SUM(?a) AS ?n) { ?s tg:shareOf ?o ; tg:participation ?part ; tg:shareAmount ?a . "
        "?part tg:organisation ?org . ?o tg:phase phase:costEstimate } GROUP BY ?org"
    )
    assert {organisation.rpartition("/")[2]: number(n) for organisation, n in found} == ORGANISATIONS


TASKS = {
    "total-framework": [["238000000"]],
    "framework-and-paid-by-ely-centre": [
        ["Etelä-Savon ELY-keskus", "28400000", "50000", "1"],
        ["Hämeen ELY-keskus", "113600000", "6210912.14", "7"],
        ["Keski-Suomen ELY-keskus", "14000000", "914526", "1"],
        ["Pohjois-Pohjanmaan ELY-keskus", "82000000", "1000000", "2"],
    ],
    "leaders-by-type": [
        ["", "0", "54"],
        ["ammattikorkeakoulu", "4", "7"],
        ["kunta", "2", "2"],
        ["kuntayhtymä", "1", "1"],
        ["säätiö", "1", "2"],
        ["valtion viranomainen", "1", "1"],
        ["yhdistys", "2", "2"],
        ["yliopisto", "1", "1"],
        ["yritys", "1", "1"],
    ],
    "projects-by-objective": [
        ["", "", "33"],
        ["4.1", "Polkuja töihin", "5"],
        ["4.2", "Uutta osaamista työelämään", "15"],
        ["4.3", "Yhdenvertaiseen osallisuuteen", "22"],
        ["5.1", "Turvaverkkoja nuorten tulevaisuuteen", "1"],
    ],
    "calls-open-on-a-day": [
        ["Hankehaku 15.1.–15.3.2024, Vaikeasti työllistyvien tukeminen", "2024-01-15", "2024-03-15", "yes"],
        [
            "Hankehaku 2022, Maahanmuuttaneiden toimiva arki Suomessa: työ, osaaminen ja osallisuus",
            "2022",
            "",
            "maybe",
        ],
        ["Hankehaku 2023 – 2024, Työmarkkinoiden kohtaanto", "2023", "2024", "maybe"],
        ["Hankehaku 2023, Jatkuva oppiminen", "2023", "", "maybe"],
        ["Hankehaku 2023, Sosiaalisten innovaatioiden koordinaatiohanke", "2023", "", "maybe"],
        ["Hankehaku 2024, Jatkuva oppiminen", "2024", "", "maybe"],
        ["Hankehaku 2024, Sosiaalisten innovaatioiden koordinaatiohanke", "2024", "", "maybe"],
        ["Hankehaku 3/2023, Luovan ja kulttuurialan innovaatio-osaaminen", "2023-03", "", "maybe"],
        ["Hankehaku –10.2.2025, Työelämän kehittäminen", "", "2025-02-10", "maybe"],
        ["Koordinaatiohankkeen haku 2022, Innovaatio- ja osaamisverkostot", "2022", "", "maybe"],
    ],
    "projects-by-region-of-the-leader": [
        ["", "7"],
        ["Pirkanmaa", "1"],
        ["Päijät-Häme", "2"],
        ["Satakunta", "1"],
        ["Uusimaa", "5"],
        ["Varsinais-Suomi", "1"],
    ],
    "projects-by-a-word": 7,
    "paid-by-ministry": [
        ["", "2648952.4"],
        ["Opetus- ja kulttuuriministeriö", "1139271"],
        ["Sosiaali- ja terveysministeriö", "448038.74"],
        ["Työ- ja elinkeinoministeriö", "3939176"],
    ],
}
"""What the queries of the page "How to sum, count and compare" give. Four bodies have 14, 113.6, 28.4 and 82 M€; 17 of the 71
projects have a stated leader, 38 are of a theme with a stated objective."""


@pytest.mark.parametrize("task", TASKS)
def test_what_the_page_on_counting_shows(ask: Ask, task: str) -> None:
    (query,) = (q["text"] for q in counting_rules()["query"] if q["id"] == task)
    found = [[number(cell) if cell[:1].isdigit() and "-" not in cell else cell for cell in row] for row in ask(query)]
    found = [["" if cell == "None" else cell for cell in row] for row in found]
    expected = TASKS[task]
    assert (len(found) if isinstance(expected, int) else sorted(found)) == expected


def test_the_page_on_counting_names_the_source_of_an_amount(store: ox.Store) -> None:
    (query,) = (q["text"] for q in counting_rules()["query"] if q["id"] == "source-of-an-amount")
    rows = _rows(store.query(query))
    assert [(amount, document.rpartition("/")[2], line) for amount, document, _, line, *_ in rows] == [
        ("13000000", "vaikeasti-tyollistyvien-esitys-2025", "6")
    ]


def test_the_page_on_counting_has_no_other_query() -> None:
    assert {q["id"] for q in counting_rules()["query"]} == {*TASKS, "source-of-an-amount"}


DATA = "http://data.openbudgets.eu/ontology/dsd"
VIEW_SUMS = {
    "as-data-cube": (f"?o <{DATA}/measure/amount> ?a ; <{DATA}/dimension/paymentPhase> phase:framework", "framework"),
    "as-dingo": ("?p <https://w3id.org/dingo#budget> ?o . ?o <https://schema.org/value> ?a", "costEstimate"),
    "as-eurio": (
        "?p <http://data.europa.eu/s66#hasTotalCost> ?o . ?o <http://data.europa.eu/s66#value> ?a",
        "costEstimate",
    ),
    "as-schema-org": ("?g <https://schema.org/amount> ?o . ?o <https://schema.org/value> ?a", "framework"),
}


@pytest.mark.parametrize("name", VIEW_SUMS)
def test_a_plain_sum_in_the_words_of_other_vocabularies(store: ox.Store, name: str) -> None:
    view = ox.Store()
    view.extend(ox.Quad(*triple) for triple in run(store, name).triples)
    where, phase = VIEW_SUMS[name]
    ((found,),) = _rows(view.query(f"{PREFIXES} SELECT (SUM(?a) AS ?n) {{ {where} }}"))
    assert number(found) == SUMS[phase]


@each("kind", COUNTS)
def test_a_plain_count(ask: Ask, kind: str) -> None:
    assert ask(f"SELECT (COUNT(?x) AS ?n) {{ ?x a tg:{kind} }}") == [(str(COUNTS[kind]),)]


def test_in_theme_is_said_of_projects_only(ask: Ask) -> None:
    ((found,),) = ask("SELECT (COUNT(DISTINCT ?p) AS ?n) { ?p tg:inTheme ?t }")
    assert found == str(COUNTS["Project"])


@each(("document", "phase"), OF_DOCUMENT)
def test_what_each_document_states(store: ox.Store, document: str, phase: str) -> None:
    found = store.query(
        f"""{PREFIXES} SELECT (COALESCE(SUM(?a), 0) AS ?n) {{ SELECT DISTINCT ?o ?a {{
          GRAPH ?passage {{ ?o tg:phase phase:{phase} ; tg:amount ?a }}
          ?passage tg:inDocument <https://w3id.org/teemagraafi/id/document/{document}> }} }}"""
    )
    assert [number(n) for (n,) in _rows(found)] == [OF_DOCUMENT[document, phase]]


def test_in_the_union_of_all_graphs_things_count_once_with_distinct(store: ox.Store) -> None:
    found = store.query(
        f"{PREFIXES} SELECT (COUNT(DISTINCT ?p) AS ?n) {{ ?p a tg:Project }}", use_default_graph_as_union=True
    )
    assert _rows(found) == [(str(COUNTS["Project"]),)]


def test_themes_and_euros_of_each_leading_ministry(store: ox.Store) -> None:
    """By hand: TEM leads five themes of 27 + 14 + 14 + 9.9 + 1.4 M€, OKM two of 38.8 + 13.6, STM three of 16 + 13 + 4."""
    rows = run(store, "themes-by-lead-ministry").dicts()
    found = {str(r["ministry"]).rpartition("/")[2]: (r["themes"], str(r["framework"])) for r in rows}
    assert found == {"tem": (5, "66300000"), "okm": (2, "52400000"), "stm": (3, "33000000"), "ym": (3, "27000000")}


def test_an_organisation_leads_and_joins_as_the_review_lists_it(store: ox.Store) -> None:
    rows = run(store, "projects-by-organisation").dicts()
    assert len(rows) == COUNTS["Implementer"]
    assert all(max(r["leads"], r["partners"], r["unstated"]) <= r["projects"] for r in rows)  # type: ignore[type-var, operator]


def test_calls_open_on_a_day(store: ox.Store) -> None:
    """By the printed dates: on 20.2.2024 one call was open (15.1.-15.3.2024)."""
    rows = run(store, "calls-on-a-day", at="2024-02-20").dicts()
    assert [r["opens"] for r in rows if r["state"] == "open"] == [datetime.date(2024, 1, 15)]


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_what_documents_and_links_speak_of_has_a_name(store: ox.Store, lang: str) -> None:
    """Amounts, shares, counts, passages, conflicts and links have names made of their parts, in each language."""
    made = "FinancialObservation StatisticalObservation Share Participation Conflict Passage Call"
    kinds = [f"tg:{kind}" for kind in made.split()] + [
        "<http://www.w3.org/ns/adms#Identifier>",
        "<http://www.w3.org/ns/org#ChangeEvent>",
        "<http://rdfs.org/ns/void#Linkset>",
    ]
    named = f'FILTER NOT EXISTS {{ ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l FILTER(LANG(?l) = "{lang}") }}'
    for kind in kinds:
        assert _rows(store.query(_complete(f"SELECT ?s WHERE {{ ?s a {kind} }} LIMIT 1"))), kind
        assert not _rows(store.query(_complete(f"SELECT ?s WHERE {{ ?s a {kind} {named} }}"))), kind
    nameless = (
        "?s a ?kind FILTER(STRSTARTS(STR(?s), 'https://w3id.org/teemagraafi/')) FILTER NOT EXISTS { ?s rdfs:label ?l }"
    )
    prefix = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
    assert not _rows(store.query(f"{prefix}SELECT ?s WHERE {{ {nameless} }}"))
