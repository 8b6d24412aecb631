"""Pictures of results: bars, Sankey, network, timeline and map, as SVG, PNG or a web page; all without a network."""

from __future__ import annotations

from collections.abc import Callable

from engine.output.charts.bars import bars
from engine.output.charts.network import network
from engine.output.charts.picture import Picture
from engine.output.charts.sankey import sankey
from engine.output.charts.tiles import tiles
from engine.output.charts.timeline import timeline
from engine.query.errors import QueryUsageError
from engine.query.results import Result

FORMATS = ("svg", "png", "html")

KINDS: dict[str, Callable[[Result], Picture]] = {
    "bars": bars,
    "sankey": sankey,
    "timeline": timeline,
    "network": network,
    "map": tiles,
}


def picture(result: Result) -> Picture:
    """The picture that the query's header asks for; bars where it asks for none."""
    query = result.query
    return KINDS[query.chart or (query.view if query.view in KINDS else "bars")](result)


def draw(result: Result, fmt: str) -> bytes:
    """The picture as a file's bytes, ``fmt`` being ``svg``, ``png`` or ``html``."""
    if fmt not in FORMATS:
        raise QueryUsageError(f"no picture ends in .{fmt}: use {', '.join(FORMATS)}")
    made = picture(result)
    if fmt == "svg":
        return made.svg.encode()
    if fmt == "png":
        from engine.output.charts.raster import png

        return png(made)
    from engine.output.charts.page import page

    return page(made, result).encode()
