"""Names as text: slugs for IRIs, and the repair of what extraction did to a name."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from loaders.names.words import WORDS

_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "œ": "oe", "ı": "i"})
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")
_SOFT_HYPHEN = re.compile("\u00ad\\s*")
_HYPHENS = re.compile("[\u2010\u2011]")
_SUSPENDED_SUFFIX = re.compile(r" -[ \t]*\n\s*(?=[^\W\d_A-ZÅÄÖ])")
_BROKEN = re.compile(r"(?P<left>[^\W\d_][\w-]{0,200})-\s+(?P<right>[^\W\d_]\w*)")
_DAMAGED = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff\u2010\u2011]|-\\s|\\s\\s|[^\\S ]")
"""What there is to repair, if anything: most names are whole."""
_WORDS = tuple(sorted({stem for head in WORDS.heads for stem in (head.word, *head.stems)}, key=lambda w: (-len(w), w)))


def slug(text: str) -> str:
    """Make the part of an IRI that a name gives: ASCII, lower case, hyphens. The same text gives the same slug for ever."""
    spaced = re.sub(r"[^\w]+|_", "-", text.casefold().translate(_LETTERS))
    plain = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode("ascii").lower()
    plain = re.sub(r"-+", "-", plain).strip("-")
    # A name of another script leaves nothing (or next to nothing) of itself: its hash stands for it.
    return plain if len(plain) > 1 or text.isascii() else "x" + hashlib.sha256(text.encode()).hexdigest()[:12]


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
    while previous != text:
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
