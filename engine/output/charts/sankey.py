"""A Sankey diagram: every row flows its last number through the things its other columns name, left to right."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from engine.output.charts.picture import MARGIN, WIDTH, Picture, amount, begin, data, finish, said
from engine.output.charts.svg import CLASSES, GREY, INK, Drawing, fit, grouped, short, width_of, wrap
from engine.query.errors import QueryUsageError
from engine.query.results import Result

_NODE, _LABEL, _GAP = 14.0, 190.0, 9.0


@dataclass(slots=True)
class _Node:
    name: str
    layer: int
    flow: float = 0.0
    y: float = 0.0
    height: float = 0.0
    out: float = 0.0
    """How much of its right and left edge has been used by ribbons so far."""
    into: float = 0.0
    links: dict[str, float] = field(default_factory=lambda: defaultdict(float))


Layers = list[dict[str, _Node]]


def sankey(result: Result) -> Picture:
    """The picture of a result whose axes are two or more columns of names and one of numbers."""
    table = data(result)
    if len(table.names) < 3:
        raise QueryUsageError("a Sankey diagram needs two columns of names and one of numbers")
    layers, drawn = _layers([(list(map(said, row[:-1])), amount(row[-1])) for row in table.rows], len(table.names) - 1)
    most_nodes = max(len(layer) for layer in layers)
    height = max(320.0, 34.0 * most_nodes)
    drawing, top = begin(result, height + 60)
    top += 22
    _place(layers, top, height)
    xs = _columns(len(layers))
    for n, name in enumerate(table.headings[:-1]):
        drawing.text(xs[n], top - 14, name, 12, bold=True)
    _ribbons(drawing, layers, xs)
    _nodes(drawing, layers, xs, result.lang)
    total = sum(node.flow for node in layers[0].values())
    largest = max(layers[0].values(), key=lambda node: node.flow)
    way = " over ".join(table.headings[:-1])
    whole = f"{table.headings[-1]} {short(total)} in all"
    words = f"Flow diagram from {way}: {whole}, most from {largest.name} ({short(largest.flow)})."
    return finish(drawing, result, words, len(table.rows) - drawn)


def _layers(rows: list[tuple[list[str], float | None]], count: int) -> tuple[Layers, int]:
    layers: Layers = [{} for _ in range(count)]
    drawn = 0
    for names, value in rows:
        if value is None or value <= 0:
            continue
        drawn += 1
        for n, name in enumerate(names):
            node = layers[n].setdefault(name, _Node(name, n))
            node.flow += value
            if n + 1 < count:
                node.links[names[n + 1]] += value
    if not drawn:
        raise QueryUsageError("no row has an amount above zero: there is nothing to draw")
    return layers, drawn


def _columns(count: int) -> list[float]:
    """Left edges of the layers' nodes; labels stand right of them."""
    return [MARGIN + n * (WIDTH - 2 * MARGIN - _NODE - _LABEL) / (count - 1) for n in range(count)]


def _place(layers: Layers, top: float, height: float) -> None:
    """Order each layer by where its flows come from, and give every node its height."""
    total = sum(node.flow for node in layers[0].values())
    most = max(len(layer) for layer in layers)
    unit = (height - _GAP * (most - 1)) / total
    for n, layer in enumerate(layers):
        if n == 0:
            ordered = sorted(layer.values(), key=lambda node: (-node.flow, node.name))
        else:
            before = list(layers[n - 1].values())
            centre = {
                o.name: sum(b.links.get(o.name, 0) * (b.y + b.height / 2) for b in before) / o.flow
                for o in layer.values()
            }
            ordered = sorted(layer.values(), key=lambda node: (centre[node.name], node.name))
        y = top + (height - unit * sum(o.flow for o in ordered) - _GAP * (len(ordered) - 1)) / 2
        for node in ordered:
            node.y, node.height = y, max(node.flow * unit, 1.0)
            y += node.height + _GAP
        layers[n] = {node.name: node for node in ordered}


def _ribbons(drawing: Drawing, layers: Layers, xs: list[float]) -> None:
    for n, layer in enumerate(layers[:-1]):
        for m, node in enumerate(layer.values()):
            colour = CLASSES[m % len(CLASSES)] if n == 0 else GREY
            for name, value in sorted(node.links.items(), key=lambda link: layers[n + 1][link[0]].y):
                target = layers[n + 1][name]
                thick = node.height * value / node.flow
                y1, y2 = node.y + node.out, target.y + target.into
                x1, x2 = xs[n] + _NODE, xs[n + 1]
                bend = (x1 + x2) / 2
                steps = ("M", x1, y1, "C", bend, y1, bend, y2, x2, y2, "L", x2, y2 + thick,
                         "C", bend, y2 + thick, bend, y1 + thick, x1, y1 + thick, "Z")  # fmt: skip
                hint = f"{node.name} → {name}: {grouped(value)}"
                drawing.path(steps, colour, hint=hint, opacity=0.45)
                node.out += thick
                target.into += thick


def _nodes(drawing: Drawing, layers: Layers, xs: list[float], lang: str) -> None:
    for n, layer in enumerate(layers):
        for node in layer.values():
            drawing.rect(xs[n], node.y, _NODE, node.height, INK, hint=f"{node.name}: {grouped(node.flow)}")
            lines = _label(node, lang)
            for m, line in enumerate(lines):
                y = node.y + node.height / 2 + 4 + 13 * (m - (len(lines) - 1) / 2)
                drawing.text(xs[n] + _NODE + 6, y, line, 11, halo=True)


def _label(node: _Node, lang: str) -> list[str]:
    """The node's name and its flow, on one line where there is no room for more: the flow is never cut."""
    figure = short(node.flow, lang)
    room = _LABEL - width_of(f" {figure}", 11)
    if node.height < 26 or width_of(node.name, 11) <= room:
        return [f"{fit(node.name, 11, room)} {figure}"]
    return [*wrap(node.name, 11, _LABEL, 2), figure]
