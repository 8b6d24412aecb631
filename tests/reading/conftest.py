"""A page of the readers from a few lines of text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from loaders.document import pages
from loaders.outline import outline
from loaders.reading import read
from loaders.reading.page import Page
from loaders.records import Record

Reader = Callable[[str], list[Record]]


@pytest.fixture
def records(tmp_path: Path) -> Reader:
    """Give a function that reads all records of a text."""

    def of(text: str) -> list[Record]:
        path = tmp_path / "page.txt"
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        return read(Page(outline(pages.read(path))))

    return of


Pager = Callable[[str], Page]


@pytest.fixture
def page(tmp_path: Path) -> Pager:
    """Give a function that makes the page of a text, for tests of single functions of the readers."""

    def of(text: str) -> Page:
        path = tmp_path / "page.txt"
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        return Page(outline(pages.read(path)))

    return of
