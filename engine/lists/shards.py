"""Extraction in independent shares: each machine reads its own documents and keeps its own rows; a merge makes the one graph.

A document belongs to a share by its id, a row by the key of its project: every share knows its own without asking the others, and
the merged graph is the one that a single build of the same files would make.
"""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from engine.build import Progress, Work, extract, write
from engine.inputs import Given, is_table
from engine.lists import Given as GivenList
from engine.lists import Rows, Shard
from engine.store import replacing
from engine.summary import Summary

_INDEX = "shard.json"


class ShardError(click.ClickException):
    """Shares that do not belong together."""

    exit_code = 2


def parse(text: str) -> Shard:
    """A share as it is written: ``2/8``."""
    number, slash, of = text.partition("/")
    if not (slash and number.isdigit() and of.isdigit() and 1 <= int(number) <= int(of)):
        raise click.UsageError(f"--shard takes i/n, as in 2/8, not {text!r}")
    return Shard(int(number), int(of))


def mine(identifier: str, shard: Shard) -> bool:
    """Whether a document belongs to a share."""
    return shard.has(zlib.crc32(identifier.encode()))


def write_shard(files: Iterable[Given], shard: Shard, folder: Path, progress: Progress) -> None:
    """Read one share of some files into a folder. Every share is given the same files."""
    given = list(files)
    if folder.exists() and any(folder.iterdir()):
        raise ShardError(f"{folder}: is a directory with other things in it; name an empty or new one")
    for name in ("extracted", "coverage"):
        (folder / name).mkdir(parents=True)
    for one in given:
        if not is_table(one.path) and mine(one.identifier, shard):
            found = extract(one.path, one.identifier)
            (folder / "extracted" / f"{one.identifier}.nq").write_text("".join(found.lines), encoding="utf-8")
            (folder / "coverage" / f"{one.identifier}.json").write_text(found.coverage.to_json(), encoding="utf-8")
            progress(f"read {one.path.name}: {found.reading.layout}")
    lists = [GivenList(one.path, one.identifier) for one in given if is_table(one.path)]
    if lists:
        with Rows(folder / "lists") as rows:
            rows.read(lists, frozenset(), folder / "rows", shard=shard)
    index = {"shard": shard.number, "of": shard.of, "files": sorted(one.identifier for one in given)}
    (folder / _INDEX).write_text(json.dumps(index, indent=1), encoding="utf-8")


def merge(store: Path, folders: Sequence[Path], progress: Progress) -> Summary:
    """Make a fresh store of all shares; ShardError where one is missing, twice there, or of other files."""
    shares = _ordered(folders)
    with replacing(store) as version:
        kept = {path.stem: path for share in shares for path in sorted((share / "extracted").glob("*.nq"))}
        if (shares[0] / "lists").is_dir():
            _merge_lists(shares, version.lists)
            shutil.copytree(shares[0] / "rows", version.rows)
        return write(version, Work(kept=kept), progress)


def _ordered(folders: Sequence[Path]) -> list[Path]:
    indexes = {}
    for folder in folders:
        try:
            index = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ShardError(
                f"{folder}: is no finished share ({error}); make it with: teemagraafi build --shard"
            ) from None
        indexes[folder] = index
    first = next(iter(indexes.values()), None)
    if first is None:
        raise ShardError("name the folders of all shares")
    numbers = sorted(index["shard"] for index in indexes.values())
    if numbers != list(range(1, first["of"] + 1)):
        raise ShardError(
            f"these are the shares {', '.join(map(str, numbers))} of {first['of']}: all are needed, each once"
        )
    if any(index["files"] != first["files"] or index["of"] != first["of"] for index in indexes.values()):
        raise ShardError("the shares are not of the same files")
    return sorted(indexes, key=lambda folder: int(indexes[folder]["shard"]))


def _merge_lists(shares: Sequence[Path], folder: Path) -> None:
    """Bring the rows of all shares together: no two shares hold the same partition."""
    index = (shares[0] / "lists" / "lists.json").read_text(encoding="utf-8")
    (folder / "entries").mkdir(parents=True)
    for share in shares:
        if (share / "lists" / "lists.json").read_text(encoding="utf-8") != index:
            raise ShardError(f"{share}: its lists are not those of {shares[0]}; read all shares from the same files")
        for path in sorted((share / "lists" / "entries").glob("*.jsonl")):
            shutil.copyfile(path, folder / "entries" / path.name)
    (folder / "lists.json").write_text(index, encoding="utf-8")
