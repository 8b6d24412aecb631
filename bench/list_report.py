"""Measurements of lists as tables of a page and as a picture."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
_UNION = 2_100_000
"""Operations of all member states and programme periods, about."""
Ratio = Callable[..., tuple[float, float, float]]
Exponent = Callable[[Sequence[float], Sequence[float]], float]


def tables(found: list[dict[str, Any]], page: Path, ratio: Ratio, exponent: Exponent) -> None:
    """Put the tables between the marks of the page."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    parts = [
        _load(found, ratio, exponent),
        _queries(found, exponent),
        _others(found, ratio, exponent),
        _planned(found),
    ]
    page.write_text(f"{before}{BEGIN}\n\n" + "\n\n".join(parts) + f"\n\n{END}{after}", encoding="utf-8")


def _median(found: dict[str, Any], kind: str, what: str) -> float:
    return statistics.median(run[kind][what] for run in found["runs"])


def _spread(values: tuple[float, float, float]) -> str:
    return f"{values[0]:.2f} ({values[1]:.2f}–{values[2]:.2f})"


def _row(*cells: object) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _head(first: str, found: list[dict[str, Any]], *last: str) -> list[str]:
    cells = [first, *(f"{one['rows']:,} rows".replace(",", " ") for one in found), *last]
    return [_row(*cells), _row(*["---"] * len(cells))]


def _growth(found: list[dict[str, Any]], exponent: Exponent, costs: list[float]) -> str:
    return f"{exponent([one['rows'] for one in found], costs):.2f}" if len(found) > 1 else "–"


def _costs(name: str, found: list[dict[str, Any]], kind: str, what: str, exponent: Exponent, digits: int = 1) -> str:
    costs = [_median(one, kind, what) for one in found]
    return _row(name, *(f"{cost:.{digits}f}" for cost in costs), _growth(found, exponent, costs))


def _load(found: list[dict[str, Any]], ratio: Ratio, exponent: Exponent) -> str:
    def compared(name: str, what: str) -> str:
        return _row(name, *(_spread(ratio(one["runs"], "ours", "raw", what)) for one in found), "")

    started = [one["started"]["cpu"] for one in found]
    after = [
        (_median(one, "ours", "cpu") - start) / _median(one, "raw", "cpu")
        for one, start in zip(found, started, strict=True)
    ]
    lines = _head("rows → store", found, "growth")
    lines += [
        _row("quads", *(f"{one['quads']:,}".replace(",", " ") for one in found), ""),
        _costs("`teemagraafi build`, processor s", found, "ours", "cpu", exponent),
        _costs("`bulk_load` of the same quads, processor s", found, "raw", "cpu", exponent),
        compared("**ratio of processor time**", "cpu"),
        _row("the same without what a list of ten rows costs", *(f"{one:.2f}" for one in after), ""),
        compared("ratio of time on the clock", "seconds"),
        _costs("`teemagraafi build`, peak MB, all processes", found, "ours", "memory_mb", exponent, 0),
        _costs("`bulk_load`, peak MB", found, "raw", "memory_mb", exponent, 0),
        compared("**ratio of peak memory**", "memory_mb"),
        compared("ratio of disk", "disk"),
        _row("milliseconds a row", *(f"{_median(one, 'ours', 'cpu') / one['rows'] * 1000:.2f}" for one in found), ""),
        _row("rdflib in memory, processor s", *(_other(one, "rdflib") for one in found), ""),
        _row("Virtuoso's bulk load of the same, s on the clock", *(_other(one, "virtuoso") for one in found), ""),
    ]
    return "\n".join(lines)


def _other(one: dict[str, Any], other: str) -> str:
    return f"{one[other]['load']:.1f}" if other in one else "–"


def _queries(found: list[dict[str, Any]], exponent: Exponent) -> str:
    lines = _head("query, ms: engine / library / Virtuoso / rdflib", found, "growth")
    for name in found[0]["query"]:
        cells = []
        for one in found:
            times = [one["query"][name]["raw"], one["query"][name]["library"]]
            times += [one[other]["queries"][name] for other in ("virtuoso", "rdflib") if other in one]
            cells.append(" / ".join(f"{time:.1f}" if time < 100 else f"{time:.0f}" for time in times))
        lines.append(_row(name, *cells, _growth(found, exponent, [one["query"][name]["raw"] for one in found])))
    return "\n".join(lines)


def _others(found: list[dict[str, Any]], ratio: Ratio, exponent: Exponent) -> str:
    checked = [one for one in found if "validate" in one]
    costs = [one["validate"]["cpu"] for one in checked]
    lines = _head("", found, "growth")
    lines.append(
        _row(
            "shapes over the whole graph, processor s / findings",
            *(
                f"{one['validate']['cpu']:.1f} / {one['validate']['findings']:,}" if "validate" in one else "–"
                for one in found
            ),
            _growth(checked, exponent, costs),
        )
    )
    lines.append(_costs("export, processor s", found, "export", "cpu", exponent))
    lines.append(_row("export / `Store.dump`", *(_spread(ratio(one["runs"], "export", "dump")) for one in found), ""))
    return "\n".join(lines)


def _planned(found: list[dict[str, Any]]) -> str:
    """What a row costs at the largest size, and what all operations of the Union would."""
    largest, rows = found[-1], found[-1]["rows"]
    started = largest["started"]
    costs = {
        "quads": (largest["quads"] - started["quads"]) / rows,
        "build, processor s": (_median(largest, "ours", "cpu") - started["cpu"]) / rows,
        "`bulk_load` of the same, processor s": _median(largest, "raw", "cpu") / rows,
        "store on disk, MB": _median(largest, "ours", "disk") / rows / 1e6,
        "N-Quads, MB": _median(largest, "dump", "bytes") / rows / 1e6,
        "export, processor s": _median(largest, "export", "cpu") / rows,
    }
    if "virtuoso" in largest:
        costs["Virtuoso's bulk load, s on the clock"] = largest["virtuoso"]["load"] / rows
        costs["Virtuoso on disk, MB"] = largest["virtuoso"]["bytes"] / rows / 1e6
    lines = _head("a row, and 2.1 million rows", [], "a row", "all operations of the Union")
    lines += [_row(name, f"{cost:.3g}", f"{cost * _UNION:,.0f}".replace(",", " ")) for name, cost in costs.items()]
    return "\n".join(lines)


def picture(found: list[dict[str, Any]], path: Path) -> None:
    """Cost over size, both logarithmic, as SVG: what is parallel grows alike."""
    series = {
        "teemagraafi build": [_median(one, "ours", "cpu") for one in found],
        "bulk_load of the same quads": [_median(one, "raw", "cpu") for one in found],
        "rdflib, load": [one["rdflib"]["load"] for one in found if "rdflib" in one],
        "shapes": [one["validate"]["cpu"] for one in found if "validate" in one],
        "export": [_median(one, "export", "cpu") for one in found],
    }
    colours = ("#0b3d91", "#c1272d", "#7a7a7a", "#2e7d32", "#b8860b")
    xs = [math.log10(one["rows"]) for one in found]
    ys = [math.log10(max(cost, 0.01)) for costs in series.values() for cost in costs]
    left, right, low, high = min(xs), max(xs), math.floor(min(ys)), math.ceil(max(ys))

    def at(rows: float, cost: float) -> str:
        x = 70 + 470 * (math.log10(rows) - left) / max(right - left, 1e-9)
        y = 330 - 290 * (math.log10(max(cost, 0.01)) - low) / max(high - low, 1)
        return f"{x:.1f},{y:.1f}"

    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 820 380" font-family="sans-serif" font-size="12" role="img">',
        "<title>Processor seconds by number of rows</title>",
        '<rect width="820" height="380" fill="#ffffff"/>',
    ]
    for power in range(low, high + 1):
        y = at(found[0]["rows"], 10.0**power).split(",")[1]
        parts.append(f'<line x1="70" x2="540" y1="{y}" y2="{y}" stroke="#dddddd"/>')
        parts.append(f'<text x="62" y="{y}" text-anchor="end" dy="4">{10.0**power:g} s</text>')
    for one in found:
        x = at(one["rows"], 10.0**low).split(",")[0]
        parts.append(f'<line x1="{x}" x2="{x}" y1="40" y2="330" stroke="#eeeeee"/>')
        parts.append(f'<text x="{x}" y="350" text-anchor="middle">{one["rows"]:,} rows</text>'.replace(",", "&#8239;"))
    for number, ((name, costs), colour) in enumerate(zip(series.items(), colours, strict=True)):
        points = [at(one["rows"], cost) for one, cost in zip(found, costs, strict=False)]
        parts.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{p.split(",")[0]}" cy="{p.split(",")[1]}" r="3" fill="{colour}"/>' for p in points]
        y = 60 + 22 * number
        parts.append(f'<line x1="560" x2="584" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="3"/>')
        parts.append(f'<text x="592" y="{y + 4}">{name}</text>')
    path.write_text("\n".join([*parts, "</svg>"]) + "\n", encoding="utf-8")
