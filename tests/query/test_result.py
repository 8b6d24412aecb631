"""Results in every form: values keep their types, forms agree with one another, nothing a file holds can act."""

from __future__ import annotations

import csv
import datetime
import io
import json
import signal
import subprocess
import sys
import time
import zipfile
from decimal import Decimal
from pathlib import Path

import lxml.html
import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from commands.query import queries, query
from engine.output import formats
from engine.output import formats as spreadsheet
from engine.query import result as columns
from engine.query.backends import LocalStore
from engine.query.result import Iri, PartialDate, Result, python, table
from engine.query.run import run, with_provenance
from engine.store import replacing, write_quads
from loaders.errors import QueryError, QueryUsageError
from tests.cases import each
from tests.example_graph import FOREST, ISLANDS, example_quads, example_store

XSD = "http://www.w3.org/2001/XMLSchema#"
ROOT = Path(__file__).resolve().parents[2]

MIXED = f"""PREFIX xsd: <{XSD}> SELECT ?name ?iri ?whole ?exact ?float ?yes ?day ?month ?year ?none WHERE {{
  VALUES (?name ?iri ?whole ?exact ?float ?yes ?day ?month ?year ?none) {{
    ("=SUM(A1:A9)" <http://example.org/a> 3 1000000.25 1.5e0 true "2024-10-31"^^xsd:date "2024-10"^^xsd:gYearMonth
      "2024"^^xsd:gYear UNDEF)
    ("b, \\"c\\"\\n| d"@fi <http://example.org/b> -4 0.5 2e0 false "2023-01-01"^^xsd:date "2023-01"^^xsd:gYearMonth
      "2023"^^xsd:gYear UNDEF)
  }}
}}"""


def mixed() -> Result:
    return run(example_store(), MIXED)


def written(result: Result, name: str) -> bytes:
    out = io.BytesIO()
    formats.write(result, name, out)
    return out.getvalue()


# values


def test_terms_become_python_values() -> None:
    row = mixed().rows[0]
    assert row == ("=SUM(A1:A9)", "http://example.org/a", 3, Decimal("1000000.25"), 1.5, True,
                   datetime.date(2024, 10, 31), "2024-10", "2024", None)  # fmt: skip
    kinds = [type(v) for v in row]
    assert kinds == [str, Iri, int, Decimal, float, bool, datetime.date, PartialDate, PartialDate, type(None)]


@each(("text", "kind"), [("abc", "integer"), ("1e", "decimal"), ("2024-02-30", "date"), ("", "dateTime")])
def test_an_ill_formed_literal_stays_text(text: str, kind: str) -> None:
    assert python(ox.Literal(text, datatype=ox.NamedNode(XSD + kind))) == text


def test_kinds_of_columns_widen() -> None:
    day, month = datetime.date(2024, 1, 1), PartialDate("2024-02")
    assert columns.kind([1, Decimal(2), None]) == "decimal"
    assert columns.kind([1, 2.5]) == columns.kind([Decimal(2), 2.5]) == columns.kind([1, Decimal(2), 2.5]) == "float"
    assert columns.kind([day, month]) == "partial"
    assert columns.kind([day, "text"]) == "text"
    assert columns.kind([True, False]) == "boolean"
    assert columns.kind([None]) == "empty"


# forms


def test_csv_tsv_and_json_are_the_same_by_the_engine_and_by_hand() -> None:
    for name in ("csv", "tsv", "json"):
        by_engine = written(mixed(), name)
        touched = mixed()
        assert touched.rows
        by_hand = written(touched, name)
        if name == "json":
            assert json.loads(by_engine) == json.loads(by_hand)
        elif name == "csv":
            assert list(csv.reader(io.StringIO(by_engine.decode()))) == list(csv.reader(io.StringIO(by_hand.decode())))
        else:
            assert by_engine == by_hand


def test_csv_is_rfc_4180() -> None:
    rows = list(csv.reader(io.StringIO(written(mixed(), "csv").decode(), newline="")))
    assert rows[0][:4] == ["name", "iri", "whole", "exact"]
    assert rows[2][0] == 'b, "c"\n| d'


def test_safe_csv_holds_no_formula_and_keeps_numbers() -> None:
    texts = ["=1+1", "+358", "-x", "@a", "\ttab", "a=b"]
    values = " ".join(f'("{text}" -4)' for text in (t.replace("\t", "\\t") for t in texts))
    out = io.BytesIO()
    formats.write(run(example_store(), f"SELECT ?t ?n {{ VALUES (?t ?n) {{ {values} }} }}"), "csv", out, safe=True)
    rows = list(csv.reader(io.StringIO(out.getvalue().decode(), newline="")))
    assert rows[1:] == [["'=1+1", "-4"], ["'+358", "-4"], ["'-x", "-4"], ["'@a", "-4"], ["'\ttab", "-4"], ["a=b", "-4"]]
    with pytest.raises(QueryUsageError, match="--safe-csv goes with CSV"):
        formats.write(mixed(), "json", out, safe=True)


def test_json_reads_back() -> None:
    back = ox.parse_query_results(written(mixed(), "json"), format=ox.QueryResultsFormat.JSON)
    assert [tuple(s) for s in back] == mixed().terms  # type: ignore[union-attr]


def test_table_is_aligned_and_shows_no_bare_identifier() -> None:
    text = table(run(example_store(), "money-by-theme"))
    lines = text.splitlines()
    assert "https://" not in text
    assert lines[0].split()[0] == "theme"
    assert len({line.index("2024-10-31") for line in lines[2:]}) == 1


def test_decimals_of_a_column_stand_under_one_another() -> None:
    lines = table(run(example_store(), "money-by-theme")).splitlines()
    paid = [line for line in lines if FOREST in line or ISLANDS in line]
    assert "1 000 000.25" in paid[0]
    assert "0.00" in paid[1]


def test_table_fits_a_narrow_terminal() -> None:
    text = table(run(example_store(), "money-by-theme"), width=100)
    assert max(map(len, text.splitlines())) <= 100
    assert "valtakunnallinen" in text


def test_table_takes_control_characters_out() -> None:
    result = run(example_store(), 'SELECT ?a { VALUES ?a { "\\u001b[31mred\\u0007" } }')
    assert "\x1b" not in table(result)
    assert "\x07" not in table(result)


def test_markdown_cells_cannot_break_out() -> None:
    text = written(mixed(), "md").decode()
    assert len({line.replace("\\|", "").count("|") for line in text.splitlines()}) == 1
    assert "\\|" in text


def test_a_page_holds_the_table_the_notes_and_the_query_and_no_more() -> None:
    result = run(example_store(), "money-by-theme")
    page = lxml.html.document_fromstring(written(result, "html").decode())
    [main] = page.findall("body/main")
    assert [child.tag for child in main] == ["table", *["p"] * len(result.notes), "details"]
    assert not "".join([main.text or "", *((child.tail or "") for child in main)]).strip()
    chosen, places = columns.for_people(result.columns), columns.decimals(result)
    assert [th.text_content() for th in page.iter("th")] == [columns.heading(result.columns[n]) for n in chosen]
    cells = [[columns.format_cell(row[n], places[n]) for n in chosen] for row in result.rows]
    assert [[td.text_content() for td in tr.iter("td")] for tr in page.iter("tr")][1:] == cells
    assert page.findtext("head/title") == page.findtext(".//caption") == result.query.title()
    assert page.findtext(".//pre") == result.query.text


def test_what_a_construct_rests_on_is_in_its_graphs() -> None:
    store = example_store()
    message = "^--provenance needs rows; a CONSTRUCT's triples are cited by their passages' graphs$"
    with pytest.raises(QueryError, match=message):
        with_provenance(LocalStore(store), run(store, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 1"))


def test_html_escapes_and_links() -> None:
    page = written(run(example_store(), 'SELECT ?a { VALUES ?a { "<b>&" <javascript:alert(1)> } }'), "html").decode()
    assert "&lt;b&gt;&amp;" in page
    assert 'href="javascript' not in page
    themes = written(run(example_store(), "money-by-theme"), "html").decode()
    assert '<a href="https://w3id.org/teemagraafi/id/theme/kylataitajat">Kylätaitajat</a>' in themes
    assert "<caption>Framework, reserved" in themes


def test_xlsx_cells_are_typed_and_no_text_is_a_formula() -> None:
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(written(mixed(), "xlsx")))["Result"]
    first = [cell.value for cell in sheet[2]]
    assert first[:6] == ["=SUM(A1:A9)", "http://example.org/a", 3, 1000000.25, 1.5, True]
    assert first[6] == datetime.datetime(2024, 10, 31)
    assert first[7:] == ["2024-10", "2024", None]
    assert sheet["A2"].data_type == "s"
    assert sheet["D2"].number_format == "#,##0.00"
    with zipfile.ZipFile(io.BytesIO(written(mixed(), "xlsx"))) as book:
        assert b"<f>" not in b"".join(book.read(n) for n in book.namelist())


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A1"])
def test_no_text_acts_in_a_workbook(text: str) -> None:
    from openpyxl import load_workbook

    result = run(example_store(), f"SELECT ?a {{ VALUES ?a {{ {ox.Literal(text)} }} }}")
    cell = load_workbook(io.BytesIO(written(result, "xlsx")))["Result"]["A2"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_what_excel_cannot_hold_is_kept_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from openpyxl import load_workbook

    exact = "12345678901234567.891"
    result = run(example_store(), f'SELECT ?a ?b {{ VALUES (?a ?b) {{ ({exact} "a\\u0001b") }} }}')
    row = next(
        iter(load_workbook(io.BytesIO(written(result, "xlsx")))["Result"].iter_rows(min_row=2, values_only=True))
    )
    assert row == (exact, "a\ufffdb")
    long = run(example_store(), f'SELECT ?a {{ VALUES ?a {{ "{"x" * 40_000}" }} }}')
    with pytest.raises(QueryUsageError, match="40000 letters"):
        written(long, "xlsx")
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 2)
    with pytest.raises(QueryUsageError, match="use csv or parquet"):
        written(mixed(), "xlsx")


def test_parquet_keeps_exact_types() -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    read = pq.read_table(io.BytesIO(written(mixed(), "parquet")))
    kinds = {f.name: str(f.type) for f in read.schema}
    assert kinds["exact"] == "decimal128(38, 2)"
    assert (kinds["day"], kinds["whole"], kinds["yes"], kinds["month"]) == ("date32[day]", "int64", "bool", "string")
    assert read.column("exact").to_pylist() == [Decimal("1000000.25"), Decimal("0.50")]
    assert read.schema.field("month").metadata[b"kind"] == b"partial"


def test_turtle_and_the_others_hold_the_same_triples() -> None:
    def triples(name: str, fmt: ox.RdfFormat) -> set[str]:
        return {str(q.triple) for q in ox.parse(written(run(example_store(), "as-w3c-org"), name), format=fmt)}

    turtle = triples("ttl", ox.RdfFormat.TURTLE)
    assert turtle == triples("nt", ox.RdfFormat.N_TRIPLES) == triples("jsonld", ox.RdfFormat.JSON_LD)
    assert len(turtle) == len(run(example_store(), "as-w3c-org").triples)
    assert b"\\/" not in written(run(example_store(), "as-schema-org"), "ttl").split(b"observation")[0]


def test_equal_triples_are_equal_files() -> None:
    assert written(run(example_store(), "as-eurio"), "ttl") == written(run(example_store(), "as-eurio"), "ttl")


def test_rows_are_no_turtle() -> None:
    with pytest.raises(QueryUsageError, match="ttl holds triples"):
        written(mixed(), "ttl")


def test_every_form_takes_every_result() -> None:
    for text in ("ASK {}", "SELECT ?a { ?a <http://none> ?b }", "CONSTRUCT { ?a a ?b } WHERE { ?a a ?b }"):
        for name in formats.ROWS:
            assert written(run(example_store(), text), name), (text, name)


# provenance


def test_provenance_cites_document_page_line_and_words() -> None:
    from engine.query.backends import LocalStore
    from engine.query.run import with_provenance

    rows = run(example_store(), "themes-by-ely-centre", ely="Etelä-Savo", theme=FOREST)
    result = with_provenance(LocalStore(example_store()), rows)
    assert result.columns[-2:] == ("passages", "passagesLabel")
    words = "“Etelä-Savon ELY-keskus”"
    assert result.rows[0][-1] == f"kirje p. 1 l. 6: {words}; kirje p. 1 l. 10: {words}"


def test_provenance_of_a_count_cites_every_part() -> None:
    from engine.query.backends import LocalStore
    from engine.query.run import with_provenance

    result = with_provenance(LocalStore(example_store()), run(example_store(), "implementers-per-project"))
    cited = {r["code"]: str(r["passages"]).split() for r in result.dicts()}
    assert len(cited["R-05000"]) == 1 + 3  # its line in the list, and one for each member


def test_provenance_of_a_users_own_query() -> None:
    from engine.query.backends import LocalStore
    from engine.query.run import with_provenance

    text = "SELECT ?project ?code { ?project tg:groupCode ?code } ORDER BY ?code"
    result = with_provenance(LocalStore(example_store()), run(example_store(), text))
    assert "“R-05000”" in str(result.rows[0][-1])


def test_a_contacts_passage_is_cited_from_the_contacts_graph() -> None:
    from engine.query.backends import LocalStore
    from engine.query.run import with_provenance

    result = with_provenance(LocalStore(example_store()), run(example_store(), "contacts"))
    assert all("contact-passage" in str(row[-2]) and "esimerkki.example" in str(row[-1]) for row in result.rows)


# commands


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("results") / "example.store"
    with replacing(path) as version:
        write_quads(version, (quad.line() for quad in example_quads()))
    return path


def asked(store: Path, *arguments: str, stdin: str | None = None, code: int = 0) -> str:
    result = CliRunner().invoke(query, [*arguments, "--store", str(store)], input=stdin)
    assert result.exit_code == code, result.output
    return result.stdout if code == 0 else result.stderr


def test_query_command(store: Path, tmp_path: Path) -> None:
    assert "Kylätaitajat" in asked(store, "money-by-theme")
    assert asked(store, "money-by-theme", "-p", f"theme={FOREST}", "--format", "csv").count("\n") == 2
    both = asked(store, "money-by-theme", "-p", f"theme={FOREST}", "-p", f"theme={ISLANDS}", "--format", "tsv")
    assert both.count("\n") == 3
    assert asked(store, "-", stdin="ASK { ?t a tg:Theme }", code=0).splitlines()[-1] == "true"
    out = tmp_path / "money.xlsx"
    asked(store, "money-by-theme", "--output", str(out))
    assert zipfile.is_zipfile(out)
    chart = tmp_path / "money.svg"
    assert asked(store, "money-by-theme", "--chart", str(chart)) == ""
    assert chart.read_text("utf-8").startswith("<svg")
    own = tmp_path / "own.rq"
    own.write_text("CONSTRUCT { ?t a tg:Theme } WHERE { ?t a tg:Theme }", "utf-8")
    assert "tg:Theme" in asked(store, str(own))


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["money-by-them"], 2, "did you mean 'money-by-theme'"),
        (["money-by-theme", "-p", "them=x"], 2, "no parameter 'them'"),
        (["money-by-theme", "-p", "theme"], 2, "not name=value"),
        (["money-by-theme", "-p", "theme=Kylätaiturit"], 2, "did you mean 'Kylätaitajat'"),
        (["money-by-theme", "--format", "ttl"], 2, "ttl holds triples"),
        (["money-by-theme", "--output", "x.gif"], 2, "no form ends in .gif"),
        (["money-by-theme", "--chart", "x.gif"], 2, "x.gif is no .svg file"),
        (["money-by-theme", "--output", "/nowhere/at/all/x.csv"], 1, "cannot be written"),
        (["money-by-theme", "--timeout", "0"], 2, "not in the range"),
        (["missing.rq"], 2, "cannot be read"),
        (["money-by-theme", "--endpoint", "ftp://x"], 2, "http or https"),
    ],
)
def test_wrong_use_is_one_line(store: Path, arguments: list[str], code: int, says: str) -> None:
    error = asked(store, *arguments, code=code)
    assert says in error
    assert "Traceback" not in error


def test_help_of_a_query_and_the_catalogue(store: Path) -> None:
    shown = asked(store, "money-by-theme", "--help")
    for part in ("Teemojen rahoituskehys", "-p at=", "CQ-1", "Example: teemagraafi query money-by-theme"):
        assert part in shown
    assert "Example:" in asked(store, "--help")
    listed = CliRunner().invoke(queries, ["--tag", "money", "--lang", "fi"]).stdout
    assert "money-by-theme" in listed
    assert "contacts " not in listed
    assert CliRunner().invoke(queries, ["--tag", "mony"]).exit_code == 2
    for fmt, start in (("md", "# Stored queries"), ("ttl", "@prefix")):
        assert CliRunner().invoke(queries, ["--format", fmt]).stdout.startswith(start)


def test_a_failed_write_leaves_the_old_file(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "old.csv"
    out.write_text("old", "utf-8")
    asked(store, "-", "--output", str(out), stdin="SELECT * WHERE {", code=4)
    assert out.read_text("utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["old.csv"]


def shell(store: Path, command: str) -> subprocess.CompletedProcess[str]:
    run_it = f"{sys.executable} -m graph {command} --store {store}"
    return subprocess.run(["sh", "-c", run_it.replace(" | ", f" --store {store} | ", 1).rsplit(" --store", 1)[0]
                           if " | " in run_it else run_it], cwd=ROOT, capture_output=True, text=True, timeout=60)  # fmt: skip


def test_a_closed_pipe_is_silent(store: Path) -> None:
    for fmt in ("csv", "table"):
        done = shell(store, f"query different-values --format {fmt} | head -c 10")
        assert done.stdout
        assert all(line.startswith("note: ") for line in done.stderr.splitlines())


@pytest.mark.parametrize(("ending", "says"), [("xlsx", "3 rows written to"), ("csv", "the answer written to")])
def test_what_was_written_is_said_and_counted_only_where_it_was_read(
    store: Path, tmp_path: Path, ending: str, says: str
) -> None:
    args = ["money-by-theme", "--store", str(store), "--output", str(tmp_path / f"money.{ending}")]
    assert says in CliRunner().invoke(query, args).stderr


RUNAWAY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def test_a_query_out_of_time_is_exit_code_four(store: Path) -> None:
    assert "longer than 0.5 s" in asked(store, "-", "--timeout", "0.5", stdin=RUNAWAY, code=4)


def test_an_interrupt_ends_a_query_that_is_running(store: Path) -> None:
    command = [sys.executable, "-m", "graph", "query", "-", "--store", str(store)]
    running = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert running.stdin is not None
    running.stdin.write(RUNAWAY.encode())
    running.stdin.close()
    time.sleep(2)
    assert running.poll() is None
    running.send_signal(signal.SIGINT)
    assert running.wait(5) != 0
    assert running.stderr is not None
    assert b"Traceback" not in running.stderr.read()
    running.stderr.close()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for the process among the system's")
def test_an_interrupt_leaves_no_process_behind(store: Path) -> None:
    """With a time limit the query runs in a process of its own, which ends with the one that asked, however that ends."""

    def children(parent: int) -> list[Path]:
        stats = [(p.parent, p.read_text("utf-8", "replace")) for p in Path("/proc").glob("[0-9]*/stat") if p.exists()]
        return [place for place, stat in stats if stat.rpartition(")")[2].split()[1] == str(parent)]

    for stop in (signal.SIGINT, signal.SIGKILL):
        command = [sys.executable, "-m", "graph", "query", "-", "--timeout", "60", "--store", str(store)]
        running = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert running.stdin is not None
        running.stdin.write(RUNAWAY.encode())
        running.stdin.close()
        for _ in range(100):
            if workers := children(running.pid):
                break
            time.sleep(0.1)
        time.sleep(0.3)
        running.send_signal(stop)
        running.wait(10)
        for _ in range(100):
            if not any(place.exists() for place in workers):
                break
            time.sleep(0.1)
        assert not any(place.exists() for place in workers)


def test_a_query_from_a_cold_start_imports_nothing_heavy(store: Path) -> None:
    code = (
        "import sys, click; from commands.query import query\n"
        f"query(['money-by-theme', '--format', 'csv', '--store', {str(store)!r}], standalone_mode=False)\n"
        "heavy = {'rdflib', 'pandas', 'polars', 'pyarrow', 'numpy', 'openpyxl', 'pdfplumber', 'pyshacl', 'snowballstemmer'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stderr.splitlines()[-1] == "[]", done.stderr


def test_an_answer_shows_itself_in_one_line_without_being_read() -> None:
    result = run(example_store(), "money-by-theme")
    assert repr(result).startswith("<answer to 'money-by-theme': theme, themeLabel, framework")
    assert result.untouched
