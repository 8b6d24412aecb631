"""The dataset as files: tables that give the graph back, nothing of a person in them, and never half a file."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pyoxigraph as ox
import pytest
from click.testing import CliRunner

import graph
from commands.build import EXPORTS
from engine.output.export import ENGINES, FORMATS, export
from engine.store import open_store, replacing, write_quads
from loaders.rdf.terms import TG, XSD, is_private
from tests.example_graph import example_store

ROOT = Path(__file__).resolve().parents[2]
Statement = tuple[str, str, str, str]
PEOPLE = ("@esimerkki.example", "contact-passage")


@pytest.fixture(scope="module")
def store() -> ox.Store:
    return example_store()


@pytest.fixture(scope="module")
def folder(store: ox.Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("csvw") / "tables"
    export(store, path, "csvw")
    return path


def described(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "csv-metadata.json").read_text(encoding="utf-8"))
    return found


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expanded(template: str, row: dict[str, str]) -> str:
    return row[template[2:-1]] if template.startswith("{+") else template


def statements(table: dict[str, Any], row: dict[str, str]) -> Iterator[Statement]:
    """What a reader of CSV on the Web makes of a row (W3C, csv2rdf in minimal mode), literals with their language."""
    schema = table["tableSchema"]
    subject = expanded(schema["aboutUrl"], row)
    for column in schema["columns"]:
        text = "" if column.get("virtual") else row[column["name"]]
        if column.get("suppressOutput") or not (text or column.get("virtual")):
            continue
        of = expanded(column["propertyUrl"], row)
        if "valueUrl" in column:
            yield subject, of, expanded(column["valueUrl"], row), "iri"
        else:
            for value in text.split(column["separator"]) if "separator" in column else [text]:
                yield subject, of, value, column.get("lang") or column["datatype"]


def of_graph(store: ox.Store, subjects: set[str]) -> Iterator[Statement]:
    for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph()):
        term = quad.object
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value in subjects:
            assert isinstance(term, ox.NamedNode | ox.Literal)
            kind = "iri"
            if isinstance(term, ox.Literal):
                kind = term.language or term.datatype.value.removeprefix(XSD)
            yield quad.subject.value, quad.predicate.value, term.value, kind


def test_a_reader_of_csv_on_the_web_gets_the_current_view_back(store: ox.Store, folder: Path) -> None:
    tables = [t for t in described(folder)["tables"] if not t.get("suppressOutput")]
    made = [s for t in tables for row in rows(folder / t["url"]) for s in statements(t, row)]
    assert Counter(made).most_common(1)[0][1] == 1, "no statement twice"
    subjects = {row["iri"] for t in tables if t["url"] != "links.csv" for row in rows(folder / t["url"])}
    told = set(of_graph(store, subjects))
    # a column of dates some of which are months or years, or of texts beside identifiers, is of plain strings
    plain = {statement[:3] for statement in set(made) - told}
    assert {kind for *_, kind in set(made) - told} <= {"string"}
    assert plain == {statement[:3] for statement in told - set(made)}
    assert {of.removeprefix(TG) for _, of, _ in plain} <= {
        *("startDate", "endDate", "referenceDate", "opens", "closes", "issued", "alternativeValue", "chosen"),
        "http://purl.org/dc/terms/issued",
    }


def test_every_thing_of_the_view_has_a_row(store: ox.Store, folder: Path) -> None:
    tables = [t["url"] for t in described(folder)["tables"] if t["url"] not in ("links.csv", "statements.csv")]
    there = {row["iri"] for url in tables for row in rows(folder / url)}
    missing = {
        quad.subject.value
        for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())
        if isinstance(quad.subject, ox.NamedNode)
        and "/teemagraafi/id/" in quad.subject.value
        # what describes the data cubes is vocabulary
        and "/id/dataset/" not in quad.subject.value
        # an announced call says only which call it became
        and quad.predicate.value != "http://purl.org/dc/terms/isReplacedBy"
    } - there
    assert missing == set()


def test_keys_are_unique_and_foreign_keys_lead_somewhere(folder: Path) -> None:
    tables = {t["url"]: t["tableSchema"] for t in described(folder)["tables"]}
    keys = {url: [row["iri"] for row in rows(folder / url)] for url in tables if "primaryKey" in tables[url]}
    assert all(len(found) == len(set(found)) for found in keys.values())
    followed = 0
    for url, schema in tables.items():
        for key in schema.get("foreignKeys", ()):
            pointed = {row[key["columnReference"]] for row in rows(folder / url)} - {""}
            assert pointed <= set(keys[key["reference"]["resource"]]), (url, key)
            followed += len(pointed)
    assert followed > 20


def test_a_thing_that_is_pointed_at_is_named_beside_it(folder: Path) -> None:
    amounts = rows(folder / "amounts.csv")
    assert all(row["aboutLabel"] and row["phaseLabel"] for row in amounts)
    several = next(row for row in rows(folder / "themes.csv") if "|" in row["ministry"])
    assert len(several["ministry"].split("|")) == len(several["ministryLabel"].split("|"))


def test_all_statements_come_back_with_their_graphs(store: ox.Store, folder: Path) -> None:
    def term(text: str, kind: str, datatype: str = "", language: str = "") -> Any:
        if kind == "literal":
            return (
                ox.Literal(text, language=language) if language else ox.Literal(text, datatype=ox.NamedNode(datatype))
            )
        return ox.NamedNode(text)

    found = {
        ox.Quad(
            ox.NamedNode(row["subject"]),
            ox.NamedNode(row["property"]),
            term(row["object"], row["kind"], row["datatype"], row["language"]),
            ox.NamedNode(row["graph"]) if row["graph"] else ox.DefaultGraph(),
        )
        for row in rows(folder / "statements.csv")
    }
    assert found == {q for q in store if not is_private(getattr(q.graph_name, "value", ""))}


@pytest.mark.parametrize("form", ["csvw", "parquet"])
def test_no_person_is_in_the_tables_unless_asked_for(store: ox.Store, tmp_path: Path, form: str) -> None:
    export(store, tmp_path / "public", form)
    export(store, tmp_path / "all", form, with_contacts=True)

    def texts(where: Path) -> str:
        if form == "csvw":
            return "".join(path.read_text(encoding="utf-8") for path in where.glob("*.csv"))
        return "".join(str(pq.read_table(path).to_pylist()) for path in where.glob("*.parquet"))

    assert not [word for word in PEOPLE if word in texts(tmp_path / "public")]
    assert all(word in texts(tmp_path / "all") for word in PEOPLE)
    ending = "csv" if form == "csvw" else "parquet"
    assert (tmp_path / "all" / f"contacts.{ending}").exists()
    assert not (tmp_path / "public" / f"contacts.{ending}").exists()


def test_parquet_keeps_amounts_exact_and_several_values_apart(store: ox.Store, folder: Path, tmp_path: Path) -> None:
    export(store, tmp_path / "tables", "parquet")
    amounts = pq.read_table(tmp_path / "tables" / "amounts.parquet")
    assert str(amounts.schema.field("amount").type).startswith("decimal128")
    stated = [row["amount"] for row in rows(folder / "amounts.csv") if row["amount"]]
    scale = amounts.schema.field("amount").type.scale
    kept = [str(v) for v in amounts["amount"].to_pylist() if v is not None]
    assert sorted(kept) == sorted(f"{float(amount):.{scale}f}" for amount in stated)
    themes = pq.read_table(tmp_path / "tables" / "themes.parquet").to_pylist()
    assert max(len(row["ministry"] or ()) for row in themes) > 1
    names = {path.stem for path in (tmp_path / "tables").iterdir()}
    assert names == {path.stem for path in folder.glob("*.csv")} - {"links"}


def test_the_current_view_alone_has_no_graphs(store: ox.Store, tmp_path: Path) -> None:
    export(store, tmp_path / "view", "csvw", current=True)
    assert {row["graph"] for row in rows(tmp_path / "view" / "statements.csv")} == {""}


def test_an_earlier_export_is_replaced_and_a_folder_of_the_users_is_not(store: ox.Store, tmp_path: Path) -> None:
    for _ in range(2):
        export(store, tmp_path / "tables", "csvw")
    (tmp_path / "tables" / "thesis.txt").write_text("mine")
    with pytest.raises(click.ClickException, match="holds other things than earlier tables"):
        export(store, tmp_path / "tables", "csvw")
    assert (tmp_path / "tables" / "themes.csv").exists()
    (tmp_path / "file").write_text("mine")
    with pytest.raises(click.ClickException, match="is a file"):
        export(store, tmp_path / "file", "parquet")
    assert {p.name for p in tmp_path.iterdir()} == {"tables", "file"}


def test_two_exports_are_the_same_bytes(store: ox.Store, folder: Path, tmp_path: Path) -> None:
    export(store, tmp_path / "again", "csvw")
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


@pytest.fixture(scope="module")
def saved(store: ox.Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("saved") / "s"
    with replacing(path) as version:
        write_quads(version, [f"{quad} .\n" for quad in store])
    return path


def test_standard_output_gets_what_a_file_gets(saved: Path, tmp_path: Path) -> None:
    export(open_store(saved), tmp_path / "all.nq", "nquads")
    command = [sys.executable, str(ROOT / "graph.py"), "export", "--output", "-", "--store", str(saved)]
    done = subprocess.run(command, capture_output=True, check=True, cwd=tmp_path)
    assert done.stdout == (tmp_path / "all.nq").read_bytes()
    assert {p.name for p in tmp_path.iterdir()} == {"all.nq"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "-", "--format", "csvw"], "name a folder"),
        (["-o", "no/such/place.nq"], "cannot write"),
        (["-o", "x", "--format", "turtle"], "add --current"),
        (["-o", "x", "--format", "excel"], "is not one of"),
    ],
)
def test_what_cannot_be_written_is_one_line_and_a_usage_error(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(graph.cli, ["export", "--store", str(saved), *arguments], prog_name="teemagraafi")
    assert result.exit_code == 2, result.output
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_command_offers_every_format() -> None:
    assert set(EXPORTS) == {*FORMATS, *ENGINES}
