"""Headings of columns: compared without case, accents and punctuation, part by part where they speak two languages."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

from rapidfuzz import fuzz, process

from loaders.tables.encoding import mend
from loaders.tables.funds import fund_of, without_funds, words

LEXICON = Path(__file__).resolve().parents[1] / "mappings" / "headings.toml"
_PARTS = re.compile(r"(?:(?<!\s)\s+)?[/|]\s+|(?<!\s)\s+[/|]\s*|\n|\s{2,}|(?<!\s)\s+[-–]\s+|(?<=\w)/(?=\w{3})")
_SHORT = 4
_WORDS = re.compile(r"[\w%+#]+")
_NOTES = re.compile(r"\*+|(?<=\w)\d\)|[¹²³]|\u00ad")
_YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d(?:\s?[-–/]\s?(?:20)?\d\d)?(?!\d)")
_CURRENCY = re.compile(r"(?:,|\s)\s?(?:in\s)?(?:EUR|euro|€)\s*$", re.IGNORECASE)
_PERCENT = re.compile(r"(?<!\d)\s?%")
"""A heading of percentages, and not of "grant (50 %)"."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as its letters and digits alone, and the places where its words begin."""

    text: str
    starts: frozenset[int]


@lru_cache(maxsize=16384)
def fold(text: str) -> Folded:
    """Letters and digits in lower case without accents; hyphens, blanks and footnote marks do not count."""
    plain = _NOTES.sub("", text if text.isascii() else mend(text))
    plain = plain.lower() if plain.isascii() else unicodedata.normalize("NFKD", plain).casefold()
    for mark in filter(unicodedata.combining, set(plain)):
        plain = plain.replace(mark, "")
    words = _WORDS.findall(plain.replace("_", " "))
    starts, at = [], 0
    for word in words:
        starts.append(at)
        at += len(word)
    return Folded("".join(words), frozenset(starts))


@lru_cache(maxsize=4096)
def variants(heading: str) -> tuple[Folded, ...]:
    """A heading as a whole, each of its parts (its languages, its lines), and each without brackets and without years."""
    flat = re.sub(r"(?<=\w)-\s*\n\s*", "", heading.strip())
    texts = [flat, *_PARTS.split(flat)]
    texts += [re.sub(r"\([^)]{0,200}\)|\[[^\]]{0,200}\]", " ", text) for text in texts]
    texts += [plain for text in texts if (plain := _YEARS.sub(" ", text)) != text]
    texts += [plain for text in texts if (plain := _CURRENCY.sub("", text)) != text]
    # "Beguenstigter", "stoette": umlauts written out
    texts += [plain for text in texts if (plain := re.sub(r"(?i)(?<=[aou])e(?=[^aeiou\W])", "", text)) != text]
    return tuple(dict.fromkeys(folded for text in texts if (folded := fold(text)).text))


@dataclass(frozen=True, slots=True)
class Term:
    """What the headings of one role say: whole headings, beginnings of words, parts of words, words in any order, and what rules
    the role out."""

    role: str
    kind: str
    whole: frozenset[str]
    weak: frozenset[str]
    """Whole headings that another role may have as well: any other heading of this role comes before them."""
    words: tuple[str, ...]
    parts: tuple[str, ...]
    together: tuple[tuple[str, ...], ...]
    excluded: tuple[Folded, ...]
    excluded_inside: tuple[str, ...]
    """Words that rule the role out anywhere in a heading, in brackets too."""

    def score(self, heading: str) -> float:
        """How well a heading names this role: 1 for its very words, 0 for nothing of it."""
        forms = variants(heading)
        if not forms:
            return 0.0
        at = next((n for n, form in enumerate(forms) if form.text in self.whole), None)
        if any(word in forms[0].text for word in self.excluded_inside):
            return 0.0
        if at is not None:
            # "Cost" comes before "Cost (old)"; of a heading in two languages the first is the list's own, and comes first
            return 1.0 if at == 0 else 0.99 if at == 1 else 0.98
        if forms[0].text in self.weak:
            return 0.7
        if self.rules_out(heading):
            return 0.0
        return max((self._score(form) for form in forms), default=0.0)

    def rules_out(self, heading: str) -> bool:
        """Whether a heading holds a word that no heading of this role holds."""
        forms = variants(heading)[:1]
        return any(_begins(form, word.text) for form in forms for word in self.excluded) or any(
            word in form.text for form in forms for word in self.excluded_inside
        )

    def _score(self, form: Folded) -> float:
        text = form.text
        longest = max((len(w) for w in self.words if w in text and _begins(form, w)), default=0)
        longest = max(longest, max((len(p) for p in self.parts if p in text), default=0))
        near = (words for words in self.together if words[0] in text)
        all_there = (sum(map(len, words)) for words in near if all(_begins(form, w) for w in words))
        longest = max(longest, max(all_there, default=0))
        return 0.5 + 0.45 * longest / len(text) if longest else 0.0


def _begins(form: Folded, word: str) -> bool:
    """Whether a word of the heading begins so; short words must be whole ("fin" is not "finance")."""
    at = form.text.find(word)
    while at >= 0:
        if at in form.starts and (
            len(word) > _SHORT or at + len(word) in form.starts or at + len(word) == len(form.text)
        ):
            return True
        at = form.text.find(word, at + 1)
    return False


def _term(role: str, table: dict[str, object]) -> Term:
    phrases = [str(p) for p in table["phrases"]]  # type: ignore[attr-defined]
    plain = [fold(p).text for p in phrases if p[0] not in "=~&?"]
    whole = frozenset([*plain, *(fold(p[1:]).text for p in phrases if p[0] == "=")])
    parts = tuple(fold(p[1:]).text for p in phrases if p[0] == "~")
    said = [p[1:] for p in phrases if p[0] == "&"]
    # "ERDF grant" and "Zuwendung EFRE": two words on money may stand in either order
    said += [p for p in phrases if table["kind"] == "amount" and p[0] not in "=~&?" and p.count(" ") == 1]
    together = tuple(tuple(fold(word).text for word in p.split()) for p in said)
    weak = frozenset(fold(p[1:]).text for p in phrases if p[0] == "?")
    ruled_out = [str(p) for p in table.get("not", [])]  # type: ignore[attr-defined]
    excluded = tuple(fold(p) for p in ruled_out if p[0] != "~")
    inside = tuple(fold(p[1:]).text for p in ruled_out if p[0] == "~")
    begins = tuple(p for p in plain if len(p) > 2)
    return Term(role, str(table["kind"]), whole, weak, begins, parts, together, excluded, inside)


@lru_cache(maxsize=1)
def lexicon() -> tuple[Term, ...]:
    """The words of headings for every role, from the shipped file."""
    with LEXICON.open("rb") as file:
        return tuple(_term(role, table) for role, table in tomllib.load(file).items())


@lru_cache(maxsize=4096)
def roles(heading: str) -> tuple[tuple[float, Term], ...]:
    """The roles a heading may name, best first; a heading with a typing error scores below one without."""
    scored = [(score, term) for term in lexicon() if (score := term.score(heading)) > 0]
    union = words()["senses"]["union"]["roles"]
    if not scored and union in _turns(heading):
        # "Fördermittel ESF": the word for a grant beside the name of a fund
        plain, _ = without_funds(heading)
        scored = [(score, term) for term in lexicon() if term.role in union and (score := term.score(plain)) > 0]
    if not scored or max(score for score, _ in scored) < _CLEAR:
        scored += [(score, term) for term in lexicon() if (score := _alike(heading, term)) > 0]
    if _PERCENT.search(heading):
        # "EU contribution in %" is the rate, not the amount
        rate = next(term for term in lexicon() if term.kind == "percent")
        scored = [(score, rate if term.role == "money.granted.eu" else term) for score, term in scored]
        scored = [(score, term) for score, term in scored if term.kind != "amount"]
    for turned in _turns(heading):
        # costs that are not eligible are neither the eligible nor all: "*" → ""
        pairs = ((score, term, turned.get(term.role, turned.get("*", term.role))) for score, term in scored)
        scored = [(score, _turn(term, role, heading)) for score, term, role in pairs if role or term.kind != "amount"]
    return tuple(sorted(scored, key=lambda pair: -pair[0]))


def _turn(term: Term, role: str, heading: str) -> Term:
    """The term of another role, where nothing in the heading rules that role out."""
    other = next((one for one in lexicon() if one.role == role), term)
    return term if other.rules_out(heading) else other


def _turns(heading: str) -> list[Mapping[str, str]]:
    """What words of a heading make of the roles its other words name: a grant that is "paid" or "national" is of another kind."""
    heading = re.sub(r"\+(?=\w)", " ", heading)
    form = fold(heading)
    said = {name for name, begins, _, _ in _senses() if any(_begins(form, begin) for begin in begins)}
    if fund_of(heading) or _UNION.search(heading):
        said.add("union")
    return [turned for name, _, unless, turned in _senses() if name in said and not said & unless]


@lru_cache(maxsize=1)
def _senses() -> tuple[tuple[str, tuple[str, ...], frozenset[str], Mapping[str, str]], ...]:
    return tuple(
        (name, tuple(fold(word).text for word in sense["words"]), frozenset(sense.get("unless", ())), sense["roles"])
        for name, sense in words()["senses"].items()
    )


_UNION = re.compile(r"\b(?:EU|E\.U\.|UE|ES|Union\w*)\b")
_CLEAR, _LIKE, _LONG_ENOUGH = 0.6, 90.0, 8


@lru_cache(maxsize=1)
def _whole() -> dict[str, str]:
    """Every phrase long enough to be known with a typing error → its role."""
    return {phrase: term.role for term in lexicon() for phrase in term.whole if len(phrase) >= _LONG_ENOUGH}


@lru_cache(maxsize=4096)
def likeness(heading: str) -> tuple[str, float, str] | None:
    """The phrase that a heading is most like, how like it is (0 to 100), and its role; None where it is like none.

    >>> likeness("Name of beneficary")[2]
    'beneficiary'
    """
    best: tuple[str, float, str] | None = None
    for form in variants(heading):
        if len(form.text) >= _LONG_ENOUGH:
            match = process.extractOne(form.text, _whole().keys(), scorer=fuzz.ratio, score_cutoff=_LIKE)
            if match and (best is None or match[1] > best[1]):
                best = (match[0], match[1], _whole()[match[0]])
    return best


def _alike(heading: str, term: Term) -> float:
    like = likeness(heading)
    return 0.6 + (like[1] - _LIKE) / 100 if like and like[2] == term.role and not term.rules_out(heading) else 0.0


_MOST = 1000
"""Cells of a row that are looked at: no table may have more columns."""


def recognised(cells: Iterable[str]) -> int:
    """How many cells of a row read like headings of a list of operations."""
    return sum(
        bool(scored and scored[0][0] >= _CLEAR)
        for cell in islice(cells, _MOST)
        if 0 < len(cell) < 400
        for scored in [roles(cell)]
    )


_DATA = re.compile(r"\s*+[€$£]?\s*+[-+]?\d[\d\s.,/%:-]*+(€|EUR|%|zł|Kč)?\s*")


def like_headings(cells: Sequence[str]) -> bool:
    """Whether a row holds words only, different ones, as headings do."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    words = [cell for cell in filled if not _DATA.fullmatch(cell)]
    return len(filled) >= 2 and len(words) * 10 >= 9 * len(filled) and len(set(filled)) * 10 >= 8 * len(filled)
