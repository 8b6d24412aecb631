"""What words mean: concepts with their Finnish, Swedish and English wordings, read from the TOML files of this folder.

A wording is added by one line of data. In it ``*`` stands for any letters of a word, a blank for any white space.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

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
    tables: dict[str, dict[str, Any]] = {}

    def walk(prefix: str, table: dict[str, Any]) -> None:
        if "fi" in table:
            tables[prefix] = table
            return
        for name, inner in table.items():
            walk(f"{prefix}.{name}" if prefix else name, inner)

    walk("", tomllib.loads((_FOLDER / f"{file}.toml").read_text(encoding="utf-8")))
    return tables


def wordings(file: str, concept: str, language: str = "") -> list[str]:
    """List the wordings of a concept in one language, or in all."""
    entry = concepts(file)[concept]
    return [words for one in LANGUAGES if language in ("", one) for words in entry[one]]


def pattern_of(words: str, *, named: bool = False, any_case: bool = True) -> str:
    """Turn a wording into the source of a regular expression.

    A lone ``*`` stands for one to five words, ``a|b`` for one of two, ``a?`` for a word that may be missing, ``{name}`` for
    what a sentence names: a group of the expression where ``named``, which a text may hold once. Its words match letters of
    any case, or where not ``any_case`` those of the expression as a whole.
    """
    source, case = "", "(?i:" if any_case else "(?:"
    for word in words.split():
        blank = r"\s+" if source and not source.endswith(_BEFORE_FIRST) else ""
        if word == "*":
            source += blank + r"\S+(?:\s+\S+){0,4}"
        elif "?" in word:
            may_be = f"{case}{_alternatives(word.replace('?', ''))})"
            source += f"(?:{blank}{may_be})?" if blank else f"(?:{may_be}{_BEFORE_FIRST}"
        else:
            pieces = re.split(r"\{(\w+)\}", word)
            grouped = any_case or "|" in word
            parts = [
                _SLOTS[one] if n % 2 else f"{case}{_alternatives(one)})" if one and grouped else _alternatives(one)
                for n, one in enumerate(pieces)
            ]
            source += blank + "".join(parts)
    return source if named else re.sub(r"\(\?P<\w+>", "(?:", source)


def _alternatives(word: str) -> str:
    return "|".join(_LETTERS.join(re.escape(piece) for piece in one.split("*")) for one in word.split("|"))


_LETTERS = r"[\w+-]{0,40}"
"""What a ``*`` within a word stands for: few enough that a run of thousands of signs takes no longer than its length."""
_BEFORE_FIRST = r"\s+)?"
"""How the source of a word ends that may be missing before the first."""
_CAPITAL = r"[A-ZÅÄÖ][\wåäö]{0,40}"
AREA = rf"(?!The\s){_CAPITAL}(?:-\s?{_CAPITAL})?"
"""The source of a pattern for the name of a region in one word: ``Pohjois-Savon``."""
_THEME = r'["”“]?(?P<name>[A-ZÅÄÖ][^\n.;!?”"]{3,140}?)["”“]?'
_SLOTS = {
    "name": '["”“«]?(?P<name>[A-ZÅÄÖ0-9][^.,;•()”“"»]{2,100}?)["”“»]?(?:\\s\\([^()\\n]{2,40}\\))?',
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
    return re.compile(whole_words(file, concept, language), re.IGNORECASE)


def whole_words(file: str, concept: str, language: str = "") -> str:
    """Give the source of that pattern, for use inside a larger one."""
    return rf"(?<![\w-])(?:{_alternation(wordings(file, concept, language))})(?![\w])"


@cache
def _sentence(words: str) -> re.Pattern[str]:
    end = _THEME_ENDS.get(words.rpartition(" ")[2]) or (_SLOT_END if words.endswith("}") else r"(?!\w)")
    return re.compile(rf"(?<![\w-]){pattern_of(words, named=True)}{end}")


_SLOT_END = r"(?=\s*[.,;:•()”\"?]|\s*$)"
"""What follows a name that ends a sentence's pattern."""
_THEME_ENDS = {"{theme}": r"(?=\.\s|\.$|\n|,|$|\s\()", "{themes}": r"(?=\.\s|\.$|\n|$|\s\()"}


def sentences(
    concept: str, text: str, start: int = 0, end: int | None = None, language: str = ""
) -> Iterator[re.Match[str]]:
    """Find the sentences of a concept, one wording after the other, each with its groups ``name``, ``first`` or ``who``.

    >>> [match["who"] for match in sentences("coordination.carried", "Sitä toteuttaa Lapin yliopisto.")]
    ['Lapin yliopisto']
    """
    limit, lower = len(text) if end is None else end, _lower(text)
    for words in wordings("sentences", concept, language):
        if any(lower.find(part, start, limit) >= 0 for part in _needed(words)):
            yield from _sentence(words).finditer(text, start, limit)


@cache
def _needed(words: str) -> list[str]:
    """Letters of which a sentence of this wording holds one as they are: what is looked for before the sentence is.

    >>> _needed("{name} on|oli * *hanke|*projekti")
    ['hanke', 'projekti']
    """
    fixed = [word.lower().split("|") for word in words.split() if not set(word) & set("?{") and word != "*"]
    parts = ([max(one.split("*"), key=len) for one in word] for word in fixed)
    return max(parts, key=lambda some: len(min(some, key=len)), default=[""])


def source(concept: str, file: str = "cues") -> str:
    """Give the alternatives of a concept, the longest first, for use inside a larger pattern."""
    return _alternation(wordings(file, concept))


def _longest_first(words: list[str]) -> list[str]:
    return sorted(set(words), key=lambda one: (-len(one), one))


def _alternation(words: list[str]) -> str:
    return "|".join(map(pattern_of, _longest_first(words)))


def find(concept: str, text: str, start: int = 0, end: int | None = None, *, file: str = "cues") -> list[Cue]:
    """Find every place of a text where the words of a concept stand.

    >>> [cue.words for cue in find("call.opens", "Haku avataan 3.2.2025")]
    ['avataan']
    """
    lower, limit = _lower(text), len(text) if end is None else end
    if not _may_stand(file, concept, lower, start, limit):
        return []
    spans = [match.span() for match in _in_small_letters(file, concept).finditer(lower, start, limit)]
    return [Cue(concept, text[low:high], low, high) for low, high in spans]


@lru_cache(maxsize=4096)
def says(concept: str, text: str, start: int = 0, end: int | None = None, *, file: str = "cues") -> bool:
    """Tell whether the words of a concept stand in a text."""
    lower, limit = _lower(text), len(text) if end is None else end
    may = _may_stand(file, concept, lower, start, limit)
    return may and _in_small_letters(file, concept).search(lower, start, limit) is not None


@lru_cache(maxsize=4096)
def means(concept: str, words: str, *, file: str = "cues") -> bool:
    """Tell whether some words are those of a concept, and nothing stands beside them.

    >>> means("job.title", "Hankepäällikkö", file="jobs"), means("job.title", "hankepäällikkö Aho", file="jobs")
    (True, False)
    """
    lower = _lower(words)
    may = _may_stand(file, concept, lower, 0, len(lower))
    return may and _in_small_letters(file, concept).fullmatch(lower) is not None


def may_stand(concept: str, text: str, start: int, end: int, *, file: str = "cues") -> bool:
    """Tell whether letters that a concept needs stand in a text: most do not, and its pattern is neither made nor tried."""
    return _may_stand(file, concept, _lower(text), start, end)


def _may_stand(file: str, concept: str, lower: str, start: int, end: int) -> bool:
    return any(lower.find(part, start, end) >= 0 for part in _parts(file, concept))


@cache
def _parts(file: str, concept: str) -> list[str]:
    """Letters of which a text with words of the concept holds one, none of them within another."""
    return _outer({part for words in wordings(file, concept) for part in _needed(words)})


def _outer(parts: set[str]) -> list[str]:
    return [part for part in parts if not any(other != part and other in part for other in parts)]


@cache
def _in_small_letters(file: str, concept: str) -> re.Pattern[str]:
    """The pattern of a concept for a text in small letters: comparing letters in any case costs twice as much."""
    words = [one.lower() for one in _longest_first(wordings(file, concept))]
    alternatives = "|".join(pattern_of(one, any_case=False) for one in words)
    return re.compile(rf"(?<![\w-]){_first_letters(words)}(?:{alternatives})(?![\w])")


def _first_letters(wordings: list[str]) -> str:
    """A condition on the first word of wordings with a ``*``: quicker to fail at than each of many wordings."""
    firsts = [word for one in wordings for word in one.split()[0].split("|")]
    parts = {re.escape(next(filter(None, word.split("*")), "")) for word in firsts}
    general = any(set(word) & set("?{") for word in firsts) or "" in parts
    if general or len(parts) < _MANY or not any(word.startswith("*") for word in firsts):
        return ""
    return rf"(?={_LETTERS}?(?:{'|'.join(_outer(parts))}))"


_MANY = 8


@lru_cache(maxsize=64)
def _lower(text: str) -> str:
    """A text in small letters, each at its place: a letter that has no small one of the same length stays."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


class _Labels(NamedTuple):
    """The labels without a ``*`` with their concepts; one pattern of all others, its groups' concepts, letters they need."""

    plain: dict[str, str]
    others: re.Pattern[str]
    concepts: list[str]
    parts: list[str]


@cache
def _labels() -> _Labels:
    plain: dict[str, str] = {}
    groups, names, parts = list[str](), list[str](), set[str]()
    for name in concepts("labels"):
        for words in wordings("labels", name):
            plain.setdefault(fold(words), name)
            if "*" in words:
                groups.append(f"({pattern_of(words.lower(), any_case=False)})")
                names.append(name)
                parts.update(_needed(words))
    return _Labels(plain, re.compile("|".join(groups)), names, _outer(parts))


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
    while bare:
        concept = _concept(bare)
        if concept:
            return concept
        shorter = _BRACKET.sub("", bare)
        if shorter == bare:
            return None
        bare = fold(shorter)
    return None


@lru_cache(maxsize=8192)
def _concept(bare: str) -> str | None:
    """The concept of a folded label, also with a word before or behind it that says nothing (``koko hankkeen budjetti``)."""
    labels = _labels()
    joined = bare.replace("-", "")  # ``erityis-tavoite`` of a narrow column
    if concept := labels.plain.get(bare) or labels.plain.get(joined):
        return concept
    known = any(part in bare for part in labels.parts)
    if other := labels.others.fullmatch(bare) if known else None:
        return labels.concepts[(other.lastindex or 0) - 1]
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
    return re.compile(rf"\s{whole_words('cues', 'cue.and')}\s|\s?/\s?")


_JOINED = frozenset({"project", "body", "money", "code"})


def label_at_start(words: str) -> tuple[str, int] | None:
    """Find the longest known label that begins some words, with where it ends: ``Hakuaika 1.10.–14.11.2025``.

    >>> label_at_start("Hakuaika 1.10.–14.11.2025")
    ('call.period', 8)
    """
    low = words.casefold()
    if len(low) != len(words):
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
    for one in (pattern, _in_small_letters, _labels, label, _concept, says, means, _parts):
        one.cache_clear()


AND = whole_words("cues", "cue.joint")
"""The source of a pattern for the words that join two things: ``ja``, ``och``, ``and``."""
