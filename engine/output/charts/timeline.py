"""A timeline: one bar from start to end a row, paler where a date is known to the month or the year only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from engine.output.charts.picture import MARGIN, MOST, WIDTH, Picture, begin, data, finish, said
from engine.output.charts.svg import CLASSES, GREY, INK, RULE, Drawing, fit, legend, legend_width
from engine.query.errors import QueryUsageError
from engine.query.results import Result, Value

Span = tuple[date, date]
Scale = Callable[[date], float]

_LABELS, _ROW = 330.0, 22.0
_CLASSES_SHOWN = 8
_BESIDE = 90.0
"""Room beside a bar under which its class is written on it."""


def span(value: Value) -> Span | None:
    """The first and last day a date may mean."""
    text = said(value)
    try:
        if len(text) == 4:
            return date(int(text), 1, 1), date(int(text), 12, 31)
        if len(text) == 7:
            first = date(int(text[:4]), int(text[5:]), 1)
            return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day, day


def timeline(result: Result) -> Picture:
    """The picture of a result whose axes are a name, a start, an end and, perhaps, a class."""
    table = data(result)
    if len(table.names) < 3:
        raise QueryUsageError("a timeline needs a name, a start and an end")
    rows = [(said(r[0]), span(r[1]), span(r[2]), said(r[3]) if len(r) > 3 else "") for r in table.rows]
    dated = [row for row in rows if row[1] or row[2]][:MOST]
    if not dated:
        raise QueryUsageError("no row has a date: there is nothing to draw")
    days = [day for _, start, end, _ in dated for found in (start, end) if found for day in found]
    first, last = min(days).replace(month=1, day=1), max(days).replace(month=12, day=31)
    groups = list(dict.fromkeys(row[3] for row in dated))
    colours = {g: CLASSES[n % len(CLASSES)] for n, g in enumerate(groups)}
    drawing, top = begin(result, 70 + _ROW * len(dated))
    in_legend = len(groups) <= _CLASSES_SHOWN and legend_width(groups) <= WIDTH - 2 * MARGIN
    if in_legend and len(groups) > 1:
        legend(drawing, MARGIN, top, groups, list(colours.values()))
    top += 40
    left, right = MARGIN + _LABELS, WIDTH - MARGIN

    def x(day: date) -> float:
        return left + (right - left) * (day - first).days / max((last - first).days, 1)

    _years(drawing, first, last, x, top, _ROW * len(dated))
    for n, (label, start, end, group) in enumerate(dated):
        y = top + _ROW * n
        drawing.text(left - 10, y + 15, fit(label, 11, _LABELS - 14), 11, anchor="end")
        hint = f"{label}: {_words(start)} – {_words(end)}{f' ({group})' if group else ''}"
        _bar(drawing, x, start, end, last, y, colours[group], hint)
        if not in_legend:
            _class_beside(drawing, group, x((start or end)[0]), x((end or start)[1]), y, (left, right))  # type: ignore[index]
    earliest, latest = min(days), max(days)
    words = f"Timeline of {len(dated)} rows from {earliest} to {latest}; dates known to the month or year are paler."
    return finish(drawing, result, words, len(rows) - len(dated))


def _class_beside(drawing: Drawing, name: str, x1: float, x2: float, y: float, room: tuple[float, float]) -> None:
    """The class written on the side of the bar that has more room: too many colours, or cut names, tell nothing apart."""
    left, right = room
    if max(right - x2, x1 - left) < _BESIDE:
        drawing.text(x1 + 6, y + 14, fit(name, 9, x2 - x1 - 12), 9, halo=True)
    elif right - x2 >= x1 - left:
        drawing.text(x2 + 6, y + 14, fit(name, 9, right - x2 - 8), 9, fill=GREY, halo=True)
    else:
        drawing.text(x1 - 6, y + 14, fit(name, 9, x1 - left - 8), 9, anchor="end", fill=GREY, halo=True)


def _words(found: Span | None) -> str:
    if found is None:
        return "not stated"
    return found[0].isoformat() if found[0] == found[1] else f"{found[0].isoformat()}/{found[1].isoformat()}"


def _years(drawing: Drawing, first: date, last: date, x: Scale, top: float, height: float) -> None:
    for year in range(first.year, last.year + 2):
        at = x(date(year, 1, 1))
        drawing.line(at, top - 8, at, top + height, RULE)
        if year <= last.year:
            drawing.text(at + 4, top - 12, str(year), 11, fill=GREY)


def _bar(
    drawing: Drawing, x: Scale, start: Span | None, end: Span | None, last: date, y: float, colour: str, hint: str
) -> None:
    """Full colour between the dates that are sure, pale over what they may mean, a dashed line where one is not stated."""
    pale_from = start[0] if start else end[0]  # type: ignore[index]
    pale_to = end[1] if end else start[1]  # type: ignore[index]
    sure_from = start[1] if start else pale_from
    sure_to = end[0] if end else sure_from
    x1, x2 = x(pale_from), x(pale_to)
    drawing.rect(x1, y + 4, max(x2 - x1, 3), _ROW - 9, colour, INK, hint, opacity=0.35)
    if sure_to > sure_from:
        drawing.rect(x(sure_from), y + 4, x(sure_to) - x(sure_from), _ROW - 9, colour, INK, hint)
    if end is None:
        drawing.line(x2, y + _ROW / 2, x(last), y + _ROW / 2, GREY, dash="2 3")
