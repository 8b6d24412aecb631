"""Calls on a day, and as a calendar and a feed."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from web import words
from web.views import Entry, View, feed

OPEN, COMING, CLOSED, UNCLEAR = "open", "coming", "closed", "unclear"


@dataclass(frozen=True, slots=True)
class Call:
    """A call with its theme in its name, its first and last day as precise as they are known, and its page."""

    iri: str
    name: str
    opens: str
    closes: str
    address: str


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


def ics(calls: Sequence[Call]) -> bytes:
    """Calls as a calendar (RFC 5545); one whose dates are not whole days is an event of the days it may cover."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Teemagraafi//FI", "CALSCALE:GREGORIAN"]
    for call in calls:
        opens, closes = call.opens, call.closes
        if opens or closes:
            first, last = earliest(opens or closes), latest(closes or opens)
            lines += ["BEGIN:VEVENT", f"UID:{call.iri}", f"DTSTAMP:{_stamp(opens or closes)}"]
            lines += [f"DTSTART;VALUE=DATE:{first:%Y%m%d}", f"DTEND;VALUE=DATE:{last + datetime.timedelta(1):%Y%m%d}"]
            lines += [f"SUMMARY:{_escaped(call.name)}", f"URL:{call.address}", "END:VEVENT"]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def _stamp(text: str) -> str:
    """A time stamp of an event that does not change from one answer to the next."""
    return f"{earliest(text):%Y%m%d}T000000Z"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line of at most 75 bytes, continued on the next with a blank."""
    parts, rest = [], line
    while len(rest.encode()) > 74:
        cut = 74
        while len(rest[:cut].encode()) > 74:
            cut -= 1
        parts.append(rest[:cut])
        rest = f" {rest[cut:]}"
    return "\r\n".join([*parts, rest])


def atom(view: View, calls: Sequence[Call], title: str) -> bytes:
    """Calls as an Atom feed, the newest first."""
    dated = sorted(calls, key=lambda call: call.opens or call.closes, reverse=True)
    known = (earliest(call.opens or call.closes) for call in dated if call.opens or call.closes)
    newest = next(known, datetime.date(2021, 1, 1))

    def entry(call: Call) -> Entry:
        times = "–".join(words.date(t, view.lang) for t in (call.opens, call.closes) if t)
        day = earliest(call.opens or call.closes) if call.opens or call.closes else newest
        return Entry(call.name, call.iri, call.address, day, times)

    return feed(view, f"{view.address}/doc/call.atom", title, newest, [entry(call) for call in dated])
