"""Headers, binding and running of stored queries: what is refused, and that no value becomes query text."""

from __future__ import annotations

import datetime
import time
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.query import parameters
from engine.query.library import HeaderError, StoredQuery, bind, find, read
from engine.query.result import Iri, PartialDate
from engine.query.run import run
from engine.store import replacing, write_quads
from loaders.errors import QueryError, QueryTimeoutError, QueryUsageError
from tests.cases import each
from tests.example_graph import FOREST, ISLANDS, example_quads, example_store

ID = "https://w3id.org/teemagraafi/id/"

HEADER = """#+ summary: Themes
#+ summary_fi: Teemat
#+ summary_sv: Teman
#+ tags: [themes, "a, b"]
#+ params:
#+   - name: theme
#+     type: theme
#+   - name: at
#+     type: date
#+     default: "2024-10-31"
#+ view: table
"""
BODY = """PREFIX tg: <https://w3id.org/teemagraafi/def#>
SELECT ?theme ?at WHERE {
  VALUES ?theme { UNDEF }
  VALUES ?at { "2024-10-31" }
  ?theme a tg:Theme
}
"""


def query() -> StoredQuery:
    return read(HEADER + BODY, "themes")


def resolved(value: object, kind: str = "theme", **more: object) -> list[str]:
    parameter = f"#+   - name: x\n#+     type: {kind}\n" + "".join(f"#+     {k}: {v}\n" for k, v in more.items())
    text = f"#+ summary: a\n#+ summary_fi: a\n#+ summary_sv: a\n#+ tags: [a]\n#+ params:\n{parameter}#+ view: table\n"
    made = read(f"{text}SELECT * WHERE {{\n  VALUES ?x {{ UNDEF }}\n}}", "one")
    found = parameters.resolve(made, {"x": value}, example_store().query)  # type: ignore[arg-type]
    return [term.value for term in found["x"]]


# header


def test_header_is_read() -> None:
    made = query()
    assert (made.summary, made.summary_fi, made.title("sv")) == ("Themes", "Teemat", "Teman")
    assert made.tags == ("themes", "a, b")
    assert [(p.name, p.type, p.default) for p in made.params] == [
        ("theme", "theme", None),
        ("at", "date", "2024-10-31"),
    ]
    assert made.form == "SELECT"


@each(
    ("line", "wrong"),
    [
        (1, "#+summary: Themes"),
        (1, "#+ Summary: Themes"),
        (1, "#+ summary:"),
        (1, "#+ summary: a: b"),
        (1, "#+ summary: a #b"),
        (1, '#+ summary: "a'),
        (1, "#+ summary: >-"),
        (1, "#+ sumary: Themes"),
        (1, "#+\tsummary: Themes"),
        (4, "#+ tags: [themes"),
        (4, "#+ tags: themes"),
        (5, "#+ params: a"),
        (5, "#+ params: [a]"),
        (6, "#+  - name: theme"),
        (7, "#+     type: planet"),
        (7, "#+       type: theme"),
        (7, "#+     kind: theme"),
        (10, "#+     default:"),
        (10, '#+     default: "2023-10-31"'),
        (11, "#+ view: picture"),
        (11, "#+ summary: twice"),
    ],
)
def test_wrong_header_line_is_named(line: int, wrong: str) -> None:
    lines = HEADER.splitlines()
    lines[line - 1] = wrong
    with pytest.raises(HeaderError) as caught:
        read("\n".join(lines) + "\n" + BODY, "themes", Path("themes.rq"))
    block = range(5, 11)  # a parameter's fault is reported at its list
    assert caught.value.line == line or (line in block and caught.value.line in block)
    assert str(caught.value.message).startswith(f"themes.rq:{caught.value.line}: ")
    assert caught.value.exit_code == 4


def test_header_must_stand_at_the_top() -> None:
    with pytest.raises(HeaderError, match=r"t:3: "):
        read("#+ summary: a\nSELECT * {}\n#+ tags: [b]", "t")


def test_missing_keys_and_missing_values_line_are_refused() -> None:
    with pytest.raises(HeaderError, match="lacks summary_sv"):
        read(HEADER.replace("#+ summary_sv: Teman\n", "") + BODY, "t")
    with pytest.raises(HeaderError, match=r"no line 'VALUES \?at"):
        read(HEADER + BODY.replace("VALUES ?at", "VALUES ?then"), "t")


# binding


def test_defaults_stand_in_the_query_and_binding_replaces_them() -> None:
    bound = bind(query(), {"theme": [ox.NamedNode(f"{ID}theme/a"), ox.NamedNode(f"{ID}theme/b")]})
    assert f"VALUES ?theme {{ <{ID}theme/a> <{ID}theme/b> }}" in bound
    assert 'VALUES ?at { "2024-10-31" }' in bound


def test_every_place_of_a_parameter_is_bound() -> None:
    made = read(HEADER + BODY + "# \n  VALUES ?at { UNDEF }\n", "t")
    assert bind(made, {"at": ox.Literal("2020-01-01")}).count('"2020-01-01"') == 2


HOSTILE = [
    '"} ?s ?p ?o . #',
    "x' } UNION { ?s ?p ?o",
    'a"\nDROP ALL #',
    "} } DELETE WHERE { ?s ?p ?o } #",
    "\\",
    '\\"',
    "a\rb",
    "> . ?s ?p ?o . <http://a",
    "?theme",
    "UNDEF",
    "{{x}}",
    "\\1 \\g<0>",
    "𐀀\u202e",
]


@each("value", HOSTILE)
def test_hostile_text_stays_one_literal(value: str) -> None:
    text = HEADER.replace("type: theme", "type: text") + BODY.replace("?theme a tg:Theme", "")
    made = read(text, "t")
    terms = parameters.resolve(made, {"theme": value}, example_store().query)  # type: ignore[arg-type]
    rows = list(ox.Store().query(bind(made, terms)))  # type: ignore[arg-type]
    assert [r["theme"].value for r in rows] == [value.strip()]


@pytest.mark.parametrize("value", [*HOSTILE, "\\u0022 } ?s ?p ?o #"])
def test_hostile_names_are_refused(value: str) -> None:
    for kind in ("theme", "organisation", "ministry", "ely", "project", "document", "date", "number"):
        with pytest.raises(QueryUsageError):
            resolved(value, kind)


@given(st.text(min_size=1))
def test_any_text_is_bound_as_itself_or_refused(value: str) -> None:
    made = read(HEADER.replace("type: theme", "type: text") + BODY.replace("?theme a tg:Theme", ""), "t")
    try:
        terms = parameters.resolve(made, {"theme": value}, example_store().query)  # type: ignore[arg-type]
    except QueryUsageError:
        return
    rows = list(ox.Store().query(bind(made, terms)))  # type: ignore[arg-type]
    assert [r["theme"].value for r in rows] == [value.strip()]


def test_backslash_u_is_refused_since_some_engines_expand_it_inside_quotes() -> None:
    with pytest.raises(QueryUsageError):
        resolved('\\u0022 } ?s ?p ?o . { ?a ?b "', "text")


# values


@each(
    ("kind", "typed", "key"),
    [
        ("theme", FOREST, "theme/metsaosaamisen"),
        ("theme", FOREST.upper(), "theme/metsaosaamisen"),
        ("theme", "metsaosaamisen valtakunnallinen teema", "theme/metsaosaamisen"),
        ("theme", "Metsäosaamisen teemassa", "theme/metsaosaamisen"),
        ("theme", "metsaosaamisen", "theme/metsaosaamisen"),
        ("theme", f"{ID}theme/metsaosaamisen", "theme/metsaosaamisen"),
        ("theme", "Developing island services", "theme/saaristopalvelujen-kehittaminen"),
        ("theme", "saaristopalvelujen kehittämisestä", "theme/saaristopalvelujen-kehittaminen"),
        ("ely", "Häme", "organisation/ely-hame"),
        ("ely", "Hame", "organisation/ely-hame"),
        ("ely", "Hämeen ELY", "organisation/ely-hame"),
        ("ely", "Hämeen ELY-keskuksen", "organisation/ely-hame"),
        ("ely", "etelä-savo", "organisation/ely-etela-savo"),
        ("ministry", "OKM", "organisation/okm"),
        ("ministry", "okm:n", "organisation/okm"),
        ("ministry", "opetus- ja kulttuuriministeriön", "organisation/okm"),
        ("organisation", "Koivuniemen yliopistolle", "organisation/koivuniemen-yliopisto"),
        ("project", "R-05000", "project/R-05000"),
        ("project", "pupi", "project/R-05000"),
        ("project", "Puusta pidemmälle", "project/R-05000"),
        ("document", "katsaus", "document/katsaus"),
        ("document", "Uutiskirje teemoista", "document/kirje"),
    ],
)
def test_a_thing_is_known_by_label_notation_code_key_or_iri(kind: str, typed: str, key: str) -> None:
    assert resolved(typed, kind) == [ID + key]


def test_a_code_is_known_by_notation_or_name() -> None:
    code = "https://w3id.org/teemagraafi/code/fund/ESR+"
    for typed in ("ESR+", "esr+", code, "Euroopan sosiaalirahasto plus"):
        assert resolved(typed, "code", scheme="fund") == [code], typed


def test_the_nearest_names_are_proposed() -> None:
    with pytest.raises(QueryUsageError, match="did you mean 'Kylätaitajat'"):
        resolved("Kylätaiturit", "theme")
    with pytest.raises(QueryUsageError, match="no theme <http://example"):
        resolved("http://example.org/x", "theme")


def test_a_name_that_fits_several_is_refused_with_them() -> None:
    with pytest.raises(QueryUsageError, match=r"may be .*Hämeen ELY-keskus.*say more"):
        resolved("ELY-keskus", "organisation")


@each(
    ("typed", "day"),
    [
        ("2024-10-31", "2024-10-31"),
        ("31.10.2024", "2024-10-31"),
        ("1.2.2024", "2024-02-01"),
        ("2024-02", "2024-02-29"),
        ("2023-12", "2023-12-31"),
        ("2024", "2024-12-31"),
        (datetime.date(2024, 10, 31), "2024-10-31"),
        (datetime.datetime(2024, 10, 31, 12, 0), "2024-10-31"),
    ],
)
def test_dates(typed: object, day: str) -> None:
    assert resolved(typed, "date") == [day]


@each("typed", ["2024-13", "32.1.2024", "2024-1-1", "syksy 2024", "0000", "20241", "١٩٩٩"])
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(QueryUsageError, match="not a date"):
        resolved(typed, "date")


@each(("typed", "number"), [("3", "3"), ("1,5", "1.5"), ("1 000 000", "1000000"), (Decimal("2.50"), "2.50")])
def test_numbers(typed: object, number: str) -> None:
    assert resolved(typed, "number") == [number]


@each("typed", ["NaN", "Infinity", "1e999999", "kolme", "1.2.3", ""])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(QueryUsageError):
        resolved(typed, "number")


def test_allowed_values() -> None:
    assert resolved("YES", "text", allowed='["no", "yes"]') == ["yes"]
    with pytest.raises(QueryUsageError, match="not one of no, yes"):
        resolved("maybe", "text", allowed='["no", "yes"]')


def test_one_date_only_but_several_themes() -> None:
    with pytest.raises(QueryUsageError, match="takes one date"):
        resolved(["2024", "2023"], "date")
    assert len(resolved([FOREST, ISLANDS])) == 2


# running


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("queries") / "example.store"
    with replacing(path) as version:
        write_quads(version, (quad.line() for quad in example_quads()))
    return path


def test_rows_are_typed(store: Path) -> None:
    result = run(store, "money-by-theme", theme=FOREST)
    row = result.dicts()[0]
    assert row["theme"] == Iri(f"{ID}theme/metsaosaamisen")
    assert isinstance(row["theme"], Iri)
    assert row["paid"] == Decimal("1000000.25")
    assert row["frameworkDate"] == datetime.date(2024, 10, 31)
    assert any("theme = " in note for note in result.notes)


def test_partial_dates_stay_partial() -> None:
    rows = run(example_store(), "SELECT ?d { ?t a tg:Theme ; tg:startDate ?d } ORDER BY STR(?d)").rows
    assert [(d, type(d)) for (d,) in rows] == [
        (datetime.date(2022, 1, 1), datetime.date),
        ("2023", PartialDate),
    ]


def test_an_earlier_state(store: Path) -> None:
    assert run(store, "money-by-theme", theme=FOREST, at="2022-06-30").dicts()[0]["framework"] == 10_000_000


def test_construct_and_ask() -> None:
    triples = run(example_store(), "CONSTRUCT { ?t a ?c } WHERE { ?t a tg:Theme , ?c }")
    assert (triples.form, len(triples.triples)) == ("triples", len(set(map(str, triples.triples))))
    assert run(example_store(), "ASK { ?t a tg:Theme }").answer is True
    assert run(example_store(), "ASK { ?t a tg:Planet }").rows == [(False,)]


def test_unknown_query_and_parameter() -> None:
    with pytest.raises(QueryUsageError, match="did you mean 'money-by-theme'") as caught:
        run(example_store(), "money-by-themes")
    assert caught.value.exit_code == 2
    with pytest.raises(QueryUsageError, match=r"no parameter 'them'.*did you mean 'theme'"):
        run(example_store(), "money-by-theme", them="x")


def test_a_name_never_leads_out_of_the_folder() -> None:
    for name in ("../graph", "/etc/passwd", "money-by-theme.rq", "a/b"):
        with pytest.raises(QueryError if " " in name else (QueryError, QueryUsageError)):
            run(example_store(), name)
        with pytest.raises(QueryUsageError):
            find(name)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("SELECT ?x WHERE {\n  ?x foo:bar ?y }", "line 2, column"),
        ("SELECT * WHERE { ?s ?p", "line 1, column 23"),
        ("SELECT ?x WHERE { ?x a tg:Theme", "the line is: SELECT"),
    ],
)
def test_a_malformed_query_is_placed(store: Path, text: str, says: str) -> None:
    for source, timeout in ((example_store(), None), (store, 20)):
        with pytest.raises(QueryError, match=says) as caught:
            run(source, text, timeout=timeout)  # type: ignore[arg-type]
        assert caught.value.exit_code == 4


RUNAWAY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def test_a_query_that_runs_too_long_is_stopped_and_gone(store: Path) -> None:
    before, started = _children(), time.monotonic()
    with pytest.raises(QueryTimeoutError) as caught:
        run(store, RUNAWAY, timeout=0.5)
    assert time.monotonic() - started < 5
    assert caught.value.exit_code == 4
    assert _children() <= before  # other tests of this process may have left a server's


def _children() -> set[str]:
    """Living child processes of this one (zombies are waited for, so there are none)."""
    tasks = Path("/proc/self/task")
    if not tasks.is_dir():
        pytest.skip("no /proc to look for processes in")
    return {
        c
        for t in tasks.iterdir()
        for c in (t / "children").read_text().split()
        if Path(f"/proc/{c}/cmdline").read_bytes()
    }


@pytest.mark.slow
def test_a_query_in_time_gives_the_same_from_its_own_process(store: Path) -> None:
    before = _children()
    for name in ("money-by-theme", "framework-by-ministry"):
        assert run(store, name, timeout=30).rows == run(store, name).rows
    ask = run(store, "ASK { ?t a tg:Theme }", timeout=30)
    assert ask.answer is True
    described = run(store, f"DESCRIBE <{ID}theme/kylataitajat>", timeout=30)
    assert len(described.triples) == len(run(store, f"DESCRIBE <{ID}theme/kylataitajat>").triples) > 5
    assert _children() <= before


def test_an_open_store_cannot_be_given_a_time_limit() -> None:
    with pytest.raises(QueryUsageError, match="directory"):
        run(example_store(), "money-by-theme", timeout=1)
    with pytest.raises(QueryUsageError, match="above zero"):
        run(example_store(), "money-by-theme", timeout=-1)


def test_no_value_leaves_the_default() -> None:
    assert run(example_store(), "money-by-theme", theme=None).terms == run(example_store(), "money-by-theme").terms
    with pytest.raises(QueryUsageError, match="no parameter 'thema'"):
        run(example_store(), "money-by-theme", thema=None)


def test_a_value_longer_than_any_name_is_refused_in_few_words() -> None:
    with pytest.raises(QueryUsageError, match="longer than any name") as caught:
        run(example_store(), "money-by-theme", theme="a" * 100_000)
    assert len(str(caught.value)) < 200
