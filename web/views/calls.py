"""Calls on a day, and as a calendar and a feed."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.output.charts import span
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
        dates = span(self.opens or self.closes)
        return dates[0] if dates else None


def state_on(opens: str, closes: str, day: datetime.date) -> str:
    """Whether a call is open, coming or closed on a day; unclear where its dates are not precise enough to say."""
    opening, closing = span(opens), span(closes)
    if closing and closing[1] < day:
        return CLOSED
    if opening and opening[0] > day:
        return COMING
    if opening and opening[1] <= day and closing and closing[0] >= day:
        return OPEN
    return UNCLEAR


def ics(page: Page, calls: Iterable[Call]) -> bytes:
    """Calls as a calendar (RFC 5545); one whose dates are not whole days is an event of the days it may cover."""
    day = datetime.timedelta(1)
    dated = ((call, call.day, span(call.closes or call.opens)) for call in calls)
    events = [(call, first, last[1] + day) for call, first, last in dated if first and last]
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
