"""``validate`` and ``conflicts`` on the command line: what they print, where, and how they end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

import graph
from engine import validation

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES, SHAPES = ROOT / "tests" / "shapes", ROOT / "shapes"
PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix tg: <https://w3id.org/teemagraafi/def#> .
@prefix : <http://example.org/> .
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(graph.cli, [str(a) for a in arguments], prog_name="teemagraafi")


@pytest.fixture
def store(shipped_store: Path) -> Path:
    """The graph of the shipped sources."""
    return shipped_store


@pytest.fixture(autouse=True, scope="module")
def checked_once() -> Iterator[None]:
    """The store of the shipped sources is checked once: these tests are of what is shown of the findings."""
    check, known = validation.check, dict[str, validation.Checked]()

    def once(store: ox.Store, **options: Any) -> validation.Checked:
        key = str(options)
        if options["shapes"] or options["documents"]:
            return check(store, **options)
        if key not in known:
            known[key] = check(store, **options)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(validation, "check", once)
        yield


def test_the_shipped_sources_give_a_graph_without_violations(store: Path) -> None:
    result = run("validate", "--store", store, "--format", "json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert [item for item in found if item["severity"] == "Violation"] == []
    assert len(found) > 50
    assert all(item["document"] for item in found if item["severity"] == "Warning")


def test_the_exit_code_follows_fail_on(store: Path) -> None:
    assert run("validate", "--store", store, "--fail-on", "violation,warning").exit_code == 1
    assert run("validate", "--store", store, "--fail-on", "info").exit_code == 1
    assert run("validate", "--store", store, "--fail-on", "none").exit_code == 0
    assert run("validate", EXAMPLES / "theme" / "invalid.bare.ttl").exit_code == 1
    assert run("validate", EXAMPLES / "theme" / "invalid.bare.ttl", "--fail-on", "none").exit_code == 0
    wrong = run("validate", "--store", store, "--fail-on", "errors")
    assert wrong.exit_code == 2
    assert "'errors' is not one of" in wrong.stderr


@pytest.mark.parametrize(("lang", "summary"), [("fi", "Virheitä 0"), ("sv", "Fel: 0"), ("en", "Violations: 0")])
def test_the_table_ends_with_its_counts(store: Path, lang: str, summary: str) -> None:
    result = run("validate", "--store", store, "--lang", lang)
    assert result.stdout.splitlines()[-1].startswith(summary)
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("fmt", "start"), [("ttl", "@prefix"), ("json", "["), ("junit", "<?xml"), ("html", "<!doctype html>")]
)
def test_every_format_goes_to_a_file_and_its_counts_to_stderr(
    store: Path, tmp_path: Path, fmt: str, start: str
) -> None:
    path = tmp_path / "report"
    result = run("validate", "--store", store, "--format", fmt, "--output", path, "--lang", "en")
    assert (result.exit_code, result.stdout) == (0, "")
    assert path.read_text(encoding="utf-8").startswith(start)
    assert result.stderr.startswith("Violations: 0")
    if fmt in ("table", "json"):
        conflict = run("conflicts", "--store", store, "--format", fmt, "--output", path)
        assert (conflict.exit_code, conflict.output) == (0, "")
        assert path.read_text(encoding="utf-8").startswith(start)


def test_since_shows_what_an_earlier_report_does_not_have(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "earlier.json"
    run("validate", "--store", store, "--format", "json", "--output", path)
    everything = json.loads(path.read_text(encoding="utf-8"))
    again = run(
        "validate", "--store", store, "--since", path, "--fail-on", "violation,warning,info", "--format", "json"
    )
    assert (again.exit_code, json.loads(again.stdout)) == (0, [])
    path.write_text(json.dumps(everything[1:]), encoding="utf-8")
    new = run("validate", "--store", store, "--since", path, "--format", "json")
    assert json.loads(new.stdout) == everything[:1]
    path.write_text("no report", encoding="utf-8")
    assert run("validate", "--store", store, "--since", path).exit_code == 2


@pytest.mark.parametrize(
    ("name", "text", "code", "words"),
    [
        ("broken.ttl", "@prefix", 2, "broken.ttl:"),
        ("count.ttl", ":S sh:targetClass tg:Theme ; sh:minCount 1 .", 2, "needs a sh:path"),
        ("list.ttl", ":S sh:targetClass tg:Theme ; sh:in [ :a :b ] .", 2, "RDF list"),
    ],
)
def test_shapes_that_are_broken_end_in_one_line(
    store: Path, tmp_path: Path, name: str, text: str, code: int, words: str
) -> None:
    path = tmp_path / name
    path.write_text(PREFIXES + text, encoding="utf-8")
    result = run("validate", "--store", store, "--shapes", path)
    assert result.exit_code == code
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert words in result.stderr


def test_data_that_cannot_be_read_ends_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "data.ttl"
    path.write_text("<a> <b> .", encoding="utf-8")
    for arguments, code in (([path], 3), ([tmp_path / "absent.ttl"], 2), (["--store", tmp_path / "absent"], 2)):
        result = run("validate", *arguments)
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        assert result.stdout == ""


def test_ones_own_shapes_may_be_several_files_and_folders(store: Path, tmp_path: Path) -> None:
    for name, path in (("a", "tg:priority"), ("b", "tg:targetGroup")):
        folder = tmp_path / name
        folder.mkdir()
        text = f"{PREFIXES} :{name} sh:targetClass tg:Theme ; sh:property [ sh:path {path} ; sh:minCount 1 ] ."
        (folder / "own.ttl").write_text(text, encoding="utf-8")
    result = run(
        "validate", "--store", store, "--shapes", tmp_path / "a", "--shapes", tmp_path / "b", "--format", "json"
    )
    assert result.exit_code == 1
    assert {item["shape"] for item in json.loads(result.stdout)} == {"http://example.org/a", "http://example.org/b"}


def test_pyshacl_finds_what_the_queries_find(tmp_path: Path) -> None:
    for engine in ("sparql", "pyshacl"):
        path = tmp_path / engine
        checked = ["--engine", engine, "--shapes", SHAPES / "money.ttl", "--format", "json", "-o", path]
        run("validate", EXAMPLES / "money" / "invalid.order.ttl", *checked)
    one, other = (json.loads((tmp_path / engine).read_text(encoding="utf-8")) for engine in ("sparql", "pyshacl"))
    fields = ("severity", "shape", "component", "focus", "path")

    def keys(items: list[dict[str, str]]) -> list[tuple[object, ...]]:
        """A query's values are numbers, of which pySHACL keeps the form."""
        return sorted((*(str(item[f]) for f in fields), str(item["value"]).removesuffix(".0")) for item in items)

    assert keys(one) == keys(other)
    assert one


def test_conflicts_are_filtered_by_kind(store: Path) -> None:
    everything = json.loads(run("conflicts", "--store", store, "--format", "json").stdout)
    kind = everything[0]["kind"]
    names = {"conflict", "kind", "about", "label", "property", "chosen", "alternatives"}
    assert all(set(item) == names for item in everything)
    some = json.loads(run("conflicts", "--store", store, "--format", "json", "--kind", kind).stdout)
    assert some == [item for item in everything if item["kind"] == kind]
    assert run("conflicts", "--store", store, "--kind", "quarrel").exit_code == 2


def test_conflicts_fail_when_they_are_asked_to(store: Path) -> None:
    assert run("conflicts", "--store", store).exit_code == 0
    assert run("conflicts", "--store", store, "--fail").exit_code == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (":S sh:targetClass tg:Theme ; sh:minKount 1 .", "sh:minKount"),
        (":S sh:targetClass :Nothing ; sh:nodeKind sh:IRI .", "nothing was checked"),
        ("", "nothing is checked"),
    ],
)
def test_what_the_standard_lets_stand_is_said_and_conforms(store: Path, tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "own.ttl"
    path.write_text(PREFIXES + text, encoding="utf-8")
    result = run("validate", "--store", store, "--shapes", path, "--lang", "en")
    assert result.exit_code == 0
    assert words in " ".join(result.stdout.split())


def test_severities_of_ones_own_are_counted_and_fail(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "own.ttl"
    text = ":S sh:targetClass tg:Theme ; sh:property [ sh:path :none ; sh:minCount 1 ; sh:severity :Critical ] ."
    path.write_text(PREFIXES + text, encoding="utf-8")
    arguments = ("validate", "--store", store, "--shapes", path, "--lang", "en")
    codes = {None: 1, "warning": 0, "http://example.org/Critical": 1, "any": 1, "none": 0}
    for fail_on, code in codes.items():
        result = run(*arguments, *(["--fail-on", fail_on] if fail_on else []))
        assert result.exit_code == code, fail_on
    assert "(others:" in result.stdout


@pytest.mark.parametrize(("locale", "start"), [("fi_FI.UTF-8", "Virheitä"), ("sv_SE", "Fel:"), ("C", "Violations:")])
def test_the_locale_decides_the_language(store: Path, monkeypatch: pytest.MonkeyPatch, locale: str, start: str) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", locale)
    assert run("validate", "--store", store).stdout.splitlines()[-1].startswith(start)
