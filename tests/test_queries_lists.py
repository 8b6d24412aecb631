"""The stored queries about lists of operations, on two invented lists of one country: golden rows, worked out by hand below."""

from __future__ import annotations

from decimal import Decimal

import pyoxigraph as ox
import pytest
import rdflib

from engine import inputs
from engine.build import Options, build
from engine.query.run import run
from engine.store import open_store
from tests.query_files import as_dataset, as_rdflib_reads
from tests.test_queries import GOLDEN, QUERIES, cell, compare

HEADINGS = "Vorhabenscode;Begünstigter;Bezeichnung des Vorhabens;Beginn;Ende;Gesamtkosten;EU-Beitrag;Fonds;Standort"
EARLIER = f"""{HEADINGS}
1001;Musterwerk GmbH;Prüfstand für Verbundstoffe;01.03.2016;28.02.2018;1.200.000,50;600.000,25;EFRE;Musterstadt
1002;Hochschule Beispielau;Labor für Bodenkunde;15.05.2017;;800.000,00;400.000,00;EFRE;Beispielau
1003;Stadt Beispielau;Radweg am Fluss;01.01.2017;31.12.2019;350.000,00;175.000,00;EFRE;
"""
LATER = f"""{HEADINGS}
1001;Hochschule Beispielau;Wasserstoff im Kleinen;01.06.2023;31.05.2026;2.000.000,00;800.000,00;EFRE;Beispielau
1002;Verein Neue Wege;Werkstatt der Berufe;01.09.2023;31.08.2025;90.000,99;36.000,40;ESF+;Musterstadt
"""
ABOUT_LISTS = ["gaps-of-lists", "largest-operations", "money-of-an-organisation", "money-of-lists", "overlap-of-lists"]

pytestmark = pytest.mark.filterwarnings("ignore:Dataset.* is deprecated:DeprecationWarning")  # rdflib's use of its own


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    folder = tmp_path_factory.mktemp("lists")
    for period, text in (("2014-2020", EARLIER), ("2021-2027", LATER)):
        (folder / f"de-beispielland-{period}.csv").write_text(text, encoding="utf-8")
    files = inputs.given(sorted(folder.glob("*.csv")))
    build(folder / "store", files, lambda message: None, how=Options(guess=True))
    return open_store(folder / "store")


@pytest.fixture(scope="module")
def in_rdflib(lists: ox.Store) -> rdflib.Dataset:
    return as_dataset(lists.dump(format=ox.RdfFormat.N_QUADS) or b"")


@pytest.mark.parametrize("name", ABOUT_LISTS)
def test_golden_rows_on_two_lists(name: str, lists: ox.Store, bless: bool) -> None:
    result = run(lists, name)
    rows = ["\t".join(result.columns), *("\t".join(map(cell, row)) for row in result.terms)]
    compare(rows, GOLDEN / "lists" / f"{name}.tsv", bless)


@pytest.mark.slow
@pytest.mark.parametrize("name", ABOUT_LISTS)
def test_rdflib_gives_the_same_on_two_lists(name: str, lists: ox.Store, in_rdflib: rdflib.Dataset) -> None:
    ours = sorted("\t".join(map(cell, row)) for row in run(lists, name).terms)
    theirs = sorted("\t".join(map(cell, row)) for row in in_rdflib.query(as_rdflib_reads(QUERIES[name])))  # type: ignore[arg-type]
    assert ours == theirs


def test_one_code_in_two_periods_is_two_operations(lists: ox.Store) -> None:
    assert len(run(lists, "largest-operations")) == 5
    found = run(lists, "overlap-of-lists").dicts()
    assert [(row["operations"], row["organisations"]) for row in found] == [(0, 1)]


def test_sums_by_fund_are_those_of_the_rows(lists: ox.Store) -> None:
    found = run(lists, "money-of-lists").dicts()
    sums = {(str(r["list"])[-9:], str(r["key"])[-4:], str(r["scope"]).rpartition("/")[2]): r["amount"] for r in found}
    assert sums == {
        ("2014-2020", "EAKR", "total"): Decimal("2350000.50"),
        ("2014-2020", "EAKR", "eu"): Decimal("1175000.25"),
        ("2021-2027", "EAKR", "total"): Decimal("2000000"),
        ("2021-2027", "EAKR", "eu"): Decimal("800000"),
        ("2021-2027", "ESR+", "total"): Decimal("90000.99"),
        ("2021-2027", "ESR+", "eu"): Decimal("36000.40"),
    }


def test_what_lacks_is_counted_a_list(lists: ox.Store) -> None:
    lacks = {
        str(r["list"])[-9:]: (r["operations"], r["withoutEnd"], r["withoutPlace"])
        for r in run(lists, "gaps-of-lists").dicts()
    }
    assert lacks == {"2014-2020": (3, 1, 1), "2021-2027": (2, 0, 0)}
