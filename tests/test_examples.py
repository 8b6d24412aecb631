"""The examples in the docstrings of the code give what they say."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = [
    path.relative_to(ROOT)
    for room in ("commands", "engine", "links", "loaders", "shacl", "web")
    for path in sorted((ROOT / room).rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("path", FILES, ids=str)
def test_examples(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    module = importlib.import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
    results = doctest.testmod(module)
    assert (results.failed, results.attempted > 0) == (0, True), capsys.readouterr().out
