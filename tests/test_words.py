"""Texts, numbers and dates in three languages: each text is there in each, and numbers are written as the language does."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from engine import words
from engine.words import LANGUAGES, compact, count_noun, day, number, text
from tests.cases import each

TEXTS = tomllib.loads(Path(words.__file__).with_name("texts.toml").read_text(encoding="utf-8"))
ROOT = Path(words.__file__).parents[2]
GOLDEN = Path(__file__).with_name("golden")
LEFT_OUT = {"left_out", "leave_out", "LeftOut"}


def test_a_text_has_each_language_and_the_same_places_to_fill() -> None:
    for section, texts in TEXTS.items():
        for key, by_language in texts.items():
            assert sorted(by_language) == sorted(LANGUAGES), f"{section}.{key}"
            places = {tuple(sorted(re.findall(r"{(\w+)}", text))) for text in by_language.values()}
            assert len(places) == 1, f"{section}.{key}"


REASONS = tomllib.loads(Path(words.__file__).with_name("reasons.toml").read_text(encoding="utf-8"))


def test_a_reason_has_each_language_and_an_unknown_one_is_shown_as_it_is() -> None:
    assert words.reason("page-furniture", "sv") == "återkommande del av sidan: sidhuvud eller sidfot"
    assert words.reason("again-at-line: 110", "fi") == "toistaa sen, mitä rivillä 110 luettiin"
    assert words.reason("no-value: paid", "sv") == "inget värde: utbetalt"
    assert words.reason("something nobody has said yet", "fi") == "something nobody has said yet"
    for key, texts in REASONS.items():
        if key != "named":
            assert len(texts) == len(LANGUAGES), key
            assert len({text.count("{}") for text in texts}) == 1, key


@pytest.mark.slow
def test_what_a_reader_leaves_out_has_a_reason_by_key() -> None:
    """A text in a call of ``leave_out``, ``left_out`` or ``LeftOut`` is a key of the reasons (lists' rows apart)."""
    readers = [path for path in (ROOT / "loaders").rglob("*.py") if path.parent.name != "tables"]
    for path, call in ((p, node) for p in readers for node in ast.walk(ast.parse(p.read_text("utf-8")))):
        if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) in LEFT_OUT:
            for text in (part for part in call.args if isinstance(part, ast.Constant | ast.JoinedStr)):
                first = text.values[0] if isinstance(text, ast.JoinedStr) else text
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    assert first.value.partition(": ")[0] in REASONS, f"{path}:{call.lineno}: {first.value!r}"


def test_every_reason_is_given_by_a_reader() -> None:
    readers = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "loaders").rglob("*.py"))
    assert [key for key in REASONS if key != "named" and not re.search(rf'"{key}[":]', readers)] == []


def test_reasons_of_the_golden_readings_are_keys() -> None:
    given = [
        r for p in GOLDEN.rglob("*.json") for r in re.findall(r'"reason": "([^":]+)', p.read_text(encoding="utf-8"))
    ]
    assert given
    assert set(given) <= set(REASONS)


def test_places_are_filled_and_an_unknown_key_is_an_error() -> None:
    assert text("chart.left_out", "sv", n=3) == "3 rader visas inte i diagrammet"
    with pytest.raises(KeyError):
        text("chart.nothing", "fi")


@each(
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
    assert [count_noun(n, "theme") for n in (0, 1, 2)] == ["0 themes", "1 theme", "2 themes"]
