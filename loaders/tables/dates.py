"""How a column writes dates, found from its values; one value read by that form, exactly or not at all."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta
from functools import lru_cache

from loaders.tables.forms import CellError
from loaders.tables.states import month_of


@dataclass(frozen=True, slots=True)
class DateForm:
    """The order of a column's dates: ``dmy``, ``mdy``, ``ymd``; ``serial``: as spreadsheets count days; ``digits``: 20160331."""

    order: str = "dmy"
    language: str | None = None
    """The language of the list, in which months are named."""
    sure: bool = True
    """Whether some date can be read in this order only."""


_DATE = re.compile(r"(\d{1,4})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{1,4})\.?(?:[ T]\d{1,2}[:.]\d{2}.*)?")
_MONTH = re.compile(r"(?:(\d{1,2})[./-](\d{4})|(\d{4})[./-](\d{1,2}))")
_NAMED = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th|er|\.)?[\s./-]+(?:de )?)?([^\W\d_]{3,14})\.?[\s./-]+(?:de )?(\d{2}|\d{4})"
)
_YEAR_FIRST = re.compile(
    r"(\d{4})(?:\.|[ .]+(?:gada|g|m|metų|év))?\.?[\s-]+([^\W\d_]{3,14})\.?(?:[\s-]+(?:mėn\.?\s)?(\d{1,2})(?:\.|\s?d\.?)?)?"
    r"|(\d{4})(?:\.|[ .]+gada)\s(\d{1,2})\.\s?([^\W\d_]{3,14})"
)
"""2018. március 1. · 2017 m. kovo 1 d. · 2023. gada 1. martā · 2016-Mar-03"""
_YEAR_WORD = re.compile(r"(?<=\d)\s*(?:г|r|roku|god)\.?$")
"""What stands behind the year: 02.05.2016 г."""
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
_EPOCH = Date(1899, 12, 30)
_ORDERS = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2)}


def date_form(values: Iterable[str]) -> DateForm | None:
    """The order of a column's dates; None where no one order reads them (a few damaged values do not count)."""
    failed: Counter[str] = Counter(dict.fromkeys(_ORDERS, 0))
    year_first = 0
    whole: Counter[str] = Counter()
    count = 0
    for value in values:
        stripped = _YEAR_WORD.sub("", value.strip())
        if match := _DATE.fullmatch(stripped):
            unread = [order for order in _ORDERS if _iso(match, order) is None]
            # a date with its year first is read so in every column; what no order reads says nothing of the order
            if len(match[1]) == 4:
                year_first += "ymd" not in unread
            elif len(unread) < len(_ORDERS):
                count += 1
                failed.update(unread)
        else:
            # five or eight digits are a date only where the whole column is written so
            whole.update(name for name, read in _WHOLE.items() if stripped.isascii() and read(stripped))
    if not count and year_first >= sum(whole.values()):
        return DateForm("ymd" if year_first else "dmy")
    if whole and max(whole.values()) > count * 9:
        return DateForm(max(whole, key=lambda name: whole[name]))
    best = min(_ORDERS, key=lambda order: failed[order])
    if count and failed[best] * 10 > count:
        return None
    return DateForm(best, sure=not count or sum(number == failed[best] for number in failed.values()) == 1)


@lru_cache(maxsize=16384)
def date(text: str, form: DateForm) -> str:
    """A date as precise as it is given, in ISO 8601; CellError for anything else, the year 0 included."""
    stripped = _YEAR_WORD.sub("", text.strip())
    if form.order in _WHOLE and (day := _WHOLE[form.order](stripped)):
        return day
    if match := _DATE.fullmatch(stripped):
        order = form.order if form.order in _ORDERS else "dmy"
        value = _iso(match, order) or (_iso(match, "ymd") if len(match[1]) == 4 else None)
        if value:
            return value
    elif value := _imprecise(stripped) or _named(stripped, form.language):
        return value
    raise CellError(f"no date in {text[:60]!r}")


def _imprecise(text: str) -> str | None:
    """A year, or a month of one."""
    if re.fullmatch(r"\d{4}", text) and _plausible(int(text)):
        return text
    if match := _MONTH.fullmatch(text):
        year, month = (match[2], match[1]) if match[2] else (match[3], match[4])
        if _plausible(int(year)) and 1 <= int(month) <= 12:
            return f"{year}-{int(month):02d}"
    return None


def _named(text: str, language: str | None) -> str | None:
    """A date with the name of its month, whole or cut short to what is no other month's."""
    if match := _NAMED.fullmatch(text):
        day, name, year = match[1], match[2], int(match[3]) if len(match[3]) == 4 else 2000 + int(match[3])
    elif match := _YEAR_FIRST.fullmatch(text):
        day, name, year = match[3] or match[5], match[2] or match[6], int(match[1] or match[4])
    else:
        return None
    month = month_of(name, language)
    if month is None or not _plausible(year):
        return None
    if day is None:
        return f"{year}-{month:02d}"
    try:
        return Date(year, month, int(day)).isoformat()
    except ValueError:
        return None


def _serial(text: str) -> str | None:
    """The day that a spreadsheet counts so: 1957 to 2099; a time of day behind the point does not count."""
    match = _SERIAL.fullmatch(text)
    return (_EPOCH + timedelta(days=int(match[1]))).isoformat() if match and 21_000 <= int(match[1]) < 73_000 else None


def _digits(text: str) -> str | None:
    """A date in eight digits, the year first."""
    if len(text) != 8 or not text.isdigit() or not _plausible(int(text[:4])):
        return None
    try:
        return Date(int(text[:4]), int(text[4:6]), int(text[6:])).isoformat()
    except ValueError:
        return None


_WHOLE: dict[str, Callable[[str], str | None]] = {"serial": _serial, "digits": _digits}


def _plausible(year: int) -> bool:
    """The structural funds began in 1975; a project that ends after 2100 is a typing error."""
    return 1957 <= year <= 2100


def _iso(match: re.Match[str], order: str) -> str | None:
    year, month, day = (match[1 + place] for place in _ORDERS[order])
    if len(year) == 2 and order != "ymd":
        year = f"20{year}" if int(year) < 70 else f"19{year}"
    if len(year) != 4 or not _plausible(int(year)):
        return None
    try:
        return Date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
