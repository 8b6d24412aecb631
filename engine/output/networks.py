"""Charts of ties: Sankey diagrams and networks."""

from collections import defaultdict
from dataclasses import dataclass, field
from math import cos, degrees, pi, sin
from statistics import fmean

from engine.output import svg
from engine.output.svg import GREY, INK, MARGIN, PAPER, WIDTH, Drawing, Picture
from engine.query.result import LABEL, Result
from engine.words import compact, number
from loaders.errors import QueryUsageError

_NODE, _LABEL, _GAP = 14.0, 190.0, 9.0


@dataclass(slots=True)
class _Node:
    name: str
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
    table = svg.data(result)
    if len(table.names) < 3:
        raise QueryUsageError("a Sankey diagram needs two columns of names and one of numbers")
    layers, drawn = _layers(
        [(list(map(svg.cell_label, row[:-1])), svg.amount(row[-1])) for row in table.rows], len(table.names) - 1
    )
    most_nodes = max(len(layer) for layer in layers)
    height = max(320.0, 34.0 * most_nodes)
    drawing, top = svg.begin(result, height + 60)
    top += 22
    _place(layers, top, height)
    # left edges of the layers' nodes; labels stand right of them
    xs = [MARGIN + n * (WIDTH - 2 * MARGIN - _NODE - _LABEL) / (len(layers) - 1) for n in range(len(layers))]
    for n, name in enumerate(table.headings[:-1]):
        drawing.text(xs[n], top - 14, name, 12, bold=True)
    _ribbons(drawing, layers, xs, result.lang)
    _nodes(drawing, layers, xs, result.lang)
    total = sum(node.flow for node in layers[0].values())
    largest, lang = max(layers[0].values(), key=lambda node: node.flow), result.lang
    way = svg.word("through", lang).join(table.headings[:-1])
    amounts = {"total": compact(total, lang), "value": compact(largest.flow, lang)}
    words = svg.word("flow", lang, way=way, column=table.headings[-1], name=largest.name, **amounts)
    return svg.finish(drawing, result, words, len(table.rows) - drawn)


def _layers(rows: list[tuple[list[str], float | None]], count: int) -> tuple[Layers, int]:
    layers: Layers = [{} for _ in range(count)]
    drawn = 0
    for names, value in rows:
        if value is None or value <= 0:
            continue
        drawn += 1
        for n, name in enumerate(names):
            node = layers[n].setdefault(name, _Node(name))
            node.flow += value
            if n + 1 < count:
                node.links[names[n + 1]] += value
    if not drawn:
        raise QueryUsageError("no row has an amount above zero: there is nothing to draw")
    return layers, drawn


def _place(layers: Layers, top: float, height: float) -> None:
    """Order each layer by where its flows come from, and give every node its height."""
    total = sum(node.flow for node in layers[0].values())
    most = max(len(layer) for layer in layers)
    unit = (height - _GAP * (most - 1)) / total
    for n, layer in enumerate(layers):
        before = list(layers[n - 1].values()) if n else []
        centre = {
            o.name: sum(b.links.get(o.name, 0) * (b.y + b.height / 2) for b in before) / o.flow if n else -o.flow
            for o in layer.values()
        }
        ordered = sorted(layer.values(), key=lambda node: (centre[node.name], node.name))
        y = top + (height - unit * sum(o.flow for o in ordered) - _GAP * (len(ordered) - 1)) / 2
        for node in ordered:
            node.y, node.height = y, max(node.flow * unit, 1.0)
            y += node.height + _GAP
        layers[n] = {node.name: node for node in ordered}


def _ribbons(drawing: Drawing, layers: Layers, xs: list[float], lang: str) -> None:
    for n, layer in enumerate(layers[:-1]):
        for m, node in enumerate(layer.values()):
            colour = svg.CLASSES[m % len(svg.CLASSES)] if n == 0 else GREY
            for name, value in sorted(node.links.items(), key=lambda link: layers[n + 1][link[0]].y):
                target = layers[n + 1][name]
                thick = node.height * value / node.flow
                y1, y2 = node.y + node.out, target.y + target.into
                x1, x2 = xs[n] + _NODE, xs[n + 1]
                bend = (x1 + x2) / 2
                steps = ("M", x1, y1, "C", bend, y1, bend, y2, x2, y2, "L", x2, y2 + thick,
                         "C", bend, y2 + thick, bend, y1 + thick, x1, y1 + thick, "Z")  # fmt: skip
                hint = f"{node.name} → {name}: {number(value, lang)}"
                drawing.path(steps, colour, hint=hint, opacity=0.45)
                node.out += thick
                target.into += thick


def _nodes(drawing: Drawing, layers: Layers, xs: list[float], lang: str) -> None:
    for n, layer in enumerate(layers):
        for node in layer.values():
            drawing.rect(xs[n], node.y, _NODE, node.height, INK, hint=f"{node.name}: {number(node.flow, lang)}")
            # the name and the flow, on one line where there is no room for more: the flow is never cut
            figure = compact(node.flow, lang)
            room = _LABEL - svg.width_of(f" {figure}", 11)
            lines = [f"{svg.fit(node.name, 11, room)} {figure}"]
            if node.height >= 26 and svg.width_of(node.name, 11) > room:
                lines = [*svg.wrap(node.name, 11, _LABEL, 2), figure]
            for m, line in enumerate(lines):
                y = node.y + node.height / 2 + 4 + 13 * (m - (len(lines) - 1) / 2)
                drawing.text(xs[n] + _NODE + 6, y, line, 11, halo=True)


Edges = dict[tuple[str, str], float]


def network(result: Result) -> Picture:
    """The picture of a result whose axes are two columns of names and, perhaps, one of weights."""
    table = svg.data(result)
    if len(table.names) < 2:
        raise QueryUsageError("a network needs two columns of names")
    edges, left_out = _edges(table)
    if _two_kinds(result, table):
        return _sides(result, table, edges, left_out)
    return _circle(result, table, edges, left_out)


def _two_kinds(result: Result, table: svg.Data) -> bool:
    """Whether no thing is on both sides. IRIs are compared if there are any, because two things may share a name."""
    columns = [name.removesuffix(LABEL) for name in table.names[:2]]
    by_iri = all(name in result.columns for name in columns)
    at, rows = ([*map(result.columns.index, columns)], result.rows) if by_iri else ([0, 1], table.rows)
    lefts, rights = ({row[n] for row in rows if row[n] is not None} for n in at)
    return not lefts & rights


def _edges(table: svg.Data) -> tuple[Edges, int]:
    """The heaviest edges that a picture can show, and how many rows it leaves out."""
    weights: Edges = defaultdict(float)
    for row in table.rows:
        if row[0] is not None and row[1] is not None:
            weight = svg.amount(row[2]) if len(row) > 2 else 1.0
            weights[svg.cell_label(row[0]), svg.cell_label(row[1])] += 1.0 if weight is None else weight
    if not weights:
        raise QueryUsageError("no row ties two things: there is nothing to draw")
    ranked = sorted(weights.items(), key=lambda edge: (-edge[1], edge[0]))
    strongest: Edges = {}
    nodes: set[str] = set()
    for (a, b), weight in ranked:
        if len(nodes | {a, b}) <= svg.MOST:
            nodes |= {a, b}
            strongest[a, b] = weight
    return strongest, len(weights) - len(strongest)


def _sides(result: Result, table: svg.Data, edges: Edges, left_out: int) -> Picture:
    """Two columns, each ordered by where its ties lead, so that lines cross little."""
    lefts, rights = _ordered(edges)
    height = 24.0 * max(len(lefts), len(rights)) + 20
    drawing, top = svg.begin(result, height + 40)
    top += 16
    room = (WIDTH - 2 * MARGIN) * 0.36
    x1, x2 = MARGIN + room, WIDTH - MARGIN - room
    drawing.text(x1 - 12, top, table.headings[0], 12, anchor="end", bold=True)
    drawing.text(x2 + 12, top, table.headings[1], 12, bold=True)
    y1, y2 = (
        {name: top + 24 + height * (n + 0.5) / len(names) for n, name in enumerate(names)} for names in (lefts, rights)
    )
    most = max(0.0, *edges.values()) or 1.0
    colours = {name: svg.CLASSES[n % len(svg.CLASSES)] for n, name in enumerate(lefts)}
    for (a, b), weight in sorted(edges.items()):
        bend = (x1 + x2) / 2
        steps = ("M", x1, y1[a], "C", bend, y1[a], bend, y2[b], x2, y2[b])
        wide, hint = 1.2 + 4 * max(weight, 0) / most, _hint(a, b, weight, table)
        drawing.path(steps, stroke=colours[a], width=wide, hint=hint, opacity=0.75)
    for name, y in y1.items():
        drawing.circle(x1, y, 4, colours[name], INK)
        drawing.text(x1 - 10, y + 4, svg.fit(name, 11, room - 14), 11, anchor="end")
    for name, y in y2.items():
        drawing.circle(x2, y, 4, PAPER, INK)
        drawing.text(x2 + 10, y + 4, svg.fit(name, 11, room - 14), 11)
    return svg.finish(drawing, result, _described(edges, len(lefts) + len(rights), result.lang), left_out)


def _ordered(edges: Edges) -> tuple[list[str], list[str]]:
    lefts, rights = sorted({a for a, _ in edges}), sorted({b for _, b in edges})
    for _ in range(8):  # barycentres settle within a few rounds
        at = {name: n / len(lefts) for n, name in enumerate(lefts)}
        rights.sort(key=lambda b: (fmean([at[a] for a, c in edges if c == b]), b))
        at = {name: n / len(rights) for n, name in enumerate(rights)}
        lefts.sort(key=lambda a: (fmean([at[b] for c, b in edges if c == a]), a))
    return lefts, rights


def _circle(result: Result, table: svg.Data, edges: Edges, left_out: int) -> Picture:
    """Things on a circle, neighbours near each other; a wider line is a heavier tie."""
    nodes = _around(edges)
    degree: dict[str, float] = defaultdict(float)
    for (a, b), weight in edges.items():
        degree[a] += weight
        degree[b] += weight
    drawing, top = svg.begin(result, WIDTH - 70)
    radius = 250.0
    cx, cy = WIDTH / 2, top + 190 + radius
    at = {name: 2 * pi * n / len(nodes) - pi / 2 for n, name in enumerate(nodes)}
    most = max(0.0, *edges.values()) or 1.0
    for (a, b), weight in sorted(edges.items(), key=lambda e: (e[1], e[0])):
        xa, ya, xb, yb = (*_point(cx, cy, radius, at[a]), *_point(cx, cy, radius, at[b]))
        middle_x, middle_y = cx + ((xa + xb) / 2 - cx) * 0.4, cy + ((ya + yb) / 2 - cy) * 0.4
        steps = ("M", xa, ya, "Q", middle_x, middle_y, xb, yb)
        wide, hint = 0.8 + 4 * max(weight, 0) / most, _hint(a, b, weight, table)
        drawing.path(steps, stroke=svg.CLASSES[0], width=wide, hint=hint, opacity=0.55)
    heaviest = max(0.0, *degree.values()) or 1.0
    for name in nodes:
        x, y = _point(cx, cy, radius, at[name])
        radius_of = 3 + 7 * (max(degree[name], 0) / heaviest) ** 0.5
        drawing.circle(x, y, radius_of, svg.CLASSES[1], INK, f"{name}: {degree[name]:g}")
        x, y = _point(cx, cy, radius + 14, at[name])
        # a label points away from the centre and is never upside down
        left = pi / 2 < at[name] % (2 * pi) < 3 * pi / 2
        turn, anchor = degrees(at[name]) + (180 if left else 0), "end" if left else "start"
        drawing.text(x, y + 4 * abs(cos(at[name])), svg.fit(name, 11, 190), 11, anchor=anchor, turn=turn)
    return svg.finish(drawing, result, _described(edges, len(nodes), result.lang), left_out)


def _point(cx: float, cy: float, radius: float, angle: float) -> tuple[float, float]:
    return cx + radius * cos(angle), cy + radius * sin(angle)


def _around(edges: Edges) -> list[str]:
    """Nodes in an order that keeps tied ones together: from the best tied on, always the one with most ties to those placed."""
    ties: dict[str, dict[str, float]] = defaultdict(dict)
    for (a, b), weight in edges.items():
        ties[a][b] = ties[a].get(b, 0) + weight
        ties[b][a] = ties[b].get(a, 0) + weight
    left = set(ties)
    placed: list[str] = []
    while left:
        recent = placed[-12:]
        placed.append(min(left, key=lambda n: (-sum(ties[n].get(p, 0) for p in recent), -sum(ties[n].values()), n)))
        left.discard(placed[-1])
    return placed


def _hint(a: str, b: str, weight: float, table: svg.Data) -> str:
    return f"{a} – {b}: {weight:g} {table.headings[2]}" if len(table.names) > 2 else f"{a} – {b}"


def _described(edges: Edges, nodes: int, lang: str) -> str:
    (a, b), weight = max(edges.items(), key=lambda e: (e[1], e[0]))
    strongest = " " + svg.word("strongest", lang, a=a, b=b, value=compact(weight, lang)) if weight > 1 else ""
    return svg.word("network", lang, n=nodes, m=len(edges)) + strongest
