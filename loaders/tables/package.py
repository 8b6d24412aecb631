"""The parts of an .xlsx package, unpacked with limits: no part may swell beyond measure, no XML may declare entities."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol
from xml.parsers import expat

from loaders.errors import SourceError

_BLOCK = 2**16
_RATIO = 200
"""A sheet of a real list packs 5 to 50 times; a bomb a thousand times."""
_SMALL = 16 * 2**20
_PART_LIMIT = 6 * 2**30
STRINGS_LIMIT = 2**29
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Handler(Protocol):
    """What reads the elements of one part, by their local names."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Character data."""


class Package:
    """An opened .xlsx file."""

    def __init__(self, path: Path, identifier: str) -> None:
        """Open the package and measure its parts; SourceError if it is none or too large to be one."""
        self.identifier = identifier
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError) as error:
            raise SourceError(identifier, f"is no workbook ({error}): save it again as .xlsx or .csv") from None
        for part in self._zip.infolist():
            packed = max(part.compress_size, 1)
            if part.file_size > _PART_LIMIT or (part.file_size > _SMALL and part.file_size > _RATIO * packed):
                raise SourceError(
                    identifier, f"{part.filename} unpacks {part.file_size // packed} times: refused as a zip bomb"
                )
            if part.flag_bits & 1:
                raise SourceError(identifier, "the workbook is encrypted: save it without a password")
        self.names = set(self._zip.namelist())
        if "xl/workbook.xml" not in self.names:
            raise SourceError(identifier, "the zip file holds no workbook: save the table as .xlsx or .csv")

    def size(self, name: str) -> int:
        """Unpacked size of a part."""
        return self._zip.getinfo(name).file_size

    def blocks(self, name: str) -> Iterator[bytes]:
        """The bytes of a part, block by block."""
        try:
            with self._zip.open(name) as part:
                while block := part.read(_BLOCK):
                    yield block
        except (zipfile.BadZipFile, OSError, EOFError) as error:
            raise SourceError(self.identifier, f"{name} is damaged ({error})") from None

    def parse(self, name: str, handler: Handler) -> Iterator[None]:
        """Feed a part to a handler, giving way after each block."""
        local: dict[str, str] = {}

        def bare(qualified: str) -> str:
            return local.setdefault(qualified, qualified.rpartition(":")[2])

        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = lambda n, a: handler.start(local.get(n) or bare(n), a)
        parser.EndElementHandler = lambda n: handler.end(local.get(n) or bare(n))
        parser.CharacterDataHandler = handler.text
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        try:
            for block in self.blocks(name):
                parser.Parse(block, False)
                yield
            parser.Parse(b"", True)
            yield
        except expat.ExpatError as error:
            raise SourceError(self.identifier, f"{name} is no XML ({error})") from None

    def _refuse_doctype(self, *_: object) -> None:
        raise SourceError(self.identifier, "the workbook declares XML entities: refused")


class _Elements:
    """Collects (name, attributes) of every element of a small part."""

    def __init__(self, take: Callable[[str, dict[str, str]], None]) -> None:
        self.start = take

    def end(self, name: str) -> None:
        """Elements need no end."""

    def text(self, data: str) -> None:
        """Elements need no text."""


def elements(package: Package, name: str) -> list[tuple[str, dict[str, str]]]:
    """Every element of a part in document order; an absent part has none."""
    found: list[tuple[str, dict[str, str]]] = []
    if name in package.names:
        if package.size(name) > _SMALL * 4:
            raise SourceError(package.identifier, f"{name} is too large for what it should hold")
        for _ in package.parse(name, _Elements(lambda n, a: found.append((n, a)))):
            pass
    return found


class _Strings:
    """Shared strings: the text of each item, without the reading aids of East Asian text."""

    def __init__(self) -> None:
        self.items: list[str] = []
        self._parts: list[str] = []
        self._inside = self._aid = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._inside = name == "t"
        self._aid = self._aid or name == "rPh"

    def end(self, name: str) -> None:
        self._inside = False
        if name == "rPh":
            self._aid = False
        elif name == "si":
            self.items.append(unescape("".join(self._parts)))
            self._parts.clear()

    def text(self, data: str) -> None:
        if self._inside and not self._aid:
            self._parts.append(data)


def shared_strings(package: Package) -> list[str]:
    """The workbook's table of strings."""
    name, strings = "xl/sharedStrings.xml", _Strings()
    if name in package.names:
        if package.size(name) > STRINGS_LIMIT:
            raise SourceError(package.identifier, "the workbook's strings are too large: save the table as .csv")
        for _ in package.parse(name, strings):
            pass
    return strings.items


def unescape(text: str) -> str:
    """Undo the escapes of control characters (``_x000D_``)."""
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text
