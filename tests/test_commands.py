"""The command line as a new user meets it: real runs, in a directory of their own."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import graph
from tests.cases import each

ROOT = Path(__file__).resolve().parents[1]
SHORT = sorted((ROOT / "sources").glob("*.txt"), key=lambda path: path.stat().st_size)[:2]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(graph.cli, [str(a) for a in arguments], prog_name="teemagraafi")


@pytest.fixture(scope="module")
def store(shipped_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the shipped sources that tests may change."""
    path = tmp_path_factory.mktemp("built") / "s"
    shutil.copytree(shipped_store, path)
    return path


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two short documents, which is built and loaded anew in a second; ``first.nq`` beside it is its export."""
    path = tmp_path_factory.mktemp("small") / "s"
    assert run("build", *SHORT, "--store", path).exit_code == 0
    assert run("export", "--store", path, "--output", path.parent / "first.nq").exit_code == 0
    return path


def one_line(result: Result, code: int, *words: str) -> None:
    assert result.exit_code == code, result.output
    message = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    assert len(message) == 1, result.stderr
    for word in words:
        assert word in message[0]
    assert "Traceback" not in result.output


def test_the_build_says_what_it_read_and_a_second_one_exports_the_same_bytes(
    shipped_store: Path, tmp_path: Path
) -> None:
    result = run("build", "--store", tmp_path / "again")
    assert result.exit_code == 0, result.output
    assert "5 documents" in result.stderr
    assert "Try: teemagraafi" in result.stderr
    assert result.stdout == ""
    for name, where in (("one.nq", shipped_store), ("two.nq", tmp_path / "again")):
        assert run("export", "--store", where, "--output", tmp_path / name).exit_code == 0
    assert (tmp_path / "one.nq").read_bytes() == (tmp_path / "two.nq").read_bytes()
    assert (tmp_path / "one.nq").stat().st_size > 100_000


def test_loading_the_same_document_again_changes_nothing(small: Path, tmp_path: Path) -> None:
    assert run("load", SHORT[0], "--store", small).exit_code == 0
    assert run("export", "--store", small, "--output", tmp_path / "after.nq").exit_code == 0
    assert (small.parent / "first.nq").read_bytes() == (tmp_path / "after.nq").read_bytes()


def test_the_order_of_files_changes_nothing(small: Path, tmp_path: Path) -> None:
    assert run("build", *SHORT[::-1], "--store", tmp_path / "s").exit_code == 0
    assert run("export", "--store", tmp_path / "s", "--output", tmp_path / "s.nq").exit_code == 0
    assert (small.parent / "first.nq").read_bytes() == (tmp_path / "s.nq").read_bytes()


def test_describe_tells_places_and_disagreements(store: Path) -> None:
    result = run("describe", "vaikeasti työllistyvien tukeminen", "--store", store)
    assert result.exit_code == 0, result.output
    for words in ("13000000", "toteutuskatsaus-2024-10", "line ", "other-scope", "other-notation", "4.1.7", "4.h"):
        assert words in result.stdout


def test_an_unknown_name_is_answered_with_the_nearest(store: Path) -> None:
    one_line(run("describe", "Vaikeasti tyollistyvien tukemine", "--store", store), 2, "did you mean", "tukeminen")


@pytest.mark.parametrize("name", ["empty.txt", "binary.txt", "shopping.txt", "missing.pdf", "broken.pdf"])
def test_a_file_that_is_no_document_is_one_line_and_leaves_the_store(store: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    contents = {
        "empty.txt": b"",
        "binary.txt": bytes(range(256)) * 40,
        "shopping.txt": b"maitoa\nleip\xc3\xa4\xc3\xa4\n" * 30,
        "broken.pdf": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog",
    }
    if name in contents:
        path.write_bytes(contents[name])
    before = (store / "CURRENT").read_text()
    one_line(run("build", path, "--store", store), 3, path.stem)
    assert (store / "CURRENT").read_text() == before


def test_a_directory_without_documents_is_refused(store: Path, tmp_path: Path) -> None:
    one_line(run("build", "--documents", tmp_path, "--store", store), 3, "holds no")


def test_own_rdf_goes_into_a_graph_of_its_own_and_survives_a_load(small: Path, tmp_path: Path) -> None:
    store = small
    own = tmp_path / "own.ttl"
    own.write_text('<https://example.org/a> <https://example.org/says> "mine" .')
    assert run("load", own, "--graph", "https://example.org/own", "--store", store).exit_code == 0
    assert run("load", SHORT[0], "--store", store).exit_code == 0
    found = {str(q.object.value) for q in graph.Graph.open(store).store if "example.org/own" in str(q.graph_name)}
    assert found == {"mine"}


def test_rdf_without_a_graph_is_a_usage_error(store: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.ttl"
    own.write_text("")
    one_line(run("load", own, "--store", store), 2, "--graph")


def test_rdf_that_does_not_parse_names_the_line(store: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.ttl"
    own.write_text("<https://example.org/a> a <b> .\nthis is not turtle\n")
    one_line(run("load", own, "--graph", "https://example.org/own", "--store", store), 3, "own.ttl", "not valid RDF")


def test_coverage_accounts_for_every_document(store: Path) -> None:
    result = run("coverage", "--store", store)
    assert result.exit_code == 0
    assert "toteutuskatsaus-2024-10" in result.stdout


@pytest.mark.parametrize(
    "arguments", [["describe", "x"], ["conflicts"], ["query", "money-by-theme"], ["validate"], ["coverage"]]
)
def test_a_missing_store_says_how_to_make_one(tmp_path: Path, arguments: list[str]) -> None:
    one_line(run(*arguments, "--store", tmp_path / "none"), 2, "teemagraafi build")


def test_help_is_quick_to_import() -> None:
    program = "import sys, graph, click; graph.cli.main(['--help'], standalone_mode=False); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert not {"pdfplumber", "rdflib", "pyshacl", "pandas", "pyoxigraph", "lxml"} & set(done.stdout.split())


def _cost(*program: str) -> float:
    """Processor seconds of a Python process, the least of three."""
    costs = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *program], capture_output=True, cwd=ROOT, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        costs.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(costs)


def test_help_costs_little_more_than_the_library_that_prints_it() -> None:
    assert _cost("graph.py", "build", "--help") < 3 * _cost("-c", "import click")


@each(
    ("arguments", "words"),
    [
        (["nonsense"], ["No such command 'nonsense'", "teemagraafi --help"]),
        (["export"], ["Missing option '--output'", "teemagraafi export --help"]),
        (["validate", "--lang", "de"], ["'de' is not one of", "teemagraafi validate --help"]),
        (["build", "--mapping"], ["--mapping", "requires an argument"]),
        (["link", "nonsense"], ["No such command", "teemagraafi link --help"]),
        (["query", "SELECT * { ?s ?p ?o } #" + "x" * 300], ["teemagraafi"]),
        (["load", "x.ttl"], ["x.ttl is RDF: say which named graph"]),
    ],
)
def test_a_wrong_call_is_one_line_that_says_where_help_is(arguments: list[str], words: list[str]) -> None:
    result = run(*arguments)
    one_line(result, 2, *words)
    assert result.stderr.count("\n") == 1


def test_a_command_without_its_words_shows_its_help() -> None:
    for arguments in ([], ["link"]):
        result = run(*arguments)
        assert result.exit_code == 2
        assert "Usage: teemagraafi" in result.stderr
        assert "Commands:" in result.stderr


def every_command() -> list[list[str]]:
    found = []
    for name in graph.cli.list_commands(click.Context(graph.cli)):
        command = graph.cli.get_command(click.Context(graph.cli), name)
        within = list(command.commands) if isinstance(command, click.Group) else []
        found += [[name, inner] for inner in within] or [[name]]
    return found


@each("words", every_command(), ids=" ".join)
def test_every_command_takes_a_store_and_shows_an_example(words: list[str]) -> None:
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert "--store" in result.stdout
    assert f"Example: teemagraafi {' '.join(words)}" in result.stdout


def test_damage_deep_in_the_database_is_one_line(store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "s"
    shutil.copytree(store, copy)
    for path in (copy / (copy / "CURRENT").read_text() / "data").glob("*.sst"):
        data = bytearray(path.read_bytes())
        middle = len(data) // 3
        data[middle : middle + 400] = bytes(b ^ 0xFF for b in data[middle : middle + 400])
        path.write_bytes(data)
    one_line(run("export", "--output", tmp_path / "all.nq", "--store", copy), 2, "damaged", "teemagraafi build")


@pytest.mark.parametrize("folder", ["coverage", "extracted"])
def test_damage_beside_the_database_is_one_line(store: Path, tmp_path: Path, folder: str) -> None:
    copy = tmp_path / "s"
    shutil.copytree(store, copy)
    for path in (copy / (copy / "CURRENT").read_text() / folder).iterdir():
        path.write_bytes(b"\xff\xfe{")
    one_line(run("coverage", "--store", copy), 2, "damaged")
    one_line(run("load", next((ROOT / "sources").glob("uutiskirje*.txt")), "--store", copy), 2, "damaged")


def test_a_document_loaded_under_another_name_is_the_same_document(tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    text = SHORT[1].read_text(encoding="utf-8")
    own.write_text(f"{text}\nLopuksi\n", encoding="utf-8")
    assert run("build", own, "--store", tmp_path / "s").exit_code == 0
    shutil.copy(own, tmp_path / "copy.txt")
    loaded = run("load", tmp_path / "copy.txt", "--store", tmp_path / "s")
    assert loaded.exit_code == 0
    assert "copy: is own, which the store holds" in loaded.stderr
    for name in ("s", "t"):
        assert name == "s" or run("build", own, "--store", tmp_path / "t").exit_code == 0
        assert run("export", "--store", tmp_path / name, "-o", tmp_path / f"{name}.nq").exit_code == 0
    assert (tmp_path / "s.nq").read_bytes() == (tmp_path / "t.nq").read_bytes()


@pytest.mark.parametrize("iri", ["not an iri", "https://w3id.org/teemagraafi/graph/mine", "relative"])
def test_a_graph_that_is_no_iri_of_the_users_own_is_a_usage_error(store: Path, tmp_path: Path, iri: str) -> None:
    own = tmp_path / "own.ttl"
    own.write_text("")
    one_line(run("load", own, "--graph", iri, "--store", store), 2, "--graph takes an absolute IRI")
