"""How often the loaders' own decoder and charset-normalizer read a text as it was written, and what each costs.

Run: python -m bench.encodings
"""

from __future__ import annotations

import time
from collections.abc import Callable

from charset_normalizer import from_bytes

from loaders.document.pages import decoded

TEXTS = (
    "Hämeen ELY-keskus\nRahoituskehys 13 milj. €\n",
    "Välittävä toimielin – Hämeen ELY-keskus, työ- ja elinkeinoministeriö\nTuki enintään 80 %\n" * 8,
    "Ansökningstiden går ut den 15 mars 2026. Finansieringsram 4 milj. €, Österbottens förbund\n" * 8,
    "Call closes on 15 March 2026\n",
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "iso8859-15", "mac-roman")


def by_library(data: bytes) -> str | None:
    """The best guess of charset-normalizer."""
    best = from_bytes(data).best()
    return None if best is None else str(best).removeprefix("\ufeff")


def by_loader(data: bytes) -> str | None:
    """What the loaders read."""
    return decoded(data, "a")[0]


def main() -> None:
    """Print a table: encoding, share read right by each, and the time of both."""
    spent = {by_loader: 0.0, by_library: 0.0}
    print("| encoding | loaders | charset-normalizer |\n| --- | --- | --- |")
    for encoding in (*ENCODINGS, "utf-8, one byte broken"):
        right: dict[Callable[[bytes], str | None], int] = dict.fromkeys(spent, 0)
        tried = 0
        for text in TEXTS:
            broken = encoding not in ENCODINGS
            data = text.encode("utf-8" if broken else encoding, "ignore") + (b"\xff\n" if broken else b"")
            wanted = text if broken else data.decode(encoding)
            tried += 1
            for read in spent:
                start = time.process_time()
                found = read(data) or ""
                spent[read] += time.process_time() - start
                right[read] += found.startswith(wanted) if broken else found == wanted
        print(f"| {encoding} | {right[by_loader]} of {tried} | {right[by_library]} of {tried} |")
    print(f"| time | {1000 * spent[by_loader]:.1f} ms | {1000 * spent[by_library]:.1f} ms |")


if __name__ == "__main__":
    main()
