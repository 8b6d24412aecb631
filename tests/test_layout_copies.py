"""Changed copies of documents of every layout are read like their originals, changed in the same way."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from loaders import choose
from loaders.document import pages
from loaders.document.lines import Document
from loaders.records import Theme
from tests import layoutpages as made
from tests.layoutcopies import Copy, records, renamed, theme_names

ORIGINALS = sorted(
    path
    for folder in ("text", "more")
    for path in (made.SHARED / folder).glob("*.txt")
    if not path.stem.startswith("toteutuskatsaus")
)


def again(document: Document, words: str, tmp_path: Path) -> Document:
    """Other words under the same name."""
    path = tmp_path / f"{document.id}.txt"
    path.write_text(words, encoding="utf-8")
    return replace(pages.read(path), id=document.id, title=document.title)


def check(document: Document, tmp_path: Path) -> None:
    reading = choose(document).parse(document)
    copy = Copy.of(reading)
    other = again(document, copy.document("\n".join(line.text for line in document.lines) + "\n"), tmp_path)
    chosen = choose(other).NAME
    assert chosen == reading.layout
    assert records(choose(other).parse(other)) == copy.facts(records(reading))


@pytest.mark.parametrize("layout", made.names())
def test_a_copy_of_an_invented_document_says_what_was_changed(layout: str, tmp_path: Path) -> None:
    check(made.document(layout, "txt", tmp_path), tmp_path)


@pytest.mark.documents
@pytest.mark.parametrize("path", ORIGINALS or [None], ids=lambda path: path and path.stem)
def test_a_copy_of_a_real_document_says_what_was_changed(path: Path | None, tmp_path: Path) -> None:
    if path is None:
        pytest.skip("the full documents are not beside the repository")
    check(pages.read(path), tmp_path)


@pytest.mark.documents
@pytest.mark.parametrize("path", ORIGINALS or [None], ids=lambda path: path and path.stem)
def test_themes_are_found_by_their_place_and_not_by_their_names(path: Path | None, tmp_path: Path) -> None:
    if path is None:
        pytest.skip("the full documents are not beside the repository")
    document = pages.read(path)
    reading = choose(document).parse(document)
    if any(r.name.origin.certainty == "likely" for r in reading.records if isinstance(r, Theme)):
        pytest.skip("the theme's name is not printed on the slides")
    text, others = renamed("\n".join(line.text for line in document.lines) + "\n", reading)
    found = choose(other := again(document, text, tmp_path)).parse(other)
    assert theme_names(found) == [others[name] for name in theme_names(reading)]
