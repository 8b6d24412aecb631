"""Every stored query: answered alike by Oxigraph and rdflib, against golden rows; headers complete; nothing counted twice."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from engine.query.backends import LocalStore
from engine.query.library import StoredQuery, markdown, read, turtle
from engine.query.result import LABEL, Iri, Result
from engine.query.run import run, with_provenance
from engine.words import text
from links.sssom import TABLES
from shacl import validate
from tests.cases import each
from tests.example_graph import example_nquads, example_store
from tests.query_files import QUERY_FILES, as_dataset, as_rdflib_reads, readable_queries

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "tests" / "golden" / "queries"
QUERIES = {q.name: q for q in readable_queries()}
ROWS = [name for name, q in QUERIES.items() if q.form == "SELECT" and not q.services]
"""Those that ask other endpoints have tests of their own: query/test_federated_queries.py."""
VIEWS = [name for name, q in QUERIES.items() if q.form == "CONSTRUCT"]

pytestmark = pytest.mark.filterwarnings("ignore:Dataset.* is deprecated:DeprecationWarning")  # rdflib's use of its own


@pytest.mark.parametrize("path", QUERY_FILES, ids=lambda path: path.stem)
def test_every_header_can_be_read(path: Path) -> None:
    assert read(path.read_text("utf-8"), path.stem, path).tags


EMPTY_ON_EXAMPLE = {
    "concentration-of-money": "the example divides no project's money between its implementers",
    "continued-projects": "the example has projects of one period only",
    "euros-per-inhabitant": "needs seats and a population table",
    "gaps-of-lists": "needs lists of operations",
    "implementers-share-of-group": "documents state no money of single implementers",
    "lost-without-document": "its default document is not in the example",
    "money-at-the-same-month": "needs dated lists of projects",
    "money-of-lists": "needs lists of operations",
    "money-to-implementers": "documents state no money of single implementers",
    "organisations-in-eu-research": "needs CORDIS",
    "organisations-in-kohesio": "needs a Kohesio file",
    "overlap-of-lists": "needs lists of operations",
    "seats-of-implementers": "needs the links of areas",
    "successors-of-ely-centres": "needs the links of succession",
    "theme-concepts": "needs the links of themes to YSO",
    "wellbeing-counties": "the example has no wellbeing services county",
}
"""Queries without a row on the invented graph, each with its reason."""


@lru_cache(maxsize=1)
def rdflib_graph() -> rdflib.Dataset:
    return as_dataset(example_nquads())


def cell(term: object) -> str:
    """A term as text that is equal for equal values: numbers by value, strings with their language, absent as empty."""
    if term is None:
        return ""
    if isinstance(term, (ox.Literal, rdflib.Literal)):
        text = term.value if isinstance(term, ox.Literal) else str(term)
        datatype = str(term.datatype.value if isinstance(term, ox.Literal) else term.datatype or "").rpartition("#")[2]
        if datatype in ("decimal", "integer"):
            return format(Decimal(text).normalize(), "f")
        if term.language:
            return f"{text}@{term.language}"
        return text if datatype in ("", "string", "langString") else f"{text}^^{datatype}"
    return f"<{term.value if isinstance(term, ox.NamedNode) else term}>"


def lines_of(result: Result) -> list[str]:
    return ["\t".join(result.columns), *("\t".join(map(cell, row)) for row in result.terms)]


def rdflib_rows(name: str) -> list[str]:
    result = rdflib_graph().query(as_rdflib_reads(QUERIES[name]))
    columns = [str(v) for v in result.vars or []]
    return ["\t".join(columns), *("\t".join(cell(v) for v in row) for row in result)]  # type: ignore[union-attr]


def compare(found: list[str], path: Path, bless: bool) -> None:
    if bless:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{line}\n" for line in found), "utf-8")
    assert path.is_file(), f"{path.name} has no golden rows: run pytest --bless and read what it wrote"
    assert found == path.read_text("utf-8").splitlines()


def test_every_question_says_what_it_cannot_know() -> None:
    assert [name for name, query in QUERIES.items() if query.form == "SELECT" and not query.limits] == []


@pytest.mark.parametrize("name", ROWS)
def test_rows_on_the_example(name: str, bless: bool) -> None:
    """They are the golden ones, there are some or a reason why not, none comes twice, and each is cited."""
    result = run(example_store(), name)
    compare(lines_of(result), GOLDEN / "example" / f"{name}.tsv", bless)
    assert bool(result.terms) != (name in EMPTY_ON_EXAMPLE), EMPTY_ON_EXAMPLE.get(name, "no rows and no reason")
    assert len(result.terms) == len(set(result.terms))
    if result.query.evidence:
        cited = with_provenance(LocalStore(example_store()), result)
        assert all(row[-2] and row[-1] for row in cited.rows)


@each("name", ROWS)
def test_columns_are_labelled_and_those_that_the_header_names(name: str) -> None:
    query, result = QUERIES[name], run(example_store(), name)
    for n, column in enumerate(result.columns):
        if any(isinstance(row[n], Iri) for row in result.rows):
            at = result.columns.index(column + LABEL)
            assert all(row[at] is not None for row in result.rows if row[n] is not None), column
    assert set(query.axes) <= set(result.columns)
    for item in query.evidence:
        assert set(re.findall(r"\?(\w+)", item)) & set(result.columns), item


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in ROWS if name not in EMPTY_ON_EXAMPLE])
def test_rdflib_gives_the_same(name: str) -> None:
    """Those without a row here are compared on the shipped sources and on lists."""
    ours, theirs = lines_of(run(example_store(), name)), rdflib_rows(name)
    assert theirs[0] == ours[0]
    assert sorted(theirs) == sorted(ours)


@pytest.mark.slow
@pytest.mark.parametrize("name", VIEWS)
def test_views_are_equal_in_both_engines(name: str) -> None:
    ours = {tuple(map(cell, t)) for t in run(example_store(), name).triples}
    theirs = {tuple(map(cell, t)) for t in rdflib_graph().query(as_rdflib_reads(QUERIES[name]))}  # type: ignore[arg-type]
    assert ours == theirs
    assert len(ours) > 50


def test_all_questions_are_asked() -> None:
    asked = {q.question for q in QUERIES.values()}
    assert {f"CQ-{n}" for n in range(1, 61)} <= asked


@each("query", QUERIES.values(), ids=list(QUERIES))
def test_header_is_complete(query: StoredQuery) -> None:
    assert query.path is not None
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", query.path.stem)
    summaries = (query.summary, query.summary_fi, query.summary_sv)
    assert len(set(summaries)) == 3
    assert all(20 <= len(s) <= 130 and not s.endswith(".") for s in summaries)
    assert query.question or "view" in query.tags
    assert (query.chart is not None) == (query.view == "chart")
    assert query.axes or query.view == "table"
    assert max(map(len, query.text.splitlines())) <= 130 + 20


def test_exists_holds_one_triple() -> None:
    """Engines plan an EXISTS of several triples without the row's values: it scans once a row and does not end at scale."""
    found = [(name, i) for name, query in QUERIES.items() for i in re.findall(r"EXISTS \{([^{}]*)\}", query.text)]
    for name, inside in found:
        plain = re.sub(r"<[^>]*>|FILTER\(.*\)", "", inside)
        assert not re.search(r" \. \S|;|/", plain), (name, inside)


FIRST = 'CONCAT(STR({v}), SUBSTR("-01-01", STRLEN(STR({v})) - 3))'
LAST = 'CONCAT(STR({v}), SUBSTR("-12-31", STRLEN(STR({v})) - 3))'
UNTIL = 'REPLACE(REPLACE({v}, "(0[469]|11)-30$", "$1-31"), "02-2[89]$", "02-31")'
"""How queries compare dates known by their day, month or year: by the first and the last possible day. The last day of any month
is written as its 31st, so a day that such a date may have ended by is written so too, where it ends its month."""


@each("query", QUERIES.values(), ids=list(QUERIES))
def test_partial_dates_are_compared_as_intervals(query: StoredQuery) -> None:
    text = query.text
    for variable in set(re.findall(r"STRLEN\(STR\((\?\w+)\)\) - 3", text)):
        text = text.replace(FIRST.format(v=variable), "DAY").replace(LAST.format(v=variable), "DAY")
    dates = set(re.findall(r"tg:(?:opens|closes|startDate|endDate|referenceDate|validFrom|validUntil) (\?\w+)", text))
    assert "- 3)" not in text
    for date in dates:
        assert not re.search(
            rf"STR\(\{date}\)\s*[<>]|[<>]=?\s*STR\(\{date}\)|\{date}\s*[<>]|[<>]=?\s*\{date}\b", text
        ), date


INTERVALS = [
    ("2027", "2027-12-31", True, True),
    ("2027", "2027-12-30", True, False),
    ("2027-06", "2027-06-30", True, True),
    ("2027-06", "2027-06-29", True, False),
    ("2027-07", "2027-07-30", True, False),
    ("2027-02", "2027-02-28", True, True),
    ("2027-06-15", "2027-06-15", True, True),
    ("2027-06-15", "2027-06-14", False, False),
    ("2028", "2027-12-31", False, False),
]
"""A date, a day, and whether it has begun and ended by then."""


def test_a_partial_date_has_begun_and_ended_by_a_day() -> None:
    begun, ended = f"{FIRST.format(v='?d')} <= ?t", f"{LAST.format(v='?d')} <= {UNTIL.format(v='?t')}"
    values = " ".join(f'("{date}" "{day}")' for date, day, _, _ in INTERVALS)
    query = f"SELECT ?d ?t ({begun} AS ?a) ({ended} AS ?b) {{ VALUES (?d ?t) {{ {values} }} }}"
    expected = [(date, day, str(begins).lower(), str(ends).lower()) for date, day, begins, ends in INTERVALS]
    for rows in (ox.Store().query(query), rdflib.Graph().query(query)):
        found = [tuple(str(getattr(v, "value", v)) for v in row) for row in rows]  # type: ignore[union-attr]
        assert sorted((d, t, a.lower(), b.lower()) for d, t, a, b in found) == sorted(expected)


# views for other vocabularies


def vendored() -> dict[str, set[str]]:
    """Terms of each vocabulary by namespace, as listed from its own file."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "tests" / "vocabularies").glob("*.txt")):
        for line in path.read_text("utf-8").splitlines():
            if line and not line.startswith("#"):
                found.setdefault(re.sub(r"[^/#]*$", "", line), set()).add(line)
    return found


@pytest.mark.parametrize("name", VIEWS)
def test_views_use_only_terms_of_their_vocabulary(name: str) -> None:
    known = vendored()
    known["http://www.w3.org/1999/02/22-rdf-syntax-ns#"] = {"http://www.w3.org/1999/02/22-rdf-syntax-ns#type"}
    known["http://www.w3.org/2000/01/rdf-schema#"] = {"http://www.w3.org/2000/01/rdf-schema#label"}
    kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    used = set()
    for triple in run(example_store(), name).triples:
        used.add(triple.predicate.value)
        if triple.predicate.value == kind:
            used.add(triple.object.value)  # type: ignore[union-attr]
    for term in sorted(used):
        assert term in known[re.sub(r"[^/#]*$", "", term)], term


def test_the_cube_is_well_formed() -> None:
    """QB's integrity constraints that matter: one value of every component an observation, no two in the same place."""
    query = """PREFIX qb: <http://purl.org/linked-data/cube#>
        SELECT ?o ?p (COUNT(?v) AS ?n) WHERE {
          ?ds qb:structure/qb:component/(qb:dimension|qb:measure|qb:attribute) ?p . ?o qb:dataSet ?ds OPTIONAL { ?o ?p ?v }
        } GROUP BY ?o ?p"""
    cube = ox.Store()
    cube.extend(ox.Quad(t.subject, t.predicate, t.object) for t in run(example_store(), "as-data-cube").triples)
    counts = [int(row["n"].value) for row in cube.query(query)]  # type: ignore[union-attr]
    assert counts
    assert set(counts) == {1}
    dimensions = "PREFIX d: <http://data.openbudgets.eu/ontology/dsd/dimension/>"
    places = f"{dimensions} SELECT ?t ?p WHERE {{ ?o d:project ?t ; d:paymentPhase ?p }}"
    rows = [(r["t"].value, r["p"].value) for r in cube.query(places)]  # type: ignore[union-attr]
    assert len(rows) == len(set(rows)) > 5


# money


def test_shares_are_never_added_to_wholes() -> None:
    whole = sum(r["framework"] or 0 for r in run(example_store(), "money-by-theme").dicts())  # type: ignore[misc]
    parts = sum(r["framework"] or 0 for r in run(example_store(), "framework-by-group-and-ministry").dicts())  # type: ignore[misc]
    assert whole == parts == Decimal(21_400_000)


def test_shares_add_up_to_the_whole_they_divide() -> None:
    rows = run(example_store(), "framework-by-ministry").dicts()
    wholes = {r["theme"]: r["framework"] for r in rows}
    assert sum(r["share"] for r in rows) == sum(wholes.values())  # type: ignore[misc]


def test_a_group_project_is_one_project() -> None:
    rows = {r["code"]: r["implementers"] for r in run(example_store(), "implementers-per-project").dicts()}
    assert rows["R-05000"] == 3
    assert len(rows) == 5


def test_an_earlier_day_knows_less() -> None:
    now = run(example_store(), "money-by-theme").dicts()
    then = run(example_store(), "money-by-theme", at="2022-06-30").dicts()
    assert {r["themeLabel"] for r in then} < {r["themeLabel"] for r in now}
    assert all(r["paid"] is None for r in then)


OF_ONE_DAY = """
PREFIX tg: <https://w3id.org/teemagraafi/def#>
PREFIX phase: <https://w3id.org/teemagraafi/code/phase/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
<t:t> a tg:Theme . <c:c> tg:callFor <t:t> ; tg:closes "2023-10-01"^^xsd:date .
<o:paid> tg:about <t:t> ; tg:phase phase:paid ; tg:amount 0 .
<o:part> tg:about <t:t> ; tg:phase phase:coordinationBudget ; tg:amount 100 .
<o:new> tg:about <t:t> ; tg:phase phase:framework ; tg:referenceDate "2024-10-31"^^xsd:date ; tg:amount 12700000 .
GRAPH <https://w3id.org/teemagraafi/graph/history> {
  <o:old> tg:about <t:t> ; tg:phase phase:framework ; tg:referenceDate "2024-10-31"^^xsd:date ; tg:amount 13000000 ;
    tg:fundingScope <https://w3id.org/teemagraafi/code/scope/eu-state> .
}
"""


@each("name", ["money-by-theme", "share-of-framework-used", "coordination-share", "themes-that-paid-nothing"])
def test_of_two_amounts_of_one_day_the_one_of_the_current_view_is_shown(name: str) -> None:
    store = ox.Store()
    store.load(OF_ONE_DAY.encode(), ox.RdfFormat.TRIG)
    assert [row["framework"] for row in run(store, name).dicts()] == [Decimal(12_700_000)]


PLACED = """
p:one a tg:Project ; tg:inTheme t:a , t:b ; tg:implementer o:north , o:south ; tg:participation q:one , q:two .
q:one tg:organisation o:north . q:two tg:organisation o:south .
p:two a tg:Project ; tg:inTheme t:a ; tg:implementer o:north , o:south .
p:three a tg:Project ; tg:implementer o:north , o:cape .
p:four a tg:Project ; tg:implementer o:north , o:nowhere .
p:five a tg:Project ; tg:implementer o:nowhere .
p:six a tg:Project .
o:north tg:region r:19 . o:cape tg:region r:19 . o:south tg:region r:01 .
<https://w3id.org/teemagraafi/code/phase/granted> skos:prefLabel "granted"@en .
r:19 skos:prefLabel "Lappi"@fi . r:01 skos:prefLabel "Uusimaa"@fi .
"""
AMOUNTS = {"p:one": 90, "p:two": 7, "p:three": 5, "p:four": 3, "p:five": 2, "p:six": 1}
SHARES = {"q:one": 60, "q:two": 30}


def placed() -> ox.Store:
    """Projects with amounts in every constellation: parts with and without, one region, several, unknown, none."""
    names = {"p": "project", "q": "participation", "o": "organisation", "t": "theme"}
    prefixes = {k: f"https://w3id.org/teemagraafi/id/{v}/" for k, v in names.items()}
    prefixes |= {"r": "https://w3id.org/teemagraafi/code/region/", "tg": "https://w3id.org/teemagraafi/def#"}
    prefixes |= {"skos": "http://www.w3.org/2004/02/skos/core#"}
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in prefixes.items())
    phase = "<https://w3id.org/teemagraafi/code/phase/granted>"
    euros = f"tg:phase {phase} ; tg:currency 'EUR'"
    money = [f"<o:{about}> tg:about {about} ; {euros} ; tg:amount {n}.0 ." for about, n in AMOUNTS.items()]
    narrower = f"<o:eu> tg:about p:two ; {euros} ; tg:fundingScope <s:eu> ; tg:amount 4.0 ."
    zloty = f"<o:pl> tg:about p:one ; tg:phase {phase} ; tg:currency 'PLN' ; tg:amount 900.0 ."
    zloty += "[] tg:shareOf <o:pl> ; tg:participation q:one ; tg:shareAmount 900.0 ."
    shares = [
        f"[] tg:shareOf <o:p:one> ; tg:participation {part} ; tg:shareAmount {n}.0 ." for part, n in SHARES.items()
    ]
    store = ox.Store()
    store.load("\n".join([head, PLACED, *money, narrower, zloty, *shares]).encode(), ox.RdfFormat.TURTLE)
    return store


def test_every_euro_stands_in_one_region() -> None:
    rows = run(placed(), "money-by-region", phase="granted").dicts()
    found = {r["regionLabel"]: (r["amount"], r["projects"]) for r in rows}
    assert found == {
        "Lappi": (Decimal(65), 2),  # the part of one in the north, and three, whose implementers are both there
        "Uusimaa": (Decimal(30), 1),
        "useita maakuntia": (Decimal(10), 2),  # two in both regions, four partly unknown
        "ei tiedossa": (Decimal(3), 2),
    }
    assert sum(amount for amount, _ in found.values()) == sum(AMOUNTS.values())  # type: ignore[misc]


# the catalogue for others


@pytest.mark.parametrize("lang", ["en", "fi", "sv"])
def test_the_page_of_queries_holds_each(lang: str) -> None:
    page = markdown(QUERIES.values(), lang)
    for query in QUERIES.values():
        assert f"| [{query.name}](#{query.name}) |" in page
        assert f"\n## {query.name}\n" in page
    assert page.count("```sparql") == len(QUERIES)
    assert "#+" not in page


def test_pages_call_the_types_of_parameters_by_their_own_words() -> None:
    assert all(text(f"parameter.{p.type}", "sv") for q in QUERIES.values() for p in q.params)
    assert "- `theme` – teema, mikä tahansa" in markdown(QUERIES.values(), "fi")
    assert "- `at` – datum, vilken som helst" in markdown(QUERIES.values(), "sv")


def test_the_catalogue_in_rdf_fits_the_shape_of_published_examples() -> None:
    """What collections of SPARQL examples ask of one: a type, one query text that parses, a comment, keywords, prefixes."""
    shape = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix schema: <https://schema.org/> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        [] a sh:NodeShape ; sh:targetClass sh:SPARQLExecutable ;
          sh:xone ( [ sh:property [ sh:path sh:select ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string ] ]
                    [ sh:property [ sh:path sh:construct ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string ] ] ) ;
          sh:property [ sh:path rdfs:comment ; sh:minCount 3 ; sh:uniqueLang true ] ,
            [ sh:path schema:keywords ; sh:minCount 1 ; sh:datatype xsd:string ] ,
            [ sh:path schema:target ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ,
            [ sh:path ( sh:prefixes sh:declare sh:prefix ) ; sh:minCount 1 ; sh:datatype xsd:string ] ,
            [ sh:path ( sh:prefixes sh:declare sh:namespace ) ; sh:minCount 1 ; sh:datatype xsd:anyURI ] ."""
    text = turtle(QUERIES.values(), endpoint="http://127.0.0.1:8000/sparql")
    data = ox.Store()
    data.load(text.encode(), ox.RdfFormat.TURTLE)
    report = validate(data, ox.parse(shape.encode(), format=ox.RdfFormat.TURTLE))
    assert (report.conforms, dict(report.by_pyshacl)) == (True, {}), report.turtle()
    predicates = [ox.NamedNode(f"http://www.w3.org/ns/shacl#{form}") for form in ("select", "construct")]
    texts = [str(quad.object.value) for p in predicates for quad in data.quads_for_pattern(None, p, None, None)]  # type: ignore[union-attr]
    assert len(texts) == len(QUERIES)
    for sparql in texts:
        ox.Store().query(sparql)  # parses, and asks nobody


def test_sources_that_are_link_sets_exist() -> None:
    named = {s for q in QUERIES.values() for s in q.sources if s.startswith("links/")}
    assert named
    for source in named:
        assert source.removeprefix("links/") in TABLES.titles, source
