"""Every shape and its examples: valid data fires nothing, invalid data fires what it says, and every constraint fires somewhere.

An example names what it fires in lines ``# fires SHAPE COMPONENT …``.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from shacl import Data, Result, Shapes, load_shapes, validate
from shacl.compiler import Compiler
from shacl.judge import judge
from shacl.shapes import read_shapes
from shacl.terms import ShapesGraph
from tests.cases import each

ROOT = Path(__file__).resolve().parents[1]
SHAPES = sorted((ROOT / "shapes").glob("*.ttl"))
EXAMPLES = sorted((ROOT / "tests" / "shapes").glob("*/*.ttl"))
VALID = [path for path in EXAMPLES if path.name.startswith("valid.")]
INVALID = [path for path in EXAMPLES if path.name.startswith("invalid.")]
BASE = "https://w3id.org/teemagraafi/"
TGS = f"{BASE}shapes#"
LINKS = ROOT / "shapes" / "link.ttl"
"""The shapes of link sets have tests of their own."""


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@cache
def shapes() -> Shapes:
    return load_shapes([path for path in SHAPES if path != LINKS])


@cache
def quads(path: Path) -> tuple[ox.Quad, ...]:
    return tuple(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, base_iri=BASE))


def background() -> tuple[ox.Quad, ...]:
    return quads(ROOT / "tests" / "shapes" / "background.ttl")


def store(*paths: Path) -> ox.Store:
    loaded = ox.Store()
    loaded.extend(background())
    for path in paths:
        loaded.extend(quads(path))
    return loaded


@cache
def results(path: Path) -> tuple[Result, ...]:
    return validate(store(path), shapes()).results


def short(result: Result) -> tuple[str, str]:
    component = result.component.value.rsplit("#")[-1].removesuffix("ConstraintComponent")
    return str(shapes().owner(result.shape)).removeprefix(TGS), component


def own(path: Path) -> list[Result]:
    """What fires for the example itself, not for what stands beside it alone."""
    subjects, taken = {q.subject for q in quads(path)}, {q.subject for q in background()}
    return [result for result in results(path) if result.focus in subjects or result.focus not in taken]


def declared(path: Path) -> dict[str, set[str]]:
    lines = re.findall(r"^# fires (\w+) (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {shape: set(components.split()) for shape, components in lines}


@pytest.mark.parametrize("path", VALID, ids=name)
def test_a_valid_example_fires_nothing(path: Path) -> None:
    assert [short(result) for result in own(path)] == []


@pytest.mark.parametrize("path", INVALID, ids=name)
def test_an_invalid_example_fires_what_it_says(path: Path) -> None:
    fired: dict[str, set[str]] = defaultdict(set)
    for result in own(path):
        shape, component = short(result)
        fired[shape].add(component)
    assert dict(fired) == declared(path)
    assert fired


@pytest.mark.slow
def test_both_engines_find_the_same() -> None:
    """In one graph of all examples: most of the time goes to what stands beside each of them."""
    together = store(*EXAMPLES)
    judged = Counter(result.key for result in judge(together, shapes()))
    assert len(judged) > 300
    assert Counter(result.key for result in validate(together, shapes()).results) == judged


def test_every_constraint_fires_in_an_example() -> None:
    compiler = Compiler(shapes(), Data(ox.Store()))
    constraints = {
        (str(shapes().owner(check.shape)).removeprefix(TGS), check.component.value.rsplit("#")[-1])
        for shape in shapes()
        for check in compiler.checks(shape)
    }
    fired = {
        (shape, f"{component}ConstraintComponent") for path in INVALID for shape, component in map(short, own(path))
    }
    assert len(constraints) > 250
    assert constraints - fired == set()


def test_every_class_of_the_ontology_has_a_shape() -> None:
    ontology = rdflib.Graph().parse(ROOT / "ontology" / "teemagraafi.ttl")
    classes = {str(c) for c in ontology.subjects(rdflib.RDF.type, rdflib.OWL.Class) if str(c).startswith(f"{BASE}def#")}
    targets = {getattr(target.value, "value", "") for shape in shapes() for target in shape.targets}
    assert classes - targets == set()


@each("path", [p for p in SHAPES if p != LINKS], ids=lambda path: path.name)
def test_every_shapes_file_has_valid_and_invalid_examples(path: Path) -> None:
    found = {example.name.split(".")[0] for example in EXAMPLES if example.parent.name == path.stem}
    assert found == {"valid", "invalid"}


@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.name)
def test_a_shapes_file_is_complete_by_the_shapes_of_shapes(path: Path) -> None:
    data = ox.Store()
    data.extend(quads(path))
    meta = [r for r in validate(data, shapes()).results if short(r)[0] in ("ShapeNamed", "ShapeSpeaks")]
    assert [str(result.focus) for result in meta] == []
    named = [shape for shape in read_shapes(ShapesGraph(quads(path))) if str(shape).startswith("http")]
    assert [str(shape) for shape in named if not str(shape).startswith(TGS)] == []
    spoken = [shape for shape in named if shape.path or not shape.values("property")]
    constraints = [node for shape in named for node in shape.values("sparql")]
    silent = [s for s in spoken if not s.messages and not s.values("sparql")]
    assert [str(shape) for shape in silent] == []
    graph = ShapesGraph(quads(path))
    message = ox.NamedNode("http://www.w3.org/ns/shacl#message")
    assert [node for node in constraints if len(graph.objects(node, message)) != 3] == []


def test_the_ontology_and_the_code_lists_are_valid() -> None:
    """With the registries, of which nothing but what a document should tell may be missing."""
    data = ox.Store()
    for path in sorted((ROOT / "ontology").glob("*.ttl")):
        data.extend(quads(path))
    found = [result for result in validate(data, shapes()).results if result.severity.value.rsplit("#")[-1] != "Info"]
    assert [(short(result), str(result.focus), str(result.value)) for result in found] == []


def test_the_shapes_load_in_rdflib_and_in_oxigraph_alike() -> None:
    for path in SHAPES:
        loaded = rdflib.Graph().parse(path, publicID=BASE)
        assert len(loaded) == len(set(quads(path))) > 0, path.name


def test_the_shapes_load_in_a_second_engine() -> None:
    pyrudof = pytest.importorskip(
        "pyrudof", reason="pyrudof is not installed: the shapes are not tried in a second engine"
    )
    rudof = pyrudof.Rudof(pyrudof.RudofConfig())
    for path in SHAPES:
        rudof.read_shacl(path.read_text(encoding="utf-8"), pyrudof.ShaclFormat.Turtle, None, pyrudof.ReaderMode.Strict)
