"""The rules of the code base: who may import whom, how large files are, what the README names, what must not be committed."""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import click
import pytest

import graph
from tests.cases import each

MOST_LINES, MOST_FILES, LONGEST_FILE, SHORTEST_FILE = 24_000, 220, 500, 60
ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("commands", "engine", "links", "loaders", "shacl", "web")
MODULES = [*sorted(p for name in PACKAGES for p in (ROOT / name).rglob("*.py")), ROOT / "graph.py"]
ALLOWED = {
    "loaders": {"loaders"},
    "shacl": {"shacl"},
    "links": {"links", "loaders"},
    "engine": {"engine", "links", "loaders", "shacl"},
    "web": {"web", "engine", "links", "loaders"},
    "commands": {"commands", "engine", "links", "loaders", "web"},
    "graph.py": {"commands", "engine", "loaders"},
}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: the list of committed files is not known")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names & {*PACKAGES, "graph", "tests", "bench"}


def test_a_module_imports_only_what_its_package_may() -> None:
    wrong = {str(path): imported(path) - ALLOWED[path.relative_to(ROOT).parts[0]] for path in MODULES}
    assert {path: names for path, names in wrong.items() if names} == {}


def test_a_file_stays_small() -> None:
    assert [(str(path), lines_of(path)) for path in MODULES if lines_of(path) > LONGEST_FILE] == []


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_there_are_few_files_and_none_is_a_stub() -> None:
    assert len(MODULES) <= MOST_FILES
    assert [str(path) for path in MODULES if lines_of(path) < SHORTEST_FILE and path.name != "__init__.py"] == []


@pytest.mark.xfail(reason="the code base is still being made smaller")
def test_the_whole_code_base_has_few_lines() -> None:
    assert sum(lines_of(path) for path in MODULES) <= MOST_LINES


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported_modules(path: Path, known: set[str]) -> set[str]:
    """Every module of ours that a file imports, at its top, inside its functions or for its types."""
    names: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            parts = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= parts if parts <= known else parts | {node.module}
    return (names & known) - {module_name(path)}


def rings(arrows: dict[str, set[str]]) -> list[set[str]]:
    """The groups of names that reach each other: in an acyclic graph there is none."""

    def reachable(name: str) -> set[str]:
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            for following in arrows.get(waiting.pop(), set()) - seen:
                seen.add(following)
                waiting.append(following)
        return seen

    reached = {name: reachable(name) for name in arrows}
    found: list[set[str]] = []
    for name, others in reached.items():
        if name in others and not any(name in ring for ring in found):
            found.append({other for other in others if name in reached.get(other, set())})
    return found


def test_rings_are_noticed() -> None:
    assert rings({"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set()}) == [{"a", "b", "c"}]
    assert rings({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def room(name: str) -> str:
    """The room of a module: the folder of the second level (``loaders.rdf``), or a module that stands beside such folders."""
    return ".".join(name.split(".")[:2])


def test_neither_modules_nor_rooms_import_each_other_in_a_ring() -> None:
    known = {module_name(path) for path in MODULES}
    modules = {module_name(path): imported_modules(path, known) for path in MODULES}
    assert rings(modules) == []
    rooms: dict[str, set[str]] = {}
    for name, others in modules.items():
        rooms.setdefault(room(name), set()).update(room(other) for other in others if room(other) != room(name))
    assert rings(rooms) == []


def test_a_function_stays_short() -> None:
    functions = [
        (f"{path}: {node.name}", (node.end_lineno or 0) - node.lineno)
        for path in MODULES
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert [(name, lines) for name, lines in functions if lines >= 60] == []


def commands() -> list[str]:
    return graph.cli.list_commands(click.Context(graph.cli))


@each("name", commands())
def test_every_command_has_help_with_an_example_and_stands_in_the_readme(name: str) -> None:
    command = graph.cli.get_command(click.Context(graph.cli), name)
    assert command is not None
    assert "teemagraafi" in (command.help or ""), f"{name}: --help shows no example"
    assert re.search(rf"\b{name}\b", (ROOT / "README.md").read_text(encoding="utf-8")), (
        f"README.md does not name {name}"
    )


def options(command: click.Command | None) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts} if command else set()


def test_the_commands_and_options_of_the_readme_exist() -> None:
    context = click.Context(graph.cli)
    table = (ROOT / "README.md").read_text(encoding="utf-8").split("## Commands")[1].split("\n\n")[1]
    for row in table.splitlines()[2:]:
        first, *_ = cells = row.split("|")[1:]
        named = re.findall(r"`([a-z]+)( [a-z]+)?", first)
        if named[0][0] == "link":
            group = graph.cli.get_command(context, "link")
            assert isinstance(group, click.Group)
            assert {part.strip() or name for name, part in named} == set(group.list_commands(context))
            continue
        found = [graph.cli.get_command(context, name) for name, _ in named]
        assert all(found), row
        known = set().union(*map(options, found))
        assert set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", " ".join(cells))) <= known, row


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_the_files_that_a_page_names_are_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(r"`([\w.-]+/[\w./-]+)`", text)
    assert named
    assert [name for name in named if not (ROOT / name).exists() and not name.startswith(".venv")] == []
    alone = set(re.findall(r"`([a-z_]+\.(?:py|toml|html))`", text))  # a file of the folder named before it
    assert sorted(alone - {path.name for path in tracked()}) == []


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").split()) <= 700


def test_no_committed_file_names_a_registry_host_or_a_machine_path() -> None:
    hosts = re.compile(r"(files\.pythonhosted|pypi\.org|registry\.npmjs|deb\.debian\.org|/(?:work|root)/\w)")
    own = Path(__file__).resolve()
    for path in tracked():
        if (
            path.resolve() != own
            and path.suffix not in {".pdf", ".wasm", ".png", ".gz", ".woff2"}
            and "vendor" not in path.parts
        ):
            found = hosts.search(path.read_text(encoding="utf-8", errors="replace"))
            assert found is None, f"{path.relative_to(ROOT)}: {found and found[0]}"


def test_the_version_is_the_same_everywhere() -> None:
    texts = {
        "CITATION.cff": f"version: {graph.__version__}\n",
        "CHANGELOG.md": f"## [{graph.__version__}] - ",
        "ontology/teemagraafi.ttl": f'owl:versionInfo "{graph.__version__}"',
    }
    assert [name for name, text in texts.items() if text not in (ROOT / name).read_text(encoding="utf-8")] == []
    released = re.search(r"\d{4}-\d\d-\d\d", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert released
    assert f"date-released: {released[0]}" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_the_pictures_of_the_readme_are_there_and_small() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert pictures
    assert all((ROOT / name).stat().st_size < 150_000 for name in pictures)


def test_what_a_notebook_imports_is_there() -> None:
    books = [json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / "notebooks").glob("*.ipynb")]
    cells = ["".join(cell["source"]) for book in books for cell in book["cells"] if cell["cell_type"] == "code"]
    taken = re.findall(r"(?m)^from ((?:engine|graph|links|loaders|shacl)\b[\w.]*) import ([\w, ]+)", "\n".join(cells))
    assert taken
    for module, names in taken:
        assert all(hasattr(importlib.import_module(module), name) for name in names.split(", ")), (module, names)


MOST_PATTERN_WORDS = 148
"""Words of natural languages inside patterns of the loaders; the goal is 150, new wordings belong in ``loaders/phrases``."""
_ASKS_TABLES = {"pattern", "whole_words", "source", "wordings", "concepts", "_cue"}
"""Functions that are given the name of a concept, not words."""
_NO_LANGUAGE = (
    "https http www com org net info mailto cid xml html doctype head body "  # addresses and mark-up
    "relationship sheet numfmt numfmtid cellxfs point "  # names of elements and shapes of files
    "eur meur sek nok dkk usd gbp esr eakr jtf esf erdf eruf ely ntm"  # currencies, funds, offices
)
"""Names and codes that are the same in every language."""
_MARKUP = re.compile(r"\(\?P[<=]\w+[>)]|\\[a-zA-Z]|\[[^\]]*\]|\(\?[a-z-]+:")


def pattern_words(source: str) -> list[str]:
    """The runs of three letters or more in the patterns that a module gives to ``re``."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args]
    given = [
        call.args[0]
        for call in calls
        if ast.unparse(call.func).startswith("re.") and "escape" not in ast.unparse(call.func)
    ]
    asked = {
        id(part)
        for pattern in given
        for call in ast.walk(pattern)
        if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in _ASKS_TABLES
        for part in ast.walk(call)
    }
    held = [part for pattern in given for part in ast.walk(pattern) if isinstance(part, ast.Constant)]
    texts = [part.value for part in held if isinstance(part.value, str) and id(part) not in asked]
    words = [word for one in texts for word in re.findall(r"[^\W\d_]{3,}", _MARKUP.sub("|", one))]
    return [word for word in words if word.casefold() not in _NO_LANGUAGE.split()]


def test_words_of_patterns_are_counted() -> None:
    assert pattern_words(r're.compile(r"(?P<name>\bhaku|projekt\w*)\s[a-zåäö]")') == ["haku", "projekt"]
    assert pattern_words("re.compile(rf'tai{phrases.source(\"cue.and\")}')") == ["tai"]


def test_wordings_stand_in_the_phrase_tables() -> None:
    found = [w for path in (ROOT / "loaders").rglob("*.py") for w in pattern_words(path.read_text(encoding="utf-8"))]
    assert len(found) <= MOST_PATTERN_WORDS


@pytest.mark.parametrize("name", ["engine/sparql.toml", "web/sparql.toml"])
def test_every_query_of_a_file_is_asked_for_by_its_name(name: str) -> None:
    queries = tomllib.loads((ROOT / name).read_text(encoding="utf-8"))
    names = {query for section in queries.values() for query in (section if isinstance(section, dict) else ())}
    names |= {query for query, text in queries.items() if isinstance(text, str)}
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / name).parent.rglob("*.py"))
    assert {query for query in names if f'"{query}"' not in code} == set()
