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
from bench.world import World

ROOT = Path(__file__).resolve().parents[1]
FORM = "eura-2014"
_WHOLE = 20_000
"""Rows up to which rdflib and the shapes are measured: above it takes hours and shows no more."""
_STARTED = 10
"""Rows of the list that shows what a build costs before its first row."""


def task(name: str, **arguments: object) -> dict[str, Any]:
    """One measurement in a fresh process."""
    command = [sys.executable, "-m", "bench.list_tasks", name, json.dumps(arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def measure(rows: int, repeats: int, folder: Path, second: bool) -> dict[str, Any]:
    """Everything at one size."""
    table, quads = folder / f"{FORM}.csv", folder / "all.nq"
    size = generate.write(table, FORM, rows)
    say(f"{rows:,} rows, {size / 1e6:,.1f} MB")
    first = _fresh("ours", folder / "first", table=table)
    store, whole = Path(first.pop("data")), rows <= _WHOLE
    dumped = task("dump", store=str(store), output=str(quads))
    found: dict[str, Any] = {"rows": rows, "bytes": size, "quads": dumped["quads"], "runs": []}
    run = {"ours": first, "dump": dumped}
    for number in range(repeats):
        found["runs"].append(_in_turns(run, table, quads, store, folder / "run", whole))
        costs = {name: round(one["cpu"], 1) for name, one in found["runs"][-1].items()}
        say(f"  run {number + 1} of {repeats}: {json.dumps(costs)}")
        run = {}
    code = _code(rows)
    found["query"] = task("query", store=str(store), code=code, repeats=3)["queries"]
    if whole:
        found["validate"] = task("validate", store=str(store))
        found["rdflib"] = task("rdflib", quads=str(quads), folder=str(folder), code=code)
    if second:
        found["virtuoso"] = task("virtuoso", store=str(store), folder=str(folder / "virtuoso"), code=code, repeats=5)
    found["started"] = _started(folder)
    return found


def _code(rows: int) -> str:
    """The code of the project in the middle of a list."""
    middle = list(World(1).rows(rows // 2 + 1, 0))[-1]
    return f"{'S' if middle.social else 'A'}{100000 + rows // 2}"


def _fresh(name: str, folder: Path, **arguments: object) -> dict[str, Any]:
    """A measurement in an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return task(name, folder=str(folder), **{key: str(value) for key, value in arguments.items()})


def _started(folder: Path) -> dict[str, Any]:
    table = folder / "few" / f"{FORM}.csv"
    table.parent.mkdir()
    generate.write(table, FORM, _STARTED)
    started = _fresh("ours", folder / "run", table=table)
    del started["data"]
    return started


def _in_turns(run: dict[str, Any], table: Path, quads: Path, store: Path, folder: Path, whole: bool) -> dict[str, Any]:
    """All that is compared, one after the other; ``run`` holds what is measured already."""
    found = dict(run)
    if "ours" not in found:
        found["ours"] = _fresh("ours", folder, table=table)
        del found["ours"]["data"]  # a place on this machine is no finding
    found["raw"] = _fresh("raw", folder, quads=quads)
    shutil.rmtree(folder)
    out = folder.with_suffix(".nq")
    if "dump" not in found:
        found["dump"] = task("dump", store=str(store), output=str(out))
    found["export"] = task("export", store=str(store), output=str(out))
    out.unlink()
    return found


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
            repeats = given.repeats if rows <= _WHOLE else min(given.repeats, 2)
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
