"""The page of a set of measures of an earlier period: counts by a date, one coordination project of two themes."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.records import Count, Project, Reading, Theme
from tests import layoutpages as made

COUNTED = "Toukokuuhun 2018 mennessä kokonaisuudessa on käynnistynyt koordinaatiohankkeen lisäksi 11 hanketta"


def edited(folder: Path, *pairs: tuple[str, str]) -> Reading:
    return made.edited("old_theme_page", folder, *pairs)


def counts(reading: Reading) -> set[tuple[str, int, str | None, str | None]]:
    return {(c.measure, int(c.value), c.date, c.basis) for c in made.of(reading, Count)}


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (COUNTED, ("projects", 11, "2018-05", "without-coordination")),
        (COUNTED.replace("11 hanketta", "24 hanketta"), ("projects", 24, "2018-05", "without-coordination")),
        (COUNTED.replace("Toukokuuhun 2018", "Elokuuhun 2017"), ("projects", 11, "2017-08", "without-coordination")),
        ("Kokonaisuudessa on käynnistynyt 7 hanketta", ("projects", 7, None, None)),
    ],
)
def test_a_count_and_its_date(words: str, count: tuple[str, int, str | None, str | None], tmp_path: Path) -> None:
    assert count in counts(edited(tmp_path, (COUNTED, words)))


def test_number_words(tmp_path: Path) -> None:
    found = counts(edited(tmp_path, ("kolme hakua", "viisi hakua"), ("52 hakemusta", "118 hakemusta")))
    assert {(measure, value) for measure, value, *_ in found} == {("calls", 5), ("applications", 118), ("projects", 11)}


def test_one_coordination_project_serves_two_themes(tmp_path: Path) -> None:
    found = edited(tmp_path, ("Veneellä perille", "Airoin kotiin"), ("Saarten verkot", "Karien kartat"))
    (project,) = made.of(found, Project)
    assert (project.key, project.theme) == ("Airoin kotiin", None)
    assert {t.name.value.text: [p.value for p in t.coordinated_by] for t in made.of(found, Theme)} == {
        "Rantojen osaajat": ["Airoin kotiin"],
        "Karien kartat": ["Airoin kotiin"],
    }


def test_a_page_of_one_theme(tmp_path: Path) -> None:
    old = (
        "Rantojen osaajat ja Saarten verkot -toimenpidekokonaisuuksilla on yhteinen Veneellä perille -koordinaatiohanke"
    )
    found = edited(
        tmp_path, (old, "Rantojen osaajat -toimenpidekokonaisuudella on oma Veneellä perille -koordinaatiohanke")
    )
    assert [theme.name.value.text for theme in made.of(found, Theme)] == ["Rantojen osaajat"]
    assert [project.key for project in made.of(found, Project)] == ["Veneellä perille"]
