"""A sample of small changes of the code, and how many of them the tests of their room notice (``make mutants``).

    python -m bench.mutants values --count 80 --seed 13
    python -m bench.mutants query --seed 21

Which changes are tried follows from the code, the count and the seed.

A change turns a comparison, a connective, a number, a text, a truth value or a branch, or drops a named argument or a result.
Each is tried in a process of its own, which imports the changed module in the place of the file. Changes that make no
difference are counted as not noticed.
"""

from __future__ import annotations

import argparse
import ast
import importlib.abc
import importlib.machinery
import importlib.util
import os
import random
import resource
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
WAITING = "interrupt or pipe or magics or recipe or cold or time"
"""Names of tests that wait for processes."""
PAGES = (
    "call", "theme_form", "theme_list", "theme_page", "old_theme_page", "ministry_page", "eura_page", "project_list",
    "newsletter", "slides", "pages", "review", "kin", "layouts",
)  # fmt: skip
"""Names of tests that read whole pages."""
_SECONDS = 300
"""Processor time after which a change counts as noticed, for it made something endless: several times what the tests take."""
ROOMS = {
    "values": (["loaders/values"], [f"tests/test_{name}.py" for name in ("dates", "marks", "fields", "examples")]),
    "reading": (["loaders/reading"], ["tests/reading", *(f"tests/test_{n}.py" for n in PAGES)]),
    "fusion": (["engine/fusion"], ["tests/fusion", "tests/test_fusion.py", "tests/test_breakdowns.py"]),
    "query": (["engine/query"], ["tests/query"]),
}  # fmt: skip
"""Room → its folders and the tests that should notice a change in it."""
ASKED = ["-m", "not browser and not documents", "-k", f"not ({WAITING})"]
_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.BitOr: ast.BitAnd, ast.Mod: ast.Div,
}  # fmt: skip


def places(tree: ast.Module) -> list[int]:
    """The numbers (in the order of ``ast.walk``) of the nodes that can be changed."""
    left = {id(node) for node in _left_alone(tree)}
    return [n for n, node in enumerate(ast.walk(tree)) if id(node) not in left and _changes(node)]


def _left_alone(tree: ast.Module) -> Iterator[ast.AST]:
    """Types, docstrings and the names that a module gives out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal":
            yield from ast.walk(node)
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets):
            yield from ast.walk(node)
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if isinstance(part, ast.AST):
                yield from ast.walk(part)
        for statement in getattr(node, "body", []) if isinstance(getattr(node, "body", None), list) else []:
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                yield statement.value


def _changes(node: ast.AST) -> bool:
    match node:
        case ast.Compare():
            return type(node.ops[0]) in _COMPARISONS
        case ast.BinOp():
            return type(node.op) in _OPERATORS
        case ast.Constant():
            return isinstance(node.value, int | float) or (isinstance(node.value, str) and bool(node.value.strip()))
        case ast.Return():
            return node.value is not None and not isinstance(node.value, ast.Constant)
        case ast.Call():
            return bool(node.keywords and node.keywords[0].arg)
    return isinstance(node, ast.BoolOp | ast.IfExp)


def change(node: ast.AST) -> None:
    """Change a node in its place."""
    match node:
        case ast.Compare():
            node.ops[0] = _COMPARISONS[type(node.ops[0])]()
        case ast.BinOp():
            node.op = _OPERATORS[type(node.op)]()
        case ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.Constant(value=bool()):
            node.value = not node.value
        case ast.Constant(value=str()):
            node.value = f"XX{node.value}XX"
        case ast.Constant():
            node.value += 1  # type: ignore[operator]
        case ast.Return():
            node.value = ast.Constant(None)
        case ast.IfExp():
            node.body, node.orelse = node.orelse, node.body
        case ast.Call():
            del node.keywords[0]
    ast.fix_missing_locations(node)


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports a changed tree in the place of a module's file."""

    def __init__(self, path: Path, tree: ast.Module) -> None:
        self.path, self.tree = path, tree
        self.name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self.name:
            return None
        package = self.path.name == "__init__.py"
        return importlib.util.spec_from_loader(name, self, origin=str(self.path), is_package=package)

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = str(self.path)
        if self.path.name == "__init__.py":
            module.__path__ = [str(self.path.parent)]
        exec(compile(self.tree, str(self.path), "exec"), module.__dict__)


def noticed(path: Path, tree: ast.Module, tests: list[str]) -> bool:
    """Whether a test fails over the changed tree, in a process of its own."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] != 0
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    sys.meta_path.insert(0, Changed(path, tree))
    try:
        code = int(
            pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--assert=plain", *ASKED, *tests])
        )
    except BaseException:  # noqa: BLE001 - whatever it is, it was noticed
        code = 1
    os._exit(code)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("room", choices=ROOMS)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    folders, tests = ROOMS[arguments.room]
    files = [path for folder in folders for path in sorted((ROOT / folder).glob("*.py"))]
    every = [(path, n) for path in files for n in places(ast.parse(path.read_text(encoding="utf-8")))]
    chosen = random.Random(arguments.seed).sample(every, min(arguments.count, len(every)))
    if noticed(ROOT / "unchanged.py", ast.Module([], []), tests):
        sys.exit(f"{arguments.room}: the tests already fail without a change, so no change can be measured")
    killed = 0
    for path, n in chosen:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        node = list(ast.walk(tree))[n]
        before = ast.unparse(node) if not isinstance(node, ast.Constant) else repr(node.value)
        change(node)
        if noticed(path, tree, tests):
            killed += 1
        else:
            print(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}: not noticed: {before}", flush=True)
    share = 100 * killed / len(chosen)
    print(f"{arguments.room}: {killed} of {len(chosen)} changes noticed ({share:.0f} %), of {len(every)} possible")


if __name__ == "__main__":
    main()
