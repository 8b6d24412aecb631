"""What words mean: concepts with their Finnish, Swedish and English wordings, read from the TOML files of this folder.

A wording is added by one line of data. In it ``*`` stands for any letters of a word, a blank for any white space.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from loaders.data import LANGUAGES as LANGUAGES

_UNIT = re.compile(r"\(?(?:€|eur|euroa?|m€|meur|t€|milj\.?\s?€|1\s?000\s?€)\)?,?", re.IGNORECASE)
_FOLDER = Path(__file__).parent
_BRACKET = re.compile(
    r"(?:(?<!\s)\s+)?(?:\([^()]*\)|(?<=\s)\d{1,3}\s?%|,\s*(?:€|eur|euroa?|milj\. €|m€|1 000 €|t€|%))\s*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Cue:
    """Words of a text that mean a concept, with their span."""

    concept: str
    words: str
    start: int
    end: int


@cache
def concepts(file: str) -> dict[str, dict[str, Any]]:
    """Read the concepts of one file: ``"money.cost"`` → its languages' wordings and its examples.

    >>> concepts("labels")["project.code"]["fi"][0]
    'hankekoodi'
    """
    found: dict[str, dict[str, Any]] = {}

    def walk(prefix: str, table: dict[str, Any]) -> None:
        if "fi" in table:
            found[prefix] = table
            return
        for name, inner in table.items():
            walk(f"{prefix}.{name}" if prefix else name, inner)

    walk("", tomllib.loads((_FOLDER / f"{file}.toml").read_text(encoding="utf-8")))
    return found


def wordings(file: str, concept: str, language: str = "") -> list[str]:
    """List the wordings of a concept in one language, or in all."""
    entry = concepts(file)[concept]
    return [words for one in LANGUAGES if language in ("", one) for words in entry[one]]


def pattern_of(words: str, *, named: bool = False) -> str:
    """Turn a wording into the source of a regular expression.

    A lone ``*`` stands for one to five words, ``a|b`` for one of two, ``a?`` for a word that may be missing, ``{name}`` for
    what a sentence names: a group of the expression where ``named``, which a text may hold once.
    """
    source = ""
    for word in words.split():
        blank = r"\s+" if source and not source.endswith(_BEFORE_FIRST) else ""
        if word == "*":
            source += blank + r"\S+(?:\s+\S+){0,4}"
        elif "?" in word:
            may_be = f"(?i:{_alternatives(word.replace('?', ''))})"
            source += f"(?:{blank}{may_be})?" if blank else f"(?:{may_be}{_BEFORE_FIRST}"
        else:
            pieces = re.split(r"\{(\w+)\}", word)
            held = [
                _SLOTS[one] if n % 2 else f"(?i:{_alternatives(one)})" if one else "" for n, one in enumerate(pieces)
            ]
            source += blank + "".join(held)
    return source if named else re.sub(r"\(\?P<\w+>", "(?:", source)


def _alternatives(word: str) -> str:
    return "|".join(r"[\w+-]*".join(re.escape(piece) for piece in one.split("*")) for one in word.split("|"))


_BEFORE_FIRST = r"\s+)?"
"""How the source of a word ends that may be missing before the first."""
_CAPITAL = r"[A-ZÅÄÖ][\wåäö]{0,40}"
AREA = rf"(?!The\s){_CAPITAL}(?:-\s?{_CAPITAL})?"
"""The source of a pattern for the name of a region in one word: ``Pohjois-Savon``."""
_THEME = r'["”“]?(?P<name>[A-ZÅÄÖ][^\n.;!?”"]{3,140}?)["”“]?'
_SLOTS = {
    "name": '["”“«]?(?P<name>[A-ZÅÄÖ0-9][^.,;•()”“"»]{2,100}?)["”“»]?',
    "proper": r"(?P<name>[A-ZÅÄÖ]\w*[A-Z0-9][\w+-]*|[A-ZÅÄÖ][\w+-]+(?:\s+(?:[a-z]{2,3}\s+)?[A-ZÅÄÖ][\w+-]+){1,7})",
    "title": r"(?P<name>[A-ZÅÄÖ][^.;•]{5,200}?)",
    "theme": _THEME,
    "themes": _THEME,
    "sum": r"(?:(?:noin|n\.|yhteensä|cirka|about)\s)?\d[\d\s.,]{2,20}",
    "who": r"(?:the\s+)?(?P<who>[A-ZÅÄÖ][^.;•()]{1,120}?)",
    "area": AREA,
    "capital": _CAPITAL,
    "before": rf"{AREA}(?:\s+{AREA})?",
    "behind": rf"{AREA}(?:\s+{_CAPITAL})?",
    "first": r"(?P<first>[A-ZÅÄÖ][\w-]*(?:\s+[a-zåäö][\w-]*){0,6}?)",
}
"""What a placeholder of a sentence stands for."""


@cache
def pattern(file: str, concept: str, language: str = "") -> re.Pattern[str]:
    """Compile the wordings of one concept of a file, of one language or all, to a pattern of whole words, in any case."""
    return re.compile(rf"(?<![\w-])(?:{_alternation(wordings(file, concept, language))})(?![\w])", re.IGNORECASE)


@cache
def _sentence(words: str) -> re.Pattern[str]:
    end = _THEME_ENDS.get(words.rpartition(" ")[2]) or (_SLOT_END if words.endswith("}") else r"(?!\w)")
    return re.compile(rf"(?<![\w-]){pattern_of(words, named=True)}{end}")


_REACH = 400
"""A sentence that a pattern matches reaches at most so far to both sides of the word that it must hold."""
_SLOT_END = r"(?=\s*[.,;:•()”\"]|\s*$)"
"""What follows a name that ends a sentence's pattern."""
_THEME_ENDS = {"{theme}": r"(?=\.\s|\.$|\n|,|$|\s\()", "{themes}": r"(?=\.\s|\.$|\n|$|\s\()"}


def sentences(
    concept: str, text: str, start: int = 0, end: int | None = None, language: str = ""
) -> Iterator[re.Match[str]]:
    """Find the sentences of a concept, one wording after the other, each with its groups ``name``, ``first`` or ``who``.

    >>> [match["who"] for match in sentences("coordination.carried", "Sitä toteuttaa Lapin yliopisto.")]
    ['Lapin yliopisto']
    """
    limit = len(text) if end is None else end
    for words in wordings("sentences", concept, language):
        at = start
        for low, high, _ in _places("sentences", f"{concept} {words}", text, start, limit):
            near = max(at, low - _REACH), min(limit, high + _REACH)
            for match in _sentence(words).finditer(text, *near) if high > at else ():
                yield match
                at = match.end()


def source(concept: str, file: str = "cues") -> str:
    """Give the alternatives of a concept, the longest first, for use inside a larger pattern."""
    return _alternation(wordings(file, concept))


def _longest_first(words: list[str]) -> list[str]:
    return sorted(set(words), key=lambda one: (-len(one), one))


def _alternation(words: list[str]) -> str:
    return "|".join(map(pattern_of, _longest_first(words)))


# where the words of a concept can begin: found once for all concepts of a file and all words of a text

_RUN = re.compile(r"[\w+-]+")
_PLAIN = re.compile(r"[\w+-]+|[\w+-]{2,}\*")
"""A wording of one word, with or without other letters behind it."""


@dataclass(frozen=True, slots=True)
class _Table:
    """The wordings of a file in the order in which they are tried, and their numbers by how they can begin.

    ``whole`` holds first words, ``starts`` and ``ends`` (``avaa*``, ``*haku``) are by their first or last two letters,
    ``within`` (``*hanke*``) are tried one by one; any word begins one that has no first word of its own.
    """

    wordings: list[tuple[str, str, bool]]
    """Concept, words, and whether these are one word without letters left open before it."""
    whole: dict[str, list[int]]
    starts: dict[str, list[tuple[str, int]]]
    ends: dict[str, list[tuple[str, int]]]
    within: list[tuple[str, int]]

    def add(self, beginning: str) -> None:
        """Add a beginning of the wording that comes next."""
        letters, number = beginning.strip("*"), len(self.wordings)
        if beginning == letters:
            self.whole.setdefault(letters, []).append(number)
        elif beginning.count("*") > 1 or len(letters) < 2:
            self.within.append((letters, number))
        elif beginning.startswith("*"):
            self.ends.setdefault(letters[-2:], []).append((letters, number))
        else:
            self.starts.setdefault(letters[:2], []).append((letters, number))

    def begun_by(self, word: str) -> set[int]:
        """Give the numbers of the wordings that a word in small letters may begin, up to one of its hyphens or plus signs."""
        found = {number for letters, number in self.within if letters in word}
        cuts = [at for at, letter in enumerate(word) if letter in "+-"] if "-" in word or "+" in word else []
        for head in (word, *(word[:at] for at in cuts)):
            found.update(self.whole.get(head, ()))
            found.update([number for letters, number in self.starts.get(head[:2], ()) if head.startswith(letters)])
            found.update([number for letters, number in self.ends.get(head[-2:], ()) if head.endswith(letters)])
        return found


@cache
def _table(file: str) -> _Table:
    table = _Table([], {}, {}, {}, [])
    for concept in concepts(file):
        own = wordings(file, concept)
        for words in own if file in ("labels", "sentences") else _longest_first(own):
            for beginning in _beginnings(words):
                table.add(beginning)
            name = f"{concept} {words}" if file == "sentences" else concept
            table.wordings.append((name, words, _PLAIN.fullmatch(words) is not None))
    return table


def _beginnings(words: str) -> set[str]:
    """The words that a wording can begin with, several where one may be missing; of a sentence the first that it needs."""
    found: set[str] = set()
    for word in words.lower().split():
        if "{" not in word:
            firsts = [
                first.group() for one in word.replace("?", "").split("|") if (first := re.match(r"[\w+*-]+", one))
            ]
            found.update(re.sub(r"(?<=\w)\*.+", "*", one) for one in firsts)
            if "?" not in word:
                return found
    return {"*"}


@lru_cache(maxsize=1 << 16)
def _begun_by(file: str, word: str) -> dict[str, list[int]]:
    """The concepts that a word may begin, with the numbers of their wordings."""
    table, found = _table(file), dict[str, list[int]]()
    for number in sorted(table.begun_by(word.lower())) if len(word) <= _LONGEST else ():
        found.setdefault(table.wordings[number][0], []).append(number)
    return found


_Place = tuple[int, int, list[int]]
"""Where a word begins and ends that may begin a wording, and the numbers of these wordings."""


@lru_cache(maxsize=256)
def _index(file: str, text: str) -> dict[str, list[_Place]]:
    """The places of a text where the wordings of each concept may begin."""
    found: dict[str, list[_Place]] = {}
    for match in _RUN.finditer(text):
        word, start, stop = match.group(), match.start(), match.end()
        for at in (0, *_behind_plus(word)) if "+" in word else (0,):
            for concept, numbers in _begun_by(file, word[at:]).items():
                found.setdefault(concept, []).append((start + at, stop, numbers))
    return found


_LONGEST = 100
"""A word of more characters begins no wording: it is an address, or no word."""


def _behind_plus(word: str) -> list[int]:
    """Where a word begins behind a plus sign: ``EU+valtio``."""
    return [at + 1 for at, letter in enumerate(word[:-1]) if letter == "+"] if len(word) <= _LONGEST else []


def _places(file: str, concept: str, text: str, start: int, end: int) -> Sequence[_Place]:
    """The places of a span where the wordings of a concept may begin; of a word that the span cuts counts what is in it."""
    places: Sequence[_Place] = _index(file, text).get(concept, ())
    if places and (start or end < len(text)):
        places = places[bisect_left(places, (start,)) : bisect_left(places, (end,))]
    if start < end < len(text) and not text[end].isspace() and _IN_WORD.match(text, end - 1):
        run = _LAST_RUN.search(text, start, end)
        heads = [run.start() + at for at in (0, *_behind_plus(run.group()))] if run else []
        cut = [(at, end, numbers) for at in heads if (numbers := _begun_by(file, text[at:end]).get(concept))]
        return [*(one for one in places if one[1] <= end), *cut]
    return places


_LAST_RUN = re.compile(r"(?<![\w+-])[\w+-]+$")
_IN_WORD = re.compile(r"[\w+-]{2}")


@cache
def _wording(words: str) -> re.Pattern[str]:
    return re.compile(rf"{pattern_of(words)}(?!\w)", re.IGNORECASE)


def _end(wording: tuple[str, str, bool], text: str, place: int, stop: int, limit: int) -> int | None:
    """Where a wording ends that may begin at a place, None where it does not stand there."""
    _, words, plain = wording
    if plain:
        return stop if words.endswith("*") else place + len(words)
    match = _wording(words).match(text, place, limit)
    return match.end() if match else None


def find(concept: str, text: str, start: int = 0, end: int | None = None, *, file: str = "cues") -> list[Cue]:
    """Find every place of a text where the words of a concept stand.

    >>> [cue.words for cue in find("call.opens", "Haku avataan 3.2.2025")]
    ['avataan']
    """
    return list(_found(file, concept, text, start, len(text) if end is None else end))


def says(concept: str, text: str, start: int = 0, end: int | None = None, *, file: str = "cues") -> bool:
    """Tell whether the words of a concept stand in a text."""
    return next(_found(file, concept, text, start, len(text) if end is None else end), None) is not None


def _found(file: str, concept: str, text: str, start: int, end: int) -> Iterator[Cue]:
    wordings, at = _table(file).wordings, start
    for place, stop, numbers in _places(file, concept, text, start, end):
        ends = (_end(wordings[number], text, place, stop, end) for number in numbers if place >= at)
        if found := next(filter(None, ends), None):
            yield Cue(concept, text[place:found], place, found)
            at = found


@cache
def _plain_labels() -> dict[str, str]:
    """The concepts of the labels without a ``*``, by their words."""
    found: dict[str, str] = {}
    for name, words, _ in _table("labels").wordings:
        found.setdefault(fold(words), name)
    return found


def _begun_labels(bare: str) -> Iterator[tuple[str, str]]:
    """The labels that a folded line may begin with, with their concepts; the first word of most lines begins none."""
    first, wordings = _RUN.match(bare), _table("labels").wordings
    begun = chain.from_iterable(_begun_by("labels", first.group()).values()) if first else ()
    labels = (wordings[number][:2] for number in sorted(begun))
    return (one for one in labels if not one[1].startswith("* ") or one[1][2:] in bare)


def _begins_label(bare: str) -> bool:
    first = _RUN.match(bare)
    qualified = first is not None and "label.qualifier" in _begun_by("cues", first.group())
    return qualified or next(_begun_labels(bare), None) is not None


def fold(words: str) -> str:
    """Fold a label for comparison: lower case, single blanks, no colon, number or bullet around it."""
    bare = " ".join(words.casefold().replace("\u00ad", "").split())
    return bare.lstrip("0123456789.) •–*-").rstrip(" :.?!–-")


_LABEL = 90
"""No label is longer."""


@lru_cache(maxsize=8192)
def label(words: str) -> str | None:
    """Give the concept of a field's label or a column's heading, None where the words are no known label.

    >>> label("Hankkeen kesto:"), label("MYÖNNETTY TUKI, €")
    ('project.period', 'money.granted')
    """
    if len(words) > _LABEL:
        return None
    bare = fold(words)
    while bare and _begins_label(bare):
        found = _concept(bare)
        if found:
            return found
        shorter = _BRACKET.sub("", bare)
        if shorter == bare:
            return None
        bare = fold(shorter)
    return None


@lru_cache(maxsize=8192)
def _concept(bare: str) -> str | None:
    """The concept of a folded label, also with a word before or behind it that says nothing (``koko hankkeen budjetti``)."""
    if bare in (plain := _plain_labels()):
        return plain[bare]
    for name, words in _begun_labels(bare):
        if "*" in words and _wording(words).fullmatch(bare):
            return name
    for said in find("label.qualifier", bare):
        rest = (bare[: said.start] + bare[said.end :]).strip(" ,.")
        inner = _concept(rest) if rest and (said.start == 0 or said.end >= len(bare) - 1) else None
        if inner and inner != "body.other":
            return inner
    return _first_of_two(bare)


def _first_of_two(bare: str) -> str | None:
    """The concept of a label that names two (``rahoittaja ja toimintalinja``): the first one's, where the two belong together."""
    for joint in () if "," in bare else _joints().finditer(bare):
        one, other = _concept(bare[: joint.start()]), _concept(bare[joint.end() :])
        kinds = [concept.partition(".")[0] for concept in (one, other) if concept]
        if len(kinds) == 2 and _JOINED.issuperset(kinds) and (one, kinds[1]) != ("project.name", "body"):
            return one
    return None


@cache
def _joints() -> re.Pattern[str]:
    return re.compile(rf"\s{pattern('cues', 'cue.and').pattern}\s|\s?/\s?")


_JOINED = frozenset({"project", "body", "money", "code"})


def label_at_start(words: str) -> tuple[str, int] | None:
    """Find the longest known label that begins some words, with where it ends: ``Hakuaika 1.10.–14.11.2025``.

    >>> label_at_start("Hakuaika 1.10.–14.11.2025")
    ('call.period', 8)
    """
    low = words.casefold()
    if len(low) != len(words) or not (_begins_label(low.lstrip()) or _begins_label(fold(low[:_LABEL]))):
        return None
    cuts = [match.start() for match in re.finditer(r"\s+|$", low[:_LABEL])]
    for cut in sorted(cuts, reverse=True):
        bare = " ".join(low[:cut].split())
        name = (label(bare) if bare.endswith(")") else _concept(bare)) if len(bare) > 3 else None
        if name:
            return name, cut
    return None


def _mark(words: str) -> str | None:
    """A heading that is no word: a currency behind one, or a column of per cents."""
    if _UNIT.fullmatch(words):
        return "unit"
    return "money.other" if words.endswith("%") and " " not in words else None


def labels_in_order(words: str) -> list[tuple[str, int, int]]:
    """Split a table's heading line whose cells are joined by blanks into known labels; empty where any word is left.

    >>> [name for name, _, _ in labels_in_order("Hankekoodi Hankkeen nimi Tuensaaja Toteutusaika")]
    ['project.code', 'project.name', 'body.applicant', 'project.period']
    """
    words_at = [match.span() for match in re.finditer(r"\S+", words)]
    best: list[list[tuple[str, int, int]] | None] = [[]] + [None] * len(words_at)
    for first in range(len(words_at)):
        before = best[first]
        if before is None:
            continue
        for last in range(first, min(first + 7, len(words_at))):
            start, end = words_at[first][0], words_at[last][1]
            name = label(words[start:end]) or _mark(words[start:end])
            known = best[last + 1]
            if name and (known is None or len(known) > len(before) + 1):
                best[last + 1] = [*before, (name, start, end)]
    return best[-1] or []


def forget() -> None:
    """Drop what was compiled and found, as where a table was changed."""
    for one in (pattern, _table, _begun_by, _index, _plain_labels, label, _concept):
        one.cache_clear()


AND = pattern("cues", "cue.joint").pattern
"""The source of a pattern for the words that join two things: ``ja``, ``och``, ``and``."""
