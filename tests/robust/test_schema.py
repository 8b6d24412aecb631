"""TOML files that people write: what is wrong is one line with the file, the line, the key and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.data import SourceFile, read_toml
from loaders.errors import SourceError
from loaders.tables import mapping
from tests.cases import each

MAPPINGS = {
    "columns = 3": (1, "columns"),
    "[columns]\nname = 3": (2, "columns"),
    '[columns]\nname = ["a", 2]': (2, "columns"),
    'title = 1\n[columns]\nname = "a"': (1, "title"),
    'required = "name"\n[columns]\nname = "a"': (1, "required"),
    '[columns]\nname = "a"\n[scale]\nname = "x"': (3, "scale"),
    '[columns]\nname = "a"\n[values]\nfund = "x"': (4, "values"),
    '[columns\nname = "a"': (1, "no TOML"),
    "x = " + "[" * 5000: (None, ""),
}


@pytest.mark.parametrize("text", MAPPINGS)
def test_a_mapping_of_wrong_types_names_line_and_key(text: str, tmp_path: Path) -> None:
    path = tmp_path / "oma.toml"
    path.write_text(text)
    line, key = MAPPINGS[text]
    with pytest.raises(SourceError) as error:
        mapping.load(path)
    assert "\n" not in error.value.message
    assert key in error.value.message
    if line:
        assert abs((error.value.line or 0) - line) <= 1


@each("path", sorted(mapping.FOLDER.glob("*.toml")), ids=lambda p: p.stem)
def test_shipped_mappings_have_the_shape(path: Path) -> None:
    if path != mapping.LEXICON and "columns" in path.read_text(encoding="utf-8"):
        assert mapping.load(path).columns


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        ('title = "a"\nlayout = "call"\n[sha256]\n[expect]\nthemes = "2"\n', "expect: expected `int`, got `str`", 4),
        ('title = "a"\nlayuot = "call"\n', "layuot: object contains unknown field `layuot`", 2),
        ('title = "a"\n', "the file: object missing required field `layout`", None),
        ("title = 1\n", "title: expected `str`, got `int`", 1),
    ],
)
def test_a_source_file_names_its_wrong_key(text: str, says: str, line: int | None, tmp_path: Path) -> None:
    path = tmp_path / "uusi.toml"
    path.write_text(text)
    with pytest.raises(SourceError) as error:
        read_toml(path, SourceFile)
    assert says in error.value.message
    assert error.value.line == line
