"""What every room shares: the version, the languages, the data folders, and the reading of the files that people write.

Those are mappings and sources (TOML), corrections and links (TSV); an error names the line and the key or column.
"""

import contextlib
import csv
import fcntl
import io
import os
import re
import shutil
import stat
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, get_type_hints

import msgspec

from loaders.errors import SourceError, UserError

VERSION = "0.1.0"
"""The version of the program; every document it read carries it."""
LANGUAGES = ("fi", "sv", "en")
"""The languages of texts and names, in the order in which a name is chosen where the reader's own language has none."""
_ROOT = Path(__file__).resolve().parents[1]


def folder(name: str) -> Path:
    """The folder ``ontology``, ``shapes``, ``queries`` or ``sources``; raises FileNotFoundError if the installation lacks it.

    It lies beside the packages in a checkout, under ``teemagraafi/`` when installed.
    """
    for candidate in (_ROOT / name, _ROOT / "teemagraafi" / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"data folder {name!r} is missing beside {_ROOT}: reinstall teemagraafi")


def beside(module: str, name: str) -> dict[str, Any]:
    """The tables of a TOML file that stands beside a module, by the module's own file."""
    return tomllib.loads(Path(module).with_name(name).read_text(encoding="utf-8"))


def require_file(path: Path, most: int = 0) -> None:
    """Raise SourceError for a folder, a pipe or a device, which may have no end, and for a file of more than ``most`` bytes."""
    try:
        status = path.stat()
    except FileNotFoundError:
        raise SourceError(str(path), "there is no such file") from None
    except (OSError, ValueError) as error:
        raise SourceError(str(path), f"cannot be read ({getattr(error, 'strerror', error)})") from None
    if not stat.S_ISREG(status.st_mode):
        kind = "a directory" if stat.S_ISDIR(status.st_mode) else "a pipe or a device"
        raise SourceError(str(path), f"is {kind}, not a file: name a file")
    if most and status.st_size > most:
        raise SourceError(str(path), f"has {status.st_size // 2**20} MB, expected {most // 2**20} MB at most")


@contextlib.contextmanager
def replacing_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write, which takes its place when the block ends well and vanishes when it does not; raises OSError.

    What a killed process leaves beside it the next one writes over.
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("wb") as out:
            yield out
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextlib.contextmanager
def replacing_folder(out: Path, what: str, ours: Callable[[Path], bool]) -> Iterator[Path]:
    """A folder to fill; it takes the place of ``out`` when the block ends well, and vanishes when it does not.

    ``ours`` tells whether a folder is ``what`` an earlier run wrote. Raises UserError for a place where other things are, and
    OSError.
    """
    if out.exists() and not out.is_dir():
        raise UserError(f"{out}: is a file; name a folder")
    if out.is_dir() and any(out.iterdir()) and not ours(out):
        raise UserError(f"{out}: holds other things than {what}; name another folder")
    out.parent.mkdir(parents=True, exist_ok=True)
    _sweep(out, ours)
    beside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    lock = os.open(beside, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield beside
        beside.chmod(0o755)
        _swap(beside, out)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        os.close(lock)


def _sweep(out: Path, ours: Callable[[Path], bool]) -> None:
    """Remove what a killed run has left beside a folder, and put the old one back where it was killed between two names.

    A run that goes on holds a lock on its folder.
    """
    for left in sorted(out.parent.glob(f".{out.name}-*")):
        lock, old = os.open(left, os.O_RDONLY), left / out.name
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not out.exists() and old.is_dir() and ours(old):
                old.rename(out)
            shutil.rmtree(left, ignore_errors=True)
        except BlockingIOError:
            continue
        finally:
            os.close(lock)


def _swap(fresh: Path, out: Path) -> None:
    if not out.exists():
        fresh.rename(out)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
    out.rename(aside / out.name)
    try:
        fresh.rename(out)
    except OSError:
        (aside / out.name).rename(out)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def preferred(lang: str) -> tuple[str, ...]:
    """The languages in which a reader is shown a name, the best first; the last, ``""``, is that of a name without one.

    >>> preferred("sv")
    ('sv', 'fi', 'en', '')
    """
    return tuple(dict.fromkeys((lang, *LANGUAGES, "")))


class SourceFile(msgspec.Struct, forbid_unknown_fields=True):
    """``sources/<id>.toml``."""

    title: str
    layout: str
    sha256: dict[str, str]
    """Kind of file (``text``, ``html``, ``pdf``) → SHA-256 of the full original."""
    expect: dict[str, int]
    """Kind of record → how many a healthy reading yields; contacts stand in the originals alone."""
    unknown: list[str] = []
    """Which of the facts below the document keeps to itself: each of these is stated or listed here."""
    publisher: str | None = None
    issued: str | None = None
    url: str | None = None
    licence: str | None = None
    reference_date: str | None = None


T = TypeVar("T")
_LARGEST = 64 * 2**20
"""Bytes of a file that people write."""


def read_toml(path: Path, shape: type[T], prepare: Callable[[dict[str, Any]], Any] = dict) -> T:
    """The content of a TOML file in its shape, ``prepare`` first bringing its freer forms into one.

    Raises SourceError with the line and key of what is no TOML, of another type than the shape has, or missing.
    """
    text = read_text(path)
    try:
        content = tomllib.loads(text)
    except ValueError as error:  # of the parser's own, and of numbers with thousands of digits
        line = re.search(r"at line (\d+)", str(error))
        raise SourceError(path.name, f"is no TOML: {error}", int(line[1]) if line else None) from None
    except RecursionError:
        raise SourceError(path.name, "is nested too deeply") from None
    try:
        return msgspec.convert(prepare(content), shape)
    except msgspec.ValidationError as error:
        expected, _, place = str(error).partition(" - at `")
        key = place.rstrip("`").removeprefix("key in ").removeprefix("$").lstrip(".")
        unknown = re.search(r"unknown field `(.+)`", expected)
        named = re.sub(r"\[\.\.\.\]|\[\d+\]", "", key).rstrip(".") or (unknown[1] if unknown else "")
        raise SourceError(
            path.name, f"{named or 'the file'}: {expected[:1].lower()}{expected[1:]}", _line(text, named)
        ) from None


def _line(text: str, key: str) -> int | None:
    """The line that gives a key its value, or opens its table."""
    for name in (key, key.rpartition(".")[2], key.partition(".")[0]):
        if name:
            quoted = re.escape(name)
            place = re.search(rf"^\s*(?:\[+\s*)?[\"']?{quoted}[\"']?\s*(?:[.=]|\]|$)", text, re.MULTILINE)
            if place:
                return text.count("\n", 0, place.end()) + 1
    return None


def read_table(
    path: Path, columns: tuple[str, ...], *, start: int = 0, separator: str = "\t", quoted: bool = True
) -> list[tuple[int, dict[str, str]]]:
    """Read a table with a heading, as people and spreadsheets write it: the line and the cells by column of each row.

    ``columns`` must be there; others may be. ``start``: lines above the heading. Raises SourceError with the line for a file
    that is not UTF-8, a column that is missing or stands twice, and a row with more cells than there are columns.
    """
    lines = read_text(path).split("\n")[start:]
    reader = csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE)
    try:
        heading = [cell.strip() for cell in next(reader, [])]
        _check_heading(path.name, heading, columns, start + 1)
        rows = []
        for cells in reader:
            line = start + reader.line_num
            if any(cell.strip() for cell in cells[len(heading) :]):
                raise SourceError(path.name, f"has {len(cells)} cells where the table has {len(heading)} columns", line)
            if any(cell.strip() for cell in cells):
                padded = [*cells, *[""] * (len(heading) - len(cells))]
                rows.append((line, {column: cell.strip() for column, cell in zip(heading, padded, strict=False)}))
        return rows
    except csv.Error as error:
        raise SourceError(path.name, f"is no table ({error})", start + reader.line_num) from None


def table_text(columns: Iterable[str], rows: Iterable[Iterable[object]], separator: str = ",") -> str:
    """A table with a heading as text."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def _check_heading(name: str, heading: list[str], columns: tuple[str, ...], line: int) -> None:
    missing = [column for column in columns if column not in heading]
    if missing and len(heading) == 1 and any(mark in heading[0] for mark in ",;\t"):
        raise SourceError(name, "columns are not separated by tabs; save the table as tab-separated text", line)
    if missing:
        raise SourceError(name, f"column {', '.join(missing)} is missing; found {', '.join(heading) or 'none'}", line)
    if doubled := sorted(column for column, number in Counter(heading).items() if column and number > 1):
        raise SourceError(name, f"column {', '.join(doubled)} stands twice", line)


def read_text(path: Path, most: int = _LARGEST) -> str:
    """The text of a UTF-8 file, with or without its mark, its line ends made one; SourceError where it cannot be read.

    ``most``: bytes of a file that is read at all.
    """
    require_file(path, most)
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except OSError as error:
        raise SourceError(path.name, f"cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise SourceError(path.name, f"is not UTF-8 (byte {error.start}); save the file as UTF-8") from None


def shaped(name: str, line: int, cells: dict[str, str], shape: type[T]) -> T:
    """A row in its shape; SourceError with line, column, and what its description expects, for a cell that does not fit."""
    try:
        return msgspec.convert({column: cell for column, cell in cells.items() if cell}, shape, strict=False)
    except msgspec.ValidationError as error:
        said, _, place = str(error).partition(" - at `$.")
        column = place.rstrip("`") or said.partition("`")[2].partition("`")[0]
        if not cells.get(column):
            raise SourceError(name, f"{column} is empty", line) from None
        notes = getattr(get_type_hints(shape, include_extras=True).get(column), "__metadata__", ())
        expected = next((note.description for note in notes if note.description), said[:1].lower() + said[1:])
        raise SourceError(name, f'{column} is "{cells[column][:60]}", expected {expected}', line) from None
