"""Precision, recall and F1 of what the loaders read, against gold made by hand.

    python -m bench.accuracy [--documents DIR] [--errors] [--at-least F1] [ID ...]

A gold file ``bench/gold/<document id>.json`` is::

    {"document": "<id>", "layout": "<module under loaders>",
     "short": {"t1": "a long name that tuples below write as t1"},
     "facts": {"<category>": [["<value>", ...], ...]}}

The categories and the columns of their tuples are those of :func:`bench.facts.facts_of`. A missing value is ``""``. What names or
reaches a person is never written down: gold holds ``#`` and a hash of it (:func:`bench.facts.hashed`).
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.facts import Facts, facts_of, hashed, plain
from loaders import records as r
from loaders.document import pages

__all__ = ["Facts", "Gold", "Score", "facts_of", "hashed", "load", "plain", "readings", "scores"]

HERE = Path(__file__).resolve().parent
DOCUMENTS = HERE.parents[1] / "shared" / "sources"
FORMS = {"text": "txt", "html": "html", "pdf": "pdf", "more": "txt"}
"""Folders of documents and what their files end with."""


@dataclass(frozen=True)
class Gold:
    """One gold file."""

    document: str
    layout: str
    facts: Facts


def load(path: Path) -> Gold:
    """Read a gold file; its short names are written out."""
    data = json.loads(path.read_text(encoding="utf-8"))
    short = data.get("short", {})

    def full(value: str) -> str:
        return plain("|".join(short.get(part, part) for part in value.split("|")))

    facts = {
        category: {tuple(full(value) for value in fact) for fact in facts} for category, facts in data["facts"].items()
    }
    return Gold(data["document"], data["layout"], facts)


@dataclass(frozen=True)
class Score:
    """How the facts of one category compare."""

    category: str
    gold: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.gold + self.found) if self.gold + self.found else 1.0


def scores(gold: Facts, found: Facts) -> list[Score]:
    """A score a category that gold has, and over all of them as ``total``; other categories are not judged."""
    each = [Score(c, len(g), len(found.get(c, set())), len(g & found.get(c, set()))) for c, g in gold.items()]
    total = Score("total", *(sum(getattr(s, field) for s in each) for field in ("gold", "found", "right")))
    return [*each, total]


def readings(gold: Gold, documents: Path) -> Iterator[tuple[str, r.Reading]]:
    """The document read in every form it exists in."""
    layout = importlib.import_module(f"loaders.{gold.layout}")
    for form, suffix in FORMS.items():
        path = documents / form / f"{gold.document}.{suffix}"
        if path.is_file():
            yield form, layout.parse(pages.read(path))


def _report(gold: Gold, form: str, found: Facts, errors: bool) -> Score:
    rows = scores(gold.facts, found)
    print(f"\n{gold.document} ({form})")
    print(f"{'category':22}{'gold':>6}{'found':>6}{'right':>6}{'P':>8}{'R':>8}{'F1':>8}")
    for s in rows:
        print(f"{s.category:22}{s.gold:6}{s.found:6}{s.right:6}{s.precision:8.3f}{s.recall:8.3f}{s.f1:8.3f}")
    if errors:
        for category, facts in gold.facts.items():
            for sign, several in (("-", facts - found.get(category, set())), ("+", found.get(category, set()) - facts)):
                for fact in sorted(several):
                    print(f"  {sign} {category}: {' | '.join(fact)}")
    return rows[-1]


def main(arguments: list[str] | None = None) -> int:
    """Print a table a document and form; 1 where a total is below what was asked for or nothing was read."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("ids", nargs="*", help="documents (default: every gold file)")
    parser.add_argument("--documents", type=Path, default=DOCUMENTS, help="folder with text/, html/ and pdf/")
    parser.add_argument("--errors", action="store_true", help="print each missing (-) and superfluous (+) fact")
    parser.add_argument("--at-least", type=float, default=0.0, metavar="F1")
    options = parser.parse_args(arguments)
    files = [HERE / "gold" / f"{i}.json" for i in options.ids] or sorted((HERE / "gold").glob("*.json"))
    totals = []
    for file in files:
        gold = load(file)
        for form, reading in readings(gold, options.documents):
            totals.append(_report(gold, form, facts_of(reading), options.errors))
    if not totals:
        print(f"no document of {len(files)} gold files in {options.documents}", file=sys.stderr)
        return 1
    return 0 if all(total.f1 >= options.at_least for total in totals) else 1


if __name__ == "__main__":
    sys.exit(main())
