from __future__ import annotations

from pathlib import Path

import pytest

from engine import inputs
from loaders import sources
from loaders.errors import SourceError


def write(path: Path, text: str = "teksti") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def names(given: list[inputs.InputFile]) -> list[str]:
    return [g.identifier for g in given]


def test_a_file_is_called_by_its_stem(tmp_path: Path) -> None:
    assert names(inputs.given([write(tmp_path / "oma.txt")])) == ["oma"]


def test_a_known_source_keeps_its_id_whatever_the_file_is_called(tmp_path: Path) -> None:
    source = next(s for s in sources.all_sources() if s.excerpts)
    copy = tmp_path / f"renamed{source.excerpts[0].suffix}"
    copy.write_bytes(source.excerpts[0].read_bytes())
    assert names(inputs.given([copy])) == [source.id]


def test_files_of_one_name_are_told_apart_the_same_way_in_any_order(tmp_path: Path) -> None:
    files = [
        write(tmp_path / "a" / "k.txt", "yksi"),
        write(tmp_path / "b" / "k.txt", "kaksi"),
        write(tmp_path / "k.html", "<p>"),
    ]
    one, other = inputs.given(files), inputs.given(files[::-1])
    assert [(g.identifier, g.path) for g in one] == [(g.identifier, g.path) for g in other]
    assert len(set(names(one))) == 3
    assert "k-html" in names(one)


def test_the_same_content_twice_is_read_once(tmp_path: Path) -> None:
    files = [write(tmp_path / "a" / "k.txt"), write(tmp_path / "b" / "k.txt"), write(tmp_path / "a" / "m.txt")]
    for order in (files, files[::-1]):
        assert [(g.identifier, g.path) for g in inputs.given(order)] == [("k", files[0])]


def test_a_directory_gives_its_documents_and_the_excerpts_of_what_is_not_there(tmp_path: Path) -> None:
    write(tmp_path / "oma.txt")
    write(tmp_path / "kuva.png")
    assert set(names(inputs.originals(tmp_path))) == {"oma", *(s.id for s in sources.all_sources() if s.excerpts)}


@pytest.mark.parametrize("what", ["nothing", "a file", "no directory"])
def test_a_directory_without_documents_is_an_error(tmp_path: Path, what: str) -> None:
    path = {"nothing": tmp_path, "a file": write(tmp_path / "x" / "y.txt"), "no directory": tmp_path / "none"}[what]
    if what == "nothing":
        path = tmp_path / "empty"
        path.mkdir()
    with pytest.raises(SourceError):
        inputs.originals(path)
