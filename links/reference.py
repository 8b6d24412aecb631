"""Reference tables as they were downloaded: found by name, checked for their columns, read row by row."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from loaders.data import read_table
from loaders.errors import SourceError


@dataclass(frozen=True, slots=True)
class Reference:
    """A folder of reference tables."""

    folder: Path

    def __post_init__(self) -> None:
        """Refuse a path that is no folder."""
        if not self.folder.is_dir():
            raise SourceError(str(self.folder), "is not a folder of reference tables")

    def has(self, name: str) -> bool:
        """Tell whether a table is there."""
        return (self.folder / name).is_file()

    def rows(self, name: str, *columns: str) -> list[dict[str, str]]:
        """Read a table with a heading; raises SourceError if it is absent, unreadable or of another version."""
        path = self.folder / name
        if not path.is_file():
            raise SourceError(name, f"is missing from {self.folder}")
        rows = read_table(path, columns, separator="\t" if name.endswith(".tsv") else ",")
        return [{column: " ".join(cell.split()) for column, cell in cells.items()} for _, cells in rows]

    def records(self, name: str, *lists: str) -> Iterator[dict[str, Any]]:
        """Read JSON objects: one a line, a list, or the list under one of the keys ``lists`` of a single object.

        Of a list, one object at a time is decoded: a dump of 300 MB takes little more memory than its text.
        """
        path = self.folder / name
        if not path.is_file():
            raise SourceError(name, f"is missing from {self.folder}")
        text = path.read_bytes()
        for number, raw in enumerate(_objects(name, text, lists), 1):
            try:
                yield msgspec.json.decode(raw, type=dict[str, Any])
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                raise SourceError(name, "is not a JSON object", number) from None

    def years(self, pattern: str) -> list[int]:
        """List the years a table with ``{}`` for the year in its name is there for, oldest first."""
        file_name = re.compile(re.escape(pattern).replace(r"\{\}", r"(\d{4})"))
        return sorted(int(match[1]) for path in self.folder.iterdir() if (match := file_name.fullmatch(path.name)))


def _objects(name: str, text: bytes, lists: tuple[str, ...]) -> Iterable[bytes | msgspec.Raw]:
    """The objects of a file, not decoded."""
    try:
        whole = msgspec.json.decode(text, type=dict[str, msgspec.Raw] | list[msgspec.Raw])
        while isinstance(whole, dict) and (key := next((key for key in lists if key in whole), None)):
            whole = msgspec.json.decode(whole[key], type=dict[str, msgspec.Raw] | list[msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return text.splitlines()
    if isinstance(whole, dict) and lists:
        raise SourceError(name, f"is an object without {' or '.join(lists)}: not the answer that is expected here")
    return whole if isinstance(whole, list) else text.splitlines()
