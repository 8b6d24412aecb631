"""The network of implementers as a graph to analyse: who works with whom, with centralities, as networkx, GraphML or GEXF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyoxigraph as ox

from engine.query import run
from engine.query.errors import QueryUsageError

Network = Any
"""A networkx graph; networkx has no types of its own."""

_NODES = """PREFIX tg: <https://w3id.org/teemagraafi/def#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?organisation ?label ?type ?projects ?themes ?groups WHERE {
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
_TIES = """PREFIX tg: <https://w3id.org/teemagraafi/def#>
SELECT ?a ?b (COUNT(DISTINCT ?project) AS ?projects) WHERE {
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
