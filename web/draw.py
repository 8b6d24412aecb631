"""What ``templates/pictures.html`` reckons with: lines of a text, shares of a number, times on a scale of years."""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

__all__ = ["highest", "lines", "share", "short", "tall", "years_of"]
MOST = 20
"""Neighbours that one picture shows."""
MOST_SPANS = 40
"""Times that one picture shows."""


@dataclass(frozen=True, slots=True)
class Span:
    """The time of a thing of a kind, by its first and last day as precise as they are known, "" where one is not known."""

    iri: str
    kind: str
    first: str
    last: str

    @property
    def begin(self) -> float:
        """The first day as a year with its fraction."""
        return _year(self.first or self.last, 0)

    @property
    def end(self) -> float:
        """The end of the last day, month or year."""
        return _year(self.last or self.first, 1)


def years_of(spans: Iterable[Span]) -> list[int]:
    """The years that a scale for some times shows."""
    ends = [(span.begin, span.end) for span in spans]
    return list(range(int(min(b for b, _ in ends)), int(max(e for _, e in ends) + 0.999) + 1))


def _year(text: str, end: int) -> float:
    """A partial date as a year with its fraction; the end of what it covers where ``end`` is 1."""
    year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
    if not month:
        return year + end
    return year + (month - 1 + (day / 31 if day else end)) / 12


def tall(names: Iterable[str]) -> int:
    """The height of a column of neighbours by their names."""
    return sum(30 + 17 * len(lines(name)) for name in names)


def share(number: str, most: Decimal) -> float:
    """A number as a part of the highest one; nothing below zero."""
    return float(max(_decimal(number), Decimal(0)) / most)


def highest(numbers: Iterable[str]) -> Decimal:
    """The highest of some numbers, 1 where none is above zero."""
    return max((_decimal(number) for number in numbers), default=Decimal(0)) or Decimal(1)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal(0)


def lines(text: str, wide: int = 40, most: int = 3) -> list[str]:
    """A text in lines of so many letters; what does not fit into the last is cut."""
    parts = (f"{word[: wide - 1]}- {word[wide - 1 :]}" if len(word) > wide else word for word in text.split())
    rows = textwrap.wrap(" ".join(parts), wide, break_on_hyphens=True) or [""]
    return rows if len(rows) <= most else [*rows[: most - 1], short(" ".join(rows[most - 1 :]), wide)]


def short(name: str, most: int) -> str:
    """A name of at most so many letters."""
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"
