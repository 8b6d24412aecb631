"""Lists measured: rows to store, queries, validation and export, at several sizes, against the engine itself.

``python -m bench.run`` measures 1 400, 14 000 and 140 000 rows (about 10^5, 10^6 and 10^7 quads) and writes bench/lists.json, the
tables of bench/lists.md and the picture bench/lists.svg; ``--rows`` names other sizes. Every measurement is a process of its own;
what is compared is measured in turns, so that a busy machine is busy for all of it. Seconds are the processor's unless they say
otherwise.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench import generate
from bench.list_report import picture, tables
from bench.virtuoso import available

ROOT = Path(__file__).resolve().parents[1]
FORM = "eura-2014"
_RDFLIB_ROWS = 20_000
_ALL_ROWS = 200_000
"""Above this only the load, the engine's own load and the queries are measured: the rest takes hours and shows no more."""


def task(name: str, **arguments: object) -> dict[str, Any]:
    """One measurement in a fresh process."""
    command = [sys.executable, "-m", "bench.list_tasks", name, json.dumps(arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def measure(rows: int, repeats: int, folder: Path, second: bool) -> dict[str, Any]:
    """Everything at one size."""
    table = folder / f"{FORM}.csv"
    size = generate.write(table, FORM, rows)
    say(f"{rows:,} rows, {size / 1e6:,.1f} MB")
    first = _ours(table, folder / "first")
    store, quads = folder / "first" / "data", folder / "all.nq"
    dumped = task("dump", store=str(store), output=str(quads))
    found: dict[str, Any] = {"rows": rows, "bytes": size, "quads": dumped["quads"], "runs": []}
    found["disk"] = {"store": _size(store), "dump": dumped["bytes"]}
    for number in range(repeats):
        found["runs"].append(_in_turns(table, quads, store, folder / f"run{number}", rows <= _ALL_ROWS))
        say(
            f"  run {number + 1} of {repeats}: {json.dumps({k: round(v['cpu'], 1) for k, v in found['runs'][-1].items()})}"
        )
    code = (
        f"A{100000 + rows // 2}"
        if not list(generate.World(1).rows(rows // 2 + 1, 0))[-1].social
        else f"S{100000 + rows // 2}"
    )
    found["query"] = task("query", store=str(store), code=code, repeats=5)["queries"]
    if rows <= _ALL_ROWS:
        found["validate"] = task("validate", store=str(store))
    if rows <= _RDFLIB_ROWS:
        found["rdflib"] = task("rdflib", quads=str(quads), folder=str(folder))
        found["rdflib"]["queries"] = task("query_rdflib", quads=str(quads), code=code)["queries"]
    if second and rows <= _ALL_ROWS:
        found["virtuoso"] = task("virtuoso", store=str(store), folder=str(folder / "virtuoso"), code=code, repeats=5)
    found["first"] = first
    return found


def _ours(table: Path, folder: Path, provenance: str = "cells") -> dict[str, Any]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return task("ours", table=str(table), folder=str(folder), provenance=provenance)


def _in_turns(table: Path, quads: Path, store: Path, folder: Path, everything: bool) -> dict[str, Any]:
    found = {}
    for provenance in ("cells", "none", "full") if everything else ("cells",):
        found[provenance] = _ours(table, folder, provenance)
        found[provenance]["disk"] = _size(folder / "data")
    shutil.rmtree(folder)
    folder.mkdir()
    found["raw"] = task("raw", quads=str(quads), folder=str(folder))
    found["raw"]["disk"] = _size(folder / "data")
    shutil.rmtree(folder)
    if not everything:
        return found
    out = folder.with_suffix(".nq")
    found["dump"] = task("dump", store=str(store), output=str(out))
    found["export"] = task("export", store=str(store), output=str(out))
    out.unlink()
    return found


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def ratios(runs: Iterable[dict[str, Any]], one: str, other: str, what: str = "cpu") -> tuple[float, float, float]:
    """Median, least and greatest ratio of two measurements over the runs."""
    values = sorted(run[one][what] / run[other][what] for run in runs)
    return statistics.median(values), values[0], values[-1]


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """How a cost grows: the slope of its logarithm over that of the size."""
    xs, ys = [math.log(s) for s in sizes], [math.log(c) for c in costs]
    mean_x, mean_y = statistics.fmean(xs), statistics.fmean(ys)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / sum((x - mean_x) ** 2 for x in xs)


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[1_400, 14_000, 140_000])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--no-virtuoso", action="store_true")
    parser.add_argument("--folder", type=Path, help="where to work; by default a temporary folder")
    parser.add_argument("--output", type=Path, default=ROOT / "bench" / "lists.json")
    given = parser.parse_args()
    second = available() and not given.no_virtuoso
    found = []
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        for rows in given.rows:
            folder = Path(name) / str(rows)
            folder.mkdir()
            repeats = given.repeats if rows <= 50_000 else max(1, given.repeats // 2)
            found.append(measure(rows, repeats, folder, second))
            shutil.rmtree(folder)
            given.output.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    report(given.output)


def report(path: Path) -> None:
    """Write the tables and the picture of a file of measurements."""
    found = json.loads(path.read_text(encoding="utf-8"))
    tables(found, path.with_suffix(".md"), ratios, exponent)
    picture(found, path.with_suffix(".svg"))


if __name__ == "__main__":
    main()
