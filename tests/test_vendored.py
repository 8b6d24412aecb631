"""What the repository holds of other projects: each file has its licence beside it, and the engines are of one series."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STATIC = ROOT / "web" / "static" / "vendor"
SCRIPT = (ROOT / "web" / "vendor.sh").read_text(encoding="utf-8")
TAKEN = {
    folder: (package, {Path(file).name for file in files.split()})
    for folder, package, files in re.findall(r"^take (\S+) (\S+) \\\n\s+\S+ \\\n\s+(.+)$", SCRIPT, re.MULTILINE)
}
"""Folder → package with its version, files: as the script fetches them."""


def test_each_vendored_folder_is_one_of_the_script() -> None:
    assert TAKEN.keys() == {folder.name for folder in STATIC.iterdir()}


@pytest.mark.parametrize("folder", TAKEN)
def test_vendored_files_are_listed_with_version_and_licence(folder: str) -> None:
    package, files = TAKEN[folder]
    assert {path.name for path in (STATIC / folder).iterdir()} == {*files, "LICENSE.txt"}
    first, second, *text = (STATIC / folder / "LICENSE.txt").read_text(encoding="utf-8").splitlines()
    assert first == package
    assert re.fullmatch(r"Licence: (MIT|Apache-2\.0|MIT OR Apache-2\.0)", second)
    assert any("Copyright (c)" in line for line in text)


def test_what_tests_need_of_others_has_its_licence_beside_it() -> None:
    names = {path.name for path in (ROOT / "tests" / "vendor").iterdir()}
    assert names == {"axe.min.js", "axe-LICENSE.txt"}
    assert "Mozilla Public License" in (ROOT / "tests" / "vendor" / "axe-LICENSE.txt").read_text(encoding="utf-8")


def test_no_script_or_style_of_others_lies_elsewhere() -> None:
    minified = {path for path in (ROOT / "web").rglob("*.min.*") if STATIC not in path.parents}
    assert minified == set()


def test_the_browsers_engine_is_of_the_servers_series() -> None:
    """The newest build for browsers may be a few fixes behind that for Python; a step in the series changes answers."""
    in_browser = TAKEN["oxigraph"][0].rpartition("@")[2]
    assert in_browser.rpartition(".")[0] == version("pyoxigraph").rpartition(".")[0]
