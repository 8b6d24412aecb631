"""The lines of a source document with persons hidden, stored beside the graph for everybody to read.

``STORE/vN/text/<id>.txt`` has line *n* of the document on its line *n*; a form feed begins the first line of each page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.store import Version
from loaders.coverage_report import MASK
from loaders.document.lines import Document
from loaders.records import Contact, Origin, Reading
from loaders.values.marks import of_persons

_FOLDER = "text"
_PAGE_BREAK = "\f"
_VISIBLE, _HIDDEN = re.compile(r"\S.*\S|\S"), re.compile(b"\1+")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line: its number in the document, its page where the document has pages, and its text."""

    number: int
    page: int | None
    text: str


def path_of(version: Version, document: str) -> Path:
    """The file of a document's lines in a version of a store; it need not exist."""
    return version.path / _FOLDER / f"{document}.txt"


def write(version: Version, document: Document, reading: Reading) -> None:
    """Keep the lines of a document that was read, with persons' names, addresses and telephone numbers hidden."""
    path = path_of(version, document.id)
    path.parent.mkdir(exist_ok=True)
    path.write_text(_as_text(public_lines(document, reading)), encoding="utf-8")


def copy(path: Path, version: Version) -> None:
    """Take over the lines of a document from the version that ``path`` (its file of quads) belongs to."""
    before, after = path.parents[1] / _FOLDER / f"{path.stem}.txt", path_of(version, path.stem)
    if before.is_file():
        after.parent.mkdir(exist_ok=True)
        after.write_bytes(before.read_bytes())


def read(path: Path) -> list[SourceLine]:
    """The lines of a file that :func:`write` made; none where there is no such file."""
    if not path.is_file():
        return []
    page, lines = None, []
    for number, text in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if text.startswith(_PAGE_BREAK):
            head, text = text[1:].split(_PAGE_BREAK, 1)
            page = int(head)
        lines.append(SourceLine(number, page, text))
    return lines


def _as_text(lines: Iterable[SourceLine]) -> str:
    written: list[str] = []
    page = None
    for line in lines:
        written += [""] * (line.number - 1 - len(written))
        mark = f"{_PAGE_BREAK}{line.page}{_PAGE_BREAK}" if line.page is not None and line.page != page else ""
        page = line.page if line.page is not None else page
        if line.number <= len(written):  # a file that gives two lines one number
            written[line.number - 1] += f" {line.text}"
        else:
            written.append(mark + line.text)
    return "\n".join(written)


def public_lines(document: Document, reading: Reading) -> list[SourceLine]:
    """The lines of a document, with :data:`MASK` in place of the names and addresses of persons."""
    numbers = [line.number for line in document.lines]
    texts = [re.sub(r"[\n\f]", " ", line.text) for line in document.lines]
    starts, position = [], 0
    for text in texts:
        starts.append(position)
        position += len(text) + 1
    whole = "\n".join(texts)
    hidden = bytearray(len(whole))
    for origin in _private(reading):
        inside = [at for at, number in enumerate(numbers) if origin.first <= number <= origin.last]
        if inside:
            low, high = starts[inside[0]], starts[inside[-1]] + len(texts[inside[-1]])
            spans = list(_occurrences(origin.words, whole, low, high))
            _hide(hidden, spans or [(low, high)])
    for name in {record.name for record in reading.records if isinstance(record, Contact)}:
        _hide(hidden, _occurrences(name, whole, 0, len(whole)))
    _hide(hidden, (mark.span for mark in of_persons(whole)))
    shown = zip(document.lines, texts, starts, strict=True)
    return [SourceLine(line.number, line.page, _masked(text, hidden[at : at + len(text)])) for line, text, at in shown]


def _private(reading: Reading) -> Iterator[Origin]:
    for record in reading.records:
        if isinstance(record, Contact):
            yield record.origin
    for left in reading.left_out:
        if left.private:
            yield Origin(left.first, left.last, left.words)


def _occurrences(words: str, text: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    """The places of some words between two positions of a text; any white space may separate the words."""
    if parts := words.split():
        pattern = re.compile(r"\s+".join(map(re.escape, parts)))
        yield from (match.span() for match in pattern.finditer(text, low, high))


def _hide(hidden: bytearray, spans: Iterable[tuple[int, int]]) -> None:
    for start, end in spans:
        hidden[start:end] = b"\1" * (end - start)


def _masked(text: str, hidden: bytearray) -> str:
    """A line with one mask for each run of hidden letters; blanks at its ends stay."""
    for run in reversed(list(_HIDDEN.finditer(hidden))):
        if shown := _VISIBLE.search(text, *run.span()):
            text = text[: shown.start()] + MASK + text[shown.end() :]
    return text
