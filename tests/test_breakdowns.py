"""Breakdowns of a number of projects in running text: only where nothing but projects is counted, three numbers at least."""

from __future__ import annotations

from loaders.records import Count
from tests.cases import each
from tests.test_review import form, of


def parts(prose: str) -> list[tuple[int, str | None]]:
    counts = [c for c in of(Count, form(prose=prose)) if c.measure == "projectsInPart"]
    return [(int(count.value), count.basis) for count in counts]


def test_a_breakdown_over_two_sentences_and_lines_is_one_passage() -> None:
    prose = (
        "Seitsemässä hankkeista tavoitteena on metsän\nhoito. Puun myynti on sitä kahdessa hankkeessa\nja työ kolmessa."
    )
    found = [c for c in of(Count, form(prose=prose)) if c.measure == "projectsInPart"]
    assert [int(count.value) for count in found] == [7, 2, 3]
    assert len({count.origin for count in found}) == 1
    assert found[0].origin.words == " ".join(prose.rstrip(".").split())


def test_each_part_has_its_own_words() -> None:
    prose = "Viidessä hankkeessa kunta on päätoteuttajana, neljässä osatoteuttajana ja neljässä kumppanina."
    assert parts(prose) == [
        (5, "Viidessä hankkeessa kunta on päätoteuttajana"),
        (4, "neljässä osatoteuttajana"),
        (4, "neljässä kumppanina"),
    ]


@each(
    "prose",
    [
        "Viidessä hankkeessa kunta on päätoteuttajana ja neljässä kumppanina.",
        "Kymmenessä hankesuunnitelmassa mainitaan työ, viidessä metsä ja kolmessa puu.",
        "Tilaisuuksia oli neljässä kaupungissa, kahdessa hankkeessa ja kolmessa koulussa.",
        "Hankkeita toteutetaan kolmessa, neljässä tai viidessä osassa.",
    ],
    ids=["two numbers", "plans, not projects", "other things too", "no project named"],
)
def test_other_numbers_are_no_breakdown(prose: str) -> None:
    assert parts(prose) == []
