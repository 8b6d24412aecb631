"""The single measurements of ``bench.run``, each in a process of its own: ``python -m bench.list_tasks NAME ARGUMENTS``."""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox

PREFIXES = """
PREFIX tg: <https://w3id.org/teemagraafi/def#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX phase: <https://w3id.org/teemagraafi/code/phase/>
PREFIX scope: <https://w3id.org/teemagraafi/code/scope/>
"""
QUERIES = {
    "one project by its code": """SELECT ?name ?start ?end WHERE {
      ?p tg:projectCode "%(code)s" ; rdfs:label ?name ; tg:startDate ?start ; tg:endDate ?end }""",
    "where an amount is from": """SELECT ?amount ?document ?row WHERE {
      ?p tg:projectCode "%(code)s" . ?o tg:about ?p ; tg:amount ?amount .
      GRAPH ?passage { ?o tg:amount ?amount } ?passage tg:inDocument ?document ; tg:row ?row }""",
    "projects by authority": """SELECT ?authority (COUNT(?p) AS ?n) WHERE { ?p a tg:Project ; tg:authority ?authority }
      GROUP BY ?authority ORDER BY DESC(?n)""",
    "money by fund and phase": """SELECT ?fund ?phase (SUM(?amount) AS ?sum) WHERE {
      ?o tg:about ?p ; tg:phase ?phase ; tg:fundingScope scope:eu-state ; tg:amount ?amount . ?p tg:fund ?fund }
      GROUP BY ?fund ?phase""",
    "ten largest implementers": """SELECT ?who (SUM(?amount) AS ?sum) WHERE {
      ?o tg:about ?p ; tg:phase phase:granted ; tg:amount ?amount . ?p tg:implementer ?who }
      GROUP BY ?who ORDER BY DESC(?sum) LIMIT 10""",
    "words in names": """SELECT (COUNT(?p) AS ?n) WHERE {
      ?p a tg:Project ; rdfs:label ?name FILTER(CONTAINS(LCASE(?name), "vienti")) }""",
}


def ours(table: str, folder: str) -> dict[str, Any]:
    """What ``teemagraafi build`` does: a list to a store with its current view, passages, ontology and code lists."""
    from engine.build import build
    from engine.inputs import given
    from engine.store import current

    target = Path(folder) / "store"
    build(target, given([Path(table)]), lambda message: None)
    data = current(target).data
    return {
        "data": str(data),
        "quads": len(ox.Store.read_only(str(data))),
        "disk": sum(f.stat().st_size for f in data.rglob("*")),
    }


def raw(quads: str, folder: str) -> dict[str, Any]:
    """The engine's own bulk loader on the same final quads in a file."""
    store = ox.Store(str(Path(folder) / "data"))
    store.bulk_load(path=quads, format=ox.RdfFormat.N_QUADS)
    store.flush()
    return {"disk": sum(f.stat().st_size for f in (Path(folder) / "data").rglob("*"))}


def rdflib(quads: str, folder: str, code: str) -> dict[str, Any]:
    """rdflib, in memory: processor seconds of the load, milliseconds of each query."""
    import rdflib as library

    dataset = library.Dataset()
    started = time.process_time()
    dataset.parse(quads, format="nquads")
    loaded = time.process_time() - started
    texts = {name: PREFIXES + text % {"code": code} for name, text in QUERIES.items()}
    times = {name: _timed(lambda t=text: list(dataset.query(t))) * 1000 for name, text in texts.items()}  # type: ignore[misc]
    return {"load": loaded, "queries": times}


def dump(store: str, output: str) -> dict[str, Any]:
    """The engine's own dump."""
    opened = ox.Store.read_only(store)
    opened.dump(output, format=ox.RdfFormat.N_QUADS)
    return {"quads": len(opened), "bytes": Path(output).stat().st_size}


def export(store: str, output: str) -> dict[str, Any]:
    """Our export of everything, contact persons left out."""
    from engine.output.export import export as write

    write(ox.Store.read_only(store), Path(output), "nquads")
    return {}


def validate(store: str) -> dict[str, Any]:
    """The shapes over the whole graph."""
    from engine.validation import validate as check

    return {"findings": len(list(check(ox.Store.read_only(store))))}


def query(store: str, code: str, repeats: int) -> dict[str, Any]:
    """Milliseconds of each query, on the engine and through the library, in turns."""
    from engine.query.run import run

    opened = ox.Store.read_only(store)
    found: dict[str, dict[str, float]] = {}
    for name, text in QUERIES.items():
        asked = PREFIXES + text % {"code": code}
        times: dict[str, list[float]] = {"raw": [], "library": []}
        for _ in range(repeats):
            times["raw"].append(_timed(lambda asked=asked: list(opened.query(asked))))  # type: ignore[arg-type]
            times["library"].append(_timed(lambda asked=asked: list(run(opened, asked).rows)))  # type: ignore[misc]
        found[name] = {kind: statistics.median(values) * 1000 for kind, values in times.items()}
    return {"queries": found}


def virtuoso(store: str, folder: str, code: str, repeats: int) -> dict[str, Any]:
    """Virtuoso: its bulk load of what we hand over, and the same queries over its endpoint."""
    from bench.virtuoso import Virtuoso
    from engine.output.export import hand_over
    from loaders.rdf.terms import VIEW

    target = Path(folder)
    hand_over(ox.Store.read_only(store), target / "out", "virtuoso")
    with Virtuoso(target / "db", target / "out") as server:
        loaded = server.load(target / "out")
        found = {}
        for name, text in QUERIES.items():
            data = {"query": PREFIXES + text % {"code": code}, "default-graph-uri": VIEW}
            address = f"{server.endpoint}?{urllib.parse.urlencode(data)}"
            request = urllib.request.Request(address, headers={"Accept": "application/sparql-results+json"})
            times = [_timed(lambda r=request: urllib.request.urlopen(r).read()) for _ in range(repeats)]  # type: ignore[misc]
            found[name] = statistics.median(times) * 1000
        return {"load": loaded, "queries": found, "bytes": server.size()}


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


TASKS: dict[str, Callable[..., dict[str, Any]]] = {
    task.__name__: task for task in (ours, raw, rdflib, dump, export, validate, query, virtuoso)
}


def main() -> None:
    name, arguments = sys.argv[1], json.loads(sys.argv[2])
    started = time.monotonic()
    found = TASKS[name](**arguments)
    found["seconds"] = time.monotonic() - started
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    found["cpu"] = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
    found["memory_mb"] = (own.ru_maxrss + others.ru_maxrss) / 1000
    print(json.dumps(found))


if __name__ == "__main__":
    main()
