"""The population table: a small form of its own, read strictly, and what the graph makes of it."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

from engine import inputs
from engine.build import build, load
from engine.query.run import run
from engine.store import open_store
from engine.validation import validate
from links import sets as linksets
from loaders.document import pages
from loaders.errors import SourceError
from loaders.records import Count
from loaders.tables import population

HEAD = "region,year,population\n"


def reading(text: str, tmp_path: Path) -> dict[tuple[str, str | None], Decimal]:
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")
    assert population.is_population(path)
    read = pages.read(path)
    assert population.recognises(read)
    records = population.parse(read).records
    assert all(isinstance(r, Count) and r.measure == "inhabitants" for r in records)
    return {(r.about.key, r.date): r.value for r in records if isinstance(r, Count)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (HEAD + "01,2024,1700\n19,2024,170\n", {("region/01", "2024"): 1700, ("region/19", "2024"): 170}),
        ("kunta;vuosi;väkiluku\n91;2024;674 500\n", {("municipality/091", "2024"): 674500}),
        ("\ufeffÅr\tFolkmängd\tOmråde\tNamn\n2023\t8\t049\tEsbo\n2023\t9\t01\t\n",
         {("municipality/049", "2023"): 8, ("region/01", "2023"): 9}),
        ("alue,vuosi,asukkaat\r\nMK01,2024,5\r\nKU005,2024,6\r\n\r\n",
         {("region/01", "2024"): 5, ("municipality/005", "2024"): 6}),
        ('"region","year","population"\n"1","2024","12"\n', {("region/01", "2024"): 12}),
    ],
)  # fmt: skip
def test_forms_of_the_table(text: str, found: dict[tuple[str, str], int], tmp_path: Path) -> None:
    assert reading(text, tmp_path) == {key: Decimal(value) for key, value in found.items()}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD, "holds no row"),
        (HEAD + "01,2024\n", "has 2 cells"),
        (HEAD + "001,2024,5\n", 'region is "001"'),
        (HEAD + "Uusimaa,2024,5\n", 'region is "Uusimaa"'),
        (HEAD + "01,24,5\n", 'year is "24"'),
        (HEAD + "01,2024,-5\n", 'population is "-5"'),
        (HEAD + "01,2024,5.5\n", 'population is "5.5"'),
        (HEAD + "01,2024,\n", 'population is ""'),
        (HEAD + "01,2024,5\n1,2024,6\n", "line 2 again"),
        ("area,year,population\n1,2024,5\n", "three digits for a municipality or two for a region"),
    ],
)
def test_a_row_that_does_not_fit_is_named_by_its_line(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError) as error:
        reading(text, tmp_path)
    assert says in error.value.format_message()
    assert error.value.line in (1, 2, 3)


@pytest.mark.parametrize(
    "text",
    [
        "region,population\n",
        "region,municipality,year,population\n",
        "region,year,year,population\n",
        "Koodi;Rahasto\n",
        "",
    ],
)
def test_another_table_is_left_to_its_own_reader(text: str, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text(text, encoding="utf-8")
    assert not population.is_population(path)
    assert not population.is_population(tmp_path / "absent.csv")


def test_euros_per_inhabitant_of_a_table_by_municipality(shipped_store: Path, tmp_path: Path) -> None:
    """Lappi has every municipality in 2024 and lacks one in 2025; its money over 2024's sum."""
    areas = next(links for links in linksets.read_sets() if links.name == "areas")
    lies = [link for link in areas.accepted if "/municipality/" in link.subject]
    lapland = sorted(link.subject[-3:] for link in lies if link.object.endswith("/region/19"))
    rows = [f"{number};2024;100" for number in lapland] + [f"{number};2025;900" for number in lapland[1:]]
    people = tmp_path / "people.csv"
    people.write_text("kunta;vuosi;väkiluku\n" + "\n".join(rows) + "\n", encoding="utf-8")
    store = tmp_path / "graph.store"
    shutil.copytree(shipped_store, store)
    load(store, inputs.given([people]), lambda message: None)
    graph = open_store(store)
    money = {r["regionLabel"]: r["amount"] for r in run(graph, "money-by-region").dicts()}
    found = run(graph, "euros-per-inhabitant", phase="costEstimate").dicts()
    assert [(r["regionLabel"], r["inhabitants"], r["year"]) for r in found] == [("Lappi", 100 * len(lapland), "2024")]
    assert found[0]["perInhabitant"] == round(Decimal(str(money["Lappi"])) / (100 * len(lapland)), 2)
    wrong = [f for f in validate(graph) if f.severity == "Violation"]
    assert wrong == []


def test_an_area_that_no_code_list_knows_is_a_violation(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("region,year,population\n99,2024,5\n", encoding="utf-8")
    store = tmp_path / "graph.store"
    build(store, inputs.given([people]), lambda message: None)
    found = [f for f in validate(open_store(store)) if f.severity == "Violation"]
    assert [f.shape.rpartition("#")[2] for f in found] == ["CountAbout"]


def test_a_table_again_changes_nothing(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("region,year,population\n01,2024,5\n", encoding="utf-8")
    dumps = set()
    for name in ("one", "two"):
        build(tmp_path / name, inputs.given([people]), lambda message: None)
        dumps.add(open_store(tmp_path / name).dump(format=ox.RdfFormat.N_QUADS))
    assert len(dumps) == 1
