"""For notebooks: results as data frames, the network of implementers, and IPython magics.

    %load_ext engine.query.notebook
    money = %teema money-by-theme at=2022-06-30

    %%sparql --store own.store --into rows
    SELECT ?theme WHERE { ?theme a tg:Theme }

Decimals stay exact and dates are dates; a partial date (``2024-10``) is text that sorts right. Each column's kind stands in
the Arrow schema's metadata and in ``frame.attrs["kinds"]``. The store is ``teemagraafi.store``, TEEMAGRAAFI_STORE, or what
``%teema --store DIR`` named last.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from engine.query.library import find
from engine.query.result import Kind, Result, Value, kinds, text
from engine.query.run import answer, backend, run
from loaders.errors import QueryUsageError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa  # type: ignore[import-untyped]
    from IPython.core.interactiveshell import InteractiveShell

_MOST_DIGITS = 38


def arrow(result: Result) -> pa.Table:
    """The rows as an Arrow table."""
    try:
        import pyarrow as pa
    except ImportError:
        raise QueryUsageError("data frames need pyarrow: pip install 'teemagraafi[frames]'") from None
    column_kinds = kinds(result)
    arrays, fields = [], []
    for n, (name, kind) in enumerate(zip(result.columns, column_kinds, strict=True)):
        values = [row[n] for row in result.rows]
        column_type = _arrow_type(kind, values)
        arrays.append(pa.array([_arrow_value(v, kind) for v in values], type=column_type))
        fields.append(pa.field(name, column_type, metadata={"kind": kind}))
    return pa.table(arrays, schema=pa.schema(fields))


def _arrow_type(kind: Kind, values: Sequence[Value]) -> Any:
    import pyarrow as pa

    if kind == "decimal":
        return _decimal_type([Decimal(v) for v in values if isinstance(v, (Decimal, int))])
    if kind == "integer":
        fits = all(-(2**63) <= v < 2**63 for v in values if isinstance(v, int))
        return pa.int64() if fits else _decimal_type([Decimal(v) for v in values if isinstance(v, int)])
    if kind == "datetime":
        zoned = [v.tzinfo is not None for v in values if v is not None]  # type: ignore[union-attr]
        if any(zoned) != all(zoned):
            return pa.string()
        return pa.timestamp("us", tz="UTC" if all(zoned) else None)
    return {"boolean": pa.bool_(), "float": pa.float64(), "date": pa.date32()}.get(kind, pa.string())


def _decimal_type(values: list[Decimal]) -> Any:
    """The narrowest decimal that holds every value exactly."""
    import pyarrow as pa

    scale = max((max(-int(v.as_tuple().exponent), 0) for v in values), default=0)
    whole = max((v.adjusted() + 1 for v in values if v), default=1)
    digits = max(whole, 1) + scale
    if digits <= _MOST_DIGITS:
        return pa.decimal128(_MOST_DIGITS, scale)
    return pa.decimal256(min(digits, 76), scale)


def _arrow_value(value: Value, kind: Kind) -> object:
    if value is None:
        return None
    if kind == "decimal" and isinstance(value, int):
        return Decimal(value)
    return text(value) if kind in ("text", "iri", "partial") else value


def frame(result: Result) -> pd.DataFrame:
    """A pandas DataFrame on Arrow types: a missing value is missing in every column, whatever its type."""
    try:
        import pandas as pd
    except ImportError:
        raise QueryUsageError("data frames need pandas: pip install 'teemagraafi[frames]'") from None
    made: pd.DataFrame = arrow(result).to_pandas(types_mapper=pd.ArrowDtype)
    by_column = dict(zip(result.columns, kinds(result), strict=True))
    made.attrs.update(title=result.query.title(), notes=list(result.notes), kinds=by_column)
    return made


def polars(result: Result) -> pl.DataFrame:
    """A polars DataFrame."""
    try:
        import polars as pl
    except ImportError:
        raise QueryUsageError("polars is not installed: pip install 'teemagraafi[frames]'") from None
    made = pl.from_arrow(arrow(result))
    assert isinstance(made, pl.DataFrame), "a table of several columns is a frame"
    return made


Network = Any
"""A networkx graph; networkx has no types of its own."""

_NODES = """SELECT ?organisation ?label ?type ?projects ?themes ?groups WHERE {
  {
    SELECT ?organisation (COUNT(DISTINCT ?project) AS ?projects) (COUNT(DISTINCT ?theme) AS ?themes)
           (COUNT(DISTINCT ?group) AS ?groups) WHERE {
      ?project tg:implementer ?organisation .
      OPTIONAL { ?project tg:inTheme ?theme . OPTIONAL { ?theme tg:themeGroup ?group } }
    } GROUP BY ?organisation
  }
  OPTIONAL { ?organisation rdfs:label ?fi FILTER(LANG(?fi) = "fi") }
  OPTIONAL { ?organisation tg:organisationType ?code . ?code skos:prefLabel ?type FILTER(LANG(?type) = "fi") }
  BIND(COALESCE(?fi, STRAFTER(STR(?organisation), "/id/")) AS ?label)
} ORDER BY ?organisation"""
_TIES = """SELECT ?a ?b (COUNT(DISTINCT ?project) AS ?projects) WHERE {
  ?project tg:implementer ?a , ?b . FILTER(STR(?a) < STR(?b))
} GROUP BY ?a ?b ORDER BY ?a ?b"""

FORMATS = ("graphml", "gexf")


def implementers(store: ox.Store) -> Network:
    """Organisations tied by the projects they implement together; a tie's weight is the number of projects.

    Each organisation carries its name, type, number of projects, themes and theme groups, and its centralities: ``degree``
    (partners), ``weighted`` (partnerships), ``betweenness`` (how often it lies on the shortest way between two others),
    ``closeness`` and ``component`` (the number of its connected part, the largest first).
    """
    try:
        import networkx as nx  # type: ignore[import-untyped]
    except ImportError:
        raise QueryUsageError("networks need networkx: pip install 'teemagraafi[network]'") from None
    graph: Network = nx.Graph()
    for iri, label, kind, projects, themes, groups in run(store, _NODES).rows:
        graph.add_node(str(iri), label=label, type=kind or "", projects=projects, themes=themes, groups=groups)
    for a, b, projects in run(store, _TIES).rows:
        graph.add_edge(str(a), str(b), weight=projects)
    for name, values in _centralities(graph).items():
        nx.set_node_attributes(graph, values, name)
    return graph


def _centralities(graph: Network) -> dict[str, dict[str, Any]]:
    import networkx as nx

    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    return {
        "degree": dict(graph.degree()),
        "weighted": dict(graph.degree(weight="weight")),
        "betweenness": {n: round(v, 6) for n, v in nx.betweenness_centrality(graph).items()},
        "closeness": {n: round(v, 6) for n, v in nx.closeness_centrality(graph).items()},
        "component": {node: number for number, part in enumerate(parts, 1) for node in part},
    }


def write(graph: Network, path: Path) -> None:
    """Write a network as GraphML (Gephi, yEd, R's igraph) or GEXF, by the file's ending."""
    import networkx as nx

    writers = {"graphml": nx.write_graphml, "gexf": nx.write_gexf}
    writer = writers.get(path.suffix.removeprefix("."))
    if writer is None:
        raise QueryUsageError(f"no network ends in {path.suffix}: use {', '.join(FORMATS)}")
    writer(graph, path)


class Teema:
    """The magics' memory: which store they ask."""

    def __init__(self, shell: InteractiveShell | None = None) -> None:
        """Ask the store the environment names, else the one beside the notebook."""
        self.shell = shell
        self.store = Path(os.environ.get("TEEMAGRAAFI_STORE", "teemagraafi.store"))

    def line(self, text: str) -> pd.DataFrame | None:
        """``%teema [--store DIR] [NAME name=value …]``: the answer of a stored query."""
        words = self._options(shlex.split(text))[0]
        if not words:
            return None
        name, *pairs = words
        parameters: dict[str, object] = {}
        for pair in pairs:
            key, equals, value = pair.partition("=")
            if not equals:
                raise QueryUsageError(f"{pair!r} is not name=value")
            parameters[key] = value
        with backend(self.store) as engine:
            return frame(answer(engine, find(name), **parameters))

    def cell(self, text: str, body: str) -> pd.DataFrame | None:
        """``%%sparql [--store DIR] [--into NAME]``: the answer of the cell's SPARQL."""
        words, into = self._options(shlex.split(text))
        if words:
            raise QueryUsageError(f"%%sparql takes --store and --into, not {words[0]!r}")
        rows = frame(run(self.store, body))
        if into and self.shell is not None:
            self.shell.user_ns[into] = rows
            return None
        return rows

    def _options(self, words: list[str]) -> tuple[list[str], str | None]:
        """Take --store and --into out of the words; --store is remembered."""
        rest: list[str] = []
        into: str | None = None
        given = iter(words)
        for word in given:
            if word in ("--store", "--into"):
                value = next(given, None)
                if value is None:
                    raise QueryUsageError(f"{word} needs a value")
                if word == "--store":
                    self.store = Path(value)
                else:
                    into = value
            else:
                rest.append(word)
        return rest, into


def load_ipython_extension(shell: Any) -> None:
    """Called by ``%load_ext engine.query.notebook``."""
    teema = Teema(shell)
    shell.register_magic_function(teema.line, "line", "teema")
    shell.register_magic_function(teema.cell, "cell", "sparql")
