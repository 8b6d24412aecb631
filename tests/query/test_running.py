"""Small parts of reading, running and describing queries, each on its own."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from engine.query.backends import LocalStore, WorkerStore, _answered, _expected, _opened, syntax_error
from engine.query.federation import Table, _joined, _values, addresses, first_clause
from engine.query.library import HeaderError, Parameter, StoredQuery, bind, catalogue, find, is_name, read
from engine.query.run import answer, backend, bind_parameters, find_or_read, run, with_provenance
from loaders.errors import QueryError, QueryUsageError
from tests.cases import each

HEAD = "#+ summary: A\n#+ summary_fi: B\n#+ summary_sv: C\n#+ tags: [t]\n#+ view: table\n"
BODY = "SELECT ?x WHERE {\n  VALUES ?x { UNDEF }\n}\n"


def fault(text: str) -> str:
    with pytest.raises(HeaderError) as caught:
        read(text, "q")
    return str(caught.value.message)


@each(
    ("text", "says"),
    [
        (f"{HEAD}#+ sumary: x\n{BODY}", "q:6: unknown key 'sumary'; did you mean 'summary'"),
        (f"#+ summary: A\n{BODY}", "q:1: the header lacks summary_fi, summary_sv, tags, view"),
        (f"{HEAD}#+ summary: x\n{BODY}", "q:6: 'summary' is given twice"),
        (f"{HEAD}#+ limits:\n{BODY}", "q:6: a value is missing"),
        (f"{HEAD}#+ limits: a #b\n{BODY}", "q:6: put a text with ' #' in double quotes"),
        (f'{HEAD}#+ limits: "a\n{BODY}', "q:6: a quoted text must end on its own line"),
        (f"{HEAD}#+ limits: a: b\n{BODY}", ": put a text that holds ': ' in double quotes"),
        (f"{HEAD}#+limits: a\n{BODY}", "q:6: expected '#+ ' and a key"),
        (f"{HEAD}{BODY}#+ limits: a\n", "q:9: the header's lines must stand together at the top"),
        (f"SELECT\n{HEAD}{BODY}", "q:2: the header's lines must stand together at the top"),
        (f"#+ - a\n{BODY}", "q:1: expected lines 'key: value' after '#+ '"),
        (f"{HEAD}#+ params:\n#+   - name: x\n#+     type: code\n{BODY}", "q:7: parameter 'x': 'scheme' goes with"),
        (f"{HEAD}#+ params:\n#+   - name: y\n#+     type: text\n{BODY}", "parameter 'y': no line 'VALUES ?y { … }'"),
        (
            f"{HEAD}#+ params:\n#+   - name: x\n#+     type: text\n#+     default: b\n{BODY}",
            "parameter 'x': the query has 'UNDEF', the header 'b'",
        ),
        (f"{HEAD}#+ params:\n#+   - name: x\n#+     type: planet\n{BODY}", "q:8: params.0.type: Invalid enum value"),
        (f"{HEAD}#+ params: [a]\n{BODY}", "q:6: params.0: Expected `object`"),
        (f"{HEAD}#+ params:\n#+   - name: x\n#+     type: text\n#+     kind: y\n{BODY}", "unknown field `kind`"),
        (f"{HEAD}#+ chart: pie\n{BODY}", "q:6: chart: Invalid enum value 'pie'"),
    ],
)
def test_a_fault_of_a_header_has_its_line(text: str, says: str) -> None:
    assert says in fault(text)


@pytest.mark.parametrize(
    ("default", "stands"), [("b", '"b"'), ("plan", "<http://a.example/code/phase/plan>"), ("3", "3")]
)
def test_a_default_may_stand_as_text_number_or_iri(default: str, stands: str) -> None:
    head = f'{HEAD}#+ params:\n#+   - name: x\n#+     type: text\n#+     default: "{default}"\n'
    made = read(head + BODY.replace("UNDEF", stands), "q")
    assert made.params == (Parameter("x", "text", default),)
    assert bind(made, {"x": ox.Literal("z")}).endswith('VALUES ?x { "z" }\n}\n')


def test_a_text_without_a_header_is_a_users_own_query() -> None:
    assert read("ASK {}", "own", Path("a.rq")) == StoredQuery("own", "ASK {}", path=Path("a.rq"))
    made = read(f'{HEAD}#+ limits: "a # b"\n{BODY}', "q", Path("q.rq"))
    assert (made.limits, made.path, made.name) == ("a # b", Path("q.rq"), "q")


@each(
    ("text", "form"),
    [
        ("# ASK\nselect * {}", "SELECT"),
        ("PREFIX a: <http://a.example/SELECT/> ASK {}", "ASK"),
        ("construct {} where {}", "CONSTRUCT"),
        ("DESCRIBE <a:a>", "DESCRIBE"),
        ("", "SELECT"),
    ],
)
def test_the_form_of_a_query(text: str, form: str) -> None:
    assert StoredQuery("q", text).form == form


def test_titles_and_names_in_a_language() -> None:
    made = StoredQuery("q", "COALESCE(?aFi, ?aSv, ?aEn, ?b)", "A", "B")
    assert [made.title(lang) for lang in ("en", "fi", "sv")] == ["A", "B", "A"]
    assert made.title() == "A"
    assert made.in_language("sv").text == "COALESCE(?aSv, ?aFi, ?aEn, ?b)"
    assert made.in_language("en").text == "COALESCE(?aEn, ?aFi, ?aSv, ?b)"
    code = '?a skos:prefLabel ?b FILTER(LANG(?b) = "fi") . ?c skos:prefLabel ?cFi FILTER(LANG(?cFi) = "fi")'
    assert StoredQuery("q", code).in_language("sv").text == code.replace('?b) = "fi"', '?b) = "sv"')
    services = StoredQuery("q", "SELECT * { SERVICE <a:a> {} SERVICE <a:a> {} SERVICE ?x {} }").services
    assert services == ("a:a", "")


def test_stored_queries_of_a_folder(tmp_path: Path) -> None:
    for name in ("b-two", "a-one"):
        (tmp_path / f"{name}.rq").write_text(HEAD + BODY, "utf-8")
    assert [(q.name, q.path) for q in catalogue(tmp_path)] == [(n, tmp_path / f"{n}.rq") for n in ("a-one", "b-two")]
    assert find("a-one", tmp_path).summary == "A"
    with pytest.raises(QueryUsageError, match="no stored query 'a-ono'; did you mean 'a-one'"):
        find("a-ono", tmp_path)
    assert [is_name(n) for n in ("a-one", "a1", "A", "a_b", "a-", "ask {}")] == [True, True, False, False, False, False]


def test_running() -> None:
    store = ox.Store()
    assert run(store, "ASK {}").answer
    made = read(f"{HEAD}#+ limits: few\n#+ params:\n#+   - name: x\n#+     type: text\n{BODY}", "q")
    result = run(store, made, x="z")
    assert (result.rows, result.notes) == ([("z",)], ("x = z", "few"))
    assert run(store, made, x=None).notes == ("few",)
    assert bind_parameters(LocalStore(store), made, {}) == (made.text, ())
    assert find_or_read(made) is made
    assert find_or_read(" ASK {}").name == "query"
    assert answer(LocalStore(store), find_or_read("ASK {}")).notes == ()
    with pytest.raises(QueryUsageError, match="no parameter 'y'"):
        run(store, made, y=None)


@each(
    ("source", "timeout", "endpoint", "says"),
    [
        (None, 0, None, "the time limit must be above zero, not 0"),
        (None, -1.5, "http://a.example/", "the time limit must be above zero, not -1.5"),
        (None, None, None, "name a store or an endpoint to query"),
        (ox.Store(), 1, None, "a time limit needs the store's directory: a query on an open store cannot be stopped"),
        (None, None, "ftp://a.example/", "--endpoint takes an http or https address, not 'ftp://a.example/'"),
    ],
)
def test_wrong_use(source: ox.Store | None, timeout: float | None, endpoint: str | None, says: str) -> None:
    with pytest.raises(QueryUsageError) as caught:
        backend(source, timeout, endpoint)
    assert caught.value.message == says


def test_what_the_engine_expects_is_said_in_few_words() -> None:
    assert _expected('expected one of "{", [a-z], "{", WHERE') == 'expected one of "{", WHERE'
    assert _expected("expected one of [a-z]\n [0-9]") == "expected one of [a-z] [0-9]"
    assert _expected('no "x" here') == 'no "x" here'
    assert _expected("Prefix not found") == "a prefix is used that is not declared"


def test_a_value_stands_in_every_line_of_its_parameter() -> None:
    made = read(HEAD + "#+ params:\n#+   - name: x\n#+     type: text\n" + BODY + BODY, "q")
    assert bind(made, {"x": ox.Literal("z")}).count('VALUES ?x { "z" }') == 2


def test_what_a_worker_does_in_its_process(tmp_path: Path) -> None:
    fault = _opened(str(tmp_path / "nowhere"))
    assert isinstance(fault, QueryError)
    assert fault.message.startswith("the query failed: the store cannot be opened: ")
    with pytest.raises(QueryError) as caught:
        _answered(fault, "ASK {}")
    assert caught.value is fault
    store = LocalStore(ox.Store())
    assert _answered(store, "ASK {}") == ("rows", b'{"head":{},"boolean":true}')
    assert _answered(store, "CONSTRUCT { <a:a> <a:b> 1 } WHERE {}")[0] == "triples"
    with pytest.raises(QueryError, match=r"^the query failed: "):
        _answered(store, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } }")


def test_a_worker_answers_rows_triples_and_faults(tmp_path: Path) -> None:
    ox.Store(str(tmp_path / "data")).flush()
    with WorkerStore(tmp_path / "data", 60) as backend:
        rows = backend.query("SELECT ?x { VALUES ?x { tg:Theme } }")
        assert [row["x"].value.rpartition("#")[2] for row in rows] == ["Theme"]  # type: ignore[union-attr, index]
        assert len(list(backend.query("CONSTRUCT { <a:a> <a:b> 1 } WHERE {}"))) == 1  # type: ignore[arg-type]
        assert bool(backend.query("ASK {}")) is True
        with pytest.raises(QueryError, match="not valid SPARQL, line 1"):
            backend.query("ASK {")
    with (
        WorkerStore(tmp_path / "nowhere", 60) as backend,
        pytest.raises(QueryError, match="the store cannot be opened"),
    ):
        backend.query("ASK {}")


@pytest.mark.slow
def test_a_query_that_swells_is_ended_before_the_machine_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.query.backends._HALF_OF_MEMORY", 256)
    ox.Store(tmp_path / "data").flush()
    doubled = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(30))
    with (
        WorkerStore(tmp_path / "data", 60) as backend,
        pytest.raises(QueryError, match=r"256 MB of memory"),
    ):
        backend.query(f'SELECT ?x30 {{ BIND("a" AS ?x0) {doubled} }}')


@each(
    ("message", "says"),
    [
        ("broken", "the query is not valid SPARQL: broken"),
        (
            'error at 2:3: expected one of "}", BIND, [a-z], "}"',
            'the query is not valid SPARQL, line 2, column 3: expected one of "}", BIND; the line is: two',
        ),
        ("error at 1:1: Prefix not found", "line 1, column 1: a prefix is used that is not declared; the line is: one"),
        ("error at 3:1: x  y", "line 3, column 1: x y; the line is: "),
    ],
)
def test_a_malformed_query_is_shown_where(message: str, says: str) -> None:
    assert syntax_error("one\n  two", message).message.endswith(says)


def test_a_clause_of_another_endpoint() -> None:
    text = "PREFIX a: <b:b> SELECT * { ?x a:p ?y FILTER(?y > 1) SERVICE SILENT <c:c> { ?x a:q ?z } }"
    clause = first_clause(text)
    assert clause is not None
    assert text[clause.start : clause.end] == "SERVICE SILENT <c:c> { ?x a:q ?z }"
    assert text[: clause.prologue] == "PREFIX a: <b:b> "
    assert (clause.address, clause.silent, clause.body, clause.subselect) == ("c:c", True, " ?x a:q ?z ", False)
    assert (clause.before, clause.shared) == ("?x a:p ?y", ("x",))
    inner = first_clause("SELECT * { ?x ?p 1 OPTIONAL { SERVICE <c:c> { SELECT ?x { ?x ?q 2 } } } }")
    assert inner is not None
    assert (inner.before, inner.shared, inner.subselect, inner.silent) == ("?x ?p 1", ("x",), True, False)
    graph = first_clause("SELECT * { GRAPH <g:g> { ?x ?p 1 SERVICE <c:c> { ?x ?q 2 } } }")
    assert graph is not None
    assert (graph.before, graph.shared) == ("", ())
    assert first_clause("ASK {}") is None
    clause = first_clause("SELECT * { { ?x ?p ?y } FILTER(?y > 1) ?x ?q ?w SERVICE <u:a> { ?x ?r ?w } }")
    assert clause is not None
    assert (clause.before, clause.shared) == ("{ ?x ?p ?y } ?x ?q ?w", ("x", "w"))
    with pytest.raises(QueryError, match="a SERVICE clause needs an address and a pattern"):
        first_clause("SELECT * { ?x ?p ?y FILTER SERVICE <u:a> { ?s ?p ?o } }")


def test_tables_of_two_endpoints() -> None:
    one, two = ox.Literal("1"), ox.BlankNode("b")
    joined = _joined(Table(("a",), [{"a": one}]), Table(("b", "a"), [{"b": two, "a": one}]))
    assert joined == Table(("a", "b"), [{"a": one}, {"b": two, "a": one}])
    assert _values(joined) == 'VALUES (?a ?b) { ("1" UNDEF) ("1" <urn:blank:b>) }'


def test_addresses() -> None:
    given = ("http://a.example/x", "https://a.example/y=http://b.example/z?q=1")
    assert addresses(given) == {given[0]: given[0], "https://a.example/y": "http://b.example/z?q=1"}
    for wrong in ("ftp://a.example/", "a.example=http://b.example/"):
        with pytest.raises(QueryUsageError, match="--allow-service takes an http or https address"):
            addresses((wrong,))


def test_evidence_that_is_no_triple_is_refused() -> None:
    store = ox.Store()
    result = run(store, StoredQuery("q", "SELECT ?x { VALUES ?x { 1 } }", evidence=("?x tg:p",)))
    with pytest.raises(QueryError, match=r"evidence must be triples 'S P O . S P O', not '[?]x tg:p'"):
        with_provenance(LocalStore(store), result)


AMOUNTS = """
@prefix tg: <https://w3id.org/teemagraafi/def#> . @prefix id: <https://w3id.org/teemagraafi/id/> . @prefix : <urn:> .
:whole tg:about :theme ; tg:amount 14 . :sum tg:about :other ; tg:amount 9 .
id:p1 { :whole tg:about :theme ; tg:amount 14 . }
id:p2 { :whole tg:about :theme . :part tg:shareOf :whole ; tg:shareAmount 6 . }
id:p3 { :sum tg:about :other . :part2 tg:shareOf :sum ; tg:shareAmount 9 . }
:theme tg:acronym 'T' . id:p4 { :theme tg:acronym 'T' . }
"""
WHERE = "tg:inDocument id:d ; tg:lineEnd 1 ; tg:verbatim 'a' ; tg:lineStart"


def test_an_amount_is_cited_by_its_own_passage_and_one_added_up_by_those_of_its_parts() -> None:
    store = ox.Store()
    places = "".join(f"id:p{n} {WHERE} {n} . " for n in (1, 2, 3, 4))
    store.load(input=AMOUNTS + places, format=ox.RdfFormat.TRIG)
    text = "SELECT ?t ?m { ?a tg:about ?t ; tg:amount ?m } ORDER BY ?m"
    result = run(store, StoredQuery("q", text, evidence=("?a tg:about ?t . ?a tg:amount ?m",)))
    cited = with_provenance(LocalStore(store), result)
    assert [row[2] for row in cited.rows] == [
        "https://w3id.org/teemagraafi/id/p3",
        "https://w3id.org/teemagraafi/id/p1",
    ]
    text, named = text.replace("{", "{ ?t tg:acronym ?n ."), ("?t tg:acronym ?n . ?a tg:about ?t . ?a tg:amount ?m",)
    cited = with_provenance(
        LocalStore(store), run(store, StoredQuery("q", text.replace("?m", "?n ?m", 1), evidence=named))
    )
    assert [str(row[3]).replace("https://w3id.org/teemagraafi/id/", "") for row in cited.rows] == ["p1 p4"]


@each("value", ["tg:amount", "tg:shareAmount", "tg:value"])
def test_a_passage_that_only_speaks_of_what_has_a_value_is_not_cited(value: str) -> None:
    prefixes = AMOUNTS.split(":whole")[0]
    valued, only = f":one tg:about :theme ; {value} 6 . ", ":one tg:about :theme . "
    said = f"{valued}id:p1 {{ {valued}}} id:p2 {{ {only}}} "
    store = ox.Store()
    store.load(input=prefixes + said + f"id:p1 {WHERE} 1 . id:p2 {WHERE} 2 . ", format=ox.RdfFormat.TRIG)
    query = StoredQuery(
        "q", f"SELECT ?m {{ ?a tg:about ?t ; {value} ?m }}", evidence=(f"?a tg:about ?t . ?a {value} ?m",)
    )
    cited = with_provenance(LocalStore(store), run(store, query))
    assert [row[1] for row in cited.rows] == ["https://w3id.org/teemagraafi/id/p1"]
