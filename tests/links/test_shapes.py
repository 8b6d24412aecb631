"""The shapes of link sets and their examples: what is right fires nothing, what is wrong fires what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from links import sets as linksets
from shacl import Data, Shapes, load_shapes, validate
from shacl.compiler import Compiler

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "tests" / "link_shapes").glob("*.ttl"))
BASE = "https://w3id.org/teemagraafi/"


def shapes() -> Shapes:
    return load_shapes(ROOT / "shapes" / "link.ttl")


def fired(store: ox.Store) -> set[tuple[str, str]]:
    known = shapes()
    found = validate(store, known).results
    return {
        (
            str(known.owner(result.shape)).rpartition("#")[2].rstrip(">"),
            result.component.value.rpartition("#")[2].removesuffix("ConstraintComponent"),
        )
        for result in found
    }


def loaded(path: Path) -> ox.Store:
    store = ox.Store()
    store.extend(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, base_iri=BASE))
    return store


def declared(path: Path) -> set[tuple[str, str]]:
    lines = re.findall(r"^# fires (\w+) (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {(shape, component) for shape, components in lines for component in components.split()}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_fires_what_it_says(path: Path) -> None:
    assert fired(loaded(path)) == declared(path)


def test_every_constraint_fires_in_some_example() -> None:
    known = shapes()
    compiler = Compiler(known, Data(ox.Store()))
    constraints = {
        (
            str(known.owner(check.shape)).rpartition("#")[2].rstrip(">"),
            check.component.value.rpartition("#")[2].removesuffix("ConstraintComponent"),
        )
        for shape in known
        for check in compiler.checks(shape)
    }
    assert constraints == set().union(*(declared(path) for path in EXAMPLES))


def test_the_shipped_sets_are_valid_with_all_their_evidence() -> None:
    lines = "".join(quad.line() for quad in linksets.quads([]))
    store = ox.Store()
    store.extend(
        ox.Quad(q.subject, q.predicate, q.object) for q in ox.parse(input=lines.encode(), format=ox.RdfFormat.N_QUADS)
    )
    assert fired(store) == set()
