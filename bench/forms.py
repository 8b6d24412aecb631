"""How far the forms of one document give the same lines.

Run: python -m bench.forms FIRST OTHER… (the first file is what the others are compared with)
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from loaders.document.pages import read


def words(path: Path) -> list[str]:
    """The lines of a document, white space collapsed, wrapped lines joined, bullets and blank lines left out."""
    lines: list[str] = []
    for line in read(path).lines:
        text = " ".join(line.text.removeprefix("•").split())
        if text and line.continues and lines:
            lines[-1] += " " + text
        elif text:
            lines.append(text)
    return lines


def main(first: str, *others: str) -> None:
    """Print, for each file, how many of the first one's lines it has and how many of its own."""
    given = Counter(words(Path(first)))
    total = sum(given.values())
    print(f"{Path(first).name}: {total} lines")
    for other in others:
        found = Counter(words(Path(other)))
        print(f"{Path(other).name}: {sum((given & found).values())} of {total}, {sum((found - given).values())} others")


if __name__ == "__main__":
    main(*sys.argv[1:])
