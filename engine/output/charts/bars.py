"""Horizontal bars: one group a row, one bar a number, each with its value written out."""

from __future__ import annotations

from engine.output.charts.picture import MARGIN, MOST, WIDTH, Picture, amount, begin, data, finish, said, word
from engine.output.charts.svg import CLASSES, GREY, INK, RULE, SERIES, grouped, legend, short, ticks, wrap
from engine.query.results import Result

_LABELS = 330.0
_BAR, _GAP = 15.0, 12.0


def bars(result: Result) -> Picture:
    """The picture of a result whose first axis names and whose others count or measure."""
    table = data(result)
    names = list(table.headings[1:])
    rows = [(said(row[0]), [amount(v) for v in row[1:]]) for row in table.rows[:MOST]]
    colours = SERIES if len(names) <= len(SERIES) else CLASSES
    most = max((v for _, values in rows for v in values if v is not None), default=0.0)
    scale = ticks(most)
    group = max(_BAR * len(names), 30.0) + _GAP
    drawing, top = begin(result, 60 + group * len(rows))
    legend(drawing, MARGIN, top, names, colours)
    top += 34
    left, right = MARGIN + _LABELS, WIDTH - MARGIN - 60

    def x(value: float) -> float:
        return left + (right - left) * value / scale[-1]

    for tick in scale:
        drawing.line(x(tick), top - 6, x(tick), top + group * len(rows), RULE)
        drawing.text(x(tick), top - 10, short(tick, result.lang), 11, anchor="middle", fill=GREY)
    for n, (label, values) in enumerate(rows):
        y = top + group * n + _GAP / 2
        lines = wrap(label, 12, _LABELS - 14)
        for m, line in enumerate(lines):
            drawing.text(
                left - 10, y + 14 + 14 * m - 7 * (len(lines) - 1) + (group - _GAP - 15) / 2, line, 12, anchor="end"
            )
        for m, value in enumerate(values):
            at = y + _BAR * m + (max(30.0 - _BAR * len(names), 0) / 2)
            if value is None:
                drawing.text(left + 4, at + 12, word("not_stated", result.lang), 10, fill=GREY)
                continue
            hint = f"{label}, {names[m]}: {grouped(value)}"
            drawing.rect(left, at, x(max(value, 0)) - left, _BAR - 3, colours[m % len(colours)], INK, hint)
            drawing.text(x(max(value, 0)) + 5, at + 11, short(value, result.lang), 10)
    drawing.line(left, top - 6, left, top + group * len(rows), INK)
    return finish(drawing, result, _described(names, rows), len(table.rows) - len(rows))


def _described(names: list[str], rows: list[tuple[str, list[float | None]]]) -> str:
    parts = [f"Bar chart of {', '.join(names)} for {len(rows)} rows."]
    for m, name in enumerate(names):
        known = [(values[m], label) for label, values in rows if values[m] is not None]
        if known:
            value, label = max(known, key=lambda vl: vl[0] or 0)
            parts.append(f"Most {name}: {label}, {short(value or 0)}.")
    return " ".join(parts)
