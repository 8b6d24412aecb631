"""Words broken over two lines of a PDF made whole on the first of them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from loaders.names.text import WORDS, repair

_BROKEN = re.compile(r"(?<!\S)(\S*[^\W\d_])[-\u00ad]$")
_REST = re.compile(r"(\w[^\s/]*)\s*(.*)", re.DOTALL)
_ADDRESS = re.compile(r"@|\(at\)|://|www\.|\w\.\w")
_SINGLE = re.compile(r"[a-zåäö](?:\s|$)")
_VOWELS = "aeiouyåäö"
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(slots=True)
class Hyphens:
    """What a document's words say of its hyphens at line ends: ``learn`` reads its rows, ``whole`` joins two of them."""

    words: set[str] = field(default_factory=set)
    """The words that stand unbroken in the document, in lower case."""
    compounds: set[str] = field(default_factory=set)
    """Of words with a hyphen in them: the first part, the hyphen and three letters."""
    rows: int = 0
    broken: int = 0
    """How many rows end in a hyphen that the next row's small letter follows."""
    mechanical: bool = False
    """Whether a program broke words anywhere, even before their last letter: no such hyphen belongs to a word."""

    @property
    def hyphenated(self) -> bool:
        """Whether words are broken at syllables."""
        return self.broken > max(3, 0.03 * self.rows)

    @property
    def unbroken(self) -> bool:
        """Whether a long document breaks no words but those that have a hyphen anyway."""
        return self.rows > 150 and not self.hyphenated

    def learn(self, rows: Iterable[str]) -> None:
        """Take in the text of rows that follow each other."""
        before = ""
        for text in rows:
            for word in _WORD.findall(text.rstrip("-")):
                self.words.add(word.lower())
                first, hyphen, second = word.lower().rpartition("-")
                if hyphen:
                    self.compounds.add(f"{first}-{second[:3]}")
            self.rows += 1
            if _BROKEN.search(before) and text[:1].islower() and text.split()[0] not in WORDS.conjunctions:
                self.broken += 1
                self.mechanical = self.mechanical or bool(_SINGLE.match(text))
            before = text

    def whole(self, text: str, following: str, *, narrow: bool) -> tuple[str, str]:
        """Two rows with the word that the first ends in and the second begins with made whole on the first.

        ``narrow`` rows are those of a table's cell. The rows stay as they are where the hyphen stands for the rest of a
        compound (``elinkeino-`` + ``ja``).
        """
        broken, rest = _BROKEN.search(text), _REST.match(following)
        if not broken or not rest:
            return text, following
        left, right = broken[1], rest[1]
        if "/" in text[broken.start() :] or ("-" in right and not text[: broken.start()].strip()):
            return text, following  # a web address
        joined = self._joined(left, right, narrow)
        return (text, following) if joined is None else (text[: broken.start()] + joined, rest[2])

    def _joined(self, left: str, right: str, narrow: bool) -> str | None:
        last, letters = left.rpartition("-")[2], _WORD.match(right)
        shouted = last.isupper() and len(last) > 1
        if right[0].isupper() or right[0].isdigit() or last.isdigit() or shouted:
            return None if _ADDRESS.search(left) else f"{left}-{right}"
        if letters and letters[0] in WORDS.conjunctions:
            return None
        if self.mechanical:
            return left + right
        if _ADDRESS.search(left) or not letters:
            return None
        end, start = last.lower(), letters[0].lower()
        if f"{end}{start}" in self.words:
            return left + right
        if f"{end}-{start[:3]}" in self.compounds:
            return f"{left}-{right}"
        if not self.hyphenated:
            one_word = (narrow or last[0].isupper() or not self.unbroken) and "-" not in repair(
                f"{last}-\n{letters[0]}"
            )
            return left + right if one_word else f"{left}-{right}"
        twice = end[-1:] == start[0] and end[-1:] in _VOWELS and min(len(end), len(start)) > 2
        return f"{left}-{right}" if twice or end in WORDS.short_parts else left + right
