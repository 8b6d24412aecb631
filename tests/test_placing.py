"""Which rows of a list are one project, and the place of each in it."""

from __future__ import annotations

from loaders.rdf.row_organisations import implementer
from loaders.tables.entry import Entry
from loaders.tables.placing import place


def entry(row: int, code: str | None = "1", group: str | None = None, who: str = "X Oy", **values: str) -> Entry:
    return Entry(
        "p", "list", row, row, "the same words", None, code, group, {"name": "A", "beneficiary": who, **values}, ()
    )


def placed(entries: list[Entry], repeats: str = "parts") -> tuple[list[tuple[str, bool, bool]], list[tuple[int, bool]]]:
    def key(one: Entry) -> str | None:
        named = implementer(one, "FI", "fi")
        return named.iri.rpartition("/")[2][:-1] if named else None

    found, left = place(entries, lambda _: repeats, key)
    return [(p.part, p.whole, p.group) for rows in found for p in rows], [(row.line, row.rejected) for row in left]


def test_a_row_alone_is_the_whole_project() -> None:
    assert placed([entry(1)]) == ([("p/x-oy", True, False)], [])


def test_members_of_a_group_have_their_own_codes_and_money() -> None:
    rows = [entry(1, "S1", "R-1"), entry(2, "S2", "R-1", "Y Oy")]
    assert placed(rows) == ([("S1", False, True), ("S2", False, True)], [])


def test_rows_of_one_code_are_parts_where_the_list_has_parts() -> None:
    rows = [entry(1), entry(2, who="Y Oy"), entry(3, region="N")]
    assert placed(rows) == ([("p/x-oy", False, False), ("p/y-oy", False, False), ("p/x-oy/2", False, False)], [])


def test_rows_of_one_code_in_two_sheets_or_funds_are_one_project_where_they_share_a_name() -> None:
    rows = [entry(1), entry(2, who="Y Oy", name="B", fund="ESR"), entry(3, who="Z Oy", fund="JTF")]
    assert placed(rows)[0] == [("p/x-oy", False, False), ("p/z-oy", False, False), ("p-esr/y-oy", True, False)]


def test_a_row_without_a_fund_has_a_key_of_its_own_too() -> None:
    rows = [entry(1, fund="JTF"), entry(2, who="Y Oy", name="B")]
    assert placed(rows)[0] == [("p/x-oy", True, False), ("p-other/y-oy", True, False)]


def test_a_code_used_twice_is_a_mistake_where_codes_are_unique() -> None:
    assert placed([entry(1), entry(2, who="Y Oy")], "reject") == ([("p/x-oy", True, False)], [(2, True)])


def test_the_same_row_again_says_nothing_new() -> None:
    assert placed([entry(1), entry(2)]) == ([("p/x-oy", True, False)], [(2, False)])


def test_a_code_on_more_rows_than_an_operation_has_is_refused() -> None:
    found, left = placed([entry(row, name=f"Hanke {row}") for row in range(2001)])
    assert not found
    assert len(left) == 2001
    assert all(rejected for _, rejected in left)
    assert placed([entry(row, name=f"Hanke {row}") for row in range(20)])[1] == []
