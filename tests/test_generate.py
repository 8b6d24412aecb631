"""The generator of lists: the same seed, the same bytes; what it invents has the shape of the real lists."""

from __future__ import annotations

import csv
import itertools
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest

from bench import generate
from bench.world import World, organisation
from loaders.tables import open_table
from loaders.tables.guess import guess
from loaders.tables.mapping import choose
from loaders.tables.states import business_id

FORMS = sorted(generate.FORMS)


@pytest.mark.parametrize("form", FORMS)
def test_the_same_seed_gives_the_same_bytes(form: str, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("one.csv", "same.csv", "other.csv")]
    for file, seed in zip(files, (7, 7, 8), strict=True):
        generate.write(file, form, 300, seed, damage=0.1)
    one, same, other = (file.read_bytes() for file in files)
    assert one == same != other


@pytest.mark.parametrize("form", FORMS)
def test_a_longer_list_begins_with_the_shorter(form: str) -> None:
    short, long = list(generate.lines(form, 200)), list(generate.lines(form, 400))
    # the last group may be cut where the list ends
    assert long[:185] == short[:185]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_a_list_that_is_known(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"{form}.csv"
    generate.write(path, form, 50)
    table = open_table(path, form)
    assert len(table.headings) == len(generate.FORMS[form].headings)
    assert sum(1 for _ in table.records()) == 50
    if form != "operations":
        assert form in choose(table).identifier
    assert not [doubt for doubt in guess(path).doubts if "no column" in doubt]


def test_business_ids_are_valid_and_an_organisation_is_always_the_same() -> None:
    for rank in range(0, 40_000, 7):
        name, number = organisation(rank)
        assert business_id(number) == number
        assert (name, number) == organisation(rank)


def test_organisations_recur_as_in_the_real_lists() -> None:
    found = Counter(row.business_id for row in World(3).rows(20_000, 0.0))
    assert 0.35 * 20_000 < len(found) < 0.75 * 20_000
    assert found.most_common(1)[0][1] > 20


def test_one_row_in_five_belongs_to_a_group_with_one_name_and_period() -> None:
    rows = list(World(3).rows(20_000, 0.2))
    members = [row for row in rows if row.group]
    assert 0.1 < len(members) / len(rows) < 0.35
    for _, group in itertools.groupby(members, key=lambda row: row.group):
        assert len({(row.name, row.start, row.end, row.kind) for row in group}) == 1
    assert len({row.number for row in rows}) == len(rows)


def test_a_share_of_the_rows_is_damaged() -> None:
    whole, damaged = list(generate.lines("eura-2014", 5_000)), list(generate.lines("eura-2014", 5_000, damage=0.1))
    differing = sum(one != other for one, other in zip(whole, damaged, strict=True))
    assert 400 < differing < 600


def test_commas_are_unquoted_where_the_real_lists_leave_them_so() -> None:
    lines = list(generate.lines("eura-2007", 1_000))[1:]
    more = sum(line.count(",") > len(generate.FORMS["eura-2007"].headings) - 1 for line in lines)
    assert more > 500  # names and authorities
    quoted = list(csv.reader(generate.lines("eura-2021", 1_000)))
    assert {len(row) for row in quoted} == {35}


@pytest.mark.parametrize(
    ("form", "encoding"), [("eura-2007", "cp1252"), ("eura-2014", "utf-8"), ("kohesio", "utf-8-sig")]
)
def test_lists_are_written_in_their_encoding(form: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    generate.write(path, form, 20)
    content = path.read_bytes()
    assert content.decode(encoding)[0] != "\ufeff"
    if encoding == "cp1252":
        with pytest.raises(UnicodeDecodeError):
            content.decode("utf-8")


def test_memory_does_not_grow_with_the_list() -> None:
    def peak(rows: int) -> int:
        tracemalloc.start()
        for _ in generate.lines("eura-2014", rows):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(100)
    assert peak(4_000) < 2 * peak(500) + 100_000
