"""SHACL measured: compiled queries against pySHACL and against queries written by hand, time and memory, by size.

``python -m bench.shacl`` prints the table that bench/shacl.md explains; ``--triples 1000000`` adds a size for the compiled
queries. Each measurement is a process of its own on a graph on disk; seconds are the processor's, so that a
busy machine tells the same.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

from bench.shacl_graph import graph

ROOT = Path(__file__).resolve().parents[1]
SHAPES = sorted(path for path in (ROOT / "shapes").glob("*.ttl") if path.name != "link.ttl")
SPARQL = ox.NamedNode("http://www.w3.org/ns/shacl#sparql")
PREFIXES = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX tg: <https://w3id.org/teemagraafi/def#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX phase: <https://w3id.org/teemagraafi/code/phase/>
PREFIX role: <https://w3id.org/teemagraafi/code/role/>
"""
BY_HAND = {
    "AmountAbout MinCount": "SELECT ?x { ?x a tg:FinancialObservation FILTER NOT EXISTS { ?x tg:about ?v } }",
    "AmountAbout MaxCount": "SELECT ?x { ?x a tg:FinancialObservation ; tg:about ?v } "
    "GROUP BY ?x HAVING (COUNT(DISTINCT ?v) > 1)",
    "AmountPhase MinCount": "SELECT ?x { ?x a tg:FinancialObservation FILTER NOT EXISTS { ?x tg:phase ?v } }",
    "AmountPhase MaxCount": "SELECT ?x { ?x a tg:FinancialObservation ; tg:phase ?v } "
    "GROUP BY ?x HAVING (COUNT(DISTINCT ?v) > 1)",
    "AmountPhase In": "SELECT ?x ?v { ?x a tg:FinancialObservation ; tg:phase ?v FILTER(?v NOT IN (phase:framework, "
    "phase:applied, phase:reserved, phase:committed, phase:paid, phase:costEstimate, phase:coordinationBudget, phase:callBudget, "
    "phase:granted, phase:planned, phase:realised)) }",
    "AmountValue MaxCount": "SELECT ?x { ?x a tg:FinancialObservation ; tg:amount ?v } "
    "GROUP BY ?x HAVING (COUNT(DISTINCT ?v) > 1)",
    "AmountValue Datatype": "SELECT ?x ?v { ?x a tg:FinancialObservation ; tg:amount ?v FILTER(DATATYPE(?v) != xsd:decimal) }",
    "AmountValue MinInclusive": "SELECT ?x ?v { ?x a tg:FinancialObservation ; tg:amount ?v FILTER(!(?v >= 0)) }",
    "ParticipationOrganisation MinCount": "SELECT ?x { ?x a tg:Participation FILTER NOT EXISTS { ?x tg:organisation ?v } }",
    "ParticipationOrganisation MaxCount": "SELECT ?x { ?x a tg:Participation ; tg:organisation ?v } GROUP BY ?x "
    "HAVING (COUNT(DISTINCT ?v) > 1)",
    "ParticipationOrganisation Class": "SELECT ?x ?v { ?x a tg:Participation ; tg:organisation ?v "
    "FILTER NOT EXISTS { ?v a tg:Organisation } }",
    "ParticipationRole In": "SELECT ?x ?v { ?x a tg:Participation ; tg:role ?v FILTER(?v NOT IN (role:lead, role:partner)) }",
    "ProjectLabel MinCount": "SELECT ?x { ?x a tg:Project FILTER NOT EXISTS { ?x rdfs:label ?v } }",
    "ProjectTheme Class": "SELECT ?x ?v { ?x a tg:Project ; tg:inTheme ?v FILTER NOT EXISTS { ?v a tg:Theme } }",
    "ProjectCodeForm Pattern": "SELECT ?x ?v { ?x a tg:Project ; tg:projectCode ?v FILTER(!REGEX(?v, "
    '"^([SAEJ][0-9]{5,9}|[0-9]{5,7}|R-[0-9]{4,6}|[A-Z]{1,4}[0-9][0-9A-Z/._-]*|[0-9][0-9A-Z/._-]{4,})$")) }',
    "PassageStart LessThanOrEquals": "SELECT ?x ?v { ?x a tg:Passage ; tg:lineStart ?v ; tg:lineEnd ?w FILTER(!(?v <= ?w)) }",
    "PassageStart MinInclusive": "SELECT ?x ?v { ?x a tg:Passage ; tg:lineStart ?v FILTER(!(?v >= 1)) }",
}
"""The queries a person would write for some of the constraints, one each."""


def make(path: Path, triples: int) -> None:
    """The graph on disk, with the ontology and code lists."""
    store = ox.Store(str(path))
    store.bulk_extend(graph(triples))
    for name in ("alignment", "codes", "teemagraafi"):
        store.bulk_load(path=str(ROOT / "ontology" / f"{name}.ttl"), format=ox.RdfFormat.TURTLE)
    store.flush()


def compiled(store: ox.Store, core: bool) -> int:
    from shacl import validate

    return len(validate(store, _shapes(core)).results)


def from_file(store: ox.Store, core: bool) -> int:
    """The library on a file: N-Triples read, literals kept as they are written, then checked."""
    path, shapes = _files(store, core)
    from shacl import validate

    return len(validate(path, shapes).results)


def pyshacl_file(store: ox.Store, core: bool) -> int:
    """pySHACL on the same files, read by rdflib."""
    path, shapes = _files(store, core)
    import pyshacl
    import rdflib

    data = rdflib.Graph().parse(path, format="nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=rdflib.Graph().parse(shapes), inplace=True)
    return len(set(report.objects(None, ox_sh("result"))))


def rudof_file(store: ox.Store, core: bool) -> int:
    """pyrudof's own engine on the same files."""
    path, shapes = _files(store, core)
    import pyrudof

    rudof = pyrudof.Rudof(pyrudof.RudofConfig())
    rudof.read_shacl(shapes.read_text(encoding="utf-8"), pyrudof.ShaclFormat.Turtle)
    rudof.read_data(str(path), pyrudof.RDFFormat.NTriples)
    return len(rudof.validate_shacl())


def _files(store: ox.Store, core: bool) -> tuple[Path, Path]:
    """The current view as N-Triples and the shapes as Turtle; writing them is not timed, importing an engine is."""
    folder = Path(tempfile.mkdtemp())
    path, shapes = folder / "data.nt", folder / "shapes.ttl"
    store.dump(str(path), format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    triples = (t for file in SHAPES for t in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE))
    kept = (t.triple for t in triples if not (core and t.predicate == SPARQL))
    ox.serialize(kept, output=str(shapes), format=ox.RdfFormat.TURTLE)
    _files.started = time.process_time()  # type: ignore[attr-defined]
    return path, shapes


def by_pyshacl(store: ox.Store, core: bool) -> int:
    """pySHACL as its own documentation calls it, an rdflib graph in memory; reading the graph is not timed."""
    import pyshacl

    from shacl.judge import to_rdflib

    data = to_rdflib(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    shapes = to_rdflib(_shapes(core).graph.triples)
    started = time.process_time()
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    by_pyshacl.seconds = time.process_time() - started  # type: ignore[attr-defined]
    return len(set(report.objects(None, ox_sh("result"))))


def by_judge(store: ox.Store, core: bool) -> int:
    """``--engine pyshacl``: pySHACL with each query parsed once."""
    from shacl.judge import judge

    return sum(1 for _ in judge(store.quads_for_pattern(None, None, None, ox.DefaultGraph()), _shapes(core)))


def by_hand(store: ox.Store, core: bool) -> int:
    found = 0
    for query in BY_HAND.values():
        answer = store.query(PREFIXES + query)
        assert isinstance(answer, ox.QuerySolutions)
        found += sum(1 for _ in answer)
    return found


def same_compiled(store: ox.Store, core: bool) -> int:
    """The compiled queries for the constraints of BY_HAND alone; as for those, only running them is timed."""
    from shacl import Data
    from shacl.compiler import Compiler, grouped
    from shacl.run import run_checks

    data, shapes = Data(store), _shapes(core)
    compiler = Compiler(shapes, data)
    wanted = [c for shape in shapes for c in compiler.checks(shape) if _name(c.shape, c.component.value) in BY_HAND]
    assert len(wanted) == len(BY_HAND), set(BY_HAND) - {_name(c.shape, c.component.value) for c in wanted}
    started = time.process_time()
    found = sum(1 for group in grouped(wanted) for _ in run_checks(data, group))
    same_compiled.seconds = time.process_time() - started  # type: ignore[attr-defined]
    return found


def _name(shape: object, component: str) -> str:
    return f"{str(shape).rsplit('#')[-1]} {component.rsplit('#')[-1].removesuffix('ConstraintComponent')}"


def _shapes(core: bool):  # type: ignore[no-untyped-def]
    from shacl.shapes import read_shapes
    from shacl.terms import ShapesGraph

    triples = ShapesGraph.load(SHAPES).triples
    return read_shapes(ShapesGraph(t for t in triples if not (core and t.predicate == SPARQL)))


def ox_sh(name: str):  # type: ignore[no-untyped-def]
    import rdflib

    return rdflib.URIRef(f"http://www.w3.org/ns/shacl#{name}")


ENGINES: dict[str, Callable[[ox.Store, bool], int]] = {
    "compiled": compiled,
    "file": from_file,
    "pyshacl file": pyshacl_file,
    "rudof file": rudof_file,
    "pyshacl": by_pyshacl,
    "judge": by_judge,
    "by hand": by_hand,
    "same compiled": same_compiled,
}


def worker(name: str, path: str, core: bool) -> None:
    """Run one engine and print processor seconds, the process's peak memory, and the number of results."""
    store = ox.Store.read_only(path)

    started = time.process_time()
    found = ENGINES[name](store, core)
    seconds = getattr(ENGINES[name], "seconds", time.process_time() - getattr(_files, "started", started))
    print(json.dumps({"seconds": seconds, "megabytes": _peak(), "results": found}))


def _peak() -> float:
    """Peak memory in MB. Linux tells that of this program alone; ru_maxrss would count the process it was forked from."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.findall(r"VmHWM:\s+(\d+)", status.read_text(encoding="ascii"))[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(name: str, path: Path, core: bool, repeat: int = 1) -> dict[str, float]:
    """The quickest of some runs."""
    command = [sys.executable, "-m", "bench.shacl", "--worker", name, str(path), *(["--core"] if core else [])]
    runs = [
        json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout) for _ in range(repeat)
    ]
    return min(runs, key=lambda run: run["seconds"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--triples", type=int, action="append", help="sizes for the compiled queries (default 10000, 100000)"
    )
    parser.add_argument("--against", type=int, default=100_000, help="size at which pySHACL runs the Core constraints")
    parser.add_argument("--against-all", type=int, default=0, help="size at which pySHACL runs all constraints, slowly")
    parser.add_argument("--worker", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--core", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        worker(*given.worker, core=given.core)
        return
    with tempfile.TemporaryDirectory() as folder:
        _table(Path(folder), given)


def _table(folder: Path, given: argparse.Namespace) -> None:
    sizes = sorted({*(given.triples or [10_000, 100_000]), given.against, given.against_all} - {0})
    paths = {size: folder / str(size) for size in sizes}
    for size, path in paths.items():
        make(path, size)
    print("| what | triples | seconds | MB | results | ratio |\n| --- | --- | --- | --- | --- | --- |")
    times, least = {}, given.against_all
    for size in sizes:
        times[size] = _row("store: compiled, all", size, measure("compiled", paths[size], False, 3))
        core = _row("store: compiled, Core", size, measure("compiled", paths[size], True, 3))
        if size <= given.against:
            _row("store: pySHACL, Core", size, measure("pyshacl", paths[size], True), core)
        core = _row("file: compiled, Core", size, measure("file", paths[size], True, 3))
        if size <= given.against:
            _row("file: pySHACL, Core", size, measure("pyshacl file", paths[size], True), core)
        if size <= given.against and importlib.util.find_spec("pyrudof"):
            _row("file: pyrudof, Core", size, measure("rudof file", paths[size], True), core)
    if least:
        _row("store: pySHACL, all", least, measure("pyshacl", paths[least], False), times[least])
        _row("store: --engine pyshacl, all", least, measure("judge", paths[least], False), times[least])
    hand = _row(f"{len(BY_HAND)} constraints by hand", given.against, measure("by hand", paths[given.against], True, 5))
    _row("the same compiled", given.against, measure("same compiled", paths[given.against], True, 5), hand)
    if len(sizes) > 1:
        first, most = sizes[0], sizes[-1]
        exponent = math.log(times[most]["seconds"] / times[first]["seconds"]) / math.log(most / first)
        print(f"\nGrowth of the compiled run from {first} to {most} triples: exponent {exponent:.2f}.")


def _row(what: str, size: int, run: dict[str, float], against: dict[str, float] | None = None) -> dict[str, float]:
    ratio = "" if against is None else f"{run['seconds'] / against['seconds']:.2f}"
    print(
        f"| {what} | {size} | {run['seconds']:.2f} | {run['megabytes']:.0f} | {run['results']:.0f} | {ratio} |",
        flush=True,
    )
    return run


if __name__ == "__main__":
    main()
