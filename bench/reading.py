"""What reading costs: each PDF against pdfplumber's own extraction of the same pages, each text in all.

    python -m bench.reading DIRECTORY-OF-DOCUMENTS [ROUNDS]

The directory holds ``pdf/`` and ``text/``. Rounds are interleaved and the medians compared: only ratios mean anything.
"""

from __future__ import annotations

import io
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pdfplumber

from loaders import choose
from loaders.document.pages import read
from loaders.document.pdf import read_pdf


def extraction(data: bytes) -> None:
    """pdfplumber's own text and tables of every page."""
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            page.extract_text()
            page.extract_tables()
            page.close()


def seconds(work: Callable[[], object]) -> float:
    """Processor time: a busy machine does not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main(directory: str, rounds: str = "3") -> None:
    print("| document | lines of it | pdfplumber, s | reader, s | ratio |")
    print("| --- | --- | --- | --- | --- |")
    for path in sorted(Path(directory, "pdf").glob("*.pdf")):
        data = path.read_bytes()
        pairs = [
            (seconds(lambda d=data: extraction(d)), seconds(lambda d=data, n=path.name: read_pdf(d, n)))
            for _ in range(int(rounds))
        ]
        theirs, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
        lines = len(read(path).lines)
        print(f"| {path.name} | {lines} | {theirs:.2f} | {ours:.2f} | {ours / theirs:.2f} |")
    texts = sorted(Path(directory, "text").glob("*.txt"))
    first, again = (
        sum(seconds(lambda p=path: choose(document := read(p)).parse(document)) for path in texts) for _ in range(2)
    )
    print(f"\n{len(texts)} texts read and understood: {first:.2f} s, once more: {again:.2f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
