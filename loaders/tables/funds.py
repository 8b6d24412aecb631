"""What the member states call the funds and periods: in any language, to the notations of the code lists."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).resolve().parents[1] / "mappings" / "words.toml"
PERIODS = ("2007-2013", "2014-2020", "2021-2027")


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """The words of the lists, from the shipped file."""
    with _FILE.open("rb") as file:
        return tomllib.load(file)


FUNDS = frozenset({"ESR+", "ESR", "EAKR", "CF", "JTF", "YEI", "EAFRD", "EMFF"})


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (notation, re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, said))})(?!\w|\+)", re.IGNORECASE))
        for notation, said in words()["funds"].items()
    )


@lru_cache(maxsize=1024)
def fund_of(text: str) -> str | None:
    """The notation of the fund that words name; None where they name none or several.

    >>> fund_of("Europäischer Sozialfonds"), fund_of("ESF und EFRE")
    ('ESR', None)
    """
    _, named = without_funds(text)
    return named[0] if len(set(named) - {"YEI"}) == 1 else None


def without_funds(text: str) -> tuple[str, list[str]]:
    """A text with a dot for each word for a fund, and the notations of those funds.

    >>> without_funds("ESF-Fördermittel")
    ('· Fördermittel', ['ESR'])
    """
    rest, named = re.sub("[_-]", " ", text), list[str]()
    for notation, pattern in _patterns():
        # "ESF Plus" does not name the ESF as well
        rest, times = pattern.subn("·", rest)
        named += [notation] * bool(times)
    return rest, named


_PERIOD = re.compile(
    r"(?<!\d)(?:20)?(07|14|21)(?:\.?\s?[-–_/]\s?|\s(?:bis|to|au?|al?|do|až|till|tot|til)\s)(?:20)?(13|20|27)(?!\d)"
    r"|(?<!\d)(0713|1420|2127)(?!\d)"
)


@lru_cache(maxsize=1024)
def period_of(text: str) -> str | None:
    """The programme period that words name (``2014-2020``, ``14_20``, ``0713``)."""
    match = _PERIOD.search(text)
    if match is None:
        return None
    first, last = (match[3][:2], match[3][2:]) if match[3] else (match[1], match[2])
    period = f"20{first}-20{last}"
    return period if period in PERIODS else None


@lru_cache(maxsize=1)
def total_words() -> str:
    """A pattern of the words for a total."""
    said = "|".join(sorted((re.escape(word) for word in words()["totals"]), key=len, reverse=True))
    return rf"(?:{said})(?!\w)"


def begins_total(cell: str) -> bool:
    """Whether a cell begins with the word for a total; the name of a project may."""
    return bool(re.match(total_words(), cell.strip(), re.IGNORECASE))


def ends_total(cell: str) -> bool:
    """Whether a cell ends with the word for a total: "Axis 1 Total"."""
    return bool(re.search(rf"(?<!\w){total_words()}\W*$", cell, re.IGNORECASE))
