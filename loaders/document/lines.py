"""A document as numbered lines, whatever file it came from. ``loaders.document.pages`` makes these; readers read them."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Literal

Form = Literal["text", "html", "pdf", "word", "slides"]


@dataclass(frozen=True, slots=True)
class Cell:
    """Place of a line in a table: which table of the document, which row and column (all 0-based)."""

    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a document; every kind of file gives the same lines for the same text.

    A table is laid out cell by cell, row by row: a label cell's lines, then its value cell's lines. On a page with
    columns the lines of the first column stand before those of the second. List items begin with ``• `` or their number.
    """

    number: int
    """1-based: the file's own line of a text file, else the ordinal of the line in the document."""
    text: str
    """Without a line end. Of a text file it keeps leading blanks (they mark page breaks) and tabs."""
    page: int | None = None
    """Page of a PDF, slide of a PowerPoint file; of a text file where it has form feeds; else None."""
    heading: int = 0
    """Level where the file marks the line as a heading, else 0.

    HTML: 1-3 for h1-h3. PDF: 1-3 by size of type, then bold type. Word: the outline level, 1-9; a line that is bold as a
    whole ranks one below the last heading. PowerPoint: 1 for a slide's title.
    """
    cell: Cell | None = None
    """Where the line stands in a table: ruled or recognised by its columns in a PDF, marked as one in other files."""
    continues: bool = False
    """True where the file shows that this line goes on the paragraph of the line before (PDF: wrapped text)."""
    column: int = 0
    """Of a page set in columns, the column the line stands in, 1-based from the left; 0 where the page has one."""
    apart: bool = False
    """True where a page shows more space above the line than between the lines of a paragraph."""


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

    Of a text file they stand among ``lines`` too, so that line numbers are those of the file; of any other file they do
    not, and have the number of the line before them.
    """
    notes: tuple[str, ...] = ()
    """What the reader of a coverage report should know of the file: a page without text, an undecodable byte."""


@dataclass(slots=True)
class Content:
    """What the reader of one form of file makes of it, in order: it grows while the file is read."""

    title: str | None = None
    lines: list[Line] = field(default_factory=list)
    furniture: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    apart: bool = False
    """Whether the file shows more space than usual above the next line."""

    def add(self, text: str, page: int | None = None, heading: int = 0, cell: Cell | None = None) -> None:
        """Append each line of a paragraph that is not blank; one of several lines stands apart, and so does the next."""
        parts = [part.strip() for part in clean(text).splitlines() if part.strip()]
        for number, part in enumerate(parts):
            apart = cell is None and number == 0 and (self.apart or len(parts) > 1)
            self.lines.append(Line(len(self.lines) + 1, shortened(part), page, heading, cell, apart=apart))
        self.apart = len(parts) != 1 and cell is None

    def put_aside(self, text: str, page: int | None = None) -> None:
        """Append each line of ``text`` that is not blank to the furniture, once."""
        known = {(line.text, line.page) for line in self.furniture}
        for part in clean(text).splitlines():
            if part.strip() and (part.strip(), page) not in known:
                self.furniture.append(Line(len(self.lines), part.strip(), page))


LINE_LIMIT, WORD_LIMIT, BLANK_LIMIT = 100_000, 2_000, 200
"""Characters of the longest line, word (anything without a blank) and run of blanks that are read."""
_RUN = re.compile(rf"(\S{{{WORD_LIMIT}}})(\S+)|([^\S\n]{{{BLANK_LIMIT}}})[^\S\n]+")
CUT = re.compile(r"\[… \d+ characters cut\]")
"""What stands in a line in the place of characters that were cut."""


def shortened(text: str) -> str:
    """Cut the words and blanks of one line that are longer than any text has; what is cut is said in its place."""
    if len(text) > BLANK_LIMIT:
        text = _RUN.sub(lambda run: run[3] or f"{run[1]}[… {len(run[2])} characters cut]", text)
    if len(text) > LINE_LIMIT:
        text = f"{text[:LINE_LIMIT]}[… {len(text) - LINE_LIMIT} characters cut]"
    return text


_BULLET = re.compile(r"(?<!\S)[\uf000-\uf0ff](?=\s)")
"""A bullet of a symbol font, whose glyph has no letter."""
_SOFT_HYPHEN = re.compile(r"\u00ad(?!\s|$)")
"""One within a word: the text was not broken there. One at the end of a line is the hyphen that was printed."""


def clean(text: str) -> str:
    """Compose letters, drop soft hyphens within words, and write symbol-font bullets as ``•``."""
    text = unicodedata.normalize("NFC", text)
    return _SOFT_HYPHEN.sub("", _BULLET.sub("•", text))
