"""Charts of results as SVG: bars, timeline and map here, Sankey and network beside."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable
from datetime import MAXYEAR, date

from engine.output import svg
from engine.output.networks import network, sankey
from engine.output.svg import GREY, INK, MARGIN, PAPER, WIDTH, Drawing, Picture
from engine.query.result import Result, Value
from engine.search import roots
from engine.words import compact, day, number
from loaders.data import beside
from loaders.errors import QueryUsageError

_LABELS = 330.0
_BAR, _GAP = 15.0, 12.0


def bars(result: Result) -> Picture:
    """The picture of a result whose first axis names and whose others count or measure."""
    table = svg.data(result)
    names = list(table.headings[1:])
    rows = [(svg.cell_label(row[0]), [svg.amount(v) for v in row[1:]]) for row in table.rows[: svg.MOST]]
    colours = svg.colours_of(table.names[1:])
    most = max((v for _, values in rows for v in values if v is not None), default=0.0)
    scale = svg.ticks(most)
    group = max(_BAR * len(names), 30.0) + _GAP
    drawing, top = svg.begin(result, 60 + group * len(rows))
    svg.legend(drawing, MARGIN, top, names, colours)
    top += 34
    left, right = MARGIN + _LABELS, WIDTH - MARGIN - 60

    def x(value: float) -> float:
        return left + (right - left) * value / scale[-1]

    for tick in scale:
        drawing.line(x(tick), top - 6, x(tick), top + group * len(rows), svg.RULE)
        drawing.text(x(tick), top - 10, compact(tick, result.lang), 11, anchor="middle", fill=GREY)
    for n, (label, values) in enumerate(rows):
        y = top + group * n + _GAP / 2
        lines = svg.wrap(label, 12, _LABELS - 14)
        for m, line in enumerate(lines):
            line_y = y + 14 + 14 * m - 7 * (len(lines) - 1) + (group - _GAP - 15) / 2
            drawing.text(left - 10, line_y, line, 12, anchor="end")
        for m, value in enumerate(values):
            at = y + _BAR * m + (max(30.0 - _BAR * len(names), 0) / 2)
            if value is None:
                cell = table.rows[n][m + 1]
                shown = svg.cell_label(cell) if cell is not None else svg.word("not_stated", result.lang)
                drawing.text(left + 4, at + 12, svg.fit(shown, 10, right - left), 10, fill=GREY)
                continue
            hint = f"{label}, {names[m]}: {number(value, result.lang)}"
            drawing.rect(left, at, x(max(value, 0)) - left, _BAR - 3, colours[m], INK, hint)
            drawing.text(x(max(value, 0)) + 5, at + 11, compact(value, result.lang), 10)
    drawing.line(left, top - 6, left, top + group * len(rows), INK)
    return svg.finish(drawing, result, _described(names, rows, result.lang), len(table.rows) - len(rows))


def _described(names: list[str], rows: list[tuple[str, list[float | None]]], lang: str) -> str:
    parts = [svg.word("bars", lang, columns=", ".join(names), n=len(rows))]
    for m, name in enumerate(names):
        known = [(values[m], label) for label, values in rows if values[m] is not None]
        if known:
            value, label = max(known, key=lambda vl: vl[0] or 0)
            parts.append(svg.word("highest", lang, column=name, name=label, value=compact(value or 0, lang)))
    return " ".join(parts)


Span = tuple[date, date]
Scale = Callable[[date], float]

_ROW = 22.0
_CLASSES_SHOWN = 8
_BESIDE = 90.0
"""Room beside a bar under which its class is written on it."""


def span(value: Value) -> Span | None:
    """The first and last day a date may mean."""
    text = svg.cell_label(value)
    try:
        if len(text) == 4:
            return date(int(text), 1, 1), date(int(text), 12, 31)
        if len(text) == 7:
            year, month = int(text[:4]), int(text[5:])
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day, day


def timeline(result: Result) -> Picture:
    """The picture of a result whose axes are a name, a start, an end and, perhaps, a class."""
    table = svg.data(result)
    if len(table.names) < 3:
        raise QueryUsageError("a timeline needs a name, a start and an end")
    named = svg.cell_label
    rows = [(named(r[0]), span(r[1]), span(r[2]), named(r[3]) if len(r) > 3 else "") for r in table.rows]
    dated = [row for row in rows if row[1] or row[2]][: svg.MOST]
    if not dated:
        raise QueryUsageError("no row has a date: there is nothing to draw")
    days = [day for _, start, end, _ in dated for span in (start, end) if span for day in span]
    first, last = min(days).replace(month=1, day=1), max(days).replace(month=12, day=31)
    groups = list(dict.fromkeys(row[3] for row in dated))
    colours = {g: svg.CLASSES[n % len(svg.CLASSES)] for n, g in enumerate(groups)}
    drawing, top = svg.begin(result, 70 + _ROW * len(dated))
    in_legend = len(groups) <= _CLASSES_SHOWN and svg.legend_width(groups) <= WIDTH - 2 * MARGIN
    if in_legend and len(groups) > 1:
        svg.legend(drawing, MARGIN, top, groups, list(colours.values()))
    top += 40
    left, right = MARGIN + _LABELS, WIDTH - MARGIN

    def x(day: date) -> float:
        return left + (right - left) * (day - first).days / max((last - first).days, 1)

    _years(drawing, first, last, x, top, _ROW * len(dated))
    for n, (label, start, end, group) in enumerate(dated):
        y = top + _ROW * n
        drawing.text(left - 10, y + 15, svg.fit(label, 11, _LABELS - 14), 11, anchor="end")
        hint = f"{label}: {_span_text(start, result.lang)} – {_span_text(end, result.lang)}{f' ({group})' if group else ''}"
        _bar(drawing, x, start, end, last, y, colours[group], hint)
        if not in_legend:
            _class_beside(drawing, group, x((start or end)[0]), x((end or start)[1]), y, (left, right))  # type: ignore[index]
    ends = {"first": day(min(days), result.lang), "last": day(max(days), result.lang)}
    words = svg.word("timeline", result.lang, n=len(dated), **ends)
    return svg.finish(drawing, result, words, len(rows) - len(dated))


def _class_beside(drawing: Drawing, name: str, x1: float, x2: float, y: float, room: tuple[float, float]) -> None:
    """The class written on the side of the bar that has more room: too many colours, or cut names, tell nothing apart."""
    left, right = room
    if max(right - x2, x1 - left) < _BESIDE:
        drawing.text(x1 + 6, y + 14, svg.fit(name, 9, x2 - x1 - 12), 9, halo=True)
    elif right - x2 >= x1 - left:
        drawing.text(x2 + 6, y + 14, svg.fit(name, 9, right - x2 - 8), 9, fill=GREY, halo=True)
    else:
        drawing.text(x1 - 6, y + 14, svg.fit(name, 9, x1 - left - 8), 9, anchor="end", fill=GREY, halo=True)


def _span_text(span: Span | None, lang: str) -> str:
    """The day, month or year that a span of days stands for."""
    if span is None:
        return svg.word("not_stated", lang)
    days = (span[1] - span[0]).days
    return day(span[0].isoformat()[: 10 if not days else 7 if days <= 30 else 4], lang)


def _years(drawing: Drawing, first: date, last: date, x: Scale, top: float, height: float) -> None:
    """A line at the first day of each year; of many years, of about every fortieth part."""
    step = max((last.year - first.year) // 40, 1)
    for year in range(first.year, min(last.year + 1, MAXYEAR) + 1, step):
        at = x(date(year, 1, 1))
        drawing.line(at, top - 8, at, top + height, svg.RULE)
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


PLACES: dict[str, list[int]] = beside(__file__, "regions.toml")
"""Column and row of each region, north at the top."""

_SHADES = ("#f2f6fa", "#cfe1f0", "#9cc4e2", "#5b9bc9", "#2a6ea3", "#0b2f4e")
_TILE = 104.0


def tiles(result: Result) -> Picture:
    """The picture of a result whose axes are a region's name and a number; other places are listed beside the map."""
    table = svg.data(result)
    if len(table.names) < 2:
        raise QueryUsageError("a map needs a column of regions and one of numbers")
    known = {tuple(roots(name)): name for name in PLACES}
    values: dict[str, float] = defaultdict(float)
    elsewhere: dict[str, float] = defaultdict(float)
    for row in table.rows:
        value = svg.amount(row[1])
        if value is not None:
            region = known.get(tuple(roots(svg.cell_label(row[0]))))
            (values if region else elsewhere)[region or svg.cell_label(row[0])] += value
    if not values and not elsewhere:
        raise QueryUsageError("no row has a number: there is nothing to draw")
    drawing, top = svg.begin(result, _TILE * 7 + 60)
    drawing.text(MARGIN, top - 6, svg.word("measure", result.lang, n=table.headings[1]), 12, fill=GREY)
    top += 16
    most = max(values.values(), default=1.0)
    left = MARGIN + _TILE + 20
    for name, (column, row_) in PLACES.items():
        value = values.get(name)
        shade = 0 if value is None or most <= 0 else min(int(value / most * (len(_SHADES) - 1) + 0.5), len(_SHADES) - 1)
        x, y = left + _TILE * column, top + _TILE * row_
        fill = _SHADES[shade] if value is not None else PAPER
        drawing.rect(x + 3, y + 3, _TILE - 6, _TILE - 6, fill, GREY, f"{name}: {value}")
        ink = PAPER if shade >= 4 and value is not None else INK
        for n, line in enumerate(svg.wrap(name.replace("-", "- "), 11, _TILE - 14)):
            drawing.text(x + _TILE / 2, y + 30 + 14 * n, line.replace("- ", "-"), 11, anchor="middle", fill=ink)
        figure = "–" if value is None else compact(value, result.lang)
        drawing.text(x + _TILE / 2, y + _TILE - 22, figure, 15, anchor="middle", fill=ink, bold=True)
    ranked = sorted(elsewhere.items(), key=lambda e: (-e[1], e[0]))
    _list(drawing, ranked[:24], top, svg.word("elsewhere", result.lang, n=table.headings[1]), result.lang)
    where, value = max(values.items(), key=lambda v: v[1], default=(svg.word("no_region", result.lang), 0.0))
    words = svg.word("map", result.lang, column=table.headings[1], name=where, value=compact(value, result.lang))
    words += " " + svg.word("beside", result.lang, n=len(elsewhere)) if elsewhere else ""
    return svg.finish(drawing, result, words, max(len(ranked) - 24, 0))


def _list(drawing: Drawing, places: list[tuple[str, float]], top: float, title: str, lang: str) -> None:
    x = WIDTH - MARGIN - 250
    if places:
        drawing.text(x, top + 16, title, 12, bold=True)
    for n, (name, value) in enumerate(places):
        drawing.text(x, top + 38 + 18 * n, svg.fit(f"{name} {compact(value, lang)}", 12, 250), 12)


KINDS = {"bars": bars, "sankey": sankey, "timeline": timeline, "network": network, "map": tiles}


def picture(result: Result) -> Picture:
    """The picture that the query's header asks for; bars where it asks for none."""
    query = result.query
    return KINDS[query.chart or (query.view if query.view in KINDS else "bars")](result)
