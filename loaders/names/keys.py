"""When two spellings are one name: legal forms, case forms, abbreviations, the key they are compared by; and what a name says.

Likeness of names, from 0 to 1, proposes; it never decides.
"""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from loaders.names.text import WORDS, Head, repair, slug

_FORM = r"(?:oyj|oy|abp|ab|ltd|r\.?\s?y\.?|r\.?\s?f\.?|s\.?r\.?|r\.?s\.?|osk\.?|anl|ky|kb|tmi|fma|ay)"
_FORM_END = re.compile(
    rf"(?P<rest>(?:.*?[^\s,])??)[\s,]+(?P<forms>{_FORM}(?:[\s,/]+{_FORM}){{0,5}})\.?$", re.IGNORECASE | re.DOTALL
)
_FORM_START = re.compile(r"^(?P<form>oy|ab|tmi)\s+(?P<rest>\S.*)$", re.IGNORECASE | re.DOTALL)
_FORMS = "|".join(map(re.escape, ("oyj", "oy", "abp", "ab", "ltd", "r.y", "ry", "r.f", "rf", "sr", "osk")))
FORM_ENDS = re.compile(rf"(?:\s|^)(?:{_FORMS})\.?$", re.IGNORECASE)
"""A legal form at the end of a name."""
FORM_INSIDE = re.compile(rf"\s(?:{_FORMS})\.?\s*(?:[,;]|\s(?:{'|'.join(WORDS.conjunctions)})\s)", re.IGNORECASE)
"""A legal form within some words: they are two names or more."""
_FORM_CASE = re.compile(rf"(?<=\s)(?P<form>{_FORMS}):\w{{1,4}}$", re.IGNORECASE)
_REMARK = re.compile(r"(?:(?<!\s)\s+)?\((?:[a-zåäö][^()]*|[A-ZÅÄÖ]{2,8})\)$")
_CASES = "n|a|ä|ta|tä|ssa|ssä|sta|stä|lla|llä|lta|ltä|lle|ksi|na|nä|an|än|en|in|on|ön|un|seen|een"
_COLON = re.compile(rf"^(?P<stem>.*[A-ZÅÄÖ]{{2}})(?::[a-zåäö]{{1,5}}|(?<=[A-ZÅÄÖ]{{3}})i?(?:{_CASES}))$")
_INFLECTED = tuple(
    (head, re.compile(rf"(?P<first>.*?)(?:{'|'.join(sorted(head.stems, key=len, reverse=True))})(?:{_CASES})$"))
    for head in WORDS.heads
    if head.word[-1] not in "nt"
)
_HEAD_WORDS = tuple(head.word for head in WORDS.heads)
_HEAD_STEMS = frozenset(stem for head in WORDS.heads for stem in head.stems)
_ANY_INFLECTED = re.compile(
    rf"(?:{'|'.join(sorted({re.escape(stem) for head, _ in _INFLECTED for stem in head.stems}))})(?:{_CASES})$"
)
"""Whether it is worth trying every head-word: most names end with none of them."""
_CENTRES = tuple((re.compile(pattern, re.IGNORECASE), short) for pattern, short in WORDS.centres)
_ABBREVIATIONS = tuple((re.compile(pattern, re.IGNORECASE), words) for pattern, words in WORDS.abbreviations)


class Name(NamedTuple):
    """A name taken apart: what remains without its legal form, and the form in one notation (``oy``, ``ry``, ``sr``…)."""

    base: str
    form: str | None


@lru_cache(maxsize=4096)
def parse(name: str) -> Name:
    """Take the legal form off a repaired name: ``Business Turku Oy Ab`` → ``Business Turku``, ``oy``."""
    name = _REMARK.sub("", name)
    text, forms = name.strip(" .,;"), []
    if match := _FORM_END.match(name.strip(" ,;")):
        text, forms = match["rest"].strip(" ,"), re.split(r"(?<![\s,/])[\s,/]+(?=\w)", _dotless(match["forms"]))
    if match := _FORM_START.match(text):
        text, forms = match["rest"], [*forms, match["form"].casefold()]
    legal_forms = [WORDS.legal_forms[form] for form in forms if form in WORDS.legal_forms]
    return Name(text, legal_forms[-1] if legal_forms else None)


def _dotless(forms: str) -> str:
    return re.sub(r"(?<=\b[a-z])\s(?=[a-z]\b)", "", forms.casefold().replace(".", ""))


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Fold a base name to its matching key: case, dashes and blanks do not tell names apart, letters do."""
    return re.sub(r"[^\w&+/]+", "", _written_out(text).casefold())


def _written_out(text: str) -> str:
    """Write out the abbreviations of registers: ``koul.keskus``, ``kuntayht.``."""
    low = text.casefold()
    if not any(trace in low for trace in (".", "ky", "amk", "kuntayht", "ammattiop", "ammattikork")):
        return text
    for pattern, words in _ABBREVIATIONS:
        text = pattern.sub(words, text)
    return " ".join(text.split())


def head_of(base: str) -> Head | None:
    """Find the head-word a base name ends with (in the nominative), the longest that fits."""
    last = re.split(r"[\s-]", base.casefold())[-1]
    if not last.endswith(_HEAD_WORDS) and last not in _HEAD_STEMS:
        return None
    fitting = [h for h in WORDS.heads if (last == h.word if h.alone else last.endswith(h.word)) or last in h.stems]
    return max(fitting, key=lambda h: len(h.word)) if fitting else None


def leading_head(base: str) -> Head | None:
    """Find the head-word a name begins with: ``Koulutuskuntayhtymä Brahe``, ``Ammattiopisto Spesia``."""
    first = base.casefold().split(maxsplit=1)[0]
    if not first.endswith(_HEAD_WORDS):
        return None
    fitting = [h for h in WORDS.heads if first.endswith(h.word) and (h.kind or h.implies) and not h.alone]
    return max(fitting, key=lambda h: len(h.word)) if fitting else None


def english_head(base: str) -> bool:
    """Tell whether a name ends with an English word for an organisation, or begins with one that wants ``of``.

    The Swedish ones without a head-word count too: ``Region Dalarna``.
    """
    low = base.casefold()
    return low.split(" ")[0] in WORDS.leading or any(
        low.startswith(f"{words} ")
        if words.endswith(" of")
        else (low.endswith(f" {words}") and " in " not in low) or low.startswith(f"{words} of ")
        for words, _ in WORDS.english_heads
    )


def two_languages(name: str) -> tuple[str, str] | None:
    """Take apart one body's Finnish and Swedish names: ``X liitto ry, Förbundet X rf``, the second translating the first."""
    first, mark, second = name.rpartition(", ")
    if not mark:
        first, mark, second = name.rpartition(" - ")
    if not mark or FORM_INSIDE.search(first):
        return None
    ends = (first.casefold().rpartition(" ")[2].replace(".", ""), second.casefold().rpartition(" ")[2].replace(".", ""))
    if ends not in WORDS.double_forms:
        return None
    low_first, low_second = first.casefold(), second.casefold()
    if "svensk" in low_second:  # a body of the Swedish-speaking, with no Finnish name beside its own
        return None
    known = any(
        fi in low_first and any(sv in low_second for sv in swedish) for fi, swedish in WORDS.translations.items()
    )
    return (first, second) if known else None


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """Name an organisation without what its own words imply: ``Lab-ammattikorkeakoulu Oy`` → ``Lab-ammattikorkeakoulu``.

    A legal form that tells two bodies apart stays, in one notation: ``Software Finland ry``.
    """
    name = repair(name)
    if pair := two_languages(name):
        name = pair[0]
    base, form = parse(nominative(_written_out(name)))
    if form is None or not base:
        return base or name
    heads = [head for head in (head_of(base), leading_head(base)) if head]
    return base if any(form in head.implies for head in heads) else f"{base} {form}"


def key(name: str) -> str:
    """Give the normalised key by which two spellings of one name are equal.

    >>> key("Hämeen ammattikorkeakoulu oy") == key("HÄMEEN AMMATTIKORKEAKOULU")
    True
    >>> key("Vihreä Keidas ry") == key("Vihreä Keidas Oy")
    False
    """
    return fold(plain(name))


def identifier(name: str) -> str:
    """Make the key of an organisation that no registry knows: a slug that its spellings share."""
    return slug(plain(name))


@lru_cache(maxsize=4096)
def nominative(name: str) -> str:
    """Bring a name's last word into the nominative by its head-word; a name without a known head-word stays as it is.

    >>> nominative("Keski-Suomen ELY-keskuksen"), nominative("TEM:n"), nominative("Opetushallituksesta")
    ('Keski-Suomen ELY-keskus', 'TEM', 'Opetushallitus')
    """
    if match := _COLON.match(name):
        return match["stem"]
    name = _FORM_CASE.sub(lambda m: m["form"], name)
    start, _, last = name.rpartition(" ")
    low = last.casefold()
    if low.endswith(_HEAD_WORDS) or not _ANY_INFLECTED.search(low):
        return name
    fits = [(head, m["first"]) for head, pattern in _INFLECTED if (m := pattern.match(low))]
    if not fits:
        return name
    head, first = max(fits, key=lambda fit: len(fit[0].word))
    word = last[: len(first)] + _in_the_case_of(last[len(first) :], head.word)
    return f"{start} {word}" if start else word


def _in_the_case_of(original: str, word: str) -> str:
    if original.isupper():
        return word.upper()
    return word.capitalize() if original[:1].isupper() else word


def ely_centre(name: str) -> str:
    """Give the short form of an ELY Centre's name, whatever its length and language; other names come back as they are.

    >>> ely_centre("Hämeen elinkeino-, liikenne- ja ympäristökeskus"), ely_centre("Hämeen ELY")
    ('Hämeen ELY-keskus', 'Hämeen ELY-keskus')
    >>> ely_centre("Mellersta Finlands NTM-central")
    'NTM-centralen i Mellersta Finland'
    """
    low = name.casefold()
    if not any(trace in low for trace in ("ely", "elinkeino", "economic", "närings", "ntm")):
        return name
    for pattern, short in _CENTRES:
        name = pattern.sub(short, name)
    return name


_ELY_NAME = re.compile(r"\bely-?\s?(?:keskus|centre)$|^ntm-centralen")
_ENGLISH = re.compile("|".join(rf"\b{phrase}\b" for phrase, _ in WORDS.english_heads))
_ENGLISH_KINDS = tuple((re.compile(rf"\b{phrase}\b"), kind) for phrase, kind in WORDS.english_heads if kind)


def kind_by_form(name: str, areas: Collection[str] = ()) -> str | None:
    """Tell the organisation type (notation of ``code/organisation-type/``) from the name's own words, or None.

    ``areas`` are the folded genitives of regions: ``Pohjois-Savon liitto`` is a regional council, ``Nuorten liitto`` is not.
    """
    base, form = parse(nominative(ely_centre(repair(name))))
    if not base:
        return None
    if _ELY_NAME.search(base.casefold()):
        return "ely-centre"
    if head := head_of(base):
        if head.word == "liitto" and form is None and fold(base.rpartition(" ")[0]) in areas:
            return "regional-council"
        if head.kind in ("state-agency", None):
            # A legal form outweighs a vague noun: "… laitos Oy" is a company, not an agency.
            return WORDS.form_kinds.get(form or "", head.kind)
        return head.kind
    leading, low = leading_head(base), base.casefold()
    english = (
        next((kind for phrase, kind in _ENGLISH_KINDS if phrase.search(low)), None) if _ENGLISH.search(low) else None
    )
    return (leading.kind if leading else None) or english or WORDS.form_kinds.get(form or "")


class Spelling(NamedTuple):
    """Letter triples of a whole name, and of what is left of it without its legal form and head-word."""

    whole: frozenset[str]
    own: frozenset[str]


@lru_cache(maxsize=4096)
def spelling(name: str) -> Spelling:
    """Take a name apart for comparing."""
    base = parse(name).base
    head = head_of(base) if base else None
    without_head = base[: -len(head.word)].rstrip(" -") if head and base.casefold().endswith(head.word) else base
    return Spelling(_triples(base), _triples(without_head if len(without_head) > 2 else base))


def likeness(one: str, other: str, least: float = 0.0) -> float:
    """Names are alike if they are as a whole and in what sets each apart from others of its kind; 0 where surely below ``least``.

    >>> likeness("Turun yliopisto", "Turun yliopisto oy"), likeness("Turun yliopisto", "Oulun yliopisto") < 0.6
    (1.0, True)
    """
    first, second = spelling(one), spelling(other)
    whole = _dice(first.whole, second.whole)
    return (whole + _dice(first.own, second.own)) / 2 if whole >= 2 * least - 1 else 0.0


def _triples(name: str) -> frozenset[str]:
    text = f"  {fold(name)} "
    return frozenset(text[i : i + 3] for i in range(len(text) - 2))


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))
