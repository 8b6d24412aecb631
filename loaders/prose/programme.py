"""Programme periods and funds: which period a document speaks of, and how a period's fund is written."""

from __future__ import annotations

import re

from loaders.records import Stated
from loaders.tables.funds import PERIODS
from loaders.tables.funds import fund_of as fund_named
from loaders.text import Prose

_PERIOD = re.compile(
    r"(?:ohjelmakaudel\w+|ohjelmakausi|programme?\s+period|programperiod\w*|Suomi|työtä|Finland|jobb?|jobs)\s*,?\s*\(?"
    r"(?P<a>20\d\d)\s?[-–—−]\s?(?P<b>20\d\d)|(?P<c>20\d\d)\s?[-–—−]\s?(?P<d>20\d\d)\s+(?:-?\w*ohjelma|-rakennerahasto|programme)",
    re.IGNORECASE,
)
_NAMES = {"uudistuva ja osaava suomi": "2021-2027", "kestävää kasvua ja työtä": "2014-2020"}
_PROGRAMME = re.compile("|".join(re.escape(name).replace(r"\ ", r"\s+") for name in _NAMES), re.IGNORECASE)
_LONG = (
    (re.compile(r"(?:sosiaalirahasto|socialfond|social\s+fund)\w*\s?(?:\+|plus)", re.IGNORECASE), "ESR+"),
    (re.compile(r"sosiaalirahasto|socialfond|social\s+fund", re.IGNORECASE), "ESR"),
    (
        re.compile(r"aluekehitysrahasto|regionala\s+utvecklingsfond|regional\s+development\s+fund", re.IGNORECASE),
        "EAKR",
    ),
    (re.compile(r"siirtymän\s+rahasto|rättvis\s+omställning|just\s+transition", re.IGNORECASE), "JTF"),
)


def programme(prose: Prose) -> Stated[str] | None:
    """The programme period a text speaks of, with the words that say so."""
    for match in _PERIOD.finditer(prose.text):
        names = ("a", "b") if match["a"] else ("c", "d")
        period = f"{match[names[0]]}-{match[names[1]]}"
        if period in PERIODS:
            return prose.stated(period, *match.span())
    named = _PROGRAMME.search(prose.text)
    if named is None:
        return None
    return prose.stated(_NAMES[" ".join(named.group().lower().split())], *named.span())


def fund_of(printed: str, period: str | None) -> str:
    """The notation of a printed fund; of 2021-2027 the social fund is ESR+, also where the plus sign was left out."""
    notation = next((f for pattern, f in _LONG if pattern.search(printed)), None) or fund_named(printed) or printed
    return "ESR+" if notation == "ESR" and period == "2021-2027" else notation
