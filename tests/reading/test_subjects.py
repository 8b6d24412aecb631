"""What a contact or a count is about: the nearest call, theme or project, else what the page is about."""

from __future__ import annotations

import pytest

from loaders.reading.subjects import Subjects
from loaders.reading.theme_drafts import Scope, Themes
from loaders.records import Call, Origin, Project, Record, Stated, Text, Theme
from tests.reading.conftest import Pager

LINES = """
Uutisia saarilta

Saariston valot
Teema valaisee saaria.

Haku keväällä
Haku avautuu.

Polku töihin
Hanke auttaa nuoria.

Kysy lisää
"""
THEME, CALL, PROJECT, END = 3, 6, 9, 12
"""The lines of the three things, and the last."""


def _text(words: str, line: int) -> Stated[Text]:
    return Stated(Text(words, "fi"), Origin(line, line, words))


def _stated(words: str, line: int = 1) -> Stated[str]:
    return Stated(words, Origin(line, line, words))


def theme(name: str = "Saariston valot", line: int = THEME) -> Theme:
    return Theme(_text(name, line))


def call(key: str = "Haku keväällä", line: int = CALL, opens: str | None = None) -> Call:
    return Call(key, _text(key, line), opens=_stated(opens, line) if opens else None)


def project(
    key: str = "Polku töihin", line: int = PROJECT, *, coordination: bool = False, of: str | None = None
) -> Project:
    return Project(key, _text(key, line), theme=of, coordination=coordination)


def subjects(
    page: Pager, *records: Record, scopes: tuple[Scope, ...] = (), head: str = ""
) -> tuple[Subjects, dict[int, int]]:
    """The subjects of a page and the number of the block on each line."""
    one = page(head + LINES.lstrip("\n"))
    at = {one.origin(block.start, block.end).first: number for number, block in enumerate(one.blocks)}
    return Subjects(one, records, Themes(list(records), scopes)), at


def test_the_only_project_of_a_page_is_meant_everywhere(page: Pager) -> None:
    found, at = subjects(page, theme(), project())
    for line in (4, END):
        about = found.of(at[line])
        assert about
        assert (about.kind, about.key) == ("project", "Polku töihin")


def test_no_project_is_meant_where_it_cannot_be_one(page: Pager) -> None:
    found, at = subjects(page, theme(), project())
    about = found.of(at[END], project=False)
    assert about
    assert (about.kind, about.key) == ("theme", "Saariston valot")


def test_of_several_things_the_nearest_above_is_meant(page: Pager) -> None:
    records = [theme(), theme("Tunturin tuulet", 4), call(), call("Haku syksyllä", 7), project(), project("Silta", 10)]
    found, at = subjects(page, *records)
    for line, key in ((1, "Haku keväällä"), (CALL, "Haku keväällä"), (7, "Haku syksyllä"), (END, "Haku syksyllä")):
        about = found._above(at[line])
        assert about
        assert about.key == key


def test_the_theme_of_a_part_is_meant_in_it_and_not_outside(page: Pager) -> None:
    records = [theme(), theme("Tunturin tuulet", 9)]
    found, at = subjects(page, *records, scopes=(Scope(THEME, 7, "Saariston valot"), Scope(8, 10, "Tunturin tuulet")))
    assert [found.all(at[line])[0].key for line in (4, 7, 10)] == [
        "Saariston valot",
        "Saariston valot",
        "Tunturin tuulet",
    ]
    assert found.part(at[END]) is None


@pytest.mark.parametrize(("many", "meant"), [(2, 2), (12, 12), (13, 0)])
def test_a_contact_is_for_all_themes_of_a_page_but_not_of_a_long_list(page: Pager, many: int, meant: int) -> None:
    found, at = subjects(page, *(theme(f"Teema numero {n}", 1) for n in range(many)))
    assert len(found.all(at[END])) in (meant, 1)
    listed, at = subjects(page, *(theme(f"Teema numero {n}", 40 + n) for n in range(many)))
    assert len(listed.all(at[END])) == meant


def test_the_only_theme_is_meant_by_a_contact_that_coordinates_it(page: Pager) -> None:
    found, at = subjects(page, theme(), project())
    assert [one.key for one in found.all(at[END], theme=True)] == ["Saariston valot"]
    assert [one.key for one in found.all(at[END])] == ["Polku töihin"]


def test_the_coordination_project_of_a_theme(page: Pager) -> None:
    scope = (Scope(THEME, 7, "Saariston valot"),)
    own, other = (
        project("Valo", coordination=True, of="Saariston valot"),
        project("Tuuli", 10, coordination=True, of="Tuulet"),
    )
    found, at = subjects(page, theme(), own, other, scopes=scope)
    about = found.coordination(at[4])
    assert about
    assert about.key == "Valo"
    assert found.coordination(at[END]) is None
    alone, at = subjects(page, theme(), own, project("Polku"))
    assert (about := alone.coordination(at[END]))
    assert about.key == "Valo"


def test_calls_above_a_place_are_those_that_have_opened(page: Pager) -> None:
    past, later = call(opens="2024-02-01"), call("Haku syksyllä", 7, opens="2024-09-01")
    found, at = subjects(page, past, later)
    one = found._page
    assert [a.key for a in found.calls_above(at[7], one.blocks[at[7]].end)] == ["Haku keväällä", "Haku syksyllä"]
    assert [a.key for a in found.calls_above(at[CALL], one.blocks[at[CALL]].end)] == ["Haku keväällä"]
    dated, at = subjects(
        page,
        call(line=8, opens="2024-02-01"),
        call("Haku syksyllä", 9, opens="2024-09-01"),
        head="Julkaistu 15.3.2024\n\n",
    )
    assert [a.key for a in dated.calls_above(at[9], dated._page.blocks[at[9]].end)] == ["Haku keväällä"]


def test_calls_that_a_sentence_announces(page: Pager) -> None:
    found, _ = subjects(page, call(), call("Haku syksyllä", 7))
    assert [one.key for one in found.calls_in("Haku keväällä tuotti 12 hakemusta.")] == ["Haku keväällä"]
    assert found.calls_in("Hakemuksia tuli 12.") == []
