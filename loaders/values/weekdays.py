"""Days that cannot be what the words before them say: another weekday, or a week that would begin on a weekend."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from loaders.values import dates

_NAMES = ("maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai")
_NAMED = re.compile(rf"\b({'|'.join(_NAMES)})\w*\s+$", re.IGNORECASE)
_WEEK = re.compile(r"\b\w{0,30}?viik(?:ko|o)\w{0,30}\s+(?:[^\W\d]+\s+){0,3}$", re.IGNORECASE)
_SAYS = re.compile(rf"(?:viik|{'|'.join(_NAMES)})", re.IGNORECASE)
_SATURDAY, _DAYS = 5, 7


@dataclass(frozen=True, slots=True)
class Oddity:
    """What is odd about a day, and where the words that say so begin."""

    start: int
    reason: str


def oddity(text: str, start: int, end: int) -> Oddity | None:
    """What the words before a printed day or period contradict, if anything; ``start`` and ``end`` are its place."""
    before, printed = text[max(0, start - 60) : start], text[start:end]
    named = _NAMED.search(before)
    if named:
        day = next((_day(date.value) for date in dates.dates(printed)), None)
        wrong = day is not None and _NAMES[day.weekday()] != named[1].lower()
        return Oddity(start - len(named[0]), "another-weekday") if wrong else None
    week = _WEEK.search(before)
    period = next(iter(dates.periods(printed)), None) if week else None
    if week and period:
        first, last = _day(period.start), _day(period.end)
        if first and last and (last - first).days < _DAYS and first.weekday() >= _SATURDAY:
            return Oddity(start - len(week[0]), "week-on-weekend")
    return None


def oddities(text: str) -> Iterator[tuple[Oddity, int]]:
    """Every odd day of a text with where its words end: looked for only behind the words that can contradict one."""
    for word in _SAYS.finditer(text):
        low = word.end()
        window = text[low : low + 90]
        for start, end in [*(one.span for one in dates.periods(window)), *(one.span for one in dates.dates(window))]:
            found = oddity(text, low + start, low + end)
            if found and found.start <= word.start():
                yield found, low + end


def _day(value: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(value or "")
    except ValueError:
        return None
