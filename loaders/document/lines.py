"""A document as numbered lines, whatever file it came from. ``loaders.document.pages`` makes these; layouts read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Form = Literal["text", "html", "pdf"]


@dataclass(frozen=True, slots=True)
class Cell:
    """Place of a line in a ruled table: which table of the document, which row and column (0-based)."""

    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line. ``text`` keeps leading blanks (they mark page breaks in text) and has no line end.

    Tables are laid out cell by cell, row by row: a label cell's lines, then its value cell's lines.
    """

    number: int
    text: str
    page: int | None = None
    heading: int = 0
    """1-3 where the file marks the line as a heading (HTML h1-h3, larger or bold type in a PDF), else 0."""
    cell: Cell | None = None
    continues: bool = False
    """True where the file shows that this line goes on the paragraph of the line before (PDF: wrapped text)."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file read into lines. ``id`` is the source's id, else the file's stem."""

    id: str
    form: Form
    lines: tuple[Line, ...]
    sha256: str
    title: str | None = None
    furniture: tuple[Line, ...] = ()
    """Lines that belong to the page, not to the text: running heads and feet, page numbers, menus, dumped link targets.

    Of a PDF or HTML file they are not among ``lines`` (and have the number of the line before them); of a text file they
    stay there too, so that line numbers are those of the file.
    """
    notes: tuple[str, ...] = ()
    """What the reader of a coverage report should know of the file: a page without text, an undecodable byte."""
