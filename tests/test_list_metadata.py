"""Tables that a portal describes beside them: data packages and CSV on the Web."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from loaders.errors import SourceError
from loaders.tables import metadata
from tests.guessed_lists import read, sums, write

TABLE = [["nr", "wer", "was", "beginn", "summe"]]
TABLE += [[f"P-{n}", f"Verein {n}", f"Hof {n}", f"0{n}/02/2024", f"{n}.000,50"] for n in range(1, 7)]
TITLES = ["Operation code", "Beneficiary name", "Operation name", "Start date", "Total cost of the operation"]


def test_a_data_package_is_the_mapping_of_its_table(tmp_path: Path) -> None:
    path = write(tmp_path / "liste.csv", TABLE)
    fields: list[dict[str, object]] = [{"name": n, "title": t} for n, t in zip(TABLE[0], TITLES, strict=True)]
    fields[3] |= {"type": "date", "format": "%d/%m/%Y"}
    fields[4] |= {"type": "number", "decimalChar": ","}
    package = {"title": "Vorhaben", "resources": [{"path": "liste.csv", "schema": {"fields": fields}}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert metadata.is_metadata(tmp_path / "datapackage.json")
    assert metadata.tables_of(tmp_path / "datapackage.json") == [path]
    mapping = metadata.mapping_beside(path)
    assert mapping is not None
    entries, left = read(path, mapping)
    assert (len(entries), left) == (6, [])
    assert sums(entries) == {("planned", "total", "EUR"): Decimal("21003.00")}
    # day first because the package says so: the values alone do not tell
    assert (entries[0].code, entries[0].values["start"]) == ("P-1", "2024-02-01")


def test_csv_on_the_web_metadata_is_the_mapping_of_its_table(tmp_path: Path) -> None:
    path = write(tmp_path / "liste.csv", TABLE)
    columns: list[dict[str, object]] = [
        {"name": n, "titles": {"de": [n], "en": [t]}, "dc:description": t}
        for n, t in zip(TABLE[0], TITLES, strict=True)
    ]
    columns[3]["datatype"] = {"base": "date", "format": "MM/dd/yyyy"}
    columns[4]["datatype"] = {"base": "decimal", "format": {"decimalChar": ","}}
    said = {"@context": "http://www.w3.org/ns/csvw", "url": "liste.csv", "tableSchema": {"columns": columns}}
    (tmp_path / "liste.csv-metadata.json").write_text(json.dumps(said), encoding="utf-8")
    mapping = metadata.mapping_beside(path)
    assert mapping is not None
    entries, _ = read(path, mapping)
    assert sums(entries) == {("planned", "total", "EUR"): Decimal("21003.00")}
    assert entries[1].values["start"] == "2024-02-02"
    assert entries[2].values["start"] == "2024-03-02"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"resources": [{"path": "../liste.csv"}]}', "lies outside its folder"),
        ('{"resources": [{"path": "fehlt.csv"}]}', "does not lie beside it"),
        ("[]", "describes no table"),
        ("{", "is no JSON"),
    ],
)
def test_a_description_that_cannot_be_used_is_refused_by_name(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "datapackage.json").write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        metadata.tables_of(tmp_path / "datapackage.json")


def test_a_description_without_operations_makes_no_mapping(tmp_path: Path) -> None:
    path = write(tmp_path / "liste.csv", TABLE)
    package = {"resources": [{"path": "liste.csv", "schema": {"fields": [{"name": "temperature"}]}}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert metadata.mapping_beside(path) is None
