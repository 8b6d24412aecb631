"""Measurements of lists as tables of a page and as a picture."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
Ratio = Callable[..., tuple[float, float, float]]
Exponent = Callable[[Sequence[float], Sequence[float]], float]


def tables(found: list[dict[str, Any]], page: Path, ratio: Ratio, exponent: Exponent) -> None:
    """Put the tables between the marks of the page."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    whole = [one for one in found if "validate" in one]
    parts = [
        _load(found, ratio, exponent),
        _provenance(whole, ratio),
        _queries(found, exponent),
        _others(whole, ratio, exponent),
    ]
    page.write_text(f"{before}{BEGIN}\n\n" + "\n\n".join(parts) + f"\n\n{END}{after}", encoding="utf-8")


def _median(found: dict[str, Any], kind: str, what: str) -> float:
    return statistics.median(run[kind][what] for run in found["runs"])


def _spread(values: tuple[float, float, float]) -> str:
    return f"{values[0]:.2f} ({values[1]:.2f}–{values[2]:.2f})"


def _row(*cells: object) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _head(*cells: str) -> list[str]:
    return [_row(*cells), _row(*["---"] * len(cells))]


def _growth(found: list[dict[str, Any]], exponent: Exponent, costs: list[float]) -> str:
    return f"{exponent([one['rows'] for one in found], costs):.2f}" if len(found) > 1 else "–"


def _load(found: list[dict[str, Any]], ratio: Ratio, exponent: Exponent) -> str:
    lines = _head("rows → store", *(f"{one['rows']:,} rows".replace(",", " ") for one in found), "growth")
    lines.append(_row("quads", *(f"{one['quads']:,}".replace(",", " ") for one in found), ""))
    lines.append(_row("quads a row", *(f"{one['quads'] / one['rows']:.1f}" for one in found), ""))
    for kind, name in (("cells", "this, processor s"), ("raw", "`bulk_load` of the same quads, processor s")):
        costs = [_median(one, kind, "cpu") for one in found]
        lines.append(_row(name, *(f"{cost:.1f}" for cost in costs), _growth(found, exponent, costs)))
    lines.append(
        _row("**ratio of processor time**", *(_spread(ratio(one["runs"], "cells", "raw")) for one in found), "")
    )
    lines.append(
        _row(
            "ratio of time on the clock", *(_spread(ratio(one["runs"], "cells", "raw", "seconds")) for one in found), ""
        )
    )
    costs = [_median(one, "cells", "memory_mb") for one in found]
    lines.append(
        _row("this, peak MB, all processes", *(f"{cost:.0f}" for cost in costs), _growth(found, exponent, costs))
    )
    costs = [_median(one, "raw", "memory_mb") for one in found]
    lines.append(_row("`bulk_load`, peak MB", *(f"{cost:.0f}" for cost in costs), _growth(found, exponent, costs)))
    lines.append(
        _row("**ratio of memory**", *(_spread(ratio(one["runs"], "cells", "raw", "memory_mb")) for one in found), "")
    )
    for other in ("rdflib", "virtuoso"):
        if any(other in one for one in found):
            cells = [_other(one, other) for one in found]
            name = (
                "rdflib in memory, processor s"
                if other == "rdflib"
                else "Virtuoso's bulk load of the same, s on the clock"
            )
            lines.append(_row(name, *cells, ""))
    return "\n".join(lines)


def _other(one: dict[str, Any], other: str) -> str:
    if other not in one:
        return "–"
    return f"{one[other]['cpu']:.0f}" if other == "rdflib" else f"{one[other]['load']:.1f}"


def _provenance(found: list[dict[str, Any]], ratio: Ratio) -> str:
    lines = _head("what a row's graph holds", *(f"{one['rows']:,} rows".replace(",", " ") for one in found))
    names = {
        "none": "nothing (no provenance)",
        "cells": "what its cells say (as built)",
        "full": "a copy of all its triples",
    }
    for kind, name in names.items():
        cells = []
        for one in found:
            disk = _median(one, kind, "disk") / _median(one, "none", "disk")
            cells.append(f"time {_spread(ratio(one['runs'], kind, 'none'))}, disk {disk:.2f}")
        lines.append(_row(name, *cells))
    return "\n".join(lines)


def _queries(found: list[dict[str, Any]], exponent: Exponent) -> str:
    lines = _head(
        "query, ms: engine / library / Virtuoso / rdflib",
        *(f"{one['rows']:,} rows".replace(",", " ") for one in found),
        "growth",
    )
    for name in found[0]["query"]:
        cells = []
        for one in found:
            times = [one["query"][name]["raw"], one["query"][name]["library"]]
            times += [one[other]["queries"][name] for other in ("virtuoso", "rdflib") if other in one]
            cells.append(" / ".join(f"{time:.1f}" if time < 100 else f"{time:.0f}" for time in times))
        lines.append(_row(name, *cells, _growth(found, exponent, [one["query"][name]["raw"] for one in found])))
    return "\n".join(lines)


def _others(found: list[dict[str, Any]], ratio: Ratio, exponent: Exponent) -> str:
    lines = _head("", *(f"{one['rows']:,} rows".replace(",", " ") for one in found), "growth")
    costs = [one["validate"]["cpu"] for one in found]
    lines.append(
        _row(
            "validation of the whole graph, processor s",
            *(f"{cost:.1f}" for cost in costs),
            _growth(found, exponent, costs),
        )
    )
    lines.append(_row("export / `Store.dump`", *(_spread(ratio(one["runs"], "export", "dump")) for one in found), ""))
    lines.append(
        _row(
            "store on disk / `bulk_load`'s",
            *(f"{_median(one, 'cells', 'disk') / _median(one, 'raw', 'disk'):.2f}" for one in found),
            "",
        )
    )
    return "\n".join(lines)


def picture(found: list[dict[str, Any]], path: Path) -> None:
    """Cost over size, both logarithmic, as SVG: what is parallel grows alike."""
    whole = [one for one in found if "validate" in one]
    series = {
        "this": [_median(one, "cells", "cpu") for one in found],
        "bulk_load of the same quads": [_median(one, "raw", "cpu") for one in found],
        "with a full copy in every row's graph": [_median(one, "full", "cpu") for one in whole],
        "without provenance": [_median(one, "none", "cpu") for one in whole],
        "validation": [one["validate"]["cpu"] for one in whole],
        "export": [_median(one, "export", "cpu") for one in whole],
    }
    colours = ("#0b3d91", "#c1272d", "#7a7a7a", "#9fb7d9", "#2e7d32", "#b8860b")
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
        parts.append(f'<text x="{x}" y="350" text-anchor="middle">{one["rows"]:,} rows</text>'.replace(",", " ", 0))
    for number, ((name, costs), colour) in enumerate(zip(series.items(), colours, strict=True)):
        points = [at(one["rows"], cost) for one, cost in zip(found, costs, strict=False)]
        parts.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{p.split(",")[0]}" cy="{p.split(",")[1]}" r="3" fill="{colour}"/>' for p in points]
        y = 60 + 22 * number
        parts.append(f'<line x1="560" x2="584" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="3"/>')
        parts.append(f'<text x="592" y="{y + 4}">{name}</text>')
    path.write_text("\n".join([*parts, "</svg>"]) + "\n", encoding="utf-8")
