"""A sample of small changes of the code, and how many of them a test notices (``make mutants``).

    python -m bench.mutants values query --count 80 --seed 13

Which changes are tried follows from the code, the count and the seed.

A change turns a comparison, a connective, a number, a text, a truth value or a branch, or drops a named argument or a result.
Changes that make no difference, and those of the wording of a message, are counted as not noticed.

First every test runs once, and is watched for the lines of the rooms that it runs. A change is then tried on the tests that
run its line, the cheapest modules first, until one fails. A change inside a function is tried in a fork in which everything is
imported already; one of what a module does when it is imported, in a process that imports the changed module in the place of
the file.
"""

from __future__ import annotations

import argparse
import ast
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import os
import pickle
import random
import resource
import select
import signal
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
WAITING = "interrupt or closed_pipe or cold_start"
"""Names of tests that wait for processes of their own."""
COSTS = frozenset({"slots", "maxsize", "strict"})
"""Named arguments that save memory or time, or check what always holds: no test can notice that one is gone."""
ROOMS = {
    "values": ("loaders/values", ("tests/test_dates.py", "tests/test_marks.py", "tests/test_fields.py")),
    "reading": ("loaders/reading", ("tests/reading/",)),
    "fusion": ("engine/fusion", ("tests/fusion/", "tests/test_fusion.py", "tests/test_breakdowns.py")),
    "query": ("engine/query", ("tests/query/",)),
}
"""Room → its folder, and the tests of the room: all of them are tried on a change of what a module does when imported."""
ASKED = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--assert=plain", "-m", "not browser and not documents",
         "-k", f"not ({WAITING})"]  # fmt: skip
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
    """Types, docstrings, the names that a module gives out, and what only costs."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal":
            yield from ast.walk(node)
        if isinstance(node, ast.keyword) and node.arg in COSTS:
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
            return bool(node.keywords and (node.keywords[0].arg or "slots") not in COSTS)
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
            node.value = f"XX{node.value!s}XX"
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


@dataclass(frozen=True)
class Mutant:
    """One change: its file, the number of its node, the tests to try, and what stood there before."""

    room: str
    path: Path
    number: int
    before: str
    lines: range
    function: tuple[str, int] | None
    """The outermost function around it by qualified name and first line; None where it acts at import."""

    def tree(self) -> ast.Module:
        tree = ast.parse(self.path.read_text(encoding="utf-8"))
        change(list(ast.walk(tree))[self.number])
        return tree


def mutants(room: str) -> Iterator[tuple[Path, int]]:
    """Every change of a room."""
    for path in sorted((ROOT / ROOMS[room][0]).glob("*.py")):
        yield from ((path, n) for n in places(ast.parse(path.read_text(encoding="utf-8"))))


def mutant(room: str, path: Path, number: int) -> Mutant:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    node = list(ast.walk(tree))[number]
    before = repr(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)
    first: int = getattr(node, "lineno", 0)
    last: int = getattr(node, "end_lineno", None) or first
    return Mutant(room, path, number, " ".join(before.split()), range(first, last + 1), _function(tree, node))


def _function(tree: ast.Module, node: ast.AST) -> tuple[str, int] | None:
    """The outermost function in whose body a node stands."""
    bodies: list[tuple[str, ast.stmt]] = [("", statement) for statement in tree.body]
    for prefix, statement in bodies:
        if isinstance(statement, ast.ClassDef):
            bodies.extend((f"{prefix}{statement.name}.", inner) for inner in statement.body)
        elif isinstance(statement, ast.FunctionDef) and any(
            node is n for part in statement.body for n in ast.walk(part)
        ):
            first = min([statement.lineno, *(decorator.lineno for decorator in statement.decorator_list)])
            return prefix + statement.name, first
    return None


@dataclass
class Watched:
    """What one run of all tests showed: how long each took, and which tests ran a line of the rooms."""

    seconds: dict[str, float] = field(default_factory=dict)
    ran: dict[tuple[str, int], list[str]] = field(default_factory=lambda: defaultdict(list))
    failed: list[str] = field(default_factory=list)

    def of_line(self, change: Mutant) -> set[str]:
        """The tests that ran the line of a change inside a function."""
        lines = change.lines if change.function else ()
        return {test for line in lines for test in self.ran.get((str(change.path), line), ())}

    def tests(self, change: Mutant) -> list[str]:
        """The tests to try on a change: those that ran its line; else those of its file, with those of its room."""
        chosen = self.of_line(change)
        if not chosen:
            chosen = {test for (path, _), tests in self.ran.items() if path == str(change.path) for test in tests}
            chosen |= {test for test in self.seconds if test.startswith(ROOMS[change.room][1])}
        cost: dict[str, float] = defaultdict(float)
        for test in chosen:
            cost[test.partition("::")[0]] += self.seconds[test]
        return [t for t in sorted(chosen, key=lambda t: (cost[t.partition("::")[0]], t)) if t not in self.failed]


class _Session:
    """A run of pytest that keeps slow tests only where they are of the rooms, and forgets what hypothesis came upon."""

    def __init__(self, chosen: Sequence[str] = ()) -> None:
        self.failure, self.chosen = "", {test: place for place, test in enumerate(chosen)}

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self) -> None:
        from hypothesis import settings

        settings.register_profile("repeatable", deadline=None, database=None, derandomize=True)
        settings.load_profile("repeatable")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        own = tuple(test for _, tests in ROOMS.values() for test in tests)
        items[:] = [i for i in items if i.nodeid.startswith(own) or not i.get_closest_marker("slow")]
        if self.chosen:
            items[:] = sorted((i for i in items if i.nodeid in self.chosen), key=lambda i: self.chosen[i.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.failure:
            self.failure = report.nodeid


class Watch(_Session):
    """Runs every test and writes down what it ran."""

    def __init__(self, result: Path) -> None:
        super().__init__()
        self.files = {str(path) for room in ROOMS for path in (ROOT / ROOMS[room][0]).glob("*.py")}
        self.left: dict[CodeType, set[int]] = {}
        self.watched, self.result = Watched(), result

    def entered(self, frame: FrameType, event: str, argument: object) -> Callable[..., Any] | None:
        code = frame.f_code
        if code.co_filename not in self.files:
            return None
        if code not in self.left:
            self.left[code] = set(_lines(code)) - {code.co_firstlineno}
        return self.passed if self.left[code] else None

    def passed(self, frame: FrameType, event: str, argument: object) -> Callable[..., Any]:
        self.left.get(frame.f_code, set()).discard(frame.f_lineno)
        return self.passed

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self.left, self.failure, start = {}, "", time.process_time()
        threading.settrace(self.entered)
        sys.settrace(self.entered)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            threading.settrace(None)
            self.watched.seconds[item.nodeid] = time.process_time() - start
            if self.failure:
                self.watched.failed.append(item.nodeid)
            for code, left in self.left.items():
                for line in _lines(code) - left:
                    self.watched.ran[code.co_filename, line].append(item.nodeid)

    def pytest_sessionfinish(self) -> None:
        self.watched.ran = dict(self.watched.ran)
        self.result.write_bytes(pickle.dumps(self.watched))


def _lines(code: CodeType) -> set[int]:
    return {line for _, _, line in code.co_lines() if line is not None}


class Trials(_Session):
    """Collects the tests once and hands them to what tries the changes, each in a fork."""

    def __init__(self, work: Callable[[Trials], None]) -> None:
        super().__init__()
        self.work = work

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.session = session
        self.items = {item.nodeid: item for item in session.items}
        gc.unfreeze()
        self.functions: dict[tuple[str, str, int], list[FunctionType]] = defaultdict(list)
        for thing in gc.get_objects():
            if isinstance(thing, FunctionType) and thing.__code__.co_filename.startswith(str(ROOT)):
                code = thing.__code__
                self.functions[code.co_filename, code.co_qualname, code.co_firstlineno].append(thing)
        gc.freeze()
        self.work(self)
        return True

    def run(self, tests: Sequence[str], change: Mutant | None = None) -> str:
        """The first test that fails, after putting a changed function in the place of the one imported."""
        if change and change.function:
            key = (str(change.path), *change.function)
            codes = [compile(change.tree(), key[0], "exec")]
            for code in codes:
                codes.extend(constant for constant in code.co_consts if isinstance(constant, CodeType))
            new = next(code for code in codes if (code.co_qualname, code.co_firstlineno) == change.function)
            for function in self.functions[key]:
                function.__code__ = new
        items = [self.items[test] for test in tests if test in self.items]
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failure:
                break
        return self.failure


def imported(change: Mutant, tests: Sequence[str]) -> str:
    """The first test that fails after importing a changed module in the place of the file."""
    session = _Session(tests)
    sys.meta_path.insert(0, Changed(change.path, change.tree()))
    code = pytest.main([*ASKED, "-x", *dict.fromkeys(t.partition("::")[0] for t in tests)], plugins=[session])
    return session.failure or ("" if code == pytest.ExitCode.OK else "the import")


def forked(function: Callable[[], str], seconds: float) -> str:
    """What a function says in a process of its own; what ends it, or lasts several times as long as usual, is said instead."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.setsid()
        os.close(reader)
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        limit = int(60 + 5 * seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        resource.setrlimit(resource.RLIMIT_DATA, (4 << 30, 4 << 30))
        said = "an end"
        try:
            said = function()
        except BaseException as error:  # noqa: BLE001 - whatever it is, it was noticed
            said = repr(error)
        finally:
            os.write(writer, said.encode()[:4000] or b"-")
            os._exit(0)
    os.close(writer)
    ready = select.select([reader], [], [], 300 + 20 * seconds)[0]
    said = os.read(reader, 5000).decode() if ready else ""
    os.close(reader)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "" if said == "-" else said or "no end"


def watch() -> Watched:
    """Run every test once, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "watched"
        forked(lambda: str(pytest.main([*ASKED, "tests"], plugins=[Watch(result)])), 3000)
        watched: Watched = pickle.loads(result.read_bytes())
    return watched


def tried(changes: Sequence[Mutant], watched: Watched, report: Callable[[Mutant, str], None]) -> None:
    """Report of each change which test notices it, "" if none does."""
    sound: set[str] = set()

    def seconds(tests: Sequence[str]) -> float:
        return sum(watched.seconds[test] for test in tests)

    for change in changes:
        if not watched.of_line(change):
            tests = watched.tests(change)
            report(change, forked(lambda: imported(change, tests), seconds(tests)))  # noqa: B023

    def inside(trials: Trials) -> None:
        for change in changes:
            while watched.of_line(change):
                tests = watched.tests(change)
                test = forked(lambda: trials.run(tests, change), seconds(tests))  # noqa: B023
                if test not in watched.seconds or test in sound or not forked(lambda: trials.run([test]), 60):  # noqa: B023
                    sound.add(test)
                    report(change, test)
                    break
                watched.failed.append(test)

    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
        pytest.main([*ASKED, "tests"], plugins=[Trials(inside)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rooms", choices=ROOMS, nargs="+")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chosen = []
    for room in arguments.rooms:
        every = list(mutants(room))
        sample = random.Random(arguments.seed).sample(every, min(arguments.count, len(every)))
        chosen += [mutant(room, *change) for change in sample]
    noticed = dict.fromkeys(arguments.rooms, 0)
    screen = os.fdopen(os.dup(1), "w", buffering=1)

    def report(change: Mutant, test: str) -> None:
        noticed[change.room] += bool(test)
        said = f"noticed by {test}" if test else "not noticed"
        print(f"{change.path.relative_to(ROOT)}:{change.lines[0]}: {said}: {change.before}", file=screen)

    tried(chosen, watch(), report)
    for room, killed in noticed.items():
        count = sum(change.room == room for change in chosen)
        print(f"{room}: {killed} of {count} changes noticed ({100 * killed / count:.0f} %)", file=screen)


if __name__ == "__main__":
    main()
