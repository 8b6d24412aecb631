"""Published shapes on published data: ``python -m bench.shacl_published FOLDER …``, where each folder holds both as Turtle.

Every file with shapes is run on all statements of the folder's files without shapes; without any, on the shapes
themselves. The table says how many files were refused, which results are pySHACL's too, and how many shapes it checked.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path

from shacl import DataError, Report, ShapesError, load_shapes, validate
from shacl.data import Data
from shacl.terms import read_data

MARKS = ("#NodeShape", "#PropertyShape", "sh:NodeShape", "sh:PropertyShape", "sh:property", "sh:target")
MOST = 20_000
"""Statements above which pySHACL is not asked."""


def folder(path: Path, by_pyshacl: bool) -> str:
    """A row of the table."""
    files = sorted(file for file in path.rglob("*.ttl") if file.is_file())
    texts = {file: file.read_text(encoding="utf-8", errors="replace") for file in files}
    shapes = [file for file in files if any(mark in texts[file] for mark in MARKS)]
    statements = _statements([file for file in files if file not in shapes]) or _statements(shapes)
    counts: Counter[str] = Counter()
    seconds = 0.0
    for file in shapes:
        started = time.process_time()
        report = _run(statements, file, counts)
        seconds += time.process_time() - started
        if report is None:
            continue
        counts["run"] += 1
        counts["results"] += len(report.results)
        counts["handed"] += len(report.by_pyshacl)
        if by_pyshacl and len(statements) <= MOST:
            _compare(report, statements, file, counts)
    names = ("run", "refused", "results", "handed", "equal", "differ", "pySHACL refuses")
    cells = [path.name, str(len(shapes)), str(len(statements)), *(str(counts[name]) for name in names)]
    return f"| {' | '.join(cells)} | {seconds:.1f} |"


def _statements(files: list[Path]) -> list:  # type: ignore[type-arg]
    made = []
    for file in files:
        try:
            made += read_data([file])
        except DataError as error:
            print(f"not read: {error}")
    return made


def _run(statements: list, file: Path, counts: Counter[str]) -> Report | None:  # type: ignore[type-arg]
    try:
        return validate(Data.of(statements), load_shapes(file))
    except ShapesError as error:
        counts["refused"] += 1
        print(f"refused: {file.name}: {str(error)[:200]}")
        return None


def _compare(report: Report, statements: list, file: Path, counts: Counter[str]) -> None:  # type: ignore[type-arg]
    try:
        theirs = validate(Data.of(statements), load_shapes(file), engine="pyshacl")
    except ShapesError as error:
        counts["pySHACL refuses"] += 1
        print(f"pySHACL refuses: {file.name}: {str(error)[:200]}")
        return
    ours, judged = (Counter(result.key for result in one.results) for one in (report, theirs))
    counts["equal" if ours == judged else "differ"] += 1
    for sign, more in (("+", ours - judged), ("-", judged - ours)):
        for key, count in Counter((key[2].rpartition("#")[2], key[3]) for key in more.elements()).items():
            print(f"differs: {file.name}: {sign}{count} {' '.join(key)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--no-pyshacl", action="store_true", help="Run the shapes only, compare nothing.")
    given = parser.parse_args()
    print(
        "| folder | shape files | statements | run | refused | results | shapes by pySHACL | equal | differ |", end=""
    )
    print(" pySHACL refuses | seconds |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for path in given.folders:
        print(folder(path, not given.no_pyshacl), flush=True)


if __name__ == "__main__":
    main()
