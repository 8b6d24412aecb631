"""Make the excerpts of sources/ from the full originals: facts only, line numbers kept, no persons.

    python -m bench.excerpt DIRECTORY-OF-ORIGINALS [ID …]

An excerpt keeps of each line only the words without which the loaders would read other facts from it, found by leaving
words out as long as the reading stays the same. Kept for certain are the words of every fact that is no person's and those
that an excerpt made before holds (delete its file to begin anew, which takes an hour for the longest document); left out
for certain are names, telephone numbers and mail addresses of persons. Words left out between kept ones show as "…".
"""

from __future__ import annotations

import re
import sys
from itertools import zip_longest
from pathlib import Path

from bench.excerpt_words import Words, bare, facts, origins
from loaders import choose, review
from loaders.document.lines import Document
from loaders.document.pages import leftovers, read, text_lines
from loaders.errors import SourceError
from loaders.records import Contact, Origin, Reading, Theme
from loaders.sources import Source, all_sources, counted
from loaders.values.marks import emails, phones

SHORT = 4
"""So few words of a line are kept together or not at all."""
FARTHEST = 12
"""So many lines around a fact may say how it is to be read."""
LABEL = 6
"""So many lines above a theme's name its form begins."""


class Excerpt:
    """One document being cut down."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.layout = choose(document)
        self.full = self.layout.parse(document)
        self.facts = facts(self.full)
        self.words = Words.of(document)
        self.original = [line.text for line in document.lines]
        self.tests = 0
        self.shown: range | None = None
        public = [record for record in self.full.records if not isinstance(record, Contact)]
        self.covered = {
            number
            for origin in origins(public)
            if not origin.private
            for numbers in self.words.find(origin.first, origin.last, origin.words)
            for number in numbers
        }

        self.bounds = sorted(self.begin(record) for record in public if isinstance(record, Theme)) or [0]

    def begin(self, theme: Theme) -> int:
        """Where a theme's form begins: a few lines above its name, but below what is said of anything else."""
        others = [record for record in self.full.records if not isinstance(record, Theme | Contact)]
        taken = {line for origin in origins(others) for line in range(origin.first, origin.last + 1)}
        line = theme.name.origin.first
        for above in range(line - 1, max(line - LABEL, 0), -1):
            if above in taken:
                break
            line = above
        return line - 1

    def read(self) -> Reading | None:
        """The reading of the words kept; None where the layout cannot read them."""
        lines = text_lines(self.words.text(self.shown, self.bounds[0]), self.document.id)
        document = Document(self.document.id, "text", tuple(lines), "0" * 64, None, leftovers(lines))
        try:
            whole = self.shown is None
            known = self.layout is review and not whole
            mine = review.recognises(document) if known else not whole or choose(document) is self.layout
            return self.layout.parse(document) if mine else None
        except SourceError:
            return None

    def same(self) -> bool:
        """Whether the kept words say the same, in words that stand so in the original."""
        self.tests += 1
        reading = self.read()
        if reading is None or facts(reading) != self.facts:
            return False
        public = [record for record in reading.records if not isinstance(record, Contact)]
        return all(self.stands(origin) for origin in set(origins(public)))

    def stands(self, origin: Origin) -> bool:
        printed = " ".join(" ".join(self.original[origin.first - 1 : origin.last]).split())
        return " ".join(origin.words.split()) in printed

    def persons(self) -> set[int]:
        """Words that name or address a person."""
        text = "\n".join(self.original)
        starts, position = [], 0
        for line in self.original:
            starts.append(position)
            position += len(line) + 1
        spans = [found.span for found in [*emails(text), *phones(text)]]
        for record in self.full.records:
            if isinstance(record, Contact):
                parts = [r"-\s*".join(map(re.escape, part.split("-"))) for part in record.name.split()]
                spans += [match.span() for match in re.finditer(r"\s+".join(parts), text)]
        return {
            number
            for number, (line, start, end) in enumerate(self.words.spans)
            if any(starts[line] + start < b and a < starts[line] + end for a, b in spans)
        }

    def cut(self) -> None:
        """Leave out what can be left out: whole stretches of lines first, then words."""
        aside = {line.number - 1 for line in self.document.furniture}
        aside_words = {number for number, (line, _, _) in enumerate(self.words.spans) if line in aside}
        for number in self.persons() | aside_words:
            self.words.kept[number] = False
        if not self.same():
            raise SourceError(self.document.id, f"without persons it reads otherwise: {self.difference()}")
        self.grow()
        before, whole_facts = list(self.words.kept), self.facts
        for shown in self.windows():
            if not any(kept and number not in self.covered for number, kept in self.inside(shown)):
                continue
            self.shown = shown
            reading = self.read()
            if reading is not None:
                self.facts = facts(reading)
                self.thin(shown)
        self.shown, self.facts = None, whole_facts
        if not self.same():
            self.patch(before)

    def grow(self) -> None:
        """Begin with the words kept for certain; add the lines around what they read otherwise, more each time."""
        whole = self.words.kept
        self.words.kept = [kept and number in self.covered for number, kept in enumerate(whole)]
        for reach in range(FARTHEST):
            if self.same():
                return
            lines = self.doubtful(reach)
            for number, (line, _, _) in enumerate(self.words.spans):
                self.words.kept[number] |= whole[number] and line + 1 in lines
        self.words.kept = whole

    def doubtful(self, reach: int) -> set[int]:
        """The lines, and so many around them, of records that the kept words lack or have beside those of the original."""
        reading = self.read()
        if reading is None:
            return set(range(len(self.original) + 1))
        known, found = (
            {bare(record): record for record in one.records if not isinstance(record, Contact)}
            for one in (self.full, reading)
        )
        changed = [known[fact] for fact in known.keys() - found.keys()] + [
            found[fact] for fact in found.keys() - known.keys()
        ]
        public = [record for record in reading.records if not isinstance(record, Contact)]
        places = [origin for origin in origins(changed) if not origin.private]
        places += [origin for origin in origins(public) if not self.stands(origin)]
        return {line for origin in places for line in range(origin.first - reach, origin.last + reach + 1)}

    def inside(self, shown: range) -> list[tuple[int, bool]]:
        """The words of a range of lines, each with whether it is kept."""
        spans = enumerate(zip(self.words.kept, self.words.spans, strict=True))
        return [(number, kept) for number, (kept, (line, _, _)) in spans if line in shown]

    def patch(self, before: list[bool]) -> None:
        """Take back the cuts of those parts that others depend on, and cut these with an eye on the whole document."""
        cut, self.words.kept = self.words.kept, before
        for shown in self.windows():
            last = list(self.words.kept)
            self.words.kept = [
                cut[number] if line in shown else kept
                for number, (kept, (line, _, _)) in enumerate(zip(last, self.words.spans, strict=True))
            ]
            if not self.same():
                print(f"{self.document.id}: line {shown.start + 1}: {self.difference()}", file=sys.stderr)
                self.words.kept = last
                self.thin(shown)

    def windows(self) -> list[range]:
        """A theme's lines each: the parts of a document that are cut on their own, which is much quicker."""
        ends = [*self.bounds[1:], len(self.original)]
        return [range(start if i else 0, end) for i, (start, end) in enumerate(zip(self.bounds, ends, strict=True))]

    def thin(self, shown: range) -> None:
        """Leave out lines, then words, of a range of lines until nothing more can go."""
        before = -1
        while before != sum(self.words.kept):
            before = sum(self.words.kept)
            self.reduce([numbers for numbers in self.lines(shown) if not self.covered.intersection(numbers)])
            lines = self.lines(shown)
            loose = [n for numbers in lines if len(numbers) > SHORT for n in numbers if n not in self.covered]
            self.reduce([[number] for number in loose])

    def lines(self, shown: range) -> list[list[int]]:
        """The words still kept in a range of lines, line by line."""
        lines: dict[int, list[int]] = {}
        for number, (line, _, _) in enumerate(self.words.spans):
            if self.words.kept[number] and line in shown:
                lines.setdefault(line, []).append(number)
        return list(lines.values())

    def reduce(self, groups: list[list[int]]) -> None:
        """Leave out as many groups of words as possible, by halves of halves."""
        if not groups:
            return
        chosen = [number for group in groups for number in group]
        for number in chosen:
            self.words.kept[number] = False
        if self.same():
            return
        for number in chosen:
            self.words.kept[number] = True
        if len(groups) > 1:
            self.reduce(groups[: len(groups) // 2])
            self.reduce(groups[len(groups) // 2 :])

    def difference(self) -> str:
        reading = self.read()
        if reading is None:
            return "nothing"
        found = facts(reading)
        changed = [(a, b) for a, b in zip_longest(self.facts, found) if a != b][:1]
        if changed and isinstance(changed[0][0], tuple) and isinstance(changed[0][1], tuple):
            changed = [(a, b) for a, b in zip_longest(*changed[0]) if a != b]
        public = [record for record in reading.records if not isinstance(record, Contact)]
        astray = [origin for origin in origins(public) if not self.stands(origin)]
        return f"{len(self.facts)} facts, now {len(found)}; first changed: {changed[:2]}; words astray: {astray[:1]}"


def make(source: Source, directory: Path, target: Path) -> None:
    original = directory / f"{source.id}.txt"
    excerpt = Excerpt(read(original, source.id))
    if target.is_file():
        excerpt.covered |= excerpt.words.printed(target.read_text(encoding="utf-8").split("\n"))
    if excerpt.document.sha256 != source.sha256["text"]:
        raise SourceError(source.id, "this is not the original that the source names (another SHA-256)")
    excerpt.cut()
    target.write_text(excerpt.words.text(), encoding="utf-8")
    expect(target.with_suffix(".toml"), counted(excerpt.full))
    kept = sum(excerpt.words.kept)
    print(f"{source.id}: {kept} of {len(excerpt.words.kept)} words, {excerpt.tests} readings")


def expect(path: Path, counts: dict[str, int]) -> None:
    """Write the counts of a healthy reading to the source's metadata."""
    head, _, _ = path.read_text(encoding="utf-8").partition("\n[expect]")
    lines = "".join(f"{kind} = {number}\n" for kind, number in sorted(counts.items()))
    path.write_text(f"{head.rstrip()}\n\n[expect]\n{lines}", encoding="utf-8")


def main(directory: str, *ids: str) -> None:
    from loaders.data import folder

    for source in all_sources():
        if not ids or source.id in ids:
            make(source, Path(directory), folder("sources") / f"{source.id}.txt")


if __name__ == "__main__":
    main(*sys.argv[1:])
