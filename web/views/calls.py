"""Calls on a day, and as a calendar and a feed."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from web.page import Page

OPEN, COMING, CLOSED, UNCLEAR = "open", "coming", "closed", "unclear"


@dataclass(frozen=True, slots=True)
class Call:
    """A call with its theme in its name, its first and last day as precise as they are known, and its page."""

    iri: str
    name: str
    opens: str
    closes: str
    address: str

    @property
    def day(self) -> datetime.date | None:
        """The day on which it opens, or, where that is not known, closes."""
        return earliest(self.opens or self.closes) if self.opens or self.closes else None


def earliest(text: str) -> datetime.date:
    """The first day that a partial date can mean."""
    year, month, day = (*map(int, text.split("-")), 1, 1)[:3]
    return datetime.date(year, month, day)


def latest(text: str) -> datetime.date:
    """The last day that a partial date can mean."""
    parts = [*map(int, text.split("-"))]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    return datetime.date(year, month, parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1])


def state_on(opens: str, closes: str, day: datetime.date) -> str:
    """Whether a call is open, coming or closed on a day; unclear where its dates are not precise enough to say."""
    if closes and latest(closes) < day:
        return CLOSED
    if opens and earliest(opens) > day:
        return COMING
    if opens and latest(opens) <= day and closes and earliest(closes) >= day:
        return OPEN
    return UNCLEAR


def ics(page: Page, calls: Iterable[Call]) -> bytes:
    """Calls as a calendar (RFC 5545); one whose dates are not whole days is an event of the days it may cover."""
    day = datetime.timedelta(1)
    events = [(call, call.day, latest(call.closes or call.opens) + day) for call in calls if call.day]
    text = page.plain("calls.ics", events=events)
    return "".join(f"{part}\r\n" for line in text.split("\n") for part in _folded(line)).encode()


def _folded(line: str) -> Iterator[str]:
    """A line of at most 75 bytes, continued on the next with a blank."""
    while len(line.encode()) > 74:
        cut = len(line.encode()[:74].decode(errors="ignore"))
        yield line[:cut]
        line = f" {line[cut:]}"
    yield line


def atom(page: Page, calls: Iterable[Call], title: str) -> bytes:
    """Calls as an Atom feed, the newest first."""
    dated = sorted(calls, key=lambda call: call.opens or call.closes, reverse=True)
    newest = next((call.day for call in dated if call.day), datetime.date(2021, 1, 1))
    entries = [(c.name, c.iri, c.address, c.day or newest, page.period(c.opens, c.closes)) for c in dated]
    return page.render("feed.atom", this=f"{page.address}/doc/call.atom", title=title, updated=newest, entries=entries)
