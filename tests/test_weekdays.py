from __future__ import annotations

import pytest

from loaders.values.dates import dates, periods
from loaders.values.weekdays import Oddity, oddity


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Verkostoviikko järjestetään 2.-6.2.2025 Oulussa.", "Verkostoviikko järjestetään 2.-6.2.2025"),
        ("Seuraavalla viikolla 7.–11.6.2025", "viikolla 7.–11.6.2025"),
        ("Haku sulkeutuu maanantaina 2.2.2025 klo 16", "maanantaina 2.2.2025"),
        ("Verkostoviikko järjestetään 3.-7.2.2025 Oulussa.", None),
        ("Haku sulkeutuu sunnuntaina 2.2.2025", None),
        ("Kaksi viikkoa kestävä haku 1.2.-28.2.2025", None),
        ("Haku on auki 1.-5.2.2025", None),
        ("Viikolla 2.2.2025", None),
        ("Haku sulkeutuu maanantaina 31.2.2025", None),
    ],
)
def test_a_day_that_its_own_words_contradict(text: str, words: str | None) -> None:
    spans = [p.span for p in periods(text)] or [(d.start, d.end) for d in dates(text)]
    found = [(oddity(text, *span), span) for span in spans]
    said = [text[odd.start : span[1]] for odd, span in found if odd]
    assert said == ([words] if words else [])
    assert {odd.reason for odd, _ in found if odd} <= {"week-on-weekend" if "viik" in text else "another-weekday"}


def test_every_weekday_by_name() -> None:
    """The third of March 2025 was a Monday."""
    names = ("maanantaina", "tiistaina", "keskiviikkona", "torstaina", "perjantaina", "lauantaina", "sunnuntaina")
    for number, name in enumerate(names):
        right, wrong = (f"{name} {day}.3.2025" for day in (3 + number, 4 + number))
        assert oddity(right, len(name) + 1, len(right)) is None
        assert oddity(wrong, len(name) + 1, len(wrong)) == Oddity(0, "another-weekday")
