"""Every stored query on the real sources: golden rows on the shipped excerpts and on the full documents, read before blessing."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from engine.query.backends import LocalStore
from engine.query.result import Result
from engine.query.run import run, with_provenance
from engine.store import open_store
from tests.query_files import as_dataset, as_rdflib_reads
from tests.test_queries import EMPTY_ON_EXAMPLE, GOLDEN, QUERIES, ROOT, ROWS, VIEWS, cell, compare
from tests.test_queries_lists import ABOUT_LISTS

pytestmark = pytest.mark.filterwarnings("ignore:Dataset.* is deprecated:DeprecationWarning")  # rdflib's use of its own

DOCUMENTS = ROOT.parent / "shared" / "sources" / "text"
PERSONS = {"contacts", "contacts-in-several-places"}
"""Their rows are persons: never in the repository, and none in the shipped excerpts."""

NAMING = {*PERSONS, "bodies-in-several-periods"}
"""Rows on the full documents that name persons."""

EMPTY = {
    "contacts": "the excerpts hold no persons",
    "contacts-in-several-places": "the excerpts hold no persons",
    "continued-projects": "needs the EURA lists of several periods",
    "euros-per-inhabitant": "needs a population table",
    "gaps-of-lists": "needs lists of operations",
    "implementers-share-of-group": "needs the EURA lists",
    "money-at-the-same-month": "needs the EURA lists",
    "money-of-lists": "needs lists of operations",
    "money-to-implementers": "needs the EURA lists",
    "organisations-in-eu-research": "needs CORDIS",
    "organisations-in-kohesio": "needs a Kohesio file",
    "overlap-of-lists": "needs lists of operations",
}
"""Queries without a row on the shipped sources, each with its reason."""

COMPARED_HERE = sorted(EMPTY_ON_EXAMPLE.keys() - EMPTY.keys() - {"lost-without-document"})
"""Queries that have rows here and none on the invented graph, where the others are compared with rdflib in a tenth of the time.

``lost-without-document`` joins all passages, which takes rdflib minutes.
"""


@pytest.fixture(scope="module")
def shipped(shipped_store: Path) -> ox.Store:
    return open_store(shipped_store)


@pytest.fixture(scope="module")
def documents(documents_store: Path) -> ox.Store:
    return open_store(documents_store)


@pytest.fixture(scope="module")
def in_rdflib(shipped: ox.Store) -> rdflib.Dataset:
    return as_dataset(shipped.dump(format=ox.RdfFormat.N_QUADS) or b"")


def lines_of(result: Result, without: frozenset[str] = frozenset()) -> list[str]:
    """Golden rows; ``without`` drops columns: other people's prose stays out of the repository."""
    kept = [n for n, column in enumerate(result.columns) if column not in without]
    lines = ["\t".join(result.columns[n] for n in kept)]
    return lines + [" ".join("\t".join(cell(row[n]) for n in kept).splitlines()) for row in result.terms]


@pytest.mark.parametrize("name", ROWS)
def test_rows_on_the_shipped_sources(name: str, shipped: ox.Store, bless: bool) -> None:
    """They are the golden ones, there are some or a reason why not, none comes twice, and each is cited."""
    result = run(shipped, name)
    compare(lines_of(result), GOLDEN / "shipped" / f"{name}.tsv", bless)
    assert (len(result) > 0) != (name in EMPTY), EMPTY.get(name, "no rows and no reason")
    assert len(result.terms) == len(set(result.terms))
    if result.query.evidence:
        silent = [row for row in with_provenance(LocalStore(shipped), result).rows if not row[-1]]
        assert not silent, silent[:3]


@pytest.mark.documents
@pytest.mark.parametrize("name", [n for n in ROWS if n not in NAMING])
def test_golden_rows_on_the_full_documents(name: str, documents: ox.Store, bless: bool) -> None:
    compare(lines_of(run(documents, name), frozenset({"words"})), GOLDEN / "documents" / f"{name}.tsv", bless)


@pytest.mark.documents
def test_persons_are_found_in_the_full_documents_only(documents: ox.Store, shipped: ox.Store) -> None:
    for name in PERSONS:
        assert len(run(documents, name)) > 15
        assert len(run(shipped, name)) == 0


@pytest.mark.documents
def test_who_takes_part_in_several_periods(documents: ox.Store) -> None:
    """Persons are counted here and named nowhere: the funder's contact of 2016 is one of 2024."""
    found = run(documents, "bodies-in-several-periods").dicts()
    periods: dict[object, set[object]] = {}
    for row in found:
        periods.setdefault(row["who"], set()).add(row["period"])
    assert all(seen == {"2014-2020", "2021-2027"} for seen in periods.values())
    assert len({r["who"] for r in found if r["kind"] == "contact person"}) == 1
    assert {r["role"] for r in found if r["whoLabel"] == "Turun kaupunki"} == {
        "body of a contact person",
        "implementer",
    }


@pytest.mark.documents
def test_a_call_may_follow_later_than_announced(documents: ox.Store) -> None:
    rows = run(documents, "announced-calls-confirmed").dicts()
    found = {str(r["theme"]).rpartition("/")[2]: r for r in rows}
    late = next(r for r in rows if "vaikeasti-tyoll" in str(r["theme"]) and r["expected"] == "2023")
    assert (late["expected"], str(late["opened"]), late["asAnnounced"]) == ("2023", "2024-01-15", False)
    assert found["maahanmuuttaneiden-toimiva-arki-suomessa-tyo-osaaminen-ja-osallisuus"]["confirmed"] is None
    assert sum(r["asAnnounced"] is True for r in found.values()) == 2


@pytest.mark.documents
def test_a_theme_that_is_its_coordination_is_divided_as_that_is(documents: ox.Store) -> None:
    rows = [r for r in run(documents, "framework-by-ministry").dicts() if r["basis"] == "coordination"]
    assert [(r["share"], r["framework"]) for r in rows] == [(5_000_000, 8_600_000), (3_600_000, 8_600_000)]
    whole = amounts(documents, "money-by-theme", "framework")
    assert (
        whole
        == amounts(documents, "framework-by-group-and-ministry", "framework")
        == amounts(documents, "money-flow", "framework")
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", COMPARED_HERE)
def test_rdflib_gives_the_same_on_the_shipped_sources(name: str, shipped: ox.Store, in_rdflib: rdflib.Dataset) -> None:
    ours = sorted("\t".join(map(cell, row)) for row in run(shipped, name).terms)
    theirs = sorted("\t".join(map(cell, row)) for row in in_rdflib.query(as_rdflib_reads(QUERIES[name])))  # type: ignore[arg-type]
    assert ours == theirs


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(EMPTY_ON_EXAMPLE.keys() - {*COMPARED_HERE, *ABOUT_LISTS}))
def test_rdflib_reads_what_is_compared_nowhere(name: str) -> None:
    assert as_rdflib_reads(QUERIES[name]).algebra.name == "SelectQuery"


@pytest.mark.parametrize("name", VIEWS)
def test_views_say_something(name: str, shipped: ox.Store) -> None:
    assert len(run(shipped, name).triples) > 100


# money


def amounts(store: ox.Store, name: str, column: str, **parameters: object) -> Decimal:
    return sum(
        (Decimal(str(r[column])) for r in run(store, name, **parameters).dicts() if r[column] is not None), Decimal(0)
    )


def test_every_euro_once(shipped: ox.Store) -> None:
    """The review's own sums, counted by hand, and one total however it is divided."""
    at = {"at": "2024-10-31"}
    review = [r for r in run(shipped, "money-by-theme", **at).dicts() if r["reserved"] is not None]
    assert len(review) == 12
    assert sum(r["framework"] for r in review) == 184_000_000  # type: ignore[misc]
    assert sum(r["reserved"] for r in review) == 61_696_176  # type: ignore[misc]
    assert sum(r["committed"] for r in review) == 29_582_787  # type: ignore[misc]
    assert sum(r["paid"] or 0 for r in review) == Decimal("8175438.14")  # type: ignore[misc]
    whole = amounts(shipped, "money-by-theme", "framework")
    assert amounts(shipped, "framework-by-group-and-ministry", "framework") == whole
    assert amounts(shipped, "money-flow", "framework") == whole


def test_an_earlier_state(shipped: ox.Store) -> None:
    then = run(shipped, "money-by-theme", at="2022-06-30").dicts()
    assert then
    assert all(r["reserved"] is r["committed"] is r["paid"] is None for r in then)
    assert all(str(r["frameworkDate"]) <= "2022-06-30" for r in then)


def test_groups_count_as_one(shipped: ox.Store) -> None:
    projects = run(shipped, "implementers-per-project").dicts()
    assert len({r["project"] for r in projects}) >= 71
    assert len({(r["project"], r["theme"]) for r in projects}) == len(projects)
    assert sum(r["parts"] for r in projects) >= 210  # type: ignore[misc]


def test_golden_files_have_queries() -> None:
    for folder in ("example", "shipped", "documents"):
        extra = {p.stem for p in (GOLDEN / folder).glob("*.tsv")} - set(ROWS)
        assert not extra, extra


def test_golden_rows_hold_no_addresses() -> None:
    for path in Path(GOLDEN).rglob("*.tsv"):
        if path.parts[-2] != "example":
            assert not re.search(r"@(?!(?:fi|sv|en|de)\b)", path.read_text("utf-8")), (
                path
            )  # language tags are no addresses


def test_an_earlier_day_knows_a_coordination_budget_before_its_framework(shipped: ox.Store) -> None:
    then = run(shipped, "coordination-share", at="2022-06-30").dicts()
    assert len(then) == 4
    assert sum(r["framework"] is None for r in then) == 2
    assert all(r["framework"] for r in run(shipped, "coordination-share").dicts())
