"""The lines of a source document with persons hidden, stored beside the graph (``STORE/vN/text/<id>.json``) for everybody."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from engine.store import Version
from loaders.coverage_report import MASK
from loaders.document.lines import Document
from loaders.records import Contact, Origin, Reading
from loaders.values.marks import of_persons

_FOLDER = "text"
_VISIBLE, _HIDDEN = re.compile(r"\S.*\S|\S"), re.compile(b"\1+")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line: its number in the document, its page where the document has pages, and its text."""

    number: int
    page: int | None
    text: str


def path_of(version: Version, document: str) -> Path:
    """The file of a document's lines in a version of a store; it need not exist."""
    return version.path / _FOLDER / f"{document}.json"


def write(version: Version, document: Document, reading: Reading) -> None:
    """Keep the lines of a document that was read, with persons' names, addresses and telephone numbers hidden."""
    path = path_of(version, document.id)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(msgspec.json.encode(public_lines(document, reading)))


def copy(path: Path, version: Version) -> None:
    """Take over the lines of a document from the version that ``path`` (its file of quads) belongs to."""
    before, after = path_of(Version(path.parents[1]), path.stem), path_of(version, path.stem)
    if before.is_file():
        after.parent.mkdir(exist_ok=True)
        after.write_bytes(before.read_bytes())


def read(path: Path) -> list[SourceLine]:
    """The lines of a file that :func:`write` made; none where there is no such file."""
    return msgspec.json.decode(path.read_bytes(), type=list[SourceLine]) if path.is_file() else []


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
