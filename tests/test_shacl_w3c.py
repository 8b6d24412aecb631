"""The W3C SHACL test suite, from pySHACL's source distribution: the compiler gives the suite's results and pySHACL's."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse

from shacl.data import Data
from shacl.errors import NotCovered, ShapesError
from shacl.graph import ShapesGraph
from shacl.judge import judge
from shacl.path import read_path
from shacl.results import Result, run
from shacl.shapes import Shapes, read_shapes
from shacl.terms import Term, sh

SUITE = "http://www.w3.org/ns/shacl-test#"
MANIFEST = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
FAILURE = Counter({("failure",): 1})
"""What a case gives whose shapes must be refused."""

NOT_COVERED = {
    "core/property/datatype-ill-formed",  # xsd:byte: the store keeps it as xsd:integer
    "core/property/or-datatypes-001",  # rdf:HTML
    "sparql/component/nodeValidator-001",
    "sparql/component/optional-001",
    "sparql/component/propertyValidator-select-001",
    "sparql/component/validator-001",
    "sparql/pre-binding/unsupported-sparql-006",
}
"""Cases that go to pySHACL: two datatypes, and constraint components that a shapes graph defines itself."""
BY_PYSHACL_ONLY = {
    "core/property/uniqueLang-002",  # sh:uniqueLang "1"^^xsd:boolean: the suite wants no result, pySHACL gives one
    "sparql/pre-binding/shapesGraph-001",  # $shapesGraph is optional; both engines refuse it
}
"""Cases where the compiler agrees with pySHACL and not with the suite."""

Key = tuple[str, ...]


@pytest.fixture(scope="session")
def suite(pytestconfig: pytest.Config) -> Path:
    """The suite's folder, fetched once into pytest's cache (or the folder that SHACL_SUITE names)."""
    given = os.environ.get("SHACL_SUITE")
    if given:
        return Path(given)
    name = f"pyshacl-{version('pyshacl')}"
    folder = pytestconfig.cache.mkdir("shacl-suite")
    found = folder / name / "test" / "resources" / "sht_tests"
    if not found.is_dir():
        _fetch(folder, name)
    if not found.is_dir():
        pytest.skip(f"{name}'s source distribution holds no SHACL test suite")
    return found


def _fetch(folder: Path, name: str) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    command += ["--dest", str(folder), name.replace("-", "==")]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=300)
    except (subprocess.SubprocessError, OSError) as error:
        pytest.skip(f"the source distribution of {name} cannot be fetched by pip ({type(error).__name__})")
    with tarfile.open(next(folder.glob(f"{name}.tar.*"))) as archive:
        # early 3.11 releases know no extraction filter
        archive.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))


@cache
def triples(path: Path) -> tuple[Quad, ...]:
    return tuple(parse(path=str(path), format=RdfFormat.TURTLE, base_iri=path.as_uri(), rename_blank_nodes=True))


def cases(suite: Path) -> Iterator[tuple[str, ShapesGraph, Term]]:
    for path in sorted(suite.rglob("*.ttl")):
        manifest = ShapesGraph(triples(path))
        for case in manifest.instances(NamedNode(SUITE + "Validate")):
            yield str(path.relative_to(suite).with_suffix("")), manifest, case


def one(graph: ShapesGraph, subject: Term, predicate: NamedNode) -> Term | None:
    return next(iter(graph.objects(subject, predicate)), None)


def expected(manifest: ShapesGraph, case: Term) -> Counter[Key]:
    report = one(manifest, case, NamedNode(MANIFEST + "result"))
    assert report is not None
    if not manifest.objects(report, sh("conforms")):
        return FAILURE
    return Counter(_stated(manifest, result) for result in manifest.objects(report, sh("result")))


def _stated(manifest: ShapesGraph, result: Term) -> Key:
    path = one(manifest, result, sh("resultPath"))
    names = ("focusNode", "sourceConstraintComponent", "sourceShape", "value", "resultSeverity")
    focus, component, shape, value, severity = (one(manifest, result, sh(name)) for name in names)
    return _key(focus, str(read_path(manifest, path)) if path else None, component, shape, value, severity)


def _key(focus: Term | None, path: str | None, *rest: Term | None) -> Key:
    """A result as text; blank nodes are told apart by pySHACL's results, whose names are the data's, not by the manifest's."""
    return (_text(focus), path or "", *(_text(term) for term in rest))


def _text(term: Term | None) -> str:
    if term is None:
        return ""
    if isinstance(term, BlankNode):
        return "_:"
    if isinstance(term, NamedNode):
        return str(term)
    canonical = Store().query(f"SELECT ({term} AS ?term) {{}}")
    assert isinstance(canonical, QuerySolutions)
    return str(next(canonical)["term"])


def keys(results: Iterator[Result]) -> Counter[Key]:
    return Counter(_key(r.focus, r.path, r.component, r.shape.node, r.value, r.severity) for r in results)


def files(manifest: ShapesGraph, case: Term) -> tuple[Path, Path]:
    action = one(manifest, case, NamedNode(MANIFEST + "action"))
    assert action is not None
    found = [one(manifest, action, NamedNode(SUITE + name)) for name in ("dataGraph", "shapesGraph")]
    data, shapes = (Path(node.value.removeprefix("file://")) for node in found if isinstance(node, NamedNode))
    return data, shapes


def by_pyshacl(store: Store, shapes: Shapes) -> Counter[Key]:
    try:
        return keys(judge(store, shapes))
    except ShapesError:
        return FAILURE


def compiled(store: Store, shapes: Shapes) -> Counter[Key]:
    return keys(run(Data(store), shapes))


@pytest.mark.slow
def test_every_case_gives_the_results_of_the_suite_and_of_pyshacl(suite: Path) -> None:
    seen, not_covered, wrong = 0, set(), {}
    for name, manifest, case in cases(suite):
        data, shapes_file = files(manifest, case)
        store = Store()
        store.extend(triples(data))
        seen += 1
        wanted = expected(manifest, case)
        try:
            shapes = read_shapes(ShapesGraph(triples(shapes_file)))
            found = compiled(store, shapes)
            judged = by_pyshacl(store, shapes)
        except NotCovered:
            not_covered.add(name)
            continue
        except ShapesError:
            found = judged = FAILURE
        if found != judged or (found != wanted and name not in BY_PYSHACL_ONLY):
            wrong[name] = {"compiled": found - wanted, "missing": wanted - found, "pySHACL": judged}
    assert wrong == {}
    assert not_covered == NOT_COVERED
    assert seen >= 120


@pytest.mark.slow
def test_what_the_compiler_refuses_pyshacl_judges_as_the_suite_wants(suite: Path) -> None:
    """But for the two datatypes: the store folds them, so these are judged from the file, not from the store."""
    for name, manifest, case in cases(suite):
        if name in NOT_COVERED:
            data, shapes_file = files(manifest, case)
            judged = FAILURE
            with contextlib.suppress(ShapesError):
                judged = keys(judge(triples(data), read_shapes(ShapesGraph(triples(shapes_file)))))
            assert judged == expected(manifest, case), name
