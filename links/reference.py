"""Reference tables as they were downloaded: found by name, checked for their columns, read row by row."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loaders.errors import SourceError
from loaders.schema import read_table


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

    def records(self, name: str) -> Iterator[dict[str, Any]]:
        """Read a file of one JSON object a line."""
        path = self.folder / name
        if not path.is_file():
            raise SourceError(name, f"is missing from {self.folder}")
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                try:
                    record = json.loads(line)
                except ValueError:
                    raise SourceError(name, "is not a JSON object", number) from None
                if not isinstance(record, dict):
                    raise SourceError(name, "is not a JSON object", number)
                yield record

    def years(self, pattern: str) -> list[int]:
        """List the years a table with ``{}`` for the year in its name is there for, oldest first."""
        found = re.compile(re.escape(pattern).replace(r"\{\}", r"(\d{4})"))
        return sorted(int(match[1]) for path in self.folder.iterdir() if (match := found.fullmatch(path.name)))
