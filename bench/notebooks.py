"""The notebooks, run anew over the graph of the shipped sources: ``make notebooks``.

A notebook is written only where an output changed, and without the times of its cells, so that the same graph leaves it as it is.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def execute(path: Path) -> list[int]:
    """Run one notebook and write it; the numbers of the cells whose outputs changed."""
    book = nbformat.read(path, as_version=4)
    before = [cell.get("outputs", []) for cell in book.cells]
    place = {"metadata": {"path": str(path.parent)}}
    NotebookClient(book, timeout=300, resources=place, record_timing=False).execute()
    changed = [
        n for n, (old, cell) in enumerate(zip(before, book.cells, strict=True)) if old != cell.get("outputs", [])
    ]
    if changed:
        nbformat.write(book, path)
    return changed


def main() -> None:
    """Run every notebook over a store."""
    os.environ["TEEMAGRAAFI_STORE"] = str(Path(sys.argv[1]).resolve())
    for path in sorted(Path("notebooks").glob("*.ipynb")):
        changed = execute(path)
        print(f"{path.stem}: {f'cells {changed} changed' if changed else 'as before'}")


if __name__ == "__main__":
    main()
