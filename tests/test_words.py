"""Texts, numbers and dates in three languages: each text is there in each, and numbers are written as the language does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from engine import words
from engine.words import LANGUAGES, compact, counted, day, number, text

TEXTS = tomllib.loads(Path(words.__file__).with_name("texts.toml").read_text(encoding="utf-8"))
KEYS = [f"{section}.{key}" for section, texts in TEXTS.items() for key in texts]


@pytest.mark.parametrize("key", KEYS)
def test_a_text_has_each_language_and_the_same_places_to_fill(key: str) -> None:
    section, _, name = key.partition(".")
    by_language = TEXTS[section][name]
    assert sorted(by_language) == sorted(LANGUAGES)
    assert len({tuple(sorted(re.findall(r"{(\w+)}", by_language[lang]))) for lang in LANGUAGES}) == 1


def test_places_are_filled_and_an_unknown_key_is_an_error() -> None:
    assert text("chart.left_out", "sv", n=3) == "3 rader visas inte i diagrammet"
    with pytest.raises(KeyError):
        text("chart.nothing", "fi")


@pytest.mark.parametrize(
    ("value", "fi", "en"),
    [
        ("1055410.40", "1\u00a0055\u00a0410,40", "1,055,410.40"),
        (1234, "1\u00a0234", "1,234"),
        (-0.5, "-0,5", "-0.5"),
        ("4.3.1", "4.3.1", "4.3.1"),
        ("NaN", "NaN", "NaN"),
    ],
)
def test_a_number_keeps_all_its_digits(value: str | float, fi: str, en: str) -> None:
    assert (number(value, "fi"), number(value, "en")) == (fi, en)


def test_a_number_in_few_letters() -> None:
    values = (14_000_000, 9_900_000, 1_200_000_000, 420_000, 12, 0.5)
    assert [compact(v, "fi").replace("\u00a0", " ") for v in values] == [
        "14 milj.", "9,9 milj.", "1,2 mrd.", "420 000", "12", "0,5",
    ]  # fmt: skip
    assert [compact(v, "sv").replace("\u00a0", " ") for v in values[:3]] == ["14 mn", "9,9 mn", "1,2 md"]
    assert [compact(v, "en") for v in values] == ["14M", "9.9M", "1.2B", "420K", "12", "0.5"]


def test_dates_as_precise_as_they_are() -> None:
    dates = ("2024-10-31", "2024-01", "2024", "soon")
    assert [day(d, "fi") for d in dates] == ["31.10.2024", "1/2024", "2024", "soon"]
    assert [day(d, "en") for d in dates] == list(dates)


def test_a_number_with_its_noun() -> None:
    assert [counted(n, "theme") for n in (0, 1, 2)] == ["0 themes", "1 theme", "2 themes"]
