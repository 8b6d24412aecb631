"""Names as text: the words they are made of (``words.toml``), slugs for IRIs, and the repair of what extraction did to a name."""

import hashlib
import re
import unicodedata

import msgspec

from loaders.data import beside


class Head(msgspec.Struct, frozen=True):
    """A noun that says what kind of organisation a name is of.

    ``stems`` are what its case forms begin with (``keskus`` inflects on ``keskukse-``); ``kind`` is a notation of
    ``code/organisation-type/`` where the noun alone decides it; ``implies`` are the legal forms it already says, so that
    a name with and without one of them is the same name (``säätiö`` and ``säätiö sr``). One that stands ``alone`` is no
    part of a compound: ``Simon kunta`` is a municipality, ``Satakunta`` is not.
    """

    word: str
    stems: tuple[str, ...]
    kind: str | None = None
    implies: frozenset[str] = frozenset()
    alone: bool = False


class _Words(msgspec.Struct, forbid_unknown_fields=True):
    """The file; its comments say what each list is."""

    legal_forms: dict[str, str]
    form_kinds: dict[str, str]
    double_forms: frozenset[tuple[str, str]]
    heads: tuple[Head, ...]
    english_heads: tuple[tuple[str, str], ...]
    leading: frozenset[str]
    conjunctions: tuple[str, ...]
    joiners: tuple[str, ...]
    project_nouns: tuple[str, ...]
    prepositions: tuple[str, ...]
    swedish_prepositions: tuple[str, ...]
    parts: tuple[str, ...]
    centres: tuple[tuple[str, str], ...]
    short_parts: frozenset[str]
    modifiers: frozenset[str]
    abbreviations: tuple[tuple[str, str], ...]
    translations: dict[str, tuple[str, ...]]
    units: tuple[str, ...]
    plurals: tuple[tuple[str, str], ...]
    swedish_plurals: tuple[tuple[str, str], ...]
    plurals_before: tuple[tuple[str, str], ...]


WORDS = msgspec.convert(beside(__file__, "words.toml"), _Words)

_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "œ": "oe", "ı": "i"})
_BETWEEN, _DASHES = re.compile(r"[\W_]+"), re.compile("-+")
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")
_SOFT_HYPHEN = re.compile("\u00ad\\s*")
_HYPHENS = re.compile("[\u2010\u2011]")
_SUSPENDED_SUFFIX = re.compile(r" -[ \t]*\n\s*(?=[^\W\d_A-ZÅÄÖ])")
_BROKEN = re.compile(r"(?P<left>[^\W\d_][\w-]{0,200})-\s+(?P<right>[^\W\d_]\w*)")
_TORN = re.compile(r"-\s")
_DAMAGED = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff\u2010\u2011]|-\\s|\\s\\s|[^\\S ]")
"""What there is to repair, if anything: most names are whole."""
_WORDS = tuple(sorted({stem for head in WORDS.heads for stem in (head.word, *head.stems)}, key=lambda w: (-len(w), w)))


def slug(text: str) -> str:
    """Make the part of an IRI that a name gives: ASCII, lower case, hyphens. The same text gives the same slug for ever."""
    if text.isascii():
        return _BETWEEN.sub("-", text.lower()).strip("-")
    spaced = _BETWEEN.sub("-", text.casefold().translate(_LETTERS))
    plain = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode("ascii").lower()
    plain = _DASHES.sub("-", plain).strip("-")
    # A name of another script leaves nothing (or next to nothing) of itself: its hash stands for it.
    return plain if len(plain) > 1 else "x" + hashlib.sha256(text.encode()).hexdigest()[:12]


def repair(text: str) -> str:
    """Undo what line breaks and PDF extraction did to a name; everything printed on purpose stays.

    >>> repair("Lab-\\nammattikorkeakoulu\\nOy"), repair("Ensi- ja turvakotien liitto r.y")
    ('Lab-ammattikorkeakoulu Oy', 'Ensi- ja turvakotien liitto r.y')
    """
    text = unicodedata.normalize("NFC", text)
    if not _DAMAGED.search(text):
        return text.strip()
    text = _HYPHENS.sub("-", _INVISIBLE.sub("", _SOFT_HYPHEN.sub("", text)))
    text = _SUSPENDED_SUFFIX.sub(" -", text)
    previous = ""
    while previous != text and _TORN.search(text):
        previous, text = text, _BROKEN.sub(_join, text)
    return " ".join(text.split())


def _join(match: re.Match[str]) -> str:
    left, right = match["left"], match["right"]
    if right.casefold() in WORDS.conjunctions:
        # A suspended hyphen belongs to both halves; the blank may be a line break all the same.
        return f"{left}-\u00a0{right}"
    return f"{left}{right}" if _is_one_word(left, right) else f"{left}-{right}"


def _is_one_word(left: str, right: str) -> bool:
    """Tell whether the hyphen only marks the line break (``ammattikorkea-koulu``) or is part of the name (``Lab-…``)."""
    first, second = left.rpartition("-")[2], right
    if second[0].isupper() or first.isupper() or first.casefold() in WORDS.short_parts:
        return False
    low, high = first.casefold(), second.casefold()
    if _falls_inside_a_word(low, high) or low in WORDS.modifiers:
        return True
    # Finnish writes a compound with a hyphen where two equal vowels meet: ravintola-alalla.
    return first[0].islower() and not (low[-1] == high[0] and low[-1] in "aeiouyäö")


def _falls_inside_a_word(left: str, right: str) -> bool:
    for word in _WORDS:
        for cut in range(1, len(word)):
            if left.endswith(word[:cut]) and right.startswith(word[cut:]) and (len(left) == cut or cut > 2):
                return True
    return False
