"""The dataset for another engine's own bulk loader: N-Quads in which the current view is a graph of its own.

What a query without FROM sees differs: in Oxigraph and Jena the default graph, in Virtuoso and QLever the union of all graphs,
in which every stated triple is met once more. A view with a name can be asked for everywhere, by ``default-graph-uri`` or FROM.
"""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pyoxigraph as ox

from engine.output.export import is_private
from loaders.errors import UserError
from loaders.rdf.terms import VIEW

if TYPE_CHECKING:
    from typing_extensions import Buffer

Engine = Literal["virtuoso", "qlever"]
ENGINES: dict[str, Engine] = {"virtuoso": "virtuoso", "qlever": "qlever"}
_LINES = 5_000_000
_TRIPLE = re.compile(
    rb'^(\S+ \S+ (?:<[^>]*>|_:\S+|"(?:[^"\\]|\\.)*"(?:@[A-Za-z0-9-]+|\^\^<[^>]*>)?)) (?:<([^>]*)> )?\.$'
)


class _Parts(io.RawIOBase):
    """Cuts what the engine dumps into files of so many lines, gives the view its name, leaves contact persons out."""

    def __init__(self, folder: Path, lines: int, with_contacts: bool) -> None:
        super().__init__()
        self.paths: list[Path] = []
        self._folder, self._most, self._contacts = folder, lines, with_contacts
        self._rest, self._count = b"", lines
        self._file: gzip.GzipFile | None = None

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer, /) -> int:
        chunk = bytes(data)
        *whole, self._rest = (self._rest + chunk).split(b"\n")
        found = list(self._named(whole))
        while found:
            file = self._out()
            room = self._most - self._count
            file.write(b"".join(found[:room]))
            self._count += len(found[:room])
            found = found[room:]
        return len(chunk)

    def _named(self, lines: list[bytes]) -> Iterator[bytes]:
        for line in lines:
            match = _TRIPLE.match(line)
            if match is None:
                raise ValueError(f"not an N-Quads line: {line[:200]!r}")
            if match[2] is None:
                yield b"%s <%s> .\n" % (match[1], VIEW.encode())
            elif self._contacts or not is_private(match[2].decode()):
                yield line + b"\n"

    def _out(self) -> gzip.GzipFile:
        if self._file is None or self._count >= self._most:
            self._end()
            self.paths.append(self._folder / f"part-{len(self.paths) + 1:04d}.nq.gz")
            # the same dataset gives the same bytes: no time of day in the files
            raw = self.paths[-1].open("wb")
            self._file = gzip.GzipFile(filename="", mode="wb", compresslevel=4, fileobj=raw, mtime=0)
            self._raw, self._count = raw, 0
        return self._file

    def _end(self) -> None:
        if self._file is not None:
            self._file.close()
            self._raw.close()
            self._file = None

    def close(self) -> None:
        self._end()
        super().close()


def hand_over(
    store: ox.Store, folder: Path, engine: Engine, *, with_contacts: bool = False, lines: int = _LINES
) -> list[Path]:
    """Write the dataset and the engine's own loading script into an empty or new folder; returns the data files."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"cannot write {folder}: {error.strerror or error}") from error
    if any(folder.iterdir()):
        raise UserError(f"{folder}: is a directory with other things in it; name an empty or new one")
    parts = _Parts(folder, lines, with_contacts)
    buffered = io.BufferedWriter(parts, 1 << 22)
    store.dump(buffered, format=ox.RdfFormat.N_QUADS)
    buffered.flush()
    parts.close()
    name, script = _virtuoso(folder) if engine == "virtuoso" else _qlever()
    (folder / name).write_text(script, encoding="utf-8")
    return parts.paths


def _virtuoso(folder: Path) -> tuple[str, str]:
    return (
        "load.sql",
        f"-- isql 1111 dba PASSWORD load.sql, with this folder in DirsAllowed of virtuoso.ini.\n"
        f"-- Ask the current view with default-graph-uri={VIEW}\n"
        f"ld_dir('{folder.resolve()}', '*.nq.gz', '{VIEW}');\n"
        "rdf_loader_run();\n"
        "checkpoint;\n"
        "select ll_file, ll_error from DB.DBA.LOAD_LIST where ll_error is not null;\n",
    )


def _qlever() -> tuple[str, str]:
    return (
        "Qleverfile",
        "# qlever index && qlever start, in this folder.\n"
        f"# Ask the current view with FROM <{VIEW}> or default-graph-uri.\n"
        "[data]\nNAME = teemagraafi\nFORMAT = nq\n\n"
        "[index]\nINPUT_FILES = part-*.nq.gz\nCAT_INPUT_FILES = zcat ${INPUT_FILES}\n"
        'SETTINGS_JSON = { "ascii-prefixes-only": false, "num-triples-per-batch": 1000000 }\n\n'
        "[server]\nPORT = 7019\nHOST_NAME = localhost\nMEMORY_FOR_QUERIES = 4G\n\n"
        "[runtime]\nSYSTEM = native\n",
    )
