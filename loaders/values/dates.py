"""Finnish dates and periods as ISO 8601, as precise as printed: ``9.6-31.8.22``, ``10/2021``, ``marraskuussa 2024``."""

import calendar
import datetime
import re
from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from loaders import phrases
from loaders.records import PartialDate
from loaders.values import WORDS
from loaders.values.marks import Mark, collapsed, urls


@dataclass(frozen=True, slots=True)
class Date(Mark):
    """One date: ``value`` is ``2024``, ``2024-10`` or ``2024-10-31``; ``start`` and ``end`` are its span."""


@dataclass(frozen=True, slots=True)
class Period:
    """A period; an end that is open or printed as an impossible day is None, the latter's words are in ``invalid``."""

    start: PartialDate | None
    end: PartialDate | None
    words: str
    span: tuple[int, int]
    invalid: tuple[str, ...] = ()


_MONTHS: dict[str, int] = WORDS["months"]
_FOREIGN: dict[str, int] = WORDS["foreign_months"]
MONTH_NAMES = (*(f"{name}kuu\\w*" for name in _MONTHS), *_FOREIGN)
"""Patterns of the names of months, in Finnish, Swedish and English."""
_OTHERS: dict[str, int] = _FOREIGN | WORDS["short_months"]
_DASH = r"\s*(?:--|[-–—−→])\s*"
_TO = phrases.whole_words("cues", "period.to")
_YEAR = r"(?:19|20)\d\d(?!\d)"
_FI = rf"(?:{'|'.join(_MONTHS)})"
_CASE = r"kuu(?:n|ta|ssa|sta|hun|lla|lta|lle|ksi|na|hun)?"
_WRAP = r"(?:[^\S\n]*\n\s*)?"
_FIRST_TWO = "|".join(sorted({name[:2] for name in (*_MONTHS, *_OTHERS)}))
"""How the names of months begin: most words are told from them by that."""
_MONTH_NAME = rf"(?={_FIRST_TWO})(?:{_FI}{_CASE}|{'|'.join(_OTHERS)})"
_FULL = rf"\d{{1,2}}\.{_WRAP}\d{{1,2}}\.{_WRAP}(?:{_YEAR}|\d\d(?![\d.]\d|\d|:))"
# "4.2. 2023" is an objective and a year; a day of two digits cannot be one.
_SPACED = rf"(?:\d{{1,2}}\. \d{{1,2}}\. {_YEAR}|\d\d\. ?\d{{1,2}}\. {_YEAR}|\d\d\. \d{{1,2}}\.{_YEAR})"
_PART = phrases.whole_words("cues", "date.part")
_NAMED = rf"(?:\d{{1,2}}\.\s+)?{_FI}{_CASE}\s+(?:{_PART}\s+)?{_YEAR}(?:\s+{_PART})?"
_FOREIGN_NAME = rf"(?={_FIRST_TWO})(?:{'|'.join(_OTHERS)})\.?"
_OTHER = rf"(?:\d{{1,2}}(?:\.|st|nd|rd|th)?\s+)?{_FOREIGN_NAME}\s+{_YEAR}"
_AMERICAN = rf"{_FOREIGN_NAME}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+{_YEAR}"
_MONTH_YEAR = rf"(?:0?[1-9]|1[0-2])/{_YEAR}"
_SLASHED = rf"\d{{1,2}}/\d{{1,2}}/{_YEAR}"
_ISO = rf"{_YEAR}-\d\d-\d\d(?!\d)"
_DATE = rf"(?=\d|{_FIRST_TWO})(?:{_ISO}|{_FULL}|{_SPACED}|{_NAMED}|{_OTHER}|{_AMERICAN}|{_SLASHED}|{_MONTH_YEAR})"
_SEASON = (
    r"(?:(?:alku|loppu)?vuo(?:nna|den|sien|desta|teen|delle|della|sina|si)|"
    r"(?:alku|loppu)?(?:kevä\w{1,4}|kesä[lns]\w*|kesä|syksy\w*|talv[ei]\w*)|(?:early|late|in|spring|summer|autumn|fall|winter|year|år|våren|sommaren|hösten|vintern)(?:\s+of)?)"
)
_BEFORE = r"(?<![\w./,\-])"
_DATE_RE = re.compile(rf"{_BEFORE}{_DATE}", re.IGNORECASE)
_SEASON_RE = re.compile(rf"(?<!\w){_SEASON}\s+({_YEAR})(?![./]\d)", re.IGNORECASE)
_YEAR_RE = re.compile(rf"(?<![\w./,\-–]){_YEAR}(?![./]?\d|-?\w)")

_PERIOD_RES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("both", re.compile(
        rf"{_BEFORE}(?P<a>{_DATE})(?:\s+(?:klo|kl\.?|at)\s+\d{{1,2}}(?:[.:]\d\d)?)?"
        rf"(?:{_DASH}|\s+{_TO}\s+)(?P<b>{_DATE})(?!\d)", re.IGNORECASE)),
    ("both", re.compile(
        rf"{_BEFORE}(?P<w>(?:between|mellan)\s+)?(?P<a>{_DATE})\s+{phrases.AND}\s+(?P<b>{_DATE})(?(w)|\s+väli\w+)",
        re.IGNORECASE)),
    ("days", re.compile(
        rf"{_BEFORE}(?P<d>\d{{1,2}})\.?{_DASH}(?P<e>\d{{1,2}}\.?)(?P<m>\s+{_MONTH_NAME}\s+{_YEAR})", re.IGNORECASE)),
    ("both", re.compile(
        rf"{_BEFORE}(?P<a>{_FI}kuusta\s+{_YEAR})\s+(?P<b>{_FI}kuuhun\s+{_YEAR})", re.IGNORECASE)),
    ("named", re.compile(
        rf"{_BEFORE}(?P<d>\d{{1,2}})\.?\s+(?P<m>{_MONTH_NAME})(?:{_DASH}|\s+{phrases.AND}\s+|\s+{_TO}\s+)"
        rf"(?P<b>\d{{1,2}}\.?\s+{_MONTH_NAME}\s+{_YEAR})", re.IGNORECASE)),
    ("named", re.compile(
        rf"{_BEFORE}(?P<m>{_FOREIGN_NAME})\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:{_DASH}|\s+{_TO}\s+)(?P<b>{_AMERICAN})",
        re.IGNORECASE)),
    ("dayless", re.compile(rf"{_BEFORE}(?P<d>\d{{1,2}})\.{_DASH}(?P<b>{_FULL}|{_SPACED})", re.IGNORECASE)),
    ("yearless", re.compile(
        rf"{_BEFORE}(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.?{_DASH}(?P<b>{_FULL}|{_SPACED})", re.IGNORECASE)),
    ("months", re.compile(
        rf"{_BEFORE}(?P<m>{_MONTH_NAME}|{_FI})(?:-|\s?[–—-]\s?)(?P<b>{_NAMED}|{_OTHER})", re.IGNORECASE)),
    ("numbers", re.compile(rf"{_BEFORE}(?P<m>0?[1-9]|1[0-2])\s?[-–—]\s?(?P<b>{_MONTH_YEAR})")),
    ("years", re.compile(rf"(?<![\w./,\-])(?P<a>{_YEAR}){_DASH}(?P<b>{_YEAR})(?![./]\d|-\d)")),
)  # fmt: skip
_DASHED = frozenset({"days", "dayless", "yearless", "months", "numbers", "years"})
"""Kinds of periods that are never written without a dash."""
_DASHES, _DIGIT = re.compile("[-–—−→]"), re.compile(r"\d")
_UNTIL_WORDS = phrases.whole_words("cues", "date.until", "fi")
_SINCE_WORDS = phrases.whole_words("cues", "date.since", "fi")
_UNTIL = re.compile(rf"{_BEFORE}(?P<b>{_DATE})\s+{_UNTIL_WORDS}", re.IGNORECASE)
_FROM = re.compile(rf"{_BEFORE}(?P<a>{_DATE})(?:\s+{_SINCE_WORDS}|\s?[–—-](?=\s*(?:$|[)\]\n])))", re.IGNORECASE)


class Taken:
    """Spans of a text that are used up; they never overlap, so that looking one up is quick."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = sorted(spans)

    def overlaps(self, span: tuple[int, int]) -> bool:
        """Tell whether a span shares a character with one that is used up."""
        index = bisect_right(self._spans, span)
        before = index > 0 and self._spans[index - 1][1] > span[0]
        return before or (index < len(self._spans) and self._spans[index][0] < span[1])

    def add(self, span: tuple[int, int]) -> None:
        """Use a span up."""
        insort(self._spans, span)


def periods(text: str, *, open_ended: bool = False) -> list[Period]:
    """All periods of a text in order; ``open_ended`` also takes ``31.3.2025 saakka`` and ``1.4.2025 lähtien``.

    A start printed without its year has the year of the end, or the year before where its month comes later.
    """
    return list(_periods(text, open_ended))


@lru_cache(maxsize=4096)
def _periods(text: str, open_ended: bool) -> tuple[Period, ...]:
    """The periods of a text; several readers ask for those of the same sentence."""
    if not _DIGIT.search(text):
        return ()
    taken = Taken(url.span for url in urls(text))
    result: list[Period] = []
    dashed = _DASHES.search(text) is not None
    for kind, pattern in _PERIOD_RES:
        if dashed or kind not in _DASHED:
            _collect(text, pattern, taken, result, _BUILDERS[kind])
    if open_ended:
        _collect(text, _UNTIL, taken, result, lambda m: _period(m, None, m["b"]))
        _collect(text, _FROM, taken, result, lambda m: _period(m, m["a"], None))
    return tuple(sorted(result, key=lambda period: period.span))


def dates(text: str, *, years: bool = False) -> list[Date]:
    """All single dates of a text in order, those of its periods left out.

    A season or ``vuonna`` gives the year alone; a bare year counts only with ``years``. Impossible days (``31.2.2024``)
    are no dates: see :func:`impossible_dates`.
    """
    return [date for date in _singles(text, years) if date.value]


def impossible_dates(text: str) -> list[Date]:
    """Printed days that do not exist (``31.2.2024``), periods' ends included; their ``value`` is empty."""
    single = [date for date in _singles(text, False) if not date.value]
    for period in periods(text):
        offset = period.span[0]
        for words in period.invalid:
            pattern = r"\s*".join(re.escape(part) for part in words.split())
            match = re.compile(pattern).search(text, offset, period.span[1])
            if match:
                single.append(Date("", words, *match.span()))
                offset = match.end()
    return sorted(single, key=lambda date: date.start)


_YEARLESS = re.compile(
    rf"{_BEFORE}(?:(?P<day>\d{{1,2}})\.\s+)?(?P<month>{_FI}{_CASE})(?!\w|\s+(?:\w+\s+)?\d{{4}})|"
    rf"{_BEFORE}(?P<d>[1-3]\d|[1-9](?=\.\d\d?\.\s{_UNTIL_WORDS}))\.(?P<m>1[0-2]|[1-9])\.(?!\s?\d|\s?[-–—])|"
    rf"(?:{phrases.source('tense.past')}|{phrases.source('call.closes')}|{phrases.source('call.opens')})\s(?P<bare>(?P<n>[1-9])\.(?P<o>1[0-2]|[1-9])\.?)(?!\d|\.?\s?\d)|"
    rf"(?:\b(?:i|in)\s+|{_BEFORE}(?P<den>\d{{1,2}})\s+)(?P<name>{'|'.join(_FOREIGN)})(?!\w|\s+\d)",
    re.IGNORECASE,
)


_MAY_LACK_YEAR = re.compile(rf"\d\.\d|{_FI}|{'|'.join(_FOREIGN)}", re.IGNORECASE)


def yearless(text: str, near: str, *, past: Callable[[int], bool]) -> list[Date]:
    """Months and days printed without a year, in the year that the day ``near`` of the text makes likely.

    What is told of as ``past`` (asked with the place of its words) is the latest such month or day before that day,
    anything else the next one; news tell in the present of a day of the last weeks.

    >>> [one.value for one in yearless("Haku aukeaa lokakuussa.", "2024-07-01", past=lambda at: False)]
    ['2024-10']
    >>> [one.value for one in yearless("Haku aukeaa 28.6.", "2024-07-01", past=lambda at: False)]
    ['2024-06-28']
    """
    result = []
    for match in _YEARLESS.finditer(text) if len(near) >= 7 and _MAY_LACK_YEAR.search(text) else ():
        name = match["month"] or match["name"]
        month = _month_of(name.lower()) if name else int(match["m"] or match["o"])
        day = match["day"] or match["d"] or match["n"] or match["den"]
        part = f"{month:02}" + (f"-{int(day):02}" if day else "")
        year, now = int(near[:4]), near[5 : 5 + len(part)]
        lately = bool(day) and len(now) == len(part) and _days(year, part, now) in range(1, _LATELY + 1)
        year += -(part > now) if lately or past(match.start()) else part < now
        value = _day(year, month or 0, int(day)) if day else f"{year:04}-{part}"
        if value:
            printed = "bare" if match["bare"] else 0
            result.append(Date(value, collapsed(match[printed]), *match.span(printed)))
    return result


_LATELY = 31


def _days(year: int, part: str, now: str) -> int:
    """How many days a month and day lie before another one of a year; below zero for one that does not exist."""
    first, last = _calendar_day(f"{year}-{part}"), _calendar_day(f"{year}-{now}")
    return (last - first).days if first and last else -1


@lru_cache(maxsize=4096)
def _singles(text: str, years: bool) -> tuple[Date, ...]:
    if not _DIGIT.search(text):
        return ()
    taken = Taken([*(period.span for period in periods(text)), *(url.span for url in urls(text))])
    result: list[Date] = []
    patterns = (_DATE_RE, _SEASON_RE, _YEAR_RE) if years else (_DATE_RE, _SEASON_RE)
    for pattern in patterns:
        for match in pattern.finditer(text):
            if taken.overlaps(match.span()):
                continue
            taken.add(match.span())
            value = match[1] if pattern is _SEASON_RE else iso(match.group())
            result.append(Date(value or "", collapsed(match.group()), *match.span()))
    return tuple(sorted(result, key=lambda date: date.start))


def _collect(
    text: str,
    pattern: re.Pattern[str],
    taken: Taken,
    result: list[Period],
    build: Callable[[re.Match[str]], Period | None],
) -> None:
    for match in pattern.finditer(text):
        if taken.overlaps(match.span()):
            continue
        period = build(match)
        if period is not None:
            taken.add(match.span())
            result.append(period)


def _period(match: re.Match[str], first: str | None, last: str | None) -> Period:
    start, end = iso(first) if first else None, iso(last) if last else None
    pairs = ((first, start), (last, end))
    invalid = tuple(collapsed(words) for words, value in pairs if words and value is None)
    return Period(start, end, collapsed(match.group()), match.span(), invalid)


def _sharing(match: re.Match[str], day: str, month: str | None) -> Period:
    """A start without its year (or month and year), which are those of the end."""
    plain = _period(match, None, match["b"])
    numbers = [int(number) for number in re.findall(r"\d+", match["b"])]
    year = _whole_year(numbers[2])
    first = int(month) if month else numbers[1]
    if month and (first, int(day)) > (numbers[1], numbers[0]):
        year -= 1
    start = _day(year, first, int(day))
    words = f"{day}.{month}." if month else f"{day}."
    printed = match.group()[: len(words)]
    invalid = plain.invalid if start else (collapsed(printed).rstrip("-–— "), *plain.invalid)
    return Period(start, plain.end, plain.words, plain.span, invalid)


def _named_span(match: re.Match[str]) -> Period:
    """Days of named months; the year is that of the end, or the year before where the start comes later."""
    plain = _period(match, None, match["b"])
    if plain.end is None:
        return plain
    year = int(plain.end[:4])
    start = iso(f"{match['d']}. {match['m']} {year}")
    if start and start > plain.end:
        start = iso(f"{match['d']}. {match['m']} {year - 1}")
    printed = () if start else (collapsed(f"{match['d']} {match['m']}"),)
    return Period(start, plain.end, plain.words, plain.span, (*printed, *plain.invalid))


def _month_span(match: re.Match[str], number: int) -> Period | None:
    plain = _period(match, None, match["b"])
    if plain.end is None:
        return None
    year, month = int(plain.end[:4]), int(plain.end[5:7])
    return Period(f"{year - (number > month):04}-{number:02}", plain.end, plain.words, plain.span)


_BUILDERS: dict[str, Callable[[re.Match[str]], Period | None]] = {
    "both": lambda match: _period(match, match["a"], match["b"]),
    "years": lambda match: _period(match, match["a"], match["b"]),
    "days": lambda match: _period(match, match["d"] + match["m"], match["e"] + match["m"]),  # of one named month
    "dayless": lambda match: _sharing(match, match["d"], None),
    "named": _named_span,
    "yearless": lambda match: _sharing(match, match["d"], match["m"]),
    "months": lambda match: _month_span(match, _month_of(match["m"].lower()) or 0),
    "numbers": lambda match: _month_span(match, int(match["m"])),
}


def iso(words: str) -> PartialDate | None:
    """One printed date as ISO 8601, None where the day does not exist or the words are no date."""
    words = collapsed(words)
    if re.fullmatch(_YEAR, words):
        return words
    if re.fullmatch(_ISO, words):
        year, month, day = (int(part) for part in words.split("-"))
        return _day(year, month, day)
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    if re.fullmatch(_MONTH_YEAR, words):
        return f"{numbers[1]:04}-{numbers[0]:02}"
    name = re.search(r"[^\W\d_]{3,}", words)
    if name:
        return _named(name.group().lower(), numbers)
    if len(numbers) != 3:
        return None
    return _day(_whole_year(numbers[2]), numbers[1], numbers[0])


def _whole_year(number: int) -> int:
    return number if number > 99 else 2000 + number


def _named(name: str, numbers: list[int]) -> PartialDate | None:
    month = _month_of(name)
    if month is None or not numbers:
        return None
    return f"{numbers[0]:04}-{month:02}" if len(numbers) == 1 else _day(numbers[1], month, numbers[0])


def _month_of(name: str) -> int | None:
    stem = re.match(_FI, name)
    return _MONTHS[stem.group()] if stem else _OTHERS.get(name)


def _day(year: int, month: int, day: int) -> PartialDate | None:
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return f"{year:04}-{month:02}-{day:02}"


_WEEKDAYS = ("maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai")
_BEFORE_DAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)})\w*\s+$", re.IGNORECASE)
_WEEK = re.compile(r"\b\w{0,30}?viik(?:ko|o)\w{0,30}\s+(?:[^\W\d]+\s+){0,3}$", re.IGNORECASE)
_SAYS = re.compile(rf"(?:viik|{'|'.join(_WEEKDAYS)})", re.IGNORECASE)
_SATURDAY, _DAYS = 5, 7


@dataclass(frozen=True, slots=True)
class Oddity:
    """What is odd about a day, and where the words that say so begin."""

    start: int
    reason: str


def oddity(text: str, start: int, end: int) -> Oddity | None:
    """What the words before a printed day or period contradict, if anything; ``start`` and ``end`` are its place."""
    before, printed = text[max(0, start - 60) : start], text[start:end]
    named = _BEFORE_DAY.search(before)
    if named:
        day = next((_calendar_day(date.value) for date in dates(printed)), None)
        wrong = day is not None and _WEEKDAYS[day.weekday()] != named[1].lower()
        return Oddity(start - len(named[0]), "another-weekday") if wrong else None
    week = _WEEK.search(before)
    period = next(iter(periods(printed)), None) if week else None
    if week and period:
        first, last = _calendar_day(period.start), _calendar_day(period.end)
        if first and last and (last - first).days < _DAYS and first.weekday() >= _SATURDAY:
            return Oddity(start - len(week[0]), "week-on-weekend")
    return None


def oddities(text: str) -> Iterator[tuple[Oddity, int]]:
    """Every odd day of a text with where its words end: looked for only behind the words that can contradict one."""
    for word in _SAYS.finditer(text):
        low = word.end()
        window = text[low : low + 90]
        for start, end in [*(one.span for one in periods(window)), *(one.span for one in dates(window))]:
            odd = oddity(text, low + start, low + end)
            if odd and odd.start <= word.start():
                yield odd, low + end


def _calendar_day(value: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(value or "")
    except ValueError:
        return None
